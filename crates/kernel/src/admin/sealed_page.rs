//! Who opened sealed fields, when and why (保密查阅记录).
use crate::app::Scope;
use crate::clock::local;
use crate::error::{Error, Result};
use crate::frame::{self, Frame};
use crate::http::{Gate, XLSX, download, escape};
use crate::page::{self, FilterBar, Icon, Input, Kind, Narrow, Pager};
use crate::register::web::off_thread;
use crate::seal::log::{self, Reading, Search};
use axum::extract::Query;
use axum::response::Response;
use maud::{Markup, html};
use print::{Cell, Column, Sheet};
use serde::Deserialize;

/// Who oversees what was opened.
pub const ROLES: &[&str] = &["admin", "principal", "supervisor"];
/// The gate of these pages.
pub const GATE: Gate = Gate::Roles(ROLES);
const PER_PAGE: i64 = 50;
/// Most rows of one export.
const MOST_ROWS: i64 = 100_000;

#[derive(Deserialize, Default)]
pub struct Params {
    #[serde(default)]
    q: String,
    #[serde(default)]
    register: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    page: Option<i64>,
}

impl Params {
    fn search(&self) -> Result<Search> {
        let wanted = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        let day = |name: &str, text: &str| match text.trim() {
            "" => Ok(None),
            text => crate::register::values::date(text)
                .map(Some)
                .map_err(|why| Error::invalid(name, why)),
        };
        Ok(Search {
            register: wanted(&self.register),
            record: None,
            name: wanted(&self.q),
            from: day("from", &self.from)?,
            to: day("to", &self.to)?,
        })
    }

    fn query(&self, page: u64) -> String {
        format!(
            "q={}&register={}&from={}&to={}&page={page}",
            escape(&self.q),
            escape(&self.register),
            escape(&self.from),
            escape(&self.to)
        )
    }
}

fn title(scope: &Scope, register: &str) -> String {
    scope
        .app
        .registers
        .get(register)
        .map_or_else(|| register.to_owned(), |spec| spec.title.clone())
}

fn time(reading: &Reading) -> String {
    local(reading.at).format("%Y-%m-%d %H:%M:%S").to_string()
}

/// GET /sealed-reads
pub async fn page(scope: Scope, Query(params): Query<Params>) -> Result<Markup> {
    let search = params.search()?;
    let at = params.page.unwrap_or(1).clamp(1, 100_000);
    let total = log::count(&scope, &search).await?;
    let readings = log::read(&scope, &search, (at - 1) * PER_PAGE, PER_PAGE).await?;
    let sealed = scope.app.registers.iter().filter(|spec| spec.has_sealed());
    let options: Vec<(String, String)> = sealed.map(|spec| (spec.id.clone(), spec.title.clone())).collect();
    let fields = html! {
        (page::select(&Input { name: "register", label: "台账", value: &params.register, ..Input::default() }, &options, Some("全部")))
        (page::date(&Input { name: "from", label: "从", value: &params.from, ..Input::default() }))
        (page::date(&Input { name: "to", label: "到", value: &params.to, ..Input::default() }))
    };
    let set = [&params.register, &params.from, &params.to];
    let pager = Pager {
        page: at as u64,
        per_page: PER_PAGE as u64,
        total: total as u64,
    };
    let export = format!("/sealed-reads/export.xlsx?{}", params.query(1));
    let head =
        html! { tr { @for name in ["时间", "查阅人", "方式", "台账", "记录", "用途"] { (page::th(name)) } } };
    let body = html! {
        (page::page_header("保密查阅记录", "每一次打开保密字段都留有时间、人员和用途，只增不改。", html! {
            (page::link_button("导出", &export, Some(Icon::Download), Kind::Plain))
        }))
        (page::filter_bar(&FilterBar {
            action: "/sealed-reads", query: Some(&params.q), placeholder: "查阅人姓名", fields: Some(fields),
            active: set.iter().filter(|text| !text.is_empty()).count(), ..FilterBar::default()
        }))
        @if readings.is_empty() {
            (page::empty("没有查阅记录", "还没有人打开过保密字段，或换个筛选条件试试。", html! {}))
        } @else {
            (page::table("保密查阅记录", Narrow::Cards, head, html! {
                @for reading in &readings { tr {
                    (page::td("时间", html! { (time(reading)) }))
                    (page::td("查阅人", html! { (reading.name) }))
                    (page::td("方式", html! { (reading.via.title()) }))
                    (page::td("台账", html! { (title(&scope, &reading.register)) }))
                    (page::td("记录", match reading.record {
                        Some(id) => html! { a href={ "/r/" (reading.register) "/" (id) } { "查看" } },
                        None => html! { (reading.records) " 条" },
                    }))
                    (page::td("用途", html! { (reading.reason) }))
                } }
            }))
            (page::pagination(pager, |number| format!("/sealed-reads?{}", params.query(number))))
        }
    };
    frame::page(&scope, Frame::new("保密查阅记录", "/sealed-reads"), body).await
}

/// GET /sealed-reads/export.xlsx
pub async fn export(scope: Scope, Query(params): Query<Params>) -> Result<Response> {
    let readings = log::read(&scope, &params.search()?, 0, MOST_ROWS).await?;
    let headings = ["时间", "查阅人", "方式", "台账", "记录编号", "记录数", "用途"];
    let rows = readings.iter().map(|reading| {
        let record = reading.record.map_or(String::new(), |id| id.to_string());
        vec![
            Cell::Text(time(reading)),
            Cell::Text(reading.name.clone()),
            Cell::Text(reading.via.title().into()),
            Cell::Text(title(&scope, &reading.register)),
            Cell::Text(record),
            Cell::Int(reading.records),
            Cell::Text(reading.reason.clone()),
        ]
    });
    let kinds = |heading: &str| match heading {
        "记录数" => print::Kind::Int,
        _ => print::Kind::Text,
    };
    let sheet = Sheet {
        name: "保密查阅记录".into(),
        rows: rows.collect(),
        columns: headings
            .map(|heading| Column::new(heading, kinds(heading)))
            .to_vec(),
        ..Sheet::default()
    };
    let bytes = off_thread(move || print::xlsx_write(&[sheet])).await?;
    Ok(download(
        &format!("保密查阅记录 {}.xlsx", scope.today()),
        XLSX,
        bytes,
    ))
}
