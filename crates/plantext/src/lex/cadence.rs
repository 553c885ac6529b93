//! Cadence words (频次): 每周, 每学期, 每两周, 一年…两次, 月报, `2次/周`.

use super::named::named;
use super::numeral;
use crate::model::Every;
use crate::view::View;

/// How a cadence is written, which decides what it takes to make a duty of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// 每周, 每日: an activity beside it is enough.
    Each,
    /// 年度, 一学期, 学期内: only with a number of acts.
    Bare,
    /// 月报, 周例会: the word is the duty.
    Named,
}

/// A cadence as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cadence {
    /// First view index.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// The period.
    pub every: Every,
    /// Every so many periods.
    pub interval: u32,
    /// Times it already implies (每周一三五 is 3; 每半年 is 2 a year).
    pub times: u32,
    /// How it is written.
    pub form: Form,
}

/// Every cadence of the text in order; they do not overlap.
pub fn all(view: &View) -> Vec<Cadence> {
    let mut found: Vec<Cadence> = Vec::new();
    let mut i = 0;
    while i < view.len() {
        match lex(view, i) {
            Some(c) => {
                i = c.end;
                found.push(c);
            }
            None => i += 1,
        }
    }
    found
}

fn lex(view: &View, i: usize) -> Option<Cadence> {
    match view.c(i) {
        '每' => each(view, i),
        '隔' | '按' | '逐' | '双' => spaced(view, i),
        '一' | '二' | '两' | '三' | '五' | '1' | '2' | '3' | '5' => per(view, i),
        '年' | '学' | '工' | '全' => bare(view, i),
        '天' | '日' | '周' | '月' if view.c(i + 1) == view.c(i) => doubled(view, i),
        '日' | '周' | '月' | '季' => named(view, i),
        _ => None,
    }
}

/// The period word at `i`: its length and meaning.
fn period(view: &View, i: usize) -> Option<(usize, Every)> {
    let table: &[(&str, Every, &str)] = &[
        ("半个月", Every::HalfMonth, ""),
        ("半月", Every::HalfMonth, ""),
        ("学期", Every::Term, ""),
        ("学年", Every::Year, ""),
        ("年度", Every::Year, ""),
        ("季度", Every::Quarter, ""),
        ("个月", Every::Month, ""),
        ("个学期", Every::Term, ""),
        ("工作日", Every::Day, ""),
        ("个工作日", Every::Day, ""),
        ("星期", Every::Week, ""),
        ("个星期", Every::Week, ""),
        ("月份", Every::Month, ""),
        ("天", Every::Day, ""),
        ("日", Every::Day, ""),
        ("周", Every::Week, "边岁年转"),
        ("月", Every::Month, "饼龄"),
        ("季", Every::Quarter, "节"),
        ("年", Every::Year, "级龄轻制段"),
    ];
    table
        .iter()
        .filter(|(w, _, not)| view.starts(i, w) && !not.contains(view.c(i + w.chars().count())))
        .map(|(w, every, _)| (w.chars().count(), *every))
        .max_by_key(|x| x.0)
}

/// Rule 频-1: 每 + period, with a number of periods (每两周), 单双周, 半年, or weekdays (每周一、三).
fn each(view: &View, i: usize) -> Option<Cadence> {
    if view.ends(i, "平均") {
        return None;
    }
    let mut c = Cadence {
        start: i,
        end: 0,
        every: Every::Day,
        interval: 1,
        times: 1,
        form: Form::Each,
    };
    let mut at = i + 1;
    if view.c(at) == '隔' || view.c(at) == '个' && period(view, at + 1).is_some() {
        at += 1;
    }
    if view.starts(at, "半年") {
        (c.every, c.times, c.end) = (Every::Year, 2, at + 2);
        return Some(c);
    }
    if view.starts(at, "半学期") || view.starts(at, "半个学期") {
        let n = if view.c(at + 1) == '个' { 4 } else { 3 };
        (c.every, c.times, c.end) = (Every::Term, 2, at + n);
        return Some(c);
    }
    if view.starts(at, "双周") {
        (c.every, c.interval, c.end) = (Every::Week, 2, at + 2);
        return Some(c);
    }
    // 每期 is a term where it is said of teaching, an issue or a course elsewhere.
    if view.c(at) == '期'
        && view
            .any_at(
                at + 1,
                &["听", "至少听", "不少于", "教师", "每人", "上公开课", "期末"],
            )
            .is_some()
    {
        (c.every, c.end) = (Every::Term, at + 1);
        return Some(c);
    }
    if view.c(at) == '单' {
        at += 1;
    }
    if let Some((n, every)) = period(view, at) {
        // 每周之星 is a title.
        if view.c(at + n) == '之' {
            return None;
        }
        (c.every, c.end) = (every, at + n);
        if every == Every::Week {
            weekdays(view, &mut c);
        }
        return Some(c);
    }
    let count = numeral::lex(view, at).filter(|n| !n.more && n.scale.is_none() && n.value <= 12.0)?;
    let (n, every) = period(view, count.end)?;
    c.interval = count.value.max(1.0) as u32;
    (c.every, c.end) = (every, count.end + n);
    Some(c)
}

/// 每周一、三、五: the weekdays are named, so that the number of times is theirs.
fn weekdays(view: &View, c: &mut Cadence) {
    let is_day = |ch: char| matches!(ch, '一' | '二' | '三' | '四' | '五' | '六' | '日' | '末');
    if !is_day(view.c(c.end)) || !weekday_ends(view, c.end + 1) {
        return;
    }
    let (mut at, mut times) = (c.end + 1, 1);
    while matches!(view.c(at), '、' | '和' | '及') {
        let next = at + 1;
        let next = if view.c(next) == '周' { next + 1 } else { next };
        if !is_day(view.c(next)) || !weekday_ends(view, next + 1) {
            break;
        }
        at = next + 1;
        times += 1;
    }
    c.times = times;
    c.end = at;
}

/// Whether what follows a weekday's character shows that it was not a numeral (每周一次, 每周一查).
fn weekday_ends(view: &View, i: usize) -> bool {
    super::measure::at(view, i).is_none()
        && !matches!(
            view.c(i),
            '到' | '至' | '查' | '报' | '评' | '检' | '课' | '研' | '星' | '歌' | '主' | '题'
        )
        || matches!(
            view.c(i),
            '、' | '上' | '下' | '晚' | '早' | '中' | '的' | '晨' | '升'
        )
}

/// Rule 频-7: 天天检查, 周周小结, 月月通报.
fn doubled(view: &View, i: usize) -> Option<Cadence> {
    let (_, every) = period(view, i + 1)?;
    let act = view.any_at(
        i + 2,
        &[
            "过问",
            "检查",
            "巡",
            "查",
            "总结",
            "通报",
            "汇报",
            "调度",
            "评比",
            "练",
            "考",
            "反馈",
            "公布",
            "开展",
            "有检查",
            "有总结",
        ],
    );
    act.map(|_| Cadence {
        start: i,
        end: i + 2,
        every,
        interval: 1,
        times: 1,
        form: Form::Each,
    })
}

/// Rule 频-2: 隔周, 双周, 按月, 逐月.
fn spaced(view: &View, i: usize) -> Option<Cadence> {
    let mut c = Cadence {
        start: i,
        end: i + 2,
        every: Every::Week,
        interval: 1,
        times: 1,
        form: Form::Each,
    };
    match view.c(i) {
        '隔' | '双' if view.c(i + 1) == '周' && view.c(i + 2) != '期' && view.before(i) != '单' => {
            c.interval = 2;
            weekdays(view, &mut c);
        }
        '按' | '逐' => {
            let (n, every) = period(view, i + 1)?;
            let listed = matches!(every, Every::Day | Every::Week | Every::Month | Every::Quarter);
            let name = view
                .any_at(i + 1 + n, &["计划", "进度", "要求", "期", "安排", "程", "薪"])
                .is_some();
            if !listed || name || (view.c(i) == '按' && every == Every::Day) {
                return None;
            }
            (c.every, c.end) = (every, i + 1 + n);
        }
        _ => return None,
    }
    Some(c)
}

/// Rule 频-3: 一年两次, 一周一次, 三年七次: a number of periods, then a number of acts right after.
fn per(view: &View, i: usize) -> Option<Cadence> {
    let prev = view.before(i);
    if numeral::begins(prev) || matches!(prev, '第' | '周' | '每' | '近' | '这' | '.' | '星' | '前' | '后')
    {
        return None;
    }
    let count = numeral::lex(view, i).filter(|n| !n.more && n.scale.is_none() && n.value <= 12.0)?;
    let (n, every) = period(view, count.end)?;
    let end = count.end + n;
    let at = end
        + view
            .any_at(
                end,
                &[
                    "不少于",
                    "至少",
                    "不低于",
                    "内",
                    "开展",
                    "举行",
                    "召开",
                    "举办",
                    "组织",
                ],
            )
            .unwrap_or(0);
    // 一学期上一节研讨课: a verb or two may stand between.
    let verb = count.value == 1.0
        && every != Every::Year
        && !matches!(
            view.c(at),
            '来' | '前' | '后' | '的' | '内' | '级' | '以' | '之' | '中' | '，' | '、' | '。'
        );
    let at = if verb {
        view.find(at, at + 4, numeral::begins)
    } else {
        at
    };
    let acts = numeral::lex(view, at)?;
    let listed = matches!(
        view.c(acts.end),
        '次' | '节' | '篇' | '期' | '场' | '轮' | '遍' | '评' | '查' | '报' | '检' | '字' | '本'
    ) || matches!(
        view.c(acts.end),
        '会' | '研' | '题' | '课' | '结' | '练' | '训' | '考' | '测' | '星'
    ) || view
        .any_at(
            acts.end,
            &["主题", "小结", "活动", "总结", "通报", "调度", "汇报", "例会"],
        )
        .is_some();
    let times = if super::measure::at(view, acts.end).is_none() {
        acts.value as u32
    } else {
        1
    };
    (listed && !view.starts(i, "一日三餐") && count.value >= 1.0).then_some(Cadence {
        start: i,
        end,
        every,
        interval: count.value as u32,
        times: times.max(1),
        form: Form::Bare,
    })
}

/// Rule 频-4: 年度, 学期内, 工作日: a duty only if a number of acts follows at once.
fn bare(view: &View, i: usize) -> Option<Cadence> {
    let prev = view.before(i);
    // 本学期听课, 学期听课: a quota of lessons to sit in on is per term however the term is called.
    if view.starts(i, "学期")
        && matches!(
            prev,
            '本' | '全' | '\n' | '，' | '。' | '：' | '；' | '\0' | '人' | '师'
        )
    {
        let words = ["听课", "听评课", "人均听课", "每人听课", "至少听课", "教师听课"];
        return view.any_at(i + 2, &words).map(|_| Cadence {
            start: i,
            end: i + 2,
            every: Every::Term,
            interval: 1,
            times: 1,
            form: Form::Bare,
        });
    }
    if matches!(
        prev,
        '每' | '本' | '上' | '下' | '一' | '新' | '全' | '该' | '各' | '半' | '多' | '两' | '三' | '学'
    ) {
        return None;
    }
    let (n, every) = [
        ("年度内", Every::Year),
        ("年度", Every::Year),
        ("学期内", Every::Term),
        ("学年内", Every::Year),
        ("工作日", Every::Day),
    ]
    .iter()
    .find(|(w, _)| view.starts(i, w))
    .map(|(w, e)| (w.chars().count(), *e))?;
    if view.before(i).is_ascii_digit() || prev == '年' {
        return None;
    }
    Some(Cadence {
        start: i,
        end: i + n,
        every,
        interval: 1,
        times: 1,
        form: Form::Bare,
    })
}

/// Rule 频-6: `2次/周`, `20节/学期`: the period after a stroke.
pub fn after_stroke(view: &View, i: usize) -> Option<(Every, usize)> {
    if view.c(i) != '/' {
        return None;
    }
    let at = if view.c(i + 1) == '每' { i + 2 } else { i + 1 };
    period(view, at).map(|(n, every)| (every, at + n))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> (Every, u32, u32, String) {
        let view = View::new(text);
        let found = all(&view);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        (
            found[0].every,
            found[0].interval,
            found[0].times,
            view.text(found[0].start, found[0].end),
        )
    }

    #[test]
    fn each_period() {
        assert_eq!(one("每周开展1次"), (Every::Week, 1, 1, "每周".into()));
        assert_eq!(one("每两周一次"), (Every::Week, 2, 1, "每两周".into()));
        assert_eq!(one("每两个月一次"), (Every::Month, 2, 1, "每两个月".into()));
        assert_eq!(one("每学期听课"), (Every::Term, 1, 1, "每学期".into()));
        assert_eq!(one("每半年演练"), (Every::Year, 1, 2, "每半年".into()));
        assert_eq!(one("每周三下午教研"), (Every::Week, 1, 1, "每周三".into()));
        assert_eq!(
            one("每周一、三、五早读"),
            (Every::Week, 1, 3, "每周一、三、五".into())
        );
        assert_eq!(one("每周一次"), (Every::Week, 1, 1, "每周".into()));
        assert_eq!(one("每半月汇总"), (Every::HalfMonth, 1, 1, "每半月".into()));
    }

    #[test]
    fn other_forms() {
        assert_eq!(one("一年两次"), (Every::Year, 1, 1, "一年".into()));
        assert_eq!(one("三年七次"), (Every::Year, 3, 1, "三年".into()));
        assert_eq!(one("实行月报制度").0, Every::Month);
        assert_eq!(one("完成周报").0, Every::Week);
        assert_eq!(after_stroke(&View::new("/学期"), 0), Some((Every::Term, 3)));
    }

    #[test]
    fn not_cadences() {
        let none = |text: &str| assert!(all(&View::new(text)).is_empty(), "{text}");
        none("每年级一个班");
        none("人民日报刊登");
        none("平均每周");
        none("十一月检查");
        none("学校周边");
    }
}
