use crate::Contest;
use chrono::NaiveDate;
use kernel::error::Violation;
use kernel::register::field::{Code, Files, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, certificate, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{
    CLASS_TEACHER, DEPARTMENT_HEAD, OFFICE, STUDENT_OFFICE, TEACHER, TEACHING_OFFICE, TRAINING_OFFICE,
};
use people::{Staff, Student};

/// 竞赛获奖：学生在各级技能大赛和其他竞赛中的获奖。指导教师登记，教务处凭证书认定后计入统计。
#[derive(Clone, Debug, Register)]
#[register(
    id = "contest_award",
    title = "竞赛获奖",
    group = "assessment",
    systems = "B15",
    label = "event, item, grade",
    unique = "student, event, item, awarded_on",
    date = "awarded_on",
    within = "student",
    owner = "coach"
)]
pub struct ContestAward {
    #[field(label = "赛事名称", list, max = 100)]
    pub event: String,
    #[field(label = "赛项", list, max = 60)]
    pub item: String,
    #[field(label = "对应校内赛事", help = "校级获奖须选择")]
    pub contest: Option<Ref<Contest>>,
    #[field(label = "竞赛级别", list, filter, code = "contest_level")]
    pub level: Code,
    #[field(label = "获奖等级", list, filter, code = "award_grade")]
    pub grade: Code,
    #[field(label = "获奖日期", list, filter)]
    pub awarded_on: NaiveDate,
    #[field(label = "获奖学生", list, help = "团体项目填队长或第一名次")]
    pub student: Ref<Student>,
    #[field(label = "团队成员", max = 200, help = "团体项目填写其他成员姓名")]
    pub team: Option<String>,
    #[field(label = "参赛人数", max = 200)]
    pub team_size: i64,
    #[field(label = "指导教师", list)]
    pub coach: Ref<Staff>,
    #[field(label = "其他指导教师", max = 100)]
    pub other_coaches: Option<String>,
    #[field(label = "主办单位", max = 100)]
    pub organiser: String,
    #[field(label = "证书编号", max = 60)]
    pub certificate_number: Option<String>,
    #[field(label = "获奖证书")]
    pub certificate: Files,
}

impl Rules for ContestAward {
    fn flow() -> Flow {
        Flow::starts("待审核")
            .open("已退回")
            .done("已认定")
            .step(
                "approve",
                "认定",
                &["待审核"],
                "已认定",
                &[Who::Role(TEACHING_OFFICE)],
            )
            .step(
                "return",
                "退回修改",
                &["待审核", "已认定"],
                "已退回",
                &[Who::Role(TEACHING_OFFICE)],
            )
            .with_note()
            .step(
                "resubmit",
                "重新提交",
                &["已退回"],
                "待审核",
                &[
                    Who::Field("coach".into()),
                    Who::Creator,
                    Who::Role(TEACHING_OFFICE),
                ],
            )
    }

    fn indicators() -> Vec<IndicatorSpec> {
        // The codes of level and grade sort from high to low, so "at most" reads "and above".
        let approved = || Filter::state("已认定");
        let city = || approved().and("level", Op::AtMost, "33");
        let province = || approved().and("level", Op::AtMost, "3");
        let count = |of| Measure::Count { of };
        vec![
            indicator(
                "awards_city",
                "市级以上获奖项数",
                "已认定的地市级及以上获奖条数",
                "项",
                count(city()),
            )
            .also(&["市级以上获奖", "市级荣誉", "市级及以上获奖数"]),
            indicator(
                "awards_city_second",
                "市级二等奖个数",
                "已认定的地市级二等奖条数",
                "个",
                count(approved().and("level", Op::Is, "33").and("grade", Op::Is, "3")),
            )
            .also(&["市级荣誉二等奖", "市二等奖", "市级二等奖"]),
            indicator(
                "awards_city_second_up",
                "市级以上二等奖以上个数",
                "已认定的地市级及以上、二等奖及以上获奖条数",
                "个",
                count(city().and("grade", Op::AtMost, "3")),
            )
            .also(&["二等奖以上个数", "二等奖以上"]),
            indicator(
                "awards_city_first",
                "市级以上一等奖个数",
                "已认定的地市级及以上、一等奖及以上获奖条数",
                "个",
                count(city().and("grade", Op::AtMost, "2")),
            )
            .also(&["一等奖", "市级一等奖"]),
            indicator(
                "awards_province",
                "省级以上获奖项数",
                "已认定的省级及以上获奖条数",
                "项",
                count(province()),
            )
            .also(&["省级获奖", "省级荣誉", "省级荣誉项目获奖", "省级以上获奖数"]),
            indicator(
                "awards_nation",
                "国家级以上获奖项数",
                "已认定的国家级及以上获奖条数",
                "项",
                count(approved().and("level", Op::AtMost, "2")),
            )
            .also(&["国赛获奖", "国家级获奖"]),
            indicator(
                "awarded_students",
                "市级以上获奖学生数",
                "已认定的地市级及以上获奖的不同学生（团体计第一人）",
                "人",
                Measure::CountDistinct {
                    of: city(),
                    field: "student".into(),
                },
            ),
        ]
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "竞赛获奖登记",
                "教务处",
                "指导教师登记并上传证书，教务处核对原件后认定，计入统计和绩效",
            )
            .for_roles(&[TEACHER, TRAINING_OFFICE])
            .quick(&[
                "event",
                "item",
                "level",
                "grade",
                "awarded_on",
                "student",
                "team_size",
                "team",
                "coach",
                "organiser",
                "certificate",
            ]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            certificate(
                "award",
                "荣誉证书",
                "{student}同学：\n在{event}{item}项目中表现突出，获奖等级：{grade}。指导教师：{coach}。\n特发此证，以资鼓励。",
            )
            .in_states(&["已认定"]),
            sheet("record", "竞赛获奖认定表")
                .fields(&[
                    "event",
                    "item",
                    "contest",
                    "level",
                    "grade",
                    "awarded_on",
                    "organiser",
                    "student",
                    "team_size",
                    "team",
                    "coach",
                    "other_coaches",
                    "certificate_number",
                ])
                .approvals()
                .signatures(&["指导教师", "教务处（盖章）"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(TEACHING_OFFICE, Reach::School),
            may_write(TRAINING_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(TEACHER, Reach::Own),
            may_read(CLASS_TEACHER, Reach::School),
            may_read(TEACHER, Reach::School),
            may_read(STUDENT_OFFICE, Reach::School),
            may_read(OFFICE, Reach::School),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let school = self.level.0 == "4";
        let members = self.team.as_deref().map_or(0, |team| {
            team.split(['、', '，', ',', ' ', '；'])
                .filter(|name| !name.trim().is_empty())
                .count()
        });
        Checks::new()
            .not_after_today(self.awarded_on, ctx.today, "awarded_on")
            .refuse(
                school && self.contest.is_none(),
                "contest",
                "校级获奖请选择对应的校内赛事",
            )
            .refuse(
                !school && self.contest.is_some(),
                "level",
                "选择了校内赛事的获奖，竞赛级别应为“校级”",
            )
            .refuse(self.team_size == 0, "team_size", "参赛人数应大于0")
            .refuse(
                self.team_size > 0 && members as i64 != self.team_size - 1,
                "team",
                format!(
                    "参赛人数为{}，除获奖学生外应列{}人",
                    self.team_size,
                    (self.team_size - 1).max(0)
                ),
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                self.certificate.0.is_empty(),
                "certificate",
                "没有上传获奖证书，认定时需要核对原件",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> ContestAward {
        ContestAward {
            event: "全市职业院校技能大赛".into(),
            item: "电气安装与维修".into(),
            contest: None,
            level: Code("33".into()),
            grade: Code("3".into()),
            awarded_on: test_day(),
            student: Ref::new(Uuid::nil()),
            team: Some("李雷、韩梅".into()),
            team_size: 3,
            coach: Ref::new(Uuid::nil()),
            other_coaches: None,
            organiser: "市教育局".into(),
            certificate_number: None,
            certificate: Files(vec![Uuid::nil()]),
        }
    }

    #[test]
    fn the_team_is_listed() {
        assert!(refused(&sample()).is_empty());
        assert_eq!(
            refused(&ContestAward {
                team: Some("李雷".into()),
                ..sample()
            }),
            ["team"]
        );
        assert_eq!(
            refused(&ContestAward {
                team: None,
                ..sample()
            }),
            ["team"]
        );
        assert!(
            refused(&ContestAward {
                team: None,
                team_size: 1,
                ..sample()
            })
            .is_empty()
        );
        assert_eq!(
            refused(&ContestAward {
                team: None,
                team_size: 0,
                ..sample()
            }),
            ["team_size"]
        );
    }

    #[test]
    fn a_school_award_belongs_to_a_school_contest() {
        let school = ContestAward {
            level: Code("4".into()),
            ..sample()
        };
        assert_eq!(refused(&school), ["contest"]);
        let contest = Some(Ref::new(Uuid::nil()));
        assert!(refused(&ContestAward { contest, ..school }).is_empty());
        assert_eq!(refused(&ContestAward { contest, ..sample() }), ["level"]);
    }

    #[test]
    fn the_day_has_come_and_the_certificate_is_asked_for() {
        let tomorrow = test_day().succ_opt().expect("a day");
        assert_eq!(
            refused(&ContestAward {
                awarded_on: tomorrow,
                ..sample()
            }),
            ["awarded_on"]
        );
        assert!(doubted(&sample()).is_empty());
        assert_eq!(
            doubted(&ContestAward {
                certificate: Files::default(),
                ..sample()
            }),
            ["certificate"]
        );
    }
}
