//! Offerings from the programme (从培养方案生成), and from last term with its timetable (复制上学期).
use crate::drafts::{self, New};
use crate::facts::{self, ClassRow, Facts};
use crate::model::{self, Placed};
use crate::offering::{Need, Offering, Part, term_key};
use crate::settings;
use calendar::Term;
use kernel::app::Scope;
use kernel::args;
use kernel::error::{Error, Result};
use kernel::register::Register;
use kernel::register::field::{Code, Ref};
use kernel::register::store::{self, CreateError};
use kernel::term;
use std::collections::{HashMap, HashSet};
use std::mem::{Discriminant, discriminant};
use uuid::Uuid;

/// A planned course as far as offerings come from it.
struct Plan {
    id: Uuid,
    course: Uuid,
    entry_year: i64,
    major: Option<String>,
    teacher: Uuid,
    weekly: i64,
    weeks: i64,
    form: String,
}

async fn plans(scope: &Scope, term: &Term) -> Result<Vec<Plan>> {
    let db = scope.db();
    let mut majors: HashMap<Uuid, String> = HashMap::new();
    let sql = "select id, f_code from r_major where school_id = $1";
    for row in db.all(sql, args![scope.school]).await? {
        majors.insert(row.at(0)?, row.at(1)?);
    }
    let mut forms: HashMap<Uuid, String> = HashMap::new();
    let sql = "select id, f_form from r_course where school_id = $1";
    for row in db.all(sql, args![scope.school]).await? {
        forms.insert(row.at(0)?, row.at(1)?);
    }
    let sql = "select id, f_course, f_entry_year, f_major, f_teacher, f_weekly, f_weeks from r_planned_course \
               where school_id = $1 and f_year = $2 and f_term = $3 and state = $4 and void_reason is null order by f_number";
    let (year, code) = term_key(term);
    let rows = db.all(sql, args![scope.school, year, code, "已下达"]).await?;
    rows.iter()
        .map(|row| {
            let (course, major): (Uuid, Option<Uuid>) = (row.at(1)?, row.at(3)?);
            Ok(Plan {
                id: row.at(0)?,
                course,
                entry_year: row.at(2)?,
                major: major.map(|id| majors.get(&id).cloned().unwrap_or_default()),
                teacher: row.at(4)?,
                weekly: row.at(5)?,
                weeks: row.at(6)?,
                form: forms.get(&course).cloned().unwrap_or_default(),
            })
        })
        .collect()
}

fn learns(plan: &Plan, class: &ClassRow) -> bool {
    let own = plan.major.as_ref().is_none_or(|code| *code == class.major_code);
    class.attending && class.entry_year == plan.entry_year && own
}

/// Numbers of new offerings: the year, the term and the next of five digits.
struct Numbers {
    term: String,
    last: i64,
}

impl Numbers {
    async fn of(scope: &Scope, term: &Term) -> Result<Numbers> {
        let (year, code) = term_key(term);
        let term = format!("{year}-{code}-");
        // Voided numbers stay taken, so that the journal never speaks of two tasks by one number.
        let sql = "select f_number from r_offering where school_id = $1 and f_number like $2";
        let rows = scope
            .db()
            .all(sql, args![scope.school, format!("{term}%")])
            .await?;
        let mut last = 0;
        for row in rows {
            let number: String = row.at(0)?;
            last = last.max(number[term.len()..].parse().unwrap_or(0));
        }
        Ok(Numbers { term, last })
    }

    fn next(&mut self) -> String {
        self.last += 1;
        format!("{}{:05}", self.term, self.last)
    }
}

async fn write(scope: &Scope, offerings: &[Offering]) -> Result<Vec<Uuid>> {
    let spec = scope.register("offering")?;
    let drafts: Vec<store::Draft> = offerings
        .iter()
        .map(|one| store::Draft::new(one.to_values()))
        .collect();
    let ids = drafts.iter().map(|draft| draft.id).collect();
    match store::create_many(scope, spec, drafts).await {
        Ok(_) => Ok(ids),
        Err(CreateError::Other(error)) => Err(error),
        Err(CreateError::Faults(faults)) => Err(Error::Invalid(
            faults.into_iter().flat_map(|fault| fault.violations).collect(),
        )),
    }
}

/// Makes an offering of every issued planned course for every class that learns it and has none yet; gives how many.
pub async fn from_programme(scope: &Scope, term: &Term) -> Result<usize> {
    let facts = facts::load(scope, term).await?;
    let have: HashSet<(Uuid, Uuid)> = facts
        .offerings
        .iter()
        .flat_map(|row| row.classes.iter().map(|class| (row.plan, *class)))
        .collect();
    let mut numbers = Numbers::of(scope, term).await?;
    let (year, code) = term_key(term);
    let mut made = vec![];
    for plan in plans(scope, term).await? {
        let classes: Vec<&ClassRow> = facts
            .classes
            .iter()
            .filter(|class| learns(&plan, class))
            .collect();
        for class in classes
            .iter()
            .filter(|class| !have.contains(&(plan.id, class.id)))
        {
            // 纯实践课 goes to a training room.
            let practice = plan.form == "3";
            made.push(Offering {
                number: numbers.next(),
                plan: Ref::new(plan.id),
                course: Ref::new(plan.course),
                year,
                term: Code(code.into()),
                class: Ref::new(class.id),
                joint_one: None,
                joint_two: None,
                part: Part::Whole,
                // 主讲教师 of the only class teaches it; of several, somebody has to say who takes which.
                teacher: (classes.len() == 1).then(|| Ref::new(plan.teacher)),
                second: None,
                weekly: plan.weekly,
                blocks: None,
                weeks: format!("1-{}", plan.weeks.clamp(1, i64::from(term.weeks()))),
                need: if practice { Need::Kind } else { Need::Own },
                room: None,
                kind: practice.then(|| Code("8".into())),
                hours: None,
                note: None,
            });
        }
    }
    write(scope, &made).await?;
    Ok(made.len())
}

/// What copying last term did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// Offerings made.
    pub made: usize,
    /// Offerings of last term without an issued planned course in this one.
    pub without_plan: usize,
    /// Lessons whose place in the week came along.
    pub places: usize,
}

/// Copies the offerings of the term before, with teachers, rooms and blocks, as far as this term's programme goes on
/// with the course; their places in the published timetable become a draft of this term.
pub async fn from_last_term(scope: &Scope, term_id: Uuid, term: &Term) -> Result<Copied> {
    let calendar = term::load(scope).await?;
    let last = calendar
        .terms
        .iter()
        .rfind(|(_, other)| other.start() < term.start());
    let Some((last_id, last)) = last else {
        return Err(Error::Bad("没有更早的学期可以复制".into()));
    };
    let (old, now) = (facts::load(scope, last).await?, facts::load(scope, term).await?);
    let have: HashSet<(Uuid, Uuid, Discriminant<Part>)> = now
        .offerings
        .iter()
        .flat_map(|row| {
            row.classes
                .iter()
                .map(|class| (row.course, *class, discriminant(&row.part)))
        })
        .collect();
    let plans = plans(scope, term).await?;
    let mut numbers = Numbers::of(scope, term).await?;
    let (year, code) = term_key(term);
    let (mut copied, mut made, mut from) = (Copied::default(), vec![], vec![]);
    for row in &old.offerings {
        let Some(class) = now.class(row.classes[0]) else {
            continue;
        };
        if have.contains(&(row.course, class.id, discriminant(&row.part))) {
            continue;
        }
        let Some(plan) = plans
            .iter()
            .find(|plan| plan.course == row.course && learns(plan, class))
        else {
            copied.without_plan += 1;
            continue;
        };
        let parts: Vec<String> = row.blocks.iter().map(usize::to_string).collect();
        let class_at = |n: usize| row.classes.get(n).copied().map(Ref::new);
        from.push(row.id);
        made.push(Offering {
            number: numbers.next(),
            plan: Ref::new(plan.id),
            course: Ref::new(row.course),
            year,
            term: Code(code.into()),
            class: Ref::new(class.id),
            joint_one: class_at(1),
            joint_two: class_at(2),
            part: row.part,
            teacher: row.teacher.map(Ref::new),
            second: row.second.map(Ref::new),
            weekly: plan.weekly,
            blocks: (plan.weekly == row.weekly).then(|| parts.join("+")),
            weeks: row.weeks.to_string().trim_end_matches('周').to_owned(),
            need: match row.need.as_str() {
                "room" => Need::Room,
                "kind" => Need::Kind,
                _ => Need::Own,
            },
            room: row.room.map(Ref::new),
            kind: row.kind.clone().map(Code),
            hours: None,
            note: None,
        });
    }
    let ids = write(scope, &made).await?;
    copied.made = ids.len();
    let new_of: HashMap<Uuid, Uuid> = from.into_iter().zip(ids).collect();
    let published = drafts::all(scope, *last_id).await?;
    let published = published
        .into_iter()
        .filter(|draft| draft.published_at.is_some())
        .max_by_key(|draft| draft.published_at);
    let Some(draft) = published else { return Ok(copied) };
    let moved = draft.places.iter().filter_map(|placed| {
        let offering = *new_of.get(&placed.offering)?;
        Some(Placed { offering, ..*placed })
    });
    let facts = facts::load(scope, term).await?;
    let settings = take_settings(scope, *last_id, term_id).await?;
    let built = model::build(&facts, &settings);
    // Through the model and back, so that places of blocks that are no more fall away.
    let places = built.places(&built.timetable(&moved.collect::<Vec<_>>()));
    copied.places = places.len();
    if !places.is_empty() {
        let new = New {
            title: format!("沿用{}课表", last.name()),
            costs: crate::run::costs_of(&built, &places),
            places,
            ..New::default()
        };
        drafts::create(scope, term_id, new).await?;
    }
    Ok(copied)
}

/// The settings of the new term: its own when somebody set them, else those of the last.
async fn take_settings(scope: &Scope, last: Uuid, term: Uuid) -> Result<settings::Settings> {
    let own = settings::load(scope, term).await?;
    if own != settings::Settings::default() {
        return Ok(own);
    }
    let old = settings::load(scope, last).await?;
    if old != own {
        settings::save(scope, term, &old).await?;
    }
    Ok(old)
}

/// Who could teach an offering: the staff of the course's teachers first.
pub fn candidates(facts: &Facts, course: Uuid) -> Vec<&facts::StaffRow> {
    let teach: HashSet<Uuid> = facts
        .offerings
        .iter()
        .filter(|row| row.course == course)
        .flat_map(|row| row.teachers())
        .collect();
    let units: HashSet<Uuid> = teach
        .iter()
        .filter_map(|id| facts.person(*id))
        .map(|row| row.unit)
        .collect();
    let mut list: Vec<_> = facts.staff.iter().collect();
    list.sort_by_key(|row| (!teach.contains(&row.id), !units.contains(&row.unit)));
    list
}
