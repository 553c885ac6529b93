//! Schools that come to try trades: bookings (职业体验预约) and the sessions held (职业体验场次).

use ::teaching::{ExperienceBooking, ExperienceSession, HalfDay, Travel};
use anyhow::Result;
use chrono::{Days as Count, NaiveDate};
use kernel::app::Scope;
use kernel::register::field::{Decimal, LongText, Ref};

use super::experience::Offer;
use crate::identity::phone_number;
use crate::install::days::OFFICE_HOURS;
use crate::install::world::{Hand, World};
use crate::install::write::Batch;
use crate::{SOURCE_SCHOOLS, Sex};

/// Primary schools that do not exist.
const PRIMARY: &[&str] = &[
    "清岚市东篱区实验小学",
    "清岚市南汀区明湖小学",
    "清岚市西岫区石桥小学",
    "北渚县白鹭镇中心小学",
    "松泽县竹溪乡中心小学",
    "云陌市育英小学",
];
/// Where the telephone numbers of the schools begin.
const PHONES: u64 = 61_000_000;
/// Bookings of the term.
const BOOKINGS: usize = 30;
const FEEDBACK: &[&str] = &[
    "孩子们动手多、兴趣浓，建议增加分组材料",
    "教师讲解清楚，安全措施到位，下学期还要来",
    "时间略短，作品没有全部完成",
    "志愿者同学耐心细致，家长反映很好",
];

/// Writes bookings and sessions.
pub async fn write(scope: &Scope, world: &World, offers: &[Offer]) -> Result<()> {
    let mut hand = Hand::new("experience_booking");
    let mut bookings = Batch::new();
    let mut sessions = Batch::new();
    let days = &world.days;
    for nth in 0..BOOKINGS {
        let offer = &offers[nth * 3 % offers.len()];
        // The last six are still to come.
        let coming = nth + 6 >= BOOKINGS;
        let asked = days.in_week(if coming { 10 } else { (nth / 3 + 1) as u8 });
        let visit = match coming {
            true => days.today + Count::new(2 + nth as u64 % 9),
            false => days.after(asked, 5 + nth % 4).unwrap_or(days.today),
        };
        let held = !coming && visit < days.today;
        let state = match (held, nth % 11) {
            (true, 7) => "已取消",
            (true, 9) => "未接受",
            (true, _) if days.age(visit) <= 5 => "待反馈",
            // A visit nobody closed.
            (true, 4) if nth == 4 => "已确认",
            (true, _) => "已完成",
            (false, 1 | 2 | 6) => "待确认",
            (false, _) => "已确认",
        };
        let came = matches!(state, "已完成" | "待反馈");
        let mut record = booking(world, &mut hand, offer, nth, (asked, visit));
        record.host = matches!(state, "已确认" | "已完成" | "待反馈").then(|| world.staff(offer.leader));
        record.came = came.then(|| record.students - i64::from(hand.rng.between(0, 2)));
        if state == "已完成" {
            record.satisfaction = Some(Decimal(i64::from(hand.rng.between(78, 100)) * 10));
            record.feedback = Some(LongText(hand.words(FEEDBACK).into()));
        }
        let at = days.at(&mut hand.rng, asked, OFFICE_HOURS);
        let id = bookings.add_in(state, &record, at);
        if let Some(came) = record.came {
            let session = session(world, &mut hand, offer, visit, came);
            let session = ExperienceSession {
                booking: Some(Ref::new(id)),
                ..session
            };
            sessions.add(&session, days.at(&mut hand.rng, visit, OFFICE_HOURS));
        }
    }
    // The open day of the centre, without bookings.
    let open = days.in_week(7);
    for offer in offers {
        let record = session(world, &mut hand, offer, open, offer.capacity);
        sessions.add(&record, days.at(&mut hand.rng, open, OFFICE_HOURS));
    }
    bookings.write(scope).await?;
    sessions.write(scope).await
}

fn booking(
    world: &World,
    hand: &mut Hand,
    offer: &Offer,
    nth: usize,
    (asked, visit): (NaiveDate, NaiveDate),
) -> ExperienceBooking {
    let primary = nth.is_multiple_of(2);
    let visitor = if primary {
        PRIMARY[nth % PRIMARY.len()]
    } else {
        SOURCE_SCHOOLS[nth % SOURCE_SCHOOLS.len()]
    };
    let students = offer.capacity - i64::from(hand.rng.between(0, 4));
    ExperienceBooking {
        visitor: visitor.into(),
        course: Ref::new(offer.id),
        requested_on: asked.min(world.days.today),
        visit_on: visit,
        slot: if nth.is_multiple_of(3) {
            HalfDay::Afternoon
        } else {
            HalfDay::Morning
        },
        grade: if primary { "五年级" } else { "初二年级" }.into(),
        students,
        teachers: students / 20 + 1,
        contact: hand.people.name(Sex::Female),
        phone: phone_number(PHONES, nth as u64),
        travel: if nth.is_multiple_of(4) {
            Travel::Walk
        } else {
            Travel::Coach
        },
        insured: nth % 10 != 3,
        needs: (nth % 12 == 5).then(|| LongText("一名学生对花生过敏".into())),
        host: None,
        came: None,
        satisfaction: None,
        feedback: None,
    }
}

fn session(world: &World, hand: &mut Hand, offer: &Offer, day: NaiveDate, people: i64) -> ExperienceSession {
    let incident = hand.rng.chance(6);
    ExperienceSession {
        course: Ref::new(offer.id),
        booking: None,
        held_on: day,
        room: world.training_room(offer.room),
        instructor: world.staff(offer.leader),
        minutes: offer.minutes,
        participants: people,
        volunteers: hand.rng.between(2, 6).into(),
        briefed: true,
        products: people - i64::from(hand.rng.between(0, 3)),
        incident: incident.then(|| LongText("一名学生手指轻微擦伤".into())),
        handling: incident.then(|| LongText("校医处理，已告知带队教师和家长".into())),
        advice: hand
            .rng
            .chance(25)
            .then(|| LongText("准备备用材料，多安排一名志愿者".into())),
        photos: Default::default(),
    }
}
