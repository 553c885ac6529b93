//! Duties (例行): a cadence and what it governs.

use super::op::{self, Before};
use super::reject;
use crate::lex::cadence::{self, Cadence, Form};
use crate::lex::measure::Sort;
use crate::lex::quantity::{Of, Quantity};
use crate::lexicon::Class;
use crate::model::{Commitment, Every, Kind};
use crate::reading::{Clause, REACH, Reading};

/// Nouns that name a thing rather than an act: 每日出勤情况, 每周工作清单.
const THINGS: &[&str] = &[
    "情况",
    "清单",
    "台账",
    "台帐",
    "数据",
    "工资",
    "菜谱",
    "食谱",
    "课表",
    "安排表",
    "信息",
    "费用",
    "人数",
    "时间",
    "津贴",
    "标准",
    "收入",
];

/// Finds the duties; numbers they take are marked in `used`.
pub fn read(r: &Reading, used: &mut [bool]) -> Vec<Commitment> {
    let mut found = Vec::new();
    for (n, cadence) in r.cadences.iter().enumerate() {
        if cadence.start < r.head.body || in_title(r, cadence.start) {
            continue;
        }
        let next = r.cadences.get(n + 1).map_or(r.view.len(), |c| c.start);
        govern(r, cadence, next, used, &mut found);
    }
    strokes(r, used, &mut found);
    found
}

fn in_title(r: &Reading, at: usize) -> bool {
    let from = r.clause(at).start.max(at.saturating_sub(30));
    (from..at)
        .rev()
        .find(|&i| matches!(r.view.c(i), '《' | '》'))
        .is_some_and(|i| r.view.c(i) == '《')
}

/// Rule 例-1: numbers of acts after a cadence, in its clause and in the list it opens, are its quotas.
/// Rule 例-2: a cadence without a number, beside an activity, is once.
fn govern(r: &Reading, cadence: &Cadence, next: usize, used: &mut [bool], found: &mut Vec<Commitment>) {
    let clause = r.clause(cadence.start);
    let sentence = r.sentence(cadence.start);
    let reach = sentence.end.min(next).min(cadence.end + 4 * REACH);
    let first = r.quantities.partition_point(|q| q.start < cadence.end);
    let mut bound = 0usize;
    let mut since = cadence.end;
    let mut blocked = false;
    let mut open = introduces(r, cadence, clause);
    for (index, q) in r.quantities.iter().enumerate().skip(first) {
        if q.start >= reach {
            break;
        }
        let own = q.start < clause.end;
        if !own && !open && bound == 0 {
            break;
        }
        if used[index] || !quota(r, index, cadence, own) {
            blocked |= own && blocks(r, index, cadence);
            continue;
        }
        if cadence.form == Form::Bare && bound == 0 && q.start - cadence.end > 14 {
            break;
        }
        // 上一次党课或者看一次录像: either will do.
        if own && bound > 0 && r.view.seek(since, q.start, "或").is_some() {
            used[index] = true;
            continue;
        }
        if own && other_period(r, since, q.start, true) {
            continue;
        }
        if !own && (other_period(r, since, q.start, false) || r.dated(since, q.start)) {
            open = false;
            if bound > 0 {
                break;
            }
            continue;
        }
        used[index] = true;
        bound += 1;
        since = q.tail_end;
        found.push(with_quota(r, cadence, clause, index));
    }
    if bound == 0 && !blocked && by_itself(r, cadence, clause, next) {
        let mut c = spanning(r, cadence, clause, clause.end.min(next).min(cadence.end + REACH));
        c.times = Some(bare_times(&r.view, cadence.end).unwrap_or(cadence.times));
        let end = clause.end.min(next).min(cadence.end + REACH);
        c.activity = Some(activity(r, cadence, clause, end));
        found.push(c);
    }
}

/// 每学期听课：… or …如下：, the numbers stand in the clauses that follow.
fn introduces(r: &Reading, cadence: &Cadence, clause: Clause) -> bool {
    let v = &r.view;
    v.c(clause.end) == '：' && cadence.end + 12 >= clause.end
        || v.any_before(
            clause.end,
            &[
                "听课",
                "评课",
                "听评课",
                "听课节数",
                "数量",
                "要求",
                "如下",
                "次数",
                "人均",
                "每人",
                "教师",
            ],
        )
        .is_some()
            && clause.end - cadence.end <= 12
        || clause.end == cadence.end
}

/// Whether a quantity can be a quota of a cadence.
fn quota(r: &Reading, index: usize, cadence: &Cadence, own: bool) -> bool {
    let q = &r.quantities[index];
    let v = &r.view;
    if q.value.fract() != 0.0 || q.value > 1e6 || q.value < 1.0 {
        return false;
    }
    if matches!(v.before(q.start), '第' | '前' | '每' | '+') || v.c(q.end) == '+' {
        return false;
    }
    let counted = match q.of {
        Of::Measure(Sort::Act) => true,
        Of::Measure(Sort::Weak | Sort::Strong) => own && !q.unit.starts_with('大'),
        Of::Measure(Sort::Time) => {
            own && cadence.every != Every::Day
                && (q.unit == "天" || op::before(r, q).is_some_and(|b| b != Before::About))
        }
        _ => false,
    };
    let indefinite = q.one && !q.arabic && matches!(q.unit.as_str(), "个" | "支" | "名" | "位" | "种");
    counted
        && (q.of == Of::Measure(Sort::Act) && matches!(q.unit.as_str(), "次" | "节" | "篇" | "期" | "场")
            || q.of == Of::Measure(Sort::Time)
            || !reject::rejects(r, index))
        && (!indefinite || beside_act(r, q))
}

/// 每周一个主题, 每月评选一名标兵: 一个 right after the cadence or a verb.
fn beside_act(r: &Reading, q: &Quantity) -> bool {
    let from = r.clause(q.start).start.max(q.start.saturating_sub(6));
    r.cadences
        .iter()
        .rev()
        .find(|c| c.end <= q.start)
        .is_some_and(|c| q.start - c.end <= 1)
        || r.marks
            .within(from, q.start, Class::Work)
            .any(|m| q.start - m.end as usize <= 1)
}

/// A number in the clause that makes it a target or a state instead: 每学期合格率95%, 每天…不低于2小时.
fn blocks(r: &Reading, index: usize, cadence: &Cadence) -> bool {
    let q = &r.quantities[index];
    match q.of {
        Of::Percent | Of::Points => true,
        Of::Measure(Sort::Money) => true,
        Of::Measure(Sort::Time) => {
            let long = r.view.any_before(q.start, &["时间", "时长", "睡眠"]).is_some();
            cadence.every == Every::Day && (long || op::before(r, q).is_some())
        }
        _ => false,
    }
}

/// 全年不少于12次, 每次90分钟: a number after these words has a period of its own.
fn other_period(r: &Reading, since: usize, at: usize, own: bool) -> bool {
    const WORDS: &[&str] = &[
        "全年",
        "本学期",
        "本年度",
        "全学期",
        "今年",
        "共召开",
        "共开展",
        "共举办",
        "共组织",
        "每次",
        "每轮",
        "每场",
        "节假日",
        "节日前",
        "假期",
        "放假前",
        "开学前",
        "考试前",
        "考试后",
        "重大活动",
    ];
    // Within the cadence's own clause a sum is still the cadence's: 每学期累计不少于8篇.
    let sums: &[&str] = if own { &[] } else { &["累计", "共计", "总计"] };
    let from = since.max(at.saturating_sub(REACH));
    (from..at).any(|i| r.view.any_at(i, WORDS).is_some() || r.view.any_at(i, sums).is_some())
}

fn with_quota(r: &Reading, cadence: &Cadence, clause: Clause, index: usize) -> Commitment {
    let q = &r.quantities[index];
    let stop = r.clause(q.start).end.min(q.tail_end + REACH / 2);
    let end = r
        .quantities
        .get(index + 1)
        .filter(|n| n.start < stop)
        .map_or(stop, |n| {
            r.view.find(q.tail_end, n.start, |c| matches!(c, '、' | '和'))
        });
    let mut c = spanning(r, cadence, clause, end.max(q.tail_end));
    let times = q.value as u32;
    c.times = Some(if cadence.every == Every::Week {
        times
    } else {
        times * cadence.times
    });
    c.max = q.max;
    c.unit = (q.unit != "次").then(|| q.unit.clone());
    let before = r.view.text(cadence.end.max(r.clause(q.start).start), q.start);
    let after = r.view.text(q.tail_end, end.max(q.tail_end));
    c.activity = Some(trimmed(&format!("{before}{after}")));
    c
}

/// The quote: from the words before the cadence, if they are few, to `end`.
fn spanning(r: &Reading, cadence: &Cadence, clause: Clause, end: usize) -> Commitment {
    let from = clause.start.max(cadence.start.saturating_sub(REACH));
    let start = if cadence.start - from <= 16 {
        from
    } else {
        cadence.start
    };
    let mut c = r.commitment(Kind::Duty, start, end.max(cadence.end));
    c.every = Some(cadence.every);
    c.interval = (cadence.interval > 1).then_some(cadence.interval);
    c
}

fn activity(r: &Reading, cadence: &Cadence, clause: Clause, end: usize) -> String {
    if cadence.form == Form::Named {
        return r.view.text(cadence.start, cadence.end);
    }
    let after = trimmed(&r.view.text(cadence.end, end));
    if after.chars().count() >= 2 {
        return after;
    }
    let from = clause.start.max(cadence.start.saturating_sub(20));
    let before = trimmed(&r.view.text(from, cadence.start));
    if before.is_empty() && clause.start > r.sentence(clause.start).start {
        let cell = r.clause(clause.start - 1);
        return r.view.text(cell.start, cell.end);
    }
    before + &after
}

fn trimmed(text: &str) -> String {
    text.trim_matches(['、', '的', '，', '”', '“', '。', '：'])
        .trim_start_matches("坚持")
        .trim_start_matches("至少")
        .to_string()
}

/// Rule 例-3: whether a cadence without a number is a duty of its own.
fn by_itself(r: &Reading, cadence: &Cadence, clause: Clause, next: usize) -> bool {
    let v = &r.view;
    let end = clause.end.min(next).min(cadence.end + REACH);
    match cadence.form {
        Form::Named => !matches!(v.c(cadence.end), '人' | '》'),
        Form::Bare => {
            v.starts(cadence.start, "年度") && v.any_at(cadence.end, &["评估", "评价"]).is_some()
                || per_one(v, cadence)
        }
        Form::Each => {
            let length = end - cadence.end;
            let slogan = v
                .any_at(cadence.end, &["都", "进步", "的"])
                .is_some_and(|_| length <= 4);
            // 每年工作的重点: the work of a period, not an act.
            let owned = ["工作的", "的工作重", "重点工作", "的重点", "的任务", "的中心"];
            // 每月工作安排: a heading.
            let headed = [
                "工作计划",
                "工作安排",
                "活动安排",
                "安排",
                "安排表",
                "计划",
                "工作要点",
                "工作内容",
                "主要工作",
            ];
            if v.any_at(cadence.end, &headed)
                .is_some_and(|n| cadence.end + n >= end)
            {
                return false;
            }
            let wish = v.c(cadence.end) == '都'
                && !matches!(
                    v.c(cadence.end + 1),
                    '要' | '应' | '必' | '须' | '开' | '组' | '举'
                );
            if wish || slogan || v.any_at(cadence.end, &owned).is_some() {
                return false;
            }
            if length < 2 {
                // A table cell or the end of a clause: 升旗仪式 | 每周
                return cadence.start == clause.start && v.before(clause.start) == '|'
                    || cadence.start > clause.start + 3;
            }
            // 复习时间每学期2周: a length, not an act.
            let first = r.quantities.partition_point(|q| q.start < cadence.end);
            let length_only = r.quantities.get(first).is_some_and(|q| {
                q.start == cadence.end && q.tail_end >= end && q.of == Of::Measure(Sort::Time)
            });
            if length_only {
                return false;
            }
            let thing = v.any_before(end, THINGS).is_some() || v.any_at(cadence.end, THINGS).is_some();
            let acts = [
                "报", "送", "更新", "公布", "填", "记", "检查", "核", "统计", "汇总", "上传", "发布", "收集",
                "做", "写", "整理", "通报",
            ];
            let acted = (cadence.end..end).any(|i| v.any_at(i, &acts).is_some());
            !(thing && length <= 8 && !acted)
        }
    }
}

/// 一日一报, 一周一小结, 一日三查
fn per_one(v: &crate::view::View, cadence: &Cadence) -> bool {
    v.c(cadence.start) == '一' && crate::lex::numeral::begins(v.c(cadence.end))
}

/// 每日三查, 每周两评: a numeral and an act without a measure word.
fn bare_times(v: &crate::view::View, at: usize) -> Option<u32> {
    let n = crate::lex::numeral::lex(v, at).filter(|n| !n.arabic && n.value < 10.0)?;
    matches!(v.c(n.end), '查' | '评' | '报' | '检' | '巡' | '练' | '测').then_some(n.value as u32)
}

/// Rule 例-4: `2次/周`, `听课20节/学期`: the period stands after a stroke.
fn strokes(r: &Reading, used: &mut [bool], found: &mut Vec<Commitment>) {
    for (index, q) in r.quantities.iter().enumerate() {
        let Some((every, end)) = cadence::after_stroke(&r.view, q.tail_end) else {
            continue;
        };
        if used[index] || !matches!(q.of, Of::Measure(_)) || q.value < 1.0 || q.value.fract() != 0.0 {
            continue;
        }
        used[index] = true;
        let clause = r.clause(q.start);
        let start = clause.start.max(q.start.saturating_sub(24));
        let mut c = r.commitment(Kind::Duty, start, end);
        c.every = Some(every);
        c.times = Some(q.value.min(1e6) as u32);
        c.max = q.max;
        c.unit = (q.unit != "次").then(|| q.unit.clone());
        c.activity = Some(trimmed(&r.view.text(start, q.start)));
        found.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn duties(text: &str) -> Vec<(u32, Every, Option<String>)> {
        let r = Reading::new(text);
        let mut used = vec![false; r.quantities.len()];
        read(&r, &mut used)
            .into_iter()
            .map(|c| (c.times.unwrap_or(0), c.every.unwrap_or(Every::Day), c.unit))
            .collect()
    }

    #[test]
    fn numbers_under_one_cadence() {
        assert_eq!(
            duties("每周开展1次主题班会、两次以上的安全提醒。"),
            [(1, Every::Week, None), (2, Every::Week, None)]
        );
        assert_eq!(
            duties("每学期听课：校级领导不少于30节，中层干部25节；教师15节。"),
            [
                (30, Every::Term, Some("节".into())),
                (25, Every::Term, Some("节".into())),
                (15, Every::Term, Some("节".into()))
            ]
        );
        assert_eq!(duties("家长会一年两次"), [(2, Every::Year, None)]);
        assert_eq!(duties("消防演练1次/月"), [(1, Every::Month, None)]);
    }

    #[test]
    fn a_cadence_beside_an_activity_is_once() {
        assert_eq!(duties("坚持每日晨检制度。"), [(1, Every::Day, None)]);
        assert_eq!(duties("实行周报制度。"), [(1, Every::Week, None)]);
        assert_eq!(duties("宿舍每日一查。"), [(1, Every::Day, None)]);
        assert!(duties("掌握每日出勤情况。").is_empty());
        assert!(duties("学生每天锻炼时间不少于1小时。").is_empty());
    }
}
