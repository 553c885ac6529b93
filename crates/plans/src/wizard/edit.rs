//! Correcting a commitment (修改): every change of a field is kept at once, faults are named beside the form.
use super::decide::{answer, back_to, overtaken, wants_fragment};
use super::edit_form::{self, Fields};
use super::{commitment_of, open_plan, suggest};
use crate::model::{Binding, Commitment, Comparator, Every, Kind, Plan, Status, decode};
use crate::store;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use kernel::app::Scope;
use kernel::error::{Error, Result};
use kernel::register::search;
use serde::Deserialize;
use uuid::Uuid;

/// Most places the search for one shows.
const MOST_PLACES: usize = 20;

/// GET /plans/{id}/c/{commitment}: the card as it is read.
pub async fn show(
    scope: Scope,
    Path((plan, id)): Path<(Uuid, Uuid)>,
    headers: HeaderMap,
) -> Result<Response> {
    let plan = open_plan(&scope, plan).await?;
    let c = commitment_of(&scope, &plan, id).await?;
    if wants_fragment(&headers) {
        Ok(answer(&scope, id, &plan, None).await?.into_response())
    } else {
        Ok(back_to(&c).into_response())
    }
}

/// GET /plans/{id}/c/{commitment}/edit: the card as a form; the whole review around it without JavaScript.
pub async fn form(
    scope: Scope,
    Path((plan, id)): Path<(Uuid, Uuid)>,
    headers: HeaderMap,
) -> Result<Response> {
    let plan = open_plan(&scope, plan).await?;
    let c = commitment_of(&scope, &plan, id).await?;
    if wants_fragment(&headers) {
        return Ok(edit_form::card(&scope, &plan, &c, &[]).await?.into_response());
    }
    let shown = super::review::Shown {
        edit: Some(id),
        ..super::review::Shown::default()
    };
    Ok(super::review::render(&scope, &plan, shown).await?.into_response())
}

/// POST /plans/{id}/c/{commitment}
pub async fn save(
    scope: Scope,
    Path((plan, id)): Path<(Uuid, Uuid)>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Result<Response> {
    let plan = open_plan(&scope, plan).await?;
    let old = commitment_of(&scope, &plan, id).await?;
    let units = suggest::units(&scope).await?;
    let mut new = match apply(&scope, &plan, &old, &fields).await {
        Ok(new) => new,
        Err(Error::Invalid(faults)) => {
            let page = match wants_fragment(&headers) {
                true => edit_form::saved(&old, &faults),
                false => edit_form::page(&scope, &plan, &old, &faults).await?,
            };
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
        Err(other) => return Err(other),
    };
    let moved = new.node != old.node && new.owner == old.owner;
    if moved && (old.owner.is_none() || old.owner == suggest::head_of(&units, &old.path)) {
        new.owner = suggest::head_of(&units, &new.path).or(new.owner);
    }
    let filled_in = moved && new.owner != old.owner;
    if fields.then == "accept" {
        new.status = Status::Accepted;
    }
    if let Err(error) = write(&scope, &old, &new, fields.version, "修改").await {
        return overtaken(&scope, id, &plan, &headers, error).await;
    }
    if !wants_fragment(&headers) {
        return Ok(back_to(&old).into_response());
    }
    let retarget = [
        ("hx-retarget", format!("#card-{id}")),
        ("hx-reswap", "outerHTML".into()),
    ];
    if !fields.then.is_empty() {
        return Ok((retarget, answer(&scope, id, &plan, None).await?).into_response());
    }
    let now = store::commitment(&scope, id).await?;
    if filled_in {
        return Ok((retarget, edit_form::card(&scope, &plan, &now, &[]).await?).into_response());
    }
    Ok(edit_form::saved(&now, &[]).into_response())
}

/// Writes what is really different; the same content again is no new version.
async fn write(scope: &Scope, old: &Commitment, new: &Commitment, version: i64, action: &str) -> Result<()> {
    if old.version != version {
        return Err(Error::Conflict(store::OVERTAKEN.into()));
    }
    if old != new {
        store::save(scope, old, new, action, None).await?;
    }
    Ok(())
}

/// What the choice of a kind posts.
#[derive(Deserialize)]
pub struct KindChoice {
    version: i64,
    kind: String,
}

/// POST /plans/{id}/c/{commitment}/kind
pub async fn change_kind(
    scope: Scope,
    Path((plan, id)): Path<(Uuid, Uuid)>,
    headers: HeaderMap,
    Form(choice): Form<KindChoice>,
) -> Result<Response> {
    let plan = open_plan(&scope, plan).await?;
    let old = commitment_of(&scope, &plan, id).await?;
    let kind = decode::<Kind>(&choice.kind).ok_or_else(|| Error::invalid("kind", "没有这个类别"))?;
    let mut new = Commitment { kind, ..old.clone() };
    if kind == Kind::Target && new.comparator.is_none() {
        new.comparator = Some(Comparator::AtLeast);
    }
    if kind == Kind::Duty {
        new.times = new.times.or(Some(1));
        new.every = new.every.or(Some(Every::Week));
        // A rate is no quota.
        new.unit = new.unit.filter(|unit| unit != "%");
    }
    if kind != old.kind {
        new.binding = suggest::binding(&scope, &new);
    }
    if let Err(error) = write(&scope, &old, &new, choice.version, "改类别").await {
        return overtaken(&scope, id, &plan, &headers, error).await;
    }
    if !wants_fragment(&headers) {
        return Ok(back_to(&old).into_response());
    }
    let now = store::commitment(&scope, id).await?;
    Ok(edit_form::card(&scope, &plan, &now, &[]).await?.into_response())
}

/// The commitment with the form's fields, as far as its kind has them.
async fn apply(scope: &Scope, plan: &Plan, old: &Commitment, fields: &Fields) -> Result<Commitment> {
    let mut new = fields.read(old).map_err(Error::Invalid)?;
    let text = fields.node.trim();
    if text.is_empty() {
        (new.node, new.path) = (plan.unit, plan.path.clone());
    } else if Some(text) != old.node.map(|id| id.to_string()).as_deref() {
        let nodes = kernel::admin::accounts::nodes(scope).await?;
        let node = nodes
            .into_iter()
            .find(|n| n.id.to_string() == text && n.path.starts_with(&plan.path))
            .ok_or_else(|| Error::invalid("node", "范围：请从列表中选择本计划范围内的部门或班级"))?;
        (new.node, new.path) = (Some(node.id), node.path);
    }
    let text = fields.owner.trim();
    new.owner = if text.is_empty() {
        None
    } else if Some(text) == old.owner.map(|id| id.to_string()).as_deref() {
        old.owner
    } else {
        Some(staff_of(scope, text).await?)
    };
    if !binding_fits(scope, &new) {
        return Err(Error::invalid("binding", "数据来源：请从列表中选择"));
    }
    Ok(new)
}

async fn staff_of(scope: &Scope, text: &str) -> Result<Uuid> {
    let unknown = || Error::invalid("owner", "责任人：请从列表中选择在册教职工");
    let id: Uuid = text.parse().map_err(|_| unknown())?;
    let sql = "select id from r_staff where school_id = $1 and id = $2 and void_reason is null";
    let row = scope.db().opt(sql, kernel::args![scope.school, id]).await?;
    row.ok_or_else(unknown)?.at(0)
}

/// Whether the binding names something that exists and suits the kind.
fn binding_fits(scope: &Scope, c: &Commitment) -> bool {
    match &c.binding {
        Binding::Indicator(id) => {
            c.kind == Kind::Target && suggest::indicators(scope).iter().any(|(_, i)| i.id == *id)
        }
        Binding::Duty(id) => c.kind == Kind::Duty && suggest::duties(scope).iter().any(|(_, d)| d.id == *id),
        Binding::Manual => matches!(c.kind, Kind::Target | Kind::Duty),
        Binding::None => true,
    }
}

/// `?q=`
#[derive(Deserialize)]
pub struct Asked {
    q: Option<String>,
}

/// GET /plans/nodes?q=: units and classes whose name or pinyin initials contain the words.
pub async fn pick_node(scope: Scope, Query(asked): Query<Asked>) -> Result<Json<serde_json::Value>> {
    let words = asked.q.unwrap_or_default().trim().to_lowercase();
    let nodes = kernel::admin::accounts::nodes(&scope).await?;
    let found: Vec<serde_json::Value> = nodes
        .into_iter()
        .filter(|n| n.label.to_lowercase().contains(&words) || search::initials(&n.label).contains(&words))
        .take(MOST_PLACES)
        .map(|n| serde_json::json!({ "id": n.id, "label": n.label, "hint": "" }))
        .collect();
    Ok(Json(found.into()))
}
