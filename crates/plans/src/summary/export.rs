//! A summary as a file: Word and PDF as an official document, figures as plain text.
use super::draft::{Body, Row, Shape, Table};
use super::markup::plain;
use super::read::{self, Kept, Summary};
use crate::standing::State;
use axum::extract::Path;
use axum::response::Response;
use chrono::Datelike;
use kernel::app::Scope;
use kernel::clock::local;
use kernel::error::Result;
use kernel::http::{DOCX, PDF, download};
use kernel::register::field::ChoiceList;
use kernel::register::web::{off_thread, pdf as press};
use print::{Block, Official, Template};
use uuid::Uuid;

/// GET /summaries/{id}/export.docx
pub async fn docx(scope: Scope, Path(id): Path<Uuid>) -> Result<Response> {
    let (name, data) = document(&scope, id).await?;
    let bytes = off_thread(move || print::docx_official(&data)).await?;
    Ok(download(&format!("{name}.docx"), DOCX, bytes))
}

/// GET /summaries/{id}/export.pdf
pub async fn pdf(scope: Scope, Path(id): Path<Uuid>) -> Result<Response> {
    let (name, data) = document(&scope, id).await?;
    let bytes = press(&scope, Template::Official, data).await?;
    Ok(download(&format!("{name}.pdf"), PDF, bytes))
}

/// The summary's title and its content in the shape of an official document.
async fn document(scope: &Scope, id: Uuid) -> Result<(String, serde_json::Value)> {
    let (summary, _) = read::get(scope, id).await?;
    let organ = read::snapshot(scope, id).await?.organ;
    let blocks = read::blocks(scope, id).await?;
    let document = official(&summary, organ, &blocks);
    let data = serde_json::to_value(&document).map_err(anyhow::Error::from)?;
    Ok((summary.title, data))
}

/// The document of a summary. It is dated on the day it was settled, before that on the day of its figures.
pub fn official(summary: &Summary, organ: String, blocks: &[Kept]) -> Official {
    let day = local(if summary.is_final {
        summary.updated_at
    } else {
        summary.frozen_at
    })
    .date();
    let mut tables = 0;
    Official {
        title: summary.title.clone(),
        blocks: blocks
            .iter()
            .filter(|b| b.anchor != "title")
            .flat_map(|b| printed(b, &mut tables))
            .collect(),
        signer: Some(organ),
        date: Some(format!("{}年{}月{}日", day.year(), day.month(), day.day())),
        ..Official::default()
    }
}

fn printed(kept: &Kept, tables: &mut usize) -> Vec<Block> {
    let text = plain(kept.text());
    match &kept.draft {
        Body::Heading { .. } if text.trim().is_empty() => vec![],
        Body::Heading { level, .. } => vec![Block::Heading { level: *level, text }],
        Body::Text(_) => text
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| Block::Paragraph {
                text: line.to_owned(),
                runs: vec![],
            })
            .collect(),
        Body::Table(table) if table.rows.is_empty() => vec![],
        Body::Table(table) => {
            *tables += 1;
            vec![printed_table(table, *tables)]
        }
    }
}

fn printed_table(table: &Table, number: usize) -> Block {
    let (name, headers, widths): (_, &[&str], &[f64]) = match table.shape {
        Shape::Results => (
            "承诺完成情况",
            &["承诺", "约定", "实际", "状态", "责任", "记录"],
            &[9.0, 6.3, 11.2, 4.9, 5.9, 4.9],
        ),
        Shape::Coming => (
            "下阶段继续落实的承诺",
            &["承诺", "约定", "目前", "预计到期", "期限", "责任"],
            &[9.0, 6.3, 11.2, 5.0, 4.9, 5.8],
        ),
    };
    let cells = |row: &Row| match table.shape {
        Shape::Results => vec![
            row.title.clone(),
            row.promise.clone(),
            row.actual.clone(),
            state_words(row).to_owned(),
            row.who.clone(),
            row.source.clone(),
        ],
        Shape::Coming => vec![
            row.title.clone(),
            row.promise.clone(),
            row.actual.clone(),
            row.forecast.clone(),
            row.due.clone(),
            row.who.clone(),
        ],
    };
    Block::Table {
        caption: Some(format!("表{number}　{name}")),
        headers: headers.iter().map(|h| (*h).to_owned()).collect(),
        rows: table.rows.iter().map(cells).collect(),
        widths: widths.to_vec(),
    }
}

/// The state of a row in words; a result that was reached before has none of its own.
pub fn state_words(row: &Row) -> &'static str {
    state_of(row).map_or("已有结果", ChoiceList::label)
}

/// The state of a row.
pub fn state_of(row: &Row) -> Option<State> {
    row.state.as_deref().and_then(crate::model::decode)
}
