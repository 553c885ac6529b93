//! Every register of the program, one after the other, known by its spec alone: created with generated values, refused
//! with the field named, stepped through its flow as each role, voided, exported and imported again, over REST.
mod flow;
mod generate;
mod round;

use crate::support::{House, on_both_databases};
use generate::Forge;
use kernel::app::Scope;
use kernel::register::spec::{FieldKind, RegisterSpec};
use kernel::register::store::{self, Draft};
use kernel::value::Value;
use std::sync::Arc;
use uuid::Uuid;

on_both_databases!(every_register_holds_what_its_spec_says);

/// Records of each register that others may refer to.
const FOR_REFERENCE: usize = 6;

/// The registers in an order in which each comes after those it must refer to.
fn in_order(scope: &Scope) -> Vec<Arc<RegisterSpec>> {
    let mut left: Vec<Arc<RegisterSpec>> = scope.registers.iter().cloned().collect();
    let mut ordered: Vec<Arc<RegisterSpec>> = vec![];
    while !left.is_empty() {
        let ready = |spec: &RegisterSpec| {
            spec.fields
                .iter()
                .filter(|field| field.required)
                .all(|field| match &field.kind {
                    FieldKind::Ref(to) => *to == spec.id || ordered.iter().any(|done| done.id == *to),
                    _ => true,
                })
        };
        let at = left
            .iter()
            .position(|spec| ready(spec))
            .unwrap_or_else(|| panic!("{} needs a register that needs it", left[0].id));
        ordered.push(left.remove(at));
    }
    ordered
}

async fn every_register_holds_what_its_spec_says(house: House) {
    let house = house.with_school().await;
    let scope = house.scope();
    let mut forge = Forge::new(20_261_123);
    let mut wrong: Vec<String> = vec![];
    let specs = in_order(&scope);
    assert!(specs.len() >= 20, "the program has its registers");
    for spec in &specs {
        // People and places are referred to by many, some of whom may be named once only.
        let many = if spec.group == "school" {
            3 * FOR_REFERENCE
        } else {
            FOR_REFERENCE
        };
        for _ in 0..many {
            match made(&scope, spec, &mut forge).await {
                Ok((id, values)) => {
                    wrong.extend(computed(&scope, spec, &values));
                    forge.know(&spec.id, id);
                }
                Err(why) => wrong.push(format!("{}: {why}", spec.id)),
            }
        }
    }
    for spec in &specs {
        // One more, to be voided in the end: nothing refers to it.
        match made(&scope, spec, &mut forge).await {
            Ok((id, values)) => {
                wrong.extend(refusals(&scope, spec, &values).await);
                wrong.extend(computed(&scope, spec, &values));
                wrong.extend(flow::walk(&scope, spec, &mut forge).await);
                wrong.extend(round::walk(&house, spec, &mut forge).await);
                wrong.extend(voided(&scope, spec, id).await);
            }
            Err(why) => wrong.push(format!("{}: {why}", spec.id)),
        }
    }
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
}

async fn made(scope: &Scope, spec: &RegisterSpec, forge: &mut Forge) -> Result<(Uuid, Vec<Value>), String> {
    let values = forge.values(scope, spec, &[])?;
    let id = store::create(scope, spec, Draft::new(values.clone()))
        .await
        .map_err(|error| format!("valid values are refused: {error:?}"))?;
    Ok((id, values))
}

/// Other values that the field would take.
fn others(scope: &Scope, kind: &FieldKind) -> Vec<Value> {
    match kind {
        FieldKind::Text { .. } | FieldKind::LongText { .. } => vec!["别".into()],
        FieldKind::Int { min, max } => vec![(*min).into(), (*max).into()],
        FieldKind::Decimal { .. } | FieldKind::Money => vec![0i64.into(), 1_234i64.into()],
        FieldKind::Choice(choices) => choices.iter().map(|choice| choice.code.as_str().into()).collect(),
        FieldKind::Code(set) => {
            let items = scope.app.codes.get(set).map(|set| set.items.as_slice());
            let ends = items.and_then(|items| Some([items.first()?, items.last()?]));
            ends.into_iter()
                .flatten()
                .map(|item| item.0.as_str().into())
                .collect()
        }
        FieldKind::Date => vec![chrono::NaiveDate::from_ymd_opt(2020, 2, 3).expect("a day").into()],
        FieldKind::Instant => vec![chrono::DateTime::UNIX_EPOCH.into()],
        FieldKind::Bool => vec![true.into(), false.into()],
        FieldKind::Ref(_) | FieldKind::Files => vec![],
    }
}

/// What is said to be computed is, whatever stands there.
fn computed(scope: &Scope, spec: &RegisterSpec, values: &[Value]) -> Vec<String> {
    let mut wrong = vec![];
    let mut right = values.to_vec();
    store::complete(scope, spec, &mut right, true);
    for at in spec.computed.iter().copied() {
        let field = &spec.fields[at];
        let nothing = Value::Null(field.kind.sql());
        for other in others(scope, &field.kind).into_iter().chain([nothing]) {
            let mut values = values.to_vec();
            values[at] = other.clone();
            store::complete(scope, spec, &mut values, true);
            if values[at] != right[at] {
                wrong.push(format!(
                    "{}.{} is not computed: it keeps {other:?}",
                    spec.id, field.name
                ));
            }
        }
    }
    wrong
}

/// A value that the field must refuse, if there is one.
fn invalid(kind: &FieldKind) -> Option<Value> {
    Some(match kind {
        FieldKind::Text { max } | FieldKind::LongText { max } => "字".repeat(max + 1).as_str().into(),
        FieldKind::Int { max, .. } => (max + 1).into(),
        FieldKind::Decimal { .. } | FieldKind::Money => (-1i64).into(),
        FieldKind::Choice(_) | FieldKind::Code(_) => "no-such-code".into(),
        FieldKind::Ref(_) => Uuid::from_u128(7).into(),
        FieldKind::Date => "not a day".into(),
        FieldKind::Instant | FieldKind::Bool => 3i64.into(),
        FieldKind::Files => return None,
    })
}

/// Each field refuses what it must, and says that it was this field.
async fn refusals(scope: &Scope, spec: &RegisterSpec, values: &[Value]) -> Vec<String> {
    let mut wrong = vec![];
    for (at, field) in spec.fields.iter().enumerate() {
        let missing =
            (field.required && field.kind != FieldKind::Bool).then(|| Value::Null(field.kind.sql()));
        for bad in invalid(&field.kind).into_iter().chain(missing) {
            let mut values = values.to_vec();
            values[at] = bad.clone();
            store::complete(scope, spec, &mut values, true);
            // What the register computes cannot be wrong.
            if values[at] != bad {
                continue;
            }
            let drafts = [Draft::new(values)];
            let faults = match store::check_many(scope, spec, &drafts).await {
                Ok(faults) => faults,
                Err(error) => {
                    wrong.push(format!("{}.{} {bad:?}: {error:?}", spec.id, field.name));
                    continue;
                }
            };
            let named = faults.iter().any(|fault| {
                fault
                    .violations
                    .iter()
                    .any(|v| v.field == field.name && !v.message.is_empty())
            });
            if !named {
                wrong.push(format!("{}.{} takes {bad:?}", spec.id, field.name));
            }
        }
    }
    wrong
}

/// A voided record is gone from the list and kept in the database.
async fn voided(scope: &Scope, spec: &RegisterSpec, id: Uuid) -> Vec<String> {
    let wrong = |why: String| vec![format!("{} void: {why}", spec.id)];
    let version = match store::get(scope, spec, id).await {
        Ok(record) => record.version,
        Err(error) => return wrong(format!("{error:?}")),
    };
    if store::void(scope, spec, id, version, " ").await.is_ok() {
        return wrong("done without a reason".into());
    }
    if let Err(error) = store::void(scope, spec, id, version, "重复登记").await {
        return wrong(format!("{error:?}"));
    }
    match store::get(scope, spec, id).await {
        Ok(record) if record.void_reason.as_deref() == Some("重复登记") => vec![],
        other => wrong(format!("{other:?}")),
    }
}
