//! Adding a commitment by selecting text (选中文字添加). The offsets decide; the words are read again from the text.
use super::import::{Suggester, from_selection, term_of};
use super::{open_plan, review, suggest};
use crate::model::{Commitment, Kind, Plan, Status, decode};
use crate::store;
use axum::Form;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::app::Scope;
use kernel::error::{Error, Result};
use serde::Deserialize;
use uuid::Uuid;

/// Most characters of a selection.
const LONGEST_SELECTION: usize = 500;

/// What the selection posts: code points of the plan's text.
#[derive(Deserialize)]
pub struct Selection {
    start: usize,
    end: usize,
    kind: String,
}

/// POST /plans/{id}/add
pub async fn add(
    scope: Scope,
    Path(plan): Path<Uuid>,
    headers: HeaderMap,
    Form(selection): Form<Selection>,
) -> Result<Response> {
    let plan = open_plan(&scope, plan).await?;
    let kind =
        decode::<Kind>(&selection.kind).ok_or_else(|| Error::invalid("kind", "请选择指标、例行或任务"))?;
    let added = add_selection(&scope, &plan, kind, selection.start, selection.end).await?;
    if super::decide::wants_fragment(&headers) {
        let shown = review::Shown {
            edit: Some(added.id),
            ..review::Shown::default()
        };
        return Ok(review::render(&scope, &plan, shown).await?.into_response());
    }
    let to = format!("/plans/{}/review?edit={}#card-{}", plan.id, added.id, added.id);
    Ok(Redirect::to(&to).into_response())
}

/// Adds what the selection says. The same stretch added twice is the same commitment; a rejected one comes back.
pub async fn add_selection(
    scope: &Scope,
    plan: &Plan,
    kind: Kind,
    start: usize,
    end: usize,
) -> Result<Commitment> {
    let body = store::body(scope, plan.text_id()).await?;
    let (start, quote) = stretch(&body, start, end)?;
    let all = store::commitments(scope, plan.id).await?;
    let last = start + quote.chars().count() as i64;
    let known = all
        .into_iter()
        .find(|c| c.kind == kind && c.start == start && c.end == last);
    if let Some(old) = known {
        if old.status != Status::Rejected {
            return Ok(old);
        }
        let new = Commitment {
            status: Status::Suggested,
            ..old.clone()
        };
        store::save(scope, &old, &new, "恢复", None).await?;
        return Ok(new);
    }
    let sections = store::sections(scope, plan.text_id()).await?;
    let units = suggest::units(scope).await?;
    let (_, term) = term_of(scope, plan).await?;
    let reader = Suggester {
        scope,
        plan,
        term: &term,
        units: &units,
    };
    let added = from_selection(&reader, kind, &quote, start, &sections);
    store::add(scope, &added).await?;
    Ok(added)
}

/// The selected words without white space around them, and where they begin.
fn stretch(body: &str, start: usize, end: usize) -> Result<(i64, String)> {
    if start >= end || end - start > LONGEST_SELECTION {
        let words = format!("请选中一段不超过 {LONGEST_SELECTION} 字的文字");
        return Err(Error::invalid("start", words));
    }
    let chosen: Vec<char> = body.chars().skip(start).take(end - start).collect();
    if chosen.len() < end - start {
        return Err(Error::invalid("end", "选中的位置超出了原文，请刷新页面后重选"));
    }
    let lead = chosen.iter().take_while(|c| c.is_whitespace()).count();
    let words: String = chosen.iter().collect();
    let words = words.trim();
    if words.is_empty() {
        return Err(Error::invalid("start", "选中的是空白，请选中写有承诺的文字"));
    }
    Ok(((start + lead) as i64, words.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selection_is_read_from_the_text_by_code_points() {
        let body = "一、目标\r\n　　家访率100%，。";
        assert_eq!(stretch(body, 6, 16).unwrap(), (8, "家访率100%，".into()));
        for (start, end) in [(3, 3), (5, 4), (0, 900), (10, 40), (4, 8)] {
            assert!(stretch(body, start, end).is_err(), "{start}..{end}");
        }
    }
}
