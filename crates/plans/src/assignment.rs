//! An item of the plan handed to a department and a person (责任分解任务): signed for, reported on, handed in, accepted.
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Ref};
use kernel::register::flow::{Flow, Guard, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled};
use people::roles::{DEPARTMENT_HEAD, OFFICE, PRINCIPAL, VICE_PRINCIPAL, roles};
use people::{Staff, Unit};
use uuid::Uuid;

/// Where a record waits to be signed for.
pub const UNSIGNED: &str = "待签收";
/// Where it is worked on.
pub const UNDERWAY: &str = "进行中";
/// Where it waits to be accepted.
pub const HANDED_IN: &str = "待验收";
/// Where it is done.
pub const CLOSED: &str = "已办结";
/// Where it was called off; such a record breaks nothing down.
pub const CALLED_OFF: &str = "已撤销";

choice!(
    /// 任务来源
    Source {
        Plan = "plan" "计划",
        Meeting = "meeting" "会议决议",
        Upper = "upper" "上级文件",
        Other = "other" "临时交办",
    }
);

choice!(
    /// 分解层级
    Level {
        Department = "department" "到部门",
        Person = "person" "到个人",
    }
);

/// 责任分解任务：计划条目、会议决议、上级文件分解到部门和个人，责任人签收、报进展、交办件，交办方验收后办结；逾期的排在最前。由办公室管理。
#[derive(Clone, Debug, Register)]
#[register(
    id = "assignment",
    title = "责任分解任务",
    group = "plan",
    systems = "A4",
    label = "item",
    date = "assigned_on",
    due = "due",
    within = "unit",
    owner = "responsible"
)]
pub struct Assignment {
    #[field(label = "任务来源", list, filter)]
    pub source: Source,
    #[field(label = "任务事项", list, max = 200, help = "从计划分解的，是计划条目的内容")]
    pub item: String,
    #[field(
        label = "计划条目",
        max = 60,
        help = "在计划看板点“分解任务”时自动带入；不是从计划分解的不填"
    )]
    pub commitment: Option<String>,
    #[field(label = "来源说明", max = 100, help = "会议名称、文件文号等")]
    pub basis: Option<String>,
    #[field(label = "交办日期", list, filter)]
    pub assigned_on: NaiveDate,
    #[field(
        label = "分解层级",
        list,
        filter,
        help = "到部门的由校领导或办公室验收，到个人的系主任也可验收"
    )]
    pub level: Level,
    #[field(label = "责任部门", list, filter)]
    pub unit: Ref<Unit>,
    #[field(label = "责任人", list, filter)]
    pub responsible: Ref<Staff>,
    #[field(label = "应交成果", list, max = 200)]
    pub deliverable: String,
    #[field(label = "节点与要求", max = 1000, help = "一行一个节点")]
    pub demand: Option<LongText>,
    #[field(label = "完成期限", list, filter)]
    pub due: NaiveDate,
    #[field(label = "进展情况", max = 1000)]
    pub progress: Option<LongText>,
    #[field(label = "完成进度", list, max = 100, help = "百分数，0到100")]
    pub percent: Option<i64>,
    #[field(label = "办理结果", max = 1000)]
    pub result: Option<LongText>,
    #[field(label = "交件日期", list)]
    pub done_on: Option<NaiveDate>,
    #[field(label = "验收意见", max = 300)]
    pub verdict: Option<LongText>,
    #[field(label = "办件材料")]
    pub files: Files,
}

/// How an assignment names the commitment (承诺) it breaks down: the address of its page.
pub fn link_to(commitment: Uuid) -> String {
    format!("{}/{commitment}", crate::board::HERE)
}

/// The commitment that a link names.
pub fn linked(link: &str) -> Option<Uuid> {
    link.strip_prefix(crate::board::HERE)?
        .strip_prefix('/')?
        .parse()
        .ok()
}

impl Rules for Assignment {
    fn flow() -> Flow {
        let owner = [Who::Field("responsible".into())];
        let leaders = [Who::Role(OFFICE), Who::Role(PRINCIPAL), Who::Role(VICE_PRINCIPAL)];
        let head = [Who::Role(DEPARTMENT_HEAD)];
        // Calling it off is whoever gave it: a step of an office would make every open record that office's task.
        // What went to a department is the head's own to do: only what went on to a person is the head's to accept.
        let to_person = || Guard::is("level", "person");
        Flow::starts(UNSIGNED)
            .open(UNDERWAY)
            .open(HANDED_IN)
            .done(CLOSED)
            .dropped(CALLED_OFF)
            .step("sign", "签收", &[UNSIGNED], UNDERWAY, &owner)
            .within_days(2)
            .signed("责任人签收")
            .step("progress", "报进展", &[UNDERWAY], UNDERWAY, &owner)
            .needs(&["progress", "percent"])
            .offers(&["files"])
            .step("hand_in", "交办件", &[UNDERWAY], HANDED_IN, &owner)
            .needs(&["result", "done_on"])
            .offers(&["files"])
            .signed("责任人办理结果")
            .step("accept", "验收通过", &[HANDED_IN], CLOSED, &leaders)
            .offers(&["verdict"])
            .within_days(5)
            .signed("验收意见")
            .step("accept_department", "系部验收通过", &[HANDED_IN], CLOSED, &head)
            .offers(&["verdict"])
            .when(to_person())
            .within_days(5)
            .signed("系部验收意见")
            .step("return", "退回", &[HANDED_IN], UNDERWAY, &leaders)
            .with_note()
            .step("return_department", "系部退回", &[HANDED_IN], UNDERWAY, &head)
            .with_note()
            .when(to_person())
            .step(
                "cancel",
                "撤销",
                &[UNSIGNED, UNDERWAY, HANDED_IN],
                CALLED_OFF,
                &[Who::Creator],
            )
            .with_note()
            .editable(&[UNSIGNED, UNDERWAY])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let live = || Filter::all().and("state", Op::Not, CALLED_OFF);
        let done = || Filter::state(CLOSED);
        vec![
            indicator(
                "assignment_on_time",
                "任务按时办结率",
                "交件日期不晚于完成期限的 ÷ 已办结的任务",
                "%",
                Measure::Share {
                    of: done().and("done_on", Op::AtMostField, "due"),
                    among: done(),
                },
            )
            .also(&["分解任务按时办结率", "重点任务按期完成率"]),
            indicator(
                "assignment_signed",
                "任务签收率",
                "已签收的任务 ÷ 未撤销的任务",
                "%",
                Measure::Share {
                    of: live().and("state", Op::Not, UNSIGNED),
                    among: live(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        let mut access: Vec<Access> = roles().iter().map(|r| may_read(r.id, Reach::Own)).collect();
        access.extend([
            may_write(OFFICE, Reach::School),
            may_write(PRINCIPAL, Reach::School),
            may_write(VICE_PRINCIPAL, Reach::Unit),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
        ]);
        access
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("order", "任务交办单")
                .text("请{unit}{responsible}于{due}前完成下列任务并交办件。")
                .fields(&[
                    "source",
                    "basis",
                    "item",
                    "assigned_on",
                    "level",
                    "unit",
                    "responsible",
                    "due",
                    "deliverable",
                    "demand",
                    "progress",
                    "percent",
                    "result",
                    "done_on",
                    "verdict",
                ])
                .approvals(),
            list_form(
                "list",
                "责任分解任务清单",
                &["item", "unit", "responsible", "deliverable", "due", "percent"],
                &["备注"],
            ),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let named = self.commitment.as_deref().filter(|link| !link.trim().is_empty());
        let result = self.result.as_ref().map(|text| text.0.as_str());
        Checks::new()
            .refuse(
                named.is_some_and(|link| linked(link).is_none()),
                "commitment",
                "请在计划看板点“分解任务”带入计划条目，不要手工填写",
            )
            .refuse(
                named.is_some() && self.source != Source::Plan,
                "source",
                "从计划条目分解的任务，来源是“计划”",
            )
            .not_after_today(self.assigned_on, ctx.today, "assigned_on")
            .in_order(self.assigned_on, self.due, "due", "完成期限不能早于交办日期")
            .in_order(
                self.assigned_on,
                self.done_on,
                "done_on",
                "交件日期不能早于交办日期",
            )
            .not_after_today(self.done_on, ctx.today, "done_on")
            .refuse(
                self.done_on.is_some() && !filled(result),
                "result",
                "填写了交件日期，请写明办理结果",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                self.done_on.is_none() && self.due < ctx.today,
                "due",
                format!("完成期限 {} 已过，还没有交办件", self.due),
            )
            .refuse(
                self.source == Source::Plan && self.commitment.is_none(),
                "commitment",
                "没有对应的计划条目，不计入该条目的分解情况",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Days;
    use kernel::register::spec::RegisterSpec;
    use people::sound::{doubted, faults, refused, test_day};

    fn sample() -> Assignment {
        Assignment {
            source: Source::Plan,
            item: "完成实训室设备清点".into(),
            commitment: Some(link_to(Uuid::nil())),
            basis: None,
            assigned_on: test_day() - Days::new(10),
            level: Level::Person,
            unit: Ref::new(Uuid::nil()),
            responsible: Ref::new(Uuid::nil()),
            deliverable: "清点表".into(),
            demand: None,
            due: test_day(),
            progress: None,
            percent: None,
            result: None,
            done_on: None,
            verdict: None,
            files: Files::default(),
        }
    }

    #[test]
    fn the_register_is_declared_soundly() {
        let all = [people::registers(), crate::registers()].concat();
        assert_eq!(faults(&all), Vec::<String>::new());
    }

    #[test]
    fn a_link_names_a_commitment_and_comes_from_the_plan() {
        let id = Uuid::now_v7();
        assert_eq!(linked(&link_to(id)), Some(id));
        for wrong in ["", "/board/", "/board/x", "https://board/x", &id.to_string()] {
            assert_eq!(linked(wrong), None, "{wrong}");
        }
        assert!(refused(&sample()).is_empty() && doubted(&sample()).is_empty());
        let typed = Assignment {
            commitment: Some("第三条".into()),
            ..sample()
        };
        assert_eq!(refused(&typed), ["commitment"]);
        let meeting = Assignment {
            source: Source::Meeting,
            ..sample()
        };
        assert_eq!(refused(&meeting), ["source"]);
        let loose = Assignment {
            commitment: None,
            ..sample()
        };
        assert!(refused(&loose).is_empty());
        assert_eq!(doubted(&loose), ["commitment"]);
    }

    #[test]
    fn days_are_in_order_and_what_is_handed_in_says_so() {
        let hasty = Assignment {
            due: sample().assigned_on - Days::new(1),
            ..sample()
        };
        assert_eq!(refused(&hasty), ["due"]);
        let silent = Assignment {
            done_on: Some(test_day()),
            ..sample()
        };
        assert_eq!(refused(&silent), ["result"]);
        let late = Assignment {
            due: test_day() - Days::new(1),
            ..sample()
        };
        assert_eq!(doubted(&late), ["due"]);
    }

    #[test]
    fn who_does_it_does_not_accept_it() {
        let spec = RegisterSpec::of::<Assignment>();
        let owner = Who::Field("responsible".into());
        for id in ["sign", "progress", "hand_in"] {
            assert_eq!(spec.flow.find(id).unwrap().who, std::slice::from_ref(&owner));
        }
        for step in spec.flow.steps.iter().filter(|s| s.from == [HANDED_IN]) {
            assert!(!step.who.contains(&owner) && !step.who.contains(&Who::Creator));
        }
        // A department's head accepts only what went on to a person.
        let by_head = spec.flow.find("accept_department").unwrap();
        let mut values = sample().to_values();
        let offered = |values: &[_]| by_head.when.as_ref().unwrap().holds(&spec, values);
        assert!(offered(&values));
        values[spec.index("level").unwrap()] = "department".into();
        assert!(!offered(&values));
    }
}
