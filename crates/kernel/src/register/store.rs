//! Reading and writing records. Every write is authorised, checked, journalled and committed in one transaction.
use super::flow::Step;
use super::query::select_sql;
use super::spec::{Anchor, Ctx, FieldKind, RegisterSpec};
use super::{search, values};
use crate::access::{self, Place};
use crate::app::Scope;
use crate::args;
use crate::db::{Db, Row};
use crate::error::{Error, Result, Violation};
use crate::files;
use crate::journal::{self, Entry};
use crate::schema::{column, table};
use crate::value::Value;
use chrono::{DateTime, Utc};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// The columns every record is read with, before its fields.
pub const HEAD_COLUMNS: &str = "t.id, t.state, t.scope, t.owner_id, t.label, t.key_text, t.version, t.created_at, \
                                t.created_by, t.updated_at, t.void_reason";
const HEAD: usize = 11;

/// What the note of a step is called in forms and faults; no field can be called so.
pub const NOTE: &str = "step-note";

/// A referenced record as lists and forms show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Display label.
    pub label: String,
    /// Unambiguous key, may be empty.
    pub key: String,
}

impl Label {
    /// `张三（20240101）`, or the label alone when it holds the key already.
    pub fn full(&self) -> String {
        if self.key.is_empty() || self.label.contains(&self.key) {
            self.label.clone()
        } else {
            format!("{}（{}）", self.label, self.key)
        }
    }
}

/// One record as read.
#[derive(Clone, Debug)]
pub struct Record {
    /// Id, UUIDv7.
    pub id: Uuid,
    /// The flow's state.
    pub state: String,
    /// Where it stands and who is behind it.
    pub place: Place,
    /// Display label and key.
    pub label: Label,
    /// Grows by one with every write; guards against overwriting.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last written.
    pub updated_at: DateTime<Utc>,
    /// Why it was voided, if it was.
    pub void_reason: Option<String>,
    /// Values in field order; those not asked for are null.
    pub values: Vec<Value>,
    /// Labels of references in field order.
    pub refs: Vec<Option<Label>>,
}

impl Record {
    /// Reads a row of [`select_sql`] with the same `fields`.
    pub fn read(spec: &RegisterSpec, fields: &[usize], row: &Row) -> Result<Record> {
        let mut record = Record {
            id: row.at(0)?,
            state: row.at(1)?,
            place: Place {
                path: row.at(2)?,
                owner: row.at(3)?,
                created_by: row.at(8)?,
            },
            label: Label {
                label: row.at(4)?,
                key: row.at(5)?,
            },
            version: row.at(6)?,
            created_at: row.at(7)?,
            updated_at: row.at(9)?,
            void_reason: row.at(10)?,
            values: spec.fields.iter().map(|f| Value::Null(f.kind.sql())).collect(),
            refs: vec![None; spec.fields.len()],
        };
        let mut next = HEAD;
        for at in fields {
            let field = &spec.fields[*at];
            record.values[*at] = row.value(next, field.kind.sql())?;
            next += 1;
            if matches!(field.kind, FieldKind::Ref(_)) {
                let label: Option<String> = row.at(next)?;
                let key: Option<String> = row.at(next + 1)?;
                record.refs[*at] = label.map(|label| Label {
                    label,
                    key: key.unwrap_or_default(),
                });
                next += 2;
            }
        }
        Ok(record)
    }

    /// A field's value as people read it.
    pub fn show(&self, spec: &RegisterSpec, at: usize, codes: &crate::codes::Codes) -> String {
        match &self.refs[at] {
            Some(label) => label.label.clone(),
            None => values::show(&spec.fields[at], &self.values[at], codes),
        }
    }

    /// The record as JSON: what the journal keeps, raw values by field name, and the state.
    pub fn json(&self, spec: &RegisterSpec) -> serde_json::Value {
        raw_json(spec, &self.values, &self.state)
    }
}

fn raw_json(spec: &RegisterSpec, values: &[Value], state: &str) -> serde_json::Value {
    let mut map = serde_json::Map::new();
    map.insert("state".into(), state.into());
    for (field, value) in spec.fields.iter().zip(values) {
        if !value.is_null() {
            map.insert(field.name.clone(), value.json());
        }
    }
    map.into()
}

/// A record to be written for the first time.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The id, chosen by the caller: a form sent twice writes once.
    pub id: Uuid,
    /// Values in field order.
    pub values: Vec<Value>,
    /// Starting state; the flow's first when `None`. Only the program itself may choose another.
    pub state: Option<String>,
    /// When it was made; now when `None`. Only the program itself may choose another.
    pub at: Option<DateTime<Utc>>,
}

impl Draft {
    /// A draft with a new id.
    pub fn new(values: Vec<Value>) -> Draft {
        Draft {
            id: Uuid::now_v7(),
            values,
            state: None,
            at: None,
        }
    }
}

/// What is wrong with one of many drafts.
#[derive(Clone, Debug)]
pub struct DraftFault {
    /// Position of the draft.
    pub index: usize,
    /// The faults.
    pub violations: Vec<Violation>,
}

/// The record, if it exists and may be seen.
pub async fn get(scope: &Scope, spec: &RegisterSpec, id: Uuid) -> Result<Record> {
    let record = load(scope.db(), scope, spec, id).await?;
    let rows = access::readable(&scope.actor, &scope.app.roles, spec);
    if rows.covers(&scope.actor, &record.place) || steps_of(scope, spec, &record).next().is_some() {
        Ok(record)
    } else {
        Err(Error::NotFound)
    }
}

async fn load(db: &Db, scope: &Scope, spec: &RegisterSpec, id: Uuid) -> Result<Record> {
    let all: Vec<usize> = (0..spec.fields.len()).collect();
    let sql = format!("{} where t.school_id = $1 and t.id = $2", select_sql(spec, &all));
    let row = db
        .opt(&sql, args![scope.school, id])
        .await?
        .ok_or(Error::NotFound)?;
    Record::read(spec, &all, &row)
}

/// The steps the actor may take on the record now.
pub fn steps_of<'a>(
    scope: &'a Scope,
    spec: &'a RegisterSpec,
    record: &'a Record,
) -> impl Iterator<Item = &'a Step> + 'a {
    spec.flow.steps.iter().filter(move |step| {
        record.void_reason.is_none()
            && step.from.contains(&record.state)
            && access::may_step(&scope.actor, step, &record.place, |field| {
                spec.index(field).and_then(|at| record.values[at].id())
            })
    })
}

/// Whether the actor may correct and void the record.
pub fn may_write(scope: &Scope, spec: &RegisterSpec, record: &Record) -> bool {
    access::writable(&scope.actor, spec).covers(&scope.actor, &record.place)
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

/// What is known of referenced records while writing.
struct Known(HashMap<(String, Uuid), (Label, String)>);

impl Known {
    async fn load(db: &Db, scope: &Scope, spec: &RegisterSpec, rows: &[&[Value]]) -> Result<Known> {
        let mut wanted: HashMap<&str, HashSet<Uuid>> = HashMap::new();
        for (at, field) in spec.fields.iter().enumerate() {
            if let FieldKind::Ref(to) = &field.kind {
                wanted
                    .entry(to)
                    .or_default()
                    .extend(rows.iter().filter_map(|row| row[at].id()));
            }
        }
        let mut known = HashMap::new();
        for (to, ids) in wanted {
            let ids: Vec<Uuid> = ids.into_iter().collect();
            for chunk in ids.chunks(500) {
                let mut args: Vec<Value> = vec![scope.school.into()];
                args.extend(chunk.iter().map(|id| Value::Id(*id)));
                let places: Vec<String> = (2..=args.len()).map(|n| format!("${n}")).collect();
                let sql = format!(
                    "select id, label, key_text, scope from r_{to} where school_id = $1 and void_reason is null \
                     and id in ({})",
                    places.join(", ")
                );
                for row in db.all(&sql, &args).await? {
                    let label = Label {
                        label: row.at(1)?,
                        key: row.at(2)?,
                    };
                    known.insert((to.to_owned(), row.at(0)?), (label, row.at(3)?));
                }
            }
        }
        Ok(Known(known))
    }

    fn find(&self, kind: &FieldKind, value: &Value) -> Option<&(Label, String)> {
        let FieldKind::Ref(to) = kind else { return None };
        self.0.get(&(to.clone(), value.id()?))
    }

    fn faults(&self, spec: &RegisterSpec, values: &[Value]) -> Vec<Violation> {
        let pairs = spec.fields.iter().zip(values);
        pairs
            .filter(|(field, value)| {
                matches!(field.kind, FieldKind::Ref(_))
                    && value.id().is_some()
                    && self.find(&field.kind, value).is_none()
            })
            .map(|(field, _)| Violation::new(&field.name, format!("{}指向的记录不存在或已作废", field.label)))
            .collect()
    }
}

/// The columns derived from a record's values.
struct Derived {
    path: String,
    owner: Value,
    label: String,
    key: String,
    search: String,
}

fn derive(scope: &Scope, spec: &RegisterSpec, id: Uuid, values: &[Value], known: &Known) -> Derived {
    let shown = |at: usize| match known.find(&spec.fields[at].kind, &values[at]) {
        Some((label, _)) => label.label.clone(),
        None => values::show(&spec.fields[at], &values[at], &scope.app.codes),
    };
    let mut path = spec
        .within
        .and_then(|at| known.find(&spec.fields[at].kind, &values[at]))
        .map(|(_, path)| path.clone())
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

/// Writes one new record and gives its id. Sending the same draft id again writes nothing and gives the same id.
pub async fn create(scope: &Scope, spec: &RegisterSpec, draft: Draft) -> Result<Uuid> {
    let id = draft.id;
    match create_many(scope, spec, vec![draft]).await {
        Ok(_) => Ok(id),
        Err(CreateError::Other(error)) => Err(error),
        Err(CreateError::Faults(mut faults)) => Err(Error::Invalid(
            faults.pop().map(|f| f.violations).unwrap_or_default(),
        )),
    }
}

/// Why many drafts were not written; nothing was.
#[derive(Debug)]
pub enum CreateError {
    /// These drafts break rules.
    Faults(Vec<DraftFault>),
    /// Something else.
    Other(Error),
}

impl<E: Into<Error>> From<E> for CreateError {
    fn from(error: E) -> CreateError {
        CreateError::Other(error.into())
    }
}

/// Files that a write would attach although they are not the actor's own uploads. Whoever attaches a file makes it
/// readable for all who may read the record.
async fn foreign_files(
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
    let rows: Vec<&[Value]> = drafts.iter().map(|d| d.values.as_slice()).collect();
    let known = Known::load(scope.db(), scope, spec, &rows).await?;
    all_faults(scope.db(), scope, spec, drafts, &known).await
}

async fn all_faults(
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
    let mut list: Vec<DraftFault> = found
        .into_iter()
        .map(|(index, violations)| DraftFault { index, violations })
        .collect();
    list.sort_by_key(|fault| fault.index);
    Ok(list)
}

/// Positions of drafts whose unique values stand already in the table or earlier among the drafts.
async fn taken(
    db: &Db,
    scope: &Scope,
    spec: &RegisterSpec,
    unique: &[usize],
    drafts: &[Draft],
) -> Result<Vec<usize>> {
    let tuple = |values: &[Value]| -> Option<Vec<String>> {
        unique
            .iter()
            .map(|at| (!values[*at].is_null()).then(|| values[*at].json().to_string()))
            .collect()
    };
    let first = &spec.fields[unique[0]];
    let mut present = HashSet::new();
    let distinct: HashSet<String> = drafts
        .iter()
        .map(|d| d.values[unique[0]].json().to_string())
        .collect();
    let mut firsts: Vec<&Value> = vec![];
    let mut seen = HashSet::new();
    for draft in drafts {
        let value = &draft.values[unique[0]];
        if !value.is_null()
            && distinct.contains(&value.json().to_string())
            && seen.insert(value.json().to_string())
        {
            firsts.push(value);
        }
    }
    let columns: Vec<String> = unique.iter().map(|at| column(&spec.fields[*at])).collect();
    for chunk in firsts.chunks(500) {
        let mut args: Vec<Value> = vec![scope.school.into()];
        args.extend(chunk.iter().map(|v| (*v).clone()));
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
                .map(|(n, at)| Ok(row.value(n, spec.fields[*at].kind.sql())?.json().to_string()))
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

/// Writes all drafts or none. Drafts whose id is already present are taken as sent twice and left alone.
pub async fn create_many(
    scope: &Scope,
    spec: &RegisterSpec,
    drafts: Vec<Draft>,
) -> std::result::Result<usize, CreateError> {
    let tx = scope.db().begin().await?;
    let count = create_in(&tx, scope, spec, drafts).await?;
    tx.commit().await?;
    Ok(count)
}

/// [`create_many`] within a transaction of the caller's.
pub async fn create_in(
    tx: &Db,
    scope: &Scope,
    spec: &RegisterSpec,
    drafts: Vec<Draft>,
) -> std::result::Result<usize, CreateError> {
    let drafts = unsent(tx, scope, spec, drafts).await?;
    if drafts.is_empty() {
        return Ok(0);
    }
    let values: Vec<&[Value]> = drafts.iter().map(|d| d.values.as_slice()).collect();
    let known = Known::load(tx, scope, spec, &values).await?;
    let faults = all_faults(tx, scope, spec, &drafts, &known).await?;
    if !faults.is_empty() {
        return Err(CreateError::Faults(faults));
    }
    let now = scope.now();
    let mut columns: Vec<String> = crate::schema::SYSTEM.iter().map(|c| c.0.to_owned()).collect();
    columns.extend(spec.fields.iter().map(column));
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let mut rows = Vec::with_capacity(drafts.len());
    let mut entries = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let derived = derive(scope, spec, draft.id, &draft.values, &known);
        let state = draft
            .state
            .filter(|_| scope.actor.system)
            .unwrap_or_else(|| spec.flow.initial().to_owned());
        let at = draft.at.filter(|_| scope.actor.system).unwrap_or(now);
        entries.push(Entry {
            register: spec.id.clone(),
            record: draft.id,
            version: 1,
            action: "新建".into(),
            before: None,
            after: Some(raw_json(spec, &draft.values, &state).to_string()),
            reason: None,
        });
        let mut row: Vec<Value> = vec![
            scope.school.into(),
            draft.id.into(),
            state.into(),
            derived.path.into(),
            derived.owner,
            derived.label.into(),
            derived.search.into(),
            1i64.into(),
            at.into(),
            scope.actor.account.into(),
            at.into(),
            None::<String>.into(),
            derived.key.into(),
        ];
        row.extend(draft.values);
        rows.push(row);
    }
    tx.insert_many(&table(spec), &columns, &rows).await?;
    journal::write(tx, scope, entries).await?;
    journal::touch(tx, scope.school, &spec.id).await?;
    Ok(rows.len())
}

async fn unsent(tx: &Db, scope: &Scope, spec: &RegisterSpec, drafts: Vec<Draft>) -> Result<Vec<Draft>> {
    let mut present = HashSet::new();
    for chunk in drafts.chunks(500) {
        let mut args: Vec<Value> = vec![scope.school.into()];
        args.extend(chunk.iter().map(|d| Value::Id(d.id)));
        let places: Vec<String> = (2..=args.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "select id from {} where school_id = $1 and id in ({})",
            table(spec),
            places.join(", ")
        );
        for row in tx.all(&sql, &args).await? {
            present.insert(row.at::<Uuid>(0)?);
        }
    }
    Ok(drafts.into_iter().filter(|d| !present.contains(&d.id)).collect())
}

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
    let old = load(&tx, scope, spec, id).await?;
    if !may_write(scope, spec, &old) {
        return Err(Error::Forbidden(format!("修改{}", spec.title)));
    }
    if old.void_reason.is_some() {
        return Err(Error::Conflict("这条记录已作废，不能再修改".into()));
    }
    let version = write(
        &tx,
        scope,
        spec,
        &old,
        change.version,
        change.values,
        &old.state,
        "修改",
        change.reason,
    )
    .await?;
    tx.commit().await?;
    Ok(version)
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
    if !steps_of(scope, spec, &old).any(|s| s.id == step.id) {
        return Err(Error::Forbidden(format!("{}：{}", spec.title, step.title)));
    }
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
    if step.note && change.reason.is_none_or(|note| note.trim().is_empty()) {
        violations.push(Violation::new(NOTE, format!("{}时请说明原因", step.title)));
    }
    if !violations.is_empty() {
        return Err(Error::Invalid(violations));
    }
    let version = write(
        &tx,
        scope,
        spec,
        &old,
        change.version,
        values,
        &step.to,
        &step.title,
        change.reason,
    )
    .await?;
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
    new: Vec<Value>,
    state: &str,
    action: &str,
    reason: Option<&str>,
) -> Result<i64> {
    if version != old.version {
        return Err(Error::Conflict(
            "这条记录刚被别人修改过，您的内容没有保存；请刷新后重新填写".into(),
        ));
    }
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
    if !violations.is_empty() {
        return Err(Error::Invalid(violations));
    }
    let derived = derive(scope, spec, old.id, &new, &known);
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
    ];
    let mut sets = String::new();
    for (field, value) in spec.fields.iter().zip(&new) {
        args.push(value.clone());
        sets.push_str(&format!(", {} = ${}", column(field), args.len()));
    }
    let sql = format!(
        "update {} set state = $3, scope = $4, owner_id = $5, label = $6, search = $7, version = $8, updated_at = $9, \
         key_text = $10{sets} where school_id = $1 and id = $2 and version = $11",
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
        before: Some(old.json(spec).to_string()),
        after: Some(raw_json(spec, &new, state).to_string()),
        reason: reason.filter(|r| !r.trim().is_empty()).map(str::to_owned),
    };
    journal::write(tx, scope, vec![entry]).await?;
    journal::touch(tx, scope.school, &spec.id).await?;
    Ok(old.version + 1)
}

/// A node of the unit tree moved: everything below it, and the grants on it, follow.
async fn move_node(tx: &Db, scope: &Scope, from: &str, to: &str) -> Result<()> {
    let args = args![scope.school, format!("{from}_%"), to, from.len() as i64 + 1];
    for spec in scope.app.registers.iter() {
        let sql = format!(
            "update {} set scope = $3 || substr(scope, cast($4 as integer)) where school_id = $1 and scope like $2",
            table(spec)
        );
        tx.run(&sql, args).await?;
    }
    tx.run(
        "update role_grant set path = $3 || substr(path, cast($4 as integer)) \
         where school_id = $1 and (path like $2 or path = $5)",
        args![scope.school, format!("{from}_%"), to, from.len() as i64 + 1, from],
    )
    .await?;
    Ok(())
}

/// Voids a record with a reason. Nothing is deleted.
pub async fn void(scope: &Scope, spec: &RegisterSpec, id: Uuid, version: i64, reason: &str) -> Result<()> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Error::invalid("reason", "作废记录须说明原因"));
    }
    let tx = scope.db().begin().await?;
    let old = load(&tx, scope, spec, id).await?;
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
        before: Some(old.json(spec).to_string()),
        after: None,
        reason: Some(reason.to_owned()),
    };
    journal::write(&tx, scope, vec![entry]).await?;
    journal::touch(&tx, scope.school, &spec.id).await?;
    tx.commit().await?;
    Ok(())
}
