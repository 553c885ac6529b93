//! One record: what it says, what may be done with it, what refers to it, what happened to it.
use super::enter::{self, Typed};
use super::posted::Posted;
use super::{Done, Rights, history, paper, parse_id, shown, signature, state_tone, unseal};
use crate::access::{self, Rows};
use crate::app::Scope;
use crate::error::{Error, Result};
use crate::frame::{Frame, page};
use crate::http::escape;
use crate::journal::Line;
use crate::page::{self, Confirm, Icon, Input, Kind, Tone};
use crate::register::flow::Step;
use crate::register::indicator::Op;
use crate::register::query::{self, Compare, Condition, ListQuery, Subject};
use crate::register::spec::{Ctx, FieldKind, RegisterSpec};
use crate::register::store::{self, Change, Record};
use crate::work::status;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

/// `GET /r/{register}/{id}`.
pub async fn show(
    scope: Scope,
    Path((register, id)): Path<(String, String)>,
    Query(done): Query<Done>,
) -> Result<Markup> {
    let spec = scope.register(&register)?.clone();
    let record = store::get(&scope, &spec, parse_id(&id)?).await?;
    let rights = Rights::of(&scope, &spec)
        .with_opened(&scope, &spec, &record)
        .await?;
    let base = format!("/r/{}", spec.id);
    let steps: Vec<&Step> = store::steps_of(&scope, &spec, &record).collect();
    let editable = store::may_write(&scope, &spec, &record) && record.void_reason.is_none();
    let typed = Typed::of_record(&spec, &record).load(&scope, &spec).await?;
    let lines = history::lines(&scope, &spec, record.id).await?;
    let body = html! {
        (page::page_header_with(&record.label.full(), badges(&scope, &spec, &record), "", html! {
            @for (at, step) in steps.iter().enumerate() {
                (step_button(&spec, &record, step, if at == 0 { Kind::Primary } else { Kind::Plain }))
            }
            @if editable { (page::link_button("修改", &format!("{base}/{id}/edit"), Some(Icon::Edit), Kind::Plain)) }
            (unseal::button(&scope, &spec, &rights, &record))
            (paper::links(&spec, &record))
            (page::link_button("打印", &format!("{base}/{id}/print"), Some(Icon::Printer), Kind::Plain))
            @if editable { (page::dialog_button("作废", "void", Some(Icon::Trash), Kind::Quiet)) }
        }))
        (notices(&scope, &spec, &record))
        (unseal::notice(&scope, &spec, &rights, &record))
        (progress(&scope, &spec, &record).await?)
        (page::panel("", html! {}, values(&scope, &spec, &rights, &record).await?))
        (signatures(&spec, &lines))
        (referrers(&scope, &spec, &record).await?)
        (page::panel("留痕", html! {}, history::timeline(&scope, &spec, &rights, &record, &lines).await?))
        @for step in steps.iter().filter(|s| asks(s)) {
            (page::dialog(&format!("step-{}", step.id), &step.title, step_form(&scope, &spec, &record, step, &typed)))
        }
        @if editable { (void_dialog(&spec, &record)) }
    };
    let frame = Frame::new(record.label.full(), &base)
        .crumb(&spec.title, &base)
        .done(done.done);
    page(&scope, frame, body).await
}

/// How far the record is, with whom, since when; and the button that asks to be quicker.
async fn progress(scope: &Scope, spec: &RegisterSpec, record: &Record) -> Result<Markup> {
    if !spec.flow.has_steps() || record.void_reason.is_some() {
        return Ok(html! {});
    }
    let mut status = status::of(scope, spec, &[record]).await?;
    let Some(status) = status.pop() else {
        return Ok(html! {});
    };
    let chase = html! {
        @if status.chase { (page::post_button("催办", &format!("/r/{}/{}/chase", spec.id, record.id), Kind::Plain)) }
    };
    Ok(page::panel("办理进度", chase, status.trail(scope)))
}

/// What was signed on the way.
fn signatures(spec: &RegisterSpec, lines: &[Line]) -> Markup {
    let signed = signature::of(&spec.flow, lines);
    html! {
        @if !signed.is_empty() {
            (page::panel("审批意见", html! {}, html! {
                @for one in &signed { (page::signature(&one.heading, one.opinion(), &one.name, &one.when())) }
            }))
        }
    }
}

fn badges(scope: &Scope, spec: &RegisterSpec, record: &Record) -> Markup {
    let due = spec.due.and_then(|at| record.values[at].date());
    html! {
        @if super::table::has_states(spec) {
            (page::badge(state_tone(spec, &record.state, due, scope.today()), &record.state))
        }
        @if record.void_reason.is_some() { " " (page::badge(Tone::Bad, "已作废")) }
    }
}

fn notices(scope: &Scope, spec: &RegisterSpec, record: &Record) -> Markup {
    let ctx = Ctx {
        today: scope.today(),
        new: false,
    };
    let warnings = match record.void_reason {
        Some(_) => vec![],
        None => (spec.warnings)(&record.values, &ctx),
    };
    html! {
        @if let Some(reason) = &record.void_reason {
            (page::callout(Tone::Bad, "这条记录已作废，不再计入统计", html! { p { "原因：" (reason) } }))
        }
        @if !warnings.is_empty() {
            (page::callout(Tone::Warn, "提醒", html! { ul { @for warning in &warnings { li { (warning.message) } } } }))
        }
    }
}

/// Labels and values of a record; references and files are links.
async fn values(scope: &Scope, spec: &RegisterSpec, rights: &Rights, record: &Record) -> Result<Markup> {
    let open = rights.sees_sealed(scope, record);
    let mut items: Vec<(&str, Markup)> = vec![];
    for (at, field) in spec.fields.iter().enumerate() {
        let text = shown(scope, spec, record, at, open);
        let value = match &field.kind {
            FieldKind::Ref(to) => match (record.values[at].id(), scope.register(to)) {
                (Some(id), Ok(other))
                    if access::readable(&scope.actor, &scope.app.roles, other) != Rows::None =>
                {
                    html! { a href={ "/r/" (to) "/" (id) } { (text) } }
                }
                _ => html! { (text) },
            },
            FieldKind::Files if field.sealed && !open => html! { (enter::file_count(record, at)) },
            FieldKind::Files => enter::file_links(scope, spec, record, at).await?,
            FieldKind::Text { .. } if is_place(&text) => html! { a href=(text) { "打开" (field.label) } },
            FieldKind::Text { .. } if is_address(&text) => {
                html! { a href=(text) target="_blank" rel="noopener noreferrer" translate="no" { (text) } }
            }
            FieldKind::LongText { .. } => html! { @for line in text.lines() { p { (line) } } },
            _ => html! { (text) },
        };
        items.push((&field.label, value));
    }
    Ok(page::descriptions(&items))
}

/// Whether the text is the address of something with a page of its own in the program: `/board/{id}`,
/// `/r/{register}/{id}`.
pub(super) fn is_place(text: &str) -> bool {
    let named = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    let parts: Vec<&str> = text.split('/').collect();
    match parts.as_slice() {
        ["", page, id] | ["", "r", page, id] => named(page) && id.parse::<uuid::Uuid>().is_ok(),
        _ => false,
    }
}

/// Whether the text is an address on the web.
pub(super) fn is_address(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://")) && !text.contains(char::is_whitespace)
}

/// Records of other registers that name this one, as links to their lists.
async fn referrers(scope: &Scope, spec: &RegisterSpec, record: &Record) -> Result<Markup> {
    let mut links: Vec<(String, Markup)> = vec![];
    for other in scope.registers.iter() {
        if access::readable(&scope.actor, &scope.app.roles, other) == Rows::None {
            continue;
        }
        let refs = other
            .fields
            .iter()
            .enumerate()
            .filter(|(_, field)| field.kind == FieldKind::Ref(spec.id.clone()));
        for (at, field) in refs {
            let query = ListQuery {
                conditions: vec![Condition {
                    subject: Subject::Field(at),
                    compare: Compare::Op(Op::Is),
                    value: record.id.into(),
                }],
                ..ListQuery::default()
            };
            let count = query::count(scope, other, &query).await?;
            let address = format!("f.{}={}", field.name, record.id);
            let new = (access::writable(&scope.actor, other) != Rows::None && record.void_reason.is_none())
                .then(|| format!("/r/{}/new?{address}", other.id));
            if count > 0 || new.is_some() {
                let title = match field.label == spec.title {
                    true => other.title.clone(),
                    false => format!("{}（{}）", other.title, field.label),
                };
                let link = html! {
                    a href={ "/r/" (other.id) "?" (address) } { (count) " 条" }
                    @if let Some(new) = new { " · " a href=(new) { "记一条" } }
                };
                links.push((title, link));
            }
        }
    }
    Ok(html! {
        @if !links.is_empty() {
            (page::panel("相关记录", html! {}, page::descriptions(&links)))
        }
    })
}

/// Whether the step asks for anything; others are one button.
fn asks(step: &Step) -> bool {
    step.note || !step.needs.is_empty() || !step.offers.is_empty() || step.sign.is_some()
}

fn step_path(spec: &RegisterSpec, record: &Record, step: &Step) -> String {
    format!("/r/{}/{}/step/{}", spec.id, record.id, step.id)
}

fn step_button(spec: &RegisterSpec, record: &Record, step: &Step, kind: Kind) -> Markup {
    if asks(step) {
        return page::dialog_button(&step.title, &format!("step-{}", step.id), None, kind);
    }
    html! {
        form.inline method="post" action=(step_path(spec, record, step)) {
            input type="hidden" name="version" value=(record.version);
            (page::submit(&step.title, kind))
        }
    }
}

fn step_form(scope: &Scope, spec: &RegisterSpec, record: &Record, step: &Step, typed: &Typed) -> Markup {
    let indices =
        |names: &[String]| -> Vec<usize> { names.iter().filter_map(|name| spec.index(name)).collect() };
    let (needed, offered) = (indices(&step.needs), indices(&step.offers));
    let files = needed
        .iter()
        .chain(&offered)
        .any(|at| spec.fields[*at].kind == FieldKind::Files);
    let form = format!("{}-", step.id);
    let note = Input {
        name: store::NOTE,
        label: match (step.note, &step.sign) {
            (true, _) => "说明",
            (false, Some(_)) => "意见",
            (false, None) => "备注",
        },
        required: step.note,
        max_length: Some(200),
        wide: true,
        error: typed.fault(store::NOTE),
        form: &form,
        ..Input::default()
    };
    html! {
        form method="post" action=(step_path(spec, record, step)) enctype=[files.then_some("multipart/form-data")] {
            input type="hidden" name="version" value=(record.version);
            (page::form_grid(html! {
                @for at in &needed { (typed.control(scope, spec, *at, true, &form, false)) }
                @for at in &offered { (typed.control(scope, spec, *at, false, &form, false)) }
                (page::textarea(&note, 2))
            }))
            div.dialog-foot {
                button.button.plain type="button" data-close="" { "取消" }
                (page::submit(&step.title, Kind::Primary))
            }
        }
    }
}

fn void_dialog(spec: &RegisterSpec, record: &Record) -> Markup {
    page::confirm(
        "void",
        &Confirm {
            title: "作废这条记录？",
            text: "作废后不再计入统计，但仍可查到，内容和留痕都保留。",
            action: &format!("/r/{}/{}/void?version={}", spec.id, record.id, record.version),
            button: "作废",
            danger: true,
            reason: Some("作废原因"),
        },
    )
}

/// `POST /r/{register}/{id}/step/{step}`.
pub async fn step(
    scope: Scope,
    Path((register, id, step_id)): Path<(String, String, String)>,
    mut posted: Posted,
) -> Result<Response> {
    let spec = scope.register(&register)?.clone();
    let record = store::get(&scope, &spec, parse_id(&id)?).await?;
    let step = spec.flow.find(&step_id).ok_or(Error::NotFound)?;
    if !store::steps_of(&scope, &spec, &record).any(|s| s.id == step.id) && step.from.contains(&record.state)
    {
        return Err(Error::Forbidden(format!("{}：{}", spec.title, step.title)));
    }
    let asked = |at: usize| {
        let name = &spec.fields[at].name;
        step.needs.contains(name) || step.offers.contains(name)
    };
    let entered = enter::read(&scope, &spec, &mut posted, &record.values, asked).await?;
    let values = entered.values.clone();
    let written = match entered.violations.is_empty() {
        true => {
            let change = Change {
                version: posted.get("version").and_then(|v| v.parse().ok()).unwrap_or(0),
                values: entered.values,
                reason: posted.get(store::NOTE),
            };
            store::step(&scope, &spec, record.id, &step_id, change).await
        }
        false => Err(Error::Invalid(entered.violations)),
    };
    match written {
        Ok(_) => {
            let done = escape(&format!("已{}", step.title));
            // Whoever came only to take this step may have nothing more to see there.
            let back = match store::get(&scope, &spec, record.id).await {
                Ok(_) => format!("/r/{register}/{id}"),
                Err(_) => "/hall/tasks".to_owned(),
            };
            Ok(Redirect::to(&format!("{back}?done={done}")).into_response())
        }
        Err(error @ Error::Invalid(_)) => {
            let status = error.status();
            let Error::Invalid(violations) = error else {
                return Err(error);
            };
            let typed = Typed::of_posted(&spec, &posted, &values)
                .refuse(&violations)
                .load(&scope, &spec)
                .await?;
            let title = format!("{}：{}", step.title, record.label.full());
            let back = format!("/r/{register}/{id}");
            let body = html! {
                (page::page_header(&title, "", html! { (page::link_button("返回", &back, None, Kind::Plain)) }))
                (page::form_errors(&typed.errors(&spec)))
                (page::panel("", html! {}, step_form(&scope, &spec, &record, step, &typed)))
            };
            let base = format!("/r/{register}");
            let frame = Frame::new(&step.title, &base)
                .crumb(&spec.title, &base)
                .crumb(record.label.full(), &back);
            Ok((status, page(&scope, frame, body).await?).into_response())
        }
        Err(error) => Err(error),
    }
}

/// The version a dialog was opened on.
#[derive(serde::Deserialize)]
pub struct Version {
    version: Option<i64>,
}

/// `POST /r/{register}/{id}/void`.
pub async fn void(
    scope: Scope,
    Path((register, id)): Path<(String, String)>,
    Query(seen): Query<Version>,
    posted: Posted,
) -> Result<Redirect> {
    let spec = scope.register(&register)?.clone();
    let record = store::get(&scope, &spec, parse_id(&id)?).await?;
    let version = seen.version.unwrap_or(record.version);
    let reason = posted.get("reason").unwrap_or("");
    store::void(&scope, &spec, record.id, version, reason).await?;
    let done = escape("已作废");
    Ok(Redirect::to(&format!("/r/{register}/{id}?done={done}")))
}
