use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{
    DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, indicator, school_wide,
};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, said};
use people::roles::{
    DEPARTMENT_HEAD, DORM_KEEPER, GENERAL_AFFAIRS, HEALTH_OFFICE, SAFETY_OFFICE, STUDENT_OFFICE, TEACHER,
    TRAINING_OFFICE,
};
use people::{Staff, Unit};

choice!(
    /// 演练类型
    DrillKind {
        Fire = "fire" "火灾疏散",
        Quake = "quake" "地震避险",
        Intruder = "intruder" "反恐防暴",
        Crush = "crush" "防拥挤踩踏",
        Dormitory = "dormitory" "宿舍夜间疏散",
        Training = "training" "实训场所事故",
        Chemical = "chemical" "危险化学品泄漏",
        Food = "food" "食物中毒处置",
        Epidemic = "epidemic" "传染病处置",
        Weather = "weather" "极端天气",
        Lift = "lift" "电梯困人",
        Other = "other" "其他",
    }
);

choice!(
    /// 演练评估等次
    DrillGrade {
        Excellent = "1" "优",
        Good = "2" "良",
        Passed = "3" "合格",
        Failed = "4" "不合格",
    }
);

/// 应急演练：每月至少一次，先有方案，演练后记疏散用时并评估改进。由安全办组织，系部和宿舍组织自己的演练。
#[derive(Clone, Debug, Register)]
#[register(
    id = "drill",
    title = "应急演练",
    group = "safety",
    systems = "F3",
    label = "kind, planned_on",
    date = "planned_on",
    due = "planned_on",
    within = "unit",
    owner = "commander"
)]
pub struct Drill {
    #[field(label = "演练日期", list, filter, help = "先填计划日期，改期的直接改")]
    pub planned_on: NaiveDate,
    #[field(label = "演练类型", list, filter)]
    pub kind: DrillKind,
    #[field(label = "组织单位", list, filter, help = "全校演练不填")]
    pub unit: Option<Ref<Unit>>,
    #[field(label = "地点", list, max = 60)]
    pub place: String,
    #[field(label = "总指挥", list)]
    pub commander: Ref<Staff>,
    #[field(
        label = "演练方案",
        max = 2000,
        help = "情景、分工、疏散路线、集合点、安全保障"
    )]
    pub plan: LongText,
    #[field(
        label = "目标用时（秒）",
        max = 3600,
        help = "四层以下、出口合理的教学楼一般不超过120秒"
    )]
    pub target_seconds: i64,
    #[field(label = "实施日期", list)]
    pub held_on: Option<NaiveDate>,
    #[field(label = "参加学生数", max = 20000)]
    pub students: Option<i64>,
    #[field(label = "参加教职工数", max = 5000)]
    pub staff: Option<i64>,
    #[field(
        label = "疏散用时（秒）",
        list,
        max = 3600,
        help = "从信号发出到全员到达集合点"
    )]
    pub seconds: Option<i64>,
    #[field(label = "受伤人数", max = 1000)]
    pub injured: Option<i64>,
    #[field(label = "演练经过", max = 1000)]
    pub course: Option<LongText>,
    #[field(label = "评估等次", list, filter)]
    pub grade: Option<DrillGrade>,
    #[field(label = "问题与改进", max = 1000)]
    pub improvement: Option<LongText>,
    #[field(label = "材料或照片", help = "可不传")]
    pub files: Files,
}

impl Drill {
    /// Who organizes drills.
    const KEEPERS: [&str; 5] = [
        STUDENT_OFFICE,
        GENERAL_AFFAIRS,
        TRAINING_OFFICE,
        HEALTH_OFFICE,
        DORM_KEEPER,
    ];
}

impl Rules for Drill {
    fn flow() -> Flow {
        let leads = || [Who::Field("commander".into()), Who::Role(SAFETY_OFFICE)];
        Flow::starts("待演练")
            .open("待评估")
            .done("已完成")
            .dropped("已取消")
            .step("hold", "登记实施", &["待演练"], "待评估", &leads())
            .needs(&["held_on", "students", "staff", "course"])
            .signed("总指挥")
            .step(
                "evaluate",
                "评估",
                &["待评估"],
                "已完成",
                &[Who::Role(SAFETY_OFFICE)],
            )
            .needs(&["grade", "improvement"])
            .within_days(7)
            .signed("安全办评估")
            .step("cancel", "取消", &["待演练"], "已取消", &leads())
            .with_note()
    }

    // 《中小学幼儿园应急疏散演练指南》（教基一厅〔2014〕2号）: at least one a month.
    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "drill_month",
                "应急疏散演练",
                1,
                Every::Month,
                school_wide(),
                Filter::all().dated("held_on"),
            )
            .also(&["应急演练", "每月开展应急演练", "安全演练", "疏散演练", "消防演练"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let held = || Filter::all().dated("held_on");
        let timed = || held().and("seconds", Op::AtLeast, 1i64);
        vec![
            indicator(
                "drill_count",
                "应急演练次数",
                "已实施的演练条数",
                "次",
                Measure::Count { of: held() },
            )
            .also(&["安全演练次数", "疏散演练次数"]),
            indicator(
                "drill_in_time",
                "疏散用时达标率",
                "疏散用时不超过目标用时的演练 ÷ 记了疏散用时的演练",
                "%",
                Measure::Share {
                    of: timed().and("seconds", Op::AtMostField, "target_seconds"),
                    among: timed(),
                },
            ),
            indicator(
                "drill_students",
                "参加演练学生人次",
                "参加学生数合计",
                "人次",
                Measure::Sum {
                    of: held(),
                    field: "students".into(),
                },
            )
            .also(&["参演学生人次"]),
            indicator(
                "drill_evaluated",
                "演练评估率",
                "已完成评估的演练 ÷ 已实施的演练",
                "%",
                Measure::Share {
                    of: held().and("state", Op::Is, "已完成"),
                    among: held(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        let mut access = vec![
            may_write(SAFETY_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_read(TEACHER, Reach::School),
        ];
        access.extend(Drill::KEEPERS.map(|role| may_write(role, Reach::Own)));
        access
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("record", "应急演练记录表")
                .fields(&[
                    "kind",
                    "planned_on",
                    "held_on",
                    "unit",
                    "place",
                    "commander",
                    "students",
                    "staff",
                    "target_seconds",
                    "seconds",
                    "injured",
                    "grade",
                    "plan",
                    "course",
                    "improvement",
                ])
                .approvals()
                .signatures(&["总指挥", "记录人", "安全办负责人"])
                .in_states(&["待评估", "已完成"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let failed = self.grade == Some(DrillGrade::Failed);
        let hurt = self.injured.is_some_and(|count| count > 0);
        let people = self.students.unwrap_or(0) + self.staff.unwrap_or(0);
        Checks::new()
            .refuse(self.target_seconds == 0, "target_seconds", "目标用时应大于0")
            .not_after_today(self.held_on, ctx.today, "held_on")
            .refuse(
                self.held_on.is_some() && people == 0,
                "students",
                "已实施的演练，请填写参加人数",
            )
            .refuse(
                self.seconds.is_some() && self.held_on.is_none(),
                "held_on",
                "填写了疏散用时，请填写实施日期",
            )
            .refuse(self.seconds == Some(0), "seconds", "疏散用时应大于0")
            .refuse(
                (failed || hurt) && !said(&self.improvement),
                "improvement",
                "演练不合格或有人受伤的，必须写明问题与改进",
            )
            .refuse(
                hurt && matches!(self.grade, Some(DrillGrade::Excellent | DrillGrade::Good)),
                "grade",
                "有人受伤的演练不能评为优或良",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        let slow = self.seconds.is_some_and(|took| took > self.target_seconds);
        let timed = matches!(
            self.kind,
            DrillKind::Fire | DrillKind::Quake | DrillKind::Dormitory | DrillKind::Crush
        );
        Checks::new()
            .refuse(slow, "seconds", "疏散用时超过目标，请在“问题与改进”中写明原因")
            .refuse(
                timed && self.held_on.is_some() && self.seconds.is_none(),
                "seconds",
                "疏散演练请记下疏散用时",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn planned() -> Drill {
        Drill {
            planned_on: test_day(),
            kind: DrillKind::Fire,
            unit: None,
            place: "教学楼".into(),
            commander: Ref::new(Uuid::nil()),
            plan: LongText("二楼电气起火，各班按图疏散到田径场".into()),
            target_seconds: 120,
            held_on: None,
            students: None,
            staff: None,
            seconds: None,
            injured: None,
            course: None,
            grade: None,
            improvement: None,
            files: Files::default(),
        }
    }

    fn held() -> Drill {
        Drill {
            held_on: Some(test_day()),
            students: Some(800),
            seconds: Some(110),
            ..planned()
        }
    }

    #[test]
    fn what_was_held_has_people_and_a_day() {
        assert!(refused(&planned()).is_empty());
        assert!(refused(&held()).is_empty());
        let changed = |change: fn(&mut Drill)| {
            let mut drill = held();
            change(&mut drill);
            refused(&drill)
        };
        assert_eq!(changed(|d| d.students = None), ["students"]);
        assert_eq!(changed(|d| d.held_on = None), ["held_on"]);
        assert_eq!(changed(|d| d.held_on = test_day().succ_opt()), ["held_on"]);
        assert_eq!(changed(|d| d.target_seconds = 0), ["target_seconds"]);
    }

    #[test]
    fn harm_is_answered_and_not_praised() {
        let hurt = Drill {
            injured: Some(1),
            grade: Some(DrillGrade::Good),
            ..held()
        };
        assert_eq!(refused(&hurt), ["improvement", "grade"]);
        let failed = Drill {
            grade: Some(DrillGrade::Failed),
            ..held()
        };
        assert_eq!(refused(&failed), ["improvement"]);
        let slow = Drill {
            seconds: Some(121),
            ..held()
        };
        assert_eq!(doubted(&slow), ["seconds"]);
        assert!(doubted(&held()).is_empty());
    }

    #[test]
    fn only_the_safety_office_evaluates() {
        let flow = Drill::flow();
        assert_eq!(
            flow.find("evaluate").expect("a step").who,
            [Who::Role(SAFETY_OFFICE)]
        );
    }
}
