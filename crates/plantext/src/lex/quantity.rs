//! Quantities (数量): a numeral, its measure word, and the words that bound it.

use super::measure::{self, Sort};
use super::numeral::{self, Numeral};
use crate::view::View;

/// What follows the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tail {
    /// Nothing.
    Plain,
    /// 以上, 及以上, 多, 余
    OrMore,
    /// 以内, 以下, 之内
    OrLess,
    /// 左右, 上下
    About,
}

/// What the number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// A percentage.
    Percent,
    /// 个百分点
    Points,
    /// A measure word.
    Measure(Sort),
    /// Nothing: an index, or a code.
    Bare,
}

/// A number with its unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// First view index.
    pub start: usize,
    /// One past the number and its unit.
    pub end: usize,
    /// One past 以上 and the like.
    pub tail_end: usize,
    /// The number.
    pub value: f64,
    /// The high end of a range.
    pub max: Option<f64>,
    /// The unit as in the text.
    pub unit: String,
    /// What it counts.
    pub of: Of,
    /// What bounds it from behind.
    pub tail: Tail,
    /// Written in digits.
    pub arabic: bool,
    /// A code, a version, a phone number.
    pub code: bool,
    /// The Chinese numeral 一 or digit 1 alone.
    pub one: bool,
}

/// Every quantity outside the `taken` spans (dates, cadences), in order.
pub fn all(view: &View, taken: &[(usize, usize)]) -> Vec<Quantity> {
    let mut found = Vec::new();
    let mut skip = taken.iter().peekable();
    let mut i = 0;
    while i < view.len() {
        while skip.peek().is_some_and(|s| s.1 <= i) {
            skip.next();
        }
        if let Some(s) = skip.peek()
            && s.0 <= i
        {
            i = s.1;
            continue;
        }
        match lex(view, i) {
            Some(q) => {
                i = q.tail_end.max(i + 1);
                found.push(q);
            }
            None => i += 1,
        }
    }
    share_units(view, &mut found);
    found
}

/// Rule 量-4: 每周分别为6、5、4课时: after 分别, numbers of a list take the unit of the last.
fn share_units(view: &View, found: &mut [Quantity]) {
    for n in (1..found.len()).rev() {
        let (head, rest) = found.split_at_mut(n);
        let (q, next) = (&mut head[n - 1], &rest[0]);
        let joined = q.of == Of::Bare
            && q.arabic
            && !q.code
            && next.of != Of::Bare
            && next.start == q.tail_end + 1
            && matches!(view.c(q.tail_end), '、' | '和' | '，');
        if joined && (q.start.saturating_sub(24)..q.start).any(|i| view.starts(i, "分别")) {
            q.of = next.of;
            q.unit = next.unit.clone();
            q.tail = next.tail;
        }
    }
}

fn lex(view: &View, i: usize) -> Option<Quantity> {
    if let Some(q) = hundredths(view, i) {
        return Some(q);
    }
    let c = view.c(i);
    if !numeral::begins(c) {
        return None;
    }
    let first = numeral::lex(view, i)?;
    let (last, of, unit, end) = range(view, &first);
    let mut q = Quantity {
        start: i,
        end,
        tail_end: end,
        value: first.value,
        max: last.or(first.max),
        unit,
        of,
        tail: if first.more { Tail::OrMore } else { Tail::Plain },
        arabic: first.arabic,
        code: first.code,
        one: first.value == 1.0 && first.max.is_none(),
    };
    // A bare Chinese numeral is a word (一定, 三全), unless something bounds it; so is 百 in 百强.
    let round = matches!(c, '百' | '千' | '万') && matches!(view.before(i), '破' | '超' | '过');
    let nought = q.value == 0.0 && view.c(q.end) != '距';
    if q.of == Of::Bare && !(q.arabic || round || nought) {
        return None;
    }
    bound(view, &mut q);
    Some(q)
}

/// Rule 量-1: 百分之九十五, 百分之95.
fn hundredths(view: &View, i: usize) -> Option<Quantity> {
    if !view.starts(i, "百分之") {
        return None;
    }
    let n = if view.c(i + 3) == '百' {
        Numeral {
            start: i + 3,
            end: i + 4,
            value: 100.0,
            max: None,
            arabic: false,
            more: false,
            scale: None,
            code: false,
        }
    } else {
        numeral::lex(view, i + 3)?
    };
    let mut q = Quantity {
        start: i,
        end: n.end,
        tail_end: n.end,
        value: n.value,
        max: n.max,
        unit: "%".into(),
        of: Of::Percent,
        tail: if n.more { Tail::OrMore } else { Tail::Plain },
        arabic: true,
        code: false,
        one: false,
    };
    bound(view, &mut q);
    Some(q)
}

/// Rule 量-2: `1-2门`, `3—5个`, `90%-95%`, `3至5个`, `10个到15个`.
fn range(view: &View, first: &Numeral) -> (Option<f64>, Of, String, usize) {
    let own = unit(view, first, first.end);
    let at = match &own {
        Some((_, _, end)) => *end,
        None => first.end,
    };
    let mut next = at;
    while matches!(view.c(next), '-' | '~' | '至' | '到') && next < at + 2 {
        next += 1;
    }
    let same_script = view.c(next).is_ascii_digit() == first.arabic;
    if next > at
        && numeral::begins(view.c(next))
        && same_script
        && !first.code
        && let Some(second) = numeral::lex(view, next)
        && second.value > first.value
        && let Some((of, unit, end)) = unit(view, &second, second.end)
        && own.as_ref().is_none_or(|o| o.1 == unit)
    {
        return (Some(second.value), of, unit, end);
    }
    match own {
        Some((of, unit, end)) => (None, of, unit, end),
        None => (None, Of::Bare, String::new(), first.end),
    }
}

/// The unit after a numeral: percent, points, or a measure word with its scale and bracket.
fn unit(view: &View, n: &Numeral, at: usize) -> Option<(Of, String, usize)> {
    if view.c(at) == '%' {
        if view.any_at(at + 1, &["个百分点"]).is_some() {
            return None;
        }
        return Some((Of::Percent, "%".into(), at + 1));
    }
    // 七成, 八成以上; not 三成立, 一成不变
    let share = [
        '以', '的', '学', '教', '家', '，', '。', '、', '多', '左', '毕', '师', '农', '课', '班', '受',
    ];
    if view.c(at) == '成' && n.value <= 10.0 && share.contains(&view.c(at + 1)) {
        return Some((Of::Percent, "成".into(), at + 1));
    }
    if view.c(at) == '‰' {
        return Some((Of::Percent, "‰".into(), at + 1));
    }
    if let Some(len) = view.any_at(at, &["个百分点", "百分点"]) {
        return Some((Of::Points, view.text(at, at + len), at + len));
    }
    let (len, sort) = measure::at(view, at)?;
    let mut end = at + len;
    let mut unit = String::new();
    unit.extend(n.scale);
    unit.push_str(&view.text(at, end));
    // 篇（部）, 台（套）, 项/个
    if view.c(end) == '（'
        && let Some((l, _)) = measure::at(view, end + 1)
        && view.c(end + 1 + l) == '）'
    {
        unit.push_str(&view.quote(end, end + l + 2));
        end += l + 2;
    }
    Some((Of::Measure(sort), unit, end))
}

/// Rule 量-3: 以上, 及以上, 以内, 以下, 左右 right behind (a bracket 含… may stand between).
fn bound(view: &View, q: &mut Quantity) {
    let mut at = q.end;
    if view.starts(at, "（含") {
        let close = view.find(at, at + 8, |c| c == '）');
        if view.c(close) == '）' {
            at = close + 1;
        }
    }
    if matches!(view.c(at), '多' | '余') && view.c(at + 1) != '种' {
        q.tail = Tail::OrMore;
        at += 1;
        q.tail_end = at;
    }
    for (words, tail) in [
        (&["及以上", "或以上", "以上"][..], Tail::OrMore),
        (&["及以内", "以内", "之内", "以下", "及以下"][..], Tail::OrLess),
        (&["左右", "上下"][..], Tail::About),
    ] {
        if let Some(n) = view.any_at(at, words) {
            q.tail = tail;
            q.tail_end = at + n;
        }
    }
    q.tail_end = q.tail_end.max(q.end);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Quantity {
        let found = all(&View::new(text), &[]);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        found[0].clone()
    }

    #[test]
    fn quantities_with_units_and_bounds() {
        for (text, value, max, unit, tail) in [
            ("课程1-2门", 1.0, Some(2.0), "门", Tail::Plain),
            ("3—5个", 3.0, Some(5.0), "个", Tail::Plain),
            ("1－2项", 1.0, Some(2.0), "项", Tail::Plain),
            ("三至五名", 3.0, Some(5.0), "名", Tail::Plain),
            ("百余次", 100.0, None, "次", Tail::OrMore),
            ("1200多份", 1200.0, None, "份", Tail::OrMore),
            ("98％以上", 98.0, None, "%", Tail::OrMore),
            ("4%以内", 4.0, None, "%", Tail::OrLess),
            ("百分之九十五", 95.0, None, "%", Tail::Plain),
            ("100个左右", 100.0, None, "个", Tail::About),
            ("11万人", 11.0, None, "万人", Tail::Plain),
            ("5篇（部）", 5.0, None, "篇（部）", Tail::Plain),
            ("2个百分点", 2.0, None, "个百分点", Tail::Plain),
            ("50余人次", 50.0, None, "人次", Tail::OrMore),
            ("2次（含2次）以上", 2.0, None, "次", Tail::OrMore),
        ] {
            let q = one(text);
            assert_eq!(
                (q.value, q.max, q.unit.as_str(), q.tail),
                (value, max, unit, tail),
                "{text}"
            );
        }
    }

    #[test]
    fn chinese_words_are_not_quantities() {
        assert!(all(&View::new("一定要统一思想，三全育人，五育并举，百强"), &[]).is_empty());
    }
}
