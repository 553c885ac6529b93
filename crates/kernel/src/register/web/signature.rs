//! Signature lines (签批): what each approver said, with name and time, as paper wants it.
use crate::clock::minute;
use crate::journal::Line;
use crate::register::flow::{Flow, Step};
use chrono::{DateTime, Utc};

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// 系部意见
    pub heading: String,
    /// What the step is called: 同意.
    pub action: String,
    /// What was written beside it; may be empty.
    pub note: String,
    /// Who signed; `张三（代李四）` for a deputy.
    pub name: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl Signature {
    /// The note, or the step's name without one.
    pub fn opinion(&self) -> &str {
        if self.note.is_empty() {
            &self.action
        } else {
            &self.note
        }
    }

    /// Date and time in words.
    pub fn when(&self) -> String {
        minute(self.at)
    }
}

/// The signatures of the present round out of a record's journal lines, the last under each heading: what was signed
/// before the record came back to its beginning is void.
pub fn of(flow: &Flow, lines: &[Line]) -> Vec<Signature> {
    let mut signed: Vec<Signature> = vec![];
    for line in lines {
        let state = |json: &Option<serde_json::Value>| {
            let state = json.as_ref().and_then(|json| json["state"].as_str());
            state.unwrap_or("").to_owned()
        };
        let (before, after) = (state(&line.before), state(&line.after));
        if after == flow.initial() && before != after {
            signed.clear();
        }
        let leads = |step: &Step| step.to == after || step.forks.iter().any(|(_, to)| *to == after);
        let step = flow
            .steps
            .iter()
            .find(|step| step.title == line.action && step.from.contains(&before) && leads(step));
        let Some(heading) = step.and_then(|step| step.sign.clone()) else {
            continue;
        };
        signed.retain(|known| known.heading != heading);
        signed.push(Signature {
            heading,
            action: line.action.clone(),
            note: line.reason.as_deref().map(str::trim).unwrap_or("").to_owned(),
            name: line.actor.clone(),
            at: line.at,
        });
    }
    signed
}
