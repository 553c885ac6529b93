//! Filling the slots of a template.

use std::collections::BTreeMap;

use super::slots;
use crate::rng::Rng;

/// Fills slots, the same slot alike throughout one record. `{楼}` draws from the pool of that name, `{3-9}` is a
/// number from 3 to 9, drawn anew each time.
pub(super) struct Fill<'a> {
    rng: &'a mut Rng,
    chosen: BTreeMap<&'static str, &'static str>,
}

impl<'a> Fill<'a> {
    pub(super) fn new(rng: &'a mut Rng) -> Self {
        Self {
            rng,
            chosen: BTreeMap::new(),
        }
    }

    /// The template with its slots filled.
    pub(super) fn render(&mut self, template: &'static str) -> String {
        let mut text = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (slot, behind) = after.split_once('}').unwrap_or((after, ""));
            text.push_str(before);
            text.push_str(&self.value(slot));
            rest = behind;
        }
        text.push_str(rest);
        text
    }

    fn value(&mut self, slot: &'static str) -> String {
        if let Some((low, high)) = slot.split_once('-')
            && let (Ok(low), Ok(high)) = (low.parse(), high.parse())
        {
            return self.rng.between(low, high).to_string();
        }
        let value = match self.chosen.get(slot) {
            Some(value) => value,
            None => {
                let value = *self.rng.pick(slots::pool(slot));
                self.chosen.insert(slot, value);
                value
            }
        };
        value.to_owned()
    }
}
