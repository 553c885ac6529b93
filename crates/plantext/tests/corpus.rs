//! The reader against labelled texts: our own corpus, and the shared seeds where they are at hand.

use plantext::{Commitment, Kind};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Hits, predictions and labels of one kind.
type Tally = BTreeMap<&'static str, [usize; 3]>;

const KINDS: [(&str, Kind); 5] = [
    ("target", Kind::Target),
    ("result", Kind::Result),
    ("duty", Kind::Duty),
    ("vague-duty", Kind::VagueDuty),
    ("task", Kind::Task),
];

fn kind_of(label: &Value) -> Option<(&'static str, Kind)> {
    KINDS.into_iter().find(|k| label["kind"] == k.0)
}

fn overlaps(label: &Value, c: &Commitment) -> bool {
    let at = |name: &str| label[name].as_u64().unwrap_or(0) as usize;
    at("end").min(c.end) > at("start").max(c.start)
}

fn matches(label: &Value, c: &Commitment) -> bool {
    let Some((_, kind)) = kind_of(label) else {
        return false;
    };
    if kind != c.kind || !overlaps(label, c) {
        return false;
    }
    let text = |v: &Value| v.as_str().unwrap_or("").to_string();
    match kind {
        Kind::Target | Kind::Result => {
            let op = serde_json::to_value(c.op).unwrap_or(Value::Null);
            label["value"]
                .as_f64()
                .zip(c.value)
                .is_some_and(|(a, b)| (a - b).abs() < 1e-9)
                && text(&label["unit"]) == c.unit.clone().unwrap_or_default()
                && label["op"] == op
        }
        Kind::Duty => {
            let every = serde_json::to_value(c.every).unwrap_or(Value::Null);
            label["times"].as_u64() == c.times.map(u64::from) && label["every"] == every
        }
        Kind::Task => label["due"].as_str() == c.due.as_deref(),
        Kind::VagueDuty => true,
    }
}

/// Scores one labelled text as the shared scorer does; returns what went wrong.
fn score(text: &Path, label: &Path, tally: &mut Tally) -> Vec<String> {
    let bytes = std::fs::read(text).unwrap();
    let name = text.display().to_string();
    let source = plantext::text_of(&bytes, &name).unwrap();
    let document = plantext::read(&source).unwrap();
    let points: Vec<char> = source.chars().collect();
    for c in &document.commitments {
        assert_eq!(
            points[c.start..c.end].iter().collect::<String>(),
            c.quote,
            "{name}"
        );
    }
    let gold: Value = serde_json::from_slice(&std::fs::read(label).unwrap()).unwrap();
    let mut free: Vec<&Commitment> = document.commitments.iter().collect();
    let mut wrong = Vec::new();
    for item in gold["commitments"].as_array().unwrap() {
        let (kind, _) = kind_of(item).unwrap();
        let row = tally.entry(kind).or_default();
        row[2] += 1;
        match free.iter().position(|c| matches(item, c)) {
            Some(n) => {
                free.remove(n);
                row[0] += 1;
                row[1] += 1;
                if kind == "task" && item["items"].is_u64() {
                    free.retain(|c| !matches(item, c));
                }
            }
            None => wrong.push(format!("{name}: missed {item}")),
        }
    }
    let optional = gold["optional"].as_array().cloned().unwrap_or_default();
    for c in free {
        let excused = |o: &Value| kind_of(o).is_some_and(|k| k.1 == c.kind) && overlaps(o, c);
        if optional.iter().any(excused) {
            continue;
        }
        let kind = KINDS.into_iter().find(|k| k.1 == c.kind).unwrap().0;
        tally.entry(kind).or_default()[1] += 1;
        wrong.push(format!("{name}: too much {:?} {}", c.kind, c.quote));
    }
    wrong
}

fn f1(row: &[usize; 3]) -> f64 {
    if row[1] + row[2] == 0 {
        1.0
    } else {
        2.0 * row[0] as f64 / (row[1] + row[2]) as f64
    }
}

fn score_all(texts: &Path, labels: &Path) -> (Tally, Vec<String>) {
    let mut files: Vec<PathBuf> = std::fs::read_dir(labels)
        .unwrap()
        .flatten()
        .map(|e| e.path())
        .filter(|p| p.extension().is_some_and(|x| x == "json"))
        .collect();
    files.sort();
    let mut tally = Tally::new();
    let mut wrong = Vec::new();
    for label in files {
        let name = label.file_stem().unwrap().to_str().unwrap();
        wrong.extend(score(&texts.join(format!("{name}.txt")), &label, &mut tally));
    }
    (tally, wrong)
}

#[test]
fn own_corpus_is_read_as_labelled() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let (tally, wrong) = score_all(&folder, &folder);
    let labels: usize = tally.values().map(|row| row[2]).sum();
    assert!(labels > 300, "the corpus has only {labels} labels");
    for (kind, row) in &tally {
        assert!(f1(row) >= 0.95, "{kind} {row:?}\n{}", wrong.join("\n"));
    }
}

#[test]
fn shared_seeds_are_read_as_labelled() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    if !shared.join("gold").is_dir() {
        eprintln!("skipped: no shared seeds beside the project");
        return;
    }
    let (tally, wrong) = score_all(&shared.join("seeds"), &shared.join("gold"));
    for kind in ["target", "result", "duty"] {
        assert!(
            f1(&tally[kind]) >= 0.95,
            "{kind} {:?}\n{}",
            tally[kind],
            wrong.join("\n")
        );
    }
}
