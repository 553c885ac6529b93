use crate::{SafetyClass, TrainingRoom};
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{ChoiceList, Files, LongText, Ref};
use kernel::register::indicator::{DutySpec, Every, Filter, IndicatorSpec, Measure, duty, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::{Checks, filled};
use people::roles::{DEPARTMENT_HEAD, SAFETY_OFFICE, TEACHER, TRAINING_OFFICE};

choice!(
    /// 检查层级
    CheckLevel {
        Department = "department" "系部检查",
        School = "school" "学校检查",
    }
);

choice!(
    /// 检查结论
    CheckResult {
        Good = "good" "正常",
        Faulty = "faulty" "有问题",
    }
);

/// 实训室安全检查：按安全等级确定的周期检查用电、设备、消防、危险品和6S。负责人自查、系部检查、学校抽查都记在这里。
#[derive(Clone, Debug, Register)]
#[register(
    id = "training_room_check",
    title = "实训室安全检查",
    group = "training",
    systems = "C1, C2, C3",
    label = "room, checked_on",
    date = "checked_on",
    within = "room",
    owner = "checker"
)]
pub struct TrainingRoomCheck {
    #[field(label = "实训室", list, filter)]
    pub room: Ref<TrainingRoom>,
    #[field(label = "检查日期", list, filter)]
    pub checked_on: NaiveDate,
    #[field(label = "检查层级", list, filter)]
    pub level: CheckLevel,
    #[field(label = "检查人", list)]
    pub checker: Ref<Staff>,
    #[field(label = "用电安全")]
    pub electricity: CheckResult,
    #[field(label = "设备与防护")]
    pub machines: CheckResult,
    #[field(label = "消防与通道")]
    pub fire: CheckResult,
    #[field(label = "危险品管理", help = "没有危险品的选“正常”")]
    pub chemicals: CheckResult,
    #[field(label = "6S与环境")]
    pub order: CheckResult,
    #[field(label = "检查结论", list, filter)]
    pub result: CheckResult,
    #[field(label = "问题与要求", max = 500)]
    pub problem: Option<LongText>,
    #[field(label = "整改日期", list)]
    pub mended_on: Option<NaiveDate>,
    #[field(label = "整改情况", max = 500)]
    pub mended: Option<LongText>,
    #[field(label = "照片", help = "可不传")]
    pub photos: Files,
}

/// How often the department and the school inspect rooms of each class (an example school's rule by analogy with
/// the ministry's classes; a school changes it in its duties).
const CYCLES: [(SafetyClass, &str, Every, Every); 4] = [
    (SafetyClass::First, "Ⅰ级", Every::Week, Every::Month),
    (SafetyClass::Second, "Ⅱ级", Every::HalfMonth, Every::Term),
    (SafetyClass::Third, "Ⅲ级", Every::HalfMonth, Every::Term),
    (SafetyClass::Fourth, "Ⅳ级", Every::Month, Every::Year),
];

impl Rules for TrainingRoomCheck {
    fn duties() -> Vec<DutySpec> {
        CYCLES
            .into_iter()
            .flat_map(|(class, name, department, school)| {
                let of = |level: CheckLevel, title: &str, every| {
                    duty(
                        &format!("training_room_check_{}_{}", level.code(), class.code()),
                        &format!("{name}实训室{title}"),
                        1,
                        every,
                        TrainingRoom::each(class),
                        Filter::is("level", level.code()),
                    )
                };
                [
                    of(CheckLevel::Department, "系部安全检查", department)
                        .also(&["实训室安全检查", "实训常规检查"]),
                    of(CheckLevel::School, "学校安全检查", school).also(&["实训室安全抽查"]),
                ]
            })
            .collect()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let faulty = || Filter::is("result", "faulty");
        vec![
            indicator(
                "training_room_checked",
                "实训室安全检查覆盖率",
                "检查过的在用实训室 ÷ 在用实训室",
                "%",
                Measure::Coverage {
                    of: Filter::all(),
                    field: "room".into(),
                    all: TrainingRoom::in_use(),
                },
            )
            .also(&["实训室检查覆盖率"]),
            indicator(
                "training_room_checks",
                "实训室安全检查次数",
                "检查记录条数",
                "次",
                Measure::Count { of: Filter::all() },
            )
            .also(&["实验室安全检查次数"]),
            indicator(
                "training_room_good",
                "实训室安全检查合格率",
                "结论为正常的检查 ÷ 全部检查",
                "%",
                Measure::Share {
                    of: Filter::is("result", "good"),
                    among: Filter::all(),
                },
            )
            .also(&["实训室6S合格率"]),
            indicator(
                "training_room_mended",
                "实训室问题整改率",
                "已填写整改日期的有问题检查 ÷ 有问题的检查",
                "%",
                Measure::Share {
                    of: faulty().dated("mended_on"),
                    among: faulty(),
                },
            ),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("check", "实训室安全检查记录表")
                .fields(&[
                    "room",
                    "checked_on",
                    "level",
                    "checker",
                    "electricity",
                    "machines",
                    "fire",
                    "chemicals",
                    "order",
                    "result",
                    "problem",
                    "mended_on",
                    "mended",
                ])
                .signatures(&["检查人", "实训室负责人", "系部"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(TRAINING_OFFICE, Reach::School),
            may_write(SAFETY_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(TEACHER, Reach::Own),
            may_read(TEACHER, Reach::Unit),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let items = [
            self.electricity,
            self.machines,
            self.fire,
            self.chemicals,
            self.order,
        ];
        let worst = if items.contains(&CheckResult::Faulty) {
            CheckResult::Faulty
        } else {
            CheckResult::Good
        };
        let problem = filled(self.problem.as_ref().map(|text| text.0.as_str()));
        let mended = filled(self.mended.as_ref().map(|text| text.0.as_str()));
        Checks::new()
            .not_after_today(self.checked_on, ctx.today, "checked_on")
            .refuse(
                self.result != worst,
                "result",
                format!("各项检查中{}，结论应为“{}”", hint(worst), worst.label()),
            )
            .refuse(
                worst == CheckResult::Faulty && !problem,
                "problem",
                "有问题的，请写明问题和整改要求",
            )
            .refuse(
                self.mended_on.is_some() && worst == CheckResult::Good,
                "mended_on",
                "检查正常，不应有整改日期",
            )
            .in_order(
                self.checked_on,
                self.mended_on,
                "mended_on",
                "整改日期不能早于检查日期",
            )
            .not_after_today(self.mended_on, ctx.today, "mended_on")
            .refuse(
                self.mended_on.is_some() && !mended,
                "mended",
                "填写了整改日期，请写明整改情况",
            )
            .done()
    }
}

fn hint(worst: CheckResult) -> &'static str {
    match worst {
        CheckResult::Faulty => "有不正常的项目",
        CheckResult::Good => "没有发现问题",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn sample() -> TrainingRoomCheck {
        TrainingRoomCheck {
            room: Ref::new(Uuid::nil()),
            checked_on: test_day(),
            level: CheckLevel::Department,
            checker: Ref::new(Uuid::nil()),
            electricity: CheckResult::Good,
            machines: CheckResult::Good,
            fire: CheckResult::Good,
            chemicals: CheckResult::Good,
            order: CheckResult::Good,
            result: CheckResult::Good,
            problem: None,
            mended_on: None,
            mended: None,
            photos: Files::default(),
        }
    }

    fn faulty() -> TrainingRoomCheck {
        TrainingRoomCheck {
            fire: CheckResult::Faulty,
            result: CheckResult::Faulty,
            problem: Some(LongText("通道堆物，当日清理".into())),
            ..sample()
        }
    }

    #[test]
    fn the_result_is_the_worst_item() {
        assert!(refused(&sample()).is_empty());
        assert!(refused(&faulty()).is_empty());
        assert_eq!(
            refused(&TrainingRoomCheck {
                result: CheckResult::Good,
                ..faulty()
            }),
            ["result"]
        );
        assert_eq!(
            refused(&TrainingRoomCheck {
                result: CheckResult::Faulty,
                ..sample()
            }),
            ["result"]
        );
        assert_eq!(
            refused(&TrainingRoomCheck {
                problem: None,
                ..faulty()
            }),
            ["problem"]
        );
    }

    #[test]
    fn mending_follows_a_problem() {
        let mended = TrainingRoomCheck {
            mended_on: Some(test_day()),
            mended: Some(LongText("已清理".into())),
            ..faulty()
        };
        assert!(refused(&mended).is_empty());
        assert_eq!(
            refused(&TrainingRoomCheck {
                mended: None,
                ..mended.clone()
            }),
            ["mended"]
        );
        let early = test_day().pred_opt();
        assert_eq!(
            refused(&TrainingRoomCheck {
                mended_on: early,
                ..mended.clone()
            }),
            ["mended_on"]
        );
        assert_eq!(
            refused(&TrainingRoomCheck {
                mended_on: Some(test_day()),
                mended: mended.mended,
                ..sample()
            }),
            ["mended_on"]
        );
        let tomorrow = test_day().succ_opt().expect("a day");
        assert_eq!(
            refused(&TrainingRoomCheck {
                checked_on: tomorrow,
                ..sample()
            }),
            ["checked_on"]
        );
    }
}
