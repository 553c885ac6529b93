//! `/workload/formula`: the versions of the formula, a new one tried out, and who changes by how much.
use super::compute::Coefficients;
use super::month::{Base, Version, hundredths, in_force, month_of, month_text, versions, visible};
use super::rule::WorkloadRule;
use axum::extract::{Form, Query};
use axum::response::Redirect;
use chrono::NaiveDate;
use kernel::app::Scope;
use kernel::error::{Error, Result, Violation};
use kernel::frame::{self, Frame};
use kernel::http::escape;
use kernel::page::{self, Bounds, Input, Kind, Narrow, Stat, Tone};
use kernel::register::Register;
use kernel::register::store::{self, Draft};
use maud::{Markup, html};
use people::roles::TEACHING_OFFICE;

/// Address of the page.
pub const HERE: &str = "/workload/formula";

/// The coefficients of the form: name and label, in the order of [`flat`].
const FIELDS: [(&str, &str); 14] = [
    ("combined_2", "两个班合班"),
    ("combined_3", "三个班合班"),
    ("combined_4", "四个班合班"),
    ("combined_5", "五个班合班"),
    ("combined_6", "六个班合班"),
    ("combined_7", "七个班合班"),
    ("combined_8", "八个班合班"),
    ("repeat", "重复课"),
    ("new_course", "新课"),
    ("batch_2", "实训分两组"),
    ("batch_3", "实训分三组"),
    ("batch_4", "实训分四组"),
    ("practice", "实习指导"),
    ("cover", "代课"),
];

fn flat(of: &Coefficients) -> [i64; 14] {
    let [_, c2, c3, c4, c5, c6, c7, c8] = of.combined;
    let [_, b2, b3, b4] = of.batch;
    [
        c2,
        c3,
        c4,
        c5,
        c6,
        c7,
        c8,
        of.repeat,
        of.new_course,
        b2,
        b3,
        b4,
        of.practice,
        of.cover,
    ]
}

fn unflat(v: [i64; 14]) -> Coefficients {
    Coefficients {
        combined: [100, v[0], v[1], v[2], v[3], v[4], v[5], v[6]],
        repeat: v[7],
        new_course: v[8],
        batch: [100, v[9], v[10], v[11]],
        practice: v[12],
        cover: v[13],
    }
}

/// `1.4` as 140.
fn parse(text: &str) -> Option<i64> {
    let (whole, rest) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 3 || rest.len() > 2 || !digits(whole) || !digits(rest) {
        return None;
    }
    format!("{whole}{rest:0<2}").parse().ok()
}

/// The coefficients of a form over those it starts from; faults name their field.
fn read(
    pairs: &[(String, String)],
    start: &Coefficients,
) -> std::result::Result<Coefficients, Vec<Violation>> {
    let mut values = flat(start);
    let mut faults = vec![];
    for (at, (name, label)) in FIELDS.iter().enumerate() {
        if let Some((_, text)) = pairs.iter().find(|pair| pair.0 == *name) {
            match parse(text) {
                Some(value) => values[at] = value,
                None => faults.push(Violation::new(name, format!("{label}系数请写数字，最多两位小数"))),
            }
        }
    }
    if faults.is_empty() {
        Ok(unflat(values))
    } else {
        Err(faults)
    }
}

fn get<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = pairs.iter().find(|pair| pair.0 == name);
    found.map(|pair| pair.1.trim()).filter(|text| !text.is_empty())
}

/// What a preview starts from: a version of its own, else the one in force, else the sample.
async fn start(scope: &Scope, pairs: &[(String, String)]) -> Result<Coefficients> {
    if let Some(id) = get(pairs, "version") {
        let found = versions(scope)
            .await?
            .into_iter()
            .find(|v| v.id.to_string() == id);
        return Ok(found.ok_or(Error::NotFound)?.rule.coefficients());
    }
    Ok(in_force(scope, scope.today())
        .await?
        .map(|version| version.rule.coefficients())
        .unwrap_or_default())
}

/// GET /workload/formula
pub async fn page(scope: Scope, Query(pairs): Query<Vec<(String, String)>>) -> Result<Markup> {
    crate::load::need_timetable(&scope)?;
    let done = get(&pairs, "done").map(str::to_owned);
    let start = start(&scope, &pairs).await?;
    let tried = read(&pairs, &start).map_err(Error::Invalid)?;
    let month = get(&pairs, "month").map_or_else(|| month_text(scope.today()), str::to_owned);
    let office = scope.actor.holds(&[TEACHING_OFFICE]);
    let body = html! {
        (page::page_header("工作量计算办法", "工作量＝Σ 节数×合班×重复课×新课×实训分组×代课 ＋ 周数×人数×实习指导。改动系数先预览，再存为新版本，启用后从启用日期起计算。", html! {
            (page::link_button("教学工作量", super::page::HERE, None, Kind::Plain))
        }))
        (listed(&versions(&scope).await?))
        @if office { (form(&scope, &tried, &month)) }
        (preview(&scope, &tried, &month).await?)
    };
    frame::page(&scope, Frame::new("工作量计算办法", HERE).done(done), body).await
}

fn listed(all: &[Version]) -> Markup {
    let head =
        html! { tr { (page::th("名称")) (page::th("启用日期")) (page::th("状态")) (page::th("操作")) } };
    let body = html! { @for version in all { tr {
        (page::td("名称", html! { a href={ "/r/workload_rule/" (version.id) } { (version.rule.name) } }))
        (page::td_date("启用日期", html! { (version.rule.from_on) }))
        (page::td("状态", html! { (version.state) }))
        (page::td("操作", html! { a href={ (HERE) "?version=" (version.id) } { "预览变化" } }))
    } } };
    html! { @if !all.is_empty() { (page::flush_panel("各版本", html! {}, page::table("各版本", Narrow::Cards, head, body))) } }
}

fn form(scope: &Scope, tried: &Coefficients, month: &str) -> Markup {
    let values = flat(tried).map(hundredths);
    let bounds = Bounds {
        min: Some("0.01"),
        max: Some("10"),
        step: Some("0.01"),
        unit: None,
    };
    let from = scope.today().to_string();
    let name = format!("工作量计算办法（{from}）");
    page::panel(
        "系数",
        html! {},
        html! {
            form method="get" action=(HERE) {
                div.form-grid {
                    @for ((name, label), value) in FIELDS.iter().zip(&values) {
                        (page::number(&Input { name, label, value, required: true, ..Input::default() }, bounds))
                    }
                    (page::text(&Input { name: "month", label: "预览月份", value: month, max_length: Some(7), ..Input::default() }))
                    (page::text(&Input { name: "name", label: "版本名称", value: &name, max_length: Some(60), ..Input::default() }))
                    (page::date(&Input { name: "from_on", label: "启用日期", value: &from, ..Input::default() }))
                }
                div.actions {
                    (page::submit("预览变化", Kind::Primary))
                    button.button.plain type="submit" formmethod="post" { "存为新版本" }
                }
            }
        },
    )
}

/// Who changes by how much against the version in force.
async fn preview(scope: &Scope, tried: &Coefficients, month: &str) -> Result<Markup> {
    let span = month_of(month)?;
    let people = visible(scope).await?;
    let base = Base::load(scope, span).await?;
    let now = in_force(scope, span.to.min(scope.today())).await?;
    let (now_name, now) = match &now {
        Some(version) => (version.rule.name.as_str(), version.rule.coefficients()),
        None => ("样例系数", Coefficients::default()),
    };
    let (before, after) = (base.loads(&now), base.loads(tried));
    let mut rows: Vec<(&str, i64, i64)> = before
        .iter()
        .filter_map(|(id, load)| {
            let name = people.get(id)?;
            Some((name.as_str(), load.weighted, after.get(id)?.weighted))
        })
        .collect();
    let [total_before, total_after] = [1, 2].map(|nth| -> i64 {
        let of = |row: &(&str, i64, i64)| if nth == 1 { row.1 } else { row.2 };
        rows.iter().map(of).sum()
    });
    let people = rows.len();
    rows.retain(|row| row.1 != row.2);
    rows.sort_by_key(|row| (-(row.2 - row.1).abs(), row.0));
    let signed = |change: i64| {
        let sign = if change > 0 { "+" } else { "" };
        format!("{sign}{}", hundredths(change))
    };
    let (before, after) = (hundredths(total_before), hundredths(total_after));
    let (change, count) = (signed(total_after - total_before), rows.len().to_string());
    let of_people = format!("共{people}人");
    let stat = |label, value, unit, note| Stat {
        label,
        value,
        unit,
        note,
        ..Stat::default()
    };
    let head = html! { tr { (page::th("教师")) (page::th_num("现行")) (page::th_num("预览")) (page::th_num("变化")) } };
    let body = html! { @for (name, before, after) in &rows { tr {
        (page::td("教师", html! { (name) }))
        (page::td_num("现行", hundredths(*before)))
        (page::td_num("预览", hundredths(*after)))
        (page::td_num("变化", signed(after - before)))
    } } };
    let title = format!("{month} 与现行（{now_name}）相比");
    Ok(html! {
        (page::stats(&[
            stat("有变化", &count, "人", &of_people),
            stat("现行合计", &before, "课时", ""),
            stat("预览合计", &after, "课时", ""),
            stat("合计变化", &change, "课时", ""),
        ]))
        @if rows.is_empty() { (page::callout(Tone::Info, &title, html! { p { "没有人的工作量变化。" } })) }
        @else { (page::flush_panel(&title, html! {}, page::table(&title, Narrow::Cards, head, body))) }
    })
}

/// POST /workload/formula: the tried coefficients kept as a draft version.
pub async fn save(scope: Scope, Form(pairs): Form<Vec<(String, String)>>) -> Result<Redirect> {
    let start = start(&scope, &pairs).await?;
    let tried = read(&pairs, &start).map_err(Error::Invalid)?;
    let name = get(&pairs, "name").ok_or_else(|| Error::invalid("name", "请填写版本名称"))?;
    let from: NaiveDate = get(&pairs, "from_on")
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| Error::invalid("from_on", "请填写启用日期"))?;
    let record = WorkloadRule::with(name, from, &tried);
    let spec = scope.register("workload_rule")?;
    let id = store::create(&scope, spec, Draft::new(record.to_values())).await?;
    let done = escape("已存为草稿，预览无误后在版本记录里启用");
    Ok(Redirect::to(&format!("{HERE}?version={id}&done={done}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coefficients_are_read_to_the_hundredth_and_nothing_else() {
        assert_eq!(
            ["1", "1.4", "0.95", "1.456", "-1", "x", ""].map(parse),
            [Some(100), Some(140), Some(95), None, None, None, None]
        );
        let given = |text: &str| vec![("repeat".to_owned(), text.to_owned())];
        let read_one = read(&given("0.85"), &Coefficients::default()).expect("a number");
        assert_eq!(read_one.repeat, 85);
        assert_eq!(unflat(flat(&read_one)), read_one);
        let faults = read(&given("多"), &Coefficients::default()).expect_err("no number");
        assert_eq!(faults[0].field, "repeat");
    }
}
