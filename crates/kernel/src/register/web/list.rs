//! `GET /r/{register}`: the list, kept rendered until a register it was made from changes.
use super::address::Address;
use super::{Rights, filters, overview, paper, table, unseal};
use crate::app::Scope;
use crate::error::Result;
use crate::frame::{Frame, around};
use crate::page::{self, Column, Icon, Kind, Pager, Tab};
use crate::register::query::{self, ListQuery};
use crate::register::spec::{FieldKind, RegisterSpec};
use axum::extract::Path;
use axum::http::Uri;
use axum::response::Response;
use maud::{Markup, html};

/// Page sizes offered.
const SIZES: [i64; 4] = [50, 100, 200, 500];

/// The page.
pub async fn show(scope: Scope, Path(register): Path<String>, uri: Uri) -> Result<Response> {
    let spec = scope.register(&register)?.clone();
    let rights = Rights::of(&scope, &spec);
    let key = key(&scope, &spec, &rights, uri.query().unwrap_or("")).await?;
    let body = scope
        .app
        .cache
        .kept(key, body(&scope, &spec, &rights, &uri))
        .await?;
    let frame = Frame::new(&spec.title, format!("/r/{}", spec.id)).done(done(&uri));
    around(&scope, frame, body).await
}

fn done(uri: &Uri) -> Option<String> {
    let pairs = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    pairs.0.into_iter().find(|p| p.0 == "done").map(|p| p.1)
}

/// Everything the fragment depends on: who may see what, the address, and the revisions of the register itself and of
/// those whose labels it shows, read in this very request.
async fn key(scope: &Scope, spec: &RegisterSpec, rights: &Rights, query: &str) -> Result<String> {
    let mut key = format!("list|{}|{}|{query}|{}", scope.school, spec.id, rights.key(scope));
    key.push_str(&format!("|{}", scope.revision(&spec.id).await?));
    for field in &spec.fields {
        if let FieldKind::Ref(to) = &field.kind {
            key.push_str(&format!(",{}", scope.revision(to).await?));
        }
    }
    if spec.due.is_some() {
        key.push_str(&format!("|{}", scope.today()));
    }
    Ok(key)
}

async fn body(scope: &Scope, spec: &RegisterSpec, rights: &Rights, uri: &Uri) -> Result<Markup> {
    let address = Address::read(spec, uri)?;
    let query = address.query(spec, scope)?;
    let found = query::page(scope, spec, &query, &table::wanted(spec, &query)).await?;
    let pager = Pager {
        page: query.page as u64,
        per_page: query.per as u64,
        total: found.total as u64,
    };
    Ok(html! {
        (page::page_header(&spec.title, about(spec), actions(spec, rights, &address)))
        @if overview::offered(spec) && !narrowed(&address) {
            div #overview hx-get={ "/r/" (spec.id) "/overview" } hx-trigger="load" {}
        }
        (filters::bar(scope, spec, &address).await?)
        div #list {
            (tabs(scope, spec, &address, &query).await?)
            (filters::chips(scope, spec, &address).await?)
            @if found.records.is_empty() {
                (nothing(spec, rights, &address))
            } @else {
                (page::flush_panel("", html! {}, table::render(scope, spec, rights, &address, &query, &found.records)))
                (page::pagination(pager, |number| address.with("page", &number.to_string())))
            }
        }
        (unseal::export_dialog(spec, rights, &address))
    })
}

fn about(spec: &RegisterSpec) -> &str {
    spec.about.lines().next().unwrap_or("")
}

fn actions(spec: &RegisterSpec, rights: &Rights, address: &Address) -> Markup {
    let base = format!("/r/{}", spec.id);
    let columns: Vec<Column<'_>> = {
        let chosen: Vec<&str> = address.get("cols").split(',').filter(|c| !c.is_empty()).collect();
        let shown = |field: &crate::register::spec::FieldSpec| match chosen.is_empty() {
            true => field.list,
            false => chosen.contains(&field.name.as_str()),
        };
        spec.fields
            .iter()
            .map(|field| Column {
                key: &field.name,
                label: &field.label,
                shown: shown(field),
            })
            .collect()
    };
    html! {
        @if rights.writes() { (page::new_button("新建", &format!("{base}/new"))) }
        (page::link_button("导出", &address.url("/export.xlsx"), Some(Icon::Download), Kind::Plain))
        @if rights.writes() {
            (page::link_button("导入", &format!("{base}/import"), Some(Icon::Upload), Kind::Plain))
        }
        (page::column_chooser(&base, &columns, &address.hidden(|name| name == "cols")))
        (page::button_menu("更多", Some(Icon::More), html! {
            a href=(address.url("/list.pdf")) { "打印清单（PDF）" }
            (paper::list_links(spec, address))
            (unseal::export_entry(spec, rights))
            a href={ (base) "/template.xlsx" } { "下载导入模板" }
            @if rights.writes() { a href=(address.with("voided", "1")) { "查看已作废" } }
            @for size in SIZES { a href=(address.with("per", &size.to_string())) { "每页 " (size) " 条" } }
        }))
    }
}

/// One tab a state, each with its count under the other conditions.
async fn tabs(scope: &Scope, spec: &RegisterSpec, address: &Address, query: &ListQuery) -> Result<Markup> {
    if !table::has_states(spec) {
        return Ok(html! {});
    }
    let counts = query::states(scope, spec, query).await?;
    let chosen = address.get("state");
    let mut hrefs = vec![address.with("state", "")];
    hrefs.extend(spec.flow.states.iter().map(|s| address.with("state", &s.name)));
    let mut tabs = vec![Tab {
        title: "全部",
        href: &hrefs[0],
        active: chosen.is_empty(),
        count: Some(counts.iter().map(|c| c.1 as u64).sum()),
    }];
    for (state, href) in spec.flow.states.iter().zip(&hrefs[1..]) {
        tabs.push(Tab {
            title: &state.name,
            href,
            active: chosen == state.name,
            count: Some(
                counts
                    .iter()
                    .find(|c| c.0 == state.name)
                    .map_or(0, |c| c.1 as u64),
            ),
        });
    }
    Ok(page::tabs("状态", &tabs))
}

/// Whether the address asks for a part of the list.
fn narrowed(address: &Address) -> bool {
    let parts = ["q", "state", "voided", "page"];
    address
        .pairs()
        .iter()
        .any(|(name, _)| name.starts_with("f.") || parts.contains(&name.as_str()))
}

fn nothing(spec: &RegisterSpec, rights: &Rights, address: &Address) -> Markup {
    let filtered = narrowed(address);
    let base = format!("/r/{}", spec.id);
    if filtered {
        let text = "换个条件，或清除筛选后再看。";
        let clear = page::link_button("清除筛选", &base, None, Kind::Plain);
        return page::empty("没有符合条件的记录", text, clear);
    }
    let text = match rights.writes() {
        true => "可以逐条新建，也可以下载模板填好后一次导入。",
        false => "还没有人登记，或登记的记录不在您可查看的范围内。",
    };
    let action = html! {
        @if rights.writes() { (page::link_button("新建", &format!("{base}/new"), Some(Icon::Plus), Kind::Primary)) }
    };
    page::empty(&format!("还没有{}", spec.title), text, action)
}
