//! Service to society: training with its learners, appraisal, community education, open university.

use anyhow::Result;
use chrono::{Datelike, Days as Count};
use kernel::app::Scope;
use kernel::register::field::{Decimal, Ref};
use partners::{
    CommunityEvent, CommunityKind, LearnerKind, LearnerResult, OpenLevel, OpenSeason, OpenStudent,
    SocialAppraisal, SocialTraining, TrainingKind, TrainingLearner,
};

use super::super::days::OFFICE_HOURS;
use super::super::people::{code, sex_code};
use super::super::world::{Hand, World};
use super::super::write::Batch;
use super::firms::{Firms, PER_DEPARTMENT};
use super::{later, passed, teacher, text, yuan};
use crate::identity::{id_number, phone_number};
use crate::{AREAS, Sex};

/// Telephone numbers count from here.
const PHONES: u64 = 77_000_000;
/// Identity numbers of learners count from here within a day, area and sex; nobody else is as old.
const ORDERS: u32 = 10;

/// Trainings: title, kind, department, week, days, income in yuan, state.
const TRAININGS: &[(&str, TrainingKind, usize, u8, u32, u32, &str)] = &[
    (
        "车间班组长能力提升",
        TrainingKind::Worker,
        0,
        1,
        5,
        36_000,
        "已结业",
    ),
    ("农村电商直播实务", TrainingKind::Farmer, 2, 2, 10, 0, "已结业"),
    (
        "退役军人计算机操作",
        TrainingKind::Veteran,
        1,
        3,
        12,
        48_000,
        "已结业",
    ),
    (
        "新能源汽车维修新型学徒",
        TrainingKind::Apprentice,
        3,
        4,
        40,
        126_000,
        "培训中",
    ),
    (
        "中式面点师考前培训",
        TrainingKind::Appraisal,
        4,
        5,
        8,
        27_000,
        "已结业",
    ),
    (
        "建筑测量员上岗培训",
        TrainingKind::Migrant,
        5,
        6,
        10,
        32_000,
        "已结业",
    ),
    ("居民手机摄影与剪辑", TrainingKind::Resident, 1, 7, 3, 0, "已结业"),
    (
        "数控编程在职提升",
        TrainingKind::Worker,
        0,
        9,
        30,
        64_000,
        "培训中",
    ),
    (
        "失业人员电工培训",
        TrainingKind::Unemployed,
        0,
        8,
        12,
        40_000,
        "培训中",
    ),
    (
        "乡镇财会人员培训",
        TrainingKind::Worker,
        2,
        10,
        5,
        18_000,
        "待开班",
    ),
    (
        "汽车检测师资研修",
        TrainingKind::Teacher,
        3,
        10,
        6,
        58_000,
        "待分管校长审批",
    ),
    (
        "社区健康餐制作",
        TrainingKind::Resident,
        4,
        10,
        4,
        0,
        "待系部审批",
    ),
];

/// Writes all of them.
pub async fn write(scope: &Scope, world: &World, firms: &Firms) -> Result<()> {
    trainings(scope, world, firms).await?;
    appraisals(scope, world).await?;
    community(scope, world).await?;
    open_students(scope, world).await
}

async fn trainings(scope: &Scope, world: &World, firms: &Firms) -> Result<()> {
    let mut hand = Hand::new("social_training");
    let mut trainings = Batch::new();
    let mut learners = Batch::new();
    let mut serial = 0;
    for (nth, (title, kind, department, week, length, income, state)) in TRAININGS.iter().enumerate() {
        let begun = matches!(*state, "已结业" | "培训中");
        let starts = match begun {
            true => world.days.in_week(*week),
            false => later(world.days.today, hand.rng.between(6, 20)),
        };
        let ended = *state == "已结业";
        let ends = if ended {
            passed(world, starts, *length)
        } else {
            later(starts, *length)
        };
        let worker = *kind == TrainingKind::Worker;
        let persons = hand.rng.between(24, 40);
        let passed_count = persons - hand.rng.between(0, 3);
        let hours = (length * 6).min(96);
        let record = SocialTraining {
            number: format!("培{}-{:02}", starts.year(), nth + 1),
            title: (*title).into(),
            kind: *kind,
            client: match kind {
                TrainingKind::Farmer => "市农业农村局".into(),
                TrainingKind::Veteran => "市退役军人事务局".into(),
                TrainingKind::Unemployed | TrainingKind::Migrant => "市人力资源和社会保障局".into(),
                TrainingKind::Resident => "新禾社区居委会".into(),
                _ => world.school.companies[department * PER_DEPARTMENT].clone(),
            },
            enterprise: worker.then(|| firms.firm(department * PER_DEPARTMENT)),
            department: world.department(*department),
            leader: world.staff(teacher(world, &mut hand, *department)),
            starts_on: starts,
            ends_on: ends,
            hours: hours.into(),
            planned: (persons + 3).into(),
            content: text("理论讲授与实操训练相结合，结业考核合格后发结业证书"),
            free: *income == 0,
            income: yuan(*income),
            received: (ended && *income > 0).then(|| yuan(*income)),
            attended: begun.then_some(persons.into()),
            person_hours: None,
            passed: ended.then_some(passed_count.into()),
            summary: ended.then(|| text("出勤良好，实操考核达到目标，学员建议增加案例练习")),
            files: Default::default(),
        };
        let asked = match begun {
            true => starts - Count::new(9),
            false => world.days.at_or_before(world.days.today - Count::new(3)),
        };
        let id = trainings.add_in(state, &record, world.days.at(&mut hand.rng, asked, OFFICE_HOURS));
        let count = if begun { persons } else { 0 };
        for seat in 0..count {
            serial += 1;
            let sex = if hand.rng.chance(45) {
                Sex::Female
            } else {
                Sex::Male
            };
            let birth =
                crate::assemble::september(1975 + (serial % 24) as i32) - Count::new(u64::from(serial % 360));
            let good = ended && seat < passed_count;
            let record = TrainingLearner {
                training: Ref::new(id),
                name: hand.people.name(sex),
                sex: sex_code(sex),
                id_number: Some(id_number(
                    AREAS[hand.rng.below(AREAS.len())].0,
                    birth,
                    sex,
                    ORDERS + serial % 300,
                )),
                phone: Some(phone_number(PHONES, u64::from(serial))),
                kind: match kind {
                    TrainingKind::Farmer => LearnerKind::Farmer,
                    TrainingKind::Veteran => LearnerKind::Veteran,
                    TrainingKind::Unemployed => LearnerKind::Unemployed,
                    TrainingKind::Resident => LearnerKind::Resident,
                    _ => LearnerKind::Worker,
                },
                employer: worker.then(|| world.school.companies[department * PER_DEPARTMENT].clone()),
                joined_on: starts,
                hours: if ended { hours.into() } else { i64::from(hours / 2) },
                result: match (ended, good) {
                    (false, _) => LearnerResult::Learning,
                    (_, true) => LearnerResult::Passed,
                    _ => LearnerResult::Failed,
                },
                certificate: good.then(|| format!("JY{}{serial:04}", starts.year())),
                certified_on: good.then_some(ends),
                grade: None,
            };
            learners.add(&record, world.days.at(&mut hand.rng, starts, OFFICE_HOURS));
        }
    }
    trainings.write(scope).await?;
    learners.write(scope).await
}

async fn appraisals(scope: &Scope, world: &World) -> Result<()> {
    const BATCHES: &[(&str, &str, &str, usize, u8, &str)] = &[
        ("电工", "4", "02", 0, 2, "已发证"),
        ("中式烹调师", "4", "09", 4, 4, "已发证"),
        ("计算机程序设计员", "4", "99", 1, 6, "已发证"),
        ("汽车维修工", "4", "99", 3, 8, "待发证"),
        ("车工", "3", "01", 0, 10, "待考核"),
        ("电子商务师", "4", "10", 2, 11, "待备案"),
    ];
    let mut hand = Hand::new("social_appraisal");
    let mut batch = Batch::new();
    for (nth, (occupation, grade, trade, department, week, state)) in BATCHES.iter().enumerate() {
        let done = matches!(*state, "已发证" | "待发证");
        let day = match done {
            true => world.days.in_week(*week),
            false => later(world.days.today, u32::from(*week) * 2),
        };
        let (outsiders, students) = (hand.rng.between(18, 46), hand.rng.between(20, 60));
        let total = outsiders + students;
        let certified = *state == "已发证";
        let record = SocialAppraisal {
            batch: format!("{}年第{}批", day.year(), nth + 1),
            occupation: (*occupation).into(),
            grade: code(grade),
            trade: code(trade),
            organisation: "清岚市职业技能评价中心".into(),
            department: world.department(*department),
            leader: world.staff(teacher(world, &mut hand, *department)),
            examined_on: day,
            outsiders: outsiders.into(),
            students: students.into(),
            total: None,
            filed_on: (*state != "待备案").then(|| (day - Count::new(14)).min(world.days.today)),
            examiners: done.then(|| hand.rng.between(3, 6).into()),
            passed: done.then(|| i64::from(total * hand.rng.between(84, 95) / 100)),
            published_on: certified.then(|| passed(world, day, 9)),
            certified_on: certified.then(|| passed(world, day, 16)),
            fee: done.then(|| yuan(outsiders * 180)),
            summary: done.then(|| text("理论机考和实操考核秩序良好，全程录像")),
            files: Default::default(),
        };
        let made = (day - Count::new(16)).min(world.days.today);
        batch.add_in(state, &record, world.days.at(&mut hand.rng, made, OFFICE_HOURS));
    }
    batch.write(scope).await
}

async fn community(scope: &Scope, world: &World) -> Result<()> {
    use CommunityKind::*;
    const EVENTS: &[(&str, CommunityKind, Option<usize>)] = &[
        ("家电义务维修进社区", Repair, Some(0)),
        ("银龄智能手机课堂", Digital, Some(1)),
        ("反诈与消防宣传", Law, None),
        ("家常菜制作体验", Skill, Some(4)),
        ("经典诵读与书法", Culture, None),
        ("小小工程师科普", Children, Some(0)),
        ("家庭理财小课堂", Skill, Some(2)),
        ("汽车保养便民日", Repair, Some(3)),
        ("老年合唱与健身", Senior, None),
        ("旧物改造手工坊", Culture, Some(5)),
        ("视力与脊柱健康讲座", Health, None),
        ("短视频制作入门", Digital, Some(1)),
        ("冬季用电安全入户", Law, Some(0)),
    ];
    let mut hand = Hand::new("community_event");
    let mut batch = Batch::new();
    for (nth, (title, kind, department)) in EVENTS.iter().enumerate() {
        let ahead = nth >= 11;
        let day = match ahead {
            true => later(world.days.today, hand.rng.between(3, 18)),
            false => world.days.in_week((nth % 10 + 1) as u8),
        };
        let state = match nth {
            _ if ahead => "待开展",
            8 => "已取消",
            7 => "待开展",
            _ => "已开展",
        };
        let held = state == "已开展";
        let residents = i64::from(hand.rng.between(22, 90));
        let leader = match department {
            Some(department) => teacher(world, &mut hand, *department),
            None => world.head_of("团委"),
        };
        let record = CommunityEvent {
            title: (*title).into(),
            kind: *kind,
            held_on: day,
            community: hand
                .words(&["新禾社区", "锦绣社区", "槐荫社区", "石桥镇居委会"])
                .into(),
            place: hand
                .words(&["社区活动中心", "社区广场", "新时代文明实践站"])
                .into(),
            department: department.map(|at| world.department(at)),
            leader: world.staff(leader),
            hours: Decimal(i64::from(hand.rng.between(3, 8)) * 5),
            residents: held.then_some(residents),
            volunteers: held.then(|| hand.rng.between(6, 20).into()),
            satisfied: held.then(|| residents - i64::from(hand.rng.between(0, 3))),
            summary: held.then(|| text("居民参与积极，活动安全有序，社区希望每学期固定开展")),
            photos: Default::default(),
        };
        let made = day.min(world.days.today);
        batch.add_in(state, &record, world.days.at(&mut hand.rng, made, OFFICE_HOURS));
    }
    batch.write(scope).await
}

async fn open_students(scope: &Scope, world: &World) -> Result<()> {
    const MAJORS: &[&str] = &[
        "机电一体化技术",
        "工商企业管理",
        "大数据与会计",
        "计算机网络技术",
        "学前教育",
    ];
    let mut hand = Hand::new("open_student");
    let mut batch = Batch::new();
    let recruiters = world.office_staff("招生就业处");
    for nth in 0..46u32 {
        let sex = if hand.rng.chance(48) {
            Sex::Female
        } else {
            Sex::Male
        };
        let birth = crate::assemble::september(1984 + (nth % 18) as i32) - Count::new(u64::from(nth) + 1);
        let day = world.days.any(&mut hand.rng);
        let state = match nth {
            7 | 23 => "未注册",
            31 => "退学",
            _ if world.days.age(day) < 9 || nth % 11 == 5 => "已报名",
            _ => "在读",
        };
        let registered = matches!(state, "在读" | "退学");
        let record = OpenStudent {
            year: day.year().into(),
            season: if day.month() >= 7 {
                OpenSeason::Autumn
            } else {
                OpenSeason::Spring
            },
            name: hand.people.name(sex),
            sex: sex_code(sex),
            id_number: id_number(AREAS[nth as usize % AREAS.len()].0, birth, sex, 320 + nth),
            phone: phone_number(PHONES, 2_000 + u64::from(nth)),
            level: if nth % 3 == 0 {
                OpenLevel::Bachelor
            } else {
                OpenLevel::College
            },
            major: MAJORS[nth as usize % MAJORS.len()].into(),
            employer: hand.rng.chance(70).then(|| hand.people.company(nth as usize % 6)),
            recruiter: world.staff(*hand.rng.pick(&recruiters)),
            applied_on: day,
            registered_on: registered.then(|| passed(world, day, 5)),
            number: registered.then(|| format!("{}37001{nth:05}", day.year() % 100)),
            credits: None,
            graduated_on: None,
            remark: None,
        };
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}
