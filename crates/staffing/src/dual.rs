use crate::who::self_filed;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Decimal, Files, LongText, Ref};
use kernel::register::flow::{Flow, Stage, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, certificate, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::Checks;
use people::roles::{DEPARTMENT_HEAD, PERSONNEL, VICE_PRINCIPAL};

choice!(
    /// 申报级别
    DualLevel {
        Junior = "junior" "初级双师型",
        Middle = "middle" "中级双师型",
        Senior = "senior" "高级双师型",
    }
);

/// Months of practice in five years (教师〔2016〕3号 第四条).
const PRACTICE_MONTHS: i64 = 6;

/// 双师型教师认定：本人申报，系部推荐，人事处审查，评审后公示、发文。认定结果由人事处记入教职工台账。
#[derive(Clone, Debug, Register)]
#[register(
    id = "dual_recognition",
    title = "双师型教师认定",
    group = "staff",
    systems = "E1",
    label = "teacher, level",
    date = "applied_on",
    within = "teacher",
    owner = "teacher"
)]
pub struct DualRecognition {
    #[field(label = "申报人", list)]
    pub teacher: Ref<Staff>,
    #[field(label = "申报日期", list, filter)]
    pub applied_on: NaiveDate,
    #[field(label = "申报级别", list, filter)]
    pub level: DualLevel,
    #[field(label = "申报专业", list, max = 34)]
    pub major: String,
    #[field(label = "教师职称", max = 30)]
    pub title: String,
    #[field(label = "技能等级或资格", max = 60, help = "职业技能等级、执业资格或行业职称")]
    pub qualification: String,
    #[field(label = "企业实践月数", max = 60, help = "近五年累计")]
    pub practice_months: i64,
    #[field(label = "师德考核合格", help = "近三年师德考核均在合格以上")]
    pub ethics: bool,
    #[field(label = "主要业绩", max = 1000, help = "教学、竞赛、技术服务、技能成果")]
    pub achievements: LongText,
    #[field(label = "佐证材料")]
    pub evidence: Files,
    #[field(label = "评审得分")]
    pub score: Option<Decimal<1>>,
    #[field(label = "公示开始")]
    pub notice_from: Option<NaiveDate>,
    #[field(label = "公示结束", list)]
    pub notice_until: Option<NaiveDate>,
    #[field(label = "认定日期", list)]
    pub recognised_on: Option<NaiveDate>,
    #[field(label = "认定文号", max = 40)]
    pub number: Option<String>,
    #[field(label = "有效期至", filter, help = "按省定标准，到期复核")]
    pub valid_until: Option<NaiveDate>,
}

impl Rules for DualRecognition {
    fn flow() -> Flow {
        let personnel = || Who::Role(PERSONNEL);
        Flow::approvals(
            &[
                Stage::by("department", "系部", &[Who::Role(DEPARTMENT_HEAD), personnel()]),
                Stage::by("personnel", "人事处", &[personnel()]).days(5),
                Stage::by(
                    "committee",
                    "评审委员会",
                    &[Who::Role(VICE_PRINCIPAL), personnel()],
                )
                .days(10)
                .needs(&["score", "notice_from", "notice_until"]),
            ],
            "公示中",
        )
        .still_open("公示中")
        .done("已认定")
        .dropped("已撤销")
        .step("recognise", "发文认定", &["公示中"], "已认定", &[personnel()])
        .needs(&["recognised_on", "number", "valid_until"])
        .signed("认定意见")
        .step("object", "异议复核", &["公示中"], "待人事处审批", &[personnel()])
        .with_note()
        .step("revoke", "撤销认定", &["已认定"], "已撤销", &[personnel()])
        .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let recognised = || Filter::state("已认定");
        vec![
            indicator(
                "dual_recognition_count",
                "双师型认定人数",
                "已认定的双师型教师申报",
                "人",
                Measure::Count { of: recognised() },
            )
            .by("recognised_on")
            .also(&["新认定双师型教师", "双师型教师认定数"]),
            indicator(
                "dual_recognition_high",
                "中高级双师型占比",
                "认定为中级、高级的 ÷ 已认定的申报",
                "%",
                Measure::Share {
                    of: recognised().and("level", Op::Not, "junior"),
                    among: recognised(),
                },
            )
            .by("recognised_on"),
            indicator(
                "dual_recognition_passed",
                "双师型认定通过率",
                "已认定的申报 ÷ 全部申报",
                "%",
                Measure::Share {
                    of: recognised(),
                    among: Filter::all(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        self_filed(&[PERSONNEL])
    }

    fn service() -> Option<Service> {
        Some(service(
            "双师型教师认定",
            "人事处",
            "专业课和实习指导教师申报；系部推荐、人事处审查、评审公示后发文，约一个月",
        ))
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("application", "双师型教师认定申报表")
                .fields(&[
                    "teacher",
                    "level",
                    "major",
                    "title",
                    "qualification",
                    "practice_months",
                    "achievements",
                    "score",
                ])
                .heading("评审意见")
                .approvals()
                .signatures(&["申报人", "学校（盖章）"]),
            certificate(
                "certificate",
                "双师型教师证书",
                "{teacher} 老师：经评审，认定为 {level} 教师（{major}）。文号：{number}。有效期至 {valid_until}。",
            )
            .in_states(&["已认定"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.applied_on, ctx.today, "applied_on")
            // 教师厅〔2022〕2号: 师德第一标准.
            .refuse(!self.ethics, "ethics", "师德考核不合格的不能申报双师型教师")
            .refuse(
                self.score.is_some_and(|score| !(0..=1000).contains(&score.0)),
                "score",
                "评审得分应在0至100之间",
            )
            .notice(
                self.applied_on,
                "申报日期",
                [self.notice_from, self.notice_until],
                ["notice_from", "notice_until"],
            )
            .refuse(
                matches!((self.notice_until, self.recognised_on), (Some(until), Some(on)) if on <= until),
                "recognised_on",
                "公示期满后才能认定",
            )
            .not_after_today(self.recognised_on, ctx.today, "recognised_on")
            .in_order(
                self.recognised_on,
                self.valid_until,
                "valid_until",
                "有效期不能早于认定日期",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .short_notice([self.notice_from, self.notice_until], "notice_until")
            .refuse(
                self.practice_months < PRACTICE_MONTHS,
                "practice_months",
                "近五年企业实践累计不足6个月（教师〔2016〕3号），请核对省定标准",
            )
            .refuse(
                self.valid_until.is_some_and(|until| until < ctx.today),
                "valid_until",
                "认定已过有效期，请组织复核",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Days;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> DualRecognition {
        DualRecognition {
            teacher: Ref::new(Uuid::nil()),
            applied_on: test_day() - Days::new(30),
            level: DualLevel::Middle,
            major: "机电技术应用".into(),
            title: "讲师".into(),
            qualification: "电工技师".into(),
            practice_months: 8,
            ethics: true,
            achievements: LongText("指导学生获市赛二等奖".into()),
            evidence: Files::default(),
            score: Some(Decimal(860)),
            notice_from: Some(test_day() - Days::new(10)),
            notice_until: Some(test_day() - Days::new(6)),
            recognised_on: Some(test_day() - Days::new(5)),
            number: None,
            valid_until: None,
        }
    }

    #[test]
    fn ethics_come_first() {
        assert!(refused(&sample()).is_empty());
        assert_eq!(
            refused(&DualRecognition {
                ethics: false,
                ..sample()
            }),
            ["ethics"]
        );
    }

    #[test]
    fn recognition_follows_the_public_notice() {
        let during = DualRecognition {
            recognised_on: sample().notice_until,
            ..sample()
        };
        assert_eq!(refused(&during), ["recognised_on"]);
        let early = DualRecognition {
            notice_from: Some(test_day() - Days::new(31)),
            ..sample()
        };
        assert_eq!(refused(&early), ["notice_from"]);
        let short = DualRecognition {
            notice_from: sample().notice_until,
            ..sample()
        };
        assert_eq!(doubted(&short), ["notice_until"]);
        let over = DualRecognition {
            score: Some(Decimal(1001)),
            ..sample()
        };
        assert_eq!(refused(&over), ["score"]);
    }
}
