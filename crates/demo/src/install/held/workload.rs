//! Workload (工作量): versions of the formula, what is added to it, the statements of the months so far.

use anyhow::{Context, Result};
use chrono::{Datelike, Days as Count, Months, NaiveDate};
use kernel::app::Scope;
use kernel::register::field::{Decimal, LongText, Ref};
use lessons::{
    CONFIRMED, Coefficients, DISPUTED, ENACTED, ExtraKind, GRANTED, WAITING, WorkloadExtra, WorkloadRule,
    WorkloadStatement,
};

use super::staff_at;
use crate::install::days::OFFICE_HOURS;
use crate::install::world::{Hand, World};
use crate::install::write::Batch;

/// Days a teacher has to confirm.
const TO_CONFIRM: u64 = 5;

/// Writes all three.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    rules(scope, world).await?;
    extras(scope, world).await?;
    statements(scope, world).await
}

async fn rules(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("workload_rule");
    let mut batch = Batch::new();
    let first = world.days.in_week(1);
    let start = world.days.term.start();
    let year = start.year();
    let older = Coefficients {
        repeat: 85,
        practice: 15,
        ..Coefficients::default()
    };
    let newer = Coefficients {
        repeat: 95,
        new_course: 120,
        ..Coefficients::default()
    };
    let before = start - Count::new(364);
    for (name, from, of, state, told) in [
        (
            format!("教学工作量计算办法（{}年版）", year - 1),
            before,
            older,
            "已废止",
            first,
        ),
        (
            format!("教学工作量计算办法（{year}年版）"),
            start,
            Coefficients::default(),
            ENACTED,
            first,
        ),
        (
            "教学工作量计算办法（修订草案）".to_owned(),
            start + Count::new(140),
            newer,
            "草稿",
            world.days.in_week(9),
        ),
    ] {
        let mut rule = WorkloadRule::with(&name, from, &of);
        rule.note = Some(LongText("经教代会讨论，系数由教务处按实际教学情况调整".into()));
        batch.add_in(state, &rule, world.days.at(&mut hand.rng, told, OFFICE_HOURS));
    }
    batch.write(scope).await
}

async fn extras(scope: &Scope, world: &World) -> Result<()> {
    const NOTES: [&str; 3] = [
        "首次开设，新编讲义和实训任务书",
        "企业岗位实习巡回指导，附巡访记录",
        "竞赛集训辅导，按课时折算",
    ];
    let mut hand = Hand::new("workload_extra");
    let mut batch = Batch::new();
    let staff = world.school.staff.iter().enumerate();
    let teachers: Vec<usize> = staff
        .filter(|(_, m)| m.group.is_some())
        .map(|(at, _)| at)
        .collect();
    let start = world.days.term.start();
    for nth in 0..18usize {
        let teacher = teachers[nth * 7 % teachers.len()];
        let kind = [ExtraKind::NewCourse, ExtraKind::Practice, ExtraKind::Other][nth % 3];
        let group = world.school.staff[teacher].group;
        let courses = world.school.courses.iter();
        let course = courses
            .clone()
            .position(|course| Some(course.group) == group)
            .unwrap_or(0);
        let filed = world.days.in_week(2 + (nth % 9) as u8);
        let (from, to) = match kind {
            ExtraKind::NewCourse => (start, world.days.term.end()),
            _ => (start, filed),
        };
        let record = WorkloadExtra {
            teacher: world.staff(teacher),
            kind,
            course: (kind == ExtraKind::NewCourse).then(|| world.course(course)),
            starts_on: from,
            ends_on: to,
            weeks: (kind == ExtraKind::Practice).then(|| i64::from(hand.rng.between(1, 3))),
            people: (kind == ExtraKind::Practice).then(|| i64::from(hand.rng.between(6, 20))),
            periods: (kind == ExtraKind::Other).then(|| i64::from(hand.rng.between(4, 16))),
            note: LongText(NOTES[nth % 3].into()),
        };
        let state = match nth {
            16 => "待教务处审批",
            17 => "退回修改",
            13 => "未批准",
            _ => GRANTED,
        };
        batch.add_in(state, &record, world.days.at(&mut hand.rng, filed, OFFICE_HOURS));
    }
    batch.write(scope).await
}

async fn statements(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("workload_statement");
    let mut batch = Batch::new();
    let mut first = month_of(world.days.term.start());
    loop {
        let next = first + Months::new(1);
        let last = next.pred_opt().context("a day before")?;
        if last >= world.days.today {
            break;
        }
        let found = lessons::loads_of(scope, first, last).await?;
        let (rule, loads) = found.context("演示数据：没有启用的工作量计算办法")?;
        let latest = month_of(world.days.today) == next;
        let mut rows: Vec<_> = loads
            .into_iter()
            .filter_map(|(id, load)| Some((staff_at(world, id)?, load)))
            .collect();
        rows.sort_by_key(|(at, _)| *at);
        for (teacher, load) in rows {
            let record = WorkloadStatement {
                teacher: world.staff(teacher),
                month: first.format("%Y-%m").to_string(),
                ends_on: last,
                periods: load.periods,
                covered: load.covered,
                lost: load.lost,
                weighted: Decimal(load.weighted),
                rule: Ref::new(rule),
                confirm_by: next + Count::new(TO_CONFIRM),
                note: None,
            };
            let state = match hand.rng.between(1, 100) {
                1..=3 if latest => DISPUTED,
                4..=12 if latest => WAITING,
                _ => CONFIRMED,
            };
            batch.add_in(state, &record, world.days.at(&mut hand.rng, next, OFFICE_HOURS));
        }
        first = next;
    }
    batch.write(scope).await
}

fn month_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}
