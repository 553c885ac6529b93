//! Sets of times as bit masks, and lists of such sets (the days of a week, the morning bands …).

/// A set of times.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Mask(pub Vec<u64>);

impl Mask {
    /// The set holding `times`, of a universe of `n` times.
    pub fn of(n: usize, times: impl IntoIterator<Item = usize>) -> Self {
        let mut words = vec![0u64; n.div_ceil(64).max(1)];
        for t in times {
            words[t / 64] |= 1 << (t % 64);
        }
        Mask(words)
    }

    /// Is `t` in the set?
    #[inline]
    pub fn has(&self, t: usize) -> bool {
        self.0[t / 64] >> (t % 64) & 1 == 1
    }

    /// How many of `busy` are in the set.
    #[inline]
    pub fn common(&self, busy: &[u64]) -> i64 {
        self.0
            .iter()
            .zip(busy)
            .map(|(a, b)| i64::from((a & b).count_ones()))
            .sum()
    }
}

/// A list of sets of times with, for every time, the sets it is in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Shape {
    /// The sets.
    pub groups: Vec<Mask>,
    /// Sets holding each time.
    pub at: Vec<Vec<u16>>,
    /// The sets in one list, where all times fit one word; else empty.
    pub words: Vec<u64>,
}

impl Shape {
    /// The shape of `groups` over `n` times.
    pub fn new(n: usize, groups: Vec<Mask>) -> Self {
        let at = (0..n)
            .map(|t| {
                (0..groups.len())
                    .filter(|&g| groups[g].has(t))
                    .map(|g| g as u16)
                    .collect()
            })
            .collect();
        let words = if n <= 64 {
            groups.iter().map(|g| g.0[0]).collect()
        } else {
            Vec::new()
        };
        Shape { groups, at, words }
    }
}

/// The same where all times fit one word.
#[inline]
pub(super) fn idle_in_word(mask: u64, row: u64) -> i64 {
    let on = mask & row;
    if on == 0 {
        return 0;
    }
    let span = (u64::MAX << on.trailing_zeros()) & (u64::MAX >> on.leading_zeros());
    let gaps = mask & span & !row;
    if gaps == 0 {
        0
    } else {
        i64::from(gaps.count_ones())
    }
}

/// Times of `group` that lie between its first and last busy one and are not busy themselves.
#[inline]
pub(super) fn idle(group: &Mask, busy: &[u64]) -> i64 {
    if let ([mask], [row]) = (&group.0[..], busy) {
        return idle_in_word(*mask, *row);
    }
    let on = |w: usize| group.0[w] & busy[w];
    let words = group.0.len();
    let (Some(first), Some(last)) = (
        (0..words).find(|&w| on(w) != 0),
        (0..words).rev().find(|&w| on(w) != 0),
    ) else {
        return 0;
    };
    let mut gaps = 0;
    for (w, (mask, row)) in group.0.iter().zip(busy).enumerate().take(last + 1).skip(first) {
        let low = if w == first {
            u64::MAX << on(w).trailing_zeros()
        } else {
            u64::MAX
        };
        let high = if w == last {
            u64::MAX >> on(w).leading_zeros()
        } else {
            u64::MAX
        };
        gaps += i64::from((mask & low & high & !row).count_ones());
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_counts_holes_inside_a_group_only() {
        let busy = |times: &[usize], n| Mask::of(n, times.iter().copied()).0;
        assert_eq!(idle(&Mask::of(10, 0..5), &busy(&[1, 4, 7], 10)), 2);
        assert_eq!(idle(&Mask::of(10, [0, 2, 4, 6]), &busy(&[0, 6], 10)), 2);
        assert_eq!(idle(&Mask::of(10, 0..5), &busy(&[7], 10)), 0);
        // Across words: 60..70 with 61 and 68 busy leaves 62..=67.
        assert_eq!(idle(&Mask::of(130, 60..70), &busy(&[2, 61, 68, 100], 130)), 6);
        assert_eq!(idle(&Mask::of(200, 0..200), &busy(&[0, 199], 200)), 198);
    }
}
