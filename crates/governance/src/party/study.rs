use super::PartyBranch;
use super::activity::{Gathering, branch_access, each_branch};
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Decimal, Files, LongText, Ref};
use kernel::register::indicator::{
    DutySpec, Every, Filter, IndicatorSpec, Measure, duty, indicator, school_wide,
};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::Staff;

choice!(
    /// 学习类型
    StudyKind {
        Centre = "centre" "理论学习中心组",
        Branch = "branch" "支部集中学习",
        Cadres = "cadres" "干部培训",
        Online = "online" "网络学习",
    }
);

/// 党员干部学习：党委理论学习中心组、支部集中学习和干部培训的记录。由党委办公室和各支部登记。
#[derive(Clone, Debug, Register)]
#[register(
    id = "party_study",
    title = "党员干部学习",
    group = "party",
    systems = "G1",
    label = "topic, started_on",
    date = "started_on",
    within = "branch",
    owner = "recorder"
)]
pub struct PartyStudy {
    #[field(label = "党组织", list, filter, dataset = "T46.DZZMC:name, T46.DZZBH:number")]
    pub branch: Ref<PartyBranch>,
    #[field(label = "学习类型", list, filter)]
    pub kind: StudyKind,
    #[field(label = "学习主题", list, max = 100)]
    pub topic: String,
    #[field(
        label = "途径和载体",
        list,
        filter,
        code = "DJHDZYTJHZTDM",
        dataset = "T46.DYGBXXPXZYTJZTM"
    )]
    pub way: Code,
    #[field(
        label = "学习内容类别",
        filter,
        code = "DYGBXXPXNRDM",
        dataset = "T46.DYGBXXPXNRM"
    )]
    pub subject: Code,
    #[field(label = "开始日期", list, filter, dataset = "T46.HDKSRQ")]
    pub started_on: NaiveDate,
    #[field(label = "结束日期", dataset = "T46.HDJSRQ")]
    pub ended_on: NaiveDate,
    #[field(label = "学时", help = "每人计入的学时，如 2.0")]
    pub hours: Decimal<1>,
    #[field(label = "参加教师数", list, max = 2000, dataset = "T46.CYJSS")]
    pub teachers: i64,
    #[field(label = "参加学生数", max = 5000, dataset = "T46.CYXSS")]
    pub students: i64,
    #[field(label = "领学或主讲", max = 60)]
    pub lead: String,
    #[field(label = "中心发言", max = 100, help = "中心组研讨的发言人；其他不填")]
    pub speakers: Option<String>,
    #[field(label = "学习内容", max = 2000)]
    pub content: LongText,
    #[field(label = "登记人")]
    pub recorder: Ref<Staff>,
    #[field(label = "材料", help = "可不传")]
    pub files: Files,
}

impl Rules for PartyStudy {
    // 《中国共产党党委（党组）理论学习中心组学习规则》: a collective study with discussion at least once a quarter.
    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "party_study_centre",
                "理论学习中心组学习",
                1,
                Every::Quarter,
                school_wide(),
                Filter::is("kind", "centre"),
            )
            .also(&["中心组学习", "党委中心组学习研讨"]),
            duty(
                "party_study_branch",
                "支部集中学习",
                1,
                Every::Month,
                each_branch(),
                Filter::is("kind", "branch"),
            )
            .also(&["党员集中学习", "支部每月学习"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "party_studies",
                "党员干部学习次数",
                "登记的学习",
                "次",
                Measure::Count { of: Filter::all() },
            )
            .also(&["集中学习次数", "理论学习次数"]),
            indicator(
                "party_study_centre_times",
                "中心组学习次数",
                "登记的理论学习中心组学习",
                "次",
                Measure::Count {
                    of: Filter::is("kind", "centre"),
                },
            )
            .also(&["理论学习中心组学习次数"]),
            indicator(
                "party_study_hours",
                "党员学习学时",
                "支部集中学习的学时合计",
                "学时",
                Measure::Sum {
                    of: Filter::is("kind", "branch"),
                    field: "hours".into(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        branch_access()
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("record", "党员干部学习记录")
                .fields(&[
                    "branch",
                    "kind",
                    "topic",
                    "started_on",
                    "hours",
                    "lead",
                    "speakers",
                    "teachers",
                    "students",
                ])
                .heading("学习内容")
                .text("{content}")
                .signatures(&["主持人", "记录人"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let gathering = Gathering {
            started_on: self.started_on,
            ended_on: self.ended_on,
            students: self.students,
            teachers: self.teachers,
        };
        gathering
            .check(ctx.today)
            .refuse(
                !(1..=800).contains(&self.hours.0),
                "hours",
                "学时应大于0、不超过80",
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
    fn study_takes_some_hours() {
        let mut record = PartyStudy {
            branch: Ref::new(Uuid::nil()),
            kind: StudyKind::Branch,
            topic: "学习职业教育法".into(),
            way: Code("5".into()),
            subject: Code("3".into()),
            started_on: test_day(),
            ended_on: test_day(),
            hours: Decimal(20),
            teachers: 12,
            students: 0,
            lead: "支部书记".into(),
            speakers: None,
            content: LongText("逐章领学".into()),
            recorder: Ref::new(Uuid::nil()),
            files: Files::default(),
        };
        assert!(refused(&record).is_empty());
        for hours in [0, 801] {
            record.hours = Decimal(hours);
            assert_eq!(refused(&record), ["hours"]);
        }
    }
}
