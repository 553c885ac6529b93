//! Dated tasks (任务): deadlines in a sentence, month labels over a list, goals with a year.

use super::label::{self, Rollover};
use crate::lex::date::{Date, Grain, Year};
use crate::lexicon::Class;
use crate::model::{Commitment, DocumentKind, Kind};
use crate::outline::Tense;
use crate::reading::{REACH, Reading};

/// Finds the tasks. `numbers` are the spans of targets and results already found.
pub fn read(r: &Reading, numbers: &[(usize, usize)]) -> Vec<Commitment> {
    let mut found = Vec::new();
    let mut years = Rollover::default();
    let lists = label::labels(r, &mut years, &mut found);
    let mut n = 0;
    while n < r.dates.len() {
        let date = &r.dates[n];
        n += 1;
        if date.start < r.head.body {
            continue;
        }
        let list = lists[..lists.partition_point(|l| l.start <= date.start)].last();
        let list = list.filter(|l| date.start < l.end);
        if list.is_some_and(|l| l.label == date.start) {
            continue;
        }
        if list
            .is_some_and(|l| l.several || date.grain != Grain::Day || due(r, date).as_deref() == Some(&l.due))
        {
            continue;
        }
        let dated_goal =
            date.until && matches!(date.grain, Grain::Month | Grain::Part | Grain::Phrase) && !date.since;
        if date.grain == Grain::Year || dated_goal && r.head.kind == DocumentKind::Plan {
            found.extend(goal(r, date, numbers));
            continue;
        }
        if !is_deadline(r, n - 1) {
            continue;
        }
        let Some(when) = due(r, date) else { continue };
        let (start, end) = extent(r, date);
        let mut c = r.commitment(Kind::Task, start, end);
        if found
            .iter()
            .rev()
            .take(4)
            .any(|t: &Commitment| t.start == c.start && t.due.as_ref() == Some(&when))
        {
            continue;
        }
        c.activity = Some(activity(r, date, start, end));
        c.due2 = second(r, date);
        // 4月20日和10月15日: the next date, joined by 和 or 、, is the second.
        if let Some(other) = r.dates.get(n)
            && matches!(r.view.c(date.end), '、' | '和' | '及')
            && other.start == date.end + 1
            && date.grain == Grain::Day
        {
            c.due2 = due(r, other);
            n += 1;
        }
        c.due = Some(when);
        found.push(c);
    }
    found
}

/// A year, month and day as labels write them.
pub fn written(year: Option<i32>, month: u8, day: Option<u8>) -> String {
    match (year, day) {
        (Some(y), Some(d)) => format!("{y}-{month:02}-{d:02}"),
        (Some(y), None) => format!("{y}-{month:02}"),
        (None, Some(d)) => format!("{month}月{d}日"),
        (None, None) => format!("{month}月"),
    }
}

/// Rule 任-2: the due date as written in labels: `YYYY-MM-DD`, `YYYY-MM`, `YYYY`, or the phrase.
pub fn due(r: &Reading, date: &Date) -> Option<String> {
    let calendar = &r.head.calendar;
    if date.grain == Grain::Phrase || date.close {
        return Some(r.view.quote(date.start, date.end));
    }
    match (date.last_month, date.year) {
        (None, Year::Named(y)) => Some(y.to_string()),
        (None, Year::Relative(k)) => calendar.year().map(|y| (y + k).to_string()),
        (None, Year::Implied) => None,
        (Some(month), year) => {
            let first = date.month.unwrap_or(month);
            let y = match year {
                Year::Named(y) => Some(y),
                Year::Relative(k) => calendar.year().map(|y| y + k),
                Year::Implied => {
                    let own = if ahead(r, date) {
                        calendar.after(first)
                    } else {
                        calendar.year_of(first)
                    };
                    own.map(|y| y + i32::from(month < first))
                }
            };
            Some(match y {
                Some(_) => written(y, month, date.day),
                None => r.view.quote(date.start, date.end),
            })
        }
    }
}

/// Rule 任-5: in the plans at the end of a summary, a month is the next one after the summary's own span.
fn ahead(r: &Reading, date: &Date) -> bool {
    r.head.kind == DocumentKind::Summary
        && r.lines
            .get(r.sentence(date.start).line)
            .is_some_and(|l| l.tense == Some(Tense::Future))
}

/// The second of two separate dates.
pub fn second(r: &Reading, date: &Date) -> Option<String> {
    let (month, day) = date.second?;
    let year = match date.year {
        Year::Named(y) => Some(y),
        _ => r.head.calendar.year_of(month),
    };
    Some(written(year, month, day))
}

/// Rule 任-3: a date in running text is a deadline when the text looks ahead and the date is not background.
fn is_deadline(r: &Reading, n: usize) -> bool {
    let v = &r.view;
    let date = &r.dates[n];
    let clause = r.clause(date.start);
    let sentence = r.sentence(date.start);
    let line = &r.lines[sentence.line];
    let near = r.words_from(clause.start).max(date.start.saturating_sub(REACH));
    let far = v.find(date.end, sentence.end.min(date.end + REACH), |c| c == '；');
    if line.end - line.start <= date.end - date.start + 2 || date.since || date.year == Year::Relative(-1) {
        return false;
    }
    if ["发布时间", "来源：", "浏览", "点击", "作者："]
        .iter()
        .any(|w| v.seek(line.start, line.end.min(line.start + 80), w).is_some())
    {
        return false;
    }
    // A signature: 某校 2020年3月1日
    let signed = date.grain == Grain::Day && date.year != Year::Implied && !date.before;
    if signed && date.end >= line.end && line.end - line.start <= 40 && line.marker.is_none() && !line.row {
        return false;
    }
    if v.any_before(
        date.start,
        &[
            "截至",
            "截止",
            "截止到",
            "自",
            "原定于",
            "原定",
            "原计划",
            "从",
            "始于",
        ],
    )
    .is_some()
    {
        return false;
    }
    let moved = ["推迟", "延期", "延迟"]
        .iter()
        .any(|w| v.seek(date.end, far, w).is_some())
        && r.dates.get(n + 1).is_some_and(|d| d.start < far);
    if moved || v.seek(date.end, far, "另行通知").is_some() || in_name(r, date) {
        return false;
    }
    // A cell of a table's head, or of a column that looks back.
    if line.row
        && (v.any_before(clause.end, &["情况", "成效", "进展"]).is_some() || r.is_past(date.start, date.end))
    {
        return false;
    }
    let has_cadence = |c: &crate::lex::Cadence| c.start >= near && c.end <= date.start;
    let k = r.cadences.partition_point(|c| c.start < near);
    if r.cadences.get(k).is_some_and(has_cadence) {
        return false;
    }
    if let (Year::Named(y), Some((from, _))) = (date.year, r.head.calendar.from())
        && y < from
    {
        return false;
    }
    let opens = date.start <= near + 2 || v.before(date.start) == '（';
    let begun = opens && r.marks.at(date.tail, Class::Work);
    // 第18周为考试周: what a week is called.
    if date.grain == Grain::Phrase && v.c(date.tail) == '为' {
        return false;
    }
    if !date.before
        && (date.grain == Grain::Part && !begun
            || date.grain == Grain::Phrase && !(opens && date.start <= near + 1))
    {
        return false;
    }
    match r.head.kind {
        DocumentKind::News => {
            date.before
                && r.marks.has(
                    sentence.start.max(date.start.saturating_sub(REACH)),
                    far,
                    Class::Goal,
                )
        }
        DocumentKind::Summary => {
            (line.tense == Some(Tense::Future)
                || r.marks.has(
                    sentence.start.max(date.start.saturating_sub(REACH)),
                    date.start,
                    Class::Aim,
                ))
                && !r.is_past(date.start, date.end)
        }
        DocumentKind::Plan => {
            line.tense != Some(Tense::Past)
                && !r.marks.has(near, clause.end.min(far), Class::Past)
                && !done(r, date, near, clause.end.min(far))
        }
    }
}

/// 了 after a verb in the clause, or words of issuing right after the date: 3月印发的通知.
fn done(r: &Reading, date: &Date, from: usize, to: usize) -> bool {
    let v = &r.view;
    let issued = [
        "印发的",
        "下发的",
        "发布的",
        "出台的",
        "颁布的",
        "召开的",
        "施行",
        "出生",
        "毕业的",
        "入学的",
    ];
    (from..to).any(|i| v.c(i) == '了' && v.c(i + 1) != '解' && !matches!(v.before(i), '为' | '除'))
        || issued
            .iter()
            .any(|w| v.seek(date.end, to.min(date.end + 8), w).is_some())
}

/// Inside 《》 or “”.
fn in_name(r: &Reading, date: &Date) -> bool {
    let v = &r.view;
    let from = date.start.saturating_sub(40);
    (from..date.start)
        .rev()
        .find(|&i| matches!(v.c(i), '《' | '》' | '“' | '”' | '\n'))
        .is_some_and(|i| v.c(i) == '《' || v.c(i) == '“' && v.c(date.end) == '”')
}

/// The quote of a deadline: its clause; if the date closes its clause at the head, the next one too.
fn extent(r: &Reading, date: &Date) -> (usize, usize) {
    let clause = r.clause(date.start);
    let sentence = r.sentence(date.start);
    let start = if let Some(item) = item_of(r, date) {
        item
    } else if date.start - clause.start <= REACH / 2 {
        clause.start
    } else {
        date.start
    };
    let mut end = clause.end.min(date.end + REACH);
    if date.tail + 1 >= end && end < sentence.end {
        end = r.clause(end + 1).end.min(end + REACH);
    }
    (start, end.max(date.end))
}

/// 修订章程。（责任单位：办公室；完成时限：6月底）: where the item begins whose time limit the date is.
fn item_of(r: &Reading, date: &Date) -> Option<usize> {
    let v = &r.view;
    let colon = date.start.checked_sub(1).filter(|&i| v.c(i) == '：')?;
    v.any_before(colon, &["时限", "时间", "期限", "节点", "完成日期"])?;
    let line = r.lines.get(r.sentence(date.start).line)?;
    Some(line.body().max(date.start.saturating_sub(3 * REACH)))
}

fn activity(r: &Reading, date: &Date, start: usize, end: usize) -> String {
    let text = format!(
        "{}{}",
        r.view.text(start, date.start),
        r.view.text(date.tail, end)
    );
    text.trim_matches(['，', '：', '、', '；', '。']).to_string()
}

/// Rule 任-4: 到2025年, 2025年前: a goal without a number is a task due that year; with one it is a target's due.
fn goal(r: &Reading, date: &Date, numbers: &[(usize, usize)]) -> Option<Commitment> {
    let v = &r.view;
    let until = date.until && !v.ends(date.start, "截至") && !v.ends(date.start, "截止到");
    let until = until || opens_later(r, date);
    if !(until || date.before || date.close)
        || date.since
        || date.year == Year::Relative(-1)
        || in_name(r, date)
    {
        return None;
    }
    let sentence = r.sentence(date.start);
    let line = &r.lines[sentence.line];
    if r.head.kind == DocumentKind::Summary && line.tense != Some(Tense::Future)
        || r.head.kind == DocumentKind::News
    {
        return None;
    }
    let start = if date.until { date.start - 1 } else { date.start };
    // The words of the goal end where the first number's clause begins.
    let first = r.clauses.partition_point(|c| c.end <= date.tail);
    let mut end = date.tail;
    for clause in r.clauses[first..].iter().take_while(|c| c.end <= sentence.end) {
        let from = clause.start.max(date.tail);
        if from >= clause.end {
            continue;
        }
        let (s, e) = v.span(from, clause.end);
        let near = numbers.partition_point(|n| n.0 + 6 * REACH < s);
        if numbers[near..].iter().take_while(|n| n.0 < e).any(|n| s < n.1) || clause.end - start > 3 * REACH {
            break;
        }
        end = clause.end;
    }
    if end <= date.tail + 1 {
        return None;
    }
    let mut c = r.commitment(Kind::Task, start, end);
    c.activity = Some(v.text(date.tail, end).trim_matches(['，', '：']).to_string());
    c.due = due(r, date);
    Some(c)
}

/// 2030年，全面实现……: a year after the plan's own, at the head of its sentence.
fn opens_later(r: &Reading, date: &Date) -> bool {
    let Year::Named(year) = date.year else {
        return false;
    };
    r.sentence(date.start).start == date.start
        && r.view.c(date.end) == '，'
        && r.head.kind == DocumentKind::Plan
        && r.head.calendar.from().is_some_and(|(from, _)| year > from)
}

/// The deadline that opens the sentence of a target, or the first sentence of its paragraph (到2025年，力争…).
pub fn goal_year(r: &Reading, at: usize) -> Option<String> {
    let sentence = r.sentence(at);
    let line = r.lines.get(sentence.line)?;
    for from in [sentence.start, line.body()] {
        let n = r.dates.partition_point(|d| d.start < from);
        let Some(date) = r.dates.get(n).filter(|d| d.start <= from + 2 && d.start < at) else {
            continue;
        };
        if date.until
            || opens_later(r, date)
            || date.before
            || date.close
            || date.grain == Grain::Month
            || date.grain == Grain::Day
        {
            return due(r, date);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dues(text: &str) -> Vec<(String, Option<u32>)> {
        read(&Reading::new(text), &[])
            .into_iter()
            .map(|c| (c.due.unwrap_or_default(), c.items))
            .collect()
    }

    #[test]
    fn month_labels_govern_their_lists() {
        let text = "某校2023-2024学年第一学期月历\n九月：\n1.开学典礼\n2.教师节表彰\n十二月份：元旦汇演\n1月：期末考试\n";
        assert_eq!(
            dues(text),
            [
                ("2023-09".into(), Some(2)),
                ("2023-12".into(), None),
                ("2024-01".into(), None)
            ]
        );
    }

    #[test]
    fn deadlines_in_sentences() {
        let text = "某校2020年工作要点\n一、改革。6月中旬前完成方案修订，8月底前启动。3月-5月开展检查。年底前全面验收。\n";
        let got: Vec<String> = dues(text).into_iter().map(|d| d.0).collect();
        assert_eq!(got, ["2020-06", "2020-08", "2020-05", "2020-12"]);
    }

    #[test]
    fn moved_and_unsettled_dates() {
        let text = "某校2021年计划\n一、活动。原定于4月份举行的运动会延迟到9月份举行。5月的艺术节推迟，具体时间另行通知。\n";
        let got: Vec<String> = dues(text).into_iter().map(|d| d.0).collect();
        assert_eq!(got, ["2021-09"]);
    }

    #[test]
    fn goals_with_a_year() {
        let text = "某县教育规划\n一、目标。到2027年，总体实现教育现代化。2024年，要抓好三件事。\n";
        assert_eq!(dues(text), [("2027".into(), None)]);
    }
}
