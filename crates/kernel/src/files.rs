//! Attached files (附件): contents named by their SHA-256 (see [`content`]), one row each with name and owner.
//!
//! A content is kept, flushed, before its row is committed, so a row never points to nothing. A person may read a
//! file they uploaded, or one attached to a record they may read. Nothing is ever executed or shown inside a page of
//! ours: photos are encoded anew (see [`picture`]) and the only type shown, everything else is handed over to save.
pub mod content;
pub mod picture;
pub mod usage;

use crate::access::{self, Rows};
use crate::app::{App, Scope};
use crate::args;
use crate::error::{Error, Result};
use crate::http::{Gate, Routes, escape};
use crate::register::spec::{FieldKind, RegisterSpec};
use crate::register::store;
use crate::schema::{column, table};
use crate::seal::log;
use crate::value::Value;
use anyhow::Context;
use axum::extract::{Path, Query};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

/// Most bytes of one file.
pub const MOST_BYTES: usize = 10 << 20;
/// What the browser offers to choose from.
pub const ACCEPT: &str = ".jpg,.jpeg,.png,.webp,.pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.txt,.csv,.zip";

/// One kept file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Id, as records name it.
    pub id: Uuid,
    /// Its own name.
    pub name: String,
    /// Type, read off its first bytes.
    pub mime: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
    /// The account that uploaded it.
    pub created_by: Uuid,
}

impl Kept {
    /// The size as people read it.
    pub fn size_text(&self) -> String {
        usage::size_text(self.size)
    }
}

/// The type of a file by its first bytes and, among containers of the same form, its extension.
pub fn mime_of(name: &str, bytes: &[u8]) -> Option<&'static str> {
    let extension = name
        .rsplit_once('.')
        .map_or(String::new(), |(_, e)| e.to_lowercase());
    let extension = extension.as_str();
    if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
        return Some("image/jpeg");
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some("image/png");
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Some("image/webp");
    }
    if bytes.starts_with(b"%PDF-") {
        return Some(crate::http::PDF);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return match extension {
            "docx" => Some(crate::http::DOCX),
            "xlsx" => Some(crate::http::XLSX),
            "pptx" => Some("application/vnd.openxmlformats-officedocument.presentationml.presentation"),
            "zip" => Some("application/zip"),
            _ => None,
        };
    }
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return match extension {
            "doc" | "wps" => Some("application/msword"),
            "xls" | "et" => Some("application/vnd.ms-excel"),
            "ppt" | "dps" => Some("application/vnd.ms-powerpoint"),
            _ => None,
        };
    }
    let text = !bytes.contains(&0) && matches!(extension, "txt" | "csv");
    text.then_some("text/plain")
}

/// Why a picture of a type that cannot be encoded anew is refused: it may say where it was taken, and most browsers
/// and offices could not open it anyway.
fn unwanted_picture(bytes: &[u8]) -> Option<&'static str> {
    let brand = bytes.get(8..11).filter(|_| bytes.get(4..8) == Some(b"ftyp"));
    if matches!(brand, Some(b"hei" | b"hev" | b"mif" | b"msf" | b"avi")) {
        return Some(
            "是 HEIC 图片，请转成 JPG 后上传；iPhone 可在“设置－相机－格式”中选“兼容性最佳”，或直接在本页拍照",
        );
    }
    bytes
        .starts_with(b"GIF8")
        .then_some("是 GIF 动图，请另存为 JPG 或 PNG 后上传")
}

/// Photos decoded at the same time: each may take hundreds of megabytes for a moment.
static DECODING: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(2);

/// The photo as it is kept, and its name with the extension of its new type.
async fn clean(name: String, mime: &'static str, bytes: Vec<u8>) -> Result<(String, &'static str, Vec<u8>)> {
    let _turn = DECODING.acquire().await.context("nobody closes the semaphore")?;
    let cleaned = tokio::task::spawn_blocking(move || picture::clean(mime, &bytes)).await;
    let picture = cleaned
        .context("a picture was interrupted")?
        .map_err(|why| Error::Bad(format!("“{name}”：{why}")))?;
    let name = match picture.mime == mime {
        true => name,
        false => {
            let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
            let extension = if picture.mime == "image/png" { "png" } else { "jpg" };
            format!("{stem}.{extension}")
        }
    };
    Ok((name, picture.mime, picture.bytes))
}

/// Keeps an uploaded file and gives its id.
///
/// # Errors
/// [`Error::Bad`] when the file is empty, too large, of a type that is not taken, or the school has no room left.
pub async fn keep(scope: &Scope, name: &str, bytes: Vec<u8>) -> Result<Uuid> {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let name: String = name.chars().filter(|c| !c.is_control()).take(120).collect();
    if bytes.is_empty() {
        return Err(Error::Bad(format!("文件“{name}”是空的")));
    }
    if bytes.len() > MOST_BYTES {
        return Err(Error::Bad(format!(
            "文件“{name}”超过 {} MB，请压缩后再上传",
            MOST_BYTES >> 20
        )));
    }
    if let Some(why) = unwanted_picture(&bytes) {
        return Err(Error::Bad(format!("文件“{name}”{why}")));
    }
    let mime = mime_of(&name, &bytes).ok_or_else(|| {
        Error::Bad(format!(
            "文件“{name}”不是可上传的类型（图片、PDF、Word、Excel、PPT、文本、zip），或内容与扩展名不符"
        ))
    })?;
    let (name, mime, bytes) = match picture::is_picture(mime) {
        true => clean(name, mime, bytes).await?,
        false => (name, mime, bytes),
    };
    let size = bytes.len() as i64;
    usage::make_room(scope, &name, &content::digest(&bytes), size).await?;
    let sha256 = scope.app.files.put(bytes).await?;
    let id = Uuid::now_v7();
    scope
        .db()
        .run(
            "insert into file (school_id, id, name, mime, size, sha256, created_at, created_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![
                scope.school,
                id,
                name,
                mime,
                size,
                sha256,
                scope.now(),
                scope.actor.account
            ],
        )
        .await?;
    Ok(id)
}

/// The ids in the value of a field of files.
pub fn ids_of(value: &Value) -> Vec<Uuid> {
    value
        .text()
        .unwrap_or("")
        .split(',')
        .filter_map(|id| id.parse().ok())
        .collect()
}

/// What is known of the files, in the order of the ids; unknown ids are left out.
pub async fn info(db: &crate::db::Db, school: i64, ids: &[Uuid]) -> Result<Vec<Kept>> {
    let mut found = vec![];
    for chunk in ids.chunks(500) {
        let mut args: Vec<Value> = vec![school.into()];
        args.extend(chunk.iter().map(|id| Value::Id(*id)));
        let places: Vec<String> = (2..=args.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "select id, name, mime, size, sha256, created_by from file where school_id = $1 and id in ({})",
            places.join(", ")
        );
        for row in db.all(&sql, &args).await? {
            found.push(Kept {
                id: row.at(0)?,
                name: row.at(1)?,
                mime: row.at(2)?,
                size: row.at(3)?,
                sha256: row.at(4)?,
                created_by: row.at(5)?,
            });
        }
    }
    found.sort_by_key(|file| ids.iter().position(|id| *id == file.id));
    Ok(found)
}

/// The file, if the person may read it. `of` (`hazard/…id…`) says which record it was seen in and saves the search.
pub async fn readable(scope: &Scope, id: Uuid, of: Option<&str>) -> Result<Kept> {
    let kept = info(scope.db(), scope.school, &[id])
        .await?
        .pop()
        .ok_or(Error::NotFound)?;
    if kept.created_by == scope.actor.account || scope.actor.system {
        return Ok(kept);
    }
    if let Some((register, record)) = of.and_then(|of| of.split_once('/'))
        && let (Ok(spec), Ok(record)) = (scope.register(register), record.parse())
        && let Ok(record) = store::get(scope, spec, record).await
        && let Some(at) = file_fields(spec).find(|at| ids_of(&record.values[*at]).contains(&id))
    {
        if !spec.fields[at].sealed {
            return Ok(kept);
        }
        let unsealed = access::unsealed(&scope.actor, spec).covers(&scope.actor, &record.place);
        if unsealed && log::open_until(scope, &spec.id, record.id).await?.is_some() {
            return Ok(kept);
        }
    }
    for spec in scope.registers.iter() {
        if attached_readably(scope, spec, id).await? {
            return Ok(kept);
        }
    }
    Err(Error::NotFound)
}

fn file_fields(spec: &RegisterSpec) -> impl Iterator<Item = usize> + '_ {
    (0..spec.fields.len()).filter(|at| spec.fields[*at].kind == FieldKind::Files)
}

async fn attached_readably(scope: &Scope, spec: &RegisterSpec, id: Uuid) -> Result<bool> {
    let rows = access::readable(&scope.actor, &scope.app.roles, spec);
    let mut args: Vec<Value> = vec![scope.school.into(), format!("%{id}%").into()];
    // Files of a sealed field are read from the record they are opened in.
    let columns: Vec<String> = file_fields(spec)
        .filter(|at| !spec.fields[*at].sealed)
        .map(|at| format!("t.{} like $2", column(&spec.fields[at])))
        .collect();
    if columns.is_empty() || rows == Rows::None {
        return Ok(false);
    }
    let predicate = rows.predicate(&scope.actor, &mut args);
    let sql = format!(
        "select t.id from {} t where t.school_id = $1 and ({}) and {predicate} limit 1",
        table(spec),
        columns.join(" or ")
    );
    Ok(scope.db().opt(&sql, &args).await?.is_some())
}

/// Files whose content is missing or damaged on the disk: name and what is wrong.
pub async fn damaged(app: &App) -> Result<Vec<String>> {
    let mut found = vec![];
    for row in app
        .db
        .all("select distinct sha256, name from file order by sha256", &[])
        .await?
    {
        let (sha256, name): (String, String) = (row.at(0)?, row.at(1)?);
        if let Some(fault) = app.files.fault(&sha256).await {
            found.push(format!("附件“{name}”的{fault}（{sha256}）"));
        }
    }
    Ok(found)
}

/// `GET /files/{id}` and the page of what files take.
pub fn routes() -> Routes {
    Routes::new()
        .get("/files/{id}", Gate::Login, serve)
        .get("/files-usage", Gate::Manage, usage::page)
        .post("/files-usage", Gate::Manage, usage::set)
}

#[derive(serde::Deserialize)]
struct Seen {
    of: Option<String>,
}

async fn serve(scope: Scope, Path(id): Path<String>, Query(seen): Query<Seen>) -> Result<Response> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    let kept = readable(&scope, id, seen.of.as_deref()).await?;
    let bytes = scope.app.files.get(&kept.sha256).await?;
    let place = match picture::is_picture(&kept.mime) {
        true => "inline",
        false => "attachment",
    };
    let disposition = format!("{place}; filename*=UTF-8''{}", escape(&kept.name));
    let value = |text: &str| HeaderValue::from_str(text).context("a header of a file");
    let headers = [
        (header::CONTENT_TYPE, value(&kept.mime)?),
        (header::CONTENT_DISPOSITION, value(&disposition)?),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; sandbox"),
        ),
    ];
    Ok((headers, bytes).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_read_off_the_content_not_the_name() {
        assert_eq!(mime_of("a.png", &[0xFF, 0xD8, 0xFF, 0xE0]), Some("image/jpeg"));
        assert_eq!(mime_of("a.docx", b"PK\x03\x04...."), Some(crate::http::DOCX));
        assert_eq!(mime_of("a.exe", b"PK\x03\x04...."), None);
        assert_eq!(mime_of("a.exe", b"MZ\x90"), None);
        assert_eq!(mime_of("a.html", b"<script>"), None);
        assert_eq!(mime_of("a.svg", b"<svg onload=alert(1)>"), None);
        assert!(unwanted_picture(b"\0\0\0\x18ftypheic").is_some_and(|why| why.contains("HEIC")));
        assert!(unwanted_picture(b"GIF89a").is_some_and(|why| why.contains("GIF")));
        assert_eq!(unwanted_picture(&[0xFF, 0xD8, 0xFF, 0xE0]), None);
        assert_eq!(mime_of("a.txt", "说明".as_bytes()), Some("text/plain"));
        assert_eq!(mime_of("a.txt", b"a\0b"), None);
    }
}
