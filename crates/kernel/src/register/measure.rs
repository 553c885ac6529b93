//! Computing an indicator (口径 → 数值): numerator and denominator over rows, by unit and period.
use super::indicator::{Filter, IndicatorSpec, Measure};
use super::query::{condition_sql, conditions_of};
use super::spec::{FieldKind, FieldSpec, RegisterSpec};
use crate::app::Scope;
use crate::error::Result;
use crate::schema::{column, table};
use crate::value::Value;
use chrono::NaiveDate;

/// Which days count, both inclusive. Registers without a date field count as they stand today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

impl Span {
    /// That the date `field` of a row lies in the span, or, for what stands, not after it.
    pub fn condition(self, field: &FieldSpec, alias: &str, standing: bool, args: &mut Vec<Value>) -> String {
        let day: fn(NaiveDate) -> Value = match field.kind {
            FieldKind::Instant => {
                |day| crate::clock::instant_at(day.and_hms_opt(0, 0, 0).expect("midnight")).into()
            }
            _ => |day| day.into(),
        };
        let column = column(field);
        args.push(day(self.to + chrono::Days::new(1)));
        let until = format!("{alias}.{column} < ${}", args.len());
        if standing {
            return until;
        }
        args.push(day(self.from));
        format!("{until} and {alias}.{column} >= ${}", args.len())
    }
}

/// A computed value: `numerator / denominator`, or the numerator alone for counts and sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Rows that fulfil, or the sum.
    pub numerator: i64,
    /// Rows in all; `None` for counts and sums.
    pub denominator: Option<i64>,
    /// Decimal places of the numerator (sums of decimals and money).
    pub scale: u8,
}

impl Reading {
    /// The value as a number: per cent for shares; `None` when there is nothing to divide by.
    pub fn value(&self) -> Option<f64> {
        match self.denominator {
            Some(0) => None,
            Some(all) => Some(self.numerator as f64 * 100.0 / all as f64),
            None => Some(self.numerator as f64 / 10f64.powi(self.scale.into())),
        }
    }
}

#[derive(Clone, Copy)]
struct Counting<'a> {
    scope: &'a Scope,
    path: &'a str,
    span: Option<Span>,
    /// The date a row falls into the span by.
    date: Option<&'a FieldSpec>,
    /// Whether all that began before the span's end counts.
    standing: bool,
}

impl Counting<'_> {
    fn condition(&self, spec: &RegisterSpec, alias: &str, filter: &Filter, args: &mut Vec<Value>) -> String {
        let mut parts = vec![
            format!("{alias}.school_id = $1"),
            format!("{alias}.void_reason is null"),
        ];
        if !self.path.is_empty() {
            args.push(format!("{}%", self.path).into());
            parts.push(format!("{alias}.scope like ${}", args.len()));
        }
        if let (Some(span), Some(date)) = (self.span, self.date) {
            parts.push(span.condition(date, alias, self.standing, args));
        }
        for condition in conditions_of(spec, filter) {
            parts.push(condition_sql(&self.scope.app.seal, spec, alias, &condition, args));
        }
        parts.join(" and ")
    }

    async fn number(&self, spec: &RegisterSpec, what: &str, filter: &Filter) -> Result<i64> {
        let mut args: Vec<Value> = vec![self.scope.school.into()];
        let condition = self.condition(spec, "t", filter, &mut args);
        let sql = format!(
            "select cast(coalesce({what}, 0) as bigint) from {} t where {condition}",
            table(spec)
        );
        self.scope.db().one(&sql, &args).await?.at(0)
    }
}

/// Computes an indicator of `spec` under the node `path` for the days of `span`.
pub async fn measure(
    scope: &Scope,
    spec: &RegisterSpec,
    indicator: &IndicatorSpec,
    path: &str,
    span: Option<Span>,
) -> Result<Reading> {
    let counting = Counting {
        scope,
        path,
        span,
        date: indicator.dated(spec),
        standing: indicator.standing,
    };
    let standing = Counting {
        span: None,
        ..counting
    };
    let whole = |numerator| Reading {
        numerator,
        denominator: None,
        scale: 0,
    };
    let part = |numerator, all| Reading {
        numerator,
        denominator: Some(all),
        scale: 0,
    };
    let at = |field: &str| {
        spec.index(field)
            .unwrap_or_else(|| panic!("{}: indicator over {field}", spec.id))
    };
    Ok(match &indicator.measure {
        Measure::Count { of } => whole(counting.number(spec, "count(*)", of).await?),
        Measure::CountDistinct { of, field } => {
            let what = format!("count(distinct t.{})", column(&spec.fields[at(field)]));
            whole(counting.number(spec, &what, of).await?)
        }
        Measure::Sum { of, field } => {
            let field = &spec.fields[at(field)];
            let numerator = counting
                .number(spec, &format!("sum(t.{})", column(field)), of)
                .await?;
            let scale = match field.kind {
                FieldKind::Decimal { scale } => scale,
                FieldKind::Money => 2,
                _ => 0,
            };
            Reading {
                numerator,
                denominator: None,
                scale,
            }
        }
        Measure::Share { of, among } => {
            let mut both = among.clone();
            both.conditions.extend(of.conditions.iter().cloned());
            part(
                counting.number(spec, "count(*)", &both).await?,
                counting.number(spec, "count(*)", among).await?,
            )
        }
        Measure::Coverage { of, field, all } => {
            let field = &spec.fields[at(field)];
            let FieldKind::Ref(to) = &field.kind else {
                panic!("{}: coverage over {}", spec.id, field.name)
            };
            let target = scope.register(to)?;
            let mut args: Vec<Value> = vec![scope.school.into()];
            let mine = counting.condition(spec, "t", of, &mut args);
            let theirs = standing.condition(target, "a", all, &mut args);
            let column = column(field);
            let sql = format!(
                "select count(distinct t.{column}) from {} t join {} a on a.school_id = t.school_id and a.id = t.{column} \
                 where {mine} and {theirs}",
                table(spec),
                table(target)
            );
            let numerator = scope.db().one(&sql, &args).await?.at(0)?;
            part(numerator, standing.number(target, "count(*)", all).await?)
        }
        Measure::Rate { of, per, all } => {
            let target = scope.register(per)?;
            part(
                counting.number(spec, "count(*)", of).await?,
                standing.number(target, "count(*)", all).await?,
            )
        }
    })
}
