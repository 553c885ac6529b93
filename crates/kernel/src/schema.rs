//! Tables: written migrations for what is deep, the spec itself for registers.
//!
//! A register's table is made from its spec when it is missing and gains the columns a newer spec adds. A column of
//! another type, or one the database has and the spec has not, stops the start with the place and the cause.
use crate::app::{Migration, Registers};
use crate::args;
use crate::db::Db;
use crate::register::flow::StateKind;
use crate::register::spec::{FieldKind, FieldSpec, RegisterSpec};
use crate::seal::{Seal, convert};
use crate::value::SqlType;
use anyhow::{Result, bail};
use chrono::{DateTime, Utc};
use std::collections::HashSet;

/// The kernel's own tables.
pub const KERNEL: Migration = Migration {
    name: "0001_kernel",
    sql: include_str!("../migrations/0001_kernel.sql"),
};

/// What is waiting for people and what they are told.
pub const WORK: Migration = Migration {
    name: "0002_work",
    sql: include_str!("../migrations/0002_work.sql"),
};

/// Sealed values: what was sealed, and who read it.
pub const SEALED: Migration = Migration {
    name: "0003_sealed",
    sql: include_str!("../migrations/0003_sealed.sql"),
};

/// All of the kernel's migrations, in order.
pub const MIGRATIONS: [Migration; 4] = [KERNEL, WORK, SEALED, crate::draw::MIGRATION];

/// The columns every register's table has besides its fields.
pub const SYSTEM: [(&str, SqlType, bool); 14] = [
    ("school_id", SqlType::Int, true),
    ("id", SqlType::Id, true),
    ("state", SqlType::Text, true),
    ("scope", SqlType::Text, true),
    ("owner_id", SqlType::Id, false),
    ("label", SqlType::Text, true),
    ("search", SqlType::Text, true),
    ("version", SqlType::Int, true),
    ("created_at", SqlType::Instant, true),
    ("created_by", SqlType::Id, true),
    ("updated_at", SqlType::Instant, true),
    ("void_reason", SqlType::Text, false),
    ("key_text", SqlType::Text, true),
    ("state_at", SqlType::Instant, true),
];

/// The column of a field. Prefixed, so that a field may bear any name.
pub fn column(field: &FieldSpec) -> String {
    format!("f_{}", field.name)
}

/// The table of a register.
pub fn table(spec: &RegisterSpec) -> String {
    format!("r_{}", spec.id)
}

/// Applies the migrations not yet applied, each in one transaction.
pub async fn migrate(db: &Db, migrations: &[Migration], now: DateTime<Utc>) -> Result<()> {
    db.script(
        "create table if not exists migration (name text primary key, applied_at timestamptz not null)",
    )
    .await?;
    let done: Vec<String> = db
        .all("select name from migration", &[])
        .await?
        .iter()
        .map(|row| row.at(0))
        .collect::<Result<_, _>>()?;
    for migration in migrations.iter().filter(|m| !done.iter().any(|d| d == m.name)) {
        let tx = db.begin().await?;
        let sql: String = migration
            .sql
            .lines()
            .filter(|line| !line.trim_start().starts_with("--"))
            .collect::<Vec<_>>()
            .join("\n");
        tx.script(&sql).await?;
        tx.run(
            "insert into migration (name, applied_at) values ($1, $2)",
            args![migration.name, now],
        )
        .await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Makes or extends the registers' tables and compares the rest.
pub async fn prepare(db: &Db, registers: &Registers, seal: &Seal) -> Result<()> {
    let sealed = convert::sealed_columns(db).await?;
    for spec in registers.iter() {
        convert::refuse_opened(spec, &sealed)?;
        prepare_table(db, spec, seal, &sealed, false).await?;
    }
    Ok(())
}

/// Makes or extends the table of a register a school drew: it keeps the columns of fields it hid.
pub async fn prepare_drawn(db: &Db, spec: &RegisterSpec, seal: &Seal) -> Result<()> {
    let sealed = convert::sealed_columns(db).await?;
    prepare_table(db, spec, seal, &sealed, true).await
}

async fn prepare_table(
    db: &Db,
    spec: &RegisterSpec,
    seal: &Seal,
    sealed: &HashSet<String>,
    keeps_more: bool,
) -> Result<()> {
    let table = table(spec);
    let mut present = db.columns_of(&table).await?;
    if present.is_empty() {
        create(db, spec).await?;
        return index_work(db, spec).await;
    }
    index_work(db, spec).await?;
    convert::run(db, spec, seal, sealed, &present).await?;
    present = db.columns_of(&table).await?;
    for (name, kind) in expected(spec) {
        match present.iter().find(|column| column.0 == name) {
            Some((_, word)) if word == kind.ddl() => {}
            Some((_, word)) => bail!(
                "table {table}: column {name} is {word}, the register {} wants {}; restore a backup or migrate by hand",
                spec.id,
                kind.ddl()
            ),
            None if name.starts_with("f_") => {
                db.script(&format!("alter table {table} add column {name} {}", kind.ddl()))
                    .await?;
                convert::note(db, spec).await?;
            }
            None if name == "state_at" => {
                db.script(&format!("alter table {table} add column state_at timestamptz"))
                    .await?;
                db.script(&format!("update {table} set state_at = updated_at"))
                    .await?;
            }
            None => bail!("table {table}: the system column {name} is missing"),
        }
    }
    if let Some((extra, _)) = present
        .iter()
        .filter(|_| !keeps_more)
        .find(|c| expected(spec).iter().all(|(name, _)| *name != c.0))
    {
        bail!(
            "table {table}: the register {} knows no column {extra}; is this an older program?",
            spec.id
        );
    }
    Ok(())
}

/// Name and type of every column a register's table must have.
pub fn expected(spec: &RegisterSpec) -> Vec<(String, SqlType)> {
    let system = SYSTEM.iter().map(|(name, kind, _)| ((*name).to_owned(), *kind));
    system
        .chain(spec.fields.iter().map(|field| (column(field), field.sql())))
        .collect()
}

async fn create(db: &Db, spec: &RegisterSpec) -> Result<()> {
    let table = table(spec);
    let mut columns: Vec<String> = SYSTEM
        .iter()
        .map(|(name, kind, needed)| {
            format!("{name} {}{}", kind.ddl(), if *needed { " not null" } else { "" })
        })
        .collect();
    columns.extend(
        spec.fields
            .iter()
            .map(|field| format!("{} {}", column(field), field.sql().ddl())),
    );
    columns.push("primary key (school_id, id)".into());
    let tx = db.begin().await?;
    tx.script(&format!("create table {table} ({})", columns.join(", ")))
        .await?;
    tx.script(&format!(
        "create index {table}_label on {table} (school_id, label)"
    ))
    .await?;
    if spec.key.is_some() {
        tx.script(&format!(
            "create index {table}_key on {table} (school_id, key_text)"
        ))
        .await?;
    }
    if let Some(date) = spec.date {
        let date = column(&spec.fields[date]);
        tx.script(&format!(
            "create index {table}_date on {table} (school_id, {date})"
        ))
        .await?;
    }
    // What belongs to one student, class, room … is looked up by it, within days where the register has a date.
    for field in spec.fields.iter().filter(|f| matches!(f.kind, FieldKind::Ref(_))) {
        let name = column(field);
        let date = spec
            .date
            .map(|at| format!(", {}", column(&spec.fields[at])))
            .unwrap_or_default();
        tx.script(&format!(
            "create index {table}_of_{} on {table} (school_id, {name}{date})",
            field.name
        ))
        .await?;
    }
    for at in 0..spec.unique.len() {
        make_unique(&tx, spec, at).await?;
    }
    convert::note(&tx, spec).await?;
    tx.commit().await?;
    Ok(())
}

/// That a row of the register is live and in a state in which something is still to be done; the states are written
/// out so that the index of such rows serves. None when nothing ever waits.
pub fn waits_sql(spec: &RegisterSpec, alias: &str) -> Option<String> {
    let open = spec
        .flow
        .states
        .iter()
        .filter(|state| state.kind == StateKind::Open);
    let open: Vec<String> = open
        .map(|state| format!("'{}'", state.name.replace('\'', "''")))
        .collect();
    (!open.is_empty() && spec.flow.has_steps()).then(|| {
        format!(
            "{alias}void_reason is null and {alias}state in ({})",
            open.join(", ")
        )
    })
}

/// Indexes of what waits and of one's own requests. The first bears the states it is for in its name.
async fn index_work(db: &Db, spec: &RegisterSpec) -> Result<()> {
    let table = table(spec);
    if let Some(waits) = waits_sql(spec, "") {
        let digest = crate::auth::digest(&waits);
        // Not a script: a school's own state may hold a semicolon.
        let sql = format!(
            "create index if not exists {table}_waits_{} on {table} (school_id, state) where {waits}",
            &digest[..8]
        );
        db.run(&sql, &[]).await?;
    }
    if spec.service.is_some() {
        db.script(&format!(
            "create index if not exists {table}_maker on {table} (school_id, created_by)"
        ))
        .await?;
    }
    Ok(())
}

/// Makes one of the register's unique indexes, unless it is there.
pub(crate) async fn make_unique(tx: &Db, spec: &RegisterSpec, at: usize) -> crate::error::Result<()> {
    let table = table(spec);
    let fields = spec.unique[at].iter();
    let columns: Vec<String> = fields.map(|f| column(&spec.fields[*f])).collect();
    // Only live rows: a voided record frees its number.
    tx.script(&format!(
        "create unique index if not exists {table}_unique{at} on {table} (school_id, {}) where void_reason is null",
        columns.join(", ")
    ))
    .await
}
