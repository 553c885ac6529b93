//! `/api/tasks` and `/api/messages`: what waits for the bearer and what they were told, as JSON, read only.
use super::{message, notify, tasks};
use crate::app::Scope;
use crate::http::ApiError;
use axum::Json;
use axum::extract::Query;
use serde::Deserialize;
use serde_json::{Value as J, json};

/// Most messages on a page.
const MOST: i64 = 200;

/// `GET /api/tasks`.
pub async fn tasks(scope: Scope) -> Result<Json<J>, ApiError> {
    let today = scope.today();
    let rows: Vec<J> = tasks::of(&scope)
        .await?
        .iter()
        .map(|task| {
            let steps: Vec<J> = task
                .steps()
                .map(|step| json!({ "id": step.id, "title": step.title, "needs": step.needs, "note": step.note }))
                .collect();
            json!({
                "register": task.spec.id, "title": notify::title(&task.spec), "id": task.record.id,
                "version": task.record.version, "label": task.record.label.full(), "state": task.record.state,
                "since": task.record.state_at, "due": task.due, "late": task.late(today),
                "instead_of": task.instead_of, "steps": steps,
            })
        })
        .collect();
    Ok(Json(json!({ "total": rows.len(), "rows": rows })))
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    unread: String,
    page: Option<i64>,
    per: Option<i64>,
}

/// `GET /api/messages?unread=1&page=&per=`.
pub async fn messages(scope: Scope, Query(asked): Query<Asked>) -> Result<Json<J>, ApiError> {
    let page = asked.page.unwrap_or(1).clamp(1, 100_000);
    let per = asked.per.unwrap_or(50).clamp(1, MOST);
    let (list, total) = message::list(&scope, asked.unread == "1", (page - 1) * per, per).await?;
    let rows: Vec<J> = list
        .iter()
        .map(|message| {
            json!({
                "id": message.id, "at": message.at, "kind": message.kind.code(), "title": message.title,
                "text": message.text, "link": message.link, "read_at": message.read_at,
            })
        })
        .collect();
    Ok(Json(
        json!({ "total": total, "unread": scope.actor.unread, "page": page, "per": per, "rows": rows }),
    ))
}
