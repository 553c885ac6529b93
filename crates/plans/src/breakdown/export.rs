//! The breakdown as a workbook: what was handed to whom, and what was not.
use super::page::{Params, lines, without_assignment};
use super::read::{self, Chapter};
use super::{draw, may_assign};
use crate::board::{Names, labels};
use crate::model::Commitment;
use axum::extract::Query;
use axum::response::Response;
use chrono::NaiveDate;
use kernel::app::Scope;
use kernel::error::Result;
use kernel::http::{XLSX, download};
use kernel::register::field::ChoiceList;
use kernel::register::web::off_thread;
use print::{Cell, Column, Kind, Sheet};

/// GET /breakdown/export.xlsx
pub async fn xlsx(scope: Scope, Query(params): Query<Params>) -> Result<Response> {
    let (_, chapters) = read::chapters(&scope, params.plan()).await?;
    let commitments: Vec<Commitment> = lines(&chapters).map(|l| l.commitment.clone()).collect();
    let names = labels(&scope, &commitments).await?;
    let today = scope.today();
    let view = draw::View {
        names: &names,
        today,
        may: may_assign(&scope),
    };
    let mut bare = without_assignment(&chapters, true);
    bare.extend(without_assignment(&chapters, false));
    let mut sheets = vec![
        assigned_sheet(&params.narrow(&chapters, today), &names, today),
        bare_sheet(&bare, &view),
    ];
    if params.uncovered() {
        sheets.reverse();
    }
    let bytes = off_thread(move || print::xlsx_write(&sheets)).await?;
    Ok(download(&format!("责任分解 {today}.xlsx"), XLSX, bytes))
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn columns(of: &[(&str, Kind, f64)]) -> Vec<Column> {
    of.iter()
        .map(|(heading, kind, width)| Column {
            width: *width,
            ..Column::new(*heading, *kind)
        })
        .collect()
}

fn assigned_sheet(chapters: &[Chapter], names: &Names, today: NaiveDate) -> Sheet {
    let mut rows = vec![];
    for chapter in chapters {
        for line in &chapter.lines {
            let c = &line.commitment;
            let start = || vec![text(&chapter.plan_title), text(&chapter.title), text(&c.title)];
            for one in line.assigned.iter().filter(|one| one.open) {
                let mut row = start();
                row.extend([
                    text(&one.item),
                    text(&one.unit.1),
                    text(&one.person),
                    Cell::Date(one.due),
                    text(&one.state),
                    Cell::Int(i64::try_from(one.percent).unwrap_or(0)),
                    text(if one.is_late(today) { "逾期" } else { "" }),
                ]);
                rows.push(row);
            }
            if line.assigned.iter().all(|one| !one.open) {
                let owner = c.owner.and_then(|id| names.get(&id));
                let mut row = start();
                row.extend([
                    Cell::Empty,
                    Cell::Empty,
                    owner.map_or(Cell::Empty, |name| text(name)),
                    c.due_on.map_or(Cell::Empty, Cell::Date),
                    text(line.cover.label()),
                    Cell::Empty,
                    Cell::Empty,
                ]);
                rows.push(row);
            }
        }
    }
    Sheet {
        name: "分解情况".into(),
        title: Some(format!("责任分解情况（{today}）")),
        columns: columns(&[
            ("计划", Kind::Text, 30.0),
            ("部分", Kind::Text, 24.0),
            ("计划条目", Kind::Text, 36.0),
            ("任务事项", Kind::Text, 36.0),
            ("责任部门", Kind::Text, 16.0),
            ("责任人", Kind::Text, 12.0),
            ("完成期限", Kind::Date, 12.0),
            ("状态", Kind::Text, 12.0),
            ("进度%", Kind::Int, 8.0),
            ("是否逾期", Kind::Text, 10.0),
        ]),
        rows,
    }
}

fn bare_sheet(chapters: &[Chapter], view: &draw::View<'_>) -> Sheet {
    let rows = chapters.iter().flat_map(|chapter| {
        chapter.lines.iter().map(|line| {
            let c = &line.commitment;
            vec![
                text(&chapter.plan_title),
                text(&chapter.title),
                text(&c.title),
                text(c.kind.label()),
                text(&c.promise()),
                text(draw::proof(line)),
                text(view.owner(line)),
                text(line.cover.label()),
            ]
        })
    });
    Sheet {
        name: "未分解".into(),
        title: Some("没有分解的计划条目".into()),
        columns: columns(&[
            ("计划", Kind::Text, 30.0),
            ("部分", Kind::Text, 24.0),
            ("计划条目", Kind::Text, 36.0),
            ("类别", Kind::Text, 14.0),
            ("约定", Kind::Text, 16.0),
            ("数据来源", Kind::Text, 20.0),
            ("计划责任人", Kind::Text, 12.0),
            ("情况", Kind::Text, 14.0),
        ]),
        rows: rows.collect(),
    }
}
