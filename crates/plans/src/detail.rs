//! One commitment (承诺): its words, its line through the term, what is missing, its history.
use crate::board::{self, HERE};
use crate::breakdown;
use crate::duties;
use crate::model::{Binding, Commitment, Kind, plain, scaled};
use crate::readings::{self, Reading};
use crate::standing::{self, State};
use crate::store;
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use calendar::Term;
use kernel::app::Scope;
use kernel::clock::minute;
use kernel::error::{Error, Result, Violation};
use kernel::frame::{self, Frame};
use kernel::http::escape;
use kernel::journal;
use kernel::page::{self, Happening, Input, Kind as Weight, Narrow, Tone};
use kernel::register::field::ChoiceList;
use kernel::register::indicator::Measure;
use kernel::register::measure::Span;
use kernel::register::query::{condition_sql, conditions_of};
use kernel::register::spec::FieldKind;
use kernel::schema::table;
use kernel::term;
use kernel::value::Value;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

/// At most this many missing records are listed by name.
const MISSING_SHOWN: usize = 60;

#[derive(Deserialize)]
pub struct Done {
    done: Option<String>,
}

/// GET /board/{id}
pub async fn page(scope: Scope, Path(id): Path<Uuid>, Query(query): Query<Done>) -> Result<Markup> {
    show(&scope, id, query.done, &[]).await
}

async fn show(scope: &Scope, id: Uuid, done: Option<String>, faults: &[Violation]) -> Result<Markup> {
    let commitment = store::commitment(scope, id).await?;
    let plan = store::plan(scope, commitment.plan).await?;
    let calendar = term::load(scope).await?;
    let term = calendar.term(plan.term).ok_or(Error::NotFound)?;
    let known = readings::refresh(scope, std::slice::from_ref(&commitment)).await?;
    let reading = known.get(&id);
    let line = readings::line(scope, id).await?;
    let names = board::labels(scope, std::slice::from_ref(&commitment)).await?;
    let state = reading.map_or(State::NoData, |r| r.state);
    let name = |id: Option<Uuid>| {
        id.and_then(|id| names.get(&id))
            .cloned()
            .unwrap_or_else(|| "全校".into())
    };
    let run = readings::run_of(&commitment, term, scope.today());
    let coming = match (&commitment.binding, reading.and_then(|r| r.actual)) {
        (Binding::Indicator(_), Some(actual)) => {
            let value = standing::forecast(actual, readings::course_of(scope, &commitment), run);
            standing::forecast_text(&commitment, value)
        }
        _ => "—".into(),
    };
    let body = html! {
        (page::page_header_with(&commitment.title, page::badge(state.tone(), state.label()), "", html! {
            @if let Some(rows) = board::rows_href(scope, &commitment, Some(term)) { (page::link_button("查看数字背后的记录", &rows, None, Weight::Primary)) }
            (page::link_button("在计划中查看", &format!("/plans/{}#c-{id}", plan.id), None, Weight::Plain))
        }))
        (page::panel("承诺", html! {}, page::descriptions(&[
            ("原文", html! { "“" (commitment.quote) "”" }),
            ("计划", html! { a href={ "/plans/" (plan.id) } { (plan.title) } }),
            ("约定", html! { (commitment.promise()) }),
            ("实际", html! { (board::actual_text(&commitment, reading)) }),
            ("到期预测", html! { (coming) }),
            ("期限", html! { (run.due) }),
            ("范围", html! { (name(commitment.node)) }),
            ("责任人", html! { @if commitment.owner.is_some() { (name(commitment.owner)) } @else { "未指定" } }),
            ("数据来源", html! { (source(scope, &commitment)) }),
            ("最近计算", html! { @match reading { Some(r) => { (minute(r.at)) " · " (r.actor) }, None => "还没有数值" } }),
        ])))
        (breakdown::panel(scope, &commitment).await?)
        @if line.iter().filter(|r| r.actual.is_some()).count() > 1 { (trend(&commitment, &line)) }
        @if let Binding::Duty(duty) = &commitment.binding { (duty_panel(scope, &commitment, duty, term, &calendar.days).await?) }
        @if let Binding::Indicator(indicator) = &commitment.binding { (missing(scope, &commitment, indicator, term).await?) }
        @if may_report(scope, &commitment) { (report(&commitment, scope, faults)) }
        (history(scope, &commitment, &line).await?)
    };
    let frame = Frame::new(commitment.title.clone(), HERE)
        .crumb("计划看板", HERE)
        .done(done);
    frame::page(scope, frame, body).await
}

fn source(scope: &Scope, c: &Commitment) -> Markup {
    match &c.binding {
        Binding::Indicator(id) => match readings::indicator(scope, id) {
            Some((spec, indicator)) => {
                html! { "台账“" (spec.title) "”，口径 " (indicator.title) "：" (indicator.formula) }
            }
            None => html! { "口径 " (id) " 已不存在" },
        },
        Binding::Duty(id) => match duties::find(scope, id) {
            Some((spec, duty)) => html! { "台账“" (spec.title) "”，例行工作 " (duty.title) },
            None => html! { "例行工作 " (id) " 已不存在" },
        },
        Binding::Manual => html! { "手工填报，每次填报都记下人员和时间" },
        Binding::None => html! { @if c.kind == Kind::Task { "由责任人报告完成" } @else { "未绑定" } },
    }
}

fn trend(c: &Commitment, line: &[Reading]) -> Markup {
    let points: Vec<&Reading> = line.iter().filter(|r| r.actual.is_some()).collect();
    let days: Vec<String> = points.iter().map(|r| r.day.to_string()).collect();
    let values: Vec<f64> = points
        .iter()
        .filter_map(|r| r.actual)
        .map(|v| v as f64 / 100.0)
        .collect();
    let mut series = vec![json!({ "type": "line", "name": "实际", "data": values, "smooth": false })];
    if let (Kind::Target, Some(target)) = (c.kind, c.target_scaled) {
        let flat = vec![target as f64 / 100.0; days.len()];
        series.push(json!({ "type": "line", "name": "约定", "data": flat, "showSymbol": false, "lineStyle": { "type": "dashed" } }));
    }
    let option = json!({
        "tooltip": { "trigger": "axis" }, "legend": {},
        "grid": { "left": 48, "right": 16, "top": 36, "bottom": 32 },
        "xAxis": { "type": "category", "data": days }, "yAxis": { "type": "value", "scale": true }, "series": series,
    });
    let rows: Vec<(String, Vec<String>)> = points
        .iter()
        .map(|r| {
            let parts = r
                .denominator
                .map_or(r.numerator.to_string(), |all| format!("{}/{all}", r.numerator));
            (
                r.day.to_string(),
                vec![plain(r.actual.unwrap_or(0)), parts, r.state.label().to_owned()],
            )
        })
        .collect();
    page::chart(
        "trend",
        "本学期走势",
        &option,
        page::figures(&["日期", "数值", "构成", "状态"], &rows),
    )
}

async fn duty_panel(
    scope: &Scope,
    c: &Commitment,
    id: &str,
    term: &Term,
    days: &calendar::DayTable,
) -> Result<Markup> {
    let Some((spec, duty)) = duties::find(scope, id) else {
        return Ok(html! {});
    };
    let standing = duties::standing(scope, c, spec, duty, term, days, scope.today()).await?;
    Ok(page::panel(
        "应办与已办",
        html! {},
        kernel::register::web::coverage_map(&standing, scope.today(), &duty.title, spec),
    ))
}

/// Records of the denominator that nothing covers yet: the students not visited.
async fn missing(scope: &Scope, c: &Commitment, id: &str, term: &Term) -> Result<Markup> {
    let Some((spec, indicator)) = readings::indicator(scope, id) else {
        return Ok(html! {});
    };
    let Measure::Coverage { of, field, all } = &indicator.measure else {
        return Ok(html! {});
    };
    let Some(FieldKind::Ref(to)) = spec.field(field).map(|f| &f.kind) else {
        return Ok(html! {});
    };
    let target = scope.register(to)?;
    let rows = kernel::access::readable(&scope.actor, &scope.app.roles, target);
    if rows == kernel::access::Rows::None {
        return Ok(html! {});
    }
    let mut args: Vec<Value> = vec![scope.school.into(), format!("{}%", c.path).into()];
    let mut theirs = vec![rows.predicate(&scope.actor, &mut args)];
    theirs.extend(
        conditions_of(target, all)
            .iter()
            .map(|one| condition_sql(&scope.app.seal, target, "t", one, &mut args)),
    );
    let mut mine: Vec<String> = conditions_of(spec, of)
        .iter()
        .map(|one| condition_sql(&scope.app.seal, spec, "x", one, &mut args))
        .collect();
    if let Some(date) = indicator.dated(spec) {
        let span = Span {
            from: term.start(),
            to: term.end(),
        };
        mine.push(span.condition(date, "x", indicator.standing, &mut args));
    }
    mine.push("1 = 1".into());
    let sql = format!(
        "select t.id, t.label, t.key_text from {} t where t.school_id = $1 and t.void_reason is null and t.scope like $2 \
         and {} and not exists (select 1 from {} x where x.school_id = t.school_id and x.void_reason is null \
         and x.f_{field} = t.id and {}) order by t.scope, t.key_text limit {}",
        table(target),
        theirs.join(" and "),
        table(spec),
        mine.join(" and "),
        MISSING_SHOWN + 1
    );
    let found = scope.db().all(&sql, &args).await?;
    let list: Vec<(Uuid, String, String)> = found
        .iter()
        .map(|r| Ok((r.at(0)?, r.at(1)?, r.at(2)?)))
        .collect::<Result<_>>()?;
    Ok(html! {
        @if !list.is_empty() {
            (page::panel(&format!("还没有{}的{}", spec.title, target.title), html! {}, html! {
                ul.inline-list {
                    @for (id, label, key) in list.iter().take(MISSING_SHOWN) {
                        li { a href={ "/r/" (spec.id) "/new?f." (field) "=" (id) } title={ "登记" (spec.title) } { (label) @if !label.contains(key.as_str()) { " " (key) } } }
                    }
                }
                @if list.len() > MISSING_SHOWN { p { "只列出前 " (MISSING_SHOWN) " 条。" } }
            }))
        }
    })
}

fn may_report(scope: &Scope, c: &Commitment) -> bool {
    let manual = c.binding == Binding::Manual || (c.kind == Kind::Task && c.binding == Binding::None);
    let owner = c.owner.is_some() && c.owner == scope.actor.staff;
    manual && (owner || store::may_edit(scope, &c.path))
}

fn report(c: &Commitment, scope: &Scope, faults: &[Violation]) -> Markup {
    let error = |name: &str| {
        faults
            .iter()
            .find(|f| f.field == name)
            .map(|f| f.message.as_str())
    };
    let today = scope.today().to_string();
    let day = page::date(&Input {
        name: "day",
        label: "日期",
        value: &today,
        required: true,
        error: error("day"),
        ..Input::default()
    });
    let note = page::text(&Input {
        name: "note",
        label: "说明",
        max_length: Some(200),
        error: error("note"),
        ..Input::default()
    });
    if c.kind == Kind::Task {
        return page::panel(
            "报告完成情况",
            html! {},
            html! {
                @if c.done_on.is_some() {
                    p { "已报告完成。" (c.done_note.as_deref().unwrap_or("")) }
                    form method="post" action={ "/board/" (c.id) "/undone" } {
                        input type="hidden" name="version" value=(c.version);
                        (page::submit("撤回完成", Weight::Plain))
                    }
                } @else {
                    (page::record_form(&format!("/board/{}/done", c.id), false, html! {
                        input type="hidden" name="version" value=(c.version);
                        (page::form_grid(html! { (day) (note) }))
                    }, page::submit("报告完成", Weight::Primary)))
                }
            },
        );
    }
    page::panel(
        "手工填报",
        html! {},
        page::record_form(
            &format!("/board/{}/readings", c.id),
            false,
            page::form_grid(html! {
                (day)
                (page::number(&Input { name: "value", label: "实际数值", required: true, error: error("value"), ..Input::default() }, page::Bounds { unit: c.unit.as_deref(), ..Default::default() }))
                (note)
            }),
            page::submit("填报", Weight::Primary),
        ),
    )
}

#[derive(Deserialize)]
pub struct ReadingForm {
    day: String,
    value: String,
    #[serde(default)]
    note: String,
}

fn back(id: Uuid, done: &str) -> Response {
    Redirect::to(&format!("/board/{id}?done={}", escape(done))).into_response()
}

async fn refused(scope: &Scope, id: Uuid, faults: &[Violation]) -> Result<Response> {
    Ok((
        StatusCode::UNPROCESSABLE_ENTITY,
        show(scope, id, None, faults).await?,
    )
        .into_response())
}

/// Finds the commitment and refuses whoever may not report on it.
async fn reported(scope: &Scope, id: Uuid) -> Result<Commitment> {
    let commitment = store::commitment(scope, id).await?;
    if may_report(scope, &commitment) {
        Ok(commitment)
    } else {
        Err(Error::Forbidden("填报这项承诺".into()))
    }
}

/// POST /board/{id}/readings
pub async fn type_in(scope: Scope, Path(id): Path<Uuid>, Form(form): Form<ReadingForm>) -> Result<Response> {
    let commitment = reported(&scope, id).await?;
    let tried = async {
        let day = kernel::register::values::date(&form.day).map_err(|why| Error::invalid("day", why))?;
        let value = scaled(&form.value).ok_or_else(|| Error::invalid("value", "请填数字，最多两位小数"))?;
        readings::type_in(&scope, &commitment, day, value, &form.note).await
    };
    match tried.await {
        Ok(()) => Ok(back(id, "已填报")),
        Err(Error::Invalid(faults)) => refused(&scope, id, &faults).await,
        Err(error) => Err(error),
    }
}

#[derive(Deserialize)]
pub struct DoneForm {
    version: i64,
    #[serde(default)]
    day: String,
    #[serde(default)]
    note: String,
}

/// POST /board/{id}/done
pub async fn done(scope: Scope, Path(id): Path<Uuid>, Form(form): Form<DoneForm>) -> Result<Response> {
    let commitment = reported(&scope, id).await?;
    let day = match kernel::register::values::date(&form.day) {
        Ok(day) if day <= scope.today() => day,
        Ok(_) => return refused(&scope, id, &[Violation::new("day", "完成日期不能晚于今天")]).await,
        Err(why) => return refused(&scope, id, &[Violation::new("day", why)]).await,
    };
    let note = Some(form.note.trim()).filter(|n| !n.is_empty());
    store::mark_done(&scope, commitment.id, form.version, Some(day), note).await?;
    Ok(back(id, "已报告完成"))
}

/// POST /board/{id}/undone
pub async fn undone(scope: Scope, Path(id): Path<Uuid>, Form(form): Form<DoneForm>) -> Result<Response> {
    reported(&scope, id).await?;
    store::mark_done(&scope, id, form.version, None, None).await?;
    Ok(back(id, "已撤回完成"))
}

async fn history(scope: &Scope, c: &Commitment, line: &[Reading]) -> Result<Markup> {
    let lines = journal::read(
        scope,
        &journal::Search {
            record: Some(c.id),
            ..Default::default()
        },
        0,
        50,
    )
    .await?;
    let mut items: Vec<Happening> = lines
        .iter()
        .map(|l| Happening {
            when: minute(l.at),
            who: l.actor.clone(),
            step: l.action.clone(),
            note: l.reason.clone().unwrap_or_default(),
            tone: Tone::Muted,
            detail: None,
        })
        .collect();
    for reading in line.iter().rev().filter(|r| r.source == "manual") {
        items.push(Happening {
            when: reading.day.to_string(),
            who: reading.actor.clone(),
            step: format!("填报 {}", plain(reading.actual.unwrap_or(0))),
            note: reading.note.clone(),
            tone: Tone::Info,
            detail: None,
        });
    }
    Ok(html! { @if !items.is_empty() { (page::panel("留痕", html! {}, page::timeline(&items))) } })
}

/// A plain table of commitments with their state, for the week page and the summary.
pub(crate) fn small_table(lines: &[board::Line<'_>], today: chrono::NaiveDate) -> Markup {
    page::table(
        "承诺",
        Narrow::Cards,
        html! { tr { (page::th("承诺")) (page::th("约定")) (page::th("实际")) (page::th("期限")) (page::th("状态")) } },
        html! {
            @for line in lines {
                @let href = format!("/board/{}", line.commitment.id);
                (page::row(&href, html! {
                    (page::td("承诺", html! { a href=(href) { (line.commitment.title) } }))
                    (page::td("约定", html! { (line.commitment.promise()) }))
                    (page::td("实际", html! { (board::actual_text(line.commitment, line.reading)) }))
                    (page::td("期限", html! { @match line.commitment.due_on {
                        Some(due) if due < today => { (due) " 已过" }
                        Some(due) => { (due) "（还有 " ((due - today).num_days()) " 天）" }
                        None => "全学期",
                    } }))
                    (page::td("状态", page::state_dot(line.state.tone(), line.state.label())))
                }))
            }
        },
    )
}
