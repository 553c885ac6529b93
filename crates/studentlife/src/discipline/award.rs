use chrono::NaiveDate;
use kernel::error::Violation;
use kernel::register::field::{Code, Files, LongText, Ref};
use kernel::register::flow::{Flow, Guard, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, certificate, list_form};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{CLASS_TEACHER, DEPARTMENT_HEAD, STUDENT_OFFICE, TEACHER, TEACHING_OFFICE, YOUTH_LEAGUE};
use people::{Staff, Student};

/// 学生奖励：三好学生、优秀学生干部、技能标兵等荣誉的推荐、公示和授予，以及学生在校外获得的表彰。学生处管理，班主任推荐本班学生。
#[derive(Clone, Debug, Register)]
#[register(
    id = "student_award",
    title = "学生奖励",
    group = "student",
    systems = "D15",
    label = "student, name",
    unique = "student, name, proposed_on",
    date = "proposed_on",
    within = "student",
    owner = "proposer"
)]
pub struct StudentAward {
    #[field(label = "学生", list)]
    pub student: Ref<Student>,
    #[field(
        label = "荣誉名称",
        list,
        filter,
        max = 60,
        help = "如 三好学生、优秀学生干部"
    )]
    pub name: String,
    #[field(label = "获奖类别", list, filter, code = "award_student")]
    pub kind: Code,
    #[field(label = "级别", list, filter, code = "level", help = "校级选“学校级”")]
    pub level: Code,
    #[field(label = "奖励等级", filter, code = "award_grade")]
    pub grade: Code,
    #[field(label = "奖励方式", code = "award_way")]
    pub way: Code,
    #[field(label = "授奖单位", max = 60)]
    pub organ: String,
    #[field(label = "推荐人", list)]
    pub proposer: Ref<Staff>,
    #[field(label = "推荐日期", list, filter)]
    pub proposed_on: NaiveDate,
    #[field(label = "主要事迹", max = 500)]
    pub merit: LongText,
    #[field(label = "公示开始日期")]
    pub notice_from: Option<NaiveDate>,
    #[field(label = "公示结束日期")]
    pub notice_to: Option<NaiveDate>,
    #[field(label = "授奖日期", list)]
    pub granted_on: Option<NaiveDate>,
    #[field(label = "证书编号", max = 40)]
    pub number: Option<String>,
    #[field(label = "证书", help = "可不传")]
    pub files: Files,
}

/// 学校级 in the code set of levels: only the school's own honours are put on public notice here.
const SCHOOL: &str = "60";

impl Rules for StudentAward {
    fn flow() -> Flow {
        let office = [Who::Role(STUDENT_OFFICE), Who::Role(YOUTH_LEAGUE)];
        Flow::starts("待审核")
            .open("公示中")
            .open("退回修改")
            .done("已授奖")
            .dropped("未通过")
            .step("publish", "同意并公示", &["待审核"], "公示中", &office)
            .needs(&["notice_from", "notice_to"])
            .when(Guard::is("level", SCHOOL))
            .within_days(5)
            .signed("学生处意见")
            .step("record", "登记授奖", &["待审核"], "已授奖", &office)
            .needs(&["granted_on"])
            .when(Guard::not("level", SCHOOL))
            .within_days(5)
            .signed("学生处意见")
            .step("grant", "授奖", &["公示中"], "已授奖", &office)
            .needs(&["granted_on", "number"])
            .signed("学校意见")
            .step("return", "退回修改", &["待审核"], "退回修改", &office)
            .with_note()
            .step("refuse", "不通过", &["待审核", "公示中"], "未通过", &office)
            .with_note()
            .step(
                "resubmit",
                "重新提交",
                &["退回修改"],
                "待审核",
                &[Who::Creator, Who::Field("proposer".into())],
            )
            .editable(&["待审核", "退回修改"])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let granted = || Filter::state("已授奖");
        vec![
            indicator(
                "student_awards",
                "学生受表彰人次",
                "已授奖的学生奖励条数",
                "人次",
                Measure::Count { of: granted() },
            )
            .also(&["学生获奖人次", "表彰学生人次", "评优评先人次"]),
            indicator(
                "student_awards_city",
                "学生市级以上表彰",
                "已授奖、级别为地市级以上（级别码不大于33）的条数",
                "人次",
                Measure::Count {
                    of: granted().and("level", Op::AtMost, "33"),
                },
            )
            .also(&["市级以上学生荣誉", "市级三好学生"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(STUDENT_OFFICE, Reach::School),
            may_write(YOUTH_LEAGUE, Reach::School),
            may_write(CLASS_TEACHER, Reach::Unit),
            may_write(TEACHER, Reach::Own),
            may_read(DEPARTMENT_HEAD, Reach::Unit),
            may_read(TEACHING_OFFICE, Reach::School),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            certificate(
                "award",
                "荣誉证书",
                "{student} 同学：在学校学习生活中表现突出，被授予“{name}”荣誉称号。特发此证，以资鼓励。",
            )
            .in_states(&["已授奖"]),
            list_form(
                "notice",
                "拟表彰学生公示名单",
                &["student", "name", "level", "proposer"],
                &[],
            )
            .in_states(&["公示中"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.proposed_on, ctx.today, "proposed_on")
            .notice(
                self.proposed_on,
                "推荐日期",
                [self.notice_from, self.notice_to],
                ["notice_from", "notice_to"],
            )
            .in_order(
                self.notice_to,
                self.granted_on,
                "granted_on",
                "授奖日期不能早于公示结束日期",
            )
            .not_after_today(self.granted_on, ctx.today, "granted_on")
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .short_notice([self.notice_from, self.notice_to], "notice_to")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{day, some};
    use people::sound::{doubted, refused};

    #[test]
    fn an_honour_is_granted_after_its_notice() {
        let sample = || StudentAward {
            student: some(),
            name: "三好学生".into(),
            kind: Code("5".into()),
            level: Code(SCHOOL.into()),
            grade: Code("6".into()),
            way: Code("2".into()),
            organ: "学校".into(),
            proposer: some(),
            proposed_on: day(-20),
            merit: LongText("学期考核优秀，担任班长".into()),
            notice_from: Some(day(-15)),
            notice_to: Some(day(-9)),
            granted_on: Some(day(-7)),
            number: None,
            files: Files::default(),
        };
        assert!(refused(&sample()).is_empty() && doubted(&sample()).is_empty());
        assert_eq!(
            refused(&StudentAward {
                granted_on: Some(day(-10)),
                ..sample()
            }),
            ["granted_on"]
        );
        assert_eq!(
            refused(&StudentAward {
                notice_to: None,
                ..sample()
            }),
            ["notice_to"]
        );
        assert_eq!(
            refused(&StudentAward {
                notice_from: Some(day(-21)),
                ..sample()
            }),
            ["notice_from"]
        );
        assert_eq!(
            doubted(&StudentAward {
                notice_to: Some(day(-13)),
                ..sample()
            }),
            ["notice_to"]
        );
    }
}
