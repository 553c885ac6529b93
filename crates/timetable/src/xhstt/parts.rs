//! The ways an event's duration may be parted, by the constraints that apply to it.

use super::model::{Constraint, Kind};

/// More partitions than this are not listed.
const MAX_LISTED: usize = 4_000;

/// The ways to part one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parting {
    /// Listed partitions, the cheapest first; when `free` is set only the one to start from.
    pub partitions: Vec<Vec<usize>>,
    /// Any parts within this range.
    pub free: Option<(usize, usize)>,
}

/// (hard, soft) cost of parting into `parts`, by the rules on parts alone.
fn cost(parts: &[usize], constraints: &[&Constraint]) -> (i64, i64) {
    let mut total = (0, 0);
    let outside = |n: i64, (least, most): (i64, i64)| (least - n).max(n - most).max(0);
    for c in constraints {
        let deviation = match &c.kind {
            Kind::SplitEvents { duration, amount } => {
                let wrong = parts
                    .iter()
                    .filter(|&&d| outside(d as i64, *duration) > 0)
                    .count() as i64;
                wrong + outside(parts.len() as i64, *amount)
            }
            Kind::DistributeSplitEvents { duration, amount } => {
                outside(parts.iter().filter(|&d| d == duration).count() as i64, *amount)
            }
            _ => 0,
        };
        let cost = c.weight * c.cost.of(std::iter::once(deviation));
        if c.required {
            total.0 += cost;
        } else {
            total.1 += cost;
        }
    }
    total
}

/// The partings of `duration` that break the fewest hard rules.
pub(super) fn parting(duration: usize, constraints: &[&Constraint]) -> Parting {
    let (mut least, mut most) = (1, duration);
    for c in constraints {
        if let Kind::SplitEvents { duration: d, .. } = &c.kind {
            least = least.max(usize::try_from(d.0).unwrap_or(1)).min(duration);
            most = most.min(usize::try_from(d.1).unwrap_or(duration)).max(1);
        }
    }
    if least > most {
        (least, most) = (1, duration);
    }
    let mut listed = Vec::new();
    if list(duration, least, most, &mut Vec::new(), &mut listed) {
        let mut priced: Vec<((i64, i64), usize, Vec<usize>)> = listed
            .into_iter()
            .map(|p| (cost(&p, constraints), p.len(), p))
            .collect();
        priced.sort();
        if let Some(best) = priced.first().map(|p| p.0.0) {
            let partitions = priced
                .into_iter()
                .take_while(|p| p.0.0 == best)
                .map(|p| p.2)
                .collect();
            return Parting {
                partitions,
                free: None,
            };
        }
    }
    let equal = |n: usize| -> Vec<usize> {
        let mut parts: Vec<usize> = (0..n)
            .map(|i| duration / n + usize::from(i < duration % n))
            .collect();
        parts.sort_unstable();
        parts
    };
    let counts = duration.div_ceil(most)..=(duration / least).max(duration.div_ceil(most));
    let start = counts.map(equal).min_by_key(|p| (cost(p, constraints), p.len()));
    let least = start.iter().flatten().copied().min().unwrap_or(least).min(least);
    Parting {
        partitions: start.into_iter().collect(),
        free: Some((least, most)),
    }
}

/// Lists sorted partitions; false when there are too many (or none).
fn list(rest: usize, least: usize, most: usize, parts: &mut Vec<usize>, out: &mut Vec<Vec<usize>>) -> bool {
    if rest == 0 {
        out.push(parts.clone());
        return out.len() <= MAX_LISTED;
    }
    for d in parts.last().copied().unwrap_or(least)..=most.min(rest) {
        // The rest must be empty or leave room for another part at least as long.
        if rest - d != 0 && rest - d < d {
            continue;
        }
        parts.push(d);
        let fits = list(rest - d, least, most, parts, out);
        parts.pop();
        if !fits {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CostFunction;

    fn constraint(kind: Kind, required: bool) -> Constraint {
        let (id, cost) = (String::new(), CostFunction::Linear);
        Constraint {
            id,
            kind,
            required,
            weight: 1,
            cost,
            events: vec![],
            event_groups: vec![],
            resources: vec![],
        }
    }

    #[test]
    fn partitions_obey_hard_rules_and_start_with_the_cheapest() {
        let split = constraint(
            Kind::SplitEvents {
                duration: (1, 2),
                amount: (1, 4),
            },
            true,
        );
        let doubles = constraint(
            Kind::DistributeSplitEvents {
                duration: 2,
                amount: (1, 9),
            },
            false,
        );
        assert_eq!(
            parting(3, &[&split, &doubles]).partitions,
            [vec![1, 2], vec![1, 1, 1]]
        );
        assert_eq!(
            parting(5, &[&split]).partitions,
            [vec![1, 2, 2], vec![1, 1, 1, 2]]
        );
        assert_eq!(parting(1, &[]).partitions, [[1]]);
        assert_eq!(parting(4, &[]).partitions.len(), 5);
        let whole = constraint(
            Kind::SplitEvents {
                duration: (1, 99),
                amount: (1, 1),
            },
            true,
        );
        assert_eq!(parting(7, &[&whole]).partitions, [[7]]);
    }

    #[test]
    fn long_events_start_from_equal_parts() {
        let split = constraint(
            Kind::SplitEvents {
                duration: (1, 2),
                amount: (20, 60),
            },
            false,
        );
        let p = parting(150, &[&split]);
        assert_eq!(p.partitions[0].iter().sum::<usize>(), 150);
        let p = parting(300, &[]);
        assert_eq!((p.partitions, p.free), (vec![vec![300]], Some((1, 300))));
    }
}
