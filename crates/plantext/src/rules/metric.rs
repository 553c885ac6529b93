//! The words of a metric and the span of a quote (指标名与引文).

use crate::lex::Quantity;
use crate::reading::{REACH, Reading};

/// Words that open a clause without belonging to its metric.
const OPENERS: &[&str] = &[
    "力争",
    "争取",
    "确保",
    "力求",
    "保证",
    "实现",
    "做到",
    "落实",
    "使",
    "全年",
    "本学期",
    "本年度",
    "今年",
    "要",
    "努力",
    "将",
    "全面",
    "进一步",
    "继续",
    "并",
    "其中",
    "共",
    "我校",
    "学校",
    "计划",
    "预计",
    "完成",
    "开发",
    "举办",
    "开展",
    "组织",
    "建设",
    "新建",
    "培养",
    "引进",
    "达到",
    "新增",
    "派出",
    "获得",
    "荣获",
    "共获",
    "有",
];
/// Words that stand between a metric and its number.
const JOINTS: &[&str] = &[
    "达到",
    "达",
    "不低于",
    "不少于",
    "超过",
    "突破",
    "控制在",
    "不超过",
    "力争",
    "争取",
    "提升至",
    "提高到",
    "为",
    "均为",
    "分别为",
    "分别",
    "至少",
    "了",
    "有",
    "近",
    "约",
    "保持在",
    "累计",
    "共",
    "超",
    "以上",
    "均达",
    "要",
    "确保",
    "≥",
    "≤",
    "：",
    "降至",
    "降到",
    "下降到",
];

/// The quote of a quantity: its clause, or, when several share one, from the last 、 to the next.
pub fn bounds(r: &Reading, index: usize) -> (usize, usize) {
    let v = &r.view;
    let q = &r.quantities[index];
    let clause = r.clause(q.start);
    let mut start = clause.start.max(q.start.saturating_sub(REACH / 2));
    let mut end = clause.end.min(q.tail_end + REACH / 2);
    if index > 0 && r.quantities[index - 1].tail_end > start {
        let prev = r.quantities[index - 1].tail_end;
        start = (prev..q.start)
            .rev()
            .find(|&i| matches!(v.c(i), '、' | '和' | '及'))
            .map_or(prev, |i| i + 1);
    }
    if let Some(next) = r.quantities.get(index + 1)
        && next.start < end
    {
        end = v.find(q.tail_end, next.start, |c| matches!(c, '、' | '和' | '及'));
    }
    (r.words_from(start).min(q.start), end.max(q.tail_end))
}

/// Rule 名-1: the noun phrase before the number, stripped of openers and joints; if that is nothing, the one after.
pub fn of(r: &Reading, index: usize, start: usize, end: usize) -> String {
    let v = &r.view;
    let q = &r.quantities[index];
    let (mut a, mut b) = (start, q.start);
    while let Some(n) = v.any_at(a, OPENERS).filter(|n| a + n <= b) {
        a += n;
    }
    while let Some(n) = v.any_before(b, JOINTS).filter(|n| b - n >= a) {
        b -= n;
    }
    let head = v.text(a, b);
    let stop = v.find(q.tail_end, end, |c| matches!(c, '、' | '（' | '）'));
    let tail = v.text(q.tail_end, stop);
    let head = head.trim_matches(['、', '“', '”', '，', '的']);
    let tail = tail.trim_matches(['、', '的', '”', '。']);
    match (head.chars().count(), tail.chars().count()) {
        (2.., 0) => head.to_string(),
        (2.., _) if matches!(q.of, crate::lex::quantity::Of::Percent) => head.to_string(),
        (2.., 1..) if tail.chars().count() <= 12 => format!("{head}…{tail}"),
        (2.., _) => head.to_string(),
        (_, 1..) => tail.to_string(),
        _ => inherited(r, q),
    }
}

/// The metric of a bare number in a table cell or after a colon: the clause before.
fn inherited(r: &Reading, q: &Quantity) -> String {
    let clause = r.clause(q.start);
    let sentence = r.sentence(q.start);
    if clause.start <= sentence.start {
        return String::new();
    }
    let before = r.clause(clause.start - 1);
    r.view
        .text(before.start.max(clause.start.saturating_sub(30)), before.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metric_before_or_after_the_number() {
        let metric = |text: &str| {
            let r = Reading::new(text);
            let (a, b) = bounds(&r, 0);
            of(&r, 0, a, b)
        };
        assert_eq!(metric("力争升学率达到95%以上"), "升学率");
        assert_eq!(metric("新建12个智慧教室"), "智慧教室");
        assert_eq!(metric("开发校本课程2门"), "校本课程");
        assert_eq!(metric("派出8支队伍60名学生参赛"), "队伍");
    }
}
