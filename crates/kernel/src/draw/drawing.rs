//! What a school draws: the file it may be copied by, and the form it is edited in.
use serde::{Deserialize, Serialize};

/// Most fields of a drawn register.
pub const MOST_FIELDS: usize = 40;

/// A register as drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Drawing {
    /// Chinese title.
    pub title: String,
    /// One sentence: what it is and who keeps it.
    pub about: String,
    /// Menu group.
    pub group: String,
    /// Fields in order of the form.
    pub fields: Vec<DrawnField>,
    /// The field by which a record is called.
    pub label: String,
    /// The field that may not repeat; empty for none.
    pub key: String,
    /// The day a record belongs to; empty for none.
    pub date: String,
    /// The day by which an open record should be done; empty for none.
    pub due: String,
    /// The reference that says whose records these are (student, class, department); empty for the school's.
    pub within: String,
    /// The reference to the member of staff who owns a record; empty for none.
    pub owner: String,
    /// The flow.
    pub flow: DrawnFlow,
    /// Roles that keep the whole register.
    pub keepers: Vec<String>,
    /// Roles that record for themselves or their class and department.
    pub writers: Vec<String>,
    /// Roles that only read.
    pub readers: Vec<String>,
    /// Whether it is a card in the service hall.
    pub service: bool,
    /// The duty it proves.
    pub duty: Option<DrawnDuty>,
    /// What is computed from it.
    pub indicator: Option<DrawnIndicator>,
}

/// A field as drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DrawnField {
    /// Column; given once, `a1`, `a2` …
    pub name: String,
    /// Chinese label.
    pub label: String,
    /// The kind by its name in `zhixing registers --json`; `decimal` has two places.
    pub kind: String,
    /// Choices of a `choice`, in order; the n-th has the code `n`.
    pub choices: Vec<String>,
    /// Code set of a `code`, register of a `reference`.
    pub of: String,
    /// Whether it must be filled in.
    pub required: bool,
    /// Whether it is a column of the list.
    pub list: bool,
    /// Whether the list filters by it.
    pub filter: bool,
    /// Whether it is sensitive.
    pub sealed: bool,
    /// Taken off the form and the list; what was written stays.
    pub hidden: bool,
    /// A sentence under the control.
    pub help: String,
}

/// How records of a drawn register move.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DrawnFlow {
    /// A record counts as soon as it is written.
    #[default]
    None,
    /// Approvals one after the other.
    Approvals(Vec<DrawnStage>),
    /// The owner does it, a keeper confirms or returns it.
    Handling,
}

/// An approver.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DrawnStage {
    /// What the state says: 待…审批.
    pub title: String,
    /// The role.
    pub role: String,
    /// Only above this number of the field `over_field` (days, yuan); always when the field is empty.
    pub over: i64,
    /// The number compared.
    pub over_field: String,
}

/// A duty as drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DrawnDuty {
    /// Chinese name.
    pub title: String,
    /// Times in each window.
    pub times: u16,
    /// `day`, `week`, `month`, `term`, `before-holiday`.
    pub every: String,
    /// The register of whose rows it is expected; empty for once in the school.
    pub each: String,
}

/// An indicator as drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DrawnIndicator {
    /// Chinese name as a plan says it.
    pub title: String,
    /// `count`, `done-share`, `sum`, `coverage`.
    pub measure: String,
    /// The field summed or covered.
    pub field: String,
    /// 人, 次, 元 …; per cent for shares.
    pub unit: String,
}

impl Drawing {
    /// A field by name.
    pub fn field(&self, name: &str) -> Option<&DrawnField> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The name of the next field.
    pub fn next_name(&self) -> String {
        let last = self
            .fields
            .iter()
            .filter_map(|f| f.name.strip_prefix('a')?.parse::<u32>().ok())
            .max();
        format!("a{}", last.unwrap_or(0) + 1)
    }
}
