use crate::Enterprise;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Money, Ref};
use kernel::register::flow::{Flow, Guard, Stage, Who};
use kernel::register::indicator::{
    DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, indicator, school_wide,
};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, said};
use people::roles::{
    COOPERATION_OFFICE, DEPARTMENT_HEAD, FINANCE, TEACHER, TEACHING_OFFICE, TRAINING_OFFICE, VICE_PRINCIPAL,
};
use people::{Staff, Unit};

choice!(
    /// 培训类别
    TrainingKind {
        Worker = "worker" "企业职工培训",
        Apprentice = "apprentice" "企业新型学徒制",
        Farmer = "farmer" "高素质农民培训",
        Veteran = "veteran" "退役军人培训",
        Migrant = "migrant" "进城务工人员培训",
        Unemployed = "unemployed" "失业人员再就业",
        Start = "start" "创业培训",
        Appraisal = "appraisal" "技能等级考前培训",
        Teacher = "teacher" "师资培训",
        Resident = "resident" "居民技能培训",
    }
);

/// 社会培训项目：面向社会的培训班次，从立项、审批、开班到结业，人数、学时和收入由此统计。由校企合作处管理，系部承办。
#[derive(Clone, Debug, Register)]
#[register(
    id = "social_training",
    title = "社会培训项目",
    group = "partners",
    systems = "H2",
    label = "title",
    key = "number",
    unique = "number",
    date = "starts_on",
    due = "ends_on",
    within = "department",
    owner = "leader"
)]
pub struct SocialTraining {
    #[field(label = "项目编号", list, max = 30, help = "学校自编，如 培2026-07")]
    pub number: String,
    #[field(label = "项目名称", list, max = 80)]
    pub title: String,
    #[field(label = "培训类别", list, filter)]
    pub kind: TrainingKind,
    #[field(
        label = "委托单位",
        list,
        max = 60,
        help = "人社局、农业农村局、企业等；自办的填学校"
    )]
    pub client: String,
    #[field(label = "合作企业")]
    pub enterprise: Option<Ref<Enterprise>>,
    #[field(label = "承办系部", list, filter)]
    pub department: Ref<Unit>,
    #[field(label = "项目负责人", list)]
    pub leader: Ref<Staff>,
    #[field(label = "开班日期", list, filter)]
    pub starts_on: NaiveDate,
    #[field(label = "结业日期", list)]
    pub ends_on: NaiveDate,
    #[field(label = "学时", list, max = 2000)]
    pub hours: i64,
    #[field(label = "计划人数", max = 5000)]
    pub planned: i64,
    #[field(label = "培训内容", max = 500)]
    pub content: LongText,
    #[field(label = "公益培训", filter, help = "不收费的选“是”")]
    pub free: bool,
    #[field(label = "合同金额（元）")]
    pub income: Money,
    #[field(label = "到款金额（元）")]
    pub received: Option<Money>,
    #[field(label = "实际人数", list, max = 5000)]
    pub attended: Option<i64>,
    #[field(label = "人学时", list, help = "实际人数 × 学时")]
    pub person_hours: Option<i64>,
    #[field(label = "结业人数", max = 5000)]
    pub passed: Option<i64>,
    #[field(label = "培训总结", max = 500)]
    pub summary: Option<LongText>,
    #[field(label = "方案与签到材料")]
    pub files: Files,
}

impl Rules for SocialTraining {
    fn flow() -> Flow {
        let office = || Who::Role(COOPERATION_OFFICE);
        let leader = [Who::Field("leader".into()), office()];
        Flow::approvals(
            &[
                Stage::by("department", "系部", &[Who::Role(DEPARTMENT_HEAD), office()]),
                Stage::by("cooperation", "校企合作处", &[office()]),
                Stage::by("finance", "财务处", &[Who::Role(FINANCE)]).when(Guard::above("income", 0)),
                // 校长办公会议定的额度以上由分管校长审批；五万元。
                Stage::by("principal", "分管校长", &[Who::Role(VICE_PRINCIPAL)])
                    .when(Guard::above("income", 5_000_000)),
            ],
            "待开班",
        )
        .still_open("待开班")
        .open("培训中")
        .done("已结业")
        .dropped("已取消")
        .step("open", "开班", &["待开班"], "培训中", &leader)
        .needs(&["attended"])
        .step("finish", "结业", &["培训中"], "已结业", &leader)
        .needs(&["passed", "summary"])
        .step("cancel", "取消", &["待开班"], "已取消", &[office()])
        .with_note()
    }

    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "social_training_term",
                "开展社会培训",
                1,
                Every::Term,
                school_wide(),
                Filter::all(),
            )
            .also(&["社会培训服务", "面向社会开展培训"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let held = || Filter::all().and("attended", Op::AtLeast, 1i64);
        let sum = |of, field: &str| Measure::Sum {
            of,
            field: field.into(),
        };
        vec![
            indicator(
                "social_trainings",
                "社会培训项目数",
                "已开班的社会培训项目",
                "个",
                Measure::Count { of: held() },
            )
            .also(&["社会培训班次", "开展社会培训项目"]),
            indicator(
                "social_training_persons",
                "社会培训人次",
                "已开班项目的实际人数合计",
                "人次",
                sum(held(), "attended"),
            )
            .also(&["社会培训人数", "开展社会培训", "职业培训人次"]),
            indicator(
                "social_training_hours",
                "社会培训人学时",
                "实际人数 × 学时的合计",
                "人学时",
                sum(held(), "person_hours"),
            )
            .also(&["社会培训量"]),
            indicator(
                "social_training_income",
                "社会培训到款",
                "到款金额合计",
                "元",
                sum(Filter::all(), "received"),
            )
            .also(&["社会培训收入", "培训到款额"]),
            indicator(
                "social_training_free",
                "公益培训人次",
                "公益培训项目的实际人数合计",
                "人次",
                sum(held().and("free", Op::Is, true), "attended"),
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(COOPERATION_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(TEACHER, Reach::Own),
            may_write(TRAINING_OFFICE, Reach::Own),
            may_read(FINANCE, Reach::School),
            may_read(TEACHING_OFFICE, Reach::School),
        ]
    }

    fn service() -> Option<Service> {
        Some(service(
            "社会培训立项",
            "校企合作处",
            "系部或教师申请，附培训方案；系部和校企合作处各3日内审批，收费的经财务处，5万元以上由分管校长审批",
        ))
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("request", "社会培训项目审批表")
                .fields(&[
                    "number",
                    "title",
                    "kind",
                    "client",
                    "department",
                    "leader",
                    "starts_on",
                    "ends_on",
                    "hours",
                    "planned",
                    "free",
                    "income",
                ])
                .fields(&["content"])
                .approvals(),
            sheet("summary", "社会培训结业报告")
                .fields(&[
                    "title",
                    "starts_on",
                    "ends_on",
                    "hours",
                    "attended",
                    "passed",
                    "person_hours",
                    "received",
                ])
                .fields(&["summary"])
                .signatures(&["项目负责人", "校企合作处"])
                .in_states(&["已结业"]),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["person_hours"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.person_hours = self.attended.map(|persons| persons * self.hours);
    }

    fn check(&self, _ctx: &Ctx) -> Vec<Violation> {
        let negative = |money: Money| money.0 < 0;
        Checks::new()
            .in_order(
                self.starts_on,
                self.ends_on,
                "ends_on",
                "结业日期不能早于开班日期",
            )
            .refuse(self.hours == 0, "hours", "学时应大于0")
            .refuse(self.planned == 0, "planned", "计划人数应大于0")
            .refuse(negative(self.income), "income", "合同金额不能为负数")
            .refuse(
                self.free && self.income.0 > 0,
                "income",
                "公益培训不收费，合同金额应为0",
            )
            .refuse(
                self.received.is_some_and(negative),
                "received",
                "到款金额不能为负数",
            )
            .refuse(
                matches!((self.passed, self.attended), (Some(passed), Some(attended)) if passed > attended),
                "passed",
                "结业人数不能多于实际人数",
            )
            .refuse(
                self.passed.is_some() && self.attended.is_none(),
                "attended",
                "有结业人数，请填写实际人数",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let days = (self.ends_on - self.starts_on).num_days() + 1;
        Checks::new()
            .refuse(
                self.hours > days * 10,
                "hours",
                "平均每天超过10学时，请核对学时或日期",
            )
            .refuse(
                self.ends_on < ctx.today && !said(&self.summary),
                "ends_on",
                "结业日期已过，请填写结业人数和培训总结",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> SocialTraining {
        SocialTraining {
            number: "培2026-07".into(),
            title: "车间班组长能力提升".into(),
            kind: TrainingKind::Worker,
            client: "清岚川拓精密机械有限公司".into(),
            enterprise: None,
            department: Ref::new(Uuid::nil()),
            leader: Ref::new(Uuid::nil()),
            starts_on: test_day(),
            ends_on: test_day() + chrono::Duration::days(4),
            hours: 40,
            planned: 45,
            content: LongText("6S与班组管理".into()),
            free: false,
            income: Money(3_600_000),
            received: None,
            attended: Some(43),
            person_hours: None,
            passed: Some(43),
            summary: None,
            files: Files::default(),
        }
    }

    #[test]
    fn numbers_and_money_agree() {
        assert!(refused(&sample()).is_empty());
        let wrong = |change: fn(&mut SocialTraining)| {
            let mut record = sample();
            change(&mut record);
            refused(&record)
        };
        assert_eq!(wrong(|r| r.passed = Some(44)), ["passed"]);
        assert_eq!(wrong(|r| r.attended = None), ["attended"]);
        assert_eq!(wrong(|r| r.free = true), ["income"]);
        assert_eq!(wrong(|r| r.hours = 0), ["hours"]);
        assert_eq!(
            doubted(&SocialTraining {
                hours: 51,
                ..sample()
            }),
            ["hours"]
        );
    }

    #[test]
    fn who_approves_follows_the_money() {
        let flow = SocialTraining::flow();
        let step = flow.find("approve_cooperation").expect("a step");
        assert_eq!(step.to, "待开班");
        assert_eq!(
            step.forks,
            [
                (Guard::above("income", 0), "待财务处审批".into()),
                (Guard::above("income", 5_000_000), "待分管校长审批".into())
            ]
        );
        let mut record = sample();
        record.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        assert_eq!(record.person_hours, Some(1720));
    }
}
