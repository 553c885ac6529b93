//! Sealed values (保密字段): what the database holds of them is cipher text, SM4 in GCM under the key file of the data folder.
//!
//! Equal texts of one column give equal cipher texts: the nonce is made from the column and the text (a synthetic
//! nonce), so that a unique index, an equality filter and the journal still see whether two values are the same.
//! Values in memory are plain; they are sealed where they are bound and unsealed where a row is read.
pub mod convert;
pub mod log;

use crate::args;
use crate::db::Db;
use crate::error::Result;
use crate::register::spec::{FieldSpec, RegisterSpec};
use crate::value::{SqlType, Value};
use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{AesGcm, KeyInit};
use anyhow::{Context, anyhow, bail};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use sm3::Sm3;
use sm4::Sm4;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What every cipher text begins with.
const MARK: &str = "sm4:";
/// Bytes of the key file.
const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 12;
/// What the check value of a database holds.
const CHECK: &str = "zhixing";
/// The name of the check value in the table `seal`.
const CHECK_NAME: &str = "check";

/// Seals and unseals under one key. Cheap to clone.
#[derive(Clone)]
pub struct Seal(Arc<Keys>);

struct Keys {
    cipher: AesGcm<Sm4, U12>,
    nonce: Hmac<Sm3>,
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Seal")
    }
}

/// Where the key of a data folder lies.
pub fn key_path(data: &Path) -> PathBuf {
    data.join("seal.key")
}

/// Where the key of a backup waits until the restore it belongs to is committed.
pub fn restored_key_path(data: &Path) -> PathBuf {
    data.join("seal.key.restored")
}

/// The name under which a field's values are sealed and the table `seal` knows its column.
pub fn column_name(spec: &RegisterSpec, field: &FieldSpec) -> String {
    format!("{}.{}", spec.id, field.name)
}

fn derive(key: &[u8], purpose: &str) -> [u8; 32] {
    let mut mac = <Hmac<Sm3> as KeyInit>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(purpose.as_bytes());
    mac.finalize().into_bytes().into()
}

impl Seal {
    /// From the bytes of a key file.
    pub fn of_key(key: &[u8; KEY_BYTES]) -> Seal {
        let cipher = derive(key, "zhixing sealed values: cipher");
        let nonce = derive(key, "zhixing sealed values: nonce");
        Seal(Arc::new(Keys {
            cipher: AesGcm::new_from_slice(&cipher[..16]).expect("SM4 keys have 16 bytes"),
            nonce: <Hmac<Sm3> as KeyInit>::new_from_slice(&nonce).expect("HMAC takes keys of any length"),
        }))
    }

    /// The cipher text of a text under a name (`student.phone`).
    pub fn text(&self, name: &str, plain: &str) -> String {
        let mut mac = self.0.nonce.clone();
        mac.update(&(name.len() as u64).to_be_bytes());
        mac.update(name.as_bytes());
        mac.update(plain.as_bytes());
        let digest = mac.finalize().into_bytes();
        let nonce: [u8; NONCE_BYTES] = std::array::from_fn(|at| digest[at]);
        let payload = Payload {
            msg: plain.as_bytes(),
            aad: name.as_bytes(),
        };
        let sealed = self
            .0
            .cipher
            .encrypt(&nonce.into(), payload)
            .expect("a value is shorter than 64 GB");
        let mut text = String::with_capacity(MARK.len() + (NONCE_BYTES + sealed.len()) * 4 / 3 + 3);
        text.push_str(MARK);
        URL_SAFE_NO_PAD.encode_string([&nonce[..], &sealed].concat(), &mut text);
        text
    }

    /// The text of a cipher text; `None` when it is none, was changed, or belongs to another key or name.
    pub fn plain(&self, name: &str, sealed: &str) -> Option<String> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed.strip_prefix(MARK)?).ok()?;
        let (nonce, msg) = bytes.split_at_checked(NONCE_BYTES)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().ok()?;
        let payload = Payload {
            msg,
            aad: name.as_bytes(),
        };
        String::from_utf8(self.0.cipher.decrypt(&nonce.into(), payload).ok()?).ok()
    }

    /// The value as the column of the field keeps it. Nothing stays nothing.
    pub fn bind(&self, spec: &RegisterSpec, field: &FieldSpec, value: &Value) -> Value {
        match field.sealed {
            true => self.bind_as(&column_name(spec, field), value),
            false => value.clone(),
        }
    }

    fn bind_as(&self, name: &str, value: &Value) -> Value {
        match value {
            Value::Null(_) => Value::Null(SqlType::Text),
            Value::Text(text) if text.is_empty() => "".into(),
            Value::Text(text) => self.text(name, text).into(),
            other => match other.json() {
                serde_json::Value::String(text) => self.text(name, &text).into(),
                json => self.text(name, &json.to_string()).into(),
            },
        }
    }

    /// The value that a column of the field keeps.
    ///
    /// # Errors
    /// When the cipher text is damaged. The message names the field, never a value.
    pub fn read(&self, spec: &RegisterSpec, field: &FieldSpec, kept: Value) -> Result<Value> {
        if !field.sealed {
            return Ok(kept);
        }
        let kind = field.kind.sql();
        let Value::Text(text) = kept else {
            return Ok(Value::Null(kind));
        };
        if text.is_empty() && kind == SqlType::Text {
            return Ok("".into());
        }
        let plain = self.plain(&column_name(spec, field), &text);
        let value = plain.and_then(|plain| value_of(kind, plain));
        Ok(
            value
                .with_context(|| format!("a sealed value of {} cannot be read", column_name(spec, field)))?,
        )
    }

    /// A field of a journal entry as it was; what does not fit any more is null.
    pub fn read_json(&self, spec: &RegisterSpec, field: &FieldSpec, kept: &serde_json::Value) -> Value {
        let kind = field.kind.sql();
        let nothing = Value::Null(kind);
        match (field.sealed, kept.as_str()) {
            (true, Some("")) if kind == SqlType::Text => "".into(),
            (true, Some(text)) => self
                .plain(&column_name(spec, field), text)
                .and_then(|plain| value_of(kind, plain))
                .unwrap_or(nothing),
            (true, None) => nothing,
            (false, _) => Value::of_json(kind, kept),
        }
    }
}

fn value_of(kind: SqlType, plain: String) -> Option<Value> {
    Some(match kind {
        SqlType::Text => Value::Text(plain),
        SqlType::Int => Value::Int(plain.parse().ok()?),
        SqlType::Bool => Value::Bool(plain.parse().ok()?),
        SqlType::Date => Value::Date(plain.parse().ok()?),
        SqlType::Instant => Value::Instant(plain.parse().ok()?),
        SqlType::Id => Value::Id(plain.parse().ok()?),
    })
}

/// Opens the key of a data folder for its database, and makes both at the first start.
///
/// # Errors
/// When the database was sealed under a key that is not in the data folder: nothing could be read, and what is
/// written would be lost to everybody else.
pub async fn open(db: &Db, data: &Path) -> anyhow::Result<Seal> {
    let present = read_key(&key_path(data))?;
    let Some(check) = check_value(db).await? else {
        let key = match present {
            Some(key) => key,
            None => make_key(data)?,
        };
        let seal = Seal::of_key(&key);
        db.run(
            "insert into seal (name, value) values ($1, $2) on conflict (name) do nothing",
            args![CHECK_NAME, seal.text(CHECK_NAME, CHECK)],
        )
        .await?;
        // Somebody else may have started at the same moment on the same database.
        let check = check_value(db).await?.context("the check value was written")?;
        return fitting(&check, key).context(wrong_key(data));
    };
    let path = key_path(data);
    if let Some(seal) = present.and_then(|key| fitting(&check, key)) {
        return Ok(seal);
    }
    // A restore that was committed but could not put its key into place.
    let restored = restored_key_path(data);
    if let Some(key) = read_key(&restored)?
        && let Some(seal) = fitting(&check, key)
    {
        std::fs::rename(&restored, &path)?;
        return Ok(seal);
    }
    match present {
        Some(_) => bail!(wrong_key(data)),
        None => bail!(
            "缺少密钥文件 {}：数据库中的保密字段是用它加密的。请从备份或原来的数据目录取回该文件后再启动；数据没有改动",
            path.display()
        ),
    }
}

fn wrong_key(data: &Path) -> String {
    format!(
        "密钥文件 {} 与数据库不符：数据库中的保密字段是用另一个密钥加密的。请换回原来的密钥文件后再启动；数据没有改动",
        key_path(data).display()
    )
}

/// Whether the key is the one under which the database of the check value is sealed.
pub fn fits(check: &str, key: [u8; KEY_BYTES]) -> bool {
    fitting(check, key).is_some()
}

fn fitting(check: &str, key: [u8; KEY_BYTES]) -> Option<Seal> {
    let seal = Seal::of_key(&key);
    (seal.plain(CHECK_NAME, check).as_deref() == Some(CHECK)).then_some(seal)
}

/// The check value of a database, if anything was sealed in it.
pub async fn check_value(db: &Db) -> Result<Option<String>> {
    let row = db
        .opt("select value from seal where name = $1", args![CHECK_NAME])
        .await?;
    row.map(|row| row.at(0)).transpose()
}

/// Reads a key file; `None` when there is none.
pub fn read_key(path: &Path) -> anyhow::Result<Option<[u8; KEY_BYTES]>> {
    match std::fs::read(path) {
        Ok(bytes) => bytes
            .try_into()
            .map(Some)
            .map_err(|_| anyhow!("密钥文件 {} 已损坏：应为 {KEY_BYTES} 字节", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("不能读取密钥文件 {}", path.display())),
    }
}

/// Writes a key file that only its owner may read, and flushes it: without it everything sealed is lost.
pub fn write_key(path: &Path, key: &[u8; KEY_BYTES]) -> anyhow::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let place = || format!("不能写入密钥文件 {}", path.display());
    let mut file = options.open(path).with_context(place)?;
    file.write_all(key).with_context(place)?;
    file.sync_all().with_context(place)?;
    if let Some(folder) = path.parent() {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

fn make_key(data: &Path) -> anyhow::Result<[u8; KEY_BYTES]> {
    let mut key = [0; KEY_BYTES];
    getrandom::fill(&mut key).map_err(|error| anyhow!("no random bytes: {error}"))?;
    write_key(&key_path(data), &key)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::spec::FieldKind;

    fn seal() -> Seal {
        Seal::of_key(&[7; KEY_BYTES])
    }

    #[test]
    fn equal_texts_of_one_column_are_equal_and_of_two_are_not() {
        let seal = seal();
        let first = seal.text("student.phone", "13900000000");
        assert_eq!(first, seal.text("student.phone", "13900000000"));
        assert_ne!(first, seal.text("student.phone", "13900000001"));
        assert_ne!(first, seal.text("staff.phone", "13900000000"));
        assert_ne!(
            first,
            Seal::of_key(&[8; KEY_BYTES]).text("student.phone", "13900000000")
        );
        assert!(!first.contains("139"), "{first}");
    }

    #[test]
    fn only_the_same_key_and_column_unseal_what_nobody_changed() {
        let seal = seal();
        for plain in ["1", "张三", "", "说明\n第二行", &"长".repeat(1000)] {
            let sealed = seal.text("a.b", plain);
            assert_eq!(seal.plain("a.b", &sealed).as_deref(), Some(plain));
            assert_eq!(seal.plain("a.c", &sealed), None);
            assert_eq!(Seal::of_key(&[8; KEY_BYTES]).plain("a.b", &sealed), None);
            let mut changed = sealed.clone().into_bytes();
            let at = MARK.len() + 20;
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(seal.plain("a.b", &String::from_utf8(changed).unwrap()), None);
        }
        assert_eq!(seal.plain("a.b", "13900000000"), None);
    }

    #[test]
    fn every_kind_of_value_comes_back() {
        let seal = seal();
        let values = [
            Value::Int(-42),
            Value::Bool(true),
            Value::Text("sm4:不是密文".into()),
            Value::Date(chrono::NaiveDate::from_ymd_opt(2026, 9, 1).unwrap()),
            Value::Instant(chrono::DateTime::UNIX_EPOCH),
        ];
        for value in values {
            let sealed = seal.bind_as("a.b", &value);
            let text = sealed.text().expect("cipher text").to_owned();
            let kind = match value {
                Value::Int(_) => FieldKind::Money.sql(),
                Value::Bool(_) => FieldKind::Bool.sql(),
                Value::Date(_) => FieldKind::Date.sql(),
                Value::Instant(_) => FieldKind::Instant.sql(),
                _ => SqlType::Text,
            };
            assert_eq!(value_of(kind, seal.plain("a.b", &text).unwrap()), Some(value));
        }
    }
}
