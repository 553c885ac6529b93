//! Health cards of the majors (专业健康卡) for the school year that lies behind.

use ::teaching::MajorYear;
use anyhow::Result;
use kernel::app::Scope;
use kernel::register::field::{LongText, Money};

use super::majors::leader;
use super::{Taught, TermAt};
use crate::Unit;
use crate::install::days::OFFICE_HOURS;
use crate::install::world::{Hand, World};
use crate::install::write::Batch;

/// Majors that do badly in some share, and one that does badly in three.
const WEAK: &[usize] = &[4, 8, 11, 13];
const SICK: usize = 13;
/// Majors whose card is not there yet.
const MISSING: &[usize] = &[5];

/// Writes the cards.
pub async fn write(scope: &Scope, world: &World, taught: &Taught) -> Result<()> {
    let mut hand = Hand::new("major_year");
    let mut batch = Batch::new();
    let year = TermAt::now(world).year;
    for (at, major) in world.school.majors.iter().enumerate() {
        if MISSING.contains(&at) {
            continue;
        }
        let rng = &mut hand.rng;
        let classes: Vec<usize> = (0..world.school.classes.len())
            .filter(|class| world.school.classes[*class].major == at)
            .collect();
        let students: i64 = classes
            .iter()
            .map(|class| world.pupils[*class].len() as i64)
            .sum();
        let yearly = (students / 3).max(1);
        let (weak, sick) = (WEAK.contains(&at), at == SICK);
        let share = |rng: &mut crate::Rng, whole: i64, low: u32, high: u32| {
            (whole * i64::from(rng.between(low, high)) + 99) / 100
        };
        let enrolled = if sick {
            share(rng, yearly, 55, 68)
        } else {
            share(rng, yearly, 92, 100)
        };
        let placed = share(rng, yearly, 95, 99);
        let employed = share(rng, placed, 25, 55);
        let matched = if weak {
            share(rng, employed, 42, 54)
        } else {
            share(rng, employed, 68, 88)
        };
        let teachers = (world.members(Unit::Department(major.department)).len() as i64 / 2).max(3);
        let dual = if sick {
            teachers / 4
        } else {
            share(rng, teachers, 45, 80)
        };
        let day = world.days.in_week(rng.between(2, 5) as u8);
        let record = MajorYear {
            major: taught.major(at),
            year: year - 1,
            filled_on: day,
            filler: world.staff(leader(world, major.department, at)),
            planned: yearly,
            enrolled,
            students,
            graduates: yearly,
            placed,
            employed,
            matched,
            certified: share(rng, yearly, 78, 96),
            teachers,
            dual,
            equipment: Money(students * i64::from(rng.between(2_800, 9_500)) * 100),
            partners: rng.between(3, 9).into(),
            awards: rng.between(0, 6).into(),
            enrolment_rate: None,
            placement_rate: None,
            match_rate: None,
            certified_rate: None,
            dual_rate: None,
            equipment_each: None,
            health: None,
            measures: Some(LongText(
                if weak {
                    "与两家企业签订岗位实习与就业协议；安排教师下企业实践；调整课程，突出岗位核心技能"
                } else {
                    "保持现有做法，按计划补充实训设备"
                }
                .into(),
            )),
        };
        let state = match at {
            2 | 9 => "待审核",
            11 => "已退回",
            _ => "已审核",
        };
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}
