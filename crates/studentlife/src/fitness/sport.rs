use crate::terms::week;
use chrono::NaiveDate;
use kernel::error::Violation;
use kernel::register::field::{LongText, Ref};
use kernel::register::indicator::{DutySpec, Every, Filter, IndicatorSpec, Measure, duty, indicator};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{CLASS_TEACHER, DEPARTMENT_HEAD, STUDENT_OFFICE, TEACHING_OFFICE};
use people::{Class, Staff};

/// 体育活动时间：各班每周体育课、大课间和课外体育锻炼的分钟数，自动算每天平均，落实每天综合体育活动不低于2小时。班主任按课表每周记一条。
#[derive(Clone, Debug, Register)]
#[register(
    id = "sport_week",
    title = "体育活动时间",
    group = "student",
    systems = "D11",
    label = "class, week",
    unique = "class, week",
    date = "week_of",
    within = "class",
    owner = "keeper"
)]
pub struct SportWeek {
    #[field(label = "班级", list, filter)]
    pub class: Ref<Class>,
    #[field(label = "所在周", list, filter, help = "本周任意一天")]
    pub week_of: NaiveDate,
    #[field(label = "周次", filter, max = 8, help = "按日期自动填写")]
    pub week: Option<String>,
    #[field(label = "填报人")]
    pub keeper: Ref<Staff>,
    #[field(label = "上课天数", max = 7)]
    pub days: i64,
    #[field(label = "体育课（分钟）", max = 600, help = "全周合计，来自课表")]
    pub lessons: i64,
    #[field(
        label = "大课间（分钟）",
        max = 600,
        help = "全周合计，含早操、眼保健操以外的课间活动"
    )]
    pub breaks: i64,
    #[field(
        label = "课外锻炼（分钟）",
        max = 1200,
        help = "全周合计，体育社团、训练、晨跑等"
    )]
    pub after: i64,
    #[field(label = "每天平均（分钟）", list, max = 600, help = "自动计算")]
    pub daily: Option<i64>,
    #[field(label = "达到2小时", list, filter, help = "自动判断")]
    pub reached: Option<bool>,
    #[field(label = "缺少的原因", max = 200, help = "雨雪、考试、实习等")]
    pub reason: Option<LongText>,
}

/// 2025年起各级工作要点: at least two hours of sport every day.
const TWO_HOURS: i64 = 120;

impl Rules for SportWeek {
    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "sport_week_class",
                "每天2小时体育活动",
                1,
                Every::Week,
                Class::each_at_school(),
                Filter::all(),
            )
            .also(&["大课间活动", "阳光体育", "每天体育活动", "每天综合体育活动时间"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "sport_two_hours",
                "每天2小时体育达标率",
                "每天平均不少于120分钟的班级周数 ÷ 登记的班级周数",
                "%",
                Measure::Share {
                    of: Filter::is("reached", true),
                    among: Filter::all(),
                },
            )
            .also(&[
                "每天体育活动2小时落实率",
                "体育活动时间达标率",
                "综合体育活动时间不低于2小时",
            ]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(STUDENT_OFFICE, Reach::School),
            may_write(TEACHING_OFFICE, Reach::School),
            may_write(CLASS_TEACHER, Reach::Unit),
            may_read(DEPARTMENT_HEAD, Reach::Unit),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["week", "daily", "reached"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.week = Some(week(self.week_of));
        self.daily = (self.days > 0).then(|| (self.lessons + self.breaks + self.after) / self.days);
        self.reached = self.daily.map(|daily| daily >= TWO_HOURS);
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.week_of, ctx.today, "week_of")
            .refuse(!(1..=7).contains(&self.days), "days", "上课天数应为1至7天")
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        let short = self.days > 0 && (self.lessons + self.breaks + self.after) < TWO_HOURS * self.days;
        Checks::new()
            .refuse(
                short && self.reason.is_none(),
                "reason",
                "每天平均不足2小时，请写明原因或补足锻炼时间",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{day, some};
    use people::sound::{doubted, refused};

    #[test]
    fn minutes_are_averaged_over_the_days_taught() {
        let sample = || SportWeek {
            class: some(),
            week_of: day(0),
            week: None,
            keeper: some(),
            days: 5,
            lessons: 135,
            breaks: 200,
            after: 265,
            daily: None,
            reached: None,
            reason: None,
        };
        let completed = |mut record: SportWeek| {
            record.complete(&Ctx {
                today: day(0),
                new: true,
            });
            (record.daily, record.reached)
        };
        assert_eq!(completed(sample()), (Some(120), Some(true)));
        let short = SportWeek {
            after: 264,
            ..sample()
        };
        assert_eq!(completed(short.clone()), (Some(119), Some(false)));
        assert_eq!(doubted(&short), ["reason"]);
        assert!(refused(&sample()).is_empty());
        assert_eq!(refused(&SportWeek { days: 0, ..sample() }), ["days"]);
    }
}
