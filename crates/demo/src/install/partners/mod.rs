//! Partners and service (合作服务): enterprises and what hangs on them, internship, graduates, enrolment work, service to
//! society, exchange.

mod cases;
mod enterprises;
mod exchanges;
mod firms;
mod graduates;
mod internships;
mod recruiting;
mod reports;
mod services;

use anyhow::Result;
use chrono::{Days as Count, NaiveDate};
use kernel::app::Scope;
use kernel::register::field::{LongText, Money};

use super::world::{Hand, World};
use crate::{Post, Unit};

/// Writes all of them.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let firms = firms::write(scope, world).await?;
    enterprises::write(scope, world, &firms).await?;
    let placements = internships::write(scope, world, &firms).await?;
    reports::write(scope, world, &placements).await?;
    cases::write(scope, world, &firms, &placements).await?;
    graduates::write(scope, world, &firms).await?;
    recruiting::write(scope, world).await?;
    services::write(scope, world, &firms).await?;
    exchanges::write(scope, world).await
}

/// A long text.
fn text(words: &str) -> LongText {
    LongText(words.into())
}

/// An amount of whole yuan.
fn yuan(amount: u32) -> Money {
    Money(i64::from(amount) * 100)
}

/// Days before the term.
fn before(world: &World, days: u32) -> NaiveDate {
    world.days.term.start() - Count::new(u64::from(days))
}

/// Days after a day.
fn later(day: NaiveDate, days: u32) -> NaiveDate {
    day + Count::new(u64::from(days))
}

/// Days after a day, but not after today.
fn passed(world: &World, day: NaiveDate, days: u32) -> NaiveDate {
    later(day, days).min(world.days.today)
}

/// A teacher of a department.
fn teacher(world: &World, hand: &mut Hand, department: usize) -> usize {
    let mut members = world.members(Unit::Department(department));
    members.retain(|at| matches!(world.school.staff[*at].post, Post::Teacher | Post::GroupLead));
    *hand.rng.pick(&members)
}

/// The majors of a department.
fn majors(world: &World, department: usize) -> Vec<usize> {
    let majors = world.school.majors.iter().enumerate();
    majors
        .filter(|(_, major)| major.department == department)
        .map(|(at, _)| at)
        .collect()
}
