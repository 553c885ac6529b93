//! A solution: one (period, room) per lecture, in the order of courses; the ITC file form is `course room day hour`.

use super::model::Instance;
use crate::ReadError;
use std::fmt::Write;

/// Where one lecture is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// `day * periods_per_day + hour`.
    pub period: usize,
    /// Index of the room.
    pub room: usize,
}

/// The places of every course's lectures: `places[course]` may have fewer entries than the course has lectures, which
/// the validator then counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Solution {
    /// Places by course.
    pub places: Vec<Vec<Place>>,
}

impl Solution {
    /// Reads the ITC output form, one lecture a line.
    pub fn read(instance: &Instance, text: &str) -> Result<Solution, ReadError> {
        let mut places = vec![Vec::new(); instance.courses.len()];
        for (i, words) in text
            .lines()
            .map(|l| l.split_whitespace().collect::<Vec<_>>())
            .enumerate()
        {
            let line = i + 1;
            if words.is_empty() {
                continue;
            }
            let [course, room, day, hour] = words[..] else {
                return Err(ReadError::new(line, "应有四列：课程 教室 星期 节次"));
            };
            let c = instance.courses.iter().position(|c| c.name == course);
            let c = c.ok_or_else(|| ReadError::new(line, format!("没有课程“{course}”")))?;
            let r = instance.rooms.iter().position(|r| r.name == room);
            let room = r.ok_or_else(|| ReadError::new(line, format!("没有教室“{room}”")))?;
            let at = |w: &str, max: usize, what: &str| match w.parse::<usize>() {
                Ok(n) if n < max => Ok(n),
                _ => Err(ReadError::new(
                    line,
                    format!("{what}“{w}”不在 0 到 {} 之间", max.saturating_sub(1)),
                )),
            };
            let day = at(day, instance.days, "星期")?;
            let hour = at(hour, instance.periods_per_day, "节次")?;
            places[c].push(Place {
                period: day * instance.periods_per_day + hour,
                room,
            });
        }
        Ok(Solution { places })
    }

    /// Writes the ITC output form.
    pub fn write(&self, instance: &Instance) -> String {
        let mut out = String::new();
        let ppd = instance.periods_per_day;
        for (course, places) in instance.courses.iter().zip(&self.places) {
            for p in places {
                let room = &instance.rooms[p.room].name;
                let _ = writeln!(
                    out,
                    "{} {} {} {}",
                    course.name,
                    room,
                    p.period / ppd,
                    p.period % ppd
                );
            }
        }
        out
    }
}
