//! What people start, what waits for them and what they are told (办事): service hall, tasks, deputies, messages.
//!
//! | file | |
//! |---|---|
//! | `tasks`, `whom`, `deadline` | which records wait, for whom, until when |
//! | `status` | how far a record is, in one line |
//! | `notify`, `chase`, `message` | who is told what |
//! | `delegation` | standing in for somebody |
//! | `outgoing/` | robots and mail, through a queue |
//! | `*_page`, `api` | what is seen of it |
mod api;
pub mod chase;
pub mod deadline;
pub mod delegation;
mod delegation_page;
mod done_page;
mod hall_page;
pub mod message;
mod message_page;
pub mod notify;
pub mod outgoing;
mod request_page;
pub mod status;
mod task_page;
pub mod tasks;
#[cfg(test)]
mod tests;
pub mod whom;

use crate::app::{App, MenuPage, Scope};
use crate::error::Result;
use crate::http::{Gate, Routes};
use crate::page::{self, Tab};
use maud::Markup;
use std::sync::Arc;
use std::time::Duration;

const HALL: &str = "/hall";
const REQUESTS: &str = "/hall/requests";
const TASKS: &str = "/hall/tasks";
const DONE: &str = "/hall/done";
const MESSAGES: &str = "/messages";
const DELEGATIONS: &str = "/delegations";
const CHANNELS: &str = "/channels";

/// Seconds between two looks at the queue of outgoing messages.
const QUEUE_SECONDS: u64 = 5;
/// Seconds between two looks whether today's late records have been chased.
const CHASE_SECONDS: u64 = 600;

/// Menu entries; the groups are `hall` and `system`.
pub const PAGES: [MenuPage; 7] = [
    entry("服务大厅", HALL),
    entry("我的申请", REQUESTS),
    entry("待我办理", TASKS),
    entry("我办过的", DONE),
    entry("消息", MESSAGES),
    entry("流程委托", DELEGATIONS),
    MenuPage {
        group: "system",
        title: "消息通道",
        href: CHANNELS,
        roles: &["admin"],
    },
];

const fn entry(title: &'static str, href: &'static str) -> MenuPage {
    MenuPage {
        group: "hall",
        title,
        href,
        roles: &[],
    }
}

/// Routes of the hall, messages, deputies and channels.
pub fn routes() -> Routes {
    use outgoing::channel_page as channels;
    Routes::new()
        .get(HALL, Gate::Login, hall_page::page)
        .get(REQUESTS, Gate::Login, request_page::page)
        .get(TASKS, Gate::Login, task_page::page)
        .post(TASKS, Gate::Login, task_page::take)
        .get(DONE, Gate::Login, done_page::page)
        .post(
            "/r/{register}/{id}/chase",
            Gate::ReadRegister,
            request_page::chase,
        )
        .get(MESSAGES, Gate::Login, message_page::page)
        .get("/messages/{id}", Gate::Login, message_page::open)
        .post("/messages/read", Gate::Login, message_page::read_all)
        .post("/messages/email", Gate::Login, message_page::set_email)
        .get(DELEGATIONS, Gate::Login, delegation_page::page)
        .post(DELEGATIONS, Gate::Login, delegation_page::create)
        .get("/delegations/pick", Gate::Login, delegation_page::pick)
        .post("/delegations/{id}/revoke", Gate::Login, delegation_page::revoke)
        .get(CHANNELS, Gate::Manage, channels::page)
        .post(CHANNELS, Gate::Manage, channels::create)
        .get("/channels/new", Gate::Manage, channels::new)
        .get("/channels/{id}", Gate::Manage, channels::edit)
        .post("/channels/{id}", Gate::Manage, channels::update)
        .post("/channels/{id}/active", Gate::Manage, channels::set_active)
        .post("/channels/{id}/test", Gate::Manage, channels::test)
        .post("/channels/outbox/{id}/retry", Gate::Manage, channels::retry)
        .get("/api/tasks", Gate::Login, api::tasks)
        .get("/api/messages", Gate::Login, api::messages)
}

/// Starts what runs beside the requests: the queue of outgoing messages and the daily look at what is late.
pub fn spawn(app: &Arc<App>) {
    app.every(Duration::from_secs(QUEUE_SECONDS), "outbox", |app| async move {
        outgoing::queue::run_due(&app).await
    });
    app.every(
        Duration::from_secs(CHASE_SECONDS),
        "late records",
        |app| async move { chase::daily(&app).await },
    );
}

/// The pages of the hall beside each other.
async fn tabs(scope: &Scope, here: &str) -> Result<Markup> {
    let waiting = u64::from(tasks::count(scope).await?);
    let tab = |title, href, count| Tab {
        title,
        href,
        active: here == href,
        count,
    };
    Ok(page::tabs(
        "办事大厅",
        &[
            tab("服务大厅", HALL, None),
            tab("我的申请", REQUESTS, None),
            tab("待我办理", TASKS, Some(waiting)),
            tab("我办过的", DONE, None),
        ],
    ))
}
