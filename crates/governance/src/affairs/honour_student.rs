use super::honour::{self, Award};
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Decimal, Files, LongText, Ref};
use kernel::register::flow::Flow;
use kernel::register::indicator::IndicatorSpec;
use kernel::register::paper::{PaperForm, certificate, list_form, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Student;
use people::roles::{CLASS_TEACHER, DEPARTMENT_HEAD, STUDENT_OFFICE, TEACHING_OFFICE, YOUTH_LEAGUE};

choice!(
    /// 学生荣誉类别
    StudentHonourKind {
        Merit = "merit" "三好学生",
        Cadre = "cadre" "优秀学生干部",
        Graduate = "graduate" "优秀毕业生",
        League = "league" "优秀共青团员",
        LeagueCadre = "league_cadre" "优秀团干部",
        Skill = "skill" "技能标兵",
        Civil = "civil" "文明学生",
        Progress = "progress" "进步之星",
        Volunteer = "volunteer" "优秀志愿者",
        Intern = "intern" "优秀实习生",
        Other = "other" "其他",
    }
);

/// 学生表彰：班级民主评议推荐，学生处审核，评审后公示不少于5个工作日，无异议的表彰发证。处分未解除的不得参评。
#[derive(Clone, Debug, Register)]
#[register(
    id = "honour_student",
    title = "学生表彰",
    group = "office",
    systems = "A10, D15",
    label = "student, title",
    date = "nominated_on",
    within = "student",
    unique = "student, title, period"
)]
pub struct HonourStudent {
    #[field(label = "学生", list)]
    pub student: Ref<Student>,
    #[field(label = "荣誉名称", list, max = 60)]
    pub title: String,
    #[field(label = "荣誉类别", list, filter)]
    pub kind: StudentHonourKind,
    #[field(label = "级别", list, filter, code = "JBDM")]
    pub level: Code,
    #[field(label = "奖励方式", filter, code = "award_way")]
    pub way: Code,
    #[field(label = "评选学年", list, filter, max = 20, help = "如 2025-2026学年")]
    pub period: String,
    #[field(label = "推荐日期", list, filter)]
    pub nominated_on: NaiveDate,
    #[field(label = "班级评议票数", max = 200)]
    pub votes: i64,
    #[field(label = "参评人数", max = 200)]
    pub voters: i64,
    #[field(label = "德育量化分")]
    pub conduct: Option<Decimal<1>>,
    #[field(label = "主要事迹", max = 1000)]
    pub deeds: LongText,
    #[field(label = "无未解除处分", filter)]
    pub unpunished: bool,
    #[field(label = "评审意见", max = 500)]
    pub review: Option<LongText>,
    #[field(label = "公示开始日期")]
    pub notice_from: Option<NaiveDate>,
    #[field(label = "公示结束日期")]
    pub notice_to: Option<NaiveDate>,
    #[field(label = "表彰日期", list)]
    pub awarded_on: Option<NaiveDate>,
    #[field(label = "表彰文号", max = 40)]
    pub document: Option<String>,
    #[field(label = "证书编号", list, max = 40)]
    pub certificate_number: Option<String>,
    #[field(label = "材料")]
    pub files: Files,
}

impl Rules for HonourStudent {
    fn flow() -> Flow {
        honour::flow(&[STUDENT_OFFICE, YOUTH_LEAGUE])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        honour::indicators("honour_student", "学生", "人次")
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(STUDENT_OFFICE, Reach::School),
            may_write(YOUTH_LEAGUE, Reach::School),
            may_write(CLASS_TEACHER, Reach::Unit),
            may_read(DEPARTMENT_HEAD, Reach::Unit),
            may_read(TEACHING_OFFICE, Reach::School),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("form", "学生评优推荐审批表")
                .fields(&[
                    "student",
                    "title",
                    "kind",
                    "level",
                    "period",
                    "votes",
                    "voters",
                    "conduct",
                    "deeds",
                    "review",
                    "notice_from",
                    "notice_to",
                ])
                .approvals()
                .signatures(&["班主任", "系部"]),
            certificate(
                "certificate",
                "荣誉证书",
                "{student} 同学：在{period}表现优异，被评为“{title}”。特发此证，以资鼓励。证书编号：{certificate_number}",
            )
            .in_states(&["已表彰"]),
            list_form(
                "notice",
                "学生评优公示名单",
                &["student", "title", "level", "period"],
                &["备注"],
            ),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Award {
            nominated_on: self.nominated_on,
            from: self.notice_from,
            to: self.notice_to,
            awarded_on: self.awarded_on,
            today: ctx.today,
        }
        .check()
        .refuse(self.voters == 0, "voters", "参评人数应大于0")
        .refuse(self.votes > self.voters, "votes", "票数不能多于参评人数")
        .refuse(
            !self.unpunished && self.notice_from.is_some(),
            "unpunished",
            "处分未解除的学生，不能公示和表彰",
        )
        .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        people::checks::Checks::new()
            .refuse(
                self.votes * 2 < self.voters,
                "votes",
                "班级评议票数不到一半，请核对",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    #[test]
    fn votes_count_and_punishment_bars() {
        let honour = HonourStudent {
            student: Ref::new(Uuid::nil()),
            title: "三好学生".into(),
            kind: StudentHonourKind::Merit,
            level: Code("60".into()),
            way: Code("2".into()),
            period: "2025-2026学年".into(),
            nominated_on: test_day(),
            votes: 30,
            voters: 40,
            conduct: None,
            deeds: LongText("成绩名列前茅，乐于助人".into()),
            unpunished: true,
            review: None,
            notice_from: Some(test_day()),
            notice_to: None,
            awarded_on: None,
            document: None,
            certificate_number: None,
            files: Files::default(),
        };
        assert!(refused(&honour).is_empty() && doubted(&honour).is_empty());
        let punished = HonourStudent {
            unpunished: false,
            votes: 41,
            ..honour.clone()
        };
        assert_eq!(refused(&punished), ["votes", "unpunished"]);
        assert_eq!(doubted(&HonourStudent { votes: 19, ..honour }), ["votes"]);
    }
}
