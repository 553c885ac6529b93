use super::StudentLeave;
use crate::terms::{school_year, term};
use chrono::NaiveDate;
use kernel::error::Violation;
use kernel::register::field::{Code, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{CLASS_TEACHER, DEPARTMENT_HEAD, IT_CENTER, STUDENT_OFFICE, TEACHER, TEACHING_OFFICE};
use people::{Staff, Student};

/// 学生缺勤：任课教师点名或考勤设备发现的缺勤，班主任当天核实原因。只记缺勤的学生，出勤的不用填。
#[derive(Clone, Debug, Register)]
#[register(
    id = "student_absence",
    title = "学生缺勤",
    group = "student",
    systems = "D5",
    label = "student, absent_on",
    date = "absent_on",
    due = "absent_on",
    within = "student",
    owner = "noted_by"
)]
pub struct StudentAbsence {
    #[field(label = "学生", list, dataset = "T38.XH:number")]
    pub student: Ref<Student>,
    #[field(label = "缺勤日期", list, filter, dataset = "T38.QQRQ")]
    pub absent_on: NaiveDate,
    #[field(label = "缺勤类型", list, filter, code = "QQLXDM", dataset = "T38.QQLX")]
    pub kind: Code,
    #[field(label = "起始节次", max = 12)]
    pub period: i64,
    #[field(label = "缺勤节数", list, max = 12, help = "迟到早退按1节登记")]
    pub periods: i64,
    #[field(label = "考勤类型", filter, code = "KQLXDM", dataset = "T38.KQLX")]
    pub way: Code,
    #[field(label = "考勤教师", list)]
    pub noted_by: Ref<Staff>,
    #[field(label = "关联请假", help = "有假条的选择")]
    pub leave: Option<Ref<StudentLeave>>,
    #[field(label = "缺勤原因", max = 150, dataset = "T38.QQYY")]
    pub reason: Option<String>,
    #[field(label = "告知监护人日期", help = "旷课的须及时联系")]
    pub guardian_told_on: Option<NaiveDate>,
    #[field(label = "学年", max = 9, dataset = "T38.KKXND", help = "自动填写")]
    pub school_year: Option<String>,
    #[field(
        label = "学期",
        filter,
        code = "XQDM",
        dataset = "T38.KKXQM",
        help = "自动填写"
    )]
    pub term: Option<Code>,
    #[field(label = "核实人", dataset = "T38.SPR:number")]
    pub confirmed_by: Option<Ref<Staff>>,
    #[field(label = "核实日期", dataset = "T38.SPSJ", help = "不填为当天")]
    pub confirmed_on: Option<NaiveDate>,
}

/// 旷课 in the code set of absences.
const TRUANCY: &str = "4";

impl Rules for StudentAbsence {
    fn flow() -> Flow {
        let keepers = [Who::Role(CLASS_TEACHER), Who::Role(STUDENT_OFFICE)];
        Flow::starts("待核实")
            .done("已核实")
            .dropped("已更正")
            .step("confirm", "核实", &["待核实"], "已核实", &keepers)
            .needs(&["confirmed_by", "reason"])
            .within_days(1)
            .step("correct", "更正为出勤", &["待核实", "已核实"], "已更正", &keepers)
            .with_note()
            .editable(&["待核实"])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let truancy = || Filter::is("kind", TRUANCY).and("state", Op::Not, "已更正");
        vec![
            indicator(
                "student_absence_truancy",
                "旷课节数",
                "旷课的缺勤节数合计（不含已更正）",
                "节",
                Measure::Sum {
                    of: truancy(),
                    field: "periods".into(),
                },
            )
            .also(&["学生旷课节数"]),
            indicator(
                "student_absence_truants",
                "旷课学生数",
                "有旷课记录的不同学生",
                "人",
                Measure::CountDistinct {
                    of: truancy(),
                    field: "student".into(),
                },
            )
            .also(&["旷课人数"]),
            indicator(
                "student_absence_confirmed",
                "缺勤核实率",
                "已核实 ÷ 登记的缺勤（不含已更正）",
                "%",
                Measure::Share {
                    of: Filter::state("已核实"),
                    among: Filter::all().and("state", Op::Not, "已更正"),
                },
            )
            .also(&["学生考勤核实率"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(STUDENT_OFFICE, Reach::School),
            may_write(TEACHING_OFFICE, Reach::School),
            may_write(CLASS_TEACHER, Reach::Unit),
            may_write(TEACHER, Reach::Own),
            may_write(IT_CENTER, Reach::School),
            may_read(DEPARTMENT_HEAD, Reach::Unit),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["school_year", "term"]
    }

    fn complete(&mut self, ctx: &Ctx) {
        self.school_year = Some(school_year(self.absent_on));
        self.term = Some(term(self.absent_on));
        if self.confirmed_by.is_some() {
            self.confirmed_on = self.confirmed_on.or(Some(ctx.today));
        }
    }

    fn papers() -> Vec<PaperForm> {
        vec![list_form(
            "list",
            "学生缺勤登记表",
            &["student", "absent_on", "kind", "periods", "noted_by", "reason"],
            &["班主任签名"],
        )]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.absent_on, ctx.today, "absent_on")
            .refuse(self.periods == 0, "periods", "缺勤节数应大于0")
            .refuse(
                self.kind.0 == TRUANCY && self.leave.is_some(),
                "leave",
                "有假条的不是旷课，请核对缺勤类型",
            )
            .in_order(
                self.absent_on,
                self.confirmed_on,
                "confirmed_on",
                "核实日期不能早于缺勤日期",
            )
            .in_order(
                self.absent_on,
                self.guardian_told_on,
                "guardian_told_on",
                "告知监护人日期不能早于缺勤日期",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        // 预防未成年人犯罪法第三十四条: the school gets in touch with the parents of truants in time.
        Checks::new()
            .refuse(
                self.kind.0 == TRUANCY && self.guardian_told_on.is_none(),
                "guardian_told_on",
                "旷课须及时联系监护人",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{day, some};
    use people::sound::{doubted, refused};

    #[test]
    fn truancy_has_no_leave_and_is_told_at_home() {
        let sample = || StudentAbsence {
            student: some(),
            absent_on: day(-1),
            kind: Code(TRUANCY.into()),
            period: 5,
            periods: 2,
            way: Code("1".into()),
            noted_by: some(),
            leave: None,
            reason: None,
            guardian_told_on: Some(day(-1)),
            school_year: None,
            term: None,
            confirmed_by: Some(some()),
            confirmed_on: None,
        };
        assert!(refused(&sample()).is_empty() && doubted(&sample()).is_empty());
        assert_eq!(
            refused(&StudentAbsence {
                leave: Some(some()),
                ..sample()
            }),
            ["leave"]
        );
        assert_eq!(
            refused(&StudentAbsence {
                periods: 0,
                ..sample()
            }),
            ["periods"]
        );
        assert_eq!(
            refused(&StudentAbsence {
                absent_on: day(1),
                guardian_told_on: None,
                ..sample()
            }),
            ["absent_on"]
        );
        assert_eq!(
            doubted(&StudentAbsence {
                guardian_told_on: None,
                ..sample()
            }),
            ["guardian_told_on"]
        );
        let mut record = sample();
        record.complete(&Ctx {
            today: day(0),
            new: false,
        });
        assert_eq!(record.confirmed_on, Some(day(0)));
        assert_eq!(record.school_year.as_deref(), Some("2025-2026"));
    }
}
