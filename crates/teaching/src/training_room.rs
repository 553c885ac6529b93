use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{LongText, Money, Ref};
use kernel::register::indicator::{DutyScope, Filter, IndicatorSpec, Measure, indicator};
use kernel::register::paper::{PaperForm, list_form, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled};
use people::roles::{DEPARTMENT_HEAD, TRAINING_OFFICE, directory};
use people::{Room, RoomStatus, Staff, Unit};

choice!(
    /// 安全等级: the highest hazard of the room decides. The codes sort from high to low.
    SafetyClass {
        First = "1" "Ⅰ级（红，重大风险）",
        Second = "2" "Ⅱ级（橙，高风险）",
        Third = "3" "Ⅲ级（黄，中风险）",
        Fourth = "4" "Ⅳ级（蓝，低风险）",
    }
);

choice!(
    /// 安全类别
    HazardCategory {
        Mechanical = "mechanical" "机电类",
        Chemical = "chemical" "化学类",
        Biological = "biological" "生物类",
        Radiation = "radiation" "辐射类",
        Other = "other" "其他类",
    }
);

/// 实训室：场地、负责人、工位、设备总值和安全分级。由实训处管理，系部维护本系部的；参照实验室分级分类管理办法。
#[derive(Clone, Debug, Register)]
#[register(
    id = "training_room",
    title = "实训室",
    group = "training",
    systems = "C1",
    label = "name",
    key = "number",
    unique = "number",
    within = "unit",
    owner = "keeper"
)]
pub struct TrainingRoom {
    #[field(label = "实训室号", list, max = 64, dataset = "T16.SXSH")]
    pub number: String,
    #[field(label = "实训室名称", list, max = 200, dataset = "T16.SXSMC")]
    pub name: String,
    #[field(
        label = "管理单位",
        list,
        filter,
        dataset = "T16.SSGLDWH:number, T16.SSGLDWMC:name"
    )]
    pub unit: Ref<Unit>,
    #[field(label = "所属实训基地编号", max = 64, dataset = "T16.SSSXJDBH")]
    pub base: Option<String>,
    #[field(label = "建立日期", dataset = "T16.SXSJLRQ")]
    pub built_on: NaiveDate,
    #[field(label = "负责人", list, dataset = "T16.FZRJGH:number")]
    pub keeper: Ref<Staff>,
    #[field(label = "工位数", list, max = 5000, dataset = "T16.GWS")]
    pub stations: i64,
    #[field(label = "房间", list, dataset = "T16.FJH:number, T16.FJMC:name")]
    pub room: Ref<Room>,
    #[field(label = "合作企业", max = 200, dataset = "T16.SYSHZQY")]
    pub partner: Option<String>,
    #[field(label = "设备总值（元）")]
    pub equipment: Option<Money>,
    #[field(label = "安全类别", filter)]
    pub category: HazardCategory,
    #[field(label = "安全等级", list, filter)]
    pub class: SafetyClass,
    #[field(
        label = "危险源清单",
        max = 1000,
        help = "如 冲压设备、380V用电、易燃溶剂；没有写“无”"
    )]
    pub hazards: LongText,
    #[field(label = "危险源变更日期", help = "新增或更换设备、材料后填写，须重新评定")]
    pub hazards_changed_on: Option<NaiveDate>,
    #[field(label = "等级评定日期", list)]
    pub classified_on: Option<NaiveDate>,
    #[field(label = "状态", list, filter)]
    pub status: RoomStatus,
}

impl TrainingRoom {
    /// Each training room of a safety class, as the scope of a duty.
    pub fn each(class: SafetyClass) -> DutyScope {
        use kernel::register::field::ChoiceList;
        DutyScope::Each {
            register: "training_room".into(),
            only: Some(("class".into(), class.code().into())),
        }
    }

    /// The condition for rooms in use, as indicators count them.
    pub fn in_use() -> Filter {
        Filter::is("status", "in_use")
    }
}

impl Rules for TrainingRoom {
    fn indicators() -> Vec<IndicatorSpec> {
        let in_use = TrainingRoom::in_use;
        vec![
            indicator(
                "training_rooms",
                "实训室数",
                "在用的实训室",
                "间",
                Measure::Count { of: in_use() },
            )
            .also(&["实训室间数", "实训室数量"]),
            indicator(
                "training_stations",
                "实训工位数",
                "在用实训室的工位数合计",
                "个",
                Measure::Sum {
                    of: in_use(),
                    field: "stations".into(),
                },
            )
            .also(&["实践教学工位数", "工位数"]),
            indicator(
                "training_equipment",
                "实训设备总值",
                "在用实训室的设备总值合计",
                "元",
                Measure::Sum {
                    of: in_use(),
                    field: "equipment".into(),
                },
            )
            .also(&["教学仪器设备总值"]),
            indicator(
                "training_classified",
                "实训室安全分级完成率",
                "已评定安全等级的在用实训室 ÷ 在用实训室",
                "%",
                Measure::Share {
                    of: in_use().dated("classified_on"),
                    among: in_use(),
                },
            )
            .also(&["实训室安全等级评定率", "实训室分类管理覆盖率"]),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            // The door plate that 《高等学校实验室安全分级分类管理办法（试行）》（教科信〔2024〕4号）asks of laboratories, by analogy.
            sheet("plate", "实训室安全信息牌")
                .heading("{name}　{class}")
                .fields(&[
                    "number", "room", "unit", "keeper", "stations", "category", "class",
                ])
                .heading("主要危险源")
                .text("{hazards}")
                .heading("必须做到")
                .text("未经安全教育不得操作；按规定穿戴防护用品；课前清点、课后断电，保持通道畅通。")
                .heading("出现险情")
                .text("立即停机断电，组织撤离，报告实训室负责人和安全办；火警119，急救120。")
                .fields(&["classified_on"])
                .signatures(&["实训室负责人", "系部安全员", "应急电话"]),
            list_form(
                "classes",
                "实训室安全分级汇总表",
                &[
                    "number",
                    "name",
                    "unit",
                    "keeper",
                    "class",
                    "category",
                    "classified_on",
                ],
                &["备注"],
            ),
        ]
    }

    fn access() -> Vec<Access> {
        let mut access = directory(&[TRAINING_OFFICE]);
        access.push(may_write(DEPARTMENT_HEAD, Reach::Unit));
        access
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let named = filled(Some(&self.hazards.0)) && self.hazards.0.trim() != "无";
        let high = matches!(self.class, SafetyClass::First | SafetyClass::Second);
        Checks::new()
            .refuse(self.stations == 0, "stations", "工位数应大于0")
            .not_after_today(self.built_on, ctx.today, "built_on")
            .refuse(high && !named, "hazards", "Ⅰ级、Ⅱ级实训室须列出危险源")
            .not_after_today(self.classified_on, ctx.today, "classified_on")
            .not_after_today(self.hazards_changed_on, ctx.today, "hazards_changed_on")
            .refuse(
                self.equipment.is_some_and(|value| value.0 < 0),
                "equipment",
                "设备总值不能为负数",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        let stale = matches!((self.hazards_changed_on, self.classified_on), (Some(changed), Some(on)) if changed > on);
        Checks::new()
            .refuse(
                stale,
                "classified_on",
                "危险源在评定之后有变更，请重新评定安全等级",
            )
            .refuse(
                self.classified_on.is_none(),
                "classified_on",
                "还没有评定安全等级",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> TrainingRoom {
        TrainingRoom {
            number: "SX0301".into(),
            name: "电气安装实训室".into(),
            unit: Ref::new(Uuid::nil()),
            base: None,
            built_on: NaiveDate::from_ymd_opt(2018, 9, 1).expect("a day"),
            keeper: Ref::new(Uuid::nil()),
            stations: 40,
            room: Ref::new(Uuid::nil()),
            partner: None,
            equipment: Some(Money(86_000_000)),
            category: HazardCategory::Mechanical,
            class: SafetyClass::Third,
            hazards: LongText("380V用电".into()),
            hazards_changed_on: None,
            classified_on: Some(test_day()),
            status: RoomStatus::InUse,
        }
    }

    #[test]
    fn stations_days_and_value_are_checked() {
        let tomorrow = test_day().succ_opt();
        assert!(refused(&sample()).is_empty());
        assert_eq!(
            refused(&TrainingRoom {
                stations: 0,
                ..sample()
            }),
            ["stations"]
        );
        assert_eq!(
            refused(&TrainingRoom {
                built_on: tomorrow.expect("a day"),
                ..sample()
            }),
            ["built_on"]
        );
        assert_eq!(
            refused(&TrainingRoom {
                classified_on: tomorrow,
                ..sample()
            }),
            ["classified_on"]
        );
        assert_eq!(
            refused(&TrainingRoom {
                hazards_changed_on: tomorrow,
                ..sample()
            }),
            ["hazards_changed_on"]
        );
        assert_eq!(
            refused(&TrainingRoom {
                equipment: Some(Money(-1)),
                ..sample()
            }),
            ["equipment"]
        );
    }

    #[test]
    fn a_high_class_names_its_hazards() {
        let bare = TrainingRoom {
            hazards: LongText("无".into()),
            ..sample()
        };
        assert!(refused(&bare).is_empty());
        assert_eq!(
            refused(&TrainingRoom {
                class: SafetyClass::First,
                ..bare.clone()
            }),
            ["hazards"]
        );
        assert_eq!(
            refused(&TrainingRoom {
                class: SafetyClass::Second,
                ..bare
            }),
            ["hazards"]
        );
        assert!(
            refused(&TrainingRoom {
                class: SafetyClass::First,
                ..sample()
            })
            .is_empty()
        );
    }

    #[test]
    fn a_change_calls_for_a_new_classification() {
        assert!(doubted(&sample()).is_empty());
        let changed = TrainingRoom {
            classified_on: test_day().pred_opt(),
            hazards_changed_on: Some(test_day()),
            ..sample()
        };
        assert_eq!(doubted(&changed), ["classified_on"]);
        assert_eq!(
            doubted(&TrainingRoom {
                classified_on: None,
                ..sample()
            }),
            ["classified_on"]
        );
    }
}
