//! One database story for SQLite and PostgreSQL: plain SQL in the dialect both speak, bound values, typed columns.
//!
//! A [`Db`] is either a pool or one open transaction, so every function takes `&Db` and works in both.
use crate::args;
use crate::error::Result;
use crate::value::Value;
use anyhow::Context;
use chrono::{DateTime, NaiveDate, Utc};
use futures_util::TryStreamExt;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgPoolOptions, PgRow};
use sqlx::sqlite::SqliteSynchronous;
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow};
use sqlx::{AssertSqlSafe, PgPool, Postgres, Row as _, Sqlite, SqlitePool, Transaction};
use std::cell::Cell;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use uuid::Uuid;

tokio::task_local! {
    /// How many statements the present request has run; set by the HTTP layer.
    pub static STATEMENTS: Cell<u32>;
}

fn count_statement() {
    let _ = STATEMENTS.try_with(|count| count.set(count.get() + 1));
}

/// Which database is behind a [`Db`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// The embedded default.
    Sqlite,
    /// PostgreSQL 15 or newer.
    Postgres,
}

enum Conn {
    Sqlite { read: SqlitePool, write: SqlitePool },
    Postgres(PgPool),
    SqliteTx(Mutex<Option<Transaction<'static, Sqlite>>>),
    PostgresTx(Mutex<Option<Transaction<'static, Postgres>>>),
}

/// A database, or a transaction in it.
#[derive(Clone)]
pub struct Db(Arc<Conn>);

/// An open transaction. Dropped without [`Tx::commit`] it is rolled back.
pub struct Tx(Db);

impl std::ops::Deref for Tx {
    type Target = Db;
    fn deref(&self) -> &Db {
        &self.0
    }
}

/// One row of an answer; columns are taken by position.
pub enum Row {
    /// From SQLite.
    Sqlite(SqliteRow),
    /// From PostgreSQL.
    Postgres(PgRow),
}

/// What a column can be read as, on both databases.
pub trait Column:
    for<'r> sqlx::Decode<'r, Sqlite>
    + for<'r> sqlx::Decode<'r, Postgres>
    + sqlx::Type<Sqlite>
    + sqlx::Type<Postgres>
{
}
impl Column for i64 {}
impl Column for bool {}
impl Column for String {}
impl Column for NaiveDate {}
impl Column for DateTime<Utc> {}
impl Column for Uuid {}
impl<T: Column> Column for Option<T> where
    Option<T>: for<'r> sqlx::Decode<'r, Sqlite>
        + for<'r> sqlx::Decode<'r, Postgres>
        + sqlx::Type<Sqlite>
        + sqlx::Type<Postgres>
{
}

impl Row {
    /// The column at `index` as `T`; an error when it is null or of another type.
    pub fn at<T: Column>(&self, index: usize) -> Result<T> {
        Ok(match self {
            Row::Sqlite(row) => row.try_get_unchecked(index)?,
            Row::Postgres(row) => row.try_get_unchecked(index)?,
        })
    }

    /// The column at `index` as a [`Value`] of the given type.
    pub fn value(&self, index: usize, kind: crate::value::SqlType) -> Result<Value> {
        use crate::value::SqlType as T;
        Ok(match kind {
            T::Int => self.at::<Option<i64>>(index)?.into(),
            T::Bool => self.at::<Option<bool>>(index)?.into(),
            T::Text => self.at::<Option<String>>(index)?.into(),
            T::Date => self.at::<Option<NaiveDate>>(index)?.into(),
            T::Instant => self.at::<Option<DateTime<Utc>>>(index)?.into(),
            T::Id => self.at::<Option<Uuid>>(index)?.into(),
        })
    }
}

macro_rules! bind_all {
    ($query:expr, $args:expr) => {{
        let mut query = $query;
        for value in $args {
            query = match value.clone() {
                Value::Null(kind) => match kind {
                    crate::value::SqlType::Int => query.bind(None::<i64>),
                    crate::value::SqlType::Bool => query.bind(None::<bool>),
                    crate::value::SqlType::Text => query.bind(None::<String>),
                    crate::value::SqlType::Date => query.bind(None::<NaiveDate>),
                    crate::value::SqlType::Instant => query.bind(None::<DateTime<Utc>>),
                    crate::value::SqlType::Id => query.bind(None::<Uuid>),
                },
                Value::Int(v) => query.bind(v),
                Value::Bool(v) => query.bind(v),
                Value::Text(v) => query.bind(v),
                Value::Date(v) => query.bind(v),
                Value::Instant(v) => query.bind(v),
                Value::Id(v) => query.bind(v),
            };
        }
        query
    }};
}

fn sqlite_query<'q>(sql: &str, args: &[Value]) -> sqlx::query::Query<'q, Sqlite, SqliteArguments> {
    count_statement();
    bind_all!(sqlx::query::<Sqlite>(AssertSqlSafe(sql.to_owned())), args)
}

fn postgres_query<'q>(sql: &str, args: &[Value]) -> sqlx::query::Query<'q, Postgres, PgArguments> {
    count_statement();
    bind_all!(sqlx::query::<Postgres>(AssertSqlSafe(sql.to_owned())), args)
}

/// Connections that read the SQLite file at once. Each costs 7 MB (the parsed schema of all registers, 2 MB of pages,
/// its statements), and more than twice the cores of a small server gain nothing.
const READERS: u32 = 4;

const ENDED: &str = "the transaction has already ended";

impl Db {
    /// Opens `sqlite:PATH`, `sqlite::memory:` is not offered (several connections), or `postgres://…`.
    pub async fn connect(url: &str) -> anyhow::Result<Db> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.trim_start_matches("//");
            let base = SqliteConnectOptions::from_str(&format!("sqlite://{path}"))?
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                // FULL: a commit that was acknowledged survives a power cut as well.
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(Duration::from_secs(20))
                .foreign_keys(true)
                // Each connection keeps its own; the database itself keeps little beside.
                .statement_cache_capacity(200);
            let write = SqlitePoolOptions::new()
                .max_connections(1)
                .connect_with(base.clone())
                .await
                .with_context(|| format!("cannot open the database file {path}"))?;
            let read = SqlitePoolOptions::new()
                .max_connections(READERS)
                .test_before_acquire(false)
                .connect_with(base.read_only(true).create_if_missing(false))
                .await?;
            return Ok(Db(Arc::new(Conn::Sqlite { read, write })));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options = PgConnectOptions::from_str(url)?
                .statement_cache_capacity(500)
                // Compiling a page's query takes longer than running it.
                .options([("jit", "off")]);
            let pool = PgPoolOptions::new()
                .max_connections(16)
                .test_before_acquire(false)
                .acquire_timeout(Duration::from_secs(20))
                .connect_with(options)
                .await
                .context("cannot connect to PostgreSQL")?;
            return Ok(Db(Arc::new(Conn::Postgres(pool))));
        }
        anyhow::bail!("--db wants sqlite:PATH or postgres://…, not {url:?}")
    }

    /// Which database this is.
    pub fn engine(&self) -> Engine {
        match &*self.0 {
            Conn::Sqlite { .. } | Conn::SqliteTx(_) => Engine::Sqlite,
            Conn::Postgres(_) | Conn::PostgresTx(_) => Engine::Postgres,
        }
    }

    /// Starts a transaction: `BEGIN IMMEDIATE` on SQLite, so that a write never fails half-way for want of the lock.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(Tx(Db(Arc::new(match &*self.0 {
            Conn::Sqlite { write, .. } => {
                Conn::SqliteTx(Mutex::new(Some(write.begin_with("BEGIN IMMEDIATE").await?)))
            }
            Conn::Postgres(pool) => Conn::PostgresTx(Mutex::new(Some(pool.begin().await?))),
            _ => return Err(anyhow::anyhow!("a transaction inside a transaction").into()),
        }))))
    }

    /// Starts a read transaction that sees one moment of the database.
    pub async fn snapshot(&self) -> Result<Tx> {
        Ok(Tx(Db(Arc::new(match &*self.0 {
            Conn::Sqlite { read, .. } => Conn::SqliteTx(Mutex::new(Some(read.begin().await?))),
            Conn::Postgres(pool) => Conn::PostgresTx(Mutex::new(Some(
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    .await?,
            ))),
            _ => return Err(anyhow::anyhow!("a transaction inside a transaction").into()),
        }))))
    }

    /// All rows of a query.
    pub async fn all(&self, sql: &str, args: &[Value]) -> Result<Vec<Row>> {
        Ok(match &*self.0 {
            Conn::Sqlite { read, .. } => {
                sqlite_query(sql, args)
                    .fetch(read)
                    .map_ok(Row::Sqlite)
                    .try_collect()
                    .await?
            }
            Conn::Postgres(pool) => {
                postgres_query(sql, args)
                    .fetch(pool)
                    .map_ok(Row::Postgres)
                    .try_collect()
                    .await?
            }
            Conn::SqliteTx(tx) => {
                let mut guard = tx.lock().await;
                let tx = guard.as_mut().context(ENDED)?;
                sqlite_query(sql, args)
                    .fetch(&mut **tx)
                    .map_ok(Row::Sqlite)
                    .try_collect()
                    .await?
            }
            Conn::PostgresTx(tx) => {
                let mut guard = tx.lock().await;
                let tx = guard.as_mut().context(ENDED)?;
                postgres_query(sql, args)
                    .fetch(&mut **tx)
                    .map_ok(Row::Postgres)
                    .try_collect()
                    .await?
            }
        })
    }

    /// The first row, if there is one.
    pub async fn opt(&self, sql: &str, args: &[Value]) -> Result<Option<Row>> {
        Ok(self.all(sql, args).await?.into_iter().next())
    }

    /// The first row; its absence is an error.
    pub async fn one(&self, sql: &str, args: &[Value]) -> Result<Row> {
        Ok(self
            .opt(sql, args)
            .await?
            .with_context(|| format!("no row for: {sql}"))?)
    }

    /// Runs a write and gives the number of rows it touched.
    pub async fn run(&self, sql: &str, args: &[Value]) -> Result<u64> {
        Ok(match &*self.0 {
            Conn::Sqlite { write, .. } => sqlite_query(sql, args).execute(write).await?.rows_affected(),
            Conn::Postgres(pool) => postgres_query(sql, args).execute(pool).await?.rows_affected(),
            Conn::SqliteTx(tx) => {
                let mut guard = tx.lock().await;
                let tx = guard.as_mut().context(ENDED)?;
                sqlite_query(sql, args).execute(&mut **tx).await?.rows_affected()
            }
            Conn::PostgresTx(tx) => {
                let mut guard = tx.lock().await;
                let tx = guard.as_mut().context(ENDED)?;
                postgres_query(sql, args)
                    .execute(&mut **tx)
                    .await?
                    .rows_affected()
            }
        })
    }

    /// Inserts many rows of one table with few statements; each row has one value a column.
    pub async fn insert_many(&self, table: &str, columns: &[&str], rows: &[Vec<Value>]) -> Result<()> {
        // Both databases take at least 32,766 binds in one statement; larger ones gain nothing.
        let per_statement = (8_000 / columns.len().max(1)).max(1);
        // SQLite looks up each `$n` among all names before it: a statement of thousands costs their square.
        let numbered = self.engine() == Engine::Postgres;
        for chunk in rows.chunks(per_statement) {
            let mut sql = format!("insert into {table} ({}) values ", columns.join(", "));
            let mut next = 1;
            for (at, row) in chunk.iter().enumerate() {
                debug_assert_eq!(row.len(), columns.len());
                sql.push_str(if at == 0 { "(" } else { ", (" });
                for at in 0..row.len() {
                    if at > 0 {
                        sql.push_str(", ");
                    }
                    match numbered {
                        true => sql.push_str(&format!("${next}")),
                        false => sql.push('?'),
                    }
                    next += 1;
                }
                sql.push(')');
            }
            let args: Vec<Value> = chunk.iter().flatten().cloned().collect();
            self.run(&sql, &args).await?;
        }
        Ok(())
    }

    /// Runs the statements of a migration or of DDL made from a spec, one after another.
    pub async fn script(&self, sql: &str) -> Result<()> {
        for statement in sql.split(';').map(str::trim).filter(|s| !s.is_empty()) {
            self.run(statement, &[]).await?;
        }
        Ok(())
    }

    /// Tells PostgreSQL what a table holds now; after many rows at once its plans are guesses until it looks by itself.
    pub async fn analyze(&self, table: &str) -> Result<()> {
        if self.engine() == Engine::Postgres {
            self.run(&format!("analyze {table}"), &[]).await?;
        }
        Ok(())
    }

    /// The columns of a table as the database has them: name and type word; empty when there is no such table.
    pub async fn columns_of(&self, table: &str) -> Result<Vec<(String, String)>> {
        let sql = match self.engine() {
            Engine::Sqlite => "select name, lower(type) from pragma_table_info($1) order by cid",
            Engine::Postgres => {
                "select column_name::text, case data_type when 'timestamp with time zone' then 'timestamptz' \
                 else data_type::text end from information_schema.columns \
                 where table_schema = current_schema() and table_name = $1 order by ordinal_position"
            }
        };
        self.all(sql, args![table])
            .await?
            .iter()
            .map(|row| Ok((row.at(0)?, row.at(1)?)))
            .collect()
    }

    /// Names of all tables.
    pub async fn tables(&self) -> Result<Vec<String>> {
        let sql = match self.engine() {
            Engine::Sqlite => {
                "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by 1"
            }
            Engine::Postgres => {
                "select table_name::text from information_schema.tables \
                 where table_schema = current_schema() order by 1"
            }
        };
        self.all(sql, &[]).await?.iter().map(|row| row.at(0)).collect()
    }

    /// Closes the pool after what is under way.
    pub async fn close(&self) {
        match &*self.0 {
            Conn::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Conn::Postgres(pool) => pool.close().await,
            _ => {}
        }
    }
}

impl Tx {
    /// Makes everything done in the transaction lasting.
    pub async fn commit(self) -> Result<()> {
        match &*self.0.0 {
            Conn::SqliteTx(tx) => tx.lock().await.take().context(ENDED)?.commit().await?,
            Conn::PostgresTx(tx) => tx.lock().await.take().context(ENDED)?.commit().await?,
            _ => unreachable!("a Tx holds a transaction"),
        }
        Ok(())
    }
}
