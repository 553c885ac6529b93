//! Rendered fragments kept as long as the registers they were made from have not changed.
//!
//! The key holds the revisions read from the database in the same request, so a stale fragment is never served,
//! not even by another process on the same database.
use crate::error::Result;
use axum::body::Bytes;
use maud::Markup;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// At most this many bytes are kept; then everything is dropped at once, which is simple and rare.
const MOST_BYTES: usize = 4 << 20;

/// How many different things may be counted at once.
const TURNS: usize = 16;

/// The fragments.
#[derive(Default)]
pub struct Cache {
    kept: Mutex<Inner>,
    turns: [tokio::sync::Mutex<()>; TURNS],
}

#[derive(Default)]
struct Inner {
    bytes: usize,
    fragments: HashMap<String, Bytes>,
    states: HashMap<String, (i64, States)>,
    counts: HashMap<(i64, Uuid), Arc<Counts>>,
}

/// How many records a list has in each state.
type States = Arc<[(String, i64)]>;

/// Most lists whose counts are kept.
const MOST_LISTS: usize = 2_000;

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
    /// The fragment under the key, made when it is not there.
    pub async fn kept(&self, key: String, make: impl Future<Output = Result<Markup>>) -> Result<Bytes> {
        if let Some(fragment) = self.get(&key) {
            return Ok(fragment);
        }
        let fragment: Bytes = make.await?.into_string().into();
        self.put(key, fragment.clone());
        Ok(fragment)
    }

    fn get(&self, key: &str) -> Option<Bytes> {
        self.kept.lock().expect("cache lock").fragments.get(key).cloned()
    }

    fn put(&self, key: String, fragment: Bytes) {
        let mut inner = self.kept.lock().expect("cache lock");
        let bytes = key.len() + fragment.len();
        if inner.bytes + bytes > MOST_BYTES {
            inner.fragments.clear();
            inner.bytes = 0;
        }
        inner.bytes += bytes;
        inner.fragments.insert(key, fragment);
    }

    /// The counts of a list, if they were made at this revision of its register.
    pub fn states(&self, list: &str, revision: i64) -> Option<States> {
        let inner = self.kept.lock().expect("cache lock");
        let (at, states) = inner.states.get(list)?;
        (*at == revision).then(|| states.clone())
    }

    /// Waits until nobody else is making what goes under the key.
    pub async fn turn(&self, key: &str) -> tokio::sync::MutexGuard<'_, ()> {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        self.turns[hasher.finish() as usize % TURNS].lock().await
    }

    /// Keeps the counts of a list.
    pub fn keep_states(&self, list: String, revision: i64, states: States) {
        let mut inner = self.kept.lock().expect("cache lock");
        if inner.states.len() >= MOST_LISTS {
            inner.states.clear();
        }
        inner.states.insert(list, (revision, states));
    }

    /// What waits for a person of a school, as last counted.
    pub fn counts(&self, who: (i64, Uuid)) -> Option<Arc<Counts>> {
        self.kept.lock().expect("cache lock").counts.get(&who).cloned()
    }

    /// Keeps what was counted.
    pub fn keep_counts(&self, who: (i64, Uuid), counts: Counts) {
        let mut inner = self.kept.lock().expect("cache lock");
        if inner.counts.len() >= MOST_PEOPLE {
            inner.counts.clear();
        }
        inner.counts.insert(who, Arc::new(counts));
    }
}
