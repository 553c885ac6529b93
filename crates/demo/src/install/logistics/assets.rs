//! Assets (设备资产) and what becomes of old ones (资产处置).

use anyhow::Result;
use chrono::{Days as Count, NaiveDate};
use governance::affairs::{Asset, AssetCategory, AssetDisposal, AssetSource, DisposalCause, DisposalWay};
use kernel::app::Scope;
use kernel::register::field::{LongText, Money, Ref};
use people::{Room, Unit};
use uuid::Uuid;

use super::super::days::OFFICE_HOURS;
use super::super::people::prepared;
use super::super::world::{Hand, World};
use super::super::write::{Batch, id_at};
use super::purchases::Bought;

/// Of a training room: name, model, maker, yuan, years.
const MACHINES: &[(&str, &str, &str, u32, i64)] = &[
    ("教师机", "T5", "澜川", 5_200, 6),
    ("投影一体机", "PX-86", "岫拓", 18_600, 6),
    ("工具柜", "GJ-12", "榆衡", 1_380, 10),
    ("实训工位台", "SX-04", "汀瀚", 6_900, 8),
    ("空调", "KFR-72", "禾邦", 6_480, 8),
    ("监控摄像机", "IPC-4", "篱序", 860, 6),
];
/// Of a classroom.
const TEACHING: &[(&str, &str, &str, u32, i64)] = &[
    ("智慧黑板", "ZB-86", "岫拓", 16_200, 6),
    ("空调", "KFR-72", "禾邦", 6_480, 8),
    ("饮水机", "YS-3", "渚恒", 2_100, 6),
];

/// An asset others refer to: id, its room and keeper.
pub struct Known {
    /// Its id.
    pub id: Uuid,
    /// Where it stands.
    pub room: Ref<Room>,
}

/// A place with its things.
struct Place {
    unit: Ref<Unit>,
    room: Ref<Room>,
    keeper: usize,
    things: &'static [(&'static str, &'static str, &'static str, u32, i64)],
}

/// Writes both; gives the assets in use.
pub async fn write(scope: &Scope, world: &World, bought: &[Bought]) -> Result<Vec<Known>> {
    let mut hand = Hand::new("asset");
    let (mut batch, mut disposals, mut known) = (Batch::new(), Batch::new(), vec![]);
    let affairs = world.office("总务处");
    let storekeeper = world.office_staff("总务处")[0];
    let classrooms = world.school.classes.iter().map(|class| Place {
        unit: Ref::new(world.ids.offices[affairs]),
        room: world.room(class.room),
        keeper: storekeeper,
        things: TEACHING,
    });
    let training = world
        .school
        .training_rooms
        .iter()
        .enumerate()
        .map(|(at, room)| Place {
            unit: world.department(room.department),
            room: Ref::new(world.ids.sites[at]),
            keeper: room.keeper,
            things: MACHINES,
        });
    let mut number = 0;
    for place in training.chain(classrooms) {
        for (nth, thing) in place.things.iter().enumerate() {
            number += 1;
            let mut record = asset(world, &mut hand, &place, *thing, number);
            if let Some(purchase) = bought.get(number % 97).filter(|_| nth == 1 && number % 41 == 1) {
                record.purchase = Some(Ref::new(purchase.id));
                record.acquired_on = purchase.day;
                record.counted_on = None;
                record.matches = None;
            }
            let at = prepared(&world.days, &mut hand);
            let id = id_at(at);
            let old = (world.days.today - record.acquired_on).num_days() / 365;
            let state = match hand.rng.between(1, 100) {
                _ if old > record.years && hand.rng.chance(40) => {
                    disposal(world, &mut hand, &mut disposals, &mut record, id, place.keeper)
                }
                1..=3 => "闲置",
                4..=5 => "维修中",
                _ => "在用",
            };
            if state == "在用" {
                known.push(Known { id, room: place.room });
            }
            batch.add_as(id, Some(state), &record, at);
        }
    }
    batch.write(scope).await?;
    disposals.write(scope).await?;
    Ok(known)
}

fn asset(
    world: &World,
    hand: &mut Hand,
    place: &Place,
    (name, model, maker, yuan, years): (&'static str, &'static str, &'static str, u32, i64),
    number: usize,
) -> Asset {
    let start = world.days.term.start();
    let acquired = start - Count::new(u64::from(hand.rng.between(90, 3_200)));
    let counted = start + Count::new(u64::from(hand.rng.between(10, 24)));
    let counted = Some(counted).filter(|day| *day < world.days.today);
    let furniture = name.contains('柜') || name.contains('台');
    Asset {
        number: format!(
            "{}-{}-{number:05}",
            if furniture { "A05" } else { "A02" },
            acquired.format("%Y")
        ),
        name: name.into(),
        category: if furniture {
            AssetCategory::Furniture
        } else {
            AssetCategory::Equipment
        },
        model: Some(model.into()),
        maker: Some(maker.into()),
        serial: Some(format!("{model}{:06}", hand.rng.between(1, 999_999))),
        unit: place.unit,
        room: Some(place.room),
        keeper: world.staff(place.keeper),
        acquired_on: acquired,
        source: if hand.rng.chance(94) {
            AssetSource::Bought
        } else {
            AssetSource::Assigned
        },
        purchase: None,
        value: Money(i64::from(yuan) * i64::from(hand.rng.between(95, 105))),
        years,
        warranty_until: Some(acquired + Count::new(1_095)),
        counted_on: counted,
        matches: counted.map(|_| hand.rng.chance(99)),
        disposed_on: None,
        remark: None,
    }
}

/// Asks for the disposal of an old asset, the earlier the further it went; gives the state of the asset.
fn disposal(
    world: &World,
    hand: &mut Hand,
    batch: &mut Batch<AssetDisposal>,
    asset: &mut Asset,
    id: Uuid,
    keeper: usize,
) -> &'static str {
    let days = &world.days;
    let day = days.any(&mut hand.rng);
    let used = (day - asset.acquired_on).num_days() / 365;
    let age = days.age(day);
    let state = match age {
        ..=3 => "待部门审批",
        4..=9 => "待总务审批",
        10..=13 if asset.value.0 > 500_000 => "待财务审批",
        10..=24 => "待处置",
        _ => "已销账",
    };
    let done: Option<NaiveDate> = (state == "已销账").then(|| days.after(day, 12)).flatten();
    let state = if state == "已销账" && done.is_none() {
        "待处置"
    } else {
        state
    };
    let record = AssetDisposal {
        asset: Ref::new(id),
        applied_on: day,
        applicant: world.staff(keeper),
        way: DisposalWay::Scrap,
        cause: if used >= asset.years {
            DisposalCause::Expired
        } else {
            DisposalCause::Costly
        },
        value: asset.value,
        net_value: Money(asset.value.0 / 20),
        used_years: used,
        life_years: asset.years,
        reason: LongText("主要部件老化，故障频繁，配件停产".into()),
        appraisal: (age > 9).then(|| LongText("经现场鉴定，已无维修价值，同意报废".into())),
        approval_number: None,
        disposed_on: done,
        income: done.map(|_| Money(i64::from(hand.rng.between(1, 12)) * 1_000)),
        receiver: done.map(|_| "区再生资源回收站".to_owned()),
        files: Default::default(),
    };
    batch.add_in(state, &record, days.at(&mut hand.rng, day, OFFICE_HOURS));
    asset.disposed_on = done;
    match done {
        Some(_) => "已报废",
        None => "待报废",
    }
}
