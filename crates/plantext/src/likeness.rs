//! How alike a commitment's metric and an indicator's names are (口径匹配).
//!
//! Character bigrams, with school synonyms folded first (占比 and 比例 are 率, 辍学 and 流失 are one),
//! weighted so that a bigram shared by few candidates counts for more.

use std::collections::{HashMap, HashSet};

/// One indicator definition to be ranked.
#[derive(Debug, Clone)]
pub struct Candidate<'a> {
    /// The caller's number for it.
    pub id: usize,
    /// Its title and aliases.
    pub words: &'a [&'a str],
}

const SYNONYMS: &[(&str, &str)] = &[
    ("占比", "率"),
    ("比例", "率"),
    ("比重", "率"),
    ("达标率", "合格率"),
    ("及格率", "合格率"),
    ("通过率", "合格率"),
    ("流失", "辍学"),
    ("教职工", "教师"),
    ("职工", "教师"),
    ("老师", "教师"),
    ("授课", "上课"),
    ("意外伤害事故", "伤害事故"),
    ("发生率", "事故率"),
    ("爆发率", "事故率"),
    ("论文发表", "发表论文"),
    ("双师型", "双师"),
    ("财物", "财产"),
    ("学员", "学生"),
    ("对口就业", "就业对口"),
    ("人数", "人"),
    ("数量", "数"),
];

/// Ranks `candidates` by likeness to `metric`, best first; the score runs from 0 to 1. Unlike ones are left out.
pub fn rank(metric: &str, candidates: &[Candidate<'_>]) -> Vec<(usize, f32)> {
    let names: Vec<Vec<HashSet<String>>> = candidates
        .iter()
        .map(|c| c.words.iter().map(|w| bigrams(w)).collect())
        .collect();
    let mut spread: HashMap<&str, usize> = HashMap::new();
    for words in &names {
        let all: HashSet<&String> = words.iter().flatten().collect();
        for gram in all {
            *spread.entry(gram).or_default() += 1;
        }
    }
    let weight = |gram: &str| 1.0 / (1.0 + (*spread.get(gram).unwrap_or(&0) as f32)).sqrt();
    let wanted = bigrams(metric);
    let total = |set: &HashSet<String>| set.iter().map(|g| weight(g)).sum::<f32>();
    let own = total(&wanted);
    let mut ranked: Vec<(usize, f32)> = candidates
        .iter()
        .zip(&names)
        .filter_map(|(candidate, words)| {
            let best = words
                .iter()
                .map(|word| {
                    let shared: f32 = wanted.intersection(word).map(|g| weight(g)).sum();
                    let sum = own + total(word);
                    if sum > 0.0 { 2.0 * shared / sum } else { 0.0 }
                })
                .fold(0.0, f32::max);
            (best > 0.0).then_some((candidate.id, best))
        })
        .collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    ranked
}

/// The bigrams of a name after folding; a single character counts as itself.
fn bigrams(name: &str) -> HashSet<String> {
    let mut folded: String = name
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    for (from, to) in SYNONYMS {
        if folded.contains(from) {
            folded = folded.replace(from, to);
        }
    }
    let chars: Vec<char> = folded.chars().collect();
    if chars.len() == 1 {
        return HashSet::from([folded]);
    }
    chars.windows(2).map(|w| w.iter().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: &[Candidate<'static>] = &[
        Candidate {
            id: 1,
            words: &["技能等级认定通过率", "中级工合格率"],
        },
        Candidate {
            id: 2,
            words: &["隐患整改率"],
        },
        Candidate {
            id: 3,
            words: &["双师型教师占比", "双师比例"],
        },
        Candidate {
            id: 4,
            words: &["学生意外伤害事故率"],
        },
        Candidate {
            id: 5,
            words: &["家访覆盖率"],
        },
        Candidate {
            id: 6,
            words: &["招生人数", "新生报到数"],
        },
    ];

    #[test]
    fn the_right_indicator_comes_first() {
        for (metric, id) in [
            ("中级工通过率", 1),
            ("“双师型”教师", 3),
            ("学期学生意外伤害事故发生率", 4),
            ("家访率", 5),
            ("新学期招生", 6),
            ("安全隐患整改率", 2),
        ] {
            assert_eq!(rank(metric, NAMES).first().map(|r| r.0), Some(id), "{metric}");
        }
    }

    #[test]
    fn nothing_alike_ranks_nothing_and_scores_are_bounded() {
        assert!(rank("图书册数", NAMES).iter().all(|r| r.1 < 0.3));
        assert!(rank("", NAMES).is_empty());
        let same = rank("隐患整改率", NAMES);
        assert!((same[0].1 - 1.0).abs() < 1e-6);
    }
}
