//! Accounts and grants (账号与权限).
use super::accounts::{self, NewAccount};
use crate::app::Scope;
use crate::auth;
use crate::clock::minute;
use crate::error::{Error, Result, Violation};
use crate::frame::{self, Frame};
use crate::http::escape;
use crate::page::{self, FilterBar, Input, Kind, Narrow, Pager, Tone};
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

const HERE: &str = "/accounts";
const PER_PAGE: i64 = 50;

#[derive(Deserialize)]
pub struct ListParams {
    #[serde(default)]
    q: String,
    page: Option<i64>,
    done: Option<String>,
}

/// GET /accounts
pub async fn list(scope: Scope, Query(params): Query<ListParams>) -> Result<Markup> {
    let at = params.page.unwrap_or(1).max(1);
    let (found, total) = accounts::search(&scope, &params.q, (at - 1) * PER_PAGE, PER_PAGE).await?;
    let grants = accounts::grants(&scope, None).await?;
    let title = |role: &str| {
        scope
            .app
            .roles
            .iter()
            .find(|r| r.id == role)
            .map_or("", |r| r.title)
    };
    let now = scope.now();
    let body = html! {
        (page::page_header("账号与权限", "账号属于一个人；岗位决定能看什么、能做什么，范围决定看到哪些班级和部门。",
            page::new_button("开通账号", "/accounts/new")))
        (page::filter_bar(&FilterBar { action: HERE, query: Some(&params.q), placeholder: "登录名、姓名", ..FilterBar::default() }))
        @if found.is_empty() { (page::empty("没有找到账号", "换个关键词试试。", html! {})) } @else {
            (page::table("账号", Narrow::Cards, html! { tr { (page::th("登录名")) (page::th("姓名")) (page::th("岗位与范围")) (page::th("状态")) } }, html! {
                @for account in &found {
                    @let href = format!("/accounts/{}", account.id);
                    (page::row(&href, html! {
                        (page::td("登录名", html! { a href=(href) { (account.login) } }))
                        (page::td("姓名", html! { (account.name) }))
                        (page::td("岗位与范围", html! {
                            @let mine: Vec<_> = grants.iter().filter(|g| g.account == account.id).collect();
                            @if mine.is_empty() { "未授予岗位" }
                            @for (n, grant) in mine.iter().enumerate() {
                                @if n > 0 { "、" } (title(&grant.role)) "（" (grant.node) "）"
                            }
                        }))
                        (page::td("状态", state(account, now)))
                    }))
                }
            }))
            (page::pagination(Pager { page: at as u64, per_page: PER_PAGE as u64, total: total as u64 },
                |n| format!("{HERE}?q={}&page={n}", escape(&params.q))))
        }
    };
    frame::page(&scope, Frame::new("账号与权限", HERE).done(params.done), body).await
}

fn state(account: &accounts::Account, now: chrono::DateTime<chrono::Utc>) -> Markup {
    if !account.active {
        page::badge(Tone::Muted, "已停用")
    } else if account.locked_until.is_some_and(|until| until > now) {
        page::badge(Tone::Late, "已锁定")
    } else if account.must_change {
        page::badge(Tone::Warn, "待改初始密码")
    } else {
        page::badge(Tone::Ok, "正常")
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct NewForm {
    #[serde(default)]
    login: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    staff: String,
}

fn new_form(form: &NewForm, faults: &[Violation]) -> Markup {
    let error = |name: &str| {
        faults
            .iter()
            .find(|f| f.field == name)
            .map(|f| f.message.as_str())
    };
    html! {
        (page::page_header("开通账号", "初始密码由系统随机生成，只显示一次；本人首次登录后必须修改。", html! {}))
        (page::record_form(HERE, false, page::form_grid(html! {
            (page::text(&Input { name: "login", label: "登录名", value: &form.login, required: true, help: Some("建议用工号"), error: error("login"), ..Input::default() }))
            (page::text(&Input { name: "name", label: "姓名", value: &form.name, required: true, error: error("name"), ..Input::default() }))
            (page::reference(&Input { name: "staff", label: "对应教职工", value: &form.staff, help: Some("用于“责任人”“班主任”等与本人有关的记录"), error: error("staff"), ..Input::default() }, "/r/staff/pick", ""))
        }), html! { (page::submit("开通", Kind::Primary)) (page::link_button("返回", HERE, None, Kind::Plain)) }))
    }
}

/// GET /accounts/new
pub async fn new(scope: Scope) -> Result<Markup> {
    frame::page(
        &scope,
        Frame::new("开通账号", HERE).crumb("账号与权限", HERE),
        new_form(&NewForm::default(), &[]),
    )
    .await
}

fn chosen(text: &str, field: &str) -> Result<Option<Uuid>> {
    match text {
        "" => Ok(None),
        text => text
            .parse()
            .map(Some)
            .map_err(|_| Error::invalid(field, "请从列表中选择")),
    }
}

/// POST /accounts
pub async fn create(scope: Scope, Form(form): Form<NewForm>) -> Result<Response> {
    let password = auth::random_password();
    let made = async {
        let staff = chosen(&form.staff, "staff")?;
        let new = NewAccount {
            login: &form.login,
            name: &form.name,
            password: &password,
            must_change: true,
            staff,
        };
        accounts::create(&scope, new).await
    };
    match made.await {
        Ok(id) => Ok(account_page(&scope, id, Some(&password), None)
            .await?
            .into_response()),
        Err(Error::Invalid(faults)) => {
            let frame = Frame::new("开通账号", HERE).crumb("账号与权限", HERE);
            let page = frame::page(&scope, frame, new_form(&form, &faults)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error),
    }
}

#[derive(Deserialize)]
pub struct Done {
    done: Option<String>,
}

/// GET /accounts/{id}
pub async fn show(scope: Scope, Path(id): Path<Uuid>, Query(query): Query<Done>) -> Result<Markup> {
    account_page(&scope, id, None, query.done).await
}

async fn account_page(
    scope: &Scope,
    id: Uuid,
    password: Option<&str>,
    done: Option<String>,
) -> Result<Markup> {
    let account = accounts::get(scope, id).await?;
    let grants = accounts::grants(scope, Some(id)).await?;
    let nodes = accounts::nodes(scope).await?;
    let title = |role: &str| {
        scope
            .app
            .roles
            .iter()
            .find(|r| r.id == role)
            .map_or("", |r| r.title)
    };
    let base = format!("/accounts/{id}");
    let roles: Vec<(&str, &str)> = scope.app.roles.iter().map(|r| (r.id, r.title)).collect();
    let places: Vec<(String, String)> = nodes
        .iter()
        .map(|n| (n.id.to_string(), n.label.clone()))
        .collect();
    let (verb, other) = if account.active {
        ("停用账号", "0")
    } else {
        ("启用账号", "1")
    };
    let body = html! {
        (page::page_header_with(&account.name, state(&account, scope.now()), "", html! {
            form method="post" action={ (base) "/reset" } { (page::submit("重置密码", Kind::Plain)) }
            form method="post" action={ (base) "/active" } {
                input type="hidden" name="active" value=(other);
                (page::submit(verb, if account.active { Kind::Danger } else { Kind::Plain }))
            }
        }))
        @if let Some(password) = password {
            (page::callout(Tone::Warn, "初始密码只显示这一次", html! {
                p { "请当面或通过可靠渠道告诉本人：登录名 " strong { (account.login) } "，密码 " code data-secret="" { (password) } }
            }))
        }
        (page::panel("账号", html! {}, page::descriptions(&[
            ("登录名", html! { (account.login) }),
            ("姓名", html! { (account.name) }),
            ("对应教职工", html! { @match account.staff { Some(staff) => { a href={ "/r/staff/" (staff) } { "查看档案" } } None => "未关联" } }),
            ("锁定至", html! { @match account.locked_until { Some(at) => { (minute(at)) } None => "未锁定" } }),
        ])))
        (page::panel("岗位与范围", html! {}, html! {
            @if grants.is_empty() { p { "还没有授予岗位。没有岗位的账号登录后看不到任何台账。" } }
            @else {
                (page::table("岗位与范围", Narrow::Cards, html! { tr { (page::th("岗位")) (page::th("范围")) (page::th("操作")) } }, html! {
                    @for grant in &grants { tr {
                        (page::td("岗位", html! { (title(&grant.role)) }))
                        (page::td("范围", html! { (grant.node) }))
                        (page::td("操作", page::post_button("撤销", &format!("{base}/grants/{}/remove", grant.id), Kind::Quiet)))
                    } }
                }))
            }
            form.record method="post" action={ (base) "/grants" } {
                (page::form_grid(html! {
                    (page::select(&Input { name: "role", label: "岗位", required: true, ..Input::default() }, &roles, Some("请选择")))
                    (page::select(&Input { name: "node", label: "范围", help: Some("班主任选班级，系主任和教研室主任选部门"), ..Input::default() }, &places, Some("全校")))
                }))
                (page::submit("授予", Kind::Primary))
            }
        }))
    };
    let frame = Frame::new(account.name.clone(), HERE)
        .crumb("账号与权限", HERE)
        .done(done);
    frame::page(scope, frame, body).await
}

fn back(id: Uuid, done: &str) -> Redirect {
    Redirect::to(&format!("/accounts/{id}?done={}", escape(done)))
}

#[derive(Deserialize)]
pub struct Active {
    active: String,
}

/// POST /accounts/{id}/active
pub async fn set_active(scope: Scope, Path(id): Path<Uuid>, Form(form): Form<Active>) -> Result<Redirect> {
    accounts::set_active(&scope, id, form.active == "1").await?;
    Ok(back(
        id,
        if form.active == "1" {
            "账号已启用"
        } else {
            "账号已停用"
        },
    ))
}

/// POST /accounts/{id}/reset
pub async fn reset(scope: Scope, Path(id): Path<Uuid>) -> Result<Markup> {
    let password = auth::random_password();
    accounts::set_password(&scope, id, &password, false).await?;
    account_page(&scope, id, Some(&password), None).await
}

#[derive(Deserialize)]
pub struct GrantForm {
    role: String,
    #[serde(default)]
    node: String,
}

/// POST /accounts/{id}/grants
pub async fn grant(scope: Scope, Path(id): Path<Uuid>, Form(form): Form<GrantForm>) -> Result<Redirect> {
    accounts::grant(&scope, id, &form.role, chosen(&form.node, "node")?).await?;
    Ok(back(id, "岗位已授予"))
}

/// POST /accounts/{id}/grants/{grant}/remove
pub async fn revoke(scope: Scope, Path((id, grant)): Path<(Uuid, Uuid)>) -> Result<Redirect> {
    accounts::revoke(&scope, id, grant).await?;
    Ok(back(id, "岗位已撤销"))
}
