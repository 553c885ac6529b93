//! The rules of the settings as constraints of the scheduling core.
use crate::facts::Facts;
use crate::grid::DAYS;
use crate::model::Built;
use crate::offering::Part;
use crate::settings::{Rule, Settings, Whom};
use std::collections::{BTreeMap, HashSet};
use timetable::school::{Constraint, Kind, Lesson, WeekSet};
use uuid::Uuid;

fn numbers(text: &str) -> Vec<usize> {
    text.split(['、', ',', '，', ' '])
        .filter_map(|part| part.trim().parse().ok())
        .collect()
}

fn names(text: &str) -> Vec<&str> {
    let parts = text.split(['、', ',', '，']).map(str::trim);
    parts.filter(|name| !name.is_empty()).collect()
}

/// The constraints that the settings ask for.
pub fn constraints(built: &Built, facts: &Facts, settings: &Settings) -> Vec<Constraint> {
    let s = &built.school;
    let mut list = vec![];
    let mut add = |rule: &Rule, kind: Kind| {
        list.push(match rule.hard {
            true => Constraint::hard(kind),
            false => Constraint::soft(kind, rule.weight.max(1)),
        });
    };
    let of_course = |fits: &dyn Fn(&str) -> bool| -> Vec<usize> {
        (0..s.lessons.len())
            .filter(|l| fits(&s.courses[s.lessons[*l].course].name))
            .collect()
    };
    for rule in settings.rules.iter().filter(|rule| rule.on) {
        match rule.id.as_str() {
            "once" => {
                let many = (0..s.lessons.len()).filter(|l| s.lessons[*l].blocks.len() > 1);
                many.for_each(|l| add(rule, Kind::OncePerDay { lessons: vec![l] }));
            }
            "spread" => {
                // Three or more blocks cannot all keep a day between them.
                let two = (0..s.lessons.len()).filter(|l| s.lessons[*l].blocks.len() == 2);
                two.for_each(|lesson| add(rule, Kind::SpreadDays { lesson }));
            }
            "morning" => {
                let names = names(&rule.value);
                let lessons = of_course(&|name| names.contains(&name));
                if !lessons.is_empty() {
                    add(rule, Kind::MorningFirst { lessons });
                }
            }
            "avoid" => {
                let periods: Vec<usize> = numbers(&rule.value)
                    .into_iter()
                    .filter(|p| (1..=s.grid.periods()).contains(p))
                    .map(|p| p - 1)
                    .collect();
                let lessons = of_course(&|name| name.starts_with("体育"));
                if !lessons.is_empty() && !periods.is_empty() {
                    add(rule, Kind::AvoidPeriods { lessons, periods });
                }
            }
            "daily" | "gaps" => {
                let (teachers, max) = (
                    (0..s.teachers.len()).collect(),
                    numbers(&rule.value).first().copied().unwrap_or(6),
                );
                add(
                    rule,
                    match rule.id.as_str() {
                        "daily" => Kind::TeacherDailyMax { teachers, max },
                        _ => Kind::TeacherGaps { teachers, max },
                    },
                );
            }
            "halves" => {
                let max = numbers(&rule.value).first().copied().unwrap_or(2);
                let external = (0..s.teachers.len()).filter(|t| s.teachers[*t].external);
                external.for_each(|teacher| add(rule, Kind::HalfDays { teacher, max }));
            }
            "campus" if s.campuses.len() > 1 => {
                let gap = numbers(&rule.value).first().copied().unwrap_or(1);
                let teachers = (0..s.teachers.len()).collect();
                add(rule, Kind::CampusGap { teachers, gap });
            }
            "exclusive" => {
                for group in rule.value.split(['；', ';']) {
                    let names = names(group);
                    let of_class = |class: usize| -> Vec<usize> {
                        let attends = |l: &usize| s.lessons[*l].attendees.iter().any(|a| a.class == class);
                        of_course(&|name| names.contains(&name))
                            .into_iter()
                            .filter(attends)
                            .collect()
                    };
                    for lessons in (0..s.classes.len()).map(of_class).filter(|list| list.len() > 1) {
                        let same_day = true;
                        add(rule, Kind::Exclusive { lessons, same_day });
                    }
                }
            }
            "homeroom" => {
                for class in 0..s.classes.len() {
                    let own = |lesson: &Lesson| {
                        lesson.attendees.iter().any(|a| a.class == class)
                            && s.classes[class]
                                .homeroom
                                .is_some_and(|t| lesson.teachers.contains(&t))
                    };
                    if s.lessons.iter().any(own) {
                        add(rule, Kind::HomeroomDaily { class });
                    }
                }
            }
            "even" => {
                let mut same: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
                for (l, lesson) in s.lessons.iter().enumerate() {
                    if let Some(teacher) = lesson.teachers.first() {
                        same.entry((*teacher, lesson.course)).or_default().push(l);
                    }
                }
                let even = same.into_values().filter(|lessons| {
                    lessons.len() > 1
                        && lessons
                            .iter()
                            .all(|l| s.lessons[*l].blocks.len() == s.lessons[lessons[0]].blocks.len())
                });
                even.for_each(|lessons| add(rule, Kind::EvenProgress { lessons }));
            }
            "together" => {
                for (l, row) in built
                    .offerings
                    .iter()
                    .enumerate()
                    .filter(|(_, row)| row.part == Part::First)
                {
                    let other = built.offerings.iter().position(|o| {
                        o.part == Part::Second
                            && o.classes == row.classes
                            && o.course == row.course
                            && o.blocks == row.blocks
                            && o.weeks == row.weeks
                    });
                    if let Some(other) = other {
                        add(
                            rule,
                            Kind::Simultaneous {
                                lessons: vec![l, other],
                            },
                        );
                    }
                }
            }
            "pair" => pairs(built)
                .into_iter()
                .for_each(|(odd, even)| add(rule, Kind::WeekPair { odd, even })),
            _ => {}
        }
    }
    let slots = |day: usize, from: usize, to: usize| -> Vec<usize> {
        let last = to.min(s.grid.periods().saturating_sub(1));
        if day >= s.grid.days {
            vec![]
        } else {
            (from..=last).map(|p| s.grid.slot(day, p)).collect()
        }
    };
    for (day, periods) in settings.shut() {
        list.push(Constraint::hard(Kind::Closed {
            reason: format!("星期{}不上课", DAYS[day.min(6)]),
            classes: (0..s.classes.len()).collect(),
            teachers: vec![],
            rooms: vec![],
            slots: periods.into_iter().map(|p| s.grid.slot(day, p)).collect(),
        }));
    }
    for closing in &settings.closed {
        let staff = |fits: &dyn Fn(Uuid) -> bool| -> Vec<usize> {
            (0..built.teachers.len())
                .filter(|t| fits(built.teachers[*t]))
                .collect()
        };
        let (mut classes, mut teachers, mut rooms) = (vec![], vec![], vec![]);
        match closing.of {
            Whom::Classes => classes = (0..s.classes.len()).collect(),
            Whom::Unit(unit) => teachers = staff(&|id| facts.person(id).is_some_and(|row| row.unit == unit)),
            Whom::Person(person) => teachers = staff(&|id| id == person),
            Whom::Room(room) => {
                rooms = (0..built.rooms.len())
                    .filter(|r| built.rooms[*r] == room)
                    .collect()
            }
        }
        let slots = slots(closing.day, closing.from, closing.to);
        if !slots.is_empty() && classes.len() + teachers.len() + rooms.len() > 0 {
            list.push(Constraint::hard(Kind::Closed {
                reason: closing.reason.clone(),
                classes,
                teachers,
                rooms,
                slots,
            }));
        }
    }
    for away in &settings.away {
        let class = built.classes.iter().position(|id| *id == away.class);
        if let (Some(class), Ok(weeks)) = (class, WeekSet::parse(&away.weeks)) {
            list.push(Constraint::hard(Kind::PracticeWeek { class, weeks }));
        }
    }
    list
}

/// Lessons of one class in odd and in even weeks that may share a time, each in one pair.
fn pairs(built: &Built) -> Vec<(usize, usize)> {
    let all = WeekSet::range(1, 32);
    let within = |l: usize, weeks: WeekSet| built.offerings[l].weeks.without(weeks).is_empty();
    let (mut found, mut taken) = (vec![], HashSet::new());
    for odd in (0..built.offerings.len()).filter(|l| within(*l, all.odd())) {
        let even = (0..built.offerings.len()).find(|l| {
            within(*l, all.even())
                && !taken.contains(l)
                && built.offerings[*l].classes == built.offerings[odd].classes
                && built.offerings[*l].blocks == built.offerings[odd].blocks
        });
        if let Some(even) = even {
            taken.insert(even);
            found.push((odd, even));
        }
    }
    found
}
