use chrono::NaiveDate;
use kernel::error::Violation;
use kernel::register::field::{Code, Decimal, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Student;
use people::checks::{Checks, filled};
use people::roles::{
    CLASS_TEACHER, DEPARTMENT_HEAD, STUDENT_OFFICE, TEACHER, TEACHING_OFFICE, TRAINING_OFFICE,
};

/// 技能等级认定成绩：考生名单、理论和技能成绩、审核与发证。理论、技能各60分合格。由实训处和系部录入，教务处审核。
#[derive(Clone, Debug, Register)]
#[register(
    id = "skill_result",
    title = "技能等级认定成绩",
    group = "assessment",
    systems = "B14",
    label = "student, occupation, exam_on",
    unique = "student, occupation, level, batch; certificate_number",
    date = "exam_on",
    within = "student"
)]
pub struct SkillResult {
    #[field(label = "认定批次", list, filter, max = 40, help = "如 2026年上半年")]
    pub batch: String,
    #[field(label = "学生", list, dataset = "T33.XH:number, T33.XSXM:name")]
    pub student: Ref<Student>,
    #[field(label = "职业（工种）", list, filter, max = 60)]
    pub occupation: String,
    #[field(label = "认定等级", list, filter, code = "skill_grade")]
    pub level: Code,
    #[field(label = "评价机构", filter, max = 60, dataset = "T33.JDJG")]
    pub organisation: String,
    #[field(label = "考试日期", list, filter)]
    pub exam_on: NaiveDate,
    #[field(label = "理论成绩", list)]
    pub theory: Option<Decimal<1>>,
    #[field(label = "技能成绩", list)]
    pub practice: Option<Decimal<1>>,
    #[field(label = "综合评审成绩", help = "技师、高级技师填写")]
    pub review: Option<Decimal<1>>,
    #[field(label = "缺考舞弊", filter, code = "exam_abnormal")]
    pub irregular: Option<Code>,
    #[field(label = "是否合格", list, filter)]
    pub passed: Option<bool>,
    #[field(label = "证书名称", max = 60, dataset = "T33.ZSMC")]
    pub certificate: Option<String>,
    #[field(label = "证书编号", list, max = 40, dataset = "T33.ZSBH")]
    pub certificate_number: Option<String>,
    #[field(label = "证书等级", code = "JBDM", dataset = "T33.JDDJM")]
    pub certificate_level: Option<Code>,
    #[field(label = "发证日期", dataset = "T33.FZRQ")]
    pub certified_on: Option<NaiveDate>,
    #[field(label = "支持电子证书", dataset = "T33.SFZCDZZS")]
    pub electronic: bool,
    #[field(label = "下载打印次数", max = 99999, dataset = "T33.XZDYCS")]
    pub downloads: Option<i64>,
}

/// 60 分, scaled.
const PASS: Decimal<1> = Decimal(600);
/// 100 分, scaled.
const FULL: Decimal<1> = Decimal(1000);

impl SkillResult {
    /// Whether the scores pass; `None` while they are not complete.
    pub fn passes(&self) -> Option<bool> {
        if self.irregular.is_some() {
            return Some(false);
        }
        let both = self.theory? >= PASS && self.practice? >= PASS;
        let review = !self.is_technician() || self.review? >= PASS;
        Some(both && review)
    }

    /// 技师 and 高级技师 also pass a review.
    fn is_technician(&self) -> bool {
        matches!(self.level.0.as_str(), "1" | "2")
    }
}

impl Rules for SkillResult {
    fn flow() -> Flow {
        let keepers = [Who::Role(TRAINING_OFFICE), Who::Role(DEPARTMENT_HEAD)];
        Flow::starts("待录入")
            .open("待审核")
            .done("已审核")
            .done("已发证")
            .step("enter", "提交成绩", &["待录入"], "待审核", &keepers)
            .needs(&["passed"])
            .step(
                "verify",
                "审核",
                &["待审核"],
                "已审核",
                &[Who::Role(TEACHING_OFFICE)],
            )
            .step(
                "return",
                "退回",
                &["待审核", "已审核"],
                "待录入",
                &[Who::Role(TEACHING_OFFICE)],
            )
            .with_note()
            .step("certify", "登记证书", &["已审核"], "已发证", &keepers)
            .needs(&["certificate", "certificate_number", "certified_on"])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let examined = || Filter::all().and("state", Op::Not, "待录入");
        let middle = || examined().and("level", Op::Is, "4");
        let certified = || Filter::state("已发证");
        vec![
            indicator(
                "skill_pass_middle",
                "中级工通过率",
                "四级（中级工）合格人次 ÷ 四级（中级工）已出成绩人次",
                "%",
                Measure::Share {
                    of: middle().and("passed", Op::Is, true),
                    among: middle(),
                },
            )
            .also(&[
                "技能等级认定（中级）通过率",
                "中级工合格率",
                "中级工考工通过率",
                "中级技能等级认定通过率",
            ]),
            indicator(
                "skill_pass",
                "技能等级认定通过率",
                "合格人次 ÷ 已出成绩人次",
                "%",
                Measure::Share {
                    of: examined().and("passed", Op::Is, true),
                    among: examined(),
                },
            )
            .also(&["技能鉴定通过率", "考工通过率", "技能等级证书通过率"]),
            indicator(
                "skill_certificates",
                "技能等级证书获取人数",
                "已发证的不同学生",
                "人",
                Measure::CountDistinct {
                    of: certified(),
                    field: "student".into(),
                },
            )
            .also(&["获得职业技能等级证书人数", "考证人数"]),
            indicator(
                "skill_certificate_rate",
                "技能等级证书获取率",
                "已发证的在校生 ÷ 在校生",
                "%",
                Measure::Coverage {
                    of: certified(),
                    field: "student".into(),
                    all: Student::at_school(),
                },
            )
            .also(&["职业技能等级证书获取率", "持证率"]),
            indicator(
                "skill_exams",
                "技能鉴定人次",
                "已出成绩的认定记录条数",
                "人次",
                Measure::Count { of: examined() },
            )
            .also(&["技能鉴定", "技能等级认定人次", "鉴定人次"]),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            list_form(
                "attendance",
                "技能等级认定考生签到表",
                &["student", "occupation", "level", "exam_on"],
                &["理论签名", "技能签名"],
            )
            .by("occupation"),
            list_form(
                "scores",
                "技能等级认定成绩登记表",
                &["student", "level", "theory", "practice", "review", "passed"],
                &["备注"],
            )
            .by("occupation"),
            list_form(
                "certificates",
                "职业技能等级证书领取表",
                &["student", "certificate", "certificate_number", "certified_on"],
                &["领取人签名", "领取日期"],
            )
            .by("occupation"),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(TRAINING_OFFICE, Reach::School),
            may_write(TEACHING_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_read(CLASS_TEACHER, Reach::Unit),
            may_read(TEACHER, Reach::Unit),
            may_read(STUDENT_OFFICE, Reach::School),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let outside = |score: Option<Decimal<1>>| score.is_some_and(|s| s < Decimal(0) || s > FULL);
        let scored = self.theory.is_some() || self.practice.is_some();
        let certified = filled(self.certificate_number.as_deref());
        let passes = self.passes();
        let verdict = match (passes, self.passed) {
            (Some(true), Some(false)) => "理论和技能成绩均不低于60分，应为合格",
            (Some(false), Some(true)) => "有一项低于60分，或缺考、舞弊，应为不合格",
            (None, Some(_)) => "成绩还没有录全，不能下合格结论",
            (Some(_), None) if self.exam_on <= ctx.today => "成绩已录全，请填写是否合格",
            _ => "",
        };
        Checks::new()
            .refuse(outside(self.theory), "theory", "成绩应在0至100分之间")
            .refuse(outside(self.practice), "practice", "成绩应在0至100分之间")
            .refuse(outside(self.review), "review", "成绩应在0至100分之间")
            .refuse(
                self.review.is_some() && !self.is_technician(),
                "review",
                "只有技师和高级技师有综合评审成绩",
            )
            .refuse(
                scored && self.exam_on > ctx.today,
                "exam_on",
                "考试日期还没有到，不能录入成绩",
            )
            .refuse(!verdict.is_empty(), "passed", verdict)
            .refuse(
                certified && self.passed != Some(true),
                "certificate_number",
                "合格后才能登记证书",
            )
            .refuse(
                certified && !filled(self.certificate.as_deref()),
                "certificate",
                "填写了证书编号，请填写证书名称",
            )
            .in_order(
                self.exam_on,
                self.certified_on,
                "certified_on",
                "发证日期不能早于考试日期",
            )
            .not_after_today(self.certified_on, ctx.today, "certified_on")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn sample() -> SkillResult {
        SkillResult {
            batch: "2026年上半年".into(),
            student: Ref::new(Uuid::nil()),
            occupation: "电工".into(),
            level: Code("4".into()),
            organisation: "市职业技能鉴定中心".into(),
            exam_on: test_day(),
            theory: Some(Decimal(725)),
            practice: Some(Decimal(600)),
            review: None,
            irregular: None,
            passed: Some(true),
            certificate: None,
            certificate_number: None,
            certificate_level: None,
            certified_on: None,
            electronic: true,
            downloads: None,
        }
    }

    fn candidate() -> SkillResult {
        SkillResult {
            theory: None,
            practice: None,
            passed: None,
            ..sample()
        }
    }

    #[test]
    fn the_verdict_follows_from_the_scores() {
        assert!(refused(&sample()).is_empty());
        assert!(refused(&candidate()).is_empty());
        assert_eq!(
            refused(&SkillResult {
                passed: Some(false),
                ..sample()
            }),
            ["passed"]
        );
        assert_eq!(
            refused(&SkillResult {
                passed: None,
                ..sample()
            }),
            ["passed"]
        );
        assert_eq!(
            refused(&SkillResult {
                practice: Some(Decimal(599)),
                ..sample()
            }),
            ["passed"]
        );
        let failed = SkillResult {
            theory: Some(Decimal(599)),
            passed: Some(false),
            ..sample()
        };
        assert!(refused(&failed).is_empty());
        assert_eq!(
            refused(&SkillResult {
                passed: Some(true),
                ..candidate()
            }),
            ["passed"]
        );
        assert_eq!(
            refused(&SkillResult {
                irregular: Some(Code("1".into())),
                ..sample()
            }),
            ["passed"]
        );
        let absent = SkillResult {
            irregular: Some(Code("1".into())),
            passed: Some(false),
            ..candidate()
        };
        assert!(refused(&absent).is_empty());
    }

    #[test]
    fn a_technician_is_reviewed() {
        let technician = SkillResult {
            level: Code("2".into()),
            ..sample()
        };
        assert_eq!(refused(&technician), ["passed"]);
        assert!(
            refused(&SkillResult {
                review: Some(Decimal(650)),
                ..technician
            })
            .is_empty()
        );
        assert_eq!(
            refused(&SkillResult {
                review: Some(Decimal(650)),
                ..sample()
            }),
            ["review"]
        );
    }

    #[test]
    fn scores_lie_within_the_scale_and_after_the_exam() {
        assert_eq!(
            refused(&SkillResult {
                theory: Some(Decimal(1001)),
                ..sample()
            }),
            ["theory"]
        );
        assert_eq!(
            refused(&SkillResult {
                practice: Some(Decimal(-1)),
                passed: Some(false),
                ..sample()
            }),
            ["practice"]
        );
        let tomorrow = test_day().succ_opt().expect("a day");
        assert_eq!(
            refused(&SkillResult {
                exam_on: tomorrow,
                ..sample()
            }),
            ["exam_on"]
        );
        assert!(
            refused(&SkillResult {
                exam_on: tomorrow,
                ..candidate()
            })
            .is_empty()
        );
    }

    #[test]
    fn only_a_pass_is_certified() {
        let certified = SkillResult {
            certificate: Some("电工四级/中级工".into()),
            certificate_number: Some("S000037000001264000001".into()),
            certified_on: Some(test_day()),
            ..sample()
        };
        assert!(refused(&certified).is_empty());
        assert_eq!(
            refused(&SkillResult {
                certificate: None,
                ..certified.clone()
            }),
            ["certificate"]
        );
        let early = test_day().pred_opt();
        assert_eq!(
            refused(&SkillResult {
                certified_on: early,
                ..certified.clone()
            }),
            ["certified_on"]
        );
        let failed = SkillResult {
            theory: Some(Decimal(0)),
            passed: Some(false),
            ..certified
        };
        assert_eq!(refused(&failed), ["certificate_number"]);
    }

    #[test]
    fn whoever_enters_does_not_verify() {
        let flow = SkillResult::flow();
        assert_eq!(
            flow.find("verify").expect("a step").who,
            [Who::Role(TEACHING_OFFICE)]
        );
        assert!(
            !flow
                .find("enter")
                .expect("a step")
                .who
                .contains(&Who::Role(TEACHING_OFFICE))
        );
    }
}
