//! Tables of records: scrolling inside themselves, sortable heads, filters, column choice.

use maud::{Markup, html};

use super::{Icon, icon};

/// What a table does where it is narrow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Narrow {
    /// Keeps its columns and scrolls sideways inside its own frame.
    #[default]
    Scroll,
    /// Turns every row into a card; its cells come from [`td`] so that they carry their label.
    Cards,
}

/// A table of records. `head` and `body` hold `tr`s; rows come from [`row`] where they open something.
pub fn table(caption: &str, narrow: Narrow, head: Markup, body: Markup) -> Markup {
    let class = if narrow == Narrow::Cards {
        "cards"
    } else {
        "scrolls"
    };
    html! {
        div.table-wrap.(class) tabindex="0" role="region" aria-label=(caption) {
            table.grid.(class) {
                caption.sr { (caption) }
                thead { (head) }
                tbody data-rows="" { (body) }
            }
        }
    }
}

/// A row that opens `href`: j and k move to it, Enter or a click on free space follows it.
///
/// The first cell should hold the same address as a link, for people without a mouse or JavaScript.
pub fn row(href: &str, cells: Markup) -> Markup {
    html! { tr data-href=(href) tabindex="-1" { (cells) } }
}

/// A cell that knows its column's label, see [`Narrow::Cards`].
pub fn td(label: &str, content: Markup) -> Markup {
    html! { td data-label=(label) { (content) } }
}

/// A right-aligned cell with a figure.
pub fn td_num(label: &str, figure: impl std::fmt::Display) -> Markup {
    html! { td.num data-label=(label) { (figure) } }
}

/// A cell with a date or another short text that must not break.
pub fn td_date(label: &str, content: Markup) -> Markup {
    html! { td.date data-label=(label) { (content) } }
}

/// The last cell of a row, with its buttons; left out on paper. Its head is [`th_actions`].
pub fn td_actions(buttons: Markup) -> Markup {
    html! { td.row-actions { (buttons) } }
}

/// The head over [`td_actions`].
pub fn th_actions() -> Markup {
    html! { th.row-actions scope="col" { "操作" } }
}

/// How a column is sorted now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sorted {
    #[default]
    No,
    Up,
    Down,
}

/// A column head that sorts by a click; `href` is the address of the list sorted the other way.
pub fn sort_th(label: &str, href: &str, sorted: Sorted) -> Markup {
    let (state, arrow) = match sorted {
        Sorted::No => ("none", ""),
        Sorted::Up => ("ascending", "▲"),
        Sorted::Down => ("descending", "▼"),
    };
    html! {
        th scope="col" aria-sort=(state) {
            a.sort href=(href) { (label) span.arrow aria-hidden="true" { (arrow) } }
        }
    }
}

/// A column head.
pub fn th(label: &str) -> Markup {
    html! { th scope="col" { (label) } }
}

/// A column head over figures.
pub fn th_num(label: &str) -> Markup {
    html! { th.num scope="col" { (label) } }
}

/// The filters of a list.
#[derive(Clone, Debug, Default)]
pub struct FilterBar<'a> {
    /// The list's own address.
    pub action: &'a str,
    /// The search text, or `None` where the list has no search.
    pub query: Option<&'a str>,
    /// For example 姓名、拼音首字母、学号.
    pub placeholder: &'a str,
    /// Fields made by the form controls; changing a select, a date or a box submits the form.
    pub fields: Option<Markup>,
    /// How many filters are set, shown where they are folded away.
    pub active: usize,
    /// Parameters to keep, such as the sort order.
    pub hidden: &'a [(&'a str, &'a str)],
    /// The id of the element that a filter replaces by the same element of the answer;
    /// `None` loads the whole page.
    pub target: Option<&'a str>,
}

/// The filter bar above a list; on a phone the fields fold behind a button.
pub fn filter_bar(bar: &FilterBar<'_>) -> Markup {
    let target = bar.target.map(|id| format!("#{id}"));
    let toggle = format!("{}-filter-toggle", bar.target.unwrap_or("page"));
    html! {
        form.filters role="search" method="get" action=(bar.action) data-autosubmit=""
            hx-get=[bar.target.map(|_| bar.action)] hx-target=[target.as_deref()] hx-select=[target.as_deref()]
            hx-swap=[bar.target.map(|_| "outerHTML")] hx-push-url=[bar.target.map(|_| "true")] {
            @for (name, value) in bar.hidden { input type="hidden" name=(name) value=(value); }
            @if let Some(query) = bar.query {
                div.filter-search {
                    (icon(Icon::Search))
                    input type="search" name="q" value=(query) placeholder=(bar.placeholder) aria-label=(bar.placeholder) autocomplete="off";
                }
            }
            @if let Some(fields) = &bar.fields {
                input.sr.filter-toggle id=(toggle) type="checkbox" autocomplete="off" aria-label="展开筛选";
                label.button.plain.filter-button for=(toggle) aria-hidden="true" {
                    (icon(Icon::Filter)) "筛选" @if bar.active > 0 { span.count { (bar.active) } }
                }
                div.filter-fields { (fields) }
            }
            button.button.plain.filter-go type="submit" { "查询" }
            @if bar.active > 0 { a.button.quiet href=(bar.action) { "清除筛选" } }
        }
    }
}

/// One column that can be shown or hidden, see [`column_chooser`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Column<'a> {
    pub key: &'a str,
    pub label: &'a str,
    pub shown: bool,
}

/// A menu with a box per column; submits the list's address with one `col` per shown column.
pub fn column_chooser(action: &str, columns: &[Column<'_>], hidden: &[(&str, &str)]) -> Markup {
    html! {
        div.button-menu {
            details.dropdown {
                summary { (icon(Icon::Columns)) "列" (icon(Icon::ChevronDown)) }
                form.menu.columns method="get" action=(action) {
                    @for (name, value) in hidden { input type="hidden" name=(name) value=(value); }
                    @for column in columns {
                        label.check {
                            input type="checkbox" name="col" value=(column.key) checked[column.shown];
                            (column.label)
                        }
                    }
                    button.button.plain type="submit" { "应用" }
                }
            }
        }
    }
}
