//! 6S checks of the training rooms (6S检查), every week, with their trend.

use ::teaching::{SixSCheck, SixSLevel};
use anyhow::Result;
use chrono::Days as Count;
use kernel::app::Scope;
use kernel::register::field::LongText;

use crate::install::days::OFFICE_HOURS;
use crate::install::world::{Hand, World};
use crate::install::write::Batch;

/// Rooms that began badly and got better, one that gets worse, and rooms that were not checked in a week.
const WEAK: &[usize] = &[3, 17];
const SINKING: usize = 27;
const MISSED: &[(usize, u8)] = &[(5, 4), (12, 6), (21, 8), (28, 9)];
/// Of a hundred checks owed in the running week, those made so far.
const KEPT_SO_FAR: u32 = 50;
/// Points below which a room has to be put right.
const LINE: i64 = 70;
/// The most each of the six items can have.
const FULL: [i64; 6] = [15, 20, 15, 15, 15, 20];

/// Writes the checks.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("six_s_check");
    let mut batch = Batch::new();
    let days = &world.days;
    let office = world.office_staff("实训处");
    for (at, room) in world.school.training_rooms.iter().enumerate() {
        let mut previous = None;
        for week in days.weeks() {
            let running = days.term.week_of(days.today) == Some(week);
            let kept = !MISSED.contains(&(at, week)) && (!running || hand.rng.chance(KEPT_SO_FAR));
            let Some(day) = hand.day(days.week(week)).filter(|_| kept) else {
                continue;
            };
            let lost: i64 = match at {
                SINKING => 1 + i64::from(week) / 2,
                _ if WEAK.contains(&at) => (7 - i64::from(week) / 2).max(2),
                _ => i64::from(hand.rng.between(1, 3)),
            };
            let items = FULL.map(|full| full - (lost + i64::from(hand.rng.between(0, 1))).min(full));
            let total: i64 = items.iter().sum();
            let level = match week % 4 {
                0 => SixSLevel::School,
                _ if hand.rng.chance(30) => SixSLevel::Own,
                _ => SixSLevel::Department,
            };
            let checker = match level {
                SixSLevel::School => *hand.rng.pick(&office),
                SixSLevel::Department => world.school.departments[room.department].head,
                SixSLevel::Own => room.keeper,
            };
            let low = total < LINE;
            let age = days.age(day);
            let state = match (low, age) {
                (_, ..=2) => "待公布",
                (false, _) => "已公布",
                // The sinking room is late by now.
                (true, ..=16) => "待整改",
                (true, 17..=24) => "待复查",
                (true, _) => "已整改",
            };
            let asked = low && state != "待公布";
            let [sort, order, shine, standard, sustain, safety] = items;
            let record = SixSCheck {
                room: world.training_room(at),
                checked_on: day,
                level,
                checker: world.staff(checker),
                keeper: world.staff(room.keeper),
                sort,
                order,
                shine,
                standard,
                sustain,
                safety,
                total: None,
                grade: None,
                previous,
                trend: None,
                problem: asked.then(|| LongText("工具柜未定位标识，地面有积屑，通道堆物；限期整改".into())),
                due: asked.then(|| day + Count::new(7)),
                mended: (asked && state != "待整改")
                    .then(|| LongText("重新划线定位，补齐标识，清理通道，安排每日值日".into())),
                photos: Default::default(),
            };
            batch.add_in(state, &record, days.at(&mut hand.rng, day, OFFICE_HOURS));
            previous = Some(total);
        }
    }
    batch.write(scope).await
}
