//! A cadence over a term: what is owed when.
//!
//! Rules, chosen once for all duties:
//! - A window is clipped to the term; a window without a teaching day imposes nothing and is dropped.
//! - `due` is the last teaching day of the window, so never a holiday or a weekend.
//! - A month or half-month cut short by the edge of the term to fewer than 5 teaching days, or a quarter cut to fewer
//!   than 15, imposes no obligation of its own: its days count for the neighbouring window. (31 August joins 9月.) A
//!   month that is short because of holidays, not of the edge, keeps its obligation.
//! - With an interval the windows are taken together from the first on; an incomplete last group extends the one
//!   before it instead of owing another.
//! - 每学年 is owed once in the term of the plan that says so. Over several years (三年七次) a term owes a year's share,
//!   rounded up.
//! - 节前: a run of three or more days without lessons that holds a holiday, and the vacation itself. The window is the
//!   three calendar days up to the last teaching day before the run.

use std::ops::RangeInclusive;

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::day_table::dates;
use crate::{Cadence, DayKind, DayTable, Every, Parity, Term};

/// A month or half-month of fewer teaching days at the term's edge joins its neighbour.
const MONTH_STUB: usize = 5;
/// A quarter of fewer teaching days at the term's edge joins its neighbour.
const QUARTER_STUB: usize = 15;
/// Days without lessons from which a holiday is reckoned as one to prepare for.
const LONG_HOLIDAY: usize = 3;
/// Calendar days of the window before a holiday.
const BEFORE_HOLIDAY_DAYS: u64 = 3;

/// One expected performance of a duty (应办).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Occurrence {
    /// Position in the term, from 1.
    pub index: u16,
    /// First day that counts.
    pub from: NaiveDate,
    /// Last day that counts.
    pub to: NaiveDate,
    /// How often it is owed in the window.
    pub times: u16,
    /// Last teaching day of the window.
    pub due: NaiveDate,
    /// 第3周, 9月, 第一学期, 国庆节前, 9月1日.
    pub label: String,
}

/// A window before its due day is known.
struct Window {
    from: NaiveDate,
    to: NaiveDate,
    /// Label of its first and, in a group, its last period.
    first: String,
    last: Option<String>,
    /// Whether the edge of the term cut it short.
    clipped: bool,
}

/// What a cadence owes over a term, in order.
pub fn occurrences(term: &Term, days: &DayTable, cadence: &Cadence) -> Vec<Occurrence> {
    let windows = match cadence.every {
        Every::Day => group(daily(term, days, cadence.weeks), cadence.interval),
        Every::Week => group(weekly(term, cadence.weeks), cadence.interval),
        Every::HalfMonth => group(
            solar(term, days, half_month_end, half_month_label, MONTH_STUB),
            cadence.interval,
        ),
        Every::Month => group(
            solar(term, days, month_end, month_label, MONTH_STUB),
            cadence.interval,
        ),
        Every::Quarter => group(
            solar(term, days, quarter_end, quarter_label, QUARTER_STUB),
            cadence.interval,
        ),
        Every::Term => vec![whole(term, term.half().label().to_owned())],
        Every::Year => vec![whole(term, term.year().label())],
        Every::BeforeHoliday => before_holidays(term, days),
    };
    let times = match cadence.every {
        Every::Year => cadence.times.max(1).div_ceil(u16::from(cadence.interval.max(1))),
        _ => cadence.times.max(1),
    };
    windows
        .into_iter()
        .filter_map(|window| {
            let due = days.teaching_days(term, window.from..=window.to).pop()?;
            Some((window, due))
        })
        .zip(1..)
        .map(|((window, due), index)| Occurrence {
            index,
            from: window.from,
            to: window.to,
            times,
            due,
            label: label_of(cadence.every, &window.first, window.last.as_deref()),
        })
        .collect()
}

fn whole(term: &Term, label: String) -> Window {
    window(term.range(), label)
}

fn window(range: RangeInclusive<NaiveDate>, label: String) -> Window {
    Window {
        from: *range.start(),
        to: *range.end(),
        first: label,
        last: None,
        clipped: false,
    }
}

fn daily(term: &Term, days: &DayTable, parity: Option<Parity>) -> Vec<Window> {
    days.teaching_days(term, term.range())
        .into_iter()
        .filter(|date| parity.is_none() || term.parity_of(*date) == parity)
        .map(|date| window(date..=date, format!("{}月{}日", date.month(), date.day())))
        .collect()
}

fn weekly(term: &Term, parity: Option<Parity>) -> Vec<Window> {
    (1..=term.weeks())
        .filter(|week| parity.is_none_or(|parity| Parity::of(*week) == parity))
        .filter_map(|week| {
            term.dates_of(week)
                .map(|range| window(range, format!("第{week}周")))
        })
        .collect()
}

/// Windows that end on days of the solar calendar, stubs at the edges joined to their neighbours.
fn solar(
    term: &Term,
    days: &DayTable,
    end_of: fn(NaiveDate) -> NaiveDate,
    label: fn(NaiveDate) -> String,
    stub: usize,
) -> Vec<Window> {
    let mut windows = Vec::new();
    let mut from = term.start();
    while from <= term.end() {
        let to = end_of(from).min(term.end());
        let starts_within = from > term.start() || end_of(from - Days::new(1)) < from;
        let clipped = !starts_within || to < end_of(from);
        windows.push(Window {
            clipped,
            ..window(from..=to, label(from))
        });
        from = to + Days::new(1);
    }
    let is_stub =
        |window: &Window| window.clipped && days.teaching_days(term, window.from..=window.to).len() < stub;
    if windows.len() > 1 && is_stub(&windows[0]) {
        let stub = windows.remove(0);
        windows[0].from = stub.from;
    }
    if windows.len() > 1 && windows.last().is_some_and(is_stub) {
        let stub = windows.pop();
        if let (Some(last), Some(stub)) = (windows.last_mut(), stub) {
            last.to = stub.to;
        }
    }
    windows
}

/// Takes every `interval` windows together.
fn group(windows: Vec<Window>, interval: u8) -> Vec<Window> {
    let interval = usize::from(interval.max(1));
    let whole_groups = windows.len() / interval;
    let mut groups: Vec<Window> = Vec::new();
    for (at, window) in windows.into_iter().enumerate() {
        match groups.last_mut() {
            Some(group) if at % interval != 0 || at / interval >= whole_groups.max(1) => {
                group.to = window.to;
                group.last = Some(window.first);
            }
            _ => groups.push(window),
        }
    }
    groups
}

fn before_holidays(term: &Term, days: &DayTable) -> Vec<Window> {
    let mut windows = Vec::new();
    let mut last_taught: Option<NaiveDate> = None;
    let mut free_from = term.start();
    let mut run: Vec<DayKind> = Vec::new();
    let before = |last: NaiveDate, earliest: NaiveDate, name: &str| {
        let from = (last - Days::new(BEFORE_HOLIDAY_DAYS - 1)).max(earliest);
        window(from..=last, format!("{name}前"))
    };
    for date in dates(term.start(), term.end()) {
        let kind = days.kind_of(term, date);
        if !kind.is_teaching() {
            run.push(kind);
            continue;
        }
        if let (Some(last), Some(name)) = (last_taught, long_holiday(&run)) {
            windows.push(before(last, free_from, &name));
            free_from = date;
        }
        run.clear();
        last_taught = Some(date);
    }
    if let Some(last) = last_taught {
        windows.push(before(last, free_from, term.half().vacation()));
    }
    windows
}

/// The names of the holidays in a run of days without lessons, if it is long enough.
fn long_holiday(run: &[DayKind]) -> Option<String> {
    let mut names: Vec<&str> = Vec::new();
    for kind in run {
        if let DayKind::Holiday { name } = kind
            && !names.contains(&name.as_str())
        {
            names.push(name);
        }
    }
    (run.len() >= LONG_HOLIDAY && !names.is_empty()).then(|| names.join("、"))
}

/// 第3周; 第3—4周; 9—10月; 9月上半月—10月上半月.
fn label_of(every: Every, first: &str, last: Option<&str>) -> String {
    match (every, last) {
        (_, None) => first.to_owned(),
        (Every::Week, Some(last)) => {
            format!(
                "{}—{}",
                first.trim_end_matches('周'),
                last.trim_start_matches('第')
            )
        }
        (Every::Month, Some(last)) => format!("{}—{last}", first.trim_end_matches('月')),
        (_, Some(last)) => format!("{first}—{last}"),
    }
}

fn month_end(date: NaiveDate) -> NaiveDate {
    let next = date
        .with_day(1)
        .and_then(|first| first.checked_add_months(chrono::Months::new(1)));
    next.and_then(|first| first.pred_opt()).unwrap_or(date)
}

fn half_month_end(date: NaiveDate) -> NaiveDate {
    if date.day() <= 15 {
        date.with_day(15).unwrap_or(date)
    } else {
        month_end(date)
    }
}

fn quarter_end(date: NaiveDate) -> NaiveDate {
    let months_left = 2 - date.month0() % 3;
    let last_month = date
        .with_day(1)
        .and_then(|first| first.checked_add_months(chrono::Months::new(months_left)));
    last_month.map_or(date, month_end)
}

fn month_label(date: NaiveDate) -> String {
    format!("{}月", date.month())
}

fn half_month_label(date: NaiveDate) -> String {
    format!(
        "{}月{}半月",
        date.month(),
        if date.day() <= 15 { "上" } else { "下" }
    )
}

fn quarter_label(date: NaiveDate) -> String {
    let names = ["第一季度", "第二季度", "第三季度", "第四季度"];
    names[date.month0() as usize / 3].to_owned()
}
