use super::PartyBranch;
use super::activity::{Gathering, branch_access, each_branch};
use chrono::NaiveDate;
use kernel::error::Violation;
use kernel::register::field::{Code, Files, LongText, Ref};
use kernel::register::indicator::{DutySpec, Every, Filter, IndicatorSpec, Measure, duty, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::Staff;

/// 主题党日：各支部每月相对固定一天开展的主题党日活动。由支部登记，党委办公室督查。
#[derive(Clone, Debug, Register)]
#[register(
    id = "theme_day",
    title = "主题党日",
    group = "party",
    systems = "G1",
    label = "branch, theme",
    date = "started_on",
    within = "branch",
    owner = "organiser"
)]
pub struct ThemeDay {
    #[field(label = "党组织", list, filter, dataset = "T50.DZZMC:name, T50.DZZBH:number")]
    pub branch: Ref<PartyBranch>,
    #[field(label = "活动主题", list, max = 100)]
    pub theme: String,
    #[field(
        label = "活动内容类别",
        list,
        filter,
        code = "ZTDRHDNRDM",
        dataset = "T50.HDNRM"
    )]
    pub kind: Code,
    #[field(label = "开始日期", list, filter, dataset = "T50.HDKSSJ")]
    pub started_on: NaiveDate,
    #[field(label = "结束日期", dataset = "T50.HDJSSJ")]
    pub ended_on: NaiveDate,
    #[field(label = "地点", max = 60, dataset = "T50.HDDD")]
    pub place: Option<String>,
    #[field(label = "组织者", list)]
    pub organiser: Ref<Staff>,
    #[field(label = "参加教师数", list, max = 2000, dataset = "T50.CYJSS")]
    pub teachers: i64,
    #[field(label = "参加学生数", max = 5000, dataset = "T50.CYXSS")]
    pub students: i64,
    #[field(label = "在校外开展", filter, help = "带队外出的，安全方案随附件上传")]
    pub outside: bool,
    #[field(label = "活动过程", max = 2000)]
    pub course: LongText,
    #[field(label = "成效和问题", max = 500)]
    pub effect: Option<LongText>,
    #[field(label = "照片和方案", help = "可不传")]
    pub files: Files,
}

/// 尚未开展: no content of a day that took place.
const NOT_HELD: &str = "1";

impl Rules for ThemeDay {
    // 《中国共产党支部工作条例（试行）》第十六条: one relatively fixed day a month.
    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "theme_day_month",
                "主题党日",
                1,
                Every::Month,
                each_branch(),
                Filter::all(),
            )
            .also(&["主题党日活动", "每月开展主题党日", "沉浸式主题党日"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "theme_days",
                "主题党日次数",
                "登记的主题党日活动",
                "次",
                Measure::Count { of: Filter::all() },
            )
            .also(&["主题党日活动次数"]),
            indicator(
                "theme_day_branches",
                "主题党日覆盖率",
                "开展过主题党日的党支部 ÷ 全部党支部",
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
        vec![
            sheet("record", "主题党日活动记录")
                .fields(&[
                    "branch",
                    "kind",
                    "theme",
                    "started_on",
                    "place",
                    "organiser",
                    "teachers",
                    "students",
                ])
                .heading("活动过程")
                .text("{course}")
                .heading("成效和问题")
                .text("{effect}")
                .signatures(&["支部书记", "记录人"]),
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
                self.kind.0 == NOT_HELD,
                "kind",
                "已开展的活动请选择具体内容；没有开展的不登记",
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
    fn what_was_not_held_is_not_entered() {
        let mut record = ThemeDay {
            branch: Ref::new(Uuid::nil()),
            theme: "技能服务进社区".into(),
            kind: Code("7".into()),
            started_on: test_day(),
            ended_on: test_day(),
            place: None,
            organiser: Ref::new(Uuid::nil()),
            teachers: 10,
            students: 0,
            outside: true,
            course: LongText("为居民维修小家电".into()),
            effect: None,
            files: Files::default(),
        };
        assert!(refused(&record).is_empty());
        record.kind = Code(NOT_HELD.into());
        assert_eq!(refused(&record), ["kind"]);
    }
}
