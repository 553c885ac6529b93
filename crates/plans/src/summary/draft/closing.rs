//! 存在的问题与下一步整改, 下阶段工作.
use super::phrase::{chinese, clause, date_in, late, mend_by, mended, who};
use super::{Block, Shape, element, heading, table, text};
use crate::standing::State;
use crate::summary::markup::link;
use crate::summary::snapshot::{Item, Snapshot};

/// Writes both closing sections; `number` is the first one's.
pub fn write(snapshot: &Snapshot, number: usize, blocks: &mut Vec<Block>) {
    problems(snapshot, number, blocks);
    coming(snapshot, number + 1, blocks);
}

fn problems(snapshot: &Snapshot, number: usize, blocks: &mut Vec<Block>) {
    blocks.push(heading(
        "problems:head",
        1,
        format!("{}、存在的问题与下一步整改", chinese(number)),
    ));
    let open: Vec<&Item> = snapshot
        .items()
        .filter(|i| i.promised() && i.state.is_open())
        .collect();
    let to = date_in(snapshot.to, snapshot.from);
    if open.is_empty() {
        let line = format!("对照计划逐项检查，截至{to}没有滞后和逾期未达的承诺。");
        blocks.push(text("problems:text", &[line]));
        return;
    }
    let count = |state: State, word: &str| {
        let number = open.iter().filter(|i| i.state == state).count();
        let href = format!(
            "/board?plan={}&state={}",
            snapshot.plan,
            kernel::register::field::ChoiceList::code(state)
        );
        (number > 0).then(|| format!("{word}{}", link(&format!("{number}项"), &href)))
    };
    let counts: Vec<String> = [count(State::Behind, "滞后"), count(State::Missed, "逾期未达")]
        .into_iter()
        .flatten()
        .collect();
    let line = format!(
        "对照计划逐项检查，截至{to}，{}，逐项整改如下。",
        counts.join("、")
    );
    blocks.push(text("problems:text", &[line]));
    for (at, item) in open.iter().enumerate() {
        blocks.push(text(
            format!("problem:{}", item.id),
            &[problem(snapshot, item, at + 1)],
        ));
    }
}

fn problem(snapshot: &Snapshot, item: &Item, number: usize) -> String {
    let behind = late(item).map(|late| format!("其中{late}。")).unwrap_or_default();
    let head = format!("{number}.{}。{behind}", clause(item, snapshot));
    if item.done_on.is_some() {
        return format!("{head}责任：{}。今后按约定期限完成。", who(item));
    }
    format!(
        "{head}责任：{}。整改措施：查明原因，明确专人，{}{}。",
        who(item),
        mend_by(item, snapshot),
        mended(item)
    )
}

fn coming(snapshot: &Snapshot, number: usize, blocks: &mut Vec<Block>) {
    blocks.push(heading(
        "next:head",
        1,
        format!("{}、下阶段工作", chinese(number)),
    ));
    let mut running: Vec<&Item> = snapshot.items().filter(|i| i.runs_after(snapshot.to)).collect();
    if running.is_empty() {
        let line = "本计划所列承诺均已到期或完成，未达到的转入整改，其余经验在下一学期计划中延续。";
        blocks.push(text("next:text", &[line.into()]));
        return;
    }
    running.sort_by_key(|i| i.due);
    let chart = "next:table";
    let line = format!(
        "尚在推进的承诺{}，按下表的期限和责任继续落实，每周对照台账检查进度，滞后的及时整改。",
        link(&format!("{}项", running.len()), &format!("#{}", element(chart)))
    );
    blocks.push(text("next:text", &[line]));
    blocks.push(table(chart, Shape::Coming, running.into_iter(), snapshot.to));
}
