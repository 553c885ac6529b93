use crate::Enterprise;
use chrono::{Days, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{
    DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, indicator, school_wide,
};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled, said};
use people::roles::{COOPERATION_OFFICE, DEPARTMENT_HEAD, ENROLMENT_OFFICE, PARTY_OFFICE, TEACHER};
use people::{Staff, Unit};

choice!(
    /// 考察评价
    Mark {
        Good = "1" "好",
        Fair = "2" "一般",
        Poor = "3" "不符合",
    }
);

/// 实习单位考察：新增实习单位的实地考察书面报告（九项），经学校党组织会议研究确定后公开。由校企合作处组织，系部参加。
#[derive(Clone, Debug, Register)]
#[register(
    id = "site_survey",
    title = "实习单位考察",
    group = "partners",
    systems = "D12, H1",
    label = "enterprise, surveyed_on",
    unique = "enterprise, surveyed_on",
    date = "surveyed_on",
    within = "department",
    owner = "leader"
)]
pub struct SiteSurvey {
    #[field(label = "考察企业", list)]
    pub enterprise: Ref<Enterprise>,
    #[field(label = "考察日期", list, filter)]
    pub surveyed_on: NaiveDate,
    #[field(label = "组织系部", list, filter)]
    pub department: Option<Ref<Unit>>,
    #[field(label = "考察组长", list)]
    pub leader: Ref<Staff>,
    #[field(label = "考察组成员", max = 100)]
    pub members: Option<String>,
    #[field(label = "资质", help = "营业执照、经营许可")]
    pub licence: Mark,
    #[field(label = "诚信状况")]
    pub credit: Mark,
    #[field(label = "管理水平")]
    pub management: Mark,
    #[field(label = "岗位性质和内容")]
    pub post: Mark,
    #[field(label = "工作时间")]
    pub hours: Mark,
    #[field(label = "工作环境")]
    pub workplace: Mark,
    #[field(label = "生活环境")]
    pub living: Mark,
    #[field(label = "健康保障")]
    pub health: Mark,
    #[field(label = "安全防护")]
    pub safety: Mark,
    #[field(
        label = "信用与安全查询日",
        help = "查无违法失信、近三年无安全生产违法记录的日期"
    )]
    pub searched_on: Option<NaiveDate>,
    #[field(label = "可提供岗位数", list, max = 2000)]
    pub posts: i64,
    #[field(label = "考察报告", max = 1500)]
    pub report: LongText,
    #[field(label = "是否适合", list, filter, help = "由九项评价得出，不必填写")]
    pub suitable: Option<bool>,
    #[field(label = "党组织会议日期")]
    pub meeting_on: Option<NaiveDate>,
    #[field(label = "公开日期", list)]
    pub published_on: Option<NaiveDate>,
    #[field(label = "公开方式", max = 60, help = "学校网站、公示栏")]
    pub published_in: Option<String>,
    #[field(label = "照片", help = "可不传")]
    pub photos: Files,
}

/// Days a search of the company's record is taken as current.
const CURRENT: Days = Days::new(365);

impl SiteSurvey {
    fn marks(&self) -> [Mark; 9] {
        [
            self.licence,
            self.credit,
            self.management,
            self.post,
            self.hours,
            self.workplace,
            self.living,
            self.health,
            self.safety,
        ]
    }
}

impl Rules for SiteSurvey {
    fn flow() -> Flow {
        let office = [Who::Role(COOPERATION_OFFICE)];
        Flow::starts("待研究")
            .open("待公开")
            .done("已公开")
            .dropped("不予采用")
            .step(
                "decide",
                "会议研究通过",
                &["待研究"],
                "待公开",
                &[Who::Role(PARTY_OFFICE), office[0].clone()],
            )
            .needs(&["searched_on", "meeting_on"])
            .signed("学校党组织会议意见")
            .within_days(15)
            .step("drop", "不予采用", &["待研究"], "不予采用", &office)
            .with_note()
            .step("publish", "公开名单", &["待公开"], "已公开", &office)
            .needs(&["published_on", "published_in"])
            .within_days(7)
    }

    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "site_survey_term",
                "实习单位考察",
                1,
                Every::Term,
                school_wide(),
                Filter::all(),
            )
            .also(&["岗位实习单位的考察", "考察实习企业"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "site_surveyed",
                "考察实习单位数",
                "实地考察过的不同企业",
                "家",
                Measure::CountDistinct {
                    of: Filter::all(),
                    field: "enterprise".into(),
                },
            )
            .also(&["实习单位考察数", "走访企业数"]),
            indicator(
                "site_survey_published",
                "考察结果公开率",
                "已公开的考察 ÷ 适合接收实习的考察",
                "%",
                Measure::Share {
                    of: Filter::state("已公开").and("suitable", Op::Is, true),
                    among: Filter::is("suitable", true),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(COOPERATION_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(TEACHER, Reach::Own),
            may_read(ENROLMENT_OFFICE, Reach::School),
            may_read(PARTY_OFFICE, Reach::School),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("report", "实习单位实地考察报告")
                .fields(&[
                    "enterprise",
                    "surveyed_on",
                    "department",
                    "leader",
                    "members",
                    "posts",
                ])
                .heading("考察内容")
                .fields(&[
                    "licence",
                    "credit",
                    "management",
                    "post",
                    "hours",
                    "workplace",
                    "living",
                    "health",
                    "safety",
                    "searched_on",
                ])
                .fields(&["report"])
                .approvals()
                .signatures(&["考察组长", "成员"]),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["suitable"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.suitable = Some(!self.marks().contains(&Mark::Poor));
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let poor = self.marks().contains(&Mark::Poor);
        let stale = self
            .searched_on
            .and_then(|day| day.checked_add_days(CURRENT))
            .is_some_and(|until| until < self.surveyed_on);
        Checks::new()
            .not_after_today(self.surveyed_on, ctx.today, "surveyed_on")
            .not_after_today(self.searched_on, ctx.today, "searched_on")
            .refuse(
                stale,
                "searched_on",
                "信用与安全记录的查询早于考察一年以上，请重新查询",
            )
            // 第七条: a written report of nine items, then the party organisation's meeting, then publication.
            .refuse(
                self.meeting_on.is_some() && poor,
                "meeting_on",
                "有“不符合”的项目，不能确定为实习单位",
            )
            .refuse(
                self.meeting_on.is_some() && self.searched_on.is_none(),
                "searched_on",
                "确定实习单位前须查询其信用和近三年安全生产记录（实习管理规定第六条）",
            )
            .in_order(
                self.surveyed_on,
                self.meeting_on,
                "meeting_on",
                "会议日期不能早于考察日期",
            )
            .not_after_today(self.meeting_on, ctx.today, "meeting_on")
            .refuse(
                self.published_on.is_some() && self.meeting_on.is_none(),
                "meeting_on",
                "公开前须经学校党组织会议研究确定（实习管理规定第七条）",
            )
            .in_order(
                self.meeting_on,
                self.published_on,
                "published_on",
                "公开日期不能早于会议日期",
            )
            .refuse(
                self.published_on.is_some() && !filled(self.published_in.as_deref()),
                "published_in",
                "填写了公开日期，请写明公开方式",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        let short = !said(&Some(self.report.clone())) || self.report.0.chars().count() < 20;
        Checks::new()
            .refuse(short, "report", "考察报告过于简单，请对照九项内容写明所见")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{day, refused, test_day};
    use uuid::Uuid;

    fn sample() -> SiteSurvey {
        SiteSurvey {
            enterprise: Ref::new(Uuid::nil()),
            surveyed_on: day(-20),
            department: None,
            leader: Ref::new(Uuid::nil()),
            members: None,
            licence: Mark::Good,
            credit: Mark::Good,
            management: Mark::Good,
            post: Mark::Fair,
            hours: Mark::Good,
            workplace: Mark::Good,
            living: Mark::Fair,
            health: Mark::Good,
            safety: Mark::Good,
            searched_on: Some(day(-22)),
            posts: 20,
            report: LongText("现场查看车间和宿舍，设备防护齐全，食宿有保障，岗位与专业相符。".into()),
            suitable: None,
            meeting_on: Some(day(-10)),
            published_on: Some(day(-8)),
            published_in: Some("学校网站".into()),
            photos: Files::default(),
        }
    }

    #[test]
    fn report_meeting_publication_follow_each_other() {
        assert!(refused(&sample()).is_empty());
        let wrong = |change: fn(&mut SiteSurvey)| {
            let mut record = sample();
            change(&mut record);
            refused(&record)
        };
        assert_eq!(wrong(|r| r.meeting_on = None), ["meeting_on"]);
        assert_eq!(wrong(|r| r.meeting_on = Some(day(-21))), ["meeting_on"]);
        assert_eq!(wrong(|r| r.published_on = Some(day(-11))), ["published_on"]);
        assert_eq!(wrong(|r| r.published_in = None), ["published_in"]);
        assert_eq!(wrong(|r| r.searched_on = None), ["searched_on"]);
        assert_eq!(wrong(|r| r.searched_on = Some(day(-400))), ["searched_on"]);
    }

    #[test]
    fn one_poor_mark_bars_the_place() {
        let mut poor = SiteSurvey {
            safety: Mark::Poor,
            ..sample()
        };
        assert_eq!(refused(&poor), ["meeting_on"]);
        let ctx = Ctx {
            today: test_day(),
            new: true,
        };
        poor.complete(&ctx);
        assert_eq!(poor.suitable, Some(false));
        poor.safety = Mark::Fair;
        poor.complete(&ctx);
        assert_eq!(poor.suitable, Some(true));
    }
}
