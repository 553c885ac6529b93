//! A timetable for a FET file, in FET's own form: `<Activities_Timetable>` with day, hour and room of each activity.

use super::model::Institution;
use crate::ReadError;
use crate::xml::{Node, escape};
use std::fmt::Write;

/// Where one activity is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// First slot.
    pub slot: usize,
    /// Room, if it has one.
    pub room: Option<usize>,
}

/// The place of every active activity.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Solution {
    /// By activity.
    pub places: Vec<Option<Place>>,
}

impl Solution {
    /// Reads FET's activities file.
    pub fn read(i: &Institution, text: &str) -> Result<Solution, ReadError> {
        let root = Node::parse(text.trim_start_matches('\u{feff}'))?;
        if root.name != "Activities_Timetable" {
            return Err(root.wrong(format!("根元素应为 Activities_Timetable，读到“{}”", root.name)));
        }
        let mut places = vec![None; i.activities.len()];
        for n in root.all("Activity") {
            let id: u32 = n.need("Id")?.number()?;
            let a = i
                .activities
                .iter()
                .position(|a| a.id == id)
                .ok_or_else(|| n.wrong(format!("没有活动 {id}")))?;
            let (day, hour) = (named(n, "Day"), named(n, "Hour"));
            if day.is_empty() && hour.is_empty() {
                continue;
            }
            let day = i
                .days
                .iter()
                .position(|d| d == day)
                .ok_or_else(|| n.wrong(format!("没有日期“{day}”")))?;
            let hour = i
                .hours
                .iter()
                .position(|h| h == hour)
                .ok_or_else(|| n.wrong(format!("没有节次“{hour}”")))?;
            let name = Some(named(n, "Room")).filter(|r| !r.is_empty());
            let room = name.map(|r| {
                i.rooms
                    .iter()
                    .position(|x| x.name == r)
                    .ok_or_else(|| n.wrong(format!("没有教室“{r}”")))
            });
            let place = Place {
                slot: day * i.hours.len() + hour,
                room: room.transpose()?,
            };
            if places[a].replace(place).is_some() {
                return Err(n.wrong(format!("活动 {id} 出现两次")));
            }
        }
        Ok(Solution { places })
    }

    /// Writes FET's activities file.
    pub fn write(&self, i: &Institution) -> String {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Activities_Timetable>\n");
        for (a, place) in i.activities.iter().zip(&self.places) {
            let (day, hour) = place.map_or(("", ""), |p| {
                (
                    i.days[p.slot / i.hours.len()].as_str(),
                    i.hours[p.slot % i.hours.len()].as_str(),
                )
            });
            let room = place
                .and_then(|p| p.room)
                .map_or("", |r| i.rooms[r].name.as_str());
            let _ = writeln!(
                out,
                "<Activity>\n\t<Id>{}</Id>\n\t<Day>{}</Day>\n\t<Hour>{}</Hour>\n\t<Room>{}</Room>\n</Activity>",
                a.id,
                escape(day),
                escape(hour),
                escape(room)
            );
        }
        out.push_str("</Activities_Timetable>\n");
        out
    }
}

/// A name as written, spaces and all.
fn named<'a>(node: &'a Node, child: &str) -> &'a str {
    node.child(child).map_or("", |c| c.text.as_str())
}
