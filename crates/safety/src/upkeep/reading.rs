use super::{Meter, MeterKind};
use chrono::NaiveDate;
use kernel::error::Violation;
use kernel::register::field::{Decimal, Files, Money, Ref};
use kernel::register::indicator::{
    DutyScope, DutySpec, Every, Filter, IndicatorSpec, Measure, duty, indicator,
};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::{Checks, filled};
use people::roles::{DEPARTMENT_HEAD, DORM_KEEPER, FINANCE, GENERAL_AFFAIRS};

/// 水电抄表：每只表每月抄一次，填上次和本次读数，用量和金额自动算出。由总务处抄表，财务处据此结算。
#[derive(Clone, Debug, Register)]
#[register(
    id = "meter_reading",
    title = "水电抄表",
    group = "logistics",
    systems = "F7",
    label = "meter, read_on",
    date = "read_on",
    within = "meter",
    owner = "reader",
    unique = "meter, read_on"
)]
pub struct MeterReading {
    #[field(label = "水电表", list, filter)]
    pub meter: Ref<Meter>,
    #[field(label = "表计类别", list, filter)]
    pub kind: MeterKind,
    #[field(label = "抄表日期", list, filter)]
    pub read_on: NaiveDate,
    #[field(label = "上次读数", list)]
    pub previous: Decimal<2>,
    #[field(label = "本次读数", list)]
    pub current: Decimal<2>,
    #[field(label = "倍率", max = 10000, help = "与表计一致，没有互感器的填1")]
    pub multiplier: i64,
    #[field(label = "换表前用量", help = "本期换过表的，填旧表最后用量")]
    pub before_change: Option<Decimal<2>>,
    #[field(label = "用量", list, help = "（本次－上次）×倍率＋换表前用量，自动算出")]
    pub used: Option<Decimal<2>>,
    #[field(label = "单价（元）")]
    pub price: Decimal<4>,
    #[field(label = "金额（元）", list, help = "用量×单价，自动算出")]
    pub amount: Option<Money>,
    #[field(label = "上月用量", help = "用于核对异常")]
    pub last_month: Option<Decimal<2>>,
    #[field(label = "异常说明", max = 200, help = "用量比上月多一半以上的请说明")]
    pub remark: Option<String>,
    #[field(label = "抄表人", list)]
    pub reader: Ref<Staff>,
    #[field(label = "照片", help = "可不传")]
    pub photos: Files,
}

impl MeterReading {
    /// What was used, in hundredths.
    fn usage(&self) -> i64 {
        let turned = self.current.0.saturating_sub(self.previous.0);
        let before = self.before_change.map_or(0, |used| used.0);
        turned.saturating_mul(self.multiplier).saturating_add(before)
    }
}

/// Hundredths of a unit times ten-thousandths of a yuan, in one fen.
const PER_FEN: i64 = 10_000;

impl Rules for MeterReading {
    fn duties() -> Vec<DutySpec> {
        let meters = DutyScope::Each {
            register: "meter".into(),
            only: None,
        };
        vec![
            duty(
                "meter_reading_month",
                "水电抄表",
                1,
                Every::Month,
                meters,
                Filter::all(),
            )
            .also(&["抄表", "每月抄表", "水电统计"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let used = |id: &str, title: &str, formula: &str, unit: &str, kind: &str| {
            indicator(
                id,
                title,
                formula,
                unit,
                Measure::Sum {
                    of: Filter::is("kind", kind),
                    field: "used".into(),
                },
            )
        };
        vec![
            used(
                "meter_reading_electricity",
                "用电量",
                "电表抄表用量合计",
                "千瓦时",
                "electricity",
            )
            .also(&["学校用电量"]),
            used(
                "meter_reading_water",
                "用水量",
                "水表抄表用量合计",
                "立方米",
                "water",
            )
            .also(&["学校用水量"]),
            used(
                "meter_reading_gas",
                "用气量",
                "燃气表抄表用量合计",
                "立方米",
                "gas",
            ),
            indicator(
                "meter_reading_amount",
                "水电气费用",
                "抄表金额合计",
                "元",
                Measure::Sum {
                    of: Filter::all(),
                    field: "amount".into(),
                },
            )
            .also(&["水电费", "能源费用"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(GENERAL_AFFAIRS, Reach::School),
            may_write(DORM_KEEPER, Reach::Own),
            may_read(FINANCE, Reach::School),
            may_read(DEPARTMENT_HEAD, Reach::Unit),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            list_form(
                "book",
                "水电抄表结算单",
                &[
                    "meter",
                    "read_on",
                    "previous",
                    "current",
                    "multiplier",
                    "used",
                    "price",
                    "amount",
                ],
                &["使用单位确认"],
            )
            .by("kind"),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["used", "amount"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        let used = self.usage();
        self.used = Some(Decimal(used));
        self.amount = Some(Money(
            used.saturating_mul(self.price.0).saturating_add(PER_FEN / 2) / PER_FEN,
        ));
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.read_on, ctx.today, "read_on")
            .refuse(self.previous.0 < 0, "previous", "读数不能为负数")
            .refuse(
                self.current < self.previous,
                "current",
                "本次读数不能小于上次读数；换过表的，上次读数填新表起数，旧表用量填“换表前用量”",
            )
            .refuse(self.multiplier == 0, "multiplier", "倍率应不小于1")
            .refuse(self.price.0 <= 0, "price", "单价应大于0")
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        let leap = self
            .last_month
            .is_some_and(|last| last.0 > 0 && self.usage() / 3 > last.0 / 2);
        Checks::new()
            .refuse(
                leap && !filled(self.remark.as_deref()),
                "remark",
                "用量比上月多一半以上，请核对读数或检查跑冒滴漏",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> MeterReading {
        MeterReading {
            meter: Ref::new(Uuid::nil()),
            kind: MeterKind::Electricity,
            read_on: test_day(),
            previous: Decimal(100_000),
            current: Decimal(110_050),
            multiplier: 20,
            before_change: None,
            used: None,
            price: Decimal(5283),
            amount: None,
            last_month: None,
            remark: None,
            reader: Ref::new(Uuid::nil()),
            photos: Files::default(),
        }
    }

    #[test]
    fn use_and_cost_are_computed() {
        let mut reading = sample();
        reading.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        // 100.50 × 20 = 2010.00 kWh at 0.5283 yuan = 1061.883 yuan.
        assert_eq!(reading.used, Some(Decimal(201_000)));
        assert_eq!(reading.amount, Some(Money(106_188)));
        reading.before_change = Some(Decimal(1_000));
        reading.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        assert_eq!(reading.used, Some(Decimal(202_000)));
    }

    #[test]
    fn a_meter_does_not_run_backwards_and_leaps_are_doubted() {
        assert!(refused(&sample()).is_empty());
        let back = MeterReading {
            current: Decimal(99_999),
            ..sample()
        };
        assert_eq!(refused(&back), ["current"]);
        let leap = MeterReading {
            last_month: Some(Decimal(100_000)),
            ..sample()
        };
        assert_eq!(doubted(&leap), ["remark"]);
        let steady = MeterReading {
            last_month: Some(Decimal(201_000)),
            ..sample()
        };
        assert!(doubted(&steady).is_empty());
    }
}
