//! `/training-use/report`: the weekly and monthly report and the notes for the weekly safety meeting, drafted from the
//! records; the text is a draft to be read and changed, in the page and as a Word file.
use super::page::date_of;
use super::read;
use super::usage::{Logged, Use, uses};
use crate::load;
use crate::words;
use crate::workload::month::{month_of, month_text};
use axum::extract::Query;
use axum::response::Response;
use chrono::{Datelike, Days, NaiveDate};
use kernel::app::Scope;
use kernel::args;
use kernel::error::{Error, Result};
use kernel::frame::{self, Frame};
use kernel::http::{DOCX, download};
use kernel::page::{self, FilterBar, Input, Kind};
use kernel::register::web::off_thread;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;

/// Address of the page.
pub const HERE: &str = "/training-use/report";
/// Kinds of drafts.
const KINDS: [(&str, &str); 3] = [
    ("week", "实训周报"),
    ("month", "实训月报"),
    ("meeting", "每周安全例会纪要"),
];
/// Most items of a list.
const MOST: usize = 20;

/// What is asked for.
#[derive(Default, Deserialize)]
pub struct Asked {
    kind: Option<String>,
    date: Option<String>,
}

/// A draft: paragraphs under headings.
struct Draft {
    title: String,
    parts: Vec<(String, Vec<String>)>,
}

struct Found {
    rooms: usize,
    total: Use,
    idle: Vec<String>,
    logs: Vec<Logged>,
    names: std::collections::HashMap<uuid::Uuid, String>,
    checks: usize,
    problems: Vec<String>,
    span: (NaiveDate, NaiveDate),
}

async fn find(scope: &Scope, (from, to): (NaiveDate, NaiveDate)) -> Result<Found> {
    let table = load::timetable(scope, from.min(scope.today())).await?;
    let to = to.min(scope.today());
    let rooms = read::rooms(scope).await?;
    let logs = read::logs(scope, from, to).await?;
    let used = uses(&table, (from, to), &read::by_place(&rooms), &logs);
    let total = used.values().fold(Use::default(), |sum, one| sum.and(*one));
    let idle = rooms
        .iter()
        .filter(|room| used.get(&room.id).is_none_or(|one| one.periods == 0))
        .map(|room| room.name.clone())
        .collect();
    let sql = "select t.f_name, c.f_checked_on, c.f_problem, c.f_mended_on from r_training_room_check c \
               join r_training_room t on t.school_id = c.school_id and t.id = c.f_room \
               where c.school_id = $1 and c.void_reason is null and c.f_checked_on >= $2 and c.f_checked_on <= $3 \
               order by c.f_checked_on, t.f_number";
    let checks = scope.db().all(sql, args![scope.school, from, to]).await?;
    let problems = checks.iter().map(|row| -> Result<Option<String>> {
        let (name, on): (String, NaiveDate) = (row.at(0)?, row.at(1)?);
        let mended = match row.at::<Option<NaiveDate>>(3)? {
            Some(day) => format!("{day}已整改"),
            None => "未整改".into(),
        };
        let problem = row
            .at::<Option<String>>(2)?
            .filter(|text| !text.trim().is_empty());
        Ok(problem.map(|problem| format!("{} {name}：{problem}（{mended}）", words::day(on))))
    });
    let problems: Vec<Option<String>> = problems.collect::<Result<_>>()?;
    Ok(Found {
        names: rooms.iter().map(|room| (room.id, room.name.clone())).collect(),
        rooms: rooms.len(),
        total,
        idle,
        logs,
        checks: checks.len(),
        problems: problems.into_iter().flatten().collect(),
        span: (from, to),
    })
}

impl Found {
    fn items(&self, of: impl Fn(&Logged) -> bool, words_of: impl Fn(&Logged) -> String) -> Vec<String> {
        let found: Vec<&Logged> = self.logs.iter().filter(|log| of(log)).collect();
        let mut items: Vec<String> = found
            .iter()
            .take(MOST)
            .map(|log| {
                let room = self.names.get(&log.room).map_or("—", String::as_str);
                format!(
                    "{} 第{}节 {room}{}",
                    words::day(log.on),
                    log.period,
                    words_of(log)
                )
            })
            .collect();
        if found.len() > MOST {
            items.push(format!("等共{}条，详见实训室使用记录。", found.len()));
        }
        if items.is_empty() {
            items.push("无。".into());
        }
        items
    }

    fn overview(&self) -> Vec<String> {
        let rate = self.total.rate().unwrap_or(0);
        let present: i64 = self.logs.iter().map(|log| log.present * log.periods).sum();
        let (from, to) = self.span;
        let mut lines = vec![format!(
            "{from}至{to}，在用实训室{}间，登记使用{}次、{}节，实训{present}人时，使用率{rate}%。\
             课表安排实训课{}次，已登记{}次。",
            self.rooms,
            self.logs.len(),
            self.total.periods,
            self.total.planned,
            self.total.logged
        )];
        if !self.idle.is_empty() {
            lines.push(format!("没有使用的实训室：{}。", self.idle.join("、")));
        }
        lines
    }

    fn faults(&self) -> Vec<String> {
        self.items(|log| log.faulty, |log| format!("：{}", log.remark))
    }

    fn lapses(&self) -> Vec<String> {
        self.items(
            |log| !log.briefed || !log.tidied,
            |log| match (log.briefed, log.tidied) {
                (false, false) => "：没有登记课前安全教育和课后6S".into(),
                (false, true) => "：没有登记课前安全教育".into(),
                _ => "：没有完成课后6S".into(),
            },
        )
    }

    fn checked(&self) -> Vec<String> {
        let found = self.problems.len();
        let mut lines = vec![format!("共检查{}次，发现问题{found}个。", self.checks)];
        lines.extend(self.problems.iter().take(MOST).cloned());
        lines
    }
}

async fn draft(scope: &Scope, asked: &Asked) -> Result<Draft> {
    let date = date_of(scope, asked.date.as_deref())?;
    let kind = asked.kind.as_deref().unwrap_or("week");
    let monday = date - Days::new(u64::from(date.weekday().num_days_from_monday()));
    let span = match kind {
        "month" => {
            let month = month_of(&month_text(date))?;
            (month.from, month.to)
        }
        "week" | "meeting" => (monday, monday + Days::new(6)),
        _ => return Err(Error::NotFound),
    };
    let title = KINDS
        .iter()
        .find(|known| known.0 == kind)
        .map_or("", |known| known.1);
    let found = find(scope, span).await?;
    let part = |heading: &str, lines: Vec<String>| (heading.to_owned(), lines);
    let parts = match kind {
        "meeting" => vec![
            part("一、本周实训情况", found.overview()),
            part("二、设备故障与处理", found.faults()),
            part("三、安全教育与6S缺项", found.lapses()),
            part("四、安全检查情况", found.checked()),
            part(
                "五、议定事项",
                vec!["（由会议议定后填写：事项、责任人、完成时限）".into()],
            ),
        ],
        _ => vec![
            part("一、使用情况", found.overview()),
            part("二、设备情况", found.faults()),
            part("三、安全教育与6S", found.lapses()),
            part("四、安全检查", found.checked()),
        ],
    };
    let when = match kind {
        "month" => month_text(span.0),
        _ => format!("{}至{}", span.0, span.1),
    };
    Ok(Draft {
        title: format!("{title}（{when}）"),
        parts,
    })
}

/// GET /training-use/report
pub async fn page(scope: Scope, Query(asked): Query<Asked>) -> Result<Markup> {
    load::need_timetable(&scope)?;
    let draft = draft(&scope, &asked).await?;
    let date = date_of(&scope, asked.date.as_deref())?.to_string();
    let kind = asked.kind.as_deref().unwrap_or("week");
    let fields = html! {
        (page::select(&Input { name: "kind", label: "文稿", value: kind, ..Input::default() }, &KINDS, None))
        (page::date(&Input { name: "date", label: "日期", value: &date, ..Input::default() }))
    };
    let word = format!("{HERE}.docx?kind={kind}&date={date}");
    let body = html! {
        (page::page_header("实训周报月报", "由使用记录、课表和安全检查汇总成初稿，下载后修改、签发。", html! {
            (page::link_button("下载Word", &word, None, Kind::Primary))
            (page::link_button("实训使用", super::page::HERE, None, Kind::Plain))
        }))
        (page::filter_bar(&FilterBar { action: HERE, fields: Some(fields), ..FilterBar::default() }))
        (page::panel(&draft.title, html! {}, html! {
            @for (heading, lines) in &draft.parts {
                h3 { (heading) }
                @for line in lines { p { (line) } }
            }
        }))
    };
    frame::page(
        &scope,
        Frame::new("实训周报月报", super::page::HERE).crumb("实训使用", super::page::HERE),
        body,
    )
    .await
}

/// GET /training-use/report.docx
pub async fn word(scope: Scope, Query(asked): Query<Asked>) -> Result<Response> {
    load::need_timetable(&scope)?;
    let draft = draft(&scope, &asked).await?;
    let mut blocks = vec![];
    for (heading, lines) in &draft.parts {
        blocks.push(json!({ "kind": "heading", "level": 1, "text": heading }));
        blocks.extend(
            lines
                .iter()
                .map(|line| json!({ "kind": "paragraph", "text": line })),
        );
    }
    let today = scope.today();
    let date = format!("{}年{}月{}日", today.year(), today.month(), today.day());
    let data = json!({ "title": draft.title, "blocks": blocks, "signer": "实训处", "date": date });
    let bytes = off_thread(move || print::docx_official(&data)).await?;
    Ok(download(&format!("{}.docx", draft.title), DOCX, bytes))
}
