//! Substitutions (调代课): what was arranged for the lessons that leave hit.

use std::collections::HashSet;

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::app::Scope;
use kernel::args;
use kernel::clock::local;
use kernel::register::field::LongText;
use lessons::{Absence, CALLED_OFF, Cause, Ground, Hit, IN_FORCE, Kind, Substitution, Way};
use uuid::Uuid;

use super::staff_at;
use crate::install::days::OFFICE_HOURS;
use crate::install::world::{Hand, World};
use crate::install::write::Batch;

/// Longer leaves are taken into the timetable itself.
const MOST_DAYS: i64 = 12;

/// A leave that was granted.
struct Granted {
    id: Uuid,
    absence: Absence,
    at: DateTime<Utc>,
}

/// Writes them.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let ground = Ground::load(scope, world.days.today).await?;
    let mut hand = Hand::new("substitution");
    let mut batch = Batch::new();
    let mut taken = Taken::default();
    for leave in granted(scope, world).await? {
        let official = hand.rng.chance(30);
        for hit in ground.hits(&leave.absence, leave.absence.from) {
            let day = hit.lesson.on;
            let ahead = day > world.days.today;
            // What lies ahead waits to be arranged or approved.
            if ahead && hand.rng.chance(50) {
                continue;
            }
            let Some(way) = choose(&ground, &mut hand, &mut taken, &hit, &leave.absence) else {
                continue;
            };
            let asked = local(leave.at).date().min(world.days.today);
            let late = !ahead && hand.rng.chance(5);
            let asked = match late {
                true => world.days.after(day, 1).unwrap_or(day),
                false => asked.min(day),
            };
            let cause = if official { Cause::Official } else { Cause::Leave };
            let mut record = lessons::request(&ground, &hit.lesson, &way, (cause, None, asked));
            record.leave = Some(lessons::leave_address(leave.id));
            record.reason = reason(&record, late);
            let state = match hand.rng.between(1, 100) {
                _ if ahead && record.kind != Kind::Cover && hand.rng.chance(50) => "待教务处审批",
                _ if ahead => "待系部审批",
                1..=2 => "未批准",
                3 => "已撤回",
                4 => CALLED_OFF,
                _ => IN_FORCE,
            };
            let at = world.days.at(&mut hand.rng, asked, OFFICE_HOURS);
            batch.add_in(state, &record, at);
            if record.kind == Kind::Drop && state == IN_FORCE {
                make_up(world, &ground, &mut hand, &mut taken, &mut batch, &record);
            }
        }
    }
    batch.write(scope).await
}

/// Why, where words are due.
fn reason(record: &Substitution, late: bool) -> Option<LongText> {
    let words = match (record.kind, late) {
        (Kind::Drop, _) => "临时突发情况，无人能代，安排学生自习，返校后补课",
        (_, true) => "突发情况，电话报备后补办手续",
        _ => return None,
    };
    Some(LongText(words.into()))
}

/// Short leaves of teachers, by day and number.
async fn granted(scope: &Scope, world: &World) -> Result<Vec<Granted>> {
    let sql = "select id, f_teacher, f_starts_on, f_ends_on, f_half, created_at from r_staff_leave \
               where school_id = $1 and state in ('已批准', '已销假') and void_reason is null";
    let mut found = vec![];
    for row in scope.db().all(sql, args![scope.school]).await? {
        let (teacher, from, to): (Uuid, NaiveDate, NaiveDate) = (row.at(1)?, row.at(2)?, row.at(3)?);
        if (to - from).num_days() >= MOST_DAYS {
            continue;
        }
        found.push(Granted {
            id: row.at(0)?,
            absence: Absence {
                teacher,
                from,
                to,
                periods: lessons::periods_of(row.at::<Option<String>>(4)?.as_deref()),
                leave: None,
            },
            at: row.at(5)?,
        });
    }
    found.sort_by_key(|leave| {
        let absence = &leave.absence;
        (
            absence.from,
            staff_at(world, absence.teacher),
            absence.to,
            leave.at,
        )
    });
    Ok(found)
}

/// What earlier arrangements already claim.
#[derive(Default)]
struct Taken {
    lessons: HashSet<(Uuid, NaiveDate)>,
    people: HashSet<(Uuid, NaiveDate, u8)>,
    times: HashSet<(Uuid, NaiveDate, u8)>,
}

/// A way that no earlier arrangement rules out.
fn choose(ground: &Ground, hand: &mut Hand, taken: &mut Taken, hit: &Hit, absence: &Absence) -> Option<Way> {
    let slot = &ground.table.slots[hit.lesson.slot];
    let (day, period) = (hit.lesson.on, hit.lesson.period);
    if !taken.lessons.insert((slot.id, day)) || taken.people.contains(&(absence.teacher, day, period)) {
        return None;
    }
    let wanted = hand.rng.between(1, 100);
    let fits = |way: &Way| match (way, wanted) {
        (Way::Cover(staff), 1..=72) => !taken.people.contains(&(*staff, day, period)),
        (Way::Swap(other, date), 73..=90) => {
            let at = ground.table.entry(*other);
            at.is_some_and(|at| {
                !taken.lessons.contains(&(*other, *date))
                    && !taken.people.contains(&(at.teacher, day, period))
                    && !taken.people.contains(&(absence.teacher, *date, at.period))
                    && !taken.times.contains(&(slot.class, *date, at.period))
            })
        }
        (Way::Move(date, at), 73..=94) => {
            !taken.times.contains(&(slot.class, *date, *at))
                && !taken.people.contains(&(absence.teacher, *date, *at))
        }
        (Way::Drop, _) => true,
        _ => false,
    };
    let way = hit
        .offers
        .iter()
        .map(|offer| &offer.way)
        .find(|way| fits(way))?
        .clone();
    match &way {
        Way::Cover(staff) => _ = taken.people.insert((*staff, day, period)),
        Way::Swap(other, date) => {
            taken.lessons.insert((*other, *date));
            if let Some(at) = ground.table.entry(*other) {
                taken.people.insert((at.teacher, day, period));
                taken.people.insert((absence.teacher, *date, at.period));
            }
        }
        Way::Move(date, at) => {
            taken.times.insert((slot.class, *date, *at));
            taken.people.insert((absence.teacher, *date, *at));
        }
        // Nothing is claimed, and chains are not chosen above.
        Way::Drop | Way::Chain(..) => {}
    }
    Some(way)
}

/// A dropped lesson given in the week after or the one after that, when a time is found.
fn make_up(
    world: &World,
    ground: &Ground,
    hand: &mut Hand,
    taken: &mut Taken,
    batch: &mut Batch<Substitution>,
    dropped: &Substitution,
) {
    let (teacher, class) = (dropped.teacher.id, dropped.class.id);
    let Some(slot) = ground.table.entry(dropped.lesson.id) else {
        return;
    };
    for day in world
        .days
        .between(dropped.on + chrono::Days::new(3), world.days.today)
    {
        let held = ground.table.on(*day);
        for period in [7u8, 5, 3, 1] {
            let there = period..=period + slot.periods - 1;
            let busy = held.busy(&there, |lesson| {
                let at = &ground.table.slots[lesson.slot];
                lesson.teacher == teacher || at.class == class || lesson.room == slot.room
            });
            let claimed = taken.people.contains(&(teacher, *day, period))
                || taken.times.contains(&(class, *day, period));
            if busy || claimed || held.lessons.is_empty() {
                continue;
            }
            taken.people.insert((teacher, *day, period));
            taken.times.insert((class, *day, period));
            let asked = world.days.after(dropped.on, 1).unwrap_or(*day).min(*day);
            let record = Substitution {
                kind: Kind::MakeUp,
                new_on: Some(*day),
                new_period: Some(period.into()),
                reason: Some(LongText("补停课的内容".into())),
                asked_on: asked,
                in_time: None,
                ..dropped.clone()
            };
            batch.add_in(
                IN_FORCE,
                &record,
                world.days.at(&mut hand.rng, asked, OFFICE_HOURS),
            );
            return;
        }
    }
}
