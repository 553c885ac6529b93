//! The registers schools drew, as the running program knows them.
use super::spec::{faults, spec_of};
use super::store::read;
use crate::app::App;
use crate::args;
use crate::error::Result;
use crate::register::spec::{FieldKind, RegisterSpec};
use crate::schema;
use anyhow::Context;
use std::sync::Arc;

/// What ids of drawn registers begin with; no register of the program does.
pub const PREFIX: &str = "own_";

/// Reads all schools' registers at the start and sees to their tables.
pub async fn load(app: &App) -> Result<()> {
    let rows = app
        .db
        .all("select distinct school_id from drawn_register", &[])
        .await?;
    for row in rows {
        let school: i64 = row.at(0)?;
        load_school(app, school).await?;
        for spec in app
            .registers_of(school)
            .iter()
            .filter(|spec| spec.id.starts_with(PREFIX))
        {
            schema::prepare_drawn(&app.db, spec, &app.seal).await?;
        }
    }
    Ok(())
}

/// Makes or extends the table of a drawing as the database keeps it: a backup that is being read has records for it.
///
/// # Errors
/// When the text is no drawing.
pub async fn prepare(app: &App, code: &str, published: &str) -> Result<()> {
    let drawing = serde_json::from_str(published).context("a drawing in the backup")?;
    Ok(schema::prepare_drawn(&app.db, &spec_of(app, code, &drawing), &app.seal).await?)
}

/// Reads one school's registers anew.
pub(super) async fn load_school(app: &App, school: i64) -> Result<()> {
    let sql = "select id, code, state, draft, published, version, updated_at from drawn_register \
               where school_id = $1 and state = '已发布' order by id";
    let mut waiting = vec![];
    for row in app.db.all(sql, args![school]).await? {
        waiting.push(read(&row)?);
    }
    let mut own: Vec<Arc<RegisterSpec>> = vec![];
    // One may refer to another: each comes after those it refers to.
    loop {
        let registers = app.registers.with(&own);
        let ready = waiting.iter().position(|drawn| {
            drawn
                .published
                .as_ref()
                .is_some_and(|drawing| faults(app, &registers, drawing, None).is_empty())
        });
        let Some(at) = ready else { break };
        let drawn = waiting.remove(at);
        if let Some(drawing) = &drawn.published {
            own.push(Arc::new(spec_of(app, &drawn.code, drawing)));
        }
    }
    for drawn in &waiting {
        tracing::error!(
            "the drawn register {} of school {school} cannot be made; it is left out",
            drawn.code
        );
    }
    debug_assert!(
        own.iter()
            .all(|spec| spec.fields.iter().all(|field| match &field.kind {
                FieldKind::Ref(to) =>
                    app.registers.get(to).is_some() || own.iter().any(|spec| spec.id == *to),
                _ => true,
            }))
    );
    let registers = Arc::new(app.registers.with(&own));
    app.own
        .write()
        .expect("registers of schools")
        .insert(school, registers);
    Ok(())
}
