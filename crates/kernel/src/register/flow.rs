//! Flows (流程): who moves a record from which state to which.
use super::spec::{RegisterSpec, Role};

/// Who may take a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// A holder of the role whose grant covers the record.
    Role(Role),
    /// The person a staff reference of the record names.
    Field(String),
    /// The person who made the record.
    Creator,
}

/// What a state means for counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateKind {
    /// Something is still to be done.
    Open,
    /// Done: the record proves.
    Done,
    /// Ended without proving: refused, withdrawn.
    Dropped,
}

/// A state of a flow.
#[derive(Clone, Debug)]
pub struct State {
    /// Chinese name, stored as is.
    pub name: String,
    /// What it means.
    pub kind: StateKind,
}

/// One step (环节).
#[derive(Clone, Debug)]
pub struct Step {
    /// Stable id in URLs.
    pub id: String,
    /// Chinese verb on the button.
    pub title: String,
    /// From which states.
    pub from: Vec<String>,
    /// To which state.
    pub to: String,
    /// Who may take it; one of these suffices.
    pub who: Vec<Who>,
    /// Fields that are asked for at this step and must then be filled.
    pub needs: Vec<String>,
    /// Whether a note must be given (退回, 驳回).
    pub note: bool,
}

/// States and steps of a register. The first state is where a new record starts.
#[derive(Clone, Debug, Default)]
pub struct Flow {
    /// All states.
    pub states: Vec<State>,
    /// All steps.
    pub steps: Vec<Step>,
}

/// The state of records of registers without a flow.
pub const RECORDED: &str = "已登记";

impl Flow {
    /// No flow: a record counts as soon as it is written.
    pub fn none() -> Flow {
        Flow {
            states: vec![State {
                name: RECORDED.into(),
                kind: StateKind::Done,
            }],
            steps: vec![],
        }
    }

    /// A flow whose records start in the open state `name`.
    pub fn starts(name: &str) -> Flow {
        Flow {
            states: vec![State {
                name: name.into(),
                kind: StateKind::Open,
            }],
            steps: vec![],
        }
    }

    /// Adds an open state.
    pub fn open(self, name: &str) -> Flow {
        self.state(name, StateKind::Open)
    }

    /// Adds a state in which the record counts as done.
    pub fn done(self, name: &str) -> Flow {
        self.state(name, StateKind::Done)
    }

    /// Adds a state in which the record was ended without effect.
    pub fn dropped(self, name: &str) -> Flow {
        self.state(name, StateKind::Dropped)
    }

    fn state(mut self, name: &str, kind: StateKind) -> Flow {
        self.states.push(State {
            name: name.into(),
            kind,
        });
        self
    }

    /// Adds a step: `.step("rectify", "整改", &["待整改"], "待复查", &[Who::Field("responsible".into())])`.
    pub fn step(mut self, id: &str, title: &str, from: &[&str], to: &str, who: &[Who]) -> Flow {
        self.steps.push(Step {
            id: id.into(),
            title: title.into(),
            from: from.iter().map(|s| (*s).into()).collect(),
            to: to.into(),
            who: who.to_vec(),
            needs: vec![],
            note: false,
        });
        self
    }

    /// The last step added asks for these fields.
    pub fn needs(mut self, fields: &[&str]) -> Flow {
        let step = self.steps.last_mut().expect("needs() follows step()");
        step.needs = fields.iter().map(|s| (*s).into()).collect();
        self
    }

    /// The last step added asks for a note.
    pub fn with_note(mut self) -> Flow {
        self.steps.last_mut().expect("with_note() follows step()").note = true;
        self
    }

    /// Where a new record starts.
    pub fn initial(&self) -> &str {
        &self.states[0].name
    }

    /// Whether the register has steps at all.
    pub fn has_steps(&self) -> bool {
        !self.steps.is_empty()
    }

    /// The step with this id.
    pub fn find(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|s| s.id == id)
    }

    /// What a state means; an unknown one counts as open.
    pub fn kind_of(&self, state: &str) -> StateKind {
        self.states
            .iter()
            .find(|s| s.name == state)
            .map_or(StateKind::Open, |s| s.kind)
    }

    /// Names of the states of a kind.
    pub fn names(&self, kind: StateKind) -> Vec<&str> {
        self.states
            .iter()
            .filter(|s| s.kind == kind)
            .map(|s| s.name.as_str())
            .collect()
    }

    /// Checks that steps name states and fields that exist.
    ///
    /// # Panics
    /// When they do not: a mistake of the programmer.
    pub fn assert_sound(&self, spec: &RegisterSpec) {
        let known = |name: &String| self.states.iter().any(|s| &s.name == name);
        for step in &self.steps {
            assert!(
                known(&step.to) && step.from.iter().all(known),
                "{}: step {} names no state",
                spec.id,
                step.id
            );
            for who in &step.who {
                if let Who::Field(field) = who {
                    assert!(
                        spec.index(field).is_some(),
                        "{}: step {} asks field {field}",
                        spec.id,
                        step.id
                    );
                }
            }
            for field in &step.needs {
                assert!(
                    spec.index(field).is_some(),
                    "{}: step {} needs field {field}",
                    spec.id,
                    step.id
                );
            }
        }
    }
}
