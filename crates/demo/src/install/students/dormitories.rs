//! Dormitories (学生宿舍): rooms, who lives where, the nightly round and what it found.

use anyhow::Result;
use chrono::{Days as Count, Duration, NaiveDate};
use kernel::app::Scope;
use kernel::clock::instant_at;
use kernel::register::field::{LongText, Ref};
use studentlife::{BedCheck, DormRoom, DormRound, DormState, DormStay, RoundTime};
use uuid::Uuid;

use super::super::days::OFFICE_HOURS;
use super::super::people::{code, prepared, sex_code};
use super::super::world::{Hand, World};
use super::super::write::Batch;
use crate::Sex;
use crate::catalog::BuildingKind;

/// Beds in a room, rooms on a floor.
const BEDS: usize = 6;
const ROOMS: usize = 24;

/// Where somebody sleeps.
struct Bed {
    student: usize,
    house: usize,
    room: Uuid,
}

/// Writes all of them.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("dorm");
    let keepers = world.office_staff("总务处");
    let buildings = world.school.buildings.iter();
    let houses: Vec<&str> = buildings
        .filter(|building| building.kind == BuildingKind::Dormitory)
        .map(|building| building.name)
        .collect();
    let (mut rooms, mut stays) = (Batch::new(), Batch::new());
    let mut beds: Vec<Bed> = vec![];
    for (house, name) in houses.iter().enumerate() {
        let sex = if house == 0 { Sex::Female } else { Sex::Male };
        let short: String = name.chars().take(2).collect();
        let sleepers = boarders(world, sex);
        // Some rooms are kept free.
        let count = sleepers.len().div_ceil(BEDS) + 4;
        let mut sleepers = sleepers.into_iter();
        for nth in 0..count {
            let number = format!("{short}{}{:02}", nth / ROOMS + 1, nth % ROOMS + 1);
            let status = match nth + 4 {
                spare if spare < count => DormState::InUse,
                spare if spare == count => DormState::Isolation,
                spare if spare == count + 1 => DormState::Repair,
                _ => DormState::Spare,
            };
            let record = DormRoom {
                number: number.clone(),
                building: (*name).into(),
                floor: (nth / ROOMS + 1) as i64,
                sex: sex_code(sex),
                beds: BEDS as i64,
                keeper: Some(world.staff(keepers[house % keepers.len()])),
                fee: 800,
                status,
                equipment: None,
            };
            let at = prepared(&world.days, &mut hand);
            let room = rooms.add(&record, at);
            if status != DormState::InUse {
                continue;
            }
            for bed in 1..=BEDS {
                let Some(student) = sleepers.next() else { break };
                let (record, state) = stay(world, &mut hand, student, (room, format!("{number}-{bed}")));
                stays.add_in(state, &record, at);
                if state == "在住" {
                    beds.push(Bed { student, house, room });
                }
            }
        }
    }
    rooms.write(scope).await?;
    waiting(world, &mut hand, &mut stays);
    stays.write(scope).await?;
    nights(scope, world, &mut hand, &houses, &beds).await
}

/// Boarders of a sex, except the third years, who are placed with their companies.
fn boarders(world: &World, sex: Sex) -> Vec<usize> {
    let last = world.days.term.year().0 - 2;
    let here = world.pupils.iter().enumerate();
    here.filter(|(class, _)| world.school.classes[*class].entry_year > last)
        .flat_map(|(_, pupils)| pupils.iter().copied())
        .filter(|student| {
            let student = &world.school.students[*student];
            student.boarder && student.sex == sex
        })
        .collect()
}

fn stay(
    world: &World,
    hand: &mut Hand,
    student: usize,
    (room, bed): (Uuid, String),
) -> (DormStay, &'static str) {
    let days = &world.days;
    let applied = days.term.start() - Count::new(12);
    let left = hand.rng.chance(1);
    let record = DormStay {
        student: world.student(student),
        applied_on: applied,
        guardian_agreed: true,
        health: hand
            .rng
            .chance(3)
            .then(|| LongText("有哮喘史，安排下铺，随身带药".into())),
        room: Some(Ref::new(room)),
        bed: Some(bed),
        occupied: None,
        moved_in_on: Some(days.term.start() - Count::new(1)),
        agreement: hand.rng.chance(98),
        moved_out_on: left.then(|| days.in_week(5)),
        reason: left.then(|| "家搬到学校附近，改为走读".into()),
    };
    (record, if left { "已退宿" } else { "在住" })
}

/// Day students who asked for a bed this week.
fn waiting(world: &World, hand: &mut Hand, stays: &mut Batch<DormStay>) {
    let days = &world.days;
    let day_students: Vec<usize> = world
        .pupils
        .iter()
        .flatten()
        .copied()
        .filter(|student| !world.school.students[*student].boarder)
        .collect();
    for nth in 0..5 {
        let day = days.at_or_before(days.today - Count::new(nth * 2));
        let record = DormStay {
            student: world.student(*hand.rng.pick(&day_students)),
            applied_on: day,
            guardian_agreed: true,
            health: None,
            room: None,
            bed: None,
            occupied: None,
            moved_in_on: None,
            agreement: false,
            moved_out_on: None,
            reason: None,
        };
        stays.add(&record, days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
}

async fn nights(scope: &Scope, world: &World, hand: &mut Hand, houses: &[&str], beds: &[Bed]) -> Result<()> {
    let days = &world.days;
    let keepers = world.office_staff("总务处");
    let (mut rounds, mut checks) = (Batch::new(), Batch::new());
    for week in days.weeks() {
        let running = days.term.week_of(days.today) == Some(week);
        for day in days.week(week).to_vec() {
            // Tonight's round is yet to come; one night was forgotten.
            if day == days.today || (week == 6 && !running && hand.rng.chance(10)) {
                continue;
            }
            for (house, name) in houses.iter().enumerate() {
                let own: Vec<&Bed> = beds.iter().filter(|bed| bed.house == house).collect();
                if own.is_empty() {
                    continue;
                }
                let checker = keepers[house % keepers.len()];
                let on_leave = i64::from(hand.rng.between(3, 9));
                let missing = i64::from(hand.rng.chance(9));
                let expected = own.len() as i64;
                let record = DormRound {
                    building: (*name).into(),
                    checked_on: day,
                    time: RoundTime::Night,
                    checker: world.staff(checker),
                    expected,
                    present: expected - on_leave - missing,
                    on_leave,
                    missing: None,
                    handled: (missing > 0)
                        .then(|| LongText("21:50发现，联系班主任和监护人，22:30确认已安全到家".into())),
                    remarks: hand.rng.chance(15).then(|| {
                        LongText(
                            hand.words(&[
                                "收缴违规插排一个",
                                "个别宿舍熄灯后说话，已提醒",
                                "卫生间灯损坏，已报修",
                            ])
                            .into(),
                        )
                    }),
                    photos: Default::default(),
                };
                let at = instant_at(day.and_hms_opt(21, 45, 0).expect("an hour of the day"));
                rounds.add(&record, at);
                for nth in 0..on_leave.min(2) + missing {
                    let bed = *hand.rng.pick(&own);
                    let gone = nth < missing;
                    let minutes = nth * 10 + i64::from(hand.rng.between(0, 9));
                    let record = check(world, bed, (checker, day), gone, minutes);
                    checks.add(&record, record.checked_at);
                }
            }
        }
    }
    rounds.write(scope).await?;
    checks.write(scope).await
}

fn check(world: &World, bed: &Bed, (checker, day): (usize, NaiveDate), gone: bool, minutes: i64) -> BedCheck {
    let at = instant_at(day.and_hms_opt(21, 30, 0).expect("an hour of the day")) + Duration::minutes(minutes);
    BedCheck {
        student: world.student(bed.student),
        room: Ref::new(bed.room),
        checked_at: at,
        checked_on: None,
        checker: world.staff(checker),
        presence: code(if gone { "2" } else { "3" }),
        remark: Some(LongText(
            if gone {
                "监护人确认已在家，忘记请假"
            } else {
                "有假条，班主任已确认"
            }
            .into(),
        )),
        guardian_told_at: gone.then(|| at + Duration::minutes(15)),
        back_at: gone.then(|| at + Duration::hours(10)),
    }
}
