//! Puts the demo school into an empty installation: people, places, ten weeks of records in every register, a
//! published work plan, accounts.
//!
//! Everything is written through the registers' own store, so every record passes the rules and is journalled. Whatever
//! a rule refuses stops the filling with register, row and fault. The same clock gives the same school, except ids and
//! passwords.

mod accidents;
mod accounts;
mod activities;
mod assignments;
mod checks;
mod commitments;
mod contests;
mod days;
mod enrolment;
mod feeds;
mod hazards;
mod held;
mod lessons;
mod logistics;
mod partners;
mod party;
mod people;
mod places;
mod research;
mod skills;
mod staffing;
mod students;
mod teaching;
mod visits;
mod world;
mod write;

use std::sync::Arc;

use anyhow::Result;
use kernel::admin::setup::create_school;
use kernel::app::{App, Scope};
use kernel::term::add_term;

pub use accounts::DemoAccount;
use days::Days;
use world::{Ids, SEED, World};

use crate::{Generator, SCHOOL_NAME};

/// Number of the demo school.
const SCHOOL: i64 = 1;
/// Who the journal says wrote everything.
const ACTOR: &str = "演示数据";
/// Its code (学校标识码), of no real area.
const CODE: &str = "9901020001";

/// Makes the demo school in an empty installation and gives its accounts.
///
/// The school itself comes into being last: a filling that was cut short leaves an installation that says so at the
/// next start instead of half a school.
pub async fn fill(app: &Arc<App>) -> Result<Vec<DemoAccount>> {
    let days = Days::new(&app.clock)?;
    let scope = Scope::system(app, SCHOOL, ACTOR);
    let term = add_term(&scope, &days.term).await?;
    let world = people(&scope, days).await?;
    records(&scope, &world).await?;
    let scope = Scope::system(app, SCHOOL, ACTOR);
    commitments::write(&scope, &world, term).await?;
    assignments::write(&scope, &world).await?;
    let accounts = accounts::write(&scope, &world).await?;
    create_school(app, SCHOOL, SCHOOL_NAME, CODE).await?;
    Ok(accounts)
}

/// People and places.
async fn people(scope: &Scope, days: Days) -> Result<World> {
    let school = Generator::new(SEED).school(days.term.year().0);
    let mut ids = Ids::default();
    let units = people::units(scope, &school, &days, &mut ids).await?;
    people::staff(scope, &school, &days, &mut ids).await?;
    people::heads(scope, &school, &ids, units).await?;
    places::rooms(scope, &school, &days, &mut ids).await?;
    people::classes(scope, &school, &days, &mut ids).await?;
    let pupils = people::students(scope, &school, &days, &mut ids).await?;
    let mut world = World {
        school,
        days,
        ids,
        pupils,
    };
    places::training_rooms(scope, &mut world).await?;
    places::courses(scope, &mut world).await?;
    Ok(world)
}

/// The records of the term so far.
async fn records(scope: &Scope, world: &World) -> Result<()> {
    research::write(scope, world).await?;
    staffing::write(scope, world).await?;
    checks::write(scope, world).await?;
    skills::write(scope, world).await?;
    teaching::write(scope, world).await?;
    held::write(scope, world).await?;
    contests::write(scope, world).await?;
    visits::write(scope, world).await?;
    students::write(scope, world).await?;
    activities::write(scope, world).await?;
    enrolment::write(scope, world).await?;
    partners::write(scope, world).await?;
    hazards::write(scope, world).await?;
    lessons::write(scope, world).await?;
    accidents::write(scope, world).await?;
    logistics::write(scope, world).await?;
    party::write(scope, world).await?;
    feeds::write(scope, world).await
}
