//! What the engine derives from a record's values: place, owner, label, key, search text.
use super::Label;
use crate::app::Scope;
use crate::db::Db;
use crate::error::{Result, Violation};
use crate::register::spec::{Anchor, FieldKind, RegisterSpec};
use crate::register::{search, values};
use crate::value::Value;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// What is known of referenced records while writing, by register and id.
pub(super) struct Known(HashMap<String, HashMap<Uuid, Referred>>);

/// A referenced record.
struct Referred {
    label: Label,
    path: String,
    live: bool,
}

impl Known {
    pub async fn load(db: &Db, scope: &Scope, spec: &RegisterSpec, rows: &[&[Value]]) -> Result<Known> {
        let mut wanted: HashMap<&str, HashSet<Uuid>> = HashMap::new();
        for (at, field) in spec.fields.iter().enumerate() {
            if let FieldKind::Ref(to) = &field.kind {
                wanted
                    .entry(to)
                    .or_default()
                    .extend(rows.iter().filter_map(|row| row[at].id()));
            }
        }
        let mut known: HashMap<String, HashMap<Uuid, Referred>> = HashMap::new();
        for (to, ids) in wanted {
            let found = known.entry(to.to_owned()).or_default();
            let ids: Vec<Uuid> = ids.into_iter().collect();
            for chunk in ids.chunks(500) {
                let mut args: Vec<Value> = vec![scope.school.into()];
                args.extend(chunk.iter().map(|id| Value::Id(*id)));
                let places: Vec<String> = (2..=args.len()).map(|n| format!("${n}")).collect();
                let sql = format!(
                    "select id, label, key_text, scope, void_reason from r_{to} where school_id = $1 and id in ({})",
                    places.join(", ")
                );
                for row in db.all(&sql, &args).await? {
                    let referred = Referred {
                        label: Label {
                            label: row.at(1)?,
                            key: row.at(2)?,
                        },
                        path: row.at(3)?,
                        live: row.at::<Option<String>>(4)?.is_none(),
                    };
                    found.insert(row.at(0)?, referred);
                }
            }
        }
        Ok(Known(known))
    }

    fn find(&self, kind: &FieldKind, value: &Value) -> Option<&Referred> {
        let FieldKind::Ref(to) = kind else { return None };
        self.0.get(to)?.get(&value.id()?)
    }

    pub fn faults(&self, spec: &RegisterSpec, values: &[Value]) -> Vec<Violation> {
        let pairs = spec.fields.iter().zip(values);
        pairs
            .filter(|(field, value)| {
                matches!(field.kind, FieldKind::Ref(_))
                    && value.id().is_some()
                    && self
                        .find(&field.kind, value)
                        .is_none_or(|referred| !referred.live)
            })
            .map(|(field, _)| Violation::new(&field.name, format!("{}指向的记录不存在或已作废", field.label)))
            .collect()
    }
}

/// The columns derived from a record's values.
pub(super) struct Derived {
    pub path: String,
    pub owner: Value,
    pub label: String,
    pub key: String,
    pub search: String,
}

pub(super) fn derive(
    scope: &Scope,
    spec: &RegisterSpec,
    id: Uuid,
    values: &[Value],
    known: &Known,
) -> Derived {
    let shown = |at: usize| match known.find(&spec.fields[at].kind, &values[at]) {
        Some(referred) => referred.label.label.clone(),
        None => values::show(&spec.fields[at], &values[at], &scope.app.codes),
    };
    let mut path = spec
        .within
        .and_then(|at| known.find(&spec.fields[at].kind, &values[at]))
        .map(|referred| referred.path.clone())
        .unwrap_or_default();
    if spec.anchor == Anchor::Node {
        let id = id.simple().to_string();
        path.push_str(&id[id.len() - 12..]);
        path.push('/');
    }
    let owner = spec
        .owner
        .map(|at| values[at].clone())
        .unwrap_or(None::<Uuid>.into());
    let key = spec.key.map(shown).unwrap_or_default();
    let mut label = spec
        .label
        .iter()
        .map(|at| shown(*at))
        .filter(|s| !s.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    if label.is_empty() {
        label = if key.is_empty() {
            spec.title.clone()
        } else {
            key.clone()
        };
    }
    let searched: Vec<String> = (0..spec.fields.len())
        .filter(|at| {
            let field = &spec.fields[*at];
            !field.sealed
                && (spec.label.contains(at)
                    || spec.key == Some(*at)
                    || matches!(
                        field.kind,
                        FieldKind::Text { .. } | FieldKind::LongText { .. } | FieldKind::Ref(_)
                    ))
        })
        .map(shown)
        .collect();
    let label: String = label.chars().take(80).collect();
    Derived {
        path,
        owner,
        label,
        key,
        search: search::text_of(searched.iter().map(String::as_str)),
    }
}
