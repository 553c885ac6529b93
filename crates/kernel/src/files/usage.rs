//! How much room the files of a school take (附件用量), and how much they may.
use super::{file_fields, ids_of};
use crate::app::Scope;
use crate::args;
use crate::error::{Error, Result};
use crate::frame::{self, Frame};
use crate::journal::{self, Entry};
use crate::page::{self, Bounds, Input, Kind, Narrow, Tone};
use crate::register::spec::RegisterSpec;
use crate::schema::{column, table};
use axum::Form;
use axum::extract::Query;
use axum::response::Redirect;
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// What a school may keep when nothing else is set, in GB.
const DEFAULT_GB: i64 = 20;
/// Most that may be set, in GB.
const MOST_GB: i64 = 10_000;
const SETTING: &str = "files-quota-gb";
/// What the journal calls a change of the quota.
pub const NOUN: &str = "files";
/// Registers shown by name.
const SHOWN: usize = 15;

/// How much a school may keep, in bytes.
pub async fn quota(scope: &Scope) -> Result<i64> {
    Ok(quota_gb(scope).await? << 30)
}

async fn quota_gb(scope: &Scope) -> Result<i64> {
    let sql = "select value from setting where school_id = $1 and name = $2";
    let row = scope.db().opt(sql, args![scope.school, SETTING]).await?;
    let set = row.map(|row| row.at::<String>(0)).transpose()?;
    Ok(set.and_then(|gb| gb.parse().ok()).unwrap_or(DEFAULT_GB))
}

/// How much the school keeps, in bytes: a content that several files share counts once.
pub async fn used(scope: &Scope) -> Result<i64> {
    let sql = "select cast(coalesce(sum(size), 0) as bigint) from \
               (select sha256, max(size) as size from file where school_id = $1 group by sha256) contents";
    scope.db().one(sql, args![scope.school]).await?.at(0)
}

/// Refuses a content that does not fit any more. One that is there already takes no room.
///
/// # Errors
/// [`Error::Bad`] with what to do.
pub async fn make_room(scope: &Scope, name: &str, sha256: &str, size: i64) -> Result<()> {
    let present = scope
        .db()
        .opt(
            "select id from file where school_id = $1 and sha256 = $2 limit 1",
            args![scope.school, sha256],
        )
        .await?;
    let (used, quota) = (used(scope).await?, quota(scope).await?);
    if present.is_some() || used + size <= quota {
        return Ok(());
    }
    Err(Error::Bad(format!(
        "文件“{name}”没有上传：全校附件已用 {}，达到 {} 的上限。请联系系统管理员调整“附件用量”，或压缩后再传",
        size_text(used),
        size_text(quota)
    )))
}

/// Bytes as people read them.
pub fn size_text(bytes: i64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KB", bytes / 1024),
        1_048_576..1_073_741_824 => format!("{:.1} MB", bytes as f64 / 1_048_576.0),
        _ => format!("{:.1} GB", bytes as f64 / 1_073_741_824.0),
    }
}

/// What the records of a register hold.
struct Held {
    title: String,
    href: String,
    files: usize,
    bytes: i64,
}

async fn held(scope: &Scope, spec: &RegisterSpec, sizes: &HashMap<Uuid, i64>) -> Result<Option<Held>> {
    let mut ids: HashSet<Uuid> = HashSet::new();
    for at in file_fields(spec) {
        let field = &spec.fields[at];
        let name = column(field);
        let sql = format!(
            "select {name} from {} where school_id = $1 and {name} is not null and {name} <> ''",
            table(spec)
        );
        for row in scope.db().all(&sql, args![scope.school]).await? {
            let value = scope.app.seal.read(spec, field, row.value(0, field.sql())?)?;
            ids.extend(ids_of(&value));
        }
    }
    let bytes = ids.iter().filter_map(|id| sizes.get(id)).sum();
    Ok((!ids.is_empty()).then(|| Held {
        title: spec.title.clone(),
        href: format!("/r/{}", spec.id),
        files: ids.len(),
        bytes,
    }))
}

#[derive(Deserialize)]
pub struct Done {
    done: Option<String>,
}

/// GET /files-usage
pub async fn page(scope: Scope, Query(done): Query<Done>) -> Result<Markup> {
    let sql = "select id, size from file where school_id = $1";
    let rows = scope.db().all(sql, args![scope.school]).await?;
    let sizes: HashMap<Uuid, i64> = rows
        .iter()
        .map(|row| Ok((row.at(0)?, row.at(1)?)))
        .collect::<Result<_>>()?;
    let mut registers = vec![];
    for spec in scope.registers.iter() {
        registers.extend(held(&scope, spec, &sizes).await?);
    }
    registers.sort_by_key(|held| std::cmp::Reverse(held.bytes));
    registers.truncate(SHOWN);
    let (used, quota) = (used(&scope).await?, quota(&scope).await?);
    let percent = (used * 100).checked_div(quota).unwrap_or(100);
    let tone = match percent {
        ..80 => Tone::Ok,
        80..95 => Tone::Warn,
        _ => Tone::Bad,
    };
    let words = format!(
        "已用 {}，上限 {}（{percent}%），共 {} 个文件",
        size_text(used),
        size_text(quota),
        sizes.len()
    );
    let gb = quota_gb(&scope).await?.to_string();
    let input = Input {
        name: "gb",
        label: "上限",
        value: &gb,
        required: true,
        help: Some("内容相同的文件只占一份空间"),
        ..Input::default()
    };
    let bounds = Bounds {
        min: Some("1"),
        max: Some("10000"),
        step: Some("1"),
        unit: Some("GB"),
    };
    let head = html! { tr { (page::th("台账")) (page::th("文件数")) (page::th("大小")) } };
    let body = html! {
        (page::page_header("附件用量", "每张照片在保存时去掉拍摄地点等信息，最长边缩到 2560 像素。", html! {}))
        (page::callout(tone, &words, html! {}))
        @if registers.is_empty() {
            (page::empty("还没有附件", "登记记录时上传的照片和文件会列在这里。", html! {}))
        } @else {
            (page::flush_panel("占用最多的台账", html! {}, page::table("占用最多的台账", Narrow::Scroll, head, html! {
                @for held in &registers {
                    tr { td { a href=(held.href) { (held.title) } } td.num { (held.files) } td.num { (size_text(held.bytes)) } }
                }
            })))
        }
        (page::panel("调整上限", html! {}, html! {
            form method="post" action="/files-usage" {
                (page::form_grid(page::number(&input, bounds)))
                div.form-foot { (page::submit("保存", Kind::Primary)) }
            }
        }))
    };
    let frame = Frame::new("附件用量", "/files-usage").done(done.done);
    frame::page(&scope, frame, body).await
}

#[derive(Deserialize)]
pub struct Quota {
    gb: String,
}

/// POST /files-usage
pub async fn set(scope: Scope, Form(form): Form<Quota>) -> Result<Redirect> {
    let gb: Option<i64> = form.gb.trim().parse().ok();
    let gb = gb
        .filter(|gb| (1..=MOST_GB).contains(gb))
        .ok_or_else(|| Error::invalid("gb", format!("上限应是 1 到 {MOST_GB} 的整数（GB）")))?;
    let before = quota_gb(&scope).await?;
    let tx = scope.db().begin().await?;
    tx.run(
        "insert into setting (school_id, name, value) values ($1, $2, $3) \
         on conflict (school_id, name) do update set value = excluded.value",
        args![scope.school, SETTING, gb.to_string()],
    )
    .await?;
    let entry = Entry {
        register: NOUN.into(),
        record: Uuid::nil(),
        version: 0,
        action: format!("附件上限由 {before} GB 改为 {gb} GB"),
        before: None,
        after: None,
        reason: None,
    };
    journal::write(&tx, &scope, vec![entry]).await?;
    tx.commit().await?;
    let done = crate::http::escape("已保存");
    Ok(Redirect::to(&format!("/files-usage?done={done}")))
}
