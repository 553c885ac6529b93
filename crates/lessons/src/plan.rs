//! 调代课安排: a teacher's absence, the lessons it hits, and what can be done about each.
use crate::held::{Lesson, Timetable, dates, overlap};
use crate::load::{self, Away, Names};
use crate::rank::{Market, Offer, Person};
use crate::substitution::Substitution;
use chrono::NaiveDate;
use kernel::app::Scope;
use kernel::args;
use kernel::error::{Error, Result};
use kernel::register::flow::RETURNED;
use people::Staff;
use people::roles::{DEPARTMENT_HEAD, TEACHING_OFFICE};
use std::collections::HashMap;
use std::ops::RangeInclusive;
use uuid::Uuid;

/// Most days of one absence that are arranged at once.
const MOST_DAYS: i64 = 35;

/// An absence to be arranged for.
#[derive(Clone, Debug)]
pub struct Absence {
    /// Who.
    pub teacher: Uuid,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// In which periods.
    pub periods: RangeInclusive<u8>,
    /// The leave it follows from.
    pub leave: Option<Uuid>,
}

/// Whether the person arranges for others too.
pub fn arranges_for_others(scope: &Scope) -> bool {
    scope.actor.holds(&[TEACHING_OFFICE, DEPARTMENT_HEAD])
}

/// An approved leave, when the person may arrange for it. Its kind and reason are not read.
pub async fn absence_of_leave(scope: &Scope, leave: Uuid) -> Result<Absence> {
    let sql = "select f_teacher, f_starts_on, f_ends_on, f_half from r_staff_leave where school_id = $1 and \
               id = $2 and void_reason is null and state in ('已批准', '已销假')";
    let row = scope
        .db()
        .opt(sql, args![scope.school, leave])
        .await?
        .ok_or(Error::NotFound)?;
    let teacher: Uuid = row.at(0)?;
    if !arranges_for_others(scope) && scope.actor.staff != Some(teacher) {
        return Err(Error::NotFound);
    }
    Ok(Absence {
        teacher,
        from: row.at(1)?,
        to: row.at(2)?,
        periods: load::periods_of(row.at::<Option<String>>(3)?.as_deref()),
        leave: Some(leave),
    })
}

/// Leaves that still hit lessons: approved, not yet over, of people the person arranges for.
pub async fn leaves_ahead(scope: &Scope) -> Result<Vec<(Uuid, String, NaiveDate, NaiveDate)>> {
    let sql = "select l.id, s.label, l.f_starts_on, l.f_ends_on, l.f_teacher from r_staff_leave l \
               join r_staff s on s.school_id = l.school_id and s.id = l.f_teacher \
               where l.school_id = $1 and l.void_reason is null and l.state = '已批准' and l.f_ends_on >= $2 and \
               exists (select 1 from r_lesson_slot t where t.school_id = l.school_id and \
               t.f_teacher = l.f_teacher and t.void_reason is null) \
               order by l.f_starts_on, l.id";
    let rows = scope.db().all(sql, args![scope.school, scope.today()]).await?;
    let others = arranges_for_others(scope);
    let mut found = vec![];
    for row in &rows {
        let teacher: Uuid = row.at(4)?;
        if others || scope.actor.staff == Some(teacher) {
            found.push((row.at(0)?, row.at(1)?, row.at(2)?, row.at(3)?));
        }
    }
    Ok(found)
}

/// A lesson that an absence hits.
pub struct Hit {
    /// The lesson as it would be held.
    pub lesson: Lesson,
    /// The request already made for it, with its state.
    pub asked: Option<(Uuid, String)>,
    /// What can be done, best first within each kind; empty when it was asked for or has been held.
    pub offers: Vec<Offer>,
}

/// What arrangements stand on: the term's timetable, people, leave and requests.
pub struct Ground {
    /// The timetable as it holds.
    pub table: Timetable,
    /// The timetable as it will hold when every request that waits is granted: what is free there is offered.
    promised: Timetable,
    /// Names.
    pub names: Names,
    people: Vec<Person>,
    majors: HashMap<Uuid, String>,
    covers: HashMap<Uuid, u32>,
    away: Vec<Away>,
    asked: HashMap<(Uuid, NaiveDate), (Uuid, String)>,
}

impl Ground {
    /// Reads that of the term in which a date lies.
    pub async fn load(scope: &Scope, date: NaiveDate) -> Result<Ground> {
        let table = load::timetable(scope, date).await?;
        let (first, last) = (table.term.start(), table.term.end());
        let states = [&OPEN[..], &[crate::IN_FORCE]].concat();
        let all = load::substitutions(scope, first, last, &states).await?;
        let (in_force, waiting): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| one.1 == crate::IN_FORCE);
        let away = load::away(scope, first, last).await?;
        let asked = waiting.iter().map(|(id, _, asked)| asked.change(*id));
        Ok(Ground {
            promised: table.with(asked),
            names: Names::load(scope).await?,
            people: people(scope, &table).await?,
            majors: majors(scope).await?,
            covers: covers(&in_force),
            away,
            asked: waiting
                .iter()
                .map(|(id, state, asked)| ((asked.lesson.id, asked.on), (*id, state.clone())))
                .collect(),
            table,
        })
    }

    /// The lessons an absence hits, with what could be done from the day `as_of` on.
    pub fn hits(&self, absence: &Absence, as_of: NaiveDate) -> Vec<Hit> {
        let mut away = self.away.clone();
        away.push(Away {
            staff: absence.teacher,
            from: absence.from,
            to: absence.to,
            periods: absence.periods.clone(),
        });
        let mut hits = vec![];
        for date in dates(absence.from, absence.to) {
            let day = self.table.on(date);
            let hit = |lesson: &&Lesson| {
                lesson.teacher == absence.teacher && overlap(&lesson.span(), &absence.periods)
            };
            let lost: Vec<&Lesson> = day.lessons.iter().filter(hit).collect();
            if lost.is_empty() {
                continue;
            }
            let known = (away.as_slice(), &self.covers);
            let (table, names) = (&self.promised, &self.names);
            let market = Market::new(table, &self.people, names, known, &self.majors, (date, as_of));
            for lesson in lost {
                let asked = self.asked.get(&(self.table.slots[lesson.slot].id, date)).cloned();
                // What was brought here by a change is changed by hand, in the change itself.
                let closed = asked.is_some() || lesson.change.is_some();
                hits.push(Hit {
                    lesson: lesson.clone(),
                    asked,
                    offers: if closed { vec![] } else { market.offers(lesson) },
                });
            }
        }
        hits
    }
}

/// An absence with the lessons it hits.
pub struct Plan {
    /// The absence, cut to the term and to what is arranged at once.
    pub absence: Absence,
    /// What it stands on.
    pub ground: Ground,
    /// The lessons in order of time.
    pub hits: Vec<Hit>,
}

/// Finds the lessons and what can be done.
pub async fn plan(scope: &Scope, mut absence: Absence) -> Result<Plan> {
    let ground = Ground::load(scope, absence.from).await?;
    absence.from = absence.from.max(ground.table.term.start());
    absence.to = absence.to.min(ground.table.term.end());
    if (absence.to - absence.from).num_days() >= MOST_DAYS {
        absence.to = absence.from + chrono::Days::new(MOST_DAYS as u64 - 1);
    }
    let hits = ground.hits(&absence, scope.today());
    Ok(Plan {
        absence,
        ground,
        hits,
    })
}

/// States in which a request waits.
const OPEN: [&str; 3] = ["待系部审批", "待教务处审批", RETURNED];

/// How often each person has stood in this term.
fn covers(in_force: &[(Uuid, String, Substitution)]) -> HashMap<Uuid, u32> {
    let mut covers: HashMap<Uuid, u32> = HashMap::new();
    for (_, _, one) in in_force
        .iter()
        .filter(|(_, _, one)| one.kind == crate::Kind::Cover)
    {
        if let Some(who) = one.substitute {
            *covers.entry(who.id).or_default() += 1;
        }
    }
    covers
}

/// Teachers in service: full-time teachers and whoever else is in the timetable.
async fn people(scope: &Scope, table: &Timetable) -> Result<Vec<Person>> {
    let teaching: std::collections::HashSet<Uuid> = table.slots.iter().map(|slot| slot.teacher).collect();
    let sql = "select id, scope, f_subject, f_kind, f_status from r_staff where school_id = $1 and \
               void_reason is null order by f_number";
    let mut found = vec![];
    for row in scope.db().all(sql, args![scope.school]).await? {
        let (id, kind, status): (Uuid, String, String) = (row.at(0)?, row.at(3)?, row.at(4)?);
        let serves = Staff::IN_SERVICE.contains(&status.as_str());
        if serves && (kind == "11" || teaching.contains(&id)) {
            found.push(Person {
                id,
                path: row.at(1)?,
                subject: row.at(2)?,
            });
        }
    }
    Ok(found)
}

async fn majors(scope: &Scope) -> Result<HashMap<Uuid, String>> {
    let sql = "select id, f_major_code from r_class where school_id = $1";
    let rows = scope.db().all(sql, args![scope.school]).await?;
    rows.iter().map(|row| Ok((row.at(0)?, row.at(1)?))).collect()
}
