//! Rendered fragments kept as long as the registers they were made from have not changed.
//!
//! The key holds the revisions read from the database in the same request, so a stale fragment is never served,
//! not even by another process on the same database.
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// At most this many bytes are kept; then everything is dropped at once, which is simple and rare.
const MOST_BYTES: usize = 16 << 20;

/// The fragments.
#[derive(Default)]
pub struct Cache(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    bytes: usize,
    fragments: HashMap<String, Arc<str>>,
    counts: HashMap<(i64, Uuid), Arc<Counts>>,
}

/// Most people whose counts are kept.
const MOST_PEOPLE: usize = 20_000;

/// How much waits for a person, by register, as of the registers' revisions.
#[derive(Debug)]
pub struct Counts {
    /// Changes with what the person was given.
    pub rights: u64,
    /// The sum of all revisions then.
    pub total: i64,
    /// Revision and count of each register.
    pub by_register: HashMap<String, (i64, u32)>,
    /// The sum of the counts.
    pub sum: u32,
}

impl Cache {
    /// The fragment under the key.
    pub fn get(&self, key: &str) -> Option<Arc<str>> {
        self.0.lock().expect("cache lock").fragments.get(key).cloned()
    }

    /// Keeps a fragment.
    pub fn put(&self, key: String, fragment: Arc<str>) {
        let mut inner = self.0.lock().expect("cache lock");
        if inner.bytes + fragment.len() > MOST_BYTES {
            inner.fragments.clear();
            inner.bytes = 0;
        }
        inner.bytes += fragment.len();
        inner.fragments.insert(key, fragment);
    }

    /// What waits for a person of a school, as last counted.
    pub fn counts(&self, who: (i64, Uuid)) -> Option<Arc<Counts>> {
        self.0.lock().expect("cache lock").counts.get(&who).cloned()
    }

    /// Keeps what was counted.
    pub fn keep_counts(&self, who: (i64, Uuid), counts: Counts) {
        let mut inner = self.0.lock().expect("cache lock");
        if inner.counts.len() >= MOST_PEOPLE {
            inner.counts.clear();
        }
        inner.counts.insert(who, Arc::new(counts));
    }
}
