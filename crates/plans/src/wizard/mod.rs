//! The import wizard (导入向导): a text becomes a draft, people confirm every commitment, each action is kept at once.
mod add;
mod card;
mod decide;
mod edit;
mod edit_form;
mod head;
pub mod import;
mod names;
mod review;
mod start;
pub mod suggest;

pub(crate) use card::{mark_kind, mark_state};
pub use decide::{accept_suggested, unbound_to_manual};
pub(crate) use names::Names;
pub(crate) use review::{Shown, marked, render as render_review};
pub(crate) use start::tone as state_tone;

use crate::model::{Commitment, Plan};
use crate::store::{self, EDITORS};
use kernel::app::Scope;
use kernel::error::{Error, Result};
use kernel::http::{Gate, Routes};
use uuid::Uuid;

/// Where the list of plans lives; its menu entry.
pub(crate) const HERE: &str = "/plans";

/// Routes of the wizard.
pub fn routes() -> Routes {
    let editors = Gate::Roles(EDITORS);
    Routes::new()
        .get("/plans", Gate::Login, start::list)
        .get("/plans/new", editors, start::form)
        .post("/plans", editors, start::create)
        .get("/plans/nodes", editors, edit::pick_node)
        .get("/plans/{id}/review", editors, review::page)
        .post("/plans/{id}/head", editors, head::save)
        .post("/plans/{id}/add", editors, add::add)
        .post("/plans/{id}/accept-all", editors, decide::accept_all)
        .post("/plans/{id}/manual", editors, decide::all_manual)
        .get("/plans/{id}/c/{commitment}", editors, edit::show)
        .get("/plans/{id}/c/{commitment}/edit", editors, edit::form)
        .post("/plans/{id}/c/{commitment}", editors, edit::save)
        .post("/plans/{id}/c/{commitment}/kind", editors, edit::change_kind)
        .post("/plans/{id}/c/{commitment}/decide", editors, decide::decide)
}

/// A plan that the person may work on now.
pub(crate) async fn open_plan(scope: &Scope, id: Uuid) -> Result<Plan> {
    let plan = editable(scope, id).await?;
    if plan.open() {
        Ok(plan)
    } else {
        Err(store::closed())
    }
}

/// A plan at a place where the person may work on plans.
pub(crate) async fn editable(scope: &Scope, id: Uuid) -> Result<Plan> {
    let plan = store::plan(scope, id).await?;
    if store::may_edit(scope, &plan.path) {
        Ok(plan)
    } else {
        Err(Error::Forbidden(
            "只有学校或本部门的计划负责人可以修改这份计划".into(),
        ))
    }
}

/// One commitment of the plan.
pub(crate) async fn commitment_of(scope: &Scope, plan: &Plan, id: Uuid) -> Result<Commitment> {
    let commitment = store::commitment(scope, id).await?;
    if commitment.plan == plan.id {
        Ok(commitment)
    } else {
        Err(Error::NotFound)
    }
}
