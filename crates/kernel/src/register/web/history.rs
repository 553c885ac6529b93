//! The history of a record: journal lines with what changed, field by field, in words.
use super::{Rights, labels_of, values};
use crate::app::Scope;
use crate::clock::minute;
use crate::error::Result;
use crate::journal::{self, Line, Search};
use crate::page::{self, Happening, Tone};
use crate::register::spec::{FieldKind, RegisterSpec};
use crate::register::store::Record;
use crate::seal::log;
use crate::value::Value;
use chrono::{DateTime, Utc};
use maud::{Markup, html};
use serde_json::Value as Json;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Most lines shown; older ones are in the journal page.
const MOST: i64 = 100;

/// The journal lines of a record, oldest first.
pub async fn lines(scope: &Scope, spec: &RegisterSpec, record: Uuid) -> Result<Vec<Line>> {
    let search = Search {
        register: Some(spec.id.clone()),
        record: Some(record),
        ..Search::default()
    };
    let mut lines = journal::read(scope, &search, 0, MOST).await?;
    lines.reverse();
    Ok(lines)
}

/// The timeline of a record out of its journal lines.
pub async fn timeline(
    scope: &Scope,
    spec: &RegisterSpec,
    rights: &Rights,
    record: &Record,
    lines: &[Line],
) -> Result<Markup> {
    let open = rights.sees_sealed(scope, record);
    let labels = labels(scope, spec, lines).await?;
    let mut happenings: Vec<(DateTime<Utc>, Happening)> = readings(scope, spec, record).await?;
    happenings.extend(lines.iter().rev().map(|line| {
        let changes = changes(scope, spec, line, &labels, open);
        let happening = Happening {
            when: minute(line.at),
            who: line.actor.clone(),
            step: line.action.clone(),
            note: line.reason.clone().unwrap_or_default(),
            tone: tone(line),
            detail: (!changes.is_empty()).then(|| table(&changes)),
        };
        (line.at, happening)
    }));
    happenings.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let happenings: Vec<Happening> = happenings.into_iter().map(|(_, happening)| happening).collect();
    Ok(page::timeline(&happenings))
}

/// Who opened the sealed fields of the record, newest first.
async fn readings(
    scope: &Scope,
    spec: &RegisterSpec,
    record: &Record,
) -> Result<Vec<(DateTime<Utc>, Happening)>> {
    if !spec.has_sealed() {
        return Ok(vec![]);
    }
    let search = log::Search {
        register: Some(spec.id.clone()),
        record: Some(record.id),
        ..log::Search::default()
    };
    let readings = log::read(scope, &search, 0, MOST).await?;
    Ok(readings
        .into_iter()
        .map(|reading| {
            let happening = Happening {
                when: minute(reading.at),
                who: reading.name,
                step: reading.via.title().into(),
                note: reading.reason,
                tone: Tone::Muted,
                detail: None,
            };
            (reading.at, happening)
        })
        .collect())
}

fn tone(line: &Line) -> Tone {
    match (&line.before, &line.after) {
        (Some(_), None) => Tone::Bad,
        (None, _) => Tone::Ok,
        _ => Tone::Info,
    }
}

fn table(changes: &[(String, String, String)]) -> Markup {
    html! {
        table.grid {
            thead { tr { (page::th("字段")) (page::th("修改前")) (page::th("修改后")) } }
            tbody { @for (label, before, after) in changes { tr { td { (label) } td { (before) } td { (after) } } } }
        }
    }
}

/// Field, before, after, for what differs. The first line of a record and a void say nothing here.
fn changes(
    scope: &Scope,
    spec: &RegisterSpec,
    line: &Line,
    labels: &HashMap<Uuid, String>,
    open: bool,
) -> Vec<(String, String, String)> {
    let (Some(before), Some(after)) = (&line.before, &line.after) else {
        return vec![];
    };
    let mut changes = vec![];
    let state = |json: &Json| json["state"].as_str().unwrap_or("").to_owned();
    if state(before) != state(after) {
        changes.push(("状态".into(), state(before), state(after)));
    }
    for (at, field) in spec.fields.iter().enumerate() {
        // Equal values are equal cipher texts.
        let (old, new) = (&before[&field.name], &after[&field.name]);
        let empty = |json: &Json| json.is_null() || json == "";
        if old == new || (empty(old) && empty(new)) {
            continue;
        }
        let words = |json: &Json| words(scope, spec, at, json, labels, open);
        changes.push((field.label.clone(), words(old), words(new)));
    }
    changes
}

fn words(
    scope: &Scope,
    spec: &RegisterSpec,
    at: usize,
    json: &Json,
    labels: &HashMap<Uuid, String>,
    open: bool,
) -> String {
    let field = &spec.fields[at];
    let value = scope.app.seal.read_json(spec, field, json);
    let text = match (&field.kind, &value) {
        (FieldKind::Ref(_), Value::Id(id)) => labels.get(id).cloned().unwrap_or_default(),
        (FieldKind::Files, value) => match crate::files::ids_of(value).len() {
            0 => String::new(),
            count => format!("{count} 个文件"),
        },
        _ => values::show(field, &value, &scope.app.codes),
    };
    match field.sealed && !open {
        true => values::cover(field, &text),
        false => text,
    }
}

/// Labels of all records that the lines name.
async fn labels(scope: &Scope, spec: &RegisterSpec, lines: &[Line]) -> Result<HashMap<Uuid, String>> {
    let mut labels = HashMap::new();
    for field in &spec.fields {
        let FieldKind::Ref(to) = &field.kind else { continue };
        let ids: HashSet<Uuid> = lines
            .iter()
            .flat_map(|line| [&line.before, &line.after])
            .flatten()
            .filter_map(|json| json[&field.name].as_str()?.parse().ok())
            .collect();
        let ids: Vec<Uuid> = ids.into_iter().collect();
        let found = labels_of(scope, to, &ids).await?;
        labels.extend(found.into_iter().map(|(id, label)| (id, label.full())));
    }
    Ok(labels)
}
