//! Training bases (校内实训基地), projects (实训项目), the log of each use (使用记录) and what students did (教学过程).

use std::collections::HashMap;

use ::teaching::{
    BaseStatus, LogState, LogUse, ProjectStatus, TrainingBase, TrainingLog, TrainingProcess, TrainingProject,
};
use anyhow::Result;
use chrono::{Days as Count, NaiveDate};
use kernel::app::Scope;
use kernel::register::field::{Decimal, LongText, Ref};
use uuid::Uuid;

use super::slots::Practical;
use super::{Taught, TermAt};
use crate::install::days::OFFICE_HOURS;
use crate::install::held::events::instead_of;
use crate::install::people::{code, prepared};
use crate::install::world::{Hand, World};
use crate::install::write::Batch;

/// Bases: name, kind, majors it is for.
const BASES: &[(&str, &str)] = &[
    ("智能制造实训基地", "3"),
    ("信息技术虚拟仿真实训中心", "2"),
    ("现代商贸实训基地", "9"),
    ("汽车维修生产性实训基地", "3"),
    ("旅游烹饪实训基地", "3"),
    ("建筑艺术实训基地", "9"),
];
/// What the projects of a course are called and ask for.
const PARTS: &[(&str, &str)] = &[
    ("安全规范与设备认识", "能说出危险源和操作禁令，会开关机和点检"),
    ("单项技能训练", "能按工艺或流程独立完成单项任务，结果符合要求"),
    ("综合任务", "能按工单完成综合任务，会自检、填写记录、整理工位"),
];
/// Of a hundred uses, those that were logged, and about how many the demo needs at most.
const LOGGED: usize = 94;
const MOST: usize = 1400;
/// Classes whose students' results were entered.
const RESULTS: usize = 10;

/// Writes all four.
pub async fn write(scope: &Scope, world: &World, taught: &Taught, lessons: &[Practical]) -> Result<()> {
    let projects = projects(scope, world, taught, lessons).await?;
    bases(scope, world, projects.len()).await?;
    logs(scope, world, lessons, &projects).await?;
    processes(scope, world, taught, lessons, &projects).await
}

async fn bases(scope: &Scope, world: &World, projects: usize) -> Result<()> {
    let mut hand = Hand::new("training_base");
    let mut batch = Batch::new();
    for (department, (name, kind)) in BASES.iter().enumerate() {
        let rooms: Vec<_> = world
            .school
            .training_rooms
            .iter()
            .filter(|room| room.department == department)
            .collect();
        let stations: i64 = rooms.iter().map(|room| i64::from(room.stations)).sum();
        let majors: Vec<&str> = world
            .school
            .majors
            .iter()
            .filter(|major| major.department == department)
            .map(|major| major.name)
            .collect();
        let founded = 2006 + department as i64 * 2;
        let record = TrainingBase {
            number: format!("SXJD{:02}", department + 1),
            name: (*name).into(),
            unit: world.department(department),
            leader: world.staff(world.school.departments[department].head),
            kind: code(kind),
            founded: Some(founded),
            approved_on: NaiveDate::from_ymd_opt(founded as i32, 6, 15).expect("a day"),
            support: matches!(department, 0 | 3).then(|| code("2")),
            level: Some(code(if matches!(department, 0 | 3) { "20" } else { "60" })),
            majors: Some(majors.join("、")),
            rooms: rooms.len() as i64,
            projects: (projects / BASES.len()).max(1) as i64,
            area: Some(Decimal(stations * 62)),
            machines: Some(stations * 2),
            stations: Some(stations),
            keepers: Some(hand.rng.between(1, 3).into()),
            part_keepers: Some(rooms.len() as i64),
            partner: Some(world.school.companies[department * 8].clone()),
            services: Some(LongText("对外开展技能培训、技能等级认定和职业体验".into())),
            status: BaseStatus::Running,
        };
        batch.add(&record, prepared(&world.days, &mut hand));
    }
    batch.write(scope).await
}

/// The projects of each plan that has lessons in a training room; gives their ids by plan.
async fn projects(
    scope: &Scope,
    world: &World,
    taught: &Taught,
    lessons: &[Practical],
) -> Result<HashMap<usize, Vec<Uuid>>> {
    let mut hand = Hand::new("training_project");
    let mut batch = Batch::new();
    let mut ids: HashMap<usize, Vec<Uuid>> = HashMap::new();
    let term = TermAt::now(world);
    let mut number = 0;
    for lesson in lessons {
        let plan = &taught.plans[lesson.plan];
        let Some(major) = plan.major.filter(|_| !ids.contains_key(&lesson.plan)) else {
            continue;
        };
        let course = &world.school.courses[plan.course];
        let room = &world.school.training_rooms[lesson.room];
        for (nth, (part, skills)) in PARTS.iter().enumerate() {
            number += 1;
            let status = match (nth, number % 29) {
                (_, 28) => ProjectStatus::Dropped,
                (2, _) => ProjectStatus::Planned,
                _ => ProjectStatus::Opened,
            };
            let record = TrainingProject {
                number: format!("XM{}{}{number:03}", term.year, term.code().0),
                name: format!("{}：{part}", course.name),
                major: taught.major(major),
                year: term.year,
                term: term.code(),
                plan: Some(taught.plan(lesson.plan)),
                leader: world.staff(plan.teacher),
                room: Some(world.training_room(lesson.room)),
                place: None,
                hours: [4, 16, 16][nth],
                modules: Some([1, 4, 3][nth]),
                group_size: if room.stations >= 40 { 1 } else { 2 },
                simulated: nth == 0 && number % 4 == 1,
                serves: false,
                task: Some((*part).into()),
                skills: Some(LongText((*skills).into())),
                exam: Some("过程考核60分，作品或结果40分，安全违规一票否决".into()),
                resource: Some(format!("{}任务工单", course.name)),
                safety: LongText(format!(
                    "注意{}；按规定着装，未经允许不开机，出现异常先停机断电再报告",
                    room.hazard
                )),
                status,
            };
            let id = batch.add(&record, prepared(&world.days, &mut hand));
            ids.entry(lesson.plan).or_default().push(id);
        }
    }
    batch.write(scope).await?;
    Ok(ids)
}

/// The uses the timetable foresaw, week by week.
async fn logs(
    scope: &Scope,
    world: &World,
    lessons: &[Practical],
    projects: &HashMap<usize, Vec<Uuid>>,
) -> Result<()> {
    let mut hand = Hand::new("training_log");
    let mut batch = Batch::new();
    let days = &world.days;
    let owed = lessons.len() * days.weeks().count();
    let logged = LOGGED.min(MOST * 100 / owed.max(1)) as u32;
    let mut written = 0;
    for week in days.weeks() {
        for lesson in lessons {
            let day = days.term.start() + Count::new(u64::from(week - 1) * 7 + lesson.weekday as u64);
            let held = days.between(day, day).contains(&day);
            let event = instead_of(world, lesson.class, day, lesson.period, lesson.periods);
            if !held || event || !hand.rng.chance(logged) {
                continue;
            }
            written += 1;
            let machines = match hand.rng.between(1, 100) {
                ..=5 => LogState::Minor,
                6..=8 => LogState::Broken,
                _ => LogState::Good,
            };
            let pupils = world.pupils[lesson.class].len() as i64;
            let part = usize::from(week > 3) + usize::from(week > 9);
            let remark = match machines {
                LogState::Broken => Some("一台设备异响，已停用挂牌并报修".to_owned()),
                LogState::Minor => Some("个别设备不能启动，重启后恢复".to_owned()),
                LogState::Good => hand.rng.chance(20).then(|| hand.texts.training_note()),
            };
            let record = TrainingLog {
                room: world.training_room(lesson.room),
                used_on: day,
                period: lesson.period,
                periods: lesson.periods,
                usage: LogUse::Lesson,
                class: Some(world.class(lesson.class)),
                project: projects.get(&lesson.plan).map(|ids| Ref::new(ids[part])),
                teacher: world.staff(lesson.teacher),
                present: pupils - i64::from(hand.rng.between(0, 2)),
                briefed: hand.rng.chance(98),
                tidied: hand.rng.chance(96),
                machines,
                remark: remark.map(LongText),
                student_lessons: None,
            };
            batch.add(&record, days.at(&mut hand.rng, day, OFFICE_HOURS));
        }
    }
    anyhow::ensure!(written > 0, "演示数据：没有实训室使用记录");
    batch.write(scope).await
}

/// What the students of some classes did in the first project of a course.
async fn processes(
    scope: &Scope,
    world: &World,
    taught: &Taught,
    lessons: &[Practical],
    projects: &HashMap<usize, Vec<Uuid>>,
) -> Result<()> {
    let mut hand = Hand::new("training_process");
    let mut batch = Batch::new();
    let mut seen = vec![];
    for lesson in lessons {
        let plan = &taught.plans[lesson.plan];
        let (Some(major), Some(ids)) = (plan.major, projects.get(&lesson.plan)) else {
            continue;
        };
        if seen.contains(&lesson.class) || seen.len() == RESULTS {
            continue;
        }
        seen.push(lesson.class);
        for (nth, project) in ids.iter().take(2).enumerate() {
            let day = world.days.in_week(3 + nth as u8 * 5);
            for student in &world.pupils[lesson.class] {
                let weak = hand.rng.chance(5);
                let score = if weak {
                    hand.rng.between(42, 59)
                } else {
                    hand.rng.between(62, 98)
                };
                let record = TrainingProcess {
                    project: Ref::new(*project),
                    major: taught.major(major),
                    student: world.student(*student),
                    used_on: day,
                    software: if nth == 0 {
                        "实训安全准入平台"
                    } else {
                        "无"
                    }
                    .into(),
                    hours: Decimal(if nth == 0 { 40 } else { 160 }),
                    score: Decimal(i64::from(score) * 10),
                    passed: None,
                    teacher: world.staff(lesson.teacher),
                    remark: weak.then(|| LongText("操作步骤不熟，课后补练一次".into())),
                };
                batch.add(&record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
            }
        }
    }
    batch.write(scope).await
}
