use crate::Enterprise;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{LongText, Money, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Unit;
use people::checks::Checks;
use people::roles::{
    CLASS_TEACHER, COOPERATION_OFFICE, DEPARTMENT_HEAD, ENROLMENT_OFFICE, TEACHER, TEACHING_OFFICE,
};

choice!(
    /// 需求类别
    DemandKind {
        Job = "job" "招聘就业",
        Internship = "internship" "岗位实习",
        Apprentice = "apprentice" "学徒培养",
        Part = "part" "工学交替",
    }
);

/// 企业用人需求：企业发布的招聘、实习和学徒岗位，供推荐学生，也是分析本地产业人才需求的依据。由校企合作处审核发布。
#[derive(Clone, Debug, Register)]
#[register(
    id = "talent_demand",
    title = "企业用人需求",
    group = "partners",
    systems = "H4, D13",
    label = "post, enterprise",
    date = "received_on",
    due = "valid_until",
    within = "department"
)]
pub struct TalentDemand {
    #[field(label = "企业", list)]
    pub enterprise: Ref<Enterprise>,
    #[field(label = "需求类别", list, filter)]
    pub kind: DemandKind,
    #[field(label = "岗位名称", list, max = 40)]
    pub post: String,
    #[field(label = "面向系部", list, filter)]
    pub department: Ref<Unit>,
    #[field(label = "面向专业", list, filter, max = 60)]
    pub majors: String,
    #[field(label = "需求人数", list, max = 5000)]
    pub wanted: i64,
    #[field(label = "最低月薪（元）", list)]
    pub wage_from: Money,
    #[field(label = "最高月薪（元）")]
    pub wage_to: Money,
    #[field(label = "工作地点", max = 60)]
    pub place: String,
    #[field(
        label = "技能要求",
        max = 300,
        help = "证书、技能、素养要求，分析专业设置时用"
    )]
    pub skills: LongText,
    #[field(label = "食宿与福利", max = 200)]
    pub benefits: Option<LongText>,
    #[field(label = "收到日期", filter)]
    pub received_on: NaiveDate,
    #[field(label = "有效期至", list)]
    pub valid_until: NaiveDate,
    #[field(label = "推荐人数", max = 5000)]
    pub recommended: Option<i64>,
    #[field(label = "录用人数", list, max = 5000)]
    pub hired: Option<i64>,
}

impl Rules for TalentDemand {
    fn flow() -> Flow {
        let office = [Who::Role(COOPERATION_OFFICE), Who::Role(ENROLMENT_OFFICE)];
        Flow::starts("待审核")
            .open("已发布")
            .done("已结束")
            .dropped("不予发布")
            .step("publish", "审核发布", &["待审核"], "已发布", &office)
            .within_days(3)
            .step("refuse", "不予发布", &["待审核"], "不予发布", &office)
            .with_note()
            .step("close", "登记结果", &["已发布"], "已结束", &office)
            .needs(&["recommended", "hired"])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let sum = |field: &str| Measure::Sum {
            of: Filter::all(),
            field: field.into(),
        };
        vec![
            indicator(
                "talent_demand_posts",
                "企业提供岗位数",
                "需求人数合计",
                "个",
                sum("wanted"),
            )
            .also(&["提供就业岗位", "对口实习岗位数"]),
            indicator(
                "talent_demand_enterprises",
                "用人需求企业数",
                "发布需求的不同企业",
                "家",
                Measure::CountDistinct {
                    of: Filter::all(),
                    field: "enterprise".into(),
                },
            ),
            indicator(
                "talent_demand_hired",
                "推荐录用人数",
                "录用人数合计",
                "人",
                sum("hired"),
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(COOPERATION_OFFICE, Reach::School),
            may_write(ENROLMENT_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_read(CLASS_TEACHER, Reach::School),
            may_read(TEACHER, Reach::School),
            may_read(TEACHING_OFFICE, Reach::School),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            list_form(
                "posts",
                "企业岗位信息一览表",
                &[
                    "enterprise",
                    "post",
                    "majors",
                    "wanted",
                    "wage_from",
                    "wage_to",
                    "place",
                ],
                &["报名学生"],
            )
            .by("department"),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(self.wanted == 0, "wanted", "需求人数应大于0")
            .refuse(self.wage_from.0 < 0, "wage_from", "月薪不能为负数")
            .refuse(
                self.wage_to.0 < self.wage_from.0,
                "wage_to",
                "最高月薪不能低于最低月薪",
            )
            .not_after_today(self.received_on, ctx.today, "received_on")
            .in_order(
                self.received_on,
                self.valid_until,
                "valid_until",
                "有效期不能早于收到日期",
            )
            .refuse(
                matches!((self.hired, self.recommended), (Some(hired), Some(sent)) if hired > sent),
                "hired",
                "录用人数不能多于推荐人数",
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
    fn wages_days_and_numbers_agree() {
        let sample = TalentDemand {
            enterprise: Ref::new(Uuid::nil()),
            kind: DemandKind::Job,
            post: "装配钳工".into(),
            department: Ref::new(Uuid::nil()),
            majors: "机电技术应用".into(),
            wanted: 12,
            wage_from: Money(420_000),
            wage_to: Money(600_000),
            place: "清岚市".into(),
            skills: LongText("会看装配图，有钳工中级证书优先".into()),
            benefits: None,
            received_on: test_day(),
            valid_until: test_day(),
            recommended: Some(10),
            hired: Some(7),
        };
        assert!(refused(&sample).is_empty());
        let wrong = |change: fn(&mut TalentDemand)| {
            let mut record = sample.clone();
            change(&mut record);
            refused(&record)
        };
        assert_eq!(wrong(|r| r.wage_to = Money(1)), ["wage_to"]);
        assert_eq!(wrong(|r| r.hired = Some(11)), ["hired"]);
        assert_eq!(
            wrong(|r| r.valid_until = test_day().pred_opt().expect("a day")),
            ["valid_until"]
        );
    }
}
