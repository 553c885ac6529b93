//! Code sets (代码集): closed lists of national or school codes that fields of kind `Code` take values from.
use std::collections::HashMap;

/// A code set with its standard's name.
#[derive(Clone, Debug, serde::Deserialize, serde::Serialize)]
pub struct CodeSet {
    /// Id used by `#[field(code = "…")]`.
    pub id: String,
    /// Chinese title.
    pub title: String,
    /// The standard it comes from.
    pub standard: String,
    /// `(code, name)` in the standard's order.
    pub items: Vec<(String, String)>,
}

impl CodeSet {
    /// The name of a code.
    pub fn name(&self, code: &str) -> Option<&str> {
        self.items
            .iter()
            .find(|item| item.0 == code)
            .map(|item| item.1.as_str())
    }

    /// The code written as a code or as a name.
    pub fn code(&self, text: &str) -> Option<&str> {
        self.items
            .iter()
            .find(|item| item.0 == text || item.1 == text)
            .map(|item| item.0.as_str())
    }
}

/// All code sets of an installation by id.
#[derive(Clone, Debug, Default)]
pub struct Codes(HashMap<String, CodeSet>);

impl Codes {
    /// From a list of sets.
    pub fn new(sets: Vec<CodeSet>) -> Codes {
        Codes(sets.into_iter().map(|set| (set.id.clone(), set)).collect())
    }

    /// A set by id.
    pub fn get(&self, id: &str) -> Option<&CodeSet> {
        self.0.get(id)
    }

    /// All sets, by title.
    pub fn iter(&self) -> impl Iterator<Item = &CodeSet> {
        let mut sets: Vec<&CodeSet> = self.0.values().collect();
        sets.sort_by(|a, b| a.title.cmp(&b.title));
        sets.into_iter()
    }
}
