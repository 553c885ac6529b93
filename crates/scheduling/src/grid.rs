//! A week drawn as a table: days across, periods down.
use kernel::page;
use maud::{Markup, html};

/// Names of the days, from Monday.
pub const DAYS: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];

/// A week to be drawn.
pub struct Week {
    /// What it is, for those who cannot see it.
    pub caption: String,
    /// The head of each column.
    pub heads: Vec<Markup>,
    /// The head of each row.
    pub periods: Vec<Markup>,
    /// What stands in each cell, by column and row.
    pub cells: Vec<Vec<Vec<Markup>>>,
    /// Marks of each cell for scripts, by column and row; empty when there are none.
    pub slots: Vec<Vec<usize>>,
}

impl Week {
    /// An empty one.
    pub fn new(caption: String, heads: Vec<Markup>, periods: Vec<Markup>) -> Week {
        let cells = vec![vec![vec![]; periods.len()]; heads.len()];
        Week {
            caption,
            heads,
            periods,
            cells,
            slots: vec![],
        }
    }

    /// Adds something to a cell, if there is such a cell.
    pub fn add(&mut self, column: usize, row: usize, what: Markup) {
        if let Some(cell) = self.cells.get_mut(column).and_then(|column| column.get_mut(row)) {
            cell.push(what);
        }
    }

    /// The table.
    pub fn draw(&self) -> Markup {
        html! { div.timetable { (page::table(
            &self.caption,
            page::Narrow::Scroll,
            html! { tr { (page::th("节次")) @for head in &self.heads { th scope="col" { (head) } } } },
            html! { @for (row, period) in self.periods.iter().enumerate() { tr {
                th scope="row" { (period) }
                @for (column, cells) in self.cells.iter().enumerate() {
                    @let slot = self.slots.get(column).and_then(|slots| slots.get(row));
                    td data-slot=[slot] { @for cell in &cells[row] { (cell) } }
                }
            } } },
        )) } }
    }
}

/// A lesson in a cell: the course large, the rest small.
pub fn lesson(course: &str, rest: &[&str], again: bool) -> Markup {
    html! { div.lesson.again[again] {
        strong { (course) }
        @if !again { @for text in rest.iter().filter(|text| !text.is_empty()) { small { (text) } } }
    } }
}

/// A lesson with what is said of its date: who stands in, from where it was moved.
pub fn noted(lesson: Markup, note: Option<&str>) -> Markup {
    html! { (lesson) @if let Some(note) = note { div.lesson-note { (note) } } }
}

/// A lesson of the timetable that is not held on this date.
pub fn lost(course: &str, why: &str) -> Markup {
    html! { div.lesson.lost { s { (course) } small { (why) } } }
}
