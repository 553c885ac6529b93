//! What staff and students did with card, service hall and sign-on.

use anyhow::Result;

use super::super::days::OFFICE_HOURS;
use super::super::world::Hand;
use super::{Feeds, unit_name};

/// What staff ask of the service hall, by code.
const STAFF_ERRANDS: [&str; 7] = ["1", "2", "3", "4", "6", "7", "8"];
/// What students ask of it.
const STUDENT_ERRANDS: [&str; 3] = ["1", "3", "4"];
/// Hours in which people sign on.
const AWAKE: (u32, u32) = (7, 21);
/// Which of the students that signed on is locked out: too many wrong passwords.
const LOCKED: usize = 11;

/// Writes all of it.
pub async fn write(feeds: &mut Feeds<'_>) -> Result<()> {
    card(feeds).await?;
    errands(feeds).await?;
    sign_ons(feeds).await
}

async fn card(feeds: &mut Feeds<'_>) -> Result<()> {
    let mut hand = Hand::new("feed_t52");
    let (mut spent, mut passed) = (vec![], vec![]);
    for day in &feeds.days {
        for place in ["1", "2"] {
            let persons = hand.rng.between(300, 1_500);
            spent.push(vec![
                ("XFZE", format!("{}.50", persons * 9)),
                ("XFRC", persons.to_string()),
                ("XFLBM", place.into()),
                ("XFRQ", day.to_string()),
            ]);
        }
        for (place, means) in [("4", "2"), ("2", "1")] {
            passed.push(vec![
                ("CSLXM", place.to_owned()),
                ("RZLXM", means.into()),
                ("RZRQ", day.to_string()),
                ("RZRC", hand.rng.between(400, 2_600).to_string()),
            ]);
        }
    }
    feeds.put(52, &mut hand, spent).await?;
    feeds.put(53, &mut hand, passed).await
}

/// Errands that are done: one of staff and one of students each day, done within two teaching days.
async fn errands(feeds: &mut Feeds<'_>) -> Result<()> {
    let mut hand = Hand::new("feed_t54");
    let mut rows = vec![];
    let world = feeds.world;
    for day in &feeds.days {
        for (kind, errands) in [("1", &STAFF_ERRANDS[..]), ("2", &STUDENT_ERRANDS[..])] {
            let name = if kind == "1" {
                &hand.rng.pick(&world.school.staff).name
            } else {
                let class = hand.rng.pick(&world.pupils);
                &world.school.students[*hand.rng.pick(class)].name
            };
            let asked = world.days.at(&mut hand.rng, *day, OFFICE_HOURS);
            let wait = hand.rng.below(2) + 1;
            let Some(last) = world.days.after(*day, wait) else {
                continue;
            };
            let done = world.days.at(&mut hand.rng, last, OFFICE_HOURS);
            rows.push(vec![
                ("BSSWLXM", hand.words(errands).to_owned()),
                ("FWRYLX", kind.into()),
                ("SQSJ", asked.to_rfc3339()),
                ("SQR", name.clone()),
                ("BJSJ", done.to_rfc3339()),
            ]);
        }
    }
    feeds.put(54, &mut hand, rows).await
}

/// Who signed on: a teacher and a student each day.
async fn sign_ons(feeds: &mut Feeds<'_>) -> Result<()> {
    let mut hand = Hand::new("feed_t61");
    let mut rows = vec![];
    let world = feeds.world;
    for (nth, day) in feeds.days.iter().enumerate() {
        let member = hand.rng.pick(&world.school.staff);
        let role = match (member.group, unit_name(world, member.unit)) {
            (_, "信息中心") => "管理员",
            (Some(_), _) => "教师",
            (None, _) => "职员",
        };
        let class = hand.rng.below(world.pupils.len());
        let student = &world.school.students[*hand.rng.pick(&world.pupils[class])];
        let department = world.school.departments[world.department_of(class)].name;
        for (account, role, unit, status) in [
            (&member.number, role, unit_name(world, member.unit), "1"),
            (
                &student.number,
                "学生",
                department,
                if nth == LOCKED { "2" } else { "1" },
            ),
        ] {
            let at = world.days.at(&mut hand.rng, *day, AWAKE);
            let (net, host) = (hand.rng.between(1, 60), hand.rng.between(2, 250));
            rows.push(vec![
                ("DLZH", account.clone()),
                ("JS", role.into()),
                ("SZBMMC", unit.into()),
                ("DLSJ", at.to_rfc3339()),
                ("DLIP", format!("10.8.{net}.{host}")),
                ("ZHZTM", status.into()),
            ]);
        }
    }
    feeds.put(61, &mut hand, rows).await
}
