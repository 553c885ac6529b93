use crate::Area;
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
use people::checks::Checks;
use people::roles::{
    DEPARTMENT_HEAD, GENERAL_AFFAIRS, SAFETY_OFFICE, STUDENT_OFFICE, TEACHER, TRAINING_OFFICE,
};
use people::{Staff, Unit, UnitKind};

choice!(
    /// 排查类型
    InspectionKind {
        Campus = "campus" "校园全面排查",
        Teaching = "teaching" "教学区域排查",
        Special = "special" "专项检查",
        Daily = "daily" "日常巡查",
    }
);

/// 隐患排查：每次排查记一条，没有发现隐患也要记。安全办每月组织全校排查，各系部每周排查教学区域。
#[derive(Clone, Debug, Register)]
#[register(
    id = "inspection",
    title = "隐患排查",
    group = "safety",
    systems = "F2",
    label = "kind, inspected_on",
    date = "inspected_on",
    within = "department",
    owner = "inspector"
)]
pub struct Inspection {
    #[field(label = "排查日期", list, filter)]
    pub inspected_on: NaiveDate,
    #[field(label = "排查类型", list, filter)]
    pub kind: InspectionKind,
    #[field(label = "系部", list, filter, help = "全校排查不填")]
    pub department: Option<Ref<Unit>>,
    #[field(label = "重点区域", list, filter, help = "专项检查填写所查区域")]
    pub focus: Option<Area>,
    #[field(label = "排查负责人", list)]
    pub inspector: Ref<Staff>,
    #[field(label = "参加人员", max = 200)]
    pub others: Option<String>,
    #[field(label = "排查内容", max = 1000)]
    pub content: LongText,
    #[field(
        label = "发现隐患数",
        list,
        max = 500,
        help = "没有发现填0；发现的逐条登记到“隐患整改”"
    )]
    pub found: i64,
    #[field(label = "照片", help = "可不传")]
    pub photos: Files,
}

impl Rules for Inspection {
    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "inspection_campus",
                "校园安全隐患排查",
                1,
                Every::Month,
                school_wide(),
                Filter::is("kind", "campus"),
            )
            .also(&[
                "对校园开展安全隐患排查",
                "安全隐患排查",
                "隐患排查",
                "校园安全排查",
            ]),
            duty(
                "inspection_teaching",
                "教学区域安全隐患排查",
                1,
                Every::Week,
                Unit::each(UnitKind::Department),
                Filter::is("kind", "teaching"),
            )
            .also(&["对教学区域开展安全隐患排查", "教学区域隐患排查", "教学区排查"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "inspections",
                "隐患排查次数",
                "排查记录条数",
                "次",
                Measure::Count { of: Filter::all() },
            )
            .also(&["安全检查次数", "排查次数"]),
            indicator(
                "inspection_departments",
                "教学区域排查覆盖率",
                "做过教学区域排查的教学系部 ÷ 全部教学系部",
                "%",
                Measure::Coverage {
                    of: Filter::is("kind", "teaching"),
                    field: "department".into(),
                    all: Filter::is("kind", "department"),
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
        vec![
            sheet("record", "安全隐患排查记录")
                .fields(&[
                    "inspected_on",
                    "kind",
                    "department",
                    "focus",
                    "inspector",
                    "others",
                    "content",
                    "found",
                ])
                .signatures(&["排查负责人", "被查单位负责人"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.inspected_on, ctx.today, "inspected_on")
            .refuse(
                self.kind == InspectionKind::Teaching && self.department.is_none(),
                "department",
                "教学区域排查请选择系部",
            )
            .refuse(
                self.kind == InspectionKind::Campus && self.department.is_some(),
                "department",
                "校园全面排查面向全校，不选系部",
            )
            .refuse(
                self.kind == InspectionKind::Special && self.focus.is_none(),
                "focus",
                "专项检查请选择所查的区域",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn sample() -> Inspection {
        Inspection {
            inspected_on: test_day(),
            kind: InspectionKind::Teaching,
            department: Some(Ref::new(Uuid::nil())),
            focus: None,
            inspector: Ref::new(Uuid::nil()),
            others: None,
            content: LongText("教室门窗、用电、疏散通道".into()),
            found: 0,
            photos: Files::default(),
        }
    }

    #[test]
    fn the_place_follows_the_kind() {
        assert!(refused(&sample()).is_empty());
        assert_eq!(
            refused(&Inspection {
                department: None,
                ..sample()
            }),
            ["department"]
        );
        let campus = Inspection {
            kind: InspectionKind::Campus,
            ..sample()
        };
        assert_eq!(refused(&campus), ["department"]);
        assert!(
            refused(&Inspection {
                department: None,
                ..campus
            })
            .is_empty()
        );
        let special = Inspection {
            kind: InspectionKind::Special,
            ..sample()
        };
        assert_eq!(refused(&special), ["focus"]);
        assert!(
            refused(&Inspection {
                focus: Some(Area::Canteen),
                ..special
            })
            .is_empty()
        );
    }

    #[test]
    fn nobody_inspects_tomorrow() {
        let tomorrow = test_day().succ_opt().expect("a day");
        assert_eq!(
            refused(&Inspection {
                inspected_on: tomorrow,
                ..sample()
            }),
            ["inspected_on"]
        );
    }
}
