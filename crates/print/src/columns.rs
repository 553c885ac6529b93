//! How wide the columns of a printed table are: short columns take what they need, long ones share the rest,
//! and no number is cut in two.

/// A column wants no more than this many characters before its text wraps.
const WANTED_EM_MAX: f64 = 24.0;
/// A column this wide reads easily; letters shrink a little to give each long column as much.
const EASY_EM: f64 = 15.0;
/// A cell longer than this may be broken across pages.
const WHOLE_CELL_BYTES_MAX: usize = 600;
/// Space beside the text of a cell, in characters.
const GUTTER_EM: f64 = 0.9;

/// Widths of a table's columns and the size of its letters.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TablePlan {
    /// In characters; together they fill the line.
    pub widths: Vec<f64>,
    pub points: f64,
    /// No cell is so long that its row would have to be broken across pages.
    pub whole_rows: bool,
}

/// Sizes that a table's letters may have, in points.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    pub best: f64,
    /// As small as they get so that texts wrap less.
    pub good: f64,
    /// As small as they get so that no number is cut.
    pub least: f64,
}

/// Plans a table for a line of `line_points`. `wished` holds relative widths, 0 for by content.
pub(crate) fn plan(
    headings: &[&str],
    rows: &[Vec<String>],
    wished: &[f64],
    line_points: f64,
    sizes: Sizes,
) -> TablePlan {
    let mut wanted = Vec::with_capacity(headings.len());
    let mut least = Vec::with_capacity(headings.len());
    let mut whole_rows = true;
    for (index, heading) in headings.iter().enumerate() {
        let cells = rows.iter().filter_map(|row| row.get(index)).map(String::as_str);
        let mut widest = 2.0_f64.max(width_em(heading));
        let mut unbroken = 2.0_f64.max(unbroken_em(heading));
        for cell in cells {
            widest = widest.max(width_em(cell));
            unbroken = unbroken.max(unbroken_em(cell));
            whole_rows &= cell.len() <= WHOLE_CELL_BYTES_MAX;
        }
        wanted.push(widest.min(WANTED_EM_MAX).max(unbroken) + GUTTER_EM);
        least.push(unbroken + GUTTER_EM);
    }
    let easy: f64 = wanted
        .iter()
        .zip(&least)
        .map(|(want, least)| want.min(EASY_EM).max(*least))
        .sum();
    let needed: f64 = least.iter().sum();
    let good = (line_points / easy).clamp(sizes.good, sizes.best);
    let points = good.min(line_points / needed).max(sizes.least);
    let line = line_points / points;
    if wished.len() == headings.len() && wished.iter().all(|width| *width > 0.0) {
        let total: f64 = wished.iter().sum();
        return TablePlan {
            widths: wished.iter().map(|width| width / total * line).collect(),
            points,
            whole_rows,
        };
    }
    TablePlan {
        widths: share(&wanted, &least, line),
        points,
        whole_rows,
    }
}

/// Gives each column what it wants up to a common cap, but never less than its longest number.
fn share(wanted: &[f64], least: &[f64], line: f64) -> Vec<f64> {
    let capped = |cap: f64| {
        wanted
            .iter()
            .zip(least)
            .map(move |(want, least)| want.min(cap).max(*least))
    };
    let total: f64 = wanted.iter().sum();
    if total <= line {
        return wanted.iter().map(|want| want * line / total).collect();
    }
    let (mut low, mut high) = (0.0, line);
    for _ in 0..40 {
        let middle = (low + high) / 2.0;
        if capped(middle).sum::<f64>() > line {
            high = middle
        } else {
            low = middle
        }
    }
    capped(low).collect()
}

/// The longest line of a text, in characters.
pub(crate) fn width_em(text: &str) -> f64 {
    text.lines()
        .map(|line| line.chars().map(char_em).sum())
        .fold(0.0, f64::max)
}

/// The longest stretch that cannot be broken: a number, a code, a Latin word.
fn unbroken_em(text: &str) -> f64 {
    let mut longest: f64 = 0.0;
    let mut current = 0.0;
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ',' | '_' | ':' | '%' | '@') {
            current += char_em(c);
            longest = longest.max(current);
        } else {
            current = 0.0;
        }
    }
    longest
}

fn char_em(c: char) -> f64 {
    match c {
        'M' | 'W' | 'm' | 'w' | '@' | '%' => 0.9,
        'A'..='Z' => 0.68,
        c if c.is_ascii() => 0.57,
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZES: Sizes = Sizes {
        best: 10.0,
        good: 10.0,
        least: 6.0,
    };

    fn rows(cells: &[&str]) -> Vec<Vec<String>> {
        vec![cells.iter().map(|cell| (*cell).to_owned()).collect()]
    }

    #[test]
    fn short_columns_keep_their_width_and_long_ones_share() {
        let long = "配电箱门锁损坏，线路老化，消防通道东侧堆放废旧毛坯料，影响疏散，已停用相关设备。";
        let plan = plan(
            &["序号", "问题", "措施"],
            &rows(&["1", long, long]),
            &[],
            400.0,
            SIZES,
        );
        assert_eq!(plan.points, 10.0);
        assert!((plan.widths[0] - 2.9).abs() < 0.01, "{plan:?}");
        assert!((plan.widths[1] - plan.widths[2]).abs() < 0.01, "{plan:?}");
        assert!((plan.widths.iter().sum::<f64>() - 40.0).abs() < 0.01, "{plan:?}");
    }

    #[test]
    fn letters_shrink_before_a_number_is_cut() {
        let id = "320501200901011234";
        let plan = plan(
            &["甲", "乙", "丙", "丁"],
            &rows(&[id, id, id, id]),
            &[],
            400.0,
            SIZES,
        );
        assert!(plan.points < 10.0);
        assert!(plan.widths.iter().all(|width| *width >= width_em(id)), "{plan:?}");
    }

    #[test]
    fn wished_widths_are_kept_as_shares() {
        let plan = plan(&["甲", "乙"], &rows(&["1", "2"]), &[1.0, 3.0], 400.0, SIZES);
        assert_eq!(plan.widths, [10.0, 30.0]);
    }
}
