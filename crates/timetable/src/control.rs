//! How long a solver may run, how many threads it may use and how it reports: shared by every solver.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// What a solver tells while it runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Time since the start.
    pub elapsed: Duration,
    /// Hard cost of the best so far (硬约束违反).
    pub hard: i64,
    /// Soft cost of the best so far (软约束代价).
    pub soft: i64,
    /// Moves tried so far by the reporting thread.
    pub moves: u64,
}

/// Why a solver stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The time or move budget is used up.
    Finished,
    /// Somebody raised the cancel flag (取消).
    Cancelled,
    /// Nothing is left to improve: cost zero or a proven bound.
    Optimal,
}

/// The budget of a run. With `moves` set the result depends on `seed`, `threads` and `moves` only; with a wall-clock
/// limit it also depends on the machine.
pub struct Control<'a> {
    /// Wall-clock limit.
    pub limit: Duration,
    /// Move budget per thread; makes the run deterministic and switches the wall clock off.
    pub moves: Option<u64>,
    /// Number of threads, at least 1.
    pub threads: usize,
    /// Seed of every random choice.
    pub seed: u64,
    /// Raised by another thread to stop early; the best so far is returned.
    pub cancel: Option<&'a AtomicBool>,
    /// Called when a better solution is found and about twice a second.
    pub progress: Option<&'a (dyn Fn(Progress) + Sync)>,
}

impl<'a> Control<'a> {
    /// A run of `limit` on `threads` threads.
    pub fn timed(limit: Duration, threads: usize, seed: u64) -> Self {
        Control {
            limit,
            moves: None,
            threads: threads.max(1),
            seed,
            cancel: None,
            progress: None,
        }
    }

    /// A deterministic run of `moves` moves per thread.
    pub fn counted(moves: u64, threads: usize, seed: u64) -> Self {
        Control {
            moves: Some(moves),
            ..Control::timed(Duration::MAX, threads, seed)
        }
    }

    /// Has somebody asked to stop?
    pub fn cancelled(&self) -> bool {
        self.cancel.is_some_and(|c| c.load(Ordering::Relaxed))
    }
}

/// Measures which part of a phase is used up, by moves or by wall clock.
pub(crate) struct Meter<'a> {
    control: &'a Control<'a>,
    /// When the whole run started.
    pub started: Instant,
    from: f64,
    span: f64,
    moves_from: u64,
}

impl<'a> Meter<'a> {
    /// A meter over the part `from..to` (shares of the whole budget) of the run that began at `started`.
    pub fn new(control: &'a Control<'a>, started: Instant, from: f64, to: f64) -> Self {
        let moves_from = control.moves.map_or(0, |m| (m as f64 * from) as u64);
        Meter {
            control,
            started,
            from,
            span: (to - from).max(1e-9),
            moves_from,
        }
    }

    /// Share of this phase used up after `moves` moves of it; 1.0 or more means stop.
    pub fn share(&self, moves: u64) -> f64 {
        let whole = match self.control.moves {
            Some(all) => (self.moves_from + moves) as f64 / all.max(1) as f64,
            None => self.started.elapsed().as_secs_f64() / self.control.limit.as_secs_f64().max(1e-9),
        };
        (whole - self.from) / self.span
    }

    /// Reports the best so far.
    pub fn report(&self, hard: i64, soft: i64, moves: u64) {
        if let Some(progress) = self.control.progress {
            progress(Progress {
                elapsed: self.started.elapsed(),
                hard,
                soft,
                moves: self.moves_from + moves,
            });
        }
    }

    /// Has somebody asked to stop?
    pub fn cancelled(&self) -> bool {
        self.control.cancelled()
    }
}
