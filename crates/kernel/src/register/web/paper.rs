//! Forms handed over on paper: a sheet or certificate of one record, a list to sign on.
use super::address::Address;
use super::printing::pdf;
use super::{Rights, history, parse_id, shown, signature};
use crate::app::Scope;
use crate::clock::minute;
use crate::error::{Error, Result};
use crate::http::{PDF, download};
use crate::page::{self, Icon, Kind};
use crate::register::paper::{Layout, PaperForm, Part};
use crate::register::query;
use crate::register::spec::{FieldKind, RegisterSpec};
use crate::register::store::{self, Record};
use axum::extract::Path;
use axum::http::Uri;
use axum::response::Response;
use chrono::{Datelike, NaiveDate};
use maud::{Markup, html};
use print::{Approval, FormPart, ListColumn, Roll, RollGroup, Template};

/// Most rows of a list on paper.
const MOST_ROWS: i64 = 1_000;

/// Links to the forms of one record.
pub fn links(spec: &RegisterSpec, record: &Record) -> Markup {
    let forms = spec
        .papers
        .iter()
        .filter(|paper| paper.layout != Layout::List)
        .filter(|paper| paper.states.is_empty() || paper.states.contains(&record.state));
    html! {
        @for paper in forms {
            (page::link_button(&paper.title, &format!("/r/{}/{}/paper/{}", spec.id, record.id, paper.id), Some(Icon::Printer), Kind::Plain))
        }
    }
}

/// Links to the forms of the list as filtered.
pub fn list_links(spec: &RegisterSpec, address: &Address) -> Markup {
    let forms = spec.papers.iter().filter(|paper| paper.layout == Layout::List);
    html! {
        @for paper in forms { a href=(address.url(&format!("/paper/{}", paper.id))) { (paper.title) "（PDF）" } }
    }
}

fn find<'a>(spec: &'a RegisterSpec, id: &str, list: bool) -> Result<&'a PaperForm> {
    spec.papers
        .iter()
        .find(|paper| paper.id == id && (paper.layout == Layout::List) == list)
        .ok_or(Error::NotFound)
}

/// `GET /r/{register}/{id}/paper/{form}`.
pub async fn of_record(
    scope: Scope,
    Path((register, id, form)): Path<(String, String, String)>,
) -> Result<Response> {
    let spec = scope.register(&register)?.clone();
    let paper = find(&spec, &form, false)?;
    let record = store::get(&scope, &spec, parse_id(&id)?).await?;
    if !paper.states.is_empty() && !paper.states.contains(&record.state) {
        return Err(Error::Conflict(format!(
            "现在是“{}”，还不能打印{}",
            record.state, paper.title
        )));
    }
    let words = Words::of(&scope, &spec, &record);
    let mut parts = vec![];
    for part in &paper.parts {
        parts.push(match part {
            Part::Heading(text) => FormPart::Heading {
                text: words.fill(text),
            },
            Part::Text(text) => FormPart::Text {
                text: words.fill(text),
            },
            Part::Fields(names) => FormPart::Fields {
                fields: names.iter().filter_map(|name| words.field(name)).collect(),
            },
            Part::Signatures(names) => FormPart::Signatures { names: names.clone() },
            Part::Approvals => FormPart::Approvals {
                steps: approvals(&scope, &spec, &record).await?,
            },
        });
    }
    let form = print::Form {
        title: paper.title.clone(),
        school: scope.app.school_name(scope.school),
        number: Some(record.label.key.clone()).filter(|key| !key.is_empty()),
        parts,
        date: date_words(scope.today()),
        certificate: paper.layout == Layout::Certificate,
        printed_at: minute(scope.now()),
        printed_by: Some(scope.actor.name.clone()),
    };
    let data = serde_json::to_value(form).map_err(anyhow::Error::from)?;
    let bytes = pdf(&scope, Template::Form, data).await?;
    let name = format!("{} {}.pdf", paper.title, record.label.label);
    Ok(download(&name, PDF, bytes))
}

/// `GET /r/{register}/paper/{form}` with the filters of the list.
pub async fn of_list(
    scope: Scope,
    Path((register, form)): Path<(String, String)>,
    uri: Uri,
) -> Result<Response> {
    let spec = scope.register(&register)?.clone();
    let paper = find(&spec, &form, true)?;
    let mut query = Address::read(&spec, &uri)?.query(&spec, &scope)?;
    (query.page, query.per) = (1, MOST_ROWS);
    let place = |name: &String| spec.index(name).expect("forms are checked at start");
    let columns: Vec<usize> = paper.columns.iter().map(place).collect();
    let by = paper.by.as_ref().map(place);
    let wanted: Vec<usize> = columns.iter().copied().chain(by).collect();
    let found = query::list(&scope, &spec, &query, &wanted).await?;
    if found.total > MOST_ROWS {
        return Err(Error::Bad(format!(
            "共 {} 条，{}一次最多 {MOST_ROWS} 条，请先筛选",
            found.total, paper.title
        )));
    }
    let rights = Rights::of(&scope, &spec);
    let mut groups: Vec<RollGroup> = vec![];
    for record in &found.records {
        let text = |at: usize| shown(&scope, &spec, record, at, rights.sees_sealed(&scope, record));
        let heading = by.map(text).unwrap_or_default();
        let at = groups
            .iter()
            .position(|g| g.heading == heading)
            .unwrap_or_else(|| {
                groups.push(RollGroup {
                    heading,
                    rows: vec![],
                });
                groups.len() - 1
            });
        let mut row = vec![(groups[at].rows.len() + 1).to_string()];
        row.extend(columns.iter().map(|at| text(*at)));
        row.extend(paper.blanks.iter().map(|_| String::new()));
        groups[at].rows.push(row);
    }
    groups.sort_by(|a, b| a.heading.cmp(&b.heading));
    let column = |heading: &str| ListColumn {
        heading: heading.into(),
        ..ListColumn::default()
    };
    let mut heads = vec![column("序号")];
    heads.extend(columns.iter().map(|at| column(&spec.fields[*at].label)));
    // Room to write by hand.
    heads.extend(
        paper
            .blanks
            .iter()
            .map(|heading| column(&format!("　{heading}　　"))),
    );
    let roll = Roll {
        title: paper.title.clone(),
        school: scope.app.school_name(scope.school),
        columns: heads,
        groups,
        printed_at: minute(scope.now()),
        printed_by: Some(scope.actor.name.clone()),
    };
    let data = serde_json::to_value(roll).map_err(anyhow::Error::from)?;
    let bytes = pdf(&scope, Template::Roll, data).await?;
    Ok(download(
        &format!("{} {}.pdf", paper.title, scope.today()),
        PDF,
        bytes,
    ))
}

/// `2026年11月23日`.
fn date_words(day: NaiveDate) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// The opinions signed for, oldest first.
pub async fn approvals(scope: &Scope, spec: &RegisterSpec, record: &Record) -> Result<Vec<Approval>> {
    let signed = signature::of(&spec.flow, &history::lines(scope, spec, record.id).await?).into_iter();
    Ok(signed
        .map(|one| Approval {
            opinion: match one.note.as_str() {
                "" => format!("{}。", one.action),
                note => format!("{}。{note}", one.action),
            },
            time: one.when(),
            heading: one.heading,
            name: one.name,
        })
        .collect())
}

/// What stands in the braces of a form's texts.
struct Words<'a> {
    scope: &'a Scope,
    spec: &'a RegisterSpec,
    record: &'a Record,
    open: bool,
}

impl<'a> Words<'a> {
    fn of(scope: &'a Scope, spec: &'a RegisterSpec, record: &'a Record) -> Words<'a> {
        let open = Rights::of(scope, spec).sees_sealed(scope, record);
        Words {
            scope,
            spec,
            record,
            open,
        }
    }

    fn value(&self, name: &str) -> Option<String> {
        let at = self.spec.index(name)?;
        Some(
            match (&self.spec.fields[at].kind, self.record.values[at].date()) {
                (FieldKind::Date, Some(day)) => date_words(day),
                _ => shown(self.scope, self.spec, self.record, at, self.open),
            },
        )
    }

    fn field(&self, name: &str) -> Option<print::Field> {
        let at = self.spec.index(name)?;
        let field = &self.spec.fields[at];
        Some(print::Field {
            label: field.label.clone(),
            value: shown(self.scope, self.spec, self.record, at, self.open),
            wide: matches!(field.kind, FieldKind::LongText { .. }),
        })
    }

    /// The text with what the braces name.
    fn fill(&self, text: &str) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let Some((name, tail)) = after.split_once('}') else {
                filled.push('{');
                rest = after;
                continue;
            };
            filled.push_str(&match name {
                "school" => self.scope.app.school_name(self.scope.school),
                "today" => date_words(self.scope.today()),
                "state" => self.record.state.clone(),
                "label" => self.record.label.full(),
                _ => self.value(name).unwrap_or_default(),
            });
            rest = tail;
        }
        filled.push_str(rest);
        filled
    }
}
