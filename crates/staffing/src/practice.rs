use crate::who::{each_staff, self_filed, vocational};
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::apart::{Apart, apart};
use kernel::register::field::{Decimal, Files, LongText, Ref};
use kernel::register::flow::{Flow, Guard, Stage, WITHDRAWN, Who};
use kernel::register::indicator::{DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx, Reach, may_read};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::Checks;
use people::roles::{COOPERATION_OFFICE, DEPARTMENT_HEAD, PERSONNEL};

choice!(
    /// 实践形式 (教师〔2016〕3号: 考察观摩、接受培训、上岗操作、兼职任职、产品研发等)
    PracticeMode {
        Post = "post" "上岗操作",
        Training = "training" "接受企业培训",
        Research = "research" "参与技术研发",
        PartTime = "part_time" "兼职任职",
        Visit = "visit" "考察观摩",
    }
);

choice!(
    /// 考核等次
    PracticeResult {
        Excellent = "excellent" "优秀",
        Good = "good" "良好",
        Passed = "passed" "合格",
        Failed = "failed" "不合格",
    }
);

/// Months, in tenths, in five years (教师〔2016〕3号 第四条).
const FIVE_YEARS: i64 = 60;
/// Days a year (国发〔2019〕4号: 每年至少1个月).
const YEARLY_DAYS: i64 = 30;

/// 教师企业实践：专业课教师下企业的申请、过程总结和考核，五年累计不少于6个月。由人事处管理，校企合作处联系企业。
#[derive(Clone, Debug, Register)]
#[register(
    id = "enterprise_practice",
    title = "教师企业实践",
    group = "staff",
    systems = "E2",
    label = "teacher, enterprise",
    date = "starts_on",
    due = "ends_on",
    within = "teacher",
    owner = "teacher"
)]
pub struct EnterprisePractice {
    #[field(label = "教师", list)]
    pub teacher: Ref<Staff>,
    #[field(label = "企业名称", list, max = 60, help = "与营业执照一致")]
    pub enterprise: String,
    #[field(label = "实践岗位", list, max = 40)]
    pub post: String,
    #[field(label = "实践形式", list, filter)]
    pub mode: PracticeMode,
    #[field(label = "开始日期", list, filter)]
    pub starts_on: NaiveDate,
    #[field(label = "结束日期", list)]
    pub ends_on: NaiveDate,
    #[field(label = "月数", list, help = "自动计算，30天为一个月")]
    pub months: Option<Decimal<1>>,
    #[field(label = "企业导师", max = 23)]
    pub mentor: String,
    #[field(label = "导师电话", sealed, max = 20)]
    pub mentor_phone: Option<String>,
    #[field(label = "实践任务", max = 500, help = "学什么工艺、带回什么教学资源")]
    pub tasks: LongText,
    #[field(label = "课务安排", max = 300)]
    pub cover: Option<LongText>,
    #[field(label = "实践总结", max = 2000, help = "对照任务写收获，以及怎样用到教学里")]
    pub report: Option<LongText>,
    #[field(label = "转化成果", max = 300, help = "案例、任务单、课程资源等")]
    pub outcome: Option<LongText>,
    #[field(label = "考核等次", list, filter)]
    pub result: Option<PracticeResult>,
    #[field(label = "五年累计月数", help = "含本次，考核时由人事处核定")]
    pub five_years: Option<Decimal<1>>,
    #[field(label = "鉴定材料", help = "企业鉴定表、照片等")]
    pub files: Files,
}

impl EnterprisePractice {
    fn days(&self) -> i64 {
        (self.ends_on - self.starts_on).num_days() + 1
    }
}

impl Rules for EnterprisePractice {
    fn apart() -> Vec<Apart> {
        let message = "这段时间已经安排了企业实践";
        vec![apart(&["teacher"], "starts_on", &["ends_on"], message)]
    }

    fn flow() -> Flow {
        let personnel = || Who::Role(PERSONNEL);
        Flow::approvals(
            &[
                Stage::by("department", "系部", &[Who::Role(DEPARTMENT_HEAD), personnel()]),
                Stage::by(
                    "personnel",
                    "人事处",
                    &[personnel(), Who::Role(COOPERATION_OFFICE)],
                ),
            ],
            "已批准",
        )
        .still_open("已批准")
        .open("待考核")
        .done("考核合格")
        .dropped("考核不合格")
        .step(
            "report",
            "提交总结",
            &["已批准"],
            "待考核",
            &[Who::Creator, personnel()],
        )
        .needs(&["report"])
        .step("accept", "考核", &["待考核"], "考核合格", &[personnel()])
        .needs(&["result", "five_years"])
        .fork(Guard::is("result", "failed"), "考核不合格")
        .within_days(10)
        .signed("考核意见")
        .step("again", "退回补充", &["待考核"], "已批准", &[personnel()])
        .with_note()
    }

    fn duties() -> Vec<DutySpec> {
        let yearly = |id: &str, title: &str, subject: &str| {
            duty(
                id,
                title,
                1,
                Every::Year,
                each_staff("subject", subject),
                Filter::all()
                    .and("state", Op::Not, "未批准")
                    .and("state", Op::Not, WITHDRAWN),
            )
        };
        vec![
            yearly("enterprise_practice_yearly", "专业课教师企业实践", "2").also(&[
                "教师下企业实践",
                "教师企业实践",
                "下企业锻炼",
            ]),
            yearly("enterprise_practice_guides", "实习指导教师企业实践", "3"),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let passed = || Filter::state("考核合格");
        vec![
            indicator(
                "enterprise_practice_rate",
                "教师企业实践率",
                "有考核合格的企业实践的在职专业课教师 ÷ 在职专业课教师",
                "%",
                Measure::Coverage {
                    of: passed(),
                    field: "teacher".into(),
                    all: vocational(),
                },
            )
            .also(&["专业教师下企业实践率", "企业实践覆盖率"]),
            indicator(
                "enterprise_practice_people",
                "下企业实践教师数",
                "考核合格的不同教师",
                "人",
                Measure::CountDistinct {
                    of: passed(),
                    field: "teacher".into(),
                },
            )
            .also(&["企业实践教师人数", "教师下企业人数"]),
            indicator(
                "enterprise_practice_months",
                "企业实践总月数",
                "考核合格的企业实践月数合计",
                "月",
                Measure::Sum {
                    of: passed(),
                    field: "months".into(),
                },
            ),
            indicator(
                "enterprise_practice_six",
                "企业实践达标率",
                "五年累计满6个月的 ÷ 考核合格的企业实践（教师〔2016〕3号）",
                "%",
                Measure::Share {
                    of: passed().and("five_years", Op::AtLeast, FIVE_YEARS),
                    among: passed(),
                },
            )
            .also(&["五年累计六个月企业实践达标率"]),
        ]
    }

    fn access() -> Vec<Access> {
        let mut access = self_filed(&[PERSONNEL]);
        access.push(may_read(COOPERATION_OFFICE, Reach::School).unmasked());
        access
    }

    fn computed() -> &'static [&'static str] {
        &["months"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        let days = self.days();
        self.months = (days > 0).then_some(Decimal((days * 10 + 15) / 30));
    }

    fn service() -> Option<Service> {
        Some(service(
            "教师企业实践申请",
            "人事处",
            "专业课教师每年至少1个月、五年累计不少于6个月；系部和人事处批准，结束后交总结和企业鉴定",
        ))
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("appraisal", "教师企业实践考核鉴定表")
                .fields(&[
                    "teacher",
                    "enterprise",
                    "post",
                    "mode",
                    "starts_on",
                    "ends_on",
                    "months",
                    "mentor",
                    "tasks",
                    "report",
                    "outcome",
                    "result",
                ])
                .approvals()
                .signatures(&["教师", "企业导师", "企业（盖章）", "学校（盖章）"]),
        ]
    }

    fn check(&self, _ctx: &Ctx) -> Vec<Violation> {
        let months = self.months.unwrap_or_default();
        Checks::new()
            .in_order(
                self.starts_on,
                self.ends_on,
                "ends_on",
                "结束日期不能早于开始日期",
            )
            .phone(self.mentor_phone.as_deref(), "mentor_phone")
            .refuse(
                self.five_years
                    .is_some_and(|total| !(months.0..=600).contains(&total.0)),
                "five_years",
                "五年累计月数应不少于本次月数，且不超过60个月",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let short = self.days() > 0 && self.days() < YEARLY_DAYS;
        let late = self.ends_on < ctx.today && !crate::who::says(&self.report);
        Checks::new()
            .refuse(
                short,
                "ends_on",
                "本次不足1个月（国发〔2019〕4号要求每年至少1个月）",
            )
            .refuse(late, "report", "实践已结束，还没有提交总结")
            .refuse(
                self.five_years.is_some_and(|total| total.0 < FIVE_YEARS),
                "five_years",
                "五年累计还不满6个月（教师〔2016〕3号）",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn practice(days: i64) -> EnterprisePractice {
        let mut practice = EnterprisePractice {
            teacher: Ref::new(Uuid::nil()),
            enterprise: "启明精密机械有限公司".into(),
            post: "数控铣工".into(),
            mode: PracticeMode::Post,
            starts_on: test_day(),
            ends_on: test_day() + chrono::Duration::days(days - 1),
            months: None,
            mentor: "孟师傅".into(),
            mentor_phone: None,
            tasks: LongText("学习五轴加工工艺".into()),
            cover: None,
            report: None,
            outcome: None,
            result: None,
            five_years: None,
            files: Files::default(),
        };
        practice.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        practice
    }

    #[test]
    fn months_follow_from_days() {
        assert_eq!(practice(30).months, Some(Decimal(10)));
        assert_eq!(practice(45).months, Some(Decimal(15)));
        assert_eq!(practice(0).months, None);
        assert_eq!(refused(&practice(0)), ["ends_on"]);
    }

    #[test]
    fn a_month_a_year_and_six_in_five_years_are_called_for() {
        assert_eq!(doubted(&practice(29)), ["ends_on"]);
        let total = |tenths| EnterprisePractice {
            five_years: Some(Decimal(tenths)),
            ..practice(30)
        };
        assert_eq!(doubted(&total(59)), ["five_years"]);
        assert!(doubted(&total(60)).is_empty());
        assert_eq!(refused(&total(9)), ["five_years"], "less than this time alone");
    }
}
