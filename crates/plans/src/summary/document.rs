//! How the blocks of a summary look on the page: to read, to edit, and where the draft changed under an edit.
use super::HERE;
use super::draft::{Body, Row, Shape, Table, element};
use super::export::{state_of, state_words};
use super::markup::{linked, readable};
use super::read::{Kept, Summary};
use kernel::clock::local;
use kernel::page::{self, Icon, Input, Kind, Narrow, Tone};
use maud::{Markup, html};
use uuid::Uuid;

/// The address of a block.
pub fn href(summary: Uuid, anchor: &str) -> String {
    format!("{HERE}/{summary}/blocks/{anchor}")
}

/// A block as it is read; `writes` when the person may edit it.
pub fn view(summary: &Summary, kept: &Kept, writes: bool) -> Markup {
    let id = element(&kept.anchor);
    let table = matches!(kept.draft, Body::Table(_));
    let tools = html! {
        @if writes && !table {
            @let edit = format!("{}/edit", href(summary.id, &kept.anchor));
            a.button.quiet href=(edit) hx-get=(edit) hx-target={ "#" (id) } hx-swap="outerHTML" aria-label={ "编辑：" (name(kept)) } { "编辑" }
        }
    };
    let body = html! {
        (content(kept))
        @if let Some(edit) = kept.edit.as_ref().filter(|_| writes) {
            p.document-note { (page::badge(Tone::Info, "已修改")) " " (edit.by) " " (local(edit.at).format("%m-%d %H:%M")) }
        }
        @if writes && kept.overtaken() { (changed(summary, kept)) }
    };
    page::document_block(&id, tools, body)
}

/// What the block is called where it cannot be shown.
fn name(kept: &Kept) -> String {
    kept.text().chars().take(16).collect()
}

fn content(kept: &Kept) -> Markup {
    let text = kept.text();
    let left_out = html! { p.document-note { "（此处已删去，不会导出）" } };
    match &kept.draft {
        Body::Table(table) => grid(table),
        _ if text.is_empty() => left_out,
        Body::Heading { level: 0, .. } => html! { h2.document-title { (linked(text)) } },
        Body::Heading { level: 1, .. } => html! { h3 { (linked(text)) } },
        Body::Heading { .. } => html! { h4 { (linked(text)) } },
        Body::Text(_) => html! { @for line in text.lines() { p { (linked(line)) } } },
    }
}

/// 原稿已变: the new draft beside the edit, to be taken or not.
fn changed(summary: &Summary, kept: &Kept) -> Markup {
    let action = href(summary.id, &kept.anchor);
    let target = format!("#{}", element(&kept.anchor));
    page::callout(
        Tone::Warn,
        "原稿已变",
        html! {
            @if kept.draft_text().is_empty() { p { "新的自动稿里没有这一段了。" } }
            @else { p { "重新生成后，这一段的自动稿是：" } @for line in kept.draft_text().lines() { p { (linked(line)) } } }
            form.inline method="post" action=(action) hx-post=(action) hx-target=(target) hx-swap="outerHTML" {
                input type="hidden" name="stamp" value=(kept.stamp);
                div.actions {
                    button.button.plain type="submit" name="action" value="revert" { "采用新稿" }
                    button.button.quiet type="submit" name="action" value="keep" { "保留我的文字" }
                }
            }
        },
    )
}

fn grid(table: &Table) -> Markup {
    let heads: &[&str] = match table.shape {
        Shape::Results => &["承诺", "约定", "实际", "状态", "责任", "记录"],
        Shape::Coming => &["承诺", "约定", "目前", "预计到期", "期限", "责任"],
    };
    let caption = match table.shape {
        Shape::Results => "承诺完成情况",
        Shape::Coming => "下阶段继续落实的承诺",
    };
    let head = html! { tr { @for label in heads { (page::th(label)) } } };
    page::table(
        caption,
        Narrow::Cards,
        head,
        html! { @for row in &table.rows { (grid_row(table.shape, row)) } },
    )
}

fn grid_row(shape: Shape, row: &Row) -> Markup {
    let own = format!("/board/{}", row.id);
    let rows = row.rows.as_deref().unwrap_or(&own);
    let figure = |label: &str| page::td(label, html! { a.figure href=(rows) { (row.actual) } });
    let plain = |label: &str, text: &str| page::td(label, html! { (text) });
    page::row(
        &own,
        html! {
            (page::td("承诺", html! { a href=(own) { (row.title) } }))
            (plain("约定", &row.promise))
            @match shape {
                Shape::Results => {
                    (figure("实际"))
                    (page::td("状态", page::badge(state_of(row).map_or(Tone::Muted, |s| s.tone()), state_words(row))))
                    (plain("责任", &row.who))
                    (page::td("记录", html! { @if row.rows.is_some() { a href=(rows) { (row.source) } } @else if row.source.is_empty() { "—" } @else { (row.source) } }))
                }
                Shape::Coming => {
                    (figure("目前"))
                    (page::td("预计到期", html! { @if row.forecast == "—" { "—" } @else { a href=(own) { (row.forecast) } } }))
                    (plain("期限", &row.due))
                    (plain("责任", &row.who))
                }
            }
        },
    )
}

/// A block as a form; `typed` is what was refused, `fault` why.
pub fn form(summary: &Summary, kept: &Kept, typed: Option<&str>, fault: Option<&str>) -> Markup {
    let id = element(&kept.anchor);
    let action = href(summary.id, &kept.anchor);
    let target = format!("#{id}");
    let shown = readable(kept.text());
    let value = typed.unwrap_or(&shown);
    let rows = match kept.draft {
        Body::Heading { .. } => 1,
        _ => (value.chars().count() / 50 + value.lines().count()).clamp(3, 24) as u32,
    };
    let prefix = format!("{id}-");
    let input = Input {
        name: "text",
        label: "文字",
        value,
        error: fault,
        form: &prefix,
        help: Some(
            "每行一段；形如 [[98%|1]] 的是连到记录的数字，竖线前是显示的文字，竖线后的编号请保留；清空则不导出此段",
        ),
        ..Input::default()
    };
    let body = html! {
        @if typed.is_some() && fault.is_some() {
            (page::callout(Tone::Warn, "现在的文字", html! { @for line in kept.text().lines() { p { (linked(line)) } } }))
        }
        form method="post" action=(action) hx-post=(action) hx-target=(target) hx-swap="outerHTML" {
            input type="hidden" name="stamp" value=(kept.stamp);
            (page::textarea(&input, rows))
            div.actions {
                button.button.primary type="submit" name="action" value="save" { "保存" }
                a.button.plain href={ (HERE) "/" (summary.id) "#" (id) } hx-get=(action) hx-target=(target) hx-swap="outerHTML" { "取消" }
                @if kept.edit.is_some() {
                    button.button.quiet type="submit" name="action" value="revert" { "还原为自动稿" }
                }
            }
        }
    };
    page::document_block(&id, html! {}, body)
}

/// The state of the hand edits, repeated by the answer to every change.
pub fn edits(blocks: &[Kept], out_of_band: bool) -> Markup {
    let edited: Vec<&Kept> = blocks.iter().filter(|k| k.edit.is_some()).collect();
    let changed = edited.iter().filter(|k| k.overtaken()).count();
    html! {
        div id="summary-edits" role="status" hx-swap-oob=[out_of_band.then_some("true")] {
            @if edited.is_empty() { p.quiet-text { "还没有手工修改。" } }
            @else {
                p { "已修改 " (edited.len()) " 段" @if changed > 0 { "，其中 " (page::badge(Tone::Warn, &format!("原稿已变 {changed}"))) } }
                ul {
                    @for kept in edited {
                        li { a href={ "#" (element(&kept.anchor)) } { (super::markup::plain(kept.text()).chars().take(18).collect::<String>()) "…" } }
                    }
                }
            }
        }
    }
}

/// The hidden version in a form of the page, repeated by the answer to every change.
pub fn version_input(form: &str, version: i64, out_of_band: bool) -> Markup {
    html! { input type="hidden" id={ "version-" (form) } name="version" value=(version) hx-swap-oob=[out_of_band.then_some("true")]; }
}

/// The buttons at the top of the page.
pub fn actions(summary: &Summary, writes: bool) -> Markup {
    let file = |what: &str| format!("{HERE}/{}/export.{what}", summary.id);
    html! {
        (page::link_button("导出 Word", &file("docx"), Some(Icon::Download), Kind::Plain))
        (page::link_button("导出 PDF", &file("pdf"), Some(Icon::Download), Kind::Plain))
        (page::print_button())
        @if writes {
            (page::dialog_button("重新生成", "regenerate", None, Kind::Plain))
            (page::dialog_button("定稿", "final", None, Kind::Primary))
        }
    }
}
