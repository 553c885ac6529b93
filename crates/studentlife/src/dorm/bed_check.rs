use super::DormRoom;
use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use kernel::error::Violation;
use kernel::register::field::{Code, LongText, Ref};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, said};
use people::roles::{CLASS_TEACHER, DEPARTMENT_HEAD, DORM_KEEPER, IT_CENTER, SAFETY_OFFICE, STUDENT_OFFICE};
use people::{Staff, Student};

/// 查寝明细：学生当晚的在寝状态。手工只登记未归、请假和其他异常；宿舍门禁等设备接入的逐人导入。由宿舍管理员登记，班主任可见本班。
#[derive(Clone, Debug, Register)]
#[register(
    id = "bed_check",
    title = "查寝明细",
    group = "student",
    systems = "D14",
    label = "student, checked_on",
    unique = "student, checked_at",
    date = "checked_on",
    within = "student",
    owner = "checker"
)]
pub struct BedCheck {
    #[field(label = "学生", list, dataset = "T40.XH:number, T40.BJMC:class")]
    pub student: Ref<Student>,
    #[field(label = "宿舍", list, filter, dataset = "T40.SSBH:number")]
    pub room: Ref<DormRoom>,
    #[field(label = "查寝时间", list, dataset = "T40.CQSJ")]
    pub checked_at: DateTime<Utc>,
    #[field(label = "查寝日期", filter, help = "按查寝时间自动填写")]
    pub checked_on: Option<NaiveDate>,
    #[field(label = "查寝人", list, dataset = "T40.CQR:number")]
    pub checker: Ref<Staff>,
    #[field(label = "在寝状态", list, filter, code = "ZQZTDM", dataset = "T40.ZQZT")]
    pub presence: Code,
    #[field(
        label = "情况说明",
        max = 500,
        dataset = "T40.QKSM",
        help = "未归的写明去向和联系结果"
    )]
    pub remark: Option<LongText>,
    #[field(label = "告知监护人时间", help = "未归的当即告知")]
    pub guardian_told_at: Option<DateTime<Utc>>,
    #[field(label = "返回时间")]
    pub back_at: Option<DateTime<Utc>>,
}

/// 未归 in the code set of dataset 40.
const MISSING: &str = "2";

/// The day in Shanghai.
fn local_day(at: DateTime<Utc>) -> Option<NaiveDate> {
    FixedOffset::east_opt(8 * 3600).map(|zone| at.with_timezone(&zone).date_naive())
}

impl Rules for BedCheck {
    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "bed_check_missing",
                "未归学生数",
                "在寝状态为未归的不同学生",
                "人",
                Measure::CountDistinct {
                    of: Filter::is("presence", MISSING),
                    field: "student".into(),
                },
            )
            .also(&["夜不归宿学生数"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(DORM_KEEPER, Reach::School),
            may_write(STUDENT_OFFICE, Reach::School),
            may_write(IT_CENTER, Reach::School),
            may_read(CLASS_TEACHER, Reach::Unit),
            may_read(DEPARTMENT_HEAD, Reach::Unit),
            may_read(SAFETY_OFFICE, Reach::School),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["checked_on"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.checked_on = local_day(self.checked_at);
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            list_form(
                "list",
                "查寝情况通报",
                &["student", "room", "checked_at", "presence", "remark"],
                &["班主任签名"],
            )
            .by("checked_on"),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(local_day(self.checked_at), ctx.today, "checked_at")
            .refuse(
                self.presence.0 == MISSING && !said(&self.remark),
                "remark",
                "未归的请写明去向和联系结果",
            )
            .refuse(
                self.back_at.is_some_and(|back| back < self.checked_at),
                "back_at",
                "返回时间不能早于查寝时间",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                self.presence.0 == MISSING && self.guardian_told_at.is_none(),
                "guardian_told_at",
                "学生未归须当即告知监护人，必要时报告公安机关",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use people::sound::{some, text};

    #[test]
    fn a_missing_pupil_is_accounted_for() {
        let at = |hour: i64| {
            let midnight = test_day().and_hms_opt(0, 0, 0).expect("an hour").and_utc();
            midnight + chrono::Duration::hours(hour)
        };
        let sample = || BedCheck {
            student: some(),
            room: some(),
            checked_at: at(14),
            checked_on: None,
            checker: some(),
            presence: Code(MISSING.into()),
            remark: text("联系监护人，已在家中"),
            guardian_told_at: Some(at(14)),
            back_at: None,
        };
        assert!(refused(&sample()).is_empty() && doubted(&sample()).is_empty());
        assert_eq!(
            refused(&BedCheck {
                remark: None,
                ..sample()
            }),
            ["remark"]
        );
        assert_eq!(
            refused(&BedCheck {
                back_at: Some(at(13)),
                ..sample()
            }),
            ["back_at"]
        );
        assert_eq!(
            doubted(&BedCheck {
                guardian_told_at: None,
                ..sample()
            }),
            ["guardian_told_at"]
        );
        // 17:00 in Greenwich is one in the morning of the next day in Shanghai.
        let mut late = BedCheck {
            checked_at: at(17),
            ..sample()
        };
        late.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        assert_eq!(late.checked_on, test_day().succ_opt());
        assert_eq!(refused(&late), ["checked_at"]);
    }
}
