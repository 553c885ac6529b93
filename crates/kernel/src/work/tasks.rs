//! What waits for a person (待办): records in whose state the person may take a step, their own or an absent person's.
use super::deadline;
use super::whom::is_work;
use crate::access::{self, Acting, Actor, Grant};
use crate::app::Scope;
use crate::cache::Counts;
use crate::error::Result;
use crate::register::flow::{Guard, StateKind, Step, Who};
use crate::register::query::select_sql;
use crate::register::spec::{FieldKind, RegisterSpec};
use crate::register::store::{self, Record};
use crate::schema::{column, table, waits_sql};
use crate::term;
use crate::value::Value;
use chrono::NaiveDate;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use uuid::Uuid;

/// At most this many records of one register are listed.
pub const MOST: i64 = 200;

/// One record that waits for the person.
pub struct Task {
    /// Its register.
    pub spec: Arc<RegisterSpec>,
    /// It, with the fields that steps look at.
    pub record: Record,
    /// Ids of the steps the person may take.
    pub steps: Vec<String>,
    /// The last day in time: of the step's limit or of the record's own date, whichever is first.
    pub due: Option<NaiveDate>,
    /// In whose place, when not in one's own.
    pub instead_of: Option<String>,
}

impl Task {
    /// Its page.
    pub fn href(&self) -> String {
        format!("/r/{}/{}", self.spec.id, self.record.id)
    }

    /// Whether it should have been done before today.
    pub fn late(&self, today: NaiveDate) -> bool {
        self.due.is_some_and(|due| due < today)
    }

    /// The steps themselves.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter_map(|id| self.spec.flow.find(id))
    }
}

/// The fields that guards, named people and dates look at.
pub(super) fn needed(spec: &RegisterSpec) -> Vec<usize> {
    let mut fields: Vec<usize> = vec![];
    let mut add = |at: Option<usize>| {
        if let Some(at) = at.filter(|at| !fields.contains(at)) {
            fields.push(at);
        }
    };
    for step in &spec.flow.steps {
        add(step.when.as_ref().and_then(|guard| spec.index(guard.field())));
        for (guard, _) in &step.forks {
            add(spec.index(guard.field()));
        }
        for who in &step.who {
            if let Who::Field(field) = who {
                add(spec.index(field));
            }
        }
    }
    add(spec.due);
    fields
}

/// All that waits, overdue first, then by date, then the longest waiting.
pub async fn of(scope: &Scope) -> Result<Vec<Task>> {
    let calendar = term::load(scope).await?;
    let mut tasks = vec![];
    for spec in scope.registers.iter().filter(|s| s.flow.has_steps()) {
        let mut args: Vec<Value> = vec![scope.school.into()];
        let Some(condition) = clause(&scope.actor, spec, &mut args) else {
            continue;
        };
        let fields = needed(spec);
        let sql = format!(
            "{} where t.school_id = $1 and {condition} order by t.state_at limit {MOST}",
            select_sql(spec, &fields)
        );
        for row in scope.db().all(&sql, &args).await? {
            let record = Record::read(spec, &fields, &row, &scope.app.seal)?;
            if let Some(task) = task(scope, spec, record, &calendar.days) {
                tasks.push(task);
            }
        }
    }
    tasks.sort_by_key(|task| (task.due.is_none(), task.due, task.record.state_at));
    Ok(tasks)
}

fn task(scope: &Scope, spec: &Arc<RegisterSpec>, record: Record, days: &calendar::DayTable) -> Option<Task> {
    let mut steps = vec![];
    let mut instead_of = None;
    let mut work = false;
    for (step, acting) in store::acting_steps(scope, spec, &record) {
        let rules = step.who.iter().filter(|who| is_work(&spec.flow, step, who));
        let named = |field: &str| spec.index(field).and_then(|at| record.values[at].id());
        work |= access::acting_as(&scope.actor, rules, &record.place, named).is_some();
        if let Acting::For(absent) = acting {
            instead_of = Some(absent.name.clone());
        }
        steps.push(step.id.clone());
    }
    if !work {
        return None;
    }
    let own = spec.due.and_then(|at| record.values[at].date());
    let due = [deadline::of(spec, &record, days), own]
        .into_iter()
        .flatten()
        .min();
    Some(Task {
        spec: spec.clone(),
        record,
        steps,
        due,
        instead_of,
    })
}

/// How many records wait for the person. What was counted for unchanged registers is kept; the rest is one statement.
pub async fn count(scope: &Scope) -> Result<u32> {
    let rights = rights(&scope.actor);
    let who = (scope.school, scope.actor.account);
    let total = scope.revision_of_all().await?;
    let kept = scope.app.cache.counts(who).filter(|kept| kept.rights == rights);
    if let Some(kept) = kept.as_ref().filter(|kept| kept.total == total) {
        return Ok(kept.sum);
    }
    let mut counts: HashMap<String, (i64, u32)> = HashMap::new();
    let mut args: Vec<Value> = vec![scope.school.into()];
    let mut parts = vec![];
    for spec in scope.registers.iter().filter(|s| s.flow.has_steps()) {
        let revision = scope.revision(&spec.id).await?;
        let known = kept.as_ref().and_then(|kept| kept.by_register.get(&spec.id));
        if let Some(known) = known.filter(|known| known.0 == revision) {
            counts.insert(spec.id.clone(), *known);
            continue;
        }
        counts.insert(spec.id.clone(), (revision, 0));
        if let Some(condition) = clause(&scope.actor, spec, &mut args) {
            parts.push(format!(
                "select '{}', count(*) from {} t where t.school_id = $1 and {condition}",
                spec.id,
                table(spec)
            ));
        }
    }
    if !parts.is_empty() {
        for row in scope.db().all(&parts.join(" union all "), &args).await? {
            let register: String = row.at(0)?;
            if let Some(entry) = counts.get_mut(&register) {
                entry.1 = row.at::<i64>(1)? as u32;
            }
        }
    }
    let sum = counts.values().map(|entry| entry.1).sum();
    let kept = Counts {
        rights,
        total,
        by_register: counts,
        sum,
    };
    scope.app.cache.keep_counts(who, kept);
    Ok(sum)
}

/// A number that changes with what the person was given or handed.
fn rights(actor: &Actor) -> u64 {
    let mut hasher = DefaultHasher::new();
    let mut add = |grants: &[Grant]| {
        for grant in grants {
            (&grant.role, &grant.path).hash(&mut hasher);
        }
    };
    add(&actor.grants);
    for absent in &actor.delegated {
        add(&absent.grants);
    }
    actor.staff.hash(&mut hasher);
    for absent in &actor.delegated {
        (absent.account, absent.staff).hash(&mut hasher);
    }
    hasher.finish()
}

/// The SQL condition over the alias `t` under which a record of the register waits for the actor.
fn clause(actor: &Actor, spec: &RegisterSpec, args: &mut Vec<Value>) -> Option<String> {
    let mut parts = vec![];
    for step in &spec.flow.steps {
        let states: Vec<&String> = step
            .from
            .iter()
            .filter(|state| spec.flow.kind_of(state) == StateKind::Open)
            .collect();
        let whom: Vec<String> = step
            .who
            .iter()
            .filter(|who| is_work(&spec.flow, step, who))
            .filter_map(|who| whose(actor, spec, who, args))
            .collect();
        if states.is_empty() || whom.is_empty() {
            continue;
        }
        let states = super::whom::list(args, states.into_iter().map(Value::from));
        let mut part = format!("t.state in ({states}) and ({})", whom.join(" or "));
        if let Some(guard) = step.when.as_ref().and_then(|guard| guard_sql(spec, guard, args)) {
            part.push_str(&format!(" and {guard}"));
        }
        parts.push(format!("({part})"));
    }
    let waits = waits_sql(spec, "t.")?;
    (!parts.is_empty()).then(|| format!("{waits} and ({})", parts.join(" or ")))
}

fn whose(actor: &Actor, spec: &RegisterSpec, who: &Who, args: &mut Vec<Value>) -> Option<String> {
    let mut parts = vec![];
    match who {
        Who::Role(role) => {
            parts.extend(under(&actor.grants, role, args));
            for absent in &actor.delegated {
                if let Some(places) = under(&absent.grants, role, args) {
                    parts.push(format!("({places} and {})", not_mine(actor, args)));
                }
            }
        }
        Who::Field(field) => {
            let column = column(&spec.fields[spec.index(field)?]);
            let named = |staff: Uuid, args: &mut Vec<Value>| {
                args.push(staff.into());
                format!("t.{column} = ${}", args.len())
            };
            if let Some(staff) = actor.staff {
                parts.push(named(staff, args));
            }
            for staff in actor.delegated.iter().filter_map(|absent| absent.staff) {
                let named = named(staff, args);
                parts.push(format!("({named} and {})", not_mine(actor, args)));
            }
        }
        Who::Creator => {
            args.push(actor.account.into());
            parts.push(format!("t.created_by = ${}", args.len()));
        }
    }
    (!parts.is_empty()).then(|| format!("({})", parts.join(" or ")))
}

fn under(grants: &[Grant], role: &str, args: &mut Vec<Value>) -> Option<String> {
    let mut parts = vec![];
    for grant in grants.iter().filter(|g| g.role == role) {
        if grant.path.is_empty() {
            return Some("1 = 1".into());
        }
        args.push(format!("{}%", grant.path).into());
        parts.push(format!("t.scope like ${}", args.len()));
    }
    (!parts.is_empty()).then(|| format!("({})", parts.join(" or ")))
}

/// A deputy does not decide on what is their own.
fn not_mine(actor: &Actor, args: &mut Vec<Value>) -> String {
    args.push(actor.account.into());
    let mut sql = format!("t.created_by <> ${}", args.len());
    if let Some(staff) = actor.staff {
        args.push(staff.into());
        sql.push_str(&format!(
            " and (t.owner_id is null or t.owner_id <> ${})",
            args.len()
        ));
    }
    sql
}

/// A guard in SQL; none for sealed fields, which only the program can read.
fn guard_sql(spec: &RegisterSpec, guard: &Guard, args: &mut Vec<Value>) -> Option<String> {
    let field = spec.field(guard.field()).filter(|field| !field.sealed)?;
    let name = format!("t.{}", column(field));
    let mut bind = |value: Value| {
        args.push(value);
        args.len()
    };
    let code = |code: &str| match field.kind {
        FieldKind::Bool => Value::Bool(code == "true"),
        _ => code.into(),
    };
    Some(match guard {
        Guard::AtMost(_, limit) => format!("({name} is null or {name} <= ${})", bind((*limit).into())),
        Guard::Above(_, limit) => format!("{name} > ${}", bind((*limit).into())),
        Guard::Is(_, wanted) => format!("{name} = ${}", bind(code(wanted))),
        Guard::Not(_, wanted) => format!("({name} is null or {name} <> ${})", bind(code(wanted))),
    })
}
