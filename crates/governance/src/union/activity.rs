use crate::audience::own_for_all;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Money, Ref};
use kernel::register::flow::{Flow, Guard, Stage, Who};
use kernel::register::indicator::{
    DutySpec, Every, Filter, IndicatorSpec, Measure, duty, indicator, school_wide,
};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{PRINCIPAL, UNION};
use people::{Staff, Unit};

choice!(
    /// 工会活动类型
    ActivityKind {
        Sports = "sports" "体育健身",
        Arts = "arts" "文艺活动",
        Ethics = "ethics" "师德教育",
        Skills = "skills" "劳动和技能竞赛",
        Outing = "outing" "春秋游",
        Festival = "festival" "节日联欢",
        Lecture = "lecture" "健康和法律讲座",
        Women = "women" "女职工活动",
    }
);

choice!(
    /// 经费来源
    FundSource {
        Union = "union" "工会经费",
        School = "school" "行政补助",
        None = "none" "不用经费",
    }
);

/// 工会文体活动：教职工文体活动的申请、审批、举办和决算。由工会管理，各分工会申请。
#[derive(Clone, Debug, Register)]
#[register(
    id = "union_activity",
    title = "工会文体活动",
    group = "office",
    systems = "G8",
    label = "title",
    date = "planned_on",
    due = "planned_on",
    within = "unit",
    owner = "organiser"
)]
pub struct UnionActivity {
    #[field(label = "活动名称", list, max = 60)]
    pub title: String,
    #[field(label = "活动类型", list, filter)]
    pub kind: ActivityKind,
    #[field(label = "主办部门", list, filter, help = "全校活动选学校")]
    pub unit: Ref<Unit>,
    #[field(label = "组织者", list)]
    pub organiser: Ref<Staff>,
    #[field(label = "计划日期", list, filter)]
    pub planned_on: NaiveDate,
    #[field(label = "地点", max = 60)]
    pub place: String,
    #[field(label = "活动方案", max = 1000, help = "内容、分组、安全措施")]
    pub plan: LongText,
    #[field(label = "计划人数", max = 5000)]
    pub expected: i64,
    #[field(label = "经费来源", filter)]
    pub source: FundSource,
    #[field(label = "预算（元）", help = "不用经费的填0")]
    pub budget: Money,
    #[field(label = "奖品标准（元）", help = "人均奖品；不发不填")]
    pub prize: Option<Money>,
    #[field(label = "举办日期", list)]
    pub held_on: Option<NaiveDate>,
    #[field(label = "实到人数", list, max = 5000)]
    pub present: Option<i64>,
    #[field(label = "决算（元）")]
    pub spent: Option<Money>,
    #[field(label = "活动小结", max = 500)]
    pub summary: Option<LongText>,
    #[field(label = "方案、签到和照片", help = "可不传")]
    pub files: Files,
}

/// Budget from which the principal approves as well: 5,000 yuan in fen; the school's own rule.
const LARGE: i64 = 500_000;

impl Rules for UnionActivity {
    fn flow() -> Flow {
        let union = [Who::Role(UNION)];
        Flow::approvals(
            &[
                Stage::by("union", "工会", &union),
                Stage::by("principal", "校长", &[Who::Role(PRINCIPAL)]).when(Guard::above("budget", LARGE)),
            ],
            "待举办",
        )
        .still_open("待举办")
        .done("已举办")
        .dropped("已取消")
        .step(
            "hold",
            "登记举办",
            &["待举办"],
            "已举办",
            &[Who::Field("organiser".into()), Who::Role(UNION)],
        )
        .needs(&["held_on", "present", "spent", "summary"])
        .signed("组织者")
        .step("cancel", "取消", &["待举办"], "已取消", &union)
        .with_note()
    }

    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "union_activity_month",
                "教职工文体活动",
                1,
                Every::Month,
                school_wide(),
                Filter::state("已举办"),
            )
            .also(&["工会活动", "教工文体活动", "每月开展教职工活动"]),
            duty(
                "union_activity_ethics",
                "师德教育活动",
                1,
                Every::Term,
                school_wide(),
                Filter::is("kind", "ethics"),
            )
            .also(&["师德师风教育活动"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let held = || Filter::state("已举办");
        vec![
            indicator(
                "union_activities",
                "工会活动次数",
                "已举办的工会活动",
                "次",
                Measure::Count { of: held() },
            )
            .also(&["教职工文体活动次数", "工会文体活动"]),
            indicator(
                "union_activity_people",
                "工会活动参加人次",
                "已举办活动的实到人数合计",
                "人次",
                Measure::Sum {
                    of: held(),
                    field: "present".into(),
                },
            ),
            indicator(
                "union_activity_spent",
                "工会活动经费",
                "已举办活动的决算合计",
                "元",
                Measure::Sum {
                    of: held(),
                    field: "spent".into(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        own_for_all(&[UNION])
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "工会活动申请",
                "工会",
                "教职工文体活动提前一周申请；预算五千元以内工会审批，以上由校长审批",
            )
            .quick(&[
                "title",
                "kind",
                "unit",
                "organiser",
                "planned_on",
                "place",
                "plan",
                "expected",
                "source",
                "budget",
            ]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("request", "工会活动审批表")
                .fields(&[
                    "title",
                    "kind",
                    "unit",
                    "organiser",
                    "planned_on",
                    "place",
                    "expected",
                    "source",
                    "budget",
                    "prize",
                    "plan",
                ])
                .approvals(),
            sheet("account", "工会活动决算单")
                .fields(&["title", "held_on", "present", "budget", "spent", "summary"])
                .signatures(&["经办人", "证明人", "工会主席"])
                .in_states(&["已举办"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let free = self.source == FundSource::None;
        Checks::new()
            .refuse(self.budget.0 < 0, "budget", "预算不能为负数")
            .refuse(free && self.budget.0 > 0, "source", "有预算的请选择经费来源")
            .refuse(!free && self.budget.0 == 0, "budget", "用经费的活动请填写预算")
            .refuse(
                self.prize.is_some_and(|prize| prize.0 <= 0),
                "prize",
                "奖品标准应大于0",
            )
            .not_after_today(self.held_on, ctx.today, "held_on")
            .refuse(
                self.spent.is_some_and(|spent| spent.0 < 0),
                "spent",
                "决算不能为负数",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                self.spent.is_some_and(|spent| spent > self.budget),
                "spent",
                "决算超过预算，请说明原因",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::register::spec::RegisterSpec;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> UnionActivity {
        UnionActivity {
            title: "教职工气排球赛".into(),
            kind: ActivityKind::Sports,
            unit: Ref::new(Uuid::nil()),
            organiser: Ref::new(Uuid::nil()),
            planned_on: test_day(),
            place: "体育馆".into(),
            plan: LongText("分八队循环".into()),
            expected: 80,
            source: FundSource::Union,
            budget: Money(300_000),
            prize: None,
            held_on: None,
            present: None,
            spent: None,
            summary: None,
            files: Files::default(),
        }
    }

    #[test]
    fn money_has_a_source() {
        assert!(refused(&sample()).is_empty());
        let free = UnionActivity {
            source: FundSource::None,
            ..sample()
        };
        assert_eq!(refused(&free), ["source"]);
        let unpriced = UnionActivity {
            budget: Money(0),
            ..sample()
        };
        assert_eq!(refused(&unpriced), ["budget"]);
        let over = UnionActivity {
            spent: Some(Money(300_001)),
            ..sample()
        };
        assert_eq!(doubted(&over), ["spent"]);
    }

    #[test]
    fn the_principal_approves_what_is_large() {
        let spec = RegisterSpec::of::<UnionActivity>();
        let step = spec.flow.find("approve_union").expect("a stage");
        assert_eq!(step.target(&spec, &sample().to_values()), "待举办");
        let large = UnionActivity {
            budget: Money(LARGE + 1),
            ..sample()
        };
        assert_eq!(step.target(&spec, &large.to_values()), "待校长审批");
    }
}
