//! The model from small facts, and the way back.
use crate::facts::{ClassRow, Facts, OfferingRow, RoomRow, StaffRow};
use crate::model::{Placed, build};
use crate::offering::Part;
use crate::settings::{Away, Closing, Settings, Weekend, Whom};
use timetable::Control;
use timetable::school::{Kind, RoomNeed, WeekSet, assess, solve};
use uuid::Uuid;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn offering(n: u128, class: u128, teacher: Option<u128>) -> OfferingRow {
    OfferingRow {
        id: id(n),
        number: format!("2026-1-{n:05}"),
        state: String::new(),
        version: 1,
        plan: id(500),
        course: id(400 + n % 2),
        classes: vec![id(class)],
        part: Part::Whole,
        teacher: teacher.map(id),
        second: None,
        weekly: 4,
        blocks: vec![2, 2],
        weeks: WeekSet::range(1, 18),
        need: "own".into(),
        room: None,
        kind: None,
        path: String::new(),
    }
}

/// Two classes with rooms of their own, a training room of their department and a larger one of another.
fn facts() -> Facts {
    let class = |n: u128| ClassRow {
        id: id(n),
        name: format!("{n}班"),
        unit: id(300),
        room: Some(id(200 + n)),
        teacher: Some(id(101)),
        attending: true,
        size: 40,
        ..ClassRow::default()
    };
    let room = |n: u128, kind: &str, unit| RoomRow {
        id: id(n),
        name: format!("{n}室"),
        kind: kind.into(),
        seats: 45,
        unit: Some(id(unit)),
        open: true,
        campus: None,
    };
    Facts {
        classes: vec![class(1), class(2), class(3)],
        staff: (101..=103)
            .map(|n| StaffRow {
                id: id(n),
                name: format!("{n}老师"),
                unit: id(300),
                certified: true,
                external: n == 103,
            })
            .collect(),
        rooms: vec![
            room(201, "1", 1),
            room(202, "1", 1),
            room(250, "8", 300),
            room(251, "8", 301),
        ],
        courses: [(id(400), "语文".to_owned()), (id(401), "体育与健康".to_owned())].into(),
        campuses: [(id(700), "东校区".to_owned()), (id(701), "西校区".to_owned())].into(),
        units: [(id(300), "机电系".to_owned()), (id(301), "汽修系".to_owned())].into(),
        offerings: vec![
            offering(11, 1, Some(101)),
            offering(12, 2, Some(102)),
            offering(13, 1, None),
        ],
        kinds: [
            ("1".to_owned(), "教室".to_owned()),
            ("8".to_owned(), "实训室".to_owned()),
        ]
        .into(),
    }
}

#[test]
fn what_nobody_teaches_is_left_out() {
    let built = build(&facts(), &Settings::default());
    assert_eq!((built.offerings.len(), built.open.len()), (2, 1));
    assert_eq!(built.classes, [id(1), id(2)], "only classes that are taught");
    assert!(built.school.check().is_empty(), "{:?}", built.school.check());
    assert!(
        built
            .school
            .lessons
            .iter()
            .all(|lesson| lesson.room == RoomNeed::None),
        "at home"
    );
}

#[test]
fn a_kind_of_room_is_sought_in_the_department_first() {
    let mut facts = facts();
    facts.offerings[0].need = "kind".into();
    facts.offerings[0].kind = Some("8".into());
    let built = build(&facts, &Settings::default());
    let fitting: Vec<Uuid> = built
        .school
        .fitting_rooms(0)
        .into_iter()
        .map(|at| built.rooms[at])
        .collect();
    assert_eq!(fitting, [id(250)]);
    facts.rooms.retain(|room| room.id != id(250));
    let built = build(&facts, &Settings::default());
    let fitting: Vec<Uuid> = built
        .school
        .fitting_rooms(0)
        .into_iter()
        .map(|at| built.rooms[at])
        .collect();
    assert_eq!(fitting, [id(251)], "without one of its own, anybody's");
}

#[test]
fn a_class_room_asked_for_by_another_is_in_the_search() {
    let mut facts = facts();
    facts.offerings[1].need = "room".into();
    facts.offerings[1].room = Some(id(201));
    let built = build(&facts, &Settings::default());
    let rooms: Vec<&RoomNeed> = built.school.lessons.iter().map(|lesson| &lesson.room).collect();
    assert!(
        matches!(rooms[..], [RoomNeed::Room(a), RoomNeed::Room(b)] if a == b),
        "{rooms:?}"
    );
}

#[test]
fn halves_of_a_class_are_groups_that_meet_together() {
    let mut facts = facts();
    facts.offerings[0].part = Part::First;
    let other = OfferingRow {
        part: Part::Second,
        id: id(15),
        teacher: Some(id(103)),
        ..facts.offerings[0].clone()
    };
    facts.offerings.push(other);
    let built = build(&facts, &Settings::default());
    assert_eq!(built.school.classes[0].groups.len(), 2);
    let together = built
        .school
        .constraints
        .iter()
        .any(|c| matches!(&c.kind, Kind::Simultaneous { lessons } if lessons.len() == 2));
    assert!(together, "{:?}", built.school.constraints);
}

#[test]
fn settings_become_constraints() {
    let mut settings = Settings::default();
    settings.closed.push(Closing {
        id: id(1),
        reason: "教研".into(),
        of: Whom::Unit(id(300)),
        day: 2,
        from: 4,
        to: 7,
    });
    settings.away.push(Away {
        id: id(2),
        class: id(2),
        weeks: "9-10".into(),
    });
    let built = build(&facts(), &settings);
    let kinds: Vec<&Kind> = built.school.constraints.iter().map(|c| &c.kind).collect();
    let closed = kinds.iter().find_map(|kind| match kind {
        Kind::Closed { teachers, slots, .. } => Some((teachers.len(), slots.clone())),
        _ => None,
    });
    assert_eq!(closed, Some((2, vec![20, 21, 22, 23])));
    assert!(
        kinds
            .iter()
            .any(|kind| matches!(kind, Kind::PracticeWeek { class: 1, .. }))
    );
    assert!(
        kinds
            .iter()
            .any(|kind| matches!(kind, Kind::AvoidPeriods { periods, .. } if periods == &[0]))
    );
    assert_eq!(built.school.held_weeks(1).len(), 16);
}

#[test]
fn a_weekend_is_open_only_where_the_school_says_so() {
    let mut settings = Settings {
        days: 4,
        evening: 2,
        sunday: Weekend::Evening,
        ..Settings::default()
    };
    assert_eq!(settings.grid().days, 7);
    let open = |settings: &Settings| -> Vec<usize> {
        let shut = settings.shut();
        let of = |day| {
            shut.iter()
                .find(|(at, _)| *at == day)
                .map_or(0, |(_, periods)| periods.len())
        };
        (0..settings.grid().days)
            .map(|day| settings.grid().periods() - of(day))
            .collect()
    };
    assert_eq!(open(&settings), [10, 10, 10, 10, 0, 0, 2]);
    let built = build(&facts(), &settings);
    let closed = built.school.constraints.iter().filter_map(|c| match &c.kind {
        Kind::Closed { reason, slots, .. } => Some((reason.as_str(), slots.len())),
        _ => None,
    });
    assert_eq!(
        closed.collect::<Vec<_>>(),
        [("星期五不上课", 10), ("星期六不上课", 10), ("星期日不上课", 8)]
    );
    settings = Settings {
        saturday: Weekend::Morning,
        ..Settings::default()
    };
    assert_eq!(open(&settings), [8, 8, 8, 8, 8, 4]);
    assert_eq!(open(&Settings::default()), [8; 5]);
}

#[test]
fn rooms_say_on_which_campus_a_class_is() {
    let gap = |facts: &Facts| {
        let built = build(facts, &Settings::default());
        let campuses: Vec<usize> = built.school.classes.iter().map(|class| class.campus).collect();
        let gap = built
            .school
            .constraints
            .iter()
            .any(|c| matches!(c.kind, Kind::CampusGap { gap: 1, .. }));
        (built.school.campuses.clone(), campuses, gap)
    };
    let mut facts = facts();
    assert_eq!(gap(&facts), (vec!["本校".to_owned()], vec![0, 0], false));
    facts.rooms[0].campus = Some(id(700));
    facts.rooms[1].campus = Some(id(701));
    let names = ["东校区", "西校区"].map(str::to_owned).to_vec();
    assert_eq!(gap(&facts), (names, vec![0, 1], true));
}

#[test]
fn who_comes_from_outside_comes_on_few_half_days() {
    let mut facts = facts();
    facts.offerings[2].teacher = Some(id(103));
    let built = build(&facts, &Settings::default());
    let halves: Vec<(&str, usize)> = built
        .school
        .constraints
        .iter()
        .filter_map(|c| match c.kind {
            Kind::HalfDays { teacher, max } => Some((built.school.teachers[teacher].name.as_str(), max)),
            _ => None,
        })
        .collect();
    assert_eq!(halves, [("103老师", 2)]);
}

#[test]
fn courses_that_exclude_each_other_do_so_in_each_class() {
    let mut settings = Settings::default();
    let rule = settings.rules.iter_mut().find(|rule| rule.id == "exclusive");
    let rule = rule.expect("the rule");
    (rule.on, rule.value) = (true, "语文、体育与健康；数学，英语".into());
    let mut facts = facts();
    facts.offerings[2].teacher = Some(id(103));
    facts.offerings[2].course = id(400);
    let built = build(&facts, &settings);
    let found: Vec<&Vec<usize>> = built
        .school
        .constraints
        .iter()
        .filter_map(|c| match &c.kind {
            Kind::Exclusive {
                lessons,
                same_day: true,
            } => Some(lessons),
            _ => None,
        })
        .collect();
    let courses = |lessons: &[usize]| lessons.iter().map(|l| built.offerings[*l].id).collect::<Vec<_>>();
    assert_eq!(found.len(), 1, "only the first class has both");
    assert_eq!(courses(found[0]), [id(11), id(13)]);
}

#[test]
fn places_go_there_and_back_and_those_of_what_is_gone_fall_away() {
    let built = build(&facts(), &Settings::default());
    let solved = solve(&built.school, None, &[], &Control::counted(5_000, 1, 3)).expect("a sound model");
    assert_eq!(assess(&built.school, &solved.timetable).hard, 0);
    let places = built.places(&solved.timetable);
    assert_eq!(places.len(), 4);
    assert_eq!(built.timetable(&places), solved.timetable);
    let gone = Placed {
        offering: id(99),
        block: 0,
        day: 0,
        period: 0,
        room: None,
    };
    let late = Placed {
        period: 12,
        ..places[0]
    };
    assert_eq!(built.places(&built.timetable(&[gone, late])), []);
}
