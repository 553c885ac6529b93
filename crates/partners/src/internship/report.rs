use super::Internship;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Files, LongText, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{
    DutyScope, DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, indicator,
};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, said};
use people::roles::{CLASS_TEACHER, COOPERATION_OFFICE, DEPARTMENT_HEAD, TEACHER};
use people::{Staff, Student};

choice!(
    /// 报告类别
    ReportKind {
        Week = "week" "周报",
        Month = "month" "月报",
        Final = "final" "实习综合报告",
    }
);

choice!(
    /// 批阅等第
    Rating {
        Excellent = "1" "优",
        Good = "2" "良",
        Pass = "3" "合格",
        Fail = "4" "不合格",
    }
);

/// 实习报告：学生实习期间的周报、月报和综合报告，由指导教师收集并批阅。是国家数据集“实习报告记录”的来源。
#[derive(Clone, Debug, Register)]
#[register(
    id = "internship_report",
    title = "实习周报与报告",
    group = "partners",
    systems = "D12",
    label = "student, period",
    unique = "placement, kind, period",
    date = "submitted_on",
    within = "student",
    owner = "teacher"
)]
pub struct InternshipReport {
    #[field(label = "学生", list, dataset = "T8.XSXH:number, T8.XSXM:name")]
    pub student: Ref<Student>,
    #[field(
        label = "实习安排",
        help = "实习单位和岗位由它得出",
        dataset = "T8.XSXMMC:enterprise, T8.SXGWMC:post"
    )]
    pub placement: Ref<Internship>,
    #[field(label = "指导教师", list, dataset = "T8.XXZDJS:name")]
    pub teacher: Ref<Staff>,
    #[field(label = "报告类别", list, filter, dataset = "T8.BGLB")]
    pub kind: ReportKind,
    #[field(
        label = "所属时段",
        list,
        filter,
        max = 20,
        help = "如 第8周、10月；综合报告填 全程"
    )]
    pub period: String,
    #[field(label = "提交日期", list, filter, dataset = "T8.BGTJRQ")]
    pub submitted_on: NaiveDate,
    #[field(label = "报告内容", max = 2000, dataset = "T8.XXBGXQ")]
    pub content: LongText,
    #[field(label = "困难与诉求", max = 300)]
    pub wishes: Option<LongText>,
    #[field(label = "是否需要跟进", list, filter, help = "写了困难与诉求的为“是”")]
    pub needs_care: Option<bool>,
    #[field(label = "教师批语", max = 500)]
    pub comment: Option<LongText>,
    #[field(label = "批阅等第", list, filter)]
    pub rating: Option<Rating>,
    #[field(label = "批阅日期")]
    pub reviewed_on: Option<NaiveDate>,
    #[field(
        label = "批阅状态",
        filter,
        code = "JSPYZTDM",
        help = "由批语得出",
        dataset = "T8.JSPYZT"
    )]
    pub reviewed: Option<Code>,
    #[field(label = "附件", help = "可不传")]
    pub files: Files,
}

impl Rules for InternshipReport {
    fn flow() -> Flow {
        let teacher = || [Who::Field("teacher".into()), Who::Role(COOPERATION_OFFICE)];
        Flow::starts("待批阅")
            .open("退回重写")
            .done("已批阅")
            .step("review", "批阅", &["待批阅"], "已批阅", &teacher())
            .needs(&["comment", "rating", "reviewed_on"])
            .within_days(7)
            .signed("指导教师批语")
            .step("return", "退回重写", &["待批阅"], "退回重写", &teacher())
            .with_note()
            .step(
                "resubmit",
                "重新提交",
                &["退回重写"],
                "待批阅",
                &[
                    Who::Creator,
                    Who::Field("teacher".into()),
                    Who::Role(CLASS_TEACHER),
                ],
            )
    }

    fn duties() -> Vec<DutySpec> {
        let interning = DutyScope::Each {
            register: "class".into(),
            only: Some(("status".into(), "interning".into())),
        };
        vec![
            duty(
                "internship_report_week",
                "实习周报",
                1,
                Every::Week,
                interning,
                Filter::is("kind", "week"),
            )
            .also(&["学生实习周报", "岗位实习周报"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "internship_reports",
                "实习报告数",
                "提交的实习周报、月报和综合报告",
                "份",
                Measure::Count { of: Filter::all() },
            )
            .also(&["实习周报数"]),
            indicator(
                "internship_report_reviewed",
                "实习报告批阅率",
                "已批阅的报告 ÷ 提交的报告",
                "%",
                Measure::Share {
                    of: Filter::state("已批阅"),
                    among: Filter::all(),
                },
            )
            .also(&["实习周报批阅率", "周报批阅率"]),
            indicator(
                "internship_report_coverage",
                "实习报告覆盖率",
                "交过报告的实习 ÷ 正在进行的实习",
                "%",
                Measure::Coverage {
                    of: Filter::all().and("state", Op::Not, "退回重写"),
                    field: "placement".into(),
                    all: Internship::running(),
                },
            )
            .also(&["实习周报提交率"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(COOPERATION_OFFICE, Reach::School),
            may_write(TEACHER, Reach::Own),
            may_write(CLASS_TEACHER, Reach::Unit),
            may_read(DEPARTMENT_HEAD, Reach::Unit),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("report", "学生实习报告")
                .fields(&[
                    "student",
                    "placement",
                    "teacher",
                    "kind",
                    "period",
                    "submitted_on",
                ])
                .fields(&["content", "wishes"])
                .heading("教师批阅")
                .fields(&["comment", "rating", "reviewed_on"])
                .signatures(&["学生", "企业指导人", "指导教师"]),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["needs_care", "reviewed"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.needs_care = Some(said(&self.wishes));
        self.reviewed = Some(Code(if said(&self.comment) { "1" } else { "2" }.into()));
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let short = self.kind == ReportKind::Final && self.content.0.chars().count() < 100;
        Checks::new()
            .not_after_today(self.submitted_on, ctx.today, "submitted_on")
            .in_order(
                self.submitted_on,
                self.reviewed_on,
                "reviewed_on",
                "批阅日期不能早于提交日期",
            )
            .not_after_today(self.reviewed_on, ctx.today, "reviewed_on")
            .refuse(
                self.reviewed_on.is_some() && !said(&self.comment),
                "comment",
                "填写了批阅日期，请写批语",
            )
            .refuse(short, "content", "综合报告不少于100字")
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let waiting = (ctx.today - self.submitted_on).num_days() > 7;
        Checks::new()
            .refuse(
                self.reviewed_on.is_none() && waiting,
                "reviewed_on",
                "提交超过7天还没有批阅",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{day, doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> InternshipReport {
        InternshipReport {
            student: Ref::new(Uuid::nil()),
            placement: Ref::new(Uuid::nil()),
            teacher: Ref::new(Uuid::nil()),
            kind: ReportKind::Week,
            period: "第8周".into(),
            submitted_on: day(-5),
            content: LongText("本周学习首件检验，独立加工轴类零件。".into()),
            wishes: None,
            needs_care: None,
            comment: Some(LongText("注意量具保养".into())),
            rating: Some(Rating::Good),
            reviewed_on: Some(day(-3)),
            reviewed: None,
            files: Files::default(),
        }
    }

    #[test]
    fn a_review_comes_after_the_report_and_says_something() {
        assert!(refused(&sample()).is_empty());
        let wrong = |change: fn(&mut InternshipReport)| {
            let mut record = sample();
            change(&mut record);
            refused(&record)
        };
        assert_eq!(wrong(|r| r.reviewed_on = Some(day(-6))), ["reviewed_on"]);
        assert_eq!(wrong(|r| r.comment = None), ["comment"]);
        assert_eq!(
            wrong(|r| r.submitted_on = day(1)),
            ["submitted_on", "reviewed_on"]
        );
        assert_eq!(wrong(|r| r.kind = ReportKind::Final), ["content"]);
    }

    #[test]
    fn the_state_of_review_and_care_follow() {
        let ctx = Ctx {
            today: test_day(),
            new: true,
        };
        let mut record = sample();
        record.complete(&ctx);
        assert_eq!(
            (record.reviewed, record.needs_care),
            (Some(Code("1".into())), Some(false))
        );
        let mut open = InternshipReport {
            submitted_on: day(-8),
            comment: None,
            reviewed_on: None,
            wishes: Some(LongText("宿舍太远".into())),
            ..sample()
        };
        open.complete(&ctx);
        assert_eq!(
            (&open.reviewed, open.needs_care),
            (&Some(Code("2".into())), Some(true))
        );
        assert_eq!(doubted(&open), ["reviewed_on"]);
    }
}
