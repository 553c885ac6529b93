//! A section of the plan: what was promised, what the records show, what is open and how it is mended.
use super::phrase::{chinese, clause, late, mend_by, mended, standing, who};
use super::{Block, Shape, element, heading, table, text};
use crate::model::{Kind, plain};
use crate::summary::markup::link;
use crate::summary::snapshot::{Counts, Group, Item, Part, Snapshot};

/// Writes heading, texts and table of a section.
pub fn write(snapshot: &Snapshot, part: &Part, number: usize, blocks: &mut Vec<Block>) {
    let anchor = |what: &str| format!("section:{}:{what}", part.key);
    let chart = anchor("table");
    blocks.push(heading(
        anchor("head"),
        1,
        format!("{}、{}", chinese(number), part.heading),
    ));
    let mut lines = vec![promised(part.items(), &chart)];
    let mut inner = 0;
    for group in &part.groups {
        if group.heading.is_empty() {
            lines.extend(details(snapshot, group));
            continue;
        }
        if inner == 0 {
            blocks.push(text(anchor("text"), &std::mem::take(&mut lines)));
        }
        inner += 1;
        let name = |what: &str| format!("group:{}:{what}", group.key);
        blocks.push(heading(
            name("head"),
            2,
            format!("（{}）{}", chinese(inner), group.heading),
        ));
        blocks.push(text(name("text"), &details(snapshot, group)));
    }
    if inner == 0 {
        blocks.push(text(anchor("text"), &lines));
    }
    blocks.push(table(chart, Shape::Results, part.items(), snapshot.to));
}

/// `本部分共有承诺6项：达标2项、滞后1项。`
fn promised<'a>(items: impl Iterator<Item = &'a Item>, chart: &str) -> String {
    let counts = Counts::of(items);
    if counts.all == 0 {
        return "本部分为计划所载的已有成果。".into();
    }
    let here = format!("#{}", element(chart));
    format!(
        "本部分共有承诺{}：{}。",
        link(&format!("{}项", counts.all), &here),
        standing(&counts, |_| here.clone())
    )
}

fn details(snapshot: &Snapshot, group: &Group) -> Vec<String> {
    let all = || group.items.iter();
    let known = |i: &&Item| i.figure.is_some() || i.kind == Kind::Task;
    let closed = |i: &&Item| i.promised() && !i.state.is_open();
    let mut lines = vec![];
    let done: Vec<String> = all()
        .filter(closed)
        .filter(known)
        .filter(|i| matches!(i.kind, Kind::Target | Kind::Task))
        .map(|i| clause(i, snapshot))
        .collect();
    if !done.is_empty() {
        lines.push(format!("完成情况：{}。", done.join("；")));
    }
    let duties: Vec<&Item> = all()
        .filter(known)
        .filter(|i| matches!(i.kind, Kind::Duty | Kind::VagueDuty))
        .collect();
    if !duties.is_empty() {
        lines.push(routine(snapshot, &duties));
    }
    lines.extend(
        all()
            .filter(|i| i.promised() && i.state.is_open())
            .map(|i| open(snapshot, i)),
    );
    let unknown: Vec<&str> = all()
        .filter(|i| i.promised() && !i.state.is_open() && !known(i))
        .map(|i| i.title.as_str())
        .collect();
    if !unknown.is_empty() {
        lines.push(format!(
            "暂无数据：{}尚无台账记录或填报，由责任单位补报。",
            unknown.join("、")
        ));
    }
    let reached: Vec<String> = all()
        .filter(|i| !i.promised())
        .map(|i| format!("{}{}", i.title, i.promise))
        .collect();
    if !reached.is_empty() {
        lines.push(format!("计划所载的已有成果：{}。", reached.join("、")));
    }
    lines
}

/// `例行工作：应办12次、已办11次，完成率91.66%。其中，…`
fn routine(snapshot: &Snapshot, duties: &[&Item]) -> String {
    let counts = Counts::of(duties.iter().copied());
    let clauses: Vec<String> = duties.iter().map(|i| clause(i, snapshot)).collect();
    match counts.duty_share() {
        Some(share) if duties.len() > 1 => format!(
            "例行工作：应办{}、已办{}，完成率{}。其中，{}。",
            link(&format!("{}次", counts.owed), "/duties"),
            link(&format!("{}次", counts.done), "/duties"),
            link(&format!("{}%", plain(share)), "/duties"),
            clauses.join("；")
        ),
        _ => format!("例行工作：{}。", clauses.join("；")),
    }
}

fn open(snapshot: &Snapshot, item: &Item) -> String {
    let what = match (item.kind, late(item)) {
        (Kind::Duty | Kind::VagueDuty, Some(late)) => format!("{}，{late}", item.title),
        _ => clause(item, snapshot),
    };
    if item.done_on.is_some() {
        return format!("逾期完成：{what}。");
    }
    format!(
        "未完成：{what}。整改措施：由{}负责，{}{}。",
        who(item),
        mend_by(item, snapshot),
        mended(item)
    )
}
