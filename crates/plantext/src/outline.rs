//! The numbered tree (条目树): 第一章, 一、, （一）, 1., （1）, ①, month labels, and plain paragraphs.

use crate::lex::date::{Date, Grain};
use crate::lex::numeral;
use crate::model::Section;
use crate::view::View;

/// How an item is numbered, from the outermost style to the innermost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Style {
    /// 第一章, 第一部分
    Part,
    /// 一、
    Chinese,
    /// （一）
    ChineseBracket,
    /// 3月：, 第三周
    Label,
    /// 1. 1、 1．
    Arabic,
    /// （1） 1）
    ArabicBracket,
    /// ①
    Circle,
    /// 第一，; 一是
    Ordinal,
}

/// The number at the head of a line or item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marker {
    /// Its style.
    pub style: Style,
    /// One past the number and its punctuation.
    pub end: usize,
    /// Which number.
    pub ordinal: u32,
}

/// Which way a heading makes its text look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tense {
    /// 工作回顾, 基本情况
    Past,
    /// 工作目标, 下一步打算
    Future,
}

/// One line of the text.
#[derive(Debug, Clone)]
pub struct Line {
    /// First view index.
    pub start: usize,
    /// The line feed, or the end.
    pub end: usize,
    /// Its number.
    pub marker: Option<Marker>,
    /// The date that labels it (month tables): index into the dates.
    pub label: Option<usize>,
    /// A row of a table.
    pub row: bool,
    /// What the nearest telling heading says.
    pub tense: Option<Tense>,
}

impl Line {
    /// Where the words begin.
    pub fn body(&self) -> usize {
        self.marker.map_or(self.start, |m| m.end)
    }
}

/// Rule 条-1: the number at `i`, if an item begins there.
pub fn marker(view: &View, i: usize) -> Option<Marker> {
    let c = view.c(i);
    let found = |style, end, ordinal: f64| {
        Some(Marker {
            style,
            end,
            ordinal: ordinal as u32,
        })
    };
    if ('①'..='⑳').contains(&c) {
        return found(Style::Circle, i + 1, f64::from(c as u32 - '①' as u32 + 1));
    }
    if ('㈠'..='㈩').contains(&c) {
        return found(
            Style::ChineseBracket,
            i + 1,
            f64::from(c as u32 - '㈠' as u32 + 1),
        );
    }
    if ('⒈'..='⒛').contains(&c) {
        return found(Style::Arabic, i + 1, f64::from(c as u32 - '⒈' as u32 + 1));
    }
    if ('⑴'..='⒇').contains(&c) {
        return found(Style::ArabicBracket, i + 1, f64::from(c as u32 - '⑴' as u32 + 1));
    }
    let bracket = matches!(c, '（' | '[' | '【');
    let at = if bracket || c == '第' { i + 1 } else { i };
    let arabic = view.c(at).is_ascii_digit();
    let (value, end) = ordinal(view, at)?;
    let next = view.c(end);
    if bracket {
        let style = if arabic {
            Style::ArabicBracket
        } else {
            Style::ChineseBracket
        };
        let end = end + 1 + usize::from(matches!(view.c(end + 1), '、' | '.'));
        return if matches!(next, '）' | ']' | '】') {
            found(style, end, value)
        } else {
            None
        };
    }
    if c == '第' {
        if let Some(n) = view.any_at(end, &["章", "部分", "篇", "节"]) {
            let end = end + n + usize::from(matches!(view.c(end + n), '、' | '：' | '，'));
            return found(Style::Part, end, value);
        }
        return if matches!(next, '、' | '，' | '：') {
            found(Style::Ordinal, end + 1, value)
        } else {
            None
        };
    }
    match next {
        // 七、八月份: two months, no item number.
        '、' if !arabic && !two_months(view, value, end + 1) => found(Style::Chinese, end + 1, value),
        '.' | '，' if !arabic && view.gap(i) | matches!(view.before(i), '\0' | '\n') && value < 30.0 => {
            found(Style::Chinese, end + 1, value)
        }
        '是' if !arabic => found(Style::Ordinal, end + 1, value),
        '、' if arabic
            && value < 100.0
            && (!view.c(end + 1).is_ascii_digit()
                || dated(view, end + 1) && !two_months(view, value, end + 1)) =>
        {
            found(Style::Arabic, end + 1, value)
        }
        '.' if arabic && value < 100.0 && (!view.c(end + 1).is_ascii_digit() || dated(view, end + 1)) => {
            found(Style::Arabic, end + 1, value)
        }
        '）' if arabic && value < 100.0 => found(Style::ArabicBracket, end + 1, value),
        _ => None,
    }
}

/// Rule 条-5: numbers of items inside a line (`…。2.…`, `：（1）…；（2）…`) between `from` and `to`.
pub fn inline_markers(view: &View, from: usize, to: usize) -> Vec<(usize, usize)> {
    (from + 1..to)
        .filter(|&i| view.gap(i) || matches!(view.before(i), '。' | '；' | '：' | '|' | '！' | '？'))
        .filter_map(|i| {
            let m = marker(view, i)?;
            let numbered = matches!(
                m.style,
                Style::Arabic | Style::ArabicBracket | Style::ChineseBracket | Style::Circle
            );
            (numbered && m.end < to).then_some((i, m.end))
        })
        .collect()
}

fn two_months(view: &View, first: f64, i: usize) -> bool {
    ordinal(view, i).is_some_and(|(second, end)| second == first + 1.0 && view.c(end) == '月')
}

/// Whether digits and 月 or 年 follow (`1.9月份召开`), so that the point was not a decimal one.
fn dated(view: &View, i: usize) -> bool {
    let end = view.find(i, i + 6, |c| !c.is_ascii_digit() && c != '-' && c != '~');
    matches!(view.c(end), '月' | '年')
}

fn ordinal(view: &View, i: usize) -> Option<(f64, usize)> {
    let mut end = i;
    if view.c(i).is_ascii_digit() {
        while view.c(end).is_ascii_digit() && end < i + 3 && (end == i || !view.gap(end)) {
            end += 1;
        }
        let text: String = view.ch[i..end].iter().collect();
        return (!view.c(end).is_ascii_digit()).then(|| (text.parse().unwrap_or(0.0), end));
    }
    while end < i + 4 && (numeral::chinese_digit(view.c(end)).is_some() || view.c(end) == '十') {
        end += 1;
    }
    if end == i {
        return None;
    }
    numeral::value_of(&view.ch[i..end])
        .filter(|v| v.1.is_none())
        .map(|v| (v.0, end))
}

/// Splits the view into lines with their numbers, labels and tenses.
pub fn lines(view: &View, dates: &[Date]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut tenses: Vec<(Style, Option<Tense>)> = Vec::new();
    let mut bare: Option<Tense> = None;
    while start < view.len() {
        let end = view.find(start, view.len(), |c| c == '\n');
        if end > start {
            let marker = marker(view, start);
            let body = marker.map_or(start, |m| m.end);
            let label = label(view, dates, body, end);
            let row = (start..end.min(start + 400)).any(|i| view.c(i) == '|');
            let heading_end = heading_end(view, body, end);
            let own = tense_of(view, body, heading_end);
            if let Some(m) = marker {
                let style = if label.is_some() { Style::Label } else { m.style };
                tenses.retain(|t| t.0 < style);
                tenses.push((style, own));
                if style <= Style::ChineseBracket {
                    bare = None;
                }
            } else if end - start <= 20 && !ends_sentence(view, end) && !row {
                tenses.retain(|t| t.0 == Style::Part);
                bare = own;
            }
            let tense = tenses.iter().rev().find_map(|t| t.1).or(bare);
            lines.push(Line {
                start,
                end,
                marker,
                label,
                row,
                tense,
            });
        }
        start = end + 1;
    }
    lines
}

fn ends_sentence(view: &View, end: usize) -> bool {
    matches!(view.before(end), '。' | '；' | '，' | '！' | '？' | '、')
}

/// Rule 条-2: a month or week date at the head of a line is its label when 份/工作/： or nothing follows.
fn label(view: &View, dates: &[Date], body: usize, end: usize) -> Option<usize> {
    let body = if matches!(view.c(body), '（' | '【' | '[' | '|' | '“') {
        body + 1
    } else {
        body
    };
    let n = dates.partition_point(|d| d.start < body);
    let date = dates.get(n).filter(|d| d.start == body && d.end <= end)?;
    is_label(view, date, end).then_some(n)
}

/// Whether a date that begins a line or sentence labels what follows it.
pub fn is_label(view: &View, date: &Date, end: usize) -> bool {
    if date.grain == Grain::Year || date.since {
        return false;
    }
    let mut at = date.tail;
    // 下半年工作安排 is a heading; only 第一季度：… labels.
    if date.grain == Grain::Part {
        return matches!(view.c(at), '：' | '|') && at + 2 < end;
    }
    if matches!(view.c(at), '）' | '】' | ']' | '”') {
        at += 1;
    }
    let mut bracketed = false;
    if view.c(at) == '（' {
        let close = view.find(at, (at + 24).min(end), |c| c == '）');
        if view.c(close) == '）' {
            at = close + 1;
            bracketed = true;
        }
    }
    at += view
        .any_at(
            at,
            &[
                "工作安排",
                "工作重点",
                "重点工作",
                "工作要点",
                "主要工作",
                "工作内容",
                "工作计划",
                "工作",
                "安排",
                "份",
                "活动安排",
                "主题",
                "主题活动",
                "活动主题",
                "教育主题",
                "德育主题",
                "主要活动",
            ],
        )
        .unwrap_or(0);
    if at >= end || matches!(view.c(at), '：' | '|') {
        return true;
    }
    if matches!(date.grain, Grain::Month | Grain::Phrase) {
        return view.c(at) == '、' && !numeral::begins(view.c(at + 1))
            || (view.gap(at) || bracketed && date.grain == Grain::Phrase) && !date.before
            || marker(view, at).is_some_and(|m| m.ordinal == 1 && m.style != Style::Ordinal);
    }
    false
}

/// Where the heading of a numbered line ends.
fn heading_end(view: &View, body: usize, end: usize) -> usize {
    let stop = view.find(body, end.min(body + 42), |c| {
        matches!(c, '。' | '：' | '；' | '|')
    });
    if stop < end.min(body + 42) || end <= body + 42 {
        return stop.min(end);
    }
    view.find(body, body + 42, |c| c == '，')
}

/// Rule 条-3: what a heading says about time.
fn tense_of(view: &View, start: usize, end: usize) -> Option<Tense> {
    let has = |words: &[&str]| (start..end).any(|i| view.any_at(i, words).is_some_and(|n| i + n <= end));
    if has(&[
        "下一步",
        "打算",
        "今后",
        "明年",
        "下学期",
        "下阶段",
        "工作思路",
        "工作计划",
        "努力方向",
        "下步",
        "展望",
        "目标",
        "新学期工作",
        "下半年工作",
        "改进措施",
        "整改措施",
        "工作设想",
    ]) && !has(&["目标完成", "目标任务完成", "计划完成", "计划执行", "目标达成"])
    {
        return Some(Tense::Future);
    }
    has(&[
        "回顾",
        "基本情况",
        "概况",
        "现状",
        "发展基础",
        "背景",
        "取得的成绩",
        "主要成绩",
        "成效",
        "完成情况",
        "形势",
        "情况分析",
        "学校简介",
        "工作总结",
        "开展情况",
        "存在的问题",
        "存在问题",
        "成就",
        "问题与",
        "与挑战",
        "发展优势",
        "不足之处",
        "现存",
        "主要成绩",
    ])
    .then_some(Tense::Past)
}

/// Rule 条-4: numbered lines, labels and paragraphs as nested sections.
pub fn sections(view: &View, lines: &[Line]) -> Vec<Section> {
    let mut out: Vec<Section> = Vec::new();
    let mut open: Vec<(Style, usize)> = Vec::new();
    let mut last_end = 0;
    for line in lines {
        let style = if line.label.is_some() {
            Some(Style::Label)
        } else {
            line.marker.map(|m| m.style)
        };
        if let Some(style) = style {
            while let Some(&(top, index)) = open.last()
                && top >= style
            {
                out[index].end = last_end;
                open.pop();
            }
        }
        let (start, end) = view.span(line.start, line.end);
        let (number, heading) = match (line.label, line.marker) {
            (Some(_), _) => label_parts(view, line),
            (None, Some(m)) => (
                Some(
                    view.quote(line.start, m.end)
                        .trim_end_matches(['、', '.', '．', '，'])
                        .to_string(),
                ),
                heading_of(view, m.end, line.end),
            ),
            (None, None) => (None, bare_heading(view, line)),
        };
        out.push(Section {
            number,
            heading,
            start,
            end,
            level: open.len().min(200) as u8 + 1,
        });
        if let Some(style) = style {
            open.push((style, out.len() - 1));
        }
        last_end = end;
    }
    for (_, index) in open {
        out[index].end = last_end;
    }
    out
}

fn label_parts(view: &View, line: &Line) -> (Option<String>, Option<String>) {
    let stop = view.find(line.start, line.end.min(line.start + 30), |c| {
        matches!(c, '：' | '|')
    });
    (Some(view.quote(line.start, stop)), None)
}

fn heading_of(view: &View, body: usize, end: usize) -> Option<String> {
    let stop = heading_end(view, body, end);
    (stop > body).then(|| {
        view.quote(body, stop)
            .trim_matches(['：', ':', '。', ' ', '\u{3000}'])
            .to_string()
    })
}

/// A short line without a full stop is a heading of its own.
fn bare_heading(view: &View, line: &Line) -> Option<String> {
    let short = line.end - line.start <= 24 && !line.row && !ends_sentence(view, line.end);
    short.then(|| {
        view.quote(line.start, line.end)
            .trim_matches(['：', ':', ' ', '\u{3000}'])
            .to_string()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lex::date;

    fn tree(text: &str) -> Vec<(Option<String>, Option<String>, u8)> {
        let view = View::new(text);
        let dates = date::all(&view);
        sections(&view, &lines(&view, &dates))
            .into_iter()
            .map(|s| (s.number, s.heading, s.level))
            .collect()
    }

    #[test]
    fn numbered_tree_with_paragraphs_and_labels() {
        let text = "一、教学\n（一）常规\n1．备课。认真写好每一份教案。\n①查教案\n二、月历\n3月：\n1.开学\n四月份：班会\n";
        let got = tree(text);
        let levels: Vec<u8> = got.iter().map(|x| x.2).collect();
        assert_eq!(levels, [1, 2, 3, 4, 1, 2, 3, 2]);
        assert_eq!(got[2].1.as_deref(), Some("备课"));
        assert_eq!(got[5].0.as_deref(), Some("3月"));
    }

    #[test]
    fn decimals_and_counts_do_not_number_a_line() {
        for text in ["3.5万元投入", "二十大精神", "100%覆盖", "三名工程", "2024.3.5"] {
            assert_eq!(marker(&View::new(text), 0), None, "{text}");
        }
        assert!(marker(&View::new("1.9月份召开"), 0).is_some());
        assert_eq!(marker(&View::new("十一、后勤"), 0).map(|m| m.ordinal), Some(11));
    }
}
