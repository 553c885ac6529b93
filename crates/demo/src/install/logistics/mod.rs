//! Drills, the gate, the canteen, school health, upkeep, assets and the affairs of the house (安全后勤与办公事务).

mod assets;
mod canteen;
mod drills;
mod gate;
mod health;
mod honours;
mod meetings;
mod office;
mod purchases;
mod repairs;
mod upkeep;

use anyhow::Result;
use chrono::{DateTime, Days as Count, NaiveDate, Utc};
use kernel::app::Scope;
use kernel::clock::instant_at;
use kernel::register::field::Ref;
use people::Unit;

use super::world::{Hand, World};

/// Writes all of them.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    drills::write(scope, world).await?;
    gate::write(scope, world).await?;
    canteen::write(scope, world).await?;
    health::write(scope, world).await?;
    upkeep::write(scope, world).await?;
    let bought = purchases::write(scope, world).await?;
    let assets = assets::write(scope, world, &bought).await?;
    repairs::write(scope, world, &assets).await?;
    office::write(scope, world).await?;
    meetings::write(scope, world).await?;
    honours::write(scope, world).await
}

/// The teaching days before today.
fn past(world: &World) -> &[NaiveDate] {
    let days = &world.days;
    days.between(days.term.start(), days.today - Count::new(1))
}

/// A time of a day.
fn clock(day: NaiveDate, hour: u32, minute: u32) -> DateTime<Utc> {
    instant_at(day.and_hms_opt(hour, minute, 0).expect("an hour of the day"))
}

/// A moment of a day within hours.
fn during(hand: &mut Hand, day: NaiveDate, (first, last): (u32, u32)) -> DateTime<Utc> {
    let (hour, minute) = (hand.rng.between(first, last), hand.rng.between(0, 59));
    clock(day, hour, minute)
}

/// So many days after a day.
fn plus(day: NaiveDate, count: u32) -> NaiveDate {
    day + Count::new(u64::from(count))
}

/// In how many days something may be planned at the soonest: today where there are lessons, else tomorrow.
fn soonest(world: &World) -> u32 {
    let today = world.days.today;
    u32::from(world.days.between(today, today).is_empty())
}

/// The unit of a member of staff.
fn home(world: &World, staff: usize) -> Ref<Unit> {
    Ref::new(world.unit_id(world.school.staff[staff].unit))
}

/// Anybody of the staff.
fn anyone(world: &World, hand: &mut Hand) -> usize {
    hand.rng.below(world.school.staff.len())
}

/// One of an office.
fn clerk(world: &World, hand: &mut Hand, office: &str) -> usize {
    *hand.rng.pick(&world.office_staff(office))
}
