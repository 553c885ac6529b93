//! What is wrong with records before they are written: fields, rules, references, files, rights, uniqueness.
use super::create::Draft;
use super::derive::{Known, derive};
use crate::access::{self, Place};
use crate::app::Scope;
use crate::db::Db;
use crate::error::{Result, Violation};
use crate::files;
use crate::register::apart;
use crate::register::spec::{Ctx, FieldKind, RegisterSpec};
use crate::register::values;
use crate::schema::{column, table};
use crate::value::Value;
use std::collections::{HashMap, HashSet};

/// What is wrong with one of many drafts.
#[derive(Clone, Debug)]
pub struct DraftFault {
    /// Position of the draft.
    pub index: usize,
    /// The faults.
    pub violations: Vec<Violation>,
}

/// Fills in computed values.
pub fn complete(scope: &Scope, spec: &RegisterSpec, values: &mut Vec<Value>, new: bool) {
    let today = scope.today();
    (spec.complete)(values, &Ctx { today, new });
}

/// Faults of one record's values that need no database: bounds of each field, then the register's own rules.
pub fn faults(scope: &Scope, spec: &RegisterSpec, values: &[Value], new: bool) -> Vec<Violation> {
    let mut found: Vec<Violation> = spec
        .fields
        .iter()
        .zip(values)
        .filter_map(|(field, value)| {
            values::fault(field, value, &scope.app.codes).map(|why| Violation::new(&field.name, why))
        })
        .collect();
    if found.is_empty() {
        found = (spec.check)(
            values,
            &Ctx {
                today: scope.today(),
                new,
            },
        );
    }
    found
}

/// Files that a write would attach although they are not the actor's own uploads. Whoever attaches a file makes it
/// readable for all who may read the record.
pub(super) async fn foreign_files(
    db: &Db,
    scope: &Scope,
    spec: &RegisterSpec,
    values: &[Value],
    before: Option<&[Value]>,
) -> Result<Vec<Violation>> {
    let mut violations = vec![];
    for (at, field) in spec.fields.iter().enumerate() {
        if field.kind != FieldKind::Files || scope.actor.system {
            continue;
        }
        let old = before.map_or(vec![], |before| files::ids_of(&before[at]));
        let mut new = files::ids_of(&values[at]);
        new.retain(|id| !old.contains(id));
        if new.is_empty() {
            continue;
        }
        let own = files::info(db, scope.school, &new).await?;
        if own
            .iter()
            .filter(|file| file.created_by == scope.actor.account)
            .count()
            < new.len()
        {
            let message = format!("{}里有不是您上传的文件，请重新上传", field.label);
            violations.push(Violation::new(&field.name, message));
        }
    }
    Ok(violations)
}

/// Finds everything wrong with the drafts without writing (the dry run of an import).
pub async fn check_many(scope: &Scope, spec: &RegisterSpec, drafts: &[Draft]) -> Result<Vec<DraftFault>> {
    let mut drafts = drafts.to_vec();
    for draft in &mut drafts {
        complete(scope, spec, &mut draft.values, true);
    }
    let drafts = drafts.as_slice();
    let rows: Vec<&[Value]> = drafts.iter().map(|d| d.values.as_slice()).collect();
    let known = Known::load(scope.db(), scope, spec, &rows).await?;
    all_faults(scope.db(), scope, spec, drafts, &known).await
}

pub(super) async fn all_faults(
    db: &Db,
    scope: &Scope,
    spec: &RegisterSpec,
    drafts: &[Draft],
    known: &Known,
) -> Result<Vec<DraftFault>> {
    let mut found: HashMap<usize, Vec<Violation>> = HashMap::new();
    let rows = access::writable(&scope.actor, spec);
    for (index, draft) in drafts.iter().enumerate() {
        let mut faults = known.faults(spec, &draft.values);
        faults.extend(foreign_files(db, scope, spec, &draft.values, None).await?);
        if faults.is_empty() {
            faults = self::faults(scope, spec, &draft.values, true);
        }
        if faults.is_empty() {
            let derived = derive(scope, spec, draft.id, &draft.values, known);
            let place = Place {
                path: derived.path,
                owner: derived.owner.id(),
                created_by: scope.actor.account,
            };
            if !rows.covers(&scope.actor, &place) {
                faults.push(Violation::new(
                    "",
                    format!("您无权在这个范围内登记{}", spec.title),
                ));
            }
        }
        if !faults.is_empty() {
            found.insert(index, faults);
        }
    }
    for unique in &spec.unique {
        let taken = taken(db, scope, spec, unique, drafts).await?;
        for index in taken {
            let names: Vec<&str> = unique.iter().map(|at| spec.fields[*at].label.as_str()).collect();
            found.entry(index).or_default().push(Violation::new(
                &spec.fields[unique[0]].name,
                format!("已有{}相同的记录", names.join("、")),
            ));
        }
    }
    for (index, violation) in apart::faults(db, scope, spec, drafts).await? {
        found.entry(index).or_default().push(violation);
    }
    let mut list: Vec<DraftFault> = found
        .into_iter()
        .map(|(index, violations)| DraftFault { index, violations })
        .collect();
    list.sort_by_key(|fault| fault.index);
    Ok(list)
}

/// Positions of drafts whose unique values stand already in the table or earlier among the drafts.
pub(super) async fn taken(
    db: &Db,
    scope: &Scope,
    spec: &RegisterSpec,
    unique: &[usize],
    drafts: &[Draft],
) -> Result<Vec<usize>> {
    // What does not even fit its column stands nowhere; the field's own fault is told elsewhere.
    let stands = |values: &[Value], at: usize| {
        !values[at].is_null() && values[at].kind() == spec.fields[at].kind.sql()
    };
    let tuple = |values: &[Value]| -> Option<Vec<String>> {
        unique
            .iter()
            .map(|at| stands(values, *at).then(|| values[*at].json().to_string()))
            .collect()
    };
    let first = &spec.fields[unique[0]];
    let mut present = HashSet::new();
    let mut firsts: Vec<&Value> = vec![];
    let mut seen = HashSet::new();
    for draft in drafts {
        let value = &draft.values[unique[0]];
        if stands(&draft.values, unique[0]) && seen.insert(value.json().to_string()) {
            firsts.push(value);
        }
    }
    let columns: Vec<String> = unique.iter().map(|at| column(&spec.fields[*at])).collect();
    for chunk in firsts.chunks(500) {
        let mut args: Vec<Value> = vec![scope.school.into()];
        args.extend(chunk.iter().map(|v| scope.app.seal.bind(spec, first, v)));
        let places: Vec<String> = (2..=args.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "select {} from {} where school_id = $1 and void_reason is null and {} in ({})",
            columns.join(", "),
            table(spec),
            column(first),
            places.join(", ")
        );
        for row in db.all(&sql, &args).await? {
            let values: Result<Vec<String>> = unique
                .iter()
                .enumerate()
                .map(|(n, at)| {
                    let field = &spec.fields[*at];
                    let value = scope.app.seal.read(spec, field, row.value(n, field.sql())?)?;
                    Ok(value.json().to_string())
                })
                .collect();
            present.insert(values?);
        }
    }
    let mut clashes = vec![];
    for (index, draft) in drafts.iter().enumerate() {
        if let Some(values) = tuple(&draft.values)
            && !present.insert(values)
        {
            clashes.push(index);
        }
    }
    Ok(clashes)
}
