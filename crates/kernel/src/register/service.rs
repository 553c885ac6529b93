//! The card of a register in the service hall (一网通办).
use super::spec::Role;

/// What people can start in this register.
#[derive(Clone, Debug)]
pub struct Service {
    /// What the card says: 教职工请假.
    pub title: String,
    /// The office that answers for it: 人事处.
    pub office: String,
    /// One line under the title: who may ask for what, what must be at hand, how long it takes.
    pub hint: String,
    /// Who sees the card; empty for everyone who may write in the register.
    pub starters: Vec<Role>,
    /// Fields asked for first, the rest are folded away; empty for all.
    pub quick: Vec<String>,
}

/// Makes a [`Service`] everyone who may write in the register can start.
pub fn service(title: &str, office: &str, hint: &str) -> Service {
    Service {
        title: title.into(),
        office: office.into(),
        hint: hint.into(),
        starters: vec![],
        quick: vec![],
    }
}

impl Service {
    /// Only these roles see the card.
    pub fn for_roles(mut self, roles: &[Role]) -> Service {
        self.starters = roles.to_vec();
        self
    }

    /// These fields are asked for first.
    pub fn quick(mut self, fields: &[&str]) -> Service {
        self.quick = fields.iter().map(|f| (*f).into()).collect();
        self
    }
}
