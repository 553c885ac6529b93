//! Lists: filter, search, sort, page. The same conditions serve the page, Excel, REST and an indicator's drill-down.
mod fetch;

pub use fetch::{Page, count, list, page, select_sql, states};

use super::indicator::{Filter, Op};
use super::spec::{FieldKind, RegisterSpec};
use super::values;
use crate::app::Scope;
use crate::error::{Error, Result};
use crate::schema::column;
use crate::seal::Seal;
use crate::value::Value;

/// What a condition looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The flow's state.
    State,
    /// A field by position.
    Field(usize),
}

/// A comparison of a list condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// As in [`Op`].
    Op(Op),
    /// The text contains.
    Contains,
    /// Nothing was filled in.
    Empty,
}

/// One condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// What is looked at.
    pub subject: Subject,
    /// How.
    pub compare: Compare,
    /// With what.
    pub value: Value,
}

/// Most rows on one page.
pub const MOST_PER_PAGE: i64 = 500;

/// A list as asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct ListQuery {
    /// All must hold.
    pub conditions: Vec<Condition>,
    /// Search words; each must be found.
    pub q: String,
    /// Sort subject and whether descending; newest first when none.
    pub sort: Option<(Subject, bool)>,
    /// From 1.
    pub page: i64,
    /// Rows a page.
    pub per: i64,
    /// Show voided records instead of live ones.
    pub voided: bool,
    /// Columns shown, by field position; `None` for the register's own choice.
    pub columns: Option<Vec<usize>>,
    /// Only rows under this node of the unit tree.
    pub path: String,
}

impl Default for ListQuery {
    fn default() -> Self {
        ListQuery {
            conditions: vec![],
            q: String::new(),
            sort: None,
            page: 1,
            per: 50,
            voided: false,
            columns: None,
            path: String::new(),
        }
    }
}

impl ListQuery {
    /// Reads the query string: `f.level=high`, `f.found_on=2026-09-01..2026-09-30`, `f.x=!y`, `f.x=` (ignored),
    /// `f.x=-` (empty), `state=待整改`, `q=`, `sort=-found_on`, `page=2`, `per=100`, `voided=1`, `cols=a,b`, `path=`.
    pub fn parse(spec: &RegisterSpec, pairs: &[(String, String)], scope: &Scope) -> Result<ListQuery> {
        let mut query = ListQuery::default();
        // Who may not open a field must not learn it by filtering either; nobody sorts by cipher texts.
        let unsealed = crate::access::unsealed(&scope.actor, spec);
        let open = unsealed == crate::access::Rows::All
            || unsealed == crate::access::readable(&scope.actor, &scope.app.roles, spec);
        let subject = |name: &str| match name {
            "state" => Some(Subject::State),
            _ => spec
                .index(name)
                .filter(|at| open || !spec.fields[*at].sealed)
                .map(Subject::Field),
        };
        for (name, text) in pairs {
            match name.as_str() {
                "q" => query.q = text.trim().chars().take(60).collect(),
                "page" => query.page = text.parse().unwrap_or(1).clamp(1, 1_000_000),
                "per" => query.per = text.parse().unwrap_or(50).clamp(1, MOST_PER_PAGE),
                "voided" => query.voided = text == "1",
                "path" => query.path = text.clone(),
                "cols" if !text.is_empty() => {
                    query.columns = Some(text.split(',').filter_map(|name| spec.index(name)).collect());
                }
                "sort" if !text.is_empty() => {
                    let (name, down) = text
                        .strip_prefix('-')
                        .map_or((text.as_str(), false), |rest| (rest, true));
                    let subject = subject(name)
                        .filter(|subject| !is_sealed(spec, *subject))
                        .ok_or_else(|| Error::Bad(format!("不能按“{name}”排序：没有这个字段")))?;
                    query.sort = Some((subject, down));
                }
                "state" if !text.is_empty() => query.add(spec, Subject::State, text, scope)?,
                _ => {
                    if let Some(field) = name.strip_prefix("f.")
                        && !text.is_empty()
                    {
                        let subject =
                            subject(field).ok_or_else(|| Error::Bad(format!("没有“{field}”这个筛选字段")))?;
                        query.add(spec, subject, text, scope)?;
                    }
                }
            }
        }
        Ok(query)
    }

    fn add(&mut self, spec: &RegisterSpec, subject: Subject, text: &str, scope: &Scope) -> Result<()> {
        let mut push = |compare, value| {
            self.conditions.push(Condition {
                subject,
                compare,
                value,
            })
        };
        let (negated, plain) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest));
        let Subject::Field(at) = subject else {
            push(Compare::Op(if negated { Op::Not } else { Op::Is }), plain.into());
            return Ok(());
        };
        let field = &spec.fields[at];
        if text == "-" {
            push(Compare::Empty, Value::Null(field.kind.sql()));
            return Ok(());
        }
        let read = |text: &str| {
            values::parse(field, text, &scope.app.codes).map_err(|why| Error::invalid(&field.name, why))
        };
        match &field.kind {
            // Cipher texts tell only whether two values are the same.
            _ if field.sealed && plain.contains("..") => {
                return Err(Error::Bad(format!(
                    "{}是保密字段，只能按完整的内容筛选",
                    field.label
                )));
            }
            _ if field.sealed => push(Compare::Op(if negated { Op::Not } else { Op::Is }), read(plain)?),
            FieldKind::Text { .. } | FieldKind::LongText { .. } | FieldKind::Files if !negated => {
                push(Compare::Contains, plain.into());
            }
            FieldKind::Int { .. }
            | FieldKind::Decimal { .. }
            | FieldKind::Money
            | FieldKind::Date
            | FieldKind::Instant
            | FieldKind::Choice(_)
            | FieldKind::Code(_)
                if plain.contains("..") =>
            {
                let (low, high) = plain.split_once("..").unwrap_or((plain, ""));
                if !low.is_empty() {
                    push(Compare::Op(Op::AtLeast), read(low)?);
                }
                if let Some(other) = high.strip_prefix('@') {
                    if spec.index(other).is_none() {
                        return Err(Error::Bad(format!("没有“{other}”这个字段")));
                    }
                    push(Compare::Op(Op::AtMostField), other.into());
                } else if !high.is_empty() {
                    push(Compare::Op(Op::AtMost), read(high)?);
                }
            }
            _ => push(Compare::Op(if negated { Op::Not } else { Op::Is }), read(plain)?),
        }
        Ok(())
    }

    /// The columns to show.
    pub fn shown(&self, spec: &RegisterSpec) -> Vec<usize> {
        match &self.columns {
            Some(columns) if !columns.is_empty() => columns.clone(),
            _ => (0..spec.fields.len())
                .filter(|at| spec.fields[*at].list)
                .collect(),
        }
    }
}

/// An indicator's filter as conditions.
pub fn conditions_of(spec: &RegisterSpec, filter: &Filter) -> Vec<Condition> {
    filter
        .conditions
        .iter()
        .map(|(name, op, value)| Condition {
            subject: if name == "state" {
                Subject::State
            } else {
                Subject::Field(
                    spec.index(name)
                        .unwrap_or_else(|| panic!("{}: filter on {name}", spec.id)),
                )
            },
            compare: Compare::Op(*op),
            value: value.clone(),
        })
        .collect()
}

/// A filter as the query string of the register's list: the way from a number to its rows.
pub fn url_of(spec: &RegisterSpec, filter: &Filter) -> String {
    filter
        .conditions
        .iter()
        .map(|(name, op, value)| {
            let text = match spec.field(name) {
                Some(field) => match value {
                    Value::Text(code) => code.clone(),
                    other => values::json(field, other)
                        .as_str()
                        .map_or_else(|| other.json().to_string(), str::to_owned),
                },
                None => value.text().unwrap_or("").to_owned(),
            };
            let text = match op {
                Op::Is => text,
                Op::Not => format!("!{text}"),
                Op::AtLeast => format!("{text}.."),
                Op::AtMost => format!("..{text}"),
                Op::AtMostField => format!("..@{text}"),
            };
            let key = if name == "state" {
                "state".to_owned()
            } else {
                format!("f.{name}")
            };
            format!("{key}={}", crate::http::escape(&text))
        })
        .collect::<Vec<_>>()
        .join("&")
}

fn is_sealed(spec: &RegisterSpec, subject: Subject) -> bool {
    matches!(subject, Subject::Field(at) if spec.fields[at].sealed)
}

/// The SQL of one condition over the alias. Of a sealed field only whether it is the value, or there at all, can be asked.
pub fn condition_sql(
    seal: &Seal,
    spec: &RegisterSpec,
    alias: &str,
    condition: &Condition,
    args: &mut Vec<Value>,
) -> String {
    let column = match condition.subject {
        Subject::State => format!("{alias}.state"),
        Subject::Field(at) => format!("{alias}.{}", column(&spec.fields[at])),
    };
    let mut bind = |value: Value| {
        args.push(match condition.subject {
            Subject::Field(at) => seal.bind(spec, &spec.fields[at], &value),
            Subject::State => value,
        });
        args.len()
    };
    match condition.compare {
        Compare::Op(Op::Is) => format!("{column} = ${}", bind(condition.value.clone())),
        Compare::Op(Op::Not) => format!(
            "({column} is null or {column} <> ${})",
            bind(condition.value.clone())
        ),
        Compare::Op(Op::AtLeast) => format!("{column} >= ${}", bind(condition.value.clone())),
        Compare::Op(Op::AtMost) => format!("{column} <= ${}", bind(condition.value.clone())),
        Compare::Op(Op::AtMostField) => {
            let other = condition
                .value
                .text()
                .and_then(|name| spec.field(name))
                .expect("filters are checked");
            format!("{column} <= {alias}.{}", crate::schema::column(other))
        }
        Compare::Contains => {
            let text = condition.value.text().unwrap_or("").to_lowercase();
            format!("lower({column}) like ${} escape '\\'", bind(like(&text).into()))
        }
        Compare::Empty => match condition.value {
            _ if is_sealed(spec, condition.subject) => format!("({column} is null or {column} = '')"),
            Value::Null(crate::value::SqlType::Text) => format!("({column} is null or {column} = '')"),
            _ => format!("{column} is null"),
        },
    }
}

/// A `like` pattern that contains the text literally.
fn like(text: &str) -> String {
    format!(
        "%{}%",
        text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
    )
}
