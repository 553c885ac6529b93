use super::*;
use crate::error::Error;
use crate::jobs::{self, Outcome};
use crate::page::JobState;
use std::sync::Arc;
use tokio::sync::Notify;

/// Waits for the end of a job without a clock.
async fn ended(story: &Story, id: Uuid) -> jobs::Job {
    let scope = story.app.scope(&story.office).await;
    for _ in 0..100_000 {
        let job = jobs::get(&scope, id).await.expect("one's own job");
        if job.state.is_final() {
            return job;
        }
        tokio::task::yield_now().await;
    }
    panic!("the job never ended");
}

#[tokio::test]
async fn a_cancelled_job_stops_at_its_next_look() {
    for story in stories().await {
        let scope = story.app.scope(&story.office).await;
        let go = Arc::new(Notify::new());
        let waits = go.clone();
        let id = jobs::start(&scope, "test", "排课", 10, move |progress| async move {
            progress.at(3, 10)?;
            progress.note("第三步");
            waits.notified().await;
            progress.at(4, 10)?;
            Ok(Outcome::default())
        })
        .await
        .expect("a job");
        let mut page = String::new();
        for _ in 0..100_000 {
            page = story.app.get(&story.office, &format!("/jobs/{id}")).await.text();
            if page.contains("第三步") {
                break;
            }
            tokio::task::yield_now().await;
        }
        assert!(page.contains("第三步") && page.contains("3/10"), "{page}");
        let stranger = story
            .app
            .post(&story.head, &format!("/jobs/{id}/cancel"), &[])
            .await;
        assert_eq!(stranger.status, 404);
        let stop = story
            .app
            .post(&story.office, &format!("/jobs/{id}/cancel"), &[])
            .await;
        assert_eq!(stop.location(), format!("/jobs/{id}"));
        go.notify_one();
        let job = ended(&story, id).await;
        assert_eq!((job.state, job.done), (JobState::Cancelled, 4));
    }
}

#[tokio::test]
async fn a_job_that_fails_or_panics_says_so() {
    for story in stories().await {
        let scope = story.app.scope(&story.office).await;
        let fails = jobs::start(&scope, "test", "导入", 0, |_| async {
            Err(Error::Bad("第 3 行有误".into()))
        });
        let job = ended(&story, fails.await.expect("a job")).await;
        assert_eq!(
            (job.state, job.message.as_str()),
            (JobState::Failed, "第 3 行有误")
        );
        let panics = jobs::start(&scope, "test", "导入", 0, |_| async { panic!("a defect") });
        let job = ended(&story, panics.await.expect("a job")).await;
        assert_eq!(job.state, JobState::Failed);
        assert!(job.message.contains("没有写入任何数据"));
    }
}
