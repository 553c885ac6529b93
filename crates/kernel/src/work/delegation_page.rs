//! `/delegations`: who stands in for whom, and handing over one's own steps.
use super::DELEGATIONS;
use super::delegation::{self, Delegation, NewDelegation};
use crate::app::Scope;
use crate::args;
use crate::error::{Error, Result, Violation};
use crate::frame::{self, Frame};
use crate::http::escape;
use crate::page::{self, Input, Kind, Narrow, Tone};
use crate::register::web::Posted;
use axum::Json;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

/// Most people offered while typing.
const MOST: i64 = 20;

#[derive(Deserialize)]
pub struct Asked {
    done: Option<String>,
}

/// What was typed into the form.
#[derive(Default)]
struct Typed {
    deputy: String,
    deputy_name: String,
    from: String,
    to: String,
    roles: Vec<String>,
    reason: String,
}

/// `GET /delegations`.
pub async fn page(scope: Scope, Query(asked): Query<Asked>) -> Result<Markup> {
    let today = scope.today().to_string();
    let typed = Typed {
        from: today.clone(),
        to: today,
        ..Typed::default()
    };
    view(&scope, &typed, &[], asked.done).await
}

async fn view(scope: &Scope, typed: &Typed, faults: &[Violation], done: Option<String>) -> Result<Markup> {
    let manages = scope.actor.manages(&scope.app.roles);
    let all = delegation::list(scope, manages).await?;
    let me = scope.actor.account;
    let (mine, others): (Vec<&Delegation>, Vec<&Delegation>) =
        all.iter().partition(|d| d.account == me || d.deputy == me);
    let body = html! {
        (page::page_header("流程委托", "外出、休假时请人代办流程里等您的事项。受托人只能代办，不能多看多改；留痕记为“受托人（代您）”。", html! {}))
        (page::panel("新的委托", html! {}, form(scope, typed, faults)))
        @if mine.is_empty() { (page::empty("没有委托", "您委托别人的、别人委托您的会列在这里。", html! {})) }
        @else { (page::flush_panel("与我有关的委托", html! {}, table(scope, &mine))) }
        @if manages && !others.is_empty() { (page::flush_panel("全校的委托", html! {}, table(scope, &others))) }
    };
    frame::page(scope, Frame::new("流程委托", DELEGATIONS).done(done), body).await
}

fn form(scope: &Scope, typed: &Typed, faults: &[Violation]) -> Markup {
    let error = |name: &str| {
        let fault = faults.iter().find(|fault| fault.field == name);
        fault.map(|fault| fault.message.as_str())
    };
    let mut held: Vec<&str> = scope.actor.grants.iter().map(|g| g.role.as_str()).collect();
    held.dedup();
    let roles: Vec<(&str, &str)> = held
        .into_iter()
        .map(|role| {
            let known = scope.app.roles.iter().find(|r| r.id == role);
            (role, known.map_or(role, |r| r.title))
        })
        .collect();
    let chosen: Vec<&str> = typed.roles.iter().map(String::as_str).collect();
    page::record_form(
        DELEGATIONS,
        false,
        page::form_grid(html! {
            (page::reference(&Input { name: "deputy", label: "受托人", value: &typed.deputy, required: true, error: error("deputy"), ..Input::default() }, "/delegations/pick", &typed.deputy_name))
            (page::text(&Input { name: "reason", label: "原因", value: &typed.reason, required: true, max_length: Some(100), placeholder: Some("如：外出培训"), error: error("reason"), ..Input::default() }))
            (page::date(&Input { name: "from", label: "从", value: &typed.from, required: true, error: error("from"), ..Input::default() }))
            (page::date(&Input { name: "to", label: "到（含当天）", value: &typed.to, required: true, error: error("to"), ..Input::default() }))
            @if roles.len() > 1 {
                (page::checkboxes(&Input { name: "roles", label: "只委托这些岗位的事项", help: Some("都不选即全部，包括记录里指名由您办理的"), wide: true, error: error("roles"), ..Input::default() }, &roles, &chosen))
            }
        }),
        page::submit("委托", Kind::Primary),
    )
}

fn table(scope: &Scope, list: &[&Delegation]) -> Markup {
    let today = scope.today();
    let manages = scope.actor.manages(&scope.app.roles);
    page::table(
        "委托",
        Narrow::Cards,
        html! { tr { (page::th("委托人")) (page::th("受托人")) (page::th("起止")) (page::th("岗位")) (page::th("原因")) (page::th("状态")) (page::th_actions()) } },
        html! {
            @for one in list { tr {
                (page::td("委托人", html! { (one.name) }))
                (page::td("受托人", html! { (one.deputy_name) }))
                (page::td_date("起止", html! { (one.from) " 至 " (one.to) }))
                (page::td("岗位", html! { (delegation::roles_words(scope, &one.roles)) }))
                (page::td("原因", html! { (one.reason) }))
                (page::td("状态", match (one.revoked_at, one.holds(today)) {
                    (Some(_), _) => page::badge(Tone::Muted, "已收回"),
                    (None, true) => page::badge(Tone::Ok, "生效中"),
                    (None, false) if one.from > today => page::badge(Tone::Info, "未开始"),
                    (None, false) => page::badge(Tone::Muted, "已结束"),
                }))
                (page::td_actions(html! {
                    @if one.open(today) && (one.account == scope.actor.account || manages) {
                        (page::post_button("收回", &format!("{DELEGATIONS}/{}/revoke", one.id), Kind::Quiet))
                    }
                }))
            } }
        },
    )
}

/// `POST /delegations`.
pub async fn create(scope: Scope, posted: Posted) -> Result<Response> {
    let text = |name: &str| posted.get(name).unwrap_or("").trim().to_owned();
    let mut typed = Typed {
        deputy: text("deputy"),
        deputy_name: String::new(),
        from: text("from"),
        to: text("to"),
        roles: posted.all("roles").map(str::to_owned).collect(),
        reason: text("reason"),
    };
    let made = match read(&typed) {
        Ok(new) => delegation::create(&scope, &new).await,
        Err(faults) => Err(Error::Invalid(faults)),
    };
    match made {
        Ok(_) => {
            let done = escape("委托已生效，受托人会收到消息");
            Ok(Redirect::to(&format!("{DELEGATIONS}?done={done}")).into_response())
        }
        Err(Error::Invalid(faults)) => {
            if let Ok(id) = typed.deputy.parse::<Uuid>() {
                let sql = "select name from account where school_id = $1 and id = $2";
                if let Some(row) = scope.db().opt(sql, args![scope.school, id]).await? {
                    typed.deputy_name = row.at(0)?;
                }
            }
            let page = view(&scope, &typed, &faults, None).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error),
    }
}

fn read(typed: &Typed) -> std::result::Result<NewDelegation, Vec<Violation>> {
    let mut faults = vec![];
    let deputy = typed.deputy.parse().ok();
    let (from, to) = (typed.from.parse().ok(), typed.to.parse().ok());
    if deputy.is_none() {
        faults.push(Violation::new("deputy", "请从列表中选择受托人"));
    }
    if from.is_none() {
        faults.push(Violation::new("from", "请填写开始日期"));
    }
    if to.is_none() {
        faults.push(Violation::new("to", "请填写结束日期"));
    }
    match (deputy, from, to) {
        (Some(deputy), Some(from), Some(to)) => Ok(NewDelegation {
            deputy,
            from,
            to,
            roles: typed.roles.clone(),
            reason: typed.reason.clone(),
        }),
        _ => Err(faults),
    }
}

/// `POST /delegations/{id}/revoke`.
pub async fn revoke(scope: Scope, Path(id): Path<String>) -> Result<Redirect> {
    delegation::revoke(&scope, id.parse().map_err(|_| Error::NotFound)?).await?;
    Ok(Redirect::to(&format!(
        "{DELEGATIONS}?done={}",
        escape("委托已收回")
    )))
}

#[derive(Deserialize)]
pub struct Search {
    #[serde(default)]
    q: String,
}

/// `GET /delegations/pick?q=`: colleagues with an account, by name or login.
pub async fn pick(scope: Scope, Query(search): Query<Search>) -> Result<Json<serde_json::Value>> {
    let text = search.q.trim().to_lowercase();
    let plain = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let rows = scope
        .db()
        .all(
            "select id, name, login from account where school_id = $1 and active and id <> $2 \
             and (name like $3 escape '\\' or lower(login) like $3 escape '\\') order by name, login limit $4",
            args![scope.school, scope.actor.account, format!("%{plain}%"), MOST],
        )
        .await?;
    let found: Vec<serde_json::Value> = rows
        .iter()
        .map(|row| {
            let (id, name, login): (Uuid, String, String) = (row.at(0)?, row.at(1)?, row.at(2)?);
            Ok(serde_json::json!({ "id": id, "label": name, "hint": login }))
        })
        .collect::<Result<_>>()?;
    Ok(Json(found.into()))
}
