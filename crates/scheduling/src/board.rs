//! The page 任务落实 (B4): what every class is taught, who still lacks a teacher, how much every teacher has.
use crate::facts::{self, Facts, OfferingRow};
use crate::offering::OPEN;
use crate::settings;
use crate::{fill, pick};
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::access::{self, Place};
use kernel::app::Scope;
use kernel::args;
use kernel::error::{Error, Result};
use kernel::frame::{self, Frame};
use kernel::page::{self, FilterBar, Input, Kind as Weight, Narrow, Stat, Tab, Tone};
use kernel::register::store::{self, Change};
use kernel::value::Value;
use maud::{Markup, html};
use people::roles::TEACHING_OFFICE;
use serde::Deserialize;
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

/// Address of the page.
pub const HERE: &str = "/offerings";
/// At most this many rows are shown at once.
const SHOWN: usize = 120;

/// What the page shows; all in the address.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    term: String,
    #[serde(default)]
    tab: String,
    #[serde(default)]
    class: String,
    #[serde(default)]
    done: Option<String>,
}

/// A teacher's load.
struct Load {
    id: Uuid,
    tasks: usize,
    classes: HashSet<Uuid>,
    weekly: i64,
}

fn loads(facts: &Facts) -> Vec<Load> {
    let mut by: BTreeMap<Uuid, Load> = BTreeMap::new();
    for row in &facts.offerings {
        for id in row.teachers() {
            let load = by.entry(id).or_insert(Load {
                id,
                tasks: 0,
                classes: HashSet::new(),
                weekly: 0,
            });
            load.tasks += 1;
            load.classes.extend(&row.classes);
            load.weekly += row.weekly;
        }
    }
    let mut list: Vec<Load> = by.into_values().collect();
    list.sort_by_key(|load| (-load.weekly, facts.person_name(load.id).to_owned()));
    list
}

/// Teachers with a certificate: on their own record, or a verified one in the register of certificates.
async fn certified(scope: &Scope, facts: &Facts) -> Result<HashSet<Uuid>> {
    let sql = "select f_teacher from r_teacher_certificate where school_id = $1 and f_kind = $2 and state = $3 \
               and void_reason is null";
    let mut known: HashSet<Uuid> = facts
        .staff
        .iter()
        .filter(|row| row.certified)
        .map(|row| row.id)
        .collect();
    for row in scope
        .db()
        .all(sql, args![scope.school, "teacher", "有效"])
        .await?
    {
        known.insert(row.at(0)?);
    }
    Ok(known)
}

/// Whether the person may say who teaches it.
fn may(scope: &Scope, row: &OfferingRow) -> Result<bool> {
    let spec = scope.register("offering")?;
    let place = Place {
        path: row.path.clone(),
        owner: None,
        created_by: Uuid::nil(),
    };
    Ok(access::writable(&scope.actor, spec).covers(&scope.actor, &place))
}

/// GET /offerings
pub async fn page(scope: Scope, Query(params): Query<Params>) -> Result<Markup> {
    let (term_id, term) = facts::term_of(&scope, pick::id(&params.term)).await?;
    let facts = facts::load(&scope, &term).await?;
    let settings = settings::load(&scope, term_id).await?;
    let (loads, certified) = (loads(&facts), certified(&scope, &facts).await?);
    let open: Vec<&OfferingRow> = facts
        .offerings
        .iter()
        .filter(|row| row.teacher.is_none())
        .collect();
    let over = loads.iter().filter(|load| load.weekly > settings.most).count();
    let unqualified = loads.iter().filter(|load| !certified.contains(&load.id)).count();
    let office = scope.actor.holds(&[TEACHING_OFFICE]);
    let hidden = term_id.to_string();
    let actions = html! {
        @if office {
            form.inline method="post" action="/offerings/generate" { input type="hidden" name="term" value=(hidden); (page::submit("从培养方案生成", Weight::Primary)) }
            form.inline method="post" action="/offerings/copy" { input type="hidden" name="term" value=(hidden); (page::submit("复制上学期（含课表）", Weight::Plain)) }
        }
        (page::link_button("台账与 Excel", "/r/offering", None, Weight::Plain))
    };
    let (all, lacking, many) = (
        facts.offerings.len().to_string(),
        open.len().to_string(),
        over.to_string(),
    );
    let without = unqualified.to_string();
    let stats = page::stats(&[
        Stat {
            label: "教学任务",
            value: &all,
            ..Stat::default()
        },
        Stat {
            label: "还没有教师",
            value: &lacking,
            ..Stat::default()
        },
        Stat {
            label: "超课时教师",
            value: &many,
            ..Stat::default()
        },
        Stat {
            label: "缺教师资格证",
            value: &without,
            ..Stat::default()
        },
    ]);
    let href = |tab: &str| format!("{HERE}?term={term_id}&tab={tab}");
    let (classes, gaps, teachers) = (href(""), href("open"), href("teachers"));
    let tabs = page::tabs(
        "任务落实",
        &[
            Tab {
                title: "按班级",
                href: &classes,
                active: params.tab.is_empty(),
                count: None,
            },
            Tab {
                title: "未落实",
                href: &gaps,
                active: params.tab == "open",
                count: Some(open.len() as u64),
            },
            Tab {
                title: "教师课时",
                href: &teachers,
                active: params.tab == "teachers",
                count: None,
            },
        ],
    );
    let class = pick::id(&params.class).or_else(|| facts.offerings.first().map(|row| row.classes[0]));
    let shown: Vec<&OfferingRow> = match params.tab.as_str() {
        "open" => open,
        _ => facts
            .offerings
            .iter()
            .filter(|row| class.is_some_and(|id| row.classes.contains(&id)))
            .collect(),
    };
    let body = html! {
        (page::page_header("任务落实", &format!("{}：每个班每门课由谁上、每周几节、在哪里上。选教师即保存。", term.name()), actions))
        (stats)
        (tabs)
        (filters(&scope, &facts, &params, term_id, class).await?)
        @if params.tab == "teachers" {
            (teacher_table(&facts, &loads, &certified, settings.most))
        } @else if shown.is_empty() {
            (page::empty("没有教学任务", "先从培养方案生成，或复制上学期的教学任务。", html! {}))
        } @else {
            (table(&scope, &facts, &shown)?)
            @if shown.len() > SHOWN { p.quiet-text { "只列出前 " (SHOWN) " 条，落实后其余的会补上来。" } }
        }
    };
    frame::page(&scope, Frame::new("任务落实", HERE).done(params.done), body).await
}

async fn filters(
    scope: &Scope,
    facts: &Facts,
    params: &Params,
    term: Uuid,
    class: Option<Uuid>,
) -> Result<Markup> {
    let options: Vec<(String, &str)> = facts
        .classes
        .iter()
        .filter(|row| row.attending)
        .map(|row| (row.id.to_string(), row.name.as_str()))
        .collect();
    let value = class.map(|id| id.to_string()).unwrap_or_default();
    let fields = html! {
        (pick::terms(scope, term).await?)
        @if params.tab.is_empty() {
            (page::select(&Input { name: "class", label: "班级", value: &value, ..Input::default() }, &options, None))
        }
    };
    Ok(page::filter_bar(&FilterBar {
        action: HERE,
        fields: Some(fields),
        hidden: &[("tab", &params.tab)],
        ..FilterBar::default()
    }))
}

fn table(scope: &Scope, facts: &Facts, rows: &[&OfferingRow]) -> Result<Markup> {
    let mut lines = vec![];
    for row in rows.iter().take(SHOWN) {
        lines.push(line(facts, row, may(scope, row)?, None));
    }
    Ok(page::table(
        "教学任务",
        Narrow::Cards,
        html! { tr {
            (page::th("课程")) (page::th("班级")) (page::th_num("周课时")) (page::th("连排")) (page::th("周次"))
            (page::th("场所")) (page::th("任课教师")) (page::th("状态"))
        } },
        html! { @for line in lines { (line) } },
    ))
}

fn place(facts: &Facts, row: &OfferingRow) -> String {
    match row.need.as_str() {
        "room" => facts
            .rooms
            .iter()
            .find(|room| Some(room.id) == row.room)
            .map_or_else(|| "指定场所".into(), |room| room.name.clone()),
        "kind" => row
            .kind
            .as_ref()
            .and_then(|code| facts.kinds.get(code))
            .cloned()
            .unwrap_or_default(),
        _ => "本班教室".into(),
    }
}

/// A row; it replaces itself when a teacher is chosen.
fn line(facts: &Facts, row: &OfferingRow, may: bool, said: Option<(Tone, &str)>) -> Markup {
    let blocks: Vec<String> = row.blocks.iter().map(usize::to_string).collect();
    let names: Vec<&str> = row.classes.iter().map(|id| facts.class_name(*id)).collect();
    let href = format!("/r/offering/{}", row.id);
    let action = format!("/offerings/{}/teacher", row.id);
    let tone = if row.state == OPEN { Tone::Warn } else { Tone::Ok };
    html! {
        tr id={ "o-" (row.id) } {
            (page::td("课程", html! { a href=(href) { (facts.course_name(row.course)) } }))
            (page::td("班级", html! { (names.join("、")) }))
            (page::td_num("周课时", row.weekly))
            (page::td("连排", html! { (blocks.join("+")) }))
            (page::td("周次", html! { (row.weeks) }))
            (page::td("场所", html! { (place(facts, row)) }))
            (page::td("任课教师", html! {
                @if may {
                    form.inline method="post" action=(action) hx-post=(action) hx-trigger="change" hx-target="closest tr" hx-swap="outerHTML" {
                        input type="hidden" name="version" value=(row.version);
                        (pick::bare_select("teacher", "任课教师", options(facts, row)))
                        noscript { (page::submit("保存", Weight::Quiet)) }
                    }
                } @else { (row.teacher.map_or("—", |id| facts.person_name(id))) }
                @if let Some(second) = row.second { " 同堂：" (facts.person_name(second)) }
            }))
            (page::td("状态", html! {
                (page::state_dot(tone, &row.state))
                @if let Some((tone, text)) = said { " " (page::badge(tone, text)) }
            }))
        }
    }
}

fn options(facts: &Facts, row: &OfferingRow) -> Markup {
    html! {
        @if row.teacher.is_none() { option value="" { "请选择教师" } }
        @for person in fill::candidates(facts, row.course) {
            option value=(person.id) selected[row.teacher == Some(person.id)] { (person.name) "（" (facts.unit_name(person.unit)) "）" }
        }
    }
}

fn teacher_table(facts: &Facts, loads: &[Load], certified: &HashSet<Uuid>, most: i64) -> Markup {
    page::table(
        "教师课时",
        Narrow::Cards,
        html! { tr { (page::th("教师")) (page::th("部门")) (page::th_num("任务")) (page::th_num("班级")) (page::th_num("周课时")) (page::th("提醒")) } },
        html! { @for load in loads { tr {
            (page::td("教师", html! { a href={ "/r/offering?f.teacher=" (load.id) } { (facts.person_name(load.id)) } }))
            (page::td("部门", html! { (facts.person(load.id).map_or("", |row| facts.unit_name(row.unit))) }))
            (page::td_num("任务", load.tasks))
            (page::td_num("班级", load.classes.len()))
            (page::td_num("周课时", load.weekly))
            (page::td("提醒", html! {
                @if load.weekly > most { (page::badge(Tone::Late, &format!("超过 {most} 节"))) " " }
                @if !certified.contains(&load.id) { (page::badge(Tone::Warn, "缺教师资格证")) }
            }))
        } } },
    )
}

/// Who was chosen.
#[derive(Debug, Deserialize)]
pub struct Chosen {
    #[serde(default)]
    teacher: String,
    #[serde(default)]
    version: i64,
}

/// POST /offerings/{id}/teacher
pub async fn assign(
    scope: Scope,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(chosen): Form<Chosen>,
) -> Result<Response> {
    let id = pick::must(&id)?;
    let spec = scope.register("offering")?;
    let record = store::get(&scope, spec, id).await?;
    let teacher = pick::id(&chosen.teacher).ok_or_else(|| Error::invalid("teacher", "请选择任课教师"))?;
    let at = spec.index("teacher").ok_or(Error::NotFound)?;
    let mut values = record.values.clone();
    values[at] = Value::Id(teacher);
    let change = Change {
        version: if chosen.version > 0 {
            chosen.version
        } else {
            record.version
        },
        values,
        reason: Some("任务落实"),
    };
    match record.state == OPEN {
        true => store::step(&scope, spec, id, "settle", change).await?,
        false => store::update(&scope, spec, id, change).await?,
    };
    if !headers.contains_key("hx-request") {
        return Ok(Redirect::to(&pick::done(HERE, "已落实教师")).into_response());
    }
    // The row again, with what the choice brings about.
    let number = |name: &str| spec.index(name).map(|at| record.values[at].clone());
    let year = number("year").and_then(|value| value.int()).unwrap_or(0);
    let code = number("term")
        .and_then(|value| value.text().map(str::to_owned))
        .unwrap_or_default();
    let calendar = kernel::term::load(&scope).await?;
    let known = calendar
        .terms
        .iter()
        .find(|(_, term)| crate::offering::term_key(term) == (year, code.as_str()));
    let Some((term_id, term)) = known else {
        return Err(Error::NotFound);
    };
    let facts = facts::load(&scope, term).await?;
    let settings = settings::load(&scope, *term_id).await?;
    let weekly = loads(&facts)
        .iter()
        .find(|load| load.id == teacher)
        .map_or(0, |load| load.weekly);
    let without = !certified(&scope, &facts).await?.contains(&teacher);
    let words = format!(
        "每周共 {weekly} 节{}",
        if without { "，缺教师资格证" } else { "" }
    );
    let tone = if weekly > settings.most || without {
        Tone::Late
    } else {
        Tone::Info
    };
    let row = facts
        .offerings
        .iter()
        .find(|row| row.id == id)
        .ok_or(Error::NotFound)?;
    Ok(line(&facts, row, true, Some((tone, &words))).into_response())
}

/// Which term.
#[derive(Debug, Deserialize)]
pub struct OfTerm {
    #[serde(default)]
    term: String,
}

/// POST /offerings/generate
pub async fn generate(scope: Scope, Form(form): Form<OfTerm>) -> Result<Redirect> {
    let (id, term) = facts::term_of(&scope, pick::id(&form.term)).await?;
    let made = fill::from_programme(&scope, &term).await?;
    let said = match made {
        0 => "没有新的教学任务：已下达的计划课程都已有任务".to_owned(),
        made => format!("已生成 {made} 条教学任务"),
    };
    Ok(Redirect::to(&pick::done(&format!("{HERE}?term={id}"), &said)))
}

/// POST /offerings/copy
pub async fn copy(scope: Scope, Form(form): Form<OfTerm>) -> Result<Redirect> {
    let (id, term) = facts::term_of(&scope, pick::id(&form.term)).await?;
    let copied = fill::from_last_term(&scope, id, &term).await?;
    let said = format!(
        "已复制 {} 条教学任务，{} 节课的时间一并带来；{} 条在本学期没有对应的计划课程",
        copied.made, copied.places, copied.without_plan
    );
    Ok(Redirect::to(&pick::done(&format!("{HERE}?term={id}"), &said)))
}
