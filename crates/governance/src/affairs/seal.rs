use super::purchase::{department, everyone_asks};
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Money, Ref};
use kernel::register::flow::{Flow, Guard, Stage, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx, Reach, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled};
use people::roles::{FINANCE, OFFICE, PARTY_OFFICE, PRINCIPAL, VICE_PRINCIPAL};
use people::{Staff, Unit};

choice!(
    /// 印章类别
    SealKind {
        School = "school" "学校公章",
        Party = "party" "党组织印章",
        Legal = "legal" "法定代表人名章",
        Contract = "contract" "合同专用章",
        Finance = "finance" "财务专用章",
        Roll = "roll" "学籍专用章",
        Embossed = "embossed" "钢印",
    }
);

choice!(
    /// 用印事项
    SealMatter {
        Contract = "contract" "合同协议",
        Certificate = "certificate" "证明介绍信",
        Report = "report" "报表材料",
        Letter = "letter" "公函报告",
        Award = "award" "证书奖状",
        Bid = "bid" "投标申报",
        Other = "other" "其他",
    }
);

/// 用印申请：加盖学校印章先申请，部门和办公室审核，合同报分管校长，外带印章报校长，印章管理员用印登记。
#[derive(Clone, Debug, Register)]
#[register(
    id = "seal_use",
    title = "用印申请",
    group = "office",
    systems = "G6, I1",
    label = "title, applied_on",
    date = "applied_on",
    due = "needed_on",
    within = "unit",
    owner = "applicant"
)]
pub struct SealUse {
    #[field(label = "申请日期", list, filter)]
    pub applied_on: NaiveDate,
    #[field(label = "申请部门", list, filter)]
    pub unit: Ref<Unit>,
    #[field(label = "申请人", list)]
    pub applicant: Ref<Staff>,
    #[field(label = "印章类别", list, filter)]
    pub seal: SealKind,
    #[field(label = "用印事项", list, filter)]
    pub matter: SealMatter,
    #[field(label = "文件名称", list, max = 100)]
    pub title: String,
    #[field(label = "发往单位", max = 60)]
    pub addressee: String,
    #[field(label = "份数", max = 5000)]
    pub copies: i64,
    #[field(label = "每份用印数", max = 100)]
    pub prints: i64,
    #[field(label = "合同金额（元）", help = "合同协议填写，没有金额的填0")]
    pub amount: Option<Money>,
    #[field(label = "说明", max = 300)]
    pub reason: Option<LongText>,
    #[field(label = "需要日期", list)]
    pub needed_on: NaiveDate,
    #[field(label = "外带用印", list, filter, help = "须两人同行，当日归还")]
    pub out: bool,
    #[field(label = "外带去向", max = 60)]
    pub place: Option<String>,
    #[field(label = "外带监印人")]
    pub witness: Option<Ref<Staff>>,
    #[field(label = "用印日期", list)]
    pub used_on: Option<NaiveDate>,
    #[field(label = "归还日期")]
    pub returned_on: Option<NaiveDate>,
    #[field(label = "待盖文件", help = "上传定稿；空白纸张不得用印")]
    pub files: Files,
}

impl Rules for SealUse {
    fn flow() -> Flow {
        let keepers = [Who::Role(OFFICE), Who::Role(PARTY_OFFICE), Who::Role(FINANCE)];
        let stages = [
            department().days(1),
            Stage::by("office", "办公室", &[Who::Role(OFFICE)]).days(1),
            Stage::by("leader", "分管校长", &[Who::Role(VICE_PRINCIPAL)])
                .when(Guard::is("matter", "contract"))
                .days(2),
            Stage::by("principal", "校长", &[Who::Role(PRINCIPAL)])
                .when(Guard::is("out", "true"))
                .days(2),
        ];
        Flow::approvals(&stages, "待用印")
            .still_open("待用印")
            .open("外带中")
            .done("已用印")
            .step("use", "用印登记", &["待用印"], "已用印", &keepers)
            .needs(&["used_on"])
            .fork(Guard::is("out", "true"), "外带中")
            .signed("印章管理员")
            .step("return", "归还印章", &["外带中"], "已用印", &keepers)
            .needs(&["returned_on"])
            .within_days(1)
            .signed("印章归还")
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let used = || Filter::all().dated("used_on");
        vec![
            indicator(
                "seal_use_count",
                "用印次数",
                "已登记用印的申请条数",
                "次",
                Measure::Count { of: used() },
            ),
            indicator(
                "seal_use_in_time",
                "用印按时办理率",
                "用印日期不晚于需要日期的 ÷ 已登记用印的申请",
                "%",
                Measure::Share {
                    of: used().and("used_on", Op::AtMostField, "needed_on"),
                    among: used(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        let mut access = everyone_asks();
        access.extend([
            may_write(OFFICE, Reach::School),
            may_write(PARTY_OFFICE, Reach::School),
            may_write(FINANCE, Reach::School),
        ]);
        access
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "用印申请",
                "办公室",
                "一般事项当日办结；合同协议报分管校长，印章外带报校长；请上传定稿",
            )
            .quick(&[
                "applied_on",
                "unit",
                "applicant",
                "seal",
                "matter",
                "title",
                "addressee",
                "copies",
                "prints",
                "needed_on",
                "out",
                "files",
            ]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("request", "用印审批单")
                .fields(&[
                    "title",
                    "matter",
                    "seal",
                    "addressee",
                    "unit",
                    "applicant",
                    "copies",
                    "prints",
                    "amount",
                    "out",
                    "place",
                    "witness",
                    "reason",
                ])
                .approvals()
                .signatures(&["申请人", "印章管理员"]),
            list_form(
                "book",
                "用印登记簿",
                &[
                    "used_on",
                    "title",
                    "seal",
                    "addressee",
                    "copies",
                    "unit",
                    "applicant",
                ],
                &["经办人签名"],
            ),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.applied_on, ctx.today, "applied_on")
            .in_order(
                self.applied_on,
                self.needed_on,
                "needed_on",
                "需要日期不能早于申请日期",
            )
            .refuse(self.copies == 0, "copies", "份数应大于0")
            .refuse(self.prints == 0, "prints", "每份用印数应大于0")
            .refuse(
                self.matter == SealMatter::Contract && self.amount.is_none(),
                "amount",
                "合同协议请填写金额，没有金额的填0",
            )
            .refuse(
                self.out && !filled(self.place.as_deref()),
                "place",
                "印章外带，请写明去向",
            )
            .refuse(
                self.out && self.witness.is_none_or(|witness| witness.id == self.applicant.id),
                "witness",
                "印章外带须两人同行，请选择申请人以外的监印人",
            )
            .in_order(
                self.applied_on,
                self.used_on,
                "used_on",
                "用印日期不能早于申请日期",
            )
            .not_after_today(self.used_on, ctx.today, "used_on")
            .refuse(
                self.returned_on.is_some() && !self.out,
                "returned_on",
                "没有外带，不需要归还",
            )
            .in_order(
                self.used_on,
                self.returned_on,
                "returned_on",
                "归还日期不能早于用印日期",
            )
            .not_after_today(self.returned_on, ctx.today, "returned_on")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::register::spec::RegisterSpec;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn sample() -> SealUse {
        SealUse {
            applied_on: test_day(),
            unit: Ref::new(Uuid::nil()),
            applicant: Ref::new(Uuid::from_u128(1)),
            seal: SealKind::School,
            matter: SealMatter::Certificate,
            title: "在读证明".into(),
            addressee: "街道办事处".into(),
            copies: 1,
            prints: 1,
            amount: None,
            reason: None,
            needed_on: test_day(),
            out: false,
            place: None,
            witness: None,
            used_on: None,
            returned_on: None,
            files: Files::default(),
        }
    }

    #[test]
    fn what_leaves_the_house_goes_with_two() {
        assert!(refused(&sample()).is_empty());
        let out = SealUse {
            out: true,
            place: Some("公共资源交易中心".into()),
            witness: Some(Ref::new(Uuid::from_u128(2))),
            ..sample()
        };
        assert!(refused(&out).is_empty());
        let alone = SealUse {
            witness: Some(out.applicant),
            ..out
        };
        assert_eq!(refused(&alone), ["witness"]);
        let contract = SealUse {
            matter: SealMatter::Contract,
            ..sample()
        };
        assert_eq!(refused(&contract), ["amount"]);
    }

    #[test]
    fn contracts_and_journeys_go_further_up() {
        let spec = RegisterSpec::of::<SealUse>();
        let next = |step: &str, record: &SealUse| {
            let step = spec.flow.find(step).expect("a step");
            step.target(&spec, &record.to_values()).to_owned()
        };
        let out = SealUse {
            out: true,
            ..sample()
        };
        let contract = SealUse {
            matter: SealMatter::Contract,
            ..sample()
        };
        assert_eq!(next("approve_office", &sample()), "待用印");
        assert_eq!(next("approve_office", &out), "待校长审批");
        assert_eq!(next("approve_office", &contract), "待分管校长审批");
        assert_eq!(next("approve_leader", &contract), "待用印");
        assert_eq!(next("use", &out), "外带中");
    }
}
