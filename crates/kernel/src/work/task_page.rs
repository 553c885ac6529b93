//! `GET /hall/tasks`: what waits for the person, overdue first; several can be taken at once.
use super::tasks::{self, Task};
use super::{TASKS, notify, tabs};
use crate::app::Scope;
use crate::clock::local;
use crate::error::{Error, Result};
use crate::frame::{self, Frame};
use crate::http::escape;
use crate::page::{self, Kind, Narrow, Tab, Tone};
use crate::register::flow::Step;
use crate::register::store::{self, Change};
use crate::register::web::Posted;
use axum::extract::Query;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use maud::{Markup, html};
use serde::Deserialize;

/// Most records taken at once.
const MOST: usize = 200;
/// Most verbs offered for several records.
const MOST_VERBS: usize = 6;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    register: String,
    done: Option<String>,
}

/// The page.
pub async fn page(scope: Scope, Query(asked): Query<Asked>) -> Result<Markup> {
    let body = html! {
        (page::page_header("待我办理", "等您处理的记录，超期的在前；没有别的内容要填的可以一次办理多件。", html! {}))
        (tabs(&scope, TASKS).await?)
        (list(&scope, &asked.register).await?)
    };
    frame::page(&scope, Frame::new("待我办理", TASKS).done(asked.done), body).await
}

async fn list(scope: &Scope, register: &str) -> Result<Markup> {
    let all = tasks::of(scope).await?;
    let registers = registers(&all);
    let shown: Vec<&Task> = all
        .iter()
        .filter(|task| register.is_empty() || task.spec.id == register)
        .collect();
    let hrefs: Vec<String> = registers
        .iter()
        .map(|(id, ..)| format!("{TASKS}?register={id}"))
        .collect();
    let mut choices = vec![Tab {
        title: "全部",
        href: TASKS,
        active: register.is_empty(),
        count: Some(all.len() as u64),
    }];
    choices.extend(
        registers
            .iter()
            .zip(&hrefs)
            .map(|((id, title, count), href)| Tab {
                title,
                href,
                active: id == register,
                count: Some(*count),
            }),
    );
    let verbs = verbs(&shown);
    Ok(html! {
        @if all.is_empty() { (page::empty("没有等您办理的事项", "别人提交到您这一步的记录会列在这里，同时给您发消息。", html! {})) }
        @else {
            @if registers.len() > 1 { (page::tabs("台账", &choices)) }
            form method="post" action=(TASKS) {
                (page::flush_panel("", html! {}, html! {
                    (table(scope, &shown))
                    @if !verbs.is_empty() {
                        div.batch {
                            label.check { input type="checkbox" data-check-all="take"; "全选" }
                            input type="text" name=(store::NOTE) maxlength="200" placeholder="意见（退回、不同意时必填，写一次用于所选各件）" aria-label="意见";
                            @for (at, verb) in verbs.iter().enumerate() {
                                @let kind = if at == 0 && !verb.note { Kind::Primary } else { Kind::Plain };
                                (page::submit_as(&format!("所选{}", verb.title), "do", &verb.title, kind))
                            }
                        }
                    }
                }))
            }
        }
    })
}

/// Registers among the tasks: id, title and how many.
fn registers(tasks: &[Task]) -> Vec<(String, String, u64)> {
    let mut found: Vec<(String, String, u64)> = vec![];
    for task in tasks {
        match found.iter_mut().find(|(id, ..)| *id == task.spec.id) {
            Some((.., count)) => *count += 1,
            None => found.push((task.spec.id.clone(), notify::title(&task.spec).to_owned(), 1)),
        }
    }
    found
}

/// A verb for several records at once.
struct Verb {
    title: String,
    count: usize,
    /// It sends back or refuses: a note is due.
    note: bool,
}

/// Titles of the steps that can be taken without opening the record: what goes on first, then what sends back.
fn verbs(tasks: &[&Task]) -> Vec<Verb> {
    let mut found: Vec<Verb> = vec![];
    for step in tasks
        .iter()
        .flat_map(|task| task.steps())
        .filter(|step| quick(step))
    {
        match found.iter_mut().find(|verb| verb.title == step.title) {
            Some(verb) => verb.count += 1,
            None => found.push(Verb {
                title: step.title.clone(),
                count: 1,
                note: step.note,
            }),
        }
    }
    found.sort_by_key(|verb| (verb.note, std::cmp::Reverse(verb.count)));
    found.truncate(MOST_VERBS);
    found
}

fn quick(step: &Step) -> bool {
    step.needs.is_empty()
}

fn value(task: &Task) -> String {
    format!("{}:{}:{}", task.spec.id, task.record.id, task.record.version)
}

fn table(scope: &Scope, tasks: &[&Task]) -> Markup {
    let today = scope.today();
    let head = html! { tr { (page::th("选")) (page::th("事项")) (page::th("状态")) (page::th("到此时间")) (page::th("期限")) (page::th_actions()) } };
    page::table(
        "待我办理",
        Narrow::Cards,
        head,
        html! {
            @for task in tasks {
                @let href = task.href();
                @let can = task.steps().any(quick);
                tr {
                    (page::td("选", html! { @if can { input type="checkbox" name="take" value=(value(task)) aria-label={ "选择 " (task.record.label.label) }; } }))
                    (page::td("事项", html! {
                        a href=(href) { (notify::title(&task.spec)) "：" (task.record.label.full()) }
                        @if let Some(absent) = &task.instead_of { " " (page::badge(Tone::Info, &format!("代{absent}"))) }
                    }))
                    (page::td("状态", html! { (task.record.state) }))
                    (page::td_date("到此时间", html! { (local(task.record.state_at).format("%m-%d %H:%M")) }))
                    (page::td_date("期限", due(task, today)))
                    (page::td_actions(html! {
                        @for step in task.steps().filter(|step| quick(step) && !step.note).take(2) {
                            (page::submit_as(&step.title, "only", &format!("{}:{}", value(task), step.id), Kind::Quiet))
                        }
                        a.button.quiet href=(href) { "打开" }
                    }))
                }
            }
        },
    )
}

fn due(task: &Task, today: NaiveDate) -> Markup {
    match task.due {
        Some(due) if task.late(today) => {
            page::state_dot(Tone::Late, &format!("{} 已超期", due.format("%m-%d")))
        }
        Some(due) => html! { (due.format("%m-%d")) },
        None => html! { "—" },
    }
}

/// One record to be taken, as the form names it.
struct Chosen {
    register: String,
    id: uuid::Uuid,
    version: i64,
    step: Option<String>,
}

fn chosen(text: &str) -> Option<Chosen> {
    let mut parts = text.split(':');
    Some(Chosen {
        register: parts.next()?.to_owned(),
        id: parts.next()?.parse().ok()?,
        version: parts.next()?.parse().ok()?,
        step: parts.next().map(str::to_owned),
    })
}

/// What came of one record.
struct Outcome {
    label: String,
    href: String,
    fault: Option<String>,
}

/// `POST /hall/tasks`: takes the step of this title on each chosen record, each by itself.
pub async fn take(scope: Scope, posted: Posted) -> Result<Response> {
    let verb = posted.get("do").unwrap_or("").to_owned();
    let wanted: Vec<&str> = match posted.get("only") {
        Some(only) => vec![only],
        None => posted.all("take").collect(),
    };
    if wanted.is_empty() {
        let done = escape("没有选择任何一件，什么也没有办理");
        return Ok(Redirect::to(&format!("{TASKS}?done={done}")).into_response());
    }
    if wanted.len() > MOST {
        return Err(Error::Bad(format!("一次最多办理 {MOST} 件")));
    }
    let note = posted
        .get(store::NOTE)
        .map(str::trim)
        .filter(|note| !note.is_empty());
    let mut outcomes = vec![];
    for text in wanted {
        let chosen = chosen(text).ok_or_else(|| Error::Bad("所选的记录无法识别".into()))?;
        outcomes.push(one(&scope, &chosen, &verb, note).await?);
    }
    let failed = outcomes.iter().filter(|outcome| outcome.fault.is_some()).count();
    let taken = outcomes.len() - failed;
    if failed == 0 {
        let done = escape(&format!("已办理 {taken} 件"));
        return Ok(Redirect::to(&format!("{TASKS}?done={done}")).into_response());
    }
    let body = html! {
        (page::page_header("办理结果", "", page::link_button("返回待我办理", TASKS, None, Kind::Primary)))
        (page::callout(Tone::Warn, &format!("已办理 {taken} 件，{failed} 件没有办理"), html! {
            p { "已办理的已经生效；没有办理的保持原样，原因如下。" }
        }))
        (page::flush_panel("", html! {}, page::table("办理结果", Narrow::Cards,
            html! { tr { (page::th("事项")) (page::th("结果")) } },
            html! {
                @for outcome in &outcomes {
                    tr {
                        (page::td("事项", html! { a href=(outcome.href) { (outcome.label) } }))
                        (page::td("结果", match &outcome.fault {
                            Some(fault) => page::state_dot(Tone::Bad, fault),
                            None => page::state_dot(Tone::Ok, "已办理"),
                        }))
                    }
                }
            })))
    };
    let frame = Frame::new("办理结果", TASKS).crumb("待我办理", TASKS);
    Ok(frame::page(&scope, frame, body).await?.into_response())
}

async fn one(scope: &Scope, chosen: &Chosen, verb: &str, note: Option<&str>) -> Result<Outcome> {
    let href = format!("/r/{}/{}", chosen.register, chosen.id);
    let mut label = format!("{}", chosen.id);
    let taken = async {
        let spec = scope.register(&chosen.register)?.clone();
        let record = store::get(scope, &spec, chosen.id).await?;
        label = format!("{}：{}", notify::title(&spec), record.label.full());
        let step = store::steps_of(scope, &spec, &record)
            .find(|step| match &chosen.step {
                Some(id) => step.id == *id,
                None => step.title == verb,
            })
            .ok_or_else(|| Error::Conflict(format!("现在是“{}”，不能“{verb}”", record.state)))?;
        if !quick(step) {
            return Err(Error::Conflict("这一步还有内容要填写，请打开办理".into()));
        }
        let change = Change {
            version: chosen.version,
            values: record.values.clone(),
            reason: note,
        };
        store::step(scope, &spec, record.id, &step.id, change).await
    };
    let fault = match taken.await {
        Ok(_) => None,
        Err(Error::Internal(error)) => return Err(Error::Internal(error)),
        Err(error) => Some(error.to_string()),
    };
    Ok(Outcome { label, href, fault })
}
