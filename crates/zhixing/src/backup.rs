//! Backup and restore: one zip file with every table as JSON lines and every attachment, the same for both databases.
//!
//! A backup reads one snapshot, so it may be taken while the program serves; restoring replaces everything in one
//! transaction, and may move a school from SQLite to PostgreSQL or back. Sessions and jobs are left out.
//!
//! Sealed fields are in the backup as cipher text. Their key goes with it unless the keeper says otherwise, so that a
//! lost data folder is no lost data; whoever keeps backups keeps what is sealed. Both commands say which it is.
use crate::assemble::{self, Place};
use anyhow::{Context, Result, bail, ensure};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::app::App;
use kernel::args;
use kernel::db::Db;
use kernel::seal;
use kernel::value::{SqlType, Value};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

const FORMAT: u32 = 1;
const LEFT_OUT: [&str; 3] = ["session", "job", "migration"];
const ROWS_AT_ONCE: i64 = 5_000;

#[derive(Serialize, Deserialize)]
struct Meta {
    format: u32,
    program: String,
    created_at: DateTime<Utc>,
    tables: Vec<Table>,
}

#[derive(Serialize, Deserialize)]
struct Table {
    name: String,
    columns: Vec<(String, String)>,
    rows: u64,
}

fn kind(word: &str) -> Result<SqlType> {
    Ok(match word {
        "bigint" => SqlType::Int,
        "boolean" => SqlType::Bool,
        "text" => SqlType::Text,
        "date" => SqlType::Date,
        "timestamptz" => SqlType::Instant,
        "uuid" => SqlType::Id,
        other => bail!("列类型 {other} 不在备份格式之内"),
    })
}

/// The key of sealed fields within a backup.
const KEY: &str = "seal.key";

/// A file that only its owner may read.
fn private_file(path: &Path) -> std::io::Result<File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

/// Writes a backup of everything, `with_key` of sealed fields.
pub async fn backup(place: &Place, file: &Path, with_key: bool) -> Result<()> {
    let app = assemble::open(place).await?;
    let partial = file.with_extension("partial");
    let mut zip = ZipWriter::new(BufWriter::new(
        private_file(&partial).with_context(|| format!("不能写入 {}", partial.display()))?,
    ));
    let options = SimpleFileOptions::default();
    let snapshot = app.db.snapshot().await?;
    let mut tables = vec![];
    for name in snapshot.tables().await? {
        if LEFT_OUT.contains(&name.as_str()) || name.starts_with("_sqlx") {
            continue;
        }
        let columns = snapshot.columns_of(&name).await?;
        zip.start_file(format!("tables/{name}.jsonl"), options)?;
        let rows = write_table(&snapshot, &name, &columns, &mut zip).await?;
        tables.push(Table { name, columns, rows });
    }
    let mut attachments = 0;
    for row in snapshot.all("select distinct sha256 from file", &[]).await? {
        let sha: String = row.at(0)?;
        let bytes = app.files.get(&sha).await;
        let bytes = bytes.with_context(|| format!("附件 {sha} 不见了，请先运行 zhixing check"))?;
        zip.start_file(format!("files/{sha}"), options)?;
        zip.write_all(&bytes)?;
        attachments += 1;
    }
    if with_key {
        let key = seal::read_key(&seal::key_path(&place.data))?.context("数据目录中没有 seal.key")?;
        zip.start_file(KEY, options)?;
        zip.write_all(&key)?;
    }
    let rows: u64 = tables.iter().map(|t| t.rows).sum();
    let program = env!("CARGO_PKG_VERSION").into();
    let meta = Meta {
        format: FORMAT,
        program,
        created_at: app.clock.now(),
        tables,
    };
    zip.start_file("meta.json", options)?;
    zip.write_all(&serde_json::to_vec_pretty(&meta)?)?;
    let written = zip.finish()?.into_inner().context("备份文件没有写完")?;
    written.sync_all()?;
    std::fs::rename(&partial, file)?;
    drop(snapshot);
    app.db.close().await;
    println!(
        "已备份 {} 张表 {rows} 行、{attachments} 个附件到 {}",
        meta.tables.len(),
        file.display()
    );
    match with_key {
        true => println!("备份含保密字段的密钥：拿到它的人能读出全部保密内容，请存放在安全的地方"),
        false => println!(
            "备份不含保密字段的密钥：恢复时须有现在的 {}，请另行保管",
            seal::key_path(&place.data).display()
        ),
    }
    Ok(())
}

async fn write_table(db: &Db, name: &str, columns: &[(String, String)], out: &mut impl Write) -> Result<u64> {
    let kinds: Vec<SqlType> = columns
        .iter()
        .map(|(_, word)| kind(word))
        .collect::<Result<_>>()?;
    let list: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    // Every primary key lies within the first four columns.
    let order: Vec<String> = (1..=columns.len().min(4)).map(|n| n.to_string()).collect();
    let sql = format!(
        "select {} from {name} order by {} limit $1 offset $2",
        list.join(", "),
        order.join(", ")
    );
    let mut count = 0;
    loop {
        let rows = db.all(&sql, args![ROWS_AT_ONCE, count]).await?;
        for row in &rows {
            let cells: Vec<serde_json::Value> = kinds
                .iter()
                .enumerate()
                .map(|(at, kind)| Ok(row.value(at, *kind)?.json()))
                .collect::<Result<_>>()?;
            serde_json::to_writer(&mut *out, &cells)?;
            out.write_all(b"\n")?;
        }
        count += rows.len() as i64;
        if (rows.len() as i64) < ROWS_AT_ONCE {
            return Ok(count as u64);
        }
    }
}

/// Replaces everything by what the backup holds, or changes nothing.
pub async fn restore(place: &Place, file: &Path) -> Result<()> {
    let opened = File::open(file).with_context(|| format!("打不开备份文件 {}", file.display()))?;
    let mut zip = ZipArchive::new(BufReader::new(opened)).context("这不是备份文件，或文件已损坏")?;
    let meta: Meta = {
        let mut text = String::new();
        zip.by_name("meta.json")
            .context("备份不完整：缺少 meta.json")?
            .read_to_string(&mut text)?;
        serde_json::from_str(&text).context("备份的 meta.json 已损坏")?
    };
    ensure!(
        meta.format == FORMAT,
        "备份格式是 {}，本程序只认 {FORMAT}",
        meta.format
    );
    let app = assemble::open(place).await?;
    restore_files(&app, &mut zip).await?;
    let drawn = prepare_drawn(&app, &meta, &mut zip).await?;
    let tx = app.db.begin().await?;
    for name in tx.tables().await? {
        if name != "migration" && !name.starts_with("_sqlx") {
            tx.run(&format!("delete from {name}"), &[]).await?;
        }
    }
    let mut total = 0;
    for table in &meta.tables {
        total += restore_table(&tx, table, &mut zip).await?;
    }
    // Revisions only ever grow, so that no page rendered before the restore passes for a current one.
    tx.run(
        "update revision set rev = rev + $1",
        args![app.clock.now().timestamp_millis()],
    )
    .await?;
    let key = restored_key(place, &tx, &mut zip).await?;
    tx.commit().await?;
    if key {
        std::fs::rename(seal::restored_key_path(&place.data), seal::key_path(&place.data))?;
    }
    app.db.close().await;
    println!("已恢复 {} 张表 {total} 行；所有人需要重新登录", meta.tables.len());
    if drawn {
        println!("备份里有自定义台账：服务正在运行的，请重启一次");
    }
    Ok(())
}

/// Lays the key of the backup beside the present one, to take its place once everything is committed; false when the
/// present one is right. A start after a crash in between finds it there.
async fn restored_key(place: &Place, tx: &Db, zip: &mut ZipArchive<BufReader<File>>) -> Result<bool> {
    // A backup from before there were sealed fields is sealed at the next start, under the present key.
    let Some(check) = seal::check_value(tx).await? else {
        return Ok(false);
    };
    if let Some(present) = seal::read_key(&seal::key_path(&place.data))?
        && seal::fits(&check, present)
    {
        return Ok(false);
    }
    let mut key = vec![];
    zip.by_name(KEY)
        .context("备份不含保密字段的密钥，请先把备份时的 seal.key 放到数据目录中；数据没有改动")?
        .read_to_end(&mut key)?;
    let key: [u8; 32] = key.try_into().ok().context("备份中的密钥已损坏")?;
    ensure!(seal::fits(&check, key), "备份中的密钥与备份的数据不符");
    seal::write_key(&seal::restored_key_path(&place.data), &key)?;
    Ok(true)
}

async fn restore_files(app: &App, zip: &mut ZipArchive<BufReader<File>>) -> Result<()> {
    let names: Vec<String> = zip
        .file_names()
        .filter(|n| n.starts_with("files/"))
        .map(str::to_owned)
        .collect();
    for name in names {
        let mut bytes = vec![];
        zip.by_name(&name)?
            .read_to_end(&mut bytes)
            .with_context(|| format!("备份中的 {name} 已损坏"))?;
        let sha = app.files.put(bytes).await?;
        ensure!(name == format!("files/{sha}"), "备份中的 {name} 与其校验值不符");
    }
    Ok(())
}

/// Makes the tables of registers that schools drew; whether there are any. They are there before the transaction: an
/// empty table harms nobody when the rest is refused.
async fn prepare_drawn(app: &App, meta: &Meta, zip: &mut ZipArchive<BufReader<File>>) -> Result<bool> {
    let Some(table) = meta.tables.iter().find(|table| table.name == "drawn_register") else {
        return Ok(false);
    };
    let place = |name: &str| {
        let at = table.columns.iter().position(|column| column.0 == name);
        at.with_context(|| format!("备份中的表 drawn_register 缺少列 {name}"))
    };
    let (code, published) = (place("code")?, place("published")?);
    let entry = zip.by_name("tables/drawn_register.jsonl").context("备份不完整")?;
    let mut found = vec![];
    for line in BufReader::new(entry).lines() {
        let cells: Vec<serde_json::Value> =
            serde_json::from_str(&line?).context("备份中的表 drawn_register 已损坏")?;
        let text = |at: usize| {
            cells
                .get(at)
                .and_then(serde_json::Value::as_str)
                .map(str::to_owned)
        };
        if let (Some(code), Some(published)) = (text(code), text(published)) {
            found.push((code, published));
        }
    }
    for (code, published) in &found {
        kernel::draw::prepare(app, code, published).await?;
        // Fields that were hidden since keep their columns.
        let name = format!("r_{code}");
        let present = app.db.columns_of(&name).await?;
        let kept = meta.tables.iter().find(|table| table.name == name);
        for (column, word) in kept.iter().flat_map(|table| &table.columns) {
            if column.starts_with("f_") && present.iter().all(|(known, _)| known != column) {
                let plain = column.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
                ensure!(plain, "备份中的表 {name} 有不合规的列名");
                let word = kind(word)?.ddl();
                app.db
                    .script(&format!("alter table {name} add column {column} {word}"))
                    .await?;
            }
        }
    }
    Ok(!found.is_empty())
}

async fn restore_table(db: &Db, table: &Table, zip: &mut ZipArchive<BufReader<File>>) -> Result<u64> {
    let present = db.columns_of(&table.name).await?;
    for (name, word) in &table.columns {
        ensure!(
            present.iter().any(|(p, w)| p == name && w == word),
            "备份中的表 {} 有本程序不认识的列 {name}，请用备份时的程序版本（{}）",
            table.name,
            word
        );
    }
    let kinds: Vec<SqlType> = table
        .columns
        .iter()
        .map(|(_, word)| kind(word))
        .collect::<Result<_>>()?;
    let columns: Vec<&str> = table.columns.iter().map(|(name, _)| name.as_str()).collect();
    let entry = zip
        .by_name(&format!("tables/{}.jsonl", table.name))
        .context("备份不完整")?;
    let mut rows = vec![];
    let mut count = 0;
    for (number, line) in BufReader::new(entry).lines().enumerate() {
        let place = || format!("备份中的表 {} 第 {} 行已损坏", table.name, number + 1);
        let cells: Vec<serde_json::Value> =
            serde_json::from_str(&line.with_context(place)?).with_context(place)?;
        ensure!(cells.len() == kinds.len(), place());
        let row: Option<Vec<Value>> = cells
            .iter()
            .zip(&kinds)
            .map(|(cell, kind)| value(cell, *kind))
            .collect();
        rows.push(row.with_context(place)?);
        count += 1;
        if rows.len() == ROWS_AT_ONCE as usize {
            db.insert_many(&table.name, &columns, &rows).await?;
            rows.clear();
        }
    }
    db.insert_many(&table.name, &columns, &rows).await?;
    ensure!(
        count == table.rows,
        "备份中的表 {} 应有 {} 行，实有 {count} 行",
        table.name,
        table.rows
    );
    Ok(count)
}

fn value(cell: &serde_json::Value, kind: SqlType) -> Option<Value> {
    if cell.is_null() {
        return Some(Value::Null(kind));
    }
    Some(match kind {
        SqlType::Int => Value::Int(cell.as_i64()?),
        SqlType::Bool => Value::Bool(cell.as_bool()?),
        SqlType::Text => Value::Text(cell.as_str()?.to_owned()),
        SqlType::Date => Value::Date(cell.as_str()?.parse::<NaiveDate>().ok()?),
        SqlType::Instant => Value::Instant(
            DateTime::parse_from_rfc3339(cell.as_str()?)
                .ok()?
                .with_timezone(&Utc),
        ),
        SqlType::Id => Value::Id(cell.as_str()?.parse().ok()?),
    })
}
