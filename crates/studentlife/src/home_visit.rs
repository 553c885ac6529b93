use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Ref};
use kernel::register::indicator::{DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled};
use people::roles::{CLASS_TEACHER, DEPARTMENT_HEAD, STUDENT_OFFICE, TEACHER};
use people::{Class, Staff, Student};

choice!(
    /// 家访方式
    VisitWay {
        Home = "home" "上门家访",
        Online = "online" "云家访",
        School = "school" "到校面谈",
        Phone = "phone" "电话联系",
    }
);

choice!(
    /// 家访缘由
    VisitReason {
        Routine = "routine" "例行家访",
        Study = "study" "学业",
        Conduct = "conduct" "行为习惯",
        Mental = "mental" "心理关爱",
        Hardship = "hardship" "家庭困难",
        Dropout = "dropout" "辍学风险",
        Internship = "internship" "实习就业",
        Honour = "honour" "表扬报喜",
    }
);

choice!(
    /// 接谈人
    Contact {
        Father = "father" "父亲",
        Mother = "mother" "母亲",
        Both = "both" "父母双方",
        Grandparent = "grandparent" "祖父母或外祖父母",
        Other = "other" "其他监护人",
    }
);

/// 家访：班主任和任课教师走访学生家庭的记录，含云家访。内容涉及家庭情况，只有本班班主任、系主任和学生处可见。
#[derive(Clone, Debug, Register)]
#[register(
    id = "home_visit",
    title = "家访",
    group = "student",
    systems = "D6",
    label = "student, visited_on",
    date = "visited_on",
    within = "student",
    owner = "visitor"
)]
pub struct HomeVisit {
    #[field(label = "学生", list)]
    pub student: Ref<Student>,
    #[field(label = "家访日期", list, filter)]
    pub visited_on: NaiveDate,
    #[field(label = "家访方式", list, filter)]
    pub way: VisitWay,
    #[field(label = "家访缘由", list, filter)]
    pub reason: VisitReason,
    #[field(label = "家访教师", list)]
    pub visitor: Ref<Staff>,
    #[field(label = "同行教师", max = 100)]
    pub others: Option<String>,
    #[field(label = "接谈人", filter)]
    pub met: Contact,
    #[field(label = "交流情况", sealed, max = 1000)]
    pub summary: LongText,
    #[field(label = "家长意见和建议", sealed, max = 500)]
    pub wishes: Option<LongText>,
    #[field(label = "后续措施", max = 500)]
    pub follow_up: Option<LongText>,
    #[field(label = "跟进日期", list)]
    pub follow_up_on: Option<NaiveDate>,
    #[field(label = "照片", help = "可不传")]
    pub photos: Files,
}

impl Rules for HomeVisit {
    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "home_visit_class",
                "班主任家访",
                1,
                Every::Month,
                Class::each_at_school(),
                Filter::all(),
            )
            .also(&["家访", "每月家访", "开展家访活动"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let visited = || Filter::all().and("way", Op::Not, "phone");
        vec![
            indicator(
                "home_visit_rate",
                "家访率",
                "上门、云家访或到校面谈过的在校生 ÷ 在校生（电话联系不计）",
                "%",
                Measure::Coverage {
                    of: visited(),
                    field: "student".into(),
                    all: Student::at_school(),
                },
            )
            .also(&["家访覆盖率", "云家访率", "家访完成率", "家校联系覆盖率"]),
            indicator(
                "home_visit_students",
                "家访学生数",
                "上门、云家访或到校面谈过的不同学生",
                "人",
                Measure::CountDistinct {
                    of: visited(),
                    field: "student".into(),
                },
            ),
            indicator(
                "home_visits",
                "家访次数",
                "家访记录条数（电话联系不计）",
                "次",
                Measure::Count { of: visited() },
            )
            .also(&["家访人次"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(STUDENT_OFFICE, Reach::School),
            may_write(CLASS_TEACHER, Reach::Unit),
            may_write(TEACHER, Reach::Own),
            may_read(DEPARTMENT_HEAD, Reach::Unit).unmasked(),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("record", "家访记录表")
                .fields(&[
                    "student",
                    "visited_on",
                    "way",
                    "reason",
                    "visitor",
                    "others",
                    "met",
                ])
                .heading("交流情况")
                .fields(&["summary", "wishes"])
                .heading("后续措施")
                .fields(&["follow_up", "follow_up_on"])
                .signatures(&["家访教师", "家长"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let follow_up = filled(self.follow_up.as_ref().map(|text| text.0.as_str()));
        Checks::new()
            .not_after_today(self.visited_on, ctx.today, "visited_on")
            .refuse(
                self.reason == VisitReason::Dropout && !follow_up,
                "follow_up",
                "有辍学风险的学生，请写明后续措施",
            )
            .in_order(
                self.visited_on,
                self.follow_up_on,
                "follow_up_on",
                "跟进日期不能早于家访日期",
            )
            .refuse(
                self.follow_up_on.is_some() && !follow_up,
                "follow_up",
                "填写了跟进日期，请写明后续措施",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        let short = self.summary.0.trim().chars().count() < 10;
        Checks::new()
            .refuse(short, "summary", "交流情况过于简单，建议写明谈了什么、约定了什么")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> HomeVisit {
        HomeVisit {
            student: Ref::new(Uuid::nil()),
            visited_on: test_day(),
            way: VisitWay::Home,
            reason: VisitReason::Routine,
            visitor: Ref::new(Uuid::nil()),
            others: None,
            met: Contact::Mother,
            summary: LongText("介绍在校表现，约定周末手机使用时间".into()),
            wishes: None,
            follow_up: None,
            follow_up_on: None,
            photos: Files::default(),
        }
    }

    #[test]
    fn days_and_follow_up_agree() {
        assert!(refused(&sample()).is_empty());
        assert_eq!(
            refused(&HomeVisit {
                visited_on: test_day().succ_opt().unwrap(),
                ..sample()
            }),
            ["visited_on"]
        );
        assert_eq!(
            refused(&HomeVisit {
                follow_up_on: Some(test_day()),
                ..sample()
            }),
            ["follow_up"]
        );
        let followed = HomeVisit {
            follow_up: Some(LongText("每周电话联系".into())),
            follow_up_on: Some(test_day()),
            ..sample()
        };
        assert!(refused(&followed).is_empty());
        assert_eq!(
            refused(&HomeVisit {
                follow_up_on: test_day().pred_opt(),
                ..followed
            }),
            ["follow_up_on"]
        );
    }

    #[test]
    fn a_risk_of_dropping_out_is_followed_up() {
        assert_eq!(
            refused(&HomeVisit {
                reason: VisitReason::Dropout,
                ..sample()
            }),
            ["follow_up"]
        );
    }

    #[test]
    fn an_empty_summary_is_doubted() {
        assert!(doubted(&sample()).is_empty());
        assert_eq!(
            doubted(&HomeVisit {
                summary: LongText("良好".into()),
                ..sample()
            }),
            ["summary"]
        );
    }

    #[test]
    fn a_teacher_sees_only_own_visits() {
        let teacher: Vec<_> = HomeVisit::access()
            .into_iter()
            .filter(|a| a.role == TEACHER)
            .collect();
        assert_eq!(
            teacher.iter().map(|a| (a.read, a.write)).collect::<Vec<_>>(),
            [(Reach::Own, Some(Reach::Own))]
        );
    }
}
