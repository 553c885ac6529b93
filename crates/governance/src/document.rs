use crate::number::DocumentNumber;
use chrono::{Datelike, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Files, LongText, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::{Checks, filled};
use people::roles::{
    CLASS_TEACHER, DEPARTMENT_HEAD, ENROLMENT_OFFICE, GENERAL_AFFAIRS, OFFICE, RESEARCH_LEAD, SAFETY_OFFICE,
    STUDENT_OFFICE, TEACHER, TEACHING_OFFICE, TRAINING_OFFICE,
};

choice!(
    /// 收发
    Direction {
        Received = "received" "收文",
        Sent = "sent" "发文",
    }
);

choice!(
    /// 密级; secret documents are only noted here, never attached.
    Secrecy {
        Public = "public" "公开",
        Internal = "internal" "内部",
        Confidential = "confidential" "秘密",
        Secret = "secret" "机密",
        TopSecret = "top_secret" "绝密",
    }
);

/// 公文登记：收文和发文的登记、签收、办理和办结。由办公室登记；除办公室和校领导外，只有承办人看得到自己的文件。
#[derive(Clone, Debug, Register)]
#[register(
    id = "document",
    title = "公文登记",
    group = "office",
    systems = "G5",
    label = "title",
    key = "serial",
    unique = "serial",
    date = "registered_on",
    owner = "handler"
)]
pub struct Document {
    #[field(label = "登记号", list, max = 20, help = "如 收2026-0012")]
    pub serial: String,
    #[field(label = "收发", list, filter)]
    pub direction: Direction,
    #[field(label = "登记日期", list, filter)]
    pub registered_on: NaiveDate,
    #[field(
        label = "发文字号",
        list,
        max = 40,
        help = "机关代字〔年〕N号，如 济教职字〔2026〕12号"
    )]
    pub number: Option<String>,
    #[field(label = "标题", list, max = 200)]
    pub title: String,
    #[field(label = "文种", list, filter, code = "doc_kind")]
    pub kind: Code,
    #[field(label = "发文机关", list, filter, max = 60)]
    pub organ: String,
    #[field(label = "成文日期")]
    pub issued_on: Option<NaiveDate>,
    #[field(label = "主送机关", max = 200, help = "发文填写")]
    pub addressee: Option<String>,
    #[field(label = "紧急程度", list, filter, code = "doc_urgency")]
    pub urgency: Code,
    #[field(label = "密级", filter)]
    pub secrecy: Secrecy,
    #[field(label = "份数", max = 10000)]
    pub copies: i64,
    #[field(label = "承办人", list)]
    pub handler: Ref<Staff>,
    #[field(label = "办理要求", max = 500, help = "拟办、批办意见")]
    pub instruction: Option<LongText>,
    #[field(label = "办理期限", list, filter)]
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
    /// Whether the document is a state secret of any degree.
    pub fn is_secret(&self) -> bool {
        matches!(
            self.secrecy,
            Secrecy::Confidential | Secrecy::Secret | Secrecy::TopSecret
        )
    }
}

impl Rules for Document {
    fn flow() -> Flow {
        let handler = || Who::Field("handler".into());
        Flow::starts("待签收")
            .open("处理中")
            .open("已拒收")
            .done("已办结")
            .step(
                "sign",
                "签收",
                &["待签收"],
                "处理中",
                &[handler(), Who::Role(OFFICE)],
            )
            .needs(&["signed_on"])
            .step("refuse", "拒收", &["待签收"], "已拒收", &[handler()])
            .with_note()
            .step("reassign", "改派", &["已拒收"], "待签收", &[Who::Role(OFFICE)])
            .with_note()
            .step(
                "finish",
                "办结",
                &["处理中"],
                "已办结",
                &[handler(), Who::Role(OFFICE)],
            )
            .needs(&["result", "done_on"])
            .step("reopen", "退回重办", &["已办结"], "处理中", &[Who::Role(OFFICE)])
            .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let limited = || Filter::state("已办结").dated("due");
        vec![
            indicator(
                "document_on_time",
                "公文按时办结率",
                "办结日期不晚于办理期限的公文 ÷ 有期限的已办结公文",
                "%",
                Measure::Share {
                    of: limited().and("done_on", Op::AtMostField, "due"),
                    among: limited(),
                },
            )
            .also(&["公文及时办结率", "文件按时办结率"]),
            indicator(
                "document_done",
                "公文办结率",
                "已办结的公文 ÷ 登记的公文",
                "%",
                Measure::Share {
                    of: Filter::state("已办结"),
                    among: Filter::all(),
                },
            ),
            indicator(
                "documents",
                "收发文件份数",
                "登记的公文条数",
                "份",
                Measure::Count { of: Filter::all() },
            )
            .also(&["收发文件", "收发公文", "公文份数"]),
            indicator(
                "documents_received",
                "收文份数",
                "登记的收文条数",
                "份",
                Measure::Count {
                    of: Filter::is("direction", "received"),
                },
            ),
            indicator(
                "documents_sent",
                "发文份数",
                "登记的发文条数",
                "份",
                Measure::Count {
                    of: Filter::is("direction", "sent"),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        let handlers = [
            TEACHING_OFFICE,
            STUDENT_OFFICE,
            SAFETY_OFFICE,
            ENROLMENT_OFFICE,
            TRAINING_OFFICE,
            GENERAL_AFFAIRS,
            DEPARTMENT_HEAD,
            RESEARCH_LEAD,
            CLASS_TEACHER,
            TEACHER,
        ];
        let mut access = vec![may_write(OFFICE, Reach::School)];
        access.extend(handlers.map(|role| may_read(role, Reach::Own)));
        access
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let number = self
            .number
            .as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty());
        let parsed = number.map(DocumentNumber::parse);
        let fault = parsed.as_ref().and_then(|parsed| parsed.as_ref().err()).copied();
        let sent = self.direction == Direction::Sent;
        let result = filled(self.result.as_ref().map(|text| text.0.as_str()));
        let year = parsed.and_then(Result::ok).map(|number| number.year);
        Checks::new()
            .not_after_today(self.registered_on, ctx.today, "registered_on")
            .refuse(sent && number.is_none(), "number", "发文必须有发文字号")
            .refuse(fault.is_some(), "number", fault.unwrap_or_default())
            .refuse(
                matches!((year, self.issued_on), (Some(year), Some(on)) if year != on.year()),
                "number",
                "发文字号的年份与成文日期不一致",
            )
            .refuse(
                sent && !filled(self.addressee.as_deref()),
                "addressee",
                "发文请填写主送机关",
            )
            .in_order(
                self.issued_on,
                self.registered_on,
                "issued_on",
                "成文日期不能晚于登记日期",
            )
            .refuse(self.copies == 0, "copies", "份数应大于0")
            .refuse(
                self.is_secret() && !self.files.0.is_empty(),
                "files",
                "涉密文件不得存入非涉密系统，只登记编号和去向",
            )
            .in_order(self.registered_on, self.due, "due", "办理期限不能早于登记日期")
            .in_order(
                self.registered_on,
                self.signed_on,
                "signed_on",
                "签收日期不能早于登记日期",
            )
            .not_after_today(self.signed_on, ctx.today, "signed_on")
            .in_order(
                self.signed_on,
                self.done_on,
                "done_on",
                "办结日期不能早于签收日期",
            )
            .not_after_today(self.done_on, ctx.today, "done_on")
            .refuse(
                self.done_on.is_some() && !result,
                "result",
                "填写了办结日期，请写明办理结果",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let overdue = self.done_on.is_none() && self.due.is_some_and(|due| due < ctx.today);
        let urgent = self.urgency.0 != "9" && self.due.is_none();
        Checks::new()
            .refuse(overdue, "due", "办理期限已过，还没有办结")
            .refuse(urgent, "due", "急件请写明办理期限")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn day(after: i64) -> NaiveDate {
        test_day() + chrono::Duration::days(after)
    }

    fn sample() -> Document {
        Document {
            serial: "收2026-0012".into(),
            direction: Direction::Received,
            registered_on: day(-5),
            number: Some("济教职字〔2026〕12号".into()),
            title: "关于做好春季学期安全工作的通知".into(),
            kind: Code("08".into()),
            organ: "市教育局".into(),
            issued_on: Some(day(-7)),
            addressee: None,
            urgency: Code("9".into()),
            secrecy: Secrecy::Internal,
            copies: 1,
            handler: Ref::new(Uuid::nil()),
            instruction: None,
            due: Some(day(3)),
            signed_on: None,
            done_on: None,
            result: None,
            archive: Code("32".into()),
            files: Files::default(),
        }
    }

    #[test]
    fn a_correct_document_passes_and_its_number_is_checked() {
        assert!(refused(&sample()).is_empty());
        let wrong = Document {
            number: Some("济教职字[2026]12号".into()),
            ..sample()
        };
        assert_eq!(refused(&wrong), ["number"]);
    }

    #[test]
    fn the_year_is_that_of_the_date() {
        let old = Document {
            number: Some("济教职字〔2025〕12号".into()),
            ..sample()
        };
        assert_eq!(refused(&old), ["number"]);
        assert!(
            refused(&Document {
                issued_on: None,
                ..old
            })
            .is_empty()
        );
    }

    #[test]
    fn a_sent_document_is_numbered_and_addressed() {
        let sent = Document {
            direction: Direction::Sent,
            addressee: Some("各系部".into()),
            ..sample()
        };
        assert!(refused(&sent).is_empty());
        assert_eq!(
            refused(&Document {
                number: None,
                ..sent.clone()
            }),
            ["number"]
        );
        assert_eq!(
            refused(&Document {
                addressee: None,
                ..sent
            }),
            ["addressee"]
        );
        assert!(
            refused(&Document {
                number: None,
                ..sample()
            })
            .is_empty()
        );
    }

    #[test]
    fn a_secret_document_is_not_attached() {
        let file = Files(vec![Uuid::nil()]);
        assert!(
            refused(&Document {
                files: file.clone(),
                ..sample()
            })
            .is_empty()
        );
        for secrecy in [Secrecy::Confidential, Secrecy::Secret, Secrecy::TopSecret] {
            assert_eq!(
                refused(&Document {
                    files: file.clone(),
                    secrecy,
                    ..sample()
                }),
                ["files"]
            );
        }
    }

    #[test]
    fn days_follow_each_other() {
        assert_eq!(
            refused(&Document {
                registered_on: day(1),
                ..sample()
            }),
            ["registered_on"]
        );
        assert_eq!(
            refused(&Document {
                issued_on: Some(day(-4)),
                ..sample()
            }),
            ["issued_on"]
        );
        assert_eq!(
            refused(&Document {
                due: Some(day(-6)),
                ..sample()
            }),
            ["due"]
        );
        assert_eq!(
            refused(&Document {
                copies: 0,
                ..sample()
            }),
            ["copies"]
        );
        let done = Document {
            signed_on: Some(day(-4)),
            done_on: Some(day(-1)),
            result: Some(LongText("已部署".into())),
            ..sample()
        };
        assert!(refused(&done).is_empty());
        assert_eq!(
            refused(&Document {
                signed_on: Some(day(-6)),
                ..done.clone()
            }),
            ["signed_on"]
        );
        assert_eq!(
            refused(&Document {
                done_on: Some(day(-5)),
                ..done.clone()
            }),
            ["done_on"]
        );
        assert_eq!(
            refused(&Document {
                done_on: Some(day(1)),
                ..done.clone()
            }),
            ["done_on"]
        );
        assert_eq!(refused(&Document { result: None, ..done }), ["result"]);
    }

    #[test]
    fn overdue_and_urgent_documents_are_called_for() {
        assert!(doubted(&sample()).is_empty());
        assert_eq!(
            doubted(&Document {
                due: Some(day(-1)),
                ..sample()
            }),
            ["due"]
        );
        assert_eq!(
            doubted(&Document {
                urgency: Code("1".into()),
                due: None,
                ..sample()
            }),
            ["due"]
        );
    }

    #[test]
    fn only_the_office_sees_more_than_its_own() {
        let wide: Vec<_> = Document::access()
            .into_iter()
            .filter(|a| a.read != Reach::Own)
            .map(|a| a.role)
            .collect();
        assert_eq!(wide, [OFFICE]);
    }
}
