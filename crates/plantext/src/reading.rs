//! A text with everything the rules look at (读取上下文): tokens, clauses, sentences, lines, head.

use crate::head::{self, Head};
use crate::lex::{Cadence, Date, Quantity, cadence, date, quantity};
use crate::lexicon::{Class, Marks};
use crate::model::{Commitment, DocumentKind, Kind};
use crate::outline::{self, Line, Tense};
use crate::view::View;

/// How far from a number a rule may look, in code points; it bounds the work on a line without punctuation.
pub const REACH: usize = 80;

/// A stretch between ，；。：and the like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clause {
    /// First view index.
    pub start: usize,
    /// The punctuation after it, or the line's end.
    pub end: usize,
    /// Which sentence it belongs to.
    pub sentence: usize,
}

/// A stretch between full stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sentence {
    /// First view index.
    pub start: usize,
    /// One past the last character before the stop.
    pub end: usize,
    /// First and one past the last clause.
    pub clauses: (usize, usize),
    /// Which line it stands in.
    pub line: usize,
}

/// Everything the rules look at.
pub struct Reading {
    /// The normalised text.
    pub view: View,
    /// Listed words.
    pub marks: Marks,
    /// Lines.
    pub lines: Vec<Line>,
    /// Title, period, kind.
    pub head: Head,
    /// Dates.
    pub dates: Vec<Date>,
    /// Cadences.
    pub cadences: Vec<Cadence>,
    /// Quantities.
    pub quantities: Vec<Quantity>,
    /// Clauses in order.
    pub clauses: Vec<Clause>,
    /// Sentences in order.
    pub sentences: Vec<Sentence>,
    /// For each line of a table, the line that heads the table.
    heads: Vec<usize>,
    /// Item numbers, at the head of lines and inside them.
    numbers: Vec<(usize, usize)>,
}

impl Reading {
    /// Tokenises a text.
    pub fn new(text: &str) -> Self {
        let view = View::new(text);
        let marks = Marks::of(&view);
        let dates = date::all(&view);
        let mut lines = outline::lines(&view, &dates);
        let head = head::read(&view, &marks, &lines);
        if head.kind == DocumentKind::Summary {
            look_ahead(&view, &head, &mut lines);
        }
        let cadences: Vec<Cadence> = cadence::all(&view)
            .into_iter()
            .filter(|c| !covers(&dates, c.start))
            .collect();
        let mut taken: Vec<(usize, usize)> = dates.iter().map(|d| (d.start, d.end)).collect();
        taken.extend(cadences.iter().map(|c| (c.start, c.end)));
        let mut numbers: Vec<(usize, usize)> = lines
            .iter()
            .flat_map(|l| {
                let own = l.marker.map(|m| (l.start, m.end));
                own.into_iter()
                    .chain(outline::inline_markers(&view, l.start, l.end))
            })
            .collect();
        numbers.sort_unstable();
        taken.extend(&numbers);
        taken.sort_unstable();
        let quantities = quantity::all(&view, &taken);
        let (clauses, sentences) = segment(&view, &lines);
        let heads = heads(&lines);
        Self {
            view,
            marks,
            lines,
            head,
            dates,
            cadences,
            quantities,
            clauses,
            sentences,
            heads,
            numbers,
        }
    }

    /// Where the words begin at `at`, an item number skipped.
    pub fn words_from(&self, at: usize) -> usize {
        let n = self.numbers.partition_point(|m| m.0 < at);
        self.numbers.get(n).filter(|m| m.0 == at).map_or(at, |m| m.1)
    }

    /// The clause that holds `at`.
    pub fn clause(&self, at: usize) -> Clause {
        let n = self.clauses.partition_point(|c| c.start <= at).saturating_sub(1);
        self.clauses.get(n).copied().unwrap_or(Clause {
            start: at,
            end: at,
            sentence: 0,
        })
    }

    /// The sentence that holds `at`.
    pub fn sentence(&self, at: usize) -> Sentence {
        let clause = self.clause(at);
        self.sentences.get(clause.sentence).copied().unwrap_or(Sentence {
            start: at,
            end: at,
            clauses: (0, 0),
            line: 0,
        })
    }

    /// A commitment over a view range, trimmed of punctuation at its ends.
    pub fn commitment(&self, kind: Kind, start: usize, end: usize) -> Commitment {
        let (mut start, mut end) = (start, end.min(self.view.len()));
        while start + 1 < end && is_edge(self.view.c(start)) {
            start += 1;
        }
        start = self.words_from(start).min(end.saturating_sub(1)).max(start);
        while end > start + 1 && is_edge(self.view.c(end - 1)) {
            end -= 1;
        }
        let (s, e) = self.view.span(start, end);
        Commitment::new(kind, self.view.quote(start, end.max(start + 1)), s, e)
    }

    /// Rule 时-1: whether what is said at `start..end` is behind us (result) or ahead (target).
    ///
    /// A plan looks ahead unless its section, its sentence (以来, 去年, 已), a 了 or a word of state
    /// (现有, 占地) says otherwise; a summary looks back unless its section or an aim (力争, 明年) says otherwise.
    pub fn is_past(&self, start: usize, end: usize) -> bool {
        let clause = self.clause(start);
        let sentence = self.sentence(start);
        let section = self.lines.get(sentence.line).and_then(|l| l.tense);
        let from = sentence.start.max(start.saturating_sub(REACH));
        let near = clause.start.max(start.saturating_sub(REACH));
        let last = |class| {
            let told = self.marks.within(from, start, class);
            told.filter(|m| class != Class::Goal || !self.is_named_plan(m.start as usize))
                .last()
                .map(|m| m.start)
        };
        if self.column_is_past(start) {
            return true;
        }
        match self.head.kind {
            DocumentKind::Summary => {
                if self.has_done(near, clause.end.min(end + 20)) {
                    return true;
                }
                section != Some(Tense::Future) && last(Class::Aim).is_none()
            }
            DocumentKind::News => last(Class::Goal).is_none() || self.is_stock(near, start, end),
            DocumentKind::Plan => {
                let goal = last(Class::Goal);
                // 比上年, 较去年 compare; they do not look back.
                let told = self
                    .marks
                    .within(from, start, Class::Past)
                    .filter(|m| !matches!(self.view.before(m.start as usize), '比' | '较' | '与' | '同'))
                    .last()
                    .map(|m| m.start);
                // 藏书达到30册, 学历达标率99%以上 are aims even of what is there.
                let reached = self.view.seek(near, start, "达到").is_some()
                    || self.view.ends(end, "以上")
                    || self.view.ends(end, "以下");
                let state = if reached { None } else { last(Class::State) };
                let past = told.max(state);
                if past.is_some() && past >= goal {
                    return true;
                }
                if goal.is_none() && self.named_past_year(from, start) {
                    return true;
                }
                if goal.is_none() && self.has_done(near, clause.end.min(end + 20)) {
                    return true;
                }
                if goal.is_none() && section == Some(Tense::Past) {
                    return true;
                }
                goal.is_none() && self.is_stock(near, start, end)
            }
        }
    }

    /// 招生计划, 三年行动计划: 计划 is a verb only after its subject, a date or a comma.
    fn is_named_plan(&self, at: usize) -> bool {
        let subjects = "校们年月期，。；：、\n\0局院园部处组市区县省并还现内我拟";
        self.view.starts(at, "计划") && !subjects.contains(self.view.before(at))
    }

    /// Rule 时-3: a column headed 完成情况 looks back, whatever the document.
    fn column_is_past(&self, at: usize) -> bool {
        let line = self.sentence(at).line;
        let (Some(row), Some(&head)) = (self.lines.get(line).filter(|l| l.row), self.heads.get(line)) else {
            return false;
        };
        // A row of many thousand characters is no table a person wrote; counting its cells would be slow.
        if head == line || row.end - row.start > 4000 {
            return false;
        }
        let bars = |from: usize, to: usize| (from..to).filter(|&i| self.view.c(i) == '|').count();
        let head = &self.lines[head];
        // A row that lacks cells lacks those on the left, which span several rows.
        let lacks = bars(head.start, head.end).saturating_sub(bars(row.start, row.end));
        let column = bars(row.start, at) + lacks;
        let mut start = head.start;
        for _ in 0..column {
            start = self.view.find(start, head.end, |c| c == '|') + 1;
        }
        let end = self.view.find(start, head.end, |c| c == '|');
        start < end
            && ["完成情况", "进展", "成效", "现状", "实际完成", "基数", "上年"]
                .iter()
                .any(|w| self.view.seek(start, end, w).is_some())
    }

    /// 2018年…达到: a year before the document's own is named in the sentence.
    fn named_past_year(&self, from: usize, to: usize) -> bool {
        let Some((own, _)) = self.head.calendar.from() else {
            return false;
        };
        let first = self.dates.partition_point(|d| d.start < from);
        self.dates[first..]
            .iter()
            .take_while(|d| d.start < to)
            .any(|d| match d.year {
                crate::lex::date::Year::Named(year) => year < own && !d.since,
                crate::lex::date::Year::Relative(k) => k < 0,
                crate::lex::date::Year::Implied => false,
            })
    }

    /// Whether a date stands inside `from..to`.
    pub fn dated(&self, from: usize, to: usize) -> bool {
        let first = self.dates.partition_point(|d| d.start < from);
        self.dates.get(first).is_some_and(|d| d.end <= to)
    }

    /// A 了 after a verb, not 为了, 除了, 了解; or 已 before one.
    fn has_done(&self, from: usize, to: usize) -> bool {
        (from..to.min(self.view.len())).any(|i| {
            self.view.c(i) == '已' && self.view.before(i) != '而' && i + 1 < to
                || self.view.c(i) == '了'
                    && !matches!(self.view.c(i + 1), '解' | '如' | '然' | '不')
                    && !matches!(self.view.before(i), '为' | '除' | '明' | '罢')
        })
    }

    /// 高一721人, 教职工182人: what there is, with no verb of work near.
    fn is_stock(&self, near: usize, start: usize, end: usize) -> bool {
        let named = self
            .marks
            .within(near, start, Class::Stock)
            .any(|m| m.end as usize == start);
        // 全校18个年级组: a count of the whole.
        let whole = [
            "全校", "全市", "全县", "全区", "全省", "全院", "全系", "全园", "全乡", "全镇",
        ];
        let named = named || self.view.any_before(start, &whole).is_some();
        named && !self.marks.has(near, start, Class::Work) && !self.marks.has(end, end + 6, Class::Work)
    }
}

/// Rule 时-2: a paragraph of a summary that opens with a later year, or with 将继续, speaks of plans.
fn look_ahead(view: &View, head: &Head, lines: &mut [Line]) {
    let last = head.calendar.to().map(|to| to.0);
    for line in lines.iter_mut() {
        let end = line.end.min(line.body() + 40);
        let named = date::four_digits(view, line.body())
            .filter(|(_, e)| view.c(*e) == '年')
            .map(|y| y.0);
        let later = named.zip(last).is_some_and(|(named, last)| named > last);
        let says = [
            "我们将",
            "将继续",
            "将进一步",
            "新的一年",
            "下一年",
            "下学年",
            "下一步",
            "我校将",
            "学校将",
        ];
        if later || says.iter().any(|w| view.seek(line.start, end, w).is_some()) {
            line.tense = Some(Tense::Future);
        }
    }
}

/// The first row of each run of rows.
fn heads(lines: &[Line]) -> Vec<usize> {
    let mut head = 0;
    lines
        .iter()
        .enumerate()
        .map(|(n, line)| {
            if !line.row || n == 0 || !lines[n - 1].row {
                head = n;
            }
            head
        })
        .collect()
}

fn covers(dates: &[Date], at: usize) -> bool {
    let n = dates.partition_point(|d| d.start <= at);
    n > 0 && dates[n - 1].end > at
}

fn is_edge(c: char) -> bool {
    matches!(c, '，' | '。' | '；' | '、' | '：' | '|' | '！' | '？' | '\n')
}

/// Rule 句-1: full stops end sentences; ，；：|  end clauses; lines end both.
fn segment(view: &View, lines: &[Line]) -> (Vec<Clause>, Vec<Sentence>) {
    let (mut clauses, mut sentences) = (Vec::new(), Vec::<Sentence>::new());
    for (number, line) in lines.iter().enumerate() {
        let (mut from, mut first, mut opened) = (line.start, clauses.len(), line.start);
        for i in line.start..=line.end {
            let c = if i == line.end { '\n' } else { view.c(i) };
            let full = matches!(c, '。' | '！' | '？' | '\n');
            if full || matches!(c, '，' | '；' | '：' | '|') {
                clauses.push(Clause {
                    start: from,
                    end: i,
                    sentence: sentences.len(),
                });
                from = i + 1;
            }
            if full {
                sentences.push(Sentence {
                    start: opened,
                    end: i,
                    clauses: (first, clauses.len()),
                    line: number,
                });
                (opened, first) = (i + 1, clauses.len());
            }
        }
    }
    (clauses, sentences)
}
