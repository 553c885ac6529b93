//! Controls for a register's fields and what they post: shared by new, edit and steps.
use super::posted::Posted;
use super::{labels_of, values};
use crate::app::Scope;
use crate::clock::local;
use crate::error::{Result, Violation};
use crate::files;
use crate::page::{self, Bounds, Input, PresentFile};
use crate::register::spec::{FieldKind, FieldSpec, RegisterSpec};
use crate::register::store::Record;
use crate::value::Value;
use maud::{Markup, html};
use std::collections::HashMap;
use uuid::Uuid;

/// What stands in a form: a text for each field, as its control takes it.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    texts: HashMap<usize, String>,
    labels: HashMap<Uuid, String>,
    files: HashMap<Uuid, PresentFile>,
    faults: HashMap<String, String>,
}

impl Typed {
    /// From values.
    pub fn of_values(spec: &RegisterSpec, values: &[Value]) -> Typed {
        let mut typed = Typed::default();
        for (at, (field, value)) in spec.fields.iter().zip(values).enumerate() {
            typed.set(at, control_text(field, value));
        }
        typed
    }

    /// From a record that is to be changed: sealed fields stand masked, and stay as they are when left so.
    pub fn of_record(spec: &RegisterSpec, record: &Record) -> Typed {
        let mut typed = Typed::of_values(spec, &record.values);
        for (at, field) in spec.fields.iter().enumerate().filter(|(_, field)| field.sealed) {
            let text = match field.kind {
                FieldKind::Files => String::new(),
                _ => cover_of(field, &record.values[at]),
            };
            typed.set(at, text);
        }
        typed
    }

    /// From what was posted, so that a refused form keeps it. `values` supplies the files.
    pub fn of_posted(spec: &RegisterSpec, posted: &Posted, values: &[Value]) -> Typed {
        let mut typed = Typed::default();
        for (at, field) in spec.fields.iter().enumerate() {
            let text = match field.kind {
                FieldKind::Files if field.sealed => String::new(),
                FieldKind::Files => values[at].text().unwrap_or("").to_owned(),
                _ => posted.get(&field.name).unwrap_or("").to_owned(),
            };
            typed.set(at, text);
        }
        typed
    }

    /// Sets one field.
    pub fn set(&mut self, at: usize, text: String) {
        self.texts.insert(at, text);
    }

    /// Whether nothing stands in the field and nothing was refused there.
    pub fn is_blank(&self, spec: &RegisterSpec, at: usize) -> bool {
        self.texts.get(&at).is_none_or(String::is_empty) && self.fault(&spec.fields[at].name).is_none()
    }

    /// Marks what was refused.
    pub fn refuse(mut self, violations: &[Violation]) -> Typed {
        for violation in violations {
            self.faults
                .entry(violation.field.clone())
                .or_insert_with(|| violation.message.clone());
        }
        self
    }

    /// Reads the labels of references and the names of files that the controls show.
    pub async fn load(mut self, scope: &Scope, spec: &RegisterSpec) -> Result<Typed> {
        for (at, field) in spec.fields.iter().enumerate() {
            let text = self.texts.get(&at).map_or("", String::as_str);
            match &field.kind {
                FieldKind::Ref(to) => {
                    if let Ok(id) = text.parse() {
                        let found = labels_of(scope, to, &[id]).await?;
                        self.labels
                            .extend(found.into_iter().map(|(id, label)| (id, label.full())));
                    }
                }
                FieldKind::Files if !text.is_empty() => {
                    let ids = files::ids_of(&text.into());
                    for file in files::info(scope.db(), scope.school, &ids).await? {
                        self.files.insert(
                            file.id,
                            PresentFile {
                                id: file.id.to_string(),
                                href: format!("/files/{}", file.id),
                                size: file.size_text(),
                                name: file.name,
                            },
                        );
                    }
                }
                _ => {}
            }
        }
        Ok(self)
    }

    /// The control of one field. `form` sets ids apart where a page has several forms; a `masked` field keeps its value
    /// whatever is typed.
    pub fn control(
        &self,
        scope: &Scope,
        spec: &RegisterSpec,
        at: usize,
        needed: bool,
        form: &str,
        masked: bool,
    ) -> Markup {
        let field = &spec.fields[at];
        let text = self.texts.get(&at).map_or("", String::as_str);
        let input = Input {
            name: &field.name,
            label: &field.label,
            value: text,
            required: needed,
            help: (!field.help.is_empty()).then_some(field.help.as_str()),
            error: self.faults.get(&field.name).map(String::as_str),
            read_only: masked,
            form,
            ..Input::default()
        };
        if masked || (field.sealed && text == values::COVERED) {
            return covered_control(scope, field, &input);
        }
        match &field.kind {
            FieldKind::Text { max } => page::text(&Input {
                max_length: Some(*max as u32),
                wide: *max > 120,
                ..input
            }),
            FieldKind::LongText { max } => page::textarea(
                &Input {
                    max_length: Some(*max as u32),
                    wide: true,
                    ..input
                },
                4,
            ),
            FieldKind::Int { min, max } => page::number(
                &input,
                Bounds {
                    min: Some(&min.to_string()),
                    max: Some(&max.to_string()),
                    step: Some("1"),
                    unit: None,
                },
            ),
            FieldKind::Decimal { scale } => page::number(
                &input,
                Bounds {
                    min: Some("0"),
                    step: Some(&step_of(*scale)),
                    ..Bounds::default()
                },
            ),
            FieldKind::Money => page::number(
                &input,
                Bounds {
                    min: Some("0"),
                    step: Some("0.01"),
                    unit: Some("元"),
                    ..Bounds::default()
                },
            ),
            FieldKind::Date => page::date(&input),
            FieldKind::Instant => page::datetime(&input),
            FieldKind::Bool if field.required => {
                let yes = Input {
                    value: "true",
                    required: false,
                    ..input
                };
                page::checkbox(&yes, text == "true")
            }
            FieldKind::Bool => page::select(&input, &[("true", "是"), ("false", "否")], Some("未填")),
            FieldKind::Choice(choices) => {
                let options: Vec<(&str, &str)> = choices
                    .iter()
                    .map(|c| (c.code.as_str(), c.label.as_str()))
                    .collect();
                match needed && options.len() <= 4 {
                    true => page::radios(&input, &options),
                    false => page::select(&input, &options, Some("请选择")),
                }
            }
            FieldKind::Code(set) => {
                let items = scope.app.codes.get(set).map_or(&[][..], |set| &set.items);
                page::select(&input, items, Some("请选择"))
            }
            FieldKind::Ref(to) => {
                let shown = text.parse().ok().and_then(|id: Uuid| self.labels.get(&id));
                page::reference(&input, &format!("/r/{to}/pick"), shown.map_or("", String::as_str))
            }
            FieldKind::Files => self.file_control(&input, text),
        }
    }

    fn file_control(&self, input: &Input<'_>, text: &str) -> Markup {
        let present: Vec<PresentFile> = files::ids_of(&text.into())
            .iter()
            .filter_map(|id| self.files.get(id).cloned())
            .collect();
        let input = Input { wide: true, ..*input };
        html! {
            @for file in &present { input type="hidden" name={ (input.name) "-kept" } value=(file.id); }
            (page::files(&input, &present, files::ACCEPT))
        }
    }

    /// What is wrong, as the list above a form wants it.
    pub fn errors(&self, spec: &RegisterSpec) -> Vec<(String, String)> {
        let mut errors: Vec<(String, String)> = spec
            .fields
            .iter()
            .filter_map(|field| {
                let message = self.faults.get(&field.name)?;
                Some((field.name.clone(), message.clone()))
            })
            .collect();
        let known = |name: &str| spec.index(name).is_some();
        errors.extend(
            self.faults
                .iter()
                .filter(|(name, _)| !known(name))
                .map(|(name, message)| (name.clone(), message.clone())),
        );
        errors
    }

    /// The message on something that is not a field.
    pub fn fault(&self, name: &str) -> Option<&str> {
        self.faults.get(name).map(String::as_str)
    }
}

/// The control of a sealed field whose value is there but not shown: what is left as it is stays, a new value replaces it.
fn covered_control(scope: &Scope, field: &FieldSpec, input: &Input<'_>) -> Markup {
    let unchanged = (values::COVERED.to_owned(), "******（不修改）".to_owned());
    let mut options = vec![unchanged];
    match &field.kind {
        _ if input.read_only => return page::text(input),
        FieldKind::Bool => {
            options
                .extend([("true", "是"), ("false", "否")].map(|(code, label)| (code.into(), label.into())));
        }
        FieldKind::Choice(choices) => {
            options.extend(choices.iter().map(|c| (c.code.clone(), c.label.clone())));
        }
        FieldKind::Code(set) => {
            let items = scope.app.codes.get(set).map_or(&[][..], |set| &set.items);
            options.extend(items.iter().cloned());
        }
        FieldKind::LongText { max } => {
            let input = Input {
                max_length: Some(*max as u32),
                wide: true,
                ..*input
            };
            return page::textarea(&input, 4);
        }
        _ => return page::text(input),
    }
    let empty = (!field.required).then_some("未填");
    page::select(input, &options, empty)
}

/// A sealed value as forms show it, and get it back when nobody changed it.
fn cover_of(field: &FieldSpec, value: &Value) -> String {
    values::cover(
        field,
        &values::show(field, value, &crate::codes::Codes::default()),
    )
}

/// Whether the text stands for the sealed value that is there.
pub fn is_unchanged(field: &FieldSpec, text: &str, value: &Value) -> bool {
    field.sealed && values::is_cover(text) && text.trim() == cover_of(field, value)
}

/// How many files a record has, for those who may not see which.
pub fn file_count(record: &Record, at: usize) -> String {
    match files::ids_of(&record.values[at]).len() {
        0 => String::new(),
        count => format!("{count} 个文件"),
    }
}

fn step_of(scale: u8) -> String {
    match scale {
        0 => "1".into(),
        n => format!("0.{}1", "0".repeat(n as usize - 1)),
    }
}

/// A value as its control takes it.
fn control_text(field: &FieldSpec, value: &Value) -> String {
    match (&field.kind, value) {
        (FieldKind::Instant, Value::Instant(at)) => local(*at).format("%Y-%m-%dT%H:%M").to_string(),
        (FieldKind::Bool, Value::Bool(yes)) => yes.to_string(),
        (FieldKind::Choice(_) | FieldKind::Code(_) | FieldKind::Files, Value::Text(text)) => text.clone(),
        (FieldKind::Ref(_), Value::Id(id)) => id.to_string(),
        _ => values::show(field, value, &crate::codes::Codes::default()),
    }
}

/// Values read from a form, and what could not be read.
pub struct Entered {
    /// In field order; what was not asked for is as before.
    pub values: Vec<Value>,
    /// By field.
    pub violations: Vec<Violation>,
}

/// Reads the fields `asked` from the form onto `base`. Uploaded files are kept at once; when the form is refused
/// afterwards, its next showing names them, and nobody uploads twice.
pub async fn read(
    scope: &Scope,
    spec: &RegisterSpec,
    posted: &mut Posted,
    base: &[Value],
    asked: impl Fn(usize) -> bool,
) -> Result<Entered> {
    let mut entered = Entered {
        values: base.to_vec(),
        violations: vec![],
    };
    let uploads = std::mem::take(&mut posted.files);
    for upload in uploads {
        let Some(at) = spec
            .index(&upload.field)
            .filter(|at| spec.fields[*at].kind == FieldKind::Files && asked(*at))
        else {
            continue;
        };
        match files::keep(scope, &upload.name, upload.bytes).await {
            Ok(id) => posted
                .pairs
                .push((format!("{}-kept", spec.fields[at].name), id.to_string())),
            Err(error @ crate::error::Error::Bad(_)) => entered
                .violations
                .push(Violation::new(&upload.field, error.to_string())),
            Err(error) => return Err(error),
        }
    }
    for at in (0..spec.fields.len()).filter(|at| asked(*at)) {
        let field = &spec.fields[at];
        if is_unchanged(field, posted.get(&field.name).unwrap_or(""), &base[at]) {
            continue;
        }
        let read = match field.kind {
            FieldKind::Files => Ok(kept(posted, field, &base[at])),
            FieldKind::Bool if field.required => Ok(Value::Bool(posted.get(&field.name) == Some("true"))),
            _ => values::parse(field, posted.get(&field.name).unwrap_or(""), &scope.app.codes),
        };
        let fault = match read {
            Ok(value) => {
                let fault = values::fault(field, &value, &scope.app.codes);
                entered.values[at] = value;
                fault
            }
            Err(fault) => Some(fault),
        };
        if let Some(fault) = fault
            && entered.violations.iter().all(|v| v.field != field.name)
        {
            entered.violations.push(Violation::new(&field.name, fault));
        }
    }
    Ok(entered)
}

/// The files before, and those the form brought, without those it removes.
fn kept(posted: &Posted, field: &FieldSpec, before: &Value) -> Value {
    let (kept, remove) = (format!("{}-kept", field.name), format!("{}-remove", field.name));
    let removed: Vec<Uuid> = posted.all(&remove).filter_map(|id| id.parse().ok()).collect();
    let mut ids = files::ids_of(before);
    for id in posted.all(&kept).filter_map(|id| id.parse().ok()) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids.retain(|id| !removed.contains(id));
    let texts: Vec<String> = ids.iter().map(Uuid::to_string).collect();
    texts.join(",").into()
}

/// The files of a record as links.
pub async fn file_links(scope: &Scope, spec: &RegisterSpec, record: &Record, at: usize) -> Result<Markup> {
    let ids = files::ids_of(&record.values[at]);
    if ids.is_empty() {
        return Ok(html! {});
    }
    let kept = files::info(scope.db(), scope.school, &ids).await?;
    Ok(html! {
        ul.files {
            @for file in kept {
                li {
                    a href={ "/files/" (file.id) "?of=" (spec.id) "/" (record.id) } { (file.name) }
                    small { (file.size_text()) }
                }
            }
        }
    })
}
