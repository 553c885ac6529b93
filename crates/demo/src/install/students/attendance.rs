//! Leave (学生请假) and absence (学生缺勤).

use anyhow::Result;
use chrono::{Days as Count, NaiveDate};
use kernel::app::Scope;
use kernel::register::field::Ref;
use studentlife::{StudentAbsence, StudentLeave};

use super::super::days::{EVENING, OFFICE_HOURS};
use super::super::people::code;
use super::super::world::{Hand, World};
use super::super::write::Batch;
use super::someone;

/// Leaves and absences a teaching day, from and to.
const LEAVES: (u32, u32) = (6, 13);
const ABSENCES: (u32, u32) = (8, 18);
const SICK: &[&str] = &[
    "发烧去医院",
    "肠胃不适，家长接回",
    "牙痛就诊",
    "复查",
    "感冒在家休息",
];
const PRIVATE: &[&str] = &[
    "家中有事",
    "办理身份证",
    "参加亲属婚礼",
    "探望住院亲属",
    "家中老人生日",
];
const PUBLIC: &[&str] = &["参加市级技能竞赛集训", "参加升学面试", "代表学校参加活动"];

/// Writes both.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("student_leave");
    let mut leaves = Batch::new();
    let mut absences = Batch::new();
    let days = &world.days;
    for week in days.weeks() {
        for day in days.week(week).to_vec() {
            for _ in 0..hand.rng.between(LEAVES.0, LEAVES.1) {
                let (class, student) = someone(world, &mut hand);
                let (record, state) = leave(world, &mut hand, (class, student), day);
                let at = days.at(&mut hand.rng, day, (7, 9));
                if !leaves.fits(state, &record) {
                    continue;
                }
                let id = leaves.add_in(state, &record, at);
                if matches!(state, "已批准" | "已销假") && hand.rng.chance(60) {
                    let mut missed = absence(world, &mut hand, (class, student), day);
                    missed.leave = Some(Ref::new(id));
                    missed.kind = code(if record.kind.0 == "1" { "1" } else { "2" });
                    missed.guardian_told_on = None;
                    let state = confirm(world, &mut hand, class, &mut missed);
                    absences.add_in(state, &missed, days.at(&mut hand.rng, day, OFFICE_HOURS));
                }
            }
            for _ in 0..hand.rng.between(ABSENCES.0, ABSENCES.1) {
                let (class, student) = someone(world, &mut hand);
                let mut record = absence(world, &mut hand, (class, student), day);
                let state = confirm(world, &mut hand, class, &mut record);
                absences.add_in(state, &record, days.at(&mut hand.rng, day, OFFICE_HOURS));
            }
        }
    }
    // A few that are yet to begin.
    for _ in 0..6 {
        let (class, student) = someone(world, &mut hand);
        let starts = days.today + Count::new(u64::from(hand.rng.between(1, 4)));
        let (record, _) = leave(world, &mut hand, (class, student), starts);
        let record = StudentLeave {
            approver: None,
            approved_on: None,
            back_on: None,
            ..record
        };
        if leaves.fits("待班主任审批", &record) {
            leaves.add_in(
                "待班主任审批",
                &record,
                days.at(&mut hand.rng, days.today, EVENING),
            );
        }
    }
    leaves.write(scope).await?;
    absences.write(scope).await
}

fn leave(
    world: &World,
    hand: &mut Hand,
    (class, student): (usize, usize),
    day: NaiveDate,
) -> (StudentLeave, &'static str) {
    let days = &world.days;
    let (kind, reason) = match hand.rng.between(1, 100) {
        1..=55 => ("1", hand.words(SICK)),
        56..=90 => ("2", hand.words(PRIVATE)),
        _ => ("3", hand.words(PUBLIC)),
    };
    let length = match hand.rng.between(1, 100) {
        1..=70 => 0,
        71..=92 => hand.rng.between(1, 2),
        _ => hand.rng.between(3, 6),
    };
    let ends = day + Count::new(u64::from(length));
    let department = world.school.departments[world.department_of(class)].head;
    let (approver, stage) = match length {
        0 => (world.school.classes[class].head_teacher, "待班主任审批"),
        1..=2 => (department, "待系部审批"),
        _ => (world.head_of("学生处"), "待学生处审批"),
    };
    let mut record = StudentLeave {
        student: world.student(student),
        kind: code(kind),
        starts_on: day,
        ends_on: ends,
        days: None,
        reason: reason.into(),
        leaves_campus: hand.rng.chance(88),
        guardian_agreed: true,
        proof: Default::default(),
        submitted: Some(code(if hand.rng.chance(92) { "1" } else { "2" })),
        school_year: None,
        term: None,
        approver: None,
        approved_on: None,
        back_on: None,
        returned: None,
    };
    if days.age(day) <= 0 && hand.rng.chance(35) {
        // Whoever comes before has agreed already.
        let before = match length {
            0 => None,
            1..=2 => Some(world.school.classes[class].head_teacher),
            _ => Some(department),
        };
        record.approver = before.map(|at| world.staff(at));
        record.approved_on = before.map(|_| day.min(days.today));
        return (record, stage);
    }
    if hand.rng.chance(2) {
        return (record, "未批准");
    }
    record.approver = Some(world.staff(approver));
    record.approved_on = Some(day.min(days.today));
    // Some come back a day late, and of some nobody knows yet.
    let late = u64::from(hand.rng.chance(5));
    let back = Some(ends + Count::new(late)).filter(|back| *back <= days.today);
    let unsaid = days.age(ends) < 4 && hand.rng.chance(25);
    match back.filter(|_| !unsaid) {
        Some(back) => {
            record.back_on = Some(back);
            (record, "已销假")
        }
        None => (record, "已批准"),
    }
}

fn absence(
    world: &World,
    hand: &mut Hand,
    (class, student): (usize, usize),
    day: NaiveDate,
) -> StudentAbsence {
    let kind = match hand.rng.between(1, 100) {
        1..=70 => "3",
        71..=82 => "4",
        83..=92 => "1",
        _ => "2",
    };
    let members = world.members(world.school.staff[world.school.classes[class].head_teacher].unit);
    let truant = kind == "4";
    StudentAbsence {
        student: world.student(student),
        absent_on: day,
        kind: code(kind),
        period: i64::from(hand.rng.between(1, 7)),
        periods: if kind == "3" {
            1
        } else {
            i64::from(hand.rng.between(1, 3))
        },
        way: code(if hand.rng.chance(75) { "1" } else { "4" }),
        noted_by: world.staff(*hand.rng.pick(&members)),
        leave: None,
        reason: None,
        guardian_told_on: (truant && hand.rng.chance(90)).then_some(day),
        school_year: None,
        term: None,
        confirmed_by: None,
        confirmed_on: None,
    }
}

/// The class teacher looks into it, mostly the same day.
fn confirm(world: &World, hand: &mut Hand, class: usize, record: &mut StudentAbsence) -> &'static str {
    let fresh = world.days.age(record.absent_on) <= 1;
    if hand.rng.chance(if fresh { 40 } else { 1 }) {
        return "待核实";
    }
    if hand.rng.chance(2) {
        return "已更正";
    }
    let reason = match record.kind.0.as_str() {
        "1" => "身体不适，在校医室或家中休息",
        "2" => "有事请假",
        "3" => hand.words(&["起床晚", "实训室换装耽搁", "课间去超市未及时返回"]),
        _ => hand.words(&["逃课去操场", "在宿舍睡觉", "擅自离开实训室"]),
    };
    record.reason = Some(reason.into());
    record.confirmed_by = Some(world.staff(world.school.classes[class].head_teacher));
    record.confirmed_on = Some(record.absent_on);
    "已核实"
}
