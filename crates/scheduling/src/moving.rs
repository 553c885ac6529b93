//! Changes of a draft by hand: where a lesson may go and why not, the move itself, undo, locks.
use crate::drafts::{self, Block, Hand};
use crate::editor::{self, Open, concerns, href, open, periods};
use crate::grid::Week;
use crate::{desk, pick, run};
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::HeaderMap;
use axum::response::Redirect;
use kernel::app::Scope;
use kernel::error::{Error, Result};
use kernel::frame::{self, Frame};
use kernel::page::{self, Kind as Weight};
use maud::{Markup, html};
use serde::Deserialize;
use timetable::school::{Place, RoomNeed, places};
use uuid::Uuid;

/// Which block, and the week it was seen in.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    offering: String,
    #[serde(default)]
    block: usize,
    #[serde(default)]
    by: String,
    #[serde(default)]
    of: String,
    /// The version the person saw.
    #[serde(default)]
    version: i64,
    /// `day * periods + period`; empty takes the lesson out.
    #[serde(default)]
    slot: String,
    #[serde(default)]
    room: String,
    /// For locks: `one`, `shown` or `none`.
    #[serde(default)]
    what: String,
}

impl Asked {
    fn block(&self, open: &Open) -> Result<(usize, usize)> {
        let lesson = open
            .built
            .lesson(pick::must(&self.offering)?)
            .ok_or(Error::NotFound)?;
        match self.block < open.built.school.lessons[lesson].blocks.len() {
            true => Ok((lesson, self.block)),
            false => Err(Error::NotFound),
        }
    }

    fn back(&self, id: Uuid, said: &str) -> Redirect {
        let by = match self.by.as_str() {
            by @ ("teacher" | "room") => by,
            _ => "class",
        };
        let of = pick::id(&self.of).map(|id| id.to_string()).unwrap_or_default();
        Redirect::to(&pick::done(&format!("{}?by={by}&of={of}", href(id)), said))
    }
}

async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::Internal(error.into()))
}

/// GET /scheduling/{id}/places: where one block may go, as a small week of buttons.
pub async fn show_places(
    scope: Scope,
    Path(id): Path<String>,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Markup> {
    let open = open(&scope, &id).await?;
    let (lesson, block) = asked.block(&open)?;
    let (school, timetable) = (open.built.school.clone(), open.timetable.clone());
    let choices = aside(move || places(&school, &timetable, lesson, block)).await?;
    let (school, grid) = (&open.built.school, &open.built.school.grid);
    let now = open.timetable.places[lesson][block];
    let days = editor::days(&open);
    let mut week = Week::new(
        format!("{}可以去的时间", school.lesson_name(lesson)),
        editor::heads(&days),
        periods(&open.settings),
    );
    let here = href(open.draft.id);
    let hidden = html! {
        input type="hidden" name="offering" value=(open.built.offerings[lesson].id); input type="hidden" name="block" value=(block);
        input type="hidden" name="by" value=(asked.by); input type="hidden" name="of" value=(asked.of); input type="hidden" name="version" value=(open.draft.version);
    };
    for choice in &choices {
        let (day, period) = grid.at(choice.place.slot);
        let room = choice
            .place
            .room
            .map(|room| school.rooms[room].name.as_str())
            .unwrap_or("");
        let soft = match choice.soft {
            0 => "不变".to_owned(),
            soft => format!("代价{soft:+}"),
        };
        let why = choice.reasons.join("；");
        let current = now.is_some_and(|now| now.slot == choice.place.slot);
        let Some(column) = days.iter().position(|shown| *shown == day) else {
            continue;
        };
        week.add(column, period, html! {
            @if current { span.slot.slot-now { "现在" } }
            @else if choice.hard <= 0 {
                form.inline method="post" action={ (here) "/move" } {
                    (hidden) input type="hidden" name="slot" value=(choice.place.slot);
                    @if let Some(room) = choice.place.room { input type="hidden" name="room" value=(open.built.rooms[room]); }
                    button.slot.slot-free type="submit" data-free=(choice.place.slot) { "可以 " small { (soft) " " (room) } }
                }
            } @else { span.slot.slot-bad data-why=(choice.place.slot) title=(why) { "不行 " small { (why) } } }
        });
    }
    let locked = open
        .draft
        .locks
        .contains(&(open.built.offerings[lesson].id, block));
    let list = html! { section.panel { div.panel-head { h2 { (school.lesson_name(lesson)) "（" (school.lessons[lesson].blocks[block]) " 节）" } }
        div.panel-body {
            form.inline method="post" action={ (here) "/lock" } { (hidden) input type="hidden" name="what" value="one"; (page::submit(if locked { "解锁" } else { "锁定" }, Weight::Plain)) }
            @if now.is_some() { form.inline method="post" action={ (here) "/move" } { (hidden) input type="hidden" name="slot" value=""; (page::submit("先移出课表", Weight::Quiet)) } }
            (week.draw())
        }
    } };
    if headers.contains_key("hx-request") {
        return Ok(list);
    }
    let frame = Frame::new("调整", desk::HERE).crumb(open.draft.title.as_str(), href(open.draft.id));
    frame::page(&scope, frame, list).await
}

/// POST /scheduling/{id}/move
pub async fn shift(scope: Scope, Path(id): Path<String>, Form(asked): Form<Asked>) -> Result<Redirect> {
    let open = open(&scope, &id).await?;
    let (lesson, block) = asked.block(&open)?;
    let grid = &open.built.school.grid;
    let mut after = open.timetable.clone();
    let length = open.built.school.lessons[lesson].blocks[block];
    let to = match asked.slot.trim() {
        "" => None,
        slot => {
            let slot: usize = slot.parse().map_err(|_| Error::invalid("slot", "请选择时间"))?;
            if !grid.fits(slot, length) {
                return Err(Error::invalid("slot", "这个时间放不下这节课"));
            }
            let room =
                pick::id(&asked.room).and_then(|id| open.built.rooms.iter().position(|room| *room == id));
            let room = match &open.built.school.lessons[lesson].room {
                RoomNeed::None => None,
                RoomNeed::Room(room) => Some(*room),
                RoomNeed::Any { .. } => Some(room.ok_or_else(|| Error::invalid("room", "请选择场所"))?),
            };
            Some(Place { slot, room })
        }
    };
    if open
        .draft
        .locks
        .contains(&(open.built.offerings[lesson].id, block))
    {
        return Err(Error::Conflict("这节课已锁定，请先解锁".into()));
    }
    after.places[lesson][block] = to;
    let name = open.built.school.lesson_name(lesson);
    let said = match to {
        Some(place) => format!("{name}移到{}", grid.name(place.slot)),
        None => format!("{name}移出课表"),
    };
    let places = open.built.places(&after);
    let costs = run::costs_of(&open.built, &places);
    let version = if asked.version > 0 {
        asked.version
    } else {
        open.draft.version
    };
    drafts::change(
        &scope,
        open.draft.id,
        Hand {
            version,
            said: &said,
            places,
            costs,
        },
    )
    .await?;
    Ok(asked.back(open.draft.id, &said))
}

/// POST /scheduling/{id}/undo
pub async fn undo(scope: Scope, Path(id): Path<String>, Form(asked): Form<Asked>) -> Result<Redirect> {
    let open = open(&scope, &id).await?;
    let Some(step) = drafts::last_move(&scope, open.draft.id).await? else {
        return Err(Error::Conflict("没有可以撤销的调整".into()));
    };
    let costs = run::costs_of(&open.built, &step.places);
    drafts::undo(&scope, &open.draft, &step, &costs).await?;
    Ok(asked.back(open.draft.id, &format!("已撤销：{}", step.said)))
}

/// POST /scheduling/{id}/redo
pub async fn redo(scope: Scope, Path(id): Path<String>, Form(asked): Form<Asked>) -> Result<Redirect> {
    let open = open(&scope, &id).await?;
    let Some(step) = drafts::next_move(&scope, open.draft.id).await? else {
        return Err(Error::Conflict("没有可以重做的调整".into()));
    };
    let costs = run::costs_of(&open.built, &step.places);
    drafts::redo(&scope, &open.draft, &step, &costs).await?;
    Ok(asked.back(open.draft.id, &format!("已重做：{}", step.said)))
}

/// POST /scheduling/{id}/lock
pub async fn lock(scope: Scope, Path(id): Path<String>, Form(asked): Form<Asked>) -> Result<Redirect> {
    let open = open(&scope, &id).await?;
    let mut locks: Vec<Block> = open.draft.locks.clone();
    let said = match asked.what.as_str() {
        "none" => {
            locks.clear();
            "全部解锁".to_owned()
        }
        "shown" => {
            let of = pick::must(&asked.of)?;
            let before = locks.len();
            for (lesson, blocks) in open.timetable.places.iter().enumerate() {
                for (block, place) in blocks.iter().enumerate() {
                    let key = (open.built.offerings[lesson].id, block);
                    let shown = place
                        .as_ref()
                        .is_some_and(|place| concerns(&open, &asked.by, of, lesson, Some(place)));
                    if shown && !locks.contains(&key) {
                        locks.push(key);
                    }
                }
            }
            format!("锁定 {} 节课", locks.len() - before)
        }
        _ => {
            let (lesson, block) = asked.block(&open)?;
            let key = (open.built.offerings[lesson].id, block);
            let name = open.built.school.lesson_name(lesson);
            if locks.contains(&key) {
                locks.retain(|other| *other != key);
                format!("解锁{name}")
            } else if open.timetable.places[lesson][block].is_some() {
                locks.push(key);
                format!("锁定{name}")
            } else {
                return Err(Error::Conflict("没排上的课不能锁定".into()));
            }
        }
    };
    drafts::lock(&scope, &open.draft, &locks, &said).await?;
    Ok(asked.back(open.draft.id, &said))
}
