//! Editing one block in place: every answer is the block itself, or the whole page without JavaScript.
use super::document;
use super::draft::element;
use super::page;
use super::read::{self, Summary};
use super::store::{self, Change};
use axum::Form;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::app::Scope;
use kernel::error::{Error, Result};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

/// Whether the request wants a fragment.
fn wants_fragment(headers: &HeaderMap) -> bool {
    headers.contains_key("hx-request")
}

fn back(id: Uuid, anchor: &str) -> Response {
    Redirect::to(&format!("{}/{id}#{}", super::HERE, element(anchor))).into_response()
}

/// GET /summaries/{id}/blocks/{anchor}: the block as it is read.
pub async fn show(
    scope: Scope,
    Path((id, anchor)): Path<(Uuid, String)>,
    headers: HeaderMap,
) -> Result<Response> {
    let (summary, plan) = read::get(&scope, id).await?;
    if !wants_fragment(&headers) {
        return Ok(back(id, &anchor));
    }
    let kept = read::block(&scope, id, &anchor).await?;
    let writes = page::writes(&scope, &summary, &plan);
    Ok(document::view(&summary, &kept, writes).into_response())
}

/// GET /summaries/{id}/blocks/{anchor}/edit: the block as a form; the whole page around it without JavaScript.
pub async fn form(
    scope: Scope,
    Path((id, anchor)): Path<(Uuid, String)>,
    headers: HeaderMap,
) -> Result<Response> {
    let (summary, _) = read::editable(&scope, id).await?;
    let kept = read::block(&scope, id, &anchor).await?;
    let form = document::form(&summary, &kept, None, None);
    if wants_fragment(&headers) {
        return Ok(form.into_response());
    }
    let shown = page::Shown {
        form: Some((anchor, form)),
        done: None,
    };
    Ok(page::render(&scope, id, shown).await?.into_response())
}

/// What the form of a block posts.
#[derive(Deserialize)]
pub struct Posted {
    stamp: String,
    action: String,
    #[serde(default)]
    text: String,
}

/// POST /summaries/{id}/blocks/{anchor}
pub async fn save(
    scope: Scope,
    Path((id, anchor)): Path<(Uuid, String)>,
    headers: HeaderMap,
    Form(posted): Form<Posted>,
) -> Result<Response> {
    let change = match posted.action.as_str() {
        "save" => Change::Write(posted.text.clone()),
        "revert" => Change::Revert,
        "keep" => Change::Keep,
        _ => return Err(Error::Bad("没有这个操作".into())),
    };
    match store::change(&scope, id, &anchor, &posted.stamp, change).await {
        Ok(()) if wants_fragment(&headers) => Ok(answer(&scope, id, &anchor).await?.into_response()),
        Ok(()) => Ok(back(id, &anchor)),
        Err(error @ (Error::Invalid(_) | Error::Conflict(_))) => {
            refused(&scope, id, &anchor, &headers, &posted, error).await
        }
        Err(error) => Err(error),
    }
}

/// The block as it stands now, with what else on the page depends on it.
async fn answer(scope: &Scope, id: Uuid, anchor: &str) -> Result<Markup> {
    let (summary, plan) = read::get(scope, id).await?;
    let blocks = read::blocks(scope, id).await?;
    let writes = page::writes(scope, &summary, &plan);
    Ok(html! {
        @if let Some(kept) = blocks.iter().find(|k| k.anchor == anchor) { (document::view(&summary, kept, writes)) }
        (document::edits(&blocks, true))
        (document::version_input("regenerate", summary.version, true))
        (document::version_input("final", summary.version, true))
    })
}

/// What was typed is never lost: the form comes back with it and with the text as it stands now.
async fn refused(
    scope: &Scope,
    id: Uuid,
    anchor: &str,
    headers: &HeaderMap,
    posted: &Posted,
    error: Error,
) -> Result<Response> {
    let (summary, _): (Summary, _) = read::get(scope, id).await?;
    if summary.is_final {
        return Err(error);
    }
    let kept = read::block(scope, id, anchor).await?;
    let typed = if posted.action == "save" {
        Some(posted.text.as_str())
    } else {
        None
    };
    let form = document::form(&summary, &kept, typed, Some(&error.to_string()));
    let status = if matches!(error, Error::Invalid(_)) {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::CONFLICT
    };
    if wants_fragment(headers) {
        return Ok((status, form).into_response());
    }
    let shown = page::Shown {
        form: Some((anchor.to_owned(), form)),
        done: None,
    };
    Ok((status, page::render(scope, id, shown).await?).into_response())
}
