//! What the last check of each table found.
use crate::rows::{self, Row, Tally};
use crate::source::Table;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::app::Scope;
use kernel::args;
use kernel::error::Result;
use std::collections::HashMap;

/// What a check found, and when.
#[derive(Clone, Copy, Debug)]
pub struct Checked {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub tally: Tally,
}

/// The last check of each table that was ever checked.
pub async fn all(scope: &Scope) -> Result<HashMap<u8, Checked>> {
    let sql = "select no, checked_at, good, waiting, bad, faults from dataset_check where school_id = $1";
    let rows = scope.db().all(sql, args![scope.school]).await?;
    rows.iter()
        .map(|row| {
            let number = |at: usize| row.at::<i64>(at).map(|number| number as usize);
            let tally = Tally {
                good: number(2)?,
                waiting: number(3)?,
                bad: number(4)?,
                faults: number(5)?,
            };
            Ok((
                number(0)? as u8,
                Checked {
                    at: row.at(1)?,
                    tally,
                },
            ))
        })
        .collect()
}

/// Makes the rows of a table (of a day, where it is reported by the day) and keeps what was found.
pub async fn check(scope: &Scope, table: &Table, day: Option<NaiveDate>) -> Result<Vec<Row>> {
    let rows = rows::rows(scope, table, day).await?;
    let tally = Tally::of(&rows);
    scope
        .db()
        .run(
            "insert into dataset_check (school_id, no, checked_at, good, waiting, bad, faults) \
             values ($1, $2, $3, $4, $5, $6, $7) on conflict (school_id, no) do update set \
             checked_at = excluded.checked_at, good = excluded.good, waiting = excluded.waiting, \
             bad = excluded.bad, faults = excluded.faults",
            args![
                scope.school,
                i64::from(table.set.no),
                scope.now(),
                tally.good as i64,
                tally.waiting as i64,
                tally.bad as i64,
                tally.faults as i64
            ],
        )
        .await?;
    Ok(rows)
}
