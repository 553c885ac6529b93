use crate::{TrainingProject, TrainingRoom};
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{LongText, Ref};
use kernel::register::indicator::{DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled};
use people::roles::{DEPARTMENT_HEAD, TEACHER, TEACHING_OFFICE, TRAINING_OFFICE};
use people::{Class, Staff, Unit, UnitKind};

choice!(
    /// 用途
    LogUse {
        Lesson = "lesson" "实训教学",
        Exam = "exam" "技能考核",
        Contest = "contest" "竞赛训练",
        Open = "open" "开放实训",
        Social = "social" "社会培训与体验",
    }
);

choice!(
    /// 设备情况
    LogState {
        Good = "good" "正常",
        Minor = "minor" "小故障已排除",
        Broken = "broken" "停用待修",
    }
);

/// 实训室使用记录：每次使用后由指导教师登记，选实训室和班级、确认人数即可；周报、月报和使用率由它汇总，不再另填。
#[derive(Clone, Debug, Register)]
#[register(
    id = "training_log",
    title = "实训室使用记录",
    group = "training",
    systems = "C2",
    label = "room, used_on, period",
    unique = "room, used_on, period",
    date = "used_on",
    within = "room",
    owner = "teacher"
)]
pub struct TrainingLog {
    #[field(label = "实训室", list, filter)]
    pub room: Ref<TrainingRoom>,
    #[field(label = "使用日期", list, filter)]
    pub used_on: NaiveDate,
    #[field(label = "起始节次", list, max = 14)]
    pub period: i64,
    #[field(label = "节数", list, max = 10)]
    pub periods: i64,
    #[field(label = "用途", list, filter)]
    pub usage: LogUse,
    #[field(label = "班级", list, filter, help = "社会培训等没有班级的不填")]
    pub class: Option<Ref<Class>>,
    #[field(label = "实训项目")]
    pub project: Option<Ref<TrainingProject>>,
    #[field(label = "指导教师", list)]
    pub teacher: Ref<Staff>,
    #[field(label = "实到人数", list, max = 500)]
    pub present: i64,
    #[field(label = "课前安全教育", filter)]
    pub briefed: bool,
    #[field(label = "课后6S完成", filter)]
    pub tidied: bool,
    #[field(label = "设备情况", list, filter)]
    pub machines: LogState,
    #[field(
        label = "情况说明",
        max = 300,
        help = "设备异常、学生违规、耗材不足等，正常可不写"
    )]
    pub remark: Option<LongText>,
    #[field(label = "实训人时数", help = "自动计算：实到人数×节数")]
    pub student_lessons: Option<i64>,
}

impl Rules for TrainingLog {
    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "training_log_week",
                "实训教学记录（周）",
                1,
                Every::Week,
                Unit::each(UnitKind::Department),
                Filter::all(),
            )
            .also(&["实训周报", "实训日志"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let all = Filter::all;
        vec![
            indicator(
                "training_uses",
                "实训室使用次数",
                "实训室使用记录条数",
                "次",
                Measure::Count { of: all() },
            )
            .also(&["实训次数", "实训教学次数"]),
            indicator(
                "training_rooms_used",
                "实训室使用率",
                "有使用记录的在用实训室 ÷ 在用实训室",
                "%",
                Measure::Coverage {
                    of: all(),
                    field: "room".into(),
                    all: TrainingRoom::in_use(),
                },
            )
            .also(&["实训室利用率", "实训设备利用率"]),
            indicator(
                "training_student_lessons",
                "实训人时数",
                "实到人数与节数的乘积合计",
                "人时",
                Measure::Sum {
                    of: all(),
                    field: "student_lessons".into(),
                },
            ),
            indicator(
                "training_briefed",
                "实训课前安全教育率",
                "做了课前安全教育的使用记录 ÷ 全部使用记录",
                "%",
                Measure::Share {
                    of: Filter::is("briefed", true),
                    among: all(),
                },
            )
            .also(&["实训安全教育率", "实训安全准入教育"]),
            indicator(
                "training_sound",
                "实训设备完好率",
                "设备情况不是停用待修的使用记录 ÷ 全部使用记录",
                "%",
                Measure::Share {
                    of: all().and("machines", Op::Not, "broken"),
                    among: all(),
                },
            )
            .also(&["设备完好率"]),
        ]
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "实训使用登记",
                "实训处",
                "下课后登记一次：选实训室和班级，核对人数，正常的直接提交",
            )
            .for_roles(&[TEACHER])
            .quick(&[
                "room", "used_on", "period", "periods", "usage", "class", "teacher", "present", "briefed",
                "tidied", "machines",
            ]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            list_form(
                "log",
                "实训室使用记录本",
                &[
                    "used_on", "period", "periods", "class", "teacher", "present", "machines",
                ],
                &["备注"],
            )
            .by("room"),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(TRAINING_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(TEACHER, Reach::Own),
            may_read(TEACHER, Reach::School),
            may_read(TEACHING_OFFICE, Reach::School),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["student_lessons"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.student_lessons = Some(self.present * self.periods);
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let remark = filled(self.remark.as_ref().map(|text| text.0.as_str()));
        Checks::new()
            .not_after_today(self.used_on, ctx.today, "used_on")
            .refuse(self.period == 0, "period", "节次从第1节起")
            .refuse(self.periods == 0, "periods", "节数应大于0")
            .refuse(self.present == 0, "present", "实到人数应大于0")
            .refuse(
                self.usage == LogUse::Lesson && self.class.is_none(),
                "class",
                "实训教学请选择班级",
            )
            .refuse(
                self.machines != LogState::Good && !remark,
                "remark",
                "设备有故障，请写明哪台设备、什么现象",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        // 《高等学校实验室安全分级分类管理办法（试行）》（教科信〔2024〕4号）, by analogy: nobody trains without instruction.
        Checks::new()
            .refuse(!self.briefed, "briefed", "课前应讲清本次实训的安全要点")
            .refuse(!self.tidied, "tidied", "下课前应完成工位6S")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> TrainingLog {
        TrainingLog {
            room: Ref::new(Uuid::nil()),
            used_on: test_day(),
            period: 3,
            periods: 4,
            usage: LogUse::Lesson,
            class: Some(Ref::new(Uuid::nil())),
            project: None,
            teacher: Ref::new(Uuid::nil()),
            present: 38,
            briefed: true,
            tidied: true,
            machines: LogState::Good,
            remark: None,
            student_lessons: None,
        }
    }

    #[test]
    fn a_lesson_has_a_class_and_a_fault_its_words() {
        assert!(refused(&sample()).is_empty());
        assert!(doubted(&sample()).is_empty());
        let bare = TrainingLog {
            class: None,
            machines: LogState::Broken,
            present: 0,
            briefed: false,
            tidied: false,
            ..sample()
        };
        assert_eq!(refused(&bare), ["present", "class", "remark"]);
        assert_eq!(doubted(&bare), ["briefed", "tidied"]);
        let open = TrainingLog {
            usage: LogUse::Open,
            class: None,
            ..sample()
        };
        assert!(refused(&open).is_empty());
    }

    #[test]
    fn student_lessons_are_counted() {
        let mut log = sample();
        log.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        assert_eq!(log.student_lessons, Some(152));
    }
}
