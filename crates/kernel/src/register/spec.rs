//! What a register is: a plain value from which everything general is made (tables, pages, sheets, REST, checks).
use super::flow::{Flow, StateKind};
use super::indicator::{DutySpec, IndicatorSpec};
use super::paper::PaperForm;
use super::service::Service;
use crate::app::Scope;
use crate::error::{Result, Violation};
use crate::value::{SqlType, Value};
use chrono::NaiveDate;
use std::pin::Pin;
use uuid::Uuid;

/// A role's id, such as `safety-office`. The list of roles is declared by the program (`App::roles`).
pub type Role = &'static str;

/// How far a role's right reaches over the rows of a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Records the person made or is named in as owner.
    Own,
    /// Records within the unit (department, class) of the person's grant.
    Unit,
    /// Every record of the school.
    School,
}

/// What a role may do with a register, besides the steps its flow grants.
#[derive(Clone, Debug)]
pub struct Access {
    /// The role.
    pub role: Role,
    /// Which rows the role may see.
    pub read: Reach,
    /// Which rows the role may create, correct and void.
    pub write: Option<Reach>,
    /// Whether the role sees the sealed fields of the rows it may read; others see them masked.
    pub sealed: bool,
}

impl Access {
    /// The reader also sees sealed fields: a class teacher rings the guardian.
    pub fn unmasked(self) -> Access {
        Access { sealed: true, ..self }
    }
}

/// The role sees rows within `reach`, sealed fields masked.
pub fn may_read(role: Role, reach: Reach) -> Access {
    Access {
        role,
        read: reach,
        write: None,
        sealed: false,
    }
}

/// The role sees and keeps rows within `reach`, sealed fields included.
pub fn may_write(role: Role, reach: Reach) -> Access {
    Access {
        role,
        read: reach,
        write: Some(reach),
        sealed: true,
    }
}

/// One choice of a closed list: the code stored and the label shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Stored code.
    pub code: String,
    /// Chinese label.
    pub label: String,
}

/// The kinds of fields. Each is one arm in form, sheet, JSON and SQL.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldKind {
    /// One line of text, at most `max` characters.
    Text { max: usize },
    /// Several lines of text, at most `max` characters.
    LongText { max: usize },
    /// A whole number within bounds (both inclusive).
    Int { min: i64, max: i64 },
    /// A decimal kept as an integer scaled by 10^`scale`.
    Decimal { scale: u8 },
    /// An amount of yuan kept in fen.
    Money,
    /// A day.
    Date,
    /// An instant, shown in Shanghai time to the minute.
    Instant,
    /// Yes or no.
    Bool,
    /// One of the choices of the field's own list.
    Choice(Vec<Choice>),
    /// One code of a national or school code set, by its id (see `codes`).
    Code(String),
    /// A record of another register, by its id.
    Ref(String),
    /// Attached files, kept as a comma-separated list of file ids.
    Files,
}

impl FieldKind {
    /// The column type.
    pub fn sql(&self) -> SqlType {
        match self {
            FieldKind::Int { .. } | FieldKind::Decimal { .. } | FieldKind::Money => SqlType::Int,
            FieldKind::Date => SqlType::Date,
            FieldKind::Instant => SqlType::Instant,
            FieldKind::Bool => SqlType::Bool,
            FieldKind::Ref(_) => SqlType::Id,
            FieldKind::Text { .. }
            | FieldKind::LongText { .. }
            | FieldKind::Choice(_)
            | FieldKind::Code(_)
            | FieldKind::Files => SqlType::Text,
        }
    }

    /// The same kind with the bound of the attribute `max`.
    pub fn with_max(self, bound: i64) -> FieldKind {
        match self {
            FieldKind::Text { .. } => FieldKind::Text { max: bound as usize },
            FieldKind::LongText { .. } => FieldKind::LongText { max: bound as usize },
            FieldKind::Int { min, .. } => FieldKind::Int { min, max: bound },
            other => other,
        }
    }

    /// The same kind with the code set of the attribute `code`.
    pub fn with_code(self, set: &str) -> FieldKind {
        match self {
            FieldKind::Code(_) => FieldKind::Code(set.into()),
            other => other,
        }
    }

    /// The name of the kind in JSON (`zhixing registers --json`, OpenAPI extensions).
    pub fn name(&self) -> &'static str {
        match self {
            FieldKind::Text { .. } => "text",
            FieldKind::LongText { .. } => "long-text",
            FieldKind::Int { .. } => "integer",
            FieldKind::Decimal { .. } => "decimal",
            FieldKind::Money => "money",
            FieldKind::Date => "date",
            FieldKind::Instant => "instant",
            FieldKind::Bool => "boolean",
            FieldKind::Choice(_) => "choice",
            FieldKind::Code(_) => "code",
            FieldKind::Ref(_) => "reference",
            FieldKind::Files => "files",
        }
    }
}

/// One field of a register.
#[derive(Clone, Debug)]
pub struct FieldSpec {
    /// Column, form and JSON name.
    pub name: String,
    /// Chinese label, also the Excel heading.
    pub label: String,
    /// Kind of value.
    pub kind: FieldKind,
    /// Whether a record without it is refused.
    pub required: bool,
    /// Whether it is a column of the list by default.
    pub list: bool,
    /// Whether the list offers it as a filter.
    pub filter: bool,
    /// A sentence under the control.
    pub help: String,
    /// `T16.SXSMC`: the national dataset column this field feeds (`standards/digital-base-v2.2`).
    pub dataset: String,
    /// Sensitive: masked in lists, exports and prints (身份证号, 手机号).
    pub sealed: bool,
}

impl FieldSpec {
    /// The column type: what is sealed is kept as cipher text whatever it says.
    pub fn sql(&self) -> SqlType {
        match self.sealed {
            true => SqlType::Text,
            false => self.kind.sql(),
        }
    }
}

/// Whether rows of a register are themselves nodes of the unit tree, which grants may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Ordinary rows.
    None,
    /// Each row is a node: departments, classes.
    Node,
}

/// What a rule may look at besides the record itself.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// Today in Shanghai.
    pub today: NaiveDate,
    /// Whether the record is new.
    pub new: bool,
}

/// The check of a whole record, made by the derive from the typed `Rules::check`.
pub type CheckFn = fn(&[Value], &Ctx) -> Vec<Violation>;

/// What fills in computed values before a record is checked, made by the derive from the typed `Rules::complete`.
pub type CompleteFn = fn(&mut Vec<Value>, &Ctx);

/// What stands in the way, once it has been looked up.
pub type Obstacles<'a> = Pin<Box<dyn Future<Output = Result<Vec<Violation>>> + Send + 'a>>;

/// What other records say before a step ends a record well: of the record with this id and these values.
pub type GrantFn = for<'a> fn(&'a Scope, Uuid, &'a [Value]) -> Obstacles<'a>;

/// A register as a value.
#[derive(Clone, Debug)]
pub struct RegisterSpec {
    /// Table, URL and API name.
    pub id: String,
    /// Chinese title.
    pub title: String,
    /// One sentence: what it is and who keeps it.
    pub about: String,
    /// Menu group it stands in.
    pub group: String,
    /// Ids of `systems.md` it serves.
    pub systems: Vec<String>,
    /// Fields in order of the form.
    pub fields: Vec<FieldSpec>,
    /// Indices of the fields that make the record's label.
    pub label: Vec<usize>,
    /// The field whose text names a record without doubt (学号, 工号, 班级名称).
    pub key: Option<usize>,
    /// Sets of fields whose values may stand together only once among live rows.
    pub unique: Vec<Vec<usize>>,
    /// The date by which a record belongs to a period.
    pub date: Option<usize>,
    /// The date by which an open record should be done (期限): what is late stands first.
    pub due: Option<usize>,
    /// The reference from which a record inherits its place in the unit tree.
    pub within: Option<usize>,
    /// The reference to the person who owns the record (责任人, 班主任).
    pub owner: Option<usize>,
    /// Whether rows are nodes of the unit tree.
    pub anchor: Anchor,
    /// States and steps.
    pub flow: Flow,
    /// Recurring duties this register can prove.
    pub duties: Vec<DutySpec>,
    /// Indicators computed from it.
    pub indicators: Vec<IndicatorSpec>,
    /// Who may read and write.
    pub access: Vec<Access>,
    /// Closed to roles that otherwise read everything (校长, 督导): only the roles of `access` know of its rows (心理).
    pub private: bool,
    /// Records that may not overlap in time.
    pub apart: Vec<super::apart::Apart>,
    /// Rules over the whole record that refuse it.
    pub check: CheckFn,
    /// Rules over the whole record that only warn.
    pub warnings: CheckFn,
    /// What is asked of other records before a step ends one well.
    pub grant: Option<GrantFn>,
    /// Computed values.
    pub complete: CompleteFn,
    /// Fields that are always computed; forms do not ask for them.
    pub computed: Vec<usize>,
    /// The card in the service hall (一网通办), for registers people start requests in.
    pub service: Option<Service>,
    /// Forms handed over on paper.
    pub papers: Vec<PaperForm>,
}

impl RegisterSpec {
    /// The position of a field.
    pub fn index(&self, field: &str) -> Option<usize> {
        self.fields.iter().position(|f| f.name == field)
    }

    /// A field by name.
    pub fn field(&self, name: &str) -> Option<&FieldSpec> {
        self.fields.iter().find(|f| f.name == name)
    }

    /// Makes the spec of a type from what the derive and its `Rules` say.
    ///
    /// # Panics
    /// When an attribute names a field that does not exist: a mistake of the programmer, found by any test.
    pub fn of<T: super::Register>() -> RegisterSpec {
        let head = T::head();
        let fields = T::fields();
        let at = |name: &str| {
            fields
                .iter()
                .position(|f| f.name == name)
                .unwrap_or_else(|| panic!("register {}: no field {name:?}", head.id))
        };
        let list = |names: &str| -> Vec<usize> {
            names
                .split(',')
                .map(str::trim)
                .filter(|n| !n.is_empty())
                .map(at)
                .collect()
        };
        let one = |name: &str| (!name.is_empty()).then(|| at(name));
        let spec = RegisterSpec {
            id: head.id.into(),
            title: head.title.into(),
            about: T::ABOUT.trim().into(),
            group: head.group.into(),
            systems: head
                .systems
                .split(',')
                .map(|s| s.trim().into())
                .filter(|s: &String| !s.is_empty())
                .collect(),
            label: list(head.label),
            key: one(head.key),
            unique: head
                .unique
                .split(';')
                .map(list)
                .filter(|u| !u.is_empty())
                .collect(),
            date: one(head.date),
            due: one(head.due),
            within: one(head.within),
            owner: one(head.owner),
            anchor: if head.anchor { Anchor::Node } else { Anchor::None },
            flow: T::flow(),
            duties: T::duties(),
            indicators: T::indicators(),
            access: T::access(),
            private: T::private(),
            apart: T::apart(),
            check: super::check_typed::<T>,
            warnings: super::warn_typed::<T>,
            grant: T::grant(),
            complete: super::complete_typed::<T>,
            computed: T::computed().iter().map(|name| at(name)).collect(),
            service: T::service(),
            papers: T::papers(),
            fields,
        };
        spec.assert_sealable();
        spec.flow.assert_sound(&spec);
        let open = !spec.flow.names(StateKind::Open).is_empty();
        assert!(spec.due.is_none() || open, "{}: due without open states", spec.id);
        for paper in &spec.papers {
            paper.assert_sound(&spec);
        }
        for rule in &spec.apart {
            rule.assert_sound(&spec);
        }
        spec
    }

    /// Whether any field is sealed.
    pub fn has_sealed(&self) -> bool {
        self.fields.iter().any(|field| field.sealed)
    }

    /// Checks that no sealed field is one whose value stands elsewhere in the open, or that the database must look into.
    ///
    /// # Panics
    /// When one is: a mistake of the programmer.
    fn assert_sealable(&self) {
        let open = self.label.iter().copied();
        let open = open.chain(
            [self.key, self.date, self.due, self.within, self.owner]
                .into_iter()
                .flatten(),
        );
        for at in open {
            let name = &self.fields[at].name;
            assert!(
                !self.fields[at].sealed,
                "{}: {name} is sealed but names, dates or places the record",
                self.id
            );
        }
        for field in self.fields.iter().filter(|field| field.sealed) {
            assert!(
                !matches!(field.kind, FieldKind::Ref(_)),
                "{}: the reference {} cannot be sealed; make the register private",
                self.id,
                field.name
            );
        }
    }
}

/// The `#[register(…)]` attribute as the derive hands it over.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    /// `id = "hazard"`
    pub id: &'static str,
    /// `title = "隐患排查"`
    pub title: &'static str,
    /// `group = "safety"`
    pub group: &'static str,
    /// `systems = "F2"`
    pub systems: &'static str,
    /// `label = "area, found_on"`
    pub label: &'static str,
    /// `key = "code"`
    pub key: &'static str,
    /// `unique = "code; class, date"`
    pub unique: &'static str,
    /// `date = "found_on"`
    pub date: &'static str,
    /// `due = "due"`
    pub due: &'static str,
    /// `within = "department"`
    pub within: &'static str,
    /// `owner = "responsible"`
    pub owner: &'static str,
    /// `anchor`
    pub anchor: bool,
}
