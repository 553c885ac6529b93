use super::PartyBranch;
use chrono::{Datelike, Months, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Decimal, Money, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::Checks;
use people::roles::PARTY_OFFICE;

use crate::audience::named_may_read;

choice!(
    /// 党费缴纳人
    Payer {
        Serving = "serving" "在职党员",
        Retired = "retired" "离退休党员",
        Student = "student" "学生党员",
    }
);

/// 党费收缴：党员按月缴纳党费的登记，应缴额由计算基数和比例得出。由党委办公室收缴，党员可看自己的；计算基数加密。
#[derive(Clone, Debug, Register)]
#[register(
    id = "party_dues",
    title = "党费收缴",
    group = "party",
    systems = "G1",
    label = "member, month",
    unique = "member, month",
    date = "owed_on",
    due = "due",
    within = "branch",
    owner = "member"
)]
pub struct PartyDues {
    #[field(label = "党组织", list, filter)]
    pub branch: Ref<PartyBranch>,
    #[field(label = "党员", list, filter)]
    pub member: Ref<Staff>,
    #[field(label = "人员类别", filter)]
    pub payer: Payer,
    #[field(label = "所属月份", filter, help = "填该月任一天")]
    pub owed_on: NaiveDate,
    #[field(label = "月份", list, max = 10, help = "由所属月份得出，不用填")]
    pub month: Option<String>,
    #[field(
        label = "计算基数（元）",
        sealed,
        help = "在职：相对固定的月工资（税后）；离退休：月离退休费或养老金"
    )]
    pub base: Money,
    #[field(label = "缴纳比例（%）", list, help = "由计算基数得出，不用填")]
    pub rate: Option<Decimal<1>>,
    #[field(label = "应缴金额（元）", list, help = "由计算基数和比例得出，不用填")]
    pub amount: Option<Money>,
    #[field(label = "缴纳期限", list, help = "不填时为当月最后一天")]
    pub due: Option<NaiveDate>,
    #[field(label = "实缴金额（元）", list)]
    pub paid: Option<Money>,
    #[field(label = "缴纳日期", list)]
    pub paid_on: Option<NaiveDate>,
    #[field(label = "说明", max = 100, help = "减免、补缴或多缴的原因")]
    pub remark: Option<String>,
}

impl PartyDues {
    // 《关于中国共产党党费收缴、使用和管理的规定》(中组发〔2008〕3号) 第二、五、六条.
    fn tenths_of_percent(&self) -> i64 {
        const YUAN: i64 = 100;
        match (self.payer, self.base.0 / YUAN) {
            (Payer::Student, _) => 0,
            (Payer::Retired, _) if self.base.0 <= 5000 * YUAN => 5,
            (Payer::Retired, _) => 10,
            _ if self.base.0 <= 3000 * YUAN => 5,
            _ if self.base.0 <= 5000 * YUAN => 10,
            _ if self.base.0 <= 10_000 * YUAN => 15,
            _ => 20,
        }
    }

    /// What is to be paid for the month.
    pub fn owed(&self) -> Money {
        match self.payer {
            Payer::Student => STUDENT,
            _ => Money((self.base.0 * self.tenths_of_percent() + 500) / 1000),
        }
    }
}

/// What a student member pays a month: 0.2 yuan.
const STUDENT: Money = Money(20);

fn last_of_month(day: NaiveDate) -> Option<NaiveDate> {
    day.with_day(1)?.checked_add_months(Months::new(1))?.pred_opt()
}

impl Rules for PartyDues {
    fn flow() -> Flow {
        Flow::starts("待缴纳")
            .done("已缴纳")
            .dropped("已免缴")
            .step(
                "pay",
                "登记缴纳",
                &["待缴纳"],
                "已缴纳",
                &[Who::Role(PARTY_OFFICE)],
            )
            .needs(&["paid", "paid_on"])
            .step(
                "exempt",
                "批准免缴",
                &["待缴纳"],
                "已免缴",
                &[Who::Role(PARTY_OFFICE)],
            )
            .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "party_dues_paid",
                "党费收缴率",
                "已缴纳的党费 ÷ 应缴纳的党费（人次）",
                "%",
                Measure::Share {
                    of: Filter::state("已缴纳"),
                    among: Filter::all().and("state", Op::Not, "已免缴"),
                },
            )
            .also(&["党费按时收缴率", "党费缴纳率"]),
            indicator(
                "party_dues_sum",
                "党费收缴金额",
                "实缴金额合计",
                "元",
                Measure::Sum {
                    of: Filter::state("已缴纳"),
                    field: "paid".into(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        named_may_read(&[PARTY_OFFICE])
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            list_form(
                "collection",
                "党费收缴登记表",
                &["member", "month", "amount", "paid", "paid_on"],
                &["签名"],
            )
            .by("branch"),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["month", "rate", "amount"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.month = Some(self.owed_on.format("%Y-%m").to_string());
        self.rate = Some(Decimal(self.tenths_of_percent()));
        self.amount = Some(self.owed());
        self.due = self.due.or_else(|| last_of_month(self.owed_on));
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let payer = self.payer != Payer::Student;
        Checks::new()
            .refuse(
                self.base.0 < 0 || (payer && self.base.0 == 0),
                "base",
                "计算基数应大于0",
            )
            .refuse(
                self.paid.is_some_and(|paid| paid.0 <= 0),
                "paid",
                "实缴金额应大于0；免缴的请用“批准免缴”",
            )
            .refuse(
                self.paid.is_some() != self.paid_on.is_some(),
                "paid_on",
                "实缴金额和缴纳日期应一起填写",
            )
            .not_after_today(self.paid_on, ctx.today, "paid_on")
            .in_order(
                self.owed_on.with_day(1),
                self.due,
                "due",
                "缴纳期限不能早于所属月份",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let short = self.paid.is_some_and(|paid| paid < self.owed());
        let large = self.paid.is_some_and(|paid| paid.0 - self.owed().0 >= 100_000);
        // 《中国共产党章程》第九条: six months without dues without good reason count as leaving.
        let long = self.paid.is_none() && months_between(self.owed_on, ctx.today) >= 6;
        Checks::new()
            .refuse(short, "paid", "实缴少于应缴，请在说明中写明原因")
            .refuse(large, "paid", "一次多缴1000元以上的作为大额党费全部上缴")
            .refuse(long, "owed_on", "已满六个月未缴，请支部了解原因")
            .done()
    }
}

fn months_between(from: NaiveDate, to: NaiveDate) -> i32 {
    (to.year() - from.year()) * 12 + to.month() as i32 - from.month() as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample(payer: Payer, yuan: i64) -> PartyDues {
        let mut record = PartyDues {
            branch: Ref::new(Uuid::nil()),
            member: Ref::new(Uuid::nil()),
            payer,
            owed_on: test_day(),
            month: None,
            base: Money(yuan * 100),
            rate: None,
            amount: None,
            due: None,
            paid: None,
            paid_on: None,
            remark: None,
        };
        record.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        record
    }

    #[test]
    fn the_rate_follows_the_base() {
        let amount = |payer, yuan| sample(payer, yuan).amount.expect("computed").0;
        assert_eq!(amount(Payer::Serving, 3000), 1500);
        assert_eq!(amount(Payer::Serving, 3001), 3001);
        assert_eq!(amount(Payer::Serving, 5000), 5000);
        assert_eq!(amount(Payer::Serving, 8000), 12_000);
        assert_eq!(amount(Payer::Serving, 12_000), 24_000);
        assert_eq!(amount(Payer::Retired, 5000), 2500);
        assert_eq!(amount(Payer::Retired, 6000), 6000);
        assert_eq!(amount(Payer::Student, 0), 20);
    }

    #[test]
    fn a_month_is_due_on_its_last_day() {
        let record = sample(Payer::Serving, 5000);
        assert_eq!(record.month.as_deref(), Some("2026-03"));
        assert_eq!(record.due, NaiveDate::from_ymd_opt(2026, 3, 31));
    }

    #[test]
    fn what_is_paid_has_a_day_and_is_compared() {
        let paid = PartyDues {
            paid: Some(Money(4000)),
            paid_on: Some(test_day()),
            ..sample(Payer::Serving, 5000)
        };
        assert!(refused(&paid).is_empty());
        assert_eq!(doubted(&paid), ["paid"]);
        let undated = PartyDues {
            paid_on: None,
            ..paid.clone()
        };
        assert_eq!(refused(&undated), ["paid_on"]);
        let large = PartyDues {
            paid: Some(Money(105_000)),
            ..paid
        };
        assert_eq!(doubted(&large), ["paid"]);
        let old = PartyDues {
            owed_on: test_day() - Months::new(6),
            ..sample(Payer::Serving, 5000)
        };
        assert_eq!(doubted(&old), ["owed_on"]);
        assert_eq!(refused(&sample(Payer::Serving, 0)), ["base"]);
    }
}
