use crate::Enterprise;
use crate::words::looked_up;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, LongText, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, certificate};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::Unit;
use people::checks::{Checks, filled};
use people::roles::{COOPERATION_OFFICE, DEPARTMENT_HEAD, PERSONNEL};

choice!(
    /// 导师类别
    MentorKind {
        Internship = "internship" "岗位实习指导",
        Apprentice = "apprentice" "学徒师傅",
        Industry = "industry" "产业导师",
        Craftsman = "craftsman" "劳模工匠导师",
    }
);

/// 企业导师：企业选派指导实习、带学徒、进校授课的人员。系部推荐，校企合作处聘任并发聘书；到期续聘或解聘。
#[derive(Clone, Debug, Register)]
#[register(
    id = "enterprise_mentor",
    title = "企业导师",
    group = "partners",
    systems = "H1, D12",
    label = "name, enterprise",
    unique = "name, enterprise, kind",
    due = "appointed_until",
    within = "department"
)]
pub struct EnterpriseMentor {
    #[field(label = "姓名", list, max = 36)]
    pub name: String,
    #[field(label = "性别", code = "sex")]
    pub sex: Code,
    #[field(label = "所在企业", list)]
    pub enterprise: Ref<Enterprise>,
    #[field(label = "岗位职务", list, max = 40)]
    pub position: String,
    #[field(label = "导师类别", list, filter)]
    pub kind: MentorKind,
    #[field(label = "技能等级", list, filter, code = "skill_grade")]
    pub grade: Option<Code>,
    #[field(label = "技术职称", max = 30)]
    pub title: Option<String>,
    #[field(label = "从业年限", list, max = 60)]
    pub years: i64,
    #[field(label = "联系电话", sealed, max = 20)]
    pub phone: String,
    #[field(label = "指导系部", list, filter)]
    pub department: Ref<Unit>,
    #[field(label = "指导专业", filter, max = 60)]
    pub majors: String,
    #[field(label = "最多指导人数", max = 100)]
    pub limit: i64,
    #[field(label = "聘任日期")]
    pub appointed_on: Option<NaiveDate>,
    #[field(label = "聘期至", list, filter)]
    pub appointed_until: Option<NaiveDate>,
    #[field(label = "荣誉与成果", max = 300, help = "劳模、工匠、专利、竞赛裁判等")]
    pub honours: Option<LongText>,
}

impl Rules for EnterpriseMentor {
    fn flow() -> Flow {
        let office = [Who::Role(COOPERATION_OFFICE)];
        let both = [Who::Role(COOPERATION_OFFICE), Who::Role(DEPARTMENT_HEAD)];
        Flow::starts("拟聘")
            .open("在聘")
            .done("聘期结束")
            .dropped("未聘")
            .step("appoint", "聘任", &["拟聘"], "在聘", &office)
            .needs(&["appointed_on", "appointed_until"])
            .step("refuse", "不聘", &["拟聘"], "未聘", &office)
            .with_note()
            .step("renew", "续聘", &["在聘"], "在聘", &office)
            .needs(&["appointed_until"])
            .step("end", "结束聘任", &["在聘"], "聘期结束", &both)
            .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let serving = || Filter::state("在聘");
        vec![
            indicator(
                "enterprise_mentors",
                "企业导师数",
                "在聘的企业导师",
                "人",
                Measure::Count { of: serving() },
            )
            .also(&["聘请企业导师", "产业导师数", "企业师傅数"]),
            indicator(
                "enterprise_mentors_craft",
                "劳模工匠导师数",
                "在聘的劳模工匠导师",
                "人",
                Measure::Count {
                    of: Filter::is("kind", "craftsman").and("state", Op::Is, "在聘"),
                },
            )
            .also(&["劳模工匠产业导师"]),
        ]
    }

    fn access() -> Vec<Access> {
        looked_up(&[COOPERATION_OFFICE, PERSONNEL], &[DEPARTMENT_HEAD])
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            certificate(
                "letter",
                "聘书",
                "兹聘请 {enterprise} {name} 同志为 {school} {kind}，指导 {majors} 专业学生，聘期至 {appointed_until}。",
            )
            .in_states(&["在聘"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let skilled = self.grade.is_some() || filled(self.title.as_deref());
        let instructs = matches!(self.kind, MentorKind::Apprentice | MentorKind::Craftsman);
        Checks::new()
            .phone(Some(&self.phone), "phone")
            .refuse(self.limit == 0, "limit", "最多指导人数应大于0")
            .refuse(
                instructs && !skilled,
                "grade",
                "学徒师傅和劳模工匠导师请填写技能等级或技术职称",
            )
            .not_after_today(self.appointed_on, ctx.today, "appointed_on")
            .in_order(
                self.appointed_on,
                self.appointed_until,
                "appointed_until",
                "聘期不能早于聘任日期",
            )
            .refuse(
                self.appointed_on.is_some() && self.appointed_until.is_none(),
                "appointed_until",
                "填写了聘任日期，请填写聘期",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(self.years < 3, "years", "从业不满三年，请核对是否胜任指导")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> EnterpriseMentor {
        EnterpriseMentor {
            name: "赵启".into(),
            sex: Code("1".into()),
            enterprise: Ref::new(Uuid::nil()),
            position: "加工中心班长".into(),
            kind: MentorKind::Apprentice,
            grade: Some(Code("2".into())),
            title: None,
            years: 12,
            phone: "13812345678".into(),
            department: Ref::new(Uuid::nil()),
            majors: "数控技术应用".into(),
            limit: 5,
            appointed_on: Some(test_day()),
            appointed_until: Some(test_day()),
            honours: None,
        }
    }

    #[test]
    fn a_master_has_a_grade_and_a_term() {
        assert!(refused(&sample()).is_empty());
        let unskilled = EnterpriseMentor {
            grade: None,
            ..sample()
        };
        assert_eq!(refused(&unskilled), ["grade"]);
        assert!(
            refused(&EnterpriseMentor {
                kind: MentorKind::Internship,
                ..unskilled
            })
            .is_empty()
        );
        let endless = EnterpriseMentor {
            appointed_until: None,
            ..sample()
        };
        assert_eq!(refused(&endless), ["appointed_until"]);
        let backwards = EnterpriseMentor {
            appointed_until: test_day().pred_opt(),
            ..sample()
        };
        assert_eq!(refused(&backwards), ["appointed_until"]);
    }

    #[test]
    fn a_beginner_is_doubted() {
        assert!(doubted(&sample()).is_empty());
        assert_eq!(doubted(&EnterpriseMentor { years: 2, ..sample() }), ["years"]);
    }
}
