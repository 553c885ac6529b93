//! Names in messages, and whether the set-up makes sense.

use super::constraint::{Kind, join};
use super::model::{RoomNeed, School};

impl School {
    /// 机电1班（甲组）《钳工》张三
    pub fn lesson_name(&self, lesson: usize) -> String {
        let l = &self.lessons[lesson];
        let who = join(l.attendees.iter().map(|a| match a.group {
            Some(g) => format!(
                "{}{}",
                self.classes[a.class].name, self.classes[a.class].groups[g].name
            ),
            None => self.classes[a.class].name.clone(),
        }));
        let teachers = join(l.teachers.iter().map(|&t| self.teachers[t].name.as_str()));
        format!("{who}《{}》{teachers}", self.courses[l.course].name)
    }

    /// What in the set-up refers to nothing or cannot be meant; empty when the model can be solved.
    pub fn check(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let (slots, n) = (self.grid.slots(), self.lessons.len());
        if slots == 0 || slots > 1_000 {
            wrong.push("每周节次应在 1 到 1000 之间".to_string());
            return wrong;
        }
        for (i, class) in self.classes.iter().enumerate() {
            if class.campus >= self.campuses.len() || class.homeroom.is_some_and(|t| t >= self.teachers.len())
            {
                wrong.push(format!("第 {} 个班“{}”的校区或班主任不存在", i + 1, class.name));
            } else if self.atoms(i).len() > 64 {
                wrong.push(format!("“{}”的分组方式过多", class.name));
            }
        }
        for room in self.rooms.iter().filter(|r| r.campus >= self.campuses.len()) {
            wrong.push(format!("场所“{}”的校区不存在", room.name));
        }
        for (i, l) in self.lessons.iter().enumerate() {
            let attendee = |a: &super::Attendee| {
                a.class < self.classes.len() && a.group.is_none_or(|g| g < self.classes[a.class].groups.len())
            };
            let room = match &l.room {
                RoomNeed::Room(r) => *r < self.rooms.len(),
                RoomNeed::Any { campus, .. } => campus.is_none_or(|c| c < self.campuses.len()),
                RoomNeed::None => true,
            };
            let people =
                l.attendees.iter().all(attendee) && l.teachers.iter().all(|&t| t < self.teachers.len());
            if !people || !room || l.course >= self.courses.len() {
                wrong.push(format!(
                    "第 {} 条教学任务引用了不存在的班级、教师、课程或场所",
                    i + 1
                ));
            } else if let Some(&long) = l
                .blocks
                .iter()
                .find(|&&b| !(0..slots).any(|s| self.grid.fits(s, b)))
            {
                wrong.push(format!(
                    "{}有 {long} 节连排，任何半天都放不下",
                    self.lesson_name(i)
                ));
            }
        }
        if wrong.is_empty() {
            for c in &self.constraints {
                if !self.refers(&c.kind, n, slots) {
                    wrong.push(format!("约束“{}”引用了不存在的对象或节次", c.kind.label()));
                }
            }
        }
        wrong
    }

    fn refers(&self, kind: &Kind, n: usize, slots: usize) -> bool {
        let lessons = |list: &[usize]| list.iter().all(|&l| l < n);
        let teachers = |list: &[usize]| list.iter().all(|&t| t < self.teachers.len());
        let times = |list: &[usize]| list.iter().all(|&t| t < slots);
        match kind {
            Kind::NoClash | Kind::Placed | Kind::Consecutive | Kind::RoomFits | Kind::Joined => true,
            Kind::TeacherUnavailable { teacher, slots, .. } => teachers(&[*teacher]) && times(slots),
            Kind::Closed {
                classes,
                teachers: t,
                rooms,
                slots,
                ..
            } => {
                let classes = classes.iter().all(|&c| c < self.classes.len());
                classes && teachers(t) && rooms.iter().all(|&r| r < self.rooms.len()) && times(slots)
            }
            Kind::Fixed {
                lesson,
                block,
                slot,
                room,
            } => {
                let length = self.lessons.get(*lesson).and_then(|l| l.blocks.get(*block));
                length.is_some_and(|&d| self.grid.fits(*slot, d)) && room.is_none_or(|r| r < self.rooms.len())
            }
            Kind::SpreadDays { lesson } => lessons(&[*lesson]),
            Kind::AvoidPeriods { lessons: l, periods } => {
                lessons(l) && periods.iter().all(|&p| p < self.grid.periods())
            }
            Kind::OncePerDay { lessons: l }
            | Kind::MorningFirst { lessons: l }
            | Kind::EvenProgress { lessons: l }
            | Kind::Simultaneous { lessons: l }
            | Kind::Exclusive { lessons: l, .. } => lessons(l),
            Kind::TeacherDailyMax { teachers: t, .. }
            | Kind::TeacherGaps { teachers: t, .. }
            | Kind::CampusGap { teachers: t, .. } => teachers(t),
            Kind::WeekPair { odd, even } => lessons(&[*odd, *even]),
            Kind::HomeroomDaily { class } | Kind::PracticeWeek { class, .. } => *class < self.classes.len(),
            Kind::HalfDays { teacher, .. } => teachers(&[*teacher]),
        }
    }
}
