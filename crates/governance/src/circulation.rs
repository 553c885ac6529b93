use crate::Document;
use crate::audience::named_may_read;
use chrono::NaiveDate;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::Checks;
use people::roles::OFFICE;

/// 文件传阅：一份文件请谁阅，一人一行。由办公室分送，阅文人自己登记已阅和意见；只有被指名的人看得到。
#[derive(Clone, Debug, Register)]
#[register(
    id = "circulation",
    title = "文件传阅",
    group = "office",
    systems = "G5",
    label = "document, reader",
    unique = "document, reader",
    date = "sent_on",
    due = "due",
    owner = "reader"
)]
pub struct Circulation {
    #[field(label = "文件", list, filter)]
    pub document: Ref<Document>,
    #[field(label = "阅文人", list, filter)]
    pub reader: Ref<Staff>,
    #[field(
        label = "传阅顺序",
        list,
        max = 99,
        help = "领导按排序从1编起；同时分送的都填1"
    )]
    pub turn: i64,
    #[field(label = "分送日期", list, filter)]
    pub sent_on: NaiveDate,
    #[field(label = "阅毕期限", list)]
    pub due: Option<NaiveDate>,
    #[field(label = "要点", max = 500, help = "阅文人要知道或要做的")]
    pub gist: Option<LongText>,
    #[field(label = "文件正文", help = "阅文人据此看原文；涉密文件不得上传")]
    pub files: Files,
    #[field(label = "阅毕日期", list)]
    pub read_on: Option<NaiveDate>,
    #[field(label = "阅文意见", max = 500)]
    pub comment: Option<LongText>,
}

impl Rules for Circulation {
    fn flow() -> Flow {
        let reader = || Who::Field("reader".into());
        Flow::starts("待阅")
            .done("已阅")
            .dropped("已收回")
            .step("read", "已阅", &["待阅"], "已阅", &[reader(), Who::Role(OFFICE)])
            .needs(&["read_on"])
            .within_days(2)
            .signed("阅文人")
            .step("recall", "收回", &["待阅"], "已收回", &[Who::Role(OFFICE)])
            .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let limited = || Filter::state("已阅").dated("due");
        vec![
            indicator(
                "circulation_read",
                "文件阅毕率",
                "已阅的传阅人次 ÷ 分送的传阅人次",
                "%",
                Measure::Share {
                    of: Filter::state("已阅"),
                    among: Filter::all(),
                },
            )
            .also(&["传阅完成率", "文件传达率"]),
            indicator(
                "circulation_on_time",
                "文件按时阅毕率",
                "阅毕日期不晚于期限的传阅人次 ÷ 有期限的已阅人次",
                "%",
                Measure::Share {
                    of: limited().and("read_on", Op::AtMostField, "due"),
                    among: limited(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        named_may_read(&[OFFICE])
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            list_form(
                "round",
                "文件传阅单",
                &["turn", "reader", "sent_on", "read_on", "comment"],
                &["阅文人签名"],
            )
            .by("document"),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(self.turn == 0, "turn", "传阅顺序从1编起")
            .not_after_today(self.sent_on, ctx.today, "sent_on")
            .in_order(self.sent_on, self.due, "due", "阅毕期限不能早于分送日期")
            .in_order(self.sent_on, self.read_on, "read_on", "阅毕日期不能早于分送日期")
            .not_after_today(self.read_on, ctx.today, "read_on")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn sample() -> Circulation {
        Circulation {
            document: Ref::new(Uuid::nil()),
            reader: Ref::new(Uuid::nil()),
            turn: 1,
            sent_on: test_day(),
            due: None,
            gist: None,
            files: Files::default(),
            read_on: Some(test_day()),
            comment: None,
        }
    }

    #[test]
    fn nobody_has_read_before_it_was_sent() {
        assert!(refused(&sample()).is_empty());
        let early = Circulation {
            read_on: test_day().pred_opt(),
            ..sample()
        };
        assert_eq!(refused(&early), ["read_on"]);
        let late = Circulation {
            due: test_day().pred_opt(),
            turn: 0,
            ..sample()
        };
        assert_eq!(refused(&late), ["turn", "due"]);
    }

    #[test]
    fn a_reader_sees_only_what_names_him() {
        use kernel::register::spec::Reach;
        for access in Circulation::access().iter().filter(|a| a.role != OFFICE) {
            assert_eq!((access.read, access.write), (Reach::Own, None), "{}", access.role);
        }
    }
}
