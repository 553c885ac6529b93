use crate::Major;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Files, LongText, Money, Ref};
use kernel::register::flow::{Flow, Stage, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled};
use people::roles::{
    DEPARTMENT_HEAD, PARTY_OFFICE, RESEARCH_LEAD, RESEARCH_OFFICE, TEACHER, TEACHING_OFFICE,
};
use people::{Course, Staff, Unit};

choice!(
    /// 教材形式
    BookForm {
        LooseLeaf = "loose_leaf" "活页式",
        Handbook = "handbook" "工作手册式",
        Media = "media" "融媒体",
        Plain = "plain" "常规教材",
        Notes = "notes" "讲义或实训指导书",
    }
);

/// 校本教材：学校自编教材的立项、编写、审定和使用。主编申请立项，系部和教务处审批，编写完成后编审分离审定。
#[derive(Clone, Debug, Register)]
#[register(
    id = "school_textbook",
    title = "校本教材开发",
    group = "teaching",
    systems = "B13",
    label = "title",
    date = "applied_on",
    due = "due",
    within = "unit",
    owner = "editor"
)]
pub struct SchoolTextbook {
    #[field(label = "教材名称", list, max = 80)]
    pub title: String,
    #[field(label = "对应课程", list, filter)]
    pub course: Ref<Course>,
    #[field(label = "适用专业", filter, help = "公共基础课不填")]
    pub major: Option<Ref<Major>>,
    #[field(label = "承担部门", list, filter)]
    pub unit: Ref<Unit>,
    #[field(label = "主编", list)]
    pub editor: Ref<Staff>,
    #[field(label = "编写人员", max = 300, help = "姓名、单位，企业人员注明")]
    pub team: LongText,
    #[field(label = "合作企业", max = 100)]
    pub partner: Option<String>,
    #[field(label = "校企合作开发", filter)]
    pub joint: bool,
    #[field(label = "教材形式", list, filter)]
    pub form: BookForm,
    #[field(label = "教材类型", filter, code = "JCLXDM")]
    pub kind: Code,
    #[field(label = "申请日期", list)]
    pub applied_on: NaiveDate,
    #[field(label = "计划完稿日期", list)]
    pub due: NaiveDate,
    #[field(label = "字数（千字）", max = 5000)]
    pub words: i64,
    #[field(label = "编写理由与提纲", max = 2000)]
    pub outline: LongText,
    #[field(label = "经费预算（元）")]
    pub budget: Option<Money>,
    #[field(label = "完稿日期", list)]
    pub finished_on: Option<NaiveDate>,
    #[field(label = "审稿人")]
    pub reviewer: Option<Ref<Staff>>,
    #[field(label = "行业企业审稿人", max = 100)]
    pub expert: Option<String>,
    #[field(label = "政治审查通过", help = "意识形态、民族宗教、领土、插图等逐项审查")]
    pub politics: Option<bool>,
    #[field(label = "审定意见", max = 1000)]
    pub verdict: Option<LongText>,
    #[field(label = "审定日期", list)]
    pub approved_on: Option<NaiveDate>,
    #[field(label = "校内编号", max = 30)]
    pub number: Option<String>,
    #[field(label = "书稿", help = "可不传")]
    pub files: Files,
}

impl Rules for SchoolTextbook {
    fn flow() -> Flow {
        let office = [Who::Role(TEACHING_OFFICE)];
        let editor = [Who::Field("editor".into()), Who::Creator];
        Flow::approvals(
            &[
                Stage::by("department", "系部", &[Who::Role(DEPARTMENT_HEAD)]).days(5),
                Stage::by("office", "教务处", &office).days(7),
            ],
            "编写中",
        )
        .still_open("编写中")
        .open("待审定")
        .done("已审定")
        .dropped("已终止")
        .step("submit", "提交书稿", &["编写中"], "待审定", &editor)
        .needs(&["finished_on"])
        .step("approve", "审定通过", &["待审定"], "已审定", &office)
        .needs(&["reviewer", "politics", "verdict", "approved_on", "number"])
        .within_days(30)
        .signed("审定意见")
        .step("rework", "修改后再审", &["待审定"], "编写中", &office)
        .with_note()
        .step("stop", "终止编写", &["编写中", "待审定"], "已终止", &office)
        .with_note()
        .editable(&["退回修改", "编写中"])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let approved = || Filter::state("已审定");
        vec![
            indicator(
                "school_textbooks",
                "校本教材数",
                "已审定的校本教材",
                "本",
                Measure::Count { of: approved() },
            )
            .by("approved_on")
            .also(&["编写校本教材", "自编教材", "校本教材开发"]),
            indicator(
                "school_textbooks_joint",
                "校企合作校本教材数",
                "已审定的校企合作开发校本教材",
                "本",
                Measure::Count {
                    of: approved().and("joint", Op::Is, true),
                },
            )
            .by("approved_on")
            .also(&["活页式教材", "校企合编教材"]),
            indicator(
                "school_textbooks_on_time",
                "校本教材按期完稿率",
                "完稿日期不晚于计划完稿日期的教材 ÷ 已完稿的教材",
                "%",
                Measure::Share {
                    of: Filter::all().and("finished_on", Op::AtMostField, "due"),
                    among: Filter::all().dated("finished_on"),
                },
            )
            .by("finished_on"),
        ]
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "校本教材立项",
                "教务处",
                "主编申请，附提纲和编写人员；系部五天、教务处七天内审批",
            )
            .for_roles(&[TEACHER, RESEARCH_LEAD])
            .quick(&[
                "title",
                "course",
                "major",
                "unit",
                "editor",
                "team",
                "joint",
                "partner",
                "form",
                "kind",
                "applied_on",
                "due",
                "words",
                "outline",
                "budget",
            ]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        let head = [
            "title", "course", "major", "unit", "editor", "team", "partner", "form", "kind", "words", "due",
        ];
        vec![
            sheet("project", "校本教材立项申请表")
                .fields(&head)
                .fields(&["budget", "outline"])
                .approvals()
                .signatures(&["主编", "系部（盖章）", "教务处（盖章）"]),
            sheet("verdict", "校本教材审定表")
                .fields(&head)
                .fields(&[
                    "finished_on",
                    "reviewer",
                    "expert",
                    "politics",
                    "verdict",
                    "approved_on",
                    "number",
                ])
                .signatures(&["审稿人", "行业企业审稿人", "学校（盖章）"])
                .in_states(&["待审定", "已审定"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(TEACHING_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(TEACHER, Reach::Own),
            may_read(RESEARCH_OFFICE, Reach::School),
            may_read(PARTY_OFFICE, Reach::School),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let partner = filled(self.partner.as_deref());
        // 《职业院校教材管理办法》（教材〔2019〕3号）: whoever writes does not examine (编审分离), and politics comes first.
        Checks::new()
            .not_after_today(self.applied_on, ctx.today, "applied_on")
            .in_order(self.applied_on, self.due, "due", "计划完稿日期不能早于申请日期")
            .refuse(self.words == 0, "words", "字数应大于0")
            .refuse(
                self.joint && !partner,
                "partner",
                "校企合作开发的教材请填写合作企业",
            )
            .refuse(
                self.budget.is_some_and(|budget| budget.0 < 0),
                "budget",
                "经费预算不能为负数",
            )
            .in_order(
                self.applied_on,
                self.finished_on,
                "finished_on",
                "完稿日期不能早于申请日期",
            )
            .not_after_today(self.finished_on, ctx.today, "finished_on")
            .refuse(
                self.reviewer
                    .is_some_and(|reviewer| reviewer.id == self.editor.id),
                "reviewer",
                "编审分离：主编不能审定自己的教材",
            )
            .refuse(
                self.approved_on.is_some() && self.politics != Some(true),
                "politics",
                "政治审查通过后才能审定",
            )
            .refuse(
                self.approved_on.is_some() && self.finished_on.is_none(),
                "finished_on",
                "还没有完稿，不能审定",
            )
            .in_order(
                self.finished_on,
                self.approved_on,
                "approved_on",
                "审定日期不能早于完稿日期",
            )
            .not_after_today(self.approved_on, ctx.today, "approved_on")
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                self.finished_on.is_none() && self.due < ctx.today,
                "due",
                "计划完稿日期已过，还没有完稿",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{day, doubted, refused};
    use uuid::Uuid;

    fn sample() -> SchoolTextbook {
        SchoolTextbook {
            title: "工业机器人现场操作".into(),
            course: Ref::new(Uuid::nil()),
            major: None,
            unit: Ref::new(Uuid::nil()),
            editor: Ref::new(Uuid::from_u128(1)),
            team: LongText("三名教师、一名企业工程师".into()),
            partner: None,
            joint: false,
            form: BookForm::LooseLeaf,
            kind: Code("3".into()),
            applied_on: day(-60),
            due: day(10),
            words: 120,
            outline: LongText("八个项目".into()),
            budget: None,
            finished_on: None,
            reviewer: None,
            expert: None,
            politics: None,
            verdict: None,
            approved_on: None,
            number: None,
            files: Files::default(),
        }
    }

    #[test]
    fn whoever_writes_does_not_examine() {
        assert!(refused(&sample()).is_empty());
        let own = SchoolTextbook {
            reviewer: Some(Ref::new(Uuid::from_u128(1))),
            ..sample()
        };
        assert_eq!(refused(&own), ["reviewer"]);
    }

    #[test]
    fn approval_needs_the_text_and_its_examination() {
        let hasty = SchoolTextbook {
            approved_on: Some(day(-1)),
            ..sample()
        };
        assert_eq!(refused(&hasty), ["politics", "finished_on"]);
        let right = SchoolTextbook {
            finished_on: Some(day(-9)),
            politics: Some(true),
            ..hasty
        };
        assert!(refused(&right).is_empty());
        let wrong = SchoolTextbook {
            approved_on: Some(day(-10)),
            ..right
        };
        assert_eq!(refused(&wrong), ["approved_on"]);
    }

    #[test]
    fn a_joint_book_names_its_partner_and_a_late_one_is_called_for() {
        let joint = SchoolTextbook {
            joint: true,
            ..sample()
        };
        assert_eq!(refused(&joint), ["partner"]);
        let late = SchoolTextbook {
            due: day(-1),
            ..sample()
        };
        assert_eq!(doubted(&late), ["due"]);
        assert!(doubted(&sample()).is_empty());
    }
}
