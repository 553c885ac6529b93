//! The workload of a month or a term, read and computed.
use super::compute::{Coefficients, Facts, Load, loads};
use super::extra::{GRANTED, WorkloadExtra};
use super::rule::{ENACTED, WorkloadRule};
use crate::held::{Day, Timetable};
use crate::load;
use chrono::{Datelike, Months, NaiveDate};
use kernel::access::{self, Place, Rows};
use kernel::app::Scope;
use kernel::args;
use kernel::error::{Error, Result};
use kernel::register::Register;
use kernel::register::spec::RegisterSpec;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// A span of days for which workload is computed: a month or a whole term, never beyond today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

/// `2026-11` as its first and last day.
pub fn month_of(text: &str) -> Result<Span> {
    let first: NaiveDate = format!("{}-01", text.trim())
        .parse()
        .map_err(|_| Error::invalid("month", "月份请写成 2026-11 的样子"))?;
    let to = first + Months::new(1);
    Ok(Span {
        from: first,
        to: to.pred_opt().unwrap_or(first),
    })
}

/// `2026-11` of a date.
pub fn month_text(date: NaiveDate) -> String {
    format!("{}-{:02}", date.year(), date.month())
}

/// A version of the formula.
pub struct Version {
    /// The record; nil for the sample.
    pub id: Uuid,
    /// The formula.
    pub rule: WorkloadRule,
    /// The state.
    pub state: String,
}

/// All versions, newest first.
pub async fn versions(scope: &Scope) -> Result<Vec<Version>> {
    let found: Vec<(Uuid, String, WorkloadRule)> = read(scope, "1 = 1", "f_from_on desc, id desc").await?;
    Ok(found
        .into_iter()
        .map(|(id, state, rule)| Version { id, rule, state })
        .collect())
}

/// The version in force on a date.
pub async fn in_force(scope: &Scope, date: NaiveDate) -> Result<Option<Version>> {
    let mut all = versions(scope).await?;
    all.retain(|version| version.state == ENACTED && version.rule.from_on <= date);
    Ok((!all.is_empty()).then(|| all.remove(0)))
}

async fn read<T: Register>(scope: &Scope, condition: &str, order: &str) -> Result<Vec<(Uuid, String, T)>> {
    let spec = RegisterSpec::of::<T>();
    let columns: Vec<String> = spec
        .fields
        .iter()
        .map(|field| format!("f_{}", field.name))
        .collect();
    let sql = format!(
        "select id, state, {} from r_{} where school_id = $1 and void_reason is null and {condition} order by {order}",
        columns.join(", "),
        spec.id
    );
    let mut found = vec![];
    for row in scope.db().all(&sql, args![scope.school]).await? {
        let values = spec.fields.iter().enumerate();
        let values = values.map(|(at, field)| row.value(at + 2, field.sql()));
        if let Ok(record) = T::from_values(&values.collect::<Result<Vec<_>>>()?) {
            found.push((row.at(0)?, row.at(1)?, record));
        }
    }
    Ok(found)
}

/// Everything a span needs besides the formula.
pub struct Base {
    /// The timetable.
    pub table: Timetable,
    /// The days up to today.
    pub days: Vec<Day>,
    stations: HashMap<Uuid, i64>,
    extras: Vec<WorkloadExtra>,
}

impl Base {
    /// Reads it.
    pub async fn load(scope: &Scope, span: Span) -> Result<Base> {
        let table = load::timetable(scope, span.to.min(scope.today())).await?;
        let days = table.between(span.from, span.to.min(scope.today()));
        let sql =
            "select f_room, f_stations from r_training_room where school_id = $1 and void_reason is null";
        let rows = scope.db().all(sql, args![scope.school]).await?;
        let stations = rows
            .iter()
            .map(|row| Ok((row.at(0)?, row.at(1)?)))
            .collect::<Result<_>>()?;
        let granted = format!("state = '{GRANTED}'");
        let extras = read(scope, &granted, "id").await?;
        Ok(Base {
            table,
            days,
            stations,
            extras: extras.into_iter().map(|(_, _, extra)| extra).collect(),
        })
    }

    /// The workload by a formula.
    pub fn loads(&self, by: &Coefficients) -> BTreeMap<Uuid, Load> {
        let facts = Facts {
            stations: &self.stations,
            extras: &self.extras,
        };
        loads(&self.table, &self.days, &facts, by)
    }
}

/// Those whose workload the person may see: as with their statements.
pub async fn visible(scope: &Scope) -> Result<HashMap<Uuid, String>> {
    let spec = scope.register("workload_statement")?;
    let rows = access::readable(&scope.actor, &scope.app.roles, spec);
    let sql = "select id, label, scope from r_staff where school_id = $1 order by f_number";
    let mut found = HashMap::new();
    for row in scope.db().all(sql, args![scope.school]).await? {
        let (id, path): (Uuid, String) = (row.at(0)?, row.at(2)?);
        let place = Place {
            path,
            owner: Some(id),
            created_by: Uuid::nil(),
        };
        if rows.covers(&scope.actor, &place) && rows != Rows::None {
            found.insert(id, row.at(1)?);
        }
    }
    Ok(found)
}

/// `374` as `3.74`.
pub fn hundredths(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", value.abs() / 100, value.abs() % 100)
}

/// The workload of each teacher from one date to another by the version then in force, with that version.
pub async fn loads_of(
    scope: &Scope,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Option<(Uuid, BTreeMap<Uuid, Load>)>> {
    let Some(version) = in_force(scope, to).await? else {
        return Ok(None);
    };
    let base = Base::load(scope, Span { from, to }).await?;
    Ok(Some((version.id, base.loads(&version.rule.coefficients()))))
}
