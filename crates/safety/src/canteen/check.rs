use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Ref};
use kernel::register::indicator::{
    DutySpec, Every, Filter, IndicatorSpec, Measure, duty, indicator, school_wide,
};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::{Checks, said};
use people::roles::{GENERAL_AFFAIRS, HEALTH_OFFICE, SAFETY_OFFICE};

choice!(
    /// 食堂检查项目结果
    CanteenItem {
        Good = "good" "合格",
        Faulty = "faulty" "不合格",
        NotUsed = "not_used" "当日不涉及",
    }
);

/// 食堂每日检查：食品安全员每天对照清单检查一遍，没有问题也要记（日管控、零风险报告）；发现的问题当日整改。
#[derive(Clone, Debug, Register)]
#[register(
    id = "canteen_check",
    title = "食堂每日检查",
    group = "logistics",
    systems = "F6",
    label = "canteen, checked_on",
    date = "checked_on",
    within = "checker",
    owner = "checker",
    unique = "canteen, checked_on"
)]
pub struct CanteenCheck {
    #[field(label = "检查日期", list, filter)]
    pub checked_on: NaiveDate,
    #[field(label = "食堂", list, filter, max = 30)]
    pub canteen: String,
    #[field(label = "食品安全员", list)]
    pub checker: Ref<Staff>,
    #[field(label = "从业人员健康", help = "健康证有效、晨检正常、着装规范")]
    pub people: CanteenItem,
    #[field(label = "进货查验索证", help = "供货者资质、合格证明、台账齐全")]
    pub supply: CanteenItem,
    #[field(label = "原料贮存", help = "分区离墙离地、无过期变质")]
    pub storage: CanteenItem,
    #[field(
        label = "加工制作",
        help = "生熟分开、烧熟煮透，不制售冷荤凉菜和四季豆等高风险食品"
    )]
    pub cooking: CanteenItem,
    #[field(label = "食品留样")]
    pub samples: CanteenItem,
    #[field(label = "餐饮具消毒")]
    pub tableware: CanteenItem,
    #[field(label = "环境与三防", help = "防蝇、防鼠、防虫，地面无积水")]
    pub environment: CanteenItem,
    #[field(label = "设备与燃气消防")]
    pub gas: CanteenItem,
    #[field(label = "餐厨废弃物处置")]
    pub waste: CanteenItem,
    #[field(label = "检查结论", list, filter, help = "由各项得出，不用填")]
    pub result: Option<CanteenItem>,
    #[field(label = "发现的问题", max = 500)]
    pub problem: Option<LongText>,
    #[field(label = "整改措施", max = 500)]
    pub measure: Option<LongText>,
    #[field(label = "整改完成日期", list)]
    pub mended_on: Option<NaiveDate>,
    #[field(label = "照片", help = "可不传")]
    pub photos: Files,
}

impl CanteenCheck {
    fn faulty(&self) -> bool {
        [
            self.people,
            self.supply,
            self.storage,
            self.cooking,
            self.samples,
            self.tableware,
            self.environment,
            self.gas,
            self.waste,
        ]
        .contains(&CanteenItem::Faulty)
    }
}

impl Rules for CanteenCheck {
    // 《企业落实食品安全主体责任监督管理规定》（市场监管总局令第60号）: a daily check, reported also when no risk was found.
    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "canteen_check_day",
                "食堂每日检查",
                1,
                Every::Day,
                school_wide(),
                Filter::all(),
            )
            .also(&["食品安全日管控", "食堂日检查", "食堂检查"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let faulty = || Filter::is("result", "faulty");
        vec![
            indicator(
                "canteen_check_good",
                "食堂检查合格率",
                "结论为合格的检查 ÷ 全部检查",
                "%",
                Measure::Share {
                    of: Filter::is("result", "good"),
                    among: Filter::all(),
                },
            )
            .also(&["食品安全检查合格率"]),
            indicator(
                "canteen_check_mended",
                "食堂问题整改率",
                "已填整改完成日期的不合格检查 ÷ 不合格检查",
                "%",
                Measure::Share {
                    of: faulty().dated("mended_on"),
                    among: faulty(),
                },
            ),
            indicator(
                "canteen_check_count",
                "食堂检查次数",
                "检查记录条数",
                "次",
                Measure::Count { of: Filter::all() },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(HEALTH_OFFICE, Reach::School),
            may_write(GENERAL_AFFAIRS, Reach::School),
            may_read(SAFETY_OFFICE, Reach::School),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("daily", "食品安全日管控检查记录")
                .fields(&[
                    "canteen",
                    "checked_on",
                    "people",
                    "supply",
                    "storage",
                    "cooking",
                    "samples",
                    "tableware",
                    "environment",
                    "gas",
                    "waste",
                    "result",
                    "problem",
                    "measure",
                    "mended_on",
                ])
                .signatures(&["食品安全员", "食品安全总监"]),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["result"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.result = Some(if self.faulty() {
            CanteenItem::Faulty
        } else {
            CanteenItem::Good
        });
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let faulty = self.faulty();
        Checks::new()
            .not_after_today(self.checked_on, ctx.today, "checked_on")
            .refuse(
                faulty && !said(&self.problem),
                "problem",
                "有不合格项目，请写明发现的问题",
            )
            .refuse(
                !faulty && self.mended_on.is_some(),
                "mended_on",
                "没有不合格项目，不应有整改完成日期",
            )
            .in_order(
                self.checked_on,
                self.mended_on,
                "mended_on",
                "整改完成日期不能早于检查日期",
            )
            .not_after_today(self.mended_on, ctx.today, "mended_on")
            .refuse(
                self.mended_on.is_some() && !said(&self.measure),
                "measure",
                "填写了整改完成日期，请写明整改措施",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn sample() -> CanteenCheck {
        let good = CanteenItem::Good;
        CanteenCheck {
            checked_on: test_day(),
            canteen: "第一食堂".into(),
            checker: Ref::new(Uuid::nil()),
            people: good,
            supply: good,
            storage: good,
            cooking: good,
            samples: good,
            tableware: good,
            environment: good,
            gas: good,
            waste: CanteenItem::NotUsed,
            result: None,
            problem: None,
            measure: None,
            mended_on: None,
            photos: Files::default(),
        }
    }

    #[test]
    fn the_result_follows_from_the_items() {
        let ctx = Ctx {
            today: test_day(),
            new: true,
        };
        let mut check = sample();
        check.complete(&ctx);
        assert_eq!(check.result, Some(CanteenItem::Good));
        check.storage = CanteenItem::Faulty;
        check.complete(&ctx);
        assert_eq!(check.result, Some(CanteenItem::Faulty));
        assert_eq!(refused(&check), ["problem"]);
    }

    #[test]
    fn what_was_mended_was_faulty_and_has_a_measure() {
        assert!(refused(&sample()).is_empty());
        let mended = CanteenCheck {
            mended_on: Some(test_day()),
            measure: Some(LongText("清理".into())),
            ..sample()
        };
        assert_eq!(refused(&mended), ["mended_on"]);
        let faulty = CanteenCheck {
            waste: CanteenItem::Faulty,
            problem: Some(LongText("桶未加盖".into())),
            ..mended
        };
        assert!(refused(&faulty).is_empty());
        assert_eq!(
            refused(&CanteenCheck {
                measure: None,
                ..faulty
            }),
            ["measure"]
        );
    }
}
