use crate::Enterprise;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Ref};
use kernel::register::flow::{Flow, Guard, Who};
use kernel::register::indicator::{DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, said};
use people::roles::{
    CLASS_TEACHER, COOPERATION_OFFICE, DEPARTMENT_HEAD, SAFETY_OFFICE, STUDENT_OFFICE, TEACHER,
};
use people::{Staff, Unit, UnitKind};

choice!(
    /// 巡访方式
    VisitMeans {
        Site = "site" "实地巡访",
        Video = "video" "视频连线",
        Phone = "phone" "电话联系",
    }
);

/// 实习巡访：指导教师到实习单位查看学生岗位、工时、报酬、食宿和安全，发现的问题限期解决。各系每周联系、每月实地巡访。
#[derive(Clone, Debug, Register)]
#[register(
    id = "internship_visit",
    title = "实习巡访",
    group = "partners",
    systems = "D12",
    label = "enterprise, visited_on",
    date = "visited_on",
    due = "solve_by",
    within = "department",
    owner = "visitor"
)]
pub struct InternshipVisit {
    #[field(label = "巡访日期", list, filter)]
    pub visited_on: NaiveDate,
    #[field(label = "巡访方式", list, filter)]
    pub means: VisitMeans,
    #[field(label = "实习单位", list)]
    pub enterprise: Ref<Enterprise>,
    #[field(label = "所属系部", list, filter)]
    pub department: Ref<Unit>,
    #[field(label = "巡访教师", list)]
    pub visitor: Ref<Staff>,
    #[field(label = "应见学生数", max = 500)]
    pub expected: i64,
    #[field(label = "见到学生数", list, max = 500)]
    pub met: i64,
    #[field(label = "岗位与协议相符")]
    pub post_right: bool,
    #[field(
        label = "工时合规",
        help = "每日不超过8小时，无夜班和休息日班（已备案的除外）"
    )]
    pub hours_right: bool,
    #[field(label = "报酬按月足额")]
    pub pay_right: bool,
    #[field(label = "食宿安全")]
    pub living_right: bool,
    #[field(label = "无扣证收费担保", help = "没有扣押证件、收取费用、要求担保的情况")]
    pub free: bool,
    #[field(label = "有无问题", list, filter, help = "由各项检查得出")]
    pub faulty: Option<bool>,
    #[field(label = "巡访情况", max = 800)]
    pub summary: LongText,
    #[field(label = "问题与要求", max = 500)]
    pub problem: Option<LongText>,
    #[field(label = "解决期限", list)]
    pub solve_by: Option<NaiveDate>,
    #[field(label = "解决情况", max = 500)]
    pub solution: Option<LongText>,
    #[field(label = "解决日期")]
    pub solved_on: Option<NaiveDate>,
    #[field(label = "照片", help = "可不传")]
    pub photos: Files,
}

impl InternshipVisit {
    fn is_faulty(&self) -> bool {
        let right = [
            self.post_right,
            self.hours_right,
            self.pay_right,
            self.living_right,
            self.free,
        ];
        right.contains(&false)
    }
}

impl Rules for InternshipVisit {
    fn flow() -> Flow {
        let office = [Who::Role(COOPERATION_OFFICE), Who::Role(DEPARTMENT_HEAD)];
        Flow::starts("待审阅")
            .open("待解决")
            .done("已办结")
            .step("read", "审阅", &["待审阅"], "已办结", &office)
            .fork(Guard::is("faulty", "true"), "待解决")
            .within_days(7)
            .step(
                "solve",
                "问题已解决",
                &["待解决"],
                "已办结",
                &[
                    Who::Field("visitor".into()),
                    Who::Role(COOPERATION_OFFICE),
                    Who::Role(DEPARTMENT_HEAD),
                ],
            )
            .needs(&["solution", "solved_on"])
    }

    fn duties() -> Vec<DutySpec> {
        let departments = || Unit::each(UnitKind::Department);
        vec![
            duty(
                "internship_visit_week",
                "每周联系实习学生",
                1,
                Every::Week,
                departments(),
                Filter::all(),
            )
            .also(&["实习巡访", "联系实习企业", "每周实习检查"]),
            duty(
                "internship_visit_month",
                "每月实地巡访",
                1,
                Every::Month,
                departments(),
                Filter::is("means", "site"),
            )
            .also(&["实习走访", "实地走访实习企业", "岗位实习巡查"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let faulty = || Filter::is("faulty", true);
        vec![
            indicator(
                "internship_visits",
                "实习巡访次数",
                "实地、视频和电话巡访次数",
                "次",
                Measure::Count { of: Filter::all() },
            )
            .also(&["巡访次数", "走访实习企业次数"]),
            indicator(
                "internship_visit_coverage",
                "实习企业巡访覆盖率",
                "实地巡访过的企业 ÷ 在合作且接收岗位实习的企业",
                "%",
                Measure::Coverage {
                    of: Filter::is("means", "site"),
                    field: "enterprise".into(),
                    all: Enterprise::active().and("takes_interns", Op::Is, true),
                },
            )
            .also(&["企业走访覆盖率"]),
            indicator(
                "internship_visit_solved",
                "实习问题解决率",
                "已办结的有问题巡访 ÷ 有问题的巡访",
                "%",
                Measure::Share {
                    of: faulty().and("state", Op::Is, "已办结"),
                    among: faulty(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(COOPERATION_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(TEACHER, Reach::Own),
            may_write(CLASS_TEACHER, Reach::Own),
            may_read(STUDENT_OFFICE, Reach::School),
            may_read(SAFETY_OFFICE, Reach::School),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("record", "岗位实习巡访记录表")
                .fields(&[
                    "visited_on",
                    "means",
                    "enterprise",
                    "department",
                    "visitor",
                    "expected",
                    "met",
                ])
                .heading("检查内容")
                .fields(&["post_right", "hours_right", "pay_right", "living_right", "free"])
                .fields(&["summary", "problem", "solution"])
                .approvals()
                .signatures(&["巡访教师", "实习单位代表"]),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["faulty"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.faulty = Some(self.is_faulty());
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let faulty = self.is_faulty();
        Checks::new()
            .not_after_today(self.visited_on, ctx.today, "visited_on")
            .refuse(self.met > self.expected, "met", "见到的学生不能多于应见学生")
            .refuse(
                faulty && !said(&self.problem),
                "problem",
                "有不合规的项目，请写明问题与要求",
            )
            .refuse(
                faulty && self.solve_by.is_none(),
                "solve_by",
                "有问题的请写明解决期限",
            )
            .in_order(
                self.visited_on,
                self.solve_by,
                "solve_by",
                "解决期限不能早于巡访日期",
            )
            .in_order(
                self.visited_on,
                self.solved_on,
                "solved_on",
                "解决日期不能早于巡访日期",
            )
            .not_after_today(self.solved_on, ctx.today, "solved_on")
            .refuse(
                self.solved_on.is_some() && !said(&self.solution),
                "solution",
                "填写了解决日期，请写明解决情况",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let overdue = self.solved_on.is_none() && self.solve_by.is_some_and(|day| day < ctx.today);
        Checks::new()
            .refuse(overdue, "solve_by", "解决期限已过，问题还没有解决")
            .refuse(
                self.expected > 0 && self.met * 2 < self.expected,
                "met",
                "见到的学生不到一半，建议再访",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{day, doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> InternshipVisit {
        InternshipVisit {
            visited_on: day(-6),
            means: VisitMeans::Site,
            enterprise: Ref::new(Uuid::nil()),
            department: Ref::new(Uuid::nil()),
            visitor: Ref::new(Uuid::nil()),
            expected: 8,
            met: 7,
            post_right: true,
            hours_right: true,
            pay_right: true,
            living_right: true,
            free: true,
            faulty: None,
            summary: LongText("学生精神状态好，岗位与协议一致".into()),
            problem: None,
            solve_by: None,
            solution: None,
            solved_on: None,
            photos: Files::default(),
        }
    }

    #[test]
    fn what_is_wrong_is_named_and_solved_in_time() {
        assert!(refused(&sample()).is_empty());
        let late = InternshipVisit {
            pay_right: false,
            ..sample()
        };
        assert_eq!(refused(&late), ["problem", "solve_by"]);
        let named = InternshipVisit {
            problem: Some(LongText("九月报酬晚发12天".into())),
            solve_by: Some(day(-1)),
            ..late
        };
        assert!(refused(&named).is_empty());
        assert_eq!(doubted(&named), ["solve_by"]);
        let silent = InternshipVisit {
            solved_on: Some(day(-2)),
            ..named
        };
        assert_eq!(refused(&silent), ["solution"]);
    }

    #[test]
    fn faults_lead_to_a_solution() {
        let flow = InternshipVisit::flow();
        assert_eq!(
            flow.find("read").expect("a step").forks,
            [(Guard::is("faulty", "true"), "待解决".into())]
        );
        let mut record = InternshipVisit {
            free: false,
            ..sample()
        };
        record.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        assert_eq!(record.faulty, Some(true));
    }

    #[test]
    fn numbers_agree() {
        assert_eq!(refused(&InternshipVisit { met: 9, ..sample() }), ["met"]);
        assert_eq!(doubted(&InternshipVisit { met: 3, ..sample() }), ["met"]);
    }
}
