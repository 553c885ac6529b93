//! The review (逐条确认): the text with its commitments marked on the left, their cards on the right.
use super::card::{self, mark_kind, mark_state};
use super::names::Names;
use super::{HERE, edit_form, editable, head, start};
use crate::model::{Commitment, Kind, Plan, PlanState, Section, Status, decode};
use crate::publish::check::Obstacle;
use crate::store;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::app::Scope;
use kernel::error::{Result, Violation};
use kernel::frame::{self, Frame};
use kernel::page::{self, Confirm, Mark, Review, Tab, Tone};
use kernel::register::field::ChoiceList;
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

/// The id of the split view.
const VIEW: &str = "review";

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub struct Params {
    kind: Option<String>,
    status: Option<String>,
    edit: Option<Uuid>,
    done: Option<String>,
}

/// What is to be shown of a plan.
#[derive(Debug, Default)]
pub struct Shown {
    /// Only cards of this kind.
    pub kind: Option<Kind>,
    /// Only cards decided like this.
    pub status: Option<Status>,
    /// The card that is open as a form.
    pub edit: Option<Uuid>,
    /// What is wrong with what was posted from that form.
    pub faults: Vec<Violation>,
    /// What has just been done.
    pub done: Option<String>,
    /// Why the plan could not be published.
    pub obstacles: Vec<Obstacle>,
}

impl Shown {
    fn covers(&self, c: &Commitment) -> bool {
        self.edit == Some(c.id)
            || (self.kind.is_none_or(|kind| kind == c.kind) && self.status.is_none_or(|s| s == c.status))
    }
}

/// GET /plans/{id}/review; of a published plan the document.
pub async fn page(scope: Scope, Path(id): Path<Uuid>, Query(params): Query<Params>) -> Result<Response> {
    let plan = editable(&scope, id).await?;
    if !plan.open() {
        return Ok(Redirect::to(&format!("/plans/{id}")).into_response());
    }
    let shown = Shown {
        kind: params.kind.as_deref().and_then(decode),
        status: params.status.as_deref().and_then(decode),
        edit: params.edit,
        done: params.done,
        ..Shown::default()
    };
    Ok(render(&scope, &plan, shown).await?.into_response())
}

/// The whole page.
pub async fn render(scope: &Scope, plan: &Plan, shown: Shown) -> Result<Markup> {
    let body = store::body(scope, plan.text_id()).await?;
    let sections = store::sections(scope, plan.text_id()).await?;
    let all = store::commitments(scope, plan.id).await?;
    let names = Names::load(scope, &all).await?;
    let add = format!("/plans/{}/add", plan.id);
    let chosen: Vec<&Commitment> = all.iter().filter(|c| shown.covers(c)).collect();
    let mut cards = vec![];
    for c in &chosen {
        cards.push(if shown.edit == Some(c.id) {
            edit_form::card(scope, plan, c, &shown.faults).await?
        } else {
            card::card(c, &names, None)
        });
    }
    let view = Review {
        id: VIEW,
        add: Some(&add),
        text_title: "计划原文（选中文字可添加承诺）",
        text: marked(&body, &sections, &all),
        cards_title: "承诺",
        cards: html! {
            div data-rows="" {
                @for card in &cards { (card) }
                @if cards.is_empty() { (page::empty("没有符合条件的承诺", "换一个筛选条件，或在左边选中文字添加。", html! {})) }
            }
        },
    };
    let content = html! {
        (header(scope, plan, &all).await?)
        (blocked(plan, &shown.obstacles))
        (card::progress(&all, false))
        (filters(plan, &all, &shown))
        (page::review(&view))
    };
    let frame = Frame::new(plan.title.as_str(), HERE)
        .crumb("工作计划", HERE)
        .done(shown.done);
    frame::page(scope, frame, content).await
}

/// The text with a mark for every commitment that has not been rejected.
pub fn marked(body: &str, sections: &[Section], commitments: &[Commitment]) -> Markup {
    let ids: Vec<String> = commitments.iter().map(|c| c.id.to_string()).collect();
    let marks: Vec<Mark<'_>> = commitments
        .iter()
        .zip(&ids)
        .map(|(c, id)| Mark {
            id,
            start: c.start as usize,
            end: c.end as usize,
            kind: mark_kind(c.kind),
            state: mark_state(c.status),
        })
        .collect();
    page::plan_text(body, &headings(body, sections), &marks)
}

/// The lines that begin a titled section, by their first code point.
fn headings(body: &str, sections: &[Section]) -> Vec<(usize, u8)> {
    let mut starts = vec![0];
    starts.extend(
        body.chars()
            .enumerate()
            .filter(|(_, c)| *c == '\n')
            .map(|(at, _)| at + 1),
    );
    let line_of = |place: usize| starts[starts.partition_point(|start| *start <= place) - 1];
    sections
        .iter()
        .filter(|s| !s.heading.is_empty())
        .map(|s| (line_of(s.start as usize), u8::try_from(s.level).unwrap_or(4)))
        .collect()
}

async fn header(scope: &Scope, plan: &Plan, all: &[Commitment]) -> Result<Markup> {
    let calendar = kernel::term::load(scope).await?;
    let term = calendar.term(plan.term).map(|t| t.name()).unwrap_or_default();
    let file = if plan.file_name.is_empty() {
        "粘贴的正文"
    } else {
        &plan.file_name
    };
    let note = format!("{term} · {file} · 每一步都已自动保存，可以随时离开再回来");
    let badges = page::badge(start::tone(plan.state), plan.state.label());
    let open = all.iter().filter(|c| c.status == Status::Suggested).count();
    let actions = html! {
        (page::dialog_button("计划信息", head::DIALOG, None, page::Kind::Plain))
        @if open > 0 { (page::dialog_button("全部接受", "accept-all", None, page::Kind::Plain)) }
        @if plan.state == PlanState::Revision { (page::dialog_button("放弃修订", "drop-revision", None, page::Kind::Danger)) }
        (page::dialog_button(if plan.state == PlanState::Revision { "发布修订" } else { "发布" }, "publish", None, page::Kind::Primary))
    };
    Ok(html! {
        (page::page_header_with(&plan.title, badges, &note, actions))
        (head::dialog(scope, plan).await?)
        (dialogs(plan, open))
    })
}

fn dialogs(plan: &Plan, open: usize) -> Markup {
    let to = |what: &str| format!("/plans/{}/{what}", plan.id);
    let revision = plan.state == PlanState::Revision;
    let accept = format!("{open} 条待确认的承诺将全部标为已接受；之后仍可逐条修改或改为拒绝。");
    let publish = if revision {
        "看板和本周工作改按修订后的承诺计算；修订前的版本保留备查。"
    } else {
        "发布后全校可见，看板开始按承诺逐条对照；以后的改动须写明理由，成为新的版本。"
    };
    html! {
        (page::confirm("accept-all", &Confirm { title: "全部接受", text: &accept, action: &to("accept-all"), button: "全部接受", danger: false, reason: None }))
        (page::confirm("publish", &Confirm { title: "发布计划", text: publish, action: &to("publish"), button: "发布", danger: false, reason: revision.then_some("修订理由") }))
        @if revision {
            (page::confirm("drop-revision", &Confirm { title: "放弃修订", text: "这份修订稿不再发布，现行版本不变。", action: &to("drop"), button: "放弃修订", danger: true, reason: None }))
        }
    }
}

/// Why the plan was not published: every obstacle with a link to its card.
fn blocked(plan: &Plan, obstacles: &[Obstacle]) -> Markup {
    let unbound = obstacles.iter().filter_map(|o| o.commitment.as_ref());
    let unbound = unbound
        .filter(|c| {
            crate::publish::check::missing(c)
                .iter()
                .any(|(field, _)| *field == "binding")
        })
        .count();
    let title = format!("没有发布：有 {} 处需要先处理", obstacles.len());
    html! {
        @if !obstacles.is_empty() {
            (page::callout(Tone::Bad, &title, html! {
                ul {
                    @for o in obstacles {
                        li {
                            @match &o.commitment {
                                Some(c) => { a href={ "/plans/" (plan.id) "/review?edit=" (c.id) "#card-" (c.id) } { (c.title) } "：" (o.message) }
                                None => (o.message),
                            }
                        }
                    }
                }
                @if unbound > 0 { (page::post_button(&format!("把 {unbound} 条没有来源的承诺改为手工填报"), &format!("/plans/{}/manual", plan.id), page::Kind::Plain)) }
            }))
        }
    }
}

fn filters(plan: &Plan, all: &[Commitment], shown: &Shown) -> Markup {
    let link = |kind: Option<Kind>, status: Option<Status>| {
        let mut pairs = vec![];
        pairs.extend(kind.map(|k| format!("kind={}", k.code())));
        pairs.extend(status.map(|s| format!("status={}", s.code())));
        format!("/plans/{}/review?{}", plan.id, pairs.join("&"))
    };
    let count = |kind: Option<Kind>, status: Option<Status>| {
        let fits = |c: &&Commitment| kind.is_none_or(|k| k == c.kind) && status.is_none_or(|s| s == c.status);
        Some(all.iter().filter(fits).count() as u64)
    };
    let kinds: Vec<(Option<Kind>, &str)> = std::iter::once((None, "全部类别"))
        .chain(Kind::ALL.iter().map(|(kind, _, label)| (Some(*kind), *label)))
        .collect();
    let states: Vec<(Option<Status>, &str)> = std::iter::once((None, "全部"))
        .chain(
            Status::ALL
                .iter()
                .map(|(status, _, label)| (Some(*status), *label)),
        )
        .collect();
    let hrefs: Vec<String> = kinds.iter().map(|(kind, _)| link(*kind, shown.status)).collect();
    let by_kind: Vec<Tab<'_>> = kinds
        .iter()
        .zip(&hrefs)
        .map(|((kind, title), href)| Tab {
            title,
            href,
            active: *kind == shown.kind,
            count: count(*kind, shown.status),
        })
        .collect();
    let hrefs: Vec<String> = states
        .iter()
        .map(|(status, _)| link(shown.kind, *status))
        .collect();
    let by_state: Vec<Tab<'_>> = states
        .iter()
        .zip(&hrefs)
        .map(|((status, title), href)| Tab {
            title,
            href,
            active: *status == shown.status,
            count: count(shown.kind, *status),
        })
        .collect();
    html! { (page::tabs("按类别筛选", &by_kind)) (page::tabs("按确认情况筛选", &by_state)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_marks_the_line_it_stands_on() {
        let section = Section {
            id: Uuid::nil(),
            position: 0,
            number: "一、".into(),
            heading: "目标".into(),
            level: 1,
            start: 5,
            end: 9,
        };
        let plain = Section {
            heading: String::new(),
            ..section.clone()
        };
        assert_eq!(headings("标题\n　　一、目标\n文", &[section, plain]), [(3, 1)]);
    }
}
