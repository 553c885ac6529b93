//! `/messages`: what the person was told, unread first.
use super::MESSAGES;
use super::message::{self, Kind as About, Message};
use super::tasks;
use crate::app::Scope;
use crate::args;
use crate::clock::minute;
use crate::error::{Error, Result};
use crate::frame::{self, Frame};
use crate::http::escape;
use crate::page::{self, Input, Kind, Pager, Tab, Tone};
use axum::Form;
use axum::extract::{Path, Query};
use axum::response::Redirect;
use maud::{Markup, html};
use serde::Deserialize;

const PER_PAGE: i64 = 50;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    unread: String,
    page: Option<i64>,
    done: Option<String>,
}

/// `GET /messages`.
pub async fn page(scope: Scope, Query(asked): Query<Asked>) -> Result<Markup> {
    let only = asked.unread == "1";
    let at = asked.page.unwrap_or(1).clamp(1, 10_000);
    let (list, total) = message::list(&scope, only, (at - 1) * PER_PAGE, PER_PAGE).await?;
    let waiting = tasks::count(&scope).await?;
    let email = email(&scope).await?;
    let tabs = [
        Tab {
            title: "全部",
            href: MESSAGES,
            active: !only,
            count: None,
        },
        Tab {
            title: "未读",
            href: "/messages?unread=1",
            active: only,
            count: Some(u64::from(scope.actor.unread)),
        },
    ];
    let body = html! {
        (page::page_header("消息", "", html! {
            @if waiting > 0 { (page::link_button(&format!("待我办理 {waiting} 件"), super::TASKS, None, Kind::Primary)) }
            @if scope.actor.unread > 0 { (page::post_button("全部标为已读", "/messages/read", Kind::Plain)) }
            (page::dialog_button("接收邮箱", "email", None, Kind::Quiet))
        }))
        (page::tabs("消息", &tabs))
        @if list.is_empty() { (page::empty("没有消息", "待办、申请进展、退回、催办和委托会在这里告诉您。", html! {})) }
        @else {
            (page::flush_panel("", html! {}, html! {
                ul.message-list { @for message in &list { (row(message)) } }
            }))
            (page::pagination(Pager { page: at as u64, per_page: PER_PAGE as u64, total: total as u64 },
                |n| format!("{MESSAGES}?page={n}{}", if only { "&unread=1" } else { "" })))
        }
        (page::dialog("email", "接收邮箱", html! {
            form method="post" action="/messages/email" {
                p { "学校开通了邮件通道后，待办和催办也会发到这个邮箱；留空则只在这里看。" }
                (page::text(&Input { name: "email", label: "邮箱", value: &email, max_length: Some(100), ..Input::default() }))
                div.dialog-foot {
                    button.button.plain type="button" data-close="" { "取消" }
                    (page::submit("保存", Kind::Primary))
                }
            }
        }))
    };
    frame::page(&scope, Frame::new("消息", MESSAGES).done(asked.done), body).await
}

fn tone(about: About) -> Tone {
    match about {
        About::Late => Tone::Late,
        About::Chased | About::Returned => Tone::Warn,
        About::Moved => Tone::Ok,
        About::Task | About::Delegated | About::Given => Tone::Info,
    }
}

fn row(message: &Message) -> Markup {
    html! {
        li.unread[message.read_at.is_none()] {
            div.message-head {
                (page::badge(tone(message.kind), message.kind.word()))
                a href={ (MESSAGES) "/" (message.id) } { (message.title) }
                time { (minute(message.at)) }
            }
            @if !message.text.is_empty() { p { (message.text) } }
        }
    }
}

/// `GET /messages/{id}`: marks it and goes where it leads.
pub async fn open(scope: Scope, Path(id): Path<String>) -> Result<Redirect> {
    let message = message::open(&scope, id.parse().map_err(|_| Error::NotFound)?).await?;
    let own = message.link.starts_with('/') && !message.link.starts_with("//");
    Ok(Redirect::to(if own { &message.link } else { MESSAGES }))
}

/// `POST /messages/read`.
pub async fn read_all(scope: Scope) -> Result<Redirect> {
    let count = message::read_all(&scope).await?;
    let done = escape(&format!("{count} 条消息已标为已读"));
    Ok(Redirect::to(&format!("{MESSAGES}?done={done}")))
}

async fn email(scope: &Scope) -> Result<String> {
    let sql = "select email from account where school_id = $1 and id = $2";
    let row = scope
        .db()
        .opt(sql, args![scope.school, scope.actor.account])
        .await?;
    Ok(match row {
        Some(row) => row.at::<Option<String>>(0)?.unwrap_or_default(),
        None => String::new(),
    })
}

#[derive(Deserialize)]
pub struct Email {
    #[serde(default)]
    email: String,
}

/// `POST /messages/email`.
pub async fn set_email(scope: Scope, Form(form): Form<Email>) -> Result<Redirect> {
    let email = form.email.trim();
    if !email.is_empty() && (email.len() > 100 || email.parse::<lettre::Address>().is_err()) {
        return Err(Error::invalid("email", "邮箱地址不完整，没有保存"));
    }
    let sql = "update account set email = $3 where school_id = $1 and id = $2";
    let kept = (!email.is_empty()).then_some(email);
    scope
        .db()
        .run(sql, args![scope.school, scope.actor.account, kept])
        .await?;
    let done = escape(if email.is_empty() {
        "不再发送邮件"
    } else {
        "邮箱已保存"
    });
    Ok(Redirect::to(&format!("{MESSAGES}?done={done}")))
}
