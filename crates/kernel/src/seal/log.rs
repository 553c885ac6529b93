//! Who read sealed values, when and why (保密查阅记录). A row on a record also keeps it open to the reader for a while.
use crate::app::Scope;
use crate::args;
use crate::error::Result;
use crate::value::Value;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use uuid::Uuid;

/// How long a record stays open to the account that gave a reason.
pub const OPEN_MINUTES: i64 = 10;

/// By which way sealed values were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// The page of a record.
    Page,
    /// An export with plain values.
    Export,
    /// The interface for programs.
    Rest,
}

impl Via {
    fn code(self) -> &'static str {
        match self {
            Via::Page => "page",
            Via::Export => "export",
            Via::Rest => "rest",
        }
    }

    fn of_code(code: &str) -> Via {
        match code {
            "export" => Via::Export,
            "rest" => Via::Rest,
            _ => Via::Page,
        }
    }

    /// In words.
    pub fn title(self) -> &'static str {
        match self {
            Via::Page => "查看保密内容",
            Via::Export => "含保密字段导出",
            Via::Rest => "接口读取保密内容",
        }
    }
}

/// One reading.
#[derive(Clone, Debug)]
pub struct Reading {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub name: String,
    /// By which way.
    pub via: Via,
    /// The register.
    pub register: String,
    /// The record; none when several were read at once.
    pub record: Option<Uuid>,
    /// How many records were read.
    pub records: i64,
    /// Why.
    pub reason: String,
}

/// Notes that the actor reads sealed values now. Nothing may be shown before this has succeeded.
pub async fn note(
    scope: &Scope,
    via: Via,
    register: &str,
    record: Option<Uuid>,
    records: usize,
    reason: &str,
) -> Result<()> {
    scope
        .db()
        .run(
            "insert into sealed_read (school_id, id, at, account_id, name, via, register, record_id, records, reason) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            args![
                scope.school,
                Uuid::now_v7(),
                scope.now(),
                scope.actor.account,
                scope.actor.name.as_str(),
                via.code(),
                register,
                record,
                records as i64,
                reason
            ],
        )
        .await?;
    Ok(())
}

/// Until when the record is open to the actor on its page, if it is.
pub async fn open_until(scope: &Scope, register: &str, record: Uuid) -> Result<Option<DateTime<Utc>>> {
    let since = scope.now() - Duration::minutes(OPEN_MINUTES);
    let row = scope
        .db()
        .one(
            "select max(at) from sealed_read where school_id = $1 and record_id = $2 and account_id = $3 \
             and at > $4 and register = $5 and via = $6",
            args![
                scope.school,
                record,
                scope.actor.account,
                since,
                register,
                Via::Page.code()
            ],
        )
        .await?;
    let at: Option<DateTime<Utc>> = row.at(0)?;
    Ok(at.map(|at| at + Duration::minutes(OPEN_MINUTES)))
}

/// Which readings to give; all given conditions hold.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Only of this register.
    pub register: Option<String>,
    /// Only of this record.
    pub record: Option<Uuid>,
    /// Only by people whose name contains this.
    pub name: Option<String>,
    /// Not before this day in Shanghai.
    pub from: Option<NaiveDate>,
    /// Not after this day.
    pub to: Option<NaiveDate>,
}

impl Search {
    /// What follows `where school_id = $1`, binding from `$2` on.
    fn condition(&self, scope: &Scope, args: &mut Vec<Value>) -> String {
        args.push(scope.school.into());
        let mut sql = String::new();
        let mut and = |condition: &str, value: Value| {
            args.push(value);
            sql.push_str(&format!(" and {condition} ${}", args.len()));
        };
        if let Some(register) = &self.register {
            and("register =", register.into());
        }
        if let Some(record) = self.record {
            and("record_id =", record.into());
        }
        if let Some(name) = &self.name {
            and("name like", format!("%{name}%").into());
        }
        let start = |day: NaiveDate| {
            crate::clock::instant_at(day.and_hms_opt(0, 0, 0).expect("every day has a midnight"))
        };
        if let Some(from) = self.from {
            and("at >=", start(from).into());
        }
        if let Some(to) = self.to {
            and("at <", start(to + chrono::Days::new(1)).into());
        }
        sql
    }
}

/// Readings, newest first, `limit` of them after `skip`.
pub async fn read(scope: &Scope, search: &Search, skip: i64, limit: i64) -> Result<Vec<Reading>> {
    let mut args = vec![];
    let condition = search.condition(scope, &mut args);
    args.push(limit.into());
    args.push(skip.into());
    let sql = format!(
        "select at, name, via, register, record_id, records, reason from sealed_read \
         where school_id = $1{condition} \
         order by at desc, id desc limit ${} offset ${}",
        args.len() - 1,
        args.len()
    );
    let rows = scope.db().all(&sql, &args).await?;
    rows.iter()
        .map(|row| {
            Ok(Reading {
                at: row.at(0)?,
                name: row.at(1)?,
                via: Via::of_code(&row.at::<String>(2)?),
                register: row.at(3)?,
                record: row.at(4)?,
                records: row.at(5)?,
                reason: row.at(6)?,
            })
        })
        .collect()
}

/// How many readings there are.
pub async fn count(scope: &Scope, search: &Search) -> Result<i64> {
    let mut args = vec![];
    let condition = search.condition(scope, &mut args);
    let sql = format!("select count(*) from sealed_read where school_id = $1{condition}");
    scope.db().one(&sql, &args).await?.at(0)
}
