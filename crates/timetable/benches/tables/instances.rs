//! Public instances: every one below a folder, family by family.

use crate::best_known::BestKnown;
use crate::{Budget, median};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;
use timetable::file::Problem;
use timetable::{Control, Progress};

/// An instance of one family, where it lies.
struct Found {
    family: &'static str,
    file: PathBuf,
    problem: Problem,
}

/// What the seeds of one instance came to.
struct Row {
    /// (hard, soft) of each seed.
    costs: Vec<(i64, i64)>,
    best: Option<(i64, i64)>,
}

impl Row {
    fn median(&self) -> (i64, i64) {
        median(&self.costs)
    }

    /// (ours, best known) of the soft cost, where both break as little.
    fn comparable(&self) -> Option<(i64, i64)> {
        let (own, best) = (self.median(), self.best?);
        (own.0 <= best.0).then_some((own.1, best.1))
    }
}

/// Runs all instances below `folder` and prints a table for each family.
pub fn run(folder: &Path, budget: &Budget) -> Result<(), String> {
    let mut files = Vec::new();
    walk(folder, &mut files).map_err(|error| format!("{}: {error}", folder.display()))?;
    files.sort();
    let mut found: Vec<Found> = Vec::new();
    let mut unreadable = Vec::new();
    for file in files {
        // Tables, scripts and other families lie there too.
        let Some(text) = std::fs::read_to_string(&file).ok().filter(|t| looks_right(t)) else {
            continue;
        };
        match Problem::read(&text) {
            Ok(problem) => found.push(Found {
                family: problem.format(),
                file,
                problem,
            }),
            Err(why) => unreadable.push(format!("- not read: {}: {why}", file.display())),
        }
    }
    if found.is_empty() && unreadable.is_empty() {
        return Err(format!("no instance below {}", folder.display()));
    }
    for family in ["CB-CTT", "XHSTT", "FET"] {
        let own: Vec<&Found> = found.iter().filter(|f| f.family == family).collect();
        if !own.is_empty() {
            table(family, &own, folder, budget)?;
        }
    }
    for line in unreadable {
        println!("{line}");
    }
    Ok(())
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if folder.is_file() {
        files.push(folder.to_owned());
        return Ok(());
    }
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}

/// Does the text begin like a file of one of the families?
fn looks_right(text: &str) -> bool {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let element = |name| start.starts_with('<') && start.contains(name);
    start.starts_with("Name:") || element("<HighSchoolTimetableArchive") || element("<fet ")
}

fn table(family: &str, found: &[&Found], top: &Path, budget: &Budget) -> Result<(), String> {
    println!(
        "\n## {family}: {} s × {} threads, median of {} seeds\n",
        budget.limit.as_secs(),
        budget.threads,
        budget.seeds
    );
    if budget.stop_at_best {
        println!("A run ends as soon as it costs no more than the best known.\n");
    }
    println!("| instance | hard | soft | each seed | best known | gap | s |");
    println!("|---|---:|---:|---|---:|---:|---:|");
    let mut rows = Vec::new();
    let mut columns: Vec<String> = Vec::new();
    for one in found {
        let name = one.file.file_stem().unwrap_or_default().to_string_lossy();
        let mut known = BestKnown::beside(one.file.parent().unwrap_or(top))?;
        if known.column.is_empty() {
            known = BestKnown::beside(top)?;
        }
        let mut costs = Vec::new();
        let mut millis = Vec::new();
        let best = known.of(&name);
        for seed in budget.first..budget.first + budget.seeds {
            let started = Instant::now();
            costs.push(solve(one, budget, seed, best.filter(|_| budget.stop_at_best))?);
            millis.push(started.elapsed().as_millis());
            let (hard, soft) = costs[costs.len() - 1];
            eprintln!("{family} {name} seed {seed}: hard={hard} soft={soft}");
        }
        let row = Row { costs, best };
        let (hard, soft) = row.median();
        let each: Vec<String> = row.costs.iter().map(|&c| pair(c)).collect();
        println!(
            "| {name} | {hard} | {soft} | {} | {} | {} | {:.1} |",
            each.join(" "),
            row.best.map_or("–".into(), pair),
            gap_of(&row),
            median(&millis) as f64 / 1000.0
        );
        if !known.column.is_empty() && !columns.contains(&known.column) {
            columns.push(known.column);
        }
        rows.push(row);
    }
    sums(&rows);
    if !columns.is_empty() {
        println!(
            "\nBest known: column `{}` of best_known.tsv.",
            columns.join("`, `")
        );
    }
    if family == "FET" {
        println!("\nA FET run ends with the first complete timetable, as FET's own does.");
    }
    Ok(())
}

/// One run, cut short once it costs no more than `enough`. What was written must read back and cost what the run said.
fn solve(one: &Found, budget: &Budget, seed: u64, enough: Option<(i64, i64)>) -> Result<(i64, i64), String> {
    let reached = AtomicBool::new(false);
    let watch = |so_far: Progress| {
        if enough.is_some_and(|enough| (so_far.hard, so_far.soft) <= enough) {
            reached.store(true, Ordering::Relaxed);
        }
    };
    let control = Control {
        cancel: Some(&reached),
        progress: Some(&watch),
        ..Control::timed(budget.limit, budget.threads, seed)
    };
    let answer = one.problem.solve(true, &control);
    let read_back = one.problem.check(&answer.text);
    if read_back.as_deref() != Ok(std::slice::from_ref(&answer.verdict)) {
        return Err(format!(
            "{}: the written solution does not cost what the run said: {read_back:?} instead of {:?}",
            one.file.display(),
            answer.verdict
        ));
    }
    Ok((answer.verdict.hard, answer.verdict.soft))
}

fn sums(rows: &[Row]) {
    let own = rows.iter().map(Row::median);
    let (hard, soft) = own.fold((0, 0), |sum, c| (sum.0 + c.0, sum.1 + c.1));
    let known: Vec<(i64, i64)> = rows.iter().filter_map(|r| r.best).collect();
    let best = known.iter().fold((0, 0), |sum, c| (sum.0 + c.0, sum.1 + c.1));
    let compared: Vec<(i64, i64)> = rows.iter().filter_map(Row::comparable).collect();
    let (ours, theirs) = compared.iter().fold((0, 0), |sum, c| (sum.0 + c.0, sum.1 + c.1));
    let (best, difference) = match known.is_empty() {
        true => ("–".into(), "–".into()),
        false => (pair(best), gap(ours, theirs)),
    };
    println!(
        "| **sum of {}** | {hard} | {soft} | | {best} | {difference} | |",
        rows.len()
    );
    let feasible = rows.iter().filter(|r| r.median().0 == 0).count();
    println!("\nNo hard constraint broken: {feasible} of {}.", rows.len());
    if !compared.is_empty() {
        let log: f64 = compared
            .iter()
            .map(|&(own, best)| ((own + 1) as f64 / (best + 1) as f64).ln())
            .sum();
        println!(
            "Gap of the sum and geometric mean of (soft + 1) / (best known + 1) over the {} of {} instances with a best \
             known value that break no more hard constraints than it: {:.3}.",
            compared.len(),
            known.len(),
            (log / compared.len() as f64).exp()
        );
        let large = compared.iter().filter(|(_, best)| *best > 20);
        let gaps: Vec<f64> = large
            .map(|&(own, best)| 100.0 * (own - best) as f64 / best as f64)
            .collect();
        if !gaps.is_empty() {
            println!(
                "Mean gap of the {} with a best known value above 20: {:+.1} %.",
                gaps.len(),
                gaps.iter().sum::<f64>() / gaps.len() as f64
            );
        }
    }
}

fn gap_of(row: &Row) -> String {
    match (row.comparable(), row.best) {
        (Some((own, best)), _) => gap(own, best),
        (None, Some(best)) => format!("hard +{}", row.median().0 - best.0),
        (None, None) => "–".into(),
    }
}

fn gap(own: i64, best: i64) -> String {
    match best {
        0 => format!("{:+}", own - best),
        _ => format!(
            "{:+} ({:+.1} %)",
            own - best,
            100.0 * (own - best) as f64 / best as f64
        ),
    }
}

/// A feasible cost by its soft part only, any other as `hard+soft`.
fn pair((hard, soft): (i64, i64)) -> String {
    match hard {
        0 => soft.to_string(),
        _ => format!("{hard}+{soft}"),
    }
}
