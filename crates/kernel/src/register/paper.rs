//! Forms handed over on paper (打印表单): a check sheet, a certificate, an agreement page, a door list.
//!
//! Texts hold `{field}` for a field of the record as people read it, and `{school}`, `{today}` (2026年11月23日),
//! `{state}`, `{label}`.
use super::spec::RegisterSpec;

/// How the page looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// A4 upright, title, parts in order.
    Sheet,
    /// A4 across, framed, large text in the middle, the school and the date at the foot.
    Certificate,
    /// The list as filtered, one row a record (签到表, 门贴).
    List,
}

/// A part of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A small heading.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// Labels and values of these fields, two pairs a line; long texts take a line of their own.
    Fields(Vec<String>),
    /// Empty lines to sign on: 家长（签字）, 学校（盖章）.
    Signatures(Vec<String>),
    /// The steps taken, each under the heading it signs for, with name, time and note.
    Approvals,
}

/// A form of a register.
#[derive(Clone, Debug)]
pub struct PaperForm {
    /// Part of the address.
    pub id: String,
    /// Title on the button and on top of the page.
    pub title: String,
    /// Layout.
    pub layout: Layout,
    /// Parts, for sheets and certificates.
    pub parts: Vec<Part>,
    /// Fields that are columns, for lists.
    pub columns: Vec<String>,
    /// Headings of empty columns after them, for lists: 签名, 备注.
    pub blanks: Vec<String>,
    /// A new page for each value of this field, for lists.
    pub by: Option<String>,
    /// Offered only in these states; in all when empty.
    pub states: Vec<String>,
}

fn form(id: &str, title: &str, layout: Layout) -> PaperForm {
    PaperForm {
        id: id.into(),
        title: title.into(),
        layout,
        parts: vec![],
        columns: vec![],
        blanks: vec![],
        by: None,
        states: vec![],
    }
}

/// A sheet about one record: `sheet("agreement", "岗位实习协议签署页")`.
pub fn sheet(id: &str, title: &str) -> PaperForm {
    form(id, title, Layout::Sheet)
}

/// A certificate with this text in its middle.
pub fn certificate(id: &str, title: &str, text: &str) -> PaperForm {
    form(id, title, Layout::Certificate).text(text)
}

/// The list on paper with these columns and empty columns to write in.
pub fn list_form(id: &str, title: &str, columns: &[&str], blanks: &[&str]) -> PaperForm {
    PaperForm {
        columns: columns.iter().map(|c| (*c).into()).collect(),
        blanks: blanks.iter().map(|c| (*c).into()).collect(),
        ..form(id, title, Layout::List)
    }
}

impl PaperForm {
    fn part(mut self, part: Part) -> PaperForm {
        self.parts.push(part);
        self
    }

    /// Adds a small heading.
    pub fn heading(self, text: &str) -> PaperForm {
        self.part(Part::Heading(text.into()))
    }

    /// Adds a paragraph.
    pub fn text(self, text: &str) -> PaperForm {
        self.part(Part::Text(text.into()))
    }

    /// Adds a table of labels and values.
    pub fn fields(self, fields: &[&str]) -> PaperForm {
        self.part(Part::Fields(fields.iter().map(|f| (*f).into()).collect()))
    }

    /// Adds lines to sign on.
    pub fn signatures(self, who: &[&str]) -> PaperForm {
        self.part(Part::Signatures(who.iter().map(|w| (*w).into()).collect()))
    }

    /// Adds the approvals taken.
    pub fn approvals(self) -> PaperForm {
        self.part(Part::Approvals)
    }

    /// Starts a new page for each value of the field.
    pub fn by(mut self, field: &str) -> PaperForm {
        self.by = Some(field.into());
        self
    }

    /// Offers it only in these states.
    pub fn in_states(mut self, states: &[&str]) -> PaperForm {
        self.states = states.iter().map(|s| (*s).into()).collect();
        self
    }

    /// The names between braces in a text.
    pub fn names(text: &str) -> impl Iterator<Item = &str> {
        text.split('{')
            .skip(1)
            .filter_map(|rest| Some(rest.split_once('}')?.0))
    }

    /// Checks that it names fields and states that exist.
    ///
    /// # Panics
    /// When it does not: a mistake of the programmer.
    pub fn assert_sound(&self, spec: &RegisterSpec) {
        let known = |name: &str| spec.index(name).is_some();
        let free = |name: &str| ["school", "today", "state", "label"].contains(&name) || known(name);
        for part in &self.parts {
            let right = match part {
                Part::Heading(text) | Part::Text(text) => PaperForm::names(text).all(free),
                Part::Fields(fields) => fields.iter().all(|f| known(f)),
                Part::Signatures(_) | Part::Approvals => true,
            };
            assert!(
                right,
                "{}: the form {} names a field that is not there",
                spec.id, self.id
            );
        }
        let columns = self.columns.iter().chain(&self.by);
        for name in columns {
            assert!(
                known(name),
                "{}: the form {} has no field {name}",
                spec.id,
                self.id
            );
        }
        for state in &self.states {
            assert!(
                spec.flow.states.iter().any(|s| &s.name == state),
                "{}: the form {} names no state {state}",
                spec.id,
                self.id
            );
        }
    }
}
