//! Who is told when a record comes to a state by a person's hand. Imports and the program itself tell nobody.
use super::message::{self, Kind, Notice};
use super::whom::People;
use crate::app::Scope;
use crate::db::Db;
use crate::error::Result;
use crate::register::flow::{RETURNED, StateKind, Step};
use crate::register::spec::RegisterSpec;
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
    message::send(tx, scope, &whom, &notice).await
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
