//! Teaching tasks (教学任务) of the running term and the timetable made of them (排课): each class's planned courses laid
//! into the week, no teacher, class or room twice, then published as the teaching office would.

use std::collections::HashSet;

use ::scheduling::drafts::{self, Costs, New};
use ::scheduling::model::Placed;
use ::scheduling::offering::blocks_of;
use ::scheduling::{Need, Offering, Part, publish, settings};
use anyhow::Result;
use kernel::app::Scope;
use kernel::register::field::LongText;
use kernel::term;
use uuid::Uuid;

use super::{Taught, TermAt};
use crate::catalog::Category;
use crate::install::people::{code, prepared};
use crate::install::world::{Hand, World};
use crate::install::write::Batch;

/// First periods of the blocks of a day, from 0.
const BLOCKS: [usize; 4] = [0, 2, 4, 6];
const DAYS: usize = 5;
/// The block that is the class meeting's: Monday's last.
const MEETING: usize = 3;
/// One task in so many still waits for a teacher; one in so many was stopped.
const OPEN: usize = 97;
const STOPPED: usize = 211;

/// A lesson of a class in a training room, every week.
pub struct Practical {
    /// Index of the training room.
    pub room: usize,
    pub class: usize,
    pub teacher: usize,
    /// 0 is Monday.
    pub weekday: usize,
    pub period: i64,
    pub periods: i64,
    /// Index of the plan.
    pub plan: usize,
}

/// What is taken: who or what, in which block of the week.
#[derive(Default)]
struct Taken {
    classes: HashSet<(usize, usize)>,
    teachers: HashSet<(usize, usize)>,
    rooms: HashSet<(usize, usize)>,
}

/// Writes the tasks and the lessons; gives those in training rooms.
pub async fn write(scope: &Scope, world: &World, taught: &Taught) -> Result<Vec<Practical>> {
    let mut hand = Hand::new("lesson_slot");
    let mut batch = Batch::new();
    let (mut practicals, mut places) = (vec![], vec![]);
    let mut taken = Taken::default();
    let term = TermAt::now(world);
    let mut number = 0;
    for (class, line) in world.school.classes.iter().enumerate() {
        taken.classes.insert((class, MEETING));
        let plans = (0..taught.plans.len()).filter(|at| {
            let plan = &taught.plans[*at];
            let own = plan.major.is_none_or(|major| major == line.major);
            plan.issued && plan.entry_year == line.entry_year && own
        });
        for plan in plans {
            number += 1;
            let course = &world.school.courses[taught.plans[plan].course];
            let practical = matches!(course.category, Category::Core | Category::Practice);
            let weekly = i64::from(course.weekly_lessons);
            let blocks = blocks_of(None, weekly).map_err(anyhow::Error::msg)?;
            let open = number % OPEN == 40;
            let stopped = number % STOPPED == 100;
            let laid = match open || stopped {
                true => None,
                false => lay(
                    world,
                    taught,
                    &mut taken,
                    &mut hand,
                    (class, plan, practical),
                    blocks.len(),
                ),
            };
            let site = laid.as_ref().and_then(|laid| laid.site);
            let record = Offering {
                number: format!("{}-{}-{number:05}", term.year, term.code().0),
                plan: taught.plan(plan),
                course: world.course(taught.plans[plan].course),
                year: term.year,
                term: term.code(),
                class: world.class(class),
                joint_one: None,
                joint_two: None,
                part: Part::Whole,
                teacher: laid.as_ref().map(|laid| world.staff(laid.teacher)),
                second: None,
                weekly,
                blocks: None,
                weeks: "1-18".into(),
                need: if site.is_some() { Need::Kind } else { Need::Own },
                room: None,
                kind: site.map(|room| kind_of(world, room)),
                hours: None,
                note: stopped.then(|| LongText("选课人数不足".into())),
            };
            let state = match (&laid, stopped) {
                (_, true) => "已停开",
                (Some(_), _) => "已落实",
                (None, _) => "待落实",
            };
            let offering = batch.add_in(state, &record, prepared(&world.days, &mut hand));
            let Some(laid) = laid else { continue };
            for (block, (at, length)) in laid.blocks.iter().zip(&blocks).enumerate() {
                let (day, period) = (at / BLOCKS.len(), BLOCKS[at % BLOCKS.len()]);
                places.push(Placed {
                    offering,
                    block,
                    day,
                    period,
                    room: site.map(|room| world.ids.sites[room]),
                });
                practicals.extend(site.map(|room| Practical {
                    room,
                    class,
                    teacher: laid.teacher,
                    weekday: day,
                    period: period as i64 + 1,
                    periods: *length as i64,
                    plan,
                }));
            }
        }
    }
    batch.write(scope).await?;
    timetable(scope, world, places, &mut hand).await?;
    Ok(practicals)
}

/// The draft with the class meeting kept free, published.
async fn timetable(scope: &Scope, world: &World, places: Vec<Placed>, hand: &mut Hand) -> Result<()> {
    // A scope of its own: the revisions of the caller's are those before the calendar was written.
    let scope = &Scope::system(&scope.app, scope.school, &scope.actor.name);
    let calendar = term::load(scope).await?;
    let known = calendar.term_at(world.days.today);
    let (id, _) = known.ok_or_else(|| anyhow::anyhow!("the demo school has no term"))?;
    let mut usual = settings::Settings::default();
    usual.closed.push(settings::Closing {
        id: Uuid::from_u128(1),
        reason: "班会".into(),
        of: settings::Whom::Classes,
        day: 0,
        from: BLOCKS[MEETING],
        to: BLOCKS[MEETING] + 1,
    });
    settings::save(scope, *id, &usual).await?;
    let new = New {
        title: "开学课表".into(),
        places,
        costs: Costs::default(),
        ..New::default()
    };
    let draft = drafts::create(scope, *id, new).await?;
    publish::publish(scope, draft, Some(1), Some(prepared(&world.days, hand))).await?;
    Ok(())
}

/// The kind of a training room.
fn kind_of(world: &World, room: usize) -> kernel::register::field::Code {
    code(if world.school.training_rooms[room].name.ends_with("机房") {
        "4"
    } else {
        "8"
    })
}

/// Where the blocks of a task are.
struct Laid {
    teacher: usize,
    site: Option<usize>,
    blocks: Vec<usize>,
}

/// As many blocks of the week in which the class, one teacher of the course's group and, when wanted, one training room
/// of the department are free. Without a free training room the lessons stay in the classroom.
fn lay(
    world: &World,
    taught: &Taught,
    taken: &mut Taken,
    hand: &mut Hand,
    (class, plan, practical): (usize, usize, bool),
    wanted: usize,
) -> Option<Laid> {
    let plan = &taught.plans[plan];
    let department = world.department_of(class);
    let mut teachers = vec![plan.teacher];
    let group = world.group(world.school.courses[plan.course].group);
    // Classes begin with different teachers of the group, so that the load spreads.
    let first = if group.is_empty() { 0 } else { class % group.len() };
    teachers.extend(group.iter().cycle().skip(first).take(group.len()));
    let size = world.pupils[class].len();
    let rooms = world.school.training_rooms.iter().enumerate();
    let rooms: Vec<usize> = rooms
        .filter(|(_, room)| room.department == department && usize::from(room.stations) >= size)
        .map(|(at, _)| at)
        .collect();
    let sites = rooms.into_iter().map(Some).filter(|_| practical).chain([None]);
    let blocks = DAYS * BLOCKS.len();
    let start = hand.rng.below(blocks);
    for site in sites {
        for teacher in &teachers {
            let mut free: Vec<usize> = vec![];
            // Every seventh block, so that the lessons of a course fall on different days.
            for block in (0..blocks).map(|step| (start + step * 7) % blocks) {
                let used = taken.classes.contains(&(class, block))
                    || taken.teachers.contains(&(*teacher, block))
                    || site.is_some_and(|room| taken.rooms.contains(&(room, block)));
                let same_day = free
                    .iter()
                    .any(|other| other / BLOCKS.len() == block / BLOCKS.len());
                if !used && !same_day && free.len() < wanted {
                    free.push(block);
                }
            }
            if free.len() < wanted {
                continue;
            }
            for block in &free {
                taken.classes.insert((class, *block));
                taken.teachers.insert((*teacher, *block));
                taken.rooms.extend(site.map(|room| (room, *block)));
            }
            return Some(Laid {
                teacher: *teacher,
                site,
                blocks: free,
            });
        }
    }
    None
}
