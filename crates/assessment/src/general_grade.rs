use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Decimal, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{CLASS_TEACHER, DEPARTMENT_HEAD, STUDENT_OFFICE, TEACHER, TEACHING_OFFICE};
use people::{Class, Course, Staff, Student};

choice!(
    /// 五级制等级
    Mark {
        Excellent = "1" "优秀",
        Good = "2" "良好",
        Medium = "3" "中等",
        Pass = "4" "及格",
        Fail = "5" "不及格",
    }
);

/// 文化基础课成绩：每个学生每学期每门课一条，平时、期中、期末自动合成总评，按国家文化基础课成绩数据子类填写。任课教师录入，教务处公布。
#[derive(Clone, Debug, Register)]
#[register(
    id = "general_grade",
    title = "文化基础课成绩",
    group = "assessment",
    systems = "B8",
    label = "student, course, year",
    unique = "student, course, year, term, nature",
    date = "graded_on",
    within = "student",
    owner = "teacher"
)]
pub struct GeneralGrade {
    #[field(
        label = "学年（起始年）",
        list,
        filter,
        max = 2100,
        dataset = "T32.XN",
        help = "2026—2027学年填2026"
    )]
    pub year: i64,
    #[field(label = "学期", list, filter, code = "XQDM", dataset = "T32.XQM")]
    pub term: Code,
    #[field(label = "学生", list)]
    pub student: Ref<Student>,
    #[field(
        label = "班级",
        list,
        filter,
        dataset = "T32.BJ:name, T32.NJ:entry_year, T32.ZYMC:major",
        help = "考试时所在的班级"
    )]
    pub class: Ref<Class>,
    #[field(label = "课程", list, filter, dataset = "T32.KCMC:name, T32.KCFLM:form")]
    pub course: Ref<Course>,
    #[field(label = "任课教师", list, dataset = "T32.RKJS:number")]
    pub teacher: Ref<Staff>,
    #[field(label = "评定日期", filter)]
    pub graded_on: NaiveDate,
    #[field(label = "考试形式", filter, code = "KSXSDM")]
    pub form: Code,
    #[field(label = "考试性质", list, filter, code = "exam_nature")]
    pub nature: Code,
    #[field(label = "平时成绩")]
    pub daily: Option<Decimal<1>>,
    #[field(label = "期中成绩", help = "考查课不填")]
    pub midterm: Option<Decimal<1>>,
    #[field(label = "期末成绩", list, help = "考查课填阶段测验成绩")]
    pub last: Option<Decimal<1>>,
    #[field(label = "缺考舞弊", filter, code = "exam_abnormal")]
    pub irregular: Option<Code>,
    #[field(
        label = "课程成绩",
        list,
        dataset = "T32.KCCJ",
        help = "分项齐全时自动合成：考试课3∶3∶4，考查课4∶6"
    )]
    pub score: Option<Decimal<1>>,
    #[field(label = "等级", list, filter, help = "自动评定：90、80、70、60分为界")]
    pub mark: Option<Mark>,
    #[field(label = "合格", filter, help = "自动判定：60分以上")]
    pub passed: Option<bool>,
}

const FULL: i64 = 1000;
const PASS: i64 = 600;
/// 考查
const REVIEWED: &str = "2";
/// 补考一, 补考二
const MAKE_UP: [&str; 2] = ["11", "12"];

impl GeneralGrade {
    /// The score the parts make; `None` while one is missing. The weights are those most schools use; another scheme is
    /// kept by entering the score without parts.
    fn weighed(&self) -> Option<i64> {
        if self.irregular.is_some() {
            return Some(0);
        }
        let (daily, last) = (self.daily?.0, self.last?.0);
        let tenths = match self.form.0 == REVIEWED {
            true => daily * 4 + last * 6,
            false => daily * 3 + self.midterm?.0 * 3 + last * 4,
        };
        Some((tenths + 5) / 10)
    }
}

impl Rules for GeneralGrade {
    fn flow() -> Flow {
        let office = [Who::Role(TEACHING_OFFICE)];
        let teacher = [Who::Field("teacher".into()), Who::Creator];
        Flow::starts("待提交")
            .open("待审核")
            .open("更正待批")
            .done("已公布")
            .step("submit", "提交成绩", &["待提交"], "待审核", &teacher)
            .needs(&["score"])
            .step(
                "publish",
                "审核公布",
                &["待审核"],
                "已公布",
                &[Who::Role(TEACHING_OFFICE), Who::Role(DEPARTMENT_HEAD)],
            )
            .within_days(5)
            .step("return", "退回", &["待审核"], "待提交", &office)
            .with_note()
            .step("ask", "申请更正", &["已公布"], "更正待批", &teacher)
            .with_note()
            .step("allow", "同意更正", &["更正待批"], "待提交", &office)
            .within_days(3)
            .step("deny", "不同意更正", &["更正待批"], "已公布", &office)
            .with_note()
            .editable(&["待提交"])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let published = || Filter::state("已公布").and("nature", Op::Is, "01");
        vec![
            indicator(
                "general_grade_passed",
                "文化课合格率",
                "已公布的正常考试中合格的成绩 ÷ 已公布的正常考试成绩",
                "%",
                Measure::Share {
                    of: published().and("passed", Op::Is, true),
                    among: published(),
                },
            )
            .also(&["公共基础课及格率", "文化基础课合格率", "文化课及格率"]),
            indicator(
                "general_grade_good",
                "文化课优良率",
                "已公布的正常考试中80分以上的成绩 ÷ 已公布的正常考试成绩",
                "%",
                Measure::Share {
                    of: published().and("mark", Op::AtMost, "2"),
                    among: published(),
                },
            )
            .also(&["公共基础课优秀率", "文化课优秀率"]),
            indicator(
                "general_grade_published",
                "成绩公布率",
                "已公布的成绩 ÷ 全部成绩",
                "%",
                Measure::Share {
                    of: Filter::state("已公布"),
                    among: Filter::all(),
                },
            )
            .also(&["成绩录入率", "成绩按时提交率"]),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            list_form(
                "sheet",
                "课程成绩登记表",
                &["student", "course", "daily", "midterm", "last", "score", "mark"],
                &["备注"],
            )
            .by("class"),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(TEACHING_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(TEACHER, Reach::Own),
            may_read(CLASS_TEACHER, Reach::Unit),
            may_read(STUDENT_OFFICE, Reach::School),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["mark", "passed"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        if let Some(score) = self.weighed() {
            self.score = Some(Decimal(score));
        }
        if MAKE_UP.contains(&self.nature.0.as_str()) {
            // A make-up that passes counts as sixty.
            self.score = self.score.map(|score| Decimal(score.0.min(PASS)));
        }
        self.mark = self.score.map(|score| match score.0 {
            900.. => Mark::Excellent,
            800.. => Mark::Good,
            700.. => Mark::Medium,
            PASS.. => Mark::Pass,
            _ => Mark::Fail,
        });
        self.passed = self.score.map(|score| score.0 >= PASS);
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let outside = |score: Option<Decimal<1>>| score.is_some_and(|score| !(0..=FULL).contains(&score.0));
        let says = "成绩应在0至100分之间";
        Checks::new()
            .school_year(self.year, ctx.today, "year")
            .not_after_today(self.graded_on, ctx.today, "graded_on")
            .refuse(outside(self.daily), "daily", says)
            .refuse(outside(self.midterm), "midterm", says)
            .refuse(outside(self.last), "last", says)
            .refuse(outside(self.score), "score", says)
            .refuse(
                self.form.0 == REVIEWED && self.midterm.is_some(),
                "midterm",
                "考查课没有期中成绩",
            )
            .refuse(
                self.irregular.is_some() && self.last.is_some_and(|last| last.0 > 0),
                "last",
                "缺考或舞弊的，期末成绩应为0或不填",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn sample() -> GeneralGrade {
        GeneralGrade {
            year: 2025,
            term: Code("1".into()),
            student: Ref::new(Uuid::nil()),
            class: Ref::new(Uuid::nil()),
            course: Ref::new(Uuid::nil()),
            teacher: Ref::new(Uuid::nil()),
            graded_on: test_day(),
            form: Code("1".into()),
            nature: Code("01".into()),
            daily: Some(Decimal(900)),
            midterm: Some(Decimal(705)),
            last: Some(Decimal(600)),
            irregular: None,
            score: None,
            mark: None,
            passed: None,
        }
    }

    fn scored(mut grade: GeneralGrade) -> (Option<i64>, Option<Mark>, Option<bool>) {
        grade.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        (grade.score.map(|score| score.0), grade.mark, grade.passed)
    }

    #[test]
    fn the_parts_make_the_score() {
        // 27 + 21.15 + 24 = 72.15
        assert_eq!(scored(sample()), (Some(722), Some(Mark::Medium), Some(true)));
        let reviewed = GeneralGrade {
            form: Code("2".into()),
            midterm: None,
            ..sample()
        };
        assert_eq!(scored(reviewed.clone()).0, Some(720));
        assert!(refused(&reviewed).is_empty());
        let open = GeneralGrade {
            midterm: None,
            ..sample()
        };
        assert_eq!(scored(open), (None, None, None));
        let entered = GeneralGrade {
            daily: None,
            score: Some(Decimal(599)),
            ..sample()
        };
        assert_eq!(scored(entered), (Some(599), Some(Mark::Fail), Some(false)));
    }

    #[test]
    fn who_was_absent_has_nothing_and_a_make_up_sixty_at_most() {
        let absent = GeneralGrade {
            irregular: Some(Code("1".into())),
            last: None,
            ..sample()
        };
        assert_eq!(scored(absent.clone()).0, Some(0));
        assert!(refused(&absent).is_empty());
        let sat = GeneralGrade {
            irregular: Some(Code("1".into())),
            ..sample()
        };
        assert_eq!(refused(&sat), ["last"]);
        let make_up = GeneralGrade {
            nature: Code("11".into()),
            ..sample()
        };
        assert_eq!(scored(make_up), (Some(600), Some(Mark::Pass), Some(true)));
    }

    #[test]
    fn scores_lie_within_the_scale() {
        assert!(refused(&sample()).is_empty());
        let wrong = GeneralGrade {
            daily: Some(Decimal(1001)),
            midterm: Some(Decimal(-1)),
            year: 1999,
            form: Code("2".into()),
            ..sample()
        };
        assert_eq!(refused(&wrong), ["year", "daily", "midterm", "midterm"]);
    }

    #[test]
    fn a_published_score_changes_only_with_leave() {
        let flow = GeneralGrade::flow();
        assert_eq!(flow.editable, ["待提交"]);
        assert!(flow.find("ask").expect("a step").note);
        assert_eq!(
            flow.find("allow").expect("a step").who,
            [Who::Role(TEACHING_OFFICE)]
        );
    }
}
