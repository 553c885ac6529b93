use super::*;
use crate::held::{Action, Change, Slot};
use calendar::{DayTable, Half, SchoolYear, Term};
use chrono::Weekday;
use proptest::prelude::*;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// Teacher, course, class, room.
fn slot(number: u128, weekday: Weekday, period: u8, who: [u128; 4]) -> Slot {
    Slot {
        id: id(number),
        teacher: id(who[0]),
        course: id(who[1]),
        class: id(who[2]),
        room: id(who[3]),
        path: String::new(),
        weekday,
        first_week: 1,
        last_week: 18,
        parity: None,
        period,
        periods: 2,
        students: 40,
    }
}

const MONDAY: &str = "2026-11-23";

/// Teacher 1 gives course 11 to class 21 in room 31 on Monday; 2 gives the same course elsewhere, 3 is as free but
/// teaches something else, 4 teaches at that very time, 5 has class 21 on Wednesday.
fn table() -> Timetable {
    let term = Term::new(SchoolYear(2026), Half::Autumn, day("2026-08-31"), 20).expect("a term");
    let slots = vec![
        slot(1, Weekday::Mon, 1, [1, 11, 21, 31]),
        slot(2, Weekday::Tue, 1, [2, 11, 22, 32]),
        slot(3, Weekday::Tue, 3, [3, 13, 22, 32]),
        slot(4, Weekday::Mon, 1, [4, 11, 22, 32]),
        slot(5, Weekday::Wed, 5, [5, 15, 21, 31]),
    ];
    Timetable::new(term, DayTable::builtin(), slots, vec![], vec![])
}

fn people() -> Vec<Person> {
    let person = |number| Person {
        id: id(number),
        path: "d/".into(),
        subject: None,
    };
    (1..=5).map(person).collect()
}

struct World {
    table: Timetable,
    people: Vec<Person>,
    names: Names,
    away: Vec<Away>,
    covers: HashMap<Uuid, u32>,
    majors: HashMap<Uuid, String>,
}

impl World {
    fn new() -> World {
        World {
            table: table(),
            people: people(),
            names: Names::default(),
            away: vec![],
            covers: HashMap::new(),
            majors: HashMap::new(),
        }
    }

    fn market(&self) -> Market<'_> {
        Market::new(
            &self.table,
            &self.people,
            &self.names,
            (&self.away, &self.covers),
            &self.majors,
            (day(MONDAY), day(MONDAY)),
        )
    }

    fn lost(&self) -> Lesson {
        self.table.on(day(MONDAY)).lessons[0].clone()
    }

    fn away(&mut self, staff: u128, from: &str, to: &str) {
        self.away.push(Away {
            staff: id(staff),
            from: day(from),
            to: day(to),
            periods: 1..=u8::MAX,
        });
    }
}

fn order(offers: &[Offer]) -> Vec<Way> {
    offers.iter().map(|offer| offer.way.clone()).collect()
}

#[test]
fn who_teaches_the_course_comes_first_and_who_teaches_then_not_at_all() {
    let world = World::new();
    let found = world.market().substitutes(&world.lost());
    assert_eq!(
        order(&found),
        [Way::Cover(id(2)), Way::Cover(id(5)), Way::Cover(id(3))],
        "same course, then same class; 4 teaches then"
    );
    assert!(
        found[0].reasons.contains(&"教同一门课".to_owned()),
        "{:?}",
        found[0].reasons
    );
    assert!(
        found[0].reasons.contains(&"本周2节、当天0节".to_owned()),
        "{:?}",
        found[0].reasons
    );
}

#[test]
fn who_has_stood_in_often_is_spared_and_who_is_away_is_not_asked() {
    let mut world = World::new();
    world.covers.insert(id(2), 12);
    let found = world.market().substitutes(&world.lost());
    assert_eq!(
        found.last().map(|offer| offer.way.clone()),
        Some(Way::Cover(id(2)))
    );
    world.away(5, MONDAY, MONDAY);
    let found = world.market().substitutes(&world.lost());
    assert!(!order(&found).contains(&Way::Cover(id(5))));
}

#[test]
fn a_swap_needs_both_teachers_and_both_rooms() {
    let mut world = World::new();
    let wednesday = day("2026-11-25");
    let lost = world.lost();
    assert_eq!(order(&world.market().swaps(&lost)), [Way::Swap(id(5), wednesday)]);
    // Away on Monday only: the swap still brings the lesson to Wednesday.
    world.away(1, MONDAY, MONDAY);
    assert_eq!(world.market().swaps(&lost).len(), 1);
    // Away until Wednesday: it does not.
    world.away(1, MONDAY, "2026-11-25");
    assert!(world.market().swaps(&lost).is_empty());
    let mut other = World::new();
    other.table.slots[3].room = id(31);
    let crowded = Timetable::new(
        other.table.term.clone(),
        DayTable::builtin(),
        other.table.slots.clone(),
        vec![],
        vec![],
    );
    other.table = crowded;
    assert!(
        other.market().swaps(&lost).is_empty(),
        "the other class sits in the room then"
    );
}

#[test]
fn a_free_time_is_free_for_class_teacher_and_room() {
    let mut world = World::new();
    world.away(1, MONDAY, "2026-11-24");
    let found = world.market().free_times(&world.lost());
    assert_eq!(found.len(), 2);
    assert_eq!(
        found[0].way,
        Way::Move(day("2026-11-25"), 1),
        "the first day back: {found:?}"
    );
    assert!(
        !order(&found).contains(&Way::Move(day("2026-11-25"), 5)),
        "the class is taught then"
    );
}

/// As a change in force.
fn granted(table: &Timetable, lost: &Lesson, way: &Way) -> Option<Change> {
    let period = |slot: &Uuid| table.entry(*slot).map(|slot| slot.period);
    let mut change = Change::new(id(999), Action::Move, table.slots[lost.slot].id, lost.on);
    match way {
        Way::Drop => return None,
        Way::Cover(who) => (change.action, change.substitute) = (Action::Cover, Some(*who)),
        Way::Move(date, period) => change.new_time = Some((*date, *period)),
        Way::Swap(slot, date) | Way::Chain(slot, date, _) => {
            change.swap = Some(*slot);
            change.new_time = Some((*date, period(slot)?));
        }
    }
    match way {
        Way::Chain(_, _, Onward::Free(date, period)) => change.onward = Some((*date, *period)),
        Way::Chain(_, _, Onward::Third(slot, date)) => {
            change.third = Some(*slot);
            change.onward = Some((*date, period(slot)?));
        }
        _ => {}
    }
    Some(change)
}

#[test]
fn a_chain_is_offered_where_two_lessons_cannot_change_places() {
    // Teacher 5 gives class 22 a lesson when the lost one is taught, so that the two cannot simply swap; and teacher 1
    // is away on Monday and Tuesday.
    let mut world = World::new();
    let mut slots = world.table.slots.clone();
    slots.push(slot(6, Weekday::Mon, 1, [5, 16, 23, 33]));
    slots.push(slot(7, Weekday::Thu, 1, [7, 17, 21, 31]));
    let (term, days) = (world.table.term.clone(), DayTable::builtin());
    world.table = Timetable::new(term, days, slots, vec![], vec![]);
    world.away(1, MONDAY, "2026-11-24");
    let lost = world.lost();
    let market = world.market();
    assert_eq!(order(&market.swaps(&lost)), [Way::Swap(id(7), day("2026-11-26"))]);
    let chains = order(&market.chains(&lost));
    assert!(!chains.is_empty());
    for way in &chains {
        let Way::Chain(second, date, _) = way else {
            panic!("{way:?}")
        };
        assert_eq!((*second, *date), (id(5), day("2026-11-25")), "only 5 cannot swap");
    }
    world.away(1, MONDAY, "2026-11-27");
    assert!(world.market().chains(&lost).is_empty(), "away all the week");
}

proptest! {
    /// Whatever is offered can be granted: nobody and no room is wanted twice that was not before, whoever is away
    /// teaches nothing then, and the class has as many lessons as before.
    #[test]
    fn what_is_offered_fits(
        entries in proptest::collection::vec((0u8..5, 0u8..4, 0u128..4, 0u128..3, 0u128..3), 8..40),
        away in 0i64..5,
    ) {
        let mut slots: Vec<Slot> = vec![];
        for (number, (weekday, period, teacher, class, room)) in entries.into_iter().enumerate() {
            let weekday = Weekday::try_from(weekday).expect("a weekday");
            let who = [1 + teacher, 400 + number as u128, 20 + class, 30 + room];
            let new = slot(500 + number as u128, weekday, 1 + 2 * period, who);
            let meets = |old: &Slot| (old.weekday, old.period) == (new.weekday, new.period)
                && (old.teacher == new.teacher || old.class == new.class || old.room == new.room);
            if !slots.iter().any(meets) {
                slots.push(new);
            }
        }
        let monday = day(MONDAY);
        let sunday = monday + Days::new(6);
        let mut world = World::new();
        let (term, days) = (world.table.term.clone(), DayTable::builtin());
        world.table = Timetable::new(term, days, slots, vec![], vec![]);
        let lost = world.table.between(monday, sunday).into_iter().find_map(|day| day.lessons.first().cloned());
        let lost = lost.expect("a lesson");
        let until = lost.on + Days::new(away as u64);
        world.away.push(Away { staff: lost.teacher, from: lost.on, to: until, periods: 1..=u8::MAX });
        let market = world.market();
        let count = |table: &Timetable| table.between(monday, sunday).iter().map(|day| day.lessons.len()).sum::<usize>();
        for offer in market.offers(&lost) {
            let Some(change) = granted(&world.table, &lost, &offer.way) else { continue };
            let table = &world.table;
            prop_assert_eq!(table.obstacles(&change), vec![], "{:?}", offer);
            let after = table.with([change]);
            prop_assert_eq!(count(&after), count(table));
            for day in after.between(monday, sunday) {
                prop_assert!(day.clashes(&after.slots).is_empty(), "{:?}: {:?}", offer, day);
                let teaches = day.lessons.iter().any(|lesson| lesson.teacher == lost.teacher && lesson.change.is_some());
                prop_assert!(!(teaches && (lost.on..=until).contains(&day.date)), "{:?}", offer);
            }
        }
    }
}
