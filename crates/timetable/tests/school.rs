//! The school model from the outside: making, judging, explaining, advising, repairing.

use timetable::Control;
use timetable::school::*;

fn small() -> School {
    generate(Size { classes: 12 }, 7)
}

fn solved(school: &School) -> Timetable {
    let solved = solve(school, None, &[], &Control::counted(150_000, 1, 3)).expect("a sound set-up");
    assert_eq!(
        solved.report.hard,
        0,
        "{:?}",
        solved.report.findings.iter().find(|f| f.hard)
    );
    solved.timetable
}

/// One class with two teachers, three lessons, a five-day week of two periods.
fn tiny() -> School {
    let grid = Grid {
        days: 5,
        bands: vec![Band::Morning, Band::Afternoon],
    };
    let teacher = |name: &str| Teacher {
        name: name.into(),
        external: false,
    };
    let lesson = |course, teacher| Lesson {
        course,
        attendees: vec![Attendee {
            class: 0,
            group: None,
        }],
        teachers: vec![teacher],
        weeks: WeekSet::range(1, 18),
        blocks: vec![1, 1],
        room: RoomNeed::None,
    };
    School {
        grid,
        campuses: vec!["本部".into()],
        classes: vec![Class {
            name: "机电1班".into(),
            size: 40,
            homeroom: Some(0),
            ..Class::default()
        }],
        teachers: vec![teacher("张三"), teacher("李四")],
        rooms: vec![],
        courses: ["语文", "数学", "钳工"].map(|n| Course { name: n.into() }).into(),
        lessons: vec![lesson(0, 0), lesson(1, 1), lesson(2, 1)],
        constraints: vec![],
    }
}

#[test]
fn generated_schools_are_sound_and_solvable_and_equal_by_seed() {
    let school = small();
    assert_eq!(school.check(), Vec::<String>::new());
    assert_eq!(school, small());
    assert_ne!(school, generate(Size { classes: 12 }, 8));
    let timetable = solved(&school);
    assert_eq!(assess(&school, &timetable).hard, 0);
    assert!(explain(&school, &timetable).is_empty());
}

#[test]
fn a_full_school_has_the_proportions_of_a_real_one() {
    let school = generate(Size { classes: 120 }, 1);
    let kinds: std::collections::BTreeSet<&str> = school.constraints.iter().map(|c| c.kind.label()).collect();
    assert!(kinds.len() >= 13, "{kinds:?}");
    assert!((300..=400).contains(&school.teachers.len()) && (75..=110).contains(&school.rooms.len()));
    assert!(
        school.lessons.iter().any(|l| l.attendees.len() > 1),
        "joint lessons"
    );
    assert!(
        school.lessons.iter().any(|l| l.blocks == [4]),
        "half-days of practice"
    );
    assert!(
        school.patterns().len() >= 4,
        "odd and even weeks, halves of the term"
    );
    for class in 0..120 {
        let load = |p: &WeekSet| -> usize {
            let own = (0..school.lessons.len()).filter(|&l| !school.held_weeks(l).and(*p).is_empty());
            let own = own.filter(|&l| {
                school.lessons[l]
                    .attendees
                    .iter()
                    .any(|a| a.class == class && a.group != Some(1))
            });
            own.map(|l| school.lessons[l].blocks.iter().sum::<usize>()).sum()
        };
        assert!(school.patterns().iter().all(|p| (25..=30).contains(&load(p))));
    }
}

#[test]
fn every_kind_has_a_label_and_a_sentence() {
    let school = small();
    for c in &school.constraints {
        let text = c.kind.explain(&school);
        assert!(!c.kind.label().is_empty() && text.chars().count() > 5, "{text}");
    }
    let fixed = Kind::Fixed {
        lesson: 0,
        block: 0,
        slot: 8,
        room: None,
    };
    assert!(
        fixed.explain(&school).ends_with("固定在星期二第2节"),
        "{}",
        fixed.explain(&school)
    );
    let away = Kind::PracticeWeek {
        class: 0,
        weeks: WeekSet::range(10, 11),
    };
    assert_eq!(away.explain(&tiny()), "机电1班第10-11周整周实训，不排课");
}

#[test]
fn locked_blocks_stay_and_nothing_gets_worse() {
    let school = small();
    let timetable = solved(&school);
    let locked: Vec<(usize, usize)> = (0..school.lessons.len()).step_by(3).map(|l| (l, 0)).collect();
    let before = assess(&school, &timetable);
    for (moves, threads) in [(10, 1), (40_000, 2)] {
        let better = solve(
            &school,
            Some(&timetable),
            &locked,
            &Control::counted(moves, threads, 5),
        )
        .expect("sound");
        assert!((better.report.hard, better.report.soft) <= (before.hard, before.soft));
        assert!(
            locked
                .iter()
                .all(|&(l, b)| better.timetable.places[l][b] == timetable.places[l][b])
        );
        let again = solve(
            &school,
            Some(&timetable),
            &locked,
            &Control::counted(moves, threads, 5),
        )
        .expect("sound");
        assert_eq!(again.timetable, better.timetable);
    }
}

#[test]
fn wrong_references_are_refused_in_words() {
    let mut school = tiny();
    school.lessons[0].teachers = vec![9];
    school
        .constraints
        .push(Constraint::hard(Kind::SpreadDays { lesson: 77 }));
    let wrong = solve(&school, None, &[], &Control::counted(10, 1, 1)).expect_err("a bad reference");
    assert!(wrong[0].contains("第 1 条教学任务"), "{wrong:?}");
    let mut school = tiny();
    school.lessons[1].blocks = vec![2];
    assert!(school.check()[0].contains("2 节连排"));
    let short = Timetable { places: vec![] };
    assert!(solve(&tiny(), Some(&short), &[], &Control::counted(10, 1, 1)).is_err());
}

#[test]
fn places_agree_with_the_assessment_and_give_reasons() {
    let school = small();
    let timetable = solved(&school);
    let base = assess(&school, &timetable);
    let mut reds = 0;
    for lesson in (0..school.lessons.len()).step_by(23) {
        let here = timetable.places[lesson][0].expect("placed");
        let choices = places(&school, &timetable, lesson, 0);
        let stay = choices
            .iter()
            .find(|c| c.place.slot == here.slot)
            .expect("its own slot is among them");
        assert!(stay.hard <= 0);
        for c in choices {
            // A lesson held as one with another moves that one too; the assessment of the single move then differs.
            let alone = school.lessons[lesson].attendees[0].group.is_none()
                && school.lessons[lesson].weeks.len() != 9;
            let after = consequences(&school, &timetable, lesson, 0, Some(c.place));
            if alone {
                assert_eq!(
                    (after.report.hard, after.report.soft),
                    (base.hard + c.hard, base.soft + c.soft)
                );
            }
            assert_eq!(c.hard > 0, !c.reasons.is_empty());
            reds += usize::from(c.hard > 0);
        }
    }
    assert!(reds > 20);
}

#[test]
fn consequences_name_what_breaks_and_what_heals() {
    let mut school = tiny();
    school
        .constraints
        .push(Constraint::soft(Kind::MorningFirst { lessons: vec![0] }, 3));
    let at = |slot| Some(Place { slot, room: None });
    let timetable = Timetable {
        places: vec![vec![at(0), at(3)], vec![at(1), at(4)], vec![at(2), at(6)]],
    };
    let c = consequences(&school, &timetable, 0, 1, at(4));
    assert_eq!(c.gone.len(), 1);
    assert_eq!((c.new.len(), c.new[0].hard, c.report.hard), (1, true, 1));
    assert_eq!(
        c.new[0].text,
        "机电1班星期三第1节同时有：机电1班《语文》张三、机电1班《数学》李四"
    );
    let red = places(&school, &timetable, 0, 1)
        .into_iter()
        .find(|c| c.place.slot == 6)
        .expect("slot 6");
    assert_eq!(
        (red.hard, red.reasons),
        (1, vec!["机电1班在上机电1班《钳工》李四".to_string()])
    );
}

#[test]
fn a_teacher_with_too_few_slots_is_found_by_counting() {
    let mut school = tiny();
    let slots = (0..7).collect();
    school
        .constraints
        .push(Constraint::hard(Kind::TeacherUnavailable {
            teacher: 1,
            slots,
            weeks: None,
        }));
    let best = solve(&school, None, &[], &Control::counted(2_000, 1, 1)).expect("sound");
    assert!(best.report.hard > 0);
    let conflicts = explain(&school, &best.timetable);
    assert_eq!(conflicts.len(), 1);
    let c = &conflicts[0];
    assert!(
        c.proved && c.text == "李四一周有 4 节课，只有 3 节可排",
        "{}",
        c.text
    );
    assert_eq!((c.lessons.clone(), c.constraints.clone()), (vec![1, 2], vec![0]));
    assert!(c.relax[0].starts_with("放宽“李四"));
}

#[test]
fn a_conflict_no_count_shows_is_proved_and_shrunk() {
    let mut school = tiny();
    // Two lessons of one class are fixed at one time; the soft wish has nothing to do with it.
    let class_open = Constraint::soft(Kind::HomeroomDaily { class: 0 }, 1);
    let fixed = |lesson, slot| {
        Constraint::hard(Kind::Fixed {
            lesson,
            block: 0,
            slot,
            room: None,
        })
    };
    school.constraints = vec![class_open, fixed(0, 0), fixed(1, 0)];
    let best = solve(&school, None, &[], &Control::counted(2_000, 1, 1)).expect("sound");
    let c = explain(&school, &best.timetable).swap_remove(0);
    assert!(c.proved, "{}", c.text);
    assert_eq!((c.lessons, c.constraints), (vec![0, 1], vec![1, 2]));
    assert_eq!(c.relax.len(), 3);
    // Relaxing any one of them is enough.
    for drop in [1, 2] {
        let mut relaxed = school.clone();
        relaxed.constraints.remove(drop);
        let best = solve(&relaxed, None, &[], &Control::counted(4_000, 1, 1)).expect("sound");
        assert_eq!(best.report.hard, 0);
    }
}

#[test]
fn a_course_without_a_room_is_named() {
    let mut school = small();
    let lesson = school
        .lessons
        .iter()
        .position(|l| l.room != RoomNeed::None)
        .expect("practice");
    school.lessons[lesson].room = RoomNeed::Any {
        kind: "焊接实训室".into(),
        equipment: vec![],
        safety: None,
        campus: None,
    };
    let conflicts = explain(&school, &Timetable::empty(&school));
    assert!(
        conflicts[0].text.contains("没有这一类型的场所"),
        "{}",
        conflicts[0].text
    );
    assert_eq!(conflicts[0].lessons, [lesson]);
}

#[test]
fn repair_moves_little_and_keeps_what_is_locked() {
    let mut school = small();
    let timetable = solved(&school);
    let victim = school
        .lessons
        .iter()
        .position(|l| l.blocks == [2, 1])
        .expect("a common subject");
    let teacher = school.lessons[victim].teachers[0];
    let slot = timetable.places[victim][0].expect("placed").slot;
    school
        .constraints
        .push(Constraint::hard(Kind::TeacherUnavailable {
            teacher,
            slots: vec![slot],
            weeks: None,
        }));
    let before = assess(&school, &timetable);
    assert!(before.hard > 0);
    let fixed = repair(&school, &timetable, &[], &Control::counted(60_000, 1, 1)).expect("sound");
    assert_eq!(
        fixed.report.hard,
        0,
        "{:?}",
        fixed.report.findings.iter().find(|f| f.hard)
    );
    assert!((1..=4).contains(&fixed.moved.len()), "{:?}", fixed.moved);
    assert!(
        fixed
            .moved
            .iter()
            .any(|&(l, _)| school.lessons[l].teachers.contains(&teacher))
    );
    let locked: Vec<(usize, usize)> = fixed.moved.iter().copied().filter(|m| m.0 != victim).collect();
    let other = repair(&school, &timetable, &locked, &Control::counted(60_000, 1, 1)).expect("sound");
    assert!(locked.iter().all(|m| !other.moved.contains(m)));
    // Nothing broken: nothing moves.
    let idle = repair(&school, &fixed.timetable, &[], &Control::counted(2_000, 1, 1)).expect("sound");
    assert_eq!((idle.moved.len(), idle.timetable), (0, fixed.timetable));
}
