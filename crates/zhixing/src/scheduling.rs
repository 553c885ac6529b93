//! `zhixing timetable`: the solver and the validator on files of the public formats. No database is opened.
use crate::cli::print_out;
use anyhow::{Context, Result, anyhow, bail};
use clap::{Args, Subcommand};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use timetable::file::{Problem, Verdict};
use timetable::{Control, Outcome, Progress};
use tokio::runtime::Runtime;

/// Larger than any public instance with all its published solutions.
const MAX_BYTES: u64 = 256 << 20;

#[derive(Subcommand, Debug)]
pub(crate) enum TimetableCommand {
    /// 求解一个排课实例（CB-CTT .ctt、XHSTT .xml、FET .fet，按内容识别）；Ctrl-C 提前结束并给出最好结果
    Solve(SolveArgs),
    /// 检验一个解：硬、软代价与每条违反的约束
    Check {
        /// 实例文件
        file: PathBuf,
        /// 解文件
        solution: PathBuf,
    },
}

#[derive(Args, Debug)]
pub(crate) struct SolveArgs {
    /// 实例文件
    file: PathBuf,
    /// 求解时间（秒）
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=604_800))]
    seconds: u64,
    /// 线程数；默认为处理器核数
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    /// 随机种子
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// 把解写入此文件
    #[arg(long)]
    out: Option<PathBuf>,
}

/// Carries out one of the commands.
pub(crate) fn run(command: TimetableCommand, runtime: &Runtime) -> Result<()> {
    match command {
        TimetableCommand::Solve(args) => solve(&args, runtime),
        TimetableCommand::Check { file, solution } => check(&file, &solution),
    }
}

fn solve(args: &SolveArgs, runtime: &Runtime) -> Result<()> {
    let problem = read(&args.file)?;
    if let Some(out) = &args.out {
        // Better to learn it now than when the search is over.
        std::fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(out)
            .with_context(|| format!("不能写入 {}", out.display()))?;
    }
    let threads = args.threads.map_or_else(
        || std::thread::available_parallelism().map_or(1, usize::from),
        usize::from,
    );
    let stop = Arc::new(AtomicBool::new(false));
    runtime.spawn(raise_when_stopped(Arc::clone(&stop)));
    let teller = Teller::default();
    let tell = |progress| teller.tell(progress);
    let control = Control {
        cancel: Some(&stop),
        progress: Some(&tell),
        ..Control::timed(Duration::from_secs(args.seconds), threads, args.seed)
    };
    eprintln!(
        "{} 实例，{} 秒，{threads} 个线程，种子 {}",
        problem.format(),
        args.seconds,
        args.seed
    );
    let started = Instant::now();
    let answer = problem.solve(false, &control);
    let mut text = format!("格式：{}\n", problem.format());
    let why = match answer.outcome {
        Outcome::Finished => "时间用完",
        Outcome::Cancelled => "提前中止，以下是中止前的最好结果",
        Outcome::Optimal => "没有可再改进的，提前结束",
    };
    writeln!(
        text,
        "结束：{why}；用时 {:.1} 秒，尝试 {} 步",
        started.elapsed().as_secs_f64(),
        answer.moves
    )?;
    if let Some(out) = &args.out {
        std::fs::write(out, &answer.text).with_context(|| format!("不能写入 {}", out.display()))?;
        writeln!(text, "解已写入：{}", out.display())?;
    }
    describe(&mut text, &answer.verdict)?;
    print_out(&text)
}

fn check(file: &Path, solution: &Path) -> Result<()> {
    let problem = read(file)?;
    let verdicts = problem
        .check(&text_of(solution)?)
        .with_context(|| format!("解文件 {} 有误", solution.display()))?;
    let mut text = format!("格式：{}\n", problem.format());
    for (at, verdict) in verdicts.iter().enumerate() {
        if verdicts.len() > 1 {
            writeln!(text, "\n第 {} 个解", at + 1)?;
        }
        describe(&mut text, verdict)?;
    }
    print_out(&text)
}

/// The costs in words, then on a line of their own for a program.
fn describe(text: &mut String, verdict: &Verdict) -> Result<()> {
    let usable = match verdict.hard {
        0 => "，可用",
        _ => "，不可用",
    };
    writeln!(text, "硬约束违反：{}{usable}", verdict.hard)?;
    writeln!(text, "软约束代价：{}", verdict.soft)?;
    for (name, cost) in &verdict.costs {
        writeln!(text, "  {name}：{cost}")?;
    }
    writeln!(text, "hard={} soft={}", verdict.hard, verdict.soft)?;
    Ok(())
}

fn read(file: &Path) -> Result<Problem> {
    Problem::read(&text_of(file)?).with_context(|| format!("实例文件 {} 有误", file.display()))
}

/// The text of a file, refused with the line where it is none.
fn text_of(file: &Path) -> Result<String> {
    let unreadable = || format!("打不开文件 {}", file.display());
    if std::fs::metadata(file).with_context(unreadable)?.len() > MAX_BYTES {
        bail!("文件 {} 超过 256 MB，不像一个排课文件", file.display());
    }
    let bytes = std::fs::read(file).with_context(unreadable)?;
    String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + good.iter().filter(|&&byte| byte == b'\n').count();
        anyhow!("文件 {} 有误: 第 {line} 行：不是 UTF-8 文本", file.display())
    })
}

/// Raises the flag at the first Ctrl-C; a second one ends the program at once.
async fn raise_when_stopped(stop: Arc<AtomicBool>) {
    crate::serve::stopped().await;
    stop.store(true, Ordering::Relaxed);
    eprintln!("正在中止……再按一次 Ctrl-C 立即退出，不保存");
    crate::serve::stopped().await;
    std::process::exit(130);
}

/// Tells on standard error how far the search is: what got better, at most once a second, and a sign of life.
#[derive(Default)]
struct Teller(Mutex<Option<(Duration, i64, i64)>>);

impl Teller {
    fn tell(&self, now: Progress) {
        let mut told = self.0.lock().expect("nothing panics while telling");
        let due = told.is_none_or(|(at, hard, soft)| {
            let better = (now.hard, now.soft) < (hard, soft);
            now.elapsed >= at + Duration::from_secs(if better { 1 } else { 10 })
        });
        if !due {
            return;
        }
        // Each thread reports its own best.
        let own = (now.hard, now.soft);
        let best = told.map_or(own, |(_, hard, soft)| own.min((hard, soft)));
        *told = Some((now.elapsed, best.0, best.1));
        eprintln!(
            "{:>7.1} 秒  硬 {}  软 {}",
            now.elapsed.as_secs_f64(),
            best.0,
            best.1
        );
    }
}
