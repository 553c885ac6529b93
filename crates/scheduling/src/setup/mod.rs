//! The set-up of a timetable as one checked list in plain words: what the data lacks, what is always kept, which rules
//! count how much, when nobody has lessons.
pub mod write;

use crate::facts::{self, Facts};
use crate::model::{self, Built};
use crate::settings::{self, RULES, Settings, Weekend, Whom};
use crate::{board, desk, pick};
use axum::extract::Query;
use kernel::app::Scope;
use kernel::error::Result;
use kernel::frame::{self, Frame};
use kernel::page::{self, FilterBar, Input, Kind as Weight, Narrow, Tone};
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::HashMap;
use timetable::school::{Kind, RoomNeed};
use uuid::Uuid;

/// Address of the page.
pub const HERE: &str = "/scheduling/setup";

/// Something the data lacks before a timetable can be made.
pub struct Lack {
    /// Whether no timetable can be published with it.
    pub grave: bool,
    /// What.
    pub text: String,
    /// Where to mend it.
    pub href: String,
}

/// Everything the data lacks.
pub fn lacks(facts: &Facts, settings: &Settings, built: &Built) -> Vec<Lack> {
    let mut found = vec![];
    let mut add = |grave: bool, count: usize, text: String, href: String| {
        if count > 0 {
            found.push(Lack { grave, text, href });
        }
    };
    add(
        true,
        usize::from(built.offerings.is_empty()),
        "本学期还没有落实教师的教学任务，无课可排".into(),
        board::HERE.into(),
    );
    let open = built.open.len();
    add(
        false,
        open,
        format!("{open} 条教学任务还没有教师，不参加排课"),
        format!("{}?tab=open", board::HERE),
    );
    let home: Vec<&str> = built
        .classes
        .iter()
        .filter_map(|id| facts.class(*id))
        .filter(|class| class.room.is_none())
        .map(|class| class.name.as_str())
        .collect();
    add(
        true,
        home.len(),
        format!("{} 个班没有固定教室：{}", home.len(), some(&home)),
        "/r/class".into(),
    );
    let empty: Vec<&str> = built
        .classes
        .iter()
        .filter_map(|id| facts.class(*id))
        .filter(|class| class.size == 0)
        .map(|class| class.name.as_str())
        .collect();
    add(
        false,
        empty.len(),
        format!("{} 个班没有在籍学生：{}", empty.len(), some(&empty)),
        "/r/student".into(),
    );
    let roomless: Vec<String> = (0..built.school.lessons.len())
        .filter(|l| {
            built.school.lessons[*l].room != RoomNeed::None && built.school.fitting_rooms(*l).is_empty()
        })
        .map(|l| facts.title(&built.offerings[l]))
        .collect();
    let names: Vec<&str> = roomless.iter().map(String::as_str).collect();
    add(
        true,
        names.len(),
        format!("{} 条教学任务没有容得下的场所：{}", names.len(), some(&names)),
        "/r/room".into(),
    );
    let shut: usize = settings.shut().iter().map(|(_, periods)| periods.len()).sum();
    let slots = built.school.grid.slots() - shut;
    let mut of_class: HashMap<usize, usize> = HashMap::new();
    for lesson in &built.school.lessons {
        for attendee in lesson.attendees.iter().filter(|a| a.group.is_none_or(|g| g == 0)) {
            *of_class.entry(attendee.class).or_default() += lesson.blocks.iter().sum::<usize>();
        }
    }
    let mut full: Vec<&str> = of_class
        .iter()
        .filter(|(_, periods)| **periods > slots)
        .map(|(class, _)| built.school.classes[*class].name.as_str())
        .collect();
    full.sort();
    add(
        false,
        full.len(),
        format!(
            "{} 个班的周课时合计多于每周 {slots} 节（分单双周的除外）：{}",
            full.len(),
            some(&full)
        ),
        board::HERE.into(),
    );
    let mut busy: HashMap<usize, i64> = HashMap::new();
    for (lesson, row) in built.school.lessons.iter().zip(&built.offerings) {
        lesson
            .teachers
            .iter()
            .for_each(|t| *busy.entry(*t).or_default() += row.weekly);
    }
    let mut over: Vec<&str> = busy
        .iter()
        .filter(|(_, weekly)| **weekly > settings.most)
        .map(|(teacher, _)| built.school.teachers[*teacher].name.as_str())
        .collect();
    over.sort();
    add(
        false,
        over.len(),
        format!(
            "{} 位教师每周超过 {} 节：{}",
            over.len(),
            settings.most,
            some(&over)
        ),
        format!("{}?tab=teachers", board::HERE),
    );
    for wrong in built.school.check() {
        add(true, 1, wrong, board::HERE.into());
    }
    found
}

fn some(names: &[&str]) -> String {
    let few: Vec<&str> = names.iter().take(4).copied().collect();
    let rest = if names.len() > few.len() { " 等" } else { "" };
    format!("{}{rest}", few.join("、"))
}

/// Which term.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Params {
    #[serde(default)]
    term: String,
    #[serde(default)]
    done: Option<String>,
}

/// GET /scheduling/setup
pub async fn page(scope: Scope, Query(params): Query<Params>) -> Result<Markup> {
    let (term_id, term) = facts::term_of(&scope, pick::id(&params.term)).await?;
    let facts = facts::load(&scope, &term).await?;
    let settings = settings::load(&scope, term_id).await?;
    let built = model::build(&facts, &settings);
    let lacking = lacks(&facts, &settings, &built);
    let id = term_id.to_string();
    let body = html! {
        (page::page_header("排课设置与检查", &format!("{}：{} 条教学任务、{} 个班、{} 位教师、{} 个场所参加排课。", term.name(), built.offerings.len(), built.classes.len(), built.teachers.len(), built.rooms.len()), page::link_button("去排课", &format!("{}?term={term_id}", desk::HERE), None, Weight::Primary)))
        (page::filter_bar(&FilterBar { action: HERE, fields: Some(pick::terms(&scope, term_id).await?), ..FilterBar::default() }))
        (page::panel("数据检查", html! {}, html! {
            @if lacking.is_empty() { (page::callout(Tone::Ok, "数据齐全", html! { "可以排课。" })) }
            ul.plain-list { @for lack in &lacking { li {
                (page::badge(if lack.grave { Tone::Bad } else { Tone::Warn }, if lack.grave { "须补" } else { "提醒" })) " "
                a href=(lack.href) { (lack.text) }
            } } }
        }))
        (page::panel("始终遵守", html! {}, html! {
            ul.plain-list { @for kind in [Kind::NoClash, Kind::Placed, Kind::Consecutive, Kind::RoomFits, Kind::Joined] {
                li { (page::badge(Tone::Ok, "必须")) " " strong { (kind.label()) } "：" (kind.explain(&built.school)) }
            } }
        }))
        (rules(&settings, &id))
        (closed(&facts, &settings, &id))
        (away(&facts, &settings, &id))
    };
    let frame = Frame::new("排课设置", desk::HERE)
        .crumb("排课", desk::HERE)
        .done(params.done);
    frame::page(&scope, frame, body).await
}

fn rules(settings: &Settings, term: &str) -> Markup {
    let figure = |name: &'static str, label: &'static str, value: i64| {
        page::number(
            &Input {
                name,
                label,
                value: &value.to_string(),
                required: true,
                ..Input::default()
            },
            page::Bounds {
                min: Some("0"),
                max: Some("60"),
                step: Some("1"),
                unit: None,
            },
        )
    };
    let table = page::table(
        "排课要求",
        Narrow::Cards,
        html! { tr { (page::th("要求")) (page::th("采用")) (page::th("程度")) (page::th("权重")) (page::th("数值")) } },
        html! { @for known in RULES {
            @let rule = settings.rule(known.id);
            tr {
                (page::td("要求", html! { label for={ "on-" (known.id) } { strong { (known.label) } "：" (known.words) } }))
                (page::td("采用", html! { input id={ "on-" (known.id) } type="checkbox" name={ "on-" (known.id) } value="true" checked[rule.on]; }))
                (page::td("程度", html! { select name={ "hard-" (known.id) } aria-label={ (known.label) "的程度" } {
                    option value="false" selected[!rule.hard] { "尽量" } option value="true" selected[rule.hard] { "必须" }
                } }))
                (page::td("权重", html! { input.num type="number" min="1" max="1000" step="1" name={ "weight-" (known.id) } value=(rule.weight) aria-label={ (known.label) "的权重" }; }))
                (page::td("数值", html! { @match known.value {
                    Some(what) => input type="text" name={ "value-" (known.id) } value=(rule.value) maxlength="100" aria-label={ (known.label) "：" (what) } placeholder=(what);,
                    None => "—",
                } }))
            }
        } },
    );
    let starts = settings.starts.join(" ");
    page::panel(
        "作息与排课要求",
        html! {},
        html! { form.record-form method="post" action=(HERE) {
            input type="hidden" name="term" value=(term);
            (page::form_grid(html! {
                (figure("days", "周一起上课天数", settings.days as i64))
                (weekend("saturday", "星期六", settings.saturday))
                (weekend("sunday", "星期日", settings.sunday))
                (figure("morning", "上午节数", settings.morning as i64))
                (figure("afternoon", "下午节数", settings.afternoon as i64))
                (figure("evening", "晚上节数", settings.evening as i64))
                (figure("minutes", "每节分钟", settings.minutes))
                (figure("most", "教师周课时上限", settings.most))
                (page::text(&Input { name: "starts", label: "各节上课时间", value: &starts, help: Some("时分四位数字，用空格分开，如 0800 0850"), wide: true, required: true, max_length: Some(120), ..Input::default() }))
            }))
            (table)
            p { (page::submit("保存", Weight::Primary)) }
        } },
    )
}

fn weekend(name: &'static str, label: &'static str, now: Weekend) -> Markup {
    let options = Weekend::ALL.map(|(_, value, words)| (value, words));
    let input = Input {
        name,
        label,
        value: now.value(),
        required: true,
        ..Input::default()
    };
    page::select(&input, &options, None)
}

/// Values and words of a choice.
type Options = Vec<(String, String)>;

fn times(settings: &Settings) -> (Options, Options) {
    let names = [
        "星期一",
        "星期二",
        "星期三",
        "星期四",
        "星期五",
        "星期六",
        "星期日",
    ];
    let days = (0..settings.grid().days.min(7)).map(|day| (day.to_string(), names[day].to_owned()));
    let periods = (0..settings.grid().periods()).map(|p| (p.to_string(), format!("第{}节", p + 1)));
    (days.collect(), periods.collect())
}

fn whom(facts: &Facts, of: Whom) -> String {
    match of {
        Whom::Classes => "全部班级".into(),
        Whom::Unit(id) => format!("{}的教师", facts.unit_name(id)),
        Whom::Person(id) => facts.person_name(id).to_owned(),
        Whom::Room(id) => facts
            .rooms
            .iter()
            .find(|room| room.id == id)
            .map_or_else(String::new, |room| room.name.clone()),
    }
}

fn remove(term: &str, id: Uuid) -> Markup {
    html! { form.inline method="post" action="/scheduling/setup/remove" {
        input type="hidden" name="term" value=(term); input type="hidden" name="id" value=(id);
        (page::submit("删除", Weight::Quiet))
    } }
}

fn closed(facts: &Facts, settings: &Settings, term: &str) -> Markup {
    let (days, periods) = times(settings);
    let mut staff: Vec<&facts::StaffRow> = facts.staff.iter().collect();
    staff.sort_by_key(|row| row.name.clone());
    let mut units: Vec<(&Uuid, &String)> = facts.units.iter().collect();
    units.sort_by_key(|(_, name)| name.as_str());
    let name_of =
        |list: &[(String, String)], at: usize| list.get(at).map_or_else(String::new, |pair| pair.1.clone());
    let input = |name: &'static str, label: &'static str| Input {
        name,
        label,
        required: true,
        form: "closed-",
        ..Input::default()
    };
    page::panel(
        "固定活动与不排课的时间",
        html! {},
        html! {
            @if !settings.closed.is_empty() { (page::table("不排课的时间", Narrow::Cards,
                html! { tr { (page::th("事由")) (page::th("对象")) (page::th("时间")) (page::th_actions()) } },
                html! { @for one in &settings.closed { tr {
                    (page::td("事由", html! { (one.reason) }))
                    (page::td("对象", html! { (whom(facts, one.of)) }))
                    (page::td("时间", html! { (name_of(&days, one.day)) " " (name_of(&periods, one.from)) @if one.to > one.from { " 至 " (name_of(&periods, one.to)) } }))
                    (page::td_actions(remove(term, one.id)))
                } } })) }
            form.record-form method="post" action="/scheduling/setup/close" {
                input type="hidden" name="term" value=(term);
                (page::form_grid(html! {
                    (page::text(&Input { placeholder: Some("班会、升旗、教研活动、外聘教师不在校"), max_length: Some(30), ..input("reason", "事由") }))
                    div.field { label for="closed-of" { "对象" } select id="closed-of" name="of" {
                        option value="classes" { "全部班级" }
                        optgroup label="一个部门的教师" { @for (id, name) in units { option value={ "unit:" (id) } { (name) } } }
                        optgroup label="一位教师" { @for row in staff { option value={ "person:" (row.id) } { (row.name) } } }
                        optgroup label="一个场所" { @for row in &facts.rooms { option value={ "room:" (row.id) } { (row.name) } } }
                    } }
                    (page::select(&input("day", "星期"), &days, None))
                    (page::select(&input("from", "从"), &periods, None))
                    (page::select(&input("to", "到"), &periods, None))
                }))
                p { (page::submit("添加", Weight::Plain)) }
            }
        },
    )
}

fn away(facts: &Facts, settings: &Settings, term: &str) -> Markup {
    let classes: Vec<(String, &str)> = facts
        .classes
        .iter()
        .filter(|row| row.attending)
        .map(|row| (row.id.to_string(), row.name.as_str()))
        .collect();
    page::panel(
        "实训整周（整班离开课表）",
        html! {},
        html! {
            @if !settings.away.is_empty() { (page::table("实训整周", Narrow::Cards,
                html! { tr { (page::th("班级")) (page::th("周次")) (page::th_actions()) } },
                html! { @for one in &settings.away { tr {
                    (page::td("班级", html! { (facts.class_name(one.class)) }))
                    (page::td("周次", html! { (one.weeks) }))
                    (page::td_actions(remove(term, one.id)))
                } } })) }
            form.record-form method="post" action="/scheduling/setup/away" {
                input type="hidden" name="term" value=(term);
                (page::form_grid(html! {
                    (page::select(&Input { name: "class", label: "班级", required: true, form: "away-", ..Input::default() }, &classes, None))
                    (page::text(&Input { name: "weeks", label: "周次", placeholder: Some("如 9-10"), required: true, max_length: Some(30), form: "away-", ..Input::default() }))
                }))
                p { (page::submit("添加", Weight::Plain)) }
            }
        },
    )
}
