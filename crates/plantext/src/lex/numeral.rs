//! Numerals (数字): `1200`, `1,200`, `98.5`, `11万`, 一百二十, 两, 三四, 百余, 近百.

use crate::view::View;

/// A numeral as written, before any measure word.
#[derive(Debug, Clone, PartialEq)]
pub struct Numeral {
    /// First view index.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Its value; the low one of 三四.
    pub value: f64,
    /// The high one of 三四.
    pub max: Option<f64>,
    /// Written in digits rather than 汉字.
    pub arabic: bool,
    /// 多, 余, 来 stood inside or after it.
    pub more: bool,
    /// 万 or 亿, which joins the measure word (11万人 is 11 万人).
    pub scale: Option<char>,
    /// A code rather than a number: too long, or dotted like a version.
    pub code: bool,
}

/// Whether a numeral may begin with `c`.
pub fn begins(c: char) -> bool {
    c.is_ascii_digit() || chinese_digit(c).is_some() || matches!(c, '十' | '百' | '千')
}

/// The value of a Chinese digit.
pub fn chinese_digit(c: char) -> Option<u32> {
    Some(match c {
        '零' | '〇' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

/// Reads the numeral at `i`.
pub fn lex(view: &View, i: usize) -> Option<Numeral> {
    if view.c(i).is_ascii_digit() {
        arabic(view, i)
    } else {
        chinese(view, i)
    }
}

/// Rule 数-1: digits, with decimals, thousands separators and 万/亿; 多/余/来 may stand before or after the scale.
fn arabic(view: &View, i: usize) -> Option<Numeral> {
    let digit = |j: usize| view.c(j).is_ascii_digit() && !view.gap(j);
    let mut end = i + 1;
    while digit(end) {
        end += 1;
    }
    let mut text: String = view.ch[i..end.min(i + 18)].iter().collect();
    let mut code = end - i > 12;
    while end - i <= 12 && view.raw(end) == ',' && thousands(view, end) {
        text.extend(&view.ch[end + 1..end + 4]);
        end += 4;
    }
    if view.c(end) == '.' && digit(end + 1) {
        let from = end;
        end += 1;
        while digit(end) {
            end += 1;
        }
        text.extend(&view.ch[from..end.min(from + 12)]);
        if view.c(end) == '.' && digit(end + 1) {
            code = true;
            while digit(end) || (view.c(end) == '.' && digit(end + 1)) {
                end += 1;
            }
        }
    }
    let mut out = Numeral {
        start: i,
        end,
        value: text.parse().ok()?,
        max: None,
        arabic: true,
        more: false,
        scale: None,
        code,
    };
    tail(view, &mut out);
    Some(out)
}

/// A comma, exactly three digits, and no fourth.
fn thousands(view: &View, comma: usize) -> bool {
    (1..=3).all(|k| view.c(comma + k).is_ascii_digit() && !view.gap(comma + k))
        && !view.c(comma + 4).is_ascii_digit()
}

/// 多/余/来 and the scales after a numeral.
fn tail(view: &View, n: &mut Numeral) {
    for _ in 0..2 {
        match view.c(n.end) {
            '多' | '余' if !matches!(view.c(n.end + 1), '样' | '元' | '种' | '媒' | '方') => {
                n.more = true;
                n.end += 1;
            }
            '来' if !n.arabic => {
                n.more = true;
                n.end += 1;
            }
            '千' | '百' if n.arabic && view.c(n.end + 1) != '分' => {
                n.value *= if view.c(n.end) == '千' { 1e3 } else { 1e2 };
                n.end += 1;
            }
            '万' | '亿' if n.scale.is_none() && !view.starts(n.end, "万能") => {
                n.scale = Some(view.c(n.end));
                n.end += 1;
                if matches!(view.c(n.end), '多' | '余') {
                    n.more = true;
                    n.end += 1;
                }
            }
            _ => break,
        }
    }
}

/// Rule 数-2: 汉字 numerals: 一百二十, 两, 十五六, 三四, 百余, 二〇二四.
fn chinese(view: &View, i: usize) -> Option<Numeral> {
    let mut end = i;
    while end < i + 12
        && (end == i || !view.gap(end))
        && (chinese_digit(view.c(end)).is_some() || matches!(view.c(end), '十' | '百' | '千'))
    {
        end += 1;
    }
    if end == i {
        return None;
    }
    let run = &view.ch[i..end];
    let (value, max) = value_of(run)?;
    let mut out = Numeral {
        start: i,
        end,
        value,
        max,
        arabic: false,
        more: false,
        scale: None,
        code: false,
    };
    tail(view, &mut out);
    if out.scale.is_some() && matches!(view.c(out.end), '一' | '二' | '三' | '五') {
        return None;
    }
    Some(out)
}

/// The value of a run of Chinese digits and 十百千.
pub fn value_of(run: &[char]) -> Option<(f64, Option<f64>)> {
    if run.iter().all(|&c| chinese_digit(c).is_some()) {
        let digits: Vec<u32> = run.iter().filter_map(|&c| chinese_digit(c)).collect();
        return match digits[..] {
            [d] => Some((f64::from(d), None)),
            [a, b] if b == a + 1 && a > 0 => Some((f64::from(a), Some(f64::from(b)))),
            [_, _, _, _] => Some((digits.iter().fold(0.0, |v, d| v * 10.0 + f64::from(*d)), None)),
            _ => None,
        };
    }
    let (mut total, mut digit, mut second) = (0f64, None::<u32>, None::<u32>);
    let mut last_step = 0f64;
    for &c in run {
        if let Some(d) = chinese_digit(c) {
            match digit {
                Some(p) if d == p + 1 && p > 0 => second = Some(d),
                Some(p) if p != 0 => return None,
                _ => digit = Some(d),
            }
            continue;
        }
        let step = match c {
            '十' => 10.0,
            '百' => 100.0,
            _ => 1000.0,
        };
        if let (Some(a), Some(b)) = (digit, second) {
            return Some((total + f64::from(a) * step, Some(total + f64::from(b) * step)));
        }
        total += f64::from(digit.filter(|d| *d > 0).unwrap_or(1)) * step;
        last_step = step;
        digit = None;
    }
    match (digit, second) {
        (Some(a), Some(b)) => Some((total + f64::from(a), Some(total + f64::from(b)))),
        // 一百二 is 120, 一百零二 is 102.
        (Some(d), None) if last_step > 10.0 && run[run.len() - 2] != '零' && run[run.len() - 2] != '〇' => {
            Some((total + f64::from(d) * last_step / 10.0, None))
        }
        (Some(d), None) => Some((total + f64::from(d), None)),
        _ => Some((total, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Numeral {
        lex(&View::new(text), 0).unwrap()
    }

    #[test]
    fn arabic_numerals() {
        assert_eq!(read("1200多份").value, 1200.0);
        assert!(read("1200多份").more);
        assert_eq!(read("1,200人").value, 1200.0);
        assert_eq!(read("100,50").value, 100.0);
        assert_eq!(read("98.5%").value, 98.5);
        assert_eq!((read("11万人").value, read("11万人").scale), (11.0, Some('万')));
        assert!(read("300余万元").more && read("300余万元").scale == Some('万'));
        assert!(read("12345678901234").code && read("1.2.3").code);
    }

    #[test]
    fn chinese_numerals() {
        for (text, value, max) in [
            ("一百二十名", 120.0, None),
            ("两项", 2.0, None),
            ("十五门", 15.0, None),
            ("二十", 20.0, None),
            ("三四个", 3.0, Some(4.0)),
            ("十五六人", 15.0, Some(16.0)),
            ("一百零二", 102.0, None),
            ("一百二", 120.0, None),
            ("二〇二四", 2024.0, None),
            ("百余次", 100.0, None),
            ("三千二百", 3200.0, None),
        ] {
            let n = read(text);
            assert_eq!((n.value, n.max), (value, max), "{text}");
        }
        assert!(read("百余次").more);
    }
}
