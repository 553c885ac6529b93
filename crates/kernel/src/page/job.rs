//! The progress of long work (import, solving, push), kept fresh by asking twice a second.

use maud::{Markup, html};

use super::{Kind, Tone, badge, link_button, submit};

/// Where a job is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JobState {
    #[default]
    Waiting,
    Running,
    Done,
    Failed,
    Cancelled,
}

impl JobState {
    /// Whether nothing more will change.
    pub fn is_final(self) -> bool {
        matches!(self, JobState::Done | JobState::Failed | JobState::Cancelled)
    }

    fn shown(self) -> (Tone, &'static str) {
        match self {
            JobState::Waiting => (Tone::Muted, "排队中"),
            JobState::Running => (Tone::Info, "进行中"),
            JobState::Done => (Tone::Ok, "已完成"),
            JobState::Failed => (Tone::Bad, "未完成"),
            JobState::Cancelled => (Tone::Warn, "已取消"),
        }
    }
}

/// A job as a person follows it.
#[derive(Clone, Copy, Debug, Default)]
pub struct JobView<'a> {
    pub title: &'a str,
    /// The address that answers with this fragment again.
    pub url: &'a str,
    pub state: JobState,
    pub done: u64,
    /// `None` while it is not known how much there is.
    pub total: Option<u64>,
    /// What it is doing now, or why it failed and what is safe.
    pub note: &'a str,
    /// Posting here asks the job to stop.
    pub cancel: Option<&'a str>,
    /// Title and address of the result page, shown when the job is done.
    pub result: Option<(&'a str, &'a str)>,
}

/// The job's fragment; it asks `url` every 500 ms for its successor until the job has ended.
pub fn job(view: &JobView<'_>) -> Markup {
    let running = !view.state.is_final();
    let (tone, state) = view.state.shown();
    let percent = view
        .total
        .filter(|&total| total > 0)
        .map(|total| view.done.min(total) * 100 / total);
    let percent = if view.state == JobState::Done {
        Some(100)
    } else {
        percent
    };
    html! {
        section.job.(tone.class())
            hx-get=[running.then_some(view.url)] hx-trigger=[running.then_some("every 500ms")]
            hx-swap=[running.then_some("outerHTML")] {
            header {
                h2 { (view.title) }
                (badge(tone, state))
                @if let Some(total) = view.total { span.figures { (view.done) "/" (total) } }
            }
            div.job-bar.unknown[running && percent.is_none()] role="progressbar" aria-label=(view.title)
                aria-valuemin="0" aria-valuemax="100" aria-valuenow=[percent] {
                span style={ "width:" (percent.unwrap_or(0)) "%" } {}
            }
            p.job-note aria-live="polite" { (view.note) }
            @if running {
                @if let Some(action) = view.cancel {
                    form.inline method="post" action=(action) { (submit("取消", Kind::Plain)) }
                }
            } @else if let Some((title, href)) = view.result {
                (link_button(title, href, None, Kind::Primary))
            }
        }
    }
}
