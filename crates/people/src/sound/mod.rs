//! Finds mistakes in the declaration of registers: what would otherwise only show when somebody opens the page.
//! Every capability's tests call [`faults`] on its own registers and those it refers to.
mod counts;
mod feeds;
#[cfg(test)]
mod tests;

use crate::{codes, roles};
use chrono::NaiveDate;
use kernel::register::Rules;
use kernel::register::field::{LongText, Ref};
use kernel::register::flow::{StateKind, Who};
use kernel::register::spec::{Ctx, FieldKind, FieldSpec, RegisterSpec};
use std::collections::HashSet;
use uuid::Uuid;

/// The menu group of plans, which the program itself adds before those of [`crate::menu_groups`].
const PLAN_GROUP: &str = "plan";

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
            spec.group == PLAN_GROUP || crate::menu_groups().iter().any(|g| g.0 == spec.group),
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
                for to in step.forks.iter().map(|fork| &fork.1).chain([&step.to]) {
                    if !reached.contains(&to.as_str()) {
                        reached.push(to);
                    }
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

/// The day on which rules are tested.
pub fn test_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 16).expect("a day")
}

/// The day so many days after [`test_day`].
pub fn day(after: i64) -> NaiveDate {
    test_day() + chrono::Duration::days(after)
}

/// An optional text of several lines.
pub fn text(text: &str) -> Option<LongText> {
    Some(LongText(text.into()))
}

/// A reference to no record in particular.
pub fn some<T>() -> Ref<T> {
    Ref::new(Uuid::nil())
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
