use crate::PlannedCourse;
use chrono::{DateTime, Utc};
use kernel::error::Violation;
use kernel::register::field::{Code, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{CLASS_TEACHER, DEPARTMENT_HEAD, TEACHER, TEACHING_OFFICE};
use people::{Course, Student};

/// 学生选课：学生选修的课程和审核结果，按国家学生选课数据子类填写。班主任组织报名，教务处按名额审核；退选留痕。
#[derive(Clone, Debug, Register)]
#[register(
    id = "course_choice",
    title = "学生选课",
    group = "teaching",
    systems = "B4",
    label = "student, course",
    unique = "student, plan",
    within = "student"
)]
pub struct CourseChoice {
    #[field(label = "学生", list, dataset = "T11.XH:number")]
    pub student: Ref<Student>,
    #[field(label = "计划课程", dataset = "T11.JHKCH:number")]
    pub plan: Ref<PlannedCourse>,
    #[field(label = "课程", list, filter, dataset = "T11.KCH:code, T11.KCMC:name")]
    pub course: Ref<Course>,
    #[field(
        label = "学年（起始年）",
        list,
        filter,
        max = 2100,
        dataset = "T11.KKXND",
        help = "2026—2027学年填2026"
    )]
    pub year: i64,
    #[field(label = "学期", list, filter, code = "XQDM", dataset = "T11.KKXQM")]
    pub term: Code,
    #[field(label = "选课时间", list, dataset = "T11.XKSJ")]
    pub chosen_at: DateTime<Utc>,
    #[field(label = "选课性质", list, filter, code = "KCXZDM", dataset = "T11.XKXZM")]
    pub nature: Code,
    #[field(label = "志愿序号", max = 9, help = "第一志愿填1；名额不够时先满足序号小的")]
    pub preference: i64,
    #[field(label = "备注", max = 100)]
    pub note: Option<String>,
}

impl Rules for CourseChoice {
    // The three states of a choice are those of JY/T 1005 (学生选课审核状态); giving it up again is our own.
    fn flow() -> Flow {
        let office = [Who::Role(TEACHING_OFFICE), Who::Role(DEPARTMENT_HEAD)];
        Flow::starts("审核中")
            .done("审核通过")
            .dropped("审核未通过")
            .dropped("已退选")
            .step("accept", "通过", &["审核中"], "审核通过", &office)
            .within_days(7)
            .step("refuse", "不通过", &["审核中"], "审核未通过", &office)
            .with_note()
            .step(
                "give_up",
                "退选",
                &["审核中", "审核通过"],
                "已退选",
                &[Who::Role(CLASS_TEACHER), Who::Role(TEACHING_OFFICE), Who::Creator],
            )
            .with_note()
            .editable(&["审核中"])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let accepted = || Filter::state("审核通过");
        vec![
            indicator(
                "course_choices",
                "选课人次",
                "审核通过的选课",
                "人次",
                Measure::Count { of: accepted() },
            )
            .also(&["选修人次"]),
            indicator(
                "course_choice_courses",
                "选修课门数",
                "审核通过的选课中的不同课程",
                "门",
                Measure::CountDistinct {
                    of: accepted(),
                    field: "course".into(),
                },
            )
            .also(&["开设选修课", "选修课"]),
            indicator(
                "course_choice_done",
                "选课审核率",
                "审核通过的选课 ÷ 全部选课",
                "%",
                Measure::Share {
                    of: accepted(),
                    among: Filter::all(),
                },
            ),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            list_form(
                "roll",
                "选修课点名册",
                &["student", "preference"],
                &["签名", "备注"],
            )
            .by("course"),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(TEACHING_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(CLASS_TEACHER, Reach::Unit),
            may_read(TEACHER, Reach::School),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .school_year(self.year, ctx.today, "year")
            .refuse(self.preference == 0, "preference", "志愿序号从1起")
            .refuse(self.nature.0 == "3", "nature", "专业核心课是必修课，不需要选课")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    #[test]
    fn a_core_course_is_not_chosen() {
        let sample = CourseChoice {
            student: Ref::new(Uuid::nil()),
            plan: Ref::new(Uuid::nil()),
            course: Ref::new(Uuid::nil()),
            year: 2025,
            term: Code("2".into()),
            chosen_at: test_day().and_hms_opt(1, 0, 0).expect("an hour").and_utc(),
            nature: Code("4".into()),
            preference: 1,
            note: None,
        };
        assert!(refused(&sample).is_empty());
        let core = CourseChoice {
            nature: Code("3".into()),
            preference: 0,
            ..sample
        };
        assert_eq!(refused(&core), ["preference", "nature"]);
    }

    #[test]
    fn the_class_teacher_does_not_accept() {
        let flow = CourseChoice::flow();
        let who = &flow.find("accept").expect("a step").who;
        assert!(!who.contains(&Who::Role(CLASS_TEACHER)));
    }
}
