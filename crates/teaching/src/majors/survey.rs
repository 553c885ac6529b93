use crate::Major;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{DutySpec, Every, Filter, IndicatorSpec, Measure, duty, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::Checks;
use people::roles::{COOPERATION_OFFICE, DEPARTMENT_HEAD, RESEARCH_LEAD, TEACHER, TEACHING_OFFICE};

choice!(
    /// 调研方式
    SurveyKind {
        Enterprise = "enterprise" "企业走访",
        Trade = "trade" "行业协会座谈",
        Graduates = "graduates" "毕业生跟踪",
        Labour = "labour" "人才市场与招聘信息",
        Schools = "schools" "同类学校考察",
        Form = "form" "问卷调查",
    }
);

/// 专业调研：专业带头人和专业教师对行业企业、毕业生和人才市场的需求调研，系部审核后作为修订培养方案和申报专业的依据。
#[derive(Clone, Debug, Register)]
#[register(
    id = "major_survey",
    title = "专业调研",
    group = "teaching",
    systems = "B1, H4",
    label = "major, object, surveyed_on",
    date = "surveyed_on",
    within = "major",
    owner = "leader"
)]
pub struct MajorSurvey {
    #[field(label = "专业", list, filter)]
    pub major: Ref<Major>,
    #[field(label = "调研日期", list, filter)]
    pub surveyed_on: NaiveDate,
    #[field(label = "调研方式", list, filter)]
    pub kind: SurveyKind,
    #[field(label = "调研对象", list, max = 100, help = "单位或人群名称")]
    pub object: String,
    #[field(
        label = "调研单位数",
        max = 1000,
        help = "走访或答卷的企业、机构个数，没有填0"
    )]
    pub employers: i64,
    #[field(label = "访谈答卷人数", max = 20000)]
    pub persons: i64,
    #[field(label = "负责人", list)]
    pub leader: Ref<Staff>,
    #[field(label = "参加人员", max = 200)]
    pub members: Option<String>,
    #[field(label = "需求岗位", max = 500)]
    pub posts: LongText,
    #[field(label = "年需求人数", max = 100_000, help = "调研对象每年可吸纳的毕业生")]
    pub demand: Option<i64>,
    #[field(label = "能力与素质要求", max = 1000)]
    pub skills: LongText,
    #[field(label = "新技术新工艺", max = 500)]
    pub trends: Option<LongText>,
    #[field(label = "对专业的建议", max = 1000)]
    pub advice: LongText,
    #[field(label = "采用去向", max = 500, help = "写进了哪一份培养方案、哪门课程标准")]
    pub used: Option<LongText>,
    #[field(label = "调研报告", help = "可不传")]
    pub files: Files,
}

impl Rules for MajorSurvey {
    fn flow() -> Flow {
        let reviewers = [Who::Role(DEPARTMENT_HEAD), Who::Role(TEACHING_OFFICE)];
        Flow::starts("待审核")
            .open("已退回")
            .done("已审核")
            .done("已采用")
            .step("accept", "审核通过", &["待审核"], "已审核", &reviewers)
            .within_days(7)
            .signed("系部意见")
            .step("return", "退回补充", &["待审核"], "已退回", &reviewers)
            .with_note()
            .step(
                "resubmit",
                "重新提交",
                &["已退回"],
                "待审核",
                &[Who::Field("leader".into()), Who::Creator],
            )
            .step(
                "use",
                "登记采用",
                &["已审核"],
                "已采用",
                &[
                    Who::Field("leader".into()),
                    Who::Role(DEPARTMENT_HEAD),
                    Who::Role(TEACHING_OFFICE),
                ],
            )
            .needs(&["used"])
    }

    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "major_survey_yearly",
                "专业人才需求调研",
                1,
                Every::Year,
                Major::each_enrolling(),
                Filter::all(),
            )
            .also(&["专业调研", "行业企业调研", "人才需求调研"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "major_survey_coverage",
                "专业调研覆盖率",
                "开展过调研的招生专业 ÷ 招生专业",
                "%",
                Measure::Coverage {
                    of: Filter::all(),
                    field: "major".into(),
                    all: Major::enrolling(),
                },
            )
            .also(&["人才需求调研覆盖率"]),
            indicator(
                "major_survey_employers",
                "专业调研企业数",
                "调研单位数合计",
                "家",
                Measure::Sum {
                    of: Filter::all(),
                    field: "employers".into(),
                },
            )
            .also(&["调研企业家数", "走访企业数"]),
            indicator(
                "major_survey_used",
                "调研成果采用率",
                "已采用的调研 ÷ 全部调研",
                "%",
                Measure::Share {
                    of: Filter::state("已采用"),
                    among: Filter::all(),
                },
            ),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("survey", "专业调研记录表")
                .fields(&[
                    "major",
                    "surveyed_on",
                    "kind",
                    "object",
                    "employers",
                    "persons",
                    "leader",
                    "members",
                    "posts",
                    "demand",
                    "skills",
                    "trends",
                    "advice",
                    "used",
                ])
                .approvals()
                .signatures(&["调研负责人", "调研对象（签字或盖章）"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(TEACHING_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(RESEARCH_LEAD, Reach::Own),
            may_write(TEACHER, Reach::Own),
            may_read(TEACHER, Reach::School),
            may_read(COOPERATION_OFFICE, Reach::School),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let visit = matches!(self.kind, SurveyKind::Enterprise | SurveyKind::Trade);
        Checks::new()
            .not_after_today(self.surveyed_on, ctx.today, "surveyed_on")
            .refuse(
                visit && self.employers == 0,
                "employers",
                "走访企业或行业协会，调研单位数应大于0",
            )
            .refuse(
                !visit && self.employers == 0 && self.persons == 0,
                "persons",
                "调研单位数和访谈答卷人数不能都为0",
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
    fn somebody_was_asked_and_the_day_has_come() {
        let sample = MajorSurvey {
            major: Ref::new(Uuid::nil()),
            surveyed_on: test_day(),
            kind: SurveyKind::Enterprise,
            object: "开发区五家装备企业".into(),
            employers: 5,
            persons: 0,
            leader: Ref::new(Uuid::nil()),
            members: None,
            posts: LongText("设备装调工".into()),
            demand: None,
            skills: LongText("能读电气图".into()),
            trends: None,
            advice: LongText("增加伺服调试".into()),
            used: None,
            files: Files::default(),
        };
        assert!(refused(&sample).is_empty());
        let none = MajorSurvey {
            employers: 0,
            ..sample.clone()
        };
        assert_eq!(refused(&none), ["employers"]);
        let form = MajorSurvey {
            kind: SurveyKind::Form,
            ..none
        };
        assert_eq!(refused(&form), ["persons"]);
        assert!(refused(&MajorSurvey { persons: 80, ..form }).is_empty());
        let tomorrow = test_day().succ_opt().expect("a day");
        let early = MajorSurvey {
            surveyed_on: tomorrow,
            ..sample
        };
        assert_eq!(refused(&early), ["surveyed_on"]);
    }
}
