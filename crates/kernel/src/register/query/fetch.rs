//! What a list asked for, fetched from the database.
use super::{Compare, Condition, ListQuery, Subject, condition_sql, like};
use crate::app::Scope;
use crate::error::Result;
use crate::register::flow::StateKind;
use crate::register::indicator::Op;
use crate::register::spec::{FieldKind, RegisterSpec};
use crate::register::store::{HEAD_COLUMNS, Record};
use crate::schema::{column, table};
use crate::value::Value;
use std::sync::Arc;

/// `where …` of a list over the alias `t`, without the word.
fn where_sql(scope: &Scope, spec: &RegisterSpec, query: &ListQuery, args: &mut Vec<Value>) -> String {
    args.push(scope.school.into());
    let mut parts = vec!["t.school_id = $1".to_owned()];
    parts.push(
        if query.voided {
            "t.void_reason is not null"
        } else {
            "t.void_reason is null"
        }
        .into(),
    );
    let rows = crate::access::readable(&scope.actor, &scope.app.roles, spec);
    if rows != crate::access::Rows::All {
        parts.push(rows.predicate(&scope.actor, args));
    }
    if !query.path.is_empty() {
        args.push(format!("{}%", query.path).into());
        parts.push(format!("t.scope like ${}", args.len()));
    }
    for condition in &query.conditions {
        parts.push(condition_sql(&scope.app.seal, spec, "t", condition, args));
    }
    for word in query.q.to_lowercase().split_whitespace() {
        args.push(like(word).into());
        parts.push(format!("t.search like ${} escape '\\'", args.len()));
    }
    parts.join(" and ")
}

/// A page of records.
pub struct Page {
    /// The records, with labels of references.
    pub records: Vec<Record>,
    /// How many there are in all.
    pub total: i64,
}

/// How many records the query finds.
pub async fn count(scope: &Scope, spec: &RegisterSpec, query: &ListQuery) -> Result<i64> {
    let mut args = vec![];
    let condition = where_sql(scope, spec, query, &mut args);
    scope
        .db()
        .one(
            &format!("select count(*) from {} t where {condition}", table(spec)),
            &args,
        )
        .await?
        .at(0)
}

/// How many records the query finds in each state, whatever states it asks for. Kept as of the register's revision
/// when the request first asked for one: for pages, not for work that writes and counts in turn.
pub async fn states(scope: &Scope, spec: &RegisterSpec, query: &ListQuery) -> Result<Arc<[(String, i64)]>> {
    let mut others = query.clone();
    others.conditions.retain(|c| c.subject != Subject::State);
    let mut args = vec![];
    let condition = where_sql(scope, spec, &others, &mut args);
    // Who asks stands in the condition, and it looks at no other table.
    let key = format!("{}|{condition}|{args:?}", spec.id);
    let revision = scope.revision(&spec.id).await?;
    // Who asks for the same at the same time waits for the first.
    let _turn = scope.app.cache.turn(&key).await;
    if let Some(known) = scope.app.cache.states(&key, revision) {
        return Ok(known);
    }
    let sql = format!(
        "select t.state, count(*) from {} t where {condition} group by t.state",
        table(spec)
    );
    let rows = scope.db().all(&sql, &args).await?;
    let found: Arc<[(String, i64)]> = rows
        .iter()
        .map(|row| Ok((row.at(0)?, row.at(1)?)))
        .collect::<Result<_>>()?;
    scope.app.cache.keep_states(key, revision, found.clone());
    Ok(found)
}

/// One page of the list and how many there are in all; `fields` are the positions whose values are wanted.
pub async fn list(scope: &Scope, spec: &RegisterSpec, query: &ListQuery, fields: &[usize]) -> Result<Page> {
    let records = records(scope, spec, query, fields).await?;
    let total = match whole(query, &records) {
        Some(total) => total,
        None => count(scope, spec, query).await?,
    };
    Ok(Page { records, total })
}

/// The same for somebody who turns pages: the count is as of the register's revision, see [`states`].
pub async fn page(scope: &Scope, spec: &RegisterSpec, query: &ListQuery, fields: &[usize]) -> Result<Page> {
    let records = records(scope, spec, query, fields).await?;
    let asked = |state: &str| {
        let mut conditions = query.conditions.iter().filter(|c| c.subject == Subject::State);
        conditions.all(|c| (c.value.text() == Some(state)) == (c.compare == Compare::Op(Op::Is)))
    };
    let total = match whole(query, &records) {
        Some(total) => total,
        None => {
            let states = states(scope, spec, query).await?;
            states.iter().filter(|(state, _)| asked(state)).map(|s| s.1).sum()
        }
    };
    Ok(Page { records, total })
}

/// How many there are in all, when the first page shows them all.
fn whole(query: &ListQuery, records: &[Record]) -> Option<i64> {
    let found = records.len() as i64;
    (query.page == 1 && found < query.per).then_some(found)
}

async fn records(
    scope: &Scope,
    spec: &RegisterSpec,
    query: &ListQuery,
    fields: &[usize],
) -> Result<Vec<Record>> {
    let mut args = vec![];
    let condition = where_sql(scope, spec, query, &mut args);
    let order = order_sql(spec, query, &mut args);
    let mut wanted = fields.to_vec();
    let mut by_label = false;
    if let Some((Subject::Field(at), _)) = query.sort {
        by_label = matches!(spec.fields[at].kind, FieldKind::Ref(_));
        if !wanted.contains(&at) {
            wanted.push(at);
        }
    }
    let (per, offset) = (query.per, (query.page - 1) * query.per);
    let sql = if offset > 0 && !by_label {
        // What is passed over needs neither labels nor its other columns.
        format!(
            "{} where t.school_id = $1 and t.id in \
             (select t.id from {} t where {condition} order by {order} limit {per} offset {offset}) order by {order}",
            select_sql(spec, &wanted),
            table(spec)
        )
    } else {
        format!(
            "{} where {condition} order by {order} limit {per} offset {offset}",
            select_sql(spec, &wanted)
        )
    };
    let rows = scope.db().all(&sql, &args).await?;
    rows.iter()
        .map(|row| Record::read(spec, &wanted, row, &scope.app.seal))
        .collect()
}

/// `order by …` of a list over the alias `t`, without the words.
fn order_sql(spec: &RegisterSpec, query: &ListQuery, args: &mut Vec<Value>) -> String {
    match query.sort {
        Some((Subject::State, down)) => format!("t.state{}, t.id desc", if down { " desc" } else { "" }),
        Some((Subject::Field(at), down)) => {
            let down = if down { " desc" } else { "" };
            let name = column(&spec.fields[at]);
            match spec.fields[at].kind {
                FieldKind::Ref(_) => format!("j{at}.label is null, j{at}.label{down}, t.id desc"),
                // An index serves this order, and there is nothing without a value.
                _ if filled(spec, query, at) => format!("t.{name}{down}, t.id desc"),
                // What was not filled in comes last on both databases.
                _ => format!("t.{name} is null, t.{name}{down}, t.id desc"),
            }
        }
        None if spec.due.is_some() && !query.voided => overdue_first(spec, args),
        None => match spec.date {
            Some(date) => format!("t.{} desc, t.id desc", column(&spec.fields[date])),
            None if spec.key.is_some() => "t.key_text, t.id".into(),
            None => "t.id desc".into(),
        },
    }
}

/// Whether each record found has a value in the field.
fn filled(spec: &RegisterSpec, query: &ListQuery, at: usize) -> bool {
    let compared = |c: &Condition| {
        let ops = [Op::Is, Op::AtLeast, Op::AtMost, Op::AtMostField];
        c.subject == Subject::Field(at) && matches!(c.compare, Compare::Op(op) if ops.contains(&op))
    };
    spec.fields[at].required || query.conditions.iter().any(compared)
}

/// What is open stands before what is done, the earliest due first.
fn overdue_first(spec: &RegisterSpec, args: &mut Vec<Value>) -> String {
    let due = spec.due.map(|at| column(&spec.fields[at])).unwrap_or_default();
    let open: Vec<String> = spec
        .flow
        .names(StateKind::Open)
        .into_iter()
        .map(|name| {
            args.push(name.into());
            format!("${}", args.len())
        })
        .collect();
    let date = spec.date.map_or_else(
        || format!("t.{due}"),
        |at| format!("t.{}", column(&spec.fields[at])),
    );
    if open.is_empty() {
        return format!("{date} desc, t.id desc");
    }
    let open = format!("t.state in ({})", open.join(", "));
    format!(
        "case when {open} then 0 else 1 end, case when {open} then t.{due} is null end, \
         case when {open} then t.{due} end, {date} desc, t.id desc"
    )
}

/// `select … from … left join …` for some fields of a register; read back by [`Record::read`].
pub fn select_sql(spec: &RegisterSpec, fields: &[usize]) -> String {
    let mut columns = String::from(HEAD_COLUMNS);
    let mut joins = String::new();
    for at in fields {
        let field = &spec.fields[*at];
        columns.push_str(&format!(", t.{}", column(field)));
        if let FieldKind::Ref(to) = &field.kind {
            columns.push_str(&format!(", j{at}.label, j{at}.key_text"));
            joins.push_str(&format!(
                " left join r_{to} j{at} on j{at}.school_id = t.school_id and j{at}.id = t.{}",
                column(field)
            ));
        }
    }
    format!("select {columns} from {} t{joins}", table(spec))
}
