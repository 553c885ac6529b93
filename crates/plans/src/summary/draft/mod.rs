//! From a snapshot to the draft of a summary (自动稿): pure and the same every time.
//!
//! Every block has an anchor that stays the same from one snapshot to the next, so that a hand edit finds its place
//! again. Every figure in a text is a link, see [`super::markup`].
mod closing;
mod phrase;
mod section;
#[cfg(test)]
mod tests;

use super::snapshot::{Item, Snapshot};
use crate::model::{Kind, plain};
use crate::standing::State;
use chrono::NaiveDate;
use phrase::{date, date_in, standing};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One piece of a summary.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// Its lasting name: `intro`, `section:<id>:text`, `problem:<commitment>` …
    pub anchor: String,
    /// What it is.
    pub body: Body,
}

/// What a block is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Body {
    /// A heading; level 0 is the title, 1 is 一、, 2 is （一）.
    Heading {
        /// Its level.
        level: u8,
        /// Number and words.
        text: String,
    },
    /// Paragraphs, one a line.
    Text(String),
    /// A table of commitments.
    Table(Table),
}

/// A table of commitments.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Which columns it has.
    pub shape: Shape,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// Which columns a table has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// 承诺 约定 实际 状态 责任 记录
    Results,
    /// 承诺 约定 目前 预计到期 期限 责任
    Coming,
}

/// A commitment in a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The commitment.
    pub id: Uuid,
    /// 承诺
    pub title: String,
    /// 约定
    pub promise: String,
    /// 实际
    pub actual: String,
    /// 状态; none for a result that was reached before.
    pub state: Option<String>,
    /// 预计到期
    pub forecast: String,
    /// 期限
    pub due: String,
    /// 责任
    pub who: String,
    /// 记录: where the figure comes from.
    pub source: String,
    /// The address of the rows.
    pub rows: Option<String>,
}

impl Row {
    fn of(item: &Item, to: NaiveDate) -> Row {
        use kernel::register::field::ChoiceList;
        let actual = match (&item.figure, item.done_on) {
            (None, Some(day)) => format!("{}完成", date_in(day, to)),
            (None, None) if item.kind == Kind::Task => "未完成".into(),
            _ => item.actual().to_owned(),
        };
        let actual = match &item.figure {
            Some(figure) if figure.day < to && item.source != "手工填报" => {
                format!("{actual}，{}数", date_in(figure.day, to))
            }
            _ => actual,
        };
        Row {
            id: item.id,
            title: item.title.clone(),
            promise: phrase::promise(item, to),
            actual,
            state: item.promised().then(|| item.state.code().to_owned()),
            forecast: phrase::forecast(item).unwrap_or_else(|| "—".into()),
            due: date_in(item.due, to),
            who: phrase::who(item),
            source: item.source.clone(),
            rows: item.rows.clone(),
        }
    }
}

/// The id of a block's element on the page.
pub fn element(anchor: &str) -> String {
    format!("b-{}", anchor.replace(':', "-"))
}

/// The draft.
pub fn blocks(snapshot: &Snapshot) -> Vec<Block> {
    let mut blocks = vec![heading("title", 0, title(snapshot)), intro(snapshot)];
    for (at, part) in snapshot.parts.iter().enumerate() {
        section::write(snapshot, part, at + 1, &mut blocks);
    }
    closing::write(snapshot, snapshot.parts.len() + 1, &mut blocks);
    blocks
}

fn heading(anchor: impl Into<String>, level: u8, text: String) -> Block {
    Block {
        anchor: anchor.into(),
        body: Body::Heading { level, text },
    }
}

fn text(anchor: impl Into<String>, lines: &[String]) -> Block {
    Block {
        anchor: anchor.into(),
        body: Body::Text(lines.join("\n")),
    }
}

fn table<'a>(
    anchor: impl Into<String>,
    shape: Shape,
    items: impl Iterator<Item = &'a Item>,
    to: NaiveDate,
) -> Block {
    let rows = items.map(|item| Row::of(item, to)).collect();
    Block {
        anchor: anchor.into(),
        body: Body::Table(Table { shape, rows }),
    }
}

/// 工作计划 becomes 工作总结, or 阶段工作总结 while the term still runs.
fn title(snapshot: &Snapshot) -> String {
    let word = if snapshot.to < snapshot.term_to {
        "阶段工作总结"
    } else {
        "工作总结"
    };
    let (head, tail) = match snapshot.title.rsplit_once("计划") {
        Some((head, tail)) => (head, tail),
        None => (snapshot.title.as_str(), ""),
    };
    format!("{}{word}{tail}", head.trim_end_matches("工作"))
}

fn intro(snapshot: &Snapshot) -> Block {
    let counts = super::snapshot::Counts::of(snapshot.items());
    let board = format!("/board?plan={}", snapshot.plan);
    let to = date_in(snapshot.to, snapshot.from);
    let all = super::markup::link(&format!("{}项", counts.all), &board);
    let mut lines = vec![format!(
        "{}以来，{}围绕《{}》确定的{all}承诺组织实施。本总结的期间为{}至{to}，数字取自台账和填报记录。",
        snapshot.term,
        snapshot.organ,
        snapshot.title,
        date(snapshot.from),
    )];
    let states = standing(&counts, |state: State| {
        use kernel::register::field::ChoiceList;
        format!("{board}&state={}", state.code())
    });
    let mut sums = format!("截至{to}，{states}。");
    if let Some(share) = counts.duty_share() {
        let link = |words: String| super::markup::link(&words, "/duties");
        sums.push_str(&format!(
            "例行工作应办{}、已办{}，完成率{}。",
            link(format!("{}次", counts.owed)),
            link(format!("{}次", counts.done)),
            link(format!("{}%", plain(share)))
        ));
    }
    sums.push_str("现将有关情况总结如下。");
    lines.push(sums);
    text("intro", &lines)
}
