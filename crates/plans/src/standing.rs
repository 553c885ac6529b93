//! Where a commitment stands: actual against promise, today against due day. Pure.
//!
//! The six states are those people report with; `JHWCQK` of JY/T 1005 names the first two.
//! A number that only grows through the term (人数、次数、覆盖率) is judged by its pace: actual ÷ days gone × days in
//! all. A share that may fall again (整改率、通过率) is judged as it is.
use crate::model::{Commitment, Comparator, Kind};
use chrono::NaiveDate;
use kernel::page::Tone;

kernel::choice!(
    /// State of a commitment (完成情况).
    State {
        Early = "early" "提前完成",
        OnTrack = "on-track" "如期",
        Behind = "behind" "滞后",
        Missed = "missed" "逾期未达",
        Met = "met" "达标",
        NoData = "no-data" "无数据",
    }
);

impl State {
    /// The colour that goes with it.
    pub fn tone(self) -> Tone {
        match self {
            State::Early | State::Met => Tone::Ok,
            State::OnTrack => Tone::Info,
            State::Behind => Tone::Late,
            State::Missed => Tone::Bad,
            State::NoData => Tone::Muted,
        }
    }

    /// Whether somebody has to look at it.
    pub fn is_open(self) -> bool {
        matches!(self, State::Behind | State::Missed)
    }
}

/// The days a commitment runs.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// First day of the term.
    pub from: NaiveDate,
    /// Due day.
    pub due: NaiveDate,
    /// Today.
    pub today: NaiveDate,
}

impl Run {
    fn over(&self) -> bool {
        self.today > self.due
    }

    /// Days gone and days in all, both at least one.
    fn days(&self) -> (i64, i64) {
        let total = (self.due - self.from).num_days().max(0) + 1;
        let gone = (self.today.min(self.due) - self.from).num_days().max(0) + 1;
        (gone.min(total), total)
    }
}

/// Whether the value only grows through the term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// Counts, sums, coverage.
    Growing,
    /// Growing, but never above 100 %.
    GrowingShare,
    /// Shares and rates that may fall again.
    Level,
}

/// What the value will be on the due day at the pace so far, scaled by 100.
pub fn forecast(actual: i64, course: Course, run: Run) -> i64 {
    let (gone, total) = run.days();
    match course {
        Course::Level => actual,
        Course::Growing => actual * total / gone,
        Course::GrowingShare => (actual * total / gone).min(10_000),
    }
}

/// A forecast as people say it: whole things are not forecast in fractions.
pub fn forecast_text(commitment: &Commitment, coming: i64) -> String {
    let unit = commitment.unit.as_deref().unwrap_or("");
    let whole = unit != "%" && commitment.target_scaled.is_some_and(|target| target % 100 == 0);
    let coming = if whole {
        (coming + 50).div_euclid(100) * 100
    } else {
        coming
    };
    format!("{}{unit}", crate::model::plain(coming))
}

/// Where a number stands.
pub fn of_number(commitment: &Commitment, actual: Option<i64>, course: Course, run: Run) -> State {
    let (Some(actual), Some(target)) = (actual, commitment.target_scaled) else {
        return State::NoData;
    };
    let coming = forecast(actual, course, run);
    match commitment.comparator.unwrap_or(Comparator::AtLeast) {
        Comparator::AtLeast | Comparator::Equal => {
            let reached = actual >= target;
            match (reached, run.over()) {
                (true, true) => State::Met,
                (true, false) if course != Course::Level => State::Early,
                (true, false) => State::OnTrack,
                (false, true) => State::Missed,
                (false, false) if coming >= target => State::OnTrack,
                (false, false) => State::Behind,
            }
        }
        Comparator::AtMost => match (actual <= target, run.over()) {
            (true, true) => State::Met,
            (false, true) => State::Missed,
            (true, false) if coming <= target => State::OnTrack,
            _ => State::Behind,
        },
    }
}

/// Where a duty stands: windows closed so far, how many of them are short.
pub fn of_duty(closed: usize, short: usize, run: Run) -> State {
    match (closed, short, run.over()) {
        (0, _, _) => State::NoData,
        (_, 0, true) => State::Met,
        (_, 0, false) => State::OnTrack,
        (_, _, true) => State::Missed,
        (_, _, false) => State::Behind,
    }
}

/// Where a task stands.
pub fn of_task(commitment: &Commitment, today: NaiveDate) -> State {
    debug_assert_eq!(commitment.kind, Kind::Task);
    match (commitment.done_on, commitment.due_on) {
        (Some(done), Some(due)) if done < due => State::Early,
        (Some(done), Some(due)) if done > due => State::Missed,
        (Some(_), _) => State::Met,
        (None, Some(due)) if today > due => State::Missed,
        (None, Some(_)) => State::OnTrack,
        (None, None) => State::NoData,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Binding, Status};
    use kernel::register::field::ChoiceList;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn run(today: &str) -> Run {
        Run {
            from: day("2026-09-01"),
            due: day("2026-12-09"),
            today: day(today),
        }
    }

    fn target(comparator: Comparator, scaled: i64) -> Commitment {
        Commitment {
            id: uuid::Uuid::nil(),
            plan: uuid::Uuid::nil(),
            section: None,
            kind: Kind::Target,
            quote: String::new(),
            start: 0,
            end: 0,
            status: Status::Accepted,
            title: String::new(),
            comparator: Some(comparator),
            target_scaled: Some(scaled),
            max_scaled: None,
            unit: None,
            growth: false,
            times: None,
            every: None,
            interval: 1,
            due_on: None,
            due_text: None,
            binding: Binding::None,
            node: None,
            path: String::new(),
            owner: None,
            done_on: None,
            done_note: None,
            version: 1,
            updated_at: chrono::DateTime::UNIX_EPOCH,
            origin: None,
        }
    }

    #[test]
    fn a_count_is_judged_by_its_pace() {
        let hundred = target(Comparator::AtLeast, 10_000);
        // 100 days in all; on day 50 half is the pace.
        let half = run("2026-10-20");
        assert_eq!(
            of_number(&hundred, Some(50_00), Course::Growing, half),
            State::OnTrack
        );
        assert_eq!(
            of_number(&hundred, Some(49_00), Course::Growing, half),
            State::Behind
        );
        assert_eq!(
            of_number(&hundred, Some(10_000), Course::Growing, half),
            State::Early
        );
        assert_eq!(
            of_number(&hundred, Some(99_00), Course::Growing, run("2026-12-10")),
            State::Missed
        );
        assert_eq!(
            of_number(&hundred, Some(10_000), Course::Growing, run("2026-12-10")),
            State::Met
        );
        assert_eq!(of_number(&hundred, None, Course::Growing, half), State::NoData);
        assert_eq!(forecast(80_00, Course::GrowingShare, half), 10_000);
    }

    #[test]
    fn a_share_is_judged_as_it_is() {
        let rate = target(Comparator::AtLeast, 95_00);
        assert_eq!(
            of_number(&rate, Some(94_99), Course::Level, run("2026-10-20")),
            State::Behind
        );
        assert_eq!(
            of_number(&rate, Some(95_00), Course::Level, run("2026-10-20")),
            State::OnTrack
        );
    }

    #[test]
    fn a_ceiling_is_broken_before_it_is_reached_when_the_pace_says_so() {
        let ceiling = target(Comparator::AtMost, 4_00);
        assert_eq!(
            of_number(&ceiling, Some(1_00), Course::Growing, run("2026-10-20")),
            State::OnTrack
        );
        assert_eq!(
            of_number(&ceiling, Some(3_00), Course::Growing, run("2026-10-20")),
            State::Behind
        );
        assert_eq!(
            of_number(&ceiling, Some(4_00), Course::Growing, run("2026-12-10")),
            State::Met
        );
        assert_eq!(
            of_number(&ceiling, Some(4_01), Course::Level, run("2026-12-10")),
            State::Missed
        );
    }

    #[test]
    fn duties_and_tasks() {
        assert_eq!(of_duty(0, 0, run("2026-09-02")), State::NoData);
        assert_eq!(of_duty(3, 0, run("2026-10-02")), State::OnTrack);
        assert_eq!(of_duty(3, 1, run("2026-10-02")), State::Behind);
        assert_eq!(of_duty(3, 1, run("2026-12-30")), State::Missed);
        let mut task = Commitment {
            kind: Kind::Task,
            due_on: Some(day("2026-11-10")),
            ..target(Comparator::Equal, 0)
        };
        assert_eq!(of_task(&task, day("2026-11-10")), State::OnTrack);
        assert_eq!(of_task(&task, day("2026-11-11")), State::Missed);
        task.done_on = Some(day("2026-11-09"));
        assert_eq!(of_task(&task, day("2026-11-11")).label(), "提前完成");
    }
}
