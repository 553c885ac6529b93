//! Who is told when a record comes to a state by a person's hand. Imports and the program itself tell nobody.
use super::message::{self, Kind, Notice};
use super::whom::People;
use crate::app::Scope;
use crate::args;
use crate::db::Db;
use crate::error::Result;
use crate::register::flow::{RETURNED, StateKind, Step};
use crate::register::spec::{FieldKind, FieldSpec, RegisterSpec};
use crate::register::store::Record;
use uuid::Uuid;

/// A state that so many people could act on is addressed to an office, not to persons: nobody is told one by one.
pub const MOST_TOLD: usize = 30;

/// The record has come to its state: by a step, or as a new one.
pub async fn arrived(
    tx: &Db,
    scope: &Scope,
    spec: &RegisterSpec,
    record: &Record,
    step: Option<(&Step, Option<&str>)>,
) -> Result<()> {
    if scope.actor.system || !spec.flow.has_steps() {
        return Ok(());
    }
    let people = People::load(tx, scope, spec, &[record]).await?;
    let link = format!("/r/{}/{}", spec.id, record.id);
    let whom = people.of(spec, record);
    let whom: Vec<Uuid> = match whom.len() > MOST_TOLD {
        true => vec![],
        false => accounts(&whom),
    };
    let told: Vec<Uuid> = match step {
        Some(step) => own(scope, spec, record, &people, step, &link, tx).await?,
        None => vec![],
    };
    let whom: Vec<Uuid> = whom
        .into_iter()
        .filter(|account| !told.contains(account))
        .collect();
    let by = match step {
        Some((step, _)) => format!("{} {}", scope.actor.name, step.title),
        None => format!("{} 提交", scope.actor.name),
    };
    let notice = Notice {
        kind: Kind::Task,
        title: format!("{}：{}", title(spec), record.label.full()),
        text: format!("{by}，现在是“{}”，等您处理。", record.state),
        link,
        outward: Some(format!("{}有一件新的待办（{}）", title(spec), record.state)),
    };
    message::send(tx, scope, &whom, &notice).await?;
    concerned(tx, scope, spec, record, &told).await
}

/// Tells those whom the outcome concerns ([`crate::register::flow::Flow::tell`]), except who was told already.
async fn concerned(
    tx: &Db,
    scope: &Scope,
    spec: &RegisterSpec,
    record: &Record,
    told: &[Uuid],
) -> Result<()> {
    let tells = spec.flow.tells.iter().filter(|tell| tell.state == record.state);
    for tell in tells {
        let mut accounts = vec![];
        for at in tell.fields.iter().filter_map(|field| spec.index(field)) {
            if let (Some(id), FieldKind::Ref(to)) = (record.values[at].id(), &spec.fields[at].kind) {
                let owned = scope.register(to)?.owner.is_some();
                let owner = format!("(select owner_id from r_{to} where school_id = $1 and id = $2)");
                let person = if owned { owner.as_str() } else { "$2" };
                let sql =
                    format!("select id from account where school_id = $1 and active and staff_id = {person}");
                let rows = tx.all(&sql, args![scope.school, id]).await?;
                accounts.extend(rows.iter().map(|row| row.at(0)).collect::<Result<Vec<Uuid>>>()?);
            }
        }
        accounts.retain(|account| !told.contains(account));
        let notice = Notice {
            kind: Kind::Moved,
            title: format!("{}：{}，{}", title(spec), record.label.full(), record.state),
            text: what_it_says(scope, spec, record),
            link: link_of(scope, spec, record, &tell.link),
            outward: Some(format!("{}有一件{}，请查看", title(spec), record.state)),
        };
        message::send(tx, scope, &accounts, &notice).await?;
    }
    Ok(())
}

/// The columns of the list as one sentence, sealed ones left out.
fn what_it_says(scope: &Scope, spec: &RegisterSpec, record: &Record) -> String {
    let said = |(at, field): (usize, &FieldSpec)| {
        let shown = record.show(spec, at, &scope.app.codes);
        (field.list && !field.sealed && !shown.is_empty()).then(|| format!("{}：{shown}", field.label))
    };
    let parts: Vec<String> = spec.fields.iter().enumerate().filter_map(said).collect();
    format!("{}。", parts.join("；"))
}

fn link_of(scope: &Scope, spec: &RegisterSpec, record: &Record, pattern: &str) -> String {
    let fields = spec.fields.iter().enumerate().filter(|(_, field)| !field.sealed);
    fields.fold(pattern.to_owned(), |link, (at, field)| {
        let value = match record.values[at].id() {
            Some(id) => id.to_string(),
            None => record.show(spec, at, &scope.app.codes),
        };
        link.replace(&format!("{{{}}}", field.name), &crate::http::escape(&value))
    })
}

/// What a register is called in messages: the card's title where there is one.
pub fn title(spec: &RegisterSpec) -> &str {
    spec.service
        .as_ref()
        .map_or(&spec.title, |service| &service.title)
}

/// The accounts of people and of those who stand in for them.
pub fn accounts(whom: &[(super::whom::Person, Vec<super::whom::Person>)]) -> Vec<Uuid> {
    whom.iter()
        .flat_map(|(person, deputies)| [person].into_iter().chain(deputies))
        .map(|person| person.account)
        .collect()
}

/// Tells whoever made the record (and, for requests, whose it is) that it moved; gives whom it told.
async fn own(
    scope: &Scope,
    spec: &RegisterSpec,
    record: &Record,
    people: &People,
    (step, note): (&Step, Option<&str>),
    link: &str,
    tx: &Db,
) -> Result<Vec<Uuid>> {
    let mut mine: Vec<Uuid> = people
        .creator(&record.place)
        .map(|p| p.account)
        .into_iter()
        .collect();
    if spec.service.is_some() {
        mine.extend(people.owner(&record.place).map(|p| p.account));
    }
    let returned = record.state == RETURNED;
    let ended = spec.flow.kind_of(&record.state) != StateKind::Open;
    let mut text = format!("{} {}", scope.actor.name, step.title);
    if let Some(note) = note.map(str::trim).filter(|note| !note.is_empty()) {
        text.push_str(&format!("：{note}"));
    }
    text.push_str(&match (returned, ended) {
        (true, _) => "。请修改后重新提交。".to_owned(),
        (_, true) => format!("。已办结：{}。", record.state),
        _ => format!("。现在是“{}”。", record.state),
    });
    let notice = Notice {
        kind: if returned { Kind::Returned } else { Kind::Moved },
        title: format!("{}：{}，{}", title(spec), record.label.full(), record.state),
        text,
        link: link.to_owned(),
        outward: returned.then(|| format!("{}有一件被退回，请修改", title(spec))),
    };
    message::send(tx, scope, &mine, &notice).await?;
    Ok(mine)
}
