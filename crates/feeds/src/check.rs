//! What the standard refuses: length, type, form of dates, code set, missing.
use chrono::{NaiveDate, NaiveTime};
use kernel::codes::Codes;
use people::datasets::Column;

/// What is wrong with a value of a column. The message never holds the value itself: it may be sealed.
pub fn fault(column: &Column, text: &str, codes: &Codes) -> Option<String> {
    if text.is_empty() {
        return column.required.then(|| "必填，没有内容".to_owned());
    }
    if let Some(set) = &column.code_set {
        let known = codes.get(set).is_some_and(|set| set.name(text).is_some());
        return (!known).then(|| format!("不在代码集 {set} 中"));
    }
    if !column.format.is_empty() {
        return (!has_form(&column.format, text)).then(|| format!("不符合格式 {}", column.format));
    }
    match column.kind.as_str() {
        "N" | "M" => number(column, text),
        _ => {
            let count = text.chars().count();
            let longest = column.length.map_or(usize::MAX, |length| length as usize);
            (count > longest).then(|| format!("有 {count} 字，最多 {longest} 字"))
        }
    }
}

fn number(column: &Column, text: &str) -> Option<String> {
    // Names and telephone numbers that the standard prints as numbers or amounts stay what they are.
    if column.kind == "M" && !column.title.contains(['额', '价']) || column.title.contains("电话") {
        let longest = column.length.unwrap_or(100) as usize;
        return (text.chars().count() > longest).then(|| format!("最多 {longest} 字"));
    }
    let plain = text.strip_prefix('-').unwrap_or(text);
    let (whole, places) = plain.split_once('.').unwrap_or((plain, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let complete = !whole.is_empty() && (places.is_empty() != plain.contains('.'));
    if !complete || !digits(whole) || !digits(places) {
        return Some("不是数字".into());
    }
    let most = match column.kind.as_str() {
        "M" => 4,
        _ if column.scale > 0 => usize::from(column.scale),
        _ => usize::MAX,
    };
    if places.len() > most {
        return Some(format!("最多 {most} 位小数"));
    }
    let longest = column.length.map_or(usize::MAX, |length| length as usize);
    (whole.len() + places.len() > longest).then(|| format!("最多 {longest} 位数字"))
}

fn has_form(format: &str, text: &str) -> bool {
    let day =
        |text: &str| text.len() == 8 && digits(text) && NaiveDate::parse_from_str(text, "%Y%m%d").is_ok();
    let time =
        |text: &str| text.len() == 6 && digits(text) && NaiveTime::parse_from_str(text, "%H%M%S").is_ok();
    match format {
        "YYYYMMDD" => day(text),
        "YYYYMM" => day(&format!("{text}01")),
        "hhmmss" => time(text),
        "YYYYMMDD hhmmss" => text
            .split_once(' ')
            .is_some_and(|(date, at)| day(date) && time(at)),
        "YYYY-YYYY" => text.split_once('-').is_some_and(|(from, to)| {
            let year = |text: &str| (text.len() == 4 && digits(text)).then(|| text.parse::<u16>().ok());
            matches!((year(from).flatten(), year(to).flatten()), (Some(from), Some(to)) if to == from + 1)
        }),
        _ => true,
    }
}

fn digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::datasets;

    fn found(no: u8, name: &str, text: &str) -> Option<String> {
        let codes = Codes::new(people::codes::code_sets());
        let column = datasets::dataset(no)
            .and_then(|set| set.column(name))
            .expect("a column");
        fault(column, text, &codes)
    }

    #[test]
    fn mandatory_columns_are_filled() {
        assert!(found(16, "SXSMC", "").is_some_and(|why| why.contains("必填")));
        assert_eq!(found(2, "XQDZ", ""), None);
    }

    #[test]
    fn texts_have_a_longest_length_in_characters() {
        assert_eq!(found(4, "XXHXTBH", &"字".repeat(60)), None);
        assert!(found(4, "XXHXTBH", &"字".repeat(61)).is_some_and(|why| why.contains("61")));
    }

    #[test]
    fn codes_belong_to_their_set() {
        assert_eq!(found(52, "XFLBM", "1"), None);
        assert!(found(52, "XFLBM", "8").is_some_and(|why| why.contains("XFLBDM")));
        // A code set settles it also where the standard prints the column as a number.
        assert_eq!(found(53, "CSLXM", "9"), None);
        assert!(found(53, "CSLXM", "7").is_some());
    }

    #[test]
    fn days_months_times_and_years_have_their_form() {
        for (no, name, good, bad) in [
            (4, "XXHXTFWRQ", "20260228", "20260229"),
            (4, "XXHXTFWRQ", "20260228", "2026-02-28"),
            (1, "JXNY", "198509", "198513"),
            (61, "DLSJ", "20260412 141503", "20260412141503"),
            (61, "DLSJ", "20260412 141503", "20260412 241503"),
            (20, "XKSJ", "093000", "9:30"),
            (10, "KKXND", "2026-2027", "2026-2028"),
            (10, "KKXND", "2026-2027", "2026"),
        ] {
            assert_eq!(found(no, name, good), None, "T{no}.{name} {good}");
            assert!(
                found(no, name, bad).is_some_and(|why| why.contains("格式")),
                "T{no}.{name} {bad}"
            );
        }
    }

    #[test]
    fn numbers_are_numbers_with_few_places() {
        assert_eq!(found(13, "CQL", "98.25"), None);
        assert!(found(13, "CQL", "98.255").is_some());
        assert!(found(13, "CQL", "98%").is_some());
        assert!(found(13, "CQL", "98.").is_some());
        assert!(found(13, "CQL", ".5").is_some());
        assert_eq!(found(52, "XFZE", "1280.50"), None);
        assert!(
            found(52, "XFRC", "12345678901").is_some(),
            "eleven digits in ten places"
        );
        assert_eq!(
            found(30, "XSXM", "王小明"),
            None,
            "a name that the standard calls an amount"
        );
    }
}
