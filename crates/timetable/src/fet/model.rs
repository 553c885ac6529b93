//! A FET file in indices: a slot is `day * hours + hour`.

/// One room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// Name.
    pub name: String,
    /// Index of its building, if it has one.
    pub building: Option<usize>,
    /// Seats.
    pub capacity: u32,
}

/// One active activity: a block of hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// Identifier in the file.
    pub id: u32,
    /// Teachers.
    pub teachers: Vec<usize>,
    /// Names of its sets of students.
    pub students: Vec<String>,
    /// Indivisible sets of students it occupies.
    pub atoms: Vec<usize>,
    /// Subject.
    pub subject: String,
    /// Tags.
    pub tags: Vec<String>,
    /// Hours.
    pub duration: usize,
    /// Students who attend.
    pub size: u32,
}

/// Whom a limit is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// A teacher.
    Teacher(usize),
    /// An indivisible set of students.
    Students(usize),
    /// A room.
    Room(usize),
}

/// What a constraint demands; activities are indices.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Kind {
    /// Everything has a time, nobody is at two places, rooms seat their activities.
    Compulsory,
    /// Not at these slots.
    NotAvailable {
        who: Vec<Who>,
        slots: Vec<usize>,
    },
    /// Nothing at these slots.
    Break {
        slots: Vec<usize>,
    },
    /// Starts among the slots.
    Starts {
        activities: Vec<usize>,
        slots: Vec<usize>,
    },
    /// Lies within the slots.
    Within {
        activities: Vec<usize>,
        slots: Vec<usize>,
    },
    /// Hours a day, at most.
    MaxDaily {
        who: Vec<Who>,
        hours: usize,
    },
    /// Hours a day, at least, on days with any (or on all days).
    MinDaily {
        who: Vec<Who>,
        hours: usize,
        empty: bool,
    },
    /// Days between any two; `adjacent`: if on one day all the same, then in a row.
    DaysApart {
        activities: Vec<usize>,
        days: usize,
        adjacent: bool,
    },
    /// Hours between any two on one day.
    Gaps {
        activities: Vec<usize>,
        hours: usize,
    },
    NotOverlapping {
        activities: Vec<usize>,
    },
    SameStart {
        activities: Vec<usize>,
    },
    SameHour {
        activities: Vec<usize>,
    },
    /// The second right after the first; breaks do not count.
    Consecutive {
        first: usize,
        second: usize,
    },
    /// Nothing after it on that day for its students.
    EndsDay {
        activities: Vec<usize>,
    },
    /// Different slots of a selection in use.
    OccupyMax {
        activities: Vec<usize>,
        slots: Vec<usize>,
        max: usize,
    },
    /// Rooms to choose from.
    Rooms {
        activities: Vec<usize>,
        rooms: Vec<usize>,
    },
    /// Rooms for activities that no other constraint gives rooms.
    HomeRooms {
        activities: Vec<usize>,
        rooms: Vec<usize>,
    },
    MaxRooms {
        activities: Vec<usize>,
        max: usize,
    },
    /// In a row on one day: in one room.
    SameRoomInRow {
        activities: Vec<usize>,
    },
    /// Changes of building a day.
    BuildingChanges {
        teacher: usize,
        max: usize,
    },
}

/// One active constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    /// Name of the element in the file.
    pub name: String,
    /// Its line.
    pub line: usize,
    /// What it demands.
    pub kind: Kind,
    /// Weight in thousandths of a percent: 100 000 is hard.
    pub weight: u32,
}

impl Constraint {
    /// Must it be kept?
    pub fn hard(&self) -> bool {
        self.weight >= 100_000
    }

    /// What one violation costs when it need not.
    pub fn soft_weight(&self) -> i64 {
        i64::from(self.weight.div_ceil(10_000))
    }
}

/// A whole file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Institution {
    /// Names of the days.
    pub days: Vec<String>,
    /// Names of the hours.
    pub hours: Vec<String>,
    /// Names of the teachers.
    pub teachers: Vec<String>,
    /// Rooms.
    pub rooms: Vec<Room>,
    /// Names of the indivisible sets of students.
    pub atoms: Vec<String>,
    /// Every set of students: name, its indivisible sets, size.
    pub sets: Vec<(String, Vec<usize>, u32)>,
    /// Active activities.
    pub activities: Vec<Activity>,
    /// Active constraints.
    pub constraints: Vec<Constraint>,
}

impl Institution {
    /// Slots in the week.
    pub fn slots(&self) -> usize {
        self.days.len() * self.hours.len()
    }

    /// Rooms each activity may use: (rooms, must it be one of them). `None`: it needs no room. Constraints at 100 % are
    /// intersected; where only softer ones name rooms, going without is allowed.
    pub fn allowed_rooms(&self) -> Vec<Option<(Vec<usize>, bool)>> {
        let mut allowed: Vec<Option<(Vec<usize>, bool)>> = vec![None; self.activities.len()];
        let mut home = allowed.clone();
        for c in &self.constraints {
            let (activities, rooms, table) = match &c.kind {
                Kind::Rooms { activities, rooms } => (activities, rooms, &mut allowed),
                Kind::HomeRooms { activities, rooms } => (activities, rooms, &mut home),
                _ => continue,
            };
            for &a in activities {
                let entry = &mut table[a];
                *entry = Some(match (entry.take(), c.hard()) {
                    (Some((old, true)), true) => {
                        (old.into_iter().filter(|r| rooms.contains(r)).collect(), true)
                    }
                    (Some((old, true)), false) => (old, true),
                    (_, true) => (rooms.clone(), true),
                    (Some((mut old, false)), false) => {
                        old.extend(rooms.iter().copied());
                        old.sort_unstable();
                        old.dedup();
                        (old, false)
                    }
                    (None, false) => (rooms.clone(), false),
                });
            }
        }
        let choice = allowed.into_iter().zip(home).map(|(a, h)| a.or(h));
        let seats = |a: usize, r: &usize| self.rooms[*r].capacity >= self.activities[a].size;
        choice
            .enumerate()
            .map(|(a, c)| c.map(|(rooms, must)| (rooms.into_iter().filter(|r| seats(a, r)).collect(), must)))
            .collect()
    }

    /// Slots of breaks.
    pub fn breaks(&self) -> Vec<bool> {
        let mut at = vec![false; self.slots()];
        for c in &self.constraints {
            if let Kind::Break { slots } = &c.kind {
                slots.iter().for_each(|&t| at[t] = true);
            }
        }
        at
    }

    /// Is the start of `second` right after the end of `first`, breaks aside?
    pub fn follows(&self, breaks: &[bool], end: usize, start: usize) -> bool {
        let hours = self.hours.len();
        end <= start && end > 0 && (end - 1) / hours == start / hours && (end..start).all(|t| breaks[t])
    }
}
