//! Pictures of numbers: an ECharts picture with its table, and a line small enough for a row.

use std::fmt::Write as _;

use maud::{Markup, PreEscaped, html};
use serde_json::Value;

/// A picture with its numbers in a table behind it.
///
/// `option` is an ECharts option without colours and fonts: the page's theme gives them. The table
/// opens without JavaScript, opens by itself where the picture cannot be drawn, and is printed with it.
pub fn chart(id: &str, title: &str, option: &Value, table: Markup) -> Markup {
    html! {
        figure.chart id=(id) {
            figcaption { (title) }
            div.canvas data-chart={ (id) "-option" } role="img" aria-label={ (title) "，数据见下表" } {}
            script id={ (id) "-option" } type="application/json" { (PreEscaped(json_in_html(option))) }
            details.chart-table { summary { "数据表" } (table) }
        }
    }
}

/// JSON that cannot end the script element around it.
fn json_in_html(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c")
}

/// A simple table of figures for [`chart`]: the first head stands over the row labels.
pub fn figures<H: AsRef<str>, L: AsRef<str>>(heads: &[H], rows: &[(L, Vec<String>)]) -> Markup {
    html! {
        div.table-wrap.scrolls {
            table.grid {
                thead {
                    tr {
                        @for (index, head) in heads.iter().enumerate() {
                            th scope="col" .num[index > 0] { (head.as_ref()) }
                        }
                    }
                }
                tbody {
                    @for (label, cells) in rows {
                        tr { th scope="row" { (label.as_ref()) } @for cell in cells { td.num { (cell) } } }
                    }
                }
            }
        }
    }
}

const SPARK_WIDTH: f64 = 72.0;
const SPARK_HEIGHT: f64 = 18.0;

/// The course of a few values as a line; fewer than two values draw nothing.
pub fn sparkline(values: &[f64], label: &str) -> Markup {
    let finite: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    if finite.len() < 2 {
        return html! {};
    }
    let low = finite.iter().copied().fold(f64::INFINITY, f64::min);
    let high = finite.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let span = if high > low { high - low } else { 1.0 };
    let step = (SPARK_WIDTH - 4.0) / (finite.len() - 1) as f64;
    let place = |index: usize, value: f64| {
        let x = 2.0 + step * index as f64;
        let y = if high > low {
            2.0 + (SPARK_HEIGHT - 4.0) * (high - value) / span
        } else {
            SPARK_HEIGHT / 2.0
        };
        (x, y)
    };
    let mut path = String::new();
    for (index, &value) in finite.iter().enumerate() {
        let (x, y) = place(index, value);
        let verb = if index == 0 { 'M' } else { 'L' };
        write!(path, "{verb}{x:.1} {y:.1}").expect("writing to memory");
    }
    let (x, y) = place(finite.len() - 1, finite[finite.len() - 1]);
    html! {
        svg.spark viewBox={ "0 0 " (SPARK_WIDTH) " " (SPARK_HEIGHT) } role="img" aria-label=(label) {
            path d=(path) {}
            circle cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="2" {}
        }
    }
}
