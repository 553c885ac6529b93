//! Rust types that a register's struct may use as fields.
use super::spec::{Choice, FieldKind};
use crate::value::Value;
use chrono::{DateTime, NaiveDate, Utc};
use std::marker::PhantomData;
use uuid::Uuid;

/// A type that can stand as a field of a register.
pub trait Field: Sized {
    /// Its kind.
    fn kind() -> FieldKind;
    /// Whether a value must be given. `Option` and files say no.
    const REQUIRED: bool = true;
    /// Reads the stored value. `None` when it does not fit.
    fn from_value(value: &Value) -> Option<Self>;
    /// The value to store.
    fn to_value(&self) -> Value;
}

impl Field for String {
    fn kind() -> FieldKind {
        FieldKind::Text { max: 100 }
    }
    fn from_value(value: &Value) -> Option<String> {
        value.text().map(str::to_owned)
    }
    fn to_value(&self) -> Value {
        self.as_str().into()
    }
}

/// Text of several lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LongText(pub String);

impl Field for LongText {
    fn kind() -> FieldKind {
        FieldKind::LongText { max: 2000 }
    }
    fn from_value(value: &Value) -> Option<LongText> {
        value.text().map(|text| LongText(text.to_owned()))
    }
    fn to_value(&self) -> Value {
        self.0.as_str().into()
    }
}

impl Field for i64 {
    fn kind() -> FieldKind {
        FieldKind::Int {
            min: 0,
            max: 1_000_000_000,
        }
    }
    fn from_value(value: &Value) -> Option<i64> {
        value.int()
    }
    fn to_value(&self) -> Value {
        (*self).into()
    }
}

/// A decimal with `SCALE` places, kept as a scaled integer: `Decimal::<1>(875)` is 87.5.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decimal<const SCALE: u8>(pub i64);

impl<const SCALE: u8> Field for Decimal<SCALE> {
    fn kind() -> FieldKind {
        FieldKind::Decimal { scale: SCALE }
    }
    fn from_value(value: &Value) -> Option<Self> {
        value.int().map(Decimal)
    }
    fn to_value(&self) -> Value {
        self.0.into()
    }
}

/// An amount in fen (分).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Money(pub i64);

impl Field for Money {
    fn kind() -> FieldKind {
        FieldKind::Money
    }
    fn from_value(value: &Value) -> Option<Money> {
        value.int().map(Money)
    }
    fn to_value(&self) -> Value {
        self.0.into()
    }
}

impl Field for NaiveDate {
    fn kind() -> FieldKind {
        FieldKind::Date
    }
    fn from_value(value: &Value) -> Option<NaiveDate> {
        value.date()
    }
    fn to_value(&self) -> Value {
        (*self).into()
    }
}

impl Field for DateTime<Utc> {
    fn kind() -> FieldKind {
        FieldKind::Instant
    }
    fn from_value(value: &Value) -> Option<DateTime<Utc>> {
        match value {
            Value::Instant(at) => Some(*at),
            _ => None,
        }
    }
    fn to_value(&self) -> Value {
        (*self).into()
    }
}

impl Field for bool {
    fn kind() -> FieldKind {
        FieldKind::Bool
    }
    fn from_value(value: &Value) -> Option<bool> {
        match value {
            Value::Bool(yes) => Some(*yes),
            _ => None,
        }
    }
    fn to_value(&self) -> Value {
        (*self).into()
    }
}

/// A code of a code set; the set is named by the field attribute `code = "ethnic"`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Code(pub String);

impl Field for Code {
    fn kind() -> FieldKind {
        FieldKind::Code(String::new())
    }
    fn from_value(value: &Value) -> Option<Code> {
        value.text().map(|code| Code(code.to_owned()))
    }
    fn to_value(&self) -> Value {
        self.0.as_str().into()
    }
}

/// Attached files, by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files(pub Vec<Uuid>);

impl Field for Files {
    fn kind() -> FieldKind {
        FieldKind::Files
    }
    const REQUIRED: bool = false;
    fn from_value(value: &Value) -> Option<Files> {
        let text = value.text().unwrap_or("");
        text.split(',')
            .filter(|id| !id.is_empty())
            .map(|id| id.parse().ok())
            .collect::<Option<_>>()
            .map(Files)
    }
    fn to_value(&self) -> Value {
        self.0
            .iter()
            .map(Uuid::to_string)
            .collect::<Vec<_>>()
            .join(",")
            .into()
    }
}

/// A reference to a record of the register `T`.
#[derive(Debug, PartialEq, Eq)]
pub struct Ref<T> {
    /// The record's id.
    pub id: Uuid,
    register: PhantomData<fn() -> T>,
}

impl<T> Ref<T> {
    /// A reference to the record with this id.
    pub fn new(id: Uuid) -> Ref<T> {
        Ref {
            id,
            register: PhantomData,
        }
    }
}

impl<T> Clone for Ref<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Ref<T> {}

impl<T: super::Register> Field for Ref<T> {
    fn kind() -> FieldKind {
        FieldKind::Ref(T::head().id.into())
    }
    fn from_value(value: &Value) -> Option<Ref<T>> {
        value.id().map(Ref::new)
    }
    fn to_value(&self) -> Value {
        self.id.into()
    }
}

impl<T: Field> Field for Option<T> {
    fn kind() -> FieldKind {
        T::kind()
    }
    const REQUIRED: bool = false;
    fn from_value(value: &Value) -> Option<Option<T>> {
        if value.is_null() {
            Some(None)
        } else {
            T::from_value(value).map(Some)
        }
    }
    fn to_value(&self) -> Value {
        match self {
            Some(inner) => inner.to_value(),
            None => Value::Null(T::kind().sql()),
        }
    }
}

/// An enum used as a closed list of choices; made by [`choice!`](crate::choice).
pub trait ChoiceList: Sized + Copy + PartialEq + 'static {
    /// All values with code and label.
    const ALL: &'static [(Self, &'static str, &'static str)];

    /// The stored code.
    fn code(self) -> &'static str {
        Self::ALL.iter().find(|c| c.0 == self).map_or("", |c| c.1)
    }

    /// The Chinese label.
    fn label(self) -> &'static str {
        Self::ALL.iter().find(|c| c.0 == self).map_or("", |c| c.2)
    }
}

/// The kind of a choice list.
pub fn choice_kind<T: ChoiceList>() -> FieldKind {
    FieldKind::Choice(
        T::ALL
            .iter()
            .map(|(_, code, label)| Choice {
                code: (*code).into(),
                label: (*label).into(),
            })
            .collect(),
    )
}

/// Declares an enum with code and Chinese label for each value and makes it a field type:
/// `choice!(/// 风险等级 RiskLevel { Low = "low" "低风险", High = "high" "高风险" });`
#[macro_export]
macro_rules! choice {
    ($(#[$meta:meta])* $name:ident { $($arm:ident = $code:literal $label:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $(#[doc = $label] $arm),+ }
        impl $crate::register::field::ChoiceList for $name {
            const ALL: &'static [(Self, &'static str, &'static str)] = &[$(($name::$arm, $code, $label)),+];
        }
        impl $crate::register::field::Field for $name {
            fn kind() -> $crate::register::spec::FieldKind {
                $crate::register::field::choice_kind::<$name>()
            }
            fn from_value(value: &$crate::value::Value) -> Option<$name> {
                use $crate::register::field::ChoiceList;
                let code = value.text()?;
                Self::ALL.iter().find(|c| c.1 == code).map(|c| c.0)
            }
            fn to_value(&self) -> $crate::value::Value {
                use $crate::register::field::ChoiceList;
                self.code().into()
            }
        }
    };
}
