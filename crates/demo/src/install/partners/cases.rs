//! Visits to interns (实习巡访) and what went wrong (实习事故与投诉).

use anyhow::Result;
use chrono::Duration;
use kernel::app::Scope;
use kernel::clock::instant_at;
use kernel::register::field::Ref;
use partners::{CaseKind, InternshipCase, InternshipVisit, Urgency, VisitMeans};

use super::super::days::OFFICE_HOURS;
use super::super::world::{Hand, World};
use super::super::write::Batch;
use super::firms::{Firms, PER_DEPARTMENT, TAKING};
use super::internships::Placement;
use super::{later, passed, teacher, text, yuan};

/// Weeks in which a department did not look after its interns: department and week.
const MISSED: &[(usize, u8)] = &[(5, 3), (4, 6), (2, 8)];

/// Cases: week, kind, course, outcome.
const CASES: &[(u8, CaseKind, &str, &str)] = &[
    (
        2,
        CaseKind::Dispute,
        "学生反映九月报酬比约定晚发一周。",
        "企业已补发并书面说明，今后每月10日前发放。",
    ),
    (
        3,
        CaseKind::Injury,
        "整理毛坯时左手食指被划伤，企业医务室包扎后送医院检查。",
        "伤口愈合返岗，保险理赔完成，企业加强劳保用品检查。",
    ),
    (
        4,
        CaseKind::Complaint,
        "家长来电反映宿舍热水供应不足。",
        "与企业商定增开热水时段，回访家长满意。",
    ),
    (
        5,
        CaseKind::Absent,
        "学生未请假离岗一天，联系后得知在家中。",
        "批评教育并完善请假流程，学生书面检查。",
    ),
    (
        6,
        CaseKind::Illness,
        "学生发热，企业安排休息并通知家长。",
        "痊愈返岗，工时按病假处理。",
    ),
    (
        7,
        CaseKind::Forbidden,
        "巡访了解到有学生连续两天加班两小时。",
        "约谈企业负责人，停止加班并补休，列入下月复查。",
    ),
    (
        9,
        CaseKind::Injury,
        "搬运物料时脚踝扭伤，送医检查为软组织挫伤。",
        "",
    ),
    (10, CaseKind::Rights, "学生反映班组长言语粗暴。", ""),
    (11, CaseKind::Complaint, "学生反映实际岗位与协议约定不一致。", ""),
];

/// Writes visits and cases.
pub async fn write(scope: &Scope, world: &World, firms: &Firms, placements: &[Placement]) -> Result<()> {
    visits(scope, world, firms, placements).await?;
    cases(scope, world, firms, placements).await
}

async fn visits(scope: &Scope, world: &World, firms: &Firms, placements: &[Placement]) -> Result<()> {
    let mut hand = Hand::new("internship_visit");
    let mut batch = Batch::new();
    for week in world.days.weeks() {
        for department in 0..world.school.departments.len() {
            let running = world.days.term.week_of(world.days.today) == Some(week);
            if MISSED.contains(&(department, week)) || (running && hand.rng.chance(60)) {
                continue;
            }
            let Some(day) = hand.day(world.days.week(week)) else {
                continue;
            };
            let firm = department * PER_DEPARTMENT + (usize::from(week) + department) % TAKING;
            let there = placements.iter().filter(|p| p.firm == firm && p.running).count() as i64;
            let site = week % 2 == 0 || hand.rng.chance(30);
            let faulty = (usize::from(week) * 5 + department) % 13 == 4;
            let age = world.days.age(day);
            let (state, solved) = match (faulty, age) {
                (_, ..=3) => ("待审阅", false),
                (false, _) => ("已办结", false),
                (true, ..=14) => ("待解决", false),
                // One problem stays open past its day.
                (true, _) if week == 5 => ("待解决", false),
                (true, _) => ("已办结", true),
            };
            let record = InternshipVisit {
                visited_on: day,
                means: match (site, hand.rng.chance(50)) {
                    (true, _) => VisitMeans::Site,
                    (_, true) => VisitMeans::Video,
                    _ => VisitMeans::Phone,
                },
                enterprise: firms.firm(firm),
                department: world.department(department),
                visitor: world.staff(teacher(world, &mut hand, department)),
                expected: there,
                met: if site { there } else { (there + 1) / 2 },
                post_right: true,
                hours_right: !(faulty && department % 2 == 0),
                pay_right: !(faulty && department % 2 == 1),
                living_right: true,
                free: true,
                faulty: None,
                summary: text(hand.words(&[
                    "学生情绪稳定，岗位与协议一致，师傅带教认真",
                    "与企业主管座谈，了解出勤和任务完成情况，学生反映良好",
                    "查看宿舍和食堂，提醒上下班交通安全和防诈骗",
                    "检查周报和考勤记录，个别学生记录过简，已当面指导",
                ])),
                problem: faulty.then(|| {
                    text(match department % 2 {
                        0 => "个别学生本周多次延时下班，要求按协议工时安排",
                        _ => "上月报酬晚发，要求按约定日期足额发放",
                    })
                }),
                solve_by: faulty.then(|| later(day, 10)),
                solution: solved.then(|| text("企业已按要求调整，学生确认属实")),
                solved_on: solved.then(|| passed(world, day, 7)),
                photos: Default::default(),
            };
            batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
        }
    }
    batch.write(scope).await
}

async fn cases(scope: &Scope, world: &World, firms: &Firms, placements: &[Placement]) -> Result<()> {
    let mut hand = Hand::new("internship_case");
    let mut batch = Batch::new();
    let running: Vec<&Placement> = placements.iter().filter(|placement| placement.running).collect();
    for (nth, (week, kind, course, outcome)) in CASES.iter().enumerate() {
        let day = world.days.in_week(*week);
        let placement = running[(nth * 17 + 5) % running.len()];
        let known = instant_at(day.and_hms_opt(hand.rng.between(8, 15), 20, 0).expect("an hour"));
        let settled = !outcome.is_empty();
        let state = match (settled, week) {
            (true, 7) => "待确认",
            (true, _) => "已办结",
            (_, 11) => "待受理",
            _ => "处理中",
        };
        let urgent = matches!(kind, CaseKind::Injury | CaseKind::Rights);
        let late = *week == 5;
        let record = InternshipCase {
            happened_on: day,
            kind: *kind,
            urgency: if urgent { Urgency::High } else { Urgency::Middle },
            student: Some(world.student(placement.student)),
            placement: Some(Ref::new(placement.id)),
            enterprise: firms.firm(placement.firm),
            known_at: known,
            reported_at: known
                + Duration::minutes(if late {
                    300
                } else {
                    i64::from(hand.rng.between(10, 90))
                }),
            reporter: world.staff(placement.teacher),
            late_reason: late.then(|| "当天多次联系学生未果，晚间确认后报告".into()),
            course: text(course),
            guardian_told: true,
            handler: (state != "待受理").then(|| world.staff(world.head_of("校企合作处"))),
            settle_by: later(day, 15),
            claim: (*kind == CaseKind::Injury && settled).then(|| yuan(hand.rng.between(180, 900))),
            outcome: settled.then(|| text(outcome)),
            settled_on: settled.then(|| passed(world, day, hand.rng.between(3, 12))),
            files: Default::default(),
        };
        batch.add_in(
            state,
            &record,
            record
                .reported_at
                .min(world.days.at(&mut hand.rng, world.days.today, (17, 17))),
        );
    }
    batch.write(scope).await
}
