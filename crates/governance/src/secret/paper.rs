use super::confidants;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::Ref;
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form, sheet};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::{Checks, filled};
use people::roles::OFFICE;

choice!(
    /// 密级（《保守国家秘密法》第十四条）
    SecretDegree {
        TopSecret = "1" "绝密",
        Secret = "2" "机密",
        Confidential = "3" "秘密",
    }
);

/// 涉密文件登记：纸质涉密文件的收进、保管、清退和销毁，只登记编号和去向，不登记内容、不上传附件。由办公室机要人员管理，只有办公室和校领导可见。
#[derive(Clone, Debug, Register)]
#[register(
    id = "secret_paper",
    title = "涉密文件登记",
    group = "office",
    systems = "G5",
    label = "serial, alias",
    key = "serial",
    unique = "serial",
    date = "received_on",
    due = "due",
    owner = "keeper"
)]
pub struct SecretPaper {
    #[field(label = "登记号", list, max = 20, help = "如 密2026-003，按年连续编号")]
    pub serial: String,
    #[field(label = "收到日期", list, filter)]
    pub received_on: NaiveDate,
    #[field(label = "来文机关", list, filter, max = 60)]
    pub organ: String,
    #[field(label = "代称", list, max = 60, help = "标题本身涉密的写代称，不写原标题")]
    pub alias: String,
    #[field(label = "密级", list, filter)]
    pub degree: SecretDegree,
    #[field(
        label = "保密期限（年）",
        max = 30,
        help = "长期的不填；绝密不超过30年，机密20年，秘密10年"
    )]
    pub years: Option<i64>,
    #[field(label = "份号", list, max = 20, help = "文件左上角六位份号；多份的写起止号")]
    pub copy_number: String,
    #[field(label = "份数", max = 100)]
    pub copies: i64,
    #[field(label = "机要人员", list)]
    pub keeper: Ref<Staff>,
    #[field(label = "存放位置", max = 40, help = "保密柜编号")]
    pub place: String,
    #[field(label = "清退期限", list, filter, help = "来文要求清退的日期；留存的不填")]
    pub due: Option<NaiveDate>,
    #[field(label = "清退日期", list)]
    pub returned_on: Option<NaiveDate>,
    #[field(label = "清退或销毁去向", max = 60, help = "收回单位，或定点销毁单位")]
    pub returned_to: Option<String>,
    #[field(label = "监销人", help = "清退、销毁由两人办理，不能是机要人员本人")]
    pub witness: Option<Ref<Staff>>,
}

impl Rules for SecretPaper {
    fn flow() -> Flow {
        Flow::starts("在管")
            .done("已清退")
            .done("已销毁")
            .step("return", "清退", &["在管"], "已清退", &[Who::Role(OFFICE)])
            .needs(&["returned_on", "returned_to", "witness"])
            .signed("清退经办")
            .step("destroy", "送销毁", &["在管"], "已销毁", &[Who::Role(OFFICE)])
            .needs(&["returned_on", "returned_to", "witness"])
            .with_note()
            .signed("销毁经办")
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let limited = || Filter::all().dated("due").dated("returned_on");
        vec![
            indicator(
                "secret_paper_returned",
                "涉密文件按期清退率",
                "清退日期不晚于清退期限的文件 ÷ 有期限且已清退的文件",
                "%",
                Measure::Share {
                    of: limited().and("returned_on", Op::AtMostField, "due"),
                    among: limited(),
                },
            )
            .also(&["涉密文件清退率"]),
            indicator(
                "secret_papers_kept",
                "在管涉密文件份数",
                "在管文件的份数合计",
                "份",
                Measure::Sum {
                    of: Filter::state("在管"),
                    field: "copies".into(),
                },
            )
            .standing(),
        ]
    }

    fn access() -> Vec<Access> {
        confidants()
    }

    fn private() -> bool {
        true
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("return", "涉密文件清退单")
                .fields(&[
                    "serial",
                    "organ",
                    "alias",
                    "degree",
                    "copy_number",
                    "copies",
                    "received_on",
                    "returned_on",
                    "returned_to",
                ])
                .signatures(&["机要人员", "监销人", "接收人"])
                .in_states(&["已清退", "已销毁"]),
            list_form(
                "stock",
                "涉密文件清查表",
                &[
                    "serial",
                    "organ",
                    "alias",
                    "degree",
                    "copy_number",
                    "copies",
                    "place",
                ],
                &["清查情况"],
            ),
        ]
    }

    // Longest terms: 《保守国家秘密法》第二十条.
    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let longest = match self.degree {
            SecretDegree::TopSecret => 30,
            SecretDegree::Secret => 20,
            SecretDegree::Confidential => 10,
        };
        let gone = self.returned_on.is_some();
        Checks::new()
            .not_after_today(self.received_on, ctx.today, "received_on")
            .refuse(
                self.years.is_some_and(|years| years == 0 || years > longest),
                "years",
                format!("这一密级的保密期限为1至{longest}年"),
            )
            .refuse(self.copies == 0, "copies", "份数应大于0")
            .in_order(self.received_on, self.due, "due", "清退期限不能早于收到日期")
            .in_order(
                self.received_on,
                self.returned_on,
                "returned_on",
                "清退日期不能早于收到日期",
            )
            .not_after_today(self.returned_on, ctx.today, "returned_on")
            .refuse(
                gone && !filled(self.returned_to.as_deref()),
                "returned_to",
                "请写明清退或销毁的去向",
            )
            .refuse(
                gone && self.witness.is_none(),
                "witness",
                "清退、销毁由两人办理，请选择监销人",
            )
            .refuse(
                self.witness
                    .as_ref()
                    .is_some_and(|witness| witness.id == self.keeper.id),
                "witness",
                "监销人不能是机要人员本人",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let late = self.returned_on.is_none() && self.due.is_some_and(|due| due < ctx.today);
        Checks::new()
            .refuse(late, "due", "清退期限已过，还没有清退")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::roles::{PRINCIPAL, VICE_PRINCIPAL};
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn sample() -> SecretPaper {
        SecretPaper {
            serial: "密2026-003".into(),
            received_on: test_day(),
            organ: "市教育局".into(),
            alias: "考务工作文件".into(),
            degree: SecretDegree::Confidential,
            years: Some(1),
            copy_number: "000123".into(),
            copies: 1,
            keeper: Ref::new(Uuid::nil()),
            place: "1号保密柜".into(),
            due: None,
            returned_on: Some(test_day()),
            returned_to: Some("市教育局办公室".into()),
            witness: Some(Ref::new(Uuid::max())),
        }
    }

    #[test]
    fn two_people_give_it_back_to_somebody() {
        assert!(refused(&sample()).is_empty());
        let alone = SecretPaper {
            witness: None,
            returned_to: None,
            ..sample()
        };
        assert_eq!(refused(&alone), ["returned_to", "witness"]);
        let same = SecretPaper {
            witness: Some(Ref::new(Uuid::nil())),
            ..sample()
        };
        assert_eq!(refused(&same), ["witness"]);
    }

    #[test]
    fn the_degree_limits_the_term() {
        let years = |degree, years| {
            refused(&SecretPaper {
                degree,
                years: Some(years),
                ..sample()
            })
        };
        assert_eq!(years(SecretDegree::Confidential, 11), ["years"]);
        assert!(years(SecretDegree::Secret, 11).is_empty());
        assert_eq!(years(SecretDegree::Secret, 21), ["years"]);
        assert_eq!(years(SecretDegree::TopSecret, 31), ["years"]);
    }

    #[test]
    fn only_the_office_and_the_leaders_know_of_it() {
        assert!(SecretPaper::private());
        let roles: Vec<_> = SecretPaper::access().iter().map(|a| a.role).collect();
        assert_eq!(roles, [OFFICE, PRINCIPAL, VICE_PRINCIPAL]);
    }
}
