//! What a version keeps (版本内容), and what changed between two of them.
use crate::model::{Commitment, Plan, Status};
use crate::store;
use crate::wizard::Names;
use kernel::register::field::ChoiceList;
use serde_json::{Value, json};

/// The plan as published, with all names as they were then.
pub fn freeze(plan: &Plan, term: &str, commitments: &[Commitment], names: &Names) -> Value {
    let accepted = commitments.iter().filter(|c| c.status == Status::Accepted);
    let commitments: Vec<Value> = accepted
        .map(|c| {
            let mut value = store::commitment_json(c);
            value["kind_name"] = c.kind.label().into();
            value["promise"] = c.promise().into();
            value["binding_name"] = names.binding(&c.binding).into();
            value["node_name"] = names.label(c.node).into();
            value["owner_name"] = names.label(c.owner).into();
            value
        })
        .collect();
    json!({ "title": plan.title, "term": term, "unit": plan.unit, "commitments": commitments })
}

/// One commitment of two versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its id.
    pub id: String,
    /// Its title, in the newer version that has it.
    pub title: String,
    /// What happened to it.
    pub change: Change,
}

/// What happened to a commitment from one version to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is new: the promise.
    Added(String),
    /// It is gone: the promise it held.
    Dropped(String),
    /// Fields with their values before and after.
    Changed(Vec<(&'static str, String, String)>),
}

/// The fields compared, as people read them.
const COMPARED: [(&str, &str); 8] = [
    ("kind_name", "类别"),
    ("title", "名称"),
    ("promise", "承诺内容"),
    ("binding_name", "数据来源"),
    ("node_name", "范围"),
    ("owner_name", "责任人"),
    ("due_on", "期限"),
    ("due_text", "期限原文"),
];

/// The differences from `old` to `new`, in the order of the text.
pub fn differences(old: &Value, new: &Value) -> Vec<Difference> {
    let list = |value: &Value| value["commitments"].as_array().cloned().unwrap_or_default();
    let (before, after) = (list(old), list(new));
    let find = |list: &[Value], id: &Value| list.iter().find(|c| c["id"] == *id).cloned();
    let mut found = vec![];
    for c in &after {
        let change = match find(&before, &c["id"]) {
            None => Change::Added(text(&c["promise"])),
            Some(was) => {
                let changed: Vec<_> = COMPARED
                    .iter()
                    .filter(|(field, _)| was[*field] != c[*field])
                    .map(|(field, label)| (*label, text(&was[*field]), text(&c[*field])))
                    .collect();
                if changed.is_empty() {
                    continue;
                }
                Change::Changed(changed)
            }
        };
        found.push((c["start"].as_i64(), difference(c, change)));
    }
    for c in before.iter().filter(|c| find(&after, &c["id"]).is_none()) {
        found.push((
            c["start"].as_i64(),
            difference(c, Change::Dropped(text(&c["promise"]))),
        ));
    }
    found.sort_by_key(|(start, _)| *start);
    found.into_iter().map(|(_, difference)| difference).collect()
}

fn difference(c: &Value, change: Change) -> Difference {
    Difference {
        id: text(&c["id"]),
        title: text(&c["title"]),
        change,
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or("").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(commitments: &[(&str, &str, i64)]) -> Value {
        let list: Vec<Value> = commitments
            .iter()
            .map(|(id, promise, start)| json!({ "id": id, "title": id, "promise": promise, "start": start }))
            .collect();
        json!({ "commitments": list })
    }

    #[test]
    fn added_changed_and_dropped_commitments_are_told_apart() {
        let old = version(&[("a", "≥90%", 1), ("b", "每周1次", 5), ("c", "6月", 9)]);
        let new = version(&[("a", "≥95%", 1), ("c", "6月", 9), ("d", "≥2项", 3)]);
        let found = differences(&old, &new);
        let told: Vec<(&str, &Change)> = found.iter().map(|d| (d.id.as_str(), &d.change)).collect();
        assert_eq!(
            told,
            [
                (
                    "a",
                    &Change::Changed(vec![("承诺内容", "≥90%".into(), "≥95%".into())])
                ),
                ("d", &Change::Added("≥2项".into())),
                ("b", &Change::Dropped("每周1次".into())),
            ]
        );
        assert!(differences(&new, &new).is_empty());
    }
}
