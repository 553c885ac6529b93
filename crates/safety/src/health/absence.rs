use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Ref};
use kernel::register::flow::{Flow, Guard, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled};
use people::roles::{CLASS_TEACHER, DEPARTMENT_HEAD, HEALTH_OFFICE, SAFETY_OFFICE, STUDENT_OFFICE};
use people::{Staff, Student};

choice!(
    /// 主要症状
    Symptom {
        Fever = "fever" "发热",
        Cough = "cough" "咳嗽咽痛",
        Vomiting = "vomiting" "呕吐腹泻",
        Rash = "rash" "皮疹",
        Eyes = "eyes" "红眼",
        Parotid = "parotid" "腮腺肿大",
        Jaundice = "jaundice" "黄疸",
        Injury = "injury" "外伤",
        Chronic = "chronic" "慢性病",
        Other = "other" "其他不适",
    }
);

/// 因病缺课登记：学生因病缺课，班主任当天登记并追踪病因；患传染病的，卫生室查验复课证明后方可进班。
#[derive(Clone, Debug, Register)]
#[register(
    id = "sick_absence",
    title = "因病缺课登记",
    group = "logistics",
    systems = "F6",
    label = "student, since",
    date = "since",
    due = "back_by",
    within = "student",
    owner = "tracker"
)]
pub struct SickAbsence {
    #[field(label = "学生", list)]
    pub student: Ref<Student>,
    #[field(label = "缺课起始日期", list, filter)]
    pub since: NaiveDate,
    #[field(label = "预计返校日期", list)]
    pub back_by: NaiveDate,
    #[field(label = "主要症状", list, filter)]
    pub symptom: Symptom,
    #[field(label = "发病日期")]
    pub fell_ill_on: Option<NaiveDate>,
    #[field(label = "就诊医院", max = 60)]
    pub hospital: Option<String>,
    #[field(
        label = "诊断结果",
        sealed,
        max = 200,
        help = "追踪到的诊断，仅卫生室和班主任可见"
    )]
    pub diagnosis: Option<LongText>,
    #[field(label = "传染病或疑似", list, filter)]
    pub infectious: bool,
    #[field(label = "追踪人", list, help = "一般为班主任")]
    pub tracker: Ref<Staff>,
    #[field(label = "追踪情况", max = 500)]
    pub course: Option<LongText>,
    #[field(label = "返校日期", list)]
    pub back_on: Option<NaiveDate>,
    #[field(label = "缺课天数", help = "由起止日期得出，含周末")]
    pub days: Option<i64>,
    #[field(label = "复课证明编号", max = 40, help = "传染病痊愈返校的必填")]
    pub clearance: Option<String>,
    #[field(label = "病历或证明", help = "可不传")]
    pub files: Files,
}

impl Rules for SickAbsence {
    fn flow() -> Flow {
        let teacher = [Who::Field("tracker".into()), Who::Role(CLASS_TEACHER)];
        Flow::starts("缺课中")
            .open("待查验")
            .done("已复课")
            .step("back", "返校", &["缺课中"], "已复课", &teacher)
            .needs(&["back_on"])
            .fork(Guard::is("infectious", "true"), "待查验")
            .step(
                "clear",
                "查验复课证明",
                &["待查验"],
                "已复课",
                &[Who::Role(HEALTH_OFFICE)],
            )
            .needs(&["clearance"])
            .within_days(1)
            .signed("卫生室查验")
            .step(
                "keep",
                "不予复课",
                &["待查验"],
                "缺课中",
                &[Who::Role(HEALTH_OFFICE)],
            )
            .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let infectious = || Filter::is("infectious", true);
        vec![
            indicator(
                "sick_absence_students",
                "因病缺课学生数",
                "因病缺课的不同学生",
                "人",
                Measure::CountDistinct {
                    of: Filter::all(),
                    field: "student".into(),
                },
            ),
            indicator(
                "sick_absence_traced",
                "病因追踪率",
                "已填就诊医院的因病缺课 ÷ 全部因病缺课",
                "%",
                Measure::Share {
                    of: Filter::all().and("hospital", Op::AtLeast, ""),
                    among: Filter::all(),
                },
            )
            .also(&["因病缺课追踪率", "因病缺勤追踪率"]),
            indicator(
                "sick_absence_cleared",
                "复课证明查验率",
                "已复课的传染病缺课 ÷ 已返校的传染病缺课",
                "%",
                Measure::Share {
                    of: infectious().dated("back_on").and("state", Op::Is, "已复课"),
                    among: infectious().dated("back_on"),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(HEALTH_OFFICE, Reach::School),
            may_write(CLASS_TEACHER, Reach::Unit),
            may_read(DEPARTMENT_HEAD, Reach::Unit),
            may_read(STUDENT_OFFICE, Reach::School),
            may_read(SAFETY_OFFICE, Reach::School),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            list_form(
                "book",
                "因病缺课登记追踪表",
                &[
                    "since",
                    "student",
                    "symptom",
                    "hospital",
                    "infectious",
                    "tracker",
                    "back_on",
                    "days",
                ],
                &["备注"],
            ),
            sheet("clearance", "学生复课通知单")
                .text("{student}同学因病于{since}起缺课，经查验复课证明（编号：{clearance}），准予复课。")
                .signatures(&["卫生室", "班主任"])
                .in_states(&["已复课"]),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["days"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.days = self.back_on.map(|back| (back - self.since).num_days());
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.since, ctx.today, "since")
            .in_order(
                self.since,
                self.back_by,
                "back_by",
                "预计返校日期不能早于缺课起始日期",
            )
            .not_after_today(self.fell_ill_on, ctx.today, "fell_ill_on")
            .in_order(
                self.since,
                self.back_on,
                "back_on",
                "返校日期不能早于缺课起始日期",
            )
            .not_after_today(self.back_on, ctx.today, "back_on")
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let days = (ctx.today - self.since).num_days();
        Checks::new()
            .refuse(
                self.back_on.is_none() && days >= 2 && !filled(self.hospital.as_deref()),
                "hospital",
                "缺课两天以上，请追踪就诊医院和诊断结果",
            )
            .refuse(
                self.back_on.is_none() && self.back_by < ctx.today,
                "back_by",
                "预计返校日期已过，请联系家长",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> SickAbsence {
        SickAbsence {
            student: Ref::new(Uuid::nil()),
            since: test_day() - chrono::Days::new(3),
            back_by: test_day(),
            symptom: Symptom::Fever,
            fell_ill_on: None,
            hospital: Some("市第一医院".into()),
            diagnosis: None,
            infectious: true,
            tracker: Ref::new(Uuid::nil()),
            course: None,
            back_on: None,
            days: None,
            clearance: None,
            files: Files::default(),
        }
    }

    #[test]
    fn days_are_in_order_and_counted() {
        assert!(refused(&sample()).is_empty() && doubted(&sample()).is_empty());
        let early = SickAbsence {
            back_on: Some(test_day() - chrono::Days::new(4)),
            ..sample()
        };
        assert_eq!(refused(&early), ["back_on"]);
        let mut back = SickAbsence {
            back_on: Some(test_day()),
            ..sample()
        };
        back.complete(&Ctx {
            today: test_day(),
            new: false,
        });
        assert_eq!(back.days, Some(3));
        let untraced = SickAbsence {
            hospital: None,
            ..sample()
        };
        assert_eq!(doubted(&untraced), ["hospital"]);
    }

    #[test]
    fn only_the_clinic_lets_the_infected_back() {
        let flow = SickAbsence::flow();
        assert_eq!(flow.find("back").expect("a step").forks.len(), 1);
        assert_eq!(
            flow.find("clear").expect("a step").who,
            [Who::Role(HEALTH_OFFICE)]
        );
    }
}
