use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, LongText, Ref};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::Checks;
use people::roles::{
    CLASS_TEACHER, DEPARTMENT_HEAD, DORM_KEEPER, GENERAL_AFFAIRS, SAFETY_OFFICE, STUDENT_OFFICE,
};

choice!(
    /// 宿舍状态
    DormState {
        InUse = "in_use" "在用",
        Spare = "spare" "备用",
        Isolation = "isolation" "隔离观察",
        Repair = "repair" "维修",
        Closed = "closed" "停用",
    }
);

/// 宿舍房间：楼栋、房号、床位和管理员。由宿舍管理员和总务处维护，住宿安排和查寝都引用它。
#[derive(Clone, Debug, Register)]
#[register(
    id = "dorm_room",
    title = "宿舍房间",
    group = "student",
    systems = "D14",
    label = "number",
    key = "number",
    unique = "number",
    owner = "keeper"
)]
pub struct DormRoom {
    #[field(label = "宿舍编号", list, max = 40, help = "如 竹园1-203")]
    pub number: String,
    #[field(label = "楼栋", list, filter, max = 30)]
    pub building: String,
    #[field(label = "楼层", list, filter, max = 40)]
    pub floor: i64,
    #[field(label = "住宿性别", list, filter, code = "sex")]
    pub sex: Code,
    #[field(label = "床位数", list, max = 20)]
    pub beds: i64,
    #[field(label = "宿舍管理员", list)]
    pub keeper: Option<Ref<Staff>>,
    #[field(label = "年住宿费（元）", max = 5000)]
    pub fee: i64,
    #[field(label = "状态", list, filter)]
    pub status: DormState,
    #[field(label = "设施说明", max = 300, help = "空调、饮水、独立卫浴、逃生设备等")]
    pub equipment: Option<LongText>,
}

impl Rules for DormRoom {
    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "dorm_beds",
                "宿舍床位数",
                "在用宿舍的床位合计",
                "个",
                Measure::Sum {
                    of: Filter::is("status", "in_use"),
                    field: "beds".into(),
                },
            )
            .also(&["学生宿舍床位"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(DORM_KEEPER, Reach::School),
            may_write(GENERAL_AFFAIRS, Reach::School),
            may_write(STUDENT_OFFICE, Reach::School),
            may_read(CLASS_TEACHER, Reach::School),
            may_read(DEPARTMENT_HEAD, Reach::School),
            may_read(SAFETY_OFFICE, Reach::School),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            list_form(
                "list",
                "宿舍房间一览表",
                &["number", "sex", "beds", "keeper", "status"],
                &["备注"],
            )
            .by("building"),
        ]
    }

    fn check(&self, _ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                self.status == DormState::InUse && self.beds == 0,
                "beds",
                "在用宿舍的床位数应大于0",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                !matches!(self.sex.0.as_str(), "1" | "2"),
                "sex",
                "男女生宿舍应分区或分单元，请选择男或女",
            )
            .refuse(self.beds > 8, "beds", "每室一般不超过8人")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused};

    #[test]
    fn a_room_in_use_has_beds_for_one_sex() {
        let sample = || DormRoom {
            number: "竹园1-203".into(),
            building: "竹园1号楼".into(),
            floor: 2,
            sex: Code("2".into()),
            beds: 6,
            keeper: None,
            fee: 800,
            status: DormState::InUse,
            equipment: None,
        };
        assert!(refused(&sample()).is_empty() && doubted(&sample()).is_empty());
        assert_eq!(refused(&DormRoom { beds: 0, ..sample() }), ["beds"]);
        assert_eq!(
            doubted(&DormRoom {
                sex: Code("9".into()),
                beds: 12,
                ..sample()
            }),
            ["sex", "beds"]
        );
    }
}
