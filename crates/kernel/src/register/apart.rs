//! Records that exclude each other in time (不得重叠): one vehicle on two trips, one person on leave twice.
use super::flow::StateKind;
use super::spec::{FieldKind, RegisterSpec};
use super::store::Draft;
use crate::app::Scope;
use crate::db::Db;
use crate::error::{Result, Violation};
use crate::schema::{column, table};
use crate::value::{SqlType, Value};
use std::collections::HashMap;
use uuid::Uuid;

/// Two live records with the same values in some fields may not overlap in time. Records whose flow ended without result
/// claim no time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Apart {
    /// What is the same in both; a record that lacks one of them claims nothing.
    pub same: Vec<&'static str>,
    /// The beginning, a date or an instant.
    pub from: &'static str,
    /// The end, of the same kind: the first of these that is filled in, else the beginning. Dates count whole.
    pub to: Vec<&'static str>,
    /// Records that both say something here, and not the same, go together (上午 and 下午).
    pub unless: Option<&'static str>,
    /// States in which a record claims no more time (已销假), besides those that end a flow without result.
    pub over: Vec<&'static str>,
    /// What is wrong then, in words.
    pub message: &'static str,
}

/// A rule: `same` apart from `from` to the first filled of `to`.
pub fn apart(same: &[&'static str], from: &'static str, to: &[&'static str], message: &'static str) -> Apart {
    Apart {
        same: same.to_vec(),
        from,
        to: to.to_vec(),
        unless: None,
        over: vec![],
        message,
    }
}

impl Apart {
    /// Records that both say something in the field, and not the same, go together.
    pub fn unless(mut self, field: &'static str) -> Apart {
        self.unless = Some(field);
        self
    }

    /// Records in these states claim no more time.
    pub fn over(mut self, states: &[&'static str]) -> Apart {
        self.over = states.to_vec();
        self
    }

    /// States that claim no time.
    fn idle<'a>(&'a self, spec: &'a RegisterSpec) -> Vec<&'a str> {
        let mut states = spec.flow.names(StateKind::Dropped);
        states.extend(&self.over);
        states
    }

    /// Checks the names.
    ///
    /// # Panics
    /// When a field is missing, sealed, or no date or instant: a mistake of the programmer.
    pub fn assert_sound(&self, spec: &RegisterSpec) {
        let field = |name: &str| {
            let found = spec.field(name).filter(|field| !field.sealed);
            found.unwrap_or_else(|| panic!("{}: no open field {name} to keep apart", spec.id))
        };
        self.same.iter().chain(&self.unless).for_each(|name| {
            field(name);
        });
        let time = &field(self.from).kind;
        assert!(
            matches!(time, FieldKind::Date | FieldKind::Instant),
            "{}: {}",
            spec.id,
            self.from
        );
        let known = |state: &&str| spec.flow.states.iter().any(|s| s.name == *state);
        assert!(self.over.iter().all(known), "{}: {:?}", spec.id, self.over);
        assert!(
            self.to.iter().all(|name| field(name).kind == *time),
            "{}: {:?}",
            spec.id,
            self.to
        );
    }

    /// What the record claims: values in `same`, beginning, end, value of `unless`.
    fn claim(&self, spec: &RegisterSpec, values: &[Value]) -> Option<Claim> {
        let value = |name: &str| {
            let at = spec.index(name)?;
            let fits = !values[at].is_null() && values[at].kind() == spec.fields[at].kind.sql();
            fits.then(|| values[at].clone())
        };
        let from = value(self.from)?;
        let to = self
            .to
            .iter()
            .find_map(|name| value(name))
            .unwrap_or_else(|| from.clone());
        Some(Claim {
            same: self.same.iter().map(|name| value(name)).collect::<Option<_>>()?,
            from,
            to,
            unless: self.unless.and_then(value),
        })
    }
}

/// The time a record claims.
#[derive(Clone, Debug)]
struct Claim {
    same: Vec<Value>,
    from: Value,
    to: Value,
    unless: Option<Value>,
}

impl Claim {
    /// Whether both claim some of the same time. Dates count whole; an instant ends where the next begins.
    fn meets(&self, other: &Claim) -> bool {
        let apart = matches!((&self.unless, &other.unless), (Some(one), Some(two)) if one != two);
        let before = |end: &Value, start: &Value| match (end, start) {
            (Value::Date(end), Value::Date(start)) => end < start,
            (Value::Instant(end), Value::Instant(start)) => end <= start,
            _ => true,
        };
        !apart && !before(&self.to, &other.from) && !before(&other.to, &self.from)
    }
}

/// What records claim, for those that are made together.
#[derive(Clone, Debug, Default)]
pub struct Diary(HashMap<String, Vec<Claim>>);

impl Diary {
    fn claims<'a>(
        spec: &'a RegisterSpec,
        values: &'a [Value],
        state: Option<&'a str>,
    ) -> impl Iterator<Item = (&'a Apart, String, Claim)> {
        spec.apart.iter().enumerate().filter_map(move |(at, rule)| {
            let idle = state.is_some_and(|state| rule.idle(spec).contains(&state));
            let claim = rule.claim(spec, values).filter(|_| !idle)?;
            Some((rule, format!("{at} {:?}", claim.same), claim))
        })
    }

    fn taken(&self, place: &str, claim: &Claim) -> bool {
        let beside = self.0.get(place);
        beside.is_some_and(|beside| beside.iter().any(|other| claim.meets(other)))
    }

    /// Whether a record in this state meets none of those written down.
    pub fn is_free(&self, spec: &RegisterSpec, values: &[Value], state: Option<&str>) -> bool {
        Self::claims(spec, values, state).all(|(_, place, claim)| !self.taken(&place, &claim))
    }

    /// Writes down what a record claims.
    pub fn enter(&mut self, spec: &RegisterSpec, values: &[Value], state: Option<&str>) {
        for (_, place, claim) in Self::claims(spec, values, state) {
            self.0.entry(place).or_default().push(claim);
        }
    }
}

/// What of the drafts overlaps with what stands, or with an earlier draft: position and fault.
pub(super) async fn faults(
    db: &Db,
    scope: &Scope,
    spec: &RegisterSpec,
    drafts: &[Draft],
) -> Result<Vec<(usize, Violation)>> {
    let mut found = vec![];
    let mut diary = Diary::default();
    for (index, draft) in drafts.iter().enumerate() {
        let state = draft.state.as_deref();
        for (rule, place, claim) in Diary::claims(spec, &draft.values, state) {
            let why = match diary.taken(&place, &claim) {
                true => Some(format!("{}：与同一次提交的另一条记录重叠", rule.message)),
                false => standing(db, scope, spec, rule, &claim, draft.id)
                    .await?
                    .map(|label| format!("{}：与“{label}”重叠", rule.message)),
            };
            found.extend(why.map(|why| (index, Violation::new(rule.from, why))));
        }
        diary.enter(spec, &draft.values, state);
    }
    Ok(found)
}

/// The label of a record that already claims some of the time.
async fn standing(
    db: &Db,
    scope: &Scope,
    spec: &RegisterSpec,
    rule: &Apart,
    claim: &Claim,
    own: Uuid,
) -> Result<Option<String>> {
    let name = |field: &str| spec.field(field).map(column).unwrap_or_default();
    let mut args: Vec<Value> = vec![scope.school.into(), own.into()];
    let mut bind = |value: Value| {
        args.push(value);
        format!("${}", args.len())
    };
    let mut parts = vec!["school_id = $1 and id <> $2 and void_reason is null".to_owned()];
    for (field, value) in rule.same.iter().zip(&claim.same) {
        parts.push(format!("{} = {}", name(field), bind(value.clone())));
    }
    let idle: Vec<String> = rule
        .idle(spec)
        .into_iter()
        .map(|state| bind(state.into()))
        .collect();
    if !idle.is_empty() {
        parts.push(format!("state not in ({})", idle.join(", ")));
    }
    let mut ends: Vec<String> = rule.to.iter().map(|field| name(field)).collect();
    ends.push(name(rule.from));
    let end = match ends.len() {
        1 => ends[0].clone(),
        _ => format!("coalesce({})", ends.join(", ")),
    };
    // An instant ends where the next begins.
    let touch = match claim.from.kind() {
        SqlType::Instant => "",
        _ => "=",
    };
    parts.push(format!("{} <{touch} {}", name(rule.from), bind(claim.to.clone())));
    parts.push(format!("{end} >{touch} {}", bind(claim.from.clone())));
    if let (Some(field), Some(value)) = (rule.unless, &claim.unless) {
        let field = name(field);
        parts.push(format!("({field} is null or {field} = {})", bind(value.clone())));
    }
    let sql = format!(
        "select label from {} where {} order by id limit 1",
        table(spec),
        parts.join(" and ")
    );
    let row = db.opt(&sql, &args).await?;
    row.map(|row| row.at(0)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn claim(from: u32, to: u32, unless: Option<&str>) -> Claim {
        let day = |day: u32| chrono::NaiveDate::from_ymd_opt(2026, 9, day).expect("a day");
        Claim {
            same: vec![],
            from: day(from).into(),
            to: day(to).into(),
            unless: unless.map(Value::from),
        }
    }

    #[test]
    fn halves_of_a_day_go_together_and_a_whole_day_with_neither() {
        let (morning, afternoon) = (claim(7, 7, Some("am")), claim(7, 7, Some("pm")));
        assert!(!morning.meets(&afternoon) && morning.meets(&morning));
        assert!(claim(7, 7, None).meets(&afternoon) && morning.meets(&claim(6, 8, None)));
    }

    #[test]
    fn an_instant_ends_where_the_next_begins() {
        let at = |hour: u32| {
            let day = chrono::NaiveDate::from_ymd_opt(2026, 9, 7).expect("a day");
            Value::from(crate::clock::instant_at(
                day.and_hms_opt(hour, 0, 0).expect("a time"),
            ))
        };
        let trip = |from, to| Claim {
            same: vec![],
            from: at(from),
            to: at(to),
            unless: None,
        };
        assert!(!trip(8, 10).meets(&trip(10, 12)) && trip(8, 11).meets(&trip(10, 12)));
    }

    proptest! {
        #[test]
        fn two_spans_meet_when_they_share_a_day(a in 1..15u32, b in 0..15u32, c in 1..15u32, d in 0..15u32) {
            let (one, two) = (claim(a, a + b, None), claim(c, c + d, None));
            let share = (a..=a + b).any(|day| (c..=c + d).contains(&day));
            prop_assert_eq!(one.meets(&two), share);
            prop_assert_eq!(two.meets(&one), share);
        }
    }
}
