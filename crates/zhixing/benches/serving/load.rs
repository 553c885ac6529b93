//! Load: so many kept connections, each asking again as soon as it is answered.
use super::http::Client;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Every so many answers the whole body is looked at; the length is compared always.
const LOOK_AT_EVERY: usize = 20;

/// What came of it.
pub struct Load {
    /// Milliseconds of each request, sorted.
    times: Vec<f64>,
    took: Duration,
}

impl Load {
    /// Answers a second.
    pub fn per_second(&self) -> f64 {
        self.times.len() as f64 / self.took.as_secs_f64()
    }

    /// Milliseconds within which this share was answered.
    pub fn percentile(&self, share: f64) -> f64 {
        let at = (self.times.len() as f64 * share) as usize;
        self.times[at.min(self.times.len() - 1)]
    }
}

/// Asks for `path` of a running number over so many connections, going round the people.
pub fn run(
    people: &[Client],
    connections: usize,
    length: Duration,
    path: &(dyn Fn(u64) -> String + Sync),
    good: &(dyn Fn(&[u8]) -> bool + Sync),
) -> Load {
    let turn = AtomicU64::new(0);
    let ask = &|at: usize, length: Duration| -> Vec<f64> {
        let share: Vec<&Client> = people
            .iter()
            .skip(at % people.len())
            .step_by(connections)
            .collect();
        let mut connection = share[0].connect();
        let (mut times, begun) = (vec![], Instant::now());
        while begun.elapsed() < length {
            let person = share[times.len() % share.len()];
            let request = person.request(&path(turn.fetch_add(1, Ordering::Relaxed)));
            let asked = Instant::now();
            let answer = connection.ask(&request).expect("the server answers under load");
            times.push(asked.elapsed().as_secs_f64() * 1_000.0);
            assert_eq!(answer.status, 200, "under load");
            if times.len() % LOOK_AT_EVERY == 1 {
                assert!(
                    good(&answer.body),
                    "the page is not what was asked for: {} bytes",
                    answer.body.len()
                );
            }
        }
        times
    };
    let at_once = |length: Duration| -> Vec<f64> {
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..connections)
                .map(|at| scope.spawn(move || ask(at, length)))
                .collect();
            threads
                .into_iter()
                .flat_map(|thread| thread.join().expect("no request failed"))
                .collect()
        })
    };
    at_once(Duration::from_secs(1));
    let begun = Instant::now();
    let mut times = at_once(length);
    let took = begun.elapsed();
    times.sort_by(f64::total_cmp);
    Load { times, took }
}

/// How often a piece occurs.
pub fn count(body: &[u8], piece: &[u8]) -> usize {
    body.windows(piece.len())
        .filter(|window| *window == piece)
        .count()
}
