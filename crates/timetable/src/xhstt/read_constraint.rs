//! Reads one constraint of any of the sixteen kinds.

use super::model::{Constraint, Instance, Kind};
use super::read::Index;
use crate::xml::Node;
use crate::{CostFunction, ReadError};

/// No limit.
const UNLIMITED: i64 = 1_000_000_000;

fn limits(node: &Node, least: &str, most: &str) -> Result<(i64, i64), ReadError> {
    Ok((
        node.number_of(least)?.unwrap_or(0),
        node.number_of(most)?.unwrap_or(UNLIMITED),
    ))
}

fn add(list: &mut Vec<usize>, more: impl IntoIterator<Item = usize>) {
    for i in more {
        if !list.contains(&i) {
            list.push(i);
        }
    }
}

/// Parses `node`, whose identifier is `id`.
pub(super) fn read_constraint(
    node: &Node,
    id: String,
    instance: &Instance,
    index: &Index,
) -> Result<Constraint, ReadError> {
    let required = match node.need("Required")?.text.trim().to_ascii_lowercase().as_str() {
        "true" => true,
        "false" => false,
        other => return Err(node.wrong(format!("Required 应为 true 或 false，读到“{other}”"))),
    };
    let weight: i64 = node.need("Weight")?.number()?;
    if !(0..=1_000_000).contains(&weight) {
        return Err(node.wrong(format!("权重 {weight} 超出 0 到 1000000")));
    }
    let cost = match node.need("CostFunction")?.text.trim() {
        "Linear" | "Sum" => CostFunction::Linear,
        "Quadratic" | "SquareSum" => CostFunction::Quadratic,
        "Step" | "StepSum" => CostFunction::Step,
        "SumSquares" => CostFunction::SumSquares,
        "SumSteps" => CostFunction::SumSteps,
        other => return Err(node.wrong(format!("不认识的代价函数“{other}”"))),
    };

    let (mut events, mut event_groups, mut resources) = (Vec::new(), Vec::new(), Vec::new());
    if let Some(to) = node.child("AppliesTo") {
        add(&mut events, index.events.all(to, "Events/Event")?);
        for path in ["EventGroups/EventGroup", "EventGroups/Course"] {
            event_groups.extend(index.event_groups.all(to, path)?);
        }
        for &g in &event_groups {
            add(&mut events, instance.event_groups[g].1.iter().copied());
        }
        for g in index.resource_groups.all(to, "ResourceGroups/ResourceGroup")? {
            add(&mut resources, instance.resource_groups[g].1.iter().copied());
        }
        add(&mut resources, index.resources.all(to, "Resources/Resource")?);
    }
    let role = || node.text_of("Role").map(str::to_string);
    let times = || -> Result<Vec<usize>, ReadError> {
        let mut times = Vec::new();
        for g in time_groups(node, index)? {
            add(&mut times, instance.time_groups[g].1.iter().copied());
        }
        add(&mut times, index.times.all(node, "Times/Time")?);
        times.sort_unstable();
        Ok(times)
    };
    let amount = || limits(node, "Minimum", "Maximum");

    let kind = match node.name.as_str() {
        "AssignTimeConstraint" => Kind::AssignTime,
        "AssignResourceConstraint" => Kind::AssignResource { role: role() },
        "SplitEventsConstraint" => Kind::SplitEvents {
            duration: limits(node, "MinimumDuration", "MaximumDuration")?,
            amount: limits(node, "MinimumAmount", "MaximumAmount")?,
        },
        "DistributeSplitEventsConstraint" => Kind::DistributeSplitEvents {
            duration: node.need("Duration")?.number()?,
            amount: amount()?,
        },
        "PreferTimesConstraint" => Kind::PreferTimes {
            duration: node.number_of("Duration")?,
            times: times()?,
        },
        "PreferResourcesConstraint" => {
            let mut set = index.resources.all(node, "Resources/Resource")?;
            for g in index.resource_groups.all(node, "ResourceGroups/ResourceGroup")? {
                add(&mut set, instance.resource_groups[g].1.iter().copied());
            }
            Kind::PreferResources {
                role: role(),
                resources: set,
            }
        }
        "AvoidSplitAssignmentsConstraint" => Kind::AvoidSplitAssignments { role: role() },
        "SpreadEventsConstraint" => {
            let mut groups = Vec::new();
            for path in ["TimeGroups/TimeGroup", "TimeGroups/Day", "TimeGroups/Week"] {
                for g in node.all(path) {
                    let least = g.need("Minimum")?.number()?;
                    groups.push((index.time_groups.refer(g)?, least, g.need("Maximum")?.number()?));
                }
            }
            Kind::SpreadEvents { groups }
        }
        "LinkEventsConstraint" => Kind::LinkEvents,
        "AvoidClashesConstraint" => Kind::AvoidClashes,
        "AvoidUnavailableTimesConstraint" => Kind::AvoidUnavailableTimes { times: times()? },
        "LimitIdleTimesConstraint" => Kind::LimitIdleTimes {
            groups: time_groups(node, index)?,
            amount: amount()?,
        },
        "ClusterBusyTimesConstraint" => Kind::ClusterBusyTimes {
            groups: time_groups(node, index)?,
            amount: amount()?,
        },
        "LimitBusyTimesConstraint" => Kind::LimitBusyTimes {
            groups: time_groups(node, index)?,
            amount: amount()?,
        },
        "LimitWorkloadConstraint" => Kind::LimitWorkload { amount: amount()? },
        "OrderEventsConstraint" => {
            let mut pairs = Vec::new();
            for pair in node.all("AppliesTo/EventPairs/EventPair") {
                let (first, second) = (pair.need("FirstEvent")?, pair.need("SecondEvent")?);
                let (least, most) = limits(pair, "MinSeparation", "MaxSeparation")?;
                pairs.push((
                    index.events.refer(first)?,
                    index.events.refer(second)?,
                    least,
                    most,
                ));
            }
            Kind::OrderEvents { pairs }
        }
        other => return Err(node.wrong(format!("不认识的约束“{other}”"))),
    };
    Ok(Constraint {
        id,
        kind,
        required,
        weight,
        cost,
        events,
        event_groups,
        resources,
    })
}

fn time_groups(node: &Node, index: &Index) -> Result<Vec<usize>, ReadError> {
    let mut groups = Vec::new();
    for path in ["TimeGroups/TimeGroup", "TimeGroups/Day", "TimeGroups/Week"] {
        groups.extend(index.time_groups.all(node, path)?);
    }
    Ok(groups)
}
