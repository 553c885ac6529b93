//! A small XML tree with line numbers, for the XHSTT and FET readers.

use crate::ReadError;
use quick_xml::Reader;
use quick_xml::escape::{resolve_predefined_entity, unescape};
use quick_xml::events::{BytesStart, Event};

/// Deeper nesting than any real file has.
const MAX_DEPTH: usize = 64;

/// One element.
#[derive(Debug, Clone, Default)]
pub(crate) struct Node {
    pub name: String,
    pub line: usize,
    pub attributes: Vec<(String, String)>,
    pub text: String,
    pub children: Vec<Node>,
}

impl Node {
    /// Parses a document and returns its root element.
    pub fn parse(text: &str) -> Result<Node, ReadError> {
        let mut reader = Reader::from_str(text);
        let mut lines = LineCount { text, at: 0, line: 1 };
        let mut open: Vec<Node> = vec![Node::default()];
        loop {
            let line = lines.of(reader.buffer_position());
            let wrong = |e: &dyn std::fmt::Display| ReadError::new(line, format!("XML 格式错误：{e}"));
            match reader.read_event() {
                Err(e) => return Err(wrong(&e)),
                Ok(Event::Eof) => break,
                Ok(Event::Start(tag)) => {
                    if open.len() > MAX_DEPTH {
                        return Err(ReadError::new(line, format!("元素嵌套超过 {MAX_DEPTH} 层")));
                    }
                    open.push(element(&tag, line)?);
                }
                Ok(Event::Empty(tag)) => {
                    let node = element(&tag, line)?;
                    if let Some(parent) = open.last_mut() {
                        parent.children.push(node);
                    }
                }
                Ok(Event::End(_)) => {
                    if let (Some(node), true) = (open.pop(), !open.is_empty())
                        && let Some(parent) = open.last_mut()
                    {
                        parent.children.push(node);
                    }
                }
                Ok(Event::Text(t)) => push_text(&mut open, &t),
                Ok(Event::CData(t)) => push_text(&mut open, &t),
                Ok(Event::GeneralRef(r)) => {
                    let named = r.to_string();
                    let char = r.resolve_char_ref().map_err(|e| wrong(&e))?;
                    match (char, resolve_predefined_entity(&named)) {
                        (Some(c), _) => push_text(&mut open, c.encode_utf8(&mut [0; 4])),
                        (None, Some(s)) => push_text(&mut open, s),
                        _ => return Err(ReadError::new(line, format!("未知实体“&{named};”"))),
                    }
                }
                Ok(_) => {}
            }
        }
        if open.len() != 1 {
            let (line, name) = open.last().map_or((0, ""), |n| (n.line, n.name.as_str()));
            return Err(ReadError::new(line, format!("元素“{name}”没有结束")));
        }
        let root = open
            .pop()
            .and_then(|mut top| (!top.children.is_empty()).then(|| top.children.swap_remove(0)));
        root.ok_or_else(|| ReadError::new(0, "文件中没有 XML 元素"))
    }

    /// The first child of this name.
    pub fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|c| c.name == name)
    }

    /// All elements reached by a path of names such as `Events/Event`.
    pub fn all<'a>(&'a self, path: &str) -> Vec<&'a Node> {
        let mut level = vec![self];
        for name in path.split('/') {
            level = level
                .iter()
                .flat_map(|n| n.children.iter().filter(|c| c.name == name))
                .collect();
        }
        level
    }

    /// The child of this name, or an error on this element's line.
    pub fn need(&self, name: &str) -> Result<&Node, ReadError> {
        self.child(name)
            .ok_or_else(|| self.wrong(format!("元素“{}”缺少“{name}”", self.name)))
    }

    /// The trimmed text of the child of this name.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|c| c.text.trim())
    }

    /// This element's text as a number.
    pub fn number<N: std::str::FromStr>(&self) -> Result<N, ReadError> {
        let text = self.text.trim();
        text.parse()
            .map_err(|_| self.wrong(format!("“{}”应为整数，读到“{text}”", self.name)))
    }

    /// The child's text as a number, if there is such a child.
    pub fn number_of<N: std::str::FromStr>(&self, name: &str) -> Result<Option<N>, ReadError> {
        self.child(name).map(Node::number).transpose()
    }

    /// An attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    /// An error on this element's line.
    pub fn wrong(&self, cause: impl Into<String>) -> ReadError {
        ReadError::new(self.line, cause)
    }
}

fn push_text(open: &mut [Node], text: &str) {
    if let Some(node) = open.last_mut() {
        node.text.push_str(text);
    }
}

fn element(tag: &BytesStart, line: usize) -> Result<Node, ReadError> {
    let wrong = |e: &dyn std::fmt::Display| ReadError::new(line, format!("XML 格式错误：{e}"));
    let name = tag.name().as_ref().to_string();
    let mut attributes = Vec::new();
    for a in tag.attributes() {
        let a = a.map_err(|e| wrong(&e))?;
        let value = unescape(&a.value).map_err(|e| wrong(&e))?.into_owned();
        attributes.push((a.key.as_ref().to_string(), value));
    }
    Ok(Node {
        name,
        line,
        attributes,
        text: String::new(),
        children: Vec::new(),
    })
}

/// Counts lines up to a growing position.
struct LineCount<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl LineCount<'_> {
    fn of(&mut self, position: u64) -> usize {
        let to = (position as usize).min(self.text.len());
        let bytes = self.text.as_bytes();
        self.line += bytes[self.at.min(to)..to].iter().filter(|&&b| b == b'\n').count();
        self.at = to;
        self.line
    }
}

/// `text` with the five reserved characters escaped.
pub(crate) fn escape(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tree_keeps_lines_text_and_attributes() {
        let root =
            Node::parse("<?xml version=\"1.0\"?>\n<a x=\"1&amp;2\">\n <b>p&lt;q&#65;</b>\n <b/>\n</a>")
                .unwrap();
        assert_eq!((root.line, root.attribute("x")), (2, Some("1&2")));
        let b = root.all("b");
        assert_eq!(
            (b.len(), b[0].line, b[0].text.as_str(), b[1].line),
            (2, 3, "p<qA", 4)
        );
    }

    #[test]
    fn broken_documents_name_the_line() {
        for (text, line) in [
            ("<a>\n<b>\n</a>", 3),
            ("<a>\n<b>", 2),
            ("", 0),
            ("<a>\n&nosuch;</a>", 2),
            ("<a x=1></a>", 1),
        ] {
            assert_eq!(Node::parse(text).expect_err(text).line, line, "{text}");
        }
        let deep = "<a>".repeat(1000);
        assert!(Node::parse(&deep).expect_err("depth").cause.contains("嵌套"));
    }
}
