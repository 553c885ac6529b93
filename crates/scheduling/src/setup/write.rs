//! What the set-up page sends.
use super::HERE;
use crate::settings::{self, Away, Closing, RULES, Settings, Weekend, Whom};
use crate::{facts, pick};
use axum::Form;
use axum::response::Redirect;
use kernel::app::Scope;
use kernel::error::{Error, Result};
use std::collections::HashMap;
use timetable::school::WeekSet;
use uuid::Uuid;

type Pairs = HashMap<String, String>;

fn text<'a>(form: &'a Pairs, name: &str) -> &'a str {
    form.get(name).map_or("", |value| value.trim())
}

fn figure(form: &Pairs, name: &str, label: &str, range: std::ops::RangeInclusive<i64>) -> Result<i64> {
    let number = text(form, name).parse().ok().filter(|n| range.contains(n));
    number.ok_or_else(|| Error::invalid(name, format!("{label}应在{}到{}之间", range.start(), range.end())))
}

async fn of_term(scope: &Scope, form: &Pairs) -> Result<(Uuid, Settings)> {
    let (id, _) = facts::term_of(scope, pick::id(text(form, "term"))).await?;
    Ok((id, settings::load(scope, id).await?))
}

fn back(term: Uuid, said: &str) -> Redirect {
    Redirect::to(&pick::done(&format!("{HERE}?term={term}"), said))
}

/// POST /scheduling/setup
pub async fn save(scope: Scope, Form(form): Form<Pairs>) -> Result<Redirect> {
    let (id, mut settings) = of_term(&scope, &form).await?;
    let size = |name, label, range| figure(&form, name, label, range).map(|n| n as usize);
    let day = [
        size("morning", "上午节数", 1..=6)?,
        size("afternoon", "下午节数", 0..=6)?,
        size("evening", "晚上节数", 0..=4)?,
    ];
    settings.set_grid(size("days", "周一起上课天数", 1..=5)?, day);
    for (name, label, of) in [
        ("saturday", "星期六", &mut settings.saturday),
        ("sunday", "星期日", &mut settings.sunday),
    ] {
        *of = Weekend::parse(text(&form, name))
            .ok_or_else(|| Error::invalid(name, format!("请选择{label}上不上课")))?;
        if *of == Weekend::Evening && day[2] == 0 {
            return Err(Error::invalid(name, format!("{label}只上晚上，请先填写晚上节数")));
        }
    }
    settings.minutes = figure(&form, "minutes", "每节分钟", 20..=60)?;
    settings.most = figure(&form, "most", "教师周课时上限", 1..=60)?;
    let given: Vec<String> = text(&form, "starts")
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    let clock = |text: &String| {
        let fits = |part: Option<&str>, below: u32| {
            part.and_then(|p| p.parse::<u32>().ok())
                .is_some_and(|n| n < below)
        };
        text.len() == 4
            && text.bytes().all(|b| b.is_ascii_digit())
            && fits(text.get(..2), 24)
            && fits(text.get(2..), 60)
    };
    if !given.iter().all(clock) {
        return Err(Error::invalid("starts", "各节上课时间请写四位数字，如 0800"));
    }
    for (start, given) in settings.starts.iter_mut().zip(given) {
        *start = given;
    }
    settings.rules = RULES
        .iter()
        .map(|known| {
            let field = |part: &str| text(&form, &format!("{part}-{}", known.id)).to_owned();
            let mut rule = settings.rule(known.id);
            rule.on = field("on") == "true";
            rule.hard = field("hard") == "true";
            rule.weight = field("weight").parse().unwrap_or(rule.weight).clamp(1, 1000);
            if known.value.is_some() {
                rule.value = field("value").chars().take(100).collect();
            }
            rule
        })
        .collect();
    settings::save(&scope, id, &settings).await?;
    Ok(back(id, "已保存排课设置"))
}

/// POST /scheduling/setup/close
pub async fn close(scope: Scope, Form(form): Form<Pairs>) -> Result<Redirect> {
    let (id, mut settings) = of_term(&scope, &form).await?;
    let reason = text(&form, "reason");
    if reason.is_empty() || reason.chars().count() > 30 {
        return Err(Error::invalid("reason", "请用不超过30字写明事由"));
    }
    let of = match text(&form, "of").split_once(':') {
        None => Whom::Classes,
        Some(("unit", of)) => Whom::Unit(pick::must(of)?),
        Some(("person", of)) => Whom::Person(pick::must(of)?),
        Some(("room", of)) => Whom::Room(pick::must(of)?),
        Some(_) => return Err(Error::invalid("of", "请选择对象")),
    };
    let periods = settings.grid().periods() as i64;
    let day = figure(&form, "day", "星期", 0..=settings.grid().days as i64 - 1)? as usize;
    let from = figure(&form, "from", "节次", 0..=periods - 1)? as usize;
    let to = figure(&form, "to", "节次", 0..=periods - 1)? as usize;
    if to < from {
        return Err(Error::invalid("to", "结束节次不能早于开始节次"));
    }
    let reason = reason.to_owned();
    settings.closed.push(Closing {
        id: Uuid::now_v7(),
        reason,
        of,
        day,
        from,
        to,
    });
    settings::save(&scope, id, &settings).await?;
    Ok(back(id, "已添加"))
}

/// POST /scheduling/setup/away
pub async fn leave(scope: Scope, Form(form): Form<Pairs>) -> Result<Redirect> {
    let (id, mut settings) = of_term(&scope, &form).await?;
    let class = pick::must(text(&form, "class"))?;
    let weeks = text(&form, "weeks").to_owned();
    WeekSet::parse(&weeks).map_err(|why| Error::invalid("weeks", why))?;
    settings.away.push(Away {
        id: Uuid::now_v7(),
        class,
        weeks,
    });
    settings::save(&scope, id, &settings).await?;
    Ok(back(id, "已添加"))
}

/// POST /scheduling/setup/remove
pub async fn drop_one(scope: Scope, Form(form): Form<Pairs>) -> Result<Redirect> {
    let (id, mut settings) = of_term(&scope, &form).await?;
    let gone = pick::must(text(&form, "id"))?;
    settings.closed.retain(|one| one.id != gone);
    settings.away.retain(|one| one.id != gone);
    settings::save(&scope, id, &settings).await?;
    Ok(back(id, "已删除"))
}
