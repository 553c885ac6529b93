//! What the wizard suggests: where a number comes from, for whom it counts, who answers for it, by when.
use crate::model::{Binding, Commitment, Every, Kind};
use calendar::Term;
use chrono::{Datelike, Months, NaiveDate};
use kernel::app::Scope;
use kernel::args;
use kernel::error::Result;
use kernel::register::indicator::{self, DutySpec, IndicatorSpec};
use kernel::register::spec::RegisterSpec;
use plantext::likeness::{self, Candidate};
use uuid::Uuid;

/// Less likeness than this is no suggestion: a wrong one is worse than none, all are accepted at one click.
const LIKE_ENOUGH: f32 = 0.34;
/// What an equal cadence adds to the likeness of a duty.
const SAME_CADENCE: f32 = 0.15;

/// All indicators of the installation with their registers.
pub fn indicators(scope: &Scope) -> Vec<(&RegisterSpec, &IndicatorSpec)> {
    let registers = scope.registers.iter();
    registers
        .flat_map(|r| r.indicators.iter().map(move |i| (&**r, i)))
        .collect()
}

/// All duties of the installation with their registers.
pub fn duties(scope: &Scope) -> Vec<(&RegisterSpec, &DutySpec)> {
    let registers = scope.registers.iter();
    registers
        .flat_map(|r| r.duties.iter().map(move |d| (&**r, d)))
        .collect()
}

/// A binding that fits, as the form offers it.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The binding.
    pub binding: Binding,
    /// Its name with the register: `隐患整改率（隐患排查）`.
    pub label: String,
    /// Likeness from 0 to about 1; 0 for what is merely possible.
    pub score: f32,
}

/// Everything a commitment can be bound to, likeliest first. Only what fits its unit scores.
pub fn offers(scope: &Scope, c: &Commitment) -> Vec<Offer> {
    let mut offers = match c.kind {
        Kind::Target => indicator_offers(scope, c),
        Kind::Duty => duty_offers(scope, c),
        _ => vec![],
    };
    offers.sort_by(|a, b| b.score.total_cmp(&a.score));
    offers
}

fn indicator_offers(scope: &Scope, c: &Commitment) -> Vec<Offer> {
    let all = indicators(scope);
    let words: Vec<Vec<&str>> = all
        .iter()
        .map(|(_, i)| {
            let names = [i.title.as_str(), i.formula.as_str()];
            names
                .into_iter()
                .chain(i.aliases.iter().map(String::as_str))
                .collect()
        })
        .collect();
    let scores = scores(&c.title, &words);
    let percent = c.unit.as_deref().is_some_and(|unit| unit == "%" || unit == "％");
    all.iter()
        .zip(scores)
        .map(|((register, i), score)| Offer {
            binding: Binding::Indicator(i.id.clone()),
            label: format!("{}（{}，{}）", i.title, register.title, i.formula),
            score: if i.measure.is_percent() == percent {
                score
            } else {
                0.0
            },
        })
        .collect()
}

fn duty_offers(scope: &Scope, c: &Commitment) -> Vec<Offer> {
    let all = duties(scope);
    let words: Vec<Vec<&str>> = all
        .iter()
        .map(|(register, d)| {
            let names = [d.title.as_str(), register.title.as_str()];
            names
                .into_iter()
                .chain(d.aliases.iter().map(String::as_str))
                .collect()
        })
        .collect();
    all.iter()
        .zip(scores(&c.title, &words))
        .map(|((register, d), score)| {
            let same = c.every.is_some_and(|every| same_window(every, d.every));
            Offer {
                binding: Binding::Duty(d.id.clone()),
                label: format!("{}（{}，{}）", d.title, register.title, cadence_words(d)),
                score: if score > 0.0 && same {
                    score + SAME_CADENCE
                } else {
                    score
                },
            }
        })
        .collect()
}

fn scores(metric: &str, words: &[Vec<&str>]) -> Vec<f32> {
    let candidates: Vec<Candidate<'_>> = words
        .iter()
        .enumerate()
        .map(|(id, words)| Candidate { id, words })
        .collect();
    let mut scores = vec![0.0; words.len()];
    for (id, score) in likeness::rank(metric, &candidates) {
        scores[id] = score;
    }
    scores
}

fn same_window(a: Every, b: indicator::Every) -> bool {
    use indicator::Every as E;
    matches!(
        (a, b),
        (Every::Day, E::Day)
            | (Every::Week, E::Week)
            | (Every::HalfMonth, E::HalfMonth)
            | (Every::Month, E::Month)
            | (Every::Quarter, E::Quarter)
            | (Every::Term, E::Term)
            | (Every::Year, E::Year)
    )
}

fn cadence_words(duty: &DutySpec) -> String {
    use indicator::Every as E;
    let window = match duty.every {
        E::Day => "每天",
        E::Week => "每周",
        E::HalfMonth => "每半月",
        E::Month => "每月",
        E::Quarter => "每季度",
        E::Term => "每学期",
        E::Year => "每年",
        E::BeforeHoliday => "节前",
    };
    format!("{window}{}次", duty.times)
}

/// The binding stored with a fresh suggestion: the likeliest, if it is like enough.
pub fn binding(scope: &Scope, c: &Commitment) -> Binding {
    let best = offers(scope, c).into_iter().next();
    best.filter(|offer| offer.score >= LIKE_ENOUGH)
        .map_or(Binding::None, |offer| offer.binding)
}

/// The last day a plan's due words allow: `2026-06` is 30 June, `2026` is 31 December; `None` for other phrases.
pub fn due_date(words: &str) -> Option<NaiveDate> {
    let mut parts = words.split('-').map(|part| part.parse::<u32>().ok());
    let year = i32::try_from(parts.next()??)
        .ok()
        .filter(|y| (1950..=2150).contains(y))?;
    match (parts.next(), parts.next()) {
        (None, _) => NaiveDate::from_ymd_opt(year, 12, 31),
        (Some(month), None) => {
            let first = NaiveDate::from_ymd_opt(year, month?, 1)?;
            first.checked_add_months(Months::new(1))?.pred_opt()
        }
        (Some(month), Some(day)) => NaiveDate::from_ymd_opt(year, month?, day?),
    }
}

/// The term that a period of months overlaps most.
pub fn term_of<'a>(
    terms: &'a [(Uuid, Term)],
    from: Option<&str>,
    to: Option<&str>,
) -> Option<&'a (Uuid, Term)> {
    let last = due_date(to.or(from)?)?;
    let first = due_date(from.or(to)?)?.with_day(1)?;
    terms
        .iter()
        .map(|known| {
            let begin = known.1.start().max(first);
            ((known.1.end().min(last) - begin).num_days(), known)
        })
        .filter(|(days, _)| *days > 0)
        // The earlier of equals: a plan for a school year starts in autumn.
        .max_by_key(|(days, (_, term))| (*days, std::cmp::Reverse(term.start())))
        .map(|(_, known)| known)
}

/// A unit with its head, as the suggestions need it.
#[derive(Clone, Debug)]
pub struct UnitRow {
    /// Id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// `school`, `department`, `office` or `group`.
    pub kind: String,
    /// Path in the unit tree.
    pub path: String,
    /// The staff member at its head.
    pub head: Option<Uuid>,
}

/// All units in use.
pub async fn units(scope: &Scope) -> Result<Vec<UnitRow>> {
    let sql = "select id, f_name, f_kind, scope, f_head from r_unit where school_id = $1 and void_reason is null \
               and f_active order by key_text";
    let rows = scope.db().all(sql, args![scope.school]).await?;
    rows.iter()
        .map(|row| {
            Ok(UnitRow {
                id: row.at(0)?,
                name: row.at(1)?,
                kind: row.at(2)?,
                path: row.at(3)?,
                head: row.at(4)?,
            })
        })
        .collect()
}

/// The unit, other than the school itself, whose name stands in the words; the longest name wins.
pub fn unit_in<'a>(units: &'a [UnitRow], words: &str) -> Option<&'a UnitRow> {
    units
        .iter()
        .filter(|u| u.kind != "school" && words.contains(&u.name))
        .max_by_key(|u| u.name.chars().count())
}

/// Who answers for something at this place: the head of the nearest unit above it that has one.
pub fn head_of(units: &[UnitRow], path: &str) -> Option<Uuid> {
    units
        .iter()
        .filter(|u| u.head.is_some() && (path.starts_with(&u.path) || u.kind == "school"))
        .max_by_key(|u| if u.kind == "school" { 0 } else { u.path.len() })
        .and_then(|u| u.head)
}

#[cfg(test)]
mod tests {
    use super::*;
    use calendar::{DayTable, Half, SchoolYear};

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn due_words_become_the_last_day_they_allow() {
        assert_eq!(due_date("2026-06-09"), Some(day(2026, 6, 9)));
        assert_eq!(due_date("2026-02"), Some(day(2026, 2, 28)));
        assert_eq!(due_date("2026-12"), Some(day(2026, 12, 31)));
        assert_eq!(due_date("2025"), Some(day(2025, 12, 31)));
        for words in ["新学期初", "2026-13", "2026-02-30", "26-05", ""] {
            assert_eq!(due_date(words), None, "{words}");
        }
    }

    #[test]
    fn a_period_finds_its_term() {
        let days = DayTable::builtin();
        let terms: Vec<(Uuid, Term)> = [Half::Autumn, Half::Spring]
            .map(|half| (Uuid::now_v7(), Term::standard(SchoolYear(2025), half, &days)))
            .into();
        let found = |from, to| term_of(&terms, from, to).map(|(_, term)| term.half());
        assert_eq!(found(Some("2026-03"), Some("2026-07")), Some(Half::Spring));
        assert_eq!(found(Some("2025-09"), Some("2026-01")), Some(Half::Autumn));
        assert_eq!(found(Some("2019-09"), Some("2020-01")), None);
        assert_eq!(found(None, None), None);
    }

    fn unit(name: &str, kind: &str, path: &str) -> UnitRow {
        UnitRow {
            id: Uuid::now_v7(),
            name: name.into(),
            kind: kind.into(),
            path: path.into(),
            head: Some(Uuid::now_v7()),
        }
    }

    #[test]
    fn the_nearest_head_answers_and_the_longest_name_is_meant() {
        let units = [
            unit("学校", "school", "a/"),
            unit("机电系", "department", "a/b/"),
            unit("机电系数控组", "group", "a/b/c/"),
        ];
        assert_eq!(head_of(&units, "a/b/x/"), units[1].head);
        assert_eq!(head_of(&units, ""), units[0].head);
        assert_eq!(
            unit_in(&units, "由机电系数控组负责").unwrap().name,
            "机电系数控组"
        );
        assert!(unit_in(&units, "由学校负责").is_none());
    }
}
