use crate::audience::open_to_all;
use chrono::{Months, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::Ref;
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx, Reach, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled};
use people::roles::{DEPARTMENT_HEAD, PARTY_OFFICE};
use people::{Staff, Unit};

choice!(
    /// 意识形态阵地类型
    FrontKind {
        Website = "website" "网站",
        Account = "account" "新媒体账号",
        Group = "group" "工作群组",
        Classroom = "classroom" "课堂教学",
        Material = "material" "教材和教辅",
        Forum = "forum" "论坛讲座报告会",
        Club = "club" "学生社团",
        Board = "board" "宣传栏和电子屏",
        Library = "library" "图书馆和报刊",
        Broadcast = "broadcast" "校园广播和校报",
        Exchange = "exchange" "对外交流合作",
    }
);

choice!(
    /// 排查周期
    CheckCycle {
        Month = "month" "每月",
        Term = "term" "每学期",
    }
);

/// 意识形态阵地：学校的网站、新媒体账号、课堂、教材、讲座、社团等阵地，各有责任人和排查周期。由党委办公室管理，各部门报备本部门的。
#[derive(Clone, Debug, Register)]
#[register(
    id = "ideology_front",
    title = "意识形态阵地",
    group = "party",
    systems = "G3",
    label = "name",
    key = "name",
    unique = "name",
    date = "registered_on",
    within = "unit",
    owner = "keeper"
)]
pub struct IdeologyFront {
    #[field(label = "阵地名称", list, max = 60)]
    pub name: String,
    #[field(label = "阵地类型", list, filter)]
    pub kind: FrontKind,
    #[field(
        label = "平台和账号",
        max = 100,
        help = "网站写域名和备案号，账号写平台和认证主体，群组写平台和人数"
    )]
    pub platform: Option<String>,
    #[field(label = "主管部门", list, filter)]
    pub unit: Ref<Unit>,
    #[field(label = "责任人", list, help = "部门负责人")]
    pub keeper: Ref<Staff>,
    #[field(label = "管理员", help = "日常维护和信息发布的人")]
    pub editor: Option<Ref<Staff>>,
    #[field(label = "覆盖人数", max = 100_000_000, help = "关注、成员或听众的大致人数")]
    pub audience: Option<i64>,
    #[field(label = "报备日期", list, filter)]
    pub registered_on: NaiveDate,
    #[field(label = "排查周期", list, filter, help = "网站、账号和群组每月，其他每学期")]
    pub cycle: CheckCycle,
    #[field(
        label = "管理制度",
        max = 100,
        help = "适用的审核制度，如 新媒体信息发布审核办法"
    )]
    pub regulation: Option<String>,
    #[field(label = "年审日期", list)]
    pub audited_on: Option<NaiveDate>,
    #[field(label = "备注", max = 200)]
    pub remark: Option<String>,
}

impl IdeologyFront {
    /// Whether it can be seen from outside at once.
    fn is_online(&self) -> bool {
        matches!(
            self.kind,
            FrontKind::Website | FrontKind::Account | FrontKind::Group
        )
    }
}

impl Rules for IdeologyFront {
    fn flow() -> Flow {
        let party = [Who::Role(PARTY_OFFICE)];
        Flow::starts("待备案")
            .done("在用")
            .dropped("不予备案")
            .dropped("已关停")
            .step("accept", "备案", &["待备案"], "在用", &party)
            .within_days(5)
            .signed("党委办公室意见")
            .step("refuse", "不予备案", &["待备案"], "不予备案", &party)
            .with_note()
            .step("audit", "年审", &["在用"], "在用", &party)
            .needs(&["audited_on"])
            .step(
                "close",
                "关停",
                &["在用"],
                "已关停",
                &[Who::Role(PARTY_OFFICE), Who::Field("keeper".into())],
            )
            .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let used = || Filter::state("在用");
        vec![
            indicator(
                "ideology_fronts",
                "意识形态阵地数",
                "备案在用的阵地",
                "个",
                Measure::Count { of: used() },
            )
            .standing(),
            indicator(
                "ideology_front_audited",
                "阵地年审率",
                "有年审日期的在用阵地 ÷ 在用阵地",
                "%",
                Measure::Share {
                    of: used().dated("audited_on"),
                    among: used(),
                },
            )
            .standing()
            .also(&["新媒体账号年审率"]),
        ]
    }

    fn access() -> Vec<Access> {
        let mut access = open_to_all(&[PARTY_OFFICE]);
        access.push(may_write(DEPARTMENT_HEAD, Reach::Unit));
        access
    }

    fn papers() -> Vec<PaperForm> {
        vec![list_form(
            "list",
            "意识形态阵地清单",
            &[
                "name",
                "kind",
                "platform",
                "unit",
                "keeper",
                "editor",
                "cycle",
                "audited_on",
            ],
            &["备注"],
        )]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.registered_on, ctx.today, "registered_on")
            .refuse(
                self.is_online() && !filled(self.platform.as_deref()),
                "platform",
                "网站、账号和群组请写明平台、备案号或认证主体",
            )
            .refuse(
                self.is_online() && self.editor.is_none(),
                "editor",
                "网站、账号和群组应指定管理员",
            )
            .refuse(
                self.is_online() && self.cycle != CheckCycle::Month,
                "cycle",
                "网站、账号和群组每月排查",
            )
            .in_order(
                self.registered_on,
                self.audited_on,
                "audited_on",
                "年审日期不能早于报备日期",
            )
            .not_after_today(self.audited_on, ctx.today, "audited_on")
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let last = self.audited_on.unwrap_or(self.registered_on);
        let due = last.checked_add_months(Months::new(12));
        Checks::new()
            .refuse(
                due.is_some_and(|due| due < ctx.today),
                "audited_on",
                "超过一年没有年审",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> IdeologyFront {
        IdeologyFront {
            name: "学校公众号".into(),
            kind: FrontKind::Account,
            platform: Some("公众平台，主体为学校".into()),
            unit: Ref::new(Uuid::nil()),
            keeper: Ref::new(Uuid::nil()),
            editor: Some(Ref::new(Uuid::nil())),
            audience: None,
            registered_on: test_day(),
            cycle: CheckCycle::Month,
            regulation: None,
            audited_on: None,
            remark: None,
        }
    }

    #[test]
    fn what_is_online_has_an_editor_and_is_checked_each_month() {
        assert!(refused(&sample()).is_empty());
        let loose = IdeologyFront {
            platform: None,
            editor: None,
            cycle: CheckCycle::Term,
            ..sample()
        };
        assert_eq!(refused(&loose), ["platform", "editor", "cycle"]);
        let board = IdeologyFront {
            kind: FrontKind::Board,
            ..loose
        };
        assert!(refused(&board).is_empty());
    }

    #[test]
    fn it_is_audited_once_a_year() {
        assert!(doubted(&sample()).is_empty());
        let old = IdeologyFront {
            registered_on: test_day() - Months::new(13),
            ..sample()
        };
        assert_eq!(doubted(&old), ["audited_on"]);
    }
}
