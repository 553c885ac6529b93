//! The query string of a list: what the pages' forms send, folded into the one form [`ListQuery`] reads.
use crate::app::Scope;
use crate::error::{Error, Result};
use crate::http::escape;
use crate::register::query::ListQuery;
use crate::register::spec::RegisterSpec;
use axum::extract::Query;
use axum::http::Uri;

/// Names and values of a list's address, without empty ones, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Address {
    base: String,
    pairs: Vec<(String, String)>,
}

impl Address {
    /// Reads the address of a request. Two boxes of a range (`f.x.from`, `f.x.to`) become `f.x=low..high`,
    /// the boxes of the column chooser (`col`) become `cols`.
    pub fn read(spec: &RegisterSpec, uri: &Uri) -> Result<Address> {
        let Query(raw) = Query::<Vec<(String, String)>>::try_from_uri(uri)
            .map_err(|_| Error::Bad("网址中的筛选条件无法识别".into()))?;
        let mut address = Address {
            base: format!("/r/{}", spec.id),
            pairs: vec![],
        };
        let mut columns = vec![];
        for (name, value) in raw {
            let value = value.trim();
            if value.is_empty() || name == "done" {
                continue;
            }
            if name == "col" {
                columns.push(value.to_owned());
            } else if let Some(range) = name.strip_suffix(".from").filter(|n| n.starts_with("f.")) {
                address.bound(range, Some(value), None);
            } else if let Some(range) = name.strip_suffix(".to").filter(|n| n.starts_with("f.")) {
                address.bound(range, None, Some(value));
            } else {
                address.pairs.push((name, value.to_owned()));
            }
        }
        if !columns.is_empty() {
            address.pairs.retain(|p| p.0 != "cols");
            address.pairs.push(("cols".into(), columns.join(",")));
        }
        Ok(address)
    }

    fn bound(&mut self, name: &str, low: Option<&str>, high: Option<&str>) {
        let at = match self.pairs.iter().position(|p| p.0 == name) {
            Some(at) => at,
            None => {
                self.pairs.push((name.to_owned(), "..".into()));
                self.pairs.len() - 1
            }
        };
        let (old_low, old_high) = self.pairs[at].1.split_once("..").unwrap_or(("", ""));
        let joined = format!("{}..{}", low.unwrap_or(old_low), high.unwrap_or(old_high));
        self.pairs[at].1 = joined;
    }

    /// The list that is asked for.
    pub fn query(&self, spec: &RegisterSpec, scope: &Scope) -> Result<ListQuery> {
        ListQuery::parse(spec, &self.pairs, scope)
    }

    /// The value under the name, or nothing.
    pub fn get(&self, name: &str) -> &str {
        self.pairs
            .iter()
            .find(|p| p.0 == name)
            .map_or("", |p| p.1.as_str())
    }

    /// All names and values.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// The same list with one name set (an empty value takes it away), from its first page.
    pub fn with(&self, name: &str, value: &str) -> String {
        let mut other = self.clone();
        other.pairs.retain(|p| p.0 != name && p.0 != "page");
        if !value.is_empty() {
            other.pairs.push((name.into(), value.into()));
        }
        other.url("")
    }

    /// The same list under another file of the register, such as `/export.xlsx`.
    pub fn url(&self, file: &str) -> String {
        let query: Vec<String> = self
            .pairs
            .iter()
            .map(|(name, value)| format!("{}={}", escape(name), escape(value)))
            .collect();
        match query.is_empty() {
            true => format!("{}{file}", self.base),
            false => format!("{}{file}?{}", self.base, query.join("&")),
        }
    }

    /// What a form must keep, besides the names it has controls for.
    pub fn hidden(&self, controlled: impl Fn(&str) -> bool) -> Vec<(&str, &str)> {
        self.pairs
            .iter()
            .filter(|(name, _)| name != "page" && !controlled(name))
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }
}
