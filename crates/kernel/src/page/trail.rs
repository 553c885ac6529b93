//! How far something is, and what can be started: the small components of the service hall.

use maud::{Markup, html};

use super::Tone;

/// One stop on a [`trail`].
#[derive(Clone, Debug, Default)]
pub struct TrailStop {
    pub title: String,
    pub who: String,
    /// Already in local words.
    pub when: String,
    pub tone: Tone,
    /// Whether it is where the thing is now.
    pub now: bool,
}

/// The stops passed and the one where it is now, in reading order; wraps where it is narrow.
pub fn trail(stops: &[TrailStop]) -> Markup {
    html! {
        ol.trail {
            @for stop in stops {
                li.(stop.tone.class()).now[stop.now] aria-current=[stop.now.then_some("step")] {
                    strong { (stop.title) }
                    @if !stop.who.is_empty() { span { (stop.who) } }
                    @if !stop.when.is_empty() { time { (stop.when) } }
                }
            }
        }
    }
}

/// Something that can be started, see [`service_cards`].
#[derive(Clone, Copy, Debug, Default)]
pub struct ServiceCard<'a> {
    pub title: &'a str,
    /// One line under it.
    pub hint: &'a str,
    pub href: &'a str,
    /// A short word at its right, for example 常用.
    pub note: &'a str,
}

/// Cards that each start something; the whole card is the link.
pub fn service_cards(cards: &[ServiceCard<'_>]) -> Markup {
    html! {
        ul.service-cards {
            @for card in cards {
                li {
                    a href=(card.href) {
                        strong { (card.title) @if !card.note.is_empty() { small { (card.note) } } }
                        @if !card.hint.is_empty() { span { (card.hint) } }
                    }
                }
            }
        }
    }
}

/// A line under which somebody signed: heading, opinion, name and time.
pub fn signature(heading: &str, opinion: &str, name: &str, when: &str) -> Markup {
    html! {
        div.signature {
            span.signature-head { (heading) }
            span.signature-text { (opinion) }
            span.signature-name { (name) } " " time { (when) }
        }
    }
}
