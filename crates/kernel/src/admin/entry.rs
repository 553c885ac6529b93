//! Logging in and out, changing one's password.
use super::accounts;
use crate::app::{App, Scope};
use crate::auth;
use crate::error::{Error, Result};
use crate::frame::{self, Frame};
use crate::http;
use crate::page::{self, Input, Kind, Theme};
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Deserialize)]
pub struct Next {
    next: Option<String>,
}

/// Only addresses of our own, so that a login link cannot lead elsewhere.
fn own(next: Option<&str>) -> &str {
    match next {
        Some(path) if path.starts_with('/') && !path.starts_with("//") && !path.contains('\\') => path,
        _ => "/",
    }
}

fn card(app: &App, login: &str, error: Option<&str>, next: &str) -> Markup {
    let school = app
        .schools
        .read()
        .expect("school names")
        .values()
        .next()
        .cloned()
        .unwrap_or_default();
    let body = html! {
        form.record method="post" action="/login" {
            input type="hidden" name="next" value=(next);
            (page::text(&Input { name: "login", label: "登录名", value: login, required: true, ..Input::default() }))
            (page::password(&Input { name: "password", label: "密码", required: true, error, ..Input::default() }, false))
            (page::submit("登录", Kind::Primary))
        }
    };
    page::login("登录", &school, Theme::Auto, body)
}

/// GET /login
pub async fn login_page(State(app): State<Arc<App>>, Query(query): Query<Next>) -> Response {
    if app.schools.read().expect("school names").is_empty() {
        return Redirect::to("/setup").into_response();
    }
    card(&app, "", None, own(query.next.as_deref())).into_response()
}

#[derive(Deserialize)]
pub struct LoginForm {
    login: String,
    password: String,
    next: Option<String>,
}

/// POST /login
pub async fn login(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Form(form): Form<LoginForm>,
) -> Result<Response> {
    match auth::login(&app.db, app.clock.now(), &form.login, &form.password).await {
        Ok(token) => {
            let cookie = http::session_cookie(&token, &headers);
            Ok((
                [(header::SET_COOKIE, cookie)],
                Redirect::to(own(form.next.as_deref())),
            )
                .into_response())
        }
        Err(Error::Invalid(faults)) => {
            let why = faults.first().map_or("", |f| f.message.as_str());
            let page = card(&app, &form.login, Some(why), own(form.next.as_deref()));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error),
    }
}

/// POST /logout
pub async fn logout(scope: Scope, headers: HeaderMap) -> Result<Response> {
    if let Some(token) = http::cookie(&headers) {
        auth::logout(scope.db(), token).await?;
    }
    Ok((
        [(header::SET_COOKIE, http::session_cookie("", &headers))],
        Redirect::to("/login"),
    )
        .into_response())
}

fn password_form(error: Option<&str>, old_error: Option<&str>) -> Markup {
    html! {
        (page::page_header("修改密码", "至少 8 位，包含字母、数字、符号中的两种；修改后需要重新登录。", html! {}))
        (page::record_form("/password", false, html! {
            (page::password(&Input { name: "old", label: "现在的密码", required: true, error: old_error, ..Input::default() }, false))
            (page::password(&Input { name: "new", label: "新密码", required: true, error, ..Input::default() }, true))
            (page::password(&Input { name: "again", label: "再输一次新密码", required: true, ..Input::default() }, true))
        }, page::submit("保存新密码", Kind::Primary)))
    }
}

/// GET /password
pub async fn password_page(scope: Scope) -> Result<Markup> {
    frame::page(&scope, Frame::new("修改密码", ""), password_form(None, None)).await
}

async fn refused(scope: &Scope, error: Option<String>, old: Option<String>) -> Result<Response> {
    let body = password_form(error.as_deref(), old.as_deref());
    let page = frame::page(scope, Frame::new("修改密码", ""), body).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

#[derive(Deserialize)]
pub struct PasswordForm {
    old: String,
    new: String,
    again: String,
}

/// POST /password
pub async fn password(scope: Scope, headers: HeaderMap, Form(form): Form<PasswordForm>) -> Result<Response> {
    let again = |error: Option<String>, old: Option<String>| refused(&scope, error, old);
    if form.new != form.again {
        return again(Some("两次输入的新密码不一样".into()), None).await;
    }
    if form.new == form.old {
        return again(Some("新密码不能与现在的密码相同".into()), None).await;
    }
    let account = accounts::get(&scope, scope.actor.account).await?;
    let tried = auth::login(scope.db(), scope.now(), &account.login, &form.old).await;
    match tried {
        Ok(token) => auth::logout(scope.db(), &token).await?,
        Err(Error::Invalid(faults)) => {
            return again(None, faults.into_iter().next().map(|f| f.message)).await;
        }
        Err(error) => return Err(error),
    }
    match accounts::set_password(&scope, scope.actor.account, &form.new, true).await {
        Ok(()) => {
            let token = auth::login(scope.db(), scope.now(), &account.login, &form.new).await?;
            let cookie = http::session_cookie(&token, &headers);
            let done = format!("/?done={}", http::escape("密码已修改"));
            Ok(([(header::SET_COOKIE, cookie)], Redirect::to(&done)).into_response())
        }
        Err(Error::Invalid(faults)) => again(faults.into_iter().next().map(|f| f.message), None).await,
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::own;

    #[test]
    fn a_login_leads_only_to_our_own_pages() {
        assert_eq!(own(Some("/r/hazard?page=2")), "/r/hazard?page=2");
        for bad in ["//evil.example", "https://evil.example", "/\\evil.example", ""] {
            assert_eq!(own(Some(bad)), "/", "{bad}");
        }
    }
}
