//! The gate (门卫): visitors, students in and out, vehicles.

use anyhow::Result;
use chrono::{Days as Count, Duration, NaiveDate};
use kernel::app::Scope;
use safety::gate::{GatePass, LeaveWay, PassKind, VehicleEntry, VehicleKind, VisitPurpose, Visitor};

use super::super::world::{Hand, World};
use super::super::write::Batch;
use super::{anyone, clerk, clock, during, past, plus};
use crate::identity::{id_number, phone_number};
use crate::{AREAS, Sex};

/// Purpose, reason, whether from a company.
const VISITS: &[(VisitPurpose, &str, bool)] = &[
    (VisitPurpose::Parent, "与班主任沟通孩子近期表现", false),
    (VisitPurpose::Parent, "给孩子送衣物和药品", false),
    (VisitPurpose::Parent, "接孩子外出就医", false),
    (VisitPurpose::Parent, "参加班级家长座谈", false),
    (VisitPurpose::Partner, "商谈岗位实习和订单班合作", true),
    (VisitPurpose::Business, "教材与办公用品业务对接", true),
    (VisitPurpose::Works, "检修空调和多媒体设备", true),
    (VisitPurpose::Works, "宿舍热水管道维修", true),
    (VisitPurpose::Official, "校园安全工作检查", true),
    (VisitPurpose::Lecture, "为学生作专题讲座", true),
    (VisitPurpose::Enrolment, "咨询招生政策和专业", false),
    (VisitPurpose::Delivery, "运送实训耗材", true),
];
const OUTS: &[(PassKind, LeaveWay)] = &[
    (PassKind::Leave, LeaveWay::Alone),
    (PassKind::Doctor, LeaveWay::Guardian),
    (PassKind::Family, LeaveWay::Guardian),
    (PassKind::Duty, LeaveWay::Teacher),
    (PassKind::Leave, LeaveWay::Guardian),
    (PassKind::Doctor, LeaveWay::Teacher),
];
const VEHICLES: &[(VehicleKind, &str, u32)] = &[
    (VehicleKind::Food, "配送蔬菜和肉类", 5),
    (VehicleKind::Food, "配送米面粮油", 6),
    (VehicleKind::Visitor, "来访公务", 9),
    (VehicleKind::Delivery, "运送教材和办公用品", 10),
    (VehicleKind::Works, "运送维修材料", 8),
    (VehicleKind::Coach, "接送学生参加企业参观", 13),
    (VehicleKind::Official, "接送参赛师生", 7),
];

/// Writes all three books.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    visitors(scope, world).await?;
    passes(scope, world).await?;
    vehicles(scope, world).await
}

fn phone(hand: &mut Hand) -> String {
    phone_number(
        u64::from(hand.rng.between(1, 9)) * 1_000_003,
        u64::from(hand.rng.between(1, 9_000_000)),
    )
}

/// An invented person: name and identity number.
fn person(world: &World, hand: &mut Hand) -> (String, String) {
    let sex = if hand.rng.chance(55) {
        Sex::Male
    } else {
        Sex::Female
    };
    let birth = world.days.term.start() - Count::new(u64::from(hand.rng.between(9_500, 20_000)));
    let area = hand.rng.pick(AREAS).0;
    let order = hand.rng.between(60, 200);
    (hand.people.name(sex), id_number(area, birth, sex, order))
}

fn visitor(world: &World, hand: &mut Hand, day: NaiveDate) -> Visitor {
    let (purpose, reason, company) = *hand.rng.pick(VISITS);
    let (name, id_number) = person(world, hand);
    let host = anyone(world, hand);
    let plate = hand.rng.chance(30).then(|| plate(hand));
    Visitor {
        visited_on: day,
        name,
        company: company.then(|| hand.rng.pick(&world.school.companies).clone()),
        id_number: Some(id_number),
        phone: phone(hand),
        persons: i64::from(hand.rng.between(1, 3)),
        purpose,
        reason: reason.into(),
        host: world.staff(host),
        plate,
        badge: Some(format!("F{:02}", hand.rng.between(1, 40))),
        entered_at: None,
        left_at: None,
        remark: None,
    }
}

/// A plate no vehicle bears.
fn plate(hand: &mut Hand) -> String {
    format!(
        "岚Q{}{:04}",
        hand.words(&["A", "B", "C", "D", "E"]),
        hand.rng.between(1, 9999)
    )
}

async fn visitors(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("visitor");
    let mut batch = Batch::new();
    let days = past(world);
    for day in days {
        for nth in 0..hand.rng.between(3, 8) {
            let mut record = visitor(world, &mut hand, *day);
            let entered = during(&mut hand, *day, (8, 16));
            let state = match hand.rng.between(1, 100) {
                1..=4 => {
                    (record.badge, record.id_number) = (None, None);
                    "未到访"
                }
                5 => {
                    record.badge = None;
                    record.remark = Some("证件与本人不符".into());
                    "不予进校"
                }
                _ => {
                    record.entered_at = Some(entered);
                    // One stayed and did not sign out.
                    if days.last() == Some(day) && nth == 0 {
                        "在校内"
                    } else {
                        let stay = i64::from(hand.rng.between(15, 150));
                        record.left_at = Some(entered + Duration::minutes(stay));
                        "已离校"
                    }
                }
            };
            batch.add_in(state, &record, entered);
        }
    }
    for ahead in [super::soonest(world), 1, 1, 2] {
        let mut record = visitor(world, &mut hand, plus(world.days.today, ahead));
        (record.badge, record.id_number) = (None, None);
        batch.add(&record, clock(*days.last().expect("days have passed"), 16, 30));
    }
    batch.write(scope).await
}

async fn passes(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("gate_pass");
    let mut batch = Batch::new();
    let days = &world.days;
    for day in past(world) {
        for nth in 0..hand.rng.between(2, 6) {
            let class = hand.rng.below(world.pupils.len());
            let student = *hand.rng.pick(&world.pupils[class]);
            let (kind, way) = *hand.rng.pick(OUTS);
            let left_at = during(&mut hand, *day, (9, 15));
            let lent = u32::from(hand.rng.chance(35));
            let back_by = plus(*day, lent);
            let fetched = way == LeaveWay::Guardian;
            let guardian = &world.school.students[student].guardian;
            let odd = hand.rng.chance(3);
            let mut record = GatePass {
                student: world.student(student),
                left_at,
                left_on: None,
                kind,
                leave_number: (!odd).then(|| format!("QJ{}{nth:02}", day.format("%Y%m%d"))),
                approver: world.staff(world.school.classes[class].head_teacher),
                way,
                fetched_by: fetched.then(|| guardian.name.clone()),
                fetcher_phone: fetched.then(|| guardian.phone.clone()),
                back_by,
                back_at: None,
                back_on: None,
                irregular: odd.then(|| "假条未带，已电话向班主任核实".to_owned()),
            };
            let late = hand.rng.chance(4);
            let returned = plus(back_by, u32::from(late));
            let state = if returned >= days.today || days.age(*day) < 8 && hand.rng.chance(3) {
                "离校中"
            } else if hand.rng.chance(2) {
                "已核销"
            } else {
                let back = clock(returned, hand.rng.between(16, 20), hand.rng.between(0, 59));
                record.back_at = Some(back);
                "已返校"
            };
            batch.add_in(state, &record, left_at);
        }
    }
    batch.write(scope).await
}

async fn vehicles(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("vehicle_entry");
    let mut batch = Batch::new();
    for day in past(world) {
        for nth in 0..hand.rng.between(3, 5) {
            let (kind, reason, hour) = VEHICLES[if nth < 2 {
                nth as usize
            } else {
                hand.rng.below(VEHICLES.len())
            }];
            let entered_at = clock(*day, hour, hand.rng.between(0, 59));
            let contact = clerk(world, &mut hand, "总务处");
            let record = VehicleEntry {
                plate: plate(&mut hand),
                kind,
                company: Some(hand.rng.pick(&world.school.companies).clone()),
                driver: hand.people.name(Sex::Male),
                phone: Some(phone(&mut hand)),
                reason: reason.into(),
                contact: world.staff(contact),
                entered_at,
                entered_on: None,
                inspection: hand.rng.chance(60).then(|| "查看车厢，无异常物品".to_owned()),
                left_at: Some(entered_at + Duration::minutes(i64::from(hand.rng.between(20, 90)))),
            };
            batch.add_in("已离校", &record, entered_at);
        }
    }
    batch.write(scope).await
}
