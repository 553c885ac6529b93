//! `zhixing check`: finds damage. The file itself, every record against its journal, references, attachments.
use crate::assemble::{self, Place};
use anyhow::{Result, bail};
use kernel::app::App;
use kernel::args;
use kernel::db::Engine;
use kernel::register::spec::{FieldKind, RegisterSpec};
use kernel::schema::{column, table};
use std::collections::HashMap;
use uuid::Uuid;

/// Prints what is damaged; an error when anything is.
pub async fn check(place: &Place) -> Result<()> {
    let app = assemble::open(place).await?;
    let mut found = vec![];
    database(&app, &mut found).await?;
    let registers = app.all_registers();
    let mut records = 0;
    for spec in &registers {
        records += journal(&app, spec, &mut found).await?;
        references(&app, spec, &mut found).await?;
    }
    found.extend(kernel::files::damaged(&app).await?);
    app.db.close().await;
    for line in &found {
        println!("✗ {line}");
    }
    println!(
        "已检查 {} 个台账 {records} 条记录及全部附件，发现 {} 处问题",
        registers.len(),
        found.len()
    );
    if found.is_empty() {
        Ok(())
    } else {
        bail!("数据有损坏，请从最近的备份恢复，或联系维护人员")
    }
}

async fn database(app: &App, found: &mut Vec<String>) -> Result<()> {
    if app.db.engine() == Engine::Sqlite {
        for row in app
            .db
            .all("select integrity_check from pragma_integrity_check", &[])
            .await?
        {
            let line: String = row.at(0)?;
            if line != "ok" {
                found.push(format!("数据库文件：{line}"));
            }
        }
    }
    Ok(())
}

/// Every record must be what its last journal entry says.
async fn journal(app: &App, spec: &RegisterSpec, found: &mut Vec<String>) -> Result<u64> {
    let mut last: HashMap<(i64, Uuid), (i64, String, Option<String>)> = HashMap::new();
    let lines = app
        .db
        .all(
            "select school_id, record_id, version, action, after from journal where register = $1 order by id",
            args![spec.id.as_str()],
        )
        .await?;
    for line in &lines {
        last.insert(
            (line.at(0)?, line.at(1)?),
            (line.at(2)?, line.at(3)?, line.at(4)?),
        );
    }
    let columns: Vec<String> = spec.fields.iter().map(column).collect();
    let sql = format!(
        "select school_id, id, version, label, state, {} from {}",
        columns.join(", "),
        table(spec)
    );
    let rows = app.db.all(&sql, &[]).await?;
    for row in &rows {
        let (version, label): (i64, String) = (row.at(2)?, row.at(3)?);
        let Some((known, action, after)) = last.remove(&(row.at(0)?, row.at(1)?)) else {
            found.push(format!("{}“{label}”没有留痕", spec.title));
            continue;
        };
        if known != version {
            found.push(format!(
                "{}“{label}”是第 {version} 版，留痕是第 {known} 版",
                spec.title
            ));
            continue;
        }
        // A voided record keeps the values it had; its last entry has no content.
        let Some(after) = after.filter(|_| action != "作废") else {
            continue;
        };
        let after: serde_json::Value = serde_json::from_str(&after).unwrap_or_default();
        let state: String = row.at(4)?;
        let mut differing = vec![];
        if after["state"].as_str() != Some(&state) {
            differing.push("状态");
        }
        for (at, field) in spec.fields.iter().enumerate() {
            let nothing = serde_json::Value::Null;
            let kept = after.get(&field.name).unwrap_or(&nothing);
            let Ok(value) = app.seal.read(spec, field, row.value(5 + at, field.sql())?) else {
                found.push(format!("{}“{label}”的{}无法解密", spec.title, field.label));
                continue;
            };
            // A drawn register's field may have been hidden when the last entry was written.
            if kept.is_null() && spec.id.starts_with(kernel::draw::PREFIX) {
                continue;
            }
            let agrees = match field.sealed {
                true => value == app.seal.read_json(spec, field, kept),
                false => value.json() == *kept,
            };
            if !agrees {
                differing.push(&field.label);
            }
        }
        if !differing.is_empty() {
            found.push(format!(
                "{}“{label}”的{}与留痕不符",
                spec.title,
                differing.join("、")
            ));
        }
    }
    for (_, id) in last.into_keys() {
        found.push(format!("{} {id} 有留痕而记录不见了", spec.title));
    }
    Ok(rows.len() as u64)
}

async fn references(app: &App, spec: &RegisterSpec, found: &mut Vec<String>) -> Result<()> {
    for field in &spec.fields {
        let FieldKind::Ref(to) = &field.kind else { continue };
        let name = column(field);
        let sql = format!(
            "select t.label from {} t left join r_{to} o on o.school_id = t.school_id and o.id = t.{name} \
             where t.{name} is not null and o.id is null",
            table(spec)
        );
        for row in app.db.all(&sql, &[]).await? {
            found.push(format!(
                "{}“{}”的{}指向不存在的记录",
                spec.title,
                row.at::<String>(0)?,
                field.label
            ));
        }
    }
    Ok(())
}
