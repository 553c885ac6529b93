//! The grammar proper (规则): tokens in context become commitments. One file per kind; see `docs/plan-grammar.md`.

pub mod amount;
pub mod duty;
pub mod label;
pub mod metric;
pub mod op;
pub mod reject;
pub mod task;
pub mod vague;
pub mod zero;

use crate::model::Commitment;
use crate::reading::Reading;

/// Runs every rule; commitments come back in text order.
pub fn all(reading: &Reading) -> Vec<Commitment> {
    let mut used = vec![false; reading.quantities.len()];
    let mut found = duty::read(reading, &mut used);
    found.extend(amount::read(reading, &used));
    found.extend(zero::read(reading));
    found.extend(vague::read(reading));
    let mut numbers: Vec<(usize, usize)> = found
        .iter()
        .filter(|c| c.value.is_some())
        .map(|c| (c.start, c.end))
        .collect();
    numbers.sort_unstable();
    found.extend(task::read(reading, &numbers));
    found.sort_by_key(|c| (c.start, c.end, c.kind));
    found
}
