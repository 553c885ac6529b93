//! The frame of every signed-in page: menu by what the person may see, term line, user box.
use crate::access::{self, Rows};
use crate::app::Scope;
use crate::error::{Error, Result};
use crate::page::{self, Crumb, MenuGroup, MenuItem, Shell, Theme, Tone, UserBox};
use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, PreEscaped, html};
use std::convert::Infallible;

/// What a handler says about its page.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// Title of the browser's tab.
    pub title: String,
    /// The menu entry that is shown as active.
    pub active: String,
    /// Path to the page: title and address.
    pub crumbs: Vec<(String, String)>,
    /// A message about what was just done, from `?done=`.
    pub done: Option<String>,
}

impl Frame {
    /// A page below the menu entry at `active`.
    pub fn new(title: impl Into<String>, active: impl Into<String>) -> Frame {
        Frame {
            title: title.into(),
            active: active.into(),
            ..Frame::default()
        }
    }

    /// Adds a step to the path.
    pub fn crumb(mut self, title: impl Into<String>, href: impl Into<String>) -> Frame {
        self.crumbs.push((title.into(), href.into()));
        self
    }

    /// Shows a message about what was just done.
    pub fn done(mut self, message: Option<String>) -> Frame {
        self.done = message;
        self
    }
}

/// A whole page for the person.
pub async fn page(scope: &Scope, frame: Frame, body: Markup) -> Result<Markup> {
    Ok(page::shell(&shell(scope, frame).await?, body))
}

/// Where the body goes; a text of the page cannot hold it, for there it would be escaped.
const HERE: &str = "<!--body-->";

/// A whole page around a kept fragment, which is sent without being copied.
pub async fn around(scope: &Scope, frame: Frame, body: Bytes) -> Result<Response> {
    let frame = page::shell(&shell(scope, frame).await?, PreEscaped(HERE.into())).into_string();
    let (head, tail) = frame.split_once(HERE).unwrap_or((&frame, ""));
    let pieces = [
        Bytes::copy_from_slice(head.as_bytes()),
        body,
        Bytes::copy_from_slice(tail.as_bytes()),
    ];
    let length: usize = pieces.iter().map(Bytes::len).sum();
    let stream = futures_util::stream::iter(pieces.map(Ok::<_, Infallible>));
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        ),
        (header::CONTENT_LENGTH, HeaderValue::from(length)),
    ];
    Ok((headers, Body::from_stream(stream)).into_response())
}

async fn shell(scope: &Scope, frame: Frame) -> Result<Shell> {
    let calendar = crate::term::load(scope).await?;
    let waiting = crate::work::tasks::count(scope).await?;
    let mut shell = shell_of(scope, &frame.active);
    shell.bell = Some((waiting, scope.actor.unread));
    for item in shell.menu.iter_mut().flat_map(|group| &mut group.items) {
        item.badge = match item.href.as_str() {
            "/hall/tasks" => Some(waiting),
            "/messages" => Some(scope.actor.unread),
            _ => None,
        }
        .filter(|count| *count > 0);
    }
    shell.term_line = calendar.line(scope.today());
    shell.flash = frame.done.map(|text| (Tone::Ok, text));
    let here = Crumb {
        title: frame.title.clone(),
        href: None,
    };
    if !frame.crumbs.is_empty() {
        shell.crumbs = frame
            .crumbs
            .into_iter()
            .map(|(title, href)| Crumb {
                title,
                href: Some(href),
            })
            .chain([here])
            .collect();
    }
    shell.title = frame.title;
    Ok(shell)
}

fn shell_of(scope: &Scope, active: &str) -> Shell {
    let title_of = |role: &str| {
        scope
            .app
            .roles
            .iter()
            .find(|r| r.id == role)
            .map(|r| r.title.to_owned())
    };
    let mut roles: Vec<String> = scope
        .actor
        .grants
        .iter()
        .filter_map(|g| title_of(&g.role))
        .collect();
    roles.dedup();
    Shell {
        school: scope.app.school_name(scope.school),
        user: Some(UserBox {
            name: scope.actor.name.clone(),
            roles,
            links: vec![("修改密码".into(), "/password".into())],
        }),
        menu: menu(scope, active),
        theme: Theme::Auto,
        ..Shell::default()
    }
}

fn menu(scope: &Scope, active: &str) -> Vec<MenuGroup> {
    let mut groups = vec![];
    for (id, title, icon) in &scope.app.groups {
        let mut items: Vec<MenuItem> = vec![];
        for entry in scope.app.pages.iter().filter(|p| p.group == *id) {
            if entry.roles.is_empty() || scope.actor.holds(entry.roles) {
                items.push(MenuItem {
                    title: entry.title.into(),
                    href: entry.href.into(),
                    active: active == entry.href,
                    badge: None,
                });
            }
        }
        for spec in scope.registers.iter().filter(|r| r.group == *id) {
            if access::readable(&scope.actor, &scope.app.roles, spec) != Rows::None {
                let href = format!("/r/{}", spec.id);
                items.push(MenuItem {
                    title: spec.title.clone(),
                    active: active == href,
                    href,
                    badge: None,
                });
            }
        }
        if !items.is_empty() {
            groups.push(MenuGroup {
                title: (*title).into(),
                icon: *icon,
                items,
            });
        }
    }
    groups
}

/// An error as a page: what happened, what is safe, what to do.
pub fn error_page(scope: Option<&Scope>, error: &Error) -> Markup {
    let title = match error {
        Error::Login => "请先登录",
        Error::NotFound => "没有找到",
        Error::Forbidden(_) => "没有权限",
        Error::Invalid(_) => "填写有误",
        Error::Conflict(_) => "没有保存",
        Error::Bad(_) => "请求有误",
        Error::Internal(_) => "系统出错",
    };
    let body = html! {
        (page::callout(Tone::Bad, title, html! { p { (error.to_string()) } }))
        p { a href="javascript:history.back()" data-back="" { "返回上一页" } " · " a href="/" { "回到首页" } }
    };
    match scope {
        Some(scope) => {
            let mut shell = shell_of(scope, "");
            shell.title = title.into();
            page::shell(&shell, body)
        }
        None => page::login(title, "知行", Theme::Auto, body),
    }
}
