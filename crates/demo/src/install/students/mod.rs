//! Students' life beyond visits and moral education (学生工作): care, discipline, attendance, class teachers, aid, clubs,
//! sport and dormitories.

mod aid;
mod attendance;
mod bullying;
mod class_teachers;
mod clubs;
mod discipline;
mod dormitories;
mod honours;
mod mind;
mod misconduct;
mod sport;

use anyhow::Result;
use chrono::{Days as Count, NaiveDate};
use kernel::app::Scope;

use super::days::Days;
use super::world::{Hand, World};

/// Writes all of them.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    bullying::write(scope, world).await?;
    misconduct::write(scope, world).await?;
    mind::write(scope, world).await?;
    discipline::write(scope, world).await?;
    honours::write(scope, world).await?;
    attendance::write(scope, world).await?;
    class_teachers::write(scope, world).await?;
    aid::write(scope, world).await?;
    clubs::write(scope, world).await?;
    sport::write(scope, world).await?;
    dormitories::write(scope, world).await
}

/// A class and one of its students at school.
fn someone(world: &World, hand: &mut Hand) -> (usize, usize) {
    let class = hand.rng.below(world.pupils.len());
    (class, *hand.rng.pick(&world.pupils[class]))
}

/// So many days after a day, if they have passed.
fn later(days: &Days, day: NaiveDate, count: u32) -> Option<NaiveDate> {
    Some(day + Count::new(u64::from(count))).filter(|day| *day <= days.today)
}

/// A few students of a class, no one twice.
fn some_of(hand: &mut Hand, pupils: &[usize], count: usize) -> Vec<usize> {
    let mut order = pupils.to_vec();
    hand.rng.shuffle(&mut order);
    order.truncate(count);
    order
}
