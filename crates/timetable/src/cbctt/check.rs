//! The validator: scores a solution from the rules of the competition alone. It shares nothing with the search.

use super::model::Instance;
use super::solution::Solution;

/// Violations and costs of a solution, one number per rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Score {
    /// Lectures missing, surplus, or two of one course in one period (课时).
    pub lectures: i64,
    /// Pairs of courses of one teacher or curriculum in one period (冲突).
    pub conflicts: i64,
    /// Lectures in a forbidden period (禁排).
    pub availability: i64,
    /// Surplus lectures in one room and period (教室占用).
    pub occupancy: i64,
    /// Students without a seat, weight 1 (教室容量).
    pub capacity: i64,
    /// Days below the minimum, weight 5 (上课天数).
    pub min_days: i64,
    /// Isolated lectures of a curriculum, weight 2 (课程组紧凑).
    pub compactness: i64,
    /// Rooms of a course beyond the first, weight 1 (教室稳定).
    pub stability: i64,
}

impl Score {
    /// Sum of the hard violations.
    pub fn hard(&self) -> i64 {
        self.lectures + self.conflicts + self.availability + self.occupancy
    }

    /// Weighted soft cost.
    pub fn soft(&self) -> i64 {
        self.capacity + 5 * self.min_days + 2 * self.compactness + self.stability
    }
}

/// Scores `solution` by the rules of UD2.
pub fn check(instance: &Instance, solution: &Solution) -> Score {
    let (periods, ppd) = (instance.periods(), instance.periods_per_day);
    let mut score = Score::default();
    let mut held = vec![vec![0i64; periods]; instance.courses.len()];
    let mut used = vec![vec![0i64; periods]; instance.rooms.len()];
    for (c, course) in instance.courses.iter().enumerate() {
        let places = solution.places.get(c).map_or(&[][..], |p| p);
        for p in places {
            held[c][p.period] += 1;
            used[p.room][p.period] += 1;
            score.capacity += i64::from(course.students.saturating_sub(instance.rooms[p.room].seats));
        }
        score.lectures += (course.lectures as i64 - places.len() as i64).abs();
        score.lectures += held[c].iter().map(|&n| (n - 1).max(0)).sum::<i64>();
        let days = held[c]
            .chunks(ppd)
            .filter(|day| day.iter().any(|&n| n > 0))
            .count();
        score.min_days += course.min_days.saturating_sub(days) as i64;
        let mut rooms: Vec<usize> = places.iter().map(|p| p.room).collect();
        rooms.sort_unstable();
        rooms.dedup();
        score.stability += rooms.len().saturating_sub(1) as i64;
    }
    for &(c, p) in &unique(&instance.unavailable) {
        score.availability += held[c][p];
    }
    score.occupancy = used.iter().flatten().map(|&n| (n - 1).max(0)).sum();
    for a in 0..instance.courses.len() {
        for b in a + 1..instance.courses.len() {
            let same_teacher = instance.courses[a].teacher == instance.courses[b].teacher;
            let together = || {
                instance
                    .curricula
                    .iter()
                    .any(|q| q.courses.contains(&a) && q.courses.contains(&b))
            };
            let clashes = (0..periods).filter(|&p| held[a][p] > 0 && held[b][p] > 0).count() as i64;
            if clashes > 0 && (same_teacher || together()) {
                score.conflicts += clashes;
            }
        }
    }
    for q in &instance.curricula {
        let count = |p: usize| q.courses.iter().map(|&c| held[c][p]).sum::<i64>();
        for p in 0..periods {
            let before = p % ppd != 0 && count(p - 1) > 0;
            let after = p % ppd != ppd - 1 && count(p + 1) > 0;
            if !before && !after {
                score.compactness += count(p);
            }
        }
    }
    score
}

fn unique(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut pairs = pairs.to_vec();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}
