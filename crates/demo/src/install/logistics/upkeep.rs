//! Upkeep (财产与能耗): each room once a month, each meter once a month.

use anyhow::Result;
use calendar::Every;
use chrono::{Datelike, NaiveDate};
use kernel::app::Scope;
use kernel::register::field::{Decimal, LongText, Money, Ref};
use people::Room;
use safety::upkeep::{DamageCause, Meter, MeterKind, MeterReading, PropertyCheck, PropertyState};
use uuid::Uuid;

use super::super::days::OFFICE_HOURS;
use super::super::people::prepared;
use super::super::world::{Hand, World};
use super::super::write::Batch;
use super::{clerk, plus};

/// Which item is damaged, what, why.
const DAMAGES: &[(usize, &str, DamageCause)] = &[
    (1, "一把椅子椅面松动，一张课桌桌斗变形", DamageCause::Wear),
    (0, "后门锁舌不能回弹", DamageCause::Wear),
    (2, "前排一支灯管不亮", DamageCause::Wear),
    (3, "投影幕布无法收起", DamageCause::Unknown),
    (5, "展板边框被撕开", DamageCause::Careless),
    (1, "一张课桌桌面被刻画", DamageCause::Wilful),
];
/// Meters: kind, place, multiplier, price in ten-thousandths of a yuan, use a month (in whole units of the dial).
const METERS: &[(MeterKind, &str, i64, i64, u32)] = &[
    (MeterKind::Electricity, "明理楼总表", 40, 5483, 520),
    (MeterKind::Electricity, "致远楼总表", 40, 5483, 480),
    (MeterKind::Electricity, "匠心楼总表", 80, 5483, 610),
    (MeterKind::Electricity, "启航楼总表", 80, 5483, 540),
    (MeterKind::Electricity, "尚技楼总表", 80, 5483, 390),
    (MeterKind::Electricity, "汇智楼总表", 40, 5483, 430),
    (MeterKind::Electricity, "春晖公寓总表", 60, 5183, 640),
    (MeterKind::Electricity, "秋实公寓总表", 60, 5183, 620),
    (MeterKind::Electricity, "知味餐厅总表", 60, 5483, 510),
    (MeterKind::Electricity, "逐日体育馆总表", 20, 5483, 210),
    (MeterKind::Water, "教学区总表", 1, 31_500, 1850),
    (MeterKind::Water, "实训区总表", 1, 31_500, 760),
    (MeterKind::Water, "春晖公寓总表（水）", 1, 31_500, 2900),
    (MeterKind::Water, "秋实公寓总表（水）", 1, 31_500, 2750),
    (MeterKind::Water, "知味餐厅总表（水）", 1, 31_500, 1600),
    (MeterKind::Water, "绿化与消防总表", 1, 31_500, 420),
    (MeterKind::Gas, "知味餐厅燃气表", 1, 36_800, 5200),
];

/// Writes both.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    property(scope, world).await?;
    energy(scope, world).await
}

async fn property(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("property_check");
    let mut batch = Batch::new();
    let days = &world.days;
    let mut rooms: Vec<(Uuid, i64, Option<usize>)> = vec![];
    for (at, room) in world.school.rooms.iter().enumerate() {
        let class = world.school.classes.iter().position(|class| class.room == at);
        rooms.push((world.ids.rooms[at], i64::from(room.seats) * 2 + 12, class));
    }
    for (at, room) in world.school.training_rooms.iter().enumerate() {
        rooms.push((world.ids.sites[at], i64::from(room.stations) + 20, None));
    }
    for window in days.windows(1, Every::Month) {
        let running = !days.is_past(&window);
        for (nth, (room, items, class)) in rooms.iter().enumerate() {
            // The running month is not through, and one room is overlooked now and then.
            let left_out = if running {
                hand.rng.chance(25)
            } else {
                hand.rng.chance(1)
            };
            let Some(day) = days
                .pick(&mut hand.rng, window.from, window.to)
                .filter(|_| !left_out)
            else {
                continue;
            };
            let damage = hand.rng.chance(2).then(|| DAMAGES[nth % DAMAGES.len()]);
            let room = Ref::<Room>::new(*room);
            let record = check(world, &mut hand, (room, *items, *class), day, damage);
            batch.add(&record, days.at(&mut hand.rng, day, OFFICE_HOURS));
        }
    }
    batch.write(scope).await
}

fn check(
    world: &World,
    hand: &mut Hand,
    (room, items, class): (Ref<Room>, i64, Option<usize>),
    day: NaiveDate,
    damage: Option<(usize, &'static str, DamageCause)>,
) -> PropertyCheck {
    let mut states = [PropertyState::Intact; 6];
    if let Some((item, _, _)) = damage {
        states[item] = PropertyState::Damaged;
    }
    let [doors, desks, lights, media, cooling, walls] = states;
    let checker = match class {
        Some(class) => world.school.classes[class].head_teacher,
        None => clerk(world, hand, "总务处"),
    };
    let wait = hand.rng.between(1, 6);
    let wilful = damage.is_some_and(|(_, _, cause)| cause == DamageCause::Wilful);
    PropertyCheck {
        room,
        checked_on: day,
        checker: world.staff(checker),
        class: class.map(|at| world.class(at)),
        doors,
        desks,
        lights,
        media,
        cooling,
        walls,
        items,
        intact: items - damage.map_or(0, |_| i64::from(hand.rng.between(1, 2))),
        damaged: None,
        result: None,
        damage: damage.map(|(_, what, _)| LongText(what.into())),
        cause: damage.map(|(_, _, cause)| cause),
        compensation: wilful.then_some(Money(6_000)),
        mended_on: damage
            .map(|_| plus(day, wait))
            .filter(|on| *on < world.days.today),
        photos: Default::default(),
    }
}

async fn energy(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("meter");
    let (mut meters, mut readings) = (Batch::new(), Batch::new());
    let days = &world.days;
    let reader = clerk(world, &mut hand, "总务处");
    for (nth, (kind, place, multiplier, price, monthly)) in METERS.iter().enumerate() {
        let start = i64::from(hand.rng.between(2_000, 60_000)) * 100;
        let meter = Meter {
            number: format!(
                "{}{:03}",
                ["D", "S", "R"][usize::from(nth >= 10) + usize::from(nth >= 16)],
                nth + 1
            ),
            kind: *kind,
            place: (*place).into(),
            unit: None,
            multiplier: *multiplier,
            price: Decimal(*price),
            installed_on: days.term.start() - chrono::Days::new(900),
            first_reading: Decimal(0),
            keeper: Some(world.staff(reader)),
            active: true,
        };
        let id = meters.add(&meter, prepared(days, &mut hand));
        let (mut dial, mut last) = (start, None);
        for window in days.windows(1, Every::Month) {
            // Read in the last week of the month, the running month not yet.
            if !days.is_past(&window) && window.to.day() > days.today.day() + 3 {
                continue;
            }
            let Some(day) = days
                .between(window.from, window.to)
                .iter()
                .rev()
                .nth(nth % 3)
                .copied()
            else {
                continue;
            };
            let leap = nth == 12 && last.is_some();
            let turned = i64::from(monthly * hand.rng.between(88, 112)) * if leap { 2 } else { 1 };
            let record = MeterReading {
                meter: Ref::new(id),
                kind: *kind,
                read_on: day,
                previous: Decimal(dial),
                current: Decimal(dial + turned),
                multiplier: *multiplier,
                before_change: None,
                used: None,
                price: Decimal(*price),
                amount: None,
                last_month: last.map(Decimal),
                remark: leap.then(|| "一楼淋浴间管道渗漏，已报修".to_owned()),
                reader: world.staff(reader),
                photos: Default::default(),
            };
            readings.add(&record, days.at(&mut hand.rng, day, (15, 15)));
            dial += turned;
            last = Some(turned * multiplier);
        }
    }
    meters.write(scope).await?;
    readings.write(scope).await
}
