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

/// The budget of a run in use, by moves or by wall clock.
pub(crate) struct Meter<'a> {
    control: &'a Control<'a>,
    started: Instant,
}

impl<'a> Meter<'a> {
    /// A meter of the run that began at `started`.
    pub fn new(control: &'a Control<'a>, started: Instant) -> Self {
        Meter { control, started }
    }

    /// Share of the whole budget used up, by a thread that has tried `moves` moves since the share `from`.
    fn used(&self, from: f64, moves: u64) -> f64 {
        match self.control.moves {
            Some(all) => from + moves as f64 / all.max(1) as f64,
            None => self.started.elapsed().as_secs_f64() / self.control.limit.as_secs_f64().max(1e-9),
        }
    }

    /// Reports the best so far.
    pub fn report(&self, hard: i64, soft: i64, moves: u64) {
        if let Some(progress) = self.control.progress {
            progress(Progress {
                elapsed: self.started.elapsed(),
                hard,
                soft,
                moves,
            });
        }
    }
}

/// The longest that lies between two looks at the clock of a thread that runs; whatever is longer was taken from it.
const LAPSE: Duration = Duration::from_millis(50);

/// How far one thread has come in a run whose phases must all be gone through. Time taken from the thread (a machine
/// that stands still, another program) does not count: what is left of the run is drawn together over the time that is
/// left.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Pace {
    share: f64,
    seen: f64,
}

/// One phase of a run, as one thread goes through it.
pub(crate) struct Phase<'a> {
    meter: &'a Meter<'a>,
    pace: &'a mut Pace,
    /// Shares of the whole run at which it begins and ends.
    span: (f64, f64),
    told: Duration,
}

impl<'a> Phase<'a> {
    /// The phase `span` (shares of the whole run) of the thread with this pace.
    pub fn new(meter: &'a Meter<'a>, pace: &'a mut Pace, span: (f64, f64)) -> Self {
        let told = meter.started.elapsed();
        Phase {
            meter,
            pace,
            span,
            told,
        }
    }

    /// Share of the phase gone through after `moves` moves of it; 1.0 or more means stop.
    pub fn share(&mut self, moves: u64) -> f64 {
        let (from, until) = self.span;
        let control = self.meter.control;
        let now = self.meter.used(from, moves);
        if control.moves.is_some() || now >= 1.0 {
            self.pace.share = now;
        } else {
            let lapse = LAPSE.as_secs_f64() / control.limit.as_secs_f64().max(1e-9);
            self.pace.share = advance(self.pace.share, self.pace.seen, now, lapse);
            self.pace.seen = now.max(self.pace.seen);
        }
        (self.pace.share - from) / (until - from).max(1e-9)
    }

    /// Reports the best so far.
    pub fn report(&self, hard: i64, soft: i64, moves: u64) {
        self.meter.report(hard, soft, moves);
    }

    /// Reports the best so far if half a second has passed since the last time.
    pub fn report_now_and_then(&mut self, hard: i64, soft: i64, moves: u64) {
        let elapsed = self.meter.started.elapsed();
        if elapsed - self.told > Duration::from_millis(500) {
            self.told = elapsed;
            self.report(hard, soft, moves);
        }
    }

    /// Has somebody asked to stop?
    pub fn cancelled(&self) -> bool {
        self.meter.control.cancelled()
    }
}

/// The share of a schedule at `now`, when it was `share` at `seen` and no more than `lapse` of the time between counts.
fn advance(share: f64, seen: f64, now: f64, lapse: f64) -> f64 {
    let used = (now - seen).clamp(0.0, lapse);
    share + (1.0 - share) * used / (1.0 - now + used).max(1e-12)
}

#[cfg(test)]
mod tests {
    use super::advance;

    #[test]
    fn a_schedule_goes_with_the_clock_and_is_drawn_together_after_a_standstill() {
        let mut share = 0.0;
        for step in 1..=50 {
            share = advance(share, f64::from(step - 1) / 100.0, f64::from(step) / 100.0, 0.02);
        }
        assert!((share - 0.5).abs() < 1e-9, "{share}");
        // Thirty hundredths are lost; what was half done is still about half done …
        let after = advance(share, 0.5, 0.8, 0.02);
        assert!((after - 0.5455).abs() < 1e-3, "{after}");
        // … and is done at the end.
        let mut share = after;
        for step in 81..100 {
            share = advance(share, f64::from(step - 1) / 100.0, f64::from(step) / 100.0, 0.02);
        }
        assert!(share > 0.97, "{share}");
    }
}
