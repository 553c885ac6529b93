//! The card of one commitment in the review: what was read, what is still missing, and the decision.
use super::names::Names;
use crate::model::{Binding, Commitment, Kind, Status};
use crate::publish::check::missing;
use kernel::page::{self, MarkKind, MarkState, Tone};
use kernel::register::field::ChoiceList;
use maud::{Markup, html};

/// How a kind is coloured: results like targets, vague duties like duties.
pub fn mark_kind(kind: Kind) -> MarkKind {
    match kind {
        Kind::Target | Kind::Result => MarkKind::Target,
        Kind::Duty | Kind::VagueDuty => MarkKind::Duty,
        Kind::Task => MarkKind::Task,
    }
}

/// How a decision is drawn.
pub fn mark_state(status: Status) -> MarkState {
    match status {
        Status::Suggested => MarkState::Open,
        Status::Accepted => MarkState::Confirmed,
        Status::Rejected => MarkState::Dropped,
    }
}

/// The tone of a decision.
pub fn tone(status: Status) -> Tone {
    match status {
        Status::Suggested => Tone::Warn,
        Status::Accepted => Tone::Ok,
        Status::Rejected => Tone::Muted,
    }
}

/// The address of a commitment in the wizard.
pub fn href(c: &Commitment) -> String {
    format!("/plans/{}/c/{}", c.plan, c.id)
}

/// The whole card around a body.
pub fn frame(c: &Commitment, body: Markup) -> Markup {
    page::review_card(&c.id.to_string(), mark_kind(c.kind), mark_state(c.status), body)
}

/// The card as it is read; `note` says what has just gone wrong.
pub fn card(c: &Commitment, names: &Names, note: Option<&str>) -> Markup {
    let facts = facts(c, names);
    let gaps = if c.status == Status::Rejected {
        vec![]
    } else {
        missing(c)
    };
    frame(
        c,
        html! {
            @if let Some(note) = note { (page::callout(Tone::Bad, "没有保存", html! { p { (note) } })) }
            p { (page::badge(tone(c.status), c.status.label())) " " strong { (c.title) } " " (page::badge(Tone::Info, &format!("{} {}", c.kind.label(), c.promise()))) }
            @if !facts.is_empty() { p { small { (facts.join("　")) } } }
            @if !gaps.is_empty() { p { @for (_, gap) in &gaps { (page::state_dot(Tone::Late, gap)) " " } } }
            (actions(c))
        },
    )
}

fn facts(c: &Commitment, names: &Names) -> Vec<String> {
    let mut facts = vec![];
    if c.binding != Binding::None {
        facts.push(format!("数据：{}", names.binding(&c.binding)));
    }
    let node = names.label(c.node);
    if !node.is_empty() {
        facts.push(format!("范围：{node}"));
    }
    let owner = names.label(c.owner);
    if !owner.is_empty() {
        facts.push(format!("责任人：{owner}"));
    }
    if let (Some(day), true) = (c.due_on, matches!(c.kind, Kind::Target | Kind::Task)) {
        facts.push(format!("期限：{day}"));
    }
    facts
}

fn actions(c: &Commitment) -> Markup {
    let target = format!("#card-{}", c.id);
    let action = format!("{}/decide", href(c));
    let edit = format!("{}/edit", href(c));
    html! {
        div.actions {
            form.inline method="post" action=(action) hx-post=(action) hx-target=(target) hx-swap="outerHTML" {
                input type="hidden" name="version" value=(c.version);
                @match c.status {
                    Status::Suggested => {
                        button.button.primary type="submit" name="status" value="accepted" data-key-in-row="a" { "接受" }
                        " " button.button.plain type="submit" name="status" value="rejected" data-key-in-row="x" { "拒绝" }
                    }
                    Status::Accepted => button.button.quiet type="submit" name="status" value="rejected" data-key-in-row="x" { "改为拒绝" },
                    Status::Rejected => button.button.plain type="submit" name="status" value="suggested" data-key-in-row="a" { "恢复" },
                }
            }
            " " a.button.quiet href=(edit) hx-get=(edit) hx-target=(target) hx-swap="outerHTML" data-key-in-row="e" { "修改" }
        }
    }
}

/// How far the confirmation is; the answer to every decision carries it along.
pub fn progress(commitments: &[Commitment], out_of_band: bool) -> Markup {
    let total = commitments.len() as u64;
    let open = commitments
        .iter()
        .filter(|c| c.status == Status::Suggested)
        .count() as u64;
    let tone = if open == 0 { Tone::Ok } else { Tone::Info };
    html! {
        div id="review-progress" role="status" hx-swap-oob=[out_of_band.then_some("true")] {
            "已确认 " (page::progress(total - open, total, tone))
        }
    }
}
