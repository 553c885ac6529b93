//! What is not a commitment (不是承诺的数字). Each rule is a predicate over one quantity in its place.

use super::op::{self, Before};
use crate::lex::Quantity;
use crate::lex::measure::Sort;
use crate::lex::quantity::{Of, Tail};
use crate::lexicon::Class;
use crate::reading::{REACH, Reading};

/// Whether a quantity is something else than a measured amount.
pub fn rejects(r: &Reading, index: usize) -> bool {
    let q = &r.quantities[index];
    code(r, q)
        || visits(r, q)
        || clauses_of_a_paper(r, q)
        || ordinal(r, q)
        || named(r, q)
        || structure(r, q)
        || measureless(r, q)
        || compared(r, q)
        || ratio(r, q)
        || origin(r, q)
        || occasional(r, q)
        || ranked_among(r, q)
}

/// Rule 非-13: 在全区26所学校中名列第三: those one is compared with.
fn ranked_among(r: &Reading, q: &Quantity) -> bool {
    let v = &r.view;
    let end = r.clause(q.start).end.min(q.tail_end + 12);
    let ranks = ["名列", "位列", "位居", "排名", "排在", "列第", "居第", "脱颖而出"];
    (q.tail_end..end)
        .find(|&i| v.c(i) == '中')
        .is_some_and(|i| ranks.iter().any(|w| v.seek(i + 1, i + 6, w).is_some()))
}

/// Rule 非-12: 节假日前开展1次排查, 每逢大考召开1次: once an occasion, neither a total nor a period.
fn occasional(r: &Reading, q: &Quantity) -> bool {
    let from = r.clause(q.start).start.max(q.start.saturating_sub(16));
    q.of == Of::Measure(Sort::Act)
        && ["节假日前", "节日前", "假期前", "每逢", "每次"]
            .iter()
            .any(|w| r.view.seek(from, q.start, w).is_some())
}

/// Rule 非-1: codes: `3+4`, `1+X`, `6S`, `5G`, `1:9.91`, a telephone number.
fn code(r: &Reading, q: &Quantity) -> bool {
    let v = &r.view;
    let (prev, next) = (v.before(q.start), v.c(q.end));
    let joins = |c: char| matches!(c, '+' | '×' | '*' | '#' | '@' | '_');
    q.code
        || joins(prev)
        || joins(next)
        || prev.is_ascii_alphabetic()
        || prev == '/'
        || prev == '.'
        || (q.of == Of::Bare && (next.is_ascii_alphabetic() || next == '/' || next == '-'))
        || (prev == '：' && v.before(q.start - 1).is_ascii_digit())
        || (v.c(q.end) == '：' && v.c(q.end + 1).is_ascii_digit() && q.of == Of::Bare)
}

/// Rule 非-9: the counter of a web page: 浏览次数：356次.
fn visits(r: &Reading, q: &Quantity) -> bool {
    let v = &r.view;
    let from = q.start.saturating_sub(8);
    (from..q.start).any(|i| {
        v.any_at(i, &["浏览", "点击", "阅读次数", "阅读量", "访问量", "字号"])
            .is_some()
    })
}

/// Rule 非-10: 减负33条 names a document; 条 counts only messages and proposals.
fn clauses_of_a_paper(r: &Reading, q: &Quantity) -> bool {
    let v = &r.view;
    let counted = [
        "信息",
        "建议",
        "新闻",
        "意见",
        "稿件",
        "线索",
        "简报",
        "消息",
        "动态",
        "标语",
        "线",
        "问题",
        "视频",
        "作品",
        "流程",
        "生产线",
        "资源",
        "数据",
        "路线",
    ];
    q.unit == "条"
        && !r.marks.has(q.tail_end, q.tail_end + 8, Class::Countable)
        && v.any_before(q.start, &counted).is_none()
        && !(q.tail_end..q.tail_end + 8).any(|i| v.any_at(i, &counted).is_some())
        && q.tail == Tail::Plain
}

/// Rule 非-2: ordinals and ranks: 第3批, 前10%, 前100名, 后20%; and 每15名学生, 每一位.
fn ordinal(r: &Reading, q: &Quantity) -> bool {
    let v = &r.view;
    // 一批, 一种 are "some".
    if q.one && !q.arabic && matches!(q.unit.as_str(), "批" | "种") {
        return true;
    }

    match v.before(q.start) {
        '第' | '届' => true,
        '前' => !matches!(
            v.before(q.start - 1),
            '提' | '目' | '之' | '以' | '底' | '年' | '月' | '日'
        ),
        '后' => q.of == Of::Percent,
        '每' => true,
        '某' | '任' | '另' | '同' | '这' | '该' | '哪' | '逐' => !q.arabic,
        '各' | '唯' | '又' | '有' | '新' => q.one && !q.arabic,
        '名' | '位' | '个' | '项' | '次' | '步' => q.one && !q.arabic && v.before(q.start - 1) == '一',
        _ => false,
    }
}

/// Rule 非-3: inside 《…》, or inside a short “…”: names, models, slogans. 〔…〕 is a lost value.
fn named(r: &Reading, q: &Quantity) -> bool {
    let v = &r.view;
    let (from, to) = (
        q.start.saturating_sub(REACH / 2),
        (q.end + REACH / 2).min(v.len()),
    );
    let mut left = q.start;
    while left > from && !matches!(v.c(left - 1), '《' | '》' | '\n') {
        left -= 1;
    }
    if left > from && v.c(left - 1) == '《' {
        return true;
    }
    let mut left = q.start;
    while left + 16 > q.start && left > from && !matches!(v.c(left - 1), '“' | '”' | '‘' | '"' | '\n' | '。')
    {
        left -= 1;
    }
    let open = if left > from { v.c(left - 1) } else { '\0' };
    let right = v.find(q.end, to.min(q.end + 16), |c| {
        matches!(c, '”' | '“' | '’' | '"' | '\n' | '。')
    });
    let close = v.c(right);
    let paired = match open {
        '“' => close == '”',
        '‘' => close == '’',
        // Straight quotes open and close alike: an odd number before it on the line means inside.
        '"' => close == '"' && straight_inside(r, left - 1),
        _ => false,
    };
    paired && right - left <= 16
}

fn straight_inside(r: &Reading, quote: usize) -> bool {
    let start = r.sentence(quote).start.max(quote.saturating_sub(300));
    (start..=quote).filter(|&i| r.view.c(i) == '"').count() % 2 == 1
}

/// Rule 非-4: counts of the plan's own structure: 10个方面, 三项工程, 5项重点工作, 27个不得.
fn structure(r: &Reading, q: &Quantity) -> bool {
    let v = &r.view;
    let Of::Measure(sort) = q.of else { return false };
    let after = q.tail_end;
    let end = r.clause(q.start).end;
    let stop = v.find(after, end.min(after + 10), |c| matches!(c, '、' | '）' | '（'));
    if work_head(r, q, after) {
        return true;
    }
    if sort != Sort::Weak && q.arabic && v.c(after) != '大' {
        return false;
    }
    if !q.arabic
        && v.any_at(after, &["管理", "清单", "教育", "服务", "文化", "课堂"])
            .is_some()
    {
        return true;
    }

    if matches!(v.c(after), '大' | '重' | '新') && r.marks.has(after + 1, after + 5, Class::Structure) {
        return true;
    }
    let countable = r.marks.within(after, stop, Class::Countable).next().is_some();
    let at_once = r.marks.at(after, Class::Structure);
    let near = v.find(after, (after + 7).min(stop), |c| c == '“');
    let soon = r.marks.has(after, near, Class::Structure);
    if v.any_at(
        after,
        &[
            "方面",
            "产业链",
            "部门",
            "环节",
            "层面",
            "维度",
            "严禁",
            "不得",
            "不准",
            "必须",
        ],
    )
    .is_some()
    {
        return true;
    }
    let head_first = at_once && !countable;
    head_first || (soon && !countable && !q.arabic)
}

/// 12个项目工作, 8项工作: the noun is 工作 itself (not 工作室, 工作坊).
fn work_head(r: &Reading, q: &Quantity, after: usize) -> bool {
    let v = &r.view;
    let heads = [
        "工作",
        "项目工作",
        "方面工作",
        "方面的工作",
        "具体工作",
        "主要工作",
        "中心工作",
        "常规工作",
        "日常工作",
    ];
    matches!(q.of, Of::Measure(Sort::Weak))
        && v.any_at(after, &heads).is_some_and(|n| {
            !matches!(
                v.c(after + n),
                '室' | '坊' | '站' | '者' | '人' | '法' | '日' | '营' | '量' | '案'
            )
        })
}

/// Rule 非-5: numbers without a measure word, spans of time and marks need a comparator beside them.
fn measureless(r: &Reading, q: &Quantity) -> bool {
    let v = &r.view;
    let before = op::before(r, q);
    let compared = matches!(
        before,
        Some(Before::AtLeast | Before::AtMost | Before::Fallen | Before::Reach)
    );
    match q.of {
        Of::Bare => {
            let closes = matches!(
                v.c(q.tail_end),
                '，' | '。' | '；' | '、' | '\0' | '\n' | '）' | '|' | '大' | '”'
            ) || q.tail != Tail::Plain;
            let strict = matches!(before, Some(Before::AtLeast | Before::AtMost | Before::Fallen))
                || v.any_before(q.start, &["达到", "达", "提升至", "提高到", "为", "至", "增至"])
                    .is_some();
            !(closes
                && strict
                && (q.arabic || q.value >= 100.0 || q.value == 0.0 && v.before(q.start) == '为'))
                || q.value == 0.0 && !q.arabic
                || (1900.0..2100.0).contains(&q.value) && v.c(q.end) != '大'
        }
        Of::Measure(Sort::Time) => {
            let aged = v.any_before(
                q.start,
                &[
                    "教龄", "工龄", "年龄", "入职", "任教", "从教", "近", "最近", "未满", "不满", "满",
                ],
            );
            let named = before.is_some_and(|b| matches!(b, Before::AtLeast | Before::AtMost))
                || v.any_before(q.start, &["达到", "达", "累计", "保证", "确保", "累计达", "共计"])
                    .is_some();
            let daily = v.any_before(q.start, &["时间", "时长", "睡眠"]).is_some()
                && v.seek(
                    r.clause(q.start).start.max(q.start.saturating_sub(REACH)),
                    q.start,
                    "每天",
                )
                .is_some();
            aged.is_some()
                || !(named || daily)
                || v.seek(
                    r.clause(q.start).start.max(q.start.saturating_sub(16)),
                    q.start,
                    "教龄",
                )
                .is_some()
        }
        Of::Measure(Sort::Score) if shares_aim(r, q) => false,
        Of::Measure(Sort::Score) => {
            let mean = v
                .any_before(q.start, &["平均分", "均分", "平均分达", "平均分为"])
                .is_some();
            !(compared || mean)
                || v.any_before(q.start, &["满分", "总分", "加", "扣", "计", "每"])
                    .is_some()
        }
        Of::Measure(Sort::Fold) => {
            !compared && v.any_before(q.start, &["增长", "提高", "提升", "增加"]).is_none()
        }
        _ => false,
    }
}

/// 分别达到30%、75%、80分: the last of a list with one comparator.
fn shares_aim(r: &Reading, q: &Quantity) -> bool {
    let from = r.clause(q.start).start.max(q.start.saturating_sub(24));
    matches!(r.view.before(q.start), '、' | '和') && r.view.seek(from, q.start, "分别").is_some()
}

/// Rule 非-6: comparison values: 标准为39㎡, 全省平均值984.86元.
fn compared(r: &Reading, q: &Quantity) -> bool {
    let clause = r.clause(q.start);
    let from = clause.start.max(q.start.saturating_sub(10));
    r.marks
        .within(from, q.start, Class::Compared)
        .any(|m| q.start - m.end as usize <= 2)
        && !r.view.ends(q.start, "以上")
}

/// Rule 非-11: where a figure comes from: 由35%提升至48%, 从原来的20个增加到35个.
fn origin(r: &Reading, q: &Quantity) -> bool {
    let v = &r.view;
    let words = [
        "由",
        "从",
        "由原来的",
        "从原来的",
        "由去年的",
        "从去年的",
        "由上年的",
        "由最初的",
        "从最初的",
        "由目前的",
        "从目前的",
    ];
    let moves = [
        '提', '增', '升', '降', '上', '扩', '减', '下', '发', '变', '到', '至', '达', '跃', '压', '缩',
    ];
    // 比去年57人增长80%: what it is compared with.
    let from = r.clause(q.start).start.max(q.start.saturating_sub(10));
    let based = (from..q.start).rev().find(|&i| v.c(i) == '比').is_some_and(|i| {
        ["去年", "上年", "上届", "同期", "目标", "计划", "上学期", "往年"]
            .iter()
            .any(|w| v.seek(i, q.start, w).is_some())
    });
    if based
        && matches!(
            v.c(q.tail_end),
            '增' | '超' | '多' | '少' | '减' | '提' | '下' | '上' | '高'
        )
    {
        return true;
    }
    if v.any_before(q.start, &words).is_none() {
        return false;
    }
    // 从8所学校发展到12所学校: the thing counted may stand between.
    let to = r.clause(q.start).end.min(q.tail_end + 10);
    let reached = [
        "发展到",
        "增加到",
        "增至",
        "提高到",
        "提升到",
        "扩大到",
        "上升到",
        "减少到",
        "提高至",
        "提升至",
        "发展至",
        "增加至",
    ];
    moves.contains(&v.c(q.tail_end)) || reached.iter().any(|w| v.seek(q.tail_end, to, w).is_some())
}

/// 1名骨干指导1名新教师, 1所城区学校结对1所乡村学校.
fn one_for_one(r: &Reading, q: &Quantity) -> bool {
    let sentence = r.sentence(q.start);
    let (from, to) = (
        sentence.start.max(q.start.saturating_sub(40)),
        sentence.end.min(q.end + 40),
    );
    let first = r.quantities.partition_point(|o| o.start < from);
    let other = r.quantities[first..]
        .iter()
        .take_while(|o| o.start < to)
        .find(|o| o.start != q.start && o.one && o.arabic && o.unit == q.unit);
    let pairs = [
        "指导", "帮扶", "结对", "帮带", "对接", "联系", "带教", "包联", "服务",
    ];
    other.is_some_and(|o| {
        let (a, b) = (q.start.min(o.start), q.end.max(o.end));
        pairs.iter().any(|w| r.view.seek(a, b, w).is_some())
    })
}

/// Rule 非-7: ratios and shares of one for one: 平均每15名学生有一门, 一校一策, 一所高校对接一个产业.
fn ratio(r: &Reading, q: &Quantity) -> bool {
    let v = &r.view;
    if q.one && q.arabic {
        return one_for_one(r, q);
    }
    if !q.one {
        return false;
    }
    let clause = r.clause(q.start);
    let (from, to) = (
        clause.start.max(q.start.saturating_sub(12)),
        clause.end.min(q.end + 14),
    );
    if op::before(r, q).is_some_and(|b| b == Before::AtLeast) {
        return false;
    }
    let other = (from..to)
        .any(|i| v.c(i) == '一' && i != q.start && !matches!(v.c(i + 1), '等' | '次' | '批' | '体' | '定'));
    let prize = r.marks.has(q.end, to, Class::Countable) && v.seek(q.end, to, "等奖").is_some();
    (other && !prize) || v.seek(from, q.start, "平均").is_some()
}
