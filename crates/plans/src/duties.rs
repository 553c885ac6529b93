//! Duties (例行工作) that commitments are bound to.
use crate::model::Commitment;
use calendar::{DayTable, Term};
use chrono::NaiveDate;
use kernel::app::Scope;
use kernel::error::Result;
use kernel::register::coverage::{self, Question};
use kernel::register::indicator::DutySpec;
use kernel::register::spec::RegisterSpec;
use std::sync::Arc;

pub use kernel::register::coverage::{DutyStanding, DutyTotals, DutyUnit};

/// A duty spec with its register, by id.
pub fn find<'a>(scope: &'a Scope, id: &str) -> Option<(&'a Arc<RegisterSpec>, &'a DutySpec)> {
    scope
        .registers
        .iter()
        .find_map(|spec| spec.duties.iter().find(|d| d.id == id).map(|duty| (spec, duty)))
}

/// Computes the standing of a commitment's duty under its node, with records up to `until`.
pub async fn standing(
    scope: &Scope,
    commitment: &Commitment,
    spec: &RegisterSpec,
    duty: &DutySpec,
    term: &Term,
    days: &DayTable,
    until: NaiveDate,
) -> Result<DutyStanding> {
    let question = Question {
        cadence: commitment.cadence(),
        path: &commitment.path,
        term,
        days,
        until,
    };
    coverage::standing(scope, spec, duty, question).await
}
