//! Attached files (附件): contents under `data/files` named by their SHA-256, one row each with name and owner.
//!
//! A file is on the disk, flushed, before its row is committed, so a row never points to nothing. A person may read a
//! file they uploaded, or one attached to a record they may read.
use crate::access::{self, Rows};
use crate::app::{App, Scope};
use crate::args;
use crate::error::{Error, Result};
use crate::http::{Gate, Routes, escape};
use crate::register::spec::{FieldKind, RegisterSpec};
use crate::register::store;
use crate::schema::{column, table};
use crate::value::Value;
use anyhow::Context;
use axum::extract::{Path, Query};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::{Path as FilePath, PathBuf};
use uuid::Uuid;

/// Most bytes of one file.
pub const MOST_BYTES: usize = 10 << 20;
/// What the browser offers to choose from.
pub const ACCEPT: &str =
    ".jpg,.jpeg,.png,.gif,.webp,.heic,.pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.txt,.csv,.zip";

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
        match self.size {
            0..1024 => format!("{} B", self.size),
            1024..1_048_576 => format!("{} KB", self.size / 1024),
            _ => format!("{:.1} MB", self.size as f64 / 1_048_576.0),
        }
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
    if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        return Some("image/gif");
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Some("image/webp");
    }
    if matches!(bytes.get(4..12), Some(b"ftypheic" | b"ftypmif1")) {
        return Some("image/heic");
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

/// Where a content lies.
pub fn path_of(data: &FilePath, sha256: &str) -> PathBuf {
    data.join("files").join(&sha256[..2]).join(sha256)
}

/// Writes a content once: to a temporary name, flushed, then renamed.
pub fn write_content(data: &FilePath, bytes: &[u8]) -> anyhow::Result<String> {
    let sha256 = crate::auth::hex(&Sha256::digest(bytes));
    let path = path_of(data, &sha256);
    if path
        .metadata()
        .is_ok_and(|found| found.len() == bytes.len() as u64)
    {
        return Ok(sha256);
    }
    let folder = path.parent().context("a content lies in a folder")?;
    std::fs::create_dir_all(folder)?;
    let draft = folder.join(format!("{}.part", crate::auth::random_hex(8)));
    let mut file = std::fs::File::create(&draft)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&draft, &path)?;
    std::fs::File::open(folder)?.sync_all()?;
    Ok(sha256)
}

/// Keeps an uploaded file and gives its id.
///
/// # Errors
/// [`Error::Bad`] when the file is empty, too large or of a type that is not taken.
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
    let mime = mime_of(&name, &bytes).ok_or_else(|| {
        Error::Bad(format!(
            "文件“{name}”不是可上传的类型（图片、PDF、Word、Excel、PPT、文本、zip），或内容与扩展名不符"
        ))
    })?;
    let size = bytes.len() as i64;
    let data = scope.app.data.clone();
    let sha256 = tokio::task::spawn_blocking(move || write_content(&data, &bytes))
        .await
        .context("writing a file was interrupted")??;
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
        && file_fields(spec).any(|at| ids_of(&record.values[at]).contains(&id))
    {
        return Ok(kept);
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
    let columns: Vec<String> = file_fields(spec)
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
        match tokio::fs::read(path_of(&app.data, &sha256)).await {
            Ok(bytes) if crate::auth::hex(&Sha256::digest(&bytes)) == sha256 => {}
            Ok(_) => found.push(format!("附件“{name}”的内容已损坏（{sha256}）")),
            Err(_) => found.push(format!("附件“{name}”的内容丢失（{sha256}）")),
        }
    }
    Ok(found)
}

/// `GET /files/{id}`.
pub fn routes() -> Routes {
    Routes::new().get("/files/{id}", Gate::Login, serve)
}

#[derive(serde::Deserialize)]
struct Seen {
    of: Option<String>,
}

async fn serve(scope: Scope, Path(id): Path<String>, Query(seen): Query<Seen>) -> Result<Response> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    let kept = readable(&scope, id, seen.of.as_deref()).await?;
    let bytes = tokio::fs::read(path_of(&scope.app.data, &kept.sha256))
        .await
        .with_context(|| format!("the content of file {id} is missing"))?;
    let place = if kept.mime.starts_with("image/") {
        "inline"
    } else {
        "attachment"
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
        assert_eq!(mime_of("a.txt", "说明".as_bytes()), Some("text/plain"));
        assert_eq!(mime_of("a.txt", b"a\0b"), None);
    }

    #[test]
    fn a_content_is_written_once_and_found_by_its_digest() {
        let data = std::env::temp_dir().join(format!("zhixing-files-{}", crate::auth::random_hex(6)));
        let first = write_content(&data, b"abc").unwrap();
        let second = write_content(&data, b"abc").unwrap();
        assert_eq!(first, second);
        assert_eq!(
            first,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(std::fs::read(path_of(&data, &first)).unwrap(), b"abc");
        let folder = path_of(&data, &first);
        assert_eq!(
            std::fs::read_dir(folder.parent().unwrap()).unwrap().count(),
            1,
            "no draft is left behind"
        );
        std::fs::remove_dir_all(&data).unwrap();
    }
}
