use super::rule::WorkloadRule;
use chrono::NaiveDate;
use kernel::error::Violation;
use kernel::register::field::{Decimal, LongText, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::Checks;
use people::roles::{CLASS_TEACHER, DEPARTMENT_HEAD, PERSONNEL, TEACHER, TEACHING_OFFICE};

/// Waits for the teacher.
pub const WAITING: &str = "待本人确认";
/// The teacher agreed.
pub const CONFIRMED: &str = "已确认";
/// The teacher did not agree.
pub const DISPUTED: &str = "有异议";

/// 工作量月报：每位教师每月实际上课的节数和折算工作量，由教务处在“工作量”页按办法生成，本人确认；有异议的教务处核对后重新生成。
#[derive(Clone, Debug, Register)]
#[register(
    id = "workload_statement",
    title = "工作量月报",
    group = "teaching",
    systems = "B7",
    label = "teacher, month",
    unique = "teacher, month",
    date = "ends_on",
    due = "confirm_by",
    within = "teacher",
    owner = "teacher"
)]
pub struct WorkloadStatement {
    #[field(label = "教师", list, filter)]
    pub teacher: Ref<Staff>,
    #[field(
        label = "月份",
        list,
        filter,
        max = 7,
        help = "按计算截止日期自动填写，如 2026-11"
    )]
    pub month: String,
    #[field(label = "计算截止", help = "月末；未到月末的是生成当天")]
    pub ends_on: NaiveDate,
    #[field(label = "实际上课节数", list, max = 1000)]
    pub periods: i64,
    #[field(label = "其中代课节数", list, max = 1000)]
    pub covered: i64,
    #[field(label = "由他人代课节数", list, max = 1000)]
    pub lost: i64,
    #[field(label = "折算工作量", list)]
    pub weighted: Decimal<2>,
    #[field(label = "计算办法")]
    pub rule: Ref<WorkloadRule>,
    #[field(label = "确认期限", list)]
    pub confirm_by: NaiveDate,
    #[field(label = "说明", max = 300)]
    pub note: Option<LongText>,
}

impl Rules for WorkloadStatement {
    fn flow() -> Flow {
        let teacher = || Who::Field("teacher".into());
        let office = Who::Role(TEACHING_OFFICE);
        Flow::starts(WAITING)
            .open(DISPUTED)
            .done(CONFIRMED)
            .step("confirm", "确认", &[WAITING], CONFIRMED, &[teacher()])
            .within_days(5)
            .signed("本人确认")
            .step("dispute", "提出异议", &[WAITING], DISPUTED, &[teacher()])
            .with_note()
            .step("recheck", "核对后重新确认", &[DISPUTED], WAITING, &[office])
            .with_note()
            .within_days(5)
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "workload_weighted",
                "教学工作量",
                "工作量月报的折算工作量合计",
                "课时",
                Measure::Sum {
                    of: Filter::all(),
                    field: "weighted".into(),
                },
            )
            .also(&["折算工作量"]),
            indicator(
                "workload_periods",
                "实际授课节数",
                "工作量月报的实际上课节数合计",
                "节",
                Measure::Sum {
                    of: Filter::all(),
                    field: "periods".into(),
                },
            )
            .also(&["实际上课节数"]),
            indicator(
                "workload_confirmed",
                "工作量确认率",
                "本人已确认的月报 ÷ 全部月报",
                "%",
                Measure::Share {
                    of: Filter::state(CONFIRMED),
                    among: Filter::all(),
                },
            ),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            list_form(
                "month",
                "教学工作量月报表",
                &["teacher", "periods", "covered", "lost", "weighted"],
                &["签名"],
            )
            .by("month"),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(TEACHING_OFFICE, Reach::School),
            may_read(PERSONNEL, Reach::School),
            may_read(DEPARTMENT_HEAD, Reach::Unit),
            may_read(CLASS_TEACHER, Reach::Own),
            may_read(TEACHER, Reach::Own),
        ]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.month = self.ends_on.format("%Y-%m").to_string();
    }

    fn check(&self, _ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                self.covered > self.periods,
                "covered",
                "代课节数不能多于实际上课节数",
            )
            .refuse(self.weighted.0 < 0, "weighted", "折算工作量不能小于0")
            .refuse(
                self.confirm_by < self.ends_on,
                "confirm_by",
                "确认期限不能早于计算截止日期",
            )
            .done()
    }
}
