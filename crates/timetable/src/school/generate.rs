//! A vocational school made up by seed: classes, teachers, training rooms, practice blocks, external teachers, odd and
//! even weeks, joint and split lessons. Every such school has a usable timetable by its counts.

use super::constraint::Constraint;
use super::generate_rules::constraints;
use super::model::{Attendee, Class, Course, Grid, Group, Lesson, Room, RoomNeed, School, Teacher};
use super::weeks::WeekSet;
use crate::rng::Rng;

/// How big.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Classes, at least 1.
    pub classes: usize,
}

/// A common subject: name, parts of the week, classes one teacher takes.
const COMMON: [(&str, &[usize], usize); 8] = [
    ("语文", &[2, 1], 5),
    ("数学", &[2, 1], 5),
    ("英语", &[2], 6),
    ("思想政治", &[2], 7),
    ("历史", &[1], 12),
    ("体育与健康", &[1, 1], 7),
    ("信息技术", &[2], 7),
    ("艺术", &[1], 12),
];

/// Majors with the kinds of rooms they practise in.
const MAJORS: [(&str, [&str; 2]); 10] = [
    ("机电", ["钳工实训室", "电工实训室"]),
    ("数控", ["数控实训室", "钳工实训室"]),
    ("汽修", ["汽修实训室", "电工实训室"]),
    ("计算机", ["网络实训室", "机房"]),
    ("会计", ["财会实训室", "机房"]),
    ("电商", ["电商实训室", "机房"]),
    ("护理", ["护理实训室", "解剖实训室"]),
    ("幼教", ["琴房", "舞蹈房"]),
    ("烹饪", ["烹饪实训室", "面点实训室"]),
    ("旅游", ["导游实训室", "形体房"]),
];

struct Making {
    rng: Rng,
    school: School,
    terms: WeekSet,
    /// Periods of each teacher so far.
    load: Vec<usize>,
}

/// Makes a school of about `size.classes` classes; equal seeds make equal schools.
pub fn generate(size: Size, seed: u64) -> School {
    let classes = size.classes.max(1);
    let mut m = Making {
        rng: Rng::new(seed ^ 0x5EED),
        school: School {
            grid: Grid::week(4, 3),
            campuses: vec!["东校区".into(), "西校区".into()],
            classes: vec![],
            teachers: vec![],
            rooms: vec![],
            courses: vec![],
            lessons: vec![],
            constraints: vec![],
        },
        terms: WeekSet::range(1, 18),
        load: vec![],
    };
    m.add_classes(classes);
    m.add_common();
    m.add_special();
    m.add_rooms();
    m.finish()
}

impl Making {
    fn add_classes(&mut self, classes: usize) {
        for i in 0..classes {
            let major = i % MAJORS.len();
            let (year, number) = (24 + (i / MAJORS.len()) % 3, i / (MAJORS.len() * 3) + 1);
            let size = 36 + self.rng.below(10) as u32;
            let half = size / 2;
            self.school.classes.push(Class {
                name: format!("{year}{}{number}班", MAJORS[major].0),
                size,
                campus: usize::from(major >= 7),
                homeroom: None,
                groups: vec![
                    Group {
                        name: "甲组".into(),
                        size: half,
                        division: 0,
                    },
                    Group {
                        name: "乙组".into(),
                        size: size - half,
                        division: 0,
                    },
                ],
            });
        }
    }

    fn course(&mut self, name: &str) -> usize {
        if let Some(i) = self.school.courses.iter().position(|c| c.name == name) {
            return i;
        }
        self.school.courses.push(Course { name: name.into() });
        self.school.courses.len() - 1
    }

    fn teacher(&mut self, external: bool) -> usize {
        const FAMILY: [&str; 20] = [
            "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林",
            "何", "郭", "马", "罗",
        ];
        const GIVEN: [&str; 20] = [
            "伟", "芳", "娜", "敏", "静", "强", "磊", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "霞",
            "平", "刚", "桂英", "建华",
        ];
        let n = self.school.teachers.len();
        let number = if n < 400 {
            String::new()
        } else {
            (n / 400 + 1).to_string()
        };
        let name = format!("{}{}{number}", FAMILY[n % 20], GIVEN[(n / 20 + n) % 20]);
        self.school.teachers.push(Teacher { name, external });
        self.load.push(0);
        n
    }

    fn add(
        &mut self,
        course: usize,
        attendees: Vec<Attendee>,
        teacher: usize,
        weeks: WeekSet,
        blocks: &[usize],
        room: RoomNeed,
    ) -> usize {
        self.load[teacher] += blocks.iter().sum::<usize>();
        let teachers = vec![teacher];
        self.school.lessons.push(Lesson {
            course,
            attendees,
            teachers,
            weeks,
            blocks: blocks.to_vec(),
            room,
        });
        self.school.lessons.len() - 1
    }

    fn add_common(&mut self) {
        let classes = self.school.classes.len();
        for (name, blocks, share) in COMMON {
            let course = self.course(name);
            for campus in 0..self.school.campuses.len() {
                let own: Vec<usize> = (0..classes)
                    .filter(|&c| self.school.classes[c].campus == campus)
                    .collect();
                let mut teacher = 0;
                for (k, &class) in own.iter().enumerate() {
                    if k % share == 0 {
                        teacher = self.teacher(false);
                    }
                    let room = match name {
                        "信息技术" => any("机房"),
                        "艺术" => any("艺术教室"),
                        _ => RoomNeed::None,
                    };
                    let who = vec![Attendee { class, group: None }];
                    self.add(course, who, teacher, self.terms, blocks, room);
                    let taken = self.school.classes.iter().any(|c| c.homeroom == Some(teacher));
                    if self.school.classes[class].homeroom.is_none() && !taken && blocks.len() > 1 {
                        self.school.classes[class].homeroom = Some(teacher);
                    }
                }
            }
        }
    }

    fn add_special(&mut self) {
        for c in 0..self.school.classes.len() {
            let major = MAJORS
                .iter()
                .position(|m| self.school.classes[c].name.contains(m.0))
                .unwrap_or(0);
            let (name, rooms) = MAJORS[major];
            let all = vec![Attendee {
                class: c,
                group: None,
            }];
            // A whole half-day of practice, in one training room.
            let practice = self.course(&format!("{name}综合实训"));
            let teacher = self.pick(4, c % 6 == 0, None);
            self.add(practice, all.clone(), teacher, self.terms, &[4], any(rooms[0]));
            // Halves of the class in two rooms at once.
            let skills = [
                self.course(&format!("{name}基本技能")),
                self.course(&format!("{name}专项技能")),
            ];
            let mut before = None;
            for (g, room) in [(0, rooms[0]), (1, rooms[1])] {
                let teacher = self.pick(2, false, before);
                before = Some(teacher);
                let who = vec![Attendee {
                    class: c,
                    group: Some(g),
                }];
                self.add(skills[g], who, teacher, self.terms, &[2], any(room));
            }
            // Theory in two doubles; whoever gives it is class teacher where no common subject's teacher is left.
            let theory = self.course(&format!("{name}专业基础"));
            let theorist = self.pick(5, false, None);
            self.add(theory, all.clone(), theorist, self.terms, &[2, 2], RoomNeed::None);
            // An odd-week and an even-week course share a place.
            let (odd, even) = (self.course("职业素养"), self.course("安全教育"));
            let teacher = self.pick(1, false, None);
            self.add(odd, all.clone(), teacher, self.terms.odd(), &[1], RoomNeed::None);
            let teacher = self.pick(1, false, None);
            self.add(
                even,
                all.clone(),
                teacher,
                self.terms.even(),
                &[1],
                RoomNeed::None,
            );
            let class_hour = self.course("班会");
            let homeroom = *self.school.classes[c].homeroom.get_or_insert(theorist);
            self.add(class_hour, all, homeroom, self.terms, &[1], RoomNeed::None);
        }
        self.add_joint();
    }

    /// Two classes of a campus together in a lecture hall.
    fn add_joint(&mut self) {
        let course = self.course("就业指导");
        for campus in 0..self.school.campuses.len() {
            let own: Vec<usize> = (0..self.school.classes.len())
                .filter(|&c| self.school.classes[c].campus == campus)
                .collect();
            for pair in own.chunks(2) {
                let who = pair
                    .iter()
                    .map(|&class| Attendee { class, group: None })
                    .collect();
                let teacher = self.pick(2, false, None);
                let weeks = WeekSet::range(1, 9);
                self.add(course, who, teacher, weeks, &[2], any("阶梯教室"));
            }
        }
    }

    /// A teacher of special subjects with room for `periods` more, other than `busy`.
    fn pick(&mut self, periods: usize, external: bool, busy: Option<usize>) -> usize {
        let limit = if external { 6 } else { 10 };
        let first = self.school.teachers.len().saturating_sub(12);
        let free = (first..self.school.teachers.len())
            .find(|&t| self.suits(t, periods, external, limit) && Some(t) != busy);
        free.unwrap_or_else(|| self.teacher(external))
    }

    fn suits(&self, teacher: usize, periods: usize, external: bool, limit: usize) -> bool {
        if self.school.teachers[teacher].external != external || self.load[teacher] + periods > limit {
            return false;
        }
        let own = self
            .school
            .lessons
            .iter()
            .filter(|l| l.teachers.contains(&teacher));
        own.into_iter()
            .all(|l| !COMMON.iter().any(|c| c.0 == self.school.courses[l.course].name))
    }

    /// As many rooms of each kind and campus as its load needs, a little more than half full.
    fn add_rooms(&mut self) {
        let mut demand: Vec<(String, usize, usize, u32)> = Vec::new();
        for l in 0..self.school.lessons.len() {
            let RoomNeed::Any { kind, .. } = &self.school.lessons[l].room else {
                continue;
            };
            let (campus, size) = (self.school.campus(l), self.school.size(l));
            let periods: usize = self.school.lessons[l].blocks.iter().sum();
            match demand.iter_mut().find(|d| d.0 == *kind && d.1 == campus) {
                Some(d) => (d.2, d.3) = (d.2 + periods, d.3.max(size)),
                None => demand.push((kind.clone(), campus, periods, size)),
            }
        }
        for (kind, campus, periods, size) in demand {
            for n in 0..periods.div_ceil(18).max(1) {
                let name = format!("{kind}{}{}", if campus == 0 { "东" } else { "西" }, n + 1);
                let safety = if kind.ends_with("实训室") {
                    2 + self.rng.below(2) as u8
                } else {
                    4
                };
                self.school.rooms.push(Room {
                    name,
                    kind: kind.clone(),
                    campus,
                    capacity: size,
                    equipment: vec![],
                    safety,
                });
            }
        }
    }

    fn finish(mut self) -> School {
        let listed: Vec<Constraint> = constraints(&self.school, &mut self.rng);
        self.school.constraints = listed;
        self.school
    }
}

fn any(kind: &str) -> RoomNeed {
    RoomNeed::Any {
        kind: kind.into(),
        equipment: vec![],
        safety: None,
        campus: None,
    }
}
