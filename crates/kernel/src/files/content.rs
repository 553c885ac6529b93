//! Where the contents of files lie, each under its SHA-256: a folder, or a bucket of an object store.
//!
//! A content is written once, whole, before its row is committed; nothing is ever changed in place.
use crate::error::{Error, Result};
use anyhow::{Context, bail, ensure};
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The contents of all files of an installation.
#[derive(Clone)]
pub struct Contents(Place);

#[derive(Clone)]
enum Place {
    Folder(PathBuf),
    Objects(Arc<dyn ObjectStore>, ObjectPath),
}

/// SHA-256 in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    crate::auth::hex(&Sha256::digest(bytes))
}

impl Contents {
    /// `DATA/files`.
    pub fn folder(data: &Path) -> Contents {
        Contents(Place::Folder(data.join("files")))
    }

    /// Under a prefix of an object store.
    pub fn objects(store: Arc<dyn ObjectStore>, prefix: &str) -> Contents {
        Contents(Place::Objects(store, ObjectPath::from(prefix)))
    }

    /// `file:` for the folder of the data folder, `file:/some/folder`, or `s3://bucket/prefix`.
    ///
    /// # Errors
    /// When the address is none of these, or names an object store and the program was built without it.
    pub fn open(address: &str, data: &Path) -> anyhow::Result<Contents> {
        if let Some(path) = address.strip_prefix("file:") {
            return Ok(match path.trim_start_matches("//") {
                "" => Contents::folder(data),
                path => Contents(Place::Folder(path.into())),
            });
        }
        match address.strip_prefix("s3://") {
            Some(rest) => {
                let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
                ensure!(!bucket.is_empty(), "--files s3://桶名/前缀 中缺少桶名");
                Ok(Contents::objects(s3(bucket)?, prefix))
            }
            None => bail!("--files 应为 file:、file:/目录 或 s3://桶名/前缀，不能是 {address:?}"),
        }
    }

    /// Writes a content once and gives its digest.
    pub async fn put(&self, bytes: Vec<u8>) -> Result<String> {
        match &self.0 {
            Place::Folder(folder) => {
                let folder = folder.clone();
                let written = tokio::task::spawn_blocking(move || write(&folder, &bytes)).await;
                Ok(written.context("writing a file was interrupted")??)
            }
            Place::Objects(store, prefix) => {
                let sha256 = digest(&bytes);
                let place = object(prefix, &sha256);
                if store
                    .head(&place)
                    .await
                    .is_ok_and(|found| found.size == bytes.len() as u64)
                {
                    return Ok(sha256);
                }
                let sent = store.put(&place, PutPayload::from(bytes)).await;
                sent.context("the object store did not take a file")?;
                Ok(sha256)
            }
        }
    }

    /// Reads a content; an error when it is not there.
    pub async fn get(&self, sha256: &str) -> Result<Vec<u8>> {
        match &self.0 {
            Place::Folder(folder) => Ok(tokio::fs::read(path(folder, sha256))
                .await
                .with_context(|| format!("the content {sha256} is missing"))?),
            Place::Objects(store, prefix) => {
                let failed = || format!("the content {sha256} cannot be read from the object store");
                let found = store.get(&object(prefix, sha256)).await.with_context(failed)?;
                Ok(found.bytes().await.with_context(failed)?.to_vec())
            }
        }
    }

    /// What is wrong with a content, if anything: in words.
    pub async fn fault(&self, sha256: &str) -> Option<&'static str> {
        match self.get(sha256).await {
            Ok(bytes) if digest(&bytes) == sha256 => None,
            Ok(_) => Some("内容已损坏"),
            Err(Error::Internal(_)) | Err(_) => Some("内容丢失"),
        }
    }
}

fn path(folder: &Path, sha256: &str) -> PathBuf {
    folder.join(sha256.get(..2).unwrap_or("")).join(sha256)
}

fn object(prefix: &ObjectPath, sha256: &str) -> ObjectPath {
    prefix.clone().join(sha256.get(..2).unwrap_or("")).join(sha256)
}

/// To a temporary name, flushed, then renamed.
fn write(folder: &Path, bytes: &[u8]) -> anyhow::Result<String> {
    let sha256 = digest(bytes);
    let path = path(folder, &sha256);
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

/// Keys, region and address of the service come from the environment (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`,
/// `AWS_REGION`, `AWS_ENDPOINT`), as its other tools take them.
#[cfg(feature = "s3")]
fn s3(bucket: &str) -> anyhow::Result<Arc<dyn ObjectStore>> {
    let store = object_store::aws::AmazonS3Builder::from_env()
        .with_bucket_name(bucket)
        .build()
        .context(
            "对象存储的参数不全，请检查 AWS_ACCESS_KEY_ID、AWS_SECRET_ACCESS_KEY、AWS_REGION、AWS_ENDPOINT",
        )?;
    Ok(Arc::new(store))
}

#[cfg(not(feature = "s3"))]
fn s3(bucket: &str) -> anyhow::Result<Arc<dyn ObjectStore>> {
    bail!("本程序编译时没有带对象存储功能，不能使用桶 {bucket}；请用 --features s3 编译，或用 file: 存放附件")
}

#[cfg(test)]
mod tests {
    use super::*;
    use object_store::memory::InMemory;

    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn scratch() -> PathBuf {
        std::env::temp_dir().join(format!("zhixing-files-{}", crate::auth::random_hex(6)))
    }

    #[tokio::test]
    async fn a_content_is_written_once_and_found_by_its_digest() {
        let data = scratch();
        let memory = Arc::new(InMemory::new());
        let places = [
            Contents::folder(&data),
            Contents::objects(memory.clone(), "school/files"),
        ];
        for contents in places {
            assert_eq!(contents.put(b"abc".to_vec()).await.unwrap(), ABC);
            assert_eq!(contents.put(b"abc".to_vec()).await.unwrap(), ABC);
            assert_eq!(contents.get(ABC).await.unwrap(), b"abc");
            assert_eq!(contents.fault(ABC).await, None);
            assert!(contents.get(&digest(b"other")).await.is_err());
            assert_eq!(contents.fault(&digest(b"other")).await, Some("内容丢失"));
        }
        let folder = path(&data.join("files"), ABC);
        let lying = std::fs::read_dir(folder.parent().unwrap()).unwrap().count();
        assert_eq!(lying, 1, "no draft is left behind");
        let stored = ObjectPath::from(format!("school/files/ba/{ABC}"));
        memory
            .put(&stored, PutPayload::from_static(b"abd"))
            .await
            .unwrap();
        let contents = Contents::objects(memory, "school/files");
        assert_eq!(contents.fault(ABC).await, Some("内容已损坏"));
        std::fs::remove_dir_all(&data).unwrap();
    }

    #[test]
    fn an_address_is_a_folder_or_a_bucket() {
        let data = Path::new("/somewhere");
        let folder = |address: &str| match Contents::open(address, data).map(|c| c.0) {
            Ok(Place::Folder(folder)) => folder,
            _ => panic!("{address}"),
        };
        assert_eq!(folder("file:"), Path::new("/somewhere/files"));
        assert_eq!(folder("file:/elsewhere"), Path::new("/elsewhere"));
        for bad in ["ftp://x", "/files", "s3://", ""] {
            assert!(Contents::open(bad, data).is_err(), "{bad}");
        }
    }
}
