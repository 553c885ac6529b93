//! Indicators (指标口径) and duties (例行工作) a register declares. Named formulas, computed from rows, never typed.
use super::spec::{FieldSpec, RegisterSpec};
use crate::value::Value;
use chrono::NaiveDate;

/// A comparison in a [`Filter`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Equal.
    Is,
    /// Not equal (a missing value is not equal).
    Not,
    /// At least.
    AtLeast,
    /// At most.
    AtMost,
    /// At most the row's own field that the text value names (整改日期 ≤ 整改期限); false when either is missing.
    AtMostField,
}

/// Conditions over one register, all of which must hold. Voided rows never count.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// `(field, op, value)`; the field `state` is the flow's state.
    pub conditions: Vec<(String, Op, Value)>,
}

impl Filter {
    /// Every live row.
    pub fn all() -> Filter {
        Filter::default()
    }

    /// Rows whose field compares so.
    pub fn and(mut self, field: &str, op: Op, value: impl Into<Value>) -> Filter {
        self.conditions.push((field.into(), op, value.into()));
        self
    }

    /// Rows whose field is the value: `is("level", "major")`.
    pub fn is(field: &str, value: impl Into<Value>) -> Filter {
        Filter::all().and(field, Op::Is, value)
    }

    /// Rows whose date field is filled.
    pub fn dated(self, field: &str) -> Filter {
        self.and(field, Op::AtLeast, NaiveDate::from_ymd_opt(1900, 1, 1))
    }

    /// Rows in the state.
    pub fn state(name: &str) -> Filter {
        Filter::is("state", name)
    }
}

/// How an indicator is measured. Periods apply to the register's own date field where it has one.
#[derive(Clone, Debug)]
pub enum Measure {
    /// Number of rows.
    Count { of: Filter },
    /// Number of different values of a field among the rows (家访的学生数).
    CountDistinct { of: Filter, field: String },
    /// Sum of a number field (已按字段的小数位).
    Sum { of: Filter, field: String },
    /// Rows of `of` among rows of `among`, both of this register, in per cent.
    Share { of: Filter, among: Filter },
    /// Different values of the reference `field` among `of`, against the rows of the register it points to
    /// (家访覆盖率: visited students / students), in per cent.
    Coverage { of: Filter, field: String, all: Filter },
    /// Rows of `of` per row of another register `per` (事故发生率: accidents / students), in per cent.
    Rate { of: Filter, per: String, all: Filter },
}

impl Measure {
    /// Whether the reading is a percentage.
    pub fn is_percent(&self) -> bool {
        matches!(
            self,
            Measure::Share { .. } | Measure::Coverage { .. } | Measure::Rate { .. }
        )
    }
}

/// A named formula over a register.
#[derive(Clone, Debug)]
pub struct IndicatorSpec {
    /// Globally unique id.
    pub id: String,
    /// Chinese name as a plan would say it: 隐患整改率.
    pub title: String,
    /// The formula in words (口径).
    pub formula: String,
    /// `%`, `人`, `项`, `次` …
    pub unit: String,
    /// Other words plans use for it, for the suggestion.
    pub aliases: Vec<String>,
    /// How it is measured.
    pub measure: Measure,
    /// The date field by which a record falls into the period; `None` for the register's own date.
    pub by: Option<String>,
    /// Whether it counts what stands on the last day, whenever that began (存量), instead of what fell into the period.
    pub standing: bool,
}

/// Makes an [`IndicatorSpec`]: `indicator("hazard_closed", "隐患整改率", "已销号隐患 ÷ 全部隐患", "%", measure)`.
pub fn indicator(id: &str, title: &str, formula: &str, unit: &str, measure: Measure) -> IndicatorSpec {
    IndicatorSpec {
        id: id.into(),
        title: title.into(),
        formula: formula.into(),
        unit: unit.into(),
        aliases: vec![],
        measure,
        by: None,
        standing: false,
    }
}

impl IndicatorSpec {
    /// A record falls into the period by the date `field` (发展党员数 by the day of admission).
    pub fn by(mut self, field: &str) -> IndicatorSpec {
        self.by = Some(field.to_owned());
        self
    }

    /// What stands on the last day counts, whenever it began (在住学生数, 现行制度数).
    pub fn standing(mut self) -> IndicatorSpec {
        self.standing = true;
        self
    }

    /// The date by which a record of `spec` falls into the period.
    ///
    /// # Panics
    /// When [`IndicatorSpec::by`] names no field: a mistake in the declaration.
    pub fn dated<'s>(&self, spec: &'s RegisterSpec) -> Option<&'s FieldSpec> {
        match &self.by {
            Some(name) => Some(
                spec.field(name)
                    .unwrap_or_else(|| panic!("{}: by {name}", self.id)),
            ),
            None => spec.date.map(|at| &spec.fields[at]),
        }
    }

    /// Adds words a plan may use.
    pub fn also(mut self, words: &[&str]) -> IndicatorSpec {
        self.aliases.extend(words.iter().map(|w| (*w).to_owned()));
        self
    }
}

/// How often a duty is due.
pub use calendar::Every;

/// For which units a duty is expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DutyScope {
    /// Once for the whole school.
    School,
    /// For each live row of a register whose rows the records refer to or stand within (class, department, room),
    /// optionally only those whose `field` has the `code` (教学系部 among 部门).
    Each {
        register: String,
        only: Option<(String, String)>,
    },
}

/// A recurring duty that records of this register can prove.
#[derive(Clone, Debug)]
pub struct DutySpec {
    /// Globally unique id.
    pub id: String,
    /// Chinese name.
    pub title: String,
    /// Times in each window.
    pub times: u16,
    /// The window.
    pub every: Every,
    /// For whom.
    pub scope: DutyScope,
    /// Which records count.
    pub of: Filter,
    /// Other words plans use for it.
    pub aliases: Vec<String>,
}

/// Makes a [`DutySpec`].
pub fn duty(id: &str, title: &str, times: u16, every: Every, scope: DutyScope, of: Filter) -> DutySpec {
    DutySpec {
        id: id.into(),
        title: title.into(),
        times,
        every,
        scope,
        of,
        aliases: vec![],
    }
}

impl DutySpec {
    /// Adds words a plan may use.
    pub fn also(mut self, words: &[&str]) -> DutySpec {
        self.aliases.extend(words.iter().map(|w| (*w).to_owned()));
        self
    }
}

/// The duty is expected once for the whole school.
pub fn school_wide() -> DutyScope {
    DutyScope::School
}

/// The duty is expected of each live row of `register`.
pub fn each(register: &str) -> DutyScope {
    DutyScope::Each {
        register: register.into(),
        only: None,
    }
}
