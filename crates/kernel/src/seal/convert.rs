//! What was kept plain before a field was sealed: column and journal are sealed once, a register in one transaction.
use super::{Seal, column_name};
use crate::args;
use crate::db::Db;
use crate::error::Result;
use crate::register::search::text_of;
use crate::register::spec::{FieldSpec, RegisterSpec};
use crate::schema::{column, table};
use crate::value::{SqlType, Value};
use anyhow::bail;
use std::collections::HashSet;
use uuid::Uuid;

const ROWS_AT_ONCE: i64 = 1_000;

/// The columns known to hold cipher text only, by name (`student.phone`).
pub async fn sealed_columns(db: &Db) -> Result<HashSet<String>> {
    let rows = db
        .all("select name from seal where name like 'column %'", &[])
        .await?;
    rows.iter()
        .map(|row| Ok(row.at::<String>(0)?.trim_start_matches("column ").to_owned()))
        .collect()
}

/// Notes that the column of every sealed field of the register holds cipher text only.
pub async fn note(db: &Db, spec: &RegisterSpec) -> Result<()> {
    for field in spec.fields.iter().filter(|field| field.sealed) {
        note_one(db, spec, field).await?;
    }
    Ok(())
}

async fn note_one(db: &Db, spec: &RegisterSpec, field: &FieldSpec) -> Result<()> {
    db.run(
        "insert into seal (name, value) values ($1, $2) on conflict (name) do nothing",
        args![format!("column {}", column_name(spec, field)), "sm4"],
    )
    .await?;
    Ok(())
}

/// Stops when a field of the register is sealed in the database and no longer in the program.
pub fn refuse_opened(spec: &RegisterSpec, sealed: &HashSet<String>) -> anyhow::Result<()> {
    let opened = |field: &&FieldSpec| !field.sealed && sealed.contains(&column_name(spec, field));
    if let Some(field) = spec.fields.iter().find(opened) {
        bail!(
            "register {}: the field {} is sealed in the database but not in this program; is this an older program?",
            spec.id,
            field.name
        );
    }
    Ok(())
}

/// Seals the columns of the register that are sealed by its spec and still plain in the database, with what the
/// journal holds of them. `present` are the columns there are, with their types.
pub async fn run(
    db: &Db,
    spec: &RegisterSpec,
    seal: &Seal,
    sealed: &HashSet<String>,
    present: &[(String, String)],
) -> anyhow::Result<()> {
    let kind = |field: &FieldSpec| {
        let word = &present.iter().find(|(name, _)| *name == column(field))?.1;
        let kinds = [SqlType::Text, field.kind.sql()];
        kinds.into_iter().find(|kind| kind.ddl() == word)
    };
    let plain: Vec<(&FieldSpec, SqlType)> = spec
        .fields
        .iter()
        .filter(|field| field.sealed && !sealed.contains(&column_name(spec, field)))
        .filter_map(|field| Some((field, kind(field)?)))
        .collect();
    if plain.is_empty() {
        return Ok(());
    }
    let tx = db.begin().await?;
    for (field, kind) in &plain {
        if *kind != SqlType::Text {
            make_room(&tx, spec, field).await?;
        }
    }
    columns(&tx, spec, seal, &plain).await?;
    journal(&tx, spec, seal, &plain).await?;
    for (field, kind) in &plain {
        if *kind != SqlType::Text {
            take_place(&tx, spec, field).await?;
        }
        note_one(&tx, spec, field).await?;
    }
    for (at, _) in spec.unique.iter().enumerate() {
        crate::schema::make_unique(&tx, spec, at).await?;
    }
    tx.commit().await?;
    Ok(())
}

fn waiting(field: &FieldSpec) -> String {
    format!("{}_sealed", column(field))
}

/// A column of another type beside the old one; what stands on the old one is dropped.
async fn make_room(tx: &Db, spec: &RegisterSpec, field: &FieldSpec) -> Result<()> {
    let table = table(spec);
    for at in 0..spec.unique.len() {
        tx.script(&format!("drop index if exists {table}_unique{at}"))
            .await?;
    }
    tx.script(&format!("alter table {table} add column {} text", waiting(field)))
        .await
}

async fn take_place(tx: &Db, spec: &RegisterSpec, field: &FieldSpec) -> Result<()> {
    let (table, column) = (table(spec), column(field));
    tx.script(&format!("alter table {table} drop column {column}"))
        .await?;
    tx.script(&format!(
        "alter table {table} rename column {} to {column}",
        waiting(field)
    ))
    .await
}

async fn columns(tx: &Db, spec: &RegisterSpec, seal: &Seal, plain: &[(&FieldSpec, SqlType)]) -> Result<()> {
    let names: Vec<String> = plain.iter().map(|(field, _)| column(field)).collect();
    let sets: Vec<String> = plain
        .iter()
        .enumerate()
        .map(|(at, (field, kind))| match kind {
            SqlType::Text => format!("{} = ${}", column(field), at + 4),
            _ => format!("{} = ${}", waiting(field), at + 4),
        })
        .collect();
    let write = format!(
        "update {} set search = $3, {} where school_id = $1 and id = $2",
        table(spec),
        sets.join(", ")
    );
    let read = format!(
        "select school_id, id, search, {} from {} where school_id > $1 or (school_id = $1 and id > $2) \
         order by school_id, id limit $3",
        names.join(", "),
        table(spec)
    );
    let (mut school, mut id) = (i64::MIN, Uuid::nil());
    loop {
        let rows = tx.all(&read, args![school, id, ROWS_AT_ONCE]).await?;
        for row in &rows {
            (school, id) = (row.at(0)?, row.at(1)?);
            let mut search: String = row.at(2)?;
            let mut args: Vec<Value> = vec![school.into(), id.into(), "".into()];
            for (at, (field, kind)) in plain.iter().enumerate() {
                let value = row.value(3 + at, *kind)?;
                search = without(&search, &value);
                args.push(seal.bind(spec, field, &value));
            }
            args[2] = search.into();
            if args[3..].iter().any(|value| !value.is_null()) {
                tx.run(&write, &args).await?;
            }
        }
        if (rows.len() as i64) < ROWS_AT_ONCE {
            return Ok(());
        }
    }
}

/// The search text of a record without what it says of a value.
fn without(search: &str, value: &Value) -> String {
    let said = match value {
        Value::Text(text) => text_of([text.as_str()]),
        _ => String::new(),
    };
    match said.is_empty() {
        true => search.to_owned(),
        false => search
            .replace(&said, "")
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" "),
    }
}

async fn journal(tx: &Db, spec: &RegisterSpec, seal: &Seal, plain: &[(&FieldSpec, SqlType)]) -> Result<()> {
    let read = "select school_id, id, before, after from journal \
                where register = $4 and (school_id > $1 or (school_id = $1 and id > $2)) \
                order by school_id, id limit $3";
    let write = "update journal set before = $3, after = $4 where school_id = $1 and id = $2";
    let (mut school, mut id) = (i64::MIN, Uuid::nil());
    loop {
        let rows = tx
            .all(read, args![school, id, ROWS_AT_ONCE, spec.id.as_str()])
            .await?;
        for row in &rows {
            (school, id) = (row.at(0)?, row.at(1)?);
            let texts: [Option<String>; 2] = [row.at(2)?, row.at(3)?];
            let [before, after] = [0, 1].map(|at| sealed_json(spec, seal, plain, texts[at].as_deref()));
            if before != texts[0] || after != texts[1] {
                tx.run(write, args![school, id, before, after]).await?;
            }
        }
        if (rows.len() as i64) < ROWS_AT_ONCE {
            return Ok(());
        }
    }
}

/// The JSON of a journal entry with the fields sealed; what cannot be read stays as it is.
fn sealed_json(
    spec: &RegisterSpec,
    seal: &Seal,
    plain: &[(&FieldSpec, SqlType)],
    text: Option<&str>,
) -> Option<String> {
    let text = text?;
    let Ok(mut json) = serde_json::from_str::<serde_json::Value>(text) else {
        return Some(text.to_owned());
    };
    let mut changed = false;
    for (field, _) in plain {
        let Some(kept) = json.get(&field.name) else {
            continue;
        };
        let value = Value::of_json(field.kind.sql(), kept);
        if !value.is_null() {
            json[&field.name] = seal.bind(spec, field, &value).json();
            changed = true;
        }
    }
    Some(if changed {
        json.to_string()
    } else {
        text.to_owned()
    })
}
