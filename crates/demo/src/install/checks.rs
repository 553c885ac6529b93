//! Safety checks of training rooms (实训室安全检查), as often as the safety class asks.

use anyhow::Result;
use calendar::{Every, Occurrence};
use kernel::app::Scope;
use kernel::register::field::LongText;
use teaching::{CheckLevel, CheckResult, TrainingRoomCheck};

use super::days::OFFICE_HOURS;
use super::world::{Hand, World};
use super::write::Batch;
use crate::catalog::SafetyClass;

use kernel::register::field::Ref;

/// Of a hundred checks owed of rooms of the classes that slip at times, those made.
const KEPT: u32 = 96;
/// Of a hundred checks owed in the running window, those made so far.
const KEPT_SO_FAR: u32 = 45;
/// Of a hundred checks, those that found something.
const FAULTY: u32 = 13;

/// How often departments and the school check rooms of a class.
fn cycles(class: SafetyClass) -> (Every, Every) {
    match class {
        SafetyClass::I => (Every::Week, Every::Month),
        SafetyClass::II | SafetyClass::III => (Every::HalfMonth, Every::Term),
        SafetyClass::IV => (Every::Month, Every::Year),
    }
}

/// Writes the checks.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("training_room_check");
    let mut batch = Batch::new();
    for (at, room) in world.school.training_rooms.iter().enumerate() {
        let (department, school) = cycles(room.safety);
        for (level, every) in [(CheckLevel::Department, department), (CheckLevel::School, school)] {
            for window in world.days.windows(1, every) {
                one(world, &mut hand, &mut batch, (at, level), &window);
            }
        }
    }
    batch.write(scope).await
}

fn one(
    world: &World,
    hand: &mut Hand,
    batch: &mut Batch<TrainingRoomCheck>,
    (at, level): (usize, CheckLevel),
    window: &Occurrence,
) {
    let days = &world.days;
    let slips = matches!(
        world.school.training_rooms[at].safety,
        SafetyClass::I | SafetyClass::III
    );
    let kept = match (days.is_past(window), slips) {
        (true, true) => KEPT,
        (true, false) => 100,
        (false, _) => KEPT_SO_FAR,
    };
    let day = days.pick(&mut hand.rng, window.from, window.to);
    let Some(day) = day.filter(|_| hand.rng.chance(kept)) else {
        return;
    };
    let room = &world.school.training_rooms[at];
    let checker = match level {
        CheckLevel::Department if hand.rng.chance(60) => room.keeper,
        CheckLevel::Department => world.school.departments[room.department].head,
        CheckLevel::School => *hand.rng.pick(&world.office_staff("实训处")),
    };
    let mut items = [CheckResult::Good; 5];
    let faulty = hand.rng.chance(FAULTY).then(|| hand.rng.below(items.len()));
    if let Some(item) = faulty {
        items[item] = CheckResult::Faulty;
    }
    const PROBLEMS: [(&str, &str); 5] = [
        ("插线板串接，配电箱未上锁", "取消串接，配电箱加锁并贴标识"),
        ("防护罩松动，操作规程上墙缺一处", "紧固防护罩，补齐操作规程"),
        ("灭火器前堆放物品，通道不足", "清空通道，划线定位"),
        ("溶剂瓶标签脱落，领用登记不全", "重贴标签，补登记并双人核对"),
        ("工位未整理，工具未归位", "当日整改，纳入班级6S考核"),
    ];
    let wait = hand.rng.between(1, 5) as usize;
    let mended_on = faulty.and(days.after(day, wait));
    let [electricity, machines, fire, chemicals, order] = items;
    let record = TrainingRoomCheck {
        room: Ref::new(world.ids.training_rooms[at]),
        checked_on: day,
        level,
        checker: world.staff(checker),
        electricity,
        machines,
        fire,
        chemicals,
        order,
        result: if faulty.is_some() {
            CheckResult::Faulty
        } else {
            CheckResult::Good
        },
        problem: faulty.map(|item| LongText(PROBLEMS[item].0.into())),
        mended_on,
        mended: mended_on
            .and(faulty)
            .map(|item| LongText(PROBLEMS[item].1.into())),
        photos: Default::default(),
    };
    batch.add(&record, days.at(&mut hand.rng, day, OFFICE_HOURS));
}
