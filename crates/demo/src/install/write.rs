//! Records on their way into the registers.

use std::marker::PhantomData;

use anyhow::{Context, Result, bail};
use chrono::{DateTime, Utc};
use kernel::app::Scope;
use kernel::register::Register;
use kernel::register::apart::Diary;
use kernel::register::spec::RegisterSpec;
use kernel::register::store::{CreateError, Draft, DraftFault, create_many};
use uuid::{NoContext, Timestamp, Uuid};

/// Records of one register, written together.
pub struct Batch<T> {
    drafts: Vec<Draft>,
    spec: RegisterSpec,
    diary: Diary,
    register: PhantomData<T>,
}

impl<T: Register> Batch<T> {
    /// An empty batch.
    pub fn new() -> Self {
        Self {
            drafts: vec![],
            spec: RegisterSpec::of::<T>(),
            diary: Diary::default(),
            register: PhantomData,
        }
    }

    /// Adds a record with an id made before, because others refer to it.
    pub fn add_as(&mut self, id: Uuid, state: Option<&str>, record: &T, at: DateTime<Utc>) {
        let values = record.to_values();
        self.diary.enter(&self.spec, &values, state);
        self.drafts.push(Draft {
            id,
            values,
            state: state.map(str::to_owned),
            at: Some(at),
        });
    }

    /// Whether the record in this state overlaps with none added before.
    pub fn fits(&self, state: &str, record: &T) -> bool {
        self.diary.is_free(&self.spec, &record.to_values(), Some(state))
    }

    /// Adds a record in a state of its flow; gives its id.
    pub fn add_in(&mut self, state: &str, record: &T, at: DateTime<Utc>) -> Uuid {
        let id = id_at(at);
        self.add_as(id, Some(state), record, at);
        id
    }

    /// Adds a record in the first state of its flow.
    pub fn add(&mut self, record: &T, at: DateTime<Utc>) -> Uuid {
        let id = id_at(at);
        self.add_as(id, None, record, at);
        id
    }

    /// Writes all of them; whatever a rule refuses stops the filling.
    pub async fn write(self, scope: &Scope) -> Result<()> {
        let spec = scope.register(T::head().id)?;
        match create_many(scope, spec, self.drafts).await {
            Ok(_) => Ok(()),
            Err(CreateError::Faults(faults)) => bail!(words_of(spec, &faults)),
            Err(CreateError::Other(error)) => {
                Err(anyhow::Error::from(error)).with_context(|| format!("演示数据：{}没有写入", spec.title))
            }
        }
    }
}

/// An id that sorts by the instant, as ids of records made one after another do.
pub fn id_at(at: DateTime<Utc>) -> Uuid {
    let seconds = u64::try_from(at.timestamp()).unwrap_or(0);
    Uuid::new_v7(Timestamp::from_unix(
        NoContext,
        seconds,
        at.timestamp_subsec_nanos(),
    ))
}

/// `演示数据不合规则：隐患整改 第3条 due：整改期限不能早于发现日期（共2条有误）`.
fn words_of(spec: &RegisterSpec, faults: &[DraftFault]) -> String {
    let first = faults.first().map_or_else(String::new, |fault| {
        let violations: Vec<String> = fault
            .violations
            .iter()
            .map(|violation| format!("{}：{}", violation.field, violation.message))
            .collect();
        format!("第{}条 {}", fault.index + 1, violations.join("；"))
    });
    format!(
        "演示数据不合规则：{} {first}（共{}条有误）",
        spec.title,
        faults.len()
    )
}
