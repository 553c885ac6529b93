use super::Purchase;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Money, Ref};
use kernel::register::flow::{Flow, StateKind, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{DEPARTMENT_HEAD, FINANCE, GENERAL_AFFAIRS, IT_CENTER, TEACHER, TRAINING_OFFICE};
use people::{Room, Staff, Unit};

choice!(
    /// 资产门类, the top classes of GB/T 14885-2022 《固定资产等资产基础分类与代码》.
    AssetCategory {
        Building = "A01" "房屋和构筑物",
        Equipment = "A02" "设备",
        Relic = "A03" "文物和陈列品",
        Book = "A04" "图书和档案",
        Furniture = "A05" "家具和用具",
        Living = "A06" "特种动植物",
        Material = "A07" "物资",
        Intangible = "A08" "无形资产",
    }
);

choice!(
    /// 资产来源
    AssetSource {
        Bought = "bought" "购置",
        Assigned = "assigned" "调拨",
        Donated = "donated" "捐赠",
        Built = "built" "自建自制",
        Exchanged = "exchanged" "置换",
        Counted = "counted" "盘盈",
    }
);

/// 设备资产：学校的设备、家具等资产一物一码，记使用地点、保管人和状态，随调拨、维修、报废变动。由总务处管理。
#[derive(Clone, Debug, Register)]
#[register(
    id = "asset",
    title = "设备资产",
    group = "logistics",
    systems = "C4, G6",
    label = "name, number",
    key = "number",
    unique = "number",
    date = "acquired_on",
    within = "unit",
    owner = "keeper"
)]
pub struct Asset {
    #[field(label = "资产编号", list, max = 30)]
    pub number: String,
    #[field(label = "资产名称", list, max = 60)]
    pub name: String,
    #[field(label = "资产门类", list, filter)]
    pub category: AssetCategory,
    #[field(label = "规格型号", max = 60)]
    pub model: Option<String>,
    #[field(label = "厂家品牌", max = 60)]
    pub maker: Option<String>,
    #[field(label = "出厂编号", max = 40)]
    pub serial: Option<String>,
    #[field(label = "使用部门", list, filter)]
    pub unit: Ref<Unit>,
    #[field(label = "存放场所", list, filter)]
    pub room: Option<Ref<Room>>,
    #[field(label = "保管人", list)]
    pub keeper: Ref<Staff>,
    #[field(label = "取得日期", list, filter)]
    pub acquired_on: NaiveDate,
    #[field(label = "资产来源", filter)]
    pub source: AssetSource,
    #[field(label = "对应采购", help = "由采购入账的请选择")]
    pub purchase: Option<Ref<Purchase>>,
    #[field(label = "原值（元）", list)]
    pub value: Money,
    #[field(label = "使用年限（年）", max = 100)]
    pub years: i64,
    #[field(label = "保修到期日")]
    pub warranty_until: Option<NaiveDate>,
    #[field(label = "盘点日期", list)]
    pub counted_on: Option<NaiveDate>,
    #[field(label = "账实相符", filter, help = "盘点时填写")]
    pub matches: Option<bool>,
    #[field(label = "处置日期", help = "报废、调出后填写")]
    pub disposed_on: Option<NaiveDate>,
    #[field(label = "备注", max = 200)]
    pub remark: Option<String>,
}

impl Rules for Asset {
    fn flow() -> Flow {
        let keeper = [Who::Field("keeper".into()), Who::Role(GENERAL_AFFAIRS)];
        let affairs = [Who::Role(GENERAL_AFFAIRS)];
        let mut flow = Flow::starts("在用")
            .done("闲置")
            .open("维修中")
            .open("待报废")
            .dropped("已报废")
            .dropped("已调出")
            .step("idle", "转为闲置", &["在用"], "闲置", &keeper)
            .step("use", "启用", &["闲置"], "在用", &keeper)
            .step("repair", "送修", &["在用", "闲置"], "维修中", &keeper)
            .step("mended", "修复", &["维修中"], "在用", &keeper)
            .within_days(15)
            .step(
                "condemn",
                "申请报废",
                &["在用", "闲置", "维修中"],
                "待报废",
                &keeper,
            )
            .with_note()
            .step("keep", "不予报废", &["待报废"], "闲置", &affairs)
            .with_note()
            .step("scrap", "报废销账", &["待报废"], "已报废", &affairs)
            .needs(&["disposed_on"])
            .step("move_out", "调出", &["在用", "闲置"], "已调出", &affairs)
            .needs(&["disposed_on"])
            .with_note();
        // An asset in use asks nothing of anybody.
        flow.states[0].kind = StateKind::Done;
        flow
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let used = || Filter::state("在用");
        let kept = || {
            Filter::all()
                .and("state", Op::Not, "已报废")
                .and("state", Op::Not, "已调出")
        };
        let sound = || {
            kept()
                .and("state", Op::Not, "维修中")
                .and("state", Op::Not, "待报废")
        };
        vec![
            indicator(
                "asset_sound",
                "设备完好率",
                "在用和闲置的资产 ÷ 未报废、未调出的资产",
                "%",
                Measure::Share {
                    of: sound(),
                    among: kept(),
                },
            )
            .standing()
            .also(&["仪器设备完好率", "设备设施完好率"]),
            indicator(
                "asset_value",
                "在用资产原值",
                "在用资产原值合计",
                "元",
                Measure::Sum {
                    of: used(),
                    field: "value".into(),
                },
            )
            .standing()
            .also(&["设备总值", "资产总值"]),
            indicator(
                "asset_matching",
                "资产账实相符率",
                "账实相符的资产 ÷ 已盘点的资产",
                "%",
                Measure::Share {
                    of: Filter::is("matches", true).dated("counted_on"),
                    among: Filter::all().dated("counted_on"),
                },
            )
            .standing()
            .also(&["账实相符率"]),
            indicator(
                "asset_count",
                "设备资产件数",
                "登记的资产条数",
                "件",
                Measure::Count { of: Filter::all() },
            )
            .standing(),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(GENERAL_AFFAIRS, Reach::School),
            may_write(TRAINING_OFFICE, Reach::School),
            may_write(IT_CENTER, Reach::Own),
            may_read(FINANCE, Reach::School),
            may_read(DEPARTMENT_HEAD, Reach::Unit),
            may_read(TEACHER, Reach::Own),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("card", "固定资产卡片")
                .fields(&[
                    "number",
                    "name",
                    "category",
                    "model",
                    "maker",
                    "serial",
                    "unit",
                    "room",
                    "keeper",
                    "acquired_on",
                    "source",
                    "value",
                    "years",
                    "warranty_until",
                ])
                .signatures(&["保管人", "资产管理员"]),
            list_form(
                "count",
                "资产盘点表",
                &["number", "name", "model", "room", "keeper", "value"],
                &["账实是否相符", "盘点人"],
            )
            .by("unit"),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.acquired_on, ctx.today, "acquired_on")
            .refuse(self.value.0 <= 0, "value", "原值应大于0")
            .refuse(
                self.years == 0 && self.category != AssetCategory::Relic,
                "years",
                "使用年限应大于0",
            )
            .in_order(
                self.acquired_on,
                self.warranty_until,
                "warranty_until",
                "保修到期日不能早于取得日期",
            )
            .not_after_today(self.counted_on, ctx.today, "counted_on")
            .refuse(
                self.counted_on.is_some() != self.matches.is_some(),
                "matches",
                "盘点日期和账实相符请一并填写",
            )
            .in_order(
                self.acquired_on,
                self.disposed_on,
                "disposed_on",
                "处置日期不能早于取得日期",
            )
            .not_after_today(self.disposed_on, ctx.today, "disposed_on")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn sample() -> Asset {
        Asset {
            number: "A02-2026-0001".into(),
            name: "台式计算机".into(),
            category: AssetCategory::Equipment,
            model: None,
            maker: None,
            serial: None,
            unit: Ref::new(Uuid::nil()),
            room: None,
            keeper: Ref::new(Uuid::nil()),
            acquired_on: test_day(),
            source: AssetSource::Bought,
            purchase: None,
            value: Money(450_000),
            years: 6,
            warranty_until: None,
            counted_on: None,
            matches: None,
            disposed_on: None,
            remark: None,
        }
    }

    #[test]
    fn an_asset_has_a_value_a_life_and_a_whole_count() {
        assert!(refused(&sample()).is_empty());
        assert_eq!(
            refused(&Asset {
                value: Money(0),
                years: 0,
                ..sample()
            }),
            ["value", "years"]
        );
        let counted = Asset {
            counted_on: Some(test_day()),
            ..sample()
        };
        assert_eq!(refused(&counted), ["matches"]);
    }

    #[test]
    fn an_asset_in_use_is_nothing_to_do() {
        let flow = Asset::flow();
        assert_eq!(flow.kind_of("在用"), StateKind::Done);
        assert_eq!(flow.kind_of("待报废"), StateKind::Open);
        assert_eq!(
            flow.find("scrap").expect("a step").who,
            [Who::Role(GENERAL_AFFAIRS)]
        );
    }
}
