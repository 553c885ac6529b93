//! Reads archives: instances here, constraints in [`read_constraint`](super::read_constraint).

use super::model::{Archive, Event, EventResource, Instance, Resource};
use super::read_constraint::read_constraint;
use super::solution::Solution;
use crate::ReadError;
use crate::xml::Node;
use std::collections::HashMap;

const MAX_TIMES: usize = 2_000;
const MAX_DURATION: usize = 500;

/// Identifiers of one sort with their indices.
pub(super) struct Names {
    what: &'static str,
    index: HashMap<String, usize>,
}

impl Names {
    pub fn new(what: &'static str) -> Self {
        Names {
            what,
            index: HashMap::new(),
        }
    }

    fn add(&mut self, node: &Node) -> Result<String, ReadError> {
        let id = node
            .attribute("Id")
            .ok_or_else(|| node.wrong(format!("“{}”缺少属性 Id", node.name)))?;
        let next = self.index.len();
        if self.index.insert(id.to_string(), next).is_some() {
            return Err(node.wrong(format!("{}“{id}”重复", self.what)));
        }
        Ok(id.to_string())
    }

    /// The index a node's `Reference` names.
    pub fn refer(&self, node: &Node) -> Result<usize, ReadError> {
        let id = node
            .attribute("Reference")
            .ok_or_else(|| node.wrong(format!("“{}”缺少属性 Reference", node.name)))?;
        let found = self.index.get(id).copied();
        found.ok_or_else(|| node.wrong(format!("没有{}“{id}”", self.what)))
    }

    /// The indices named by all elements on `path`.
    pub fn all(&self, node: &Node, path: &str) -> Result<Vec<usize>, ReadError> {
        node.all(path).into_iter().map(|n| self.refer(n)).collect()
    }
}

/// All the names of an instance.
pub(super) struct Index {
    pub times: Names,
    pub time_groups: Names,
    pub types: Names,
    pub resources: Names,
    pub resource_groups: Names,
    pub events: Names,
    pub event_groups: Names,
}

impl Index {
    fn new() -> Self {
        Index {
            times: Names::new("时间"),
            time_groups: Names::new("时间组"),
            types: Names::new("资源类型"),
            resources: Names::new("资源"),
            resource_groups: Names::new("资源组"),
            events: Names::new("事件"),
            event_groups: Names::new("事件组"),
        }
    }
}

impl Archive {
    /// Parses an XHSTT archive with its solutions, if any.
    pub fn read(text: &str) -> Result<Archive, ReadError> {
        let root = Node::parse(text)?;
        if root.name != "HighSchoolTimetableArchive" {
            return Err(root.wrong(format!(
                "根元素应为 HighSchoolTimetableArchive，读到“{}”",
                root.name
            )));
        }
        let mut archive = Archive::default();
        for node in root.all("Instances/Instance") {
            let (instance, _) = read_instance(node)?;
            if archive.instances.iter().any(|i| i.id == instance.id) {
                return Err(node.wrong(format!("实例“{}”重复", instance.id)));
            }
            archive.instances.push(instance);
        }
        for node in root.all("SolutionGroups/SolutionGroup/Solution") {
            let id = node.attribute("Reference").unwrap_or("");
            let i = archive.instances.iter().position(|i| i.id == id);
            let i = i.ok_or_else(|| node.wrong(format!("没有实例“{id}”")))?;
            archive
                .solutions
                .push((i, Solution::from_node(&archive.instances[i], node)?));
        }
        Ok(archive)
    }
}

fn groups(node: &Node, paths: &[&str], names: &mut Names) -> Result<Vec<(String, Vec<usize>)>, ReadError> {
    let mut found = Vec::new();
    for path in paths {
        for group in node.all(path) {
            found.push((names.add(group)?, Vec::new()));
        }
    }
    Ok(found)
}

fn join(groups: &mut [(String, Vec<usize>)], group: usize, member: usize) {
    if !groups[group].1.contains(&member) {
        groups[group].1.push(member);
    }
}

fn read_instance(node: &Node) -> Result<(Instance, Index), ReadError> {
    let id = node
        .attribute("Id")
        .ok_or_else(|| node.wrong("实例缺少属性 Id"))?;
    let mut index = Index::new();
    let mut instance = Instance {
        id: id.to_string(),
        ..Instance::default()
    };

    let times = node.need("Times")?;
    let paths = ["TimeGroups/Day", "TimeGroups/Week", "TimeGroups/TimeGroup"];
    instance.time_groups = groups(times, &paths, &mut index.time_groups)?;
    for time in times.all("Time") {
        let t = instance.times.len();
        instance.times.push(index.times.add(time)?);
        if t >= MAX_TIMES {
            return Err(time.wrong(format!("时间多于上限 {MAX_TIMES}")));
        }
        for path in [
            "Day",
            "Week",
            "TimeGroups/TimeGroup",
            "TimeGroups/Day",
            "TimeGroups/Week",
        ] {
            for g in index.time_groups.all(time, path)? {
                join(&mut instance.time_groups, g, t);
            }
        }
    }

    let resources = node.need("Resources")?;
    for kind in resources.all("ResourceTypes/ResourceType") {
        instance.resource_types.push(index.types.add(kind)?);
    }
    instance.resource_groups = groups(
        resources,
        &["ResourceGroups/ResourceGroup"],
        &mut index.resource_groups,
    )?;
    for resource in resources.all("Resource") {
        let r = instance.resources.len();
        let id = index.resources.add(resource)?;
        let kind = index.types.refer(resource.need("ResourceType")?)?;
        instance.resources.push(Resource { id, kind });
        for g in index
            .resource_groups
            .all(resource, "ResourceGroups/ResourceGroup")?
        {
            join(&mut instance.resource_groups, g, r);
        }
    }

    let events = node.need("Events")?;
    let paths = ["EventGroups/Course", "EventGroups/EventGroup"];
    instance.event_groups = groups(events, &paths, &mut index.event_groups)?;
    for event in events.all("Event") {
        let e = instance.events.len();
        let read = read_event(event, &instance, &mut index)?;
        instance.events.push(read);
        for path in ["EventGroups/EventGroup", "EventGroups/Course", "Course"] {
            for g in index.event_groups.all(event, path)? {
                join(&mut instance.event_groups, g, e);
            }
        }
    }

    if let Some(constraints) = node.child("Constraints") {
        let mut seen = Names::new("约束");
        for constraint in &constraints.children {
            let id = seen.add(constraint)?;
            instance
                .constraints
                .push(read_constraint(constraint, id, &instance, &index)?);
        }
    }
    Ok((instance, index))
}

fn read_event(node: &Node, instance: &Instance, index: &mut Index) -> Result<Event, ReadError> {
    let id = index.events.add(node)?;
    let duration: usize = node.need("Duration")?.number()?;
    if duration == 0 || duration > MAX_DURATION {
        return Err(node.wrong(format!("事件“{id}”的时长应在 1 到 {MAX_DURATION} 之间")));
    }
    let time = node.child("Time").map(|t| index.times.refer(t)).transpose()?;
    let workload: i64 = node.number_of("Workload")?.unwrap_or(duration as i64);
    let mut resources: Vec<EventResource> = Vec::new();
    for r in node.all("Resources/Resource") {
        let given = r
            .attribute("Reference")
            .is_some()
            .then(|| index.resources.refer(r))
            .transpose()?;
        let role = r.text_of("Role").map(str::to_string);
        let named = r
            .child("ResourceType")
            .map(|t| index.types.refer(t))
            .transpose()?;
        let kind = named.or(given.map(|g| instance.resources[g].kind));
        if given.is_none() && (role.is_none() || kind.is_none()) {
            return Err(r.wrong(format!("事件“{id}”的待定资源须有 Role 和 ResourceType")));
        }
        let workload = r.number_of("Workload")?.unwrap_or(workload);
        resources.push(EventResource {
            role,
            given,
            kind,
            workload,
        });
    }
    for path in ["Resources/ResourceGroup", "ResourceGroups/ResourceGroup"] {
        for g in index.resource_groups.all(node, path)? {
            for &r in &instance.resource_groups[g].1 {
                if !resources.iter().any(|x| x.given == Some(r)) {
                    let kind = Some(instance.resources[r].kind);
                    resources.push(EventResource {
                        role: None,
                        given: Some(r),
                        kind,
                        workload,
                    });
                }
            }
        }
    }
    Ok(Event {
        id,
        duration,
        time,
        resources,
    })
}
