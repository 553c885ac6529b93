//! The filter bar of a list and what it cannot show: conditions that came with the address.
use super::address::Address;
use super::labels_of;
use crate::app::Scope;
use crate::error::Result;
use crate::page::{self, FilterBar, Input};
use crate::register::spec::{FieldKind, FieldSpec, RegisterSpec};
use maud::{Markup, html};
use std::collections::HashMap;
use uuid::Uuid;

/// The bar above the list.
pub async fn bar(scope: &Scope, spec: &RegisterSpec, address: &Address) -> Result<Markup> {
    let picked = picked(scope, spec, address).await?;
    let fields: Vec<&FieldSpec> = spec.fields.iter().filter(|f| offered(f)).collect();
    let controls = html! {
        @for field in &fields {
            @let value = address.get(&format!("f.{}", field.name));
            (control(scope, field, if in_bar(field, value) { value } else { "" }, &picked))
        }
    };
    let active = address.pairs().iter().filter(|p| p.0.starts_with("f.")).count();
    let hidden = address.hidden(|name| {
        name == "q"
            || name
                .strip_prefix("f.")
                .and_then(|field| spec.field(field))
                .is_some_and(|field| offered(field) && in_bar(field, address.get(name)))
    });
    Ok(page::filter_bar(&FilterBar {
        action: &format!("/r/{}", spec.id),
        query: Some(address.get("q")),
        placeholder: "搜索汉字、拼音首字母、编号",
        fields: (!fields.is_empty()).then_some(controls),
        active,
        hidden: &hidden,
        target: Some("list"),
    }))
}

fn offered(field: &FieldSpec) -> bool {
    field.filter && !field.sealed && field.kind != FieldKind::Files
}

/// Whether the field's control can show the condition; others become chips.
fn in_bar(field: &FieldSpec, value: &str) -> bool {
    value != "-"
        && !value.starts_with('!')
        && !value.contains('@')
        && (is_range(field) || !value.contains(".."))
}

fn is_range(field: &FieldSpec) -> bool {
    matches!(
        field.kind,
        FieldKind::Int { .. }
            | FieldKind::Decimal { .. }
            | FieldKind::Money
            | FieldKind::Date
            | FieldKind::Instant
    )
}

/// Labels of the records that conditions name.
async fn picked(scope: &Scope, spec: &RegisterSpec, address: &Address) -> Result<HashMap<Uuid, String>> {
    let mut labels = HashMap::new();
    for field in &spec.fields {
        if let FieldKind::Ref(to) = &field.kind
            && let Ok(id) = address
                .get(&format!("f.{}", field.name))
                .trim_start_matches('!')
                .parse::<Uuid>()
        {
            let found = labels_of(scope, to, &[id]).await?;
            labels.extend(found.into_iter().map(|(id, label)| (id, label.full())));
        }
    }
    Ok(labels)
}

fn control(scope: &Scope, field: &FieldSpec, value: &str, picked: &HashMap<Uuid, String>) -> Markup {
    let name = format!("f.{}", field.name);
    let input = Input {
        name: &name,
        label: &field.label,
        value,
        ..Input::default()
    };
    match &field.kind {
        FieldKind::Choice(choices) => {
            let options: Vec<(&str, &str)> = choices
                .iter()
                .map(|c| (c.code.as_str(), c.label.as_str()))
                .collect();
            page::select(&input, &options, Some("全部"))
        }
        FieldKind::Code(set) => {
            let items = scope.app.codes.get(set).map_or(&[][..], |set| &set.items);
            page::select(&input, items, Some("全部"))
        }
        FieldKind::Bool => page::select(&input, &[("true", "是"), ("false", "否")], Some("全部")),
        FieldKind::Ref(to) => {
            let shown = value.parse().ok().and_then(|id: Uuid| picked.get(&id));
            page::reference(&input, &format!("/r/{to}/pick"), shown.map_or("", String::as_str))
        }
        _ if is_range(field) => range(field, value),
        _ => page::text(&input),
    }
}

fn range(field: &FieldSpec, value: &str) -> Markup {
    let (low, high) = value.split_once("..").unwrap_or((value, value));
    let box_of = |end: &str, word: &str, value: &str| {
        let (name, label) = (
            format!("f.{}.{end}", field.name),
            format!("{}{word}", field.label),
        );
        let input = Input {
            name: &name,
            label: &label,
            value,
            ..Input::default()
        };
        match field.kind {
            FieldKind::Date => page::date(&input),
            FieldKind::Instant => page::datetime(&input),
            _ => page::number(&input, page::Bounds::default()),
        }
    };
    html! { (box_of("from", "从", low)) (box_of("to", "到", high)) }
}

/// The conditions of the address that no control of the bar shows, each with a link that takes it away.
pub async fn chips(scope: &Scope, spec: &RegisterSpec, address: &Address) -> Result<Markup> {
    let picked = picked(scope, spec, address).await?;
    let mut chips: Vec<(String, String)> = vec![];
    for (name, value) in address.pairs() {
        let Some(field) = name.strip_prefix("f.").and_then(|n| spec.field(n)) else {
            continue;
        };
        if !offered(field) || !in_bar(field, value) {
            chips.push((
                condition_words(scope, spec, field, value, &picked),
                address.with(name, ""),
            ));
        }
    }
    if !address.get("path").is_empty() {
        chips.push(("只看所选单位范围".into(), address.with("path", "")));
    }
    if !address.get("voided").is_empty() {
        chips.push(("只看已作废".into(), address.with("voided", "")));
    }
    Ok(html! {
        @if !chips.is_empty() {
            p {
                "筛选条件："
                @for (words, href) in &chips { (page::badge(page::Tone::Info, words)) " " a href=(href) { "去掉" } " " }
            }
        }
    })
}

/// All conditions in words, for prints.
pub async fn words(scope: &Scope, spec: &RegisterSpec, address: &Address) -> Result<Vec<String>> {
    let picked = picked(scope, spec, address).await?;
    let mut words = vec![];
    for (name, value) in address.pairs() {
        match name.as_str() {
            "q" => words.push(format!("搜索：{value}")),
            "state" => words.push(format!("状态：{value}")),
            "voided" => words.push("已作废的记录".into()),
            _ => {
                if let Some(field) = name.strip_prefix("f.").and_then(|n| spec.field(n)) {
                    words.push(condition_words(scope, spec, field, value, &picked));
                }
            }
        }
    }
    Ok(words)
}

fn condition_words(
    scope: &Scope,
    spec: &RegisterSpec,
    field: &FieldSpec,
    value: &str,
    picked: &HashMap<Uuid, String>,
) -> String {
    let one = |text: &str| -> String {
        if let Some(label) = text.parse().ok().and_then(|id: Uuid| picked.get(&id)) {
            return label.clone();
        }
        if let Some(other) = text.strip_prefix('@').and_then(|name| spec.field(name)) {
            return other.label.clone();
        }
        match crate::register::values::parse(field, text, &scope.app.codes) {
            Ok(value) => crate::register::values::show(field, &value, &scope.app.codes),
            Err(_) => text.to_owned(),
        }
    };
    let label = &field.label;
    if value == "-" {
        return format!("{label}未填写");
    }
    if let Some(other) = value.strip_prefix('!') {
        return format!("{label}不是 {}", one(other));
    }
    match value.split_once("..").filter(|_| is_range(field)) {
        Some(("", high)) => format!("{label}至 {}", one(high)),
        Some((low, "")) => format!("{label}自 {}", one(low)),
        Some((low, high)) => format!("{label} {} 至 {}", one(low), one(high)),
        None => format!("{label}：{}", one(value)),
    }
}
