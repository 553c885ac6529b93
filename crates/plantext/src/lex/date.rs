//! Dates and month labels (日期): `2025年末`, `6月中旬前`, 三月份, `3月-5月`, `11~12月`, `2024年3月5日`, 第三周.

use super::month::{after_dash, month_first, small};
use super::numeral;
use crate::view::View;

/// Which year a date names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Year {
    /// Not named: the document's.
    Implied,
    /// `2024年`
    Named(i32),
    /// 今年 0, 明年 1, 去年 −1.
    Relative(i32),
}

/// How fine the date is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grain {
    /// Only a year.
    Year,
    /// A half year or quarter.
    Part,
    /// A month, or a third of one.
    Month,
    /// A day.
    Day,
    /// A phrase without a calendar value: 新学期初, 第三周.
    Phrase,
}

/// A date expression as written. Spans keep their end; `second` is the other of two separate dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Date {
    /// First view index.
    pub start: usize,
    /// One past the last, without 前/之前.
    pub end: usize,
    /// One past 前/之前/内, if it stands there.
    pub tail: usize,
    /// The year.
    pub year: Year,
    /// First month.
    pub month: Option<u8>,
    /// Last month of a span (else the same).
    pub last_month: Option<u8>,
    /// Last day.
    pub day: Option<u8>,
    /// A second, separate month (4月和10月).
    pub second: Option<(u8, Option<u8>)>,
    /// How fine.
    pub grain: Grain,
    /// 前, 之前, 以前, 底前, 内.
    pub before: bool,
    /// 末, 年末: the phrase is the due date.
    pub close: bool,
    /// 起, 开始, 以来, 至今: not a deadline.
    pub since: bool,
    /// 到, 至 stood before it (到2025年).
    pub until: bool,
}

impl Date {
    /// An empty date over a span.
    pub fn new(start: usize, end: usize, grain: Grain) -> Self {
        Self {
            start,
            end,
            tail: end,
            year: Year::Implied,
            month: None,
            last_month: None,
            day: None,
            second: None,
            grain,
            before: false,
            close: false,
            since: false,
            until: false,
        }
    }
}

const PHRASES: &[&str] = &[
    "新学期开学初",
    "新学期初",
    "新学期开学前",
    "开学初",
    "学期初",
    "学期末",
    "学年末",
    "学年初",
    "期初",
    "期末前",
];

/// Every date of the text in order; they do not overlap.
pub fn all(view: &View) -> Vec<Date> {
    let mut dates = Vec::new();
    let mut i = 0;
    while i < view.len() {
        match lex(view, i) {
            Some(mut d) => {
                finish(view, &mut d);
                i = d.end.max(i + 1);
                dates.push(d);
            }
            None => {
                // A number is skipped whole, so that no date begins inside it.
                if view.c(i).is_ascii_digit() {
                    while view.c(i).is_ascii_digit() {
                        i += 1;
                    }
                } else {
                    i += 1;
                }
            }
        }
    }
    dates
}

fn lex(view: &View, i: usize) -> Option<Date> {
    let c = view.c(i);
    if let Some(feast) = festival(view, i) {
        return Some(feast);
    }
    if c.is_ascii_digit() || numeral::chinese_digit(c).is_some() || c == '十' {
        return year_first(view, i)
            .or_else(|| dotted(view, i))
            .or_else(|| cell_span(view, i))
            .or_else(|| month_first(view, i, Year::Implied, i))
            .or_else(|| quarter(view, i, Year::Implied, i));
    }
    match c {
        '元' => month_first(view, i, Year::Implied, i),
        '今' | '明' | '本' | '次' | '去' | '当' | '来' if view.c(i + 1) == '年' => relative(view, i),
        '年' if matches!(view.c(i + 1), '底' | '末') && view.before(i) != '每' => {
            let mut d = Date::new(i, i + 2, Grain::Month);
            d.month = Some(12);
            d.last_month = Some(12);
            Some(d)
        }
        '上' | '下' if view.starts(i + 1, "半年") => half(view, i, Year::Implied, i),
        '第' => quarter(view, i + 1, Year::Implied, i).or_else(|| week(view, i)),
        '新' | '学' | '开' | '期' if view.before(i) != '每' && view.before(i) != '本' => {
            let n = view.any_at(i, PHRASES)?;
            (!view.ends(i, "每学")).then(|| Date::new(i, i + n, Grain::Phrase))
        }
        _ => None,
    }
}

/// Rule 期-6: 国庆节前, 寒假前: a deadline named by a feast or a holiday, its own phrase.
fn festival(view: &View, i: usize) -> Option<Date> {
    const FEASTS: &[&str] = &[
        "元旦",
        "元旦节",
        "春节",
        "国庆",
        "国庆节",
        "五一",
        "中秋",
        "中秋节",
        "教师节",
        "六一",
        "端午节",
        "清明节",
        "寒假",
        "暑假",
        "放寒假",
        "放暑假",
        "期中考试",
        "期末考试",
        "学期结束",
        "学年结束",
        "开学",
        "新学期开学",
        "放假",
    ];
    let n = view.any_at(i, FEASTS)?;
    let before = view.any_at(i + n, &["前", "之前"])?;
    let recurring = matches!(view.before(i), '每' | '次' | '、' | '和' | '及')
        || view.any_at(i + n, &["前夕", "前后"]).is_some();
    let mut d = Date::new(i, i + n + before, Grain::Phrase);
    d.before = true;
    (!recurring).then_some(d)
}

/// Rule 期-1: a year, then whatever refines it.
fn year_first(view: &View, i: usize) -> Option<Date> {
    let (year, at) = four_digits(view, i).or_else(|| two_digits(view, i))?;
    if view.c(at) != '年' {
        return None;
    }
    refine(view, i, at + 1, Year::Named(year))
}

/// `24年3月`: two digits are a year only before a month.
fn two_digits(view: &View, i: usize) -> Option<(i32, usize)> {
    let digit = |at: usize| view.c(at).to_digit(10);
    let year = digit(i)? * 10 + digit(i + 1)?;
    let fits = !view.before(i).is_ascii_digit() && view.c(i + 2) == '年';
    let (_, end) = small(view, i + 3, 12)?;
    (fits && year < 50 && view.c(end) == '月').then_some((2000 + year as i32, i + 2))
}

/// Four digits of a year, in either script.
pub fn four_digits(view: &View, i: usize) -> Option<(i32, usize)> {
    if view.before(i).is_ascii_digit() {
        return None;
    }
    let mut year = 0i32;
    for k in 0..4 {
        let c = view.c(i + k);
        let d = c
            .to_digit(10)
            .or_else(|| numeral::chinese_digit(c).filter(|_| c != '两'))?;
        year = year * 10 + d as i32;
    }
    ((1900..2100).contains(&year) && !view.c(i + 4).is_ascii_digit()).then_some((year, i + 4))
}

fn relative(view: &View, i: usize) -> Option<Date> {
    let offset = match view.c(i) {
        '明' | '次' | '来' => 1,
        '去' => -1,
        _ => 0,
    };
    refine(view, i, i + 2, Year::Relative(offset))
}

/// What may follow a year: 度, 底, 末, a month, a half, a quarter.
fn refine(view: &View, start: usize, at: usize, year: Year) -> Option<Date> {
    if let Some(d) = month_first(view, at, year, start)
        .or_else(|| quarter(view, if view.c(at) == '第' { at + 1 } else { at }, year, start))
        .or_else(|| half(view, at, year, start))
    {
        return Some(d);
    }
    let mut d = Date::new(start, at, Grain::Year);
    d.year = year;
    match view.c(at) {
        '底' => {
            d.grain = Grain::Month;
            d.month = Some(12);
            d.last_month = Some(12);
            d.end = at + 1;
        }
        '末' => {
            d.close = true;
            d.end = at + 1;
            if year == Year::Relative(0) {
                d.grain = Grain::Month;
                d.month = Some(12);
                d.last_month = Some(12);
                d.close = false;
            }
        }
        '初' => d.end = at + 1,
        '度' => d.end = at + 1,
        _ => {}
    }
    Some(d)
}

/// Rule 期-2: `2024.3.5`, `2024-03-05`, `2024/3/5`, `2024.03`.
fn dotted(view: &View, i: usize) -> Option<Date> {
    let (year, at) = four_digits(view, i)?;
    let sep = view.c(at);
    if !matches!(sep, '.' | '-' | '/') {
        return None;
    }
    let (month, at) = small(view, at + 1, 12)?;
    let mut d = Date::new(i, at, Grain::Month);
    d.year = Year::Named(year);
    d.month = Some(month);
    d.last_month = Some(month);
    if view.c(at) == sep
        && let Some((day, end)) = small(view, at + 1, 31)
    {
        d.day = Some(day);
        d.grain = Grain::Day;
        d.end = end;
    } else if sep == '-' || (view.c(at).is_ascii_digit() || matches!(view.c(at), '%' | '万' | '元')) {
        return None;
    }
    Some(d)
}

/// `9.1-9.7` alone in a table cell or brackets.
fn cell_span(view: &View, i: usize) -> Option<Date> {
    if !matches!(view.before(i), '|' | '（' | '\n') {
        return None;
    }
    let (month, at) = small(view, i, 12)?;
    let (day, at) = if view.c(at) == '.' {
        small(view, at + 1, 31)?
    } else {
        return None;
    };
    let mut d = Date::new(i, at, Grain::Day);
    (d.month, d.last_month, d.day) = (Some(month), Some(month), Some(day));
    let next = after_dash(view, at)?;
    let (last, end) = small(view, next, 31)?;
    if view.c(end) == '.' {
        let (day, end) = small(view, end + 1, 31)?;
        (d.last_month, d.day, d.end) = (Some(last), Some(day), end);
    } else {
        (d.day, d.end) = (Some(last), end);
    }
    let plain = d.last_month.is_some_and(|m| m <= 12) && matches!(view.c(d.end), '|' | '）' | '\n' | '\0');
    plain.then_some(d)
}

/// Rule 期-4: 第一季度, 四季度 end in their last month.
fn quarter(view: &View, i: usize, year: Year, start: usize) -> Option<Date> {
    let (n, at) = small(view, i, 4)?;
    if !view.starts(at, "季度") || view.before(start) == '每' {
        return None;
    }
    let mut d = Date::new(start, at + 2, Grain::Part);
    d.year = year;
    d.month = Some(n * 3 - 2);
    d.last_month = Some(n * 3);
    Some(d)
}

/// 上半年, 下半年
fn half(view: &View, i: usize, year: Year, start: usize) -> Option<Date> {
    let (first, last) = match view.c(i) {
        '上' => (1, 6),
        '下' => (7, 12),
        _ => return None,
    };
    if !view.starts(i + 1, "半年") {
        return None;
    }
    let mut d = Date::new(start, i + 3, Grain::Part);
    d.year = year;
    d.month = Some(first);
    d.last_month = Some(last);
    Some(d)
}

/// Rule 期-5: 第三周, 第3-4周: a week of the term is its own phrase.
pub fn week(view: &View, i: usize) -> Option<Date> {
    let (_, mut at) = small(view, i + 1, 25)?;
    if let Some(next) = after_dash(view, at).or_else(|| (view.c(at) == '、').then_some(at + 1)) {
        let next = if view.c(next) == '第' { next + 1 } else { next };
        at = small(view, next, 25)?.1;
    }
    let n = if view.c(at) == '周' {
        1
    } else {
        view.any_at(at, &["教学周"])?
    };
    (!matches!(view.c(at + n), '年' | '岁')).then(|| Date::new(i, at + n, Grain::Phrase))
}

/// The words around a date that say what sort of limit it is.
fn finish(view: &View, d: &mut Date) {
    d.until = matches!(view.before(d.start), '到' | '至') || view.ends(d.start, "截至");
    d.tail = d.end;
    if d.before {
        return;
    }
    if let Some(n) = view.any_at(d.end, &["之前", "以前", "底前", "前", "年内", "内", "以内"])
        && !view.starts(d.end, "前后")
        && !view.starts(d.end, "前夕")
        && !view.starts(d.end, "内容")
        && !view.starts(d.end, "内涵")
        && !view.starts(d.end, "前期")
    {
        d.tail = d.end + n;
        d.before = true;
    }
    d.since = view
        .any_at(d.end, &["起", "开始", "以来", "至今", "之后", "以后"])
        .is_some()
        && (matches!(view.before(d.start), '从' | '自')
            || view.any_at(d.end, &["以来", "至今", "起"]).is_some());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Date {
        let found = all(&View::new(text));
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        found[0].clone()
    }

    #[test]
    fn months_and_their_parts() {
        let d = one("6月中旬前完成");
        assert_eq!((d.month, d.end, d.tail, d.before), (Some(6), 4, 5, true));
        assert_eq!(one("三月份：").month, Some(3));
        assert_eq!(one("十二月").month, Some(12));
        assert_eq!(one("11~12月").last_month, Some(12));
        assert_eq!(one("3月-5月").last_month, Some(5));
        assert_eq!(one("4月和10月").second, Some((10, None)));
        assert_eq!(one("7、8月").last_month, Some(8));
        assert_eq!(one("年底前").month, Some(12));
    }

    #[test]
    fn years_and_days() {
        let d = one("2024年3月5日");
        assert_eq!((d.year, d.month, d.day), (Year::Named(2024), Some(3), Some(5)));
        let d = one("到2025年末");
        assert!(d.until && d.close && d.grain == Grain::Year);
        assert_eq!(one("3月5日至4月10日").last_month, Some(4));
        assert_eq!(one("3月5日至4月10日").day, Some(10));
        assert_eq!(one("2024.3.15").day, Some(15));
        assert_eq!(one("明年1月").year, Year::Relative(1));
        assert_eq!(one("第三周").grain, Grain::Phrase);
        assert_eq!(one("第一季度").last_month, Some(3));
    }

    #[test]
    fn durations_and_counts_are_not_dates() {
        assert!(all(&View::new("累计4个月，每月2次，满3月龄，12个班")).is_empty());
    }
}
