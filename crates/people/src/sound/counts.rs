//! Duties, indicators and their filters.
use super::{Book, target};
use crate::codes;
use kernel::register::indicator::{DutyScope, Filter, Measure, Op};
use kernel::register::spec::{FieldKind, FieldSpec, RegisterSpec};
use kernel::value::{SqlType, Value};
use std::collections::HashSet;

impl Book<'_> {
    pub(super) fn duties(&mut self, spec: &RegisterSpec) {
        for duty in &spec.duties {
            self.need(
                duty.times > 0,
                spec,
                format!("duty {} is due zero times", duty.id),
            );
            self.filter(spec, spec, &duty.of, &duty.id);
            if let DutyScope::Each { register, only } = &duty.scope {
                let places = self.places(spec);
                self.need(
                    places.contains(register),
                    spec,
                    format!("duty {}: no way to {register}", duty.id),
                );
                if let (Some(target), Some((field, code))) = (self.spec(register).cloned(), only) {
                    let only = Filter::is(field, code.as_str());
                    self.filter(spec, &target, &only, &duty.id);
                }
            }
        }
    }

    /// Registers whose rows a record refers to, directly or along `within`.
    fn places(&self, spec: &RegisterSpec) -> HashSet<String> {
        let mut places = HashSet::from([spec.id.clone()]);
        let mut at = Some(spec);
        while let Some(spec) = at {
            places.extend(spec.fields.iter().filter_map(target).map(str::to_owned));
            let up = spec
                .within
                .and_then(|within| target(&spec.fields[within]))
                .and_then(|id| self.spec(id));
            at = up.filter(|up| up.id != spec.id);
        }
        places
    }

    pub(super) fn indicators(&mut self, spec: &RegisterSpec) {
        for indicator in &spec.indicators {
            let id = &indicator.id;
            self.need(
                !indicator.formula.is_empty() && !indicator.unit.is_empty(),
                spec,
                format!("{id}: no formula"),
            );
            self.need(
                indicator.measure.is_percent() == (indicator.unit == "%"),
                spec,
                format!("{id}: wrong unit"),
            );
            match &indicator.measure {
                Measure::Count { of } => self.filter(spec, spec, of, id),
                Measure::CountDistinct { of, field } => {
                    self.filter(spec, spec, of, id);
                    self.need(
                        spec.field(field).is_some(),
                        spec,
                        format!("{id}: no field {field}"),
                    );
                }
                Measure::Sum { of, field } => {
                    self.filter(spec, spec, of, id);
                    let number = spec.field(field).is_some_and(|f| {
                        matches!(
                            f.kind,
                            FieldKind::Int { .. } | FieldKind::Decimal { .. } | FieldKind::Money
                        )
                    });
                    self.need(number, spec, format!("{id}: {field} is no number"));
                }
                Measure::Share { of, among } => {
                    self.filter(spec, spec, of, id);
                    self.filter(spec, spec, among, id);
                }
                Measure::Coverage { of, field, all } => {
                    self.filter(spec, spec, of, id);
                    let to = spec
                        .field(field)
                        .and_then(target)
                        .and_then(|to| self.spec(to))
                        .cloned();
                    self.need(to.is_some(), spec, format!("{id}: {field} is no reference"));
                    if let Some(to) = to {
                        self.filter(spec, &to, all, id);
                    }
                }
                Measure::Rate { of, per, all } => {
                    self.filter(spec, spec, of, id);
                    let per = self.spec(per).cloned();
                    self.need(per.is_some(), spec, format!("{id}: no register to count per"));
                    if let Some(per) = per {
                        self.filter(spec, &per, all, id);
                    }
                }
            }
        }
    }

    fn filter(&mut self, spec: &RegisterSpec, over: &RegisterSpec, filter: &Filter, at: &str) {
        for (name, op, value) in &filter.conditions {
            let right = match (name.as_str(), over.field(name)) {
                ("state", None) => value
                    .text()
                    .is_some_and(|text| over.flow.states.iter().any(|s| s.name == text)),
                (_, None) => false,
                (_, Some(field)) if *op == Op::AtMostField => value
                    .text()
                    .and_then(|other| over.field(other))
                    .is_some_and(|other| other.kind.sql() == field.kind.sql()),
                (_, Some(field)) => fits(field, value),
            };
            self.need(
                right,
                spec,
                format!("{at}: the condition on {}.{name} cannot hold", over.id),
            );
        }
    }
}

fn fits(field: &FieldSpec, value: &Value) -> bool {
    match (&field.kind, value) {
        (FieldKind::Choice(choices), Value::Text(code)) => choices.iter().any(|c| &c.code == code),
        (FieldKind::Code(set), Value::Text(code)) => {
            codes::code_set(set).is_some_and(|s| s.name(code).is_some())
        }
        (FieldKind::Choice(_) | FieldKind::Code(_), _) => false,
        (kind, Value::Int(_)) => kind.sql() == SqlType::Int,
        (kind, Value::Bool(_)) => kind.sql() == SqlType::Bool,
        (kind, Value::Date(_)) => kind.sql() == SqlType::Date,
        (kind, Value::Text(_)) => kind.sql() == SqlType::Text,
        _ => false,
    }
}
