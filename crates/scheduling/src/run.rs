//! The search beside the requests: live cost, cancel, time limit; its end stands in the draft whether or not anybody
//! looks.
use crate::drafts::{self, Block, Costs, New, State};
use crate::facts;
use crate::model::{self, Built, Placed};
use crate::settings;
use kernel::app::Scope;
use kernel::error::{Error, Result};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, Instant};
use timetable::school::{assess, explain, repair, solve};
use timetable::{Control, Outcome};
use uuid::Uuid;

/// Searches of this process that have not ended.
static RUNNING: LazyLock<Mutex<HashMap<Uuid, Arc<Live>>>> = LazyLock::new(Mutex::default);

/// A search under way.
pub struct Live {
    cancel: AtomicBool,
    hard: AtomicI64,
    soft: AtomicI64,
    moves: AtomicU64,
    since: Instant,
}

/// What a search says of itself.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// Hard cost of the best so far; negative before the first.
    pub hard: i64,
    /// Soft cost of the best so far.
    pub soft: i64,
    /// Moves tried.
    pub moves: u64,
    /// Seconds since its start.
    pub seconds: u64,
    /// Whether it was asked to stop.
    pub cancelled: bool,
}

/// How far a search may go.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Seconds.
    pub seconds: u64,
    /// Moves instead of seconds: the same seed gives the same timetable.
    pub moves: Option<u64>,
    /// Seed.
    pub seed: u64,
    /// Only what must move moves (按最少改动修好); needs a draft to start from.
    pub least: bool,
}

/// What a search that runs says now.
pub fn now(id: Uuid) -> Option<Now> {
    let running = RUNNING.lock().expect("running searches");
    running.get(&id).map(|live| Now {
        hard: live.hard.load(Ordering::Relaxed),
        soft: live.soft.load(Ordering::Relaxed),
        moves: live.moves.load(Ordering::Relaxed),
        seconds: live.since.elapsed().as_secs(),
        cancelled: live.cancel.load(Ordering::Relaxed),
    })
}

/// Asks a search to stop; it keeps the best it has.
pub fn cancel(id: Uuid) {
    if let Some(live) = RUNNING.lock().expect("running searches").get(&id) {
        live.cancel.store(true, Ordering::Relaxed);
    }
}

/// The draft, marked as cut off when it says it runs and nothing runs it.
pub async fn current(scope: &Scope, id: Uuid) -> Result<drafts::Draft> {
    let draft = drafts::get(scope.db(), scope, id).await?;
    if draft.state != State::Running || now(id).is_some() {
        return Ok(draft);
    }
    // It may have ended between the two looks.
    let again = drafts::get(scope.db(), scope, id).await?;
    if again.state == State::Running {
        drafts::interrupt(scope, id).await?;
    }
    drafts::get(scope.db(), scope, id).await
}

/// What the core found, ready to be kept.
pub fn costs_of(built: &Built, places: &[Placed]) -> Costs {
    let timetable = built.timetable(places);
    Costs::of(&assess(&built.school, &timetable), &timetable)
}

/// Starts a search for a term, from nothing or from a draft, whose locked blocks stay; gives the new draft.
pub async fn start(scope: &Scope, term: Uuid, base: Option<Uuid>, budget: Budget) -> Result<Uuid> {
    let (term, calendar_term) = facts::term_of(scope, Some(term)).await?;
    let facts = facts::load(scope, &calendar_term).await?;
    let settings = settings::load(scope, term).await?;
    let built = model::build(&facts, &settings);
    if built.offerings.is_empty() {
        return Err(Error::Bad(
            "本学期还没有落实教师的教学任务，请先在“任务落实”里落实".into(),
        ));
    }
    let base = match base {
        Some(id) => Some(current(scope, id).await?),
        None => None,
    };
    if base
        .as_ref()
        .is_some_and(|draft| draft.state == State::Running || draft.term != term)
    {
        return Err(Error::Conflict("所选方案还在运行，请等它结束".into()));
    }
    let (places, locks, costs) =
        base.map_or_else(Default::default, |draft| (draft.places, draft.locks, draft.costs));
    let new = New {
        title: String::new(),
        places: places.clone(),
        locks: locks.clone(),
        running: true,
        seconds: i64::try_from(budget.seconds).unwrap_or(60),
        costs,
    };
    let live = Arc::new(Live {
        cancel: AtomicBool::new(false),
        hard: AtomicI64::new(-1),
        soft: AtomicI64::new(0),
        moves: AtomicU64::new(0),
        since: Instant::now(),
    });
    // It is known to run before anybody can read that it does.
    let id = Uuid::now_v7();
    RUNNING.lock().expect("running searches").insert(id, live.clone());
    if let Err(error) = drafts::create_as(scope, id, term, new).await {
        RUNNING.lock().expect("running searches").remove(&id);
        return Err(error);
    }
    let scope = scope.clone();
    tokio::spawn(async move {
        let search = tokio::task::spawn_blocking(move || search(&built, &places, &locks, budget, &live));
        let (state, found, message) = match search.await {
            Ok(Ok((places, costs, message))) => (State::Ready, Some((places, costs)), message),
            Ok(Err(message)) => (State::Failed, None, message),
            Err(panic) => {
                tracing::error!("timetable {id}: {panic}");
                (State::Failed, None, "排课程序出错，没有得到结果".to_owned())
            }
        };
        if let Err(error) = drafts::finish(&scope, id, state, found, &message).await {
            tracing::error!("timetable {id}: its end could not be written: {error:?}");
        }
        RUNNING.lock().expect("running searches").remove(&id);
    });
    Ok(id)
}

type Found = (Vec<Placed>, Costs, String);

fn search(
    built: &Built,
    places: &[Placed],
    locks: &[Block],
    budget: Budget,
    live: &Live,
) -> Result<Found, String> {
    let start = built.timetable(places);
    let locked: Vec<(usize, usize)> = locks
        .iter()
        .filter_map(|(offering, block)| Some((built.lesson(*offering)?, *block)))
        .collect();
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get().clamp(1, 4));
    let progress = |now: timetable::Progress| {
        // Several threads report; the best of them counts.
        let best = (
            live.hard.load(Ordering::Relaxed),
            live.soft.load(Ordering::Relaxed),
        );
        if best.0 < 0 || (now.hard, now.soft) <= best {
            live.hard.store(now.hard, Ordering::Relaxed);
            live.soft.store(now.soft, Ordering::Relaxed);
        }
        live.moves.fetch_max(now.moves, Ordering::Relaxed);
    };
    let plain = match budget.moves {
        Some(moves) => Control::counted(moves, 1, budget.seed),
        None => Control::timed(Duration::from_secs(budget.seconds), threads, budget.seed),
    };
    let control = Control {
        cancel: Some(&live.cancel),
        progress: Some(&progress),
        ..plain
    };
    let given = (!places.is_empty()).then_some(&start);
    let (found, report, end) = match given {
        Some(given) if budget.least => {
            let repaired =
                repair(&built.school, given, &locked, &control).map_err(|wrong| wrong.join("；"))?;
            let end = match repaired.moved.len() {
                0 => "没有需要改动的课".to_owned(),
                moved => format!("改动了 {moved} 节课，其余不动"),
            };
            (repaired.timetable, repaired.report, end)
        }
        _ => {
            let solved = solve(&built.school, given, &locked, &control).map_err(|wrong| wrong.join("；"))?;
            let end = match solved.outcome {
                Outcome::Cancelled => "已取消，保留了当时最好的结果",
                Outcome::Finished => "到达时间上限，这是其中最好的结果",
                Outcome::Optimal => "已没有可以再改进的地方",
            };
            (solved.timetable, solved.report, end.to_owned())
        }
    };
    let mut costs = Costs::of(&report, &found);
    if costs.hard > 0 {
        for conflict in explain(&built.school, &found).into_iter().take(12) {
            let relax = match conflict.relax.is_empty() {
                true => String::new(),
                false => format!("。可以：{}", conflict.relax.join("；或")),
            };
            let proof = if conflict.proved {
                "一定排不下"
            } else {
                "没能排下"
            };
            costs.conflicts.push(format!("{proof}：{}{relax}", conflict.text));
        }
    }
    Ok((built.places(&found), costs, end))
}
