//! How far a record is (办理进度): the steps passed with names and times, where it is now and with whom, whether it is late.
use super::whom::{self, People};
use super::{deadline, tasks};
use crate::app::Scope;
use crate::clock::local;
use crate::error::Result;
use crate::page::{self, Tone, TrailStop};
use crate::register::flow::StateKind;
use crate::register::query::select_sql;
use crate::register::spec::RegisterSpec;
use crate::register::store::Record;
use crate::term;
use crate::value::Value;
use chrono::{DateTime, NaiveDate, Utc};
use maud::Markup;
use std::collections::HashMap;
use uuid::Uuid;

/// A step that was taken.
#[derive(Clone, Debug)]
pub struct Passed {
    /// Its title; `提交` for the first.
    pub step: String,
    /// By whom.
    pub who: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Where a record is.
#[derive(Clone, Debug)]
pub struct Status {
    /// Oldest first.
    pub passed: Vec<Passed>,
    /// Its state.
    pub state: String,
    /// What the state means.
    pub kind: StateKind,
    /// With whom, in words; empty when nobody has to do anything.
    pub whom: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// The last day in time.
    pub due: Option<NaiveDate>,
    /// Whether that has passed.
    pub late: bool,
    /// Whether the actor may ask to be quicker.
    pub chase: bool,
}

/// What the first line of a record's journal is called.
const CREATED: &str = "新建";

/// The status of records of one register.
pub async fn of(scope: &Scope, spec: &RegisterSpec, records: &[&Record]) -> Result<Vec<Status>> {
    let people = People::load(scope.db(), scope, spec, records).await?;
    let calendar = term::load(scope).await?;
    let mut passed = passed(scope, spec, records).await?;
    let today = scope.today();
    Ok(records
        .iter()
        .map(|record| {
            let kind = spec.flow.kind_of(&record.state);
            let open = kind == StateKind::Open && record.void_reason.is_none();
            let due = deadline::of(spec, record, &calendar.days).filter(|_| open);
            let mut passed = passed.remove(&record.id).unwrap_or_default();
            if let Some(first) = passed.first_mut() {
                // A record brought in later says itself when it was made.
                first.at = record.created_at;
            }
            Status {
                passed,
                state: record.state.clone(),
                kind,
                whom: if open {
                    whom::words(scope, spec, record, &people)
                } else {
                    String::new()
                },
                since: record.state_at,
                due,
                late: due.is_some_and(|due| due < today),
                chase: super::chase::may(scope, spec, record, &people),
            }
        })
        .collect())
}

async fn passed(
    scope: &Scope,
    spec: &RegisterSpec,
    records: &[&Record],
) -> Result<HashMap<Uuid, Vec<Passed>>> {
    let mut found: HashMap<Uuid, Vec<Passed>> = HashMap::new();
    for chunk in records.chunks(500) {
        let mut args: Vec<Value> = vec![scope.school.into(), spec.id.as_str().into()];
        let list = whom::list(&mut args, chunk.iter().map(|record| Value::Id(record.id)));
        let sql = format!(
            "select record_id, action, actor, at from journal \
             where school_id = $1 and register = $2 and record_id in ({list}) order by id"
        );
        for row in scope.db().all(&sql, &args).await? {
            let action: String = row.at(1)?;
            let step = match action.as_str() {
                CREATED => "提交".to_owned(),
                title if spec.flow.steps.iter().any(|step| step.title == title) => action,
                _ => continue,
            };
            let passed = Passed {
                step,
                who: row.at(2)?,
                at: row.at(3)?,
            };
            found.entry(row.at(0)?).or_default().push(passed);
        }
    }
    Ok(found)
}

/// Records of one register by a condition over the alias `t` that continues `where t.school_id = $1 and`.
pub(super) async fn select(
    scope: &Scope,
    spec: &RegisterSpec,
    condition: &str,
    args: &[Value],
) -> Result<Vec<Record>> {
    let fields = tasks::needed(spec);
    let sql = format!(
        "{} where t.school_id = $1 and {condition}",
        select_sql(spec, &fields)
    );
    let rows = scope.db().all(&sql, args).await?;
    rows.iter()
        .map(|row| Record::read(spec, &fields, row, &scope.app.seal))
        .collect()
}

impl Status {
    /// The line.
    pub fn trail(&self, scope: &Scope) -> Markup {
        let mut stops: Vec<TrailStop> = self
            .passed
            .iter()
            .map(|passed| TrailStop {
                title: passed.step.clone(),
                who: passed.who.clone(),
                when: local(passed.at).format("%m-%d %H:%M").to_string(),
                tone: Tone::Ok,
                now: false,
            })
            .collect();
        let days = (scope.today() - local(self.since).date()).num_days();
        let mut when = match days {
            0 => "今天起".to_owned(),
            days => format!("已 {days} 天"),
        };
        if let Some(due) = self.due {
            when.push_str(&format!("，{} 前办理", due.format("%m-%d")));
        }
        if self.late {
            when.push_str("，已超期");
        }
        let (tone, when) = match self.kind {
            StateKind::Open if self.late => (Tone::Late, when),
            StateKind::Open => (Tone::Info, when),
            StateKind::Done => (Tone::Ok, String::new()),
            StateKind::Dropped => (Tone::Muted, String::new()),
        };
        stops.push(TrailStop {
            title: self.state.clone(),
            who: match self.whom.is_empty() {
                true => String::new(),
                false => format!("在 {}", self.whom),
            },
            when,
            tone,
            now: true,
        });
        page::trail(&stops)
    }
}
