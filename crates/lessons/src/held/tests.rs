use super::*;
use calendar::{Half, SchoolYear, SpecialDay, SpecialKind};
use chrono::Days;
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// 2026—2027 first term: week 1 begins on Monday 31 August.
fn term() -> Term {
    Term::new(SchoolYear(2026), Half::Autumn, day("2026-08-31"), 20).expect("a term")
}

/// Teacher, class and room of entry n are n+100, n+200 and n+300.
fn slot(number: u128, weekday: Weekday, period: u8) -> Slot {
    Slot {
        id: id(number),
        course: id(number + 400),
        class: id(number + 200),
        path: format!("d{}/", number % 2),
        teacher: id(number + 100),
        room: id(number + 300),
        weekday,
        first_week: 1,
        last_week: 18,
        parity: None,
        period,
        periods: 2,
        students: 40,
    }
}

fn change(action: Action, slot: u128, on: &str) -> Change {
    Change::new(id(9_000 + slot), action, id(slot), day(on))
}

fn table(slots: Vec<Slot>, events: Vec<Event>, changes: Vec<Change>) -> Timetable {
    Timetable::new(term(), DayTable::builtin(), slots, events, changes)
}

fn event(from: &str, to: &str, whom: Whom) -> Event {
    Event {
        id: id(1),
        title: "期中考试".into(),
        from: day(from),
        to: day(to),
        first_period: 1,
        last_period: 4,
        whom,
    }
}

#[test]
fn a_date_is_taught_by_its_weekday_in_its_weeks() {
    let odd = Slot {
        parity: Some(Parity::Odd),
        ..slot(2, Weekday::Mon, 3)
    };
    let late = Slot {
        first_week: 9,
        ..slot(3, Weekday::Mon, 5)
    };
    let table = table(vec![slot(1, Weekday::Mon, 1), odd, late], vec![], vec![]);
    let held = |date: &str| -> Vec<usize> { table.on(day(date)).lessons.iter().map(|l| l.slot).collect() };
    assert_eq!(held("2026-08-31"), [0, 1], "week 1");
    assert_eq!(held("2026-09-07"), [0], "week 2 is even");
    assert_eq!(held("2026-10-26"), [0, 1, 2], "week 9");
    assert_eq!(
        held("2027-01-04"),
        Vec::<usize>::new(),
        "week 19 is after the last lesson"
    );
    assert_eq!(held("2026-09-08"), Vec::<usize>::new(), "a Tuesday");
    assert_eq!(held("2026-08-24"), Vec::<usize>::new(), "before the term");
}

#[test]
fn a_holiday_has_no_lessons_and_a_make_up_day_those_of_its_weekday() {
    let mut days = DayTable::builtin();
    let worked = SpecialDay {
        kind: SpecialKind::Work,
        name: "国庆节".into(),
        stands_for: Some(Weekday::Fri),
        derived: false,
    };
    days.set(day("2026-10-10"), worked);
    let slots = vec![slot(1, Weekday::Thu, 1), slot(2, Weekday::Fri, 1)];
    let table = Timetable::new(term(), days, slots, vec![], vec![]);
    assert!(table.on(day("2026-10-01")).lessons.is_empty());
    let saturday = table.on(day("2026-10-10"));
    assert_eq!(saturday.lessons.len(), 1);
    assert_eq!((saturday.lessons[0].slot, saturday.week), (1, Some(6)));
}

#[test]
fn a_weekend_is_taught_only_where_the_timetable_has_lessons_on_it() {
    let evening = slot(2, Weekday::Sun, 9);
    let table = table(vec![slot(1, Weekday::Fri, 1), evening], vec![], vec![]);
    let held = |date: &str| -> Vec<usize> { table.on(day(date)).lessons.iter().map(|l| l.slot).collect() };
    assert_eq!(held("2026-11-22"), [1], "an ordinary Sunday");
    assert_eq!(
        held("2026-11-21"),
        Vec::<usize>::new(),
        "a Saturday without lessons"
    );
    assert_eq!(table.on(day("2026-11-21")).kind, DayKind::Weekend);
    assert_eq!(
        held("2026-10-04"),
        Vec::<usize>::new(),
        "a Sunday of the holidays"
    );
    assert_eq!(
        held("2026-09-20"),
        Vec::<usize>::new(),
        "a Sunday that is worked teaches another day's lessons"
    );
}

#[test]
fn what_happened_since_a_change_was_asked_for_stands_in_its_way() {
    // Monday's lesson is to go to Tuesday, when its class has another; Wednesday's is there for a swap.
    let of_the_class = Slot {
        class: id(201),
        ..slot(2, Weekday::Tue, 1)
    };
    let slots = vec![slot(1, Weekday::Mon, 1), of_the_class, slot(3, Weekday::Wed, 1)];
    let exam = event("2026-11-26", "2026-11-26", Whom::School);
    let now = |changes| table(slots.clone(), vec![exam.clone()], changes);
    let to = |date: &str, period| Change {
        new_time: Some((day(date), period)),
        ..change(Action::Move, 1, "2026-11-23")
    };
    let swap = |date: &str| Change {
        swap: Some(id(3)),
        ..to(date, 1)
    };
    let gone = |slot: u128, date: &str| Obstacle::Gone {
        slot: id(slot),
        on: day(date),
    };
    assert_eq!(now(vec![]).obstacles(&to("2026-11-24", 5)), []);
    assert_eq!(now(vec![]).obstacles(&swap("2026-11-25")), []);

    let met = now(vec![]).obstacles(&to("2026-11-24", 2));
    let [Obstacle::Clash { lesson, other }] = &met[..] else {
        panic!("{met:?}")
    };
    assert_eq!(
        (lesson.slot, lesson.period, other.slot, other.period),
        (0, 2, 1, 1)
    );

    let exams = now(vec![]).obstacles(&to("2026-11-26", 3));
    let at = (day("2026-11-26"), 3);
    assert_eq!(exams, [Obstacle::Event { event: 0, to: at }]);

    let dropped = now(vec![change(Action::Drop, 1, "2026-11-23")]);
    assert_eq!(dropped.obstacles(&to("2026-11-24", 5)), [gone(1, "2026-11-23")]);
    let covered = Change {
        substitute: Some(id(150)),
        ..change(Action::Cover, 1, "2026-11-23")
    };
    assert_eq!(now(vec![]).obstacles(&covered), []);
    assert_eq!(
        now(vec![covered.clone()]).obstacles(&covered),
        [gone(1, "2026-11-23")],
        "who stands in already would not hear of it"
    );
    let away = Change {
        new_time: Some((day("2026-11-27"), 5)),
        ..change(Action::Move, 3, "2026-11-25")
    };
    assert_eq!(
        now(vec![away]).obstacles(&swap("2026-11-25")),
        [gone(3, "2026-11-25")]
    );
    assert_eq!(
        now(vec![]).obstacles(&change(Action::Drop, 8, "2026-11-23")),
        [gone(8, "2026-11-23")],
        "no such lesson any more"
    );
    // A lesson that was lost is made up for; one that was never in the timetable is not.
    let made_up = |slot| Change {
        new_time: Some((day("2026-11-24"), 5)),
        ..change(Action::MakeUp, slot, "2026-11-23")
    };
    assert_eq!(dropped.obstacles(&made_up(1)), []);
    assert_eq!(dropped.obstacles(&made_up(8)), [gone(8, "2026-11-23")]);
}

#[test]
fn an_event_takes_the_lessons_of_those_it_concerns() {
    let slots = vec![
        slot(1, Weekday::Mon, 1),
        slot(2, Weekday::Mon, 1),
        slot(3, Weekday::Mon, 5),
    ];
    let whole = table(
        slots.clone(),
        vec![event("2026-11-09", "2026-11-10", Whom::School)],
        vec![],
    );
    let held = whole.on(day("2026-11-09"));
    assert_eq!(held.lessons.len(), 1, "the afternoon is taught");
    assert_eq!(held.missing.len(), 2);
    assert_eq!(held.missing[0].why, Why::Event(0));
    assert_eq!(whole.on(day("2026-11-16")).lessons.len(), 3);
    let one = table(
        slots,
        vec![event("2026-11-09", "2026-11-09", Whom::Under("d1/".into()))],
        vec![],
    );
    let missing: Vec<usize> = one.on(day("2026-11-09")).missing.iter().map(|m| m.slot).collect();
    assert_eq!(missing, [0]);
}

#[test]
fn a_substitute_teaches_at_the_same_time_and_a_dropped_lesson_can_be_made_up() {
    let cover = Change {
        substitute: Some(id(77)),
        ..change(Action::Cover, 1, "2026-11-16")
    };
    let dropped = change(Action::Drop, 2, "2026-11-16");
    let made_up = Change {
        id: id(5),
        new_time: Some((day("2026-11-21"), 3)),
        ..change(Action::MakeUp, 2, "2026-11-16")
    };
    let slots = vec![slot(1, Weekday::Mon, 1), slot(2, Weekday::Mon, 3)];
    let table = table(slots, vec![], vec![cover, dropped, made_up]);
    let monday = table.on(day("2026-11-16"));
    assert_eq!(monday.lessons.len(), 1);
    assert_eq!(
        (monday.lessons[0].teacher, monday.lessons[0].how),
        (id(77), How::Covered)
    );
    assert_eq!(monday.missing[0].why, Why::Dropped(id(9_002)));
    assert_eq!((monday.load(id(77)), monday.load(id(101))), (2, 0));
    let saturday = table.on(day("2026-11-21"));
    assert_eq!(saturday.lessons.len(), 1, "made up on a Saturday");
    assert_eq!(saturday.lessons[0].how, How::MadeUp(day("2026-11-16")));
    assert_eq!(
        (saturday.lessons[0].period, saturday.lessons[0].teacher),
        (3, id(102))
    );
    assert_eq!(
        table.on(day("2026-11-23")).lessons.len(),
        2,
        "the week after is as planned"
    );
}

#[test]
fn two_lessons_change_places_and_a_newer_change_holds() {
    let swap = Change {
        swap: Some(id(2)),
        new_time: Some((day("2026-11-18"), 5)),
        substitute: Some(id(102)),
        ..change(Action::Move, 1, "2026-11-16")
    };
    let slots = vec![slot(1, Weekday::Mon, 1), slot(2, Weekday::Wed, 5)];
    let swapped = table(slots.clone(), vec![], vec![swap.clone()]);
    let [monday, wednesday] = ["2026-11-16", "2026-11-18"].map(|date| swapped.on(day(date)));
    assert_eq!(monday.lessons.len(), 1);
    let there = &monday.lessons[0];
    assert_eq!((there.slot, there.period, there.teacher), (1, 1, id(102)));
    let here = &wednesday.lessons[0];
    assert_eq!((here.slot, here.period, here.teacher), (0, 5, id(101)));
    assert_eq!(here.how, How::Moved(day("2026-11-16")));
    assert_eq!(monday.missing[0].why, Why::Moved(id(9_001), day("2026-11-18"), 5));
    assert_eq!(
        wednesday.missing[0].why,
        Why::Moved(id(9_001), day("2026-11-16"), 1)
    );
    let later = Change {
        id: id(8),
        substitute: Some(id(55)),
        ..change(Action::Cover, 1, "2026-11-16")
    };
    let again = table(slots, vec![], vec![swap, later]);
    assert_eq!(again.on(day("2026-11-16")).lessons[0].teacher, id(55));
    let wednesday = again.on(day("2026-11-18"));
    assert!(
        wednesday.lessons.iter().all(|lesson| lesson.slot != 0),
        "it is not held twice: {wednesday:?}"
    );
}

#[test]
fn a_swap_within_one_day_keeps_both_lessons() {
    let swap = Change {
        swap: Some(id(2)),
        new_time: Some((day("2026-11-16"), 5)),
        ..change(Action::Move, 1, "2026-11-16")
    };
    let table = table(
        vec![slot(1, Weekday::Mon, 1), slot(2, Weekday::Mon, 5)],
        vec![],
        vec![swap],
    );
    let held: Vec<(usize, u8)> = table
        .on(day("2026-11-16"))
        .lessons
        .iter()
        .map(|l| (l.slot, l.period))
        .collect();
    assert_eq!(held, [(1, 1), (0, 5)]);
}

#[test]
fn clashes_are_found_and_combined_classes_are_none() {
    let mut combined = slot(2, Weekday::Mon, 1);
    combined.teacher = id(101);
    combined.course = id(401);
    combined.room = id(301);
    let mut clashing = slot(3, Weekday::Mon, 2);
    clashing.teacher = id(101);
    let table = table(vec![slot(1, Weekday::Mon, 1), combined, clashing], vec![], vec![]);
    let monday = table.on(day("2026-11-16"));
    assert_eq!(monday.clashes(&table.slots), [(0, 2), (1, 2)]);
}

proptest! {
    /// Covering, swapping and moving lose no lesson and invent none; dropping loses exactly one.
    #[test]
    fn lessons_are_neither_lost_nor_invented(
        at in prop::collection::vec((0..5u8, 0..4u8), 2..12),
        week in 8..=16u8,
        pick in (0..12usize, 0..12usize, 0..12usize),
        action in 0..5u8,
    ) {
        let weekdays = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
        let slots: Vec<Slot> = at
            .iter()
            .enumerate()
            .map(|(n, (weekday, block))| slot(n as u128 + 1, weekdays[*weekday as usize], block * 2 + 1))
            .collect();
        let monday = term().start() + Days::new(u64::from(week - 1) * 7);
        // Weeks without a holiday: one that is moved away from a holiday is a lesson more.
        let plain = Timetable::new(term(), DayTable::default(), slots.clone(), vec![], vec![]);
        let date_of = |at: usize| monday + Days::new(u64::from(slots[at].weekday.num_days_from_monday()));
        let [one, other, third] = [pick.0, pick.1, pick.2].map(|at| at % slots.len());
        let base = Change::new(id(99), Action::Drop, slots[one].id, date_of(one));
        let change = match action {
            0 => Change { action: Action::Cover, substitute: Some(id(7_000)), ..base },
            1 => Change { new_time: Some((monday + Days::new(5), 1)), action: Action::Move, ..base },
            2 if one != other => Change {
                action: Action::Move,
                swap: Some(slots[other].id),
                new_time: Some((date_of(other), slots[other].period)),
                ..base
            },
            3 if one != other && other != third && one != third => Change {
                action: Action::Move,
                swap: Some(slots[other].id),
                new_time: Some((date_of(other), slots[other].period)),
                third: Some(slots[third].id),
                onward: Some((date_of(third), slots[third].period)),
                ..base
            },
            _ => base,
        };
        let dropped = usize::from(change.action == Action::Drop);
        let changed = Timetable::new(term(), DayTable::default(), slots.clone(), vec![], vec![change]);
        let count = |table: &Timetable| -> usize {
            table.between(monday, monday + Days::new(6)).iter().map(|day| day.lessons.len()).sum()
        };
        prop_assert_eq!(count(&changed) + dropped, count(&plain));
        // Other weeks are as planned.
        let next = monday + Days::new(7);
        for date in dates(next, next + Days::new(6)) {
            prop_assert_eq!(changed.on(date), plain.on(date));
        }
    }
}

#[test]
fn three_lessons_take_each_others_places_and_all_keep_teacher_and_room() {
    let slots = vec![
        slot(1, Weekday::Mon, 1),
        slot(2, Weekday::Wed, 5),
        slot(3, Weekday::Thu, 3),
    ];
    let turn = Change {
        swap: Some(id(2)),
        new_time: Some((day("2026-11-18"), 5)),
        onward: Some((day("2026-11-19"), 3)),
        third: Some(id(3)),
        substitute: Some(id(102)),
        ..change(Action::Move, 1, "2026-11-16")
    };
    let held = |change: Change, date: &str| -> Vec<(usize, u8, Uuid)> {
        let table = table(slots.clone(), vec![], vec![change]);
        let lessons = table.on(day(date)).lessons;
        lessons.iter().map(|l| (l.slot, l.period, l.teacher)).collect()
    };
    assert_eq!(held(turn.clone(), "2026-11-16"), [(2, 1, id(103))]);
    assert_eq!(held(turn.clone(), "2026-11-18"), [(0, 5, id(101))]);
    assert_eq!(held(turn.clone(), "2026-11-19"), [(1, 3, id(102))]);
    // Without a third the second goes to a free time.
    let aside = Change {
        onward: Some((day("2026-11-20"), 7)),
        third: None,
        ..turn
    };
    assert!(held(aside.clone(), "2026-11-16").is_empty());
    assert_eq!(held(aside.clone(), "2026-11-19"), [(2, 3, id(103))]);
    assert_eq!(held(aside, "2026-11-20"), [(1, 7, id(102))]);
}
