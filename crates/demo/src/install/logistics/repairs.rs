//! Repairs (报修): reported, assigned, mended, rated, a few late.

use anyhow::Result;
use chrono::NaiveDate;
use governance::affairs::{Repair, RepairKind, RepairRating, RepairUrgency};
use kernel::app::Scope;
use kernel::register::field::{LongText, Money, Ref};

use super::super::days::OFFICE_HOURS;
use super::super::world::{Hand, World};
use super::super::write::Batch;
use super::assets::Known;
use super::{clerk, plus};

/// Kind, urgency, fault, what was done.
const FAULTS: &[(RepairKind, RepairUrgency, &str, &str)] = &[
    (
        RepairKind::Electric,
        RepairUrgency::Soon,
        "前排两支灯管闪烁",
        "更换灯管和镇流器",
    ),
    (
        RepairKind::Electric,
        RepairUrgency::Now,
        "讲台插座冒火花",
        "断电，更换插座并检查线路",
    ),
    (
        RepairKind::Water,
        RepairUrgency::Soon,
        "洗手池龙头滴水",
        "更换阀芯",
    ),
    (
        RepairKind::Water,
        RepairUrgency::Now,
        "楼层水管爆裂，走廊积水",
        "关阀抢修，更换管段",
    ),
    (
        RepairKind::Door,
        RepairUrgency::Soon,
        "后门锁打不开",
        "更换锁芯，配钥匙三把",
    ),
    (
        RepairKind::Door,
        RepairUrgency::Later,
        "窗户限位器脱落",
        "补装限位器",
    ),
    (
        RepairKind::Furniture,
        RepairUrgency::Later,
        "三把课椅椅脚松动",
        "加固焊接",
    ),
    (
        RepairKind::Media,
        RepairUrgency::Soon,
        "智慧黑板触控不灵",
        "重新校准并升级系统",
    ),
    (
        RepairKind::Media,
        RepairUrgency::Soon,
        "扩音器没有声音",
        "更换音频线",
    ),
    (
        RepairKind::Network,
        RepairUrgency::Soon,
        "教室网络时断时续",
        "更换交换机端口和跳线",
    ),
    (
        RepairKind::Cooling,
        RepairUrgency::Later,
        "空调制热效果差",
        "清洗滤网，补充制冷剂",
    ),
    (
        RepairKind::Dormitory,
        RepairUrgency::Soon,
        "寝室热水器不出热水",
        "更换温控器",
    ),
    (
        RepairKind::Fire,
        RepairUrgency::Now,
        "消火栓箱门变形打不开",
        "校正箱门，检查水带",
    ),
    (
        RepairKind::Building,
        RepairUrgency::Later,
        "墙面瓷砖空鼓",
        "铲除重贴",
    ),
    (
        RepairKind::Training,
        RepairUrgency::Soon,
        "机床急停按钮失灵",
        "更换按钮并试机",
    ),
];
/// Number of repairs.
const COUNT: usize = 230;

/// Writes the repairs.
pub async fn write(scope: &Scope, world: &World, assets: &[Known]) -> Result<()> {
    let mut hand = Hand::new("repair");
    let mut batch = Batch::new();
    let days = &world.days;
    let mut dates: Vec<NaiveDate> = (0..COUNT).map(|_| days.any(&mut hand.rng)).collect();
    dates.sort();
    for day in dates {
        let (record, state) = repair(world, &mut hand, assets, day);
        batch.add_in(state, &record, days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}

fn repair(world: &World, hand: &mut Hand, assets: &[Known], day: NaiveDate) -> (Repair, &'static str) {
    let days = &world.days;
    let (kind, urgency, fault, done) = *hand.rng.pick(FAULTS);
    let class = &world.school.classes[hand.rng.below(world.school.classes.len())];
    let thing = matches!(
        kind,
        RepairKind::Media | RepairKind::Cooling | RepairKind::Training
    )
    .then(|| hand.rng.pick(assets));
    let (room, place) = match (kind, thing) {
        (RepairKind::Dormitory, _) => (
            None,
            format!(
                "春晖公寓{}{:02}寝室",
                hand.rng.between(1, 6),
                hand.rng.between(1, 24)
            ),
        ),
        (RepairKind::Fire | RepairKind::Building, _) => (
            None,
            format!(
                "{}{}层走廊",
                hand.words(&["明理楼", "致远楼", "匠心楼"]),
                hand.rng.between(1, 4)
            ),
        ),
        (_, Some(thing)) => (Some(thing.room), "讲台一侧".to_owned()),
        _ => (
            Some(world.room(class.room)),
            world.school.rooms[class.room].name.clone(),
        ),
    };
    let network = matches!(kind, RepairKind::Network | RepairKind::Media);
    let worker = if network {
        clerk(world, hand, "信息中心")
    } else {
        clerk(world, hand, "总务处")
    };
    let allowed = match urgency {
        RepairUrgency::Now => 0,
        RepairUrgency::Soon => 3,
        RepairUrgency::Later => 7,
    };
    let late = hand.rng.chance(7);
    let wait = if late {
        allowed + hand.rng.between(1, 4)
    } else {
        hand.rng.between(0, allowed)
    };
    let finished = Some(plus(day, wait)).filter(|on| *on < days.today && !(days.age(day) < 12 && late));
    let rated = finished.is_some_and(|on| days.age(on) > 3) && !hand.rng.chance(4);
    let refused = hand.rng.chance(2);
    let state = match finished {
        _ if refused => "不予维修",
        None if days.age(day) < 1 => "待派工",
        None => "待维修",
        Some(_) if rated => "已完成",
        Some(_) => "待评价",
    };
    let finished = finished.filter(|_| !refused);
    let record = Repair {
        reported_on: day,
        reporter: world.staff(class.head_teacher),
        room,
        place,
        kind,
        urgency,
        fault: LongText(fault.into()),
        asset: thing.map(|thing| Ref::new(thing.id)),
        phone: None,
        photos: Default::default(),
        due: None,
        worker: (state != "待派工" && !refused).then(|| world.staff(worker)),
        finished_on: finished,
        result: finished.map(|_| LongText(done.into())),
        cost: finished.map(|_| Money(i64::from(hand.rng.between(0, 36)) * 1_000)),
        rating: (state == "已完成").then(|| match hand.rng.between(1, 100) {
            1..=84 => RepairRating::Satisfied,
            85..=96 => RepairRating::Fair,
            _ => RepairRating::Poor,
        }),
        comment: None,
    };
    (record, state)
}
