use super::Meeting;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{DEPARTMENT_HEAD, OFFICE, PARTY_OFFICE, roles};
use people::{Staff, Unit};

choice!(
    /// 督办级别
    DecisionWeight {
        Key = "1" "重点督办",
        Ordinary = "2" "一般事项",
    }
);

/// 会议决议：会议议定的每件事落实到单位和责任人，签收、办理、验收后办结；逾期的排在最前，由办公室督办。
#[derive(Clone, Debug, Register)]
#[register(
    id = "decision",
    title = "会议决议",
    group = "office",
    systems = "G9, A4",
    label = "content",
    date = "decided_on",
    due = "due",
    within = "unit",
    owner = "responsible",
    unique = "meeting, item"
)]
pub struct Decision {
    #[field(label = "会议", list, filter)]
    pub meeting: Ref<Meeting>,
    #[field(label = "事项序号", max = 100, help = "在本次会议纪要中的第几项")]
    pub item: i64,
    #[field(label = "议定日期", list, filter)]
    pub decided_on: NaiveDate,
    #[field(label = "决议事项", list, max = 100)]
    pub content: String,
    #[field(label = "具体要求", max = 500)]
    pub demand: Option<LongText>,
    #[field(label = "督办级别", list, filter)]
    pub weight: DecisionWeight,
    #[field(label = "责任单位", list, filter)]
    pub unit: Ref<Unit>,
    #[field(label = "责任人", list)]
    pub responsible: Ref<Staff>,
    #[field(label = "协办单位", max = 100)]
    pub helpers: Option<String>,
    #[field(label = "完成期限", list, filter)]
    pub due: NaiveDate,
    #[field(label = "进展情况", max = 1000, help = "办理中随时补充，注明日期")]
    pub progress: Option<LongText>,
    #[field(label = "办理结果", max = 1000)]
    pub result: Option<LongText>,
    #[field(label = "完成日期", list)]
    pub done_on: Option<NaiveDate>,
    #[field(label = "验收意见", max = 300)]
    pub verdict: Option<LongText>,
    #[field(label = "佐证材料")]
    pub files: Files,
}

impl Rules for Decision {
    fn flow() -> Flow {
        let owner = [Who::Field("responsible".into())];
        let office = [Who::Role(OFFICE), Who::Role(PARTY_OFFICE)];
        Flow::starts("待签收")
            .open("待办")
            .open("待验收")
            .done("已办结")
            .dropped("已取消")
            .step("sign", "签收", &["待签收"], "待办", &owner)
            .within_days(2)
            .signed("责任人签收")
            .step("reassign", "改派", &["待签收", "待办"], "待签收", &office)
            .with_note()
            .step("progress", "报进展", &["待办"], "待办", &owner)
            .needs(&["progress"])
            .step("report", "报请验收", &["待办"], "待验收", &owner)
            .needs(&["result", "done_on"])
            .signed("责任单位办理结果")
            .step("accept", "验收办结", &["待验收"], "已办结", &office)
            .needs(&["verdict"])
            .within_days(5)
            .signed("办公室验收")
            .step("return", "退回再办", &["待验收"], "待办", &office)
            .with_note()
            .step("cancel", "取消", &["待签收", "待办"], "已取消", &office)
            .with_note()
            .editable(&["待签收", "待办"])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let done = || Filter::state("已办结");
        vec![
            indicator(
                "decision_done",
                "会议决议办结率",
                "已办结的决议 ÷ 登记的决议",
                "%",
                Measure::Share {
                    of: done(),
                    among: Filter::all(),
                },
            )
            .also(&["决议落实率", "决议办结率", "督办事项办结率", "会议议定事项落实率"]),
            indicator(
                "decision_on_time",
                "决议按期办结率",
                "完成日期不晚于完成期限的 ÷ 已办结的决议",
                "%",
                Measure::Share {
                    of: done().and("done_on", Op::AtMostField, "due"),
                    among: done(),
                },
            )
            .also(&["督办事项按期办结率"]),
            indicator(
                "decision_count",
                "会议决议事项数",
                "登记的决议条数",
                "项",
                Measure::Count { of: Filter::all() },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        let mut access: Vec<Access> = roles().iter().map(|r| may_read(r.id, Reach::Own)).collect();
        access.extend([
            may_write(OFFICE, Reach::School),
            may_write(PARTY_OFFICE, Reach::School),
            may_read(DEPARTMENT_HEAD, Reach::Unit),
        ]);
        access
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("notice", "会议决议督办单")
                .text("请责任单位按下列要求抓好落实，于{due}前将办理结果报办公室。")
                .fields(&[
                    "meeting",
                    "item",
                    "decided_on",
                    "weight",
                    "unit",
                    "responsible",
                    "helpers",
                    "due",
                    "content",
                    "demand",
                    "progress",
                    "result",
                    "done_on",
                    "verdict",
                ])
                .approvals(),
            list_form(
                "list",
                "会议决议督办清单",
                &["content", "unit", "responsible", "due", "done_on"],
                &["进展", "备注"],
            ),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let result = self.result.as_ref().is_some_and(|text| !text.0.trim().is_empty());
        Checks::new()
            .not_after_today(self.decided_on, ctx.today, "decided_on")
            .refuse(self.item == 0, "item", "事项序号从1开始")
            .in_order(self.decided_on, self.due, "due", "完成期限不能早于议定日期")
            .in_order(
                self.decided_on,
                self.done_on,
                "done_on",
                "完成日期不能早于议定日期",
            )
            .not_after_today(self.done_on, ctx.today, "done_on")
            .refuse(
                self.done_on.is_some() && !result,
                "result",
                "填写了完成日期，请写明办理结果",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                self.done_on.is_none() && self.due < ctx.today,
                "due",
                format!("完成期限 {} 已过，还没有办结", self.due),
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    #[test]
    fn a_decision_has_a_date_and_a_result() {
        let open = Decision {
            meeting: Ref::new(Uuid::nil()),
            item: 1,
            decided_on: test_day() - chrono::Days::new(10),
            content: "修订实训室管理制度".into(),
            demand: None,
            weight: DecisionWeight::Ordinary,
            unit: Ref::new(Uuid::nil()),
            responsible: Ref::new(Uuid::nil()),
            helpers: None,
            due: test_day(),
            progress: None,
            result: None,
            done_on: None,
            verdict: None,
            files: Files::default(),
        };
        assert!(refused(&open).is_empty() && doubted(&open).is_empty());
        let late = Decision {
            due: test_day() - chrono::Days::new(1),
            ..open.clone()
        };
        assert_eq!(doubted(&late), ["due"]);
        let done = Decision {
            done_on: Some(test_day()),
            ..open.clone()
        };
        assert_eq!(refused(&done), ["result"]);
        let hasty = Decision {
            due: open.decided_on - chrono::Days::new(1),
            ..open
        };
        assert_eq!(refused(&hasty), ["due"]);
    }

    #[test]
    fn who_does_it_does_not_accept_it() {
        let flow = Decision::flow();
        let who = |id: &str| flow.find(id).expect("a step").who.clone();
        assert_eq!(who("sign"), [Who::Field("responsible".into())]);
        assert!(!who("accept").contains(&Who::Field("responsible".into())));
    }
}
