//! Chinese plan text read into sections and commitments (工作计划阅读). Pure: text in, values out.
//!
//! [`text_of`] turns a file's bytes into text; [`read`] turns text into a [`Document`]. The grammar is
//! documented rule by rule in `docs/plan-grammar.md`; the rules carry the same names here:
//! tokens in [`lex`](self) (数 量 期 频), the tree (条), the head (头), tense (时), comparators (比),
//! targets and results (指 增 列 非), duties (例), vague duties (泛), tasks (任), zero goals (零).

mod head;
mod lex;
mod lexicon;
pub mod likeness;
mod model;
mod outline;
mod reading;
mod rules;
mod source;
mod view;

pub use model::{Basis, Commitment, Document, DocumentKind, Every, Kind, Op, Period, ReadError, Section};
pub use source::{MAX_BYTES, text_of};

use lexicon::Class;
use reading::Reading;
use std::collections::HashSet;

/// Reads a text. Offsets in the result are Unicode code points of `text` exactly as given.
///
/// # Errors
/// [`ReadError::Empty`] for nothing but white space, [`ReadError::TooLarge`] over 10 MB,
/// [`ReadError::NotAPlan`] when it is not Chinese or has none of the words of a plan.
pub fn read(text: &str) -> Result<Document, ReadError> {
    if text.len() > MAX_BYTES {
        return Err(ReadError::TooLarge("文字"));
    }
    let reading = Reading::new(text);
    if reading.view.len() == 0 || reading.lines.is_empty() {
        return Err(ReadError::Empty);
    }
    let chinese = reading
        .view
        .ch
        .iter()
        .filter(|c| ('\u{4e00}'..='\u{9fff}').contains(*c))
        .count();
    if chinese < 4 || chinese * 5 < reading.view.len() {
        return Err(ReadError::NotAPlan("汉字太少"));
    }
    let commitments = rules::all(&reading);
    let vocabulary: HashSet<String> = reading
        .marks
        .within(0, reading.view.len(), Class::PlanWord)
        .take(200)
        .map(|m| reading.view.text(m.start as usize, m.end as usize))
        .collect();
    if vocabulary.is_empty() || (vocabulary.len() < 2 && commitments.is_empty()) {
        return Err(ReadError::NotAPlan(
            "没有工作、教学、学生等计划用语，也没有指标、例行或任务",
        ));
    }
    Ok(Document {
        title: reading.head.title.clone(),
        unit: reading.head.unit.clone(),
        period: reading.head.period.clone(),
        sections: outline::sections(&reading.view, &reading.lines),
        commitments,
    })
}
