//! Changes of a record: correction, step, void.
use super::check::{complete, faults, foreign_files, taken};
use super::create::Draft;
use super::derive::{Known, derive};
use super::{NOTE, Record, acting_steps, journal_json, kept, load, may_write};
use crate::access::{self, Acting, Place};
use crate::app::Scope;
use crate::args;
use crate::db::Db;
use crate::error::{Error, Result, Violation};
use crate::journal::{self, Entry};
use crate::register::apart;
use crate::register::flow::StateKind;
use crate::register::spec::{Anchor, RegisterSpec};
use crate::schema::{column, table};
use crate::value::Value;
use crate::work::notify;
use uuid::Uuid;

/// A change of one record.
pub struct Change<'a> {
    /// The version the person saw.
    pub version: i64,
    /// The whole new set of values.
    pub values: Vec<Value>,
    /// Why, where a reason is due.
    pub reason: Option<&'a str>,
}

/// Corrects a record.
pub async fn update(scope: &Scope, spec: &RegisterSpec, id: Uuid, change: Change<'_>) -> Result<i64> {
    let tx = scope.db().begin().await?;
    let version = update_in(&tx, scope, spec, id, change).await?;
    tx.commit().await?;
    Ok(version)
}

/// [`update`] within a transaction of the caller's.
pub async fn update_in(
    tx: &Db,
    scope: &Scope,
    spec: &RegisterSpec,
    id: Uuid,
    change: Change<'_>,
) -> Result<i64> {
    let old = load(tx, scope, spec, id).await?;
    if old.void_reason.is_some() {
        return Err(Error::Conflict("这条记录已作废，不能再修改".into()));
    }
    if !may_write(scope, spec, &old) {
        return Err(Error::Forbidden(format!("修改{}", spec.title)));
    }
    write(
        tx,
        scope,
        spec,
        &old,
        change.version,
        change.values,
        &old.state,
        "修改",
        change.reason,
    )
    .await
}

/// Takes a step of the flow. `values` are the record's values with what the step asks for filled in.
pub async fn step(
    scope: &Scope,
    spec: &RegisterSpec,
    id: Uuid,
    step_id: &str,
    change: Change<'_>,
) -> Result<i64> {
    let step = spec.flow.find(step_id).ok_or(Error::NotFound)?;
    let tx = scope.db().begin().await?;
    let old = load(&tx, scope, spec, id).await?;
    if !step.from.contains(&old.state) || old.void_reason.is_some() {
        return Err(Error::Conflict(format!(
            "这条记录现在是“{}”，不能“{}”；请刷新后再看",
            old.state, step.title
        )));
    }
    let acting = acting_steps(scope, spec, &old)
        .find(|(offered, _)| offered.id == step.id)
        .map(|(_, acting)| acting)
        .ok_or_else(|| Error::Forbidden(format!("{}：{}", spec.title, step.title)))?;
    let deputy = match acting {
        Acting::For(absent) => Some(scope.in_place_of(&absent.name)),
        Acting::Oneself => None,
    };
    let scope = deputy.as_ref().unwrap_or(scope);
    let mut violations = vec![];
    let mut values = old.values.clone();
    for name in &step.needs {
        let at = spec.index(name).expect("flows are checked at start");
        values[at] = change.values[at].clone();
        if values[at].is_null() || values[at].text().is_some_and(|t| t.trim().is_empty()) {
            violations.push(Violation::new(
                name,
                format!("{}时请填写{}", step.title, spec.fields[at].label),
            ));
        }
    }
    for at in step.offers.iter().filter_map(|name| spec.index(name)) {
        values[at] = change.values[at].clone();
    }
    if step.note && change.reason.is_none_or(|note| note.trim().is_empty()) {
        violations.push(Violation::new(NOTE, format!("{}时请说明原因", step.title)));
    }
    if !violations.is_empty() {
        return Err(Error::Invalid(violations));
    }
    let target = step.target(spec, &values).to_owned();
    let ends = |state: &str| spec.flow.kind_of(state) == StateKind::Done;
    if let Some(grant) = spec.grant.filter(|_| ends(&target) && !ends(&old.state)) {
        let obstacles = grant(scope, id, &values).await?;
        if !obstacles.is_empty() {
            return Err(Error::Invalid(obstacles));
        }
    }
    let version = write(
        &tx,
        scope,
        spec,
        &old,
        change.version,
        values,
        &target,
        &step.title,
        change.reason,
    )
    .await?;
    if !scope.actor.system {
        let new = load(&tx, scope, spec, id).await?;
        notify::arrived(&tx, scope, spec, &new, Some((step, change.reason))).await?;
    }
    tx.commit().await?;
    Ok(version)
}

#[allow(clippy::too_many_arguments)]
async fn write(
    tx: &Db,
    scope: &Scope,
    spec: &RegisterSpec,
    old: &Record,
    version: i64,
    mut new: Vec<Value>,
    state: &str,
    action: &str,
    reason: Option<&str>,
) -> Result<i64> {
    if version != old.version {
        return Err(Error::Conflict(
            "这条记录刚被别人修改过，您的内容没有保存；请刷新后重新填写".into(),
        ));
    }
    complete(scope, spec, &mut new, false);
    let known = Known::load(tx, scope, spec, &[&new]).await?;
    let mut violations = known.faults(spec, &new);
    // A reference that became void later does not block other corrections.
    violations.retain(|v| spec.index(&v.field).is_none_or(|at| new[at] != old.values[at]));
    violations.extend(foreign_files(tx, scope, spec, &new, Some(&old.values)).await?);
    if violations.is_empty() {
        violations = faults(scope, spec, &new, false);
    }
    for unique in &spec.unique {
        if unique.iter().any(|at| new[*at] != old.values[*at]) {
            let draft = Draft {
                id: old.id,
                values: new.clone(),
                state: None,
                at: None,
            };
            if !taken(tx, scope, spec, unique, std::slice::from_ref(&draft))
                .await?
                .is_empty()
            {
                let field = &spec.fields[unique[0]];
                violations.push(Violation::new(
                    &field.name,
                    format!("已有{}相同的记录", field.label),
                ));
            }
        }
    }
    if new != old.values || state != old.state {
        let draft = Draft {
            id: old.id,
            values: new.clone(),
            state: Some(state.to_owned()),
            at: None,
        };
        let overlaps = apart::faults(tx, scope, spec, std::slice::from_ref(&draft)).await?;
        violations.extend(overlaps.into_iter().map(|(_, violation)| violation));
    }
    if !violations.is_empty() {
        return Err(Error::Invalid(violations));
    }
    let derived = derive(scope, spec, old.id, &new, &known);
    if spec.anchor == Anchor::Node
        && derived.path != old.place.path
        && derived.path.starts_with(&old.place.path)
    {
        let field = spec.within.map_or("", |at| spec.fields[at].name.as_str());
        return Err(Error::invalid(field, "不能放到自己或自己的下级之下"));
    }
    let place = Place {
        path: derived.path.clone(),
        owner: derived.owner.id(),
        created_by: old.place.created_by,
    };
    if action == "修改" && !access::writable(&scope.actor, spec).covers(&scope.actor, &place) {
        return Err(Error::Forbidden("把记录移到您管理范围之外".into()));
    }
    let mut args: Vec<Value> = vec![
        scope.school.into(),
        old.id.into(),
        state.into(),
        derived.path.as_str().into(),
        derived.owner,
        derived.label.into(),
        derived.search.into(),
        (old.version + 1).into(),
        scope.now().into(),
        derived.key.into(),
        old.version.into(),
        if state == old.state {
            old.state_at
        } else {
            scope.now()
        }
        .into(),
    ];
    let mut sets = String::new();
    let seal = &scope.app.seal;
    let (before, after) = (kept(seal, spec, &old.values), kept(seal, spec, &new));
    for (field, value) in spec.fields.iter().zip(&after) {
        args.push(value.clone());
        sets.push_str(&format!(", {} = ${}", column(field), args.len()));
    }
    let sql = format!(
        "update {} set state = $3, scope = $4, owner_id = $5, label = $6, search = $7, version = $8, updated_at = $9, \
         key_text = $10, state_at = $12{sets} where school_id = $1 and id = $2 and version = $11",
        table(spec)
    );
    if tx.run(&sql, &args).await? != 1 {
        return Err(Error::Conflict(
            "这条记录刚被别人修改过，您的内容没有保存；请刷新后重新填写".into(),
        ));
    }
    if spec.anchor == Anchor::Node && derived.path != old.place.path {
        move_node(tx, scope, &old.place.path, &derived.path).await?;
    }
    let entry = Entry {
        register: spec.id.clone(),
        record: old.id,
        version: old.version + 1,
        action: action.into(),
        before: Some(journal_json(spec, &before, &old.state)),
        after: Some(journal_json(spec, &after, state)),
        reason: reason.filter(|r| !r.trim().is_empty()).map(str::to_owned),
    };
    journal::write(tx, scope, vec![entry]).await?;
    journal::touch(tx, scope.school, &spec.id).await?;
    Ok(old.version + 1)
}

/// A node of the unit tree moved: everything below it, and the grants on it, follow.
async fn move_node(tx: &Db, scope: &Scope, from: &str, to: &str) -> Result<()> {
    let args = args![scope.school, format!("{from}%"), to, from.len() as i64 + 1];
    for spec in scope.registers.iter() {
        let sql = format!(
            "update {} set scope = $3 || substr(scope, cast($4 as integer)) where school_id = $1 and scope like $2",
            table(spec)
        );
        if tx.run(&sql, args).await? > 0 {
            journal::touch(tx, scope.school, &spec.id).await?;
        }
    }
    tx.run(
        "update role_grant set path = $3 || substr(path, cast($4 as integer)) where school_id = $1 and path like $2",
        args,
    )
    .await?;
    Ok(())
}

/// Voids a record with a reason. Nothing is deleted.
pub async fn void(scope: &Scope, spec: &RegisterSpec, id: Uuid, version: i64, reason: &str) -> Result<()> {
    let tx = scope.db().begin().await?;
    void_in(&tx, scope, spec, id, version, reason).await?;
    tx.commit().await
}

/// [`void`] within a transaction of the caller's.
pub async fn void_in(
    tx: &Db,
    scope: &Scope,
    spec: &RegisterSpec,
    id: Uuid,
    version: i64,
    reason: &str,
) -> Result<()> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Error::invalid("reason", "作废记录须说明原因"));
    }
    let old = load(tx, scope, spec, id).await?;
    if !may_write(scope, spec, &old) {
        return Err(Error::Forbidden(format!("作废{}", spec.title)));
    }
    if old.void_reason.is_some() {
        return Ok(());
    }
    let sql = format!(
        "update {} set void_reason = $3, version = $4, updated_at = $5 where school_id = $1 and id = $2 and version = $6",
        table(spec)
    );
    let args = args![scope.school, id, reason, old.version + 1, scope.now(), version];
    if tx.run(&sql, args).await? != 1 {
        return Err(Error::Conflict(
            "这条记录刚被别人修改过，没有作废；请刷新后再看".into(),
        ));
    }
    let entry = Entry {
        register: spec.id.clone(),
        record: id,
        version: old.version + 1,
        action: "作废".into(),
        before: Some(journal_json(
            spec,
            &kept(&scope.app.seal, spec, &old.values),
            &old.state,
        )),
        after: None,
        reason: Some(reason.to_owned()),
    };
    journal::write(tx, scope, vec![entry]).await?;
    journal::touch(tx, scope.school, &spec.id).await
}
