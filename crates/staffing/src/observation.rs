use crate::who::{each_staff, self_filed, teachers};
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{RESEARCH_OFFICE, TEACHING_OFFICE};
use people::{Class, Course, Room, Staff};

choice!(
    /// 听课类型
    ObservationKind {
        Drop = "drop" "推门听课",
        Booked = "booked" "预约听课",
        Open = "open" "公开课",
        Model = "model" "示范课",
        Report = "report" "汇报课",
        Follow = "follow" "新教师跟踪",
        Supervision = "supervision" "督导听课",
        Peer = "peer" "同行互听",
    }
);

choice!(
    /// 课堂等级; the codes sort from high to low.
    LessonGrade {
        Excellent = "1" "优秀",
        Good = "2" "良好",
        Passed = "3" "合格",
        Poor = "4" "待改进",
    }
);

/// 听课记录：听课、按评分表打分、反馈意见并由双方确认。听课人登记，教务处和教科研处统计，各岗位每学期有听课节数要求。
#[derive(Clone, Debug, Register)]
#[register(
    id = "lesson_observation",
    title = "听课记录",
    group = "teaching",
    systems = "B11",
    label = "teacher, topic",
    date = "observed_on",
    within = "teacher",
    owner = "observer"
)]
pub struct LessonObservation {
    #[field(label = "听课人", list)]
    pub observer: Ref<Staff>,
    #[field(label = "授课教师", list)]
    pub teacher: Ref<Staff>,
    #[field(label = "听课日期", list, filter)]
    pub observed_on: NaiveDate,
    #[field(label = "节次", max = 12)]
    pub period: i64,
    #[field(label = "听课类型", list, filter)]
    pub kind: ObservationKind,
    #[field(label = "班级", list)]
    pub class: Option<Ref<Class>>,
    #[field(label = "课程")]
    pub course: Option<Ref<Course>>,
    #[field(label = "课题", list, max = 60)]
    pub topic: String,
    #[field(label = "地点")]
    pub room: Option<Ref<Room>>,
    #[field(label = "教学目标", max = 10, help = "满分10：符合课程标准，融入课程思政")]
    pub aim: i64,
    #[field(label = "教学准备", max = 10, help = "满分10：教案、任务单、设备与耗材到位")]
    pub preparation: i64,
    #[field(label = "教学内容", max = 20, help = "满分20：准确，对接岗位，重难点突出")]
    pub content: i64,
    #[field(label = "教学方法", max = 20, help = "满分20：做学合一，信息技术使用得当")]
    pub method: i64,
    #[field(label = "课堂组织与安全", max = 15, help = "满分15：秩序、分组、实训安全与6S")]
    pub organisation: i64,
    #[field(label = "教学效果", max = 15, help = "满分15：学生参与，当堂目标达成")]
    pub effect: i64,
    #[field(label = "教师素养", max = 10, help = "满分10：教态、语言、示范、板书")]
    pub manner: i64,
    #[field(label = "总分", list, help = "自动合计，满分100")]
    pub total: Option<i64>,
    #[field(label = "等级", list, filter, help = "90优秀 80良好 60合格")]
    pub grade: Option<LessonGrade>,
    #[field(label = "教学过程摘记", max = 2000)]
    pub notes: Option<LongText>,
    #[field(label = "优点", max = 500)]
    pub strengths: LongText,
    #[field(label = "建议", max = 500)]
    pub advice: LongText,
    #[field(label = "反馈日期")]
    pub feedback_on: Option<NaiveDate>,
    #[field(label = "授课教师意见", max = 500)]
    pub response: Option<LongText>,
    #[field(label = "附件", help = "可不传")]
    pub files: Files,
}

/// Points of a grade: excellent, good, passed.
const GRADES: [(i64, LessonGrade); 3] = [
    (90, LessonGrade::Excellent),
    (80, LessonGrade::Good),
    (60, LessonGrade::Passed),
];

/// Lessons a term: 校领导, 处室负责人, 专任教师 (samples of schools: 10 to 30; a school changes it in its duties).
const QUOTAS: [(&str, &str, &str, &str, u16); 3] = [
    ("lesson_observation_leaders", "校领导听课", "post", "31", 20),
    ("lesson_observation_heads", "处室负责人听课", "post", "32", 12),
    ("lesson_observation_teachers", "专任教师听课", "kind", "11", 15),
];

impl LessonObservation {
    fn sum(&self) -> i64 {
        self.aim
            + self.preparation
            + self.content
            + self.method
            + self.organisation
            + self.effect
            + self.manner
    }
}

impl Rules for LessonObservation {
    fn flow() -> Flow {
        let teacher = || Who::Field("teacher".into());
        Flow::starts("待反馈")
            .open("待授课教师确认")
            .done("已确认")
            .step(
                "feedback",
                "反馈",
                &["待反馈"],
                "待授课教师确认",
                &[Who::Creator, Who::Role(TEACHING_OFFICE)],
            )
            .needs(&["feedback_on"])
            .within_days(3)
            .signed("听课人")
            .step("confirm", "确认", &["待授课教师确认"], "已确认", &[teacher()])
            .within_days(3)
            .signed("授课教师")
            .step("object", "有异议", &["待授课教师确认"], "待反馈", &[teacher()])
            .with_note()
            .step(
                "settle",
                "代为确认",
                &["待授课教师确认"],
                "已确认",
                &[Who::Role(TEACHING_OFFICE)],
            )
            .with_note()
            .editable(&["待反馈"])
    }

    fn duties() -> Vec<DutySpec> {
        QUOTAS
            .into_iter()
            .map(|(id, title, field, code, times)| {
                duty(
                    id,
                    title,
                    times,
                    Every::Term,
                    each_staff(field, code),
                    Filter::all(),
                )
                .also(&["听课", "听课评课", "推门听课"])
            })
            .collect()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "lesson_observations",
                "听课节数",
                "听课记录条数",
                "节",
                Measure::Count { of: Filter::all() },
            )
            .also(&["听课评课节数", "听课次数"]),
            indicator(
                "lesson_observation_coverage",
                "教师被听课覆盖率",
                "被听过课的在职专任教师 ÷ 在职专任教师",
                "%",
                Measure::Coverage {
                    of: Filter::all(),
                    field: "teacher".into(),
                    all: teachers(),
                },
            )
            .also(&["听课覆盖率", "听课覆盖面"]),
            indicator(
                "lesson_observation_good",
                "课堂优良率",
                "等级为优秀、良好的听课 ÷ 全部听课",
                "%",
                Measure::Share {
                    of: Filter::all().and("grade", Op::AtMost, "2"),
                    among: Filter::all(),
                },
            )
            .also(&["课堂教学优良率", "优质课率"]),
            indicator(
                "lesson_observation_confirmed",
                "听课反馈确认率",
                "授课教师已确认的听课 ÷ 全部听课",
                "%",
                Measure::Share {
                    of: Filter::state("已确认"),
                    among: Filter::all(),
                },
            )
            .also(&["听课反馈率"]),
            indicator(
                "lesson_observation_dropped_in",
                "推门听课节数",
                "类型为推门听课的记录",
                "节",
                Measure::Count {
                    of: Filter::is("kind", "drop"),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        self_filed(&[TEACHING_OFFICE, RESEARCH_OFFICE])
    }

    fn computed() -> &'static [&'static str] {
        &["total", "grade"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        let total = self.sum();
        self.total = Some(total);
        let grade = GRADES.iter().find(|(least, _)| total >= *least);
        self.grade = Some(grade.map_or(LessonGrade::Poor, |(_, grade)| *grade));
    }

    fn service() -> Option<Service> {
        Some(service(
            "听课记录",
            "教务处",
            "听完课按评分表打分，三天内向授课教师反馈，由授课教师确认",
        ))
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("score", "听课评课记录表")
                .fields(&[
                    "observed_on",
                    "period",
                    "teacher",
                    "class",
                    "course",
                    "topic",
                    "kind",
                    "observer",
                    "notes",
                ])
                .heading("评分（满分100）")
                .fields(&[
                    "aim",
                    "preparation",
                    "content",
                    "method",
                    "organisation",
                    "effect",
                    "manner",
                    "total",
                    "grade",
                ])
                .heading("评议")
                .fields(&["strengths", "advice", "response"])
                .approvals()
                .signatures(&["听课人", "授课教师"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.observed_on, ctx.today, "observed_on")
            .refuse(
                self.observer.id == self.teacher.id,
                "teacher",
                "听课人和授课教师不能是同一人",
            )
            .refuse(self.period == 0, "period", "节次从1开始")
            .in_order(
                self.observed_on,
                self.feedback_on,
                "feedback_on",
                "反馈日期不能早于听课日期",
            )
            .not_after_today(self.feedback_on, ctx.today, "feedback_on")
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        let bare = self.sum() < 60 && self.advice.0.trim().chars().count() < 15;
        Checks::new()
            .refuse(bare, "advice", "待改进的课请具体写明怎样改")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample(content: i64) -> LessonObservation {
        let mut record = LessonObservation {
            observer: Ref::new(Uuid::from_u128(1)),
            teacher: Ref::new(Uuid::from_u128(2)),
            observed_on: test_day(),
            period: 3,
            kind: ObservationKind::Drop,
            class: None,
            course: None,
            topic: "外圆车削".into(),
            room: None,
            aim: 9,
            preparation: 9,
            content,
            method: 18,
            organisation: 13,
            effect: 13,
            manner: 9,
            total: None,
            grade: None,
            notes: None,
            strengths: LongText("任务清楚".into()),
            advice: LongText("压缩讲授".into()),
            feedback_on: None,
            response: None,
            files: Files::default(),
        };
        record.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        record
    }

    #[test]
    fn the_sheet_adds_up_to_a_hundred_and_grades() {
        let full: i64 = LessonObservation::fields()
            .iter()
            .filter(|f| f.help.starts_with("满分"))
            .map(|f| match f.kind {
                kernel::register::spec::FieldKind::Int { max, .. } => max,
                _ => 0,
            })
            .sum();
        assert_eq!(full, 100);
        let grade = |content| (sample(content).total, sample(content).grade);
        assert_eq!(grade(19), (Some(90), Some(LessonGrade::Excellent)));
        assert_eq!(grade(18), (Some(89), Some(LessonGrade::Good)));
        assert_eq!(grade(8), (Some(79), Some(LessonGrade::Passed)));
        let poor = LessonObservation {
            method: 0,
            effect: 0,
            ..sample(0)
        };
        assert_eq!(doubted(&poor), ["advice"]);
    }

    #[test]
    fn two_people_and_a_day_that_has_come() {
        assert!(refused(&sample(18)).is_empty());
        let own = LessonObservation {
            teacher: sample(18).observer,
            ..sample(18)
        };
        assert_eq!(refused(&own), ["teacher"]);
        let early = LessonObservation {
            feedback_on: test_day().pred_opt(),
            ..sample(18)
        };
        assert_eq!(refused(&early), ["feedback_on"]);
    }

    #[test]
    fn both_sign() {
        let flow = LessonObservation::flow();
        let step = |id: &str| flow.find(id).expect("a step").clone();
        assert_eq!(step("confirm").who, [Who::Field("teacher".into())]);
        assert!(step("feedback").sign.is_some() && step("confirm").sign.is_some());
        assert!(step("settle").note, "who confirms for another says why");
    }
}
