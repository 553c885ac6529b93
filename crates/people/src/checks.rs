//! The words rules are written in: each call refuses one thing and names the field.
use crate::idcard;
use chrono::{Datelike, Days, NaiveDate};
use kernel::error::Violation;
use kernel::register::field::LongText;

/// Collects what is wrong with a record.
#[derive(Debug, Default)]
pub struct Checks(Vec<Violation>);

impl Checks {
    /// Nothing wrong so far.
    pub fn new() -> Checks {
        Checks::default()
    }

    /// Refuses the record when `wrong`.
    pub fn refuse(mut self, wrong: bool, field: &str, message: impl Into<String>) -> Checks {
        if wrong {
            self.0.push(Violation::new(field, message));
        }
        self
    }

    /// Refuses a day after today.
    pub fn not_after_today(self, day: impl Into<Option<NaiveDate>>, today: NaiveDate, field: &str) -> Checks {
        let wrong = day.into().is_some_and(|day| day > today);
        self.refuse(wrong, field, format!("日期不能晚于今天（{today}）"))
    }

    /// Refuses `later` before `earlier`; missing days pass.
    pub fn in_order(
        self,
        earlier: impl Into<Option<NaiveDate>>,
        later: impl Into<Option<NaiveDate>>,
        field: &str,
        message: &str,
    ) -> Checks {
        let wrong = matches!((earlier.into(), later.into()), (Some(a), Some(b)) if b < a);
        self.refuse(wrong, field, message)
    }

    /// Refuses a public notice (公示) of which one end is missing, that begins before `after` (a day and what it is
    /// called) or ends before it begins; `fields` are those of its first and last day.
    pub fn notice(
        self,
        after: impl Into<Option<NaiveDate>>,
        called: &str,
        [from, to]: [Option<NaiveDate>; 2],
        fields: [&str; 2],
    ) -> Checks {
        self.in_order(after, from, fields[0], &format!("公示开始日期不能早于{called}"))
            .refuse(
                from.is_some() != to.is_some(),
                fields[1],
                "公示的开始和结束日期应一并填写",
            )
            .in_order(from, to, fields[1], "公示结束日期不能早于开始日期")
    }

    /// Doubts a public notice shorter than the customary five days.
    pub fn short_notice(self, [from, to]: [Option<NaiveDate>; 2], field: &str) -> Checks {
        let short = matches!((from, to), (Some(from), Some(to)) if to < from + Days::new(4));
        self.refuse(short, field, "公示一般不少于5个工作日")
    }

    /// Refuses a school year (学年), given by the year it starts in, before 2000 or after the coming one.
    pub fn school_year(self, year: i64, today: NaiveDate, field: &str) -> Checks {
        let known = (2000..=i64::from(today.year()) + 1).contains(&year);
        self.refuse(!known, field, "请填学年的起始年份，如2026—2027学年填2026")
    }

    /// Refuses what is not a mobile or fixed-line number.
    pub fn phone(self, number: Option<&str>, field: &str) -> Checks {
        match number.map(idcard::phone) {
            Some(Err(message)) => self.refuse(true, field, message),
            _ => self,
        }
    }

    /// Refuses a resident identity number with a wrong form or check digit, or at odds with birth or sex code.
    pub fn identity(
        self,
        number: Option<&str>,
        birth: Option<NaiveDate>,
        sex: Option<&str>,
        field: &str,
        birth_field: &str,
    ) -> Checks {
        let Some(number) = number else { return self };
        match idcard::IdNumber::parse(number) {
            Err(message) => self.refuse(true, field, message),
            Ok(id) => self
                .refuse(
                    birth.is_some_and(|birth| birth != id.birth()),
                    birth_field,
                    format!("与身份证号中的出生日期（{}）不一致", id.birth()),
                )
                .refuse(
                    matches!(sex, Some(code @ ("1" | "2")) if (code == "1") != id.is_male()),
                    "sex",
                    "与身份证号中的性别不一致",
                ),
        }
    }

    /// What was found.
    pub fn done(self) -> Vec<Violation> {
        self.0
    }
}

/// Whether an optional text says something.
pub fn filled(text: Option<&str>) -> bool {
    text.is_some_and(|text| !text.trim().is_empty())
}

/// Whether an optional text of several lines says something.
pub fn said(text: &Option<LongText>) -> bool {
    filled(text.as_ref().map(|text| text.0.as_str()))
}

/// Full years between two days.
pub fn years_between(from: NaiveDate, to: NaiveDate) -> i32 {
    to.years_since(from).map_or(-1, |years| years as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn fields(checks: Checks) -> Vec<String> {
        checks.done().into_iter().map(|v| v.field).collect()
    }

    #[test]
    fn days_are_compared_only_when_both_are_there() {
        let early = day("2026-03-01");
        let late = day("2026-03-02");
        assert!(fields(Checks::new().in_order(early, late, "b", "")).is_empty());
        assert!(fields(Checks::new().in_order(late, None, "b", "")).is_empty());
        assert_eq!(fields(Checks::new().in_order(late, early, "b", "")), ["b"]);
        assert_eq!(fields(Checks::new().not_after_today(late, early, "a")), ["a"]);
        assert!(fields(Checks::new().not_after_today(early, early, "a")).is_empty());
    }

    #[test]
    fn a_notice_has_two_ends_in_order_after_what_it_tells_of() {
        let check = |from: Option<&str>, to: Option<&str>| {
            let ends = [from.map(day), to.map(day)];
            let asked = day("2026-03-02");
            fields(Checks::new().notice(asked, "申请日期", ends, ["from", "to"]))
        };
        assert!(check(None, None).is_empty());
        assert!(check(Some("2026-03-02"), Some("2026-03-02")).is_empty());
        assert_eq!(check(Some("2026-03-01"), Some("2026-03-09")), ["from"]);
        assert_eq!(check(Some("2026-03-03"), None), ["to"]);
        assert_eq!(check(None, Some("2026-03-03")), ["to"]);
        assert_eq!(check(Some("2026-03-09"), Some("2026-03-08")), ["to"]);
        let short = |to| fields(Checks::new().short_notice([Some(day("2026-03-02")), Some(day(to))], "to"));
        assert_eq!(short("2026-03-05"), ["to"]);
        assert!(short("2026-03-06").is_empty());
    }

    #[test]
    fn a_school_year_is_known_until_the_coming_one() {
        let check = |year| fields(Checks::new().school_year(year, day("2026-03-01"), "year"));
        assert!(check(2000).is_empty() && check(2027).is_empty());
        assert_eq!(check(1999), ["year"]);
        assert_eq!(check(2028), ["year"]);
    }

    #[test]
    fn an_identity_number_must_agree_with_birth_and_sex() {
        let check = |birth: &str, sex: &str| {
            fields(Checks::new().identity(
                Some("11010519491231002X"),
                Some(day(birth)),
                Some(sex),
                "id_number",
                "birth",
            ))
        };
        assert!(check("1949-12-31", "2").is_empty());
        assert_eq!(check("1949-12-30", "2"), ["birth"]);
        assert_eq!(check("1949-12-31", "1"), ["sex"]);
    }

    #[test]
    fn age_counts_full_years() {
        assert_eq!(years_between(day("2008-05-20"), day("2026-05-19")), 17);
        assert_eq!(years_between(day("2008-05-20"), day("2026-05-20")), 18);
        assert_eq!(years_between(day("2027-01-01"), day("2026-05-20")), -1);
    }
}
