//! The school's terms and special days: what week it is today, and which days are taught.
use crate::app::Scope;
use crate::args;
use crate::error::{Error, Result};
use crate::journal;
use calendar::{DayTable, Half, SchoolYear, SpecialDay, SpecialKind, Term};
use chrono::{Datelike, NaiveDate, Weekday};
use std::sync::Arc;
use uuid::Uuid;

/// The school's calendar as of now.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// All terms, oldest first, with their ids.
    pub terms: Vec<(Uuid, Term)>,
    /// Statutory days of the country with the school's own on top.
    pub days: DayTable,
}

impl Calendar {
    /// The term that contains the date, else the last one that began before it, else the first.
    pub fn term_at(&self, date: NaiveDate) -> Option<&(Uuid, Term)> {
        self.terms
            .iter()
            .find(|(_, term)| term.contains(date))
            .or_else(|| self.terms.iter().rev().find(|(_, term)| term.start() <= date))
            .or(self.terms.first())
    }

    /// A term by id.
    pub fn term(&self, id: Uuid) -> Option<&Term> {
        self.terms
            .iter()
            .find(|(known, _)| *known == id)
            .map(|(_, term)| term)
    }

    /// `2026—2027学年第一学期 第12周 星期一`.
    pub fn line(&self, today: NaiveDate) -> String {
        let weekday = calendar::weekday_name(today.weekday());
        match self.term_at(today) {
            Some((_, term)) => match term.week_of(today) {
                Some(week) => format!("{} 第{week}周 {weekday}", term.name()),
                None => format!("{} {today} {weekday}", term.name()),
            },
            None => format!("{today} {weekday}"),
        }
    }
}

/// A weekday as the database keeps it: 1 is Monday.
fn weekday(number: i64) -> Option<Weekday> {
    Weekday::try_from(u8::try_from(number - 1).ok()?).ok()
}

/// Reads the calendar.
pub async fn load(scope: &Scope) -> Result<Arc<Calendar>> {
    let rev = scope.revision("calendar").await?;
    if let Some(calendar) = scope.app.calendars.get(scope.school, rev) {
        return Ok(calendar);
    }
    let mut terms = vec![];
    for row in scope
        .db()
        .all(
            "select id, year, half, start_on, weeks from term where school_id = $1 order by start_on",
            args![scope.school],
        )
        .await?
    {
        let half = if row.at::<String>(2)? == "spring" {
            Half::Spring
        } else {
            Half::Autumn
        };
        let (year, weeks): (i64, i64) = (row.at(1)?, row.at(4)?);
        let term = Term::new(SchoolYear(year as i32), half, row.at(3)?, weeks as u8)
            .map_err(|error| anyhow::anyhow!("term in the database: {error}"))?;
        terms.push((row.at(0)?, term));
    }
    let mut days = DayTable::builtin();
    for row in scope
        .db()
        .all(
            "select day, kind, name, stands_for from calendar_day where school_id = $1",
            args![scope.school],
        )
        .await?
    {
        let kind = match row.at::<String>(1)?.as_str() {
            "上班" => SpecialKind::Work,
            "调休" => SpecialKind::Exchanged,
            _ => SpecialKind::Off,
        };
        let stands_for = row.at::<Option<i64>>(3)?.and_then(weekday);
        days.set(
            row.at(0)?,
            SpecialDay {
                kind,
                name: row.at(2)?,
                stands_for,
                derived: false,
            },
        );
    }
    let calendar = Arc::new(Calendar { terms, days });
    scope.app.calendars.put(scope.school, rev, calendar.clone());
    Ok(calendar)
}

/// Adds a term.
pub async fn add_term(scope: &Scope, term: &Term) -> Result<Uuid> {
    let id = Uuid::now_v7();
    let half = if term.half() == Half::Spring {
        "spring"
    } else {
        "autumn"
    };
    let tx = scope.db().begin().await?;
    let rows = tx
        .all(
            "select start_on, weeks, year, half from term where school_id = $1",
            args![scope.school],
        )
        .await?;
    for row in rows {
        let (start, weeks): (NaiveDate, i64) = (row.at(0)?, row.at(1)?);
        let end = start + chrono::Days::new(weeks as u64 * 7 - 1);
        if row.at::<i64>(2)? == i64::from(term.year().0) && row.at::<String>(3)? == half {
            return Err(Error::invalid("half", format!("{}已经设置过", term.name())));
        }
        if term.start() <= end && start <= term.end() {
            return Err(Error::invalid("start_on", "与已有学期的日期重叠"));
        }
    }
    tx.run(
        "insert into term (school_id, id, year, half, start_on, weeks) values ($1, $2, $3, $4, $5, $6)",
        args![
            scope.school,
            id,
            i64::from(term.year().0),
            half,
            term.start(),
            i64::from(term.weeks())
        ],
    )
    .await?;
    write_journal(&tx, scope, id, "设置学期", term.name()).await?;
    tx.commit().await?;
    Ok(id)
}

/// Adds or replaces special days, all in one transaction.
pub async fn set_days(scope: &Scope, days: &DayTable, why: &str) -> Result<usize> {
    let tx = scope.db().begin().await?;
    let mut count = 0;
    for (date, day) in days.iter() {
        let stands_for = day.stands_for.map(|w| i64::from(w.number_from_monday()));
        tx.run(
            "insert into calendar_day (school_id, day, kind, name, stands_for) values ($1, $2, $3, $4, $5) \
             on conflict (school_id, day) do update set kind = excluded.kind, name = excluded.name, \
             stands_for = excluded.stands_for",
            args![
                scope.school,
                date,
                day.kind.label(),
                day.name.as_str(),
                stands_for
            ],
        )
        .await?;
        count += 1;
    }
    write_journal(&tx, scope, Uuid::nil(), why, format!("{count} 天")).await?;
    tx.commit().await?;
    Ok(count)
}

async fn write_journal(
    tx: &crate::db::Db,
    scope: &Scope,
    record: Uuid,
    action: &str,
    after: String,
) -> Result<()> {
    let entry = journal::Entry {
        register: "calendar".into(),
        record,
        version: 1,
        action: action.into(),
        before: None,
        after: Some(serde_json::json!({ "内容": after }).to_string()),
        reason: None,
    };
    journal::write(tx, scope, vec![entry]).await?;
    journal::touch(tx, scope.school, "calendar").await
}

/// Calendars already read, by school and revision.
#[derive(Default)]
pub struct Calendars(std::sync::Mutex<std::collections::HashMap<i64, (i64, Arc<Calendar>)>>);

impl Calendars {
    fn get(&self, school: i64, rev: i64) -> Option<Arc<Calendar>> {
        let known = self.0.lock().expect("calendar lock");
        known
            .get(&school)
            .filter(|(at, _)| *at == rev)
            .map(|(_, calendar)| calendar.clone())
    }

    fn put(&self, school: i64, rev: i64, calendar: Arc<Calendar>) {
        self.0
            .lock()
            .expect("calendar lock")
            .insert(school, (rev, calendar));
    }
}
