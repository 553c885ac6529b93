//! Readings (数值): computed from the registers, kept once a day for each commitment, recomputed when rows change.
//!
//! Recomputing is idempotent: the row of a day is replaced by the same values as long as the registers are the same.
//! `basis_rev` is the sum of the revisions of the registers read, so a stale row is known by one comparison.
use crate::duties;
use crate::model::{Binding, Commitment, Kind};
use crate::standing::{self, Course, Run, State};
use crate::store;
use anyhow::anyhow;
use calendar::Term;
use chrono::{DateTime, Days, NaiveDate, Utc};
use kernel::app::{App, Scope};
use kernel::args;
use kernel::db::Row;
use kernel::error::{Error, Result};
use kernel::journal::{self, Entry};
use kernel::register::coverage;
use kernel::register::field::ChoiceList;
use kernel::register::indicator::{IndicatorSpec, Measure};
use kernel::register::measure::{Span, measure};
use kernel::register::spec::RegisterSpec;
use kernel::term::{self, Calendar};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use uuid::Uuid;

/// A commitment's value on one day.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The commitment.
    pub commitment: Uuid,
    /// The day.
    pub day: NaiveDate,
    /// Rows that fulfil; for duties times done.
    pub numerator: i64,
    /// Rows in all; for duties times owed so far.
    pub denominator: Option<i64>,
    /// Decimal places of the numerator.
    pub scale: u8,
    /// The value × 100; `None` when there is nothing to divide by.
    pub actual: Option<i64>,
    /// State on that day.
    pub state: State,
    /// `computed`, `backfilled` or `manual`.
    pub source: String,
    /// Who typed a manual value; the program otherwise.
    pub actor: String,
    /// What was said about a manual value.
    pub note: String,
    /// When it was computed or typed.
    pub at: DateTime<Utc>,
    basis: i64,
}

const COLUMNS: &str = "commitment_id, day, numerator, denominator, scale, actual_scaled, state, source, actor, note, \
                       computed_at, basis_rev";

fn read(row: &Row) -> Result<Reading> {
    let state: String = row.at(6)?;
    Ok(Reading {
        commitment: row.at(0)?,
        day: row.at(1)?,
        numerator: row.at(2)?,
        denominator: row.at(3)?,
        scale: row.at::<i64>(4)? as u8,
        actual: row.at(5)?,
        state: crate::model::decode(&state).ok_or_else(|| anyhow!("reading state {state}"))?,
        source: row.at(7)?,
        actor: row.at(8)?,
        note: row.at(9)?,
        at: row.at(10)?,
        basis: row.at(11)?,
    })
}

/// An indicator with its register, by id.
pub fn indicator<'a>(scope: &'a Scope, id: &str) -> Option<(&'a Arc<RegisterSpec>, &'a IndicatorSpec)> {
    scope
        .registers
        .iter()
        .find_map(|spec| spec.indicators.iter().find(|i| i.id == id).map(|i| (spec, i)))
}

/// How an indicator's value moves through a term.
pub fn course(spec: &RegisterSpec, indicator: &IndicatorSpec) -> Course {
    match indicator.measure {
        Measure::Share { .. } => Course::Level,
        _ if indicator.standing || indicator.dated(spec).is_none() => Course::Level,
        Measure::Coverage { .. } => Course::GrowingShare,
        _ => Course::Growing,
    }
}

/// The course of a commitment's value; manual numbers are taken as they are.
pub fn course_of(scope: &Scope, commitment: &Commitment) -> Course {
    match &commitment.binding {
        Binding::Indicator(id) => indicator(scope, id).map_or(Course::Level, |(spec, i)| course(spec, i)),
        _ => Course::Level,
    }
}

/// The days a commitment runs, seen from `today`.
pub fn run_of(commitment: &Commitment, term: &Term, today: NaiveDate) -> Run {
    Run {
        from: term.start(),
        due: commitment.due_on.unwrap_or(term.end()),
        today,
    }
}

/// The registers a commitment's value is read from.
fn registers_of(scope: &Scope, commitment: &Commitment) -> Vec<String> {
    match &commitment.binding {
        Binding::Indicator(id) => indicator(scope, id).map_or(vec![], |(spec, indicator)| {
            let mut list = vec![spec.id.clone()];
            match &indicator.measure {
                Measure::Coverage { field, .. } => {
                    if let Some(kernel::register::spec::FieldKind::Ref(to)) =
                        spec.field(field).map(|f| &f.kind)
                    {
                        list.push(to.clone());
                    }
                }
                Measure::Rate { per, .. } => list.push(per.clone()),
                _ => {}
            }
            list
        }),
        Binding::Duty(id) => duties::find(scope, id).map_or(vec![], |(spec, duty)| {
            coverage::basis(spec, duty).map(str::to_owned).collect()
        }),
        _ => vec![],
    }
}

async fn basis(scope: &Scope, commitment: &Commitment) -> Result<i64> {
    let registers = registers_of(scope, commitment);
    let revision = scope.revision_of(registers.iter().map(String::as_str)).await?;
    Ok(commitment.version + revision)
}

/// Computes a commitment's value as of `day`; `None` for what is typed by hand or measures nothing.
async fn compute(
    scope: &Scope,
    commitment: &Commitment,
    calendar: &Calendar,
    term: &Term,
    day: NaiveDate,
) -> Result<Option<Reading>> {
    let run = run_of(commitment, term, day);
    let blank = |state| Reading {
        commitment: commitment.id,
        day,
        numerator: 0,
        denominator: None,
        scale: 0,
        actual: None,
        state,
        source: "computed".into(),
        actor: scope.actor.name.clone(),
        note: String::new(),
        at: scope.now(),
        basis: 0,
    };
    let mut reading = match (&commitment.binding, commitment.kind) {
        (Binding::Indicator(id), _) => {
            let Some((spec, indicator)) = indicator(scope, id) else {
                return Ok(Some(blank(State::NoData)));
            };
            let span = Span {
                from: run.from,
                to: day.min(run.due),
            };
            let value = measure(scope, spec, indicator, &commitment.path, Some(span)).await?;
            let actual = value.value().map(|v| (v * 100.0).round() as i64);
            let state = standing::of_number(commitment, actual, course(spec, indicator), run);
            Reading {
                numerator: value.numerator,
                denominator: value.denominator,
                scale: value.scale,
                actual,
                ..blank(state)
            }
        }
        (Binding::Duty(id), _) => {
            let Some((spec, duty)) = duties::find(scope, id) else {
                return Ok(Some(blank(State::NoData)));
            };
            let standing = duties::standing(scope, commitment, spec, duty, term, &calendar.days, day).await?;
            let totals = standing.totals(day);
            let actual = (totals.owed > 0).then(|| totals.done * 10_000 / totals.owed);
            Reading {
                numerator: totals.done,
                denominator: Some(totals.owed),
                actual,
                ..blank(standing::of_duty(totals.closed, totals.short, run))
            }
        }
        (_, Kind::Task) => blank(standing::of_task(commitment, day)),
        _ => return Ok(None),
    };
    reading.basis = basis(scope, commitment).await?;
    Ok(Some(reading))
}

async fn keep(scope: &Scope, readings: &[Reading]) -> Result<()> {
    if readings.is_empty() {
        return Ok(());
    }
    let tx = scope.db().begin().await?;
    for r in readings {
        tx.run(
            "insert into reading (school_id, commitment_id, day, numerator, denominator, scale, actual_scaled, state, \
             source, actor, note, computed_at, basis_rev) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
             on conflict (school_id, commitment_id, day) do update set numerator = excluded.numerator, \
             denominator = excluded.denominator, scale = excluded.scale, actual_scaled = excluded.actual_scaled, \
             state = excluded.state, source = excluded.source, actor = excluded.actor, note = excluded.note, \
             computed_at = excluded.computed_at, basis_rev = excluded.basis_rev",
            args![
                scope.school,
                r.commitment,
                r.day,
                r.numerator,
                r.denominator,
                i64::from(r.scale),
                r.actual,
                r.state.code(),
                r.source.as_str(),
                r.actor.as_str(),
                r.note.as_str(),
                r.at,
                r.basis
            ],
        )
        .await?;
    }
    tx.commit().await
}

/// The latest reading of every commitment up to today.
pub async fn latest(scope: &Scope) -> Result<HashMap<Uuid, Reading>> {
    let sql = format!(
        "select {COLUMNS} from reading r where school_id = $1 and day = (select max(day) from reading l \
         where l.school_id = r.school_id and l.commitment_id = r.commitment_id and l.day <= $2)"
    );
    let rows = scope.db().all(&sql, args![scope.school, scope.today()]).await?;
    rows.iter()
        .map(|row| read(row).map(|r| (r.commitment, r)))
        .collect()
}

/// All readings of one commitment, oldest first.
pub async fn line(scope: &Scope, commitment: Uuid) -> Result<Vec<Reading>> {
    let sql =
        format!("select {COLUMNS} from reading where school_id = $1 and commitment_id = $2 order by day");
    scope
        .db()
        .all(&sql, args![scope.school, commitment])
        .await?
        .iter()
        .map(read)
        .collect()
}

/// The values of all commitments by day, for the small lines of the board.
pub async fn lines(scope: &Scope, from: NaiveDate) -> Result<HashMap<Uuid, Vec<f64>>> {
    let rows = scope
        .db()
        .all(
            "select commitment_id, actual_scaled from reading where school_id = $1 and day >= $2 \
             and actual_scaled is not null order by commitment_id, day",
            args![scope.school, from],
        )
        .await?;
    let mut lines: HashMap<Uuid, Vec<f64>> = HashMap::new();
    for row in &rows {
        lines
            .entry(row.at(0)?)
            .or_default()
            .push(row.at::<i64>(1)? as f64 / 100.0);
    }
    Ok(lines)
}

/// Makes today's readings current and gives the latest of every commitment. Usually one comparison and no write.
pub async fn refresh(scope: &Scope, commitments: &[Commitment]) -> Result<HashMap<Uuid, Reading>> {
    let system = Scope::system(&scope.app, scope.school, "自动计算");
    let today = scope.today();
    let calendar = term::load(&system).await?;
    let mut known = latest(&system).await?;
    let plans: HashMap<Uuid, Uuid> = store::plans_of(&system)
        .await?
        .into_iter()
        .map(|p| (p.id, p.term))
        .collect();
    let mut fresh = vec![];
    for commitment in commitments {
        let manual =
            matches!(commitment.binding, Binding::Manual | Binding::None) && commitment.kind != Kind::Task;
        let Some(term) = plans.get(&commitment.plan).and_then(|id| calendar.term(*id)) else {
            continue;
        };
        // A term that is over keeps its last line.
        let day = today.min(term.end().max(run_of(commitment, term, today).due + Days::new(1)));
        if manual || day < term.start() {
            continue;
        }
        let current = match known.get(&commitment.id) {
            Some(r) => r.day == day && r.basis == basis(&system, commitment).await?,
            None => false,
        };
        if !current && let Some(reading) = compute(&system, commitment, &calendar, term, day).await? {
            known.insert(commitment.id, reading.clone());
            fresh.push(reading);
        }
    }
    keep(&system, &fresh).await?;
    for commitment in commitments.iter().filter(|c| c.binding == Binding::Manual) {
        if let (Some(reading), Some(term)) = (
            known.get_mut(&commitment.id),
            plans.get(&commitment.plan).and_then(|id| calendar.term(*id)),
        ) {
            let run = run_of(commitment, term, today);
            reading.state = standing::of_number(commitment, reading.actual, Course::Level, run);
        }
    }
    Ok(known)
}

/// Computes the end of each past week of the term where no reading is kept, so that a line begins with the term.
pub async fn backfill(scope: &Scope, commitments: &[Commitment]) -> Result<usize> {
    let system = Scope::system(&scope.app, scope.school, "自动计算");
    let today = scope.today();
    let calendar = term::load(&system).await?;
    let plans: HashMap<Uuid, Uuid> = store::plans_of(&system)
        .await?
        .into_iter()
        .map(|p| (p.id, p.term))
        .collect();
    let rows = system
        .db()
        .all(
            "select commitment_id, day from reading where school_id = $1",
            args![scope.school],
        )
        .await?;
    let present: HashSet<(Uuid, NaiveDate)> = rows
        .iter()
        .map(|row| Ok((row.at(0)?, row.at(1)?)))
        .collect::<Result<_>>()?;
    let mut fresh = vec![];
    for commitment in commitments {
        let Some(term) = plans.get(&commitment.plan).and_then(|id| calendar.term(*id)) else {
            continue;
        };
        let mut day = term.start() + Days::new(6);
        while day < today && day <= term.end() {
            if !present.contains(&(commitment.id, day))
                && let Some(reading) = compute(&system, commitment, &calendar, term, day).await?
            {
                fresh.push(Reading {
                    source: "backfilled".into(),
                    ..reading
                });
            }
            day = day + Days::new(7);
        }
    }
    let count = fresh.len();
    keep(&system, &fresh).await?;
    Ok(count)
}

/// Keeps a value that a person typed for a manual commitment.
pub async fn type_in(
    scope: &Scope,
    commitment: &Commitment,
    day: NaiveDate,
    actual: i64,
    note: &str,
) -> Result<()> {
    if commitment.binding != Binding::Manual {
        return Err(Error::Conflict("这项承诺由台账自动计算，不能手工填报".into()));
    }
    if day > scope.today() {
        return Err(Error::invalid("day", "日期不能晚于今天"));
    }
    let calendar = term::load(scope).await?;
    let plan = store::plan(scope, commitment.plan).await?;
    let term = calendar.term(plan.term).ok_or(Error::NotFound)?;
    let run = run_of(commitment, term, scope.today());
    let reading = Reading {
        commitment: commitment.id,
        day,
        numerator: actual,
        denominator: None,
        scale: 2,
        actual: Some(actual),
        state: standing::of_number(commitment, Some(actual), Course::Level, run),
        source: "manual".into(),
        actor: scope.actor.name.clone(),
        note: note.trim().to_owned(),
        at: scope.now(),
        basis: 0,
    };
    keep(scope, &[reading]).await?;
    let entry = Entry {
        register: "commitment".into(),
        record: commitment.id,
        version: commitment.version,
        action: "手工填报".into(),
        before: None,
        after: Some(
            serde_json::json!({ "日期": day.to_string(), "数值": crate::model::plain(actual), "说明": note })
                .to_string(),
        ),
        reason: None,
    };
    let tx = scope.db().begin().await?;
    journal::write(&tx, scope, vec![entry]).await?;
    journal::touch(&tx, scope.school, "reading").await?;
    tx.commit().await
}

/// Computes the readings of all schools once.
pub async fn daily(app: &Arc<App>) -> Result<()> {
    for school in app.school_ids() {
        let scope = Scope::system(app, school, "自动计算");
        let commitments = store::published_commitments(&scope).await?;
        backfill(&scope, &commitments).await?;
        refresh(&scope, &commitments).await?;
    }
    Ok(())
}

/// Keeps the readings of every day, also of days on which nobody opens the board.
pub fn spawn_daily(app: &Arc<App>) {
    let pause = std::time::Duration::from_secs(1800);
    app.every(pause, "daily readings", |app| async move { daily(&app).await });
}
