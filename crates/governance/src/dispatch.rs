use crate::Secrecy;
use crate::audience::own_for_all;
use chrono::{Datelike, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Files, LongText, Ref};
use kernel::register::flow::{Flow, Guard, RETURNED, WITHDRAWN, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled};
use people::roles::OFFICE;
use people::{Staff, Unit};

choice!(
    /// 公开属性（公文处理和信息公开的要求）
    Disclosure {
        Active = "active" "主动公开",
        OnRequest = "request" "依申请公开",
        Closed = "closed" "不予公开",
    }
);

/// 发文办理：以学校名义制发的公文，从拟稿、核稿、会签、签发到编号、印发。教职工拟稿，办公室核稿、编号和印发，校领导签发。
#[derive(Clone, Debug, Register)]
#[register(
    id = "dispatch",
    title = "发文办理",
    group = "office",
    systems = "G5",
    label = "title",
    key = "number",
    unique = "word, year, serial",
    date = "drafted_on",
    due = "due",
    within = "unit",
    owner = "drafter"
)]
pub struct Dispatch {
    #[field(
        label = "标题",
        list,
        max = 200,
        help = "发文机关、事由、文种齐全，如 关于做好国庆放假安排的通知"
    )]
    pub title: String,
    #[field(label = "文种", list, filter, code = "doc_kind")]
    pub kind: Code,
    #[field(label = "拟稿部门", list, filter)]
    pub unit: Ref<Unit>,
    #[field(label = "拟稿人", list)]
    pub drafter: Ref<Staff>,
    #[field(label = "拟稿日期", list, filter)]
    pub drafted_on: NaiveDate,
    #[field(label = "主送机关", max = 200)]
    pub addressee: String,
    #[field(label = "抄送机关", max = 200)]
    pub copy_to: Option<String>,
    #[field(label = "紧急程度", filter, code = "doc_urgency")]
    pub urgency: Code,
    #[field(label = "公开范围", filter)]
    pub secrecy: Secrecy,
    #[field(label = "公开属性", filter)]
    pub disclosure: Disclosure,
    #[field(label = "拟稿说明", max = 500, help = "为什么发、依据什么")]
    pub reason: Option<LongText>,
    #[field(label = "部门核稿人", help = "拟稿部门的负责人")]
    pub reviewer: Ref<Staff>,
    #[field(label = "是否会签", filter, help = "内容涉及其他部门职责的应当会签")]
    pub joint: bool,
    #[field(label = "会签人", help = "会签部门的负责人")]
    pub countersigner: Option<Ref<Staff>>,
    #[field(label = "签发人")]
    pub signer: Ref<Staff>,
    #[field(label = "要求印发日期", list)]
    pub due: Option<NaiveDate>,
    #[field(label = "签发日期", help = "成文日期以签发日期为准")]
    pub issued_on: Option<NaiveDate>,
    #[field(label = "机关代字", max = 20, help = "如 明职校；编号时填写")]
    pub word: Option<String>,
    #[field(label = "年份", filter, max = 2100)]
    pub year: Option<i64>,
    #[field(label = "序号", max = 99999, help = "按年从1编起，不跳号、不重号")]
    pub serial: Option<i64>,
    #[field(
        label = "发文字号",
        list,
        max = 40,
        help = "由机关代字、年份和序号合成，不用填"
    )]
    pub number: Option<String>,
    #[field(label = "印制份数", max = 10000)]
    pub copies: Option<i64>,
    #[field(label = "印发日期", list)]
    pub printed_on: Option<NaiveDate>,
    #[field(label = "保管期限", filter, code = "archive_term")]
    pub archive: Code,
    #[field(label = "文稿", help = "涉密文稿不得上传")]
    pub files: Files,
}

/// The upward kinds: 报告, 请示.
const REPORT: &str = "10";
const REQUEST: &str = "11";

impl Rules for Dispatch {
    fn flow() -> Flow {
        let office = || Who::Role(OFFICE);
        let field = |name: &str| Who::Field(name.into());
        Flow::starts("待部门核稿")
            .open("待办公室核稿")
            .open("待会签")
            .open("待签发")
            .open("待编号")
            .open("待印发")
            .open(RETURNED)
            .done("已印发")
            .dropped(WITHDRAWN)
            .step(
                "review",
                "部门核稿",
                &["待部门核稿"],
                "待办公室核稿",
                &[field("reviewer")],
            )
            .within_days(1)
            .signed("部门核稿")
            .step("revise", "办公室核稿", &["待办公室核稿"], "待签发", &[office()])
            .fork(Guard::is("joint", "true"), "待会签")
            .within_days(1)
            .signed("办公室核稿")
            .step(
                "countersign",
                "会签",
                &["待会签"],
                "待签发",
                &[field("countersigner")],
            )
            .within_days(2)
            .signed("会签")
            .step("issue", "签发", &["待签发"], "待编号", &[field("signer")])
            .needs(&["issued_on"])
            .within_days(2)
            .signed("签发")
            .step("number", "编号", &["待编号"], "待印发", &[office()])
            .needs(&["word", "year", "serial"])
            .within_days(1)
            .step("print", "印发", &["待印发"], "已印发", &[office()])
            .needs(&["copies", "printed_on"])
            .within_days(1)
            .signed("印发")
            .step(
                "return",
                "退回修改",
                &["待部门核稿", "待办公室核稿", "待会签", "待签发"],
                RETURNED,
                &[
                    field("reviewer"),
                    field("countersigner"),
                    field("signer"),
                    office(),
                ],
            )
            .with_note()
            .step("resubmit", "重新送核", &[RETURNED], "待部门核稿", &[Who::Creator])
            .step(
                "withdraw",
                "撤回",
                &["待部门核稿", "待办公室核稿", RETURNED],
                WITHDRAWN,
                &[Who::Creator],
            )
            .editable(&["待部门核稿", RETURNED])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let limited = || Filter::state("已印发").dated("due");
        vec![
            indicator(
                "documents_sent",
                "发文份数",
                "已印发的发文条数",
                "份",
                Measure::Count {
                    of: Filter::state("已印发"),
                },
            )
            .also(&["发文", "制发公文"]),
            indicator(
                "dispatch_on_time",
                "发文按时印发率",
                "印发日期不晚于要求印发日期的发文 ÷ 有要求日期的已印发发文",
                "%",
                Measure::Share {
                    of: limited().and("printed_on", Op::AtMostField, "due"),
                    among: limited(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        own_for_all(&[OFFICE])
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "发文申请",
                "办公室",
                "以学校名义发文：部门和办公室核稿，涉及别的部门先会签，领导签发后编号印发，一般五日",
            )
            .quick(&[
                "title",
                "kind",
                "unit",
                "drafter",
                "drafted_on",
                "addressee",
                "reviewer",
                "signer",
                "files",
            ]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("draft", "发文稿纸")
                .fields(&[
                    "number",
                    "urgency",
                    "secrecy",
                    "disclosure",
                    "signer",
                    "issued_on",
                    "countersigner",
                    "reviewer",
                    "unit",
                    "drafter",
                    "kind",
                    "drafted_on",
                    "copies",
                    "printed_on",
                ])
                .heading("标题")
                .text("{title}")
                .fields(&["addressee", "copy_to", "reason"])
                .heading("核稿、会签与签发")
                .approvals(),
            list_form(
                "book",
                "发文登记簿",
                &[
                    "number",
                    "title",
                    "unit",
                    "signer",
                    "issued_on",
                    "copies",
                    "printed_on",
                ],
                &["领取人"],
            )
            .by("year"),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["number"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.number = match (&self.word, self.year, self.serial) {
            (Some(word), Some(year), Some(serial)) if filled(Some(word)) => {
                Some(format!("{}〔{year}〕{serial}号", word.trim()))
            }
            _ => None,
        };
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let numbered = self.serial.is_some();
        let issued = self.issued_on.map(|day| i64::from(day.year()));
        Checks::new()
            .not_after_today(self.drafted_on, ctx.today, "drafted_on")
            .refuse(
                self.joint && self.countersigner.is_none(),
                "countersigner",
                "需要会签的请选择会签人",
            )
            .in_order(self.drafted_on, self.due, "due", "要求印发日期不能早于拟稿日期")
            .in_order(
                self.drafted_on,
                self.issued_on,
                "issued_on",
                "签发日期不能早于拟稿日期",
            )
            .not_after_today(self.issued_on, ctx.today, "issued_on")
            .refuse(
                self.serial == Some(0),
                "serial",
                "序号从1编起，不编虚位（GB/T 9704-2012）",
            )
            .refuse(
                numbered && self.issued_on.is_none(),
                "issued_on",
                "签发后才能编号",
            )
            .refuse(
                matches!((issued, self.year), (Some(issued), Some(year)) if issued != year),
                "year",
                "发文字号的年份应是签发的年份",
            )
            .refuse(self.printed_on.is_some() && !numbered, "serial", "编号后才能印发")
            .in_order(
                self.issued_on,
                self.printed_on,
                "printed_on",
                "印发日期不能早于签发日期",
            )
            .not_after_today(self.printed_on, ctx.today, "printed_on")
            .done()
    }

    // 《党政机关公文处理工作条例》第十五条: a request goes to one superior only; a report carries no request.
    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let several = self.addressee.contains(['、', '，', ',']);
        let overdue = self.printed_on.is_none() && self.due.is_some_and(|due| due < ctx.today);
        Checks::new()
            .refuse(
                self.kind.0 == REQUEST && several,
                "addressee",
                "请示原则上只主送一个上级机关，需要时抄送其他机关",
            )
            .refuse(
                self.kind.0 == REPORT && self.title.contains("请示"),
                "title",
                "报告中不得夹带请示事项",
            )
            .refuse(overdue, "due", "要求印发日期已过，还没有印发")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DocumentNumber;
    use kernel::register::spec::RegisterSpec;
    use people::sound::{day, doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> Dispatch {
        let staff = Ref::new(Uuid::nil());
        Dispatch {
            title: "关于开展期中教学检查的通知".into(),
            kind: Code("08".into()),
            unit: Ref::new(Uuid::nil()),
            drafter: staff,
            drafted_on: day(-5),
            addressee: "各系部、各处室".into(),
            copy_to: None,
            urgency: Code("9".into()),
            secrecy: Secrecy::Public,
            disclosure: Disclosure::Active,
            reason: None,
            reviewer: staff,
            joint: false,
            countersigner: None,
            signer: staff,
            due: Some(day(1)),
            issued_on: Some(day(-2)),
            word: Some("明职校".into()),
            year: Some(2026),
            serial: Some(12),
            number: None,
            copies: Some(20),
            printed_on: Some(day(-1)),
            archive: Code("32".into()),
            files: Files::default(),
        }
    }

    #[test]
    fn the_number_is_put_together_and_well_formed() {
        let mut record = sample();
        let ctx = Ctx {
            today: test_day(),
            new: true,
        };
        record.complete(&ctx);
        let number = record.number.clone().expect("numbered");
        assert!(DocumentNumber::parse(&number).is_ok(), "{number}");
        record.serial = None;
        record.complete(&ctx);
        assert_eq!(record.number, None);
    }

    #[test]
    fn nothing_is_numbered_before_it_is_signed_nor_printed_before_it_is_numbered() {
        assert!(refused(&sample()).is_empty());
        let unsigned = Dispatch {
            issued_on: None,
            ..sample()
        };
        assert_eq!(refused(&unsigned), ["issued_on"]);
        let unnumbered = Dispatch {
            serial: None,
            ..sample()
        };
        assert_eq!(refused(&unnumbered), ["serial"]);
        let last_year = Dispatch {
            year: Some(2025),
            ..sample()
        };
        assert_eq!(refused(&last_year), ["year"]);
        let early = Dispatch {
            printed_on: Some(day(-3)),
            ..sample()
        };
        assert_eq!(refused(&early), ["printed_on"]);
    }

    #[test]
    fn what_concerns_others_is_countersigned_first() {
        let joint = Dispatch {
            joint: true,
            ..sample()
        };
        assert_eq!(refused(&joint), ["countersigner"]);
        let spec = RegisterSpec::of::<Dispatch>();
        let step = spec.flow.find("revise").expect("a step");
        assert_eq!(step.target(&spec, &joint.to_values()), "待会签");
        assert_eq!(step.target(&spec, &sample().to_values()), "待签发");
        assert_eq!(
            spec.flow.find("issue").expect("a step").who,
            [Who::Field("signer".into())]
        );
    }

    #[test]
    fn a_request_goes_to_one_superior() {
        let request = Dispatch {
            kind: Code(REQUEST.into()),
            addressee: "市教育局、市财政局".into(),
            ..sample()
        };
        assert_eq!(doubted(&request), ["addressee"]);
        let report = Dispatch {
            kind: Code(REPORT.into()),
            title: "关于设备更新情况及请示事项的报告".into(),
            ..sample()
        };
        assert_eq!(doubted(&report), ["title"]);
    }
}
