//! 数据填报: the 61 tables, what each holds, what is wrong with it, the file to hand in.
use crate::daily;
use crate::export::{self, Form};
use crate::kept::{self, Checked};
use crate::rows::{self, Row, Tally};
use crate::source::{self, Kind as Fed, Source, Table};
use axum::extract::{Path, Query};
use axum::response::{Redirect, Response};
use chrono::NaiveDate;
use kernel::access::{self, Rows};
use kernel::app::Scope;
use kernel::clock::minute;
use kernel::error::{Error, Result};
use kernel::frame::{self, Frame};
use kernel::http::{XLSX, download};
use kernel::page::{self, FilterBar, Icon, Input, Kind, Narrow, Stat, Tone};
use kernel::register::values;
use kernel::register::web::{Posted, off_thread};
use kernel::seal::log::{self, Via};
use maud::{Markup, html};
use serde::Deserialize;

/// The menu entry.
pub const HERE: &str = "/datasets";
/// Rows and faults shown on a page.
const SHOWN: usize = 20;
const FAULTS_SHOWN: usize = 200;
const REASONS: [&str; 3] = ["按国家数据标准上报", "上级检查", "数据核对"];

#[derive(Deserialize)]
pub struct Done {
    done: Option<String>,
}

/// Which day's rows, of a table that is reported by the day.
#[derive(Clone, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    day: String,
}

impl Asked {
    /// The day whose rows are wanted; none of a table that is reported whole.
    async fn of(&self, scope: &Scope, table: &Table) -> Result<Option<NaiveDate>> {
        if table.set.no != daily::LESSONS {
            return Ok(None);
        }
        let asked = match self.day.trim() {
            "" => None,
            text => Some(
                text.parse()
                    .map_err(|_| Error::invalid("day", "日期请写成 2026-11-23 的样子"))?,
            ),
        };
        daily::day(scope, asked).await
    }
}

fn table_of(scope: &Scope, no: &str) -> Result<Table> {
    let no = no.parse().map_err(|_| Error::NotFound)?;
    source::table(&scope.registers, no).ok_or(Error::NotFound)
}

/// Whether the person may see the values of the table's register as they are, apart from sealed ones.
fn reads(scope: &Scope, table: &Table) -> bool {
    table
        .register
        .as_ref()
        .is_none_or(|spec| access::readable(&scope.actor, &scope.app.roles, spec) == Rows::All)
}

/// Whether the file holds what the person's own lists do not show: then a reason is asked for and logged.
fn guarded(scope: &Scope, table: &Table) -> bool {
    table.has_sealed() || !reads(scope, table)
}

/// GET /datasets
pub async fn list(scope: Scope, Query(done): Query<Done>) -> Result<Markup> {
    let tables = source::tables(&scope.registers);
    let checks = kept::all(&scope).await?;
    let mut counts = vec![];
    for table in &tables {
        counts.push(rows::count(&scope, table).await?);
    }
    let sum = |of: fn(&Tally) -> usize| checks.values().map(|c| of(&c.tally)).sum::<usize>().to_string();
    let number = |kind: Fed| tables.iter().filter(|table| table.kind == kind).count();
    let (good, bad) = (sum(|t| t.good), sum(|t| t.bad));
    let about = format!(
        "{} 张取自台账，{} 张由其他系统接入，{} 张自动统计",
        number(Fed::Native),
        number(Fed::Feed),
        number(Fed::Computed)
    );
    let head = html! { tr {
        @for name in ["数据表", "来源", "台账"] { (page::th(name)) }
        @for name in ["记录", "可报送", "办理中", "有误"] { (page::th_num(name)) }
        (page::th("上次检查"))
    } };
    let body = html! {
        (page::page_header("数据填报", "国家数据标准（中职）61 张数据表：取数、校验、按标准导出。", html! {
            (page::post_button("全部检查", "/datasets/check", Kind::Primary))
        }))
        (page::stats(&[
            Stat { label: "数据表", value: &tables.len().to_string(), unit: "张", note: &about, ..Stat::default() },
            Stat { label: "已检查", value: &checks.len().to_string(), unit: "张", ..Stat::default() },
            Stat { label: "可报送", value: &good, unit: "条", ..Stat::default() },
            Stat { label: "有误", value: &bad, unit: "条",
                tone: (bad != "0").then_some(Tone::Bad), ..Stat::default() },
        ]))
        (page::table("数据表", Narrow::Cards, head, html! {
            @for (table, count) in tables.iter().zip(&counts) {
                (line(table, *count, checks.get(&table.set.no)))
            }
        }))
    };
    frame::page(&scope, Frame::new("数据填报", HERE).done(done.done), body).await
}

fn line(table: &Table, count: i64, checked: Option<&Checked>) -> Markup {
    let href = format!("{HERE}/{}", table.set.no);
    let figure = |of: fn(&Tally) -> usize| checked.map_or("—".to_owned(), |c| of(&c.tally).to_string());
    page::row(
        &href,
        html! {
            (page::td("数据表", html! { a href=(href) { (table.set.no) " " (table.set.title) } }))
            (page::td("来源", html! { (table.kind.title()) }))
            (page::td("台账", html! { @if let Some(spec) = &table.register { (spec.title) } }))
            (page::td_num("记录", count))
            (page::td_num("可报送", figure(|t| t.good)))
            (page::td_num("办理中", figure(|t| t.waiting)))
            (page::td("有误", match checked {
                Some(checked) if checked.tally.bad > 0 =>
                    page::badge(Tone::Bad, &checked.tally.bad.to_string()),
                _ => html! { (figure(|t| t.bad)) },
            }))
            (page::td_date("上次检查", html! {
                @if let Some(checked) = checked { (minute(checked.at)) } @else { "未检查" }
            }))
        },
    )
}

/// POST /datasets/check
pub async fn check_all(scope: Scope) -> Result<Redirect> {
    for table in source::tables(&scope.registers) {
        kept::check(&scope, &table, None).await?;
    }
    let done = kernel::http::escape("61 张数据表已检查");
    Ok(Redirect::to(&format!("{HERE}?done={done}")))
}

/// GET /datasets/{no}
pub async fn show(scope: Scope, Path(no): Path<String>, Query(asked): Query<Asked>) -> Result<Markup> {
    let table = table_of(&scope, &no)?;
    let day = asked.of(&scope, &table).await?;
    let rows = kept::check(&scope, &table, day).await?;
    let tally = Tally::of(&rows);
    let title = format!("{} {}", table.set.no, table.set.title);
    let badge = page::badge(Tone::Info, table.kind.title());
    let asks = guarded(&scope, &table);
    let body = html! {
        (page::page_header_with(&title, badge, &table.set.table, buttons(&table, asks, day)))
        @if asks { (reason_dialogs(&table, day)) }
        @if table.set.no == daily::LESSONS { (by_day(&table, day)) }
        (page::stats(&[
            Stat { label: "可报送", value: &tally.good.to_string(), unit: "条", ..Stat::default() },
            Stat { label: "办理中", value: &tally.waiting.to_string(), unit: "条",
                note: "流程未走完且缺必填项，办结后再报", ..Stat::default() },
            Stat { label: "有误", value: &tally.bad.to_string(), unit: "条",
                tone: (tally.bad > 0).then_some(Tone::Bad), ..Stat::default() },
        ]))
        @if table.set.no <= 2 && rows.is_empty() {
            (page::callout(Tone::Info, "还没有数据", html! {
                p { "请先填写" a href="/r/school_profile" { "学校概况" } "和" a href="/r/campus" { "校区" } "。" }
            }))
        }
        (faults(&scope, &table, &rows, tally))
        (preview(&scope, &table, &rows))
        (columns(&table))
    };
    let frame = Frame::new(&title, HERE).crumb("数据填报", HERE);
    frame::page(&scope, frame, body).await
}

fn address(table: &Table, form: Form, day: Option<NaiveDate>) -> String {
    let day = day.map_or_else(String::new, |day| format!("?day={day}"));
    format!("{HERE}/{}/rows.{}{day}", table.set.no, form.ending())
}

/// Whose day is shown.
fn by_day(table: &Table, day: Option<NaiveDate>) -> Markup {
    let value = day.map_or_else(String::new, |day| day.to_string());
    let input = Input {
        name: "day",
        label: "上课日期",
        value: &value,
        help: Some("当天报送第二天的课；调代课、停课已计入。不填为下一个上课日"),
        ..Input::default()
    };
    page::filter_bar(&FilterBar {
        action: &format!("{HERE}/{}", table.set.no),
        fields: Some(page::date(&input)),
        ..FilterBar::default()
    })
}

fn buttons(table: &Table, asks: bool, day: Option<NaiveDate>) -> Markup {
    html! {
        @if let Some(spec) = &table.register {
            (page::link_button("打开台账", &format!("/r/{}", spec.id), None, Kind::Plain))
            @if table.kind == Fed::Feed {
                (page::link_button("导入", &format!("/r/{}/import", spec.id), Some(Icon::Upload), Kind::Plain))
            }
        }
        @for form in [Form::Xlsx, Form::Json] {
            @let label = match form { Form::Xlsx => "导出 Excel", Form::Json => "导出 JSON" };
            @if asks {
                (page::dialog_button(label, form.ending(), Some(Icon::Download), Kind::Plain))
            } @else {
                (page::link_button(label, &address(table, form, day), Some(Icon::Download), Kind::Plain))
            }
        }
    }
}

fn reason_dialogs(table: &Table, day: Option<NaiveDate>) -> Markup {
    let options = REASONS.map(|reason| (reason, reason));
    html! {
        @for form in [Form::Xlsx, Form::Json] {
            @let prefix = format!("{}-", form.ending());
            @let why = Input { name: "why", label: "用途", required: true, form: &prefix, ..Input::default() };
            (page::dialog(form.ending(), "导出完整内容", html! {
                form method="post" action=(address(table, form, day)) {
                    p { "这张表含保密字段或您平时看不到的内容。导出人、时间和用途会被记录，文件请妥善保管，用后删除。" }
                    (page::form_grid(page::radios(&why, &options)))
                    div.dialog-foot {
                        button.button.plain type="button" data-close="" { "取消" }
                        (page::submit("导出", Kind::Primary))
                    }
                }
            }))
        }
    }
}

fn faults(scope: &Scope, table: &Table, rows: &[Row], tally: Tally) -> Markup {
    let named = reads(scope, table);
    let wrong = rows.iter().filter(|row| !row.is_good() && !row.waiting);
    let lines = wrong.flat_map(|row| row.faults.iter().map(move |fault| (row, fault)));
    let head = html! { tr { @for name in ["记录", "数据项", "原因"] { (page::th(name)) } } };
    html! {
        @if tally.bad > 0 {
            (page::flush_panel(&format!("有误（{}）", tally.faults), html! {}, page::table("有误的数据", Narrow::Cards, head, html! {
                @for (row, fault) in lines.take(FAULTS_SHOWN) {
                    @let column = &table.set.columns[fault.column];
                    tr {
                        (page::td("记录", link(table, row, named)))
                        (page::td("数据项", html! { (column.title) " " code { (column.name) } " " (field(table, fault.column)) }))
                        (page::td("原因", html! { (fault.message) }))
                    }
                }
            })))
            @if tally.faults > FAULTS_SHOWN {
                p { "只列出前 " (FAULTS_SHOWN) " 处，全部见导出的 Excel 中“未报送”一页。" }
            }
        }
    }
}

/// The record behind a row, by name for those who may read it.
fn link(table: &Table, row: &Row, named: bool) -> Markup {
    match (&table.register, row.record) {
        (Some(spec), Some(id)) => html! {
            a href={ "/r/" (spec.id) "/" (id) } { @if named { (row.label) } @else { "查看记录" } }
        },
        _ => html! { (table.set.title) },
    }
}

/// The field that should be put right.
fn field(table: &Table, at: usize) -> Markup {
    match (&table.sources[at], &table.register) {
        (Source::Field { at, .. }, Some(spec)) => html! { "（" (spec.fields[*at].label) "）" },
        _ => html! {},
    }
}

fn preview(scope: &Scope, table: &Table, rows: &[Row]) -> Markup {
    let open = reads(scope, table);
    let head = html! { tr {
        @for column in &table.set.columns { (page::th(&column.title)) }
    } };
    html! {
        @if rows.is_empty() {
            (page::empty("没有数据", "台账里还没有这张表的记录。", html! {}))
        } @else {
            (page::flush_panel("预览", html! {}, page::table("预览", Narrow::Scroll, head, html! {
                @for row in rows.iter().take(SHOWN) { tr {
                    @for (at, text) in row.cells.iter().enumerate() { td { (covered(table, at, text, open)) } }
                } }
            })))
        }
    }
}

/// A value in the preview: sealed ones, and those of registers the person does not read, are masked.
fn covered(table: &Table, at: usize, text: &str, open: bool) -> String {
    let own = matches!(table.sources[at], Source::Field { .. });
    match (text.is_empty(), own && (table.sealed[at] || !open)) {
        (false, true) if open => values::mask(text),
        (false, true) => values::COVERED.to_owned(),
        _ => text.to_owned(),
    }
}

fn columns(table: &Table) -> Markup {
    let head = html! { tr {
        @for name in ["数据项", "中文简称", "类型", "必填", "来源"] { (page::th(name)) }
    } };
    html! {
        (page::flush_panel("数据项", html! {}, page::table("数据项", Narrow::Cards, head, html! {
            @for (at, column) in table.set.columns.iter().enumerate() { tr {
                (page::td("数据项", html! { code { (column.name) } }))
                (page::td("中文简称", html! { (column.title) }))
                (page::td("类型", html! { (column.kind) @if let Some(length) = column.length { " " (length) } }))
                (page::td("必填", html! { @if column.required { "是" } @else { "否" } }))
                (page::td("来源", origin(table, at)))
            } }
        })))
    }
}

/// The source of a column in Chinese.
fn origin(table: &Table, at: usize) -> Markup {
    let column = table.set.columns[at].name.as_str();
    if table.set.no == daily::LESSONS && daily::OF_THE_DAY.contains(&column) {
        return html! { "当日课表（调代课已计入）" };
    }
    match (&table.sources[at], &table.register) {
        (Source::Field { at, .. }, Some(spec)) => html! { (spec.title) "·" (spec.fields[*at].label) },
        (Source::Computed(_), _) => html! { "自动" },
        _ => html! { "不报" },
    }
}

/// GET /datasets/{no}/rows.json
pub async fn get_json(scope: Scope, Path(no): Path<String>, Query(asked): Query<Asked>) -> Result<Response> {
    hand_out(scope, (&no, asked), Form::Json, None).await
}

/// GET /datasets/{no}/rows.xlsx
pub async fn get_xlsx(scope: Scope, Path(no): Path<String>, Query(asked): Query<Asked>) -> Result<Response> {
    hand_out(scope, (&no, asked), Form::Xlsx, None).await
}

/// POST /datasets/{no}/rows.json, with a reason.
pub async fn post_json(
    scope: Scope,
    Path(no): Path<String>,
    Query(asked): Query<Asked>,
    posted: Posted,
) -> Result<Response> {
    hand_out(scope, (&no, asked), Form::Json, Some(posted)).await
}

/// POST /datasets/{no}/rows.xlsx, with a reason.
pub async fn post_xlsx(
    scope: Scope,
    Path(no): Path<String>,
    Query(asked): Query<Asked>,
    posted: Posted,
) -> Result<Response> {
    hand_out(scope, (&no, asked), Form::Xlsx, Some(posted)).await
}

async fn hand_out(
    scope: Scope,
    (no, asked): (&str, Asked),
    form: Form,
    posted: Option<Posted>,
) -> Result<Response> {
    let table = table_of(&scope, no)?;
    let why = posted.as_ref().and_then(|posted| posted.get("why"));
    let reason = why.filter(|why| REASONS.contains(why)).map(str::to_owned);
    if guarded(&scope, &table) && reason.is_none() {
        return Err(Error::invalid("why", "这张表含保密内容，请选择导出的用途"));
    }
    let day = asked.of(&scope, &table).await?;
    let rows = kept::check(&scope, &table, day).await?;
    if let (true, Some(reason), Some(spec)) = (guarded(&scope, &table), &reason, &table.register) {
        let reason = format!("{reason}：数据填报表{}", table.set.no);
        log::note(
            &scope,
            Via::Export,
            &spec.id,
            None,
            Tally::of(&rows).good,
            &reason,
        )
        .await?;
    }
    let name = format!(
        "{} {}.{}",
        table.set.title,
        day.unwrap_or(scope.today()),
        form.ending()
    );
    Ok(match form {
        Form::Json => download(&name, "application/json", export::json(&table, &rows)),
        Form::Xlsx => {
            let bytes = off_thread(move || print::xlsx_write(&export::sheets(&table, &rows))).await?;
            download(&name, XLSX, bytes)
        }
    })
}
