//! An XHSTT archive in indices.

use super::solution::Solution;
use crate::CostFunction;

/// A whole file: instances, and solutions that name one of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Archive {
    /// The instances.
    pub instances: Vec<Instance>,
    /// Index of the instance, and the solution.
    pub solutions: Vec<(usize, Solution)>,
}

/// One school.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Instance {
    /// Identifier.
    pub id: String,
    /// Identifiers of the times, in order.
    pub times: Vec<String>,
    /// Sets of times (days, weeks, other groups).
    pub time_groups: Vec<(String, Vec<usize>)>,
    /// Identifiers of the resource types.
    pub resource_types: Vec<String>,
    /// The resources.
    pub resources: Vec<Resource>,
    /// Sets of resources.
    pub resource_groups: Vec<(String, Vec<usize>)>,
    /// The events.
    pub events: Vec<Event>,
    /// Sets of events (including courses).
    pub event_groups: Vec<(String, Vec<usize>)>,
    /// The constraints.
    pub constraints: Vec<Constraint>,
}

/// A class, teacher, room or student.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Identifier.
    pub id: String,
    /// Index of its type.
    pub kind: usize,
}

/// What an event needs: a resource that is given, or one to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventResource {
    /// The role, by which constraints and solutions refer to it.
    pub role: Option<String>,
    /// The given resource.
    pub given: Option<usize>,
    /// The type to choose from.
    pub kind: Option<usize>,
    /// Workload for the whole event.
    pub workload: i64,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Identifier.
    pub id: String,
    /// Total duration.
    pub duration: usize,
    /// The given time.
    pub time: Option<usize>,
    /// Its resources.
    pub resources: Vec<EventResource>,
}

/// One constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    /// Identifier.
    pub id: String,
    /// What it demands.
    pub kind: Kind,
    /// Hard?
    pub required: bool,
    /// Weight.
    pub weight: i64,
    /// How deviations become a cost.
    pub cost: CostFunction,
    /// Events it applies to.
    pub events: Vec<usize>,
    /// Event groups it applies to.
    pub event_groups: Vec<usize>,
    /// Resources it applies to.
    pub resources: Vec<usize>,
}

/// The sixteen kinds with their data. Limits are (minimum, maximum).
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Kind {
    AssignTime,
    AssignResource {
        role: Option<String>,
    },
    SplitEvents {
        duration: (i64, i64),
        amount: (i64, i64),
    },
    DistributeSplitEvents {
        duration: usize,
        amount: (i64, i64),
    },
    PreferTimes {
        duration: Option<usize>,
        times: Vec<usize>,
    },
    PreferResources {
        role: Option<String>,
        resources: Vec<usize>,
    },
    AvoidSplitAssignments {
        role: Option<String>,
    },
    SpreadEvents {
        groups: Vec<(usize, i64, i64)>,
    },
    LinkEvents,
    AvoidClashes,
    AvoidUnavailableTimes {
        times: Vec<usize>,
    },
    LimitIdleTimes {
        groups: Vec<usize>,
        amount: (i64, i64),
    },
    ClusterBusyTimes {
        groups: Vec<usize>,
        amount: (i64, i64),
    },
    LimitBusyTimes {
        groups: Vec<usize>,
        amount: (i64, i64),
    },
    LimitWorkload {
        amount: (i64, i64),
    },
    OrderEvents {
        pairs: Vec<(usize, usize, i64, i64)>,
    },
}
