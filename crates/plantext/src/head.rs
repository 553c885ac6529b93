//! Title, unit, period and sort of document (标题、单位、时段、文种), guessed from the first lines and the last.

use crate::lex::date::four_digits;
use crate::lexicon::{Class, Marks};
use crate::model::{DocumentKind, Period};
use crate::outline::Line;
use crate::view::View;

/// What the head of a document says.
pub struct Head {
    /// The title line.
    pub title: Option<String>,
    /// The school or bureau.
    pub unit: Option<String>,
    /// The period, if one was named.
    pub period: Option<Period>,
    /// Plan, summary or news.
    pub kind: DocumentKind,
    /// How months get their year.
    pub calendar: Calendar,
    /// One past the title, as a view index: dates before it are not tasks.
    pub body: usize,
}

/// How a month without a year gets one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calendar {
    from: Option<(i32, u8)>,
    to: Option<(i32, u8)>,
}

impl Calendar {
    /// The year of `month`, by the document's span.
    pub fn year_of(&self, month: u8) -> Option<i32> {
        let (from, to) = (self.from?, self.to?);
        if to.0 - from.0 > 1 {
            return None;
        }
        // The month before a first term is that summer's.
        if from.0 != to.0 && to.1 <= 2 && month + 1 == from.1 {
            return Some(from.0);
        }
        // A school year or a first term runs over New Year: its autumn belongs to the first year.
        Some(if from.0 != to.0 && month < from.1.min(8) {
            to.0
        } else {
            from.0
        })
    }

    /// The first year in which `month` lies after the document's span.
    pub fn after(&self, month: u8) -> Option<i32> {
        self.to
            .map(|(year, last)| if month > last { year } else { year + 1 })
    }

    /// The document's own year, for 今年 and 年底.
    pub fn year(&self) -> Option<i32> {
        self.from.map(|f| f.0)
    }

    /// The last month of the span.
    pub fn to(&self) -> Option<(i32, u8)> {
        self.to
    }

    /// The first month of the span.
    pub fn from(&self) -> Option<(i32, u8)> {
        self.from
    }
}

const PLAN: &[&str] = &[
    "工作计划",
    "工作要点",
    "计划",
    "要点",
    "规划",
    "行动方案",
    "实施方案",
    "工作方案",
    "方案",
    "工作安排",
    "安排",
    "工作思路",
    "行事历",
    "月历",
    "工作部署",
    "责任分解",
    "任务分解",
    "任务清单",
    "目标责任",
    "实施意见",
    "工作打算",
    "工作意见",
    "配档表",
    "历程表",
    "责任书",
    "通知",
    "若干意见",
    "细则",
    "制度",
    "清单",
    "一览表",
    "日程",
    "任务书",
    "考核",
    "指标",
];
const SUMMARY: &[&str] = &[
    "工作总结",
    "总结",
    "汇报",
    "述职",
    "小结",
    "年度报告",
    "质量报告",
    "年报",
    "自查报告",
    "自评报告",
    "工作报告",
    "情况报告",
    "报告",
    "回顾",
    "成果",
    "工作情况",
    "事迹",
];
const UNITS: &[&str] = &[
    "学校",
    "中学",
    "小学",
    "学院",
    "大学",
    "幼儿园",
    "教育局",
    "教体局",
    "教育体育局",
    "教育和体育局",
    "教育厅",
    "教育委员会",
    "中专",
    "职教中心",
    "一中",
    "二中",
    "三中",
    "四中",
    "高中",
    "初中",
    "职高",
    "职中",
    "技校",
    "教育集团",
    "技师学院",
    "工程系",
    "教务处",
    "政教处",
    "学生处",
    "就业处",
    "总务处",
    "教研室",
    "教研组",
    "团委",
    "党支部",
    "工会",
    "实验学校",
    "党委",
    "分校",
];

/// Reads the head.
pub fn read(view: &View, marks: &Marks, lines: &[Line]) -> Head {
    let title = title_line(view, lines);
    let kind = kind(view, marks, lines, title);
    let span = title
        .and_then(|l| period_in(view, l.start, l.end))
        .or_else(|| {
            lines
                .iter()
                .take(6)
                .find_map(|l| period_in(view, l.start, l.end.min(l.start + 80)))
        })
        .or_else(|| period_in(view, 0, view.len().min(1500)))
        .or_else(|| {
            lines
                .iter()
                .rev()
                .take(3)
                .find_map(|l| period_in(view, l.start, l.end.min(l.start + 40)))
        });
    let calendar = Calendar {
        from: span.as_ref().map(|s| s.1),
        to: span.as_ref().map(|s| s.2),
    };
    let month = |(y, m): (i32, u8)| format!("{y}-{m:02}");
    Head {
        title: title.map(|l| view.quote(l.start, l.end).trim().to_string()),
        unit: unit(view, lines, title),
        period: span.map(|(label, from, to)| Period {
            label,
            from: Some(month(from)),
            to: Some(month(to)),
            kind,
        }),
        kind,
        calendar,
        body: title.map_or(0, |l| l.end),
    }
}

fn has(view: &View, line: &Line, words: &[&str]) -> bool {
    (line.start..line.end).any(|i| view.any_at(i, words).is_some())
}

/// Rule 头-1: one of the first lines, short, unnumbered, without a full stop, naming a sort of document.
fn title_line<'a>(view: &View, lines: &'a [Line]) -> Option<&'a Line> {
    let plain = |l: &&Line| {
        l.end - l.start <= 60
            && l.marker.is_none()
            && !l.row
            && !matches!(view.before(l.end), '。' | '；' | '，')
    };
    lines
        .iter()
        .take(5)
        .filter(plain)
        .find(|l| has(view, l, PLAN) || has(view, l, SUMMARY) || has(view, l, &["召开", "举行", "会议"]))
        .or_else(|| {
            lines
                .first()
                .filter(plain)
                .filter(|l| l.end - l.start >= 4 && lines.len() > 1 && l.label.is_none())
        })
}

/// Rule 头-2: the sort of document: the last sort named in the title, else the balance of cues.
fn kind(view: &View, marks: &Marks, lines: &[Line], title: Option<&Line>) -> DocumentKind {
    if let Some(t) = title {
        let first = |words: &[&str]| (t.start..t.end).find(|&i| view.any_at(i, words).is_some());
        match (first(PLAN), first(SUMMARY)) {
            (Some(p), Some(s)) => {
                return if s < p {
                    DocumentKind::Summary
                } else {
                    DocumentKind::Plan
                };
            }
            (Some(_), None) => return DocumentKind::Plan,
            (None, Some(_)) => return DocumentKind::Summary,
            _ => {}
        }
        if has(view, t, NEWS) {
            return DocumentKind::News;
        }
    }
    if dateline(view, lines, title) {
        return DocumentKind::News;
    }
    let end = view.len().min(6000);
    let goal = marks.within(0, end, Class::Goal).count();
    let done = (0..end)
        .filter(|&i| view.c(i) == '了' && view.before(i) != '为' && view.c(i + 1) != '解')
        .count();
    let past = marks.within(0, end, Class::Past).count() + done;
    if lines.iter().any(|l| l.label.is_some()) || goal >= past * 2 || past < 3 {
        DocumentKind::Plan
    } else {
        DocumentKind::Summary
    }
}

const NEWS: &[&str] = &[
    "召开",
    "举行",
    "举办",
    "会议",
    "开班",
    "启动仪式",
    "开幕",
    "闭幕",
    "落幕",
    "揭牌",
    "揭晓",
    "莅临",
    "到我校",
    "来校",
];

/// A news item opens with its day: 8月21日上午，……举行.
fn dateline(view: &View, lines: &[Line], title: Option<&Line>) -> bool {
    let body = title.map_or(0, |l| l.end);
    let Some(first) = lines.iter().find(|l| l.start >= body && l.end - l.start > 20) else {
        return false;
    };
    let day = view.find(first.start, first.start + 12, |c| matches!(c, '日' | '号'));
    let stop = view.find(day, first.end.min(day + 80), |c| c == '。');
    matches!(view.c(day), '日' | '号')
        && view.c(first.start).is_ascii_digit()
        && (day..stop).any(|i| {
            view.any_at(i, &["召开", "举行", "举办", "开班", "走进", "来到", "莅临", "赴"])
                .is_some()
        })
}

/// Rule 头-3: the first word ending like a school or bureau, in the title, the lines about it, or the signature.
fn unit(view: &View, lines: &[Line], title: Option<&Line>) -> Option<String> {
    let name = |l: &Line| {
        let end = l.end.min(l.start + 60);
        let mut at = l.start;
        // A year before the name is not part of it.
        if four_digits(view, at).is_some() {
            at = (at..end)
                .find(|&i| matches!(view.c(i), '年' | '度' | '期'))
                .map_or(at, |i| i + 1);
        }
        let mut stop = None;
        for i in at..end {
            if let Some(n) = view.any_at(i, UNITS) {
                if i + n <= end && i + n > at + 2 {
                    stop = Some(i + n);
                }
            } else if matches!(view.c(i), '，' | '：' | '。' | '《') || view.c(i).is_ascii_digit() {
                break;
            }
        }
        stop.map(|s| view.quote(at, s))
    };
    title
        .and_then(name)
        .or_else(|| {
            lines
                .iter()
                .take(3)
                .filter(|l| l.end - l.start <= 40)
                .find_map(name)
        })
        .or_else(|| {
            lines
                .iter()
                .rev()
                .take(3)
                .filter(|l| l.end - l.start <= 25)
                .find_map(name)
        })
}

type Span = (String, (i32, u8), (i32, u8));

/// Rule 头-4: `2023-2024学年第二学期`, `2023学年`, `2024年春季`, `2024年上半年`, `2023—2025年`, `2024年度`.
fn period_in(view: &View, start: usize, end: usize) -> Option<Span> {
    (start..end)
        .filter(|&i| four_digits(view, i).is_some())
        .take(12)
        .find_map(|i| period_at(view, i))
}

/// The period that begins with the year at `i`.
fn period_at(view: &View, i: usize) -> Option<Span> {
    let (year, mut at) = four_digits(view, i)?;
    // 2026届 graduates at the end of the school year.
    if view.c(at) == '届' {
        return Some((view.quote(i, at + 1), (year - 1, 8), (year, 7)));
    }
    let mut last = year;
    let school = "学年";
    if view.c(at) == '年' && matches!(view.c(at + 1), '-' | '~' | '至') {
        at += 1;
    }
    let mut next = at;
    while matches!(view.c(next), '-' | '~' | '至' | '/') && next < at + 2 {
        next += 1;
    }
    if next > at {
        if let Some((y, e)) = four_digits(view, next) {
            (last, at) = (y, e);
        } else if view.c(next).is_ascii_digit()
            && view.c(next + 1).is_ascii_digit()
            && view.starts(next + 2, school)
        {
            (last, at) = (year + 1, next + 2);
        }
    }
    if view.starts(at, school) {
        if last == year {
            last = year + 1;
        }
        at += 2 + usize::from(view.c(at + 2) == '度');
        let mut t = at;
        t += usize::from(view.c(t) == '（');
        t += usize::from(view.c(t) == '第');
        let term = view.c(t);
        let named = view.any_at(t + 1, &["学期"]).map(|n| t + 1 + n);
        return Some(match (term, named) {
            ('一' | '上' | '1', Some(e)) => (view.quote(i, e), (year, 8), (last, 2)),
            ('二' | '下' | '2', Some(e)) => (view.quote(i, e), (last, 2), (last, 8)),
            _ => (view.quote(i, at), (year, 8), (last, 7)),
        });
    }
    let term = ["上学期", "下学期", "第一学期", "第二学期", "春季", "秋季", "年度"];
    if view.c(at) != '年' && last == year && view.any_at(at, &term).is_none() {
        let dotted = view.c(at) == '.' && view.c(at + 1).is_ascii_digit();
        return dotted.then(|| (view.quote(i, at), (year, 1), (year, 12)));
    }
    let mut e = at + usize::from(view.c(at) == '年');
    if last != year {
        return Some((view.quote(i, e), (year, 1), (last, 12)));
    }
    e += usize::from(view.c(e) == '度');
    let (n, from, to) = [
        ("春季学期", 2, 8),
        ("秋季学期", 8, 14),
        ("春季", 2, 8),
        ("秋季", 8, 14),
        ("春学期", 2, 8),
        ("秋学期", 8, 14),
        ("上半年", 1, 6),
        ("下半年", 7, 12),
        ("春", 2, 8),
        ("秋", 8, 14),
        ("下学期", 2, 14),
    ]
    .iter()
    .find(|(w, _, _)| view.starts(e, w))
    .map_or((0, 1, 12), |(w, f, t)| (w.chars().count(), *f, *t));
    let to = if to > 12 { (year + 1, to - 12) } else { (year, to) };
    Some((view.quote(i, e + n), (year, from), to))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lex::date;
    use crate::outline;

    fn head(text: &str) -> Head {
        let view = View::new(text);
        let dates = date::all(&view);
        read(&view, &Marks::of(&view), &outline::lines(&view, &dates))
    }

    #[test]
    fn titles_units_and_terms() {
        let h = head("云岭县实验中学2023—2024学年度第一学期工作计划\n一、目标\n");
        assert_eq!(h.unit.as_deref(), Some("云岭县实验中学"));
        assert_eq!(
            h.period.as_ref().map(|p| p.label.as_str()),
            Some("2023—2024学年度第一学期")
        );
        assert_eq!(
            (h.calendar.year_of(9), h.calendar.year_of(1)),
            (Some(2023), Some(2024))
        );
        let h = head("2020年教务处工作总结\n这一年做了很多事。\n");
        assert_eq!(h.kind, DocumentKind::Summary);
        assert_eq!(h.calendar.year_of(12), Some(2020));
        let h = head("2017-2018学年第二学期行事历\n3月：开学\n");
        assert_eq!(h.calendar.year_of(6), Some(2018));
    }

    #[test]
    fn summary_with_plan_is_a_summary_first() {
        assert_eq!(
            head("2023年工作总结和2024年工作计划\n一、总结\n").kind,
            DocumentKind::Summary
        );
        assert_eq!(
            head("全市教育工作会议召开\n3月5日，会议举行。\n").kind,
            DocumentKind::News
        );
    }
}
