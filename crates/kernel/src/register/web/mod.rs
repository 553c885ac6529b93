//! Everything a register shows its users, made from its spec alone: list, form, record, sheets, prints, REST.
//!
//! | file | pages |
//! |---|---|
//! | `list`, `filters`, `table` | the list with tabs, filters, columns, pages; kept rendered by revision |
//! | `form`, `enter`, `posted` | new and edit |
//! | `record`, `history` | one record, its steps and its journal |
//! | `pick` | search as you type for references |
//! | `sheet`, `import`, `import_page` | Excel out and in |
//! | `printing`, `paper` | print view and PDF, forms handed over |
//! | `overview` | what the keeper needs first: late, by week, coverage |
//! | `unseal` | sealed fields opened with a reason |
//! | `rest`, `openapi`, `describe` | the interface for programs |
mod address;
mod describe;
mod enter;
mod filters;
mod form;
mod history;
mod import;
mod import_page;
mod list;
mod openapi;
mod overview;
mod paper;
mod pick;
mod posted;
mod printing;
mod record;
mod rest;
mod sheet;
pub mod signature;
mod table;
#[cfg(test)]
mod tests;
pub(crate) mod trial;
mod unseal;

pub use describe::spec_json;
pub use openapi::openapi;
pub use overview::coverage_map;
pub use posted::{Posted, Upload};
pub use printing::pdf;
pub use sheet::off_thread;

use super::flow::StateKind;
use super::spec::RegisterSpec;
use super::store::{Label, Record};
use super::values;
use crate::access::{self, Rows};
use crate::app::Scope;
use crate::error::{Error, Result};
use crate::http::{Gate, Routes};
use crate::page::Tone;
use crate::value::Value;
use axum::http::Method;
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::HashMap;
use uuid::Uuid;

/// The routes of all registers.
pub fn routes() -> Routes {
    use Gate::{Login, Public, ReadRegister, WriteRegister};
    Routes::new()
        .get("/r/{register}", ReadRegister, list::show)
        .get("/r/{register}/new", WriteRegister, form::new)
        .post("/r/{register}/new", WriteRegister, form::create)
        .get("/r/{register}/pick", Login, pick::pick)
        .get("/r/{register}/template.xlsx", ReadRegister, sheet::template)
        .get("/r/{register}/export.xlsx", ReadRegister, sheet::export)
        .get("/r/{register}/list.pdf", ReadRegister, printing::list_pdf)
        .get("/r/{register}/import", WriteRegister, import_page::ask)
        .post("/r/{register}/import", WriteRegister, import_page::try_out)
        .post("/r/{register}/import/{id}", WriteRegister, import_page::confirm)
        .get(
            "/r/{register}/import/{id}/errors.xlsx",
            WriteRegister,
            import_page::marked,
        )
        .get("/r/{register}/{id}", ReadRegister, record::show)
        .get("/r/{register}/{id}/edit", ReadRegister, form::edit)
        .post("/r/{register}/{id}/edit", ReadRegister, form::update)
        .post("/r/{register}/{id}/step/{step}", ReadRegister, record::step)
        .post("/r/{register}/{id}/void", ReadRegister, record::void)
        .post("/r/{register}/{id}/unseal", ReadRegister, unseal::unseal)
        .post("/r/{register}/export-sealed.xlsx", ReadRegister, unseal::export)
        .get("/r/{register}/overview", ReadRegister, overview::show)
        .get("/r/{register}/paper/{form}", ReadRegister, paper::of_list)
        .get("/r/{register}/{id}/paper/{form}", ReadRegister, paper::of_record)
        .get("/r/{register}/{id}/print", ReadRegister, printing::print_view)
        .get(
            "/r/{register}/{id}/record.pdf",
            ReadRegister,
            printing::record_pdf,
        )
        .get("/api/registers", Login, rest::registers)
        .get("/api/registers/{register}", ReadRegister, rest::list)
        .post("/api/registers/{register}", WriteRegister, rest::create)
        .get("/api/registers/{register}/{id}", ReadRegister, rest::get)
        .on(
            Method::PUT,
            "/api/registers/{register}/{id}",
            ReadRegister,
            rest::update,
        )
        .post(
            "/api/registers/{register}/{id}/steps/{step}",
            ReadRegister,
            rest::step,
        )
        .post("/api/registers/{register}/{id}/void", ReadRegister, rest::void)
        .get("/api/openapi.json", Public, openapi::serve)
}

/// What the actor may do with a register, asked once a page.
struct Rights {
    read: Rows,
    write: Rows,
    unsealed: Rows,
    opened: Opened,
}

/// Whose sealed fields have been opened for this request, with a reason that is logged.
enum Opened {
    /// Nobody's: every sealed field is masked.
    Nothing,
    /// One record's, until then.
    One(Uuid, DateTime<Utc>),
    /// Those of all records that the actor may unseal.
    All,
}

impl Rights {
    fn of(scope: &Scope, spec: &RegisterSpec) -> Rights {
        Rights {
            read: access::readable(&scope.actor, &scope.app.roles, spec),
            write: access::writable(&scope.actor, spec),
            unsealed: access::unsealed(&scope.actor, spec),
            opened: Opened::Nothing,
        }
    }

    /// With the record open, if the actor gave a reason within the last minutes.
    async fn with_opened(mut self, scope: &Scope, spec: &RegisterSpec, record: &Record) -> Result<Rights> {
        if spec.has_sealed()
            && self.may_unseal(scope, record)
            && let Some(until) = crate::seal::log::open_until(scope, &spec.id, record.id).await?
        {
            self.opened = Opened::One(record.id, until);
        }
        Ok(self)
    }

    /// With everything open that the actor may unseal; the caller has logged the reason.
    fn opened_all(self) -> Rights {
        Rights {
            opened: Opened::All,
            ..self
        }
    }

    /// Until when the one record is open.
    fn until(&self) -> Option<DateTime<Utc>> {
        match self.opened {
            Opened::One(_, until) => Some(until),
            Opened::Nothing | Opened::All => None,
        }
    }

    fn writes(&self) -> bool {
        self.write != Rows::None
    }

    /// The same for everybody with these words: part of the key of a kept fragment.
    fn key(&self, scope: &Scope) -> String {
        let mut args = vec![];
        let read = self.read.predicate(&scope.actor, &mut args);
        let write = self.write.predicate(&scope.actor, &mut args);
        let open = self.unsealed.predicate(&scope.actor, &mut args);
        format!("{read}|{write}|{open}|{args:?}")
    }

    /// Whether the actor may open the sealed fields of the record, and may write new values into them.
    fn may_unseal(&self, scope: &Scope, record: &Record) -> bool {
        self.unsealed.covers(&scope.actor, &record.place)
    }

    /// Whether the sealed fields of the record are shown as they are: only once they have been opened.
    fn sees_sealed(&self, scope: &Scope, record: &Record) -> bool {
        let opened = match self.opened {
            Opened::Nothing => false,
            Opened::One(id, _) => id == record.id,
            Opened::All => true,
        };
        opened && self.may_unseal(scope, record)
    }
}

fn parse_id(text: &str) -> Result<Uuid> {
    text.parse().map_err(|_| Error::NotFound)
}

/// A field's value as this person may read it.
fn shown(scope: &Scope, spec: &RegisterSpec, record: &Record, at: usize, open: bool) -> String {
    let text = record.show(spec, at, &scope.app.codes);
    match spec.fields[at].sealed && !open {
        true => values::cover(&spec.fields[at], &text),
        false => text,
    }
}

/// The colour of a state, red when its date has passed.
fn state_tone(spec: &RegisterSpec, state: &str, due: Option<NaiveDate>, today: NaiveDate) -> Tone {
    match spec.flow.kind_of(state) {
        StateKind::Open if due.is_some_and(|due| due < today) => Tone::Late,
        StateKind::Open => Tone::Info,
        StateKind::Done => Tone::Ok,
        StateKind::Dropped => Tone::Muted,
    }
}

/// Labels of records of a register by id, voided ones too.
async fn labels_of(scope: &Scope, register: &str, ids: &[Uuid]) -> Result<HashMap<Uuid, Label>> {
    let mut found = HashMap::new();
    let spec = scope.register(register)?;
    for chunk in ids.chunks(500) {
        let mut args: Vec<Value> = vec![scope.school.into()];
        args.extend(chunk.iter().map(|id| Value::Id(*id)));
        let places: Vec<String> = (2..=args.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "select id, label, key_text from {} where school_id = $1 and id in ({})",
            crate::schema::table(spec),
            places.join(", ")
        );
        for row in scope.db().all(&sql, &args).await? {
            let label = Label {
                label: row.at(1)?,
                key: row.at(2)?,
            };
            found.insert(row.at(0)?, label);
        }
    }
    Ok(found)
}

/// Only the local part of the message that a redirect hands over.
#[derive(serde::Deserialize)]
struct Done {
    done: Option<String>,
}
