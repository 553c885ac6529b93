//! Long work (导入、排课、推送): runs beside the requests, shows progress, can be cancelled, leaves a result.
//!
//! Progress lives in memory, so that a job inside one long transaction can report without a second writer; the `job`
//! row keeps the beginning and the end.
use crate::app::{App, Scope};
use crate::args;
use crate::error::{Error, Result};
use crate::frame::{Frame, page};
use crate::http::{Gate, Routes};
use crate::page::{self, JobState, JobView};
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::future::Future;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use uuid::Uuid;

/// Jobs of this process that have not ended.
static RUNNING: LazyLock<Mutex<HashMap<Uuid, Progress>>> = LazyLock::new(Mutex::default);

/// How a job tells where it is and hears that it should stop.
#[derive(Clone, Default)]
pub struct Progress(Arc<Inner>);

#[derive(Default)]
struct Inner {
    done: AtomicU64,
    total: AtomicU64,
    cancelled: AtomicBool,
    note: Mutex<String>,
}

impl Progress {
    /// Sets how much is done of how much.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the person asked to stop: pass it on, and nothing half-done stays.
    pub fn at(&self, done: usize, total: usize) -> Result<()> {
        self.0.done.store(done as u64, Ordering::Relaxed);
        self.0.total.store(total as u64, Ordering::Relaxed);
        match self.0.cancelled.load(Ordering::Relaxed) {
            true => Err(Error::Conflict("已取消，没有写入任何数据".into())),
            false => Ok(()),
        }
    }

    /// Says what it is doing now.
    pub fn note(&self, text: &str) {
        *self.0.note.lock().expect("job note") = text.to_owned();
    }
}

/// What a finished job leaves.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// One sentence.
    pub message: String,
    /// Address of the result; may be empty.
    pub link: String,
}

/// Starts a job and gives its id; its page is `/jobs/{id}`.
pub async fn start<F, W>(scope: &Scope, kind: &str, title: &str, total: usize, work: F) -> Result<Uuid>
where
    F: FnOnce(Progress) -> W,
    W: Future<Output = Result<Outcome>> + Send + 'static,
{
    let id = Uuid::now_v7();
    scope
        .db()
        .run(
            "insert into job (school_id, id, kind, title, state, done, total, message, link, created_by, created_at) \
             values ($1, $2, $3, $4, 'running', 0, $5, '', '', $6, $7)",
            args![scope.school, id, kind, title, total as i64, scope.actor.account, scope.now()],
        )
        .await?;
    let progress = Progress::default();
    progress.0.total.store(total as u64, Ordering::Relaxed);
    RUNNING.lock().expect("running jobs").insert(id, progress.clone());
    let task = tokio::spawn(work(progress.clone()));
    let scope = scope.clone();
    tokio::spawn(async move {
        let outcome = match task.await {
            Ok(outcome) => outcome,
            Err(panic) => Err(anyhow::anyhow!("job {id}: {panic}").into()),
        };
        if let Err(error) = finish(&scope, id, &progress, outcome).await {
            tracing::error!("job {id}: its end could not be written: {error:?}");
        }
        RUNNING.lock().expect("running jobs").remove(&id);
    });
    Ok(id)
}

async fn finish(scope: &Scope, id: Uuid, progress: &Progress, outcome: Result<Outcome>) -> Result<()> {
    let cancelled = progress.0.cancelled.load(Ordering::Relaxed);
    let (state, outcome) = match outcome {
        Ok(outcome) => ("done", outcome),
        Err(error) => {
            if let Error::Internal(cause) = &error {
                tracing::error!("job {id}: {cause:#}");
            }
            let message = error.to_string();
            let state = if cancelled { "cancelled" } else { "failed" };
            (
                state,
                Outcome {
                    message,
                    link: String::new(),
                },
            )
        }
    };
    scope
        .db()
        .run(
            "update job set state = $3, done = $4, message = $5, link = $6, finished_at = $7 \
             where school_id = $1 and id = $2",
            args![
                scope.school,
                id,
                state,
                progress.0.done.load(Ordering::Relaxed) as i64,
                outcome.message,
                outcome.link,
                scope.now()
            ],
        )
        .await?;
    Ok(())
}

/// At the start of the program: jobs that a stop of the program ended.
pub async fn sweep(app: &App) -> Result<u64> {
    app.db
        .run(
            "update job set state = 'failed', message = $1, finished_at = $2 where state = 'running'",
            args!["程序在完成前停止，没有写入任何数据，请重新提交", app.clock.now()],
        )
        .await
}

/// A job as it stands.
#[derive(Clone, Debug)]
pub struct Job {
    /// Id.
    pub id: Uuid,
    /// Chinese title.
    pub title: String,
    /// Where it is.
    pub state: JobState,
    /// How much is done.
    pub done: u64,
    /// Of how much; 0 when that is not known.
    pub total: u64,
    /// What it is doing, or how it ended.
    pub message: String,
    /// Address of the result.
    pub link: String,
    /// When it began.
    pub created_at: DateTime<Utc>,
}

/// A job of the person's own (or of anybody's, for those who manage accounts).
pub async fn get(scope: &Scope, id: Uuid) -> Result<Job> {
    let row = scope
        .db()
        .opt(
            "select title, state, done, total, message, link, created_by, created_at from job \
             where school_id = $1 and id = $2",
            args![scope.school, id],
        )
        .await?
        .ok_or(Error::NotFound)?;
    if row.at::<Uuid>(6)? != scope.actor.account && !scope.actor.manages(&scope.app.roles) {
        return Err(Error::NotFound);
    }
    let mut job = Job {
        id,
        title: row.at(0)?,
        state: match row.at::<String>(1)?.as_str() {
            "running" => JobState::Running,
            "done" => JobState::Done,
            "cancelled" => JobState::Cancelled,
            _ => JobState::Failed,
        },
        done: row.at::<i64>(2)? as u64,
        total: row.at::<i64>(3)? as u64,
        message: row.at(4)?,
        link: row.at(5)?,
        created_at: row.at(7)?,
    };
    if let Some(live) = live(id).filter(|_| job.state == JobState::Running) {
        job.done = live.0.done.load(Ordering::Relaxed);
        job.total = live.0.total.load(Ordering::Relaxed);
        job.message = live.0.note.lock().expect("job note").clone();
    }
    Ok(job)
}

fn live(id: Uuid) -> Option<Progress> {
    RUNNING.lock().expect("running jobs").get(&id).cloned()
}

/// Asks a job to stop.
pub async fn cancel(scope: &Scope, id: Uuid) -> Result<()> {
    get(scope, id).await?;
    if let Some(live) = live(id) {
        live.0.cancelled.store(true, Ordering::Relaxed);
        live.note("正在取消……");
    }
    Ok(())
}

/// `/jobs/{id}` and its cancel button.
pub fn routes() -> Routes {
    Routes::new()
        .get("/jobs/{id}", Gate::Login, show)
        .post("/jobs/{id}/cancel", Gate::Login, stop)
}

async fn show(scope: Scope, Path(id): Path<String>, headers: HeaderMap) -> Result<Response> {
    let job = get(&scope, id.parse().map_err(|_| Error::NotFound)?).await?;
    let (url, cancel) = (format!("/jobs/{id}"), format!("/jobs/{id}/cancel"));
    let view = page::job(&JobView {
        title: &job.title,
        url: &url,
        state: job.state,
        done: job.done,
        total: (job.total > 0).then_some(job.total),
        note: &job.message,
        cancel: Some(&cancel),
        result: (!job.link.is_empty()).then_some(("查看结果", job.link.as_str())),
    });
    if headers.contains_key("hx-request") {
        return Ok(view.into_response());
    }
    let frame = Frame::new(&job.title, "");
    Ok(page(&scope, frame, view).await?.into_response())
}

async fn stop(scope: Scope, Path(id): Path<String>) -> Result<Redirect> {
    cancel(&scope, id.parse().map_err(|_| Error::NotFound)?).await?;
    Ok(Redirect::to(&format!("/jobs/{id}")))
}
