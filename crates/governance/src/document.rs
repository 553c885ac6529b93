use crate::audience::named_may_read;
use crate::number::DocumentNumber;
use chrono::{Datelike, Days, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Files, LongText, Ref};
use kernel::register::flow::{Flow, Guard, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form, sheet};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::{Checks, filled};
use people::roles::OFFICE;

choice!(
    /// 公开范围 of what is no state secret; what is one stands in 涉密文件登记.
    Secrecy {
        Public = "public" "公开",
        Internal = "internal" "内部",
    }
);

/// 收文办理：上级和外单位来文的登记、拟办、批示、承办和办结。由办公室登记；除办公室和校领导外，只有承办人看得到自己的文件。
#[derive(Clone, Debug, Register)]
#[register(
    id = "document",
    title = "收文办理",
    group = "office",
    systems = "G5",
    label = "title",
    key = "serial",
    unique = "serial",
    date = "registered_on",
    due = "due",
    owner = "handler"
)]
pub struct Document {
    #[field(
        label = "收文号",
        list,
        max = 20,
        help = "按年从1编起，不跳号，如 收2026-0012"
    )]
    pub serial: String,
    #[field(label = "收文日期", list, filter)]
    pub registered_on: NaiveDate,
    #[field(
        label = "来文字号",
        list,
        max = 40,
        help = "机关代字〔年〕N号，如 济教职字〔2026〕12号；便函等没有字号的不填"
    )]
    pub number: Option<String>,
    #[field(label = "标题", list, max = 200)]
    pub title: String,
    #[field(label = "文种", filter, code = "doc_kind")]
    pub kind: Code,
    #[field(label = "来文机关", list, filter, max = 60)]
    pub organ: String,
    #[field(label = "成文日期")]
    pub issued_on: Option<NaiveDate>,
    #[field(label = "紧急程度", list, filter, code = "doc_urgency")]
    pub urgency: Code,
    #[field(
        label = "公开范围",
        filter,
        help = "秘密级以上文件不在这里登记，请用“涉密文件登记”"
    )]
    pub secrecy: Secrecy,
    #[field(label = "份数", max = 10000)]
    pub copies: i64,
    #[field(
        label = "阅办类别",
        filter,
        code = "doc_handling",
        help = "只需传阅的选“阅文”，拟办后直接传阅"
    )]
    pub handling: Code,
    #[field(label = "批示领导", help = "拟请哪位领导批示")]
    pub leader: Option<Ref<Staff>>,
    #[field(label = "承办人", list)]
    pub handler: Option<Ref<Staff>>,
    #[field(label = "拟办意见", max = 500)]
    pub suggestion: Option<LongText>,
    #[field(label = "领导批示", max = 500)]
    pub instruction: Option<LongText>,
    #[field(
        label = "办理期限",
        list,
        filter,
        help = "来文有期限的照来文；不填时按紧急程度算：特急1日、加急3日、平件15日"
    )]
    pub due: Option<NaiveDate>,
    #[field(label = "签收日期")]
    pub signed_on: Option<NaiveDate>,
    #[field(label = "办结日期", list)]
    pub done_on: Option<NaiveDate>,
    #[field(label = "办理结果", max = 500)]
    pub result: Option<LongText>,
    #[field(label = "保管期限", filter, code = "archive_term")]
    pub archive: Code,
    #[field(label = "附件", help = "涉密文件不得上传")]
    pub files: Files,
}

impl Document {
    /// Days a document of this urgency (特急, 加急, 平件) may take unless it says itself.
    pub fn days_allowed(urgency: &Code) -> u64 {
        match urgency.0.as_str() {
            "1" => 1,
            "2" => 3,
            _ => 15,
        }
    }

    /// Whether it only has to be read (阅文).
    pub fn only_read(&self) -> bool {
        self.handling.0 == "1"
    }

    fn longest(&self) -> Option<NaiveDate> {
        self.registered_on
            .checked_add_days(Days::new(Document::days_allowed(&self.urgency)))
    }
}

impl Rules for Document {
    fn flow() -> Flow {
        let handler = || Who::Field("handler".into());
        Flow::starts("待拟办")
            .open("待批示")
            .open("待签收")
            .open("承办中")
            .open("传阅中")
            .done("已办结")
            .step("suggest", "拟办", &["待拟办"], "待批示", &[Who::Role(OFFICE)])
            .needs(&["suggestion"])
            .fork(Guard::is("handling", "1"), "传阅中")
            .within_days(1)
            .signed("拟办意见")
            .step(
                "instruct",
                "批示",
                &["待批示"],
                "待签收",
                &[Who::Field("leader".into()), Who::Role(OFFICE)],
            )
            .needs(&["instruction", "handler"])
            .within_days(1)
            .signed("领导批示")
            .step(
                "sign",
                "签收",
                &["待签收"],
                "承办中",
                &[handler(), Who::Role(OFFICE)],
            )
            .needs(&["signed_on"])
            .within_days(1)
            .signed("承办人签收")
            .step("refuse", "退回办公室", &["待签收"], "待拟办", &[handler()])
            .with_note()
            .step(
                "finish",
                "办结",
                &["承办中"],
                "已办结",
                &[handler(), Who::Role(OFFICE)],
            )
            .needs(&["result", "done_on"])
            .signed("办理结果")
            .step("read", "传阅完毕", &["传阅中"], "已办结", &[Who::Role(OFFICE)])
            .needs(&["done_on"])
            .signed("传阅完毕")
            .step("reopen", "退回重办", &["已办结"], "承办中", &[Who::Role(OFFICE)])
            .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let limited = || Filter::state("已办结").dated("due");
        vec![
            indicator(
                "document_on_time",
                "公文按时办结率",
                "办结日期不晚于办理期限的收文 ÷ 有期限的已办结收文",
                "%",
                Measure::Share {
                    of: limited().and("done_on", Op::AtMostField, "due"),
                    among: limited(),
                },
            )
            .also(&["公文及时办结率", "文件按时办结率", "公文流转时效"]),
            indicator(
                "document_done",
                "公文办结率",
                "已办结的收文 ÷ 登记的收文",
                "%",
                Measure::Share {
                    of: Filter::state("已办结"),
                    among: Filter::all(),
                },
            ),
            indicator(
                "documents_received",
                "收文份数",
                "登记的收文条数",
                "份",
                Measure::Count { of: Filter::all() },
            )
            .also(&["收文", "接收公文"]),
        ]
    }

    fn access() -> Vec<Access> {
        named_may_read(&[OFFICE])
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("handling", "收文处理笺")
                .fields(&[
                    "organ",
                    "number",
                    "serial",
                    "registered_on",
                    "kind",
                    "urgency",
                    "copies",
                    "issued_on",
                    "title",
                ])
                .heading("拟办意见")
                .text("{suggestion}")
                .heading("领导批示")
                .text("{instruction}")
                .heading("承办情况")
                .fields(&["handler", "due", "signed_on", "done_on", "result"])
                .heading("办理过程")
                .approvals(),
            list_form(
                "book",
                "收文登记簿",
                &[
                    "serial",
                    "registered_on",
                    "organ",
                    "number",
                    "title",
                    "handler",
                    "done_on",
                ],
                &["签收"],
            ),
        ]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.due = self.due.or_else(|| self.longest());
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let number = self
            .number
            .as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty());
        let parsed = number.map(DocumentNumber::parse);
        let fault = parsed.as_ref().and_then(|parsed| parsed.as_ref().err()).copied();
        let result = filled(self.result.as_ref().map(|text| text.0.as_str()));
        let year = parsed.and_then(Result::ok).map(|number| number.year);
        Checks::new()
            .not_after_today(self.registered_on, ctx.today, "registered_on")
            .refuse(fault.is_some(), "number", fault.unwrap_or_default())
            .refuse(
                matches!((year, self.issued_on), (Some(year), Some(on)) if year != on.year()),
                "number",
                "来文字号的年份与成文日期不一致",
            )
            .in_order(
                self.issued_on,
                self.registered_on,
                "issued_on",
                "成文日期不能晚于收文日期",
            )
            .refuse(self.copies == 0, "copies", "份数应大于0")
            .in_order(self.registered_on, self.due, "due", "办理期限不能早于收文日期")
            .in_order(
                self.registered_on,
                self.signed_on,
                "signed_on",
                "签收日期不能早于收文日期",
            )
            .not_after_today(self.signed_on, ctx.today, "signed_on")
            .in_order(
                self.signed_on.unwrap_or(self.registered_on),
                self.done_on,
                "done_on",
                "办结日期不能早于收文和签收日期",
            )
            .not_after_today(self.done_on, ctx.today, "done_on")
            .refuse(
                self.done_on.is_some() && !result && !self.only_read(),
                "result",
                "填写了办结日期，请写明办理结果",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let overdue = self.done_on.is_none() && self.due.is_some_and(|due| due < ctx.today);
        let urgent = self.urgency.0 != "9" && self.due > self.longest();
        Checks::new()
            .refuse(overdue, "due", "办理期限已过，还没有办结")
            .refuse(urgent, "due", "办理期限比急件应有的时限长，请核对")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{day, doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> Document {
        Document {
            serial: "收2026-0012".into(),
            registered_on: day(-5),
            number: Some("济教职字〔2026〕12号".into()),
            title: "关于做好春季学期安全工作的通知".into(),
            kind: Code("08".into()),
            organ: "市教育局".into(),
            issued_on: Some(day(-7)),
            urgency: Code("9".into()),
            secrecy: Secrecy::Internal,
            copies: 1,
            handling: Code("4".into()),
            leader: None,
            handler: Some(Ref::new(Uuid::nil())),
            suggestion: None,
            instruction: None,
            due: Some(day(3)),
            signed_on: None,
            done_on: None,
            result: None,
            archive: Code("32".into()),
            files: Files::default(),
        }
    }

    fn done() -> Document {
        Document {
            signed_on: Some(day(-4)),
            done_on: Some(day(-1)),
            result: Some(LongText("已部署".into())),
            ..sample()
        }
    }

    #[test]
    fn a_number_is_well_formed_and_of_the_year_of_its_date() {
        assert!(refused(&sample()).is_empty());
        for number in ["济教职字[2026]12号", "济教职字〔2025〕12号"] {
            let wrong = Document {
                number: Some(number.into()),
                ..sample()
            };
            assert_eq!(refused(&wrong), ["number"], "{number}");
        }
        let undated = Document {
            number: Some("济教职字〔2025〕12号".into()),
            issued_on: None,
            ..sample()
        };
        assert!(refused(&undated).is_empty());
    }

    #[test]
    fn days_follow_each_other() {
        assert!(refused(&done()).is_empty());
        let wrong = |change: fn(&mut Document)| {
            let mut record = done();
            change(&mut record);
            refused(&record).join(" ")
        };
        assert_eq!(
            wrong(|r| r.registered_on = day(1)).split(' ').next(),
            Some("registered_on")
        );
        assert_eq!(wrong(|r| r.issued_on = Some(day(-4))), "issued_on");
        assert_eq!(wrong(|r| r.due = Some(day(-6))), "due");
        assert_eq!(wrong(|r| r.copies = 0), "copies");
        assert_eq!(wrong(|r| r.signed_on = Some(day(-6))), "signed_on");
        assert_eq!(wrong(|r| r.done_on = Some(day(-5))), "done_on");
        assert_eq!(wrong(|r| r.done_on = Some(day(1))), "done_on");
        assert_eq!(wrong(|r| r.result = None), "result");
    }

    #[test]
    fn what_is_only_read_needs_no_result() {
        let read = Document {
            handling: Code("1".into()),
            result: None,
            ..done()
        };
        assert!(refused(&read).is_empty());
    }

    #[test]
    fn the_time_allowed_follows_from_the_urgency() {
        let due = |urgency: &str, due| {
            let mut record = Document {
                urgency: Code(urgency.into()),
                due,
                ..sample()
            };
            record.complete(&Ctx {
                today: test_day(),
                new: true,
            });
            record.due
        };
        assert_eq!(due("1", None), Some(day(-4)));
        assert_eq!(due("2", None), Some(day(-2)));
        assert_eq!(due("9", None), Some(day(10)));
        assert_eq!(due("1", Some(day(2))), Some(day(2)));
    }

    #[test]
    fn what_is_late_or_given_too_long_is_called_for() {
        assert!(doubted(&sample()).is_empty());
        let late = Document {
            due: Some(day(-1)),
            ..sample()
        };
        assert_eq!(doubted(&late), ["due"]);
        let slow = Document {
            urgency: Code("1".into()),
            due: Some(day(2)),
            ..sample()
        };
        assert_eq!(doubted(&slow), ["due"]);
    }

    #[test]
    fn what_is_to_be_read_goes_round_and_what_is_to_be_done_to_the_leader() {
        use kernel::register::spec::RegisterSpec;
        let spec = RegisterSpec::of::<Document>();
        let step = spec.flow.find("suggest").expect("a step");
        assert_eq!(step.target(&spec, &sample().to_values()), "待批示");
        let read = Document {
            handling: Code("1".into()),
            ..sample()
        };
        assert_eq!(step.target(&spec, &read.to_values()), "传阅中");
        let flow = Document::flow();
        assert_eq!(
            flow.find("refuse").expect("a step").who,
            [Who::Field("handler".into())]
        );
    }
}
