//! Names that carry their cadence (自带频次的名称).

use super::cadence::{Cadence, Form};
use super::numeral;
use crate::model::Every;
use crate::view::View;

/// Rule 频-5: 月报, 周报, 周例会, 月例会, 日巡查: names that carry their cadence.
pub fn named(view: &View, i: usize) -> Option<Cadence> {
    let prev = view.before(i);
    if prev.is_ascii_digit()
        || numeral::begins(prev)
        || matches!(
            prev,
            '每' | '本'
                | '上'
                | '下'
                | '当'
                | '个'
                | '半'
                | '教'
                | '双'
                | '隔'
                | '节'
                | '假'
                | '生'
                | '民'
                | '次'
                | '逐'
                | '按'
                | '翌'
                | '整'
        )
        || view.ends(i, "展示")
        || view.ends(i, "宣传")
        || view.ends(i, "活动")
    {
        return None;
    }
    let every = match view.c(i) {
        '日' => Every::Day,
        '周' => Every::Week,
        '季' => Every::Quarter,
        _ => Every::Month,
    };
    let rest: &[&str] = match every {
        Every::Day => &["报告", "报制", "巡查", "排查", "检查", "报表", "调度", "日清"],
        _ => &[
            "报",
            "例会",
            "检查",
            "排查",
            "通报",
            "小结",
            "总结",
            "调度",
            "评比",
            "汇报",
            "巡查",
            "考核制",
            "汇总",
            "上报",
            "研判",
            "抽查",
            "督查",
            "自查",
            "反馈",
            "点评",
            "测评",
            "会商",
            "考评",
            "考核",
            "评价",
            "总评",
        ],
    };
    let n = view
        .any_at(i + 1, rest)
        .or_else(|| chained(view, i))
        .or_else(|| {
            // 日查、周结、月评: one character each, standing alone
            let short = matches!(view.c(i + 1), '查' | '评' | '结' | '清' | '检' | '会' | '报');
            let alone = |c: char| matches!(c, '、' | '，' | '“' | '”' | '；' | '。' | '\n' | '\0');
            (short && alone(prev) && alone(view.c(i + 2))).then_some(1)
        })?;
    let last = view.c(i + 1 + n);
    if view.starts(i + 1, "报")
        && (matches!(last, '纸' | '刊' | '名' | '到' | '社' | '考' | '销') || view.before(i) == '《')
    {
        return None;
    }
    Some(Cadence {
        start: i,
        end: i + 1 + n,
        every,
        interval: 1,
        times: 1,
        form: Form::Named,
    })
}

/// 日检、周保养、月点检: segments of a list that each begin with a period; the length of this one less its first.
fn chained(view: &View, i: usize) -> Option<usize> {
    let opens = |c: char| matches!(c, '日' | '周' | '月' | '季');
    if matches!(
        view.before(i),
        '今' | '昨' | '即' | '平' | '近' | '往' | '时' | '连' | '终' | '末' | '首' | '同'
    ) {
        return None;
    }
    let stop = view.find(i + 1, i + 6, |c| {
        matches!(
            c,
            '、' | '，' | '。' | '；' | '”' | '制' | '\n' | '的' | '机' | '和'
        )
    });
    let fits = (3..=5).contains(&(stop - i)) || stop - i == 2;
    let next = matches!(view.c(stop), '、' | '和')
        && opens(view.c(stop + 1))
        && !matches!(view.c(stop + 2), '、' | '日');
    let prev = view.before(i) == '、'
        && (i.saturating_sub(6)..i - 1).any(|k| opens(view.c(k)) && !view.before(k).is_ascii_digit());
    (fits && stop < i + 6 && (next || prev)).then_some(stop - i - 1)
}
