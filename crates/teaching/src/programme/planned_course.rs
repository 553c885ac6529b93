use crate::{Major, Textbook};
use chrono::Datelike;
use kernel::error::Violation;
use kernel::register::field::{Code, Decimal, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx, Reach, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled};
use people::roles::{DEPARTMENT_HEAD, RESEARCH_LEAD, TEACHING_OFFICE, directory};
use people::{Course, Staff, Unit};

/// 计划课程：一个学期给某专业某年级开的一门课，学时、主讲教师、考试形式和教材；由系部按培养方案编制，教务处审定。
#[derive(Clone, Debug, Register)]
#[register(
    id = "planned_course",
    title = "计划课程",
    group = "teaching",
    systems = "B3, B4",
    label = "course, users, year",
    key = "number",
    unique = "number",
    within = "unit",
    owner = "teacher"
)]
pub struct PlannedCourse {
    #[field(label = "计划课程号", list, max = 64, dataset = "T22.JHKCH")]
    pub number: String,
    #[field(label = "课程", list, filter, dataset = "T22.KCH:code")]
    pub course: Ref<Course>,
    #[field(
        label = "学年（起始年）",
        list,
        filter,
        max = 2100,
        dataset = "T22.KKXND",
        help = "2026—2027学年填2026"
    )]
    pub year: i64,
    #[field(label = "学期", list, filter, code = "XQDM", dataset = "T22.KKXQM")]
    pub term: Code,
    #[field(label = "专业", filter, help = "全校公共课不填")]
    pub major: Option<Ref<Major>>,
    #[field(label = "入学年", list, filter, max = 2100)]
    pub entry_year: i64,
    #[field(label = "使用年级专业", list, max = 60, help = "如 2025级机电技术应用")]
    pub users: String,
    #[field(label = "开课部门", list, filter)]
    pub unit: Ref<Unit>,
    #[field(label = "主讲教师", list, dataset = "T22.ZJJSGH:number")]
    pub teacher: Ref<Staff>,
    #[field(label = "周学时", list, max = 40)]
    pub weekly: i64,
    #[field(label = "周数", max = 30)]
    pub weeks: i64,
    #[field(label = "总学时", list, max = 1200, help = "自动计算：周学时×周数")]
    pub hours: Option<i64>,
    #[field(label = "学分", help = "不填时按18学时1学分折算")]
    pub credits: Option<Decimal<1>>,
    #[field(label = "考试形式", list, filter, code = "KSXSDM", dataset = "T22.KSXSM")]
    pub exam: Option<Code>,
    #[field(label = "专业核心课程", filter, dataset = "T22.SFZYHXKC")]
    pub core: bool,
    #[field(label = "课证融通课程", filter, dataset = "T22.SFKZRTKC")]
    pub certified: bool,
    #[field(
        label = "对应证书号",
        max = 64,
        dataset = "T22.ZSH",
        help = "课证融通的填写证书编号或名称"
    )]
    pub certificate: Option<String>,
    #[field(label = "相关竞赛名称", max = 100, dataset = "T22.XGJSMC")]
    pub contest: Option<String>,
    #[field(label = "主要授课方式", code = "ZYSKFSDM", dataset = "T22.KTJXSJZYSKFSM")]
    pub method: Option<Code>,
    #[field(label = "选用教材", dataset = "T22.XYJCCBH:isbn")]
    pub textbook: Option<Ref<Textbook>>,
}

impl Rules for PlannedCourse {
    fn flow() -> Flow {
        let office = [Who::Role(TEACHING_OFFICE)];
        let makers = [Who::Role(DEPARTMENT_HEAD), Who::Role(RESEARCH_LEAD), Who::Creator];
        Flow::starts("待审定")
            .open("已退回")
            .done("已下达")
            .dropped("已停开")
            .step("issue", "审定下达", &["待审定"], "已下达", &office)
            .within_days(10)
            .signed("教务处意见")
            .step("return", "退回调整", &["待审定", "已下达"], "已退回", &office)
            .with_note()
            .step("resubmit", "重新提交", &["已退回"], "待审定", &makers)
            .step("cancel", "停开", &["待审定", "已下达"], "已停开", &office)
            .with_note()
            .editable(&["待审定", "已退回"])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let issued = || Filter::state("已下达");
        vec![
            indicator(
                "planned_courses",
                "计划课程门次",
                "已下达的计划课程",
                "门次",
                Measure::Count { of: issued() },
            )
            .also(&["开课门次", "开设课程门数"]),
            indicator(
                "planned_course_hours",
                "计划教学学时",
                "已下达计划课程的总学时合计",
                "学时",
                Measure::Sum {
                    of: issued(),
                    field: "hours".into(),
                },
            ),
            indicator(
                "planned_course_issued",
                "教学计划落实率",
                "已下达的计划课程 ÷ 全部计划课程",
                "%",
                Measure::Share {
                    of: issued(),
                    among: Filter::all(),
                },
            )
            .also(&["课程开出率", "教学任务落实率"]),
            indicator(
                "planned_course_certified",
                "课证融通课程数",
                "已下达的课证融通课程",
                "门次",
                Measure::Count {
                    of: issued().and("certified", Op::Is, true),
                },
            )
            .also(&["岗课赛证融通课程"]),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            list_form(
                "plan",
                "学期开课计划表",
                &["course", "users", "weekly", "weeks", "hours", "exam", "teacher"],
                &["备注"],
            )
            .by("unit"),
        ]
    }

    fn access() -> Vec<Access> {
        let mut access = directory(&[TEACHING_OFFICE]);
        access.push(may_write(DEPARTMENT_HEAD, Reach::Unit));
        access.push(may_write(RESEARCH_LEAD, Reach::Own));
        access
    }

    fn computed() -> &'static [&'static str] {
        &["hours"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        let hours = self.weekly * self.weeks;
        self.hours = Some(hours);
        // 16 to 18 hours are one credit; rounded to a tenth.
        if self.credits.is_none() {
            self.credits = Some(Decimal((hours * 10 + 9) / 18));
        }
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let next = i64::from(ctx.today.year()) + 1;
        Checks::new()
            .school_year(self.year, ctx.today, "year")
            .refuse(
                !(2000..=next).contains(&self.entry_year),
                "entry_year",
                format!("入学年应在2000年至{next}年之间"),
            )
            .refuse(
                self.entry_year > self.year,
                "entry_year",
                "入学年不能晚于开课学年",
            )
            .refuse(self.weekly == 0, "weekly", "周学时应大于0")
            .refuse(self.weeks == 0, "weeks", "周数应大于0")
            .refuse(
                self.core && self.major.is_none(),
                "major",
                "专业核心课程请选择专业",
            )
            .refuse(
                self.certified && !filled(self.certificate.as_deref()),
                "certificate",
                "课证融通课程请填写对应的证书",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        // 教职成〔2009〕2号: 28 hours a week for all courses together, 30 in a week of practice.
        Checks::new()
            .refuse(self.weekly > 30, "weekly", "一门课周学时超过30，请核对")
            .refuse(self.textbook.is_none(), "textbook", "还没有选用教材")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> PlannedCourse {
        PlannedCourse {
            number: "2025-2-JD0301-2024".into(),
            course: Ref::new(Uuid::nil()),
            year: 2025,
            term: Code("2".into()),
            major: Some(Ref::new(Uuid::nil())),
            entry_year: 2024,
            users: "2024级机电技术应用".into(),
            unit: Ref::new(Uuid::nil()),
            teacher: Ref::new(Uuid::nil()),
            weekly: 4,
            weeks: 18,
            hours: None,
            credits: None,
            exam: Some(Code("1".into())),
            core: true,
            certified: false,
            certificate: None,
            contest: None,
            method: None,
            textbook: Some(Ref::new(Uuid::nil())),
        }
    }

    #[test]
    fn hours_and_credits_follow() {
        let mut plan = sample();
        let ctx = Ctx {
            today: test_day(),
            new: true,
        };
        plan.complete(&ctx);
        assert_eq!((plan.hours, plan.credits), (Some(72), Some(Decimal(40))));
        plan.credits = Some(Decimal(45));
        plan.weekly = 2;
        plan.complete(&ctx);
        assert_eq!((plan.hours, plan.credits), (Some(36), Some(Decimal(45))));
    }

    #[test]
    fn years_hours_and_certificates_are_checked() {
        assert!(refused(&sample()).is_empty());
        assert!(doubted(&sample()).is_empty());
        let wrong = PlannedCourse {
            entry_year: 2026,
            weekly: 0,
            weeks: 0,
            major: None,
            certified: true,
            textbook: None,
            ..sample()
        };
        assert_eq!(
            refused(&wrong),
            ["entry_year", "weekly", "weeks", "major", "certificate"]
        );
        assert_eq!(doubted(&wrong), ["textbook"]);
        assert_eq!(
            refused(&PlannedCourse { year: 26, ..sample() }),
            ["year", "entry_year"]
        );
    }
}
