use crate::who::{self_filed, teachers};
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Files, LongText, Ref};
use kernel::register::flow::{Flow, Guard, Stage, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::{Checks, filled};
use people::roles::{DEPARTMENT_HEAD, PERSONNEL, RESEARCH_OFFICE};

choice!(
    /// 培训层次; the codes sort from high to low.
    TrainingKind {
        Nation = "1" "国家级培训",
        Province = "2" "省级培训",
        City = "3" "市级培训",
        County = "4" "县（区）级培训",
        School = "5" "校本培训",
        Online = "6" "网络研修",
        Novice = "7" "新教师培训",
        Degree = "8" "学历进修",
        Overseas = "9" "国（境）外研修",
    }
);

choice!(
    /// 结业结果
    TrainingResult {
        Excellent = "excellent" "优秀学员",
        Passed = "passed" "合格",
        Failed = "failed" "未结业",
    }
);

/// 校本培训
const SCHOOL: &str = "5";

/// 教师培训进修：外出培训先申请后参加，结业登记学时和证书；校本培训由主办部门直接登记。由人事处和教科研处管理。
#[derive(Clone, Debug, Register)]
#[register(
    id = "staff_training",
    title = "教师培训进修",
    group = "staff",
    systems = "E2",
    label = "teacher, name",
    unique = "teacher, number",
    date = "starts_on",
    due = "ends_on",
    within = "teacher",
    owner = "teacher"
)]
pub struct StaffTraining {
    #[field(label = "教师", list, dataset = "T28.JGH:number, T28.JSXM:name")]
    pub teacher: Ref<Staff>,
    #[field(
        label = "培训编号",
        max = 20,
        dataset = "T28.JXPXHDBH",
        help = "通知或班次编号，没有的由人事处编"
    )]
    pub number: String,
    #[field(label = "培训名称", list, max = 60, dataset = "T28.JXPXHDMC")]
    pub name: String,
    #[field(label = "培训层次", list, filter)]
    pub kind: TrainingKind,
    #[field(label = "进修地点", filter, code = "JXXXDDDM", dataset = "T28.JXXXDDM")]
    pub place: Code,
    #[field(label = "主题", max = 200, dataset = "T28.JXPXHDZT")]
    pub theme: Option<String>,
    #[field(label = "内容简介", max = 1000, dataset = "T28.JXPXHDNRJJ")]
    pub content: Option<LongText>,
    #[field(label = "主讲人", max = 23, dataset = "T28.JXPXZJRXM")]
    pub speaker: Option<String>,
    #[field(label = "主办单位", max = 60)]
    pub organiser: String,
    #[field(label = "开始日期", list, filter, dataset = "T28.JXPXKSRQ")]
    pub starts_on: NaiveDate,
    #[field(label = "截止日期", list, dataset = "T28.JXPXJZRQ")]
    pub ends_on: NaiveDate,
    #[field(label = "计划学时", max = 2000)]
    pub planned_hours: i64,
    #[field(label = "实得学时", list, max = 2000)]
    pub hours: Option<i64>,
    #[field(label = "结业结果", list, filter)]
    pub result: Option<TrainingResult>,
    #[field(label = "结业证书编号", max = 40)]
    pub certificate: Option<String>,
    #[field(label = "课务安排", max = 200, help = "外出期间的调课、代课")]
    pub cover: Option<LongText>,
    #[field(
        label = "出国境日期",
        dataset = "T28.CGRQ",
        help = "以下各项国（境）外研修填写"
    )]
    pub abroad_on: Option<NaiveDate>,
    #[field(label = "出国境目的", code = "CGJMDDM", dataset = "T28.CGMDM")]
    pub abroad_for: Option<Code>,
    #[field(label = "派出单位", max = 60, dataset = "T28.PCDW")]
    pub sent_by: Option<String>,
    #[field(label = "审批单位", max = 60, dataset = "T28.SPDW")]
    pub approved_by: Option<String>,
    #[field(label = "审批日期", dataset = "T28.SPRQ")]
    pub approved_on: Option<NaiveDate>,
    #[field(label = "应回国日期", dataset = "T28.YHGRQ")]
    pub home_by: Option<NaiveDate>,
    #[field(label = "附件", help = "通知、证书、心得，可不传")]
    pub files: Files,
}

impl Rules for StaffTraining {
    fn flow() -> Flow {
        let keepers = || [Who::Role(PERSONNEL), Who::Role(RESEARCH_OFFICE)];
        Flow::approvals(
            &[
                Stage::by(
                    "department",
                    "系部",
                    &[Who::Role(DEPARTMENT_HEAD), Who::Role(PERSONNEL)],
                ),
                Stage::by("personnel", "人事处", &keepers()),
            ],
            "已批准",
        )
        .still_open("已批准")
        .done("已结业")
        .dropped("未结业")
        .step("finish", "结业登记", &["已批准"], "已结业", &keepers())
        .needs(&["hours", "result"])
        .fork(Guard::is("result", "failed"), "未结业")
        .step("record", "校本登记", &["待系部审批"], "已结业", &keepers())
        .needs(&["hours", "result"])
        .when(Guard::is("kind", SCHOOL))
        .fork(Guard::is("result", "failed"), "未结业")
        .step("repeat", "补训结业", &["未结业"], "已结业", &keepers())
        .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let done = || Filter::state("已结业");
        vec![
            indicator(
                "staff_training_rate",
                "教师参训率",
                "有已结业培训的在职专任教师 ÷ 在职专任教师",
                "%",
                Measure::Coverage {
                    of: done(),
                    field: "teacher".into(),
                    all: teachers(),
                },
            )
            .also(&["教师培训率", "教师培训覆盖率", "全员培训率"]),
            indicator(
                "staff_training_count",
                "教师培训人次",
                "已结业的培训",
                "人次",
                Measure::Count { of: done() },
            )
            .also(&["培训教师人次", "师资培训人次"]),
            indicator(
                "staff_training_hours",
                "教师培训总学时",
                "已结业培训的实得学时合计",
                "学时",
                Measure::Sum {
                    of: done(),
                    field: "hours".into(),
                },
            )
            .also(&["培训学时"]),
            indicator(
                "staff_training_above",
                "省级以上培训人次",
                "已结业的国家级、省级培训",
                "人次",
                Measure::Count {
                    of: done().and("kind", Op::AtMost, "2"),
                },
            )
            .also(&["国培省培人次", "省级以上培训"]),
        ]
    }

    fn access() -> Vec<Access> {
        self_filed(&[PERSONNEL, RESEARCH_OFFICE])
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "外出培训申请",
                "人事处",
                "附培训通知；系部和人事处批准后参加，结业后凭证书登记学时",
            )
            .quick(&[
                "number",
                "name",
                "kind",
                "place",
                "organiser",
                "starts_on",
                "ends_on",
                "planned_hours",
                "files",
            ]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("approval", "教师外出培训审批表")
                .fields(&[
                    "teacher",
                    "name",
                    "kind",
                    "organiser",
                    "starts_on",
                    "ends_on",
                    "planned_hours",
                    "cover",
                ])
                .approvals()
                .signatures(&["申请人"]),
        ]
    }

    fn check(&self, _ctx: &Ctx) -> Vec<Violation> {
        // 进修学习地点: 1国内 2国外.
        let abroad = self.place.0 == "2";
        Checks::new()
            .in_order(
                self.starts_on,
                self.ends_on,
                "ends_on",
                "截止日期不能早于开始日期",
            )
            .refuse(
                self.kind == TrainingKind::Overseas && !abroad,
                "place",
                "国（境）外研修的进修地点应为国外",
            )
            .refuse(
                abroad && !(self.abroad_on.is_some() && self.abroad_for.is_some()),
                "abroad_on",
                "国（境）外进修请填写出国境日期和目的",
            )
            .refuse(
                abroad && !filled(self.approved_by.as_deref()),
                "approved_by",
                "国（境）外进修请填写审批单位",
            )
            .in_order(
                self.abroad_on,
                self.home_by,
                "home_by",
                "应回国日期不能早于出国境日期",
            )
            .refuse(
                self.result == Some(TrainingResult::Failed) && self.hours.unwrap_or(0) > self.planned_hours,
                "hours",
                "未结业的实得学时不能超过计划学时",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        let more = self.hours.is_some_and(|hours| hours > self.planned_hours);
        Checks::new()
            .refuse(more, "hours", "实得学时多于计划学时，请核对证书")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> StaffTraining {
        StaffTraining {
            teacher: Ref::new(Uuid::nil()),
            number: "SP2026-031".into(),
            name: "数控专业骨干教师提升培训".into(),
            kind: TrainingKind::Province,
            place: Code("1".into()),
            theme: None,
            content: None,
            speaker: None,
            organiser: "省师资培训中心".into(),
            starts_on: test_day(),
            ends_on: test_day(),
            planned_hours: 40,
            hours: None,
            result: None,
            certificate: None,
            cover: None,
            abroad_on: None,
            abroad_for: None,
            sent_by: None,
            approved_by: None,
            approved_on: None,
            home_by: None,
            files: Files::default(),
        }
    }

    #[test]
    fn going_abroad_is_approved_and_dated() {
        assert!(refused(&sample()).is_empty());
        let at_home = StaffTraining {
            kind: TrainingKind::Overseas,
            ..sample()
        };
        assert_eq!(refused(&at_home), ["place"]);
        let abroad = StaffTraining {
            place: Code("2".into()),
            ..at_home
        };
        assert_eq!(refused(&abroad), ["abroad_on", "approved_by"]);
        let full = StaffTraining {
            abroad_on: Some(test_day()),
            abroad_for: Some(Code("43".into())),
            approved_by: Some("市教育局".into()),
            home_by: test_day().pred_opt(),
            ..abroad
        };
        assert_eq!(refused(&full), ["home_by"]);
    }

    #[test]
    fn only_school_training_is_recorded_without_approval_and_failing_drops() {
        let flow = StaffTraining::flow();
        let spec = kernel::register::spec::RegisterSpec::of::<StaffTraining>();
        let record = flow.find("record").expect("a step");
        let guard = record.when.as_ref().expect("a condition");
        assert!(!guard.holds(&spec, &sample().to_values()));
        let school = StaffTraining {
            kind: TrainingKind::School,
            result: Some(TrainingResult::Failed),
            ..sample()
        };
        assert!(guard.holds(&spec, &school.to_values()));
        assert_eq!(record.target(&spec, &school.to_values()), "未结业");
        let more = StaffTraining {
            hours: Some(48),
            ..sample()
        };
        assert_eq!(doubted(&more), ["hours"]);
    }
}
