//! The values that move between forms, sheets, JSON and the two databases.
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use uuid::Uuid;

/// The column types both databases share (design §5, stack §A.2 rule 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SqlType {
    /// `bigint`
    Int,
    /// `boolean`
    Bool,
    /// `text`
    Text,
    /// `date`
    Date,
    /// `timestamptz`, UTC
    Instant,
    /// `uuid`
    Id,
}

impl SqlType {
    /// The word used in DDL on both databases.
    pub fn ddl(self) -> &'static str {
        match self {
            SqlType::Int => "bigint",
            SqlType::Bool => "boolean",
            SqlType::Text => "text",
            SqlType::Date => "date",
            SqlType::Instant => "timestamptz",
            SqlType::Id => "uuid",
        }
    }
}

/// One value of a column. `Null` knows its type because PostgreSQL wants a typed bind.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing, of the given type.
    Null(SqlType),
    /// A whole number; money in fen; a decimal scaled to an integer.
    Int(i64),
    /// Yes or no.
    Bool(bool),
    /// Text, a code, or a list of file ids.
    Text(String),
    /// A day.
    Date(NaiveDate),
    /// An instant in UTC.
    Instant(DateTime<Utc>),
    /// A record's id.
    Id(Uuid),
}

impl Value {
    /// The type of its column.
    pub fn kind(&self) -> SqlType {
        match self {
            Value::Int(_) => SqlType::Int,
            Value::Bool(_) => SqlType::Bool,
            Value::Text(_) => SqlType::Text,
            Value::Date(_) => SqlType::Date,
            Value::Instant(_) => SqlType::Instant,
            Value::Id(_) => SqlType::Id,
            Value::Null(kind) => *kind,
        }
    }

    /// Whether there is nothing here.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null(_))
    }

    /// The text inside, if it is text.
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number inside, if it is one.
    pub fn int(&self) -> Option<i64> {
        match self {
            Value::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// The date inside, if it is one.
    pub fn date(&self) -> Option<NaiveDate> {
        match self {
            Value::Date(day) => Some(*day),
            _ => None,
        }
    }

    /// The id inside, if it is one.
    pub fn id(&self) -> Option<Uuid> {
        match self {
            Value::Id(id) => Some(*id),
            _ => None,
        }
    }

    /// What [`Value::json`] wrote as a value again; null where it does not fit the type any more.
    pub fn of_json(kind: SqlType, json: &serde_json::Value) -> Value {
        let text = json.as_str();
        let read = match kind {
            SqlType::Int => json.as_i64().map(Value::Int),
            SqlType::Bool => json.as_bool().map(Value::Bool),
            SqlType::Text => text.map(Value::from),
            SqlType::Date => text.and_then(|t| t.parse().ok()).map(Value::Date),
            SqlType::Instant => text.and_then(|t| t.parse().ok()).map(Value::Instant),
            SqlType::Id => text.and_then(|t| t.parse().ok()).map(Value::Id),
        };
        read.unwrap_or(Value::Null(kind))
    }

    /// The value as the journal and REST write it, without the field's scale or labels.
    pub fn json(&self) -> serde_json::Value {
        match self {
            Value::Null(_) => serde_json::Value::Null,
            Value::Int(number) => json!(number),
            Value::Bool(yes) => json!(yes),
            Value::Text(text) => json!(text),
            Value::Date(day) => json!(day.to_string()),
            Value::Instant(at) => json!(at.to_rfc3339()),
            Value::Id(id) => json!(id.to_string()),
        }
    }
}

macro_rules! from {
    ($($source:ty => $arm:ident / $kind:ident),* $(,)?) => {$(
        impl From<$source> for Value {
            fn from(value: $source) -> Value {
                Value::$arm(value)
            }
        }
        impl From<Option<$source>> for Value {
            fn from(value: Option<$source>) -> Value {
                value.map_or(Value::Null(SqlType::$kind), Value::$arm)
            }
        }
    )*};
}
from!(i64 => Int / Int, bool => Bool / Bool, String => Text / Text, NaiveDate => Date / Date,
      DateTime<Utc> => Instant / Instant, Uuid => Id / Id);

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Value {
        Value::Text(text.clone())
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Value {
        text.map(str::to_owned).into()
    }
}

/// A list of bind values: `args![school, id, "text"]`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { &[$($crate::value::Value::from($value)),*][..] };
}
