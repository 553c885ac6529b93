//! Polish of the rooms alone: per period a minimum-cost assignment (Hungarian method), given all other periods.

use super::kernel::State;

/// Re-assigns rooms period by period until nothing improves. Never worsens the cost.
pub(super) fn polish<const W: usize>(state: &mut State<'_, W>) {
    let (periods, rooms) = (state.tables.periods, state.tables.rooms);
    let mut improved = true;
    while improved {
        improved = false;
        for p in 0..periods {
            let lectures: Vec<usize> = (0..rooms).filter_map(|r| state.holder(p * rooms + r)).collect();
            if lectures.is_empty() {
                continue;
            }
            let cost = |l: usize, r: usize| {
                let c = state.course(l);
                let elsewhere = state.in_room(c, r) - u8::from(state.slot_of(l) == p * rooms + r);
                i64::from(state.seats_short(c, r)) + i64::from(elsewhere == 0)
            };
            let table: Vec<Vec<i64>> = lectures
                .iter()
                .map(|&l| (0..rooms).map(|r| cost(l, r)).collect())
                .collect();
            let before = state.cost();
            let undo: Vec<(usize, usize)> = lectures.iter().map(|&l| (l, state.slot_of(l))).collect();
            let wanted: Vec<usize> = assign(&table).into_iter().map(|r| p * rooms + r).collect();
            seat(state, &lectures, &wanted);
            if state.cost() < before {
                improved = true;
            } else {
                let (lectures, slots): (Vec<_>, Vec<_>) = undo.into_iter().unzip();
                seat(state, &lectures, &slots);
            }
        }
    }
}

/// Brings each lecture to its slot by moves and swaps within one period.
fn seat<const W: usize>(state: &mut State<'_, W>, lectures: &[usize], slots: &[usize]) {
    for (&lecture, &slot) in lectures.iter().zip(slots) {
        if state.slot_of(lecture) != slot {
            let m = state.to(lecture, slot);
            let same_course = state
                .holder(slot)
                .is_some_and(|o| state.course(o) == state.course(lecture));
            let delta = if same_course {
                (0, 0)
            } else {
                state.delta(m, f64::INFINITY).unwrap_or((0, 0))
            };
            state.apply(m, delta);
        }
    }
}

/// Minimum-cost assignment of rows to columns (rows ≤ columns): the column of each row.
pub(crate) fn assign(cost: &[Vec<i64>]) -> Vec<usize> {
    let (n, m) = (cost.len(), cost[0].len());
    let (mut u, mut v) = (vec![0i64; n + 1], vec![0i64; m + 1]);
    let (mut row_of, mut way) = (vec![0usize; m + 1], vec![0usize; m + 1]);
    for i in 1..=n {
        row_of[0] = i;
        let mut column = 0;
        let mut least = vec![i64::MAX; m + 1];
        let mut used = vec![false; m + 1];
        loop {
            used[column] = true;
            let row = row_of[column];
            let (mut step, mut next) = (i64::MAX, 0);
            for j in 1..=m {
                if used[j] {
                    continue;
                }
                let reduced = cost[row - 1][j - 1] - u[row] - v[j];
                if reduced < least[j] {
                    least[j] = reduced;
                    way[j] = column;
                }
                if least[j] < step {
                    step = least[j];
                    next = j;
                }
            }
            for j in 0..=m {
                if used[j] {
                    u[row_of[j]] += step;
                    v[j] -= step;
                } else {
                    least[j] -= step;
                }
            }
            column = next;
            if row_of[column] == 0 {
                break;
            }
        }
        while column != 0 {
            row_of[column] = row_of[way[column]];
            column = way[column];
        }
    }
    let mut columns = vec![0; n];
    for j in 1..=m {
        if row_of[j] > 0 {
            columns[row_of[j] - 1] = j - 1;
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::assign;

    #[test]
    fn assignment_is_cheapest_of_all_permutations() {
        let cost = vec![vec![4, 1, 3, 9], vec![2, 0, 5, 8], vec![3, 2, 2, 7]];
        let chosen = assign(&cost);
        let total: i64 = chosen.iter().enumerate().map(|(i, &j)| cost[i][j]).sum();
        let mut best = i64::MAX;
        for a in 0..4 {
            for b in (0..4).filter(|&b| b != a) {
                for c in (0..4).filter(|&c| c != a && c != b) {
                    best = best.min(cost[0][a] + cost[1][b] + cost[2][c]);
                }
            }
        }
        assert_eq!(total, best);
    }
}
