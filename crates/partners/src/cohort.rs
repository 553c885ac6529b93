use crate::{CooperationAgreement, Enterprise, EnterpriseMentor};
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{LongText, Money, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{
    DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, indicator, school_wide,
};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, said};
use people::roles::{
    CLASS_TEACHER, COOPERATION_OFFICE, DEPARTMENT_HEAD, ENROLMENT_OFFICE, TEACHER, TEACHING_OFFICE,
};
use people::{Class, Staff};

choice!(
    /// 培养形式
    CohortKind {
        Order = "order" "订单班",
        Apprentice = "apprentice" "现代学徒制班",
        Field = "field" "现场工程师班",
        Named = "named" "企业冠名班",
        College = "college" "产业学院班",
    }
);

/// 订单班与学徒制班：学校与企业依协议共同培养的班次，双导师、双身份。系部申报，校企合作处批准开班并组织考核结业。
#[derive(Clone, Debug, Register)]
#[register(
    id = "order_class",
    title = "订单班与学徒制",
    group = "partners",
    systems = "H1",
    label = "name",
    key = "name",
    unique = "name",
    date = "starts_on",
    due = "ends_on",
    within = "class",
    owner = "school_mentor"
)]
pub struct OrderClass {
    #[field(label = "班次名称", list, max = 60, help = "如 2025级川拓数控学徒班")]
    pub name: String,
    #[field(label = "培养形式", list, filter)]
    pub kind: CohortKind,
    #[field(label = "行政班", list, help = "跨班组建的选学生最多的班")]
    pub class: Ref<Class>,
    #[field(label = "合作企业", list)]
    pub enterprise: Ref<Enterprise>,
    #[field(label = "依据协议")]
    pub agreement: Option<Ref<CooperationAgreement>>,
    #[field(label = "学校导师", list)]
    pub school_mentor: Ref<Staff>,
    #[field(label = "企业导师（牵头）", list)]
    pub lead_mentor: Option<Ref<EnterpriseMentor>>,
    #[field(label = "企业导师人数", max = 200)]
    pub mentors: i64,
    #[field(label = "学生人数", list, max = 500)]
    pub students: i64,
    #[field(label = "已签三方协议", max = 500, help = "学校、企业、学生三方协议份数")]
    pub signed: i64,
    #[field(label = "开班日期", list, filter)]
    pub starts_on: NaiveDate,
    #[field(label = "结束日期", list)]
    pub ends_on: NaiveDate,
    #[field(label = "共订培养方案", filter, help = "校企共同制定人才培养方案的选“是”")]
    pub joint_programme: bool,
    #[field(label = "企业课程门数", max = 50)]
    pub courses: i64,
    #[field(label = "企业资助（元）")]
    pub subsidy: Option<Money>,
    #[field(label = "考核合格人数", max = 500)]
    pub passed: Option<i64>,
    #[field(label = "企业留用人数", max = 500)]
    pub stayed: Option<i64>,
    #[field(label = "培养小结", max = 800)]
    pub summary: Option<LongText>,
}

impl Rules for OrderClass {
    fn flow() -> Flow {
        let office = [Who::Role(COOPERATION_OFFICE)];
        Flow::starts("筹备中")
            .open("培养中")
            .done("已结业")
            .dropped("已取消")
            .step("open", "批准开班", &["筹备中"], "培养中", &office)
            .needs(&["agreement", "lead_mentor"])
            .signed("校企合作处意见")
            .step(
                "finish",
                "考核结业",
                &["培养中"],
                "已结业",
                &[Who::Role(DEPARTMENT_HEAD), Who::Role(COOPERATION_OFFICE)],
            )
            .needs(&["passed", "stayed", "summary"])
            .step("cancel", "取消", &["筹备中", "培养中"], "已取消", &office)
            .with_note()
    }

    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "order_class_yearly",
                "开办订单班或学徒制班",
                1,
                Every::Year,
                school_wide(),
                Filter::all(),
            )
            .also(&["现代学徒制培养", "订单式培养"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let held = || {
            Filter::all()
                .and("state", Op::Not, "已取消")
                .and("state", Op::Not, "筹备中")
        };
        let sum = |of, field: &str| Measure::Sum {
            of,
            field: field.into(),
        };
        vec![
            indicator(
                "order_classes",
                "订单班和学徒制班数",
                "已开班的订单班、学徒制班和冠名班",
                "个",
                Measure::Count { of: held() },
            )
            .also(&["订单班数", "现代学徒制班", "冠名班数"]),
            indicator(
                "order_class_students",
                "订单培养学生数",
                "已开班班次的学生人数合计",
                "人",
                sum(held(), "students"),
            )
            .also(&["学徒制培养人数", "订单培养人数"]),
            indicator(
                "order_class_joint",
                "共订培养方案比例",
                "共同制定人才培养方案的班次 ÷ 已开班的班次",
                "%",
                Measure::Share {
                    of: held().and("joint_programme", Op::Is, true),
                    among: held(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(COOPERATION_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(TEACHER, Reach::Own),
            may_read(CLASS_TEACHER, Reach::Unit),
            may_read(TEACHING_OFFICE, Reach::School),
            may_read(ENROLMENT_OFFICE, Reach::School),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("opening", "订单班（学徒制班）开班审批表")
                .fields(&[
                    "name",
                    "kind",
                    "class",
                    "enterprise",
                    "agreement",
                    "school_mentor",
                    "lead_mentor",
                    "mentors",
                    "students",
                    "signed",
                    "starts_on",
                    "ends_on",
                    "courses",
                    "subsidy",
                ])
                .approvals()
                .signatures(&["系部负责人", "企业代表（盖章）"]),
        ]
    }

    fn check(&self, _ctx: &Ctx) -> Vec<Violation> {
        let apprentice = matches!(self.kind, CohortKind::Apprentice | CohortKind::Field);
        let finished = self.passed.is_some();
        Checks::new()
            .refuse(
                self.ends_on <= self.starts_on,
                "ends_on",
                "结束日期应晚于开班日期",
            )
            .refuse(self.students == 0, "students", "学生人数应大于0")
            .refuse(
                self.signed > self.students,
                "signed",
                "三方协议份数不能多于学生人数",
            )
            // 现代学徒制：双导师、三方协议（教职成厅函〔2019〕12号）。
            .refuse(
                apprentice && finished && self.signed < self.students,
                "signed",
                "学徒制班应与每名学生签订三方协议",
            )
            .refuse(apprentice && self.mentors == 0, "mentors", "学徒制班须有企业导师")
            .refuse(
                self.passed.is_some_and(|passed| passed > self.students),
                "passed",
                "合格人数不能多于学生人数",
            )
            .refuse(
                self.stayed.is_some_and(|stayed| stayed > self.students),
                "stayed",
                "留用人数不能多于学生人数",
            )
            .refuse(
                self.subsidy.is_some_and(|money| money.0 < 0),
                "subsidy",
                "企业资助不能为负数",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let apprentice = matches!(self.kind, CohortKind::Apprentice | CohortKind::Field);
        Checks::new()
            .refuse(
                apprentice && self.signed < self.students && self.starts_on < ctx.today,
                "signed",
                format!("还有{}名学生没有签三方协议", self.students - self.signed),
            )
            .refuse(
                self.ends_on < ctx.today && !said(&self.summary),
                "ends_on",
                "培养期已过，请组织考核并写培养小结",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> OrderClass {
        OrderClass {
            name: "2025级川拓数控学徒班".into(),
            kind: CohortKind::Apprentice,
            class: Ref::new(Uuid::nil()),
            enterprise: Ref::new(Uuid::nil()),
            agreement: None,
            school_mentor: Ref::new(Uuid::nil()),
            lead_mentor: None,
            mentors: 6,
            students: 30,
            signed: 30,
            starts_on: test_day() - chrono::Duration::days(30),
            ends_on: test_day() + chrono::Duration::days(600),
            joint_programme: true,
            courses: 4,
            subsidy: None,
            passed: None,
            stayed: None,
            summary: None,
        }
    }

    #[test]
    fn numbers_stay_within_the_class() {
        assert!(refused(&sample()).is_empty());
        let wrong = |change: fn(&mut OrderClass)| {
            let mut record = sample();
            change(&mut record);
            refused(&record)
        };
        assert_eq!(wrong(|r| r.signed = 31), ["signed"]);
        assert_eq!(wrong(|r| r.stayed = Some(31)), ["stayed"]);
        assert_eq!(wrong(|r| r.ends_on = r.starts_on), ["ends_on"]);
        assert_eq!(wrong(|r| r.mentors = 0), ["mentors"]);
        assert!(
            wrong(|r| {
                r.kind = CohortKind::Named;
                r.mentors = 0;
            })
            .is_empty()
        );
    }

    #[test]
    fn an_apprentice_has_an_agreement_of_three_parties() {
        let few = OrderClass {
            signed: 28,
            ..sample()
        };
        assert!(refused(&few).is_empty());
        assert_eq!(doubted(&few), ["signed"]);
        assert_eq!(
            refused(&OrderClass {
                passed: Some(28),
                ..few
            }),
            ["signed"]
        );
    }
}
