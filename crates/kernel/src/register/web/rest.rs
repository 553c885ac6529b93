//! REST: the same rows, rules and rights as the pages, as JSON.
use super::address::Address;
use super::enter::is_unchanged;
use super::unseal::reason_of_request;
use super::{Rights, describe, parse_id, shown, values};
use crate::access::{self, Rows};
use crate::app::Scope;
use crate::error::{Error, Result, Violation};
use crate::http::ApiError;
use crate::register::query;
use crate::register::spec::{FieldKind, RegisterSpec};
use crate::register::store::{self, Change, Draft, Record};
use crate::seal::log::{self, Via};
use crate::value::Value;
use axum::Json;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, Uri};
use serde_json::{Map, Value as J, json};
use uuid::Uuid;

type Answer<T = Json<J>> = std::result::Result<T, ApiError>;

/// `GET /api/registers`: the specs of what the bearer may read.
pub async fn registers(scope: Scope) -> Json<J> {
    let specs: Vec<J> = scope
        .registers
        .iter()
        .filter(|spec| access::readable(&scope.actor, &scope.app.roles, spec) != Rows::None)
        .map(|spec| describe::spec_json(spec))
        .collect();
    Json(specs.into())
}

/// The rights of a reading request: with sealed fields open where the bearer may open them and gave a reason, which is
/// logged before anything is given.
async fn rights_to_read(
    scope: &Scope,
    spec: &RegisterSpec,
    reason: Option<String>,
    records: &[Record],
    one: Option<Uuid>,
) -> Result<Rights> {
    let rights = Rights::of(scope, spec);
    let open = records.iter().filter(|record| rights.may_unseal(scope, record));
    let open = open.count();
    match reason {
        Some(reason) if spec.has_sealed() && open > 0 => {
            log::note(scope, Via::Rest, &spec.id, one, open, &reason).await?;
            Ok(rights.opened_all())
        }
        _ => Ok(rights),
    }
}

/// A record as REST gives it. Sealed fields are masked unless they were opened.
fn row(scope: &Scope, spec: &RegisterSpec, rights: &Rights, record: &Record, fields: &[usize]) -> J {
    let open = rights.sees_sealed(scope, record);
    let mut given = Map::new();
    let mut labels = Map::new();
    for at in fields {
        let field = &spec.fields[*at];
        let value = match field.sealed && !open {
            true if field.kind == FieldKind::Files => J::Array(vec![]),
            true => shown(scope, spec, record, *at, false).into(),
            false => values::json(field, &record.values[*at]),
        };
        if let (FieldKind::Ref(_), Some(label)) = (&field.kind, &record.refs[*at]) {
            labels.insert(field.name.clone(), label.full().into());
        }
        given.insert(field.name.clone(), value);
    }
    json!({
        "id": record.id, "version": record.version, "state": record.state, "label": record.label.full(),
        "voided": record.void_reason, "fields": given, "labels": labels,
    })
}

fn all_fields(spec: &RegisterSpec) -> Vec<usize> {
    (0..spec.fields.len()).collect()
}

/// `GET /api/registers/{register}`: the parameters of the page, all fields unless `cols` names some.
/// Sealed fields are masked unless a reason is given, see [`reason_of_request`].
pub async fn list(scope: Scope, Path(register): Path<String>, uri: Uri, headers: HeaderMap) -> Answer {
    let spec = scope.register(&register)?;
    let address = Address::read(spec, &uri)?;
    let query = address.query(spec, &scope)?;
    let fields = query.columns.clone().unwrap_or_else(|| all_fields(spec));
    let found = query::page(&scope, spec, &query, &fields).await?;
    let sealed = fields.iter().any(|at| spec.fields[*at].sealed);
    let reason = reason_of_request(&address, &headers).filter(|_| sealed);
    let rights = rights_to_read(&scope, spec, reason, &found.records, None).await?;
    let rows: Vec<J> = found
        .records
        .iter()
        .map(|record| row(&scope, spec, &rights, record, &fields))
        .collect();
    Ok(Json(
        json!({ "total": found.total, "page": query.page, "per": query.per, "rows": rows }),
    ))
}

/// `GET /api/registers/{register}/{id}`; sealed fields as in [`list`].
pub async fn get(
    scope: Scope,
    Path((register, id)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Answer {
    let spec = scope.register(&register)?;
    let record = store::get(&scope, spec, parse_id(&id)?).await?;
    let reason = reason_of_request(&Address::read(spec, &uri)?, &headers);
    let records = std::slice::from_ref(&record);
    let rights = rights_to_read(&scope, spec, reason, records, Some(record.id)).await?;
    Ok(Json(row(&scope, spec, &rights, &record, &all_fields(spec))))
}

/// What was written, sealed fields masked.
async fn one(scope: &Scope, spec: &RegisterSpec, id: Uuid) -> Answer {
    let record = store::get(scope, spec, id).await?;
    let rights = Rights::of(scope, spec);
    Ok(Json(row(scope, spec, &rights, &record, &all_fields(spec))))
}

fn body(bytes: &Bytes) -> Result<J> {
    if bytes.is_empty() {
        return Ok(json!({}));
    }
    let body: J =
        serde_json::from_slice(bytes).map_err(|e| Error::Bad(format!("请求正文不是有效的 JSON：{e}")))?;
    match body.is_object() {
        true => Ok(body),
        false => Err(Error::Bad("请求正文应是一个 JSON 对象".into())),
    }
}

/// Reads `fields` onto the values there are: what is not named stays.
fn read_fields(scope: &Scope, spec: &RegisterSpec, body: &J, mut base: Vec<Value>) -> Result<Vec<Value>> {
    let empty = Map::new();
    let fields = match &body["fields"] {
        J::Object(fields) => fields,
        J::Null => &empty,
        _ => return Err(Error::invalid("fields", "fields 应是一个对象")),
    };
    let mut violations = vec![];
    for (name, json) in fields {
        let Some(at) = spec.index(name) else {
            violations.push(Violation::new(name, format!("没有“{name}”这个字段")));
            continue;
        };
        // A mask that was read and sent back means no change.
        if json
            .as_str()
            .is_some_and(|text| is_unchanged(&spec.fields[at], text, &base[at]))
        {
            continue;
        }
        match values::from_json(&spec.fields[at], json, &scope.app.codes) {
            Ok(value) => base[at] = value,
            Err(why) => violations.push(Violation::new(name, why)),
        }
    }
    match violations.is_empty() {
        true => Ok(base),
        false => Err(Error::Invalid(violations)),
    }
}

fn version(body: &J) -> Result<i64> {
    body["version"]
        .as_i64()
        .ok_or_else(|| Error::invalid("version", "请给出读到的版本号 version"))
}

/// `POST /api/registers/{register}`: `{"fields": {…}, "id": optional}`.
pub async fn create(
    scope: Scope,
    Path(register): Path<String>,
    bytes: Bytes,
) -> Answer<(StatusCode, Json<J>)> {
    let spec = scope.register(&register)?;
    let body = body(&bytes)?;
    let id = match &body["id"] {
        J::Null => Uuid::now_v7(),
        id => id
            .as_str()
            .and_then(|id| id.parse().ok())
            .ok_or_else(|| Error::invalid("id", "id 应是 UUID"))?,
    };
    let nothing = spec.fields.iter().map(|f| Value::Null(f.kind.sql())).collect();
    let draft = Draft {
        id,
        ..Draft::new(read_fields(&scope, spec, &body, nothing)?)
    };
    let id = store::create(&scope, spec, draft).await?;
    Ok((StatusCode::CREATED, one(&scope, spec, id).await?))
}

/// `PUT /api/registers/{register}/{id}`: `{"version": …, "fields": {…}, "reason": optional}`; fields not named stay.
pub async fn update(scope: Scope, Path((register, id)): Path<(String, String)>, bytes: Bytes) -> Answer {
    let spec = scope.register(&register)?;
    let (id, body) = (parse_id(&id)?, body(&bytes)?);
    let record = store::get(&scope, spec, id).await?;
    let open = Rights::of(&scope, spec).may_unseal(&scope, &record);
    let mut values = read_fields(&scope, spec, &body, record.values.clone())?;
    for (at, field) in spec.fields.iter().enumerate() {
        // Whoever may not see a value cannot mean to write it.
        if field.sealed && !open {
            values[at] = record.values[at].clone();
        }
    }
    let change = Change {
        version: version(&body)?,
        values,
        reason: body["reason"].as_str(),
    };
    store::update(&scope, spec, id, change).await?;
    one(&scope, spec, id).await
}

/// `POST /api/registers/{register}/{id}/steps/{step}`: `{"version": …, "fields": {…}, "note": optional}`.
pub async fn step(
    scope: Scope,
    Path((register, id, step)): Path<(String, String, String)>,
    bytes: Bytes,
) -> Answer {
    let spec = scope.register(&register)?;
    let (id, body) = (parse_id(&id)?, body(&bytes)?);
    let record = store::get(&scope, spec, id).await?;
    let change = Change {
        version: version(&body)?,
        values: read_fields(&scope, spec, &body, record.values.clone())?,
        reason: body["note"].as_str(),
    };
    store::step(&scope, spec, id, &step, change)
        .await
        .map_err(name_note)?;
    one(&scope, spec, id).await
}

/// Faults of the step's note bear the name that the body gives it.
fn name_note(error: Error) -> Error {
    let Error::Invalid(mut violations) = error else {
        return error;
    };
    for violation in &mut violations {
        if violation.field == store::NOTE {
            violation.field = "note".into();
        }
    }
    Error::Invalid(violations)
}

/// `POST /api/registers/{register}/{id}/void`: `{"version": …, "reason": …}`.
pub async fn void(scope: Scope, Path((register, id)): Path<(String, String)>, bytes: Bytes) -> Answer {
    let spec = scope.register(&register)?;
    let (id, body) = (parse_id(&id)?, body(&bytes)?);
    store::get(&scope, spec, id).await?;
    let reason = body["reason"].as_str().unwrap_or("");
    store::void(&scope, spec, id, version(&body)?, reason).await?;
    one(&scope, spec, id).await
}
