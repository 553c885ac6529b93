//! The heat map: units against weeks, as a table that reads without its colours.

use maud::{Markup, html};

/// What the colours of a heat map say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HeatScale {
    /// 0 nothing done … 4 all done: from vermilion through ochre to green.
    #[default]
    Progress,
    /// 0 little … 4 much: from paper to indigo.
    Load,
}

/// One cell; [`HeatCell::share`] builds the usual one.
#[derive(Clone, Debug, Default)]
pub struct HeatCell {
    /// 0 to 4, or `None` where nothing was due.
    pub level: Option<u8>,
    /// What stands in the cell, at most four characters.
    pub text: String,
    /// The whole sentence, for the pointer and for screen readers.
    pub label: String,
    pub href: Option<String>,
}

impl HeatCell {
    /// A cell for `done` of `due`; nothing due gives an empty cell.
    pub fn share(done: u32, due: u32) -> HeatCell {
        if due == 0 {
            return HeatCell {
                label: "无应办".into(),
                ..HeatCell::default()
            };
        }
        let level = match done.min(due) * 100 / due {
            100 => 4,
            75..100 => 3,
            50..75 => 2,
            1..50 => 1,
            _ => 0,
        };
        HeatCell {
            level: Some(level),
            text: format!("{done}/{due}"),
            label: format!("应办 {due}，已办 {done}"),
            href: None,
        }
    }
}

/// One line of a heat map.
#[derive(Clone, Debug, Default)]
pub struct HeatRow {
    pub label: String,
    pub href: Option<String>,
    pub cells: Vec<HeatCell>,
}

/// A heat map.
#[derive(Clone, Debug, Default)]
pub struct HeatMap<'a> {
    pub caption: &'a str,
    /// The head over the row labels, for example 部门.
    pub corner: &'a str,
    pub columns: &'a [String],
    pub rows: &'a [HeatRow],
    pub scale: HeatScale,
    /// The column that is now, marked in its head.
    pub current: Option<usize>,
}

/// The heat map with its key below; it scrolls sideways, the row labels stay.
pub fn heat_map(map: &HeatMap<'_>) -> Markup {
    let (class, key): (&str, [&str; 5]) = match map.scale {
        HeatScale::Progress => (
            "heat-progress",
            ["未办", "不足半数", "过半", "大部分", "全部办结"],
        ),
        HeatScale::Load => ("heat-load", ["很少", "较少", "中等", "较多", "很多"]),
    };
    html! {
        div.heat.(class) {
            div.table-wrap.scrolls tabindex="0" role="region" aria-label=(map.caption) {
                table {
                    caption.sr { (map.caption) }
                    thead {
                        tr {
                            th scope="col" { (map.corner) }
                            @for (index, column) in map.columns.iter().enumerate() {
                                th scope="col" .now[map.current == Some(index)] { (column) }
                            }
                        }
                    }
                    tbody {
                        @for row in map.rows {
                            tr {
                                th scope="row" {
                                    @match &row.href { Some(href) => a href=(href) { (row.label) }, None => (row.label) }
                                }
                                @for (index, cell) in row.cells.iter().enumerate() {
                                    (heat_cell(cell, map.columns.get(index)))
                                }
                            }
                        }
                    }
                }
            }
            ul.heat-key aria-hidden="true" {
                @for (level, text) in key.iter().enumerate() { li { span.{ "h" (level) } {} (text) } }
                li { span.none {} "无应办" }
            }
        }
    }
}

fn heat_cell(cell: &HeatCell, column: Option<&String>) -> Markup {
    let level = cell
        .level
        .map_or("none".into(), |level| format!("h{}", level.min(4)));
    let column = column.map(String::as_str).unwrap_or_default();
    let title = format!("{column} {}", cell.label);
    let content = html! { span aria-hidden="true" { (cell.text) } span.sr { (cell.label) } };
    html! {
        td.(level) title=(title) {
            @match &cell.href { Some(href) => a href=(href) { (content) }, None => (content) }
        }
    }
}
