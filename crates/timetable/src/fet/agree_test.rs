//! The search and the validator agree on every kind of constraint, whatever is moved where.

use super::compile::Compiled;
use super::{Institution, check};
use crate::engine::State;
use crate::rng::Rng;

#[test]
fn search_and_validator_agree_on_random_placements() {
    let text = include_str!("../../tests/data/toy.fet");
    let mut rng = Rng::new(2);
    let mut costs = std::collections::BTreeSet::new();
    for variant in 0..4 {
        // As written; all activities switched on; linked at the start; all weights full.
        let text = match variant {
            0 => text.to_string(),
            1 => text.replace("<Active>false</Active>", "<Active>true</Active>"),
            2 => text
                .replace("SameStartingHour", "SameStartingTime")
                .replace("<Weight_Percentage>0<", "<Weight_Percentage>100<"),
            _ => text
                .replace("<Weight_Percentage>95<", "<Weight_Percentage>100<")
                .replace("<Active>false", "<Active>true"),
        };
        let i = Institution::read(&text).expect("a sound file");
        let compiled = Compiled::new(&i);
        let mut s = State::new(&compiled.problem, &State::empty_placement(&compiled.problem), 1);
        for _ in 0..300 {
            let m = rng.below(compiled.problem.event_of.len());
            let event = &compiled.problem.events[m];
            let starts = (0..8)
                .filter(|t| t % 4 + event.duration as u16 <= 4)
                .collect::<Vec<u16>>();
            s.set_time(m, starts[rng.below(starts.len())]);
            for (o, open) in event.open.iter().enumerate() {
                s.set_choice(m, o, open.candidates[rng.below(open.candidates.len())]);
            }
            s.settle(f64::INFINITY);
            s.keep();
            let score = check(&i, &compiled.solution(&s.placement()));
            assert_eq!((s.hard, s.soft), (score.hard, score.soft), "{:?}", score.broken);
            costs.extend(score.broken.into_iter().map(|b| b.1));
        }
    }
    assert!(costs.len() >= 15, "only {costs:?} were exercised");
}
