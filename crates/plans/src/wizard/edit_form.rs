//! The form of one commitment, and what it posts.
use super::card::{frame, href, tone};
use super::names::Names;
use super::suggest::{self, Offer};
use crate::model::{Binding, Commitment, Comparator, Every, Kind, Plan, Status, decode, plain, scaled};
use crate::publish::check::{missing, range_fits};
use chrono::NaiveDate;
use kernel::app::Scope;
use kernel::error::{Result, Violation};
use kernel::page::{self, Bounds, Input, Tone};
use kernel::register::field::ChoiceList;
use maud::{Markup, html};
use serde::Deserialize;

/// Suggestions shown before all others.
const FIRST_OFFERS: usize = 3;
/// Most characters of a unit.
const LONGEST_UNIT: usize = 12;

/// What the form posts; fields that the kind does not show stay as they were.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    /// The version the person saw.
    pub version: i64,
    /// `accept` and `close` end the editing; empty for a change that is kept on the way.
    pub then: String,
    title: String,
    comparator: String,
    value: String,
    max: String,
    unit: String,
    growth: String,
    due_on: String,
    times: String,
    every: String,
    interval: String,
    binding: String,
    /// Id of the unit or class, empty for the plan's own.
    pub node: String,
    /// Id of the staff member.
    pub owner: String,
}

impl Fields {
    /// The commitment with these fields; or everything that is wrong with them.
    pub fn read(&self, old: &Commitment) -> std::result::Result<Commitment, Vec<Violation>> {
        let mut new = old.clone();
        let mut faults = vec![];
        let mut fault = |field: &str, words: &str| faults.push(Violation::new(field, words));
        new.title = super::import::clip(&self.title, super::import::LONGEST_TITLE);
        if new.title.is_empty() {
            fault("title", "名称：不能为空");
        }
        if matches!(old.kind, Kind::Target | Kind::Result) {
            new.comparator = decode::<Comparator>(&self.comparator);
            match optional(&self.value, scaled) {
                Ok(value) => new.target_scaled = value,
                Err(()) => fault("value", "数值：请填数字，最多两位小数"),
            }
            match optional(&self.max, scaled) {
                Ok(max) => new.max_scaled = max,
                Err(()) => fault("max", "上限：请填数字，最多两位小数"),
            }
            if !range_fits(new.comparator, new.target_scaled, new.max_scaled) {
                fault("max", "上限：范围的上限不能小于下限；“不超过”只填数值，不填上限");
            }
            new.growth = self.growth == "true";
        }
        if matches!(old.kind, Kind::Target | Kind::Result | Kind::Duty) {
            let unit = self.unit.trim();
            if unit.chars().count() > LONGEST_UNIT {
                fault("unit", "计量单位：不超过 12 个字");
            }
            new.unit = (!unit.is_empty()).then(|| unit.to_owned());
        }
        if old.kind == Kind::Duty {
            let count = |text: &str| text.trim().parse::<i64>().ok().filter(|n| (1..=999).contains(n));
            match optional(&self.times, count) {
                Ok(times) => new.times = times,
                Err(()) => fault("times", "次数：请填 1 到 999 的整数"),
            }
            match optional(&self.interval, |t| count(t).filter(|n| *n <= 12)) {
                Ok(interval) => new.interval = interval.unwrap_or(1),
                Err(()) => fault("interval", "间隔：请填 1 到 12 的整数"),
            }
            new.every = decode::<Every>(&self.every);
        }
        if matches!(old.kind, Kind::Target | Kind::Task) {
            match optional(&self.due_on, |text| text.trim().parse::<NaiveDate>().ok()) {
                Ok(day) => new.due_on = day,
                Err(()) => fault("due_on", "期限：请填日期，如 2026-11-30"),
            }
            if new.due_on != old.due_on {
                new.due_text = None;
            }
        }
        if matches!(old.kind, Kind::Target | Kind::Duty) {
            match Binding::parse(&self.binding) {
                Some(binding) => new.binding = binding,
                None => fault("binding", "数据来源：请从列表中选择"),
            }
        }
        if faults.is_empty() { Ok(new) } else { Err(faults) }
    }
}

fn optional<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> std::result::Result<Option<T>, ()> {
    match text.trim() {
        "" => Ok(None),
        text => read(text).map(Some).ok_or(()),
    }
}

/// The line under the form: the version the next change builds on, and whether the last one was kept.
pub fn saved(c: &Commitment, faults: &[Violation]) -> Markup {
    let gaps = missing(c);
    html! {
        div id={ "saved-" (c.id) } role="status" {
            input type="hidden" name="version" value=(c.version);
            // The choice of the kind is a form of its own and builds on the same version.
            input type="hidden" name="version" value=(c.version) form=(kind_form(c));
            @if faults.is_empty() {
                small { "每改一处即自动保存（第 " (c.version) " 次记录）" }
                @for (_, gap) in &gaps { " " (page::state_dot(Tone::Late, gap)) }
            } @else {
                (page::callout(Tone::Bad, "刚才的修改没有保存", html! { ul { @for v in faults { li { (v.message) } } } }))
            }
        }
    }
}

fn kind_form(c: &Commitment) -> String {
    format!("kind-{}", c.id)
}

/// The card as a form.
pub async fn card(scope: &Scope, plan: &Plan, c: &Commitment, faults: &[Violation]) -> Result<Markup> {
    let names = Names::load(scope, std::slice::from_ref(c)).await?;
    let target = format!("#card-{}", c.id);
    let action = href(c);
    let prefix = format!("e{}-", c.id.simple());
    let kinds: Vec<(&str, &str)> = Kind::ALL.iter().map(|(_, code, label)| (*code, *label)).collect();
    let form_id = format!("edit-{}", c.id);
    Ok(frame(
        c,
        html! {
            p { (page::badge(tone(c.status), c.status.label())) " " span { "“" (c.quote) "”" } }
            form id=(kind_form(c)) method="post" action={ (action) "/kind" } hx-post={ (action) "/kind" } hx-trigger="change" hx-target=(target) hx-swap="outerHTML" {
                (page::form_grid(html! { (page::select(&Input { name: "kind", label: "类别", value: c.kind.code(), form: &prefix, ..Input::default() }, &kinds, None)) }))
                noscript { button.button.plain type="submit" { "改类别" } }
            }
            form id=(form_id) method="post" action=(action) hx-post=(action) hx-trigger="change delay:60ms, submit"
                hx-target={ "#saved-" (c.id) } hx-swap="outerHTML" {
                (page::form_grid(inputs(scope, plan, c, &names, &prefix)))
                (saved(c, faults))
                div.actions {
                    @if c.status != Status::Accepted { button.button.primary type="submit" name="then" value="accept" { "接受" } " " }
                    button.button.plain type="submit" name="then" value="close" { "完成" }
                }
            }
        },
    ))
}

fn inputs(scope: &Scope, plan: &Plan, c: &Commitment, names: &Names, prefix: &str) -> Markup {
    let field = |name, label| Input {
        name,
        label,
        form: prefix,
        ..Input::default()
    };
    let figure = |scaled: Option<i64>| scaled.map(plain).unwrap_or_default();
    let numbers = matches!(c.kind, Kind::Target | Kind::Result);
    let name = match c.kind {
        Kind::Target | Kind::Result => "指标名称",
        _ => "工作内容",
    };
    let due = c.due_on.map(|day| day.to_string()).unwrap_or_default();
    let owner = c.owner.map(|id| id.to_string()).unwrap_or_default();
    let node = c.node.filter(|_| c.node != plan.unit);
    let place = node.map(|id| id.to_string()).unwrap_or_default();
    let comparators: Vec<(&str, &str)> = Comparator::ALL
        .iter()
        .map(|(_, code, label)| (*code, *label))
        .collect();
    let windows: Vec<(&str, String)> = Every::ALL
        .iter()
        .map(|(_, code, label)| (*code, format!("每{label}")))
        .collect();
    html! {
        (page::text(&Input { value: &c.title, required: true, max_length: Some(120), wide: true, ..field("title", name) }))
        @if numbers {
            (page::select(&Input { value: c.comparator.map_or("", ChoiceList::code), ..field("comparator", "比较") }, &comparators, Some("请选择")))
            (page::number(&Input { value: &figure(c.target_scaled), ..field("value", "数值") }, Bounds::default()))
            (page::number(&Input { value: &figure(c.max_scaled), help: Some("范围（如 1–2 门）才填"), ..field("max", "上限") }, Bounds::default()))
        }
        @if c.kind == Kind::Duty {
            (page::select(&Input { value: c.every.map_or("", ChoiceList::code), ..field("every", "周期") }, &windows, Some("请选择")))
            (page::number(&Input { value: &c.times.map(|n| n.to_string()).unwrap_or_default(), ..field("times", "次数") }, Bounds { min: Some("1"), max: Some("999"), step: Some("1"), unit: None }))
            (page::number(&Input { value: &c.interval.to_string(), help: Some("每两个月一次填 2"), ..field("interval", "间隔") }, Bounds { min: Some("1"), max: Some("12"), step: Some("1"), unit: None }))
        }
        @if numbers || c.kind == Kind::Duty {
            (page::text(&Input { value: c.unit.as_deref().unwrap_or(""), max_length: Some(12), ..field("unit", "计量单位") }))
        }
        @if numbers { (page::checkbox(&Input { help: Some("“增长5%”“提升3个百分点”一类"), ..field("growth", "是增长值") }, c.growth)) }
        @if matches!(c.kind, Kind::Target | Kind::Task) {
            @let words = c.due_text.as_deref().map(|words| format!("原文：{words}"));
            (page::date(&Input { value: &due, help: words.as_deref(), ..field("due_on", "期限") }))
        }
        @if matches!(c.kind, Kind::Target | Kind::Duty) { (sources(scope, c, prefix)) }
        (page::reference(&Input { value: &place, placeholder: Some("整个计划范围"), help: Some("只算这个部门或班级的记录"), ..field("node", "范围") }, "/plans/nodes", names.label(node)))
        (page::reference(&Input { value: &owner, ..field("owner", "责任人") }, "/r/staff/pick", names.label(c.owner)))
    }
}

/// The choice of a source: the likeliest first, then all others, then by hand.
fn sources(scope: &Scope, c: &Commitment, prefix: &str) -> Markup {
    let offers = suggest::offers(scope, c);
    let likely = offers
        .iter()
        .take_while(|o| o.score > 0.0)
        .count()
        .min(FIRST_OFFERS);
    let (first, rest) = offers.split_at(likely);
    let now = c.binding.code();
    let option = |code: &str, label: &str| html! { option value=(code) selected[code == now] { (label) } };
    let listed = |offers: &[Offer]| html! { @for o in offers { (option(&o.binding.code(), &o.label)) } };
    let label = if c.kind == Kind::Duty {
        "台账"
    } else {
        "指标口径"
    };
    let id = format!("{prefix}f-binding");
    page::field(&page::FieldView {
        id: &id,
        label,
        wide: true,
        control: html! {
            select id=(id) name="binding" {
                (option("", "请选择"))
                @if !first.is_empty() { optgroup label="最相近" { (listed(first)) } }
                optgroup label="不由台账计算" { (option("manual", "手工填报")) }
                @if !rest.is_empty() { optgroup label="其他" { (listed(rest)) } }
            }
        },
        ..page::FieldView::default()
    })
}

/// The review with this card open, for a refused form without JavaScript.
pub async fn page(scope: &Scope, plan: &Plan, c: &Commitment, faults: &[Violation]) -> Result<Markup> {
    let shown = super::review::Shown {
        edit: Some(c.id),
        faults: faults.to_vec(),
        ..super::review::Shown::default()
    };
    super::review::render(scope, plan, shown).await
}
