//! Enrolment (招生报名): applicants for the next autumn, each as far as time allows.

use std::collections::HashMap;

use anyhow::Result;
use chrono::{Days as Count, NaiveDate};
use kernel::app::Scope;
use kernel::register::field::{Decimal, LongText};
use studentlife::{Applicant, ApplicantKind, Channel};

use super::days::OFFICE_HOURS;
use super::people::sex_code;
use super::world::{Hand, World};
use super::write::Batch;
use crate::identity::{id_number, phone_number};
use crate::{AREAS, Sex, Unit};

/// Applicants so far.
const APPLICANTS: usize = 620;
/// Telephone numbers of applicants count from here.
const PHONES: u64 = 60_000_000;

/// Senior schools of the invented city that students change from.
const SENIOR: &[&str] = &[
    "清岚市高级中学",
    "清岚市东篱区高级中学",
    "北渚县中学",
    "云陌市高级中学",
];

/// Writes the applicants.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("applicant");
    let mut batch = Batch::new();
    let mut orders = HashMap::new();
    let mut consultants = world.office_staff("招生就业处");
    for department in 0..world.school.departments.len() {
        consultants.extend(world.members(Unit::Department(department)).iter().take(5));
    }
    for nth in 0..APPLICANTS {
        let sex = if hand.rng.chance(60) {
            Sex::Male
        } else {
            Sex::Female
        };
        let kind = match hand.rng.between(1, 100) {
            1..=78 => ApplicantKind::Fresh,
            79..=86 => ApplicantKind::Past,
            87..=94 => ApplicantKind::Transfer,
            95..=98 => ApplicantKind::Open,
            _ => ApplicantKind::Adult,
        };
        let (mut record, reached) = applicant(world, &mut hand, nth, sex, kind);
        record.consultant = world.staff(*hand.rng.pick(&consultants));
        let day = record.enquired_on;
        let id = identity(world, &mut hand, &mut orders, sex, kind);
        let state = pursue(world, &mut hand, &mut record, id, reached);
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}

/// How far an applicant goes: 0 意向, 1 报名, 2 录取, 3 注册; and whether the way is given up there.
type Reached = (u32, bool);

fn applicant(
    world: &World,
    hand: &mut Hand,
    nth: usize,
    sex: Sex,
    kind: ApplicantKind,
) -> (Applicant, Reached) {
    let majors = &world.school.majors;
    let wish = hand.rng.below(majors.len());
    let second = (wish + 1 + hand.rng.below(majors.len() - 1)) % majors.len();
    let young = !matches!(kind, ApplicantKind::Open | ApplicantKind::Adult);
    let term = &world.days.term;
    let reached = match hand.rng.between(1, 100) {
        1..=26 => (0, false),
        27..=47 => (1, false),
        48..=50 => (2, false),
        51..=94 => (3, false),
        95..=99 => (1, true),
        _ => (2, true),
    };
    let record = Applicant {
        season: i64::from(term.year().0) + 1,
        name: hand.people.name(sex),
        sex: sex_code(sex),
        id_number: None,
        kind,
        source_school: match kind {
            ApplicantKind::Transfer => hand.words(SENIOR).into(),
            _ if young => hand.texts.source_school(),
            _ => "社会人员".into(),
        },
        referrer: hand.rng.chance(35).then(|| hand.people.name(Sex::Female)),
        score: None,
        wish: majors[wish].name.into(),
        second_wish: hand.rng.chance(70).then(|| majors[second].name.into()),
        adjustable: hand.rng.chance(60),
        boards: young && hand.rng.chance(65),
        phone: phone_number(PHONES, nth as u64 * 2),
        guardian: young.then(|| hand.people.name(Sex::Male)),
        guardian_phone: young.then(|| phone_number(PHONES, nth as u64 * 2 + 1)),
        channel: match hand.rng.between(1, 8) {
            1 | 2 => Channel::Talk,
            3 => Channel::Visit,
            4 => Channel::Online,
            5 => Channel::Friend,
            6 => Channel::Walk,
            7 => Channel::Counter,
            _ => Channel::Partner,
        },
        consultant: world.staff(0),
        enquired_on: world.days.any(&mut hand.rng),
        applied_on: None,
        admitted_on: None,
        admitted_major: None,
        registered_on: None,
        remark: (kind == ApplicantKind::Transfer).then(|| LongText("由普通高中转入，学籍材料齐全".into())),
    };
    (record, reached)
}

/// An identity number of the age that goes with the kind.
fn identity(
    world: &World,
    hand: &mut Hand,
    orders: &mut HashMap<(usize, NaiveDate, Sex), u32>,
    sex: Sex,
    kind: ApplicantKind,
) -> String {
    let age = match kind {
        ApplicantKind::Fresh => 15,
        ApplicantKind::Past => 17,
        ApplicantKind::Transfer => 16,
        ApplicantKind::Open | ApplicantKind::Adult => hand.rng.between(20, 38) as i32,
    };
    let autumn = crate::assemble::september(world.days.term.year().0 + 1 - age);
    let birth = autumn - Count::new(hand.rng.below(364) as u64 + 1);
    let area = hand.rng.below(AREAS.len());
    // Students of the same day of birth have the orders below.
    let order = orders.entry((area, birth, sex)).or_insert(200);
    *order += 1;
    id_number(AREAS[area].0, birth, sex, *order)
}

/// Takes an applicant as far as the days allow; gives the state.
fn pursue(
    world: &World,
    hand: &mut Hand,
    record: &mut Applicant,
    id: String,
    (reached, given_up): Reached,
) -> &'static str {
    let days = &world.days;
    let mut done = 0;
    let mut day = record.enquired_on;
    while done < reached {
        let wait = hand.rng.between(1, 6) as usize;
        let Some(next) = days.after(day, wait) else { break };
        day = next;
        done += 1;
        match done {
            1 => {
                record.id_number = Some(id.clone());
                record.applied_on = Some(day);
                record.score = (record.kind == ApplicantKind::Past)
                    .then(|| Decimal(i64::from(hand.rng.between(2800, 5200))));
            }
            2 => {
                record.admitted_on = Some(day);
                record.admitted_major = Some(record.wish.clone());
            }
            _ => record.registered_on = Some(day),
        }
    }
    match done {
        _ if given_up && done == reached => "已放弃",
        0 => "意向",
        1 => "已报名",
        2 => "已录取",
        _ => "已注册",
    }
}
