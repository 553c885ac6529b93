use super::honour::{self, Award};
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Files, LongText, Ref};
use kernel::register::flow::Flow;
use kernel::register::indicator::IndicatorSpec;
use kernel::register::paper::{PaperForm, certificate, list_form, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::roles::{
    DEPARTMENT_HEAD, OFFICE, PARTY_OFFICE, PERSONNEL, RESEARCH_OFFICE, STUDENT_OFFICE, TEACHER, UNION,
};

choice!(
    /// 教职工荣誉类别
    StaffHonourKind {
        Model = "model" "劳动模范",
        Teacher = "teacher" "优秀教师",
        Worker = "worker" "优秀教育工作者",
        ClassTeacher = "class_teacher" "优秀班主任",
        Star = "star" "师德标兵",
        Craftsman = "craftsman" "技能标兵",
        Coach = "coach" "优秀指导教师",
        Party = "party" "优秀共产党员",
        PartyWorker = "party_worker" "优秀党务工作者",
        Union = "union" "工会积极分子",
        Annual = "annual" "年度先进个人",
        Other = "other" "其他",
    }
);

/// 教职工表彰：部门推荐，人事处审核师德与资格，评审后公示不少于5个工作日，无异议的表彰发证。上级表彰的也在此登记。
#[derive(Clone, Debug, Register)]
#[register(
    id = "honour_staff",
    title = "教职工表彰",
    group = "office",
    systems = "A10, E1",
    label = "staff, title",
    date = "nominated_on",
    within = "staff",
    owner = "staff",
    unique = "staff, title, period"
)]
pub struct HonourStaff {
    #[field(label = "教职工", list)]
    pub staff: Ref<Staff>,
    #[field(label = "荣誉名称", list, max = 60)]
    pub title: String,
    #[field(label = "荣誉类别", list, filter)]
    pub kind: StaffHonourKind,
    #[field(label = "级别", list, filter, code = "JBDM")]
    pub level: Code,
    #[field(
        label = "评选年度",
        list,
        filter,
        max = 20,
        help = "如 2026年度、2025-2026学年"
    )]
    pub period: String,
    #[field(label = "推荐日期", list, filter)]
    pub nominated_on: NaiveDate,
    #[field(label = "主要事迹", max = 2000)]
    pub deeds: LongText,
    #[field(label = "师德审核合格", filter, help = "有师德失范行为的一票否决")]
    pub ethics: bool,
    #[field(label = "评审意见", max = 500)]
    pub review: Option<LongText>,
    #[field(label = "公示开始日期")]
    pub notice_from: Option<NaiveDate>,
    #[field(label = "公示结束日期")]
    pub notice_to: Option<NaiveDate>,
    #[field(label = "表彰日期", list)]
    pub awarded_on: Option<NaiveDate>,
    #[field(label = "表彰单位", max = 60, help = "上级表彰的填写")]
    pub organ: Option<String>,
    #[field(label = "表彰文号", max = 40)]
    pub document: Option<String>,
    #[field(label = "证书编号", list, max = 40)]
    pub certificate_number: Option<String>,
    #[field(label = "材料")]
    pub files: Files,
}

impl Rules for HonourStaff {
    fn flow() -> Flow {
        honour::flow(&[PERSONNEL, PARTY_OFFICE, OFFICE])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        honour::indicators("honour_staff", "教职工", "人次")
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(PERSONNEL, Reach::School),
            may_write(PARTY_OFFICE, Reach::School),
            may_write(OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(UNION, Reach::Own),
            may_write(STUDENT_OFFICE, Reach::Own),
            may_read(RESEARCH_OFFICE, Reach::School),
            may_read(TEACHER, Reach::Own),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("form", "评优推荐审批表")
                .fields(&[
                    "staff",
                    "title",
                    "kind",
                    "level",
                    "period",
                    "nominated_on",
                    "deeds",
                    "review",
                    "notice_from",
                    "notice_to",
                ])
                .approvals()
                .signatures(&["推荐部门", "本人"]),
            certificate(
                "certificate",
                "荣誉证书",
                "{staff} 同志：在{period}工作中成绩突出，被评为“{title}”。特发此证，以资鼓励。证书编号：{certificate_number}",
            )
            .in_states(&["已表彰"]),
            list_form(
                "notice",
                "评优公示名单",
                &["staff", "title", "level", "period"],
                &["备注"],
            ),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        // 《新时代中小学教师职业行为十项准则》 and its rules of handling: misconduct bars from honours.
        Award {
            nominated_on: self.nominated_on,
            from: self.notice_from,
            to: self.notice_to,
            awarded_on: self.awarded_on,
            today: ctx.today,
        }
        .check()
        .refuse(
            !self.ethics && self.notice_from.is_some(),
            "ethics",
            "师德审核不合格的，不能公示和表彰",
        )
        .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Days;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    #[test]
    fn misconduct_bars() {
        let honour = HonourStaff {
            staff: Ref::new(Uuid::nil()),
            title: "优秀班主任".into(),
            kind: StaffHonourKind::ClassTeacher,
            level: Code("60".into()),
            period: "2025-2026学年".into(),
            nominated_on: test_day(),
            deeds: LongText("所带班级连续两学期文明班级".into()),
            ethics: false,
            review: None,
            notice_from: None,
            notice_to: None,
            awarded_on: None,
            organ: None,
            document: None,
            certificate_number: None,
            files: Files::default(),
        };
        assert!(refused(&honour).is_empty());
        let shown = HonourStaff {
            notice_from: Some(test_day()),
            notice_to: Some(test_day() + Days::new(8)),
            ..honour
        };
        assert_eq!(refused(&shown), ["ethics"]);
    }
}
