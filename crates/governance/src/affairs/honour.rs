//! What honours of staff and of groups have in common (评优表彰): nomination, review, public notice, award. Those of
//! students are kept with the students' affairs.
use calendar::DayTable;
use chrono::{Datelike, NaiveDate, Weekday};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::spec::Role;
use people::checks::Checks;
use std::sync::LazyLock;

/// Working days a list stands open to objections.
const NOTICE: usize = 5;

static DAYS: LazyLock<DayTable> = LazyLock::new(DayTable::builtin);

/// Working days from `from` to `to`, both counted: holidays and weekends left out, make-up days counted.
fn working_days(from: NaiveDate, to: NaiveDate) -> usize {
    from.iter_days()
        .take_while(|day| *day <= to)
        .take(60)
        .filter(|day| {
            let week = !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
            !DAYS.is_holiday(*day) && (week || DAYS.get(*day).is_some())
        })
        .count()
}

/// The flow; `keepers` check who may be honoured and award, the review is of the school.
pub(crate) fn flow(keepers: &[Role]) -> Flow {
    let keepers: Vec<Who> = keepers.iter().map(|role| Who::Role(role)).collect();
    Flow::starts("待审核")
        .open("待评审")
        .open("公示中")
        .open("退回修改")
        .done("已表彰")
        .dropped("未通过")
        .step("audit", "资格审核通过", &["待审核"], "待评审", &keepers)
        .within_days(5)
        .signed("资格审核")
        .step("return", "退回修改", &["待审核"], "退回修改", &keepers)
        .with_note()
        .step("resubmit", "重新提交", &["退回修改"], "待审核", &[Who::Creator])
        .step("review", "评审通过并公示", &["待评审"], "公示中", &keepers)
        .needs(&["review", "notice_from", "notice_to"])
        .within_days(10)
        .signed("评审小组意见")
        .step("refuse", "未通过", &["待审核", "待评审"], "未通过", &keepers)
        .with_note()
        .step("object", "公示有异议", &["公示中"], "待评审", &keepers)
        .with_note()
        .step("award", "表彰", &["公示中"], "已表彰", &keepers)
        .needs(&["awarded_on", "certificate_number"])
        .within_days(15)
        .signed("学校意见")
        .editable(&["待审核", "退回修改"])
}

/// What an honour says about its notice and award.
pub(crate) struct Award {
    pub nominated_on: NaiveDate,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub awarded_on: Option<NaiveDate>,
    pub today: NaiveDate,
}

impl Award {
    /// The days follow each other, and the notice stood long enough before the award.
    pub(crate) fn check(&self) -> Checks {
        let standing = matches!((self.from, self.to), (Some(from), Some(to)) if to >= from);
        let short = matches!((self.from, self.to), (Some(from), Some(to)) if to >= from && working_days(from, to) < NOTICE);
        Checks::new()
            .not_after_today(self.nominated_on, self.today, "nominated_on")
            .notice(
                self.nominated_on,
                "推荐日期",
                [self.from, self.to],
                ["notice_from", "notice_to"],
            )
            .refuse(
                short,
                "notice_to",
                format!("公示期不少于{NOTICE}个工作日，法定节假日不计"),
            )
            .refuse(
                self.awarded_on.is_some() && !standing,
                "notice_from",
                "没有公示，不能表彰",
            )
            .refuse(
                matches!((self.to, self.awarded_on), (Some(to), Some(on)) if on <= to),
                "awarded_on",
                "公示结束后方可表彰",
            )
            .not_after_today(self.awarded_on, self.today, "awarded_on")
    }
}

/// How many were honoured, and how many at city level or above.
pub(crate) fn indicators(id: &str, whom: &str, unit: &str) -> Vec<IndicatorSpec> {
    let awarded = || Filter::state("已表彰");
    vec![
        indicator(
            &format!("{id}_count"),
            &format!("{whom}表彰数"),
            "已表彰的条数",
            unit,
            Measure::Count { of: awarded() },
        )
        .also(&[&format!("表彰{whom}")]),
        indicator(
            &format!("{id}_city"),
            &format!("{whom}市级以上表彰数"),
            "已表彰且级别为地市级以上的条数",
            unit,
            Measure::Count {
                of: awarded().and("level", Op::AtMost, "30"),
            },
        )
        .also(&[&format!("市级以上优秀{whom}")]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn faults(from: &str, to: &str, awarded: Option<&str>) -> Vec<String> {
        let award = Award {
            nominated_on: day("2026-03-01"),
            from: Some(day(from)),
            to: Some(day(to)),
            awarded_on: awarded.map(day),
            today: day("2026-12-01"),
        };
        award.check().done().into_iter().map(|v| v.field).collect()
    }

    #[test]
    fn five_working_days_are_counted_with_their_holidays() {
        assert_eq!(working_days(day("2026-03-02"), day("2026-03-08")), 5);
        assert!(faults("2026-03-02", "2026-03-06", None).is_empty());
        assert_eq!(faults("2026-03-02", "2026-03-05", None), ["notice_to"]);
        // The National Day holidays of 2026 do not count.
        assert_eq!(faults("2026-09-30", "2026-10-06", None), ["notice_to"]);
    }

    #[test]
    fn the_award_comes_after_the_notice() {
        assert!(faults("2026-03-02", "2026-03-06", Some("2026-03-07")).is_empty());
        assert_eq!(
            faults("2026-03-02", "2026-03-06", Some("2026-03-06")),
            ["awarded_on"]
        );
        let unseen = Award {
            nominated_on: day("2026-03-01"),
            from: None,
            to: None,
            awarded_on: Some(day("2026-03-07")),
            today: day("2026-12-01"),
        };
        assert_eq!(unseen.check().done()[0].field, "notice_from");
    }
}
