//! Access (权限): a grant is (person, role, node of the unit tree). The row predicate is made here and nowhere else.
use crate::register::flow::{Step, Who};
use crate::register::spec::{Reach, RegisterSpec};
use crate::value::Value;
use uuid::Uuid;

/// A role of the installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoleSpec {
    /// Stable id.
    pub id: &'static str,
    /// Chinese title.
    pub title: &'static str,
    /// Sees the rows of every register within the grant's node, sealed fields masked (校长, 督导).
    pub reads_all: bool,
    /// May keep accounts and grants (系统管理员).
    pub manages: bool,
}

/// One grant of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The role's id.
    pub role: String,
    /// Path of the node in the unit tree; empty for the whole school.
    pub path: String,
}

/// What an absent person left to the actor (委托), valid today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delegated {
    /// The absent person's account.
    pub account: Uuid,
    /// Their name.
    pub name: String,
    /// Their staff record, when everything was handed over and not only some roles.
    pub staff: Option<Uuid>,
    /// Their grants, as far as they were handed over.
    pub grants: Vec<Grant>,
}

/// Who acts.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The account; nil for the system itself.
    pub account: Uuid,
    /// Name as the journal keeps it.
    pub name: String,
    /// The staff record behind the account.
    pub staff: Option<Uuid>,
    /// What the person was given.
    pub grants: Vec<Grant>,
    /// What others handed over for now: only steps of flows, never the right to read lists or to write.
    pub delegated: Vec<Delegated>,
    /// How many messages the person has not read.
    pub unread: u32,
    /// The program itself (demo, jobs, command line): may do everything, journalled under its name.
    pub system: bool,
}

impl Actor {
    /// The program itself.
    pub fn system(name: &str) -> Actor {
        Actor {
            account: Uuid::nil(),
            name: name.into(),
            staff: None,
            grants: vec![],
            delegated: vec![],
            unread: 0,
            system: true,
        }
    }

    /// Whether the person holds one of the roles, anywhere.
    pub fn holds(&self, roles: &[&str]) -> bool {
        self.system || self.grants.iter().any(|g| roles.contains(&g.role.as_str()))
    }

    /// Whether a role that manages accounts is held.
    pub fn manages(&self, roles: &[RoleSpec]) -> bool {
        self.system
            || self
                .grants
                .iter()
                .any(|g| roles.iter().any(|r| r.manages && r.id == g.role))
    }
}

/// How far the actor may go on rows of a register: none, or an SQL predicate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rows {
    /// No row.
    None,
    /// Every row of the school.
    All,
    /// Rows under one of the paths, or (when `own`) made by or owned by the person.
    Some { paths: Vec<String>, own: bool },
}

impl Rows {
    fn add(&mut self, reach: Reach, path: &str) {
        if *self == Rows::All {
            return;
        }
        if reach == Reach::School || (reach == Reach::Unit && path.is_empty()) {
            *self = Rows::All;
            return;
        }
        if *self == Rows::None {
            *self = Rows::Some {
                paths: vec![],
                own: false,
            };
        }
        if let Rows::Some { paths, own } = self {
            match reach {
                Reach::Own => *own = true,
                _ => paths.push(path.to_owned()),
            }
        }
    }

    /// The SQL predicate over the row alias `t`, binding from `$args.len() + 1` on.
    pub fn predicate(&self, actor: &Actor, args: &mut Vec<Value>) -> String {
        match self {
            Rows::None => "1 = 0".into(),
            Rows::All => "1 = 1".into(),
            Rows::Some { paths, own } => {
                let mut parts = vec![];
                for path in paths {
                    args.push(format!("{path}%").into());
                    parts.push(format!("t.scope like ${}", args.len()));
                }
                if *own {
                    args.push(actor.account.into());
                    parts.push(format!("t.created_by = ${}", args.len()));
                    if let Some(staff) = actor.staff {
                        args.push(staff.into());
                        parts.push(format!("t.owner_id = ${}", args.len()));
                    }
                }
                if parts.is_empty() {
                    "1 = 0".into()
                } else {
                    format!("({})", parts.join(" or "))
                }
            }
        }
    }

    /// Whether a row with this place and these people is within.
    pub fn covers(&self, actor: &Actor, row: &Place) -> bool {
        match self {
            Rows::None => false,
            Rows::All => true,
            Rows::Some { paths, own } => {
                paths.iter().any(|path| row.path.starts_with(path))
                    || (*own
                        && (row.created_by == actor.account
                            || (row.owner.is_some() && row.owner == actor.staff)))
            }
        }
    }
}

/// Where a row stands and who is behind it.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// Path in the unit tree.
    pub path: String,
    /// The staff member who owns it.
    pub owner: Option<Uuid>,
    /// The account that made it.
    pub created_by: Uuid,
}

/// The rows of `spec` that the actor may see.
pub fn readable(actor: &Actor, roles: &[RoleSpec], spec: &RegisterSpec) -> Rows {
    if actor.system {
        return Rows::All;
    }
    let mut rows = Rows::None;
    for grant in &actor.grants {
        if !spec.private && roles.iter().any(|r| r.id == grant.role && r.reads_all) {
            rows.add(Reach::Unit, &grant.path);
        }
        for access in spec.access.iter().filter(|a| a.role == grant.role) {
            rows.add(access.read, &grant.path);
            if let Some(write) = access.write {
                rows.add(write, &grant.path);
            }
        }
    }
    rows
}

/// The rows of `spec` that the actor may create, correct and void.
pub fn writable(actor: &Actor, spec: &RegisterSpec) -> Rows {
    if actor.system {
        return Rows::All;
    }
    let mut rows = Rows::None;
    for grant in &actor.grants {
        for access in spec.access.iter().filter(|a| a.role == grant.role) {
            if let Some(write) = access.write {
                rows.add(write, &grant.path);
            }
        }
    }
    rows
}

/// The rows of `spec` whose sealed fields the actor sees unmasked.
pub fn unsealed(actor: &Actor, spec: &RegisterSpec) -> Rows {
    if actor.system {
        return Rows::All;
    }
    let mut rows = Rows::None;
    for grant in &actor.grants {
        for access in spec.access.iter().filter(|a| a.role == grant.role && a.sealed) {
            rows.add(access.read, &grant.path);
            if let Some(write) = access.write {
                rows.add(write, &grant.path);
            }
        }
    }
    rows
}

/// In whose name a step is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acting<'a> {
    /// The actor's own.
    Oneself,
    /// An absent person's.
    For(&'a Delegated),
}

/// In whose name the actor may take a step on a row, if at all. `named` looks up the staff reference of a field.
///
/// A deputy takes the steps of the absent person's offices and those where a record names that person, but not what
/// that person does as an applicant (撤回, 重新提交), and never a step on a record of the deputy's own.
pub fn acting<'a>(
    actor: &'a Actor,
    step: &Step,
    row: &Place,
    named: impl Fn(&str) -> Option<Uuid>,
) -> Option<Acting<'a>> {
    acting_as(actor, step.who.iter(), row, named)
}

/// [`acting`] by some of a step's rules only.
pub fn acting_as<'a, 's>(
    actor: &'a Actor,
    rules: impl Iterator<Item = &'s Who> + Clone,
    row: &Place,
    named: impl Fn(&str) -> Option<Uuid>,
) -> Option<Acting<'a>> {
    let covers = |grants: &[Grant], role: &str| {
        grants
            .iter()
            .any(|g| g.role == role && row.path.starts_with(&g.path))
    };
    let names = |field: &str, staff: Option<Uuid>| staff.is_some() && named(field) == staff;
    let own = actor.system
        || rules.clone().any(|who| match who {
            Who::Role(role) => covers(&actor.grants, role),
            Who::Field(field) => names(field, actor.staff),
            Who::Creator => row.created_by == actor.account,
        });
    if own {
        return Some(Acting::Oneself);
    }
    let mine = row.created_by == actor.account || (row.owner.is_some() && row.owner == actor.staff);
    let absent = actor.delegated.iter().filter(|_| !mine).find(|absent| {
        rules.clone().any(|who| match who {
            Who::Role(role) => covers(&absent.grants, role),
            Who::Field(field) => names(field, absent.staff),
            Who::Creator => false,
        })
    });
    absent.map(Acting::For)
}

/// Whether a record of the register could exist on which the actor takes a step without being one of its readers.
pub fn may_meet(actor: &Actor, spec: &RegisterSpec) -> bool {
    let asked = |grants: &[Grant], staff: Option<Uuid>| {
        spec.flow
            .steps
            .iter()
            .flat_map(|step| &step.who)
            .any(|who| match who {
                Who::Role(role) => grants.iter().any(|g| g.role == *role),
                Who::Field(_) => staff.is_some(),
                Who::Creator => false,
            })
    };
    asked(&actor.grants, actor.staff) || actor.delegated.iter().any(|d| asked(&d.grants, d.staff))
}
