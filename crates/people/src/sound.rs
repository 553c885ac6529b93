//! Finds mistakes in the declaration of registers: what would otherwise only show when somebody opens the page.
//! Every capability's tests call [`faults`] on its own registers and those it refers to.
use crate::{codes, datasets, roles};
use chrono::NaiveDate;
use kernel::register::Rules;
use kernel::register::flow::{StateKind, Who};
use kernel::register::indicator::{DutyScope, Filter, Measure, Op};
use kernel::register::spec::{Ctx, FieldKind, FieldSpec, RegisterSpec};
use kernel::value::Value;
use std::collections::HashSet;

/// Every fault of the registers, one sentence each. Empty when all is well.
pub fn faults(specs: &[RegisterSpec]) -> Vec<String> {
    let mut book = Book { specs, found: vec![] };
    for spec in specs {
        book.head(spec);
        book.fields(spec);
        book.access(spec);
        book.flow(spec);
        book.duties(spec);
        book.indicators(spec);
        book.datasets(spec);
    }
    book.unique_ids();
    book.found
}

struct Book<'a> {
    specs: &'a [RegisterSpec],
    found: Vec<String>,
}

impl Book<'_> {
    fn need(&mut self, right: bool, spec: &RegisterSpec, what: impl AsRef<str>) {
        if !right {
            self.found.push(format!("{}: {}", spec.id, what.as_ref()));
        }
    }

    fn spec(&self, id: &str) -> Option<&RegisterSpec> {
        self.specs.iter().find(|spec| spec.id == id)
    }

    fn head(&mut self, spec: &RegisterSpec) {
        let plain = |text: &str| {
            text.bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        };
        self.need(
            !spec.id.is_empty() && plain(&spec.id),
            spec,
            "the id is not plain lower case",
        );
        self.need(
            spec.fields.iter().all(|f| plain(&f.name)),
            spec,
            "a field name is not plain lower case",
        );
        self.need(
            !spec.title.is_empty() && !spec.about.is_empty(),
            spec,
            "no title or no description",
        );
        self.need(
            crate::menu_groups().iter().any(|g| g.0 == spec.group),
            spec,
            format!("no group {}", spec.group),
        );
        self.need(!spec.systems.is_empty(), spec, "serves no system");
        self.need(!spec.label.is_empty(), spec, "no label");
        let kind = |at: Option<usize>| at.map(|at| spec.fields[at].kind.clone());
        self.need(
            matches!(kind(spec.date), None | Some(FieldKind::Date)),
            spec,
            "the date field is no date",
        );
        self.need(
            matches!(kind(spec.key), None | Some(FieldKind::Text { .. })),
            spec,
            "the key is no text",
        );
        self.need(
            matches!(kind(spec.within), None | Some(FieldKind::Ref(_))),
            spec,
            "within is no reference",
        );
        let staff = kind(spec.owner).is_none_or(|kind| kind == FieldKind::Ref("staff".into()));
        self.need(staff, spec, "the owner is no staff reference");
    }

    fn fields(&mut self, spec: &RegisterSpec) {
        let (mut labels, mut names) = (HashSet::new(), HashSet::new());
        for field in &spec.fields {
            self.need(
                labels.insert(&field.label),
                spec,
                format!("two fields are labelled {}", field.label),
            );
            self.need(
                names.insert(&field.name),
                spec,
                format!("two fields are named {}", field.name),
            );
            match &field.kind {
                FieldKind::Code(set) => {
                    self.need(
                        codes::code_set(set).is_some(),
                        spec,
                        format!("{}: no code set {set:?}", field.name),
                    );
                }
                FieldKind::Ref(to) => {
                    self.need(
                        self.spec(to).is_some(),
                        spec,
                        format!("{}: no register {to}", field.name),
                    );
                }
                FieldKind::Choice(choices) => {
                    let distinct: HashSet<_> = choices.iter().map(|c| &c.code).collect();
                    self.need(
                        distinct.len() == choices.len(),
                        spec,
                        format!("{}: a code twice", field.name),
                    );
                }
                _ => {}
            }
        }
        self.need(spec.fields.iter().any(|f| f.list), spec, "no column in the list");
    }

    fn access(&mut self, spec: &RegisterSpec) {
        let known = roles::roles();
        self.need(!spec.access.is_empty(), spec, "nobody has access");
        self.need(
            spec.access.iter().any(|a| a.write.is_some()),
            spec,
            "nobody keeps it",
        );
        for access in &spec.access {
            self.need(
                known.iter().any(|r| r.id == access.role),
                spec,
                format!("no role {}", access.role),
            );
        }
    }

    fn flow(&mut self, spec: &RegisterSpec) {
        let known = roles::roles();
        let mut reached = vec![spec.flow.initial()];
        let mut at = 0;
        while let Some(state) = reached.get(at).copied() {
            for step in spec
                .flow
                .steps
                .iter()
                .filter(|s| s.from.iter().any(|from| from == state))
            {
                if !reached.contains(&step.to.as_str()) {
                    reached.push(&step.to);
                }
            }
            at += 1;
        }
        for state in &spec.flow.states {
            self.need(
                reached.contains(&state.name.as_str()),
                spec,
                format!("state {} is never reached", state.name),
            );
            let left = spec.flow.steps.iter().any(|s| s.from.contains(&state.name));
            self.need(
                left || state.kind != StateKind::Open,
                spec,
                format!("open state {} is a dead end", state.name),
            );
        }
        let mut ids = HashSet::new();
        for step in &spec.flow.steps {
            self.need(ids.insert(&step.id), spec, format!("two steps {}", step.id));
            self.need(
                !step.who.is_empty(),
                spec,
                format!("step {}: nobody may take it", step.id),
            );
            for who in &step.who {
                match who {
                    Who::Role(role) => {
                        self.need(
                            known.iter().any(|r| r.id == *role),
                            spec,
                            format!("no role {role}"),
                        );
                    }
                    Who::Field(field) => {
                        let staff = spec
                            .field(field)
                            .is_some_and(|f| f.kind == FieldKind::Ref("staff".into()));
                        self.need(staff, spec, format!("step {}: {field} names no staff", step.id));
                    }
                    Who::Creator => {}
                }
            }
            for field in &step.needs {
                let optional = spec.field(field).is_some_and(|f| !f.required);
                self.need(
                    optional,
                    spec,
                    format!("step {}: {field} is always filled", step.id),
                );
            }
        }
    }

    fn duties(&mut self, spec: &RegisterSpec) {
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

    fn indicators(&mut self, spec: &RegisterSpec) {
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

    fn datasets(&mut self, spec: &RegisterSpec) {
        let mut fed: HashSet<(u8, String)> = HashSet::new();
        for field in &spec.fields {
            let Some(feeds) = datasets::feeds(field) else {
                self.need(
                    false,
                    spec,
                    format!("{}: dataset {:?} cannot be read", field.name, field.dataset),
                );
                continue;
            };
            for feed in feeds {
                let place = format!("{}: T{}.{}", field.name, feed.table, feed.column);
                let column = datasets::dataset(feed.table).and_then(|set| set.column(&feed.column));
                self.need(
                    column.is_some(),
                    spec,
                    format!("{place} is no column of the standard"),
                );
                let source = match &feed.through {
                    None => Some(field.clone()),
                    Some(through) => target(field)
                        .and_then(|to| self.spec(to))
                        .and_then(|to| to.field(through))
                        .cloned(),
                };
                self.need(
                    source.is_some(),
                    spec,
                    format!("{place}: nothing is found through the reference"),
                );
                if let (Some(column), Some(source)) = (column, source) {
                    if let (FieldKind::Text { max } | FieldKind::LongText { max }, Some(length)) =
                        (&source.kind, column.length)
                    {
                        self.need(
                            *max <= length as usize,
                            spec,
                            format!("{place} holds only {length} characters"),
                        );
                    }
                    if let FieldKind::Code(set) = &source.kind {
                        self.need(
                            column.code_set.as_ref() == Some(set),
                            spec,
                            format!("{place} has other codes"),
                        );
                    }
                }
                fed.insert((feed.table, feed.column));
            }
        }
        let tables: HashSet<u8> = fed.iter().map(|feed| feed.0).collect();
        for set in tables.into_iter().filter_map(datasets::dataset) {
            for column in set.columns.iter().filter(|c| c.required) {
                let name = column.name.as_str();
                let kept =
                    datasets::AUTOMATIC.contains(&name) || fed.contains(&(set.no, column.name.clone()));
                self.need(
                    kept,
                    spec,
                    format!("no field for T{}.{name} {}", set.no, column.title),
                );
            }
        }
    }

    fn unique_ids(&mut self) {
        let mut seen = HashSet::new();
        for spec in self.specs {
            let ids = spec
                .duties
                .iter()
                .map(|d| &d.id)
                .chain(spec.indicators.iter().map(|i| &i.id));
            for id in ids.chain([&spec.id]) {
                if !seen.insert(id) {
                    self.found.push(format!("{}: the id {id} is taken", spec.id));
                }
            }
        }
    }
}

fn target(field: &FieldSpec) -> Option<&str> {
    match &field.kind {
        FieldKind::Ref(to) => Some(to),
        _ => None,
    }
}

fn fits(field: &FieldSpec, value: &Value) -> bool {
    match (&field.kind, value) {
        (FieldKind::Choice(choices), Value::Text(code)) => choices.iter().any(|c| &c.code == code),
        (FieldKind::Code(set), Value::Text(code)) => {
            codes::code_set(set).is_some_and(|s| s.name(code).is_some())
        }
        (FieldKind::Choice(_) | FieldKind::Code(_), _) => false,
        (kind, Value::Int(_)) => kind.sql() == kernel::value::SqlType::Int,
        (kind, Value::Bool(_)) => kind.sql() == kernel::value::SqlType::Bool,
        (kind, Value::Date(_)) => kind.sql() == kernel::value::SqlType::Date,
        (kind, Value::Text(_)) => kind.sql() == kernel::value::SqlType::Text,
        _ => false,
    }
}

/// The day on which rules are tested.
pub fn test_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 16).expect("a day")
}

/// The fields for which a new record is refused on [`test_day`]: what the tests of rules compare.
pub fn refused<T: Rules>(record: &T) -> Vec<String> {
    record
        .check(&Ctx {
            today: test_day(),
            new: true,
        })
        .into_iter()
        .map(|v| v.field)
        .collect()
}

/// The fields about which a new record is doubted on [`test_day`].
pub fn doubted<T: Rules>(record: &T) -> Vec<String> {
    record
        .warnings(&Ctx {
            today: test_day(),
            new: true,
        })
        .into_iter()
        .map(|v| v.field)
        .collect()
}
