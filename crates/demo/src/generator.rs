//! The entrance: a seed, and from it a school, texts and single people.

use chrono::{Days, NaiveDate};

use crate::rng::Rng;
use crate::{SeedSchool, Sex, Texts, assemble, names, places};

/// Makes plausible but unreal people and records; the same seed makes the same.
#[derive(Debug, Clone)]
pub struct Generator {
    seed: u64,
    rng: Rng,
}

impl Generator {
    /// A generator from a seed.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            rng: Rng::new(seed),
        }
    }

    /// The whole school in the school year that begins in the autumn of `year`: entry years `year - 2` to `year`.
    /// Depends on the seed and the year alone, not on what was generated before.
    pub fn school(&self, year: i32) -> SeedSchool {
        assemble::school(&mut Rng::new(self.seed), year)
    }

    /// Words for records; independent of the school and of other calls.
    pub fn texts(&self) -> Texts {
        Texts::new(Rng::new(self.seed ^ 0x7465_7874))
    }

    /// A name.
    pub fn name(&mut self, sex: Sex) -> String {
        names::full_name(&mut self.rng, sex)
    }

    /// A company name of a department's trade.
    pub fn company(&mut self, department: usize) -> String {
        places::company(&mut self.rng, department)
    }

    /// A date from `first` to `last`.
    pub fn date(&mut self, first: NaiveDate, last: NaiveDate) -> NaiveDate {
        let days = (last - first).num_days().max(0) as usize;
        first + Days::new(self.rng.below(days + 1) as u64)
    }

    /// The random numbers themselves, for choices that are the caller's own.
    pub fn rng(&mut self) -> &mut Rng {
        &mut self.rng
    }
}
