//! What the lessons follow from, read from the registers.
use crate::held::{Change, Event, Slot, Timetable, Whom};
use crate::substitution::{IN_FORCE, Substitution};
use calendar::{Half, Parity, Term};
use chrono::{NaiveDate, Weekday};
use kernel::access::{self, Rows};
use kernel::app::Scope;
use kernel::args;
use kernel::db::Row;
use kernel::error::{Error, Result};
use kernel::register::Register;
use kernel::register::spec::RegisterSpec;
use kernel::term;
use std::collections::HashMap;
use std::ops::RangeInclusive;
use uuid::Uuid;

/// The timetable in which a date lies.
pub async fn timetable(scope: &Scope, date: NaiveDate) -> Result<Timetable> {
    let calendar = term::load(scope).await?;
    let (_, term) = calendar
        .term_at(date)
        .ok_or_else(|| Error::Bad("还没有设置学期，请先在校历里设置".into()))?;
    of_term(scope, term, &calendar.days).await
}

/// The timetable of a term.
pub async fn of_term(scope: &Scope, term: &Term, days: &calendar::DayTable) -> Result<Timetable> {
    let slots = slots(scope, term).await?;
    let events = events(scope, term).await?;
    let changes = changes(scope, term).await?;
    Ok(Timetable::new(term.clone(), days.clone(), slots, events, changes))
}

/// Refuses who may not see the timetable.
pub fn need_timetable(scope: &Scope) -> Result<()> {
    let spec = scope.register("lesson_slot")?;
    match access::readable(&scope.actor, &scope.app.roles, spec) {
        Rows::None => Err(Error::Forbidden("查看课表".into())),
        _ => Ok(()),
    }
}

fn small(row: &Row, at: usize) -> Result<u8> {
    Ok(u8::try_from(row.at::<i64>(at)?).unwrap_or(u8::MAX))
}

async fn slots(scope: &Scope, term: &Term) -> Result<Vec<Slot>> {
    let half = if term.half() == Half::Autumn { "1" } else { "2" };
    let sql = "select id, f_course, f_class, scope, f_teacher, f_room, f_weekday, f_first_week, f_last_week, \
               f_weeks, f_period, f_periods, f_students from r_lesson_slot \
               where school_id = $1 and void_reason is null and f_year = $2 and f_term = $3 and \
               f_weekday is not null order by f_number";
    let args = args![scope.school, i64::from(term.year().0), half];
    let rows = scope.db().all(sql, args).await?;
    rows.iter()
        .map(|row| {
            let weekday: String = row.at(6)?;
            let number: u8 = weekday.parse().unwrap_or(1);
            Ok(Slot {
                id: row.at(0)?,
                course: row.at(1)?,
                class: row.at(2)?,
                path: row.at(3)?,
                teacher: row.at(4)?,
                room: row.at(5)?,
                weekday: Weekday::try_from(number.saturating_sub(1)).unwrap_or(Weekday::Mon),
                first_week: small(row, 7)?,
                last_week: small(row, 8)?,
                parity: match row.at::<String>(9)?.as_str() {
                    "odd" => Some(Parity::Odd),
                    "even" => Some(Parity::Even),
                    _ => None,
                },
                period: small(row, 10)?,
                periods: small(row, 11)?,
                students: row.at(12)?,
            })
        })
        .collect()
}

async fn events(scope: &Scope, term: &Term) -> Result<Vec<Event>> {
    let sql = "select e.id, e.f_title, e.f_starts_on, e.f_ends_on, e.f_first_period, e.f_last_period, e.f_unit, \
               e.scope, c.scope from r_teaching_event e \
               left join r_class c on c.school_id = e.school_id and c.id = e.f_class \
               where e.school_id = $1 and e.void_reason is null and e.f_starts_on <= $3 and e.f_ends_on >= $2 \
               order by e.f_starts_on, e.id";
    let rows = scope
        .db()
        .all(sql, args![scope.school, term.start(), term.end()])
        .await?;
    rows.iter()
        .map(|row| {
            let unit: Option<Uuid> = row.at(6)?;
            let class: Option<String> = row.at(8)?;
            let whom = match (class, unit) {
                (Some(path), _) => Whom::Under(path),
                (None, Some(_)) => Whom::Under(row.at(7)?),
                (None, None) => Whom::School,
            };
            Ok(Event {
                id: row.at(0)?,
                title: row.at(1)?,
                from: row.at(2)?,
                to: row.at(3)?,
                first_period: small(row, 4)?,
                last_period: small(row, 5)?,
                whom,
            })
        })
        .collect()
}

async fn changes(scope: &Scope, term: &Term) -> Result<Vec<Change>> {
    let found = substitutions(scope, term.start(), term.end(), &[IN_FORCE]).await?;
    Ok(found
        .iter()
        .map(|(id, _, substitution)| substitution.change(*id))
        .collect())
}

/// The requests that have to do with dates in a span and stand in one of the states, in the order in which they came
/// to them.
pub async fn substitutions(
    scope: &Scope,
    from: NaiveDate,
    to: NaiveDate,
    states: &[&str],
) -> Result<Vec<(Uuid, String, Substitution)>> {
    let spec = RegisterSpec::of::<Substitution>();
    let columns: Vec<String> = spec
        .fields
        .iter()
        .map(|field| format!("f_{}", field.name))
        .collect();
    let sql = format!(
        "select id, state, {} from r_substitution where school_id = $1 and void_reason is null and \
         ((f_on >= $2 and f_on <= $3) or (f_new_on >= $2 and f_new_on <= $3) or \
         (f_onward_on >= $2 and f_onward_on <= $3)) order by state_at, id",
        columns.join(", ")
    );
    let rows = scope.db().all(&sql, args![scope.school, from, to]).await?;
    let mut found = vec![];
    for row in &rows {
        let state: String = row.at(1)?;
        if !states.contains(&state.as_str()) {
            continue;
        }
        let values = spec.fields.iter().enumerate();
        let values = values.map(|(at, field)| row.value(at + 2, field.sql()));
        let values = values.collect::<Result<Vec<_>>>()?;
        if let Ok(substitution) = Substitution::from_values(&values) {
            found.push((row.at(0)?, state, substitution));
        }
    }
    Ok(found)
}

/// What classes, courses, rooms and people are called.
#[derive(Default)]
pub struct Names(HashMap<Uuid, String>);

impl FromIterator<(Uuid, String)> for Names {
    fn from_iter<I: IntoIterator<Item = (Uuid, String)>>(names: I) -> Names {
        Names(names.into_iter().collect())
    }
}

impl Names {
    /// Reads all of the school.
    pub async fn load(scope: &Scope) -> Result<Names> {
        let mut names = HashMap::new();
        for register in ["class", "course", "room", "staff"] {
            let sql = format!("select id, label from r_{register} where school_id = $1");
            for row in scope.db().all(&sql, args![scope.school]).await? {
                names.insert(row.at(0)?, row.at(1)?);
            }
        }
        Ok(Names(names))
    }

    /// The name of one; `—` when there is none.
    pub fn of(&self, id: Uuid) -> &str {
        self.0.get(&id).map_or("—", String::as_str)
    }
}

/// Somebody away from school: on leave, or asked for elsewhere.
#[derive(Clone, Debug)]
pub struct Away {
    /// Who.
    pub staff: Uuid,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// In which periods of these days.
    pub periods: RangeInclusive<u8>,
}

/// Last period of a morning.
const NOON: u8 = 4;

/// The periods of a day on leave; `half` as the register keeps it.
pub fn periods_of(half: Option<&str>) -> RangeInclusive<u8> {
    match half {
        Some("morning") => 1..=NOON,
        Some("afternoon") => NOON + 1..=u8::MAX,
        _ => 1..=u8::MAX,
    }
}

/// Who is on approved leave between two dates. Kind and reason are nobody's business here and are not read.
pub async fn away(scope: &Scope, from: NaiveDate, to: NaiveDate) -> Result<Vec<Away>> {
    let sql = "select f_teacher, f_starts_on, f_ends_on, f_half from r_staff_leave where school_id = $1 and \
               void_reason is null and state in ('已批准', '已销假') and f_starts_on <= $3 and f_ends_on >= $2";
    let rows = scope.db().all(sql, args![scope.school, from, to]).await?;
    rows.iter()
        .map(|row| {
            Ok(Away {
                staff: row.at(0)?,
                from: row.at(1)?,
                to: row.at(2)?,
                periods: periods_of(row.at::<Option<String>>(3)?.as_deref()),
            })
        })
        .collect()
}
