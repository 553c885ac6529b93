//! Reads and writes `.ctt` files.

use super::model::{Course, Curriculum, Instance, Room};
use crate::ReadError;
use std::collections::HashMap;
use std::fmt::Write;

/// Limits that keep a hostile file from asking for unreasonable memory.
const MAX_COUNT: usize = 20_000;
const MAX_PERIODS: usize = 512;
const MAX_LECTURES: usize = 20_000;

/// The lines that carry something, with their numbers.
struct Lines<'a> {
    rest: std::vec::IntoIter<(usize, Vec<&'a str>)>,
    last: usize,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        let lines: Vec<_> = text
            .lines()
            .enumerate()
            .map(|(i, l)| (i + 1, l.split_whitespace().collect::<Vec<_>>()))
            .filter(|(_, words)| !words.is_empty())
            .collect();
        Lines {
            last: text.lines().count(),
            rest: lines.into_iter(),
        }
    }

    fn next(&mut self, what: &str) -> Result<(usize, Vec<&'a str>), ReadError> {
        self.rest
            .next()
            .ok_or_else(|| ReadError::new(self.last, format!("文件到此结束，还缺 {what}")))
    }

    fn header(&mut self, key: &str) -> Result<(usize, &'a str), ReadError> {
        let (line, words) = self.next(key)?;
        if words[0] != key {
            return Err(ReadError::new(
                line,
                format!("此处应为“{key}”，读到“{}”", words[0]),
            ));
        }
        let value = *words
            .get(1)
            .ok_or_else(|| ReadError::new(line, format!("“{key}”后面没有值")))?;
        Ok((line, value))
    }

    fn count(&mut self, key: &str, max: usize) -> Result<usize, ReadError> {
        let (line, value) = self.header(key)?;
        let n: usize = number(line, key, value)?;
        if n > max {
            return Err(ReadError::new(line, format!("“{key}”为 {n}，超出上限 {max}")));
        }
        Ok(n)
    }

    fn section(&mut self, key: &str) -> Result<(), ReadError> {
        let (line, words) = self.next(key)?;
        if words == [key] {
            Ok(())
        } else {
            Err(ReadError::new(line, format!("此处应为“{key}”一行")))
        }
    }

    fn row(&mut self, what: &str, columns: usize) -> Result<(usize, Vec<&'a str>), ReadError> {
        let (line, words) = self.next(what)?;
        if words.len() < columns {
            return Err(ReadError::new(
                line,
                format!("{what}一行应有 {columns} 列，只有 {} 列", words.len()),
            ));
        }
        Ok((line, words))
    }
}

fn number<N: std::str::FromStr>(line: usize, what: &str, word: &str) -> Result<N, ReadError> {
    word.parse()
        .map_err(|_| ReadError::new(line, format!("{what} 应为非负整数，读到“{word}”")))
}

fn insert(map: &mut HashMap<String, usize>, line: usize, what: &str, name: &str) -> Result<(), ReadError> {
    let index = map.len();
    match map.insert(name.to_string(), index) {
        None => Ok(()),
        Some(_) => Err(ReadError::new(line, format!("{what}“{name}”重复"))),
    }
}

impl Instance {
    /// Parses a `.ctt` file.
    pub fn read(text: &str) -> Result<Instance, ReadError> {
        let mut lines = Lines::new(text);
        let name = lines.header("Name:")?.1.to_string();
        let n_courses = lines.count("Courses:", MAX_COUNT)?;
        let n_rooms = lines.count("Rooms:", MAX_COUNT)?;
        let days = lines.count("Days:", MAX_PERIODS)?;
        let periods_per_day = lines.count("Periods_per_day:", 64)?;
        let n_curricula = lines.count("Curricula:", MAX_COUNT)?;
        let n_unavailable = lines.count("Constraints:", MAX_COUNT * 50)?;
        if days == 0 || periods_per_day == 0 || days * periods_per_day > MAX_PERIODS {
            return Err(ReadError::new(0, format!("每周节次应在 1 到 {MAX_PERIODS} 之间")));
        }

        lines.section("COURSES:")?;
        let (mut by_name, mut teacher_index) = (HashMap::new(), HashMap::<String, usize>::new());
        let mut teachers = Vec::new();
        let mut courses = Vec::new();
        let mut total = 0;
        for _ in 0..n_courses {
            let (line, w) = lines.row("课程", 5)?;
            insert(&mut by_name, line, "课程", w[0])?;
            let teacher = *teacher_index.entry(w[1].to_string()).or_insert_with(|| {
                teachers.push(w[1].to_string());
                teachers.len() - 1
            });
            let lectures: usize = number(line, "课时数", w[2])?;
            total += lectures.min(MAX_LECTURES + 1);
            if total > MAX_LECTURES {
                return Err(ReadError::new(line, format!("课时总数超出上限 {MAX_LECTURES}")));
            }
            courses.push(Course {
                name: w[0].to_string(),
                teacher,
                lectures,
                min_days: number(line, "最少上课天数", w[3])?,
                students: number(line, "学生数", w[4])?,
            });
        }

        lines.section("ROOMS:")?;
        let mut room_names = HashMap::new();
        let mut rooms = Vec::new();
        for _ in 0..n_rooms {
            let (line, w) = lines.row("教室", 2)?;
            insert(&mut room_names, line, "教室", w[0])?;
            rooms.push(Room {
                name: w[0].to_string(),
                seats: number(line, "座位数", w[1])?,
            });
        }

        lines.section("CURRICULA:")?;
        let mut curricula = Vec::new();
        for _ in 0..n_curricula {
            let (line, w) = lines.row("课程组", 2)?;
            let n: usize = number(line, "课程数", w[1])?;
            if w.len() - 2 != n {
                return Err(ReadError::new(
                    line,
                    format!("课程组“{}”声明 {n} 门课，列出 {} 门", w[0], w.len() - 2),
                ));
            }
            let mut members = Vec::new();
            for name in &w[2..] {
                let c = *by_name
                    .get(*name)
                    .ok_or_else(|| ReadError::new(line, format!("没有课程“{name}”")))?;
                if !members.contains(&c) {
                    members.push(c);
                }
            }
            curricula.push(Curriculum {
                name: w[0].to_string(),
                courses: members,
            });
        }

        lines.section("UNAVAILABILITY_CONSTRAINTS:")?;
        let mut unavailable = Vec::new();
        for _ in 0..n_unavailable {
            let (line, w) = lines.row("禁排", 3)?;
            let c = *by_name
                .get(w[0])
                .ok_or_else(|| ReadError::new(line, format!("没有课程“{}”", w[0])))?;
            let (day, hour): (usize, usize) = (number(line, "星期", w[1])?, number(line, "节次", w[2])?);
            if day >= days || hour >= periods_per_day {
                return Err(ReadError::new(
                    line,
                    format!("第 {day} 天第 {hour} 节不在周课表之内"),
                ));
            }
            unavailable.push((c, day * periods_per_day + hour));
        }
        lines.section("END.")?;
        if let Some((line, words)) = lines.rest.next() {
            return Err(ReadError::new(line, format!("“END.”之后还有内容“{}”", words[0])));
        }
        Ok(Instance {
            name,
            days,
            periods_per_day,
            teachers,
            courses,
            rooms,
            curricula,
            unavailable,
        })
    }

    /// Writes the instance as a `.ctt` file that [`Instance::read`] reads back equal.
    pub fn write(&self) -> String {
        let mut out = String::new();
        let ppd = self.periods_per_day;
        let _ = writeln!(
            out,
            "Name: {}\nCourses: {}\nRooms: {}\nDays: {}\nPeriods_per_day: {ppd}\nCurricula: {}\nConstraints: {}\n\nCOURSES:",
            self.name,
            self.courses.len(),
            self.rooms.len(),
            self.days,
            self.curricula.len(),
            self.unavailable.len()
        );
        for c in &self.courses {
            let _ = writeln!(
                out,
                "{} {} {} {} {}",
                c.name, self.teachers[c.teacher], c.lectures, c.min_days, c.students
            );
        }
        out.push_str("\nROOMS:\n");
        for r in &self.rooms {
            let _ = writeln!(out, "{} {}", r.name, r.seats);
        }
        out.push_str("\nCURRICULA:\n");
        for q in &self.curricula {
            let names: Vec<&str> = q.courses.iter().map(|&c| self.courses[c].name.as_str()).collect();
            let _ = writeln!(out, "{} {} {}", q.name, names.len(), names.join(" "));
        }
        out.push_str("\nUNAVAILABILITY_CONSTRAINTS:\n");
        for &(c, p) in &self.unavailable {
            let _ = writeln!(out, "{} {} {}", self.courses[c].name, p / ppd, p % ppd);
        }
        out.push_str("\nEND.\n");
        out
    }
}
