//! Reading a plan's figures as of one day into a [`Snapshot`] (快照).
use super::snapshot::{Figure, Group, Item, Late, Note, Part, Snapshot};
use crate::board;
use crate::duties;
use crate::model::{Binding, Commitment, Comparator, Kind, Plan, Section, Status};
use crate::readings::{self, Reading};
use crate::standing::{self, Course, State};
use crate::store;
use calendar::Term;
use chrono::{Days, NaiveDate};
use kernel::app::Scope;
use kernel::args;
use kernel::error::{Error, Result};
use kernel::register::measure::{Span, measure};
use kernel::term::{self, Calendar};
use std::collections::HashMap;
use uuid::Uuid;

/// Longest heading that is taken over; longer ones are sentences and head nothing.
const LONGEST_HEADING: usize = 36;

/// What every figure of a snapshot is read with.
struct Frame<'a> {
    scope: &'a Scope,
    calendar: &'a Calendar,
    term: &'a Term,
    from: NaiveDate,
    to: NaiveDate,
    names: HashMap<Uuid, String>,
    offices: HashMap<Uuid, String>,
    organ: String,
}

/// Freezes a plan's figures as of `to`.
pub async fn freeze(scope: &Scope, plan: &Plan, from: NaiveDate, to: NaiveDate) -> Result<Snapshot> {
    let calendar = term::load(scope).await?;
    let term = calendar.term(plan.term).ok_or(Error::NotFound)?;
    let commitments: Vec<Commitment> = store::commitments(scope, plan.id)
        .await?
        .into_iter()
        .filter(|c| c.status == Status::Accepted)
        .collect();
    readings::backfill(scope, &commitments).await?;
    readings::refresh(scope, &commitments).await?;
    let frame = Frame {
        scope,
        calendar: &calendar,
        term,
        from,
        to,
        names: board::labels(scope, &commitments).await?,
        offices: offices(scope, &commitments).await?,
        organ: organ(scope, plan).await?,
    };
    let sections = store::sections(scope, plan.text_id()).await?;
    let mut parts: Vec<Part> = vec![];
    for commitment in &commitments {
        let item = item(&frame, commitment).await?;
        place(&mut parts, &sections, commitment.start, item);
    }
    // What stands in no section closes the list.
    parts.sort_by_key(|part| part.key == REST);
    if let [only] = parts.as_mut_slice()
        && only.key == REST
    {
        only.heading = "主要工作完成情况".into();
    }
    Ok(Snapshot {
        plan: plan.id,
        title: plan.title.clone(),
        version: plan.version,
        organ: frame.organ.clone(),
        term: term.name(),
        term_from: term.start(),
        term_to: term.end(),
        from,
        to,
        parts,
    })
}

const REST: &str = "rest";

/// A heading's words: up to its first full stop; none when it is a whole sentence.
fn heading(section: &Section) -> Option<String> {
    let words = section.heading.trim();
    let head = words
        .split(['。', '；', '：', ':'])
        .next()
        .unwrap_or(words)
        .trim();
    let count = head.chars().count();
    (1..=LONGEST_HEADING).contains(&count).then(|| head.to_owned())
}

/// Puts an item under the headed sections around its place.
fn place(parts: &mut Vec<Part>, sections: &[Section], start: i64, item: Item) {
    let mut around: Vec<(&Section, String)> = sections
        .iter()
        .filter(|s| s.start <= start && start < s.end)
        .filter_map(|s| heading(s).map(|words| (s, words)))
        .collect();
    around.sort_by_key(|(s, _)| s.level);
    let top = around.first();
    let part_key = top.map_or(REST.to_owned(), |(s, _)| s.id.to_string());
    let at = match parts.iter().position(|p| p.key == part_key) {
        Some(at) => at,
        None => {
            parts.push(Part {
                key: part_key,
                heading: top.map_or("其他工作".to_owned(), |(_, words)| words.clone()),
                groups: vec![],
            });
            parts.len() - 1
        }
    };
    let groups = &mut parts[at].groups;
    let (key, words) = around
        .get(1)
        .map_or(("own".to_owned(), String::new()), |(s, words)| {
            (s.id.to_string(), words.clone())
        });
    match groups.iter_mut().find(|g| g.key == key) {
        Some(group) => group.items.push(item),
        None => {
            let group = Group {
                heading: words,
                items: vec![item],
                key,
            };
            // What stands directly in the section is told before the sections inside it.
            if group.heading.is_empty() {
                groups.insert(0, group);
            } else {
                groups.push(group);
            }
        }
    }
}

/// The unit whose plan it is, else the school.
async fn organ(scope: &Scope, plan: &Plan) -> Result<String> {
    let school = scope.app.school_name(scope.school);
    let school = if school.is_empty() {
        "学校".into()
    } else {
        school
    };
    let Some(unit) = plan.unit else { return Ok(school) };
    let sql = "select label from r_unit where school_id = $1 and id = $2";
    match scope.db().opt(sql, args![scope.school, unit]).await? {
        Some(row) => row.at(0),
        None => Ok(school),
    }
}

/// The unit of every person who answers for something.
async fn offices(scope: &Scope, commitments: &[Commitment]) -> Result<HashMap<Uuid, String>> {
    let mut owners: Vec<Uuid> = commitments.iter().filter_map(|c| c.owner).collect();
    owners.sort();
    owners.dedup();
    let mut found = HashMap::new();
    for chunk in owners.chunks(500) {
        let mut args: Vec<kernel::value::Value> = args![scope.school].to_vec();
        args.extend(chunk.iter().map(|id| (*id).into()));
        let places: Vec<String> = (2..=args.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "select s.id, u.label from r_staff s join r_unit u on u.school_id = s.school_id and u.id = s.f_unit \
             where s.school_id = $1 and s.id in ({})",
            places.join(", ")
        );
        for row in scope.db().all(&sql, &args).await? {
            found.insert(row.at(0)?, row.at(1)?);
        }
    }
    Ok(found)
}

async fn item(frame: &Frame<'_>, c: &Commitment) -> Result<Item> {
    let due = c.due_on.unwrap_or(frame.term.end());
    // When the whole term is told, the day after its end decides what is over.
    let after = frame.term.end().max(due) + Days::new(1);
    let as_of = if frame.to >= frame.term.end() {
        after.min(frame.scope.today()).max(frame.to)
    } else {
        frame.to
    };
    let line = readings::line(frame.scope, c.id).await?;
    let reading = line.iter().rfind(|r| r.day <= as_of);
    let (figure, late, state) = match &c.binding {
        Binding::Duty(id) => duty(frame, c, id, as_of).await?,
        _ => number(frame, c, reading, as_of).await?,
    };
    let run = readings::run_of(c, frame.term, judged_on(due, as_of, reading));
    let forecast = match (&c.binding, reading.and_then(|r| r.actual)) {
        (Binding::Indicator(_), Some(actual)) if due >= as_of => Some(standing::forecast(
            actual,
            readings::course_of(frame.scope, c),
            run,
        )),
        _ => None,
    };
    let done_on = c.done_on.filter(|day| *day <= frame.to);
    let name = |id: Option<Uuid>| id.and_then(|id| frame.names.get(&id)).cloned();
    let office = name(c.node).or_else(|| c.owner.and_then(|o| frame.offices.get(&o)).cloned());
    Ok(Item {
        id: c.id,
        kind: c.kind,
        title: c.title.trim().to_owned(),
        promise: c.promise(),
        ceiling: c.comparator == Some(Comparator::AtMost),
        target: c.target_scaled,
        unit: c.unit.clone().unwrap_or_default(),
        figure,
        state,
        forecast,
        rows: rows(frame, c),
        source: source(frame.scope, c),
        office: office.unwrap_or_else(|| frame.organ.clone()),
        owner: name(c.owner).unwrap_or_default(),
        due,
        late,
        done_on,
        notes: notes(c, &line, done_on, frame),
    })
}

/// The day whose pace counts: that of the reading, unless the due day has passed since.
fn judged_on(due: NaiveDate, as_of: NaiveDate, reading: Option<&Reading>) -> NaiveDate {
    match reading {
        Some(reading) if as_of <= due => reading.day,
        _ => as_of,
    }
}

type Told = (Option<Figure>, Vec<Late>, State);

/// A duty as of a day, from the records themselves.
async fn duty(frame: &Frame<'_>, c: &Commitment, id: &str, as_of: NaiveDate) -> Result<Told> {
    let Some((spec, duty)) = duties::find(frame.scope, id) else {
        return Ok((None, vec![], State::NoData));
    };
    let days = &frame.calendar.days;
    let told = duties::standing(frame.scope, c, spec, duty, frame.term, days, as_of).await?;
    let totals = told.totals(as_of);
    let run = readings::run_of(c, frame.term, as_of);
    let state = standing::of_duty(totals.closed, totals.short, run);
    if totals.owed == 0 {
        return Ok((None, vec![], state));
    }
    let before = (frame.from > frame.term.start()).then(|| told.totals(frame.from - Days::new(1)));
    let figure = Figure {
        day: as_of.min(frame.to),
        numerator: totals.done,
        denominator: Some(totals.owed),
        actual: Some(totals.done * 10_000 / totals.owed),
        text: format!("{}/{}次", totals.done, totals.owed),
        added: before.map(|b| ((totals.done - b.done).max(0), Some((totals.owed - b.owed).max(0)))),
    };
    let late = told
        .units
        .iter()
        .filter_map(|unit| {
            let short: i64 = (0..told.windows.len())
                .filter(|at| told.late(unit, *at, as_of))
                .map(|at| i64::from(told.windows[at].times) - i64::from(unit.done[at]))
                .sum();
            (short > 0).then(|| Late {
                unit: unit.label.clone(),
                short,
            })
        })
        .collect();
    Ok((Some(figure), late, state))
}

/// A target or task as its reading has it.
async fn number(
    frame: &Frame<'_>,
    c: &Commitment,
    reading: Option<&Reading>,
    as_of: NaiveDate,
) -> Result<Told> {
    let measured = reading.filter(|r| r.actual.is_some());
    if c.kind == Kind::Task && measured.is_none() {
        let then = Commitment {
            done_on: c.done_on.filter(|day| *day <= frame.to),
            ..c.clone()
        };
        return Ok((None, vec![], standing::of_task(&then, as_of)));
    }
    let Some(reading) = measured else {
        return Ok((None, vec![], State::NoData));
    };
    let course = readings::course_of(frame.scope, c);
    let due = c.due_on.unwrap_or(frame.term.end());
    let run = readings::run_of(c, frame.term, judged_on(due, as_of, Some(reading)));
    let figure = Figure {
        day: reading.day.min(frame.to),
        numerator: reading.numerator,
        denominator: reading.denominator,
        actual: reading.actual,
        text: board::actual_text(c, Some(reading)),
        added: added(frame, c, reading, course).await?,
    };
    let state = standing::of_number(c, reading.actual, course, run);
    Ok((Some(figure), vec![], state))
}

/// What the period itself added to a value that only grows.
async fn added(
    frame: &Frame<'_>,
    c: &Commitment,
    reading: &Reading,
    course: Course,
) -> Result<Option<(i64, Option<i64>)>> {
    let Binding::Indicator(id) = &c.binding else {
        return Ok(None);
    };
    let Some((spec, indicator)) = readings::indicator(frame.scope, id) else {
        return Ok(None);
    };
    let run = readings::run_of(c, frame.term, reading.day);
    let to = reading.day.min(run.due);
    if course != Course::Growing || frame.from <= frame.term.start() || to < frame.from {
        return Ok(None);
    }
    let span = Span { from: frame.from, to };
    let value = measure(frame.scope, spec, indicator, &c.path, Some(span)).await?;
    let whole = value.scale == 0 && value.denominator.is_none();
    Ok(whole.then_some((value.numerator, None)))
}

/// The rows behind the figure, up to the last day of the period.
fn rows(frame: &Frame<'_>, c: &Commitment) -> Option<String> {
    let href = board::rows_href(frame.scope, c, Some(frame.term))?;
    let last = frame.to.min(frame.term.end());
    let whole = format!("{}..{}", frame.term.start(), frame.term.end());
    Some(href.replace(&whole, &format!("{}..{last}", frame.term.start())))
}

fn source(scope: &Scope, c: &Commitment) -> String {
    let register = match &c.binding {
        Binding::Indicator(id) => readings::indicator(scope, id).map(|(spec, _)| spec),
        Binding::Duty(id) => duties::find(scope, id).map(|(spec, _)| spec),
        Binding::Manual => return "手工填报".into(),
        Binding::None if c.kind == Kind::Task => return "报告完成".into(),
        Binding::None => return String::new(),
    };
    register.map(|spec| spec.title.clone()).unwrap_or_default()
}

/// What was said when the task was reported done or when the last value was typed.
fn notes(c: &Commitment, line: &[Reading], done_on: Option<NaiveDate>, frame: &Frame<'_>) -> Vec<Note> {
    let mut notes = vec![];
    let typed = line
        .iter()
        .rfind(|r| r.source == "manual" && r.day <= frame.to && r.day >= frame.from);
    if let Some(r) = typed.filter(|r| !r.note.is_empty()) {
        notes.push(Note {
            day: r.day,
            who: r.actor.clone(),
            text: r.note.clone(),
        });
    }
    if let (Some(day), Some(text)) = (done_on, &c.done_note) {
        notes.push(Note {
            day,
            who: String::new(),
            text: text.clone(),
        });
    }
    notes
}
