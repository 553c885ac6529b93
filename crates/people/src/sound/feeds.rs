//! The national datasets: columns that exist, fit and are complete.
use super::{Book, target};
use crate::datasets;
use kernel::register::spec::{FieldKind, RegisterSpec};
use std::collections::HashSet;

impl Book<'_> {
    pub(super) fn datasets(&mut self, spec: &RegisterSpec) {
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
                    datasets::is_computed(set.no, name) || fed.contains(&(set.no, column.name.clone()));
                self.need(
                    kept,
                    spec,
                    format!("no field for T{}.{name} {}", set.no, column.title),
                );
            }
        }
    }
}
