use crate::{Area, Inspection};
use chrono::{Days, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Money, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled};
use people::roles::{
    DEPARTMENT_HEAD, GENERAL_AFFAIRS, SAFETY_OFFICE, STUDENT_OFFICE, TEACHER, TRAINING_OFFICE,
};
use people::{Staff, Unit};

choice!(
    /// 隐患等级
    HazardLevel {
        Ordinary = "ordinary" "一般隐患",
        Major = "major" "重大隐患",
    }
);

choice!(
    /// 风险四色; the codes sort from high to low.
    Risk {
        Red = "1" "红（重大风险）",
        Orange = "2" "橙（较大风险）",
        Yellow = "3" "黄（一般风险）",
        Blue = "4" "蓝（低风险）",
    }
);

/// 隐患整改：排查出的隐患逐条登记，责任人整改，安全办复查后销号。由安全办管理，各系部登记本系部的。
#[derive(Clone, Debug, Register)]
#[register(
    id = "hazard",
    title = "隐患整改",
    group = "safety",
    systems = "F2",
    label = "place, found_on",
    date = "found_on",
    due = "due",
    within = "department",
    owner = "responsible"
)]
pub struct Hazard {
    #[field(label = "发现日期", list, filter)]
    pub found_on: NaiveDate,
    #[field(label = "来自排查", help = "由排查发现的请选择；师生报告的不填")]
    pub inspection: Option<Ref<Inspection>>,
    #[field(label = "区域", list, filter)]
    pub area: Area,
    #[field(label = "具体位置", list, max = 60)]
    pub place: String,
    #[field(label = "系部", filter, help = "公共区域不填")]
    pub department: Option<Ref<Unit>>,
    #[field(label = "隐患等级", list, filter)]
    pub level: HazardLevel,
    #[field(label = "风险等级", list, filter)]
    pub risk: Risk,
    #[field(label = "隐患描述", max = 500)]
    pub finding: LongText,
    #[field(label = "责任人", list)]
    pub responsible: Ref<Staff>,
    #[field(label = "整改期限", list, filter)]
    pub due: NaiveDate,
    #[field(
        label = "管控措施",
        max = 500,
        help = "重大隐患或期限超过30天的，写明整改完成前怎样保证安全"
    )]
    pub control: Option<LongText>,
    #[field(label = "整改前照片", help = "可不传")]
    pub photos: Files,
    #[field(label = "整改措施", max = 500)]
    pub measure: Option<LongText>,
    #[field(label = "整改日期", list)]
    pub rectified_on: Option<NaiveDate>,
    #[field(label = "整改费用（元）")]
    pub cost: Option<Money>,
    #[field(label = "复查结论", max = 500)]
    pub recheck: Option<LongText>,
    #[field(label = "复查日期")]
    pub rechecked_on: Option<NaiveDate>,
    #[field(label = "整改后照片", help = "可不传")]
    pub photos_after: Files,
}

/// Days after which a hazard that is still open needs a control measure.
const LONG: Days = Days::new(30);

impl Rules for Hazard {
    fn flow() -> Flow {
        Flow::starts("待整改")
            .open("待复查")
            .done("已销号")
            .step(
                "rectify",
                "整改完成",
                &["待整改"],
                "待复查",
                &[Who::Field("responsible".into()), Who::Role(SAFETY_OFFICE)],
            )
            .needs(&["measure", "rectified_on"])
            .signed("整改责任人")
            .step(
                "close",
                "复查通过",
                &["待复查"],
                "已销号",
                &[Who::Role(SAFETY_OFFICE)],
            )
            .needs(&["recheck", "rechecked_on"])
            .within_days(3)
            .signed("安全办复查")
            .step(
                "return",
                "退回重改",
                &["待复查"],
                "待整改",
                &[Who::Role(SAFETY_OFFICE)],
            )
            .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let closed = || Filter::state("已销号");
        let major = || Filter::is("level", "major");
        vec![
            indicator(
                "hazard_closed",
                "隐患整改率",
                "已销号的隐患 ÷ 登记的全部隐患",
                "%",
                Measure::Share {
                    of: closed(),
                    among: Filter::all(),
                },
            )
            .also(&["安全隐患整改率", "隐患销号率", "问题整改率"]),
            indicator(
                "hazard_on_time",
                "隐患按期整改率",
                "整改日期不晚于整改期限的已销号隐患 ÷ 已销号的隐患",
                "%",
                Measure::Share {
                    of: closed().and("rectified_on", Op::AtMostField, "due"),
                    among: closed(),
                },
            )
            .also(&["按期整改率"]),
            indicator(
                "hazards",
                "隐患数",
                "登记的隐患条数",
                "条",
                Measure::Count { of: Filter::all() },
            )
            .also(&["安全隐患数"]),
            indicator(
                "hazards_major",
                "重大隐患数",
                "登记的重大隐患条数",
                "条",
                Measure::Count { of: major() },
            )
            .also(&["重大安全隐患"]),
            indicator(
                "hazard_cost",
                "隐患整改投入",
                "整改费用合计",
                "元",
                Measure::Sum {
                    of: Filter::all(),
                    field: "cost".into(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(SAFETY_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(GENERAL_AFFAIRS, Reach::Own),
            may_write(TRAINING_OFFICE, Reach::Own),
            may_write(TEACHER, Reach::Own),
            may_read(STUDENT_OFFICE, Reach::School),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        let found = [
            "place",
            "area",
            "department",
            "level",
            "risk",
            "found_on",
            "responsible",
            "due",
            "finding",
            "control",
        ];
        vec![
            sheet("notice", "隐患整改通知单")
                .text("经排查，发现你单位存在下列安全隐患，请于{due}前整改完毕，并将整改情况报安全办复查。")
                .fields(&found)
                .signatures(&["签发人", "签收人"]),
            sheet("closing", "隐患整改复查单")
                .fields(&[
                    "place",
                    "finding",
                    "measure",
                    "rectified_on",
                    "cost",
                    "recheck",
                    "rechecked_on",
                ])
                .approvals()
                .in_states(&["待复查", "已销号"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let major = self.level == HazardLevel::Major;
        let long = self
            .found_on
            .checked_add_days(LONG)
            .is_some_and(|last| self.due > last);
        let control = filled(self.control.as_ref().map(|t| t.0.as_str()));
        let measure = filled(self.measure.as_ref().map(|t| t.0.as_str()));
        let recheck = filled(self.recheck.as_ref().map(|t| t.0.as_str()));
        Checks::new()
            .not_after_today(self.found_on, ctx.today, "found_on")
            .in_order(self.found_on, self.due, "due", "整改期限不能早于发现日期")
            .refuse(
                major && !control,
                "control",
                "重大隐患必须写明整改完成前的管控措施",
            )
            .refuse(
                !major && long && !control,
                "control",
                "整改期限超过30天，请写明整改完成前的管控措施",
            )
            .refuse(
                major && matches!(self.risk, Risk::Yellow | Risk::Blue),
                "risk",
                "重大隐患的风险等级应为红色或橙色",
            )
            .not_after_today(self.rectified_on, ctx.today, "rectified_on")
            .in_order(
                self.found_on,
                self.rectified_on,
                "rectified_on",
                "整改日期不能早于发现日期",
            )
            .refuse(
                self.rectified_on.is_some() && !measure,
                "measure",
                "填写了整改日期，请写明整改措施",
            )
            .not_after_today(self.rechecked_on, ctx.today, "rechecked_on")
            .in_order(
                self.rectified_on,
                self.rechecked_on,
                "rechecked_on",
                "复查日期不能早于整改日期",
            )
            .refuse(
                self.rechecked_on.is_some() && self.rectified_on.is_none(),
                "rectified_on",
                "还没有整改日期，不能复查",
            )
            .refuse(
                self.rechecked_on.is_some() && !recheck,
                "recheck",
                "填写了复查日期，请写明复查结论",
            )
            .refuse(
                self.cost.is_some_and(|cost| cost.0 < 0),
                "cost",
                "整改费用不能为负数",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                self.rectified_on.is_none() && self.due < ctx.today,
                "due",
                format!("整改期限 {} 已过，还没有整改", self.due),
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn days(after: i64) -> NaiveDate {
        test_day() + chrono::Duration::days(after)
    }

    fn text(text: &str) -> Option<LongText> {
        Some(LongText(text.into()))
    }

    fn sample() -> Hazard {
        Hazard {
            found_on: days(-10),
            inspection: None,
            area: Area::Canteen,
            place: "二楼后厨".into(),
            department: None,
            level: HazardLevel::Ordinary,
            risk: Risk::Yellow,
            finding: LongText("灭火器压力不足".into()),
            responsible: Ref::new(Uuid::nil()),
            due: days(5),
            control: None,
            photos: Files::default(),
            measure: None,
            rectified_on: None,
            cost: None,
            recheck: None,
            rechecked_on: None,
            photos_after: Files::default(),
        }
    }

    fn rectified() -> Hazard {
        Hazard {
            measure: text("更换灭火器"),
            rectified_on: Some(days(-3)),
            ..sample()
        }
    }

    #[test]
    fn days_follow_each_other() {
        assert!(refused(&sample()).is_empty());
        assert!(refused(&rectified()).is_empty());
        assert_eq!(
            refused(&Hazard {
                found_on: days(1),
                ..sample()
            }),
            ["found_on"]
        );
        assert_eq!(
            refused(&Hazard {
                due: days(-11),
                ..sample()
            }),
            ["due"]
        );
        assert_eq!(
            refused(&Hazard {
                rectified_on: Some(days(-11)),
                ..rectified()
            }),
            ["rectified_on"]
        );
        assert_eq!(
            refused(&Hazard {
                rectified_on: Some(days(1)),
                ..rectified()
            }),
            ["rectified_on"]
        );
        let rechecked = |on| Hazard {
            recheck: text("合格"),
            rechecked_on: Some(days(on)),
            ..rectified()
        };
        assert!(refused(&rechecked(-1)).is_empty());
        assert_eq!(refused(&rechecked(-4)), ["rechecked_on"]);
        assert_eq!(refused(&rechecked(1)), ["rechecked_on"]);
    }

    #[test]
    fn a_day_needs_its_words() {
        assert_eq!(
            refused(&Hazard {
                measure: None,
                ..rectified()
            }),
            ["measure"]
        );
        assert_eq!(
            refused(&Hazard {
                rechecked_on: Some(days(-1)),
                ..rectified()
            }),
            ["recheck"]
        );
        let early = Hazard {
            recheck: text("合格"),
            rechecked_on: Some(days(-1)),
            ..sample()
        };
        assert_eq!(refused(&early), ["rectified_on"]);
        assert_eq!(
            refused(&Hazard {
                cost: Some(Money(-1)),
                ..rectified()
            }),
            ["cost"]
        );
    }

    #[test]
    fn what_stays_open_long_is_kept_under_control() {
        let major = Hazard {
            level: HazardLevel::Major,
            risk: Risk::Red,
            ..sample()
        };
        assert_eq!(refused(&major), ["control"]);
        assert!(
            refused(&Hazard {
                control: text("停用并专人看守"),
                ..major.clone()
            })
            .is_empty()
        );
        let pale = Hazard {
            control: text("停用"),
            risk: Risk::Yellow,
            ..major
        };
        assert_eq!(refused(&pale), ["risk"]);
        assert!(
            refused(&Hazard {
                due: days(20),
                ..sample()
            })
            .is_empty()
        );
        assert_eq!(
            refused(&Hazard {
                due: days(21),
                ..sample()
            }),
            ["control"]
        );
    }

    #[test]
    fn an_overdue_hazard_is_called_for() {
        assert!(doubted(&sample()).is_empty());
        assert_eq!(
            doubted(&Hazard {
                due: days(-1),
                ..sample()
            }),
            ["due"]
        );
        assert!(
            doubted(&Hazard {
                due: days(-1),
                ..rectified()
            })
            .is_empty()
        );
    }

    #[test]
    fn whoever_mends_does_not_close() {
        let flow = Hazard::flow();
        let step = |id: &str| flow.find(id).expect("a step").clone();
        assert!(step("rectify").who.contains(&Who::Field("responsible".into())));
        assert_eq!(step("close").who, [Who::Role(SAFETY_OFFICE)]);
        assert_eq!(step("return").who, [Who::Role(SAFETY_OFFICE)]);
        assert!(step("return").note);
    }
}
