//! `GET /hall/done`: steps the person has taken, newest first.
use super::{DONE, notify, tabs, whom};
use crate::access::{self, Place};
use crate::app::Scope;
use crate::clock::minute;
use crate::error::Result;
use crate::frame::{self, Frame};
use crate::page::{self, Narrow};
use crate::register::spec::RegisterSpec;
use crate::schema::table;
use crate::value::Value;
use axum::extract::Query;
use chrono::{DateTime, Utc};
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use uuid::Uuid;

/// Rows of a page.
const PER_PAGE: i64 = 50;
/// What the journal calls writes that are no steps.
const NO_STEPS: [&str; 5] = ["新建", "修改", "作废", "催办", "导入"];

#[derive(Deserialize)]
pub struct Asked {
    page: Option<i64>,
}

struct Taken {
    at: DateTime<Utc>,
    spec: Arc<RegisterSpec>,
    record: Uuid,
    step: String,
    actor: String,
    note: String,
}

/// Where a record is now, and whether the person may still open it.
struct Now {
    label: String,
    state: String,
    readable: bool,
}

/// The page.
pub async fn page(scope: Scope, Query(asked): Query<Asked>) -> Result<Markup> {
    let at = asked.page.unwrap_or(1).clamp(1, 1_000);
    let mut taken = taken(&scope, (at - 1) * PER_PAGE, PER_PAGE + 1).await?;
    let more = taken.len() as i64 > PER_PAGE;
    taken.truncate(PER_PAGE as usize);
    let now = now(&scope, &taken).await?;
    let body = html! {
        (page::page_header("我办过的", "您在流程里办过的每一步，最近的在前。", html! {}))
        (tabs(&scope, DONE).await?)
        @if taken.is_empty() { (page::empty("还没有办过", "在流程里办理的每一步会列在这里。", html! {})) }
        @else {
            (page::flush_panel("", html! {}, page::table("我办过的", Narrow::Cards,
                html! { tr { (page::th("事项")) (page::th("我办的")) (page::th("时间")) (page::th("意见")) (page::th("现在")) } },
                html! { @for step in &taken { tr { (cells(&scope, step, now.get(&step.record))) } } })))
            div.actions {
                @if at > 1 { a.button.plain href={ (DONE) "?page=" (at - 1) } rel="prev" { "较新的" } }
                @if more { a.button.plain href={ (DONE) "?page=" (at + 1) } rel="next" { "较早的" } }
            }
        }
    };
    frame::page(&scope, Frame::new("我办过的", DONE), body).await
}

fn cells(scope: &Scope, step: &Taken, now: Option<&Now>) -> Markup {
    let title = notify::title(&step.spec);
    html! {
        (page::td("事项", match now {
            Some(now) if now.readable => html! { a href={ "/r/" (step.spec.id) "/" (step.record) } { (title) "：" (now.label) } },
            _ => html! { (title) },
        }))
        (page::td("我办的", html! { (step.step) @if step.actor != scope.actor.name { " " small { (step.actor) } } }))
        (page::td_date("时间", html! { (minute(step.at)) }))
        (page::td("意见", html! { (step.note) }))
        (page::td("现在", html! { @if let Some(now) = now { (now.state) } }))
    }
}

async fn taken(scope: &Scope, skip: i64, limit: i64) -> Result<Vec<Taken>> {
    let mut args: Vec<Value> = vec![scope.school.into(), scope.actor.account.into()];
    let with_steps = scope.registers.iter().filter(|spec| spec.flow.has_steps());
    let registers = whom::list(&mut args, with_steps.map(|spec| spec.id.as_str().into()));
    if registers.is_empty() {
        return Ok(vec![]);
    }
    let others = whom::list(&mut args, NO_STEPS.iter().map(|action| (*action).into()));
    let sql = format!(
        "select at, register, record_id, action, actor, reason from journal where school_id = $1 and account_id = $2 \
         and register in ({registers}) and action not in ({others}) order by at desc, id desc limit {limit} offset {skip}"
    );
    let mut found = vec![];
    for row in scope.db().all(&sql, &args).await? {
        found.push(Taken {
            at: row.at(0)?,
            spec: scope.register(&row.at::<String>(1)?)?.clone(),
            record: row.at(2)?,
            step: row.at(3)?,
            actor: row.at(4)?,
            note: row.at::<Option<String>>(5)?.unwrap_or_default(),
        });
    }
    Ok(found)
}

async fn now(scope: &Scope, taken: &[Taken]) -> Result<HashMap<Uuid, Now>> {
    let mut found = HashMap::new();
    let registers: BTreeSet<&str> = taken.iter().map(|step| step.spec.id.as_str()).collect();
    for register in registers {
        let spec = scope.register(register)?;
        let rows = access::readable(&scope.actor, &scope.app.roles, spec);
        let ids: BTreeSet<Uuid> = taken
            .iter()
            .filter(|step| step.spec.id == register)
            .map(|step| step.record)
            .collect();
        let mut args: Vec<Value> = vec![scope.school.into()];
        let list = whom::list(&mut args, ids.into_iter().map(Value::Id));
        let sql = format!(
            "select id, label, state, scope, owner_id, created_by from {} where school_id = $1 and id in ({list})",
            table(spec)
        );
        for row in scope.db().all(&sql, &args).await? {
            let place = Place {
                path: row.at(3)?,
                owner: row.at(4)?,
                created_by: row.at(5)?,
            };
            let now = Now {
                label: row.at(1)?,
                state: row.at(2)?,
                readable: rows.covers(&scope.actor, &place),
            };
            found.insert(row.at(0)?, now);
        }
    }
    Ok(found)
}
