//! From a text to a draft (导入): everything read, with suggestions for everything that has to be decided.
use super::suggest::{self, UnitRow};
use crate::model::{Binding, Commitment, Comparator, Every, Kind, Plan, PlanState, Section, Status};
use crate::store;
use calendar::Term;
use chrono::NaiveDate;
use kernel::app::Scope;
use kernel::error::{Error, Result};
use plantext::{Basis, Document, Op};
use std::sync::Arc;
use uuid::Uuid;

/// What a person says about the text; what is missing is taken from the text itself.
#[derive(Clone, Debug, Default)]
pub struct Import {
    /// The id of the plan to be: a form sent twice imports once.
    pub id: Option<Uuid>,
    /// 标题
    pub title: Option<String>,
    /// The unit; the school when neither this nor the text names one.
    pub unit: Option<Uuid>,
    /// The term.
    pub term: Option<Uuid>,
    /// Name of the uploaded file; empty when pasted.
    pub file_name: String,
}

/// Most characters of a commitment's title.
pub const LONGEST_TITLE: usize = 120;

/// A draft just made.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The plan.
    pub plan: Plan,
    /// What the person should look at first: the text speaks of a term that the calendar does not have.
    pub doubt: Option<String>,
}

/// Reads a text and writes it as a draft with all its commitments to be confirmed.
///
/// # Errors
/// [`Error::Invalid`] with the field `text` when it cannot be read as a plan, `term` when there is no term,
/// `unit` when the person may not work on that unit's plans.
pub async fn import(scope: &Scope, text: String, import: Import) -> Result<Plan> {
    Ok(take_in(scope, text, import).await?.plan)
}

/// [`import`] with what should be looked at first.
pub async fn take_in(scope: &Scope, text: String, import: Import) -> Result<Imported> {
    let (text, document) = read(text).await?;
    let calendar = kernel::term::load(scope).await?;
    let period = document.period.as_ref();
    let meant = suggest::term_of(
        &calendar.terms,
        period.and_then(|p| p.from.as_deref()),
        period.and_then(|p| p.to.as_deref()),
    );
    let (term_id, term) = match import.term {
        Some(id) => calendar.terms.iter().find(|(known, _)| *known == id),
        None => meant.or_else(|| calendar.term_at(scope.today())),
    }
    .ok_or_else(|| Error::invalid("term", "还没有这个学期，请先在“校历与学期”中设置"))?;
    let doubt = period
        .filter(|_| import.term.is_none() && meant.is_none())
        .map(|p| {
            format!(
                "原文写的是“{}”，校历中没有，已先归入{}，请在“计划信息”中核对",
                p.label,
                term.name()
            )
        });
    let units = suggest::units(scope).await?;
    let unit = chosen_unit(scope, &units, &import, &document)?;
    let now = scope.now();
    let title = import
        .title
        .filter(|t| !t.trim().is_empty())
        .or(document.title.clone());
    let plan = Plan {
        id: import.id.unwrap_or_else(Uuid::now_v7),
        title: clip(title.as_deref().unwrap_or("工作计划"), LONGEST_TITLE),
        unit: unit.map(|u| u.id),
        path: unit.map(|u| u.path.clone()).unwrap_or_default(),
        term: *term_id,
        file_name: clip(&import.file_name, LONGEST_TITLE),
        state: PlanState::Draft,
        version: 0,
        created_at: now,
        created_by: scope.actor.account,
        updated_at: now,
        published_at: None,
        revises: None,
    };
    let sections = sections_of(&document);
    let reader = Suggester {
        scope,
        plan: &plan,
        term,
        units: &units,
    };
    let commitments: Vec<Commitment> = document
        .commitments
        .iter()
        .map(|found| reader.commitment(found, &sections))
        .collect();
    store::create_plan(scope, &plan, &text, &sections, &commitments).await?;
    Ok(Imported { plan, doubt })
}

/// Reads off the async threads: a large text takes a while.
async fn read(text: String) -> Result<(String, Document)> {
    let (text, read) = tokio::task::spawn_blocking(move || {
        let read = plantext::read(&text);
        (text, read)
    })
    .await
    .map_err(|error| anyhow::anyhow!("reading a plan: {error}"))?;
    // PostgreSQL keeps no NUL in a text.
    if text.contains('\0') {
        return Err(Error::invalid(
            "text",
            "文字里有不可见的控制符，请在 Word 或记事本里清理后再试",
        ));
    }
    match read {
        Ok(document) => Ok((text, document)),
        Err(error) => Err(Error::invalid("text", error.to_string())),
    }
}

fn chosen_unit<'a>(
    scope: &Scope,
    units: &'a [UnitRow],
    import: &Import,
    document: &Document,
) -> Result<Option<&'a UnitRow>> {
    let mine = |u: &&UnitRow| store::may_edit(scope, &u.path);
    let unit = match import.unit {
        Some(id) => Some(
            units
                .iter()
                .find(|u| u.id == id)
                .ok_or_else(|| Error::invalid("unit", "请从列表中选择单位"))?,
        ),
        None => [document.unit.as_deref(), document.title.as_deref()]
            .into_iter()
            .flatten()
            .find_map(|words| suggest::unit_in(units, words))
            // Who may not work on the school's plans means the plan of the own unit.
            .or_else(|| {
                (!store::may_edit(scope, ""))
                    .then(|| units.iter().find(mine))
                    .flatten()
            }),
    };
    let unit = unit.filter(|u| u.kind != "school");
    if store::may_edit(scope, unit.map_or("", |u| u.path.as_str())) {
        Ok(unit)
    } else {
        Err(Error::invalid("unit", "您只能导入本部门的工作计划，请选择本部门"))
    }
}

fn sections_of(document: &Document) -> Vec<Section> {
    let sections = document.sections.iter().enumerate();
    sections
        .map(|(position, s)| Section {
            id: Uuid::now_v7(),
            position: position as i64,
            number: s.number.clone().unwrap_or_default(),
            heading: s.heading.clone().unwrap_or_default(),
            level: i64::from(s.level),
            start: s.start as i64,
            end: s.end as i64,
        })
        .collect()
}

/// The innermost section around a place.
pub fn section_at(sections: &[Section], place: i64) -> Option<&Section> {
    sections
        .iter()
        .filter(|s| s.start <= place && place < s.end)
        .max_by_key(|s| (s.level, s.start))
}

/// At most `most` characters of a line, without line breaks.
pub fn clip(words: &str, most: usize) -> String {
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(most).collect()
}

/// Turns what the grammar found into commitments with suggestions.
pub struct Suggester<'a> {
    /// Who imports.
    pub scope: &'a Scope,
    /// The plan.
    pub plan: &'a Plan,
    /// Its term.
    pub term: &'a Term,
    /// All units.
    pub units: &'a [UnitRow],
}

impl Suggester<'_> {
    /// One commitment, to be confirmed.
    pub fn commitment(&self, found: &plantext::Commitment, sections: &[Section]) -> Commitment {
        let section = section_at(sections, found.start as i64);
        let words = found.metric.as_deref().or(found.activity.as_deref());
        let title = words.filter(|w| !w.trim().is_empty()).unwrap_or(&found.quote);
        let mut c = self.blank(
            kind(found.kind),
            &found.quote,
            found.start as i64,
            found.end as i64,
        );
        c.section = section.map(|s| s.id);
        c.title = clip(title, LONGEST_TITLE);
        c.comparator = found.op.map(comparator);
        c.target_scaled = found.value.and_then(scale);
        c.max_scaled = found.max.and_then(scale);
        c.unit = found.unit.clone().filter(|u| !u.is_empty());
        c.growth = found.basis == Some(Basis::Growth);
        c.times = found.times.map(i64::from);
        c.every = found.every.map(every);
        c.interval = i64::from(found.interval.unwrap_or(1));
        (c.due_on, c.due_text) = self.due(found);
        self.place(&mut c, sections);
        c.binding = suggest::binding(self.scope, &c);
        c
    }

    /// A commitment of which only the place is known.
    pub fn blank(&self, kind: Kind, quote: &str, start: i64, end: i64) -> Commitment {
        Commitment {
            id: Uuid::now_v7(),
            plan: self.plan.id,
            section: None,
            kind,
            quote: quote.to_owned(),
            start,
            end,
            status: Status::Suggested,
            title: clip(quote, LONGEST_TITLE),
            comparator: (kind == Kind::Target).then_some(Comparator::AtLeast),
            target_scaled: None,
            max_scaled: None,
            unit: None,
            growth: false,
            times: (kind == Kind::Duty).then_some(1),
            every: (kind == Kind::Duty).then_some(Every::Week),
            interval: 1,
            due_on: Some(self.term.end()),
            due_text: None,
            binding: Binding::None,
            node: self.plan.unit,
            path: self.plan.path.clone(),
            owner: suggest::head_of(self.units, &self.plan.path),
            done_on: None,
            done_note: None,
            version: 1,
            updated_at: self.scope.now(),
            origin: None,
        }
    }

    /// A unit named in the words answers for the commitment; a department also bounds the rows that count.
    fn place(&self, c: &mut Commitment, sections: &[Section]) {
        let mut words = vec![c.quote.as_str()];
        let mut around: Vec<&Section> = sections
            .iter()
            .filter(|s| s.start <= c.start && c.start < s.end)
            .collect();
        around.sort_by_key(|s| std::cmp::Reverse(s.level));
        words.extend(around.iter().map(|s| s.heading.as_str()));
        let Some(unit) = words.into_iter().find_map(|w| suggest::unit_in(self.units, w)) else {
            return;
        };
        if !unit.path.starts_with(&self.plan.path) {
            return;
        }
        c.owner = unit.head.or(c.owner);
        if unit.kind == "department" {
            c.node = Some(unit.id);
            c.path = unit.path.clone();
        }
    }

    /// The last of its dates; the term's end when the text gives none, its own words kept when they are no date.
    fn due(&self, found: &plantext::Commitment) -> (Option<NaiveDate>, Option<String>) {
        let first = found.due.as_deref();
        let second = found.due2.as_deref();
        match (first, second) {
            (None, _) => (Some(self.term.end()), None),
            (Some(words), None) => match suggest::due_date(words) {
                Some(day) => (Some(day), None),
                None => (Some(self.term.end()), Some(clip(words, 40))),
            },
            (Some(words), Some(later)) => (
                suggest::due_date(later).or_else(|| suggest::due_date(words)),
                Some(clip(&format!("{words}、{later}"), 40)),
            ),
        }
    }
}

fn scale(value: f64) -> Option<i64> {
    let scaled = (value * 100.0).round();
    (scaled.abs() < 1e14).then_some(scaled as i64)
}

/// The grammar's word for a kind as rows keep it.
pub fn kind(kind: plantext::Kind) -> Kind {
    match kind {
        plantext::Kind::Target => Kind::Target,
        plantext::Kind::Result => Kind::Result,
        plantext::Kind::Duty => Kind::Duty,
        plantext::Kind::VagueDuty => Kind::VagueDuty,
        plantext::Kind::Task => Kind::Task,
    }
}

fn comparator(op: Op) -> Comparator {
    match op {
        Op::AtLeast => Comparator::AtLeast,
        Op::AtMost => Comparator::AtMost,
        Op::Equal => Comparator::Equal,
    }
}

fn every(every: plantext::Every) -> Every {
    match every {
        plantext::Every::Day => Every::Day,
        plantext::Every::Week => Every::Week,
        plantext::Every::HalfMonth => Every::HalfMonth,
        plantext::Every::Month => Every::Month,
        plantext::Every::Quarter => Every::Quarter,
        plantext::Every::Term => Every::Term,
        plantext::Every::Year => Every::Year,
    }
}

/// The plan's term.
pub async fn term_of(scope: &Scope, plan: &Plan) -> Result<(Arc<kernel::term::Calendar>, Term)> {
    let calendar = kernel::term::load(scope).await?;
    let term = calendar.term(plan.term).cloned();
    let term = term.ok_or_else(|| anyhow::anyhow!("plan {} names no known term", plan.id))?;
    Ok((calendar, term))
}

/// A selected stretch of the text as a commitment: the grammar reads value, unit and cadence from it.
pub fn from_selection(
    reader: &Suggester<'_>,
    kind: Kind,
    quote: &str,
    start: i64,
    sections: &[Section],
) -> Commitment {
    let end = start + quote.chars().count() as i64;
    // The title gives the selection the year it is read in.
    let head = format!("{}\n", reader.plan.title);
    let from = head.chars().count();
    let found = plantext::read(&format!("{head}{quote}"))
        .ok()
        .and_then(|document| {
            let inside: Vec<plantext::Commitment> = document
                .commitments
                .into_iter()
                .filter(|c| c.start >= from)
                .collect();
            let same = inside.iter().position(|c| self::kind(c.kind) == kind);
            same.map(|at| inside[at].clone())
        });
    let mut c = match found {
        Some(mut found) => {
            found.quote = quote.to_owned();
            found.start = start as usize;
            found.end = end as usize;
            reader.commitment(&found, sections)
        }
        None => {
            let mut c = reader.blank(kind, quote, start, end);
            c.section = section_at(sections, start).map(|s| s.id);
            reader.place(&mut c, sections);
            c.binding = suggest::binding(reader.scope, &c);
            c
        }
    };
    c.quote = quote.to_owned();
    (c.start, c.end) = (start, end);
    c
}
