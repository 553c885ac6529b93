//! Targets and results (指标与结果): quantities that are promised or reported.

use super::op::{self, Before};
use super::{metric, reject};
use crate::lex::measure::Sort;
use crate::lex::quantity::{Of, Tail};
use crate::lexicon::Class;
use crate::model::{Basis, Commitment, DocumentKind, Kind};
use crate::reading::{REACH, Reading};

/// Every quantity that is a target or a result, except those a duty has `used`.
pub fn read(r: &Reading, used: &[bool]) -> Vec<Commitment> {
    let mut found = Vec::new();
    let mut previous: Option<(usize, Option<Before>, Tail)> = None;
    for (index, q) in r.quantities.iter().enumerate() {
        let own = op::before(r, q);
        // Rule 列-1: A、B、C分别控制在x、y、z share the comparator of the first.
        let shared = previous
            .filter(|p| {
                own.is_none()
                    && r.quantities[p.0].unit == q.unit
                    && listed(r, r.quantities[p.0].tail_end, q.start)
            })
            .and_then(|p| p.1);
        let before = own.or(shared);
        previous = Some((index, before, q.tail));
        if used[index] || q.start < r.head.body || reject::rejects(r, index) {
            continue;
        }
        let past = r.is_past(q.start, q.tail_end);
        if !accepts(r, index, before, past) {
            continue;
        }
        let (start, end) = metric::bounds(r, index);
        let kind = if past { Kind::Result } else { Kind::Target };
        let tail = if q.tail == Tail::Plain {
            tail_of_list(r, index)
        } else {
            q.tail
        };
        let (op, approx) = if past {
            op::result(before, tail, q.value)
        } else {
            op::target(before, tail, q.value)
        };
        let mut c = r.commitment(kind, start, end);
        c.metric = Some(metric::of(r, index, start, end));
        c.basis = growth(r, index).then_some(Basis::Growth);
        c.op = Some(op);
        c.value = Some(q.value);
        c.max = q.max;
        c.approx = approx;
        c.unit = Some(
            if q.value == 0.0 && q.unit.is_empty() && c.metric.as_ref().is_some_and(|m| m.ends_with('率')) {
                "%".into()
            } else {
                q.unit.clone()
            },
        );
        if kind == Kind::Target {
            c.due = super::task::goal_year(r, q.start);
        } else {
            c.when = year_before(r, q.start);
        }
        found.push(c);
    }
    found
}

/// Whether only 、 and 和 stand between two numbers of a list.
fn listed(r: &Reading, from: usize, to: usize) -> bool {
    from <= to
        && to - from <= 2
        && (from..to).all(|i| matches!(r.view.c(i), '、' | '和' | '及' | '与' | '，'))
}

/// 95%、90%和85%以上: the last tail counts for the list.
fn tail_of_list(r: &Reading, index: usize) -> Tail {
    let mut at = index;
    while let Some(next) = r.quantities.get(at + 1)
        && next.unit == r.quantities[index].unit
        && listed(r, r.quantities[at].tail_end, next.start)
        && at - index < 12
    {
        at += 1;
        if next.tail == Tail::OrLess || next.tail == Tail::OrMore {
            return next.tail;
        }
    }
    Tail::Plain
}

/// Rule 指-1: a percentage, or a counted thing written in digits, is an amount unless rejected.
/// Rule 指-2: a Chinese numeral needs a comparator, or a verb of work and a thing schools count.
/// Rule 指-3: 一 needs the verb at its side.
fn accepts(r: &Reading, index: usize, before: Option<Before>, past: bool) -> bool {
    let q = &r.quantities[index];
    let v = &r.view;
    let clause = r.clause(q.start);
    let from = clause.start.max(q.start.saturating_sub(REACH / 2));
    let bounded =
        matches!(before, Some(Before::AtLeast | Before::AtMost | Before::Fallen)) || q.tail != Tail::Plain;
    let aimed = bounded
        || v.any_before(q.start, &["力争", "争取", "确保", "达到", "达", "力争有"])
            .is_some();
    match q.of {
        Of::Percent => !weight(r, from, clause.end.min(q.end + 20), aimed, q.start),
        Of::Points => true,
        Of::Bare => true,
        Of::Measure(_) if group(r, index, from, aimed, past) => false,
        Of::Measure(Sort::Time | Sort::Score | Sort::Fold) => true,
        Of::Measure(_) if q.arabic => true,
        Of::Measure(Sort::Money | Sort::Extent) => !q.one && (q.unit.contains('万') || q.unit.contains('亿')),
        Of::Measure(sort) => {
            if aimed && !(q.one && q.tail == Tail::Plain && before != Some(Before::AtLeast)) {
                return true;
            }
            let to = clause.end.min(q.end + 16);
            // 两位局长出席会议: what somebody attends is not what is counted.
            let attends = |i: &usize| v.any_at(*i, &["出席", "主持", "担任", "莅临", "到场"]).is_some();
            let to = (q.tail_end..to).find(attends).unwrap_or(to);
            let things = r.marks.has(q.tail_end, to, Class::Countable)
                || r.marks
                    .within(from, q.start, Class::Countable)
                    .any(|m| m.end as usize == q.start);
            let stand = r
                .marks
                .within(from, q.start, Class::Work)
                .last()
                .map(|m| m.end as usize);
            let achieved = v
                .any_at(to.saturating_sub(2), &["立项", "结题", "获奖", "通过"])
                .is_some()
                || (q.end..to).any(|i| {
                    v.any_at(i, &["立项", "结题", "获批", "获奖", "荣获", "入选", "通过"])
                        .is_some()
                });
            if q.one {
                // 新建操场一个, 召开家长会一次
                let closes = is_closed(v.c(q.tail_end));
                let named = r
                    .marks
                    .within(from, q.start, Class::Countable)
                    .any(|m| m.end as usize == q.start);
                if closes && named && stand.is_some() {
                    return true;
                }
                let beside = stand.is_some_and(|s| q.start - s <= 1);
                let dated = r.dated(from, q.start);
                let act = sort == Sort::Act && beside;
                if sort == Sort::Act && dated && !past {
                    return false;
                }
                let won = past && things && (beside || achieved);
                return (act && things && v.c(q.end) != '的')
                    || won
                    || (achieved && things)
                    || prize(r, index)
                    || (beside && things && q.unit != "支" && !(q.end..to).any(|i| v.c(i) == '的'));
            }
            // 评出标兵四位
            if sort == Sort::Strong && is_closed(v.c(q.tail_end)) && stand.is_some() {
                return true;
            }
            // 评选十所特色校, 招聘两名保安
            if sort == Sort::Strong && stand.is_some_and(|s| q.start - s <= 1) {
                return true;
            }
            things && (stand.is_some() || achieved || past) || prize(r, index)
        }
    }
}

fn is_closed(c: char) -> bool {
    matches!(c, '，' | '。' | '；' | '、' | '\n' | '\0' | '|' | '）')
}

/// 一个一等奖, 两个二等奖
fn prize(r: &Reading, index: usize) -> bool {
    let q = &r.quantities[index];
    r.view
        .seek(q.tail_end, (q.tail_end + 6).min(r.clause(q.start).end), "等奖")
        .is_some()
}

/// Rule 非-8: 信息技术、机电、财经6个专业群, 围绕4个专业群: a group that is named, not work on a number of things.
fn group(r: &Reading, index: usize, from: usize, aimed: bool, past: bool) -> bool {
    let q = &r.quantities[index];
    let v = &r.view;
    if aimed || !matches!(q.of, Of::Measure(Sort::Weak | Sort::Strong)) {
        return false;
    }
    let work = r.marks.within(from, q.start, Class::Work).last().map(|m| m.start);
    let ground = r
        .marks
        .within(from, q.start, Class::Background)
        .last()
        .map(|m| (m.start, m.end));
    if let Some((g, end)) = ground
        && (end - g >= 2 || v.c(from) == '以' && g as usize == from)
        && work.is_none_or(|w| w < g)
    {
        return true;
    }
    if past {
        return false;
    }
    // 撤并A、B、C学校3所: the number closes its noun phrase and counts it.
    if is_closed(v.c(q.tail_end)) {
        return false;
    }
    // 完成甲、乙、丙3个球场建设: work on a number of things.
    let clause_end = r.clause(q.start).end.min(q.tail_end + 20);
    if work.is_some()
        && v.any_before(
            clause_end,
            &["建设", "改造", "扩建", "施工", "安装", "采购", "维修", "任务"],
        )
        .is_some()
    {
        return false;
    }
    let names = (from..q.start).rev().take(16).filter(|&i| v.c(i) == '、').count();
    let after_list = v.before(q.start) == '等' || names >= 2;
    let piece = (from..q.start)
        .rev()
        .find(|&i| v.c(i) == '、')
        .map_or(from, |i| i + 1);
    after_list
        && q.start > piece
        && !r.marks.has(piece, q.start, Class::Work)
        && (v.before(q.start) != '等' || work.is_none())
        && r.quantities
            .get(index.wrapping_sub(1))
            .is_none_or(|p| p.tail_end < from)
}

/// 平时成绩占40%: a weight in a scheme of marks.
fn weight(r: &Reading, from: usize, to: usize, aimed: bool, start: usize) -> bool {
    let v = &r.view;
    // 平时表现（30%）+期末测评（70%）
    let bracketed = v.before(start) == '（' && !aimed;
    let summed = bracketed
        && (v.find(start, start + 7, |c| c == '+') < start + 7 || v.seek(from, start, "+").is_some());
    summed
        || !aimed
            && (bracketed || matches!(v.before(start), '占' | '按' | '的'))
            && ["成绩", "考核", "权重", "总评", "分值", "得分"]
                .iter()
                .any(|w| v.seek(from, to, w).is_some())
}

/// Rule 增-1: 增长N%, 提升N个百分点, 比上年增加N.
fn growth(r: &Reading, index: usize) -> bool {
    let q = &r.quantities[index];
    let v = &r.view;
    let clause = r.clause(q.start);
    let from = clause.start.max(q.start.saturating_sub(12));
    let grows = [
        "增长", "提升", "提高", "上升", "增加", "增幅", "下降", "降低", "减少",
    ];
    let beside = v
        .any_before(q.start, &grows)
        .or_else(|| {
            v.any_before(
                q.start,
                &[
                    "增长了",
                    "提升了",
                    "提高了",
                    "上升了",
                    "增加了",
                    "增长约",
                    "下降了",
                ],
            )
        })
        .is_some();
    q.of == Of::Points
        || q.of == Of::Measure(Sort::Fold)
        || (beside && q.of == Of::Percent)
        || (beside && (v.seek(from, q.start, "比").is_some() || v.seek(from, q.start, "同比").is_some()))
}

/// The year named before a result in its clause (2018年…达到…).
fn year_before(r: &Reading, at: usize) -> Option<String> {
    let clause = r.clause(at);
    let n = r.dates.partition_point(|d| d.start < at);
    let date = r.dates.get(n.checked_sub(1)?)?;
    let crate::lex::date::Year::Named(year) = date.year else {
        return None;
    };
    (date.start >= clause.start && r.head.kind != DocumentKind::News).then(|| year.to_string())
}
