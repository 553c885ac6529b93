//! Measure words (量词) and what kind of quantity each makes.

use crate::view::View;

/// What a measure word counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// People and things that are plainly counted: 人, 名, 所, 门.
    Strong,
    /// 个, 项, 条, 种: need to look at the noun.
    Weak,
    /// Acts and pieces of work that a cadence may quota: 次, 节, 篇, 期.
    Act,
    /// Spans of time: only with a comparator.
    Time,
    /// Money.
    Money,
    /// Area and length.
    Extent,
    /// Marks: only with a comparator.
    Score,
    /// 倍
    Fold,
}

/// `(word, sort, characters that may not follow)`.
const MEASURES: &[(&str, Sort, &str)] = &[
    ("人次", Sort::Strong, ""),
    ("所次", Sort::Strong, ""),
    ("家次", Sort::Strong, ""),
    ("校次", Sort::Strong, ""),
    ("户次", Sort::Strong, ""),
    ("件次", Sort::Strong, ""),
    ("台次", Sort::Strong, ""),
    ("项次", Sort::Strong, ""),
    ("名次", Sort::Strong, ""),
    ("个月", Sort::Time, ""),
    ("个小时", Sort::Time, ""),
    ("个学时", Sort::Act, ""),
    ("个课时", Sort::Act, ""),
    ("个工作日", Sort::Time, ""),
    ("个学期", Sort::Time, ""),
    ("个百分点", Sort::Fold, ""),
    ("小时", Sort::Time, ""),
    ("分钟", Sort::Time, ""),
    ("课时", Sort::Act, ""),
    ("学时", Sort::Act, ""),
    ("学分", Sort::Score, "制"),
    ("平方米", Sort::Extent, ""),
    ("平方公里", Sort::Extent, ""),
    ("平米", Sort::Extent, ""),
    ("平方", Sort::Extent, ""),
    ("㎡", Sort::Extent, ""),
    ("公顷", Sort::Extent, ""),
    ("公里", Sort::Extent, ""),
    ("公斤", Sort::Extent, ""),
    ("场次", Sort::Act, ""),
    ("批次", Sort::Act, ""),
    ("班次", Sort::Act, ""),
    ("轮次", Sort::Act, ""),
    ("频次", Sort::Act, ""),
    ("台套", Sort::Strong, ""),
    ("台件", Sort::Strong, ""),
    ("件套", Sort::Strong, ""),
    ("面", Sort::Strong, "向对积试貌临议谈子授板上下前后部"),
    ("节次", Sort::Act, ""),
    ("课次", Sort::Act, ""),
    ("美元", Sort::Money, ""),
    ("千元", Sort::Money, ""),
    ("百元", Sort::Money, ""),
    ("人", Sort::Strong, "才类员民文大生士物格力心口选身机数"),
    ("名", Sort::Strong, "著列单额言誉牌次字"),
    ("位", Sort::Strong, "于列居育置"),
    ("所", Sort::Strong, "有以在谓属需长"),
    ("家", Sort::Strong, "长庭访乡"),
    ("门", Sort::Strong, "类户卫诊票"),
    ("部", Sort::Strong, "门分委级队位署长"),
    ("支", Sort::Strong, "持付撑委出农援配架"),
    ("台", Sort::Strong, "阶账湾风词柱"),
    ("套", Sort::Strong, "路餐用取"),
    ("间", Sort::Strong, "隔接断操"),
    (
        "本",
        Sort::Strong,
        "科学次年市地级班质领届期职来身月土县区院系部着",
    ),
    ("册", Sort::Strong, ""),
    ("盏", Sort::Strong, ""),
    ("箱", Sort::Strong, ""),
    ("架", Sort::Strong, "构子空起"),
    ("科次", Sort::Act, ""),
    ("页", Sort::Strong, "面"),
    ("字", Sort::Strong, "典母体画帖形面节样段词号"),
    ("件", Sort::Strong, ""),
    ("块", Sort::Strong, ""),
    ("枚", Sort::Strong, ""),
    ("幅", Sort::Strong, "度员"),
    ("辆", Sort::Strong, ""),
    ("座", Sort::Strong, "谈位右"),
    ("栋", Sort::Strong, "梁"),
    ("幢", Sort::Strong, ""),
    ("棵", Sort::Strong, ""),
    ("株", Sort::Strong, ""),
    ("盆", Sort::Strong, ""),
    ("户", Sort::Strong, "外籍"),
    ("队", Sort::Strong, "伍员长列"),
    ("起", Sort::Strong, "来点步航到因始草源"),
    ("宗", Sort::Strong, "旨"),
    ("例", Sort::Strong, "如会行外题"),
    ("封", Sort::Strong, "闭面顶控"),
    ("首", Sort::Strong, "届批席个先次要创位"),
    ("张", Sort::Strong, "力扬贴"),
    ("则", Sort::Strong, ""),
    ("篇", Sort::Act, "章"),
    ("次", Sort::Act, "性"),
    ("场", Sort::Act, "所地馆景域面合"),
    ("期", Sort::Act, "间末中望待刊限盼货初许许"),
    ("节", Sort::Act, "日约点能目奏假庆俗令气水电俭俭制"),
    ("堂", Sort::Act, ""),
    ("轮", Sort::Act, "岗流训换值"),
    ("遍", Sort::Act, "及布"),
    ("回", Sort::Act, "顾归访应"),
    ("份", Sort::Act, "额子"),
    ("集", Sort::Strong, "团体中合训群成聚资"),
    ("对", Sort::Weak, "应口接策外象标比照待于一"),
    ("组", Sort::Weak, "织长建员成合"),
    ("个", Sort::Weak, "性别人体"),
    ("项", Sort::Weak, "目"),
    ("条", Sort::Weak, "件例款线目理文"),
    ("种", Sort::Weak, "子植"),
    ("批", Sort::Weak, "评准次阅改示复"),
    ("处", Sort::Weak, "理室分于置级长境事方"),
    ("亩", Sort::Extent, ""),
    ("公分", Sort::Extent, ""),
    ("米", Sort::Extent, "饭"),
    ("吨", Sort::Extent, ""),
    ("元", Sort::Money, "素旦件化宵"),
    ("天", Sort::Time, ""),
    ("周", Sort::Time, "年边期末转岁围知一二三四五六日"),
    ("年", Sort::Time, "级度龄制轻"),
    ("倍", Sort::Fold, "增"),
    (
        "分",
        Sort::Score,
        "别层类析批校散段期布组管享解工级部部流步成散数值配赛园局支钟母子项册区为",
    ),
];

/// The measure word at `i`: its length and sort.
pub fn at(view: &View, i: usize) -> Option<(usize, Sort)> {
    let first = view.c(i);
    // 2金3银: medals, where another number or the end of the phrase follows.
    let next = view.c(i + 1);
    if matches!(first, '金' | '银' | '铜')
        && (matches!(next, '、' | '，' | '。' | '；' | '）' | '的' | '\n' | '\0')
            || next.is_ascii_digit()
            || super::numeral::chinese_digit(next).is_some())
    {
        return Some((1, Sort::Strong));
    }
    let mut best: Option<(usize, Sort)> = None;
    for (word, sort, not) in MEASURES {
        if word.starts_with(first) && view.starts(i, word) {
            let n = word.chars().count();
            if !not.contains(view.c(i + n)) && !view.starts(i, "位一体") && best.is_none_or(|(m, _)| n > m)
            {
                best = Some((n, *sort));
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_measure_wins_and_homographs_do_not() {
        let at0 = |text: &str| at(&View::new(text), 0);
        assert_eq!(at0("人次培训"), Some((2, Sort::Strong)));
        assert_eq!(at0("个月以上"), Some((2, Sort::Time)));
        assert_eq!(at0("部门联合"), None);
        assert_eq!(at0("次性补助"), None);
        assert_eq!(at0("位一体"), None);
        assert_eq!(at0("所学校"), Some((1, Sort::Strong)));
    }
}
