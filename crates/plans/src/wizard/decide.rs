//! Accepting and rejecting (接受, 拒绝, 恢复), one by one or all at once. Every decision is kept as it is made.
use super::card;
use super::names::Names;
use super::{commitment_of, open_plan};
use crate::model::{Binding, Commitment, Kind, Plan, Status, decode};
use crate::store;
use axum::Form;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::app::Scope;
use kernel::error::{Error, Result};
use kernel::http::escape;
use maud::html;
use serde::Deserialize;
use uuid::Uuid;

/// Whether the request wants a fragment.
pub fn wants_fragment(headers: &HeaderMap) -> bool {
    headers.contains_key("hx-request")
}

/// Where a person without JavaScript lands after an action on a card.
pub fn back_to(c: &Commitment) -> Redirect {
    Redirect::to(&format!("/plans/{}/review#card-{}", c.plan, c.id))
}

/// The card as it stands now, with the progress, as an answer.
pub async fn answer(scope: &Scope, id: Uuid, plan: &Plan, note: Option<&str>) -> Result<maud::Markup> {
    let all = store::commitments(scope, plan.id).await?;
    let at = all.iter().position(|c| c.id == id).ok_or(Error::NotFound)?;
    let names = Names::load(scope, &all[at..=at]).await?;
    Ok(html! { (card::card(&all[at], &names, note)) (card::progress(&all, true)) })
}

/// What the buttons of a card post.
#[derive(Deserialize)]
pub struct Decision {
    version: i64,
    status: String,
}

/// POST /plans/{id}/c/{commitment}/decide
pub async fn decide(
    scope: Scope,
    Path((plan, id)): Path<(Uuid, Uuid)>,
    headers: HeaderMap,
    Form(form): Form<Decision>,
) -> Result<Response> {
    let plan = open_plan(&scope, plan).await?;
    let old = commitment_of(&scope, &plan, id).await?;
    let status = decode::<Status>(&form.status).ok_or_else(|| Error::Bad("没有这种决定".into()))?;
    match set(&scope, &old, form.version, status).await {
        Ok(()) if wants_fragment(&headers) => Ok(answer(&scope, id, &plan, None).await?.into_response()),
        Ok(()) => Ok(back_to(&old).into_response()),
        Err(error) => overtaken(&scope, id, &plan, &headers, error).await,
    }
}

async fn set(scope: &Scope, old: &Commitment, version: i64, status: Status) -> Result<()> {
    if old.version != version {
        return Err(Error::Conflict(store::OVERTAKEN.into()));
    }
    if old.status == status {
        return Ok(());
    }
    let new = Commitment {
        status,
        ..old.clone()
    };
    let action = match status {
        Status::Accepted => "接受",
        Status::Rejected => "拒绝",
        Status::Suggested => "恢复",
    };
    store::save(scope, old, &new, action, None).await?;
    Ok(())
}

/// A conflict on a card is answered with the card as it stands now.
pub async fn overtaken(
    scope: &Scope,
    id: Uuid,
    plan: &Plan,
    headers: &HeaderMap,
    error: Error,
) -> Result<Response> {
    if !matches!(error, Error::Conflict(_)) || !wants_fragment(headers) {
        return Err(error);
    }
    let body = answer(scope, id, plan, Some(&error.to_string())).await?;
    let retarget = [
        ("hx-retarget", format!("#card-{id}")),
        ("hx-reswap", "outerHTML".into()),
    ];
    Ok((StatusCode::CONFLICT, retarget, body).into_response())
}

/// POST /plans/{id}/accept-all
pub async fn accept_all(scope: Scope, Path(plan): Path<Uuid>) -> Result<Redirect> {
    let plan = open_plan(&scope, plan).await?;
    let count = accept_suggested(&scope, &plan).await?;
    let done = escape(&format!("已接受 {count} 条承诺"));
    Ok(Redirect::to(&format!("/plans/{}/review?done={done}", plan.id)))
}

/// Accepts everything still to be confirmed, in one transaction, and gives how many that were.
pub async fn accept_suggested(scope: &Scope, plan: &Plan) -> Result<usize> {
    change_many(scope, plan, "接受", |c| {
        (c.status == Status::Suggested).then(|| Commitment {
            status: Status::Accepted,
            ..c.clone()
        })
    })
    .await
}

/// POST /plans/{id}/manual
pub async fn all_manual(scope: Scope, Path(plan): Path<Uuid>) -> Result<Redirect> {
    let plan = open_plan(&scope, plan).await?;
    let count = unbound_to_manual(&scope, &plan).await?;
    let done = escape(&format!("{count} 条没有口径的承诺改为手工填报"));
    Ok(Redirect::to(&format!("/plans/{}/review?done={done}", plan.id)))
}

/// Makes every target and duty without a source one that people fill in.
pub async fn unbound_to_manual(scope: &Scope, plan: &Plan) -> Result<usize> {
    change_many(scope, plan, "改为手工填报", |c| {
        let measured = matches!(c.kind, Kind::Target | Kind::Duty);
        (measured && c.binding == Binding::None && c.status != Status::Rejected).then(|| Commitment {
            binding: Binding::Manual,
            ..c.clone()
        })
    })
    .await
}

async fn change_many(
    scope: &Scope,
    plan: &Plan,
    action: &str,
    change: impl Fn(&Commitment) -> Option<Commitment>,
) -> Result<usize> {
    let tx = scope.db().begin().await?;
    store::touch_open(&tx, scope, plan.id).await?;
    let mut count = 0;
    for old in store::commitments_in(&tx, scope, plan.id).await? {
        if let Some(new) = change(&old) {
            store::save_in(&tx, scope, &old, &new, action, None).await?;
            count += 1;
        }
    }
    tx.commit().await?;
    Ok(count)
}
