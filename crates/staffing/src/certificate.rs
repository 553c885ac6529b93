use crate::who::{self_filed, teachers, vocational};
use chrono::{Days, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Files, LongText, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::Checks;
use people::roles::PERSONNEL;

choice!(
    /// 证书类别
    CertificateKind {
        Teacher = "teacher" "教师资格证",
        Title = "title" "职称证书",
        Skill = "skill" "职业技能等级证书",
        Licence = "licence" "执业资格证书",
        Assessor = "assessor" "考评员证",
        Mandarin = "mandarin" "普通话等级证书",
        Trainer = "trainer" "1+X师资培训证书",
        Other = "other" "其他证书",
    }
);

/// Days before a certificate runs out on which its holder is told.
const NOTICE: Days = Days::new(90);

/// 教师资质证书：教师资格、职称、职业技能等级等证书的登记、核验和到期提醒。本人上传，人事处对照原件审核。
#[derive(Clone, Debug, Register)]
#[register(
    id = "teacher_certificate",
    title = "教师资质证书",
    group = "staff",
    systems = "E1",
    label = "teacher, name",
    unique = "kind, number",
    within = "teacher",
    owner = "teacher"
)]
pub struct TeacherCertificate {
    #[field(label = "持证人", list)]
    pub teacher: Ref<Staff>,
    #[field(label = "证书类别", list, filter)]
    pub kind: CertificateKind,
    #[field(label = "证书名称", list, max = 60, help = "如 中等职业学校教师资格、电工")]
    pub name: String,
    #[field(
        label = "技能等级",
        list,
        filter,
        code = "skill_grade",
        help = "职业技能等级证书填写"
    )]
    pub level: Option<Code>,
    #[field(label = "学科或专业", max = 40)]
    pub subject: Option<String>,
    #[field(label = "证书编号", max = 40)]
    pub number: String,
    #[field(label = "发证机构", max = 60)]
    pub issuer: String,
    #[field(label = "发证日期", list)]
    pub issued_on: NaiveDate,
    #[field(label = "有效期至", list, filter, help = "长期有效的不填")]
    pub valid_until: Option<NaiveDate>,
    #[field(label = "扫描件")]
    pub scans: Files,
    #[field(label = "核验日期")]
    pub verified_on: Option<NaiveDate>,
    #[field(label = "备注", max = 200)]
    pub note: Option<LongText>,
}

impl Rules for TeacherCertificate {
    fn flow() -> Flow {
        let personnel = || Who::Role(PERSONNEL);
        Flow::starts("待审核")
            .open("退回补正")
            .done("有效")
            .dropped("已失效")
            .step("verify", "核验通过", &["待审核"], "有效", &[personnel()])
            .needs(&["verified_on"])
            .within_days(5)
            .step("return", "退回补正", &["待审核"], "退回补正", &[personnel()])
            .with_note()
            .step("resubmit", "重新提交", &["退回补正"], "待审核", &[Who::Creator])
            .step("expire", "失效", &["有效"], "已失效", &[personnel()])
            .with_note()
            .step(
                "renew",
                "换证复审",
                &["已失效"],
                "待审核",
                &[Who::Creator, personnel()],
            )
            .editable(&["待审核", "退回补正"])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let valid = |kind: &str| Filter::state("有效").and("kind", Op::Is, kind);
        vec![
            indicator(
                "teacher_certificate_rate",
                "教师资格证持有率",
                "有经核验的教师资格证的在职专任教师 ÷ 在职专任教师",
                "%",
                Measure::Coverage {
                    of: valid("teacher"),
                    field: "teacher".into(),
                    all: teachers(),
                },
            )
            .also(&["持证上岗率", "教师持证率"]),
            indicator(
                "teacher_certificate_skill",
                "高级工以上教师占比",
                "有三级（高级工）以上职业技能等级证书的在职专业课教师 ÷ 在职专业课教师",
                "%",
                Measure::Coverage {
                    of: valid("skill").and("level", Op::AtMost, "3"),
                    field: "teacher".into(),
                    all: vocational(),
                },
            )
            .also(&["专业教师职业技能等级证书持有率"]),
            indicator(
                "teacher_certificates",
                "有效资质证书数",
                "经核验有效的教师证书",
                "本",
                Measure::Count {
                    of: Filter::state("有效"),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        self_filed(&[PERSONNEL])
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "教师证书登记",
                "人事处",
                "新取得或换发的证书上传扫描件，带原件到人事处核验",
            )
            .quick(&["kind", "name", "level", "number", "issuer", "issued_on", "scans"]),
        )
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.issued_on, ctx.today, "issued_on")
            .refuse(
                self.kind == CertificateKind::Skill && self.level.is_none(),
                "level",
                "职业技能等级证书请选择等级",
            )
            .refuse(
                self.kind != CertificateKind::Skill && self.level.is_some(),
                "level",
                "只有职业技能等级证书填写技能等级",
            )
            .in_order(
                self.issued_on,
                self.valid_until,
                "valid_until",
                "有效期不能早于发证日期",
            )
            .not_after_today(self.verified_on, ctx.today, "verified_on")
            .in_order(
                self.issued_on,
                self.verified_on,
                "verified_on",
                "核验日期不能早于发证日期",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let until = self.valid_until;
        let expired = until.is_some_and(|until| until < ctx.today);
        let soon = until.is_some_and(|until| until <= ctx.today + NOTICE);
        Checks::new()
            .refuse(expired, "valid_until", "证书已过有效期，请换证或登记失效")
            .refuse(soon && !expired, "valid_until", "证书90天内到期，请及时换证")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> TeacherCertificate {
        TeacherCertificate {
            teacher: Ref::new(Uuid::nil()),
            kind: CertificateKind::Skill,
            name: "电工".into(),
            level: Some(Code("2".into())),
            subject: None,
            number: "S0000123".into(),
            issuer: "市人社局".into(),
            issued_on: test_day() - Days::new(400),
            valid_until: None,
            scans: Files::default(),
            verified_on: None,
            note: None,
        }
    }

    #[test]
    fn a_level_belongs_to_skill_certificates() {
        assert!(refused(&sample()).is_empty());
        let without = TeacherCertificate {
            level: None,
            ..sample()
        };
        assert_eq!(refused(&without), ["level"]);
        let teacher = TeacherCertificate {
            kind: CertificateKind::Teacher,
            ..sample()
        };
        assert_eq!(refused(&teacher), ["level"]);
    }

    #[test]
    fn running_out_is_announced_a_quarter_before() {
        let until = |day| TeacherCertificate {
            valid_until: Some(day),
            ..sample()
        };
        assert!(doubted(&until(test_day() + Days::new(91))).is_empty());
        assert_eq!(doubted(&until(test_day() + Days::new(90))), ["valid_until"]);
        assert_eq!(doubted(&until(test_day() - Days::new(1))), ["valid_until"]);
        assert_eq!(
            refused(&until(sample().issued_on - Days::new(1))),
            ["valid_until"]
        );
    }
}
