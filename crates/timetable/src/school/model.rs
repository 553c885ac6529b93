//! What a school is for the timetable.

use super::constraint::Constraint;
use super::weeks::WeekSet;

/// Part of the day; a block of lessons never runs across two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Band {
    /// 早读
    Early,
    /// 上午
    Morning,
    /// 下午
    Afternoon,
    /// 晚自习
    Evening,
}

/// Days × periods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// Teaching days in the week, from Monday.
    pub days: usize,
    /// The band of each period of a day.
    pub bands: Vec<Band>,
}

impl Grid {
    /// Five days of `morning` and `afternoon` periods.
    pub fn week(morning: usize, afternoon: usize) -> Self {
        let bands = [vec![Band::Morning; morning], vec![Band::Afternoon; afternoon]].concat();
        Grid { days: 5, bands }
    }

    /// Periods in a day.
    pub fn periods(&self) -> usize {
        self.bands.len()
    }

    /// Slots in the week.
    pub fn slots(&self) -> usize {
        self.days * self.periods()
    }

    /// The slot of a day and a period, both from 0.
    pub fn slot(&self, day: usize, period: usize) -> usize {
        day * self.periods() + period
    }

    /// Day and period of a slot.
    pub fn at(&self, slot: usize) -> (usize, usize) {
        (slot / self.periods(), slot % self.periods())
    }

    /// 星期二第3节
    pub fn name(&self, slot: usize) -> String {
        let (day, period) = self.at(slot);
        let name = ["一", "二", "三", "四", "五", "六", "日"]
            .get(day)
            .copied()
            .unwrap_or("?");
        format!("星期{name}第{}节", period + 1)
    }

    /// May a block of `length` start at `slot`: on one day and within one band?
    pub fn fits(&self, slot: usize, length: usize) -> bool {
        if length == 0 || slot + length > self.slots() {
            return false;
        }
        let (day, period) = self.at(slot);
        let (last_day, last) = self.at(slot + length - 1);
        day == last_day && self.bands[period..=last].iter().all(|&b| b == self.bands[period])
    }

    /// The slots of each half-day, by day and band.
    pub fn half_days(&self) -> Vec<Vec<usize>> {
        let mut halves = Vec::new();
        for day in 0..self.days {
            for band in [Band::Early, Band::Morning, Band::Afternoon, Band::Evening] {
                let slots: Vec<usize> = (0..self.periods())
                    .filter(|&p| self.bands[p] == band)
                    .map(|p| self.slot(day, p))
                    .collect();
                if !slots.is_empty() {
                    halves.push(slots);
                }
            }
        }
        halves
    }

    /// The slots of each day.
    pub fn by_day(&self) -> Vec<Vec<usize>> {
        (0..self.days)
            .map(|d| (0..self.periods()).map(|p| self.slot(d, p)).collect())
            .collect()
    }
}

/// A part of a class (分组): halves for practice, or by choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Name within the class, such as 甲组.
    pub name: String,
    /// Students.
    pub size: u32,
    /// Groups of one division are disjoint; groups of two divisions share students.
    pub division: usize,
}

/// 行政班
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Class {
    /// Name.
    pub name: String,
    /// Students.
    pub size: u32,
    /// Index of the campus it is on.
    pub campus: usize,
    /// 班主任
    pub homeroom: Option<usize>,
    /// Its groups.
    pub groups: Vec<Group>,
}

/// 教师
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Teacher {
    /// Name.
    pub name: String,
    /// 外聘: comes on some half-days only.
    pub external: bool,
}

/// 场所: classroom, lecture hall or training room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// Name.
    pub name: String,
    /// 类型
    pub kind: String,
    /// Campus.
    pub campus: usize,
    /// 容量/工位
    pub capacity: u32,
    /// 设备
    pub equipment: Vec<String>,
    /// 安全分级, 1 (Ⅰ, highest hazard) to 4.
    pub safety: u8,
}

/// 课程
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// Name.
    pub name: String,
}

/// Who attends: a class or one group of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attendee {
    /// The class.
    pub class: usize,
    /// One of its groups; the whole class if none.
    pub group: Option<usize>,
}

/// What room a lesson needs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum RoomNeed {
    /// None beyond the class's own.
    #[default]
    None,
    /// This one.
    Room(usize),
    /// Any of a kind on the lesson's campus with room for all, this equipment, and at most this hazard.
    Any {
        /// 类型
        kind: String,
        /// 设备
        equipment: Vec<String>,
        /// Rooms of a higher hazard (smaller number) are refused.
        safety: Option<u8>,
        /// Campus, if not that of the first class.
        campus: Option<usize>,
    },
}

/// 教学任务: a course for some classes or groups, parted into blocks a week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lesson {
    /// Course.
    pub course: usize,
    /// Classes and groups; more than one class is 合班.
    pub attendees: Vec<Attendee>,
    /// Teachers, all present.
    pub teachers: Vec<usize>,
    /// Weeks in which it is held.
    pub weeks: WeekSet,
    /// Lengths of its blocks: `[2, 2]`, `[4]` …
    pub blocks: Vec<usize>,
    /// Room.
    pub room: RoomNeed,
}

/// Everything the timetable is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct School {
    /// Days × periods.
    pub grid: Grid,
    /// Names of the campuses.
    pub campuses: Vec<String>,
    /// Classes.
    pub classes: Vec<Class>,
    /// Teachers.
    pub teachers: Vec<Teacher>,
    /// Rooms.
    pub rooms: Vec<Room>,
    /// Courses.
    pub courses: Vec<Course>,
    /// Lessons.
    pub lessons: Vec<Lesson>,
    /// Constraints beyond the ones every timetable keeps.
    pub constraints: Vec<Constraint>,
}

/// Where and when a block is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// First slot.
    pub slot: usize,
    /// Room, if it needs one.
    pub room: Option<usize>,
}

/// A timetable: the place of every block, by lesson and block.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Timetable {
    /// `places[lesson][block]`.
    pub places: Vec<Vec<Option<Place>>>,
}

impl Timetable {
    /// Nothing placed.
    pub fn empty(school: &School) -> Self {
        Timetable {
            places: school
                .lessons
                .iter()
                .map(|l| vec![None; l.blocks.len()])
                .collect(),
        }
    }
}

impl School {
    /// The weeks a lesson is really held: without the 实训整周 of its classes.
    pub fn held_weeks(&self, lesson: usize) -> WeekSet {
        let lesson = &self.lessons[lesson];
        self.constraints
            .iter()
            .fold(lesson.weeks, |weeks, c| match &c.kind {
                super::Kind::PracticeWeek { class, weeks: away }
                    if lesson.attendees.iter().any(|a| a.class == *class) =>
                {
                    weeks.without(*away)
                }
                _ => weeks,
            })
    }

    /// [`School::held_weeks`] of every lesson at once.
    pub(super) fn all_held_weeks(&self) -> Vec<WeekSet> {
        let mut away = vec![WeekSet::default(); self.classes.len()];
        for c in &self.constraints {
            if let super::Kind::PracticeWeek { class, weeks } = c.kind {
                away[class].0 |= weeks.0;
            }
        }
        let held = |l: &Lesson| {
            l.attendees
                .iter()
                .fold(l.weeks, |weeks, a| weeks.without(away[a.class]))
        };
        self.lessons.iter().map(held).collect()
    }

    /// The lessons of each teacher.
    pub(super) fn lessons_by_teacher(&self) -> Vec<Vec<usize>> {
        let mut lists = vec![Vec::new(); self.teachers.len()];
        for (l, lesson) in self.lessons.iter().enumerate() {
            for &t in &lesson.teachers {
                if lists[t].last() != Some(&l) {
                    lists[t].push(l);
                }
            }
        }
        lists
    }

    /// Students who attend.
    pub fn size(&self, lesson: usize) -> u32 {
        let size = |a: &Attendee| match a.group {
            Some(g) => self.classes[a.class].groups[g].size,
            None => self.classes[a.class].size,
        };
        self.lessons[lesson].attendees.iter().map(size).sum()
    }

    /// The campus a lesson is on.
    pub fn campus(&self, lesson: usize) -> usize {
        let lesson = &self.lessons[lesson];
        let own = || {
            lesson
                .attendees
                .first()
                .map_or(0, |a| self.classes[a.class].campus)
        };
        match &lesson.room {
            RoomNeed::Room(r) => self.rooms[*r].campus,
            RoomNeed::Any { campus: Some(c), .. } => *c,
            _ => own(),
        }
    }

    /// Why `room` does not do for `lesson`, if it does not.
    pub fn misfit(&self, lesson: usize, room: usize) -> Option<String> {
        let (size, campus) = (self.size(lesson), self.campus(lesson));
        let r = &self.rooms[room];
        match &self.lessons[lesson].room {
            RoomNeed::None => None,
            RoomNeed::Room(wanted) => {
                (*wanted != room).then(|| format!("指定场所是{}", self.rooms[*wanted].name))
            }
            RoomNeed::Any {
                kind,
                equipment,
                safety,
                ..
            } => {
                if r.kind != *kind {
                    Some(format!("{}不是{kind}", r.name))
                } else if r.campus != campus {
                    Some(format!("{}不在本校区", r.name))
                } else if r.capacity < size {
                    Some(format!("{}只容 {} 人，需 {size} 人", r.name, r.capacity))
                } else if let Some(lacking) = equipment.iter().find(|e| !r.equipment.contains(e)) {
                    Some(format!("{}没有{lacking}", r.name))
                } else if safety.is_some_and(|least| r.safety < least) {
                    Some(format!("{}安全分级为 {} 级，高于允许", r.name, r.safety))
                } else {
                    None
                }
            }
        }
    }

    /// Rooms that do for a lesson; empty when it needs none.
    pub fn fitting_rooms(&self, lesson: usize) -> Vec<usize> {
        // Most rooms are of another kind; no words are made for those.
        let likely = |r: &usize| match &self.lessons[lesson].room {
            RoomNeed::None => false,
            RoomNeed::Room(wanted) => r == wanted,
            RoomNeed::Any { kind, .. } => self.rooms[*r].kind == *kind,
        };
        (0..self.rooms.len())
            .filter(likely)
            .filter(|&r| self.misfit(lesson, r).is_none())
            .collect()
    }

    /// Groups of students that any two lessons either share or not: the class, or the product of its divisions.
    pub(super) fn atoms(&self, class: usize) -> Vec<Vec<usize>> {
        let groups = &self.classes[class].groups;
        let mut divisions: Vec<usize> = groups.iter().map(|g| g.division).collect();
        divisions.sort_unstable();
        divisions.dedup();
        let mut atoms: Vec<Vec<usize>> = vec![vec![]];
        for d in divisions {
            let members: Vec<usize> = (0..groups.len()).filter(|&g| groups[g].division == d).collect();
            atoms = atoms
                .iter()
                .flat_map(|a| members.iter().map(|&g| [&a[..], &[g]].concat()))
                .collect();
        }
        atoms
    }
}
