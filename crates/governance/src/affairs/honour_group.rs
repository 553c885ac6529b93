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
use people::roles::{
    CLASS_TEACHER, DEPARTMENT_HEAD, OFFICE, PARTY_OFFICE, STUDENT_OFFICE, TEACHER, YOUTH_LEAGUE,
};
use people::{Class, Unit};

choice!(
    /// 集体荣誉类别
    GroupHonourKind {
        Class = "class" "先进班集体",
        CivilClass = "civil_class" "文明班级",
        Department = "department" "先进处室系部",
        Group = "group" "优秀教研室",
        Branch = "branch" "先进党支部",
        League = "league" "先进团支部",
        School = "school" "学校集体荣誉",
        Other = "other" "其他",
    }
);

/// 集体表彰：班级、系部处室和学校获得的集体荣誉，校内评选的经审核、评审、公示后表彰，上级授予的登记文号。
#[derive(Clone, Debug, Register)]
#[register(
    id = "honour_group",
    title = "集体表彰",
    group = "office",
    systems = "A10",
    label = "unit, title",
    date = "nominated_on",
    within = "unit"
)]
pub struct HonourGroup {
    #[field(label = "所属单位", list, filter)]
    pub unit: Ref<Unit>,
    #[field(label = "班级", list, filter, help = "班集体荣誉填写")]
    pub class: Option<Ref<Class>>,
    #[field(label = "荣誉名称", list, max = 60)]
    pub title: String,
    #[field(label = "荣誉类别", list, filter)]
    pub kind: GroupHonourKind,
    #[field(label = "级别", list, filter, code = "JBDM")]
    pub level: Code,
    #[field(label = "评选年度", list, filter, max = 20)]
    pub period: String,
    #[field(label = "推荐日期", list, filter)]
    pub nominated_on: NaiveDate,
    #[field(label = "主要事迹", max = 2000)]
    pub deeds: LongText,
    #[field(label = "无否决事项", filter, help = "安全责任事故、严重违纪等一票否决")]
    pub clear: bool,
    #[field(label = "评审意见", max = 500)]
    pub review: Option<LongText>,
    #[field(label = "公示开始日期")]
    pub notice_from: Option<NaiveDate>,
    #[field(label = "公示结束日期")]
    pub notice_to: Option<NaiveDate>,
    #[field(label = "表彰日期", list)]
    pub awarded_on: Option<NaiveDate>,
    #[field(label = "表彰单位", max = 60)]
    pub organ: Option<String>,
    #[field(label = "证书或文号", list, max = 40)]
    pub certificate_number: Option<String>,
    #[field(label = "材料")]
    pub files: Files,
}

impl Rules for HonourGroup {
    fn flow() -> Flow {
        honour::flow(&[OFFICE, STUDENT_OFFICE, PARTY_OFFICE])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        honour::indicators("honour_group", "集体", "项")
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(OFFICE, Reach::School),
            may_write(STUDENT_OFFICE, Reach::School),
            may_write(PARTY_OFFICE, Reach::School),
            may_write(YOUTH_LEAGUE, Reach::Own),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(CLASS_TEACHER, Reach::Own),
            may_read(TEACHER, Reach::School),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("form", "集体评优推荐审批表")
                .fields(&[
                    "unit",
                    "class",
                    "title",
                    "kind",
                    "level",
                    "period",
                    "deeds",
                    "review",
                    "notice_from",
                    "notice_to",
                ])
                .approvals(),
            certificate(
                "certificate",
                "荣誉证书",
                "{unit}{class}：在{period}评选中被评为“{title}”。特发此证，以资鼓励。",
            )
            .in_states(&["已表彰"]),
            list_form(
                "notice",
                "集体评优公示名单",
                &["unit", "class", "title", "level", "period"],
                &["备注"],
            ),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let of_class = matches!(self.kind, GroupHonourKind::Class | GroupHonourKind::CivilClass);
        Award {
            nominated_on: self.nominated_on,
            from: self.notice_from,
            to: self.notice_to,
            awarded_on: self.awarded_on,
            today: ctx.today,
        }
        .check()
        .refuse(of_class && self.class.is_none(), "class", "班集体荣誉请选择班级")
        .refuse(
            !self.clear && self.notice_from.is_some(),
            "clear",
            "有否决事项的集体，不能公示和表彰",
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
    fn an_honour_of_a_class_names_it() {
        let honour = HonourGroup {
            unit: Ref::new(Uuid::nil()),
            class: None,
            title: "文明班级".into(),
            kind: GroupHonourKind::CivilClass,
            level: Code("60".into()),
            period: "2025-2026学年".into(),
            nominated_on: test_day(),
            deeds: LongText("量化考核连续四周第一".into()),
            clear: false,
            review: None,
            notice_from: Some(test_day()),
            notice_to: Some(test_day() + Days::new(8)),
            awarded_on: None,
            organ: None,
            certificate_number: None,
            files: Files::default(),
        };
        assert_eq!(refused(&honour), ["class", "clear"]);
        let office = HonourGroup {
            kind: GroupHonourKind::Department,
            clear: true,
            ..honour
        };
        assert!(refused(&office).is_empty());
    }
}
