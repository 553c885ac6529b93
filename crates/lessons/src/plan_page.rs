//! `/substitutions/plan`: choose an absence, see the lessons it hits, send the requests.
use crate::held::{Lesson, span};
use crate::plan::{self, Absence, Ground, Hit, Plan};
use crate::rank::{Onward, Way};
use crate::substitution::{Cause, Kind as What, Substitution};
use crate::{load, words};
use axum::extract::{Form, Query};
use axum::response::Redirect;
use chrono::NaiveDate;
use kernel::app::Scope;
use kernel::error::{Error, Result};
use kernel::frame::{self, Frame};
use kernel::http::escape;
use kernel::page::{self, FilterBar, Input, Kind, Narrow, Tone};
use kernel::register::Register;
use kernel::register::field::{ChoiceList, LongText, Ref};
use kernel::register::store::{self, Draft};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

/// Address of the page.
pub const HERE: &str = "/substitutions/plan";

/// What the page is asked for.
#[derive(Clone, Default, Deserialize)]
pub struct Asked {
    teacher: Option<String>,
    from: Option<String>,
    to: Option<String>,
    leave: Option<String>,
    done: Option<String>,
}

impl Asked {
    fn of(pairs: &[(String, String)]) -> Asked {
        let get = |name: &str| {
            pairs
                .iter()
                .find(|pair| pair.0 == name)
                .map(|pair| pair.1.clone())
        };
        Asked {
            teacher: get("teacher"),
            from: get("from"),
            to: get("to"),
            leave: get("leave"),
            done: None,
        }
    }

    /// The absence meant; none while nothing was chosen.
    async fn absence(&self, scope: &Scope) -> Result<Option<Absence>> {
        let text = |value: &Option<String>| value.clone().filter(|text| !text.trim().is_empty());
        if let Some(leave) = text(&self.leave) {
            let id = leave.parse().map_err(|_| Error::NotFound)?;
            return plan::absence_of_leave(scope, id).await.map(Some);
        }
        let date = |value: &Option<String>, field: &str| match text(value) {
            Some(text) => text
                .parse::<NaiveDate>()
                .map(Some)
                .map_err(|_| Error::invalid(field, "日期请写成 2026-11-23 的样子")),
            None => Ok(None),
        };
        let teacher = match plan::arranges_for_others(scope) {
            true => match text(&self.teacher) {
                Some(id) => Some(id.parse().map_err(|_| Error::invalid("teacher", "请选择教师"))?),
                None => None,
            },
            false => scope.actor.staff,
        };
        let (Some(teacher), Some(from)) = (teacher, date(&self.from, "from")?) else {
            return Ok(None);
        };
        let to = date(&self.to, "to")?.unwrap_or(from);
        if to < from {
            return Err(Error::invalid("to", "结束日期不能早于开始日期"));
        }
        Ok(Some(Absence {
            teacher,
            from,
            to,
            periods: 1..=u8::MAX,
            leave: None,
        }))
    }

    fn address(&self) -> String {
        let pairs = [
            ("teacher", &self.teacher),
            ("from", &self.from),
            ("to", &self.to),
            ("leave", &self.leave),
        ];
        let given = pairs
            .iter()
            .filter_map(|(name, value)| Some(format!("{name}={}", escape(value.as_deref()?))));
        format!("{HERE}?{}", given.collect::<Vec<_>>().join("&"))
    }
}

/// GET /substitutions/plan
pub async fn page(scope: Scope, Query(asked): Query<Asked>) -> Result<Markup> {
    load::need_timetable(&scope)?;
    let absence = asked.absence(&scope).await?;
    let body = html! {
        (page::page_header("调代课安排", "选择请假单或教师和日期，列出受影响的课；每节课按合适程度列出代课教师、对调、空节和连环调课。提交后由系部、教务处审批，批准后通知有关的人。", html! {
            (page::link_button("调代课台账", "/r/substitution", None, Kind::Plain))
            (page::link_button("当日课表", "/day", None, Kind::Plain))
        }))
        (choose(&scope, &asked).await?)
        @match absence {
            Some(absence) => { (planned(&plan::plan(&scope, absence).await?, &asked)) }
            None => { (leaves(&scope).await?) }
        }
    };
    frame::page(
        &scope,
        Frame::new("调代课安排", HERE).done(asked.done.clone()),
        body,
    )
    .await
}

async fn choose(scope: &Scope, asked: &Asked) -> Result<Markup> {
    let input = |name, label, value: &'static str| Input {
        name,
        label,
        value,
        ..Input::default()
    };
    let teacher = asked.teacher.as_deref().unwrap_or("");
    let shown = match teacher.parse::<Uuid>() {
        Ok(id) => load::Names::load(scope).await?.of(id).to_owned(),
        Err(_) => String::new(),
    };
    let [from, to] = [&asked.from, &asked.to].map(|date| date.as_deref().unwrap_or(""));
    let fields = html! {
        @if plan::arranges_for_others(scope) {
            (page::reference(&Input { value: teacher, ..input("teacher", "教师", "") }, "/r/staff/pick", &shown))
        }
        (page::date(&Input { value: from, ..input("from", "从", "") }))
        (page::date(&Input { value: to, ..input("to", "到", "") }))
    };
    let active = usize::from(!from.is_empty()) + usize::from(!teacher.is_empty());
    Ok(page::filter_bar(&FilterBar {
        action: HERE,
        fields: Some(fields),
        active,
        ..FilterBar::default()
    }))
}

/// Approved leaves that still hit lessons.
async fn leaves(scope: &Scope) -> Result<Markup> {
    let found = plan::leaves_ahead(scope).await?;
    if found.is_empty() {
        return Ok(page::empty(
            "没有需要安排的请假",
            "已批准、还没结束的教师请假会列在这里。也可以在上面选择教师和日期。",
            html! {},
        ));
    }
    let head = html! { tr { (page::th("教师")) (page::th("从")) (page::th("到")) (page::th("操作")) } };
    let body = html! {
        @for (id, name, from, to) in &found {
            @let href = format!("{HERE}?leave={id}");
            (page::row(&href, html! {
                (page::td("教师", html! { a href=(href) { (name) } }))
                (page::td_date("从", html! { (from) }))
                (page::td_date("到", html! { (to) }))
                (page::td("操作", html! { a href=(href) { "安排调代课" } }))
            }))
        }
    };
    let table = page::table("已批准的请假", Narrow::Cards, head, body);
    Ok(page::flush_panel(
        "已批准、未结束的请假",
        page::badge(Tone::Info, &found.len().to_string()),
        table,
    ))
}

fn planned(plan: &Plan, asked: &Asked) -> Markup {
    let absence = &plan.absence;
    let name = plan.ground.names.of(absence.teacher);
    let title = format!(
        "{name} {} 至 {}",
        words::day(absence.from),
        words::day(absence.to)
    );
    let open = plan.hits.iter().filter(|hit| !hit.offers.is_empty()).count();
    let causes: Vec<(&str, &str)> = Cause::ALL
        .iter()
        .map(|(_, code, label)| (*code, *label))
        .collect();
    let cause = Input {
        name: "cause",
        label: "事由",
        value: if absence.leave.is_some() {
            "leave"
        } else {
            "official"
        },
        required: true,
        ..Input::default()
    };
    let reason = Input {
        name: "reason",
        label: "情况说明",
        max_length: Some(200),
        wide: true,
        help: Some("停课请写明原因和补课打算"),
        ..Input::default()
    };
    html! {
        @if plan.hits.is_empty() {
            (page::empty(&title, "这些日期没有要上的课，不需要安排。", html! {}))
        } @else {
            form method="post" action=(asked.address()) {
                @for (label, value) in [("teacher", &asked.teacher), ("from", &asked.from), ("to", &asked.to), ("leave", &asked.leave)] {
                    @if let Some(value) = value { input type="hidden" name=(label) value=(value); }
                }
                (page::callout(Tone::Info, &title, html! { p { "受影响的课 " (plan.hits.len()) " 次，待安排 " (open) " 次。" } }))
                @for hit in &plan.hits { (hit_panel(plan, hit)) }
                @if open > 0 {
                    (page::panel("提交申请", html! {}, html! {
                        div.form-grid { (page::select(&cause, &causes, None)) (page::textarea(&reason, 2)) }
                        div.actions { (page::submit(&format!("提交{open}节课的申请"), Kind::Primary)) }
                    }))
                }
            }
        }
    }
}

fn hit_panel(plan: &Plan, hit: &Hit) -> Markup {
    let slot = &plan.ground.table.slots[hit.lesson.slot];
    let title = format!(
        "{} {} {}",
        words::day(hit.lesson.on),
        words::periods(hit.lesson.period, hit.lesson.periods),
        words::lesson(slot, &plan.ground.names)
    );
    let room = html! { small { (plan.ground.names.of(hit.lesson.room)) } };
    if let Some((id, state)) = &hit.asked {
        let body =
            html! { (page::badge(Tone::Info, state)) " " a href={ "/r/substitution/" (id) } { "查看申请" } };
        return page::panel(&title, room, body);
    }
    if let Some(change) = hit.lesson.change {
        let body = html! { "这节课是调代课安排来的，" a href={ "/r/substitution/" (change) } { "先取消原安排" } "再办理。" };
        return page::panel(&title, room, body);
    }
    let name = field_name(slot.id, hit.lesson.on);
    let head = html! { tr { (page::th("选择")) (page::th("办法")) (page::th("理由")) } };
    let body = html! {
        @for (at, offer) in hit.offers.iter().enumerate() {
            @let key = offer.way.key();
            tr {
                (page::td("选择", html! {
                    label.check {
                        input type="radio" name=(name) value=(key) checked[at == 0];
                        (kind_word(&offer.way))
                    }
                }))
                (page::td("办法", html! { (way_words(plan, &hit.lesson, &offer.way)) }))
                (page::td("理由", html! { (offer.reasons.join("，")) }))
            }
        }
        tr {
            (page::td("选择", html! { label.check { input type="radio" name=(name) value=""; "暂不办理" } }))
            (page::td("办法", html! { "以后再安排" }))
            (page::td("理由", html! { "—" }))
        }
    };
    page::flush_panel(&title, room, page::table(&title, Narrow::Cards, head, body))
}

fn field_name(slot: Uuid, on: NaiveDate) -> String {
    format!("way.{slot}.{on}")
}

fn kind_word(way: &Way) -> &'static str {
    match way {
        Way::Cover(_) => "代课",
        Way::Swap(..) => "对调",
        Way::Move(..) => "调到空节",
        Way::Chain(..) => "连环调课",
        Way::Drop => "停课",
    }
}

fn way_words(plan: &Plan, lost: &Lesson, way: &Way) -> String {
    match way {
        Way::Cover(staff) => format!("{}代课", plan.ground.names.of(*staff)),
        Way::Swap(slot, date) => {
            let (there, other) = lesson_words(plan, *slot, *date);
            format!("与{there} {other}对调")
        }
        Way::Move(date, period) => time_words(*date, *period, lost.periods),
        Way::Chain(slot, date, onward) => {
            let (there, second) = lesson_words(plan, *slot, *date);
            match onward {
                Onward::Free(date, period) => {
                    let free = time_words(*date, *period, lost.periods);
                    format!("本节到{there}；{second}改到{free}")
                }
                Onward::Third(slot, date) => {
                    let (further, third) = lesson_words(plan, *slot, *date);
                    format!("本节到{there}；{second}改到{further}；{third}改到本节时间")
                }
            }
        }
        Way::Drop => "本次不上".into(),
    }
}

fn time_words(date: NaiveDate, period: u8, periods: u8) -> String {
    format!("{} {}", words::day(date), words::periods(period, periods))
}

/// An entry of the timetable on a date: when, and who teaches what.
fn lesson_words(plan: &Plan, slot: Uuid, date: NaiveDate) -> (String, String) {
    let names = &plan.ground.names;
    let Some(slot) = plan.ground.table.entry(slot) else {
        return Default::default();
    };
    (
        time_words(date, slot.period, slot.periods),
        format!("{}《{}》", names.of(slot.teacher), names.of(slot.course)),
    )
}

/// POST /substitutions/plan: all requests or none.
pub async fn ask(scope: Scope, Form(pairs): Form<Vec<(String, String)>>) -> Result<Redirect> {
    load::need_timetable(&scope)?;
    let asked = Asked::of(&pairs);
    let absence = asked.absence(&scope).await?;
    let absence = absence.ok_or_else(|| Error::invalid("teacher", "请选择教师和日期"))?;
    let plan = plan::plan(&scope, absence).await?;
    let get = |name: &str| pairs.iter().find(|pair| pair.0 == name).map(|pair| pair.1.trim());
    let cause = Cause::ALL.iter().find(|cause| Some(cause.1) == get("cause"));
    let cause = cause.ok_or_else(|| Error::invalid("cause", "请选择事由"))?.0;
    let reason = get("reason").filter(|text| !text.is_empty());
    let mut drafts = vec![];
    for hit in &plan.hits {
        let slot = &plan.ground.table.slots[hit.lesson.slot];
        let Some(key) = get(&field_name(slot.id, hit.lesson.on)).filter(|key| !key.is_empty()) else {
            continue;
        };
        let offer = hit.offers.iter().find(|offer| offer.way.key() == key);
        let offer = offer.ok_or_else(|| {
            let when = format!(
                "{} {}",
                words::day(hit.lesson.on),
                words::lesson(slot, &plan.ground.names)
            );
            Error::Conflict(format!(
                "{when}：选的办法现在不可用了（可能刚被别人安排），请刷新页面重选"
            ))
        })?;
        let facts = (cause, reason, scope.today());
        let mut record = request(&plan.ground, &hit.lesson, &offer.way, facts);
        record.leave = plan.absence.leave.map(leave_address);
        drafts.push(Draft::new(record.to_values()));
    }
    if drafts.is_empty() {
        return Err(Error::invalid("way", "没有选择要办理的课"));
    }
    let spec = scope.register("substitution")?;
    let mut faults = store::check_many(&scope, spec, &drafts).await?;
    if let Some(fault) = faults.pop() {
        return Err(Error::Invalid(fault.violations));
    }
    let count = drafts.len();
    for draft in drafts {
        store::create(&scope, spec, draft).await?;
    }
    let done = escape(&format!("已提交{count}件申请，等待审批"));
    Ok(Redirect::to(&format!("{}&done={done}", asked.address())))
}

/// How a request names the leave it follows from.
pub fn leave_address(leave: Uuid) -> String {
    format!("/r/staff_leave/{leave}")
}

/// The request for one way to deal with a lost lesson.
pub fn request(
    ground: &Ground,
    lost: &Lesson,
    way: &Way,
    (cause, reason, today): (Cause, Option<&str>, NaiveDate),
) -> Substitution {
    let slot = &ground.table.slots[lost.slot];
    let mut record = Substitution {
        kind: What::Drop,
        lesson: Ref::new(slot.id),
        on: lost.on,
        period: lost.period.into(),
        periods: span(0, lost.periods).count() as i64,
        class: Ref::new(slot.class),
        course: Ref::new(slot.course),
        teacher: Ref::new(lost.teacher),
        substitute: None,
        swap: None,
        new_on: None,
        new_period: None,
        new_room: None,
        onward_on: None,
        onward_period: None,
        third: None,
        third_teacher: None,
        cause,
        reason: reason.map(|text| LongText(text.to_owned())),
        leave: None,
        asked_on: today,
        in_time: None,
    };
    match way {
        Way::Cover(staff) => {
            record.kind = What::Cover;
            record.substitute = Some(Ref::new(*staff));
        }
        Way::Swap(other, date) => swapped(&mut record, ground, *other, *date),
        Way::Move(date, period) => {
            record.kind = What::Move;
            record.new_on = Some(*date);
            record.new_period = Some((*period).into());
        }
        Way::Chain(other, date, onward) => {
            swapped(&mut record, ground, *other, *date);
            let (date, period) = match onward {
                Onward::Free(date, period) => (*date, Some(*period)),
                Onward::Third(third, date) => {
                    let third = ground.table.entry(*third);
                    record.third = third.map(|third| Ref::new(third.id));
                    record.third_teacher = third.map(|third| Ref::new(third.teacher));
                    (*date, third.map(|third| third.period))
                }
            };
            record.onward_on = Some(date);
            record.onward_period = period.map(i64::from);
        }
        Way::Drop => {}
    }
    record
}

/// The lesson takes the place of another one.
fn swapped(record: &mut Substitution, ground: &Ground, other: Uuid, date: NaiveDate) {
    let other = ground.table.entry(other);
    record.kind = What::Move;
    record.swap = other.map(|other| Ref::new(other.id));
    record.substitute = other.map(|other| Ref::new(other.teacher));
    record.new_on = Some(date);
    record.new_period = other.map(|other| other.period.into());
}
