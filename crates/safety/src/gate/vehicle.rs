use crate::words::day_of;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::Ref;
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::{Checks, filled};
use people::roles::{GATE_KEEPER, GENERAL_AFFAIRS, OFFICE, SAFETY_OFFICE};

choice!(
    /// 车辆类别
    VehicleKind {
        Visitor = "visitor" "来访车辆",
        Delivery = "delivery" "送货车辆",
        Food = "food" "食材配送",
        Works = "works" "施工车辆",
        Coach = "coach" "客车校车",
        Official = "official" "公务车辆",
        Emergency = "emergency" "应急救援",
        Dangerous = "dangerous" "危险品运输",
    }
);

/// 车辆进出：外来车辆进校登记车牌、事由和联系人，学生集中活动时段不得通行。由门卫管理。
#[derive(Clone, Debug, Register)]
#[register(
    id = "vehicle_entry",
    title = "车辆进出",
    group = "safety",
    systems = "F5",
    label = "plate, entered_on",
    date = "entered_on",
    due = "entered_on",
    within = "contact",
    owner = "contact"
)]
pub struct VehicleEntry {
    #[field(label = "车牌号", list, max = 10)]
    pub plate: String,
    #[field(label = "车辆类别", list, filter)]
    pub kind: VehicleKind,
    #[field(label = "所属单位", list, max = 60)]
    pub company: Option<String>,
    #[field(label = "驾驶人", max = 36)]
    pub driver: String,
    #[field(label = "驾驶人电话", sealed, max = 20)]
    pub phone: Option<String>,
    #[field(label = "事由", list, max = 100)]
    pub reason: String,
    #[field(label = "校内联系人", list)]
    pub contact: Ref<Staff>,
    #[field(label = "进校时间", list)]
    pub entered_at: DateTime<Utc>,
    #[field(label = "进校日期", filter, help = "由进校时间得出，不用填")]
    pub entered_on: Option<NaiveDate>,
    #[field(label = "查验情况", max = 100, help = "后备箱、所载物品；危险品写明押运人")]
    pub inspection: Option<String>,
    #[field(label = "离校时间", list)]
    pub left_at: Option<DateTime<Utc>>,
}

impl Rules for VehicleEntry {
    fn flow() -> Flow {
        Flow::starts("在校内")
            .done("已离校")
            .step(
                "leave",
                "登记离校",
                &["在校内"],
                "已离校",
                &[Who::Role(GATE_KEEPER), Who::Role(SAFETY_OFFICE)],
            )
            .needs(&["left_at"])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![indicator(
            "vehicle_entry_count",
            "外来车辆进校辆次",
            "车辆进出记录条数",
            "辆次",
            Measure::Count { of: Filter::all() },
        )]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(GATE_KEEPER, Reach::School),
            may_write(SAFETY_OFFICE, Reach::School),
            may_read(GENERAL_AFFAIRS, Reach::School),
            may_read(OFFICE, Reach::School),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![list_form(
            "book",
            "车辆进出登记簿",
            &[
                "entered_at",
                "plate",
                "kind",
                "driver",
                "reason",
                "contact",
                "left_at",
            ],
            &["门卫签名"],
        )]
    }

    fn computed() -> &'static [&'static str] {
        &["entered_on"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.entered_on = Some(day_of(self.entered_at));
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                day_of(self.entered_at) > ctx.today,
                "entered_at",
                "进校时间不能晚于今天",
            )
            .refuse(
                self.left_at.is_some_and(|left| left < self.entered_at),
                "left_at",
                "离校时间不能早于进校时间",
            )
            .phone(self.phone.as_deref(), "phone")
            .refuse(
                self.kind == VehicleKind::Dangerous && !filled(self.inspection.as_deref()),
                "inspection",
                "危险品运输车辆须写明查验情况和押运人",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::moment;
    use people::sound::refused;
    use uuid::Uuid;

    #[test]
    fn dangerous_loads_are_inspected_and_times_are_in_order() {
        let entry = VehicleEntry {
            plate: "清A00001".into(),
            kind: VehicleKind::Food,
            company: None,
            driver: "李某".into(),
            phone: None,
            reason: "配送蔬菜".into(),
            contact: Ref::new(Uuid::nil()),
            entered_at: moment(0, 6),
            entered_on: None,
            inspection: None,
            left_at: Some(moment(0, 7)),
        };
        assert!(refused(&entry).is_empty());
        let early = VehicleEntry {
            left_at: Some(moment(0, 5)),
            ..entry.clone()
        };
        assert_eq!(refused(&early), ["left_at"]);
        let dangerous = VehicleEntry {
            kind: VehicleKind::Dangerous,
            ..entry
        };
        assert_eq!(refused(&dangerous), ["inspection"]);
    }
}
