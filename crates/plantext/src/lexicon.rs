//! The words the grammar knows (词表), in one place, found in one pass.
//!
//! A [`Class`] is a role a word plays in a sentence. [`Marks`] holds every occurrence of every
//! listed word, so that a rule may ask "is there a past cue in this clause" in the time it takes
//! to look at the clause. What is *not* a commitment (structure counts, named programmes) is
//! listed here too, so that a school's odd phrase is one line away from being understood.

use crate::view::View;
use std::collections::HashMap;
use std::sync::OnceLock;

/// The role of a listed word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Looks forward: 力争, 确保, 将.
    Goal,
    /// Looks forward even in a summary: 力争, 下一步.
    Aim,
    /// Looks back: 以来, 去年, 荣获.
    Past,
    /// States what exists: 现有, 占地.
    State,
    /// Work that yields countable things: 开发, 培养, 建设.
    Work,
    /// A count of the plan's own structure follows: 方面, 目标, 工程.
    Structure,
    /// Things a school counts even with 一、两: 一等奖, 课题, 实训室.
    Countable,
    /// Background before a number: 围绕, 依托.
    Background,
    /// A comparison value follows: 全省平均, 标准为.
    Compared,
    /// An event that does not happen twice in a goal: 事故, 事件.
    Mishap,
    /// Things a school has rather than plans: 在校生, 教学班.
    Stock,
    /// Words of plan writing, to tell a plan from other text.
    PlanWord,
}

/// The lists: `[Class]`, then words; `#` begins a comment.
const WORDS: &str = include_str!("lexicon.txt");

impl Class {
    const NAMED: [(&'static str, Self); 12] = [
        ("Goal", Self::Goal),
        ("Aim", Self::Aim),
        ("Past", Self::Past),
        ("State", Self::State),
        ("Work", Self::Work),
        ("Structure", Self::Structure),
        ("Countable", Self::Countable),
        ("Background", Self::Background),
        ("Compared", Self::Compared),
        ("Mishap", Self::Mishap),
        ("Stock", Self::Stock),
        ("PlanWord", Self::PlanWord),
    ];

    fn of(name: &str) -> Option<Self> {
        Self::NAMED.iter().find(|n| n.0 == name).map(|n| n.1)
    }
}

/// Every word with its class.
fn words() -> impl Iterator<Item = (Class, &'static str)> {
    let mut class = None;
    WORDS
        .lines()
        .filter(|l| !l.starts_with('#'))
        .flat_map(move |line| {
            let head = line.strip_prefix('[').and_then(|l| l.strip_suffix(']'));
            class = head.and_then(Class::of).or(class);
            let listed = if head.is_some() { "" } else { line };
            let class = class;
            listed
                .split_whitespace()
                .filter_map(move |word| class.map(|c| (c, word)))
        })
}

/// One occurrence of a listed word in the view.
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    /// First view index.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// Its role.
    pub class: Class,
}

#[derive(Default)]
struct Node {
    next: HashMap<char, u32>,
    classes: Vec<Class>,
}

/// The trie over all words, built once.
struct Trie(Vec<Node>);

impl Trie {
    fn build() -> Self {
        let mut nodes = vec![Node::default()];
        for (class, word) in words() {
            let mut at = 0;
            for c in word.chars() {
                at = match nodes[at].next.get(&c) {
                    Some(&n) => n as usize,
                    None => {
                        nodes.push(Node::default());
                        let n = nodes.len() - 1;
                        nodes[at].next.insert(c, n as u32);
                        n
                    }
                };
            }
            nodes[at].classes.push(class);
        }
        Self(nodes)
    }

    fn get() -> &'static Self {
        static TRIE: OnceLock<Trie> = OnceLock::new();
        TRIE.get_or_init(Self::build)
    }
}

/// Every listed word of a text, ordered by start.
pub struct Marks(Vec<Mark>);

impl Marks {
    /// Finds every listed word in one pass.
    pub fn of(view: &View) -> Self {
        let trie = &Trie::get().0;
        let mut marks = Vec::new();
        for i in 0..view.len() {
            let (mut at, mut j) = (0usize, i);
            while let Some(&n) = view.ch.get(j).and_then(|c| trie[at].next.get(c)) {
                at = n as usize;
                j += 1;
                for &class in &trie[at].classes {
                    marks.push(Mark {
                        start: i as u32,
                        end: j as u32,
                        class,
                    });
                }
            }
        }
        Self(marks)
    }

    /// The marks of `class` that lie inside `from..to`.
    pub fn within(&self, from: usize, to: usize, class: Class) -> impl Iterator<Item = Mark> + '_ {
        let first = self.0.partition_point(|m| (m.start as usize) < from);
        self.0[first..]
            .iter()
            .take_while(move |m| (m.start as usize) < to)
            .filter(move |m| m.class == class && m.end as usize <= to)
            .copied()
    }

    /// Whether a word of `class` lies inside `from..to`.
    pub fn has(&self, from: usize, to: usize, class: Class) -> bool {
        self.within(from, to, class).next().is_some()
    }

    /// Whether a word of `class` starts at `i`.
    pub fn at(&self, i: usize, class: Class) -> bool {
        self.0[self.0.partition_point(|m| (m.start as usize) < i)..]
            .iter()
            .take_while(|m| m.start as usize == i)
            .any(|m| m.class == class)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_has_words() {
        for (name, class) in Class::NAMED {
            assert!(words().any(|w| w.0 == class), "{name}");
        }
        assert!(words().all(|w| !w.1.contains('[')));
    }

    #[test]
    fn finds_overlapping_words_inside_a_range_only() {
        let view = View::new("去年已经开展比赛，明年力争获奖");
        let marks = Marks::of(&view);
        assert!(marks.has(0, 8, Class::Past));
        assert!(!marks.has(0, 8, Class::Goal));
        assert!(marks.has(9, view.len(), Class::Goal));
        assert!(marks.at(4, Class::Work));
    }
}
