//! Where each column of each table comes from.
use crate::machine;
use kernel::app::Registers;
use kernel::register::spec::{FieldKind, RegisterSpec};
use people::datasets::{self, Column, Dataset};
use serde_json::{Value as J, json};
use std::sync::Arc;

/// Who fills a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A register that people keep.
    Native,
    /// Another machine, through the register made for it.
    Feed,
    /// Counted when rows are made.
    Computed,
}

impl Kind {
    /// The word in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Kind::Native => "native",
            Kind::Feed => "feed",
            Kind::Computed => "computed",
        }
    }

    /// In Chinese.
    pub fn title(self) -> &'static str {
        match self {
            Kind::Native => "台账",
            Kind::Feed => "系统接入",
            Kind::Computed => "自动统计",
        }
    }
}

/// A value that no field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Computed {
    /// 32 characters made from the record's id.
    Key,
    /// The school's ten-digit code.
    SchoolCode,
    /// When the rows were made.
    Collected,
    /// Whether the row is to be deleted; empty for live rows.
    Deletion,
    /// A field of the school's profile.
    Profile(&'static str),
    /// Staff in service.
    Staff,
    /// Students at school.
    Students,
    /// Majors, as table 6 has them.
    Majors,
    /// Multimedia rooms in use.
    MultimediaRooms,
    /// Staff in service with a teaching certificate.
    Certified,
    /// Staff in service with a title of one of these levels.
    Titles(&'static [&'static str]),
}

impl Computed {
    /// What computes a column, if something does.
    fn of(table: u8, column: &str) -> Option<Computed> {
        Some(match (table, column) {
            (_, "ZJSJWYXBS") => Computed::Key,
            (1, "XXDM") => Computed::Profile("school_code"),
            (_, "XXDM") => Computed::SchoolCode,
            (_, "SJCJSJ") => Computed::Collected,
            (_, "SJZTM") => Computed::Deletion,
            (1, "XYJSS") => Computed::Staff,
            (1, "XYXSS") => Computed::Students,
            (1, "BXKSZYS") => Computed::Majors,
            (1, "DMTJSS") => Computed::MultimediaRooms,
            (2, "SJGBM") => Computed::Profile("province_code"),
            (2, "SJGMC") => Computed::Profile("province"),
            (2, "SHJGBM") => Computed::Profile("city_code"),
            (2, "SHJGMC") => Computed::Profile("city"),
            (2, "QXJGBM") => Computed::Profile("county_code"),
            (2, "QXJGMC") => Computed::Profile("county"),
            (2, "XXJGDM") => Computed::Profile("institution_code"),
            (2, "XXJGMC") => Computed::Profile("name"),
            (27, "JSZGZRS") => Computed::Certified,
            (27, "GJZCRS") => Computed::Titles(&["1", "2"]),
            (27, "ZJZCRS") => Computed::Titles(&["3"]),
            (27, "CJZCRS") => Computed::Titles(&["4"]),
            _ => return None,
        })
    }

    /// In words, for `zhixing datasets --json`.
    fn words(self) -> String {
        match self {
            Computed::Key => "computed: record id, 32 upper-case characters".into(),
            Computed::SchoolCode => "computed: school code".into(),
            Computed::Collected => "computed: now".into(),
            Computed::Deletion => "computed: empty for live rows".into(),
            Computed::Profile(field) => format!("computed: school_profile.{field}"),
            Computed::Staff => "computed: staff in service".into(),
            Computed::Students => "computed: students at school".into(),
            Computed::Majors => "computed: majors".into(),
            Computed::MultimediaRooms => "computed: multimedia rooms in use".into(),
            Computed::Certified => "computed: staff with a teaching certificate".into(),
            Computed::Titles(levels) => format!("computed: staff with title level {}", levels.join(", ")),
        }
    }
}

/// Where one column comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A field of the record, or of the record that a reference of it points to.
    Field {
        /// Position of the field in the register.
        at: usize,
        /// For a reference: the field of the record it points to.
        through: Option<String>,
    },
    /// Worked out.
    Computed(Computed),
    /// Nowhere: the column stays empty.
    None,
}

/// One table with the source of each of its columns.
#[derive(Clone, Debug)]
pub struct Table {
    /// The table as the standard has it.
    pub set: &'static Dataset,
    /// Who fills it.
    pub kind: Kind,
    /// The register each of whose records is a row; none for what is only counted.
    pub register: Option<Arc<RegisterSpec>>,
    /// In the order of the columns.
    pub sources: Vec<Source>,
    /// Which columns come from sealed fields.
    pub sealed: Vec<bool>,
}

/// All 61 in order.
pub fn tables(registers: &Registers) -> Vec<Table> {
    datasets::datasets()
        .iter()
        .map(|set| of(registers, set))
        .collect()
}

/// One by number.
pub fn table(registers: &Registers, no: u8) -> Option<Table> {
    datasets::dataset(no).map(|set| of(registers, set))
}

/// How many columns of the table the register feeds.
fn fed(spec: &RegisterSpec, no: u8) -> usize {
    let feeds = spec.fields.iter().filter_map(datasets::feeds).flatten();
    feeds.filter(|feed| feed.table == no).count()
}

/// Every register that feeds the table, the richest first.
pub fn registers_of(registers: &Registers, no: u8) -> Vec<Arc<RegisterSpec>> {
    let mut found: Vec<_> = registers
        .iter()
        .filter(|spec| fed(spec, no) > 0)
        .cloned()
        .collect();
    found.sort_by_key(|spec| std::cmp::Reverse(fed(spec, no)));
    found
}

fn of(registers: &Registers, set: &'static Dataset) -> Table {
    let register = registers_of(registers, set.no).into_iter().next();
    let kind = match &register {
        None => Kind::Computed,
        Some(spec) if spec.id == machine::register_id(set.no) => Kind::Feed,
        Some(_) => Kind::Native,
    };
    let sources: Vec<Source> = set
        .columns
        .iter()
        .map(|column| source(register.as_deref(), set.no, column))
        .collect();
    let sealed = sources
        .iter()
        .map(|source| is_sealed(registers, register.as_deref(), source))
        .collect();
    Table {
        set,
        kind,
        register,
        sources,
        sealed,
    }
}

fn source(spec: Option<&RegisterSpec>, no: u8, column: &Column) -> Source {
    if let Some(computed) = Computed::of(no, &column.name) {
        return Source::Computed(computed);
    }
    let fields = spec
        .map(|spec| spec.fields.iter().enumerate())
        .into_iter()
        .flatten();
    for (at, field) in fields {
        let feeds = datasets::feeds(field).unwrap_or_default();
        if let Some(feed) = feeds
            .into_iter()
            .find(|feed| feed.table == no && feed.column == column.name)
        {
            return Source::Field {
                at,
                through: feed.through,
            };
        }
    }
    Source::None
}

fn is_sealed(registers: &Registers, spec: Option<&RegisterSpec>, source: &Source) -> bool {
    let (Some(spec), Source::Field { at, through }) = (spec, source) else {
        return false;
    };
    let field = &spec.fields[*at];
    let beyond = match (&field.kind, through) {
        (FieldKind::Ref(to), Some(name)) => registers.get(to).and_then(|to| to.field(name)),
        _ => None,
    };
    field.sealed || beyond.is_some_and(|field| field.sealed)
}

impl Table {
    /// The source of a column in words: `training_room.number`, `bed_check.student → class`, `computed: now`.
    pub fn words(&self, at: usize) -> Option<String> {
        match (&self.sources[at], &self.register) {
            (Source::Computed(computed), _) => Some(computed.words()),
            (Source::Field { at, through }, Some(spec)) => {
                let name = format!("{}.{}", spec.id, spec.fields[*at].name);
                Some(match through {
                    Some(through) => format!("{name} → {through}"),
                    None => name,
                })
            }
            _ => None,
        }
    }

    /// Whether some column comes from a sealed field.
    pub fn has_sealed(&self) -> bool {
        self.sealed.contains(&true)
    }

    /// What `zhixing datasets --json` says of it.
    pub fn json(&self) -> J {
        let columns = self.set.columns.iter().enumerate().map(|(at, column)| {
            let code = match &self.sources[at] {
                Source::Computed(_) => "computed",
                Source::Field { .. } => self.kind.code(),
                Source::None => "none",
            };
            json!({
                "column": column.name, "name": column.title, "required": column.required, "type": column.kind,
                "length": column.length, "scale": column.scale, "format": column.format,
                "code_set": column.code_set, "kind": code, "source": self.words(at), "sealed": self.sealed[at],
            })
        });
        let register = self.register.as_ref().map(|spec| spec.id.clone());
        let feed = register.as_ref().filter(|_| self.kind == Kind::Feed);
        json!({
            "no": self.set.no, "code": self.set.table, "name": self.set.title, "kind": self.kind.code(),
            "register": register, "columns": columns.collect::<Vec<_>>(),
            "import": feed.map(|id| format!("/api/registers/{id}")),
            "import_page": feed.map(|id| format!("/r/{id}/import")),
            "template": feed.map(|id| format!("/r/{id}/template.xlsx")),
        })
    }
}
