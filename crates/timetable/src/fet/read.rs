//! Reads the lists of a `.fet` file; constraints in [`read_constraint`](super::read_constraint).

use super::model::{Activity, Institution, Room};
use super::read_constraint::read_constraint;
use crate::ReadError;
use crate::xml::Node;
use std::collections::{BTreeSet, HashMap};

const MAX_SLOTS: usize = 1_000;

/// Names of one sort with their indices.
#[derive(Default)]
pub(super) struct Index(HashMap<String, usize>);

impl Index {
    fn of<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        Index(names.enumerate().map(|(i, n)| (n.to_string(), i)).collect())
    }

    /// The index that the text of `node` names.
    pub fn find(&self, node: &Node, what: &str) -> Result<usize, ReadError> {
        // Names are taken as written: published files tell “HEN” from “HEN ”.
        let name = node.text.as_str();
        self.0
            .get(name)
            .copied()
            .ok_or_else(|| node.wrong(format!("没有{what}“{name}”")))
    }
}

/// All names of a file.
pub(super) struct Names {
    pub days: Index,
    pub hours: Index,
    pub teachers: Index,
    pub rooms: Index,
    pub sets: Index,
    /// Activities by identifier; inactive ones are `None`.
    pub activities: HashMap<u32, Option<usize>>,
}

fn names(node: &Node, path: &str) -> Result<Vec<String>, ReadError> {
    let mut seen = BTreeSet::new();
    let mut list = Vec::new();
    for n in node.all(path) {
        let name = n.need("Name")?.text.clone();
        if !seen.insert(name.clone()) {
            return Err(n.wrong(format!("“{name}”重复")));
        }
        list.push(name);
    }
    Ok(list)
}

/// Does the element say it is switched off?
pub(super) fn inactive(node: &Node) -> bool {
    node.text_of("Active")
        .is_some_and(|t| t.eq_ignore_ascii_case("false"))
}

impl Institution {
    /// Parses a `.fet` file.
    pub fn read(text: &str) -> Result<Institution, ReadError> {
        let root = Node::parse(text.trim_start_matches('\u{feff}'))?;
        if root.name != "fet" {
            return Err(root.wrong(format!("根元素应为 fet，读到“{}”", root.name)));
        }
        let days = names(&root, "Days_List/Day")?;
        let hours = names(&root, "Hours_List/Hour")?;
        if days.is_empty() || hours.is_empty() || days.len() * hours.len() > MAX_SLOTS {
            return Err(root.wrong(format!("天数 × 节数应在 1 到 {MAX_SLOTS} 之间")));
        }
        let teachers = names(&root, "Teachers_List/Teacher")?;
        let buildings = names(&root, "Buildings_List/Building")?;
        let mut rooms = Vec::new();
        for n in root.all("Rooms_List/Room") {
            if n.text_of("Virtual")
                .is_some_and(|t| t.eq_ignore_ascii_case("true"))
            {
                return Err(n.wrong("不支持虚拟教室（Virtual）"));
            }
            let building = n
                .child("Building")
                .map(|b| b.text.as_str())
                .filter(|b| !b.is_empty());
            let building = building.map(|b| {
                buildings
                    .iter()
                    .position(|x| x == b)
                    .ok_or_else(|| n.wrong(format!("没有楼“{b}”")))
            });
            let capacity = n.number_of("Capacity")?.unwrap_or(30_000);
            let name = n.need("Name")?.text.clone();
            rooms.push(Room {
                name,
                building: building.transpose()?,
                capacity,
            });
        }
        let mut i = Institution {
            days,
            hours,
            teachers,
            rooms,
            ..Institution::default()
        };
        i.read_students(&root)?;
        let mut index = Names {
            days: Index::of(i.days.iter().map(String::as_str)),
            hours: Index::of(i.hours.iter().map(String::as_str)),
            teachers: Index::of(i.teachers.iter().map(String::as_str)),
            rooms: Index::of(i.rooms.iter().map(|r| r.name.as_str())),
            sets: Index::of(i.sets.iter().map(|s| s.0.as_str())),
            activities: HashMap::new(),
        };
        for n in root.all("Activities_List/Activity") {
            let id: u32 = n.need("Id")?.number()?;
            let activity = if inactive(n) {
                None
            } else {
                Some(i.read_activity(n, id, &index)?)
            };
            let place = activity.map(|a| {
                i.activities.push(a);
                i.activities.len() - 1
            });
            if index.activities.insert(id, place).is_some() {
                return Err(n.wrong(format!("活动 {id} 重复")));
            }
        }
        for list in ["Time_Constraints_List", "Space_Constraints_List"] {
            for n in root.child(list).map_or(&[][..], |l| &l.children) {
                let constraint = read_constraint(n, &i, &index)?;
                i.constraints.extend(constraint);
            }
        }
        Ok(i)
    }

    /// Years, groups and subgroups; what has no parts is indivisible.
    fn read_students(&mut self, root: &Node) -> Result<(), ReadError> {
        let mut atoms: HashMap<String, usize> = HashMap::new();
        for year in root.all("Students_List/Year") {
            let mut all = BTreeSet::new();
            let groups = year.all("Group");
            for group in &groups {
                let mut own = BTreeSet::new();
                let parts = group.all("Subgroup");
                for part in if parts.is_empty() {
                    vec![*group]
                } else {
                    parts.clone()
                } {
                    let name = part.need("Name")?.text.clone();
                    let next = atoms.len();
                    let atom = *atoms.entry(name.clone()).or_insert(next);
                    if atom == next {
                        self.atoms.push(name);
                    }
                    own.insert(atom);
                    self.add_set(part, &BTreeSet::from([atom]))?;
                }
                self.add_set(group, &own)?;
                all.extend(own);
            }
            if groups.is_empty() {
                let name = year.need("Name")?.text.clone();
                self.atoms.push(name.clone());
                all.insert(atoms.len());
                atoms.insert(name, self.atoms.len() - 1);
            }
            self.add_set(year, &all)?;
        }
        Ok(())
    }

    fn add_set(&mut self, node: &Node, atoms: &BTreeSet<usize>) -> Result<(), ReadError> {
        let name = &node.need("Name")?.text;
        let size = node.number_of("Number_of_Students")?.unwrap_or(0);
        match self.sets.iter_mut().find(|s| s.0 == *name) {
            Some(set) => {
                set.1.extend(atoms);
                set.1.sort_unstable();
                set.1.dedup();
            }
            None => self
                .sets
                .push((name.to_string(), atoms.iter().copied().collect(), size)),
        }
        Ok(())
    }

    fn read_activity(&self, n: &Node, id: u32, index: &Names) -> Result<Activity, ReadError> {
        let duration: usize = n.need("Duration")?.number()?;
        if duration == 0 || duration > self.hours.len() {
            return Err(n.wrong(format!("活动 {id} 的时长应在 1 到 {} 之间", self.hours.len())));
        }
        let mut teachers = Vec::new();
        for t in n.all("Teacher") {
            teachers.push(index.teachers.find(t, "教师")?);
        }
        let (mut atoms, mut students, mut size) = (BTreeSet::new(), Vec::new(), 0);
        for s in n.all("Students") {
            let set = &self.sets[index.sets.find(s, "学生集合")?];
            atoms.extend(set.1.iter().copied());
            students.push(set.0.clone());
            size += set.2;
        }
        let subject = n.child("Subject").map_or(String::new(), |s| s.text.clone());
        let tags = n
            .all("Activity_Tag")
            .into_iter()
            .map(|t| t.text.clone())
            .filter(|t| !t.is_empty());
        let size = n.number_of("Number_Of_Students")?.unwrap_or(size);
        let atoms = atoms.into_iter().collect();
        Ok(Activity {
            id,
            teachers,
            students,
            atoms,
            subject,
            tags: tags.collect(),
            duration,
            size,
        })
    }
}
