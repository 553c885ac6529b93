//! What a summary is drafted from: the plan and its figures as they stood on one day, frozen as JSON.
use crate::model::Kind;
use crate::standing::State;
use chrono::NaiveDate;
use kernel::register::field::ChoiceList;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A plan with every commitment's promise and figures on the last day of a period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The plan.
    pub plan: Uuid,
    /// Its title.
    pub title: String,
    /// Its published version.
    pub version: i64,
    /// Who reports: the school, or the unit whose plan it is.
    pub organ: String,
    /// The term's name.
    pub term: String,
    /// First day of the term.
    pub term_from: NaiveDate,
    /// Last day of the term.
    pub term_to: NaiveDate,
    /// First day of the period.
    pub from: NaiveDate,
    /// Last day of the period.
    pub to: NaiveDate,
    /// The outermost sections that hold commitments, in the plan's order.
    pub parts: Vec<Part>,
}

/// An outermost section of the plan (一、).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// The section's id, or `rest` for what stands in none.
    pub key: String,
    /// Its heading without the number.
    pub heading: String,
    /// What it holds, by the sections inside it; a group without heading stands directly in the section.
    pub groups: Vec<Group>,
}

/// A section inside an outermost one (（一）).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// The section's id, or `own` for what stands directly in the outermost section.
    pub key: String,
    /// Its heading without the number; empty for `own`.
    pub heading: String,
    /// Its commitments in the order of the text.
    pub items: Vec<Item>,
}

/// One commitment (承诺) with its figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// The commitment.
    pub id: Uuid,
    /// Which of the five.
    #[serde(with = "code")]
    pub kind: Kind,
    /// What is measured or done.
    pub title: String,
    /// What was promised, in few words.
    pub promise: String,
    /// Whether the promise is a ceiling (不超过).
    pub ceiling: bool,
    /// The number promised, × 100.
    pub target: Option<i64>,
    /// Unit of the number; may be empty.
    pub unit: String,
    /// The value; `None` where nothing was measured or typed.
    pub figure: Option<Figure>,
    /// Where it stands.
    #[serde(with = "code")]
    pub state: State,
    /// The value on the due day at the pace so far, × 100.
    pub forecast: Option<i64>,
    /// The address of the rows behind the figure.
    pub rows: Option<String>,
    /// Where the figure comes from: the register's title, `手工填报`, or nothing.
    pub source: String,
    /// The unit that answers for it.
    pub office: String,
    /// The person who answers for it; may be empty.
    pub owner: String,
    /// By when.
    pub due: NaiveDate,
    /// Units that owe something of a duty.
    pub late: Vec<Late>,
    /// When the task was reported done.
    pub done_on: Option<NaiveDate>,
    /// What people said about it within the period.
    pub notes: Vec<Note>,
}

/// A commitment's value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// The day it is of.
    pub day: NaiveDate,
    /// Rows that fulfil; for duties times done.
    pub numerator: i64,
    /// Rows in all; for duties times owed.
    pub denominator: Option<i64>,
    /// The value × 100.
    pub actual: Option<i64>,
    /// The value as people read it: `62.5%（1500/2400）`.
    pub text: String,
    /// Only what the period itself added, where it began after the term: done, and for duties owed.
    pub added: Option<(i64, Option<i64>)>,
}

/// A unit that owes something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Late {
    /// The unit.
    pub unit: String,
    /// Times owed and not done.
    pub short: i64,
}

/// What a person said about a value or a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// When.
    pub day: NaiveDate,
    /// Who; empty when it stands with the task itself.
    pub who: String,
    /// What.
    pub text: String,
}

impl Snapshot {
    /// All commitments in the order of the draft.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.parts.iter().flat_map(Part::items)
    }
}

impl Part {
    /// All commitments of the section.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.groups.iter().flat_map(|g| &g.items)
    }
}

impl Item {
    /// Whether it is a promise at all: a result already reached when the plan was written is none.
    pub fn promised(&self) -> bool {
        self.kind != Kind::Result
    }

    /// The value as people read it, `—` when there is none.
    pub fn actual(&self) -> &str {
        self.figure.as_ref().map_or("—", |f| f.text.as_str())
    }

    /// The rows behind the figure, else the commitment's own page.
    pub fn href(&self) -> String {
        self.rows.clone().unwrap_or_else(|| self.page())
    }

    /// The commitment's own page.
    pub fn page(&self) -> String {
        format!("/board/{}", self.id)
    }

    /// Whether work on it goes on after `day`.
    pub fn runs_after(&self, day: NaiveDate) -> bool {
        let over = matches!(self.state, State::Met | State::Missed | State::Early);
        self.promised() && !over && self.done_on.is_none() && self.due > day
    }
}

/// How many commitments stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Promises in all.
    pub all: usize,
    by_state: [usize; 6],
    /// Times owed by duties.
    pub owed: i64,
    /// Times done of those.
    pub done: i64,
}

impl Counts {
    /// Counts promises; results already reached are left out.
    pub fn of<'a>(items: impl Iterator<Item = &'a Item>) -> Counts {
        let mut counts = Counts::default();
        for item in items.filter(|i| i.promised()) {
            counts.all += 1;
            counts.by_state[at(item.state)] += 1;
            if let (Kind::Duty, Some(figure)) = (item.kind, &item.figure) {
                counts.owed += figure.denominator.unwrap_or(0);
                counts.done += figure.numerator.min(figure.denominator.unwrap_or(0));
            }
        }
        counts
    }

    /// How many stand there.
    pub fn state(&self, state: State) -> usize {
        self.by_state[at(state)]
    }

    /// The share of duties done × 100, as readings have it.
    pub fn duty_share(&self) -> Option<i64> {
        (self.owed > 0).then(|| self.done * 10_000 / self.owed)
    }
}

fn at(state: State) -> usize {
    State::ALL
        .iter()
        .position(|(s, _, _)| *s == state)
        .expect("every state is listed")
}

/// Choice lists as their codes.
mod code {
    use kernel::register::field::ChoiceList;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<T: ChoiceList, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(value.code())
    }

    pub fn deserialize<'de, T: ChoiceList, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
        let code = String::deserialize(from)?;
        crate::model::decode(&code).ok_or_else(|| D::Error::custom(format!("unknown code {code}")))
    }
}
