use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Money, Ref};
use kernel::register::indicator::{
    DutyScope, DutySpec, Every, Filter, IndicatorSpec, Measure, duty, indicator,
};
use kernel::register::paper::{PaperForm, list_form, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, said};
use people::roles::{
    CLASS_TEACHER, DEPARTMENT_HEAD, DORM_KEEPER, GENERAL_AFFAIRS, STUDENT_OFFICE, TEACHER, TRAINING_OFFICE,
};
use people::{Class, Room, Staff};

choice!(
    /// 财产状况
    PropertyState {
        Intact = "intact" "完好",
        Damaged = "damaged" "有损坏",
        NotThere = "not_there" "本室没有",
    }
);

choice!(
    /// 损坏原因
    DamageCause {
        Wear = "wear" "自然损耗",
        Careless = "careless" "使用不当",
        Wilful = "wilful" "人为故意",
        Unknown = "unknown" "原因不明",
    }
);

/// 财产完好检查：每间教室、场所每月查一次门窗桌椅、照明、多媒体等，损坏的分清原因、报修赔偿。总务处组织，班级和使用部门自查。
#[derive(Clone, Debug, Register)]
#[register(
    id = "property_check",
    title = "财产完好检查",
    group = "logistics",
    systems = "F7",
    label = "room, checked_on",
    date = "checked_on",
    within = "room",
    owner = "checker"
)]
pub struct PropertyCheck {
    #[field(label = "场所", list, filter)]
    pub room: Ref<Room>,
    #[field(label = "检查日期", list, filter)]
    pub checked_on: NaiveDate,
    #[field(label = "检查人", list)]
    pub checker: Ref<Staff>,
    #[field(label = "使用班级", filter, help = "固定教室填写")]
    pub class: Option<Ref<Class>>,
    #[field(label = "门窗锁具")]
    pub doors: PropertyState,
    #[field(label = "课桌椅")]
    pub desks: PropertyState,
    #[field(label = "照明与开关")]
    pub lights: PropertyState,
    #[field(label = "多媒体设备")]
    pub media: PropertyState,
    #[field(label = "空调风扇")]
    pub cooling: PropertyState,
    #[field(label = "墙面与展板")]
    pub walls: PropertyState,
    #[field(label = "应有件数", max = 5000)]
    pub items: i64,
    #[field(label = "完好件数", list, max = 5000)]
    pub intact: i64,
    #[field(label = "损坏件数", list, help = "由件数得出，不用填")]
    pub damaged: Option<i64>,
    #[field(label = "检查结论", list, filter, help = "由各项得出，不用填")]
    pub result: Option<PropertyState>,
    #[field(label = "损坏情况", max = 500)]
    pub damage: Option<LongText>,
    #[field(label = "损坏原因", filter)]
    pub cause: Option<DamageCause>,
    #[field(label = "赔偿金额（元）")]
    pub compensation: Option<Money>,
    #[field(label = "修复日期", list)]
    pub mended_on: Option<NaiveDate>,
    #[field(label = "照片", help = "可不传")]
    pub photos: Files,
}

impl PropertyCheck {
    fn has_damage(&self) -> bool {
        let states = [
            self.doors,
            self.desks,
            self.lights,
            self.media,
            self.cooling,
            self.walls,
        ];
        states.contains(&PropertyState::Damaged) || self.intact < self.items
    }
}

impl Rules for PropertyCheck {
    fn duties() -> Vec<DutySpec> {
        let rooms = DutyScope::Each {
            register: "room".into(),
            only: Some(("status".into(), "in_use".into())),
        };
        vec![
            duty(
                "property_check_month",
                "场所财产检查",
                1,
                Every::Month,
                rooms,
                Filter::all(),
            )
            .also(&["财产完好检查", "教室财产检查", "公物检查"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let damaged = || Filter::is("result", "damaged");
        let sum = |id, title, formula, field: &str| {
            indicator(
                id,
                title,
                formula,
                "件",
                Measure::Sum {
                    of: Filter::all(),
                    field: field.into(),
                },
            )
        };
        vec![
            indicator(
                "property_check_intact",
                "财产完好率",
                "结论为完好的场所检查 ÷ 全部场所检查",
                "%",
                Measure::Share {
                    of: Filter::is("result", "intact"),
                    among: Filter::all(),
                },
            )
            .also(&["公物完好率", "教室财产完好率", "校产完好率", "学校财产完好率"]),
            indicator(
                "property_check_mended",
                "损坏财产修复率",
                "已填修复日期的有损坏检查 ÷ 有损坏的检查",
                "%",
                Measure::Share {
                    of: damaged().dated("mended_on"),
                    among: damaged(),
                },
            ),
            sum("property_check_items", "检查财产件数", "应有件数合计", "items"),
            sum(
                "property_check_damaged",
                "损坏财产件数",
                "损坏件数合计",
                "damaged",
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(GENERAL_AFFAIRS, Reach::School),
            may_write(TRAINING_OFFICE, Reach::Own),
            may_write(DORM_KEEPER, Reach::Own),
            may_write(CLASS_TEACHER, Reach::Own),
            may_write(TEACHER, Reach::Own),
            may_read(DEPARTMENT_HEAD, Reach::Unit),
            may_read(STUDENT_OFFICE, Reach::School),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            list_form(
                "book",
                "场所财产检查汇总表",
                &[
                    "checked_on",
                    "room",
                    "class",
                    "items",
                    "intact",
                    "damaged",
                    "result",
                    "mended_on",
                ],
                &["备注"],
            ),
            sheet("damage", "公物损坏赔偿单")
                .fields(&[
                    "room",
                    "checked_on",
                    "class",
                    "damage",
                    "cause",
                    "compensation",
                    "checker",
                ])
                .signatures(&["责任人", "班主任", "总务处"]),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["damaged", "result"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.damaged = Some((self.items - self.intact).max(0));
        self.result = Some(if self.has_damage() {
            PropertyState::Damaged
        } else {
            PropertyState::Intact
        });
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let damage = self.has_damage();
        Checks::new()
            .not_after_today(self.checked_on, ctx.today, "checked_on")
            .refuse(self.items == 0, "items", "应有件数应大于0")
            .refuse(self.intact > self.items, "intact", "完好件数不能多于应有件数")
            .refuse(
                damage && !said(&self.damage),
                "damage",
                "有损坏的，请写明损坏情况",
            )
            .refuse(
                damage && self.cause.is_none(),
                "cause",
                "有损坏的，请选择损坏原因",
            )
            .refuse(
                self.compensation.is_some_and(|sum| sum.0 < 0),
                "compensation",
                "赔偿金额不能为负数",
            )
            .refuse(
                !damage && self.mended_on.is_some(),
                "mended_on",
                "财产完好，不应有修复日期",
            )
            .in_order(
                self.checked_on,
                self.mended_on,
                "mended_on",
                "修复日期不能早于检查日期",
            )
            .not_after_today(self.mended_on, ctx.today, "mended_on")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn sample() -> PropertyCheck {
        let intact = PropertyState::Intact;
        PropertyCheck {
            room: Ref::new(Uuid::nil()),
            checked_on: test_day(),
            checker: Ref::new(Uuid::nil()),
            class: None,
            doors: intact,
            desks: intact,
            lights: intact,
            media: PropertyState::NotThere,
            cooling: intact,
            walls: intact,
            items: 60,
            intact: 60,
            damaged: None,
            result: None,
            damage: None,
            cause: None,
            compensation: None,
            mended_on: None,
            photos: Files::default(),
        }
    }

    #[test]
    fn damage_is_described_and_its_cause_is_named() {
        assert!(refused(&sample()).is_empty());
        let fewer = PropertyCheck {
            intact: 58,
            ..sample()
        };
        assert_eq!(refused(&fewer), ["damage", "cause"]);
        let more = PropertyCheck {
            intact: 61,
            ..sample()
        };
        assert_eq!(refused(&more), ["intact"]);
        let mended = PropertyCheck {
            mended_on: Some(test_day()),
            ..sample()
        };
        assert_eq!(refused(&mended), ["mended_on"]);
        let named = PropertyCheck {
            damage: Some(LongText("两把椅子松动".into())),
            cause: Some(DamageCause::Wear),
            mended_on: Some(test_day()),
            ..fewer
        };
        assert!(refused(&named).is_empty());
    }

    #[test]
    fn the_result_is_computed() {
        let ctx = Ctx {
            today: test_day(),
            new: true,
        };
        let mut check = PropertyCheck {
            intact: 58,
            ..sample()
        };
        check.complete(&ctx);
        assert_eq!(
            (check.damaged, check.result),
            (Some(2), Some(PropertyState::Damaged))
        );
    }
}
