use super::SocialTraining;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Ref};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, certificate, list_form};
use kernel::register::spec::{Access, Ctx, Reach, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled};
use people::roles::{COOPERATION_OFFICE, DEPARTMENT_HEAD, TEACHER};

choice!(
    /// 学员身份
    LearnerKind {
        Worker = "worker" "企业职工",
        Farmer = "farmer" "农民",
        Veteran = "veteran" "退役军人",
        Unemployed = "unemployed" "失业人员",
        Resident = "resident" "社区居民",
        Teacher = "teacher" "教师",
        Student = "student" "外校学生",
        Other = "other" "其他",
    }
);

choice!(
    /// 培训结果
    LearnerResult {
        Learning = "learning" "在训",
        Passed = "passed" "合格结业",
        Failed = "failed" "考核不合格",
        Left = "left" "中途退出",
    }
);

/// 培训学员：社会培训班次的学员名册、学时和证书。由项目负责人登记，打印签到表和结业证书。
#[derive(Clone, Debug, Register)]
#[register(
    id = "training_learner",
    title = "培训学员",
    group = "partners",
    systems = "H2",
    label = "name, training",
    unique = "training, id_number; certificate",
    date = "joined_on",
    within = "training"
)]
pub struct TrainingLearner {
    #[field(label = "培训项目", list, filter)]
    pub training: Ref<SocialTraining>,
    #[field(label = "姓名", list, max = 36)]
    pub name: String,
    #[field(label = "性别", code = "sex")]
    pub sex: Code,
    #[field(label = "身份证号", sealed, max = 18, help = "申领补贴的项目必填")]
    pub id_number: Option<String>,
    #[field(label = "联系电话", sealed, max = 20)]
    pub phone: Option<String>,
    #[field(label = "学员身份", list, filter)]
    pub kind: LearnerKind,
    #[field(label = "所在单位", list, max = 60)]
    pub employer: Option<String>,
    #[field(label = "报到日期", list)]
    pub joined_on: NaiveDate,
    #[field(label = "完成学时", list, max = 2000)]
    pub hours: i64,
    #[field(label = "培训结果", list, filter)]
    pub result: LearnerResult,
    #[field(label = "结业证书号", list, max = 40)]
    pub certificate: Option<String>,
    #[field(label = "发证日期")]
    pub certified_on: Option<NaiveDate>,
    #[field(
        label = "技能等级",
        filter,
        code = "skill_grade",
        help = "取得技能等级证书的填写"
    )]
    pub grade: Option<Code>,
}

impl Rules for TrainingLearner {
    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "training_learners",
                "培训学员数",
                "登记的培训学员",
                "人",
                Measure::Count { of: Filter::all() },
            ),
            indicator(
                "training_learner_passed",
                "培训结业率",
                "合格结业 ÷ 已有结果的学员",
                "%",
                Measure::Share {
                    of: Filter::is("result", "passed"),
                    among: Filter::all().and("result", Op::Not, "learning"),
                },
            )
            .also(&["社会培训合格率"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(COOPERATION_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(TEACHER, Reach::Own),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            list_form(
                "sign",
                "培训签到表",
                &["name", "employer"],
                &["上午签名", "下午签名"],
            )
            .by("training"),
            certificate(
                "diploma",
                "结业证书",
                "{name} 同志参加“{training}”培训，完成 {hours} 学时，考核合格，准予结业。证书号：{certificate}",
            ),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let numbered = filled(self.certificate.as_deref());
        Checks::new()
            .identity(
                self.id_number.as_deref(),
                None,
                Some(&self.sex.0),
                "id_number",
                "id_number",
            )
            .phone(self.phone.as_deref(), "phone")
            .not_after_today(self.joined_on, ctx.today, "joined_on")
            .refuse(
                numbered && self.result != LearnerResult::Passed,
                "certificate",
                "合格结业的学员才发结业证书",
            )
            .refuse(
                numbered && self.certified_on.is_none(),
                "certified_on",
                "填写了证书号，请填写发证日期",
            )
            .in_order(
                self.joined_on,
                self.certified_on,
                "certified_on",
                "发证日期不能早于报到日期",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    #[test]
    fn a_certificate_is_for_those_who_passed() {
        let sample = TrainingLearner {
            training: Ref::new(Uuid::nil()),
            name: "孙立".into(),
            sex: Code("2".into()),
            id_number: Some("11010519491231002X".into()),
            phone: Some("13812345678".into()),
            kind: LearnerKind::Worker,
            employer: None,
            joined_on: test_day(),
            hours: 40,
            result: LearnerResult::Passed,
            certificate: Some("ZX20260001".into()),
            certified_on: Some(test_day()),
            grade: None,
        };
        assert!(refused(&sample).is_empty());
        let learning = TrainingLearner {
            result: LearnerResult::Learning,
            ..sample.clone()
        };
        assert_eq!(refused(&learning), ["certificate"]);
        let undated = TrainingLearner {
            certified_on: None,
            ..sample.clone()
        };
        assert_eq!(refused(&undated), ["certified_on"]);
        let man = TrainingLearner {
            sex: Code("1".into()),
            ..sample
        };
        assert_eq!(refused(&man), ["sex"]);
    }
}
