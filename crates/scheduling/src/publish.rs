//! Publishing (发布): a draft becomes the lessons of the term (排课, dataset T10), all in one transaction.
use crate::drafts::{self, Draft, State};
use crate::effect::{self, Known};
use crate::facts::{self, Facts};
use crate::model::{self, Built};
use crate::offering::{Part, term_key};
use crate::settings::{self, Settings};
use calendar::Term;
use chrono::{DateTime, Days, NaiveDate, Utc};
use kernel::app::Scope;
use kernel::args;
use kernel::db::Db;
use kernel::error::{Error, Result, Violation};
use kernel::register::Register;
use kernel::register::field::{Code, Ref};
use kernel::register::spec::RegisterSpec;
use kernel::register::store::{self, Change, CreateError};
use kernel::schema::{column, table};
use kernel::value::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use teaching::{LessonSlot, Weekday, Weeks};
use timetable::school::WeekSet;
use uuid::Uuid;

/// The reason in the journal of each lesson.
const REASON: &str = "发布新课表";

/// What publishing did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// Lessons that are new.
    pub added: usize,
    /// Lessons that changed.
    pub changed: usize,
    /// Lessons that went.
    pub gone: usize,
    /// Lessons that stayed as they were.
    pub same: usize,
    /// Substitutions in force for lessons that changed or went, from that week on: somebody has to look at them.
    pub stranded: usize,
}

/// A set of weeks as rows of the national table have them: first, last, which of them.
pub fn spans(weeks: WeekSet) -> Vec<(i64, i64, Weeks)> {
    let list: Vec<u32> = (1..=32).filter(|week| weeks.has(*week)).collect();
    let (Some(first), Some(last)) = (list.first(), list.last()) else {
        return vec![];
    };
    let whole = WeekSet::range(*first, *last);
    let span = |first: u32, last: u32, kind| (i64::from(first), i64::from(last), kind);
    if weeks == whole {
        return vec![span(*first, *last, Weeks::All)];
    }
    if weeks == whole.odd() || weeks == whole.even() {
        let kind = if first % 2 == 1 { Weeks::Odd } else { Weeks::Even };
        return vec![span(*first, *last, kind)];
    }
    let mut runs: Vec<(u32, u32)> = vec![];
    for week in list {
        match runs.last_mut() {
            Some(run) if run.1 + 1 == week => run.1 = week,
            _ => runs.push((week, week)),
        }
    }
    runs.into_iter()
        .map(|(first, last)| span(first, last, Weeks::All))
        .collect()
}

/// The lessons that a draft stands for.
///
/// # Errors
/// What is missing before it can be published.
fn rows(
    (facts, settings, built): (&Facts, &Settings, &Built),
    term: &Term,
    draft: &Draft,
    books: &HashMap<Uuid, Option<Uuid>>,
) -> Result<Vec<LessonSlot>> {
    let timetable = built.timetable(&draft.places);
    let (year, code) = term_key(term);
    let (mut slots, mut faults) = (vec![], BTreeMap::new());
    for (lesson, row) in built.offerings.iter().enumerate() {
        let weeks = spans(built.school.held_weeks(lesson));
        let teachers: Vec<Uuid> = row.teachers().collect();
        for (block, place) in timetable.places[lesson].iter().enumerate() {
            let Some(place) = place else {
                *faults
                    .entry(format!("{}还有课没排上", facts.title(row)))
                    .or_insert(0) += 1;
                continue;
            };
            let Some(room) = built.room_of(facts, lesson, place) else {
                let class = facts.class_name(row.classes[0]);
                *faults
                    .entry(format!("{class}没有固定教室，请先在班级里登记"))
                    .or_insert(0) += 1;
                continue;
            };
            let (day, period) = built.school.grid.at(place.slot);
            for (c, class) in row.classes.iter().filter_map(|id| facts.class(*id)).enumerate() {
                let students = match row.part {
                    Part::Whole => class.size,
                    Part::First => class.size.div_ceil(2),
                    Part::Second => class.size / 2,
                };
                for (t, teacher) in teachers.iter().enumerate() {
                    for (w, (first, last, kind)) in weeks.iter().enumerate() {
                        let mut number = format!("{}-{}", row.number, block + 1);
                        for (mark, many, at) in [
                            ("B", row.classes.len(), c),
                            ("J", teachers.len(), t),
                            ("Z", weeks.len(), w),
                        ] {
                            if many > 1 {
                                number.push_str(&format!("{mark}{}", at + 1));
                            }
                        }
                        let first_on = term.start() + Days::new((*first as u64 - 1) * 7 + day as u64);
                        slots.push(LessonSlot {
                            number,
                            plan: Ref::new(row.plan),
                            course: Ref::new(row.course),
                            class: Ref::new(class.id),
                            unit: Ref::new(class.unit),
                            year,
                            term: Code(code.into()),
                            teacher: Ref::new(*teacher),
                            room: Ref::new(room),
                            first_week: *first,
                            last_week: *last,
                            weeks: *kind,
                            first_on,
                            weekday: Some(Weekday::of(first_on)),
                            period: period as i64 + 1,
                            periods: row.blocks[block] as i64,
                            starts_at: settings.start(period).to_owned(),
                            students: i64::from(students.max(1)),
                            textbook: books.get(&row.plan).copied().flatten().map(Ref::new),
                        });
                    }
                }
            }
        }
    }
    if faults.is_empty() {
        return Ok(slots);
    }
    let worded = faults
        .into_iter()
        .take(20)
        .map(|(text, _)| Violation::new("", text));
    Err(Error::Invalid(worded.collect()))
}

/// Live lessons of the term.
async fn present(tx: &Db, scope: &Scope, spec: &RegisterSpec, term: &Term) -> Result<Vec<Known>> {
    let columns: Vec<String> = spec.fields.iter().map(column).collect();
    let sql = format!(
        "select id, version, {} from {} where school_id = $1 and f_year = $2 and f_term = $3 and void_reason is null",
        columns.join(", "),
        table(spec)
    );
    let (year, code) = term_key(term);
    let rows = tx.all(&sql, args![scope.school, year, code]).await?;
    rows.iter()
        .map(|row| {
            let values = spec.fields.iter().enumerate();
            let values = values.map(|(at, field)| row.value(at + 2, field.sql()));
            let values = values.collect::<Result<Vec<Value>>>()?;
            let unread = |fault| anyhow::anyhow!("a lesson of the term cannot be read: {fault:?}");
            Ok(Known {
                id: row.at(0)?,
                version: row.at(1)?,
                slot: LessonSlot::from_values(&values).map_err(unread)?,
            })
        })
        .collect()
}

/// How many substitutions in force from a day on are for lessons that do not stay as they are.
async fn stranded(tx: &Db, scope: &Scope, steps: &effect::Steps, from: NaiveDate) -> Result<usize> {
    let changed = steps.change.iter().map(|(id, ..)| *id);
    let touched: BTreeSet<Uuid> = changed.chain(steps.void.iter().map(|(id, _)| *id)).collect();
    let sql = "select f_lesson from r_substitution where school_id = $1 and void_reason is null and state = $2 and f_on >= $3";
    let mut count = 0;
    for row in tx.all(sql, args![scope.school, lessons::IN_FORCE, from]).await? {
        count += usize::from(touched.contains(&row.at(0)?));
    }
    Ok(count)
}

/// The weeks from which a timetable may hold: all of the term while none is published, else those not yet over. The
/// first is what is proposed.
pub async fn weeks(scope: &Scope, term: &Term) -> Result<Vec<u8>> {
    let sql = "select count(*) from r_lesson_slot where school_id = $1 and f_year = $2 and f_term = $3 and void_reason is null";
    let (year, code) = term_key(term);
    let count: i64 = scope
        .db()
        .one(sql, args![scope.school, year, code])
        .await?
        .at(0)?;
    let today = scope.today();
    let running = match term.week_of(today) {
        _ if count == 0 => 1,
        Some(week) => week,
        None if today > term.end() => term.weeks(),
        None => 1,
    };
    Ok((running..=term.weeks()).collect())
}

/// Publishes a draft from a week of the term on (the first of [`weeks`] when none is named): lessons that changed are
/// corrected or cut there, those that went are voided, new ones written; what was taught before stays. `at` is when the
/// program says it was done, for the demo school.
///
/// # Errors
/// What is missing or in conflict, or a week that is over.
pub async fn publish(
    scope: &Scope,
    id: Uuid,
    from: Option<u8>,
    at: Option<DateTime<Utc>>,
) -> Result<Published> {
    let draft = crate::run::current(scope, id).await?;
    if draft.state != State::Ready {
        return Err(Error::Conflict("这个方案还没有排好，不能发布".into()));
    }
    let (term_id, term) = facts::term_of(scope, Some(draft.term)).await?;
    let open = weeks(scope, &term).await?;
    let first = open.first().copied().unwrap_or(1);
    let from = from.unwrap_or(first);
    if !open.contains(&from) {
        return Err(Error::Bad(format!(
            "第{first}周以前的课已经上过，不能再改；请选第{first}周到第{}周",
            term.weeks()
        )));
    }
    let facts = facts::load(scope, &term).await?;
    let settings = settings::load(scope, term_id).await?;
    let built = model::build(&facts, &settings);
    let costs = crate::run::costs_of(&built, &draft.places);
    if costs.hard > 0 {
        let broken: Vec<String> = costs
            .lines
            .iter()
            .filter(|line| line.hard)
            .map(|line| format!("{} {} 处", line.label, line.count))
            .collect();
        return Err(Error::Bad(format!(
            "方案里还有必须解决的冲突：{}。解决后才能发布",
            broken.join("、")
        )));
    }
    let sql = "select id, f_textbook from r_planned_course where school_id = $1";
    let mut books = HashMap::new();
    for row in scope.db().all(sql, args![scope.school]).await? {
        books.insert(row.at(0)?, row.at(1)?);
    }
    let slots = rows((&facts, &settings, &built), &term, &draft, &books)?;
    let spec = scope.register("lesson_slot")?;
    let tx = scope.db().begin().await?;
    let known = present(&tx, scope, spec, &term).await?;
    let first_day = term.start() + Days::new(u64::from(from - 1) * 7);
    let steps = effect::steps(known, &slots, i64::from(from), &term);
    let done = Published {
        added: steps.add.len(),
        changed: steps.change.len(),
        gone: steps.void.len(),
        same: steps.same,
        stranded: stranded(&tx, scope, &steps, first_day).await?,
    };
    for (id, version, slot) in steps.change {
        let change = Change {
            version,
            values: slot.to_values(),
            reason: Some(REASON),
        };
        store::update_in(&tx, scope, spec, id, change).await?;
    }
    for (id, version) in steps.void {
        store::void_in(&tx, scope, spec, id, version, REASON).await?;
    }
    let draft_of = |slot: &LessonSlot| store::Draft {
        at,
        ..store::Draft::new(slot.to_values())
    };
    let new = steps.add.iter().map(draft_of).collect();
    match store::create_in(&tx, scope, spec, new).await {
        Ok(_) => {}
        Err(CreateError::Other(error)) => return Err(error),
        Err(CreateError::Faults(faults)) => {
            return Err(Error::Invalid(
                faults.into_iter().flat_map(|fault| fault.violations).collect(),
            ));
        }
    }
    let sql = "update timetable_draft set published_at = $3, version = $4, updated_at = $3, costs = $6 \
               where school_id = $1 and id = $2 and version = $5";
    let (now, kept) = (
        scope.now(),
        serde_json::to_string(&costs).map_err(anyhow::Error::from)?,
    );
    if tx
        .run(
            sql,
            args![scope.school, id, now, draft.version + 1, draft.version, kept],
        )
        .await?
        != 1
    {
        return Err(Error::Conflict(
            "这个方案刚被别人改过，没有发布；请刷新后再看".into(),
        ));
    }
    let said = format!(
        "从第{from}周起：新增 {}，变更 {}，取消 {}，不变 {}",
        done.added, done.changed, done.gone, done.same
    );
    drafts::note(&tx, scope, id, draft.version + 1, "发布", None, Some(said)).await?;
    tx.commit().await?;
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_become_rows() {
        let of = |text: &str| spans(WeekSet::parse(text).expect("weeks"));
        assert_eq!(of("1-18"), [(1, 18, Weeks::All)]);
        assert_eq!(of("1-17单"), [(1, 17, Weeks::Odd)]);
        assert_eq!(of("2-18双"), [(2, 18, Weeks::Even)]);
        assert_eq!(of("1-9,12-18"), [(1, 9, Weeks::All), (12, 18, Weeks::All)]);
        assert_eq!(of("3"), [(3, 3, Weeks::All)]);
        assert!(spans(WeekSet::default()).is_empty());
    }
}
