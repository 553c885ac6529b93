use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{LongText, Ref};
use kernel::register::indicator::{DutySpec, Every, Filter, IndicatorSpec, Measure, duty, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, said};
use people::roles::{CLASS_TEACHER, DEPARTMENT_HEAD, HEALTH_OFFICE, SAFETY_OFFICE, STUDENT_OFFICE};
use people::{Staff, Unit, UnitKind};

choice!(
    /// 检查时段
    HealthCheck {
        Morning = "morning" "晨检",
        Noon = "noon" "午检",
        Evening = "evening" "晚检",
    }
);

/// 晨午检日报：各系部每天把各班晨午检情况汇总上报，没有异常也报（零报告）。因病缺课的学生另在“因病缺课登记”逐人登记。
#[derive(Clone, Debug, Register)]
#[register(
    id = "health_report",
    title = "晨午检日报",
    group = "logistics",
    systems = "F6",
    label = "department, reported_on",
    date = "reported_on",
    within = "department",
    owner = "reporter",
    unique = "department, reported_on, session"
)]
pub struct HealthReport {
    #[field(label = "日期", list, filter)]
    pub reported_on: NaiveDate,
    #[field(label = "检查时段", list, filter)]
    pub session: HealthCheck,
    #[field(label = "系部", list, filter)]
    pub department: Ref<Unit>,
    #[field(label = "应检人数", list, max = 20000)]
    pub expected: i64,
    #[field(label = "实检人数", list, max = 20000)]
    pub checked: i64,
    #[field(label = "因病缺课人数", list, max = 20000)]
    pub sick: i64,
    #[field(label = "发热", max = 20000, help = "体温37.3℃及以上")]
    pub fever: i64,
    #[field(label = "咳嗽咽痛", max = 20000)]
    pub cough: i64,
    #[field(label = "呕吐腹泻", max = 20000)]
    pub vomiting: i64,
    #[field(label = "皮疹", max = 20000)]
    pub rash: i64,
    #[field(label = "其他症状", max = 20000)]
    pub other: i64,
    #[field(label = "异常合计", list, help = "由各症状得出，不用填")]
    pub abnormal: Option<i64>,
    #[field(label = "处置情况", max = 500, help = "有异常的写明隔离、通知家长、就医情况")]
    pub handling: Option<LongText>,
    #[field(label = "上报人", list)]
    pub reporter: Ref<Staff>,
}

impl HealthReport {
    fn sum(&self) -> i64 {
        self.fever + self.cough + self.vomiting + self.rash + self.other
    }

    /// Whether one symptom is seen in as many as call for a report to the centre for disease control.
    fn clustered(&self) -> bool {
        [self.fever, self.cough, self.vomiting, self.rash]
            .into_iter()
            .any(|count| count >= CLUSTER)
    }
}

/// 《学校和托幼机构传染病疫情报告工作规范（试行）》: three with like symptoms in one class or dormitory within a day are
/// reported within 24 hours.
const CLUSTER: i64 = 3;

impl Rules for HealthReport {
    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "health_report_day",
                "晨午检零报告",
                1,
                Every::Day,
                Unit::each(UnitKind::Department),
                Filter::all(),
            )
            .also(&["晨午检", "晨检", "每日零报告", "日报告零报告"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let sum = |id, title, formula, field: &str| {
            indicator(
                id,
                title,
                formula,
                "人次",
                Measure::Sum {
                    of: Filter::all(),
                    field: field.into(),
                },
            )
        };
        vec![
            sum(
                "health_report_sick",
                "因病缺课人次",
                "日报中因病缺课人数合计",
                "sick",
            ),
            sum(
                "health_report_abnormal",
                "晨午检异常人次",
                "日报中异常合计之和",
                "abnormal",
            ),
            sum(
                "health_report_checked",
                "晨午检人次",
                "日报中实检人数合计",
                "checked",
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(HEALTH_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(CLASS_TEACHER, Reach::Own),
            may_read(STUDENT_OFFICE, Reach::School),
            may_read(SAFETY_OFFICE, Reach::School),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            list_form(
                "day",
                "学校晨午检日报表",
                &[
                    "department",
                    "session",
                    "expected",
                    "checked",
                    "sick",
                    "fever",
                    "cough",
                    "vomiting",
                    "rash",
                    "abnormal",
                ],
                &["上报人签名"],
            )
            .by("reported_on"),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["abnormal"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.abnormal = Some(self.sum());
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.reported_on, ctx.today, "reported_on")
            .refuse(self.expected == 0, "expected", "应检人数应大于0")
            .refuse(
                self.checked + self.sick > self.expected,
                "checked",
                "实检人数与因病缺课人数之和不能超过应检人数",
            )
            .refuse(
                self.sum() > 0 && !said(&self.handling),
                "handling",
                "有异常的，请写明处置情况",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                self.clustered(),
                "handling",
                "同一症状达到3人，请核对是否在同一班级或宿舍；是的须在24小时内报告疾控机构和教育主管部门",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> HealthReport {
        HealthReport {
            reported_on: test_day(),
            session: HealthCheck::Morning,
            department: Ref::new(Uuid::nil()),
            expected: 400,
            checked: 395,
            sick: 3,
            fever: 0,
            cough: 0,
            vomiting: 0,
            rash: 0,
            other: 0,
            abnormal: None,
            handling: None,
            reporter: Ref::new(Uuid::nil()),
        }
    }

    #[test]
    fn nothing_found_is_reported_too_and_what_was_found_is_handled() {
        assert!(refused(&sample()).is_empty());
        let many = HealthReport { sick: 6, ..sample() };
        assert_eq!(refused(&many), ["checked"]);
        let ill = HealthReport {
            vomiting: 3,
            ..sample()
        };
        assert_eq!(refused(&ill), ["handling"]);
        assert_eq!(doubted(&ill), ["handling"]);
        assert!(doubted(&HealthReport { vomiting: 2, ..ill }).is_empty());
    }

    #[test]
    fn symptoms_are_added_up() {
        let mut report = HealthReport {
            fever: 1,
            rash: 1,
            ..sample()
        };
        report.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        assert_eq!(report.abnormal, Some(2));
    }
}
