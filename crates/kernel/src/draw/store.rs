//! Drawings in the database: drafts, published versions.
use super::drawing::Drawing;
use super::shelf;
use super::spec::{faults, spec_of};
use crate::app::Scope;
use crate::args;
use crate::db::Row;
use crate::error::{Error, Result, Violation};
use crate::journal::{self, Entry};
use crate::schema;
use anyhow::Context;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// The noun in the journal.
const NOUN: &str = "drawn";

/// A drawing with its standing.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// Id.
    pub id: Uuid,
    /// The register's id.
    pub code: String,
    /// 草稿, 已发布, 已停用.
    pub state: String,
    /// What is being drawn.
    pub draft: Drawing,
    /// What is in force.
    pub published: Option<Drawing>,
    /// The last version published; 0 before.
    pub version: i64,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

const COLUMNS: &str = "id, code, state, draft, published, version, updated_at";

pub(super) fn read(row: &Row) -> Result<Drawn> {
    let parse = |text: &str| -> Result<Drawing> {
        Ok(serde_json::from_str(text).context("a drawing in the database")?)
    };
    let published: Option<String> = row.at(4)?;
    Ok(Drawn {
        id: row.at(0)?,
        code: row.at(1)?,
        state: row.at(2)?,
        draft: parse(&row.at::<String>(3)?)?,
        published: published.as_deref().map(parse).transpose()?,
        version: row.at(5)?,
        updated_at: row.at(6)?,
    })
}

fn text_of(drawing: &Drawing) -> Result<String> {
    Ok(serde_json::to_string(drawing).context("a drawing as JSON")?)
}

/// All drawings of the school.
pub async fn list(scope: &Scope) -> Result<Vec<Drawn>> {
    let sql = format!("select {COLUMNS} from drawn_register where school_id = $1 order by title, id");
    let rows = scope.db().all(&sql, args![scope.school]).await?;
    rows.iter().map(read).collect()
}

/// One drawing.
pub async fn get(scope: &Scope, id: Uuid) -> Result<Drawn> {
    let sql = format!("select {COLUMNS} from drawn_register where school_id = $1 and id = $2");
    let row = scope.db().opt(&sql, args![scope.school, id]).await?;
    read(&row.ok_or(Error::NotFound)?)
}

/// Begins a drawing; gives its id.
pub async fn create(scope: &Scope, drawing: &Drawing) -> Result<Uuid> {
    let id = Uuid::now_v7();
    // Random, so that registers of several schools in one database never share a table.
    let code = format!("{}{}", shelf::PREFIX, crate::auth::random_hex(4));
    let tx = scope.db().begin().await?;
    tx.run(
        "insert into drawn_register (school_id, id, code, title, state, draft, published, version, updated_at, updated_by) \
         values ($1, $2, $3, $4, '草稿', $5, null, 0, $6, $7)",
        args![scope.school, id, code, drawing.title.as_str(), text_of(drawing)?, scope.now(), scope.actor.account],
    )
    .await?;
    note(&tx, scope, id, 0, "新建自定义台账", drawing, None).await?;
    tx.commit().await?;
    Ok(id)
}

async fn note(
    tx: &crate::db::Db,
    scope: &Scope,
    id: Uuid,
    version: i64,
    action: &str,
    drawing: &Drawing,
    reason: Option<&str>,
) -> Result<()> {
    let entry = Entry {
        register: NOUN.into(),
        record: id,
        version,
        action: action.into(),
        before: None,
        after: Some(text_of(drawing)?),
        reason: reason.map(str::to_owned),
    };
    journal::write(tx, scope, vec![entry]).await?;
    journal::touch(tx, scope.school, NOUN).await
}

/// Keeps the draft, finished or not.
pub async fn save(scope: &Scope, id: Uuid, drawing: &Drawing) -> Result<()> {
    let old = get(scope, id).await?;
    let tx = scope.db().begin().await?;
    tx.run(
        "update drawn_register set title = $3, draft = $4, updated_at = $5, updated_by = $6 where school_id = $1 and id = $2",
        args![scope.school, id, drawing.title.as_str(), text_of(drawing)?, scope.now(), scope.actor.account],
    )
    .await?;
    note(&tx, scope, id, old.version, "修改自定义台账草稿", drawing, None).await?;
    tx.commit().await
}

/// Puts the draft into force: its table is made or extended, the register is there at once.
///
/// # Errors
/// [`Error::Invalid`] with everything wrong with the drawing.
pub async fn publish(scope: &Scope, id: Uuid, reason: &str) -> Result<()> {
    let drawn = get(scope, id).await?;
    let found = faults(
        &scope.app,
        &scope.registers,
        &drawn.draft,
        drawn.published.as_ref(),
    );
    if !found.is_empty() {
        return Err(Error::Invalid(found));
    }
    if drawn.version > 0 && reason.trim().is_empty() {
        return Err(Error::Invalid(vec![Violation::new(
            "reason",
            "请说明这次修改的原因",
        )]));
    }
    let spec = spec_of(&scope.app, &drawn.code, &drawn.draft);
    // Columns are only ever added, so a table made for a version that is then not committed harms nobody.
    schema::prepare_drawn(scope.db(), &spec, &scope.app.seal).await?;
    let tx = scope.db().begin().await?;
    let version = drawn.version + 1;
    tx.run(
        "update drawn_register set state = '已发布', published = draft, version = $3, updated_at = $4, updated_by = $5 \
         where school_id = $1 and id = $2",
        args![scope.school, id, version, scope.now(), scope.actor.account],
    )
    .await?;
    tx.run(
        "insert into drawn_version (school_id, id, drawn_id, version, drawing, published_at, published_by, reason) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            scope.school,
            Uuid::now_v7(),
            id,
            version,
            text_of(&drawn.draft)?,
            scope.now(),
            scope.actor.name.as_str(),
            reason.trim()
        ],
    )
    .await?;
    let reason = Some(reason.trim()).filter(|reason| !reason.is_empty());
    note(&tx, scope, id, version, "发布自定义台账", &drawn.draft, reason).await?;
    journal::touch(&tx, scope.school, &drawn.code).await?;
    tx.commit().await?;
    shelf::load_school(&scope.app, scope.school).await
}

/// Takes the register off the menu or puts it back; its records stay.
pub async fn retire(scope: &Scope, id: Uuid, retired: bool) -> Result<()> {
    let drawn = get(scope, id).await?;
    let Some(published) = &drawn.published else {
        return Err(Error::Conflict("还没有发布，不需要停用".into()));
    };
    let (state, action) = match retired {
        true => ("已停用", "停用自定义台账"),
        false => ("已发布", "恢复自定义台账"),
    };
    if retired {
        let refers = scope.registers.iter().find(|spec| {
            spec.id != drawn.code
                && spec
                    .fields
                    .iter()
                    .any(|field| field.kind == crate::register::spec::FieldKind::Ref(drawn.code.clone()))
        });
        if let Some(spec) = refers {
            return Err(Error::Conflict(format!(
                "“{}”引用了这本台账，请先停用它",
                spec.title
            )));
        }
    }
    let tx = scope.db().begin().await?;
    tx.run(
        "update drawn_register set state = $3, updated_at = $4, updated_by = $5 where school_id = $1 and id = $2",
        args![scope.school, id, state, scope.now(), scope.actor.account],
    )
    .await?;
    note(&tx, scope, id, drawn.version, action, published, None).await?;
    tx.commit().await?;
    shelf::load_school(&scope.app, scope.school).await
}

/// Version, when, who and why, newest first.
pub async fn versions(scope: &Scope, id: Uuid) -> Result<Vec<(i64, DateTime<Utc>, String, String)>> {
    let rows = scope
        .db()
        .all(
            "select version, published_at, published_by, reason from drawn_version where school_id = $1 and drawn_id = $2 \
             order by version desc",
            args![scope.school, id],
        )
        .await?;
    rows.iter()
        .map(|row| Ok((row.at(0)?, row.at(1)?, row.at(2)?, row.at(3)?)))
        .collect()
}
