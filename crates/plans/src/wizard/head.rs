//! Title, term and unit of a plan (计划信息).
use super::import::{LONGEST_TITLE, clip};
use super::{open_plan, suggest};
use crate::model::{Commitment, Plan};
use crate::store;
use axum::Form;
use axum::extract::Path;
use axum::response::Redirect;
use kernel::app::Scope;
use kernel::error::{Error, Result};
use kernel::http::escape;
use kernel::page::{self, Input, Kind};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

/// The id of the dialog.
pub const DIALOG: &str = "plan-head";

/// What the dialog posts.
#[derive(Deserialize)]
pub struct Head {
    title: String,
    term: Uuid,
    unit: String,
}

/// POST /plans/{id}/head
pub async fn save(scope: Scope, Path(id): Path<Uuid>, Form(head): Form<Head>) -> Result<Redirect> {
    let old = open_plan(&scope, id).await?;
    let title = clip(&head.title, LONGEST_TITLE);
    if title.is_empty() {
        return Err(Error::invalid("title", "请填写计划标题"));
    }
    let calendar = kernel::term::load(&scope).await?;
    if calendar.term(head.term).is_none() {
        return Err(Error::invalid("term", "请从列表中选择学期"));
    }
    let units = suggest::units(&scope).await?;
    let unit = match head.unit.as_str() {
        "" => None,
        text => Some(
            units
                .iter()
                .find(|u| u.id.to_string() == text)
                .ok_or_else(|| Error::invalid("unit", "请从列表中选择单位"))?,
        ),
    };
    let unit = unit.filter(|u| u.kind != "school");
    let path = unit.map(|u| u.path.clone()).unwrap_or_default();
    if !store::may_edit(&scope, &path) {
        return Err(Error::Forbidden("把计划移到您管理范围之外".into()));
    }
    let new = Plan {
        title,
        term: head.term,
        unit: unit.map(|u| u.id),
        path,
        ..old.clone()
    };
    write(&scope, &old, &new).await?;
    let done = escape("计划信息已保存");
    Ok(Redirect::to(&format!("/plans/{id}/review?done={done}")))
}

/// Commitments that followed the plan's unit and term go on following them.
async fn write(scope: &Scope, old: &Plan, new: &Plan) -> Result<()> {
    let calendar = kernel::term::load(scope).await?;
    let end_of = |term: Uuid| calendar.term(term).map(|t| t.end());
    let tx = scope.db().begin().await?;
    store::touch_open(&tx, scope, old.id).await?;
    store::save_head(&tx, scope, new).await?;
    for c in store::commitments_in(&tx, scope, old.id).await? {
        let mut moved = c.clone();
        if c.node == old.unit {
            (moved.node, moved.path) = (new.unit, new.path.clone());
        }
        if c.due_on == end_of(old.term) {
            moved.due_on = end_of(new.term);
        }
        if moved != c {
            store::save_in(&tx, scope, &c, &Commitment { ..moved }, "随计划调整", None).await?;
        }
    }
    tx.commit().await
}

/// The dialog with the form.
pub async fn dialog(scope: &Scope, plan: &Plan) -> Result<Markup> {
    let calendar = kernel::term::load(scope).await?;
    let terms: Vec<(String, String)> = calendar
        .terms
        .iter()
        .rev()
        .map(|(id, t)| (id.to_string(), t.name()))
        .collect();
    let units: Vec<(String, String)> = suggest::units(scope)
        .await?
        .into_iter()
        .filter(|u| u.kind != "school" && store::may_edit(scope, &u.path))
        .map(|u| (u.id.to_string(), u.name))
        .collect();
    let (term, unit) = (
        plan.term.to_string(),
        plan.unit.map(|u| u.to_string()).unwrap_or_default(),
    );
    let whole = store::may_edit(scope, "").then_some("全校");
    Ok(page::dialog(
        DIALOG,
        "计划信息",
        html! {
            form method="post" action={ "/plans/" (plan.id) "/head" } {
                (page::form_grid(html! {
                    (page::text(&Input { name: "title", label: "标题", value: &plan.title, required: true, max_length: Some(120), wide: true, form: "head-", ..Input::default() }))
                    (page::select(&Input { name: "term", label: "学期", value: &term, required: true, form: "head-", ..Input::default() }, &terms, None))
                    (page::select(&Input { name: "unit", label: "单位", value: &unit, form: "head-", ..Input::default() }, &units, whole))
                }))
                div.dialog-foot { (page::submit("保存", Kind::Primary)) }
            }
        },
    ))
}
