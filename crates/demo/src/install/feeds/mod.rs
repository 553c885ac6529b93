//! The school's own profile, and what other machines fed in the term so far.

mod lessons;
mod portraits;
mod services;
mod systems;

use std::collections::BTreeMap;

use anyhow::{Result, anyhow, bail};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::app::Scope;
use kernel::clock::local;
use kernel::register::field::Ref;
use kernel::register::store::{CreateError, Draft, create_many};
use kernel::register::values;
use kernel::value::Value;
use people::{Campus, SchoolProfile};

use super::days::OFFICE_HOURS;
use super::people::{code, prepared};
use super::world::{Hand, World};
use super::write::{Batch, id_at};
use crate::school::Post;
use crate::{CITY, SCHOOL_NAME, Unit};

/// Days of the feeds that come daily.
const DAYS: usize = 20;

/// A row by the names of the standard's columns.
type Row = Vec<(&'static str, String)>;

/// Writes all of it.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    school(scope, world).await?;
    let taught = world.days.between(world.days.term.start(), world.days.today);
    let mut feeds = Feeds {
        scope,
        world,
        days: taught[taught.len().saturating_sub(DAYS)..].to_vec(),
        arrived: BTreeMap::new(),
    };
    let slots = lessons::slots(scope).await?;
    lessons::write(&mut feeds, &slots).await?;
    portraits::write(&mut feeds, &slots).await?;
    services::write(&mut feeds).await?;
    systems::write(&mut feeds).await
}

async fn school(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("school");
    let at = prepared(&world.days, &mut hand);
    let head = world.holders(Post::Principal).first().map(|at| world.staff(*at));
    let mut batch = Batch::new();
    batch.add(
        &SchoolProfile {
            name: SCHOOL_NAME.into(),
            school_code: super::CODE.into(),
            institution_code: "12990102MB0000001X".into(),
            province_code: "990000".into(),
            province: "演示省".into(),
            city_code: "990100".into(),
            city: CITY.into(),
            county_code: "990102".into(),
            county: "演示区".into(),
            category: code("361"),
            authority: Some(format!("{CITY}教育局")),
            organiser: format!("{CITY}教育局"),
            organiser_kind: code("1"),
            head,
            founded: "198509".into(),
            excellence: code("2"),
            applications: 2,
            uplink: 2_000,
            backbone: 10_000,
            wired: 1_850,
            wireless: 320,
        },
        at,
    );
    batch.write(scope).await?;
    let mut batch = Batch::new();
    batch.add(
        &Campus {
            number: "A".into(),
            name: format!("{SCHOOL_NAME}本部"),
            short: "本部".into(),
            area: Some(format!("演示省{CITY}演示区")),
            address: Some("学府路1号".into()),
            postcode: Some("990102".into()),
            phone: None,
            head: head.map(|head| Ref::new(head.id)),
            staff: world.school.staff.len() as i64,
            students: world.pupils.iter().map(Vec::len).sum::<usize>() as i64,
            founded_on: NaiveDate::from_ymd_opt(1985, 9, 1),
        },
        at,
    );
    batch.write(scope).await
}

/// What the machines write into.
struct Feeds<'a> {
    scope: &'a Scope,
    world: &'a World,
    /// The last teaching days, today among them if it is one.
    days: Vec<NaiveDate>,
    /// How many rows of a table came in on a day.
    arrived: BTreeMap<(u8, NaiveDate), usize>,
}

impl Feeds<'_> {
    /// Writes rows of one table: on the day they tell of; else when the last thing they tell of had happened; else when
    /// the basic lists were made.
    async fn put(&mut self, no: u8, hand: &mut Hand, rows: Vec<Row>) -> Result<()> {
        let spec = self
            .scope
            .register(&format!("feed_t{no}"))
            .map_err(|_| anyhow!("演示数据：没有数据表{no}的台账"))?
            .clone();
        let days = &self.world.days;
        let mut drafts = vec![];
        for row in rows {
            let mut filled: Vec<Value> = spec.fields.iter().map(|f| Value::Null(f.kind.sql())).collect();
            for (column, text) in row {
                let name = column.to_lowercase();
                let at = spec
                    .index(&name)
                    .ok_or_else(|| anyhow!("演示数据：数据表{no}没有 {column}"))?;
                filled[at] = values::parse(&spec.fields[at], &text, &self.scope.app.codes)
                    .map_err(|why| anyhow!("演示数据：{}{column} {why}", spec.title))?;
            }
            let day = spec.date.and_then(|at| filled[at].date());
            let made = match (day, last_instant(&filled)) {
                (Some(day), _) => days.at(&mut hand.rng, day, OFFICE_HOURS),
                (None, Some(at)) => at,
                (None, None) => prepared(days, hand),
            };
            *self.arrived.entry((no, local(made).date())).or_default() += 1;
            drafts.push(Draft {
                id: id_at(made),
                values: filled,
                state: None,
                at: Some(made),
            });
        }
        match create_many(self.scope, &spec, drafts).await {
            Ok(_) => Ok(()),
            Err(CreateError::Faults(faults)) => {
                bail!("演示数据不合规则：{} {:?}", spec.title, faults.first())
            }
            Err(CreateError::Other(error)) => Err(error.into()),
        }
    }
}

fn last_instant(values: &[Value]) -> Option<DateTime<Utc>> {
    values
        .iter()
        .filter_map(|value| match value {
            Value::Instant(at) => Some(*at),
            _ => None,
        })
        .max()
}

/// A share in per cent with two places.
fn percent(part: u32, whole: u32) -> String {
    let share = u64::from(part) * 10_000 / u64::from(whole.max(1));
    format!("{}.{:02}", share / 100, share % 100)
}

/// The name of a department or office.
fn unit_name(world: &World, unit: Unit) -> &'static str {
    match unit {
        Unit::Department(at) => world.school.departments[at].name,
        Unit::Office(at) => world.school.offices[at].name,
    }
}
