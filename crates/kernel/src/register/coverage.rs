//! Duties (例行工作) against the records: for every unit and window, owed and done.
use super::indicator::{DutyScope, DutySpec};
use super::query::{condition_sql, conditions_of};
use super::spec::{FieldKind, RegisterSpec};
use crate::app::Scope;
use crate::error::Result;
use crate::schema::{column, table};
use crate::value::Value;
use calendar::{Cadence, DayTable, Occurrence, Term};
use chrono::NaiveDate;
use uuid::Uuid;

/// A unit of whom a duty is expected.
#[derive(Clone, Debug)]
pub struct DutyUnit {
    /// The class, department or room; nil for the whole school.
    pub id: Uuid,
    /// Its label.
    pub label: String,
    /// Records done in each window, in the order of [`DutyStanding::windows`].
    pub done: Vec<u32>,
}

/// A duty over a term.
#[derive(Clone, Debug)]
pub struct DutyStanding {
    /// What is owed when.
    pub windows: Vec<Occurrence>,
    /// By whom, and what was done.
    pub units: Vec<DutyUnit>,
    /// The field of a record that names the unit, to fill in a new one.
    pub field: Option<String>,
}

/// The sums a reading keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DutyTotals {
    /// Windows of units whose time has come or which are done already.
    pub closed: usize,
    /// Those of them with fewer records than owed.
    pub short: usize,
    /// Times owed in them.
    pub owed: i64,
    /// Times done, at most those owed.
    pub done: i64,
}

impl DutyStanding {
    /// Whether a unit's window is past and short.
    pub fn late(&self, unit: &DutyUnit, window: usize, today: NaiveDate) -> bool {
        let occurrence = &self.windows[window];
        occurrence.due < today && unit.done[window] < u32::from(occurrence.times)
    }

    /// Sums up to `today`.
    pub fn totals(&self, today: NaiveDate) -> DutyTotals {
        let mut totals = DutyTotals::default();
        for unit in &self.units {
            for (at, occurrence) in self.windows.iter().enumerate() {
                let (owed, done) = (u32::from(occurrence.times), unit.done[at]);
                if occurrence.due < today || (occurrence.from <= today && done >= owed) {
                    totals.closed += 1;
                    totals.owed += i64::from(owed);
                    totals.done += i64::from(done.min(owed));
                    totals.short += usize::from(done < owed);
                }
            }
        }
        totals
    }
}

impl DutySpec {
    /// Its own cadence; a plan may promise another.
    pub fn cadence(&self) -> Cadence {
        Cadence::new(self.times, self.every)
    }
}

/// The registers, and the calendar, on which the standing of a duty rests.
pub fn basis<'a>(spec: &'a RegisterSpec, duty: &'a DutySpec) -> impl Iterator<Item = &'a str> {
    let units = match &duty.scope {
        DutyScope::Each { register, .. } => Some(register.as_str()),
        DutyScope::School => None,
    };
    [spec.id.as_str(), "calendar"].into_iter().chain(units)
}

/// What is asked of a duty.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// How often it is owed; never, when `None`.
    pub cadence: Option<Cadence>,
    /// The node of the unit tree; empty for the whole school.
    pub path: &'a str,
    /// The term.
    pub term: &'a Term,
    /// Its days.
    pub days: &'a DayTable,
    /// Records up to this day count.
    pub until: NaiveDate,
}

/// How a record tells for which unit it counts.
enum Link {
    /// It counts for the whole school.
    Whole,
    /// By this column.
    Column(String),
    /// By its place in the unit tree.
    Path,
}

/// Computes a duty's standing.
pub async fn standing(
    scope: &Scope,
    spec: &RegisterSpec,
    duty: &DutySpec,
    question: Question<'_>,
) -> Result<DutyStanding> {
    let Question {
        cadence,
        path,
        term,
        days,
        until,
    } = question;
    let windows = cadence
        .map(|c| calendar::occurrences(term, days, &c))
        .unwrap_or_default();
    let (link, known) = units(scope, spec, duty, path).await?;
    let mut units: Vec<DutyUnit> = known
        .iter()
        .map(|(id, label, _)| DutyUnit {
            id: *id,
            label: label.clone(),
            done: vec![0; windows.len()],
        })
        .collect();
    let Some(date) = spec.date else {
        return Ok(DutyStanding {
            windows,
            units,
            field: None,
        });
    };
    let date = column(&spec.fields[date]);
    let mut args: Vec<Value> = vec![
        scope.school.into(),
        term.start().into(),
        until.min(term.end()).into(),
    ];
    let mut parts = vec![
        "t.school_id = $1 and t.void_reason is null".to_owned(),
        format!("t.{date} >= $2 and t.{date} <= $3"),
    ];
    if !path.is_empty() {
        args.push(format!("{path}%").into());
        parts.push(format!("t.scope like ${}", args.len()));
    }
    for condition in conditions_of(spec, &duty.of) {
        parts.push(condition_sql(&scope.app.seal, spec, "t", &condition, &mut args));
    }
    let whom = match &link {
        Link::Whole => "''".to_owned(),
        Link::Column(name) => format!("t.{name}"),
        Link::Path => "t.scope".to_owned(),
    };
    let group = if matches!(link, Link::Whole) {
        format!("t.{date}")
    } else {
        format!("{whom}, t.{date}")
    };
    let sql = format!(
        "select {whom}, t.{date}, count(*) from {} t where {} group by {group}",
        table(spec),
        parts.join(" and ")
    );
    for row in scope.db().all(&sql, &args).await? {
        let (day, count): (NaiveDate, i64) = (row.at(1)?, row.at(2)?);
        let Some(window) = windows.iter().position(|w| w.from <= day && day <= w.to) else {
            continue;
        };
        let unit = match &link {
            Link::Whole => units.first_mut(),
            Link::Column(_) => {
                let id: Option<Uuid> = row.at(0)?;
                units.iter_mut().find(|u| Some(u.id) == id)
            }
            Link::Path => {
                let path: String = row.at(0)?;
                known
                    .iter()
                    .position(|(_, _, p)| path.starts_with(p.as_str()))
                    .map(|at| &mut units[at])
            }
        };
        if let Some(unit) = unit {
            unit.done[window] += u32::try_from(count).unwrap_or(u32::MAX);
        }
    }
    let field = match &link {
        Link::Column(name) => name.strip_prefix("f_").map(str::to_owned),
        _ => None,
    };
    Ok(DutyStanding {
        windows,
        units,
        field,
    })
}

type Known = Vec<(Uuid, String, String)>;

async fn units(scope: &Scope, spec: &RegisterSpec, duty: &DutySpec, path: &str) -> Result<(Link, Known)> {
    let DutyScope::Each { register, only } = &duty.scope else {
        return Ok((Link::Whole, vec![(Uuid::nil(), "全校".into(), String::new())]));
    };
    let of = scope.register(register)?;
    let mut args: Vec<Value> = vec![scope.school.into(), format!("{path}%").into()];
    let mut condition = String::new();
    if let Some((field, code)) = only {
        let field = of
            .field(field)
            .unwrap_or_else(|| panic!("{}: duty over {field}", duty.id));
        args.push(code.into());
        condition = format!(" and {} = $3", column(field));
    }
    let sql = format!(
        "select id, label, scope from {} where school_id = $1 and void_reason is null and scope like $2{condition} \
         order by label",
        table(of)
    );
    let rows = scope.db().all(&sql, &args).await?;
    let known: Known = rows
        .iter()
        .map(|row| Ok((row.at(0)?, row.at(1)?, row.at(2)?)))
        .collect::<Result<_>>()?;
    let field = spec
        .fields
        .iter()
        .find(|f| matches!(&f.kind, FieldKind::Ref(to) if to == register));
    let link = field.map_or(Link::Path, |f| Link::Column(column(f)));
    Ok((link, known))
}
