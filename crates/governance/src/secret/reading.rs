use super::{SecretPaper, confidants};
use chrono::NaiveDate;
use kernel::error::Violation;
use kernel::register::field::Ref;
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::{Checks, filled};
use people::roles::OFFICE;

/// 涉密文件借阅：涉密文件交谁阅、何时收回，一人一次一行；原则上当日收回。由办公室机要人员登记，只有办公室和校领导可见。
#[derive(Clone, Debug, Register)]
#[register(
    id = "secret_reading",
    title = "涉密文件借阅",
    group = "office",
    systems = "G5",
    label = "paper, reader",
    date = "lent_on",
    due = "due",
    owner = "reader"
)]
pub struct SecretReading {
    #[field(label = "涉密文件", list, filter)]
    pub paper: Ref<SecretPaper>,
    #[field(label = "阅文人", list, filter)]
    pub reader: Ref<Staff>,
    #[field(label = "批准人", list, help = "知悉范围由校领导批准")]
    pub approver: Ref<Staff>,
    #[field(label = "交阅日期", list, filter)]
    pub lent_on: NaiveDate,
    #[field(label = "应收回日期", list, help = "不填时为交阅当日")]
    pub due: Option<NaiveDate>,
    #[field(label = "阅文地点", max = 40, help = "在保密室阅；带离的写明原因")]
    pub place: String,
    #[field(label = "带离保密室", filter)]
    pub taken_out: bool,
    #[field(label = "带离原因", max = 100)]
    pub reason: Option<String>,
    #[field(label = "收回日期", list)]
    pub returned_on: Option<NaiveDate>,
    #[field(label = "收回人")]
    pub receiver: Option<Ref<Staff>>,
}

impl Rules for SecretReading {
    fn flow() -> Flow {
        Flow::starts("在阅")
            .done("已收回")
            .step("return", "收回", &["在阅"], "已收回", &[Who::Role(OFFICE)])
            .needs(&["returned_on", "receiver"])
            .within_days(1)
            .signed("收回人")
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![indicator(
            "secret_reading_back",
            "涉密文件收回率",
            "已收回的借阅次数 ÷ 借阅次数",
            "%",
            Measure::Share {
                of: Filter::state("已收回"),
                among: Filter::all(),
            },
        )]
    }

    fn access() -> Vec<Access> {
        confidants()
    }

    fn private() -> bool {
        true
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            list_form(
                "slip",
                "涉密文件传阅登记单",
                &["reader", "approver", "lent_on", "place", "returned_on"],
                &["阅文人签名", "收回人签名"],
            )
            .by("paper"),
        ]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.due = self.due.or(Some(self.lent_on));
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.lent_on, ctx.today, "lent_on")
            .in_order(self.lent_on, self.due, "due", "应收回日期不能早于交阅日期")
            .refuse(
                self.taken_out && !filled(self.reason.as_deref()),
                "reason",
                "带离保密室的请写明原因",
            )
            .in_order(
                self.lent_on,
                self.returned_on,
                "returned_on",
                "收回日期不能早于交阅日期",
            )
            .not_after_today(self.returned_on, ctx.today, "returned_on")
            .refuse(
                self.returned_on.is_some() && self.receiver.is_none(),
                "receiver",
                "请选择收回人",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    #[test]
    fn what_is_lent_comes_back_the_same_day_into_somebodys_hands() {
        let mut record = SecretReading {
            paper: Ref::new(Uuid::nil()),
            reader: Ref::new(Uuid::nil()),
            approver: Ref::new(Uuid::nil()),
            lent_on: test_day(),
            due: None,
            place: "保密室".into(),
            taken_out: false,
            reason: None,
            returned_on: Some(test_day()),
            receiver: Some(Ref::new(Uuid::nil())),
        };
        record.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        assert_eq!(record.due, Some(test_day()));
        assert!(refused(&record).is_empty());
        record.receiver = None;
        record.taken_out = true;
        assert_eq!(refused(&record), ["reason", "receiver"]);
    }
}
