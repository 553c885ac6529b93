//! Months in dates (月份): spans, pairs, thirds and days.

use super::date::{Date, Grain, Year, four_digits, week};
use super::numeral;
use crate::view::View;

/// Rule 期-3: a month, a span of months or two months, with 份, 上中下旬, 初, 底, and days.
pub fn month_first(view: &View, i: usize, year: Year, start: usize) -> Option<Date> {
    if year == Year::Implied
        && (matches!(view.before(i), '第' | '每' | '满')
            || view.before(i) == '.' && !after_item_number(view, i))
    {
        return None;
    }
    let (month, at) = small_month(view, i)?;
    let mut d = Date::new(start, at, Grain::Month);
    d.year = year;
    d.month = Some(month);
    d.last_month = Some(month);
    if view.c(at) != '月' {
        // 11-12月, 7、8月
        let joint = view.c(at);
        let next = after_dash(view, at).or_else(|| (joint == '、').then_some(at + 1))?;
        let (last, end) = small(view, next, 12)?;
        // 1、九月份 and, at the head of a line, 1、9月份 are item 1 and September.
        let same_script = view.c(i).is_ascii_digit() == view.c(next).is_ascii_digit();
        let heads = matches!(view.before(i), '\0' | '\n');
        if view.c(end) != '月' || !same_script || joint == '、' && heads && last != month + 1 {
            return None;
        }
        d.last_month = Some(last);
        if joint == '、' && last != month + 1 && last != month {
            d.last_month = Some(month);
            d.second = Some((last, None));
        }
        d.end = end + 1;
    } else {
        d.end = at + 1;
    }
    if view.c(d.end) == '份' {
        d.end += 1;
    }
    third(view, &mut d);
    if let Some((day, end)) = day(view, d.end) {
        d.day = Some(day);
        d.grain = Grain::Day;
        d.end = end;
        day_span(view, &mut d);
    }
    span(view, &mut d);
    if view.c(d.end) == '底' || view.c(d.end) == '末' {
        d.end += 1;
    }
    // 4月第二周 is still April.
    if view.c(d.end) == '第'
        && let Some(w) = week(view, d.end)
    {
        d.end = w.end;
    }
    Some(d)
}

/// Whether the point before `i` ends an item number (`1.9月份…`), not a decimal.
fn after_item_number(view: &View, i: usize) -> bool {
    let mut at = i - 1;
    while view.before(at).is_ascii_digit() && i - at < 4 {
        at -= 1;
    }
    at < i - 1 && matches!(view.before(at), '\0' | '\n' | '；' | '。' | '|' | '：')
}

/// The number before 月, which may not be 月 of a duration (个月) nor part of a longer numeral.
fn small_month(view: &View, i: usize) -> Option<(u8, usize)> {
    let prev = view.before(i);
    if prev.is_ascii_digit() && !view.gap(i) || numeral::chinese_digit(prev).is_some() || prev == '十' {
        return None;
    }
    let found = small(view, i, 12)?;
    // 一月一主题, 一月两次: a cadence.
    let acts =
        matches!(view.c(found.1 + 1), '一' | '两' | '二') && view.c(i) == '一' && view.c(found.1) == '月';
    if acts && day(view, found.1 + 1).is_none() && !matches!(view.c(found.1 + 2), '月' | '十' | '、') {
        return None;
    }
    // 三月 is a month; 三月后 after 不到 is not worth the doubt.
    (!view.starts(found.1, "月饼")).then_some(found)
}

/// 上旬, 中旬, 下旬, 初, 中, 月底 after a month.
fn third(view: &View, d: &mut Date) {
    if let Some(n) = view.any_at(
        d.end,
        &[
            "上旬",
            "中旬",
            "下旬",
            "初",
            "底",
            "末",
            "中下旬",
            "上中旬",
            "中上旬",
        ],
    ) {
        d.end += n;
    }
}

/// `5日`, `5号`
fn day(view: &View, i: usize) -> Option<(u8, usize)> {
    let (day, at) = small(view, i, 31)?;
    if matches!(view.c(at), '日' | '号') && view.c(at + 1) != '楼' {
        return Some((day, at + 1));
    }
    // 3月5-9日, 3月5日、6日 share one 日
    let next = after_dash(view, at).or_else(|| (view.c(at) == '、').then_some(at + 1))?;
    let (last, end) = small(view, next, 31)?;
    matches!(view.c(end), '日' | '号').then_some((last, end + 1))
}

/// `3月5日-9日`, `3月5日至4月10日`
fn day_span(view: &View, d: &mut Date) {
    if let Some(at) = after_dash(view, d.end)
        && let Some((last, end)) = day(view, at)
    {
        d.day = Some(last);
        d.end = end;
    }
}

/// `3月-5月`, `3月至6月底`, `4月和10月`, `3月5日至4月10日`, `11月至次年1月`
fn span(view: &View, d: &mut Date) {
    let joint = view.c(d.end);
    let next = match after_dash(view, d.end) {
        Some(at) => at,
        None if matches!(joint, '和' | '、' | '及' | '与') => d.end + 1,
        None if joint == '或' => d.end + 1 + usize::from(view.c(d.end + 1) == '者'),
        None => return,
    };
    let mut at = next;
    let mut year = d.year;
    if view.starts(at, "次年") || view.starts(at, "明年") {
        year = Year::Relative(1);
        at += 2;
    } else if let Some((y, end)) = four_digits(view, at)
        && view.c(end) == '年'
    {
        year = Year::Named(y);
        at = end + 1;
    }
    let Some((month, end)) = small(view, at, 12) else {
        return;
    };
    if view.c(end) != '月' {
        return;
    }
    let mut end = end + 1;
    if view.c(end) == '份' {
        end += 1;
    }
    let mut other = Date::new(d.start, end, Grain::Month);
    third(view, &mut other);
    let last_day = day(view, other.end);
    if is_dash(joint) {
        d.year = year;
        d.last_month = Some(month);
        d.day = last_day.map(|x| x.0);
        d.grain = if last_day.is_some() {
            Grain::Day
        } else {
            Grain::Month
        };
    } else {
        d.second = Some((month, last_day.map(|x| x.0)));
    }
    d.end = last_day.map_or(other.end, |x| x.1);
}

/// A number from 1 to `limit` in either script.
pub fn small(view: &View, i: usize, limit: u8) -> Option<(u8, usize)> {
    let c = view.c(i);
    if c == '元' && limit == 12 && view.c(i + 1) == '月' {
        return Some((1, i + 1));
    }
    if c.is_ascii_digit() {
        let mut v = 0u32;
        let mut at = i;
        while view.c(at).is_ascii_digit() && (at == i || !view.gap(at)) {
            v = v * 10 + view.c(at).to_digit(10)?;
            at += 1;
            if at - i > 2 {
                return None;
            }
        }
        return (v >= 1 && v <= u32::from(limit)).then_some((v as u8, at));
    }
    let mut at = i;
    while at < i + 3 && (numeral::chinese_digit(view.c(at)).is_some() || view.c(at) == '十') {
        at += 1;
    }
    if at == i || view.c(i) == '两' {
        return None;
    }
    let (v, max) = numeral::value_of(&view.ch[i..at])?;
    (max.is_none() && v >= 1.0 && v <= f64::from(limit)).then_some((v as u8, at))
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '~' | '至' | '到')
}

/// After dashes (`——` is two): where the next thing begins.
pub fn after_dash(view: &View, i: usize) -> Option<usize> {
    let mut at = i;
    while is_dash(view.c(at)) && at < i + 2 {
        at += 1;
    }
    (at > i).then_some(at)
}
