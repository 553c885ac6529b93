//! `GET /hall/requests`: the person's own requests, how far each is; and asking to be quicker.
use super::status::{self, Status};
use super::{REQUESTS, chase, tabs};
use crate::app::Scope;
use crate::args;
use crate::clock::local;
use crate::error::{Error, Result};
use crate::frame::{self, Frame};
use crate::http::escape;
use crate::page::{self, Icon, Kind, Tab};
use crate::register::flow::{StateKind, Who};
use crate::register::spec::RegisterSpec;
use crate::register::store::Record;
use crate::schema::column;
use crate::value::Value;
use axum::extract::{Path, Query};
use axum::http::HeaderMap;
use axum::response::Redirect;
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

/// Most requests shown.
const MOST: i64 = 60;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    state: String,
    done: Option<String>,
}

/// Which requests are wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    All,
    Open,
    Ended,
}

struct Request {
    spec: Arc<RegisterSpec>,
    record: Record,
    status: Status,
}

/// The page.
pub async fn page(scope: Scope, Query(asked): Query<Asked>) -> Result<Markup> {
    let which = match asked.state.as_str() {
        "open" => Which::Open,
        "ended" => Which::Ended,
        _ => Which::All,
    };
    let requests = requests(&scope, which).await?;
    let tab = |title, href, is| Tab {
        title,
        href,
        active: which == is,
        count: None,
    };
    let body = html! {
        (page::page_header("我的申请", "您提交的和为您提交的申请，最近的在前。",
            page::link_button("发起申请", super::HALL, Some(Icon::Plus), Kind::Primary)))
        (tabs(&scope, REQUESTS).await?)
        (page::tabs("状态", &[
            tab("全部", REQUESTS, Which::All),
            tab("办理中", "/hall/requests?state=open", Which::Open),
            tab("已办结", "/hall/requests?state=ended", Which::Ended),
        ]))
        @if requests.is_empty() {
            (page::empty("没有申请", "从服务大厅发起的申请会列在这里。", page::link_button("去服务大厅", super::HALL, None, Kind::Plain)))
        } @else {
            (page::panel("", html! {}, html! { @for request in &requests { (row(&scope, request)) } }))
        }
    };
    frame::page(&scope, Frame::new("我的申请", REQUESTS).done(asked.done), body).await
}

fn row(scope: &Scope, request: &Request) -> Markup {
    let href = format!("/r/{}/{}", request.spec.id, request.record.id);
    html! {
        div.request {
            div.request-head {
                strong { a href=(href) { (super::notify::title(&request.spec)) "：" (request.record.label.full()) } }
                small { (local(request.record.created_at).format("%Y-%m-%d")) }
                @if request.status.chase {
                    div.actions { (page::post_button("催办", &format!("{href}/chase"), Kind::Plain)) }
                }
            }
            (request.status.trail(scope))
        }
    }
}

async fn requests(scope: &Scope, which: Which) -> Result<Vec<Request>> {
    let mut found = vec![];
    for spec in scope.registers.iter().filter(|spec| spec.service.is_some()) {
        let mut args = args![scope.school, scope.actor.account].to_vec();
        let mut condition = String::from("t.void_reason is null and (t.created_by = $2");
        if let (Some(owner), Some(staff)) = (applicant(spec), scope.actor.staff) {
            args.push(staff.into());
            condition.push_str(&format!(" or t.{} = $3", column(&spec.fields[owner])));
        }
        condition.push(')');
        if which != Which::All {
            let wanted = spec
                .flow
                .states
                .iter()
                .filter(|state| (state.kind == StateKind::Open) == (which == Which::Open))
                .map(|state| Value::from(&state.name));
            let states = super::whom::list(&mut args, wanted);
            if states.is_empty() {
                continue;
            }
            condition.push_str(&format!(" and t.state in ({states})"));
        }
        condition.push_str(&format!(" order by t.created_at desc, t.id desc limit {MOST}"));
        let records = status::select(scope, spec, &condition, &args).await?;
        if records.is_empty() {
            continue;
        }
        let refs: Vec<&Record> = records.iter().collect();
        let statuses = status::of(scope, spec, &refs).await?;
        found.extend(records.into_iter().zip(statuses).map(|(record, status)| Request {
            spec: spec.clone(),
            record,
            status,
        }));
    }
    found.sort_by_key(|request| std::cmp::Reverse(request.record.created_at));
    found.truncate(MOST as usize);
    Ok(found)
}

/// The field that says whose request it is; where the flow hands work to the owner, the owner is somebody else.
fn applicant(spec: &RegisterSpec) -> Option<usize> {
    let owner = spec.owner?;
    let handed = Who::Field(spec.fields[owner].name.clone());
    let works = spec.flow.steps.iter().any(|step| step.who.contains(&handed));
    (!works).then_some(owner)
}

/// `POST /r/{register}/{id}/chase`.
pub async fn chase(
    scope: Scope,
    Path((register, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Redirect> {
    let spec = scope.register(&register)?.clone();
    let id = id.parse().map_err(|_| Error::NotFound)?;
    let whom = chase::chase(&scope, &spec, id).await?;
    let done = escape(&format!("已催办：{whom}"));
    let from_list = headers
        .get("referer")
        .and_then(|value| value.to_str().ok())
        .is_some_and(|from| from.contains(REQUESTS));
    let back = match from_list {
        true => REQUESTS.to_owned(),
        false => format!("/r/{register}/{id}"),
    };
    Ok(Redirect::to(&format!("{back}?done={done}")))
}
