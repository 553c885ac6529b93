//! Records of staff (师资队伍): leave, qualifications, training, pairs, contests, external teachers, lesson observation,
//! appraisal and research.

mod absence;
mod external;
mod growth;
mod honours;
mod observation;
mod pairs;
mod patrol;
mod qualification;
mod quality;
mod research;

use anyhow::Result;
use chrono::{Days as Count, NaiveDate};
use kernel::app::Scope;
use kernel::register::Rules;
use kernel::register::field::LongText;
use kernel::register::spec::Ctx;

use super::world::{Hand, World};
use crate::{Post, Unit};

/// Writes all of them.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    absence::write(scope, world).await?;
    qualification::write(scope, world).await?;
    growth::write(scope, world).await?;
    pairs::write(scope, world).await?;
    honours::write(scope, world).await?;
    external::write(scope, world).await?;
    observation::write(scope, world).await?;
    patrol::write(scope, world).await?;
    quality::write(scope, world).await?;
    research::write(scope, world).await
}

/// Those who teach.
fn teachers(world: &World) -> Vec<usize> {
    let staff = world.school.staff.iter().enumerate();
    staff
        .filter(|(_, member)| member.group.is_some())
        .map(|(at, _)| at)
        .collect()
}

/// Those who teach in a department of majors.
fn vocational(world: &World) -> Vec<usize> {
    let staff = &world.school.staff;
    let in_department = |at: &usize| matches!(staff[*at].unit, Unit::Department(_));
    teachers(world).into_iter().filter(in_department).collect()
}

/// The department somebody teaches in, the first for those who teach everybody.
fn department(world: &World, at: usize) -> usize {
    match world.school.staff[at].unit {
        Unit::Department(department) => department,
        Unit::Office(_) => 0,
    }
}

/// Somebody else of the same unit.
fn colleague(world: &World, hand: &mut Hand, at: usize) -> usize {
    let mut others = world.members(world.school.staff[at].unit);
    others.retain(|other| *other != at);
    *hand.rng.pick(&others)
}

/// Whether somebody leads a department or office.
fn is_head(world: &World, at: usize) -> bool {
    world.school.staff[at].post == Post::Head
}

fn text(words: &str) -> LongText {
    LongText(words.into())
}

/// `count` days after a day, today at the latest.
fn later(world: &World, day: NaiveDate, count: u64) -> NaiveDate {
    (day + Count::new(count)).min(world.days.today)
}

/// The last teaching day up to today.
fn latest(world: &World) -> NaiveDate {
    world.days.at_or_before(world.days.today)
}

/// The record with its computed values, for states that depend on them.
fn completed<T: Rules>(world: &World, mut record: T) -> T {
    record.complete(&Ctx {
        today: world.days.today,
        new: true,
    });
    record
}
