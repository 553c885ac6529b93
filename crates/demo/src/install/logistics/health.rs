//! School health (卫生防疫): daily reports, absence for illness, infectious diseases, the clinic.

use anyhow::Result;
use chrono::{Duration, NaiveDate};
use kernel::app::Scope;
use kernel::register::field::{Decimal, LongText};
use safety::health::{
    ClinicVisit, Complaint, Disposition, HealthCheck, HealthReport, InfectionClass, InfectionReport,
    SickAbsence, Symptom,
};

use super::super::world::{Hand, World};
use super::super::write::Batch;
use super::{anyone, clock, during, past, plus};
use crate::Post;
use crate::Unit;

/// Departments that forgot a day: department and how many days ago among the past ones.
const FORGOTTEN: &[(usize, usize)] = &[(3, 4), (5, 11), (1, 23), (4, 30)];
/// Symptom, hospital, diagnosis, days away, whether infectious.
const ILLNESSES: &[(Symptom, &str, &str, u32, bool)] = &[
    (Symptom::Cough, "社区卫生服务中心", "上呼吸道感染", 2, false),
    (Symptom::Fever, "市第三人民医院", "病毒性感冒", 3, false),
    (Symptom::Fever, "市第三人民医院", "甲型流感", 6, true),
    (Symptom::Vomiting, "市中医院", "急性胃肠炎", 2, false),
    (Symptom::Rash, "市皮肤病防治所", "荨麻疹", 2, false),
    (Symptom::Rash, "市第三人民医院", "水痘", 12, true),
    (Symptom::Injury, "市骨伤医院", "踝关节扭伤", 5, false),
    (Symptom::Chronic, "市第一人民医院", "慢性鼻炎复诊", 1, false),
    (Symptom::Other, "社区卫生服务中心", "痛经", 1, false),
];
/// Complaint, condition, treatment, disposition.
const VISITS: &[(Complaint, &str, &str, Disposition)] = &[
    (
        Complaint::Injury,
        "跑步擦伤膝部",
        "清创消毒，敷贴包扎",
        Disposition::Back,
    ),
    (
        Complaint::Injury,
        "篮球场扭伤脚踝",
        "冷敷固定，嘱抬高患肢",
        Disposition::Home,
    ),
    (
        Complaint::Cold,
        "鼻塞咽痛一天",
        "测温，嘱多饮水，观察",
        Disposition::Back,
    ),
    (
        Complaint::Fever,
        "头痛乏力，体温升高",
        "物理降温，隔离留观",
        Disposition::Home,
    ),
    (
        Complaint::Stomach,
        "午餐后腹痛",
        "热敷，观察半小时缓解",
        Disposition::Observed,
    ),
    (
        Complaint::Headache,
        "上课头晕",
        "测血压正常，休息后缓解",
        Disposition::Back,
    ),
    (
        Complaint::Skin,
        "手臂红疹瘙痒",
        "外用炉甘石洗剂",
        Disposition::Back,
    ),
    (Complaint::Period, "痛经", "热敷休息", Disposition::Observed),
    (
        Complaint::Burn,
        "实训焊渣烫伤手背",
        "流水冲洗，涂烫伤膏",
        Disposition::Back,
    ),
    (
        Complaint::Faint,
        "早操后低血糖",
        "平卧，口服糖水",
        Disposition::Observed,
    ),
    (
        Complaint::Injury,
        "楼梯摔倒，手腕疼痛明显",
        "夹板固定，陪同就医拍片",
        Disposition::Hospital,
    ),
];

/// Writes all four books.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    reports(scope, world).await?;
    absences(scope, world).await?;
    infections(scope, world).await?;
    clinic(scope, world).await
}

async fn reports(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("health_report");
    let mut batch = Batch::new();
    let days = past(world);
    for (ago, day) in days.iter().rev().enumerate() {
        for department in 0..world.school.departments.len() {
            if FORGOTTEN.contains(&(department, ago)) {
                continue;
            }
            let classes = (0..world.pupils.len()).filter(|class| world.department_of(*class) == department);
            let expected: usize = classes.map(|class| world.pupils[class].len()).sum();
            let expected = i64::try_from(expected).unwrap_or(0).max(1);
            let sick = i64::from(hand.rng.between(0, 4));
            let count = |hand: &mut Hand| i64::from(hand.rng.chance(8)) + i64::from(hand.rng.chance(2));
            let (fever, cough, vomiting) = (count(&mut hand), count(&mut hand), count(&mut hand));
            let away = sick + i64::from(hand.rng.between(0, 5));
            let deputy = world.members(Unit::Department(department));
            let deputy = deputy
                .into_iter()
                .find(|at| world.school.staff[*at].post == Post::DeputyHead);
            let reporter = deputy.unwrap_or(world.school.departments[department].head);
            let record = HealthReport {
                reported_on: *day,
                session: HealthCheck::Morning,
                department: world.department(department),
                expected,
                checked: (expected - away).max(0),
                sick: sick.min(expected),
                fever,
                cough,
                vomiting,
                rash: 0,
                other: 0,
                abnormal: None,
                handling: (fever + cough + vomiting > 0)
                    .then(|| LongText("到卫生室复测，通知家长，发热的接回就医并登记追踪".into())),
                reporter: world.staff(reporter),
            };
            batch.add(&record, clock(*day, 8, hand.rng.between(20, 55)));
        }
    }
    batch.write(scope).await
}

async fn absences(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("sick_absence");
    let mut batch = Batch::new();
    let days = &world.days;
    for day in past(world) {
        for _ in 0..hand.rng.between(2, 5) {
            let class = hand.rng.below(world.pupils.len());
            let student = *hand.rng.pick(&world.pupils[class]);
            let common = hand.rng.chance(80);
            let (symptom, hospital, diagnosis, away, infectious) = if common {
                ILLNESSES[[0, 1, 3, 7, 8][hand.rng.below(5)]]
            } else {
                *hand.rng.pick(ILLNESSES)
            };
            let back = plus(*day, away);
            let back = days.between(back, plus(back, 5)).first().copied();
            let back = back.filter(|back| *back < days.today);
            // Of the latest a few were not followed up.
            let traced = days.age(*day) > 6 || hand.rng.chance(70);
            let waiting = back.is_some_and(|back| days.age(back) < 12) && infectious;
            let state = match back {
                None => "缺课中",
                Some(_) if waiting => "待查验",
                Some(_) => "已复课",
            };
            let record = SickAbsence {
                student: world.student(student),
                since: *day,
                back_by: plus(*day, away),
                symptom,
                fell_ill_on: Some(*day),
                hospital: traced.then(|| hospital.to_owned()),
                diagnosis: traced.then(|| LongText(diagnosis.into())),
                infectious,
                tracker: world.staff(world.school.classes[class].head_teacher),
                course: traced.then(|| LongText("电话联系家长，在家休息，体温正常后返校".into())),
                back_on: back,
                days: None,
                clearance: (infectious && state == "已复课")
                    .then(|| format!("FK{}{:02}", day.format("%m%d"), hand.rng.between(1, 40))),
                files: Default::default(),
            };
            batch.add_in(state, &record, clock(*day, 8, hand.rng.between(10, 59)));
        }
    }
    batch.write(scope).await
}

async fn infections(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("infection_report");
    let mut batch = Batch::new();
    let days = &world.days;
    let doctor = world.office_staff("总务处")[1];
    let cases: &[(u8, InfectionClass, i64, &str, i64)] = &[
        (4, InfectionClass::Third, 1, "流行性腮腺炎", 3),
        (6, InfectionClass::Cluster, 4, "同班发热咳嗽", 5),
        (8, InfectionClass::Other, 1, "水痘", 2),
        (10, InfectionClass::Third, 2, "甲型流感", 4),
    ];
    for (nth, (week, kind, count, disease, hours)) in cases.iter().enumerate() {
        let Some(day) = hand.day(days.week(*week)).filter(|day| *day < days.today) else {
            continue;
        };
        let found_at = clock(day, 9, hand.rng.between(0, 50));
        let lifted = (days.age(day) > 16).then(|| plus(day, 14));
        let record = InfectionReport {
            found_at,
            found_on: None,
            kind: *kind,
            class: Some(world.class((nth * 17 + 5) % world.school.classes.len())),
            cases: *count,
            disease: (*disease).into(),
            patients: LongText("患病学生已居家隔离，家长陪同就诊，病程按医嘱".into()),
            deadline: None,
            reported_at: Some(found_at + Duration::hours(*hours)),
            reported_to: Some("区疾控中心、区教育局".into()),
            late_reason: None,
            reporter: world.staff(doctor),
            measure: Some(LongText(
                "教室终末消毒，密切接触者每日两次测温，暂停该班集体活动".into(),
            )),
            closed_classes: Some(0),
            lifted_on: lifted,
            files: Default::default(),
        };
        let state = if lifted.is_some() {
            "已解除"
        } else {
            "处置中"
        };
        batch.add_in(state, &record, found_at + Duration::hours(*hours));
    }
    batch.write(scope).await
}

async fn clinic(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("clinic_visit");
    let mut batch = Batch::new();
    let doctor = world.office_staff("总务处")[1];
    for day in past(world) {
        for _ in 0..hand.rng.between(3, 7) {
            let (record, state) = visit(world, &mut hand, *day, doctor);
            batch.add_in(state, &record, record.came_at);
        }
    }
    batch.write(scope).await
}

fn visit(world: &World, hand: &mut Hand, day: NaiveDate, doctor: usize) -> (ClinicVisit, &'static str) {
    let (complaint, condition, treatment, disposition) = VISITS[if hand.rng.chance(92) {
        hand.rng.below(VISITS.len() - 1)
    } else {
        VISITS.len() - 1
    }];
    let came_at = during(hand, day, (8, 16));
    let teacher = hand.rng.chance(8).then(|| anyone(world, hand));
    let class = hand.rng.below(world.pupils.len());
    let student = *hand.rng.pick(&world.pupils[class]);
    let sent = matches!(disposition, Disposition::Home | Disposition::Hospital);
    let followed = matches!(disposition, Disposition::Observed | Disposition::Hospital);
    let open = followed && world.days.age(day) < 4 && hand.rng.chance(50);
    let record = ClinicVisit {
        came_at,
        came_on: None,
        student: teacher.is_none().then(|| world.student(student)),
        staff: teacher.map(|at| world.staff(at)),
        complaint,
        temperature: Some(Decimal(match complaint {
            Complaint::Fever => i64::from(hand.rng.between(376, 389)),
            _ => i64::from(hand.rng.between(362, 369)),
        })),
        condition: LongText(condition.into()),
        treatment: LongText(treatment.into()),
        disposition,
        guardian_told_at: (sent && teacher.is_none())
            .then(|| came_at + Duration::minutes(i64::from(hand.rng.between(3, 15)))),
        doctor: world.staff(doctor),
        outcome: (followed && !open).then(|| "症状缓解，已返班或由家长接回".to_owned()),
    };
    (record, if open { "跟踪中" } else { "已结束" })
}
