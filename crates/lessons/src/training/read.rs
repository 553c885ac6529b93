//! Training rooms and their logs, read.
use super::usage::Logged;
use chrono::NaiveDate;
use kernel::app::Scope;
use kernel::args;
use kernel::error::Result;
use std::collections::HashMap;
use uuid::Uuid;

/// A training room in use.
pub struct Room {
    /// The record.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// The place that the timetable names.
    pub place: Uuid,
}

/// The training rooms in use, by number.
pub async fn rooms(scope: &Scope) -> Result<Vec<Room>> {
    let sql = "select id, f_name, f_room from r_training_room where school_id = $1 and void_reason is null and \
               f_status = 'in_use' order by f_number";
    let rows = scope.db().all(sql, args![scope.school]).await?;
    rows.iter()
        .map(|row| {
            Ok(Room {
                id: row.at(0)?,
                name: row.at(1)?,
                place: row.at(2)?,
            })
        })
        .collect()
}

/// From the place to the training room there.
pub fn by_place(rooms: &[Room]) -> HashMap<Uuid, Uuid> {
    rooms.iter().map(|room| (room.place, room.id)).collect()
}

/// The logs from one date to another.
pub async fn logs(scope: &Scope, from: NaiveDate, to: NaiveDate) -> Result<Vec<Logged>> {
    let sql = "select id, f_room, f_used_on, f_period, f_periods, f_present, f_briefed, f_tidied, f_machines, \
               f_remark from r_training_log where school_id = $1 and void_reason is null and f_used_on >= $2 and \
               f_used_on <= $3 order by f_used_on, f_period, id";
    let rows = scope.db().all(sql, args![scope.school, from, to]).await?;
    rows.iter()
        .map(|row| {
            Ok(Logged {
                id: row.at(0)?,
                room: row.at(1)?,
                on: row.at(2)?,
                period: u8::try_from(row.at::<i64>(3)?).unwrap_or(0),
                periods: row.at(4)?,
                present: row.at(5)?,
                briefed: row.at(6)?,
                tidied: row.at(7)?,
                faulty: row.at::<String>(8)? != "good",
                remark: row.at::<Option<String>>(9)?.unwrap_or_default(),
            })
        })
        .collect()
}
