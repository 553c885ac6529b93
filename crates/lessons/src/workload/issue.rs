//! POST /workload/statements: the statements of a month issued, or brought up to date, for the teachers to confirm.
use super::month::{Base, in_force, month_of};
use super::statement::{CONFIRMED, WorkloadStatement};
use axum::extract::Form;
use axum::response::Redirect;
use chrono::Days;
use kernel::app::Scope;
use kernel::args;
use kernel::error::{Error, Result};
use kernel::http::escape;
use kernel::register::Register;
use kernel::register::field::{Decimal, Ref};
use kernel::register::store::{self, Change, Draft};
use serde::Deserialize;
use std::collections::HashMap;
use uuid::Uuid;

/// Days a teacher has.
const DAYS: u64 = 5;

/// The form.
#[derive(Deserialize)]
pub struct Asked {
    month: String,
}

/// The handler.
pub async fn issue(scope: Scope, Form(asked): Form<Asked>) -> Result<Redirect> {
    let span = month_of(&asked.month)?;
    if span.from > scope.today() {
        return Err(Error::invalid("month", "这个月还没有到，不能生成月报"));
    }
    let ends_on = span.to.min(scope.today());
    let version = in_force(&scope, ends_on)
        .await?
        .ok_or_else(|| Error::invalid("month", "还没有启用的工作量计算办法，请先在“计算办法”里启用一版"))?;
    let base = Base::load(&scope, span).await?;
    let loads = base.loads(&version.rule.coefficients());
    let spec = scope.register("workload_statement")?;
    let known = known(&scope, &asked.month).await?;
    let (mut made, mut changed, mut kept) = (0, 0, 0);
    for (teacher, load) in loads {
        let record = WorkloadStatement {
            teacher: Ref::new(teacher),
            month: asked.month.trim().to_owned(),
            ends_on,
            periods: load.periods,
            covered: load.covered,
            lost: load.lost,
            weighted: Decimal(load.weighted),
            rule: Ref::new(version.id),
            confirm_by: scope.today().max(ends_on) + Days::new(DAYS),
            note: None,
        };
        match known.get(&teacher) {
            None => {
                store::create(&scope, spec, Draft::new(record.to_values())).await?;
                made += 1;
            }
            Some((_, state, ..)) if state == CONFIRMED => kept += 1,
            Some((id, _, version, figures)) => {
                if *figures == [load.periods, load.covered, load.lost, load.weighted] {
                    kept += 1;
                    continue;
                }
                let change = Change {
                    version: *version,
                    values: record.to_values(),
                    reason: Some("按最新课表和计算办法重新生成"),
                };
                store::update(&scope, spec, *id, change).await?;
                changed += 1;
            }
        }
    }
    let done = format!(
        "{}月报：新生成{made}份，更新{changed}份，不变{kept}份",
        asked.month
    );
    Ok(Redirect::to(&format!(
        "{}?month={}&done={}",
        super::page::HERE,
        escape(&asked.month),
        escape(&done)
    )))
}

type Known = (Uuid, String, i64, [i64; 4]);

async fn known(scope: &Scope, month: &str) -> Result<HashMap<Uuid, Known>> {
    let sql = "select f_teacher, id, state, version, f_periods, f_covered, f_lost, f_weighted \
               from r_workload_statement where school_id = $1 and f_month = $2 and void_reason is null";
    let rows = scope.db().all(sql, args![scope.school, month.trim()]).await?;
    rows.iter()
        .map(|row| {
            let figures = [row.at(4)?, row.at(5)?, row.at(6)?, row.at(7)?];
            Ok((row.at(0)?, (row.at(1)?, row.at(2)?, row.at(3)?, figures)))
        })
        .collect()
}
