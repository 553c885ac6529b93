//! Words for figures, dates, numbers and people.
use crate::model::{Kind, plain};
use crate::standing::State;
use crate::summary::markup::link;
use crate::summary::snapshot::{Counts, Figure, Item, Snapshot};
use chrono::{Datelike, NaiveDate};

/// `2026年9月1日`
pub fn date(day: NaiveDate) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// `11月15日`, with the year where it is another than that of `beside`.
pub fn date_in(day: NaiveDate, beside: NaiveDate) -> String {
    if day.year() == beside.year() {
        format!("{}月{}日", day.month(), day.day())
    } else {
        date(day)
    }
}

/// 一, 十, 二十一: numbers below a hundred as sections are counted.
pub fn chinese(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let (tens, ones) = (number / 10 % 10, number % 10);
    let head = match tens {
        0 => String::new(),
        1 => "十".into(),
        tens => format!("{}十", DIGITS[tens]),
    };
    format!("{head}{}", DIGITS[ones])
}

/// `达标2项、如期推进3项`: every state that occurs, each count a link.
pub fn standing(counts: &Counts, href: impl Fn(State) -> String) -> String {
    const WORDS: [(State, &str); 6] = [
        (State::Met, "达标"),
        (State::Early, "提前完成"),
        (State::OnTrack, "如期推进"),
        (State::Behind, "滞后"),
        (State::Missed, "逾期未达"),
        (State::NoData, "暂无数据"),
    ];
    let parts: Vec<String> = WORDS
        .iter()
        .filter(|(state, _)| counts.state(*state) > 0)
        .map(|(state, word)| {
            format!(
                "{word}{}",
                link(&format!("{}项", counts.state(*state)), &href(*state))
            )
        })
        .collect();
    parts.join("、")
}

/// `总务处（张三）`
pub fn who(item: &Item) -> String {
    match item.owner.as_str() {
        "" => item.office.clone(),
        owner => format!("{}（{owner}）", item.office),
    }
}

/// By when something open is to be mended: its own due day while that is to come, else the end of the term.
pub fn mend_by(item: &Item, snapshot: &Snapshot) -> String {
    if item.due > snapshot.to {
        format!("于{}前", date_in(item.due, snapshot.to))
    } else if snapshot.term_to > snapshot.to {
        format!("于{}前", date_in(snapshot.term_to, snapshot.to))
    } else {
        "于下学期开学前".into()
    }
}

/// What mending means: 达到约定, 补齐欠办次数, 完成.
pub fn mended(item: &Item) -> &'static str {
    match item.kind {
        Kind::Task => "完成",
        Kind::Duty | Kind::VagueDuty => "补齐欠办次数",
        Kind::Target if item.ceiling => "采取措施遏止增加",
        Kind::Target | Kind::Result => "达到约定",
    }
}

/// What was promised, dates as people write them: `10月31日前`.
pub fn promise(item: &Item, to: NaiveDate) -> String {
    if item.promise == format!("{}前", item.due) {
        return format!("{}前", date_in(item.due, to));
    }
    item.promise.clone()
}

/// [`promise`] as running text: `95%` for ≥95%.
fn bare(item: &Item, to: NaiveDate) -> String {
    promise(item, to).replace(['≥', '≤'], "")
}

/// A value to come: people and things are whole, shares are not.
pub fn forecast(item: &Item) -> Option<String> {
    let whole = item.unit != "%" && item.target.is_some_and(|t| t % 100 == 0);
    item.forecast.map(|f| match whole {
        true => format!("{}{}", plain(f - f.rem_euclid(100)), item.unit),
        false => format!("{}{}", plain(f), item.unit),
    })
}

fn coming(item: &Item) -> Option<String> {
    forecast(item).map(|words| link(&words, &item.page()))
}

/// The figure as a link to its rows.
pub fn value(item: &Item) -> String {
    link(item.actual(), &item.href())
}

/// How a commitment stands, in one clause without a full stop.
pub fn clause(item: &Item, snapshot: &Snapshot) -> String {
    let words = match (item.kind, &item.figure) {
        (Kind::Task, None) => task(item, snapshot.to),
        (Kind::Duty | Kind::VagueDuty, Some(figure)) => duty(item, figure),
        (_, Some(figure)) => format!("{}{}", target(item, snapshot.to), added(item, figure)),
        (_, None) => format!("{}（约定{}）尚无数据", item.title, bare(item, snapshot.to)),
    };
    let said: Vec<&str> = item
        .notes
        .iter()
        .map(|n| n.text.trim_end_matches(['。', '；']))
        .filter(|text| !text.is_empty())
        .collect();
    if said.is_empty() {
        words
    } else {
        format!("{words}（{}）", said.join("；"))
    }
}

fn target(item: &Item, to: NaiveDate) -> String {
    let (title, promise, value) = (&item.title, bare(item, to), value(item));
    let actual = actual_of(item);
    let within = item
        .target
        .zip(actual)
        .is_some_and(|(target, actual)| actual <= target);
    match (item.state, item.ceiling) {
        (State::Met, false) => format!("{title}达到{value}，完成约定目标（{promise}）"),
        (State::Early, _) => format!("{title}已达{value}，提前完成约定目标（{promise}）"),
        (State::Met | State::OnTrack, true) if item.target == Some(0) => {
            format!("{title}为{value}，实现约定的零发生")
        }
        (State::Met | State::OnTrack, true) => {
            format!("{title}为{value}，控制在约定上限（{promise}）以内")
        }
        (State::OnTrack, false) => match coming(item) {
            Some(coming) if item.target > actual => {
                format!("{title}为{value}（目标{promise}），按目前进度到期预计达到{coming}")
            }
            _ => format!("{title}为{value}，达到约定目标（{promise}）"),
        },
        (State::Behind, true) if within => {
            format!("{title}为{value}，按目前趋势到期将超过约定上限（{promise}）")
        }
        (State::Behind, true) => format!("{title}为{value}，已超过约定上限（{promise}）"),
        (State::Missed, true) => format!("{title}为{value}，超过约定上限（{promise}）"),
        (State::Behind, false) => match coming(item).filter(|_| item.forecast != actual) {
            Some(coming) => {
                format!("{title}为{value}，按目前进度到期预计达到{coming}，低于约定目标（{promise}）")
            }
            None => format!("{title}为{value}，低于约定目标（{promise}）"),
        },
        (State::Missed, false) => format!("{title}为{value}，到期未达到约定目标（{promise}）"),
        (State::NoData, _) => format!("{title}为{value}（约定{promise}）"),
    }
}

fn actual_of(item: &Item) -> Option<i64> {
    item.figure.as_ref().and_then(|f| f.actual)
}

/// What the period itself added to a value that grows through the term.
fn added(item: &Item, figure: &Figure) -> String {
    match figure.added {
        // Where nothing may happen at all, the period needs no word of its own.
        Some((number, _)) if item.target != Some(0) => {
            let words = link(&format!("{number}{}", item.unit), &item.href());
            format!("，其中本期{words}")
        }
        _ => String::new(),
    }
}

fn duty(item: &Item, figure: &Figure) -> String {
    let Some(owed) = figure.denominator else {
        return format!("{}（{}）已办{}", item.title, item.promise, value(item));
    };
    let times = |n: i64| link(&format!("{n}次"), &item.href());
    let mut words = format!(
        "{}（{}）应办{}、已办{}",
        item.title,
        item.promise,
        times(owed),
        times(figure.numerator)
    );
    if let Some((done, Some(owed))) = figure.added {
        words.push_str(&format!("，其中本期应办{}、已办{}", times(owed), times(done)));
    }
    words
}

/// Units that owe something: the first few by name, the rest as a number.
pub fn late(item: &Item) -> Option<String> {
    const NAMED: usize = 6;
    if item.late.is_empty() {
        return None;
    }
    let names: Vec<String> = item
        .late
        .iter()
        .take(NAMED)
        .map(|l| format!("{}欠{}", l.unit, link(&format!("{}次", l.short), &item.page())))
        .collect();
    let more = match item.late.len() {
        n if n > NAMED => {
            let sum: i64 = item.late.iter().map(|l| l.short).sum();
            let here = |words: String| link(&words, &item.page());
            format!(
                "等{}，共欠{}",
                here(format!("{n}个单位")),
                here(format!("{sum}次"))
            )
        }
        _ => String::new(),
    };
    Some(format!("{}{more}", names.join("、")))
}

fn task(item: &Item, to: NaiveDate) -> String {
    let day = |day| link(&date_in(day, to), &item.page());
    match (item.done_on, item.state) {
        (Some(done), State::Early) => format!("{}已于{}提前完成", item.title, day(done)),
        (Some(done), State::Missed) => {
            format!(
                "{}于{}完成，晚于约定期限（{}）",
                item.title,
                day(done),
                item.promise
            )
        }
        (Some(done), _) => format!("{}已于{}完成", item.title, day(done)),
        (None, State::Missed) => format!("{}到期未完成（约定{}）", item.title, bare(item, to)),
        (None, _) => format!("{}正在推进，期限{}", item.title, day(item.due)),
    }
}
