//! Opening sealed fields (查看保密内容): who may, gives a reason; the reading is logged before anything is shown.
use super::address::Address;
use super::posted::Posted;
use super::sheet::{MOST_ROWS, off_thread, sheet_of};
use super::{Rights, parse_id};
use crate::access::Rows;
use crate::app::Scope;
use crate::clock::local;
use crate::error::{Error, Result};
use crate::http::{XLSX, download};
use crate::page::{self, Icon, Input, Kind, Tone};
use crate::register::query;
use crate::register::spec::RegisterSpec;
use crate::register::store::{self, Record};
use crate::seal::log::{self, Via};
use axum::extract::Path;
use axum::http::{HeaderMap, Uri};
use axum::response::{Redirect, Response};
use maud::{Markup, html};
use std::borrow::Cow;

/// What the reason may be; the last one needs words.
const REASONS: [&str; 4] = ["联系家长", "核对信息", "办理业务", OTHER];
const OTHER: &str = "其他";
/// Most characters of a reason.
const LONGEST: usize = 200;

/// The fields of a form that asks for a reason, `form` set before their ids.
fn reason_fields(form: &str) -> Markup {
    let options = REASONS.map(|reason| (reason, reason));
    let why = Input {
        name: "why",
        label: "用途",
        required: true,
        form,
        ..Input::default()
    };
    let words = Input {
        name: "words",
        label: "说明",
        help: Some("选“其他”时必填；查看人、时间和用途会被记录"),
        max_length: Some(LONGEST as u32),
        wide: true,
        form,
        ..Input::default()
    };
    page::form_grid(html! { (page::radios(&why, &options)) (page::text(&words)) })
}

fn dialog(id: &str, title: &str, action: &str, button: &str, about: &str) -> Markup {
    page::dialog(
        id,
        title,
        html! {
            form method="post" action=(action) {
                p { (about) }
                (reason_fields(&format!("{id}-")))
                div.dialog-foot {
                    button.button.plain type="button" data-close="" { "取消" }
                    (page::submit(button, Kind::Primary))
                }
            }
        },
    )
}

fn reason_of(posted: &Posted) -> Result<String> {
    let words: String = posted
        .get("words")
        .unwrap_or("")
        .trim()
        .chars()
        .take(LONGEST)
        .collect();
    let why = posted
        .get("why")
        .filter(|why| REASONS.contains(why))
        .ok_or_else(|| Error::invalid("why", "请选择查看保密内容的用途"))?;
    match (why, words.is_empty()) {
        (OTHER, true) => Err(Error::invalid("words", "用途选“其他”时请写明")),
        (_, true) => Ok(why.to_owned()),
        (_, false) => Ok(format!("{why}：{words}")),
    }
}

/// The reason a program gives: `?reason=`, or the header `x-reason`, percent-encoded.
pub fn reason_of_request(address: &Address, headers: &HeaderMap) -> Option<String> {
    let header = headers.get("x-reason").and_then(|value| value.to_str().ok());
    let given: Cow<str> = match (address.get("reason"), header) {
        ("", Some(header)) => Cow::Owned(unescape(header)),
        (given, _) => Cow::Borrowed(given),
    };
    let reason: String = given.trim().chars().take(LONGEST).collect();
    (!reason.is_empty()).then_some(reason)
}

fn unescape(text: &str) -> String {
    let mut bytes = vec![];
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = |at: usize| after.get(at).and_then(|b| (*b as char).to_digit(16));
        match (first, hex(0), hex(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn has_values(spec: &RegisterSpec, record: &Record) -> bool {
    let pairs = spec.fields.iter().zip(&record.values);
    pairs
        .filter(|(field, _)| field.sealed)
        .any(|(_, value)| !value.is_null() && value.text() != Some(""))
}

/// The button on a record's page, for those who may open it and have not.
pub fn button(scope: &Scope, spec: &RegisterSpec, rights: &Rights, record: &Record) -> Markup {
    let offered =
        has_values(spec, record) && rights.may_unseal(scope, record) && !rights.sees_sealed(scope, record);
    html! {
        @if offered { (page::dialog_button("查看保密内容", "unseal", Some(Icon::Shield), Kind::Plain)) }
    }
}

/// What belongs to [`button`]: the dialog, or once it is open the notice until when.
pub fn notice(scope: &Scope, spec: &RegisterSpec, rights: &Rights, record: &Record) -> Markup {
    if !has_values(spec, record) || !rights.may_unseal(scope, record) {
        return html! {};
    }
    match rights.until() {
        Some(until) => {
            let title = format!("保密内容已打开，{} 后自动遮盖", local(until).format("%H:%M"));
            page::callout(Tone::Info, &title, html! { p { "本次查看已记录。" } })
        }
        None => {
            let action = format!("/r/{}/{}/unseal", spec.id, record.id);
            let about = format!(
                "打开后 {} 分钟内可见，只对您本人、只对这一条记录。",
                log::OPEN_MINUTES
            );
            dialog("unseal", "查看保密内容", &action, "查看", &about)
        }
    }
}

/// `POST /r/{register}/{id}/unseal`.
pub async fn unseal(
    scope: Scope,
    Path((register, id)): Path<(String, String)>,
    posted: Posted,
) -> Result<Redirect> {
    let spec = scope.register(&register)?.clone();
    let record = store::get(&scope, &spec, parse_id(&id)?).await?;
    if !spec.has_sealed() || !Rights::of(&scope, &spec).may_unseal(&scope, &record) {
        return Err(Error::Forbidden(format!("查看{}的保密内容", spec.title)));
    }
    let reason = reason_of(&posted)?;
    log::note(&scope, Via::Page, &spec.id, Some(record.id), 1, &reason).await?;
    Ok(Redirect::to(&format!("/r/{register}/{id}")))
}

/// Whether the export with plain values is offered.
fn exports(spec: &RegisterSpec, rights: &Rights) -> bool {
    spec.has_sealed() && rights.unsealed != Rows::None
}

/// The entry in the list's menu.
pub fn export_entry(spec: &RegisterSpec, rights: &Rights) -> Markup {
    html! {
        @if exports(spec, rights) {
            button type="button" data-dialog="export-sealed" aria-haspopup="dialog" { "含保密字段导出" }
        }
    }
}

/// The dialog of [`export_entry`].
pub fn export_dialog(spec: &RegisterSpec, rights: &Rights, address: &Address) -> Markup {
    let about = "导出您有权查看保密内容的记录时写出完整内容，其余仍遮盖。文件请妥善保管，用后删除。";
    html! {
        @if exports(spec, rights) {
            (dialog("export-sealed", "含保密字段导出", &address.url("/export-sealed.xlsx"), "导出", about))
        }
    }
}

/// `POST /r/{register}/export-sealed.xlsx` with the filters of the list.
pub async fn export(
    scope: Scope,
    Path(register): Path<String>,
    uri: Uri,
    posted: Posted,
) -> Result<Response> {
    let spec = scope.register(&register)?.clone();
    let reason = reason_of(&posted)?;
    let rights = Rights::of(&scope, &spec).opened_all();
    if !exports(&spec, &rights) {
        return Err(Error::Forbidden(format!("导出{}的保密内容", spec.title)));
    }
    let mut query = Address::read(&spec, &uri)?.query(&spec, &scope)?;
    query.page = 1;
    query.per = MOST_ROWS;
    let all: Vec<usize> = (0..spec.fields.len()).collect();
    let found = query::list(&scope, &spec, &query, &all).await?;
    if found.total > MOST_ROWS {
        return Err(Error::Bad(format!(
            "共 {} 条，一次最多导出 {MOST_ROWS} 条，请先筛选",
            found.total
        )));
    }
    let opened = found.records.iter().filter(|r| rights.sees_sealed(&scope, r));
    let opened = opened.count();
    log::note(&scope, Via::Export, &spec.id, None, opened, &reason).await?;
    let name = format!("{} {}（含保密字段）.xlsx", spec.title, scope.today());
    let bytes =
        off_thread(move || print::xlsx_write(&[sheet_of(&scope, &spec, &rights, &found.records)])).await?;
    Ok(download(&name, XLSX, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::escape;

    #[test]
    fn a_header_carries_chinese_percent_encoded() {
        assert_eq!(unescape(&escape("联系家长 100%")), "联系家长 100%");
        assert_eq!(unescape("50% off%"), "50% off%");
    }

    #[test]
    fn a_reason_is_one_of_the_list_and_other_needs_words() {
        let posted = |why: &str, words: &str| Posted {
            pairs: vec![("why".into(), why.into()), ("words".into(), words.into())],
            files: vec![],
        };
        assert_eq!(reason_of(&posted("联系家长", "")).unwrap(), "联系家长");
        assert_eq!(reason_of(&posted("其他", "查户口")).unwrap(), "其他：查户口");
        assert!(reason_of(&posted("其他", "  ")).is_err());
        assert!(reason_of(&posted("好奇", "")).is_err());
        assert!(reason_of(&Posted::default()).is_err());
    }
}
