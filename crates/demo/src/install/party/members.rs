//! Members of the party: those on the way (党员发展) and what they pay (党费收缴).

use anyhow::Result;
use calendar::Every;
use chrono::{Days as Count, Months, NaiveDate};
use governance::{PartyDevelopment, PartyDues, Payer};
use kernel::app::Scope;
use kernel::register::field::{Decimal, LongText, Money};

use super::super::days::OFFICE_HOURS;
use super::super::people::code;
use super::super::world::{Hand, World};
use super::super::write::Batch;
use super::branches::Party;

/// How far, and how many months ago the person applied.
const COURSES: &[(&str, u32)] = &[
    ("入党申请人", 1),
    ("入党申请人", 2),
    // One became an activist, one was admitted and one confirmed within the term.
    ("入党积极分子", 5),
    ("入党积极分子", 9),
    ("入党积极分子", 11),
    ("入党积极分子", 14),
    ("入党积极分子", 16),
    ("发展对象", 18),
    ("发展对象", 20),
    ("预备党员", 20),
    ("预备党员", 30),
    ("正式党员", 32),
];
/// Students that applied this term.
const STUDENTS: usize = 6;
/// Of a hundred dues of a month that lies behind, those unpaid.
const UNPAID: u32 = 2;

/// Writes both.
pub async fn write(scope: &Scope, world: &World, party: &Party) -> Result<()> {
    development(scope, world, party).await?;
    dues(scope, world, party).await
}

async fn development(scope: &Scope, world: &World, party: &Party) -> Result<()> {
    let mut hand = Hand::new("party_development");
    let mut batch = Batch::new();
    let mut others = party.others.clone();
    hand.rng.shuffle(&mut others);
    for ((state, months), person) in COURSES.iter().zip(others) {
        let branch = hand.rng.pick(&party.branches);
        let sponsor = |nth: usize| Some(world.staff(branch.members[nth % branch.members.len()]));
        let (first, second) = (sponsor(1), sponsor(2));
        let applied =
            world.days.today - Months::new(*months) - Count::new(u64::from(hand.rng.between(0, 20)));
        let mut record = PartyDevelopment {
            branch: branch.reference(),
            kind: code("1"),
            staff: Some(world.staff(person)),
            student: None,
            contact: first,
            ..blank(applied)
        };
        let after = |months: u32, days: u64| Some(applied + Months::new(months) + Count::new(days));
        let reached = |goal: &[&str]| goal.contains(state);
        if *state == "入党申请人" {
            record.contact = None;
            record.talked_on = (*months > 1).then(|| applied + Count::new(15));
        } else {
            record.talked_on = Some(applied + Count::new(15));
            record.second_contact = second;
            record.activist_on = after(4, 0);
            // Some reviews are up to date, some are overdue.
            record.reviewed_on = after(if *months > 14 { 10 } else { 4 }, 5)
                .filter(|day| *day <= world.days.today && *months > 9);
            record.family = Some(LongText("父母退休，配偶在本市企业工作，均无异常".into()));
            record.findings = Some(LongText("要求进步，教学认真，群众评价好".into()));
        }
        if reached(&["发展对象", "预备党员", "正式党员"]) {
            record.candidate_on = after(16, 5);
        }
        if reached(&["预备党员", "正式党员"]) {
            record.training = Some(Decimal(240));
            record.vetted_on = after(17, 0);
            record.introducer = first;
            record.second_introducer = second;
            record.admitted_on = after(18, 15);
            record.approved_on = after(20, 0);
        }
        if *state == "正式党员" {
            record.confirmed_on = after(30, 20);
        }
        let day = record.confirmed_on.or(record.admitted_on).unwrap_or(applied);
        let written = world.days.at(&mut hand.rng, day, OFFICE_HOURS);
        batch.add_in(state, &record, written);
    }
    for student in grown(world).into_iter().take(STUDENTS) {
        let applied = world.days.any(&mut hand.rng);
        let talked = applied + Count::new(10);
        let record = PartyDevelopment {
            branch: party.branches[0].reference(),
            kind: code("2"),
            student: Some(world.student(student)),
            talked_on: (talked < world.days.today).then_some(talked),
            ..blank(applied)
        };
        batch.add(&record, world.days.at(&mut hand.rng, applied, OFFICE_HOURS));
    }
    batch.write(scope).await
}

/// Students of full age when the term began.
fn grown(world: &World) -> Vec<usize> {
    let limit = world.days.term.start() - Months::new(18 * 12);
    let pupils = world.pupils.iter().flatten().copied();
    pupils
        .filter(|at| world.school.students[*at].birth <= limit)
        .step_by(7)
        .collect()
}

fn blank(applied_on: NaiveDate) -> PartyDevelopment {
    PartyDevelopment {
        branch: kernel::register::field::Ref::new(uuid::Uuid::nil()),
        kind: code("1"),
        staff: None,
        student: None,
        status: None,
        applied_on,
        talked_on: None,
        contact: None,
        second_contact: None,
        activist_on: None,
        reviewed_on: None,
        candidate_on: None,
        training: None,
        vetted_on: None,
        introducer: None,
        second_introducer: None,
        admitted_on: None,
        approved_on: None,
        extended_to: None,
        confirmed_on: None,
        family: None,
        findings: None,
        stage_on: None,
        due: None,
        files: Default::default(),
    }
}

async fn dues(scope: &Scope, world: &World, party: &Party) -> Result<()> {
    let mut hand = Hand::new("party_dues");
    let mut batch = Batch::new();
    let windows = world.days.windows(1, Every::Month);
    let mut paid_for = vec![];
    for branch in &party.branches {
        for member in &branch.members {
            let base = Money(i64::from(hand.rng.between(48, 98)) * 10_000);
            for window in &windows {
                let Some(owed_on) = world.days.between(window.from, window.to).first().copied() else {
                    continue;
                };
                let behind = world.days.is_past(window);
                let misses = hand.rng.chance(if behind { UNPAID } else { 55 });
                let paid_on = world
                    .days
                    .pick(&mut hand.rng, window.from, window.to)
                    .filter(|_| !misses);
                let mut record = PartyDues {
                    branch: branch.reference(),
                    member: world.staff(*member),
                    payer: Payer::Serving,
                    owed_on,
                    month: None,
                    base,
                    rate: None,
                    amount: None,
                    due: None,
                    paid: None,
                    paid_on,
                    remark: None,
                };
                record.paid = paid_on.map(|_| record.owed());
                let month = window.from.format("%Y-%m").to_string();
                if paid_for.contains(&(*member, month.clone())) {
                    continue;
                }
                paid_for.push((*member, month));
                let at = world.days.at(&mut hand.rng, owed_on, OFFICE_HOURS);
                batch.add_in(
                    if paid_on.is_some() {
                        "已缴纳"
                    } else {
                        "待缴纳"
                    },
                    &record,
                    at,
                );
            }
        }
    }
    batch.write(scope).await
}
