//! Items of the plan broken down to departments and people (责任分解任务), in all states, some late.

use anyhow::{Context, Result};
use chrono::{Days as Count, NaiveDate};
use kernel::app::Scope;
use kernel::register::field::{LongText, Ref};
use plans::assignment::{
    Assignment, CALLED_OFF, CLOSED, HANDED_IN, Level, Source, UNDERWAY, UNSIGNED, link_to,
};
use plans::model::{Commitment, Kind};
use plans::store;

use super::days::OFFICE_HOURS;
use super::world::{Hand, World, clip};
use super::write::Batch;
use crate::Unit;

/// How many assignments there are.
const MANY: usize = 36;
/// One commitment in so many is left to nobody.
const LEFT: usize = 5;

/// Writes them.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("assignment");
    let mut batch = Batch::new();
    let commitments = store::published_commitments(scope).await?;
    let mut carried: Vec<&Commitment> = commitments
        .iter()
        .filter(|c| c.kind != Kind::Result)
        .enumerate()
        .filter(|(nth, _)| nth % LEFT != LEFT - 1)
        .map(|(_, c)| c)
        .collect();
    // Tasks first: nothing else carries them.
    carried.sort_by_key(|c| c.kind != Kind::Task);
    for (nth, c) in carried.into_iter().take(MANY).enumerate() {
        let (record, state) = assignment(world, &mut hand, c, nth)?;
        let at = world.days.at(&mut hand.rng, record.assigned_on, OFFICE_HOURS);
        batch.add_in(state, &record, at);
    }
    batch.write(scope).await
}

/// How far one is.
struct Stage {
    state: &'static str,
    assigned_on: NaiveDate,
    due: NaiveDate,
    percent: Option<i64>,
    done_on: Option<NaiveDate>,
}

fn stage(world: &World, hand: &mut Hand, c: &Commitment, nth: usize) -> Stage {
    let days = &world.days;
    let (before, after) = (
        |count: u64| days.today - Count::new(count),
        |count: u64| days.today + Count::new(count),
    );
    let open = |state, assigned_on, due, percent| Stage {
        state,
        assigned_on,
        due,
        percent,
        done_on: None,
    };
    // What was reported done was handed in on that day.
    if let Some(done) = c.done_on {
        let assigned_on = days.in_week(1);
        return Stage {
            state: CLOSED,
            assigned_on,
            due: c.due_on.unwrap_or(done).max(assigned_on),
            percent: Some(100),
            done_on: Some(done.max(assigned_on)),
        };
    }
    match nth % 8 {
        0 | 1 | 5 => {
            let assigned_on = days.in_week(3);
            let done = days.at_or_before(assigned_on + Count::new(hand.rng.between(14, 30).into()));
            Stage {
                state: CLOSED,
                assigned_on,
                // One in three was late.
                due: if nth % 8 == 5 {
                    done - Count::new(3)
                } else {
                    done + Count::new(4)
                },
                percent: Some(100),
                done_on: Some(done),
            }
        }
        2 => Stage {
            state: HANDED_IN,
            assigned_on: days.in_week(5),
            due: after(5),
            percent: Some(100),
            done_on: Some(days.at_or_before(before(2))),
        },
        3 => open(UNDERWAY, days.in_week(7), after(14), Some(60)),
        4 => open(
            UNDERWAY,
            days.in_week(4),
            before(hand.rng.between(2, 9).into()),
            Some(40),
        ),
        6 => open(UNSIGNED, days.at_or_before(before(1)), after(20), None),
        _ if nth % 16 == 7 => open(UNSIGNED, days.at_or_before(before(8)), after(10), None),
        _ => open(CALLED_OFF, days.in_week(3), after(7), None),
    }
}

fn assignment(
    world: &World,
    hand: &mut Hand,
    c: &Commitment,
    nth: usize,
) -> Result<(Assignment, &'static str)> {
    let head = world.ids.staff.iter().position(|id| Some(*id) == c.owner);
    let head = head.context("a confirmed commitment has an owner")?;
    let unit = world.school.staff[head].unit;
    let person = match nth % 3 {
        0 => None,
        _ => colleague(world, hand, unit, head),
    };
    let stage = stage(world, hand, c, nth);
    let (deliverable, demand) = match c.kind {
        Kind::Task => ("完成情况报告和佐证材料", "先拟方案，再组织实施，完成后一周内归档"),
        Kind::Target => ("数据分析和推进措施", "每月对照台账数据分析差距，提出措施"),
        _ => ("工作安排和过程记录", "排出全学期安排，按期登记台账"),
    };
    let started = matches!(stage.state, UNDERWAY | HANDED_IN | CLOSED);
    let record = Assignment {
        source: Source::Plan,
        item: clip(&c.title, 200),
        commitment: Some(link_to(c.id)),
        basis: None,
        assigned_on: stage.assigned_on,
        level: match person {
            Some(_) => Level::Person,
            None => Level::Department,
        },
        unit: Ref::new(world.unit_id(unit)),
        responsible: world.staff(person.unwrap_or(head)),
        deliverable: deliverable.into(),
        demand: Some(LongText(demand.into())),
        due: stage.due,
        progress: started.then(|| LongText("方案已定，正在按节点推进".into())),
        percent: stage.percent,
        result: stage.done_on.map(|_| LongText("已按要求完成，材料齐全".into())),
        done_on: stage.done_on,
        verdict: (stage.state == CLOSED).then(|| LongText("同意办结".into())),
        files: Default::default(),
    };
    Ok((record, stage.state))
}

/// Somebody else of the unit.
fn colleague(world: &World, hand: &mut Hand, unit: Unit, head: usize) -> Option<usize> {
    let mut members = world.members(unit);
    members.retain(|at| *at != head);
    (!members.is_empty()).then(|| *hand.rng.pick(&members))
}
