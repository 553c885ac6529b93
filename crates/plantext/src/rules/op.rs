//! Comparators (比较词) around a quantity.

use crate::lex::Quantity;
use crate::lex::quantity::Tail;
use crate::model::Op;
use crate::reading::Reading;

/// What the words before a quantity say of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// 不低于, 超过, 突破, 至少: at least, also in a result.
    AtLeast,
    /// 达, 达到, 提升至, 为: reached; a target makes it at least.
    Reach,
    /// 控制在, 不超过
    AtMost,
    /// 降至, 下降到: a ceiling to aim at, a figure when reached.
    Fallen,
    /// 约
    About,
    /// 近: a little under.
    Nearly,
}

const AT_LEAST: &[&str] = &[
    "不低于",
    "不得低于",
    "不能低于",
    "不少于",
    "不得少于",
    "不能少于",
    "不小于",
    "超过",
    "突破",
    "至少",
    "大于",
    "高于",
    "多于",
    "逾",
    "≥",
    ">",
    "最少",
    "力破",
    "超",
    "破",
    "超出",
    "多达",
    "上",
    "不应少于",
    "不宜少于",
    "不宜低于",
    "不应低于",
    "不下于",
    "不下",
];
const REACH_WORDS: &[&str] = &[
    "达到",
    "达",
    "达成",
    "提升至",
    "提升到",
    "提高到",
    "提高至",
    "增至",
    "增加到",
    "增加至",
    "扩大到",
    "上升到",
    "上升至",
    "保持在",
    "稳定在",
    "保持",
    "力争",
    "争取",
    "确保",
    "力求",
    "完成",
    "实现",
    "累计",
    "共",
    "共计",
    "总计",
    "合计",
    "均达",
    "均达到",
    "分别达到",
    "分别为",
    "分别达",
    "均为",
    "为",
    "是",
    "扩大至",
    "增长到",
    "增长至",
    "扩充到",
    "扩充至",
    "发展到",
    "发展至",
    "占",
    "占比",
    "满足",
];
const AT_MOST: &[&str] = &[
    "控制在",
    "不超过",
    "不得超过",
    "不能超过",
    "不高于",
    "不得高于",
    "不多于",
    "不大于",
    "低于",
    "少于",
    "小于",
    "≤",
    "<",
    "限制在",
    "严控在",
    "控制到",
    "最多",
    "至多",
    "不突破",
    "不应超过",
    "不足",
    "不到",
    "不宜超过",
    "不宜高于",
    "不要超过",
    "不可超过",
    "不准超过",
    "不应高于",
];

const FALLEN: &[&str] = &[
    "降至",
    "降到",
    "下降到",
    "降低到",
    "降低至",
    "下降至",
    "压缩到",
    "压减至",
    "压缩至",
    "减少到",
    "减少至",
    "缩小到",
    "压降到",
    "压降至",
];

/// Fillers that may stand between a comparator and its number.
const FILLERS: &[&str] = &[
    "了",
    "到",
    "有",
    "在",
    "约",
    "为",
    "全省",
    "全市",
    "全县",
    "全区",
    "平均水平",
    "平均",
    "：",
    "计划的",
    "总数的",
    "总量的",
    "目标的",
    "任务的",
    "均",
    "各",
];

/// Rule 比-1: the comparator that ends right before a quantity, fillers skipped; 控制在 may stand further off.
pub fn before(r: &Reading, q: &Quantity) -> Option<Before> {
    let v = &r.view;
    let clause = r.clause(q.start);
    let mut at = q.start;
    if v.before(at) == '近' && !matches!(v.before(at - 1), '最' | '临' | '附' | '靠' | '接') {
        return Some(Before::Nearly);
    }
    if v.ends(at, "接近") || v.ends(at, "将近") {
        return Some(Before::Nearly);
    }
    if v.before(at) == '约' && !matches!(v.before(at - 1), '节' | '契' | '签' | '集' | '公')
        || v.ends(at, "大约")
    {
        return Some(Before::About);
    }
    for _ in 0..3 {
        let longest = |words: &[&str]| v.any_before(at, words).unwrap_or(0);
        let (least, reach, most) = (longest(AT_LEAST), longest(REACH_WORDS), longest(AT_MOST));
        let fallen = longest(FALLEN);
        let best = least.max(reach).max(most).max(fallen);
        if best > 0 && at - best >= clause.start {
            let word = v.text(at - best, at);
            let homograph = word == "上" && (q.value < 100.0 || v.ends(at, "以上"))
                || word == "破" && !v.ends(at, "力破") && q.value < 100.0;
            if !homograph {
                return Some(if best == fallen {
                    Before::Fallen
                } else if best == most {
                    Before::AtMost
                } else if best == least {
                    Before::AtLeast
                } else {
                    Before::Reach
                });
            }
        }
        match v.any_before(at, FILLERS) {
            Some(n) if at - n > clause.start || v.before(at) == '：' => at -= n,
            _ => break,
        }
    }
    // 至少交两篇: a verb between.
    let near = clause.start.max(q.start.saturating_sub(5));
    if v.seek(near, q.start, "至少").is_some() {
        return Some(Before::AtLeast);
    }
    let from = clause.start.max(q.start.saturating_sub(24));
    let ceiling = AT_MOST
        .iter()
        .filter(|w| w.chars().count() >= 3)
        .any(|w| v.seek(from, q.start, w).is_some());
    ceiling.then_some(Before::AtMost)
}

/// Rule 比-2: the comparator of a target: at least, unless a ceiling, 左右 or zero says otherwise.
pub fn target(before: Option<Before>, tail: Tail, value: f64) -> (Op, bool) {
    match (before, tail) {
        (Some(Before::AtMost | Before::Fallen), _) | (_, Tail::OrLess) => (Op::AtMost, false),
        _ if value == 0.0 => (Op::AtMost, false),
        (Some(Before::AtLeast), _) | (_, Tail::OrMore) => (Op::AtLeast, false),
        (Some(Before::About | Before::Nearly), _) | (_, Tail::About) => (Op::Equal, true),
        _ => (Op::AtLeast, false),
    }
}

/// Rule 比-3: the comparator of a result: equal, unless 多, 余, 以上, 超过, 突破 (at least) or 近 (at most, about).
pub fn result(before: Option<Before>, tail: Tail, value: f64) -> (Op, bool) {
    match (before, tail) {
        (_, Tail::OrMore) | (Some(Before::AtLeast), _) => (Op::AtLeast, false),
        (Some(Before::Nearly), _) => (Op::AtMost, true),
        (Some(Before::AtMost), _) | (_, Tail::OrLess) => (Op::AtMost, false),
        (Some(Before::About), _) | (_, Tail::About) => (Op::Equal, true),
        _ if value == 0.0 => (Op::AtMost, false),
        _ => (Op::Equal, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ops(text: &str) -> Vec<Option<Before>> {
        let r = Reading::new(text);
        r.quantities.iter().map(|q| before(&r, q)).collect()
    }

    #[test]
    fn comparators_before_a_number() {
        assert_eq!(ops("到课率不低于95%"), [Some(Before::AtLeast)]);
        assert_eq!(ops("近视率控制在全省平均水平4%以内"), [Some(Before::AtMost)]);
        assert_eq!(ops("平均分超过了60分"), [Some(Before::AtLeast)]);
        assert_eq!(ops("遴选近20家企业"), [Some(Before::Nearly)]);
        assert_eq!(ops("辍学率不超过1%"), [Some(Before::AtMost)]);
        assert_eq!(ops("总分达到90分"), [Some(Before::Reach)]);
        assert_eq!(ops("晚上8人"), [None]);
    }
}
