//! Late steps (超期) and asking to be quicker (催办).
use super::message::{self, Kind, Notice};
use super::whom::People;
use super::{deadline, notify};
use crate::app::{App, Scope};
use crate::args;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::journal::{self, Entry};
use crate::register::flow::StateKind;
use crate::register::query::select_sql;
use crate::register::spec::RegisterSpec;
use crate::register::store::{self, Record};
use crate::schema::waits_sql;
use crate::term;
use crate::value::Value;
use chrono::{DateTime, Duration, Timelike, Utc};
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// Hours between two chases of one record by people.
const PAUSE_HOURS: i64 = 24;
/// The first hour of the day at which people are told of what is late.
const FIRST_HOUR: u32 = 8;
/// The setting that holds the last day on which late records were chased.
const LAST_DAY: &str = "late-chased-on";
/// At most this many late records of one register are looked at in a day.
const MOST: i64 = 2_000;
/// How many late records are named in one message.
const NAMED: usize = 5;

/// Whether the actor may chase the record now: whose request it is or who keeps the register, while it waits for others.
pub fn may(scope: &Scope, spec: &RegisterSpec, record: &Record, people: &People) -> bool {
    let own = record.place.created_by == scope.actor.account
        || (record.place.owner.is_some() && record.place.owner == scope.actor.staff);
    let keeper = crate::access::writable(&scope.actor, spec).covers(&scope.actor, &record.place);
    let others = people
        .of(spec, record)
        .iter()
        .any(|(person, _)| person.account != scope.actor.account);
    record.void_reason.is_none()
        && spec.flow.kind_of(&record.state) == StateKind::Open
        && (own || keeper)
        && others
}

/// When a person last chased the record.
async fn last(db: &Db, scope: &Scope, record: Uuid) -> Result<Option<DateTime<Utc>>> {
    let sql = "select at from chase where school_id = $1 and record_id = $2 and account_id <> $3 order by at desc limit 1";
    match db.opt(sql, args![scope.school, record, Uuid::nil()]).await? {
        Some(row) => Ok(Some(row.at(0)?)),
        None => Ok(None),
    }
}

/// Asks those for whom the record waits to be quicker; at most once a day for one record. Gives their names.
pub async fn chase(scope: &Scope, spec: &RegisterSpec, id: Uuid) -> Result<String> {
    let record = store::get(scope, spec, id).await?;
    let tx = scope.db().begin().await?;
    let people = People::load(&tx, scope, spec, &[&record]).await?;
    if !may(scope, spec, &record, &people) {
        return Err(Error::Forbidden(format!("{}：催办", spec.title)));
    }
    if let Some(at) = last(&tx, scope, id).await?
        && at + Duration::hours(PAUSE_HOURS) > scope.now()
    {
        return Err(Error::Conflict(format!(
            "24 小时内已经催办过（{}），请稍后再催",
            crate::clock::local(at).format("%m-%d %H:%M")
        )));
    }
    note(&tx, scope, spec, id).await?;
    let entry = Entry {
        register: spec.id.clone(),
        record: id,
        version: record.version,
        action: "催办".into(),
        before: None,
        after: None,
        reason: None,
    };
    journal::write(&tx, scope, vec![entry]).await?;
    let whom = people.of(spec, &record);
    let notice = Notice {
        kind: Kind::Chased,
        title: format!("{}催办：{}", scope.actor.name, record.label.full()),
        text: format!("{}现在是“{}”，请尽快处理。", notify::title(spec), record.state),
        link: format!("/r/{}/{}", spec.id, id),
        outward: Some(format!(
            "{}有一件待办被催办（{}）",
            notify::title(spec),
            record.state
        )),
    };
    message::send(&tx, scope, &notify::accounts(&whom), &notice).await?;
    tx.commit().await?;
    Ok(super::whom::words(scope, spec, &record, &people))
}

async fn note(tx: &Db, scope: &Scope, spec: &RegisterSpec, record: Uuid) -> Result<()> {
    tx.run(
        "insert into chase (school_id, id, register, record_id, at, account_id) values ($1, $2, $3, $4, $5, $6)",
        args![
            scope.school,
            Uuid::now_v7(),
            spec.id.as_str(),
            record,
            scope.now(),
            scope.actor.account
        ],
    )
    .await?;
    Ok(())
}

/// Once on every working day, after the first hour: all schools.
pub async fn daily(app: &Arc<App>) -> Result<()> {
    for school in app.school_ids() {
        let scope = Scope::system(app, school, "系统");
        let days = &term::load(&scope).await?.days;
        let early = crate::clock::local(scope.now()).hour() < FIRST_HOUR;
        if early || !deadline::is_working(days, scope.today()) || !claim(&scope).await? {
            continue;
        }
        late(&scope).await?;
        message::sweep(&scope).await?;
        super::outgoing::queue::sweep(&scope).await?;
    }
    Ok(())
}

/// Whether this process is the one that chases today.
async fn claim(scope: &Scope) -> Result<bool> {
    let today = scope.today().to_string();
    let changed = scope
        .db()
        .run(
            "insert into setting (school_id, name, value) values ($1, $2, $3) \
             on conflict (school_id, name) do update set value = excluded.value where setting.value <> excluded.value",
            args![scope.school, LAST_DAY, today],
        )
        .await?;
    Ok(changed > 0)
}

/// What one person is told of late records: one message a day, however many there are.
#[derive(Default)]
struct Digest {
    lines: Vec<String>,
    first: String,
    count: usize,
}

impl Digest {
    fn add(&mut self, line: String, link: &str) {
        self.count += 1;
        if self.first.is_empty() {
            self.first = link.to_owned();
        }
        if self.lines.len() < NAMED {
            self.lines.push(line);
        }
    }

    fn notice(self, title: &str, many: &str) -> Notice {
        Notice {
            kind: Kind::Late,
            title: format!("{} 件{title}", self.count),
            text: match self.count > self.lines.len() {
                true => format!("{}……", self.lines.join("；")),
                false => self.lines.join("；"),
            },
            link: if self.count == 1 {
                self.first
            } else {
                many.to_owned()
            },
            outward: Some(format!("有 {} 件{title}", self.count)),
        }
    }
}

/// Tells of every record whose step is late: those who can take it, and whoever made it. Gives how many records.
pub async fn late(scope: &Scope) -> Result<usize> {
    let calendar = term::load(scope).await?;
    let (today, mut count) = (scope.today(), 0);
    let mut todo: BTreeMap<Uuid, Digest> = BTreeMap::new();
    let mut own: BTreeMap<Uuid, Digest> = BTreeMap::new();
    let tx = scope.db().begin().await?;
    for spec in scope.registers.iter() {
        let records = open_long(&tx, scope, spec).await?;
        let late: Vec<&Record> = records
            .iter()
            .filter(|record| deadline::of(spec, record, &calendar.days).is_some_and(|due| due < today))
            .collect();
        if late.is_empty() {
            continue;
        }
        let people = People::load(&tx, scope, spec, &late).await?;
        for record in late {
            count += 1;
            note(&tx, scope, spec, record.id).await?;
            let link = format!("/r/{}/{}", spec.id, record.id);
            let line = format!(
                "{}：{}（{}）",
                notify::title(spec),
                record.label.full(),
                record.state
            );
            let whom = people.of(spec, record);
            let whom = match whom.len() > notify::MOST_TOLD {
                true => vec![],
                false => notify::accounts(&whom),
            };
            if let Some(creator) = people
                .creator(&record.place)
                .filter(|c| !whom.contains(&c.account))
            {
                own.entry(creator.account).or_default().add(line.clone(), &link);
            }
            for account in whom {
                todo.entry(account).or_default().add(line.clone(), &link);
            }
        }
    }
    for (account, digest) in todo {
        message::send(
            &tx,
            scope,
            &[account],
            &digest.notice("待办已超过办理时限", "/hall/tasks"),
        )
        .await?;
    }
    for (account, digest) in own {
        let notice = Notice {
            outward: None,
            ..digest.notice("申请超过办理时限还没有办完", "/hall/requests")
        };
        message::send(&tx, scope, &[account], &notice).await?;
    }
    tx.commit().await?;
    Ok(count)
}

/// Records that have been for a day or more in a state whose step has a limit.
async fn open_long(tx: &Db, scope: &Scope, spec: &RegisterSpec) -> Result<Vec<Record>> {
    let limited = spec.flow.steps.iter().filter(|step| step.days.is_some());
    let mut states: Vec<&String> = limited.flat_map(|step| &step.from).collect();
    states.sort();
    states.dedup();
    states.retain(|state| spec.flow.kind_of(state) == StateKind::Open);
    let Some(waits) = waits_sql(spec, "t.").filter(|_| !states.is_empty()) else {
        return Ok(vec![]);
    };
    let mut args: Vec<Value> = args![scope.school, scope.now() - Duration::days(1)].to_vec();
    let states = super::whom::list(&mut args, states.into_iter().map(Value::from));
    let fields = super::tasks::needed(spec);
    let sql = format!(
        "{} where t.school_id = $1 and {waits} and t.state_at <= $2 and t.state in ({states}) \
         order by t.state_at limit {MOST}",
        select_sql(spec, &fields)
    );
    let rows = tx.all(&sql, &args).await?;
    rows.iter()
        .map(|row| Record::read(spec, &fields, row, &scope.app.seal))
        .collect()
}
