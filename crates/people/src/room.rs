use crate::checks::Checks;
use crate::roles::{ADMIN, GENERAL_AFFAIRS, TEACHING_OFFICE, directory};
use crate::{Campus, Staff, Unit};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Decimal, LongText, Ref};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};

choice!(
    /// 场所状态
    RoomStatus {
        InUse = "in_use" "在用",
        Repair = "repair" "维修",
        Closed = "closed" "停用",
    }
);

/// 场所：教室、实训场地等可安排教学的房间。由总务处和教务处维护，排课、考务和实训室都引用它。
#[derive(Clone, Debug, Register)]
#[register(
    id = "room",
    title = "场所",
    group = "school",
    systems = "B5, F7",
    label = "name",
    key = "number",
    unique = "number",
    within = "unit",
    owner = "keeper"
)]
pub struct Room {
    #[field(
        label = "教室号",
        list,
        max = 12,
        dataset = "T23.JSH",
        help = "最多12位，排课上报以此为限"
    )]
    pub number: String,
    #[field(label = "教室名称", list, max = 100, dataset = "T23.JSMC")]
    pub name: String,
    #[field(label = "校区", filter, help = "只有一个校区的不填；排课按它留出换校区的时间")]
    pub campus: Option<Ref<Campus>>,
    #[field(label = "楼宇", list, filter, max = 60)]
    pub building: String,
    #[field(label = "楼层", filter, max = 60)]
    pub floor: Option<i64>,
    #[field(label = "类型", list, filter, code = "SKDDLBDM", dataset = "T23.JSLXM")]
    pub kind: Code,
    #[field(label = "座位数", list, max = 5000, dataset = "T23.ZWS")]
    pub seats: i64,
    #[field(label = "面积（平方米）")]
    pub area: Option<Decimal<1>>,
    #[field(label = "用途说明", max = 2000, dataset = "T23.JSMS")]
    pub description: Option<LongText>,
    #[field(label = "管理部门", filter)]
    pub unit: Option<Ref<Unit>>,
    #[field(label = "管理人", list)]
    pub keeper: Option<Ref<Staff>>,
    #[field(label = "状态", list, filter)]
    pub status: RoomStatus,
}

impl Rules for Room {
    fn access() -> Vec<Access> {
        directory(&[GENERAL_AFFAIRS, TEACHING_OFFICE, ADMIN])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let multimedia = Filter::is("kind", "1").and("status", Op::Is, "in_use");
        vec![
            indicator(
                "multimedia_rooms",
                "多媒体教室数",
                "在用的多媒体教室",
                "间",
                Measure::Count { of: multimedia },
            )
            .also(&["多媒体教室"]),
        ]
    }

    fn check(&self, _ctx: &Ctx) -> Vec<Violation> {
        let ordinary = matches!(self.kind.0.as_str(), "1" | "5");
        Checks::new()
            .refuse(ordinary && self.seats == 0, "seats", "教室的座位数应大于0")
            .refuse(self.area.is_some_and(|area| area.0 <= 0), "area", "面积应大于0")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::refused;

    fn sample() -> Room {
        Room {
            number: "A101".into(),
            name: "教学楼A101".into(),
            campus: None,
            building: "教学楼A".into(),
            floor: Some(1),
            kind: Code("5".into()),
            seats: 48,
            area: Some(Decimal(720)),
            description: None,
            unit: None,
            keeper: None,
            status: RoomStatus::InUse,
        }
    }

    #[test]
    fn a_classroom_has_seats() {
        assert!(refused(&sample()).is_empty());
        assert_eq!(refused(&Room { seats: 0, ..sample() }), ["seats"]);
        assert!(
            refused(&Room {
                seats: 0,
                kind: Code("10".into()),
                ..sample()
            })
            .is_empty()
        );
        assert_eq!(
            refused(&Room {
                area: Some(Decimal(0)),
                ..sample()
            }),
            ["area"]
        );
    }
}
