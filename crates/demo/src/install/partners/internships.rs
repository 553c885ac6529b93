//! Placements (岗位实习安排) of third-year students, in all states.

use anyhow::Result;
use chrono::NaiveDate;
use kernel::app::Scope;
use kernel::register::field::{Decimal, LongText, Ref};
use partners::{Internship, StudyYear, WorkHazard};
use people::checks::years_between;
use uuid::Uuid;

use super::super::days::OFFICE_HOURS;
use super::super::people::code;
use super::super::world::{Hand, World};
use super::super::write::Batch;
use super::firms::{Firms, PER_DEPARTMENT, TRADES};
use super::{later, teacher, text, yuan};

/// Students of a class who go this term.
const OF_A_CLASS: usize = 8;
/// What becomes of the placements, one after another; the rest go on.
const FATES: &[(usize, &str)] = &[
    (4, "待系部审批"),
    (9, "已结束"),
    (15, "待上岗"),
    (22, "待校企合作处审批"),
    (27, "已结束"),
    (33, "已中止"),
    (38, "待分管校长审批"),
    (44, "已结束"),
    (49, "退回修改"),
    (55, "待上岗"),
    (61, "待系部审批"),
    (66, "已结束"),
    (72, "待校企合作处审批"),
    (80, "未批准"),
    (85, "已结束"),
    (93, "待上岗"),
    (101, "待系部审批"),
    (110, "已结束"),
    (120, "已中止"),
    (131, "待分管校长审批"),
    (142, "已取消"),
];

/// A placement that goes on or has been.
pub struct Placement {
    /// Its record.
    pub id: Uuid,
    /// Index of the student and of the enterprise.
    pub student: usize,
    pub firm: usize,
    /// Index of the teacher who guides.
    pub teacher: usize,
    /// The first day.
    pub from: NaiveDate,
    /// Whether it goes on.
    pub running: bool,
}

/// Writes the placements; gives those that began.
pub async fn write(scope: &Scope, world: &World, firms: &Firms) -> Result<Vec<Placement>> {
    let mut hand = Hand::new("internship");
    let mut batch = Batch::new();
    let mut placements = vec![];
    let third = world.days.term.year().0 - 2;
    let mut nth = 0;
    for (class, pupils) in world.pupils.iter().enumerate() {
        if world.school.classes[class].entry_year != third {
            continue;
        }
        let department = world.department_of(class);
        let guide = teacher(world, &mut hand, department);
        for student in pupils.iter().rev().take(OF_A_CLASS) {
            let fate = FATES.iter().find(|(at, _)| *at == nth);
            let state = fate.map_or("实习中", |(_, state)| state);
            let firm = firms.taking(&mut hand, department);
            let record = placement(world, &mut hand, firms, (*student, class, firm, guide), state);
            let asked = world.days.at_or_before(record.starts_on - chrono::Days::new(6));
            let asked = asked.min(record.starts_on);
            let id = batch.add_in(state, &record, world.days.at(&mut hand.rng, asked, OFFICE_HOURS));
            if let Some(from) = record.arrived_on {
                placements.push(Placement {
                    id,
                    student: *student,
                    firm,
                    teacher: guide,
                    from,
                    running: state == "实习中",
                });
            }
            nth += 1;
        }
    }
    batch.write(scope).await?;
    Ok(placements)
}

fn placement(
    world: &World,
    hand: &mut Hand,
    firms: &Firms,
    (student, class, firm, guide): (usize, usize, usize, usize),
    state: &str,
) -> Internship {
    let days = &world.days;
    let department = firm / PER_DEPARTMENT;
    let (post, tasks) = *hand.rng.pick(TRADES[department].posts);
    let ended = state == "已结束";
    let begun = matches!(state, "实习中" | "已结束" | "已中止");
    let waiting = state.starts_with('待') || state == "退回修改";
    let starts = match state {
        _ if begun => days.in_week(hand.rng.between(1, 3) as u8),
        "待上岗" if hand.rng.chance(40) => days.at_or_before(days.today - chrono::Days::new(2)),
        "待上岗" => later(days.today, hand.rng.between(1, 9)),
        _ if waiting => later(days.today, hand.rng.between(8, 20)),
        _ => days.in_week(4),
    };
    let short = later(starts, 28).min(days.today);
    let ends = match ended {
        true => short.max(later(starts, 1)),
        false => later(starts, hand.rng.between(120, 170)),
    };
    let agreed = begun || state == "待上岗";
    let own = state == "待分管校长审批" || (begun && hand.rng.chance(8));
    let wage = hand.rng.between(33, 46) * 100;
    let age = years_between(world.school.students[student].birth, starts);
    let left = match state {
        "已结束" => Some(ends.min(days.today)),
        "已中止" => Some(days.in_week(6).max(starts)),
        _ => None,
    };
    let score = |hand: &mut Hand| ended.then(|| Decimal(i64::from(hand.rng.between(720, 960))));
    let (process, result) = (score(hand), score(hand));
    let early = |count: u64| starts - chrono::Days::new(count);
    Internship {
        student: world.student(student),
        class: world.class(class),
        year: StudyYear::Third,
        age: age.into(),
        project: format!(
            "{}级岗位实习第{}批",
            world.school.classes[class].entry_year,
            if begun { 1 } else { 2 }
        ),
        // Short stays of some weeks are orientation, the rest placement.
        kind: code(if ended { "1" } else { "2" }),
        school_year: None,
        term: None,
        enterprise: firms.firm(firm),
        source: code(if own && !ended { "3" } else { "1" }),
        site: code("4"),
        base: firms.bases[firm].map(Ref::new),
        destination: code("1"),
        post: post.into(),
        tasks: text(tasks),
        hazard: WorkHazard::None,
        matching: code(["1", "2", "2", "2"][hand.rng.below(4)]),
        starts_on: starts,
        ends_on: ends,
        daily_hours: Decimal(80),
        weekly_hours: Decimal(400),
        odd_hours: false,
        pay: yuan(wage * hand.rng.between(81, 100) / 100),
        post_wage: yuan(wage),
        lowest_wage: None,
        housing: code(if hand.rng.chance(55) { "1" } else { "0" }),
        teacher: world.staff(guide),
        mentor: (!firms.mentors[firm].is_empty()).then(|| Ref::new(*hand.rng.pick(&firms.mentors[firm]))),
        exception: None,
        filing: None,
        special: None,
        declared: (agreed || state == "待分管校长审批").then_some(true),
        consented_on: (agreed || state == "待分管校长审批").then(|| early(12).min(days.today)),
        agreed_on: agreed.then(|| early(7).min(days.today)),
        trained_on: begun.then(|| early(5)),
        insurance: begun.then(|| code("1")),
        insurer: begun.then(|| code(if hand.rng.chance(80) { "1" } else { "2" })),
        insured_from: begun.then(|| early(2)),
        insured_until: begun.then(|| later(ends, 10)),
        arrived_on: begun.then_some(starts),
        left_on: left,
        started: None,
        ended: None,
        process_score: process,
        result_score: result,
        score: None,
        appraisal: ended.then(|| LongText("遵守纪律，能按要求完成任务，与同事配合良好".into())),
        files: Default::default(),
    }
}
