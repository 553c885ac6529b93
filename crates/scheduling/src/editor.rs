//! One draft: its week by class, teacher or room, what it costs, what was changed by hand.
use crate::drafts::{self, Draft, State};
use crate::facts::{self, Facts};
use crate::grid::{self, DAYS, Week};
use crate::model::{self, Built};
use crate::settings::{self, Settings};
use crate::{desk, pick, publish, run, view};
use axum::extract::{Path, Query};
use calendar::Term;
use kernel::app::Scope;
use kernel::clock::local;
use kernel::error::Result;
use kernel::frame::{self, Frame};
use kernel::page::{self, FilterBar, Happening, Input, Kind as Weight, Tone};
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::HashSet;
use timetable::school::{Place, Report, RoomNeed, Timetable, assess};
use uuid::Uuid;

/// Findings listed on the page.
const FINDINGS: usize = 30;

/// The address of a draft.
pub fn href(id: Uuid) -> String {
    format!("{}/{id}", desk::HERE)
}

/// What the page shows.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Params {
    /// `class`, `teacher` or `room`.
    #[serde(default)]
    by: String,
    #[serde(default)]
    of: String,
    #[serde(default)]
    done: Option<String>,
}

/// A draft with what it is about.
pub(crate) struct Open {
    pub draft: Draft,
    pub term: Term,
    pub facts: Facts,
    pub settings: Settings,
    pub built: Built,
    pub timetable: Timetable,
}

/// Opens a draft.
pub(crate) async fn open(scope: &Scope, id: &str) -> Result<Open> {
    let draft = run::current(scope, pick::must(id)?).await?;
    let (term_id, term) = facts::term_of(scope, Some(draft.term)).await?;
    let facts = facts::load(scope, &term).await?;
    let settings = settings::load(scope, term_id).await?;
    let built = model::build(&facts, &settings);
    let timetable = built.timetable(&draft.places);
    Ok(Open {
        draft,
        term,
        facts,
        settings,
        built,
        timetable,
    })
}

/// A choice of whose week is shown: id and name.
fn subjects(open: &Open, by: &str) -> Vec<(String, String)> {
    let pairs = |ids: &[Uuid], name: &dyn Fn(usize) -> String| -> Vec<(String, String)> {
        ids.iter()
            .enumerate()
            .map(|(at, id)| (id.to_string(), name(at)))
            .collect()
    };
    let school = &open.built.school;
    match by {
        "teacher" => pairs(&open.built.teachers, &|at| school.teachers[at].name.clone()),
        "room" => {
            let used = |room: &Uuid| {
                let at = open.built.rooms.iter().position(|id| id == room);
                open.timetable
                    .places
                    .iter()
                    .flatten()
                    .flatten()
                    .any(|place| place.room.is_some() && place.room == at)
            };
            let mut rooms = pairs(&open.built.rooms, &|at| school.rooms[at].name.clone());
            rooms.retain(|(id, _)| id.parse().is_ok_and(|id| used(&id)));
            rooms
        }
        _ => pairs(&open.built.classes, &|at| school.classes[at].name.clone()),
    }
}

/// Whether a lesson belongs to the week shown.
pub(crate) fn concerns(open: &Open, by: &str, of: Uuid, lesson: usize, place: Option<&Place>) -> bool {
    let row = &open.built.offerings[lesson];
    match by {
        "teacher" => row.teachers().any(|id| id == of),
        "room" => place.is_some_and(|place| open.built.room_of(&open.facts, lesson, place) == Some(of)),
        _ => row.classes.contains(&of),
    }
}

pub(crate) fn periods(settings: &Settings) -> Vec<Markup> {
    (0..settings.grid().periods())
        .map(|p| html! { "第" (p + 1) "节" small { (settings.start(p).get(..2).unwrap_or("")) ":" (settings.start(p).get(2..).unwrap_or("")) } })
        .collect()
}

/// GET /scheduling/{id}
pub async fn page(scope: Scope, Path(id): Path<String>, Query(params): Query<Params>) -> Result<Markup> {
    let open = open(&scope, &id).await?;
    let draft = &open.draft;
    let title = draft.title.clone();
    let frame = Frame::new(title.as_str(), desk::HERE)
        .crumb("排课", desk::HERE)
        .done(params.done.clone());
    if draft.state == State::Running {
        let body = html! { (page::page_header(&title, "正在排课", html! {})) (desk::live(draft)) };
        return frame::page(&scope, frame, body).await;
    }
    let by = match params.by.as_str() {
        by @ ("teacher" | "room") => by,
        _ => "class",
    };
    let choice = subjects(&open, by);
    let of = pick::id(&params.of).or_else(|| choice.first().and_then(|first| pick::id(&first.0)));
    let moves = drafts::moves(&scope, draft.id).await?;
    let undone = moves.iter().find(|one| !one.undone);
    let redoable = drafts::next_move(&scope, draft.id).await?;
    // The rules may have changed since the draft was made.
    let report = assess(&open.built.school, &open.timetable);
    let here = href(draft.id);
    let view = (by, of.map(|id| id.to_string()).unwrap_or_default());
    let hidden = html! { input type="hidden" name="by" value=(view.0); input type="hidden" name="of" value=(view.1); input type="hidden" name="version" value=(draft.version); };
    let weeks: Vec<(String, String)> = publish::weeks(&scope, &open.term)
        .await?
        .into_iter()
        .map(|week| (week.to_string(), view::week_label(&open.term, week)))
        .collect();
    let actions = html! {
        @if let Some(last) = undone {
            form.inline method="post" action={ (here) "/undo" } { (hidden) button.button.plain type="submit" title=(last.said) { "撤销" } }
        }
        @if let Some(next) = &redoable {
            form.inline method="post" action={ (here) "/redo" } { (hidden) button.button.plain type="submit" title=(next.said) { "重做" } }
        }
        @if report.hard == 0 && draft.state == State::Ready {
            form.inline method="post" action={ (here) "/publish" } {
                (page::select(&Input { name: "from", label: "生效周", form: "publish-", ..Input::default() }, &weeks, None))
                (page::submit("发布", Weight::Primary))
            }
        }
    };
    let label = match by {
        "teacher" => "教师",
        "room" => "场所",
        _ => "班级",
    };
    let fields = html! {
        (page::select(&Input { name: "by", label: "查看", value: by, ..Input::default() }, &[("class", "按班级"), ("teacher", "按教师"), ("room", "按场所、实训室")], None))
        (page::select(&Input { name: "of", label, value: &view.1, ..Input::default() }, &choice, None))
    };
    let body = html! {
        (page::page_header_with(&title, desk::state(draft), &draft.message, actions))
        (page::filter_bar(&FilterBar { action: &here, fields: Some(fields), ..FilterBar::default() }))
        @for conflict in &draft.costs.conflicts { (page::callout(Tone::Bad, "", html! { (conflict) })) }
        div.two-columns.timetable-desk {
            div {
                @if let Some(of) = of { (week(&open, by, of)) } @else { (page::empty("没有可看的课表", "先落实教学任务并运行排课。", html! {})) }
                @if let Some(of) = of { (unplaced(&open, by, of)) }
                div #places aria-live="polite" { p.quiet-text { "点一节课（或拖动它），这里列出它可以去的时间。" } }
            }
            div {
                (costs(&report))
                (locks(&open, &here, &hidden, report.hard > 0))
                (keep(&open, &here))
                @if !moves.is_empty() { (page::panel("调整记录", html! {}, page::timeline(&moves.iter().map(|one| Happening {
                    when: local(one.at).format("%m-%d %H:%M").to_string(),
                    who: one.actor.clone(),
                    step: if one.undone { "已撤销".into() } else { "调整".into() },
                    note: one.said.clone(),
                    tone: if one.undone { Tone::Muted } else { Tone::Info },
                    detail: None,
                }).collect::<Vec<_>>()))) }
            }
        }
    };
    frame::page(&scope, frame, body).await
}

/// Its title, and its end.
fn keep(open: &Open, here: &str) -> Markup {
    page::panel(
        "方案",
        html! {},
        html! {
            form.record-form method="post" action={ (here) "/title" } {
                (page::form_grid(page::text(&Input { name: "title", label: "名称", value: &open.draft.title, required: true, ..Input::default() })))
                p { (page::submit("改名", Weight::Plain)) }
            }
            @if open.draft.published_at.is_none() {
                form.inline method="post" action={ (here) "/delete" } { (page::submit("删除这个方案", Weight::Quiet)) }
            }
        },
    )
}

fn ask(open: &Open, lesson: usize, block: usize, by: &str, of: Uuid) -> String {
    format!(
        "{}/places?offering={}&block={block}&by={by}&of={of}",
        href(open.draft.id),
        open.built.offerings[lesson].id
    )
}

fn card(
    open: &Open,
    (lesson, block): (usize, usize),
    place: Option<&Place>,
    by: &str,
    of: Uuid,
    again: bool,
) -> Markup {
    let row = &open.built.offerings[lesson];
    let names: Vec<&str> = row.classes.iter().map(|id| open.facts.class_name(*id)).collect();
    let teachers: Vec<&str> = row.teachers().map(|id| open.facts.person_name(id)).collect();
    let room = place
        .and_then(|place| place.room)
        .filter(|_| open.built.school.lessons[lesson].room != RoomNeed::None);
    let room = room.map_or("", |room| open.built.school.rooms[room].name.as_str());
    let weeks = row.weeks.to_string();
    let (classes, teachers) = (names.join("、"), teachers.join("、"));
    let rest = [
        if by == "class" && names.len() < 2 {
            ""
        } else {
            &classes
        },
        if by == "teacher" { "" } else { &teachers },
        room,
        &weeks,
    ];
    let locked = open.draft.locks.contains(&(row.id, block));
    let url = ask(open, lesson, block, by, of);
    html! {
        a.lesson-pick.locked[locked] href=(url) hx-get=(url) hx-target="#places" draggable="true" data-places=(url) aria-label={ (open.facts.course_name(row.course)) "：可以去的时间" } {
            (grid::lesson(open.facts.course_name(row.course), &rest, again))
            @if locked && !again { span.badge.t-muted { "锁定" } }
        }
    }
}

/// The days drawn: those on which there are lessons, or on which some stand all the same.
pub fn days(open: &Open) -> Vec<usize> {
    let grid = &open.built.school.grid;
    let places = open.timetable.places.iter().flatten().flatten();
    let taken: HashSet<usize> = places.map(|place| grid.at(place.slot).0).collect();
    (0..grid.days)
        .filter(|day| open.settings.opens(*day) || taken.contains(day))
        .collect()
}

/// Their heads.
pub fn heads(days: &[usize]) -> Vec<Markup> {
    days.iter()
        .map(|day| html! { "星期" (DAYS[(*day).min(6)]) })
        .collect()
}

fn week(open: &Open, by: &str, of: Uuid) -> Markup {
    let grid = &open.built.school.grid;
    let days = days(open);
    let column = |day: usize| days.iter().position(|shown| *shown == day).unwrap_or(usize::MAX);
    let heads = heads(&days);
    let mut week = Week::new(
        format!("{}的课表", open.draft.title),
        heads,
        periods(&open.settings),
    );
    week.slots = days
        .iter()
        .map(|&day| (0..grid.periods()).map(|p| grid.slot(day, p)).collect())
        .collect();
    for (lesson, blocks) in open.timetable.places.iter().enumerate() {
        for (block, place) in blocks.iter().enumerate() {
            let Some(place) = place
                .as_ref()
                .filter(|place| concerns(open, by, of, lesson, Some(place)))
            else {
                continue;
            };
            let (day, period) = grid.at(place.slot);
            for n in 0..open.built.school.lessons[lesson].blocks[block] {
                week.add(
                    column(day),
                    period + n,
                    card(open, (lesson, block), Some(place), by, of, n > 0),
                );
            }
        }
    }
    for (day, periods) in open.settings.shut() {
        for period in periods {
            week.add(column(day), period, html! { div.lesson.lost { "不上课" } });
        }
    }
    for closing in open
        .settings
        .closed
        .iter()
        .filter(|one| closing_concerns(&open.facts, one.of, by, of))
    {
        for period in closing.from..=closing.to {
            week.add(
                column(closing.day),
                period,
                html! { div.lesson.fixed { (closing.reason) } },
            );
        }
    }
    week.draw()
}

/// Whether a closing belongs to the week of a class, a person or a room.
pub(crate) fn closing_concerns(facts: &Facts, whom: settings::Whom, by: &str, of: Uuid) -> bool {
    match whom {
        settings::Whom::Classes => by == "class",
        settings::Whom::Unit(unit) => by == "teacher" && facts.person(of).is_some_and(|row| row.unit == unit),
        settings::Whom::Person(id) => by == "teacher" && id == of,
        settings::Whom::Room(id) => by == "room" && id == of,
    }
}

fn unplaced(open: &Open, by: &str, of: Uuid) -> Markup {
    let list: Vec<(usize, usize)> = open
        .timetable
        .places
        .iter()
        .enumerate()
        .filter(|(lesson, _)| concerns(open, by, of, *lesson, None))
        .flat_map(|(lesson, blocks)| {
            blocks
                .iter()
                .enumerate()
                .filter(|(_, place)| place.is_none())
                .map(move |(block, _)| (lesson, block))
        })
        .collect();
    html! { @if !list.is_empty() { (page::panel("没排上的课", html! {}, html! {
        div.waiting { @for at in list { (card(open, at, None, by, of, false)) } }
    })) } }
}

fn costs(report: &Report) -> Markup {
    let mut findings: Vec<_> = report.findings.iter().collect();
    findings.sort_by_key(|finding| (!finding.hard, -finding.cost));
    let (hard, soft) = (report.hard.to_string(), report.soft.to_string());
    page::panel(
        "代价与问题",
        html! {},
        html! {
            (page::stats(&[
                page::Stat { label: "必须项冲突", value: &hard, tone: (report.hard > 0).then_some(Tone::Bad), ..page::Stat::default() },
                page::Stat { label: "尽量项代价", value: &soft, ..page::Stat::default() },
            ]))
            ul.plain-list { @for finding in findings.iter().take(FINDINGS) { li {
                (page::badge(if finding.hard { Tone::Bad } else { Tone::Warn }, finding.label)) " " (finding.text) " " small { "代价 " (finding.cost) }
            } } }
            @if findings.len() > FINDINGS { p.quiet-text { "还有 " (findings.len() - FINDINGS) " 处。" } }
        },
    )
}

fn locks(open: &Open, here: &str, hidden: &Markup, broken: bool) -> Markup {
    let count = open.draft.locks.len();
    page::panel(
        "锁定",
        html! {},
        html! {
            p { "已锁定 " (count) " 节课；从这个方案再排时它们不动。" }
            form.inline method="post" action={ (here) "/lock" } { (hidden) input type="hidden" name="what" value="shown"; (page::submit("锁定当前所见", Weight::Plain)) }
            @if count > 0 { form.inline method="post" action={ (here) "/lock" } { (hidden) input type="hidden" name="what" value="none"; (page::submit("全部解锁", Weight::Quiet)) } }
            form.inline method="post" action="/scheduling/runs" {
                input type="hidden" name="term" value=(open.draft.term); input type="hidden" name="base" value=(open.draft.id); input type="hidden" name="seconds" value="60";
                (page::submit("从这里再排 1 分钟", Weight::Plain))
            }
            @if broken {
                form.inline method="post" action="/scheduling/runs" {
                    input type="hidden" name="term" value=(open.draft.term); input type="hidden" name="base" value=(open.draft.id); input type="hidden" name="seconds" value="20"; input type="hidden" name="least" value="true";
                    (page::submit("按最少改动修好", Weight::Primary))
                }
            }
        },
    )
}
