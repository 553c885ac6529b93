//! The plan itself (计划全文): a document to read, to print, and to take away as a Word file or PDF.
use crate::model::{Commitment, Plan, PlanState, Section, Status};
use crate::store;
use crate::wizard::{HERE, mark_kind, mark_state, marked, state_tone};
use axum::extract::{Path, Query};
use axum::response::Response;
use kernel::app::Scope;
use kernel::error::Result;
use kernel::frame::{self, Frame};
use kernel::http::{DOCX, Gate, PDF, Routes, download};
use kernel::page::{self, Review, Tone};
use kernel::register::field::ChoiceList;
use kernel::register::web;
use maud::{Markup, html};
use print::{Block, Official, Template};
use serde::Deserialize;
use uuid::Uuid;

/// Routes of the document.
pub fn routes() -> Routes {
    Routes::new()
        .get("/plans/{id}", Gate::Login, page)
        .get("/plans/{id}/plan.pdf", Gate::Login, pdf)
        .get("/plans/{id}/plan.docx", Gate::Login, docx)
}

/// `?done=`
#[derive(Deserialize)]
pub struct Done {
    done: Option<String>,
}

/// GET /plans/{id}
pub async fn page(scope: Scope, Path(id): Path<Uuid>, Query(done): Query<Done>) -> Result<Markup> {
    let plan = store::plan(&scope, id).await?;
    let body = store::body(&scope, plan.text_id()).await?;
    let sections = store::sections(&scope, plan.text_id()).await?;
    let accepted: Vec<Commitment> = store::commitments(&scope, id)
        .await?
        .into_iter()
        .filter(|c| c.status == Status::Accepted)
        .collect();
    let calendar = kernel::term::load(&scope).await?;
    let term = calendar.term(plan.term).map(|t| t.name()).unwrap_or_default();
    let note = match plan.version {
        0 => format!("{term} · 尚未发布"),
        version => format!("{term} · 第{version}版"),
    };
    let badge = page::badge(state_tone(plan.state), plan.state.label());
    let view = Review {
        id: "plan-document",
        add: None,
        text_title: "计划全文",
        text: marked(&body, &sections, &accepted),
        cards_title: "其中的承诺",
        cards: html! {
            div data-rows="" { @for c in &accepted { (card(&plan, c)) } }
            @if accepted.is_empty() { (page::empty("还没有已接受的承诺", "确认承诺之后显示在这里。", html! {})) }
        },
    };
    let content = html! {
        (page::page_header_with(&plan.title, badge, &note, actions(&scope, &plan)))
        (page::review(&view))
    };
    let frame = Frame::new(plan.title.as_str(), HERE)
        .crumb("工作计划", HERE)
        .done(done.done);
    frame::page(&scope, frame, content).await
}

fn actions(scope: &Scope, plan: &Plan) -> Markup {
    let to = |what: &str| format!("/plans/{}/{what}", plan.id);
    let editor = store::may_edit(scope, &plan.path) && scope.actor.holds(store::EDITORS);
    html! {
        (page::print_button())
        (page::link_button("Word", &to("plan.docx"), None, page::Kind::Plain))
        (page::link_button("PDF", &to("plan.pdf"), None, page::Kind::Plain))
        (page::link_button("版本", &to("versions"), None, page::Kind::Plain))
        @if editor && plan.state == PlanState::Published { (page::post_button("开始修订", &to("revise"), page::Kind::Primary)) }
        @if editor && plan.open() { (page::link_button("继续确认", &to("review"), None, page::Kind::Primary)) }
    }
}

fn card(plan: &Plan, c: &Commitment) -> Markup {
    let kind = page::badge(Tone::Info, &format!("{} {}", c.kind.label(), c.promise()));
    page::review_card(
        &c.id.to_string(),
        mark_kind(c.kind),
        mark_state(c.status),
        html! {
            span id={ "c-" (c.id) } {}
            p { strong { (c.title) } " " (kind) }
            @if plan.state == PlanState::Published { div.actions { a href={ "/board/" (c.id) } { "看进展" } } }
        },
    )
}

/// GET /plans/{id}/plan.pdf
pub async fn pdf(scope: Scope, Path(id): Path<Uuid>) -> Result<Response> {
    let (name, data) = official(&scope, id).await?;
    let bytes = web::pdf(&scope, Template::Official, data).await?;
    Ok(download(&format!("{name}.pdf"), PDF, bytes))
}

/// GET /plans/{id}/plan.docx
pub async fn docx(scope: Scope, Path(id): Path<Uuid>) -> Result<Response> {
    let (name, data) = official(&scope, id).await?;
    let bytes = web::off_thread(move || print::docx_official(&data)).await?;
    Ok(download(&format!("{name}.docx"), DOCX, bytes))
}

/// The plan as an official document, with the name of its file.
async fn official(scope: &Scope, id: Uuid) -> Result<(String, serde_json::Value)> {
    let plan = store::plan(scope, id).await?;
    let body = store::body(scope, plan.text_id()).await?;
    let sections = store::sections(scope, plan.text_id()).await?;
    let document = Official {
        title: plan.title.clone(),
        blocks: blocks(&plan.title, &body, &sections),
        ..Official::default()
    };
    let data = serde_json::to_value(&document).map_err(anyhow::Error::from)?;
    Ok((plan.title, data))
}

/// The lines of the text as headings and paragraphs; the title's own lines at the top are left out.
fn blocks(title: &str, body: &str, sections: &[Section]) -> Vec<Block> {
    let squeeze = |words: &str| words.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let title = squeeze(title);
    let mut above = title.as_str();
    let mut blocks = vec![];
    let mut start = 0;
    for line in body.split('\n') {
        let end = start + line.chars().count() as i64;
        let words = line.trim().trim_start_matches('\u{feff}');
        if !words.is_empty() {
            let rest = above.strip_prefix(squeeze(words).as_str());
            match rest {
                Some(rest) if blocks.is_empty() => above = rest,
                _ => blocks.push(block(words, start, end, sections)),
            }
        }
        start = end + 1;
    }
    blocks
}

/// A line is a heading when a titled section begins on it and its heading takes the whole line.
fn block(words: &str, start: i64, end: i64, sections: &[Section]) -> Block {
    let here = sections
        .iter()
        .find(|s| s.start >= start && s.start < end && !s.heading.is_empty());
    match here {
        Some(s) if words.ends_with(s.heading.trim()) && !words.ends_with(['。', '；', '，']) => {
            Block::Heading {
                level: u8::try_from(s.level).unwrap_or(4).clamp(1, 4),
                text: words.to_owned(),
            }
        }
        _ => Block::Paragraph {
            text: words.to_owned(),
            runs: vec![],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(heading: &str, level: i64, start: i64) -> Section {
        Section {
            id: Uuid::nil(),
            position: 0,
            number: String::new(),
            heading: heading.into(),
            level,
            start,
            end: start + 50,
        }
    }

    #[test]
    fn lines_become_headings_and_paragraphs_without_the_title() {
        let body =
            "某校2026年\r\n工作计划\r\n\r\n一、主要目标\r\n（一）安全。隐患整改率95%。\r\n工作计划\r\n";
        let sections = [section("主要目标", 1, 17), section("安全", 2, 25)];
        let plain = |text: &str| Block::Paragraph {
            text: text.into(),
            runs: vec![],
        };
        assert_eq!(
            blocks("某校2026年工作计划", body, &sections),
            [
                Block::Heading {
                    level: 1,
                    text: "一、主要目标".into()
                },
                plain("（一）安全。隐患整改率95%。"),
                plain("工作计划"),
            ]
        );
    }
}
