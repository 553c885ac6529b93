//! Schools of our own generator: how soon a timetable can be used, how good it is after a while, how long a person waits
//! while moving a lesson by hand.

use crate::{Budget, median};
use std::sync::Mutex;
use std::time::{Duration, Instant};
use timetable::Control;
use timetable::school::{self, Board, School, Size, Timetable};

const CLASSES: [usize; 3] = [60, 120, 300];
const ASKED: usize = 100;

/// Runs and prints both tables.
pub fn run(budget: &Budget) {
    println!(
        "\n## Generated schools: {} threads, median of {} seeds\n",
        budget.threads, budget.seeds
    );
    println!("| classes | lessons | blocks | limit, s | feasible | first feasible after, s | hard | soft |");
    println!("|---:|---:|---:|---:|---:|---:|---:|---:|");
    let mut last = Vec::new();
    for classes in CLASSES {
        let school = school::generate(Size { classes }, 1);
        let blocks: usize = school.lessons.iter().map(|l| l.blocks.len()).sum();
        let mut made = None;
        for limit in [budget.limit / 3, budget.limit] {
            let mut costs = Vec::new();
            let mut first: Vec<Option<Duration>> = Vec::new();
            for seed in 1..=budget.seeds {
                let (timetable, cost, feasible) = solve(&school, limit, budget.threads, seed);
                eprintln!(
                    "{classes} classes, {:.1} s, seed {seed}: hard={} soft={}",
                    limit.as_secs_f64(),
                    cost.0,
                    cost.1
                );
                costs.push(cost);
                first.push(feasible);
                made = Some(timetable);
            }
            // Runs that never got there count as the longest.
            let reached: Vec<Duration> = first.iter().map(|f| f.unwrap_or(Duration::MAX)).collect();
            let middle = median(&reached);
            let (hard, soft) = median(&costs);
            println!(
                "| {classes} | {} | {blocks} | {:.1} | {} of {} | {} | {hard} | {soft} |",
                school.lessons.len(),
                limit.as_secs_f64(),
                first.iter().flatten().count(),
                budget.seeds,
                match middle {
                    Duration::MAX => "–".into(),
                    some => format!("{:.1}", some.as_secs_f64()),
                }
            );
        }
        last.extend(made.map(|timetable| (school, timetable)));
    }
    println!(
        "\nThe generator's seed is 1. The clock runs from the call, compiling included; each limit is a run of its own."
    );
    println!("\n## Moving one lesson by hand: {ASKED} lessons of the last timetable, one thread\n");
    println!("| classes | question | p50, ms | p99, ms | most, ms |");
    println!("|---:|---|---:|---:|---:|");
    for (school, timetable) in &last {
        ask(school, timetable);
    }
}

/// The timetable, its cost, and when a first one without a broken hard constraint was there.
fn solve(
    school: &School,
    limit: Duration,
    threads: usize,
    seed: u64,
) -> (Timetable, (i64, i64), Option<Duration>) {
    let started = Instant::now();
    let first = Mutex::new(None);
    let note = |progress: timetable::Progress| {
        if progress.hard == 0 {
            let mut first = first.lock().expect("nothing panics while noting");
            first.get_or_insert_with(|| started.elapsed());
        }
    };
    let control = Control {
        progress: Some(&note),
        ..Control::timed(limit, threads, seed)
    };
    let solved = school::solve(school, None, &[], &control).expect("the generator makes sound schools");
    let end = started.elapsed();
    let cost = (solved.report.hard, solved.report.soft);
    let first = first.into_inner().expect("nothing panics while noting");
    // Without a report in between (a run shorter than half a second) the end is known at least.
    let first = (cost.0 == 0).then(|| first.unwrap_or(end));
    (solved.timetable, cost, first)
}

/// Times both questions on lessons spread over the school.
fn ask(school: &School, timetable: &Timetable) {
    let n = school.lessons.len();
    let asked: Vec<usize> = (0..ASKED.min(n)).map(|i| i * n / ASKED.min(n)).collect();
    let started = Instant::now();
    let board = Board::new(school, timetable);
    std::hint::black_box(board.report());
    let laid_out = started.elapsed();
    let (mut places, mut consequences) = (Vec::new(), Vec::new());
    for (i, &lesson) in asked.iter().enumerate() {
        let started = Instant::now();
        let choices = board.places(lesson, 0);
        places.push(started.elapsed());
        let to = choices.get(i % choices.len().max(1)).map(|c| c.place);
        let started = Instant::now();
        std::hint::black_box(board.consequences(lesson, 0, to));
        consequences.push(started.elapsed());
    }
    let answers = [
        ("`Board::new`, once", vec![laid_out]),
        ("`places`", places),
        ("`consequences`", consequences),
    ];
    for (question, mut times) in answers {
        times.sort_unstable();
        let at = |share: f64| {
            let index = ((times.len() as f64 * share).ceil() as usize).clamp(1, times.len()) - 1;
            times[index].as_secs_f64() * 1000.0
        };
        println!(
            "| {} | {question} | {:.1} | {:.1} | {:.1} |",
            school.classes.len(),
            at(0.5),
            at(0.99),
            at(1.0)
        );
    }
}
