//! Flows (流程): who moves a record from which state to which.
use super::spec::{RegisterSpec, Role};
pub use super::tell::Tell;
use crate::value::Value;

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

/// A condition on the record's own values: the amount, the days of leave, the kind of document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Guard {
    /// The number of the field (scaled as stored: fen, tenths) is at most the limit.
    AtMost(String, i64),
    /// The number of the field is above the limit; false when it is missing.
    Above(String, i64),
    /// The field has the code; `true`/`false` for yes/no.
    Is(String, String),
    /// The field has another code or none.
    Not(String, String),
}

impl Guard {
    /// `field <= limit`
    pub fn at_most(field: &str, limit: i64) -> Guard {
        Guard::AtMost(field.into(), limit)
    }

    /// `field > limit`
    pub fn above(field: &str, limit: i64) -> Guard {
        Guard::Above(field.into(), limit)
    }

    /// `field == code`
    pub fn is(field: &str, code: &str) -> Guard {
        Guard::Is(field.into(), code.into())
    }

    /// `field != code`
    pub fn not(field: &str, code: &str) -> Guard {
        Guard::Not(field.into(), code.into())
    }

    /// The field it looks at.
    pub fn field(&self) -> &str {
        match self {
            Guard::AtMost(field, _) | Guard::Above(field, _) | Guard::Is(field, _) | Guard::Not(field, _) => {
                field
            }
        }
    }

    /// Whether it holds for the values of a record.
    pub fn holds(&self, spec: &RegisterSpec, values: &[Value]) -> bool {
        let value = spec.index(self.field()).map(|at| &values[at]);
        let code = |value: &Value| match value {
            Value::Bool(yes) => yes.to_string(),
            other => other.text().unwrap_or("").to_owned(),
        };
        match self {
            Guard::AtMost(_, limit) => value.and_then(Value::int).is_none_or(|number| number <= *limit),
            Guard::Above(_, limit) => value.and_then(Value::int).is_some_and(|number| number > *limit),
            Guard::Is(_, wanted) => value.is_some_and(|value| code(value) == *wanted),
            Guard::Not(_, wanted) => value.is_none_or(|value| code(value) != *wanted),
        }
    }
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
    /// Fields that may be filled at this step and may stay empty (附件).
    pub offers: Vec<String>,
    /// Whether a note must be given (退回, 驳回).
    pub note: bool,
    /// Offered only when this holds.
    pub when: Option<Guard>,
    /// The first of these that holds sends the record to its state instead of `to`.
    pub forks: Vec<(Guard, String)>,
    /// Days within which it is to be taken after the record came to the state (办理时限); then it is chased.
    pub days: Option<u16>,
    /// What the signature line on paper says (系部意见); none when the step signs nothing.
    pub sign: Option<String>,
}

impl Step {
    /// Where the record goes with these values.
    pub fn target<'a>(&'a self, spec: &RegisterSpec, values: &[Value]) -> &'a str {
        self.forks
            .iter()
            .find(|(guard, _)| guard.holds(spec, values))
            .map_or(&self.to, |(_, state)| state)
    }
}

/// One approver in a chain of approvals, see [`Flow::approvals`].
#[derive(Clone, Debug)]
pub struct Stage {
    id: String,
    title: String,
    who: Vec<Who>,
    when: Option<Guard>,
    days: u16,
    needs: Vec<String>,
}

impl Stage {
    /// `Stage::by("department", "系部", &[Who::Role(DEPARTMENT_HEAD)])`: the state is 待系部审批. Whose grant covers the
    /// record's place approves, so a role given at a class or department is the applicant's own.
    pub fn by(id: &str, title: &str, who: &[Who]) -> Stage {
        Stage {
            id: id.into(),
            title: title.into(),
            who: who.to_vec(),
            when: None,
            days: 3,
            needs: vec![],
        }
    }

    /// Left out unless this holds (over three days, over 50,000 yuan). The first stage takes no condition.
    pub fn when(mut self, guard: Guard) -> Stage {
        self.when = Some(guard);
        self
    }

    /// Days until it is chased; 3 unless said.
    pub fn days(mut self, days: u16) -> Stage {
        self.days = days;
        self
    }

    /// Fields the approver fills in.
    pub fn needs(mut self, fields: &[&str]) -> Stage {
        self.needs = fields.iter().map(|f| (*f).into()).collect();
        self
    }

    fn state(&self) -> String {
        format!("待{}审批", self.title)
    }
}

/// States and steps of a register. The first state is where a new record starts.
#[derive(Clone, Debug, Default)]
pub struct Flow {
    /// All states.
    pub states: Vec<State>,
    /// All steps.
    pub steps: Vec<Step>,
    /// States in which whoever made a record may still correct it; any state when empty. Keepers whose right reaches
    /// over the whole school may always correct, journalled.
    pub editable: Vec<String>,
    /// Who is told when a person's step brings a record to a state, besides those it waits for.
    pub tells: Vec<Tell>,
}

/// Back with the applicant for change.
pub const RETURNED: &str = "退回修改";
/// Refused.
pub const REFUSED: &str = "未批准";
/// Withdrawn by the applicant.
pub const WITHDRAWN: &str = "已撤回";

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
            ..Flow::default()
        }
    }

    /// A flow whose records start in the open state `name`.
    pub fn starts(name: &str) -> Flow {
        Flow {
            states: vec![State {
                name: name.into(),
                kind: StateKind::Open,
            }],
            ..Flow::default()
        }
    }

    /// A request with a chain of approvals (审批流程): a new record waits for the first stage; each approval sends it to
    /// the next stage whose condition holds, the last to `approved`. Every stage may return it for change (退回修改, with
    /// a note) or refuse it (未批准, with a note); whoever made it may withdraw it while it waits, and change and send it
    /// again when it was returned. More states and steps (销假, 验收) are added after it.
    ///
    /// # Panics
    /// When there is no stage or the first has a condition: a mistake of the programmer.
    pub fn approvals(stages: &[Stage], approved: &str) -> Flow {
        assert!(
            stages.first().is_some_and(|s| s.when.is_none()),
            "a chain of approvals starts unconditionally"
        );
        let waiting: Vec<String> = stages.iter().map(Stage::state).collect();
        let waiting: Vec<&str> = waiting.iter().map(String::as_str).collect();
        let mut flow = Flow::starts(waiting[0]);
        for state in &waiting[1..] {
            flow = flow.open(state);
        }
        flow = flow
            .open(RETURNED)
            .done(approved)
            .dropped(REFUSED)
            .dropped(WITHDRAWN);
        for (at, stage) in stages.iter().enumerate() {
            let from = [waiting[at]];
            let mut forks = vec![];
            let mut to = approved;
            for (next, state) in stages.iter().zip(&waiting).skip(at + 1) {
                match &next.when {
                    Some(guard) => forks.push((guard.clone(), (*state).to_owned())),
                    None => {
                        to = state;
                        break;
                    }
                }
            }
            let needs: Vec<&str> = stage.needs.iter().map(String::as_str).collect();
            flow = flow
                .step(&format!("approve_{}", stage.id), "同意", &from, to, &stage.who)
                .needs(&needs)
                .within_days(stage.days)
                .signed(&format!("{}意见", stage.title));
            flow.steps.last_mut().expect("a step was added").forks = forks;
            flow = flow
                .step(
                    &format!("return_{}", stage.id),
                    "退回修改",
                    &from,
                    RETURNED,
                    &stage.who,
                )
                .with_note()
                .step(
                    &format!("refuse_{}", stage.id),
                    "不同意",
                    &from,
                    REFUSED,
                    &stage.who,
                )
                .with_note()
                .signed(&format!("{}意见", stage.title));
        }
        let mut back = waiting.clone();
        back.push(RETURNED);
        flow.step("resubmit", "重新提交", &[RETURNED], waiting[0], &[Who::Creator])
            .step("withdraw", "撤回", &back, WITHDRAWN, &[Who::Creator])
            .editable(&[RETURNED])
    }

    /// The state added before counts as open: an approved leave is done when the person is back.
    ///
    /// # Panics
    /// When there is no such state.
    pub fn still_open(mut self, name: &str) -> Flow {
        let state = self.states.iter_mut().find(|s| s.name == name);
        state.expect("still_open() names a state").kind = StateKind::Open;
        self
    }

    /// Whoever made a record corrects it only in these states.
    pub fn editable(mut self, states: &[&str]) -> Flow {
        self.editable = states.iter().map(|s| (*s).into()).collect();
        self
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
            offers: vec![],
            note: false,
            when: None,
            forks: vec![],
            days: None,
            sign: None,
        });
        self
    }

    /// The last step added is offered only when this holds.
    pub fn when(mut self, guard: Guard) -> Flow {
        self.last().when = Some(guard);
        self
    }

    /// The last step added sends the record to `state` instead when this holds.
    pub fn fork(mut self, guard: Guard, state: &str) -> Flow {
        self.last().forks.push((guard, state.into()));
        self
    }

    /// The last step added is to be taken within so many days of coming to its state.
    pub fn within_days(mut self, days: u16) -> Flow {
        self.last().days = Some(days);
        self
    }

    /// The last step added signs on paper under this heading (系部意见).
    pub fn signed(mut self, heading: &str) -> Flow {
        self.last().sign = Some(heading.into());
        self
    }

    fn last(&mut self) -> &mut Step {
        self.steps.last_mut().expect("follows step()")
    }

    /// The last step added asks for these fields.
    pub fn needs(mut self, fields: &[&str]) -> Flow {
        self.last().needs = fields.iter().map(|s| (*s).into()).collect();
        self
    }

    /// The last step added offers these fields, which may stay empty.
    pub fn offers(mut self, fields: &[&str]) -> Flow {
        self.last().offers = fields.iter().map(|s| (*s).into()).collect();
        self
    }

    /// The last step added asks for a note.
    pub fn with_note(mut self) -> Flow {
        self.last().note = true;
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
        assert!(
            self.editable.iter().all(known),
            "{}: editable names no state",
            spec.id
        );
        for step in &self.steps {
            assert!(
                known(&step.to)
                    && step.from.iter().all(known)
                    && step.forks.iter().all(|(_, state)| known(state)),
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
            let guards = step.when.iter().chain(step.forks.iter().map(|(guard, _)| guard));
            for guard in guards {
                assert!(
                    spec.index(guard.field()).is_some(),
                    "{}: step {} looks at field {}",
                    spec.id,
                    step.id,
                    guard.field()
                );
            }
            for field in step.needs.iter().chain(&step.offers) {
                assert!(
                    spec.index(field).is_some(),
                    "{}: step {} asks for field {field}",
                    spec.id,
                    step.id
                );
            }
        }
    }
}
