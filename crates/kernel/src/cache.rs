//! Rendered fragments kept as long as the registers they were made from have not changed.
//!
//! The key holds the revisions read from the database in the same request, so a stale fragment is never served,
//! not even by another process on the same database.
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// At most this many bytes are kept; then everything is dropped at once, which is simple and rare.
const MOST_BYTES: usize = 16 << 20;

/// The fragments.
#[derive(Default)]
pub struct Cache(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    bytes: usize,
    fragments: HashMap<String, Arc<str>>,
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
            *inner = Inner::default();
        }
        inner.bytes += fragment.len();
        inner.fragments.insert(key, fragment);
    }
}
