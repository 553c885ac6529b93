//! Word's automatic numbering (自动编号) rendered as the number the reader sees.

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use std::collections::HashMap;

/// One level of a list.
#[derive(Debug, Clone, Default)]
struct Level {
    format: String,
    text: String,
    start: u32,
}

/// The lists of a document and how far each has counted.
#[derive(Debug, Default)]
pub struct Numbering {
    abstracts: HashMap<String, HashMap<u8, Level>>,
    /// numId → abstract list and its start overrides.
    lists: HashMap<String, (String, HashMap<u8, u32>)>,
    /// Paragraph style → list and level.
    styles: HashMap<String, (Option<String>, u8)>,
    based_on: HashMap<String, String>,
    counters: HashMap<String, [Option<u32>; 9]>,
    started: HashMap<String, bool>,
}

/// An attribute by local name, unescaped.
pub fn attribute(e: &BytesStart<'_>, name: &str) -> Option<String> {
    e.attributes()
        .flatten()
        .find(|a| local(a.key.as_ref()) == name)
        .map(|a| plain(&a.value))
}

/// The name without its prefix.
pub fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn plain(value: &str) -> String {
    quick_xml::escape::unescape(value).map_or_else(|_| value.to_string(), |v| v.into_owned())
}

impl Numbering {
    /// Reads `word/numbering.xml` and `word/styles.xml`; either may be empty or broken.
    pub fn read(numbering: &str, styles: &str) -> Self {
        let mut out = Self::default();
        out.lists(numbering);
        out.styles(styles);
        out
    }

    fn lists(&mut self, xml: &str) {
        let mut reader = Reader::from_str(xml);
        let (mut list, mut num) = (String::new(), String::new());
        let mut level = 0u8;
        let mut in_override = false;
        while let Ok(event) = reader.read_event() {
            let (Event::Start(e) | Event::Empty(e)) = &event else {
                match event {
                    Event::Eof => break,
                    Event::End(e) => match local(e.name().as_ref()) {
                        "abstractNum" => list.clear(),
                        "num" => num.clear(),
                        "lvlOverride" => in_override = false,
                        _ => {}
                    },
                    _ => {}
                }
                continue;
            };
            let val = || attribute(e, "val").unwrap_or_default();
            let at_level = || {
                attribute(e, "ilvl")
                    .and_then(|v| v.parse().ok())
                    .filter(|l| *l < 9)
                    .unwrap_or(0)
            };
            let name = e.name();
            match local(name.as_ref()) {
                "abstractNum" => list = attribute(e, "abstractNumId").unwrap_or_default(),
                "num" => num = attribute(e, "numId").unwrap_or_default(),
                "abstractNumId" if !num.is_empty() => {
                    self.lists.entry(num.clone()).or_default().0 = val();
                }
                "lvlOverride" => (level, in_override) = (at_level(), true),
                "startOverride" if in_override => {
                    let start = val().parse().unwrap_or(1);
                    self.lists.entry(num.clone()).or_default().1.insert(level, start);
                }
                "lvl" if !list.is_empty() => {
                    level = at_level();
                    let fresh = Level {
                        start: 1,
                        ..Level::default()
                    };
                    self.abstracts
                        .entry(list.clone())
                        .or_default()
                        .insert(level, fresh);
                }
                tag @ ("start" | "numFmt" | "lvlText") if !list.is_empty() && !in_override => {
                    let entry = self
                        .abstracts
                        .entry(list.clone())
                        .or_default()
                        .entry(level)
                        .or_default();
                    match tag {
                        "start" => entry.start = val().parse().unwrap_or(1),
                        "numFmt" => entry.format = val(),
                        _ => entry.text = val(),
                    }
                }
                _ => {}
            }
        }
    }

    fn styles(&mut self, xml: &str) {
        let mut reader = Reader::from_str(xml);
        let mut style = String::new();
        while let Ok(event) = reader.read_event() {
            let (Event::Start(e) | Event::Empty(e)) = &event else {
                if matches!(event, Event::Eof) {
                    break;
                }
                continue;
            };
            let name = e.name();
            match local(name.as_ref()) {
                "style" => style = attribute(e, "styleId").unwrap_or_default(),
                "basedOn" => {
                    self.based_on
                        .insert(style.clone(), attribute(e, "val").unwrap_or_default());
                }
                "numId" if !style.is_empty() => {
                    self.styles.entry(style.clone()).or_default().0 = attribute(e, "val");
                }
                "ilvl" if !style.is_empty() => {
                    self.styles.entry(style.clone()).or_default().1 =
                        attribute(e, "val").and_then(|v| v.parse().ok()).unwrap_or(0);
                }
                _ => {}
            }
        }
    }

    /// The list and level a paragraph style brings along.
    pub fn of_style(&self, style: &str) -> Option<(String, u8)> {
        let mut at = style;
        for _ in 0..10 {
            if let Some((Some(list), level)) = self.styles.get(at) {
                return Some((list.clone(), *level));
            }
            at = self.based_on.get(at)?;
        }
        None
    }

    /// Counts one paragraph of list `num` at `level` and writes its number.
    pub fn next(&mut self, num: &str, level: u8) -> String {
        let Some((list, overrides)) = self.lists.get(num) else {
            return String::new();
        };
        let Some(levels) = self.abstracts.get(list) else {
            return String::new();
        };
        let level = level.min(8);
        let fresh = self.started.insert(num.to_string(), true).is_none();
        let counters = self.counters.entry(list.clone()).or_default();
        if fresh && !overrides.is_empty() {
            *counters = [None; 9];
        }
        let start = |l: u8| {
            overrides
                .get(&l)
                .copied()
                .or_else(|| levels.get(&l).map(|x| x.start))
                .unwrap_or(1)
        };
        let at = usize::from(level);
        counters[at] = Some(counters[at].map_or_else(|| start(level), |n| n.saturating_add(1)));
        for deeper in &mut counters[at + 1..] {
            *deeper = None;
        }
        for (l, counter) in counters.iter_mut().enumerate().take(at) {
            counter.get_or_insert_with(|| start(l as u8));
        }
        let Some(own) = levels.get(&level) else {
            return String::new();
        };
        if own.format == "bullet" || own.format == "none" {
            return String::new();
        }
        let mut text = own.text.clone();
        for (l, counter) in counters.iter().enumerate().take(at + 1) {
            let format = levels.get(&(l as u8)).map_or("decimal", |x| x.format.as_str());
            text = text.replace(&format!("%{}", l + 1), &write(counter.unwrap_or(1), format));
        }
        text
    }
}

/// A count in one of Word's number formats.
fn write(n: u32, format: &str) -> String {
    let pick = |table: &str| {
        table
            .chars()
            .nth(n.saturating_sub(1) as usize)
            .map_or(n.to_string(), String::from)
    };
    match format {
        "chineseCounting"
        | "chineseCountingThousand"
        | "japaneseCounting"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand"
        | "ideographDigital"
        | "koreanCounting" => chinese(n),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => pick("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"),
        "ideographTraditional" => pick("甲乙丙丁戊己庚辛壬癸"),
        "lowerLetter" => pick("abcdefghijklmnopqrstuvwxyz"),
        "upperLetter" => pick("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        "lowerRoman" => pick("ⅰⅱⅲⅳⅴⅵⅶⅷⅸⅹ"),
        "upperRoman" => pick("ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ"),
        "decimalFullWidth" => n
            .to_string()
            .chars()
            .map(|c| char::from_u32(c as u32 + 0xFEE0).unwrap_or(c))
            .collect(),
        _ => n.to_string(),
    }
}

/// 一, 十, 十一, 二十, 一百零二
fn chinese(n: u32) -> String {
    const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |d: u32| DIGITS[d as usize % 10];
    match n {
        0..=9 => digit(n).to_string(),
        10..=99 => {
            let tens = if n < 20 { "" } else { digit(n / 10) };
            let ones = if n.is_multiple_of(10) { "" } else { digit(n % 10) };
            format!("{tens}十{ones}")
        }
        100..=999 => {
            let rest = match n % 100 {
                0 => String::new(),
                r @ 1..=9 => format!("零{}", digit(r)),
                r @ 10..=19 => format!("一{}", chinese(r)),
                r => chinese(r),
            };
            format!("{}百{rest}", digit(n / 100))
        }
        _ => n.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const XML: &str = r#"<w:numbering><w:abstractNum w:abstractNumId="7">
        <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
        <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
        <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl></w:abstractNum>
        <w:num w:numId="2"><w:abstractNumId w:val="7"/></w:num></w:numbering>"#;

    #[test]
    fn counts_and_restarts_levels() {
        let mut n = Numbering::read(XML, "");
        let got: Vec<String> = [0, 1, 1, 2, 0, 1].iter().map(|l| n.next("2", *l)).collect();
        assert_eq!(got, ["一、", "（一）", "（二）", "1.", "二、", "（一）"]);
        assert_eq!(n.next("99", 0), "");
    }

    #[test]
    fn chinese_counts() {
        let got: Vec<String> = [10, 11, 20, 35, 102, 110, 118]
            .iter()
            .map(|n| chinese(*n))
            .collect();
        assert_eq!(
            got,
            [
                "十",
                "十一",
                "二十",
                "三十五",
                "一百零二",
                "一百一十",
                "一百一十八"
            ]
        );
    }
}
