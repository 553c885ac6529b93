use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Ref};
use kernel::register::flow::{Flow, Guard, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, said};
use people::roles::{CLASS_TEACHER, COUNSELLOR, DORM_KEEPER, STUDENT_OFFICE, TEACHER};
use people::{Staff, Student};

choice!(
    /// 发现途径
    CrisisSource {
        ClassTeacher = "class_teacher" "班主任报告",
        Counselling = "counselling" "心理咨询中发现",
        Screening = "screening" "心理测评筛查",
        Teacher = "teacher" "任课教师报告",
        Dormitory = "dormitory" "宿舍管理员报告",
        Peer = "peer" "同学或心理委员报告",
        Parent = "parent" "家长反映",
    }
);

choice!(
    /// 预警等级; the codes sort from high to low.
    CrisisLevel {
        Red = "1" "一级（红色）",
        Orange = "2" "二级（橙色）",
        Yellow = "3" "三级（黄色）",
    }
);

choice!(
    /// 转介去向
    Referral {
        Hospital = "hospital" "精神专科医院",
        Clinic = "clinic" "综合医院心理科",
        City = "city" "市县未成年人心健中心",
        Home = "home" "监护人接回照护",
    }
);

/// 心理危机预警与转介：教职工发现后报告，心理教师评估定级、干预、转介和解除。不向校长、督导开放名单；内容密封、查看留痕。
#[derive(Clone, Debug, Register)]
#[register(
    id = "psych_crisis",
    title = "心理危机预警",
    group = "student",
    systems = "D7",
    label = "student, found_on",
    date = "found_on",
    due = "review_on",
    within = "student",
    owner = "reporter"
)]
pub struct Crisis {
    #[field(label = "学生", list)]
    pub student: Ref<Student>,
    #[field(label = "发现日期", list, filter)]
    pub found_on: NaiveDate,
    #[field(label = "发现途径", filter)]
    pub source: CrisisSource,
    #[field(label = "报告人", list)]
    pub reporter: Ref<Staff>,
    #[field(label = "异常表现", sealed, max = 1000, help = "写看到、听到的事实，不作诊断")]
    pub signs: LongText,
    #[field(label = "当即措施", sealed, max = 500, help = "陪护、收走危险物品、送医等")]
    pub first_step: Option<LongText>,
    #[field(label = "告知监护人日期")]
    pub guardian_told_on: Option<NaiveDate>,
    #[field(label = "预警等级", list, filter)]
    pub level: Option<CrisisLevel>,
    #[field(label = "评估情况", sealed, max = 1000)]
    pub assessment: Option<LongText>,
    #[field(label = "干预方案", sealed, max = 1000)]
    pub plan: Option<LongText>,
    #[field(label = "下次评估日期", list)]
    pub review_on: Option<NaiveDate>,
    #[field(label = "转介去向", filter)]
    pub referral: Option<Referral>,
    #[field(label = "转介日期")]
    pub referred_on: Option<NaiveDate>,
    #[field(label = "诊断与复学材料", sealed)]
    pub papers: Files,
    #[field(label = "解除日期")]
    pub closed_on: Option<NaiveDate>,
    #[field(label = "解除依据", sealed, max = 500)]
    pub outcome: Option<LongText>,
}

impl Rules for Crisis {
    fn flow() -> Flow {
        let counsellor = [Who::Role(COUNSELLOR)];
        Flow::starts("待评估")
            .open("干预中")
            .open("已转介")
            .done("已解除")
            .dropped("未达预警")
            .step("assess", "评估定级", &["待评估"], "干预中", &counsellor)
            .needs(&["level", "assessment", "plan", "review_on"])
            .within_days(1)
            .signed("心理教师")
            .step("ordinary", "未达预警", &["待评估"], "未达预警", &counsellor)
            .needs(&["assessment"])
            .step("review", "复评", &["干预中"], "干预中", &counsellor)
            .needs(&["level", "assessment", "review_on"])
            .step("refer", "转介", &["待评估", "干预中"], "已转介", &counsellor)
            .needs(&["referral", "referred_on", "guardian_told_on"])
            .signed("转介意见")
            .step("return", "返校跟进", &["已转介"], "干预中", &counsellor)
            .needs(&["plan", "review_on"])
            .with_note()
            .step("close", "解除预警", &["干预中"], "已解除", &counsellor)
            .needs(&["closed_on", "outcome"])
            .when(Guard::not("level", "1"))
            .signed("解除意见")
            .editable(&["待评估"])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "psych_crisis_assessed",
                "心理危机预警评估率",
                "已评估（不再是待评估）的预警 ÷ 登记的预警",
                "%",
                Measure::Share {
                    of: Filter::all().and("state", kernel::register::indicator::Op::Not, "待评估"),
                    among: Filter::all(),
                },
            )
            .also(&["心理危机干预率", "心理预警处置率"]),
            indicator(
                "psych_crisis_open",
                "心理危机在管人数",
                "正在干预的学生",
                "人",
                Measure::CountDistinct {
                    of: Filter::state("干预中"),
                    field: "student".into(),
                },
            )
            .standing(),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(COUNSELLOR, Reach::School),
            may_write(CLASS_TEACHER, Reach::Own),
            may_write(TEACHER, Reach::Own),
            may_write(DORM_KEEPER, Reach::Own),
            may_read(STUDENT_OFFICE, Reach::School),
        ]
    }

    fn private() -> bool {
        true
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("referral", "心理危机转介告知书")
                .text("{student} 同学的监护人：")
                .text("学校在关爱学生心理健康的工作中注意到孩子近期的状态需要专业医疗机构的评估和帮助。为保护孩子的健康和安全，现建议尽快陪同孩子前往{referral}就诊，并在就诊期间做好陪护。")
                .fields(&["referral", "referred_on", "reporter"])
                .text("孩子恢复后，请凭医疗机构的诊断或康复证明与学校联系返校评估事宜。")
                .signatures(&["监护人", "班主任", "心理教师"])
                .in_states(&["已转介"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        // 精神卫生法第二十三条、第二十七条: the school assesses and helps, the diagnosis is the hospital's.
        let red = self.level == Some(CrisisLevel::Red);
        Checks::new()
            .not_after_today(self.found_on, ctx.today, "found_on")
            .in_order(
                self.found_on,
                self.guardian_told_on,
                "guardian_told_on",
                "告知监护人日期不能早于发现日期",
            )
            .not_after_today(self.guardian_told_on, ctx.today, "guardian_told_on")
            .refuse(
                self.level.is_some() && !said(&self.assessment),
                "assessment",
                "定级须写明评估情况",
            )
            .refuse(
                red && self.guardian_told_on.is_none(),
                "guardian_told_on",
                "一级预警须立即告知监护人，请填写日期",
            )
            .in_order(
                self.found_on,
                self.review_on,
                "review_on",
                "下次评估日期不能早于发现日期",
            )
            .in_order(
                self.found_on,
                self.referred_on,
                "referred_on",
                "转介日期不能早于发现日期",
            )
            .not_after_today(self.referred_on, ctx.today, "referred_on")
            .refuse(
                self.referred_on.is_some() && self.guardian_told_on.is_none(),
                "guardian_told_on",
                "转介须告知监护人",
            )
            .in_order(
                self.found_on,
                self.closed_on,
                "closed_on",
                "解除日期不能早于发现日期",
            )
            .not_after_today(self.closed_on, ctx.today, "closed_on")
            .refuse(
                self.closed_on.is_some() && !said(&self.outcome),
                "outcome",
                "解除预警须写明依据",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let waiting = self.level.is_none() && self.closed_on.is_none() && self.referred_on.is_none();
        let overdue = self.closed_on.is_none() && self.review_on.is_some_and(|day| day < ctx.today);
        Checks::new()
            .refuse(
                waiting && !said(&self.assessment) && self.found_on < ctx.today,
                "level",
                "报告后应在一日内评估定级",
            )
            .refuse(overdue, "review_on", "约定的评估日期已过")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{day, some, text};
    use people::sound::{doubted, refused};

    fn sample() -> Crisis {
        Crisis {
            student: some(),
            found_on: day(-2),
            source: CrisisSource::ClassTeacher,
            reporter: some(),
            signs: LongText("连续三天不与人说话，作业本上有告别的话".into()),
            first_step: None,
            guardian_told_on: None,
            level: None,
            assessment: None,
            plan: None,
            review_on: None,
            referral: None,
            referred_on: None,
            papers: Files::default(),
            closed_on: None,
            outcome: None,
        }
    }

    #[test]
    fn a_red_alert_and_a_referral_reach_the_guardian() {
        assert!(refused(&sample()).is_empty());
        let red = Crisis {
            level: Some(CrisisLevel::Red),
            assessment: text("风险高"),
            ..sample()
        };
        assert_eq!(refused(&red), ["guardian_told_on"]);
        assert_eq!(
            refused(&Crisis {
                referred_on: Some(day(-1)),
                ..sample()
            }),
            ["guardian_told_on"]
        );
        let vague = Crisis {
            level: Some(CrisisLevel::Yellow),
            ..sample()
        };
        assert_eq!(refused(&vague), ["assessment"]);
        assert_eq!(
            refused(&Crisis {
                closed_on: Some(day(0)),
                ..sample()
            }),
            ["outcome"]
        );
    }

    #[test]
    fn a_report_left_lying_is_called_for() {
        assert_eq!(doubted(&sample()), ["level"]);
        assert!(
            doubted(&Crisis {
                found_on: day(0),
                ..sample()
            })
            .is_empty()
        );
        let late = Crisis {
            level: Some(CrisisLevel::Yellow),
            review_on: Some(day(-1)),
            ..sample()
        };
        assert_eq!(doubted(&late), ["review_on"]);
    }

    #[test]
    fn a_reporter_does_not_assess() {
        let flow = Crisis::flow();
        assert!(flow.steps.iter().all(|step| step.who == [Who::Role(COUNSELLOR)]));
        assert!(Crisis::private());
    }
}
