use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Ref};
use kernel::register::indicator::{DutySpec, Every, Filter, IndicatorSpec, Measure, duty, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{DEPARTMENT_HEAD, RESEARCH_LEAD, TEACHER, TEACHING_OFFICE};
use people::{Room, Staff, Unit, UnitKind};

choice!(
    /// 教研活动形式
    ResearchKind {
        Theme = "theme" "主题教研",
        Preparation = "preparation" "集体备课",
        OpenLesson = "open_lesson" "公开课与评课",
        Showcase = "showcase" "行动课堂展示",
        Study = "study" "理论学习",
        Industry = "industry" "企业调研",
        Exchange = "exchange" "校际交流",
    }
);

choice!(
    /// 教研主题方向
    ResearchTopic {
        Ideology = "ideology" "课程思政",
        Lesson = "lesson" "课堂教学",
        Resource = "resource" "课程资源建设",
        Technology = "technology" "信息技术与教学融合",
        Standard = "standard" "课程标准",
        Evaluation = "evaluation" "学业评价",
        Contest = "contest" "技能竞赛指导",
        Textbook = "textbook" "教材建设",
        Other = "other" "其他",
    }
);

/// 教研活动：各教研室的主题教研、集体备课、公开课和行动课堂展示。教研室主任登记，系主任和教务处检查。
#[derive(Clone, Debug, Register)]
#[register(
    id = "research_activity",
    title = "教研活动",
    group = "teaching",
    systems = "B12",
    label = "theme, held_on",
    date = "held_on",
    within = "group",
    owner = "host"
)]
pub struct ResearchActivity {
    #[field(label = "教研室", list, filter)]
    pub group: Ref<Unit>,
    #[field(label = "活动日期", list, filter)]
    pub held_on: NaiveDate,
    #[field(label = "活动形式", list, filter)]
    pub kind: ResearchKind,
    #[field(label = "主题方向", list, filter)]
    pub topic: ResearchTopic,
    #[field(label = "活动题目", list, max = 80)]
    pub theme: String,
    #[field(label = "主持人", list)]
    pub host: Ref<Staff>,
    #[field(label = "主讲人", help = "公开课、展示课填写上课教师")]
    pub speaker: Option<Ref<Staff>>,
    #[field(label = "地点")]
    pub room: Option<Ref<Room>>,
    #[field(label = "时长（分钟）", max = 600)]
    pub minutes: i64,
    #[field(label = "应到人数", max = 500)]
    pub expected: i64,
    #[field(label = "实到人数", list, max = 500)]
    pub present: i64,
    #[field(label = "缺席人员与原因", max = 200)]
    pub absent: Option<String>,
    #[field(label = "活动内容", max = 1000)]
    pub content: LongText,
    #[field(label = "成果", max = 500, help = "形成的教案、标准、案例、资源等")]
    pub product: Option<LongText>,
    #[field(label = "附件", help = "可不传")]
    pub files: Files,
}

impl Rules for ResearchActivity {
    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "research_monthly",
                "教研活动",
                1,
                Every::Month,
                Unit::each(UnitKind::Group),
                Filter::all(),
            )
            .also(&["主题教研活动", "开展教研活动", "组织教研活动"]),
            duty(
                "research_preparation",
                "集体备课",
                1,
                Every::Month,
                Unit::each(UnitKind::Group),
                Filter::is("kind", "preparation"),
            ),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let of = |kind: &str| Filter::is("kind", kind);
        vec![
            indicator(
                "research_activities",
                "教研活动次数",
                "教研活动记录条数",
                "次",
                Measure::Count { of: Filter::all() },
            )
            .also(&["主题教研次数"]),
            indicator(
                "research_coverage",
                "教研活动覆盖率",
                "开展过教研活动的教研室 ÷ 全部教研室",
                "%",
                Measure::Coverage {
                    of: Filter::all(),
                    field: "group".into(),
                    all: Filter::is("kind", "group"),
                },
            ),
            indicator(
                "open_lessons",
                "公开课节数",
                "形式为公开课与评课的记录条数",
                "节",
                Measure::Count {
                    of: of("open_lesson"),
                },
            )
            .also(&["公开课", "示范课"]),
            indicator(
                "showcases",
                "行动课堂展示次数",
                "形式为行动课堂展示的记录条数",
                "次",
                Measure::Count { of: of("showcase") },
            )
            .also(&["行动课堂", "行动课堂展示月活动"]),
            indicator(
                "research_attendance",
                "教研活动参加人次",
                "实到人数合计",
                "人次",
                Measure::Sum {
                    of: Filter::all(),
                    field: "present".into(),
                },
            ),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("record", "教研活动记录表")
                .fields(&[
                    "group", "held_on", "kind", "topic", "theme", "host", "speaker", "room", "minutes",
                    "expected", "present", "absent",
                ])
                .heading("活动内容")
                .text("{content}")
                .heading("成果")
                .text("{product}")
                .signatures(&["主持人", "参加人员（签名）"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(TEACHING_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(RESEARCH_LEAD, Reach::Unit),
            may_write(TEACHER, Reach::Own),
            may_read(TEACHER, Reach::School),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let lesson = matches!(self.kind, ResearchKind::OpenLesson | ResearchKind::Showcase);
        Checks::new()
            .not_after_today(self.held_on, ctx.today, "held_on")
            .refuse(self.minutes == 0, "minutes", "时长应大于0分钟")
            .refuse(self.expected == 0, "expected", "应到人数应大于0")
            .refuse(self.present == 0, "present", "实到人数应大于0")
            .refuse(
                self.present > self.expected,
                "present",
                "实到人数不能多于应到人数",
            )
            .refuse(
                lesson && self.speaker.is_none(),
                "speaker",
                "公开课和展示课请填写上课教师",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        let missing = self.present < self.expected && self.absent.is_none();
        Checks::new()
            .refuse(missing, "absent", "有人缺席，建议写明姓名和原因")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> ResearchActivity {
        ResearchActivity {
            group: Ref::new(Uuid::nil()),
            held_on: test_day(),
            kind: ResearchKind::Theme,
            topic: ResearchTopic::Ideology,
            theme: "专业课中的工匠精神".into(),
            host: Ref::new(Uuid::nil()),
            speaker: None,
            room: None,
            minutes: 90,
            expected: 12,
            present: 12,
            absent: None,
            content: LongText("研讨三门核心课的思政元素".into()),
            product: None,
            files: Files::default(),
        }
    }

    #[test]
    fn counts_minutes_and_day_are_checked() {
        assert!(refused(&sample()).is_empty());
        assert_eq!(
            refused(&ResearchActivity {
                present: 13,
                ..sample()
            }),
            ["present"]
        );
        assert_eq!(
            refused(&ResearchActivity {
                present: 0,
                ..sample()
            }),
            ["present"]
        );
        assert_eq!(
            refused(&ResearchActivity {
                expected: 0,
                present: 0,
                ..sample()
            }),
            ["expected", "present"]
        );
        assert_eq!(
            refused(&ResearchActivity {
                minutes: 0,
                ..sample()
            }),
            ["minutes"]
        );
        let tomorrow = test_day().succ_opt().expect("a day");
        assert_eq!(
            refused(&ResearchActivity {
                held_on: tomorrow,
                ..sample()
            }),
            ["held_on"]
        );
    }

    #[test]
    fn an_open_lesson_has_a_teacher() {
        let lesson = ResearchActivity {
            kind: ResearchKind::OpenLesson,
            ..sample()
        };
        assert_eq!(refused(&lesson), ["speaker"]);
        assert!(
            refused(&ResearchActivity {
                speaker: Some(Ref::new(Uuid::nil())),
                ..lesson
            })
            .is_empty()
        );
    }

    #[test]
    fn the_absent_are_asked_for() {
        assert!(doubted(&sample()).is_empty());
        assert_eq!(
            doubted(&ResearchActivity {
                present: 11,
                ..sample()
            }),
            ["absent"]
        );
        let named = ResearchActivity {
            present: 11,
            absent: Some("张伟（出差）".into()),
            ..sample()
        };
        assert!(doubted(&named).is_empty());
    }
}
