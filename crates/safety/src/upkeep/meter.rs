use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Decimal, Ref};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{DORM_KEEPER, FINANCE, GENERAL_AFFAIRS};
use people::{Staff, Unit};

choice!(
    /// 表计类别
    MeterKind {
        Electricity = "electricity" "电表",
        Water = "water" "水表",
        Gas = "gas" "燃气表",
        Heat = "heat" "热量表",
    }
);

/// 水电表：学校各处的水、电、气、热表及倍率、单价，每月抄表以它为准。由总务处维护。
#[derive(Clone, Debug, Register)]
#[register(
    id = "meter",
    title = "水电表",
    group = "logistics",
    systems = "F7",
    label = "number, place",
    key = "number",
    unique = "number",
    within = "unit",
    owner = "keeper"
)]
pub struct Meter {
    #[field(label = "表号", list, max = 20)]
    pub number: String,
    #[field(label = "表计类别", list, filter)]
    pub kind: MeterKind,
    #[field(label = "安装位置", list, max = 60)]
    pub place: String,
    #[field(label = "使用单位", list, filter, help = "公共用表不填")]
    pub unit: Option<Ref<Unit>>,
    #[field(label = "倍率", list, max = 10000, help = "没有互感器的填1")]
    pub multiplier: i64,
    #[field(label = "单价（元）", list, help = "每千瓦时或每立方米")]
    pub price: Decimal<4>,
    #[field(label = "启用日期")]
    pub installed_on: NaiveDate,
    #[field(label = "启用读数")]
    pub first_reading: Decimal<2>,
    #[field(label = "抄表人", list)]
    pub keeper: Option<Ref<Staff>>,
    #[field(label = "是否在用", list, filter)]
    pub active: bool,
}

impl Rules for Meter {
    fn indicators() -> Vec<IndicatorSpec> {
        vec![indicator(
            "meter_active",
            "在用水电表数",
            "在用的表计条数",
            "只",
            Measure::Count {
                of: Filter::all().and("active", Op::Is, true),
            },
        )]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(GENERAL_AFFAIRS, Reach::School),
            may_read(DORM_KEEPER, Reach::School),
            may_read(FINANCE, Reach::School),
        ]
    }

    fn check(&self, _ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(self.multiplier == 0, "multiplier", "倍率应不小于1")
            .refuse(self.price.0 <= 0, "price", "单价应大于0")
            .refuse(self.first_reading.0 < 0, "first_reading", "启用读数不能为负数")
            .done()
    }
}
