//! Emergency drills (应急演练): each month the whole school, besides departments and dormitories.

use anyhow::Result;
use calendar::Every;
use chrono::{Datelike, NaiveDate};
use kernel::app::Scope;
use kernel::register::field::{LongText, Ref};
use safety::{Drill, DrillGrade, DrillKind};

use super::super::days::OFFICE_HOURS;
use super::super::world::{Hand, World};
use super::super::write::Batch;
use super::{clerk, plus};

/// Drills of the whole school, in turn.
const CAMPUS: &[(DrillKind, &str, i64, &str)] = &[
    (
        DrillKind::Fire,
        "明理楼、致远楼",
        120,
        "二楼教室电气起火，拉响警报，各班按疏散图到田径场集合",
    ),
    (
        DrillKind::Quake,
        "全校教学区",
        150,
        "听到第一遍警报就地避险，第二遍警报按路线撤到操场",
    ),
    (
        DrillKind::Intruder,
        "校门口",
        60,
        "不明身份人员强行进校，门卫处置并一键报警，师生就近避险",
    ),
    (
        DrillKind::Crush,
        "明理楼东楼梯",
        180,
        "下操返班高峰在楼梯分段放行，模拟有人跌倒后的处置",
    ),
];
/// Others: kind, place, office in charge, week, scenario.
const OTHERS: &[(DrillKind, &str, &str, u8, &str)] = &[
    (
        DrillKind::Dormitory,
        "春晖公寓",
        "学生处",
        3,
        "夜间二楼寝室充电器起火，宿管组织按寝室疏散清点",
    ),
    (
        DrillKind::Dormitory,
        "秋实公寓",
        "学生处",
        4,
        "熄灯后停电，应急照明下有序疏散",
    ),
    (
        DrillKind::Food,
        "知味餐厅",
        "总务处",
        5,
        "午餐后多名学生呕吐，封存留样、送医、上报、安抚",
    ),
    (
        DrillKind::Training,
        "启航楼",
        "实训处",
        6,
        "机床卷入手套，停机断电、止血包扎、送医",
    ),
    (
        DrillKind::Chemical,
        "尚技楼",
        "实训处",
        8,
        "喷漆房溶剂泄漏，通风、围堵、撤离、清点",
    ),
    (
        DrillKind::Lift,
        "汇智楼",
        "总务处",
        9,
        "电梯停在四五层之间，安抚、联系维保、救援",
    ),
    (
        DrillKind::Epidemic,
        "卫生室",
        "总务处",
        7,
        "晨检发现同班三名学生发热，隔离、通知、上报、消毒",
    ),
];
const COURSES: &[&str] = &[
    "警报后各楼层疏导员到位，学生弯腰捂鼻按路线撤离，集合后逐班清点上报",
    "按预案分组处置，通信、疏散、救护、警戒各组到位，结束后当场点评",
    "信号发出后响应迅速，个别班级在楼梯口并行，疏导员及时分流",
];
const LESSONS: &[&str] = &[
    "一楼出口处有短时拥堵，下次分两个出口放行，疏导员提前一分钟到位",
    "部分学生边走边说笑，班会课再讲要领，纳入班级量化",
    "集合点清点用时偏长，统一用举牌报数的办法",
    "应急广播在致远楼五层听不清，已报总务处检修",
];

/// Writes the drills.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("drill");
    let mut batch = Batch::new();
    let days = &world.days;
    let head = world.head_of("安全办");
    for (nth, window) in days.windows(1, Every::Month).into_iter().enumerate() {
        let (kind, place, target, plan) = CAMPUS[nth % CAMPUS.len()];
        if let Some(day) = days.pick(&mut hand.rng, window.from, window.to) {
            let planned = planned(world, day, (kind, place, target, plan), head);
            hold(world, &mut hand, &mut batch, planned, 2400);
        }
    }
    for (kind, place, office, week, plan) in OTHERS {
        let Some(day) = hand.day(days.week(*week)) else {
            continue;
        };
        let chief = world.head_of(office);
        let planned = planned(world, day, (*kind, *place, 240, *plan), chief);
        hold(world, &mut hand, &mut batch, planned, 320);
    }
    for department in 0..world.school.departments.len() {
        let week = 4 + u8::try_from(department).unwrap_or(0);
        let Some(day) = hand.day(days.week(week)) else {
            continue;
        };
        let chief = world.school.departments[department].head;
        let mut record = planned(
            world,
            day,
            (
                DrillKind::Training,
                "系部实训楼",
                150,
                "实训室电气短路起烟，断电、疏散、点名、灭火器扑救",
            ),
            chief,
        );
        record.unit = Some(world.department(department));
        // One is overdue, one was called off.
        match department {
            4 => {
                batch.add_in("待演练", &record, days.at(&mut hand.rng, day, OFFICE_HOURS));
            }
            5 => {
                batch.add_in("已取消", &record, days.at(&mut hand.rng, day, OFFICE_HOURS));
            }
            _ => hold(world, &mut hand, &mut batch, record, 180),
        }
    }
    for (ahead, nth) in [(4, 1), (9, 0)] {
        let (kind, place, target, plan) = CAMPUS[nth];
        let record = planned(world, plus(days.today, ahead), (kind, place, target, plan), head);
        batch.add(&record, days.at(&mut hand.rng, days.today, OFFICE_HOURS));
    }
    batch.write(scope).await
}

fn planned(
    world: &World,
    day: NaiveDate,
    (kind, place, target, plan): (DrillKind, &str, i64, &str),
    chief: usize,
) -> Drill {
    Drill {
        planned_on: day,
        kind,
        unit: None,
        place: place.into(),
        commander: world.staff(chief),
        plan: LongText(plan.into()),
        target_seconds: target,
        held_on: None,
        students: None,
        staff: None,
        seconds: None,
        injured: None,
        course: None,
        grade: None,
        improvement: None,
        files: Default::default(),
    }
}

fn hold(world: &World, hand: &mut Hand, batch: &mut Batch<Drill>, mut record: Drill, students: u32) {
    let days = &world.days;
    let day = record.planned_on;
    let timed = matches!(
        record.kind,
        DrillKind::Fire | DrillKind::Quake | DrillKind::Crush | DrillKind::Dormitory | DrillKind::Training
    );
    let slow = hand.rng.chance(15);
    let share = if slow {
        hand.rng.between(103, 125)
    } else {
        hand.rng.between(72, 99)
    };
    record.held_on = Some(day);
    record.students = Some(i64::from(students * hand.rng.between(88, 98) / 100));
    record.staff = Some(i64::from(students / hand.rng.between(14, 18)));
    record.seconds = timed.then(|| record.target_seconds * i64::from(share) / 100);
    record.injured = Some(0);
    record.course = Some(LongText(hand.words(COURSES).into()));
    let state = if days.age(day) > 4 {
        record.grade = Some(match (slow, day.day() % 3) {
            (true, _) => DrillGrade::Passed,
            (_, 0) => DrillGrade::Excellent,
            _ => DrillGrade::Good,
        });
        record.improvement = Some(LongText(hand.words(LESSONS).into()));
        "已完成"
    } else {
        "待评估"
    };
    if hand.rng.chance(50) {
        record.commander = Ref::new(world.ids.staff[clerk(world, hand, "安全办")]);
    }
    batch.add_in(state, &record, days.at(&mut hand.rng, day, OFFICE_HOURS));
}
