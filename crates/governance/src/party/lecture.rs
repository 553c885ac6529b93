use super::PartyBranch;
use super::activity::{Gathering, branch_access, each_branch};
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Files, LongText, Ref};
use kernel::register::indicator::{
    DutySpec, Every, Filter, IndicatorSpec, Measure, duty, indicator, school_wide,
};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::filled;

choice!(
    /// 主讲人身份
    Lecturer {
        Secretary = "secretary" "党委书记",
        Leader = "leader" "班子成员",
        Branch = "branch" "支部书记",
        Member = "member" "党员教师",
        Guest = "guest" "校外专家",
    }
);

/// 党课：党委书记、班子成员和支部书记讲党课的记录。由各支部登记，党委办公室督查。
#[derive(Clone, Debug, Register)]
#[register(
    id = "party_lecture",
    title = "党课",
    group = "party",
    systems = "G1",
    label = "topic, started_on",
    date = "started_on",
    within = "branch",
    owner = "recorder"
)]
pub struct PartyLecture {
    #[field(label = "党组织", list, filter, dataset = "T47.DZZMC:name, T47.DZZBH:number")]
    pub branch: Ref<PartyBranch>,
    #[field(label = "党课题目", list, max = 100)]
    pub topic: String,
    #[field(label = "主讲人身份", list, filter)]
    pub role: Lecturer,
    #[field(label = "主讲人", list, help = "校外专家不选，写在“校外主讲人”")]
    pub lecturer: Option<Ref<Staff>>,
    #[field(label = "校外主讲人", max = 32, dataset = "T47.DKZJR")]
    pub guest: Option<String>,
    #[field(label = "活动形式", filter, code = "DJHDZYTJHZTDM", dataset = "T47.HDXSM")]
    pub way: Option<Code>,
    #[field(label = "开始日期", list, filter, dataset = "T47.HDKSRQ")]
    pub started_on: NaiveDate,
    #[field(label = "结束日期", dataset = "T47.HDJSRQ")]
    pub ended_on: NaiveDate,
    #[field(label = "参加教师数", list, max = 2000, dataset = "T47.CYJSS")]
    pub teachers: i64,
    #[field(label = "参加学生数", max = 5000, dataset = "T47.CYXSS")]
    pub students: i64,
    #[field(label = "内容摘要", max = 2000, dataset = "T47.HDNR")]
    pub content: LongText,
    #[field(label = "登记人")]
    pub recorder: Ref<Staff>,
    #[field(label = "讲稿和照片", help = "可不传")]
    pub files: Files,
}

impl Rules for PartyLecture {
    // 《中国共产党支部工作条例（试行）》第十六条: lectures at regular times, the secretary of the committee at least one a year.
    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "party_lecture_quarter",
                "支部党课",
                1,
                Every::Quarter,
                each_branch(),
                Filter::all(),
            )
            .also(&["党课", "每季度一次党课"]),
            duty(
                "party_lecture_secretary",
                "书记上党课",
                1,
                Every::Year,
                school_wide(),
                Filter::is("role", "secretary"),
            )
            .also(&["党委书记讲党课", "书记讲党课"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "party_lectures",
                "党课次数",
                "登记的党课",
                "次",
                Measure::Count { of: Filter::all() },
            )
            .also(&["讲党课次数"]),
            indicator(
                "party_lecture_branches",
                "党课覆盖率",
                "讲过党课的党支部 ÷ 全部党支部",
                "%",
                Measure::Coverage {
                    of: Filter::all(),
                    field: "branch".into(),
                    all: Filter::is("kind", "3"),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        branch_access()
    }

    fn papers() -> Vec<PaperForm> {
        vec![list_form(
            "list",
            "党课登记表",
            &["started_on", "branch", "topic", "role", "lecturer", "teachers"],
            &["备注"],
        )]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let gathering = Gathering {
            started_on: self.started_on,
            ended_on: self.ended_on,
            students: self.students,
            teachers: self.teachers,
        };
        let guest = self.role == Lecturer::Guest;
        gathering
            .check(ctx.today)
            .refuse(
                guest && !filled(self.guest.as_deref()),
                "guest",
                "请写校外主讲人姓名",
            )
            .refuse(!guest && self.lecturer.is_none(), "lecturer", "请选择主讲人")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    #[test]
    fn somebody_lectures() {
        let mut record = PartyLecture {
            branch: Ref::new(Uuid::nil()),
            topic: "做新时代的大先生".into(),
            role: Lecturer::Branch,
            lecturer: Some(Ref::new(Uuid::nil())),
            guest: None,
            way: None,
            started_on: test_day(),
            ended_on: test_day(),
            teachers: 12,
            students: 0,
            content: LongText("专题党课".into()),
            recorder: Ref::new(Uuid::nil()),
            files: Files::default(),
        };
        assert!(refused(&record).is_empty());
        record.lecturer = None;
        assert_eq!(refused(&record), ["lecturer"]);
        record.role = Lecturer::Guest;
        assert_eq!(refused(&record), ["guest"]);
    }
}
