//! Who is told of an outcome besides those it waits for.
use super::flow::Flow;

/// Whom an outcome concerns (告知): see [`Flow::tell`].
#[derive(Clone, Debug)]
pub struct Tell {
    /// The state that is told of.
    pub state: String,
    /// References: the person referred to, or the owner of the record referred to (a class's teacher).
    pub fields: Vec<String>,
    /// Address of the page it leads to; `{field}` stands for a value.
    pub link: String,
}

impl Flow {
    /// When a person's step brings a record to `state`, those whom the references `fields` name are told, with a link
    /// to a page they may open: `.tell("已生效", &["substitute", "class"], "/day?date={on}")`.
    pub fn tell(mut self, state: &str, fields: &[&str], link: &str) -> Flow {
        self.tells.push(Tell {
            state: state.into(),
            fields: fields.iter().map(|field| (*field).into()).collect(),
            link: link.into(),
        });
        self
    }
}
