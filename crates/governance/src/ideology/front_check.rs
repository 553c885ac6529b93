use super::IdeologyFront;
use crate::audience::own_for_all;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Ref};
use kernel::register::flow::{Flow, Guard, Who};
use kernel::register::indicator::{
    DutyScope, DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, indicator,
};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::{Checks, filled};
use people::roles::{DEPARTMENT_HEAD, PARTY_OFFICE};

choice!(
    /// 意识形态风险等级; the codes sort from high to low.
    FrontRisk {
        High = "1" "高风险",
        Middle = "2" "中风险",
        Low = "3" "低风险",
    }
);

/// 意识形态排查：对各阵地按月或按学期的排查，发现问题的限期整改、复核销号。由阵地责任人登记，党委办公室复核。
#[derive(Clone, Debug, Register)]
#[register(
    id = "front_check",
    title = "意识形态排查",
    group = "party",
    systems = "G3",
    label = "front, checked_on",
    date = "checked_on",
    due = "due",
    within = "front",
    owner = "responsible"
)]
pub struct FrontCheck {
    #[field(label = "阵地", list, filter)]
    pub front: Ref<IdeologyFront>,
    #[field(label = "排查日期", list, filter)]
    pub checked_on: NaiveDate,
    #[field(label = "排查人", list)]
    pub checker: Ref<Staff>,
    #[field(
        label = "排查内容",
        max = 500,
        help = "发布内容、留言评论、成员和权限、教材和课件、讲座审批等"
    )]
    pub scope: LongText,
    #[field(label = "发现问题", list, filter)]
    pub found: bool,
    #[field(label = "问题描述", max = 1000)]
    pub finding: Option<LongText>,
    #[field(label = "风险等级", list, filter)]
    pub risk: Option<FrontRisk>,
    #[field(label = "整改责任人", list)]
    pub responsible: Option<Ref<Staff>>,
    #[field(label = "整改期限", list)]
    pub due: Option<NaiveDate>,
    #[field(label = "处置和整改措施", max = 500)]
    pub measure: Option<LongText>,
    #[field(label = "整改日期")]
    pub rectified_on: Option<NaiveDate>,
    #[field(label = "复核意见", max = 500)]
    pub recheck: Option<LongText>,
    #[field(label = "截图", help = "可不传")]
    pub files: Files,
}

fn each_front(cycle: &str) -> DutyScope {
    DutyScope::Each {
        register: "ideology_front".into(),
        only: Some(("cycle".into(), cycle.into())),
    }
}

impl Rules for FrontCheck {
    fn flow() -> Flow {
        let party = || Who::Role(PARTY_OFFICE);
        Flow::starts("待确认")
            .open("待整改")
            .open("待复核")
            .done("无问题")
            .done("已销号")
            .step(
                "clear",
                "确认无问题",
                &["待确认"],
                "无问题",
                &[Who::Creator, party()],
            )
            .when(Guard::is("found", "false"))
            .step("assign", "交办整改", &["待确认"], "待整改", &[party()])
            .when(Guard::is("found", "true"))
            .needs(&["risk", "responsible", "due"])
            .signed("党委办公室意见")
            .step(
                "rectify",
                "整改完成",
                &["待整改"],
                "待复核",
                &[Who::Field("responsible".into()), party()],
            )
            .needs(&["measure", "rectified_on"])
            .signed("整改责任人")
            .step("close", "复核销号", &["待复核"], "已销号", &[party()])
            .needs(&["recheck"])
            .signed("复核人")
            .step("return", "退回重改", &["待复核"], "待整改", &[party()])
            .with_note()
    }

    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "front_check_month",
                "网络阵地每月排查",
                1,
                Every::Month,
                each_front("month"),
                Filter::all(),
            )
            .also(&["意识形态风险排查", "新媒体账号排查", "网络舆情排查"]),
            duty(
                "front_check_term",
                "意识形态阵地学期排查",
                1,
                Every::Term,
                each_front("term"),
                Filter::all(),
            )
            .also(&["意识形态阵地排查", "定期开展意识形态风险排查"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let found = || Filter::is("found", true);
        let mended = || found().and("state", Op::Is, "已销号");
        vec![
            indicator(
                "front_check_coverage",
                "意识形态阵地排查覆盖率",
                "排查过的在用阵地 ÷ 在用阵地",
                "%",
                Measure::Coverage {
                    of: Filter::all(),
                    field: "front".into(),
                    all: Filter::state("在用"),
                },
            )
            .also(&["阵地排查覆盖率"]),
            indicator(
                "front_check_mended",
                "意识形态问题整改率",
                "已销号的问题 ÷ 排查发现的问题",
                "%",
                Measure::Share {
                    of: mended(),
                    among: found(),
                },
            )
            .also(&["意识形态风险处置率"]),
            indicator(
                "front_check_on_time",
                "意识形态问题按期整改率",
                "整改日期不晚于期限的已销号问题 ÷ 已销号的问题",
                "%",
                Measure::Share {
                    of: mended().and("rectified_on", Op::AtMostField, "due"),
                    among: mended(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        let mut access = own_for_all(&[PARTY_OFFICE]);
        access.push(may_write(DEPARTMENT_HEAD, Reach::Unit));
        access
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("record", "意识形态阵地排查表")
                .fields(&[
                    "front",
                    "checked_on",
                    "checker",
                    "scope",
                    "found",
                    "finding",
                    "risk",
                    "responsible",
                    "due",
                    "measure",
                    "rectified_on",
                    "recheck",
                ])
                .approvals()
                .signatures(&["排查人", "阵地责任人"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let finding = filled(self.finding.as_ref().map(|text| text.0.as_str()));
        let measure = filled(self.measure.as_ref().map(|text| text.0.as_str()));
        Checks::new()
            .not_after_today(self.checked_on, ctx.today, "checked_on")
            .refuse(self.found && !finding, "finding", "发现问题的请写明问题")
            .refuse(
                !self.found && finding,
                "found",
                "写了问题描述，请把“发现问题”选为是",
            )
            .in_order(self.checked_on, self.due, "due", "整改期限不能早于排查日期")
            .in_order(
                self.checked_on,
                self.rectified_on,
                "rectified_on",
                "整改日期不能早于排查日期",
            )
            .not_after_today(self.rectified_on, ctx.today, "rectified_on")
            .refuse(
                self.rectified_on.is_some() && !measure,
                "measure",
                "填写了整改日期，请写明处置和整改措施",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let late = self.rectified_on.is_none() && self.due.is_some_and(|due| due < ctx.today);
        let slow = self.risk == Some(FrontRisk::High) && self.due > self.checked_on.succ_opt();
        Checks::new()
            .refuse(late, "due", "整改期限已过，还没有整改")
            .refuse(slow, "due", "高风险问题应当日或次日处置")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::register::spec::RegisterSpec;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> FrontCheck {
        FrontCheck {
            front: Ref::new(Uuid::nil()),
            checked_on: test_day(),
            checker: Ref::new(Uuid::nil()),
            scope: LongText("近一月推文和评论".into()),
            found: true,
            finding: Some(LongText("评论区有外链广告".into())),
            risk: Some(FrontRisk::Low),
            responsible: None,
            due: None,
            measure: None,
            rectified_on: None,
            recheck: None,
            files: Files::default(),
        }
    }

    #[test]
    fn a_problem_is_told_and_mended_in_words() {
        assert!(refused(&sample()).is_empty());
        let silent = FrontCheck {
            finding: None,
            ..sample()
        };
        assert_eq!(refused(&silent), ["finding"]);
        let denied = FrontCheck {
            found: false,
            ..sample()
        };
        assert_eq!(refused(&denied), ["found"]);
        let mended = FrontCheck {
            rectified_on: Some(test_day()),
            ..sample()
        };
        assert_eq!(refused(&mended), ["measure"]);
    }

    #[test]
    fn only_what_is_in_order_is_cleared_at_once() {
        let spec = RegisterSpec::of::<FrontCheck>();
        let offered = |id: &str, record: &FrontCheck| {
            let step = spec.flow.find(id).expect("a step");
            step.when
                .as_ref()
                .is_none_or(|guard| guard.holds(&spec, &record.to_values()))
        };
        assert!(!offered("clear", &sample()) && offered("assign", &sample()));
        let fine = FrontCheck {
            found: false,
            finding: None,
            ..sample()
        };
        assert!(offered("clear", &fine) && !offered("assign", &fine));
    }

    #[test]
    fn a_high_risk_cannot_wait() {
        let slow = FrontCheck {
            risk: Some(FrontRisk::High),
            due: test_day().checked_add_days(chrono::Days::new(2)),
            ..sample()
        };
        assert_eq!(doubted(&slow), ["due"]);
    }
}
