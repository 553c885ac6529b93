use chrono::NaiveDate;
use kernel::error::Violation;
use kernel::register::field::{Code, Files, LongText, Money, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, said};
use people::roles::{COOPERATION_OFFICE, DEPARTMENT_HEAD, FINANCE, TEACHER, TRAINING_OFFICE};
use people::{Staff, Unit};

/// 社会技能鉴定：面向社会人员的职业技能等级认定批次，报人社部门备案后组织考核、公示、发证。由实训处管理。
#[derive(Clone, Debug, Register)]
#[register(
    id = "social_appraisal",
    title = "社会技能鉴定",
    group = "partners",
    systems = "H2",
    label = "batch, occupation, grade",
    unique = "batch, occupation, grade",
    date = "examined_on",
    due = "examined_on",
    within = "department",
    owner = "leader"
)]
pub struct SocialAppraisal {
    #[field(label = "批次", list, filter, max = 40, help = "如 2026年第4批")]
    pub batch: String,
    #[field(label = "职业（工种）", list, filter, max = 60)]
    pub occupation: String,
    #[field(label = "认定等级", list, filter, code = "skill_grade")]
    pub grade: Code,
    #[field(label = "工种类别", filter, code = "trade_kind")]
    pub trade: Code,
    #[field(label = "评价机构", filter, max = 60)]
    pub organisation: String,
    #[field(label = "承办系部", list, filter)]
    pub department: Ref<Unit>,
    #[field(label = "负责人", list)]
    pub leader: Ref<Staff>,
    #[field(label = "考核日期", list, filter)]
    pub examined_on: NaiveDate,
    #[field(label = "社会人员数", list, max = 5000)]
    pub outsiders: i64,
    #[field(
        label = "在校学生数",
        max = 5000,
        help = "同批次参加的本校学生；成绩在“技能等级认定成绩”登记"
    )]
    pub students: i64,
    #[field(label = "鉴定人次", list, help = "社会人员与在校学生合计")]
    pub total: Option<i64>,
    #[field(label = "备案日期", help = "考核方案报人社部门备案的日期")]
    pub filed_on: Option<NaiveDate>,
    #[field(label = "考评员人数", max = 100)]
    pub examiners: Option<i64>,
    #[field(label = "合格人数", list, max = 5000)]
    pub passed: Option<i64>,
    #[field(label = "公示日期")]
    pub published_on: Option<NaiveDate>,
    #[field(label = "发证日期")]
    pub certified_on: Option<NaiveDate>,
    #[field(label = "收费金额（元）")]
    pub fee: Option<Money>,
    #[field(label = "情况说明", max = 500)]
    pub summary: Option<LongText>,
    #[field(label = "备案与考务材料")]
    pub files: Files,
}

impl Rules for SocialAppraisal {
    fn flow() -> Flow {
        let office = [Who::Role(TRAINING_OFFICE), Who::Role(COOPERATION_OFFICE)];
        let leader = [
            Who::Field("leader".into()),
            Who::Role(TRAINING_OFFICE),
            Who::Role(COOPERATION_OFFICE),
        ];
        Flow::starts("待备案")
            .open("待考核")
            .open("待发证")
            .done("已发证")
            .dropped("已取消")
            .step("file", "备案", &["待备案"], "待考核", &office)
            .needs(&["filed_on"])
            .step("examine", "登记考核结果", &["待考核"], "待发证", &leader)
            .needs(&["examiners", "passed"])
            .step("certify", "公示发证", &["待发证"], "已发证", &office)
            .needs(&["published_on", "certified_on"])
            .within_days(45)
            .step("cancel", "取消", &["待备案", "待考核"], "已取消", &office)
            .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let examined = || Filter::all().and("passed", Op::AtLeast, 0i64);
        let sum = |field: &str| Measure::Sum {
            of: examined(),
            field: field.into(),
        };
        vec![
            indicator(
                "social_appraisal_persons",
                "鉴定人次",
                "已考核批次的鉴定人次合计（含在校学生）",
                "人次",
                sum("total"),
            )
            .also(&["培训鉴定人次", "职业技能鉴定人次"]),
            indicator(
                "social_appraisal_outsiders",
                "社会人员鉴定人次",
                "已考核批次的社会人员数合计",
                "人次",
                sum("outsiders"),
            )
            .also(&["社会鉴定人次"]),
            indicator(
                "social_appraisals",
                "社会鉴定批次",
                "已考核的批次",
                "批",
                Measure::Count { of: examined() },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(TRAINING_OFFICE, Reach::School),
            may_write(COOPERATION_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_read(TEACHER, Reach::Own),
            may_read(FINANCE, Reach::School),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("report", "职业技能等级认定情况表")
                .fields(&[
                    "batch",
                    "occupation",
                    "grade",
                    "organisation",
                    "department",
                    "leader",
                    "filed_on",
                    "examined_on",
                    "outsiders",
                    "students",
                    "total",
                    "examiners",
                    "passed",
                    "published_on",
                    "certified_on",
                    "fee",
                ])
                .fields(&["summary"])
                .approvals(),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["total"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.total = Some(self.outsiders + self.students);
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let total = self.outsiders + self.students;
        Checks::new()
            .refuse(total == 0, "outsiders", "参加鉴定的人数应大于0")
            .refuse(
                self.passed.is_some_and(|passed| passed > total),
                "passed",
                "合格人数不能多于鉴定人次",
            )
            .refuse(
                self.passed.is_some() && self.examined_on > ctx.today,
                "examined_on",
                "考核还没有进行，不能填写结果",
            )
            .in_order(self.filed_on, self.examined_on, "filed_on", "应先备案后考核")
            .refuse(
                self.passed.is_some() && self.filed_on.is_none(),
                "filed_on",
                "没有备案的批次不能登记结果",
            )
            .in_order(
                self.examined_on,
                self.published_on,
                "published_on",
                "公示日期不能早于考核日期",
            )
            .in_order(
                self.published_on,
                self.certified_on,
                "certified_on",
                "发证日期不能早于公示日期",
            )
            .refuse(
                self.fee.is_some_and(|money| money.0 < 0),
                "fee",
                "收费金额不能为负数",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        let nobody = self.passed == Some(0) && !said(&self.summary);
        Checks::new()
            .refuse(nobody, "summary", "无人合格，建议写明原因")
            .refuse(
                self.examiners.is_some_and(|count| count < 3),
                "examiners",
                "考评员一般不少于3人，请核对",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    #[test]
    fn filing_examination_and_certificates_follow_each_other() {
        let day = |after: i64| test_day() + chrono::Duration::days(after);
        let sample = SocialAppraisal {
            batch: "2026年第1批".into(),
            occupation: "电工".into(),
            grade: Code("4".into()),
            trade: Code("02".into()),
            organisation: "清岚市职业技能评价中心".into(),
            department: Ref::new(Uuid::nil()),
            leader: Ref::new(Uuid::nil()),
            examined_on: day(-20),
            outsiders: 36,
            students: 40,
            total: None,
            filed_on: Some(day(-30)),
            examiners: Some(4),
            passed: Some(70),
            published_on: Some(day(-10)),
            certified_on: Some(day(-2)),
            fee: None,
            summary: None,
            files: Files::default(),
        };
        assert!(refused(&sample).is_empty());
        let wrong = |change: fn(&mut SocialAppraisal)| {
            let mut record = sample.clone();
            change(&mut record);
            refused(&record)
        };
        assert_eq!(wrong(|r| r.filed_on = None), ["filed_on"]);
        assert_eq!(wrong(|r| r.filed_on = Some(test_day())), ["filed_on"]);
        assert_eq!(wrong(|r| r.passed = Some(77)), ["passed"]);
        assert_eq!(wrong(|r| r.certified_on = r.filed_on), ["certified_on"]);
    }
}
