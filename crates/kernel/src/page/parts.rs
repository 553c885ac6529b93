//! The small parts that pages are made of: badges, numbers, lists, notes.

use maud::{Markup, html};

use super::{Tone, sparkline};

/// A short state in words with its colour.
pub fn badge(tone: Tone, text: &str) -> Markup {
    html! { span.badge.(tone.class()) { (text) } }
}

/// A coloured dot before its text, for states inside dense rows.
pub fn state_dot(tone: Tone, text: &str) -> Markup {
    html! { span.dot.(tone.class()) { (text) } }
}

/// A framed part of the page with its own title; `actions` may be empty.
pub fn panel(title: &str, actions: Markup, body: Markup) -> Markup {
    html! {
        section.panel {
            @if !title.is_empty() {
                header.panel-head { h2 { (title) } div.actions { (actions) } }
            }
            div.panel-body { (body) }
        }
    }
}

/// A [`panel`] whose body, a table or list, reaches to its frame.
pub fn flush_panel(title: &str, actions: Markup, body: Markup) -> Markup {
    html! {
        section.panel.flush {
            @if !title.is_empty() {
                header.panel-head { h2 { (title) } div.actions { (actions) } }
            }
            (body)
        }
    }
}

/// Panels side by side, one below the other where it is narrow.
pub fn two_columns(left: Markup, right: Markup) -> Markup {
    html! { div.two-columns { div { (left) } div { (right) } } }
}

/// A number that matters, see [`stats`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Stat<'a> {
    pub label: &'a str,
    pub value: &'a str,
    pub unit: &'a str,
    /// What the number is measured against, for example 目标 98%，较上周 +0.4.
    pub note: &'a str,
    pub tone: Option<Tone>,
    /// The rows behind the number.
    pub href: Option<&'a str>,
    /// The last values, oldest first; empty draws none.
    pub trend: &'a [f64],
}

/// A row of numbers, each a link to its rows where it has some.
pub fn stats(items: &[Stat<'_>]) -> Markup {
    html! {
        div.stats {
            @for item in items {
                @let tone = item.tone.map(Tone::class).unwrap_or_default();
                @match item.href {
                    Some(href) => a.stat.(tone) href=(href) { (stat_body(item)) },
                    None => div.stat.(tone) { (stat_body(item)) },
                }
            }
        }
    }
}

fn stat_body(item: &Stat<'_>) -> Markup {
    html! {
        span.stat-label { (item.label) }
        span.stat-value { (item.value) @if !item.unit.is_empty() { small { (item.unit) } } }
        @if !item.trend.is_empty() { (sparkline(item.trend, &format!("{}走势", item.label))) }
        @if !item.note.is_empty() { span.stat-note { (item.note) } }
    }
}

/// How far something is, as a bar with its figures; a total of 0 draws an empty bar.
pub fn progress(done: u64, total: u64, tone: Tone) -> Markup {
    let percent = (done.min(total) * 100 + total / 2)
        .checked_div(total)
        .unwrap_or(0);
    html! {
        span.progress.(tone.class()) {
            span.bar aria-hidden="true" { span style={ "width:" (percent) "%" } {} }
            span.figures { (done) "/" (total) }
        }
    }
}

/// What to show instead of an empty list: why it is empty and what to do.
pub fn empty(title: &str, text: &str, action: Markup) -> Markup {
    html! { div.empty { strong { (title) } p { (text) } (action) } }
}

/// A note inside the page; `Bad` and `Late` are announced at once.
pub fn callout(tone: Tone, title: &str, body: Markup) -> Markup {
    let role = if matches!(tone, Tone::Bad | Tone::Late) {
        "alert"
    } else {
        "note"
    };
    html! {
        div.callout.(tone.class()) role=(role) {
            @if !title.is_empty() { strong { (title) } }
            div { (body) }
        }
    }
}

/// Labels and values of one record, in two columns, in one where it is narrow.
pub fn descriptions<L: AsRef<str>>(items: &[(L, Markup)]) -> Markup {
    html! {
        dl.descriptions {
            @for (label, value) in items {
                div { dt { (label.as_ref()) } dd { (value) } }
            }
        }
    }
}

/// One entry of a record's history, see [`timeline`].
#[derive(Clone, Debug, Default)]
pub struct Happening {
    /// When, already in local words, for example 11-16 09:32.
    pub when: String,
    pub who: String,
    /// The step taken, for example 复查通过.
    pub step: String,
    pub note: String,
    pub tone: Tone,
    /// What changed, as a table or list; empty markup shows nothing.
    pub detail: Option<Markup>,
}

/// The history of a record, newest or oldest first as given.
pub fn timeline(items: &[Happening]) -> Markup {
    html! {
        ol.timeline {
            @for item in items {
                li.(item.tone.class()) {
                    p { strong { (item.step) } span { (item.who) } time { (item.when) } }
                    @if !item.note.is_empty() { p.note { (item.note) } }
                    @if let Some(detail) = &item.detail {
                        details { summary { "变更内容" } (detail) }
                    }
                }
            }
        }
    }
}

/// Where in a long list this page stands.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pager {
    /// From 1.
    pub page: u64,
    pub per_page: u64,
    pub total: u64,
}

/// Links to the pages of a list; `href` gives the address of a page from its number.
pub fn pagination(pager: Pager, href: impl Fn(u64) -> String) -> Markup {
    let per_page = pager.per_page.max(1);
    let pages = pager.total.div_ceil(per_page).max(1);
    let page = pager.page.clamp(1, pages);
    let first = if pager.total == 0 {
        0
    } else {
        (page - 1) * per_page + 1
    };
    let last = (page * per_page).min(pager.total);
    let near = |n: u64| n == 1 || n == pages || n.abs_diff(page) <= 1;
    html! {
        nav.pager aria-label="分页" {
            span { "第 " (first) "–" (last) " 条，共 " (pager.total) " 条" }
            @if pages > 1 {
                ol {
                    @if page > 1 { li { a href=(href(page - 1)) rel="prev" { "上一页" } } }
                    @for n in (1..=pages).filter(|&n| near(n)) {
                        @if n > 1 && !near(n - 1) { li aria-hidden="true" { "…" } }
                        li { a href=(href(n)) aria-current=[(n == page).then_some("page")] { (n) } }
                    }
                    @if page < pages { li { a href=(href(page + 1)) rel="next" { "下一页" } } }
                }
            }
        }
    }
}
