use super::PartyBranch;
use super::activity::{Gathering, branch_access, each_branch};
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Ref};
use kernel::register::indicator::{DutySpec, Every, Filter, IndicatorSpec, Measure, duty, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::Staff;

choice!(
    /// 党员日常活动类型
    DailyKind {
        Life = "life" "组织生活会",
        Review = "review" "民主评议党员",
        Talk = "talk" "谈心谈话",
        Vanguard = "vanguard" "党员先锋岗",
        Pair = "pair" "结对帮扶学生",
        Volunteer = "volunteer" "志愿服务",
        Care = "care" "走访慰问党员",
        Other = "other" "其他",
    }
);

/// 党员日常活动：组织生活会、民主评议、谈心谈话、先锋岗和志愿服务等。由各支部登记，党委办公室督查。
#[derive(Clone, Debug, Register)]
#[register(
    id = "party_daily",
    title = "党员日常活动",
    group = "party",
    systems = "G1",
    label = "branch, kind, started_on",
    date = "started_on",
    within = "branch",
    owner = "organiser"
)]
pub struct PartyDaily {
    #[field(label = "党组织", list, filter, dataset = "T49.DZZMC:name, T49.DZZBH:number")]
    pub branch: Ref<PartyBranch>,
    #[field(label = "活动类型", list, filter)]
    pub kind: DailyKind,
    #[field(label = "活动名称", list, max = 100)]
    pub title: String,
    #[field(label = "开始日期", list, filter, dataset = "T49.HDKSRQ")]
    pub started_on: NaiveDate,
    #[field(label = "结束日期", dataset = "T49.HDJSRQ")]
    pub ended_on: NaiveDate,
    #[field(label = "地点", max = 60, dataset = "T49.HDDD")]
    pub place: Option<String>,
    #[field(label = "组织者", list)]
    pub organiser: Ref<Staff>,
    #[field(label = "参加教师数", list, max = 2000, dataset = "T49.CYJSS")]
    pub teachers: i64,
    #[field(label = "参加学生数", max = 5000, dataset = "T49.CYXSS")]
    pub students: i64,
    #[field(label = "活动内容", max = 2000, dataset = "T49.HDNR")]
    pub content: LongText,
    #[field(label = "查摆问题数", max = 500, help = "组织生活会和民主评议填写")]
    pub problems: Option<i64>,
    #[field(label = "整改数", max = 500)]
    pub mended: Option<i64>,
    #[field(label = "照片", help = "可不传")]
    pub photos: Files,
}

impl Rules for PartyDaily {
    // 《中国共产党支部工作条例（试行）》第十七、十八条: the life meeting and the review of members once a year.
    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "party_daily_life",
                "组织生活会",
                1,
                Every::Year,
                each_branch(),
                Filter::is("kind", "life"),
            ),
            duty(
                "party_daily_review",
                "民主评议党员",
                1,
                Every::Year,
                each_branch(),
                Filter::is("kind", "review"),
            ),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "party_dailies",
                "党员活动次数",
                "登记的党员日常活动",
                "次",
                Measure::Count { of: Filter::all() },
            )
            .also(&["党员志愿服务次数", "党员先锋岗活动次数"]),
            indicator(
                "party_daily_teachers",
                "党员活动参加人次",
                "各次活动参加教师数合计",
                "人次",
                Measure::Sum {
                    of: Filter::all(),
                    field: "teachers".into(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        branch_access()
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            list_form(
                "list",
                "党员日常活动登记表",
                &[
                    "started_on",
                    "kind",
                    "title",
                    "place",
                    "organiser",
                    "teachers",
                    "students",
                ],
                &["备注"],
            )
            .by("branch"),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let gathering = Gathering {
            started_on: self.started_on,
            ended_on: self.ended_on,
            students: self.students,
            teachers: self.teachers,
        };
        let searching = matches!(self.kind, DailyKind::Life | DailyKind::Review);
        gathering
            .check(ctx.today)
            .refuse(
                searching && self.problems.is_none(),
                "problems",
                "组织生活会和民主评议请填写查摆问题数",
            )
            .refuse(self.mended > self.problems, "mended", "整改数不能多于查摆问题数")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    #[test]
    fn a_life_meeting_finds_problems_and_mends_them() {
        let mut record = PartyDaily {
            branch: Ref::new(Uuid::nil()),
            kind: DailyKind::Life,
            title: "年度组织生活会".into(),
            started_on: test_day(),
            ended_on: test_day(),
            place: None,
            organiser: Ref::new(Uuid::nil()),
            teachers: 12,
            students: 0,
            content: LongText("对照检查".into()),
            problems: Some(5),
            mended: Some(5),
            photos: Files::default(),
        };
        assert!(refused(&record).is_empty());
        record.mended = Some(6);
        assert_eq!(refused(&record), ["mended"]);
        record.problems = None;
        record.mended = None;
        assert_eq!(refused(&record), ["problems"]);
        record.kind = DailyKind::Volunteer;
        assert!(refused(&record).is_empty());
    }
}
