use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{LongText, Ref};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, said};
use people::roles::{CLASS_TEACHER, COOPERATION_OFFICE, DEPARTMENT_HEAD, STUDENT_OFFICE, TEACHER};
use people::{Staff, Student};

use super::Internship;

choice!(
    /// 返岗结果
    ReturnResult {
        Back = "back" "按时返岗",
        Late = "late" "推迟返岗",
        Moved = "moved" "更换单位",
        School = "school" "返校学习",
        Away = "away" "未返岗",
        Lost = "lost" "失去联系",
    }
);

/// 实习返岗核查：假期后逐人核实实习学生是否返岗，没有返岗的写明原因和措施。班主任和指导教师登记，校企合作处汇总。
#[derive(Clone, Debug, Register)]
#[register(
    id = "internship_return",
    title = "实习返岗核查",
    group = "partners",
    systems = "D12",
    label = "student, occasion",
    unique = "placement, expected_on",
    date = "expected_on",
    within = "student",
    owner = "teacher"
)]
pub struct InternshipReturn {
    #[field(label = "假期或批次", list, filter, max = 30, help = "如 2026年国庆假期后")]
    pub occasion: String,
    #[field(label = "学生", list)]
    pub student: Ref<Student>,
    #[field(label = "实习安排", list)]
    pub placement: Ref<Internship>,
    #[field(label = "应返岗日期", list, filter)]
    pub expected_on: NaiveDate,
    #[field(label = "返岗结果", list, filter)]
    pub result: ReturnResult,
    #[field(label = "实际返岗日期", list)]
    pub returned_on: Option<NaiveDate>,
    #[field(label = "核实教师", list)]
    pub teacher: Ref<Staff>,
    #[field(label = "核实日期")]
    pub checked_on: NaiveDate,
    #[field(label = "未返岗原因", max = 300)]
    pub reason: Option<LongText>,
    #[field(label = "跟进措施", max = 300)]
    pub follow_up: Option<LongText>,
}

impl Rules for InternshipReturn {
    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "internship_return_rate",
                "返岗率",
                "按时返岗的学生 ÷ 应返岗的学生",
                "%",
                Measure::Share {
                    of: Filter::is("result", "back"),
                    among: Filter::all(),
                },
            )
            .also(&["学生返岗率", "岗位实习返岗率", "实习返岗率"]),
            indicator(
                "internship_return_lost",
                "未返岗学生数",
                "没有返岗的学生",
                "人",
                Measure::Count {
                    of: Filter::is("result", "away"),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(COOPERATION_OFFICE, Reach::School),
            may_write(CLASS_TEACHER, Reach::Unit),
            may_write(TEACHER, Reach::Own),
            may_read(DEPARTMENT_HEAD, Reach::Unit),
            may_read(STUDENT_OFFICE, Reach::School),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            list_form(
                "list",
                "实习学生返岗情况表",
                &[
                    "student",
                    "placement",
                    "expected_on",
                    "result",
                    "returned_on",
                    "teacher",
                ],
                &["备注"],
            )
            .by("occasion"),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        use ReturnResult::*;
        let back = matches!(self.result, Back | Late);
        let gone = matches!(self.result, Away | Lost);
        Checks::new()
            .not_after_today(self.checked_on, ctx.today, "checked_on")
            .in_order(
                self.expected_on,
                self.checked_on,
                "checked_on",
                "核实日期不能早于应返岗日期",
            )
            .refuse(
                back && self.returned_on.is_none(),
                "returned_on",
                "已返岗的请填写实际返岗日期",
            )
            .refuse(
                self.result == Back && self.returned_on.is_some_and(|day| day > self.expected_on),
                "returned_on",
                "晚于应返岗日期的请选择“推迟返岗”",
            )
            .refuse(
                gone && self.returned_on.is_some(),
                "returned_on",
                "没有返岗的不填返岗日期",
            )
            .refuse(
                self.result != Back && !said(&self.reason),
                "reason",
                "没有按时返岗的，请写明原因",
            )
            .refuse(
                gone && !said(&self.follow_up),
                "follow_up",
                "没有返岗的，请写明跟进措施",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn sample() -> InternshipReturn {
        InternshipReturn {
            occasion: "春节假期后".into(),
            student: Ref::new(Uuid::nil()),
            placement: Ref::new(Uuid::nil()),
            expected_on: test_day(),
            result: ReturnResult::Back,
            returned_on: Some(test_day()),
            teacher: Ref::new(Uuid::nil()),
            checked_on: test_day(),
            reason: None,
            follow_up: None,
        }
    }

    #[test]
    fn result_and_days_agree() {
        assert!(refused(&sample()).is_empty());
        assert_eq!(
            refused(&InternshipReturn {
                returned_on: None,
                ..sample()
            }),
            ["returned_on"]
        );
        assert_eq!(
            refused(&InternshipReturn {
                returned_on: test_day().succ_opt(),
                ..sample()
            }),
            ["returned_on"]
        );
        assert_eq!(
            refused(&InternshipReturn {
                checked_on: test_day().pred_opt().expect("a day"),
                ..sample()
            }),
            ["checked_on"]
        );
    }

    #[test]
    fn who_is_not_back_is_followed_up() {
        let away = InternshipReturn {
            result: ReturnResult::Away,
            ..sample()
        };
        assert_eq!(refused(&away), ["returned_on", "reason", "follow_up"]);
        let late = InternshipReturn {
            result: ReturnResult::Late,
            returned_on: test_day().succ_opt(),
            ..sample()
        };
        assert_eq!(refused(&late), ["reason"]);
    }
}
