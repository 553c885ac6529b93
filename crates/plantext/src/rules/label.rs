//! Month tables (月份安排): labels at the head of lines, rows and sentences, and what they govern.

use super::task::{second, written};
use crate::lex::date::{Date, Grain, Year};
use crate::model::{Commitment, DocumentKind, Kind};
use crate::outline::{self, Line, Style, Tense};
use crate::reading::{REACH, Reading};

/// A labelled stretch: `3月：` and what it governs.
pub struct Labelled {
    /// Where the date stands.
    pub label: usize,
    /// Where its stretch begins.
    pub start: usize,
    /// One past its end.
    pub end: usize,
    /// Its due date.
    pub due: String,
    /// A list of items or a row of a table: days named inside are its details.
    pub several: bool,
}

/// The year of the last month label, so that 1月 after 12月 is the next year's.
#[derive(Default)]
pub struct Rollover {
    last: Option<(i32, u8)>,
}

impl Rollover {
    fn year(&mut self, r: &Reading, month: u8, named: Year) -> Option<i32> {
        let own = r.head.calendar.year_of(month);
        let year = match (named, self.last) {
            (Year::Named(y), _) => Some(y),
            (Year::Relative(k), _) => r.head.calendar.year().map(|y| y + k),
            (Year::Implied, Some((y, m))) if m >= 10 && month <= 2 => {
                Some(own.map_or(y + 1, |o| o.max(y + 1)))
            }
            (Year::Implied, Some((y, m))) if m <= 2 && (m..=m + 2).contains(&month) => {
                Some(own.map_or(y, |o| o.max(y)))
            }
            _ => own,
        };
        if let Some(y) = year {
            self.last = Some((y, month));
        }
        year
    }
}

/// Rule 任-1: a date at the head of a line, of a table row or of a sentence before ： labels what follows.
pub fn labels(r: &Reading, years: &mut Rollover, found: &mut Vec<Commitment>) -> Vec<Labelled> {
    let mut lists = Vec::new();
    if r.head.kind == DocumentKind::News {
        return lists;
    }
    let with_year = |l: &&Line| l.label.is_some_and(|n| r.dates[n].year != Year::Implied);
    let several = r.lines.iter().filter(with_year).count() > 1;
    for (n, line) in r.lines.iter().enumerate() {
        if line.end <= r.head.body {
            continue;
        }
        let named = line.label.map(|l| &r.dates[l]);
        let row = row_date(r, line);
        let dated = named
            .filter(|d| d.grain == Grain::Phrase)
            .and_then(|d| calendar_of(r, d));
        let date = row
            .filter(|d| d.grain != Grain::Phrase)
            .or(dated)
            .or(named)
            .or(row);
        let heads = inline_heads(r, line);
        if heads.len() > 1 || date.is_none() {
            for (k, date) in heads.iter().enumerate().filter(|h| !past_label(r, line, h.1)) {
                let end = heads.get(k + 1).map_or(line.end, |d| d.start);
                let items = inline_items(r, date.tail + 1, end);
                emit(r, years, date, (date.start, end), items, &mut lists, found);
            }
            continue;
        }
        let Some(date) = date.filter(|d| !past_label(r, line, d)) else {
            continue;
        };
        let alone = date.tail >= line.end;
        if alone && date.year != Year::Implied && !several {
            continue;
        }
        let (end, items) = governed(r, n, date);
        if end <= date.tail + 1 && line.row {
            // An empty week of a calendar: its dates are no tasks either.
            lists.push(Labelled {
                label: date.start,
                start: line.start,
                end,
                due: String::new(),
                several: true,
            });
            continue;
        }
        let start = match named {
            _ if line.row => line.start,
            Some(label) => label.start,
            None => date.start,
        };
        if end > date.tail {
            emit(r, years, date, (start, end), items, &mut lists, found);
        }
    }
    lists
}

/// 第一周（8.28—9.3）, 第二周 9月4日—9月10日: the calendar date right behind a week.
fn calendar_of<'a>(r: &'a Reading, week: &Date) -> Option<&'a Date> {
    let n = r.dates.partition_point(|d| d.start <= week.start);
    r.dates.get(n).filter(|d| {
        matches!(d.grain, Grain::Month | Grain::Day)
            && (d.start == week.tail
                || d.start == week.tail + 1 && matches!(r.view.c(week.tail), '（' | '：'))
    })
}

fn past_label(r: &Reading, line: &Line, date: &Date) -> bool {
    r.head.kind == DocumentKind::Summary && line.tense != Some(Tense::Future)
        || line.tense == Some(Tense::Past)
        || date.year == Year::Relative(-1)
}

/// A cell that holds nothing but a date; a calendar date before a phrase (第1周 | 9月4日).
fn row_date<'a>(r: &'a Reading, line: &Line) -> Option<&'a Date> {
    if !line.row {
        return None;
    }
    let first = r.dates.partition_point(|d| d.start < line.start);
    let mut phrase = None;
    for d in r.dates[first..].iter().take_while(|d| d.start < line.end) {
        // 第1周（9.4-9.8）: a bracket counts only behind another date.
        let behind = |at: usize| {
            let n = r.dates.partition_point(|o| o.start < at);
            line.start + 1 == at || n > 0 && r.dates[n - 1].tail + 1 == at
        };
        let opens = match r.view.before(d.start) {
            '|' => true,
            '（' => behind(d.start),
            _ => d.start == line.start,
        };
        let closes = d.tail == line.end || matches!(r.view.c(d.tail), '|' | '（' | '）');
        match (opens && closes, d.grain) {
            (true, Grain::Phrase) => phrase = phrase.or(Some(d)),
            (true, Grain::Month | Grain::Day | Grain::Part) => return Some(d),
            _ => {}
        }
    }
    phrase
}

/// How far a label reaches: the rest of its line, or the list under it; and how many items that list has.
fn governed(r: &Reading, n: usize, date: &Date) -> (usize, u32) {
    let v = &r.view;
    let line = &r.lines[n];
    let mut at = date.tail.min(line.end);
    if v.c(at) == '（' {
        at = v.find(at, (at + 24).min(line.end), |c| c == '）');
    }
    let said = v.find(at, line.end, |c| matches!(c, '：' | '|'));
    let body = if said < line.end { said + 1 } else { at };
    let content = line.end.saturating_sub(body) > 1 && (said < line.end || line.end - at > 8);
    let mut items = inline_items(r, body, line.end);
    let mut end = line.end;
    let own = line.marker.map(|m| m.style);
    let mut style = outline::marker(v, body).map(|m| m.style);
    let mut plain = false;
    for next in &r.lines[n + 1..] {
        if next.label.is_some() || row_date(r, next).is_some() || items > 400 {
            break;
        }
        match next.marker {
            Some(m) => {
                // 三月主题：…… and then 1., 2., 3.: the list is the month's.
                let below = own.is_none() && m.style >= Style::Arabic && m.ordinal == 1;
                let enough = content && style.is_none() && !below;
                let outer = own.is_some_and(|o| m.style <= o) || (style.is_some_and(|s| m.style < s));
                let top = style.is_none() && m.style <= Style::ChineseBracket && own.is_none() && plain;
                if enough
                    || outer
                    || top
                    || (m.style <= Style::Chinese && style != Some(m.style) && heading_like(r, next))
                {
                    break;
                }
                style = style.or(Some(m.style));
                if Some(m.style) == style {
                    items += inline_items(r, next.start, next.end).max(1);
                }
            }
            None if line.row => {
                if !next.row || v.c(next.start) != '|' {
                    break;
                }
            }
            None => {
                let other = ["寒假", "暑假", "全年", "长期", "常规工作", "备注", "说明", "注："];
                if v.any_at(next.start, &other).is_some()
                    && v.find(next.start, next.start + 6, |c| c == '：') < next.end
                {
                    break;
                }
                if content || style.is_some() || next.row || next.end - next.start > 300 {
                    break;
                }
                plain = true;
                items += 1;
            }
        }
        end = next.end;
    }
    (end, items)
}

fn heading_like(r: &Reading, line: &Line) -> bool {
    line.end - line.start <= 30 && !matches!(r.view.before(line.end), '。' | '；')
}

/// Items numbered inside a line: `1.…；2.…`
fn inline_items(r: &Reading, start: usize, end: usize) -> u32 {
    let mut count = 0;
    let mut i = start;
    while i < end {
        if (i == start || matches!(r.view.before(i), '。' | '；' | '：' | '，' | '|') || r.view.gap(i))
            && let Some(m) = outline::marker(&r.view, i)
            && m.ordinal == count + 1
        {
            count += 1;
            i = m.end;
        } else {
            i += 1;
        }
    }
    count
}

/// 3月：…。4月：… in one line: the dates before ： that open a sentence or an item.
fn inline_heads<'a>(r: &'a Reading, line: &Line) -> Vec<&'a Date> {
    let v = &r.view;
    let first = r.dates.partition_point(|d| d.start < line.start);
    r.dates[first..]
        .iter()
        .take_while(|d| d.start < line.end)
        .filter(|d| {
            let colon = v.c(d.tail) == '：' || v.starts(d.tail, "份：") || v.starts(d.tail, "工作：");
            let opens = d.start == line.body()
                || matches!(v.before(d.start), '。' | '；' | '，' | '（' | '|' | '：')
                || v.gap(d.start);
            colon && opens && matches!(d.grain, Grain::Month | Grain::Phrase | Grain::Day)
        })
        .collect()
}

fn emit(
    r: &Reading,
    years: &mut Rollover,
    date: &Date,
    (start, end): (usize, usize),
    items: u32,
    lists: &mut Vec<Labelled>,
    found: &mut Vec<Commitment>,
) {
    let due = match date.last_month {
        Some(month) => {
            let first = date.month.unwrap_or(month);
            let year = years
                .year(r, first, date.year)
                .map(|y| y + i32::from(month < first && date.year == Year::Implied));
            written(year, month, date.day)
        }
        None => r.view.quote(date.start, date.end),
    };
    let row = r.lines.get(r.sentence(date.start).line).is_some_and(|l| l.row);
    let mut c = r.commitment(Kind::Task, start, end);
    c.activity = Some(
        r.view
            .text(date.tail, end.min(date.tail + REACH))
            .trim_matches(['：', '|', '份'])
            .to_string(),
    );
    c.due2 = second(r, date);
    c.items = (items > 1).then_some(items);
    c.due = Some(due.clone());
    lists.push(Labelled {
        label: date.start,
        start,
        end,
        due,
        several: items > 1 || row,
    });
    found.push(c);
}
