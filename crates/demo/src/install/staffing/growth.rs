//! Training (培训进修), yearly hours (年度学时) and practice in companies (企业实践).

use anyhow::Result;
use chrono::{Datelike, Days as Count};
use kernel::app::Scope;
use kernel::register::field::Decimal;
use staffing::{
    EnterprisePractice, PracticeMode, PracticeResult, StaffTraining, TrainingCredit, TrainingKind,
    TrainingResult,
};

use super::super::days::OFFICE_HOURS;
use super::super::people::code;
use super::super::world::{Hand, World};
use super::super::write::Batch;
use super::{completed, department, latest, teachers, text, vocational};

/// A training: week, number, name, kind, organiser, days, hours, places.
type Line = (
    u8,
    &'static str,
    &'static str,
    TrainingKind,
    &'static str,
    u64,
    i64,
    usize,
);

const TRAININGS: &[Line] = &[
    (
        1,
        "XB-01",
        "新学期师德师风与教学常规培训",
        TrainingKind::School,
        "教科研处",
        2,
        12,
        500,
    ),
    (
        2,
        "XJS-01",
        "新教师岗前培训",
        TrainingKind::Novice,
        "市教育局",
        5,
        40,
        6,
    ),
    (
        3,
        "GP-07",
        "职业院校专业带头人领军能力研修",
        TrainingKind::Nation,
        "国家级职教师资基地",
        10,
        80,
        2,
    ),
    (
        3,
        "SP-12",
        "机电类专业骨干教师提升培训",
        TrainingKind::Province,
        "省职教师资培训中心",
        7,
        56,
        5,
    ),
    (
        4,
        "SP-15",
        "信息化教学能力提升培训",
        TrainingKind::Province,
        "省职教师资培训中心",
        5,
        40,
        8,
    ),
    (
        5,
        "CJ-03",
        "班主任专业能力培训",
        TrainingKind::City,
        "市教育局",
        3,
        24,
        10,
    ),
    (
        6,
        "WL-02",
        "人工智能赋能教学网络研修",
        TrainingKind::Online,
        "国家职业教育智慧教育平台",
        21,
        20,
        45,
    ),
    (
        6,
        "CJ-05",
        "思政课教师集体备课培训",
        TrainingKind::City,
        "市教育科学研究院",
        2,
        16,
        5,
    ),
    (
        7,
        "XX-01",
        "实训安全与应急处置培训",
        TrainingKind::School,
        "实训处",
        1,
        6,
        80,
    ),
    (
        8,
        "QX-04",
        "心理健康教育全员培训",
        TrainingKind::County,
        "区教师发展中心",
        2,
        14,
        12,
    ),
    (
        9,
        "SP-21",
        "课程标准与教材建设研修",
        TrainingKind::Province,
        "省职教师资培训中心",
        4,
        32,
        4,
    ),
];

/// Writes them.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    trainings(scope, world).await?;
    credits(scope, world).await?;
    practice(scope, world).await
}

async fn trainings(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("staff_training");
    let mut batch = Batch::new();
    for (week, number, name, kind, organiser, days, hours, places) in TRAININGS {
        let day = world.days.in_week(*week);
        let mut people = teachers(world);
        hand.rng.shuffle(&mut people);
        for at in people.into_iter().take(*places) {
            let mut record = training(world, at, day, (number, name, *kind, organiser, *days, *hours));
            let over = record.ends_on < world.days.today;
            let state = match hand.rng.between(1, 100) {
                _ if !over => "已批准",
                1..=2 => "未结业",
                // Some do not hand in their certificate.
                3..=5 if *kind != TrainingKind::School => "已批准",
                _ => "已结业",
            };
            let excellent = hand.rng.chance(6);
            record.result = match state {
                "已结业" if excellent => Some(TrainingResult::Excellent),
                "已结业" => Some(TrainingResult::Passed),
                "未结业" => Some(TrainingResult::Failed),
                _ => None,
            };
            record.hours = record.result.map(|result| match result {
                TrainingResult::Failed => hours / 2,
                _ => *hours,
            });
            record.certificate =
                (state == "已结业" && *kind != TrainingKind::School).then(|| format!("{number}-{at:04}"));
            batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
        }
    }
    let day = latest(world);
    for (nth, state) in [
        "待系部审批",
        "待系部审批",
        "待人事处审批",
        "待人事处审批",
        "退回修改",
        "未批准",
    ]
    .into_iter()
    .enumerate()
    {
        let people = vocational(world);
        let at = people[(nth * 13 + 5) % people.len()];
        let line = (
            "SP-24",
            "虚拟仿真实训教学应用培训",
            TrainingKind::Province,
            "省职教师资培训中心",
            4,
            28,
        );
        let record = training(world, at, day, line);
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}

fn training(
    world: &World,
    at: usize,
    day: chrono::NaiveDate,
    (number, name, kind, organiser, days, hours): (&str, &str, TrainingKind, &str, u64, i64),
) -> StaffTraining {
    let away = !matches!(kind, TrainingKind::School | TrainingKind::Online);
    StaffTraining {
        teacher: world.staff(at),
        number: format!("{}{number}", world.days.term.start().format("%Y")),
        name: name.into(),
        kind,
        place: code("1"),
        theme: None,
        content: None,
        speaker: None,
        organiser: organiser.into(),
        starts_on: day,
        ends_on: day + Count::new(days - 1),
        planned_hours: hours,
        hours: None,
        result: None,
        certificate: None,
        cover: away.then(|| text("课务已调整，由同教研室教师代课")),
        abroad_on: None,
        abroad_for: None,
        sent_by: None,
        approved_by: None,
        approved_on: None,
        home_by: None,
        files: Default::default(),
    }
}

async fn credits(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("training_credit");
    let mut batch = Batch::new();
    let day = world.days.in_week(4);
    for (nth, at) in teachers(world).into_iter().enumerate() {
        let short = nth % 17 == 6;
        let eased = nth % 43 == 20;
        let state = match nth % 29 {
            3 => "待核对",
            14 if nth > 29 => "有异议",
            _ => "已认定",
        };
        let record = TrainingCredit {
            teacher: world.staff(at),
            year: i64::from(day.year()) - 1,
            reckoned_on: day,
            public: if short { 12 } else { 24 },
            professional: i64::from(if short {
                hand.rng.between(12, 28)
            } else {
                hand.rng.between(30, 66)
            }),
            school_based: i64::from(hand.rng.between(18, 26)),
            required: eased.then_some(40),
            total: None,
            met: None,
            note: eased.then(|| text("产假期间减免，按规定折算")),
        };
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}

async fn practice(scope: &Scope, world: &World) -> Result<()> {
    const POSTS: &[&[&str]] = &[
        &["数控设备操作与维护", "自动化产线调试", "质量检验"],
        &["网络运维", "软件测试", "新媒体制作"],
        &["电商运营", "仓储管理", "财务共享中心核算"],
        &["汽车机电维修", "新能源汽车检测"],
        &["酒店前厅服务", "中央厨房生产管理"],
        &["施工现场管理", "室内设计助理"],
    ];
    let mut hand = Hand::new("enterprise_practice");
    let mut batch = Batch::new();
    let mut people = vocational(world);
    hand.rng.shuffle(&mut people);
    for (nth, at) in people.into_iter().take(44).enumerate() {
        let (week, days): (u8, u64) = match nth {
            0..=25 => (1 + (nth % 3) as u8, 30 + (nth % 4) as u64 * 5),
            26..=31 => (9, 35),
            32..=38 => (3, 35),
            _ => (20, 30),
        };
        let day = if week == 20 {
            latest(world)
        } else {
            world.days.in_week(week)
        };
        let ends_on = day + Count::new(days - 1);
        let over = ends_on < world.days.today;
        let state = match nth {
            0..=25 if over => "考核合格",
            32..=36 if over => "待考核",
            39..=41 => "待系部审批",
            42 => "待人事处审批",
            43 => "未批准",
            // The last of these have ended without a report.
            _ => "已批准",
        };
        let reported = matches!(state, "考核合格" | "待考核");
        let passed = state == "考核合格";
        let place = department(world, at);
        let record = completed(world, EnterprisePractice {
            teacher: world.staff(at),
            enterprise: world.school.companies[place * 8 + nth % 8].clone(),
            post: hand.words(POSTS[place]).into(),
            mode: match hand.rng.between(1, 10) {
                1..=6 => PracticeMode::Post,
                7 | 8 => PracticeMode::Training,
                9 => PracticeMode::Research,
                _ => PracticeMode::Visit,
            },
            starts_on: day,
            ends_on,
            months: None,
            mentor: format!("{}师傅", hand.words(&["田", "罗", "秦", "江", "邵", "孟"])),
            mentor_phone: None,
            tasks: text(hand.words(&[
                "熟悉岗位流程和技术标准，收集典型工作任务五个，带回教学案例",
                "参与设备改造项目，学习新工艺，整理任务工单两份",
                "顶岗一个月，记录岗位能力清单，修订课程标准",
            ])),
            cover: Some(text("晚间与周末实践，白天课务不变；集中时段由同组教师代课")),
            report: reported.then(|| {
                text("完成计划任务，掌握岗位流程与质量要求，整理典型任务和常见故障案例，已用于本学期实训课任务单")
            }),
            outcome: passed.then(|| text(hand.words(&["教学案例两个", "任务工单一套", "课程标准修订建议一份"]))),
            result: passed.then(|| match hand.rng.between(1, 10) {
                1 | 2 => PracticeResult::Excellent,
                3..=7 => PracticeResult::Good,
                _ => PracticeResult::Passed,
            }),
            five_years: passed.then(|| Decimal(i64::from(hand.rng.between(42, 96)))),
            files: Default::default(),
        });
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}
