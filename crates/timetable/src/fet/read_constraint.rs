//! Reads one constraint; a kind that is not known is an error that names it.

use super::model::{Constraint, Institution, Kind, Who};
use super::read::{Names, inactive};
use crate::ReadError;
use crate::xml::Node;

/// Parses `node`; `None` when it is switched off or about inactive activities only.
pub(super) fn read_constraint(
    node: &Node,
    i: &Institution,
    index: &Names,
) -> Result<Option<Constraint>, ReadError> {
    let kind = read_kind(node, i, index)?;
    let percent: f64 = node.need("Weight_Percentage")?.number()?;
    if !(0.0..=100.0).contains(&percent) {
        return Err(node.wrong(format!("权重 {percent} 不在 0 到 100 之间")));
    }
    let Some(kind) = kind.filter(|_| !inactive(node)) else {
        return Ok(None);
    };
    Ok(Some(Constraint {
        name: node.name.clone(),
        line: node.line,
        kind,
        weight: (percent * 1000.0).round() as u32,
    }))
}

/// The slots named by elements with a day and an hour; either may be missing to mean all.
fn slots(
    nodes: &[&Node],
    day: &str,
    hour: &str,
    i: &Institution,
    index: &Names,
) -> Result<Vec<usize>, ReadError> {
    let mut list = Vec::new();
    let given = |n: &Node, tag: &str| n.child(tag).filter(|c| !c.text.trim().is_empty()).cloned();
    for n in nodes {
        let days = match given(n, day) {
            Some(d) => vec![index.days.find(&d, "日期")?],
            None => (0..i.days.len()).collect(),
        };
        let hours = match given(n, hour) {
            Some(h) => vec![index.hours.find(&h, "节次")?],
            None => (0..i.hours.len()).collect(),
        };
        list.extend(
            days.iter()
                .flat_map(|d| hours.iter().map(move |h| d * i.hours.len() + h)),
        );
    }
    list.sort_unstable();
    list.dedup();
    Ok(list)
}

fn activity(node: &Node, index: &Names) -> Result<Option<usize>, ReadError> {
    let id: u32 = node.number()?;
    index
        .activities
        .get(&id)
        .copied()
        .ok_or_else(|| node.wrong(format!("没有活动 {id}")))
}

fn activities(node: &Node, index: &Names) -> Result<Vec<usize>, ReadError> {
    let all = node.all("Activity_Id").into_iter().map(|n| activity(n, index));
    let mut list: Vec<usize> = all
        .collect::<Result<Vec<_>, _>>()?
        .into_iter()
        .flatten()
        .collect();
    list.sort_unstable();
    list.dedup();
    Ok(list)
}

fn rooms(node: &Node, index: &Names) -> Result<Vec<usize>, ReadError> {
    ["Room", "Preferred_Room"]
        .iter()
        .flat_map(|tag| node.all(tag))
        .map(|r| index.rooms.find(r, "教室"))
        .collect()
}

/// Activities that pass the filters on teacher, students, subject, tag and duration.
fn filtered(node: &Node, i: &Institution, index: &Names) -> Result<Vec<usize>, ReadError> {
    let given = |tags: &[&str]| {
        tags.iter()
            .find_map(|t| node.child(t))
            .filter(|c| !c.text.trim().is_empty())
    };
    let teacher = given(&["Teacher_Name", "Teacher"])
        .map(|n| index.teachers.find(n, "教师"))
        .transpose()?;
    let set = given(&["Students_Name", "Students"])
        .map(|n| index.sets.find(n, "学生集合"))
        .transpose()?;
    let subject = given(&["Subject_Name", "Subject"]).map(|n| n.text.as_str());
    let tag = given(&["Activity_Tag_Name", "Activity_Tag"]).map(|n| n.text.as_str());
    let duration: Option<usize> = given(&["Duration"]).map(Node::number).transpose()?;
    let passes = |a: &super::Activity| {
        teacher.is_none_or(|t| a.teachers.contains(&t))
            && set.is_none_or(|s| i.sets[s].1.iter().any(|x| a.atoms.contains(x)))
            && subject.is_none_or(|s| a.subject == s)
            && tag.is_none_or(|t| a.tags.iter().any(|x| x == t))
            && duration.is_none_or(|d| a.duration == d)
    };
    Ok((0..i.activities.len())
        .filter(|&a| passes(&i.activities[a]))
        .collect())
}

fn read_kind(node: &Node, i: &Institution, index: &Names) -> Result<Option<Kind>, ReadError> {
    let teacher = || {
        let n = node
            .child("Teacher")
            .or_else(|| node.child("Teacher_Name"))
            .ok_or_else(|| node.wrong("缺少教师"))?;
        index.teachers.find(n, "教师")
    };
    let students = || -> Result<Vec<Who>, ReadError> {
        let set = index.sets.find(node.need("Students")?, "学生集合")?;
        Ok(i.sets[set].1.iter().map(|&a| Who::Students(a)).collect())
    };
    let closed = || slots(&node.all("Not_Available_Time"), "Day", "Hour", i, index);
    let one = || -> Result<Vec<usize>, ReadError> {
        Ok(activity(node.need("Activity_Id")?, index)?.into_iter().collect())
    };
    let number = |tag: &str| -> Result<usize, ReadError> { node.need(tag)?.number() };
    let all_teachers = || (0..i.teachers.len()).map(Who::Teacher).collect();
    let all_students = || (0..i.atoms.len()).map(Who::Students).collect();
    let starting = || {
        slots(
            &node.all("Preferred_Starting_Time"),
            "Preferred_Starting_Day",
            "Preferred_Starting_Hour",
            i,
            index,
        )
    };
    let within = || {
        slots(
            &node.all("Preferred_Time_Slot"),
            "Preferred_Day",
            "Preferred_Hour",
            i,
            index,
        )
    };
    let empty = || {
        node.text_of("Allow_Empty_Days")
            .is_some_and(|t| t.eq_ignore_ascii_case("true"))
    };
    let home = |who: &dyn Fn(&super::Activity) -> bool| -> Result<Kind, ReadError> {
        let activities = (0..i.activities.len())
            .filter(|&a| who(&i.activities[a]))
            .collect();
        Ok(Kind::HomeRooms {
            activities,
            rooms: rooms(node, index)?,
        })
    };
    let kind = match node.name.as_str() {
        "ConstraintBasicCompulsoryTime" | "ConstraintBasicCompulsorySpace" => Kind::Compulsory,
        "ConstraintTeacherNotAvailableTimes" => Kind::NotAvailable {
            who: vec![Who::Teacher(teacher()?)],
            slots: closed()?,
        },
        "ConstraintStudentsSetNotAvailableTimes" => Kind::NotAvailable {
            who: students()?,
            slots: closed()?,
        },
        "ConstraintRoomNotAvailableTimes" => {
            let who = rooms(node, index)?.into_iter().map(Who::Room).collect();
            Kind::NotAvailable {
                who,
                slots: closed()?,
            }
        }
        "ConstraintBreakTimes" => Kind::Break {
            slots: slots(&node.all("Break_Time"), "Day", "Hour", i, index)?,
        },
        "ConstraintActivityPreferredStartingTime" => {
            let slots = slots(&[node], "Preferred_Day", "Preferred_Hour", i, index)?;
            Kind::Starts {
                activities: one()?,
                slots,
            }
        }
        "ConstraintActivityPreferredStartingTimes" => Kind::Starts {
            activities: one()?,
            slots: starting()?,
        },
        "ConstraintActivitiesPreferredStartingTimes" => Kind::Starts {
            activities: filtered(node, i, index)?,
            slots: starting()?,
        },
        "ConstraintActivityPreferredTimeSlots" => Kind::Within {
            activities: one()?,
            slots: within()?,
        },
        "ConstraintActivitiesPreferredTimeSlots" => Kind::Within {
            activities: filtered(node, i, index)?,
            slots: within()?,
        },
        "ConstraintTeacherMaxHoursDaily" => Kind::MaxDaily {
            who: vec![Who::Teacher(teacher()?)],
            hours: number("Maximum_Hours_Daily")?,
        },
        "ConstraintTeachersMaxHoursDaily" => Kind::MaxDaily {
            who: all_teachers(),
            hours: number("Maximum_Hours_Daily")?,
        },
        "ConstraintStudentsMaxHoursDaily" => Kind::MaxDaily {
            who: all_students(),
            hours: number("Maximum_Hours_Daily")?,
        },
        "ConstraintTeacherMinHoursDaily" => {
            let who = vec![Who::Teacher(teacher()?)];
            Kind::MinDaily {
                who,
                hours: number("Minimum_Hours_Daily")?,
                empty: empty(),
            }
        }
        "ConstraintStudentsSetMinHoursDaily" => Kind::MinDaily {
            who: students()?,
            hours: number("Minimum_Hours_Daily")?,
            empty: empty(),
        },
        "ConstraintMinDaysBetweenActivities" => Kind::DaysApart {
            activities: activities(node, index)?,
            days: number("MinDays")?,
            adjacent: node
                .text_of("Consecutive_If_Same_Day")
                .is_some_and(|t| t.eq_ignore_ascii_case("true")),
        },
        "ConstraintMinGapsBetweenActivities" => Kind::Gaps {
            activities: activities(node, index)?,
            hours: number("MinGaps")?,
        },
        "ConstraintActivitiesNotOverlapping" => Kind::NotOverlapping {
            activities: activities(node, index)?,
        },
        "ConstraintActivitiesSameStartingTime" => Kind::SameStart {
            activities: activities(node, index)?,
        },
        "ConstraintActivitiesSameStartingHour" => Kind::SameHour {
            activities: activities(node, index)?,
        },
        "ConstraintTwoActivitiesConsecutive" => {
            let first = activity(node.need("First_Activity_Id")?, index)?;
            let second = activity(node.need("Second_Activity_Id")?, index)?;
            match first.zip(second) {
                Some((first, second)) => Kind::Consecutive { first, second },
                None => return Ok(None),
            }
        }
        "ConstraintActivityEndsStudentsDay" => Kind::EndsDay { activities: one()? },
        "ConstraintActivitiesOccupyMaxTimeSlotsFromSelection" => Kind::OccupyMax {
            activities: activities(node, index)?,
            slots: slots(
                &node.all("Selected_Time_Slot"),
                "Selected_Day",
                "Selected_Hour",
                i,
                index,
            )?,
            max: number("Max_Number_of_Occupied_Time_Slots")?,
        },
        "ConstraintActivityPreferredRoom" | "ConstraintActivityPreferredRooms" => Kind::Rooms {
            activities: one()?,
            rooms: rooms(node, index)?,
        },
        "ConstraintSubjectPreferredRoom"
        | "ConstraintSubjectPreferredRooms"
        | "ConstraintActivityTagPreferredRooms"
        | "ConstraintSubjectActivityTagPreferredRoom" => Kind::Rooms {
            activities: filtered(node, i, index)?,
            rooms: rooms(node, index)?,
        },
        "ConstraintTeacherHomeRoom" | "ConstraintTeacherHomeRooms" => {
            let t = teacher()?;
            home(&|a| a.teachers == [t])?
        }
        "ConstraintStudentsSetHomeRoom" => {
            let set = &node.need("Students")?.text;
            index.sets.find(node.need("Students")?, "学生集合")?;
            home(&|a| a.students.len() == 1 && a.students[0] == *set)?
        }
        "ConstraintActivitiesOccupyMaxDifferentRooms" => Kind::MaxRooms {
            activities: activities(node, index)?,
            max: number("Max_Number_of_Different_Rooms")?,
        },
        "ConstraintActivitiesSameRoomIfConsecutive" => Kind::SameRoomInRow {
            activities: activities(node, index)?,
        },
        "ConstraintTeacherMaxBuildingChangesPerDay" => Kind::BuildingChanges {
            teacher: teacher()?,
            max: number("Max_Building_Changes_Per_Day")?,
        },
        other => return Err(node.wrong(format!("尚不支持的 FET 约束“{other}”"))),
    };
    Ok(Some(kind))
}
