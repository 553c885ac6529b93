//! One field's value between text, JSON and people: parse, show, check.
use super::spec::{FieldKind, FieldSpec};
use crate::clock::{instant_at, minute};
use crate::codes::Codes;
use crate::value::Value;
use chrono::{DateTime, NaiveDate, NaiveDateTime};

/// Reads what a person typed or a sheet holds. References and files must already be ids. The error is Chinese and
/// says what would be right.
pub fn parse(field: &FieldSpec, text: &str, codes: &Codes) -> Result<Value, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(match field.kind {
            FieldKind::Files => "".into(),
            _ => Value::Null(field.kind.sql()),
        });
    }
    match &field.kind {
        // Browsers end lines with CR LF, sheets with LF.
        FieldKind::LongText { .. } => Ok(text.replace("\r\n", "\n").into()),
        FieldKind::Text { .. } | FieldKind::Files => Ok(text.into()),
        FieldKind::Int { .. } => whole(text, 0).map(Value::Int),
        FieldKind::Decimal { scale } => whole(text, *scale).map(Value::Int),
        FieldKind::Money => whole(text.trim_end_matches('元'), 2).map(Value::Int),
        FieldKind::Date => date(text).map(Value::Date),
        FieldKind::Instant => instant(text),
        FieldKind::Bool => match text {
            "是" | "true" | "1" | "on" | "有" | "√" | "Y" | "y" => Ok(Value::Bool(true)),
            "否" | "false" | "0" | "off" | "无" | "×" | "N" | "n" => Ok(Value::Bool(false)),
            _ => Err(format!("“{text}”不能识别，请填 是 或 否")),
        },
        FieldKind::Choice(choices) => choices
            .iter()
            .find(|c| c.code == text || c.label == text)
            .map(|c| c.code.as_str().into())
            .ok_or_else(|| {
                let labels: Vec<&str> = choices.iter().map(|c| c.label.as_str()).collect();
                format!("“{text}”不在可选项中，请从 {} 中选择", labels.join("、"))
            }),
        FieldKind::Code(set) => codes
            .get(set)
            .and_then(|set| set.code(text))
            .map(Value::from)
            .ok_or_else(|| format!("“{text}”不在代码集中，请填代码或名称")),
        FieldKind::Ref(_) => text
            .parse()
            .map(Value::Id)
            .map_err(|_| "请从列表中选择一条记录".into()),
    }
}

/// A number with at most `scale` places as an integer scaled by 10^scale. Full-width digits and commas are accepted.
fn whole(text: &str, scale: u8) -> Result<i64, String> {
    let plain: String = text
        .chars()
        .filter(|c| !matches!(c, ',' | '，' | ' '))
        .map(|c| match c {
            '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
            '．' => '.',
            '－' => '-',
            other => other,
        })
        .collect();
    let wrong = || match scale {
        0 => format!("“{text}”不是整数"),
        _ => format!("“{text}”不是数字（最多 {scale} 位小数）"),
    };
    let (negative, digits) = match plain.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, plain.as_str()),
    };
    let (left, right) = digits.split_once('.').unwrap_or((digits, ""));
    let right = right.trim_end_matches('0');
    let numeric = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if left.is_empty() || left.len() > 15 || right.len() > scale as usize || !numeric(left) || !numeric(right)
    {
        return Err(wrong());
    }
    let padded = format!("{left}{right:0<width$}", width = scale as usize);
    let number: i64 = padded.parse().map_err(|_| wrong())?;
    Ok(if negative { -number } else { number })
}

/// A day in the forms people write: 2026-9-1, 2026/9/1, 2026.9.1, 20260901, 2026年9月1日.
pub fn date(text: &str) -> Result<NaiveDate, String> {
    let wrong = || format!("“{text}”不是有效日期，请写成 2026-09-01");
    let numbers: Vec<&str> = text
        .trim_end_matches('日')
        .split(['-', '/', '.', '年', '月'])
        .map(str::trim)
        .collect();
    let parts: Vec<u32> = match numbers.as_slice() {
        [all] if all.len() == 8 && all.is_ascii() => [&all[..4], &all[4..6], &all[6..]]
            .iter()
            .map(|p| p.parse())
            .collect::<Result<_, _>>(),
        [_, _, _] => numbers.iter().map(|p| p.parse()).collect::<Result<_, _>>(),
        _ => return Err(wrong()),
    }
    .map_err(|_| wrong())?;
    if !(1900..=2200).contains(&parts[0]) {
        return Err(wrong());
    }
    NaiveDate::from_ymd_opt(parts[0] as i32, parts[1], parts[2]).ok_or_else(wrong)
}

fn instant(text: &str) -> Result<Value, String> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Ok(Value::Instant(at.with_timezone(&chrono::Utc)));
    }
    let plain = text.replace('T', " ").replace('/', "-");
    for format in ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"] {
        if let Ok(wall) = NaiveDateTime::parse_from_str(&plain, format) {
            return Ok(Value::Instant(instant_at(wall)));
        }
    }
    Err(format!("“{text}”不是有效时间，请写成 2026-09-01 08:30"))
}

/// The value as people read it. References show nothing here: their label comes with the row.
pub fn show(field: &FieldSpec, value: &Value, codes: &Codes) -> String {
    match (&field.kind, value) {
        (_, Value::Null(_)) => String::new(),
        (FieldKind::Decimal { scale }, Value::Int(number)) => scaled(*number, *scale),
        (FieldKind::Money, Value::Int(number)) => scaled_full(*number, 2),
        (FieldKind::Choice(choices), Value::Text(code)) => choices
            .iter()
            .find(|c| c.code == *code)
            .map_or_else(|| code.clone(), |c| c.label.clone()),
        (FieldKind::Code(set), Value::Text(code)) => codes
            .get(set)
            .and_then(|set| set.name(code))
            .map_or_else(|| code.clone(), str::to_owned),
        (FieldKind::Ref(_), _) => String::new(),
        (_, Value::Int(number)) => number.to_string(),
        (_, Value::Text(text)) => text.clone(),
        (_, Value::Date(day)) => day.to_string(),
        (_, Value::Bool(yes)) => if *yes { "是" } else { "否" }.to_owned(),
        (_, Value::Instant(at)) => minute(*at),
        (_, Value::Id(id)) => id.to_string(),
    }
}

/// A scaled integer without needless zeros: `scaled(875, 1)` is `87.5`, `scaled(900, 1)` is `90`.
pub fn scaled(number: i64, scale: u8) -> String {
    let full = scaled_full(number, scale);
    if scale == 0 {
        full
    } else {
        full.trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}

fn scaled_full(number: i64, scale: u8) -> String {
    let unit = 10i64.pow(scale.into());
    let sign = if number < 0 { "-" } else { "" };
    let (whole, rest) = (number.abs() / unit, number.abs() % unit);
    if scale == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{rest:0width$}", width = scale as usize)
    }
}

/// A sealed value as everybody else sees it: ends kept, the middle hidden.
pub fn mask(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    match chars.len() {
        0 => String::new(),
        1..=4 => "***".into(),
        n => {
            let keep = if n >= 11 { 3 } else { 1 };
            let head: String = chars[..keep].iter().collect();
            let tail: String = chars[n - keep..].iter().collect();
            format!("{head}{}{tail}", "*".repeat(n - 2 * keep))
        }
    }
}

/// What stands for a sealed value that is not text.
pub const COVERED: &str = "******";

/// A sealed field's shown value as everybody else sees it. Numbers and names keep their ends, by which people tell
/// them apart; of everything else nothing is left.
pub fn cover(field: &FieldSpec, shown: &str) -> String {
    match field.kind {
        _ if shown.is_empty() => String::new(),
        FieldKind::Text { .. } => mask(shown),
        _ => COVERED.into(),
    }
}

/// Whether the text is what [`cover`] makes and no real value.
pub fn is_cover(text: &str) -> bool {
    text.contains("***")
}

/// The value as REST gives it: decimals and money as strings of exact digits, instants in RFC 3339.
pub fn json(field: &FieldSpec, value: &Value) -> serde_json::Value {
    match (&field.kind, value) {
        (FieldKind::Decimal { scale }, Value::Int(number)) => scaled(*number, *scale).into(),
        (FieldKind::Money, Value::Int(number)) => scaled_full(*number, 2).into(),
        (FieldKind::Files, Value::Text(ids)) => ids
            .split(',')
            .filter(|id| !id.is_empty())
            .collect::<Vec<_>>()
            .into(),
        _ => value.json(),
    }
}

/// Reads what REST gives.
pub fn from_json(field: &FieldSpec, json: &serde_json::Value, codes: &Codes) -> Result<Value, String> {
    use serde_json::Value as J;
    match json {
        J::Null => parse(field, "", codes),
        J::String(text) => parse(field, text, codes),
        J::Number(number) => parse(field, &number.to_string(), codes),
        J::Bool(yes) => parse(field, if *yes { "true" } else { "false" }, codes),
        J::Array(items) if field.kind == FieldKind::Files => {
            let ids: Option<Vec<&str>> = items.iter().map(J::as_str).collect();
            ids.map(|ids| ids.join(",").into())
                .ok_or_else(|| "附件应为编号列表".into())
        }
        _ => Err("值的类型不对".into()),
    }
}

/// Checks bounds that the kind sets. `None` when all is well.
pub fn fault(field: &FieldSpec, value: &Value, codes: &Codes) -> Option<String> {
    let missing = match value {
        Value::Null(_) => true,
        Value::Text(text) => text.trim().is_empty(),
        _ => false,
    };
    if missing {
        return field.required.then(|| format!("请填写{}", field.label));
    }
    if value.kind() != field.kind.sql() {
        return Some(format!("{}的格式不对", field.label));
    }
    if field.sealed && value.text().is_some_and(is_cover) {
        return Some(format!("{}是遮盖后的内容，请填写真实内容", field.label));
    }
    match (&field.kind, value) {
        (FieldKind::Text { max } | FieldKind::LongText { max }, Value::Text(text)) => {
            let length = text.chars().count();
            if length > *max {
                return Some(format!("{}最多 {max} 字，现在 {length} 字", field.label));
            }
            if matches!(field.kind, FieldKind::Text { .. }) && text.contains(['\n', '\r', '\t']) {
                return Some(format!("{}只能是一行文字", field.label));
            }
            text.contains('\0')
                .then(|| format!("{}含有无法保存的字符", field.label))
        }
        (FieldKind::Int { min, max }, Value::Int(number)) => {
            (number < min || number > max).then(|| format!("{}应在 {min} 到 {max} 之间", field.label))
        }
        (FieldKind::Decimal { .. } | FieldKind::Money, Value::Int(number)) => {
            (*number < 0).then(|| format!("{}不能是负数", field.label))
        }
        (FieldKind::Choice(choices), Value::Text(code)) => choices
            .iter()
            .all(|c| c.code != *code)
            .then(|| format!("{}不在可选项中", field.label)),
        (FieldKind::Code(set), Value::Text(code)) => codes
            .get(set)
            .is_none_or(|set| set.name(code).is_none())
            .then(|| format!("{}不在代码集中", field.label)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: FieldKind) -> FieldSpec {
        FieldSpec {
            name: "x".into(),
            label: "值".into(),
            kind,
            required: true,
            list: false,
            filter: false,
            help: String::new(),
            dataset: String::new(),
            sealed: false,
        }
    }

    #[test]
    fn dates_are_read_as_people_write_them() {
        let day = NaiveDate::from_ymd_opt(2026, 9, 1).unwrap();
        for text in [
            "2026-09-01",
            "2026-9-1",
            "2026/9/1",
            "2026.9.1",
            "20260901",
            "2026年9月1日",
        ] {
            assert_eq!(date(text), Ok(day), "{text}");
        }
        for text in [
            "2026-13-01",
            "9月1日",
            "二〇二六",
            "2026-02-30",
            "1826-09-01",
            "2026090",
        ] {
            assert!(date(text).is_err(), "{text}");
        }
    }

    #[test]
    fn decimals_keep_every_digit() {
        let score = field(FieldKind::Decimal { scale: 1 });
        let codes = Codes::default();
        for (text, number, back) in [
            ("87.5", 875, "87.5"),
            ("９０", 900, "90"),
            ("1,200.0", 12000, "1200"),
        ] {
            let value = parse(&score, text, &codes).unwrap();
            assert_eq!(value, Value::Int(number), "{text}");
            assert_eq!(show(&score, &value, &codes), back);
        }
        for text in ["87.55", "八十", "1e3", ".5", "--3"] {
            assert!(parse(&score, text, &codes).is_err(), "{text}");
        }
        assert_eq!(show(&field(FieldKind::Money), &Value::Int(-205), &codes), "-2.05");
    }

    #[test]
    fn sealed_values_keep_only_their_ends() {
        assert_eq!(mask("110101200901011234"), "110************234");
        assert_eq!(mask("13900000000"), "139*****000");
        assert_eq!(mask("张三"), "***");
        assert!(
            ["张三", "13900000000", "市区新华路一号"]
                .iter()
                .all(|text| is_cover(&mask(text)))
        );
        let long = field(FieldKind::LongText { max: 500 });
        assert_eq!(cover(&long, "家中有困难，需要关注"), COVERED);
        assert_eq!(cover(&long, ""), "");
    }

    #[test]
    fn bounds_name_the_field() {
        let codes = Codes::default();
        let text = field(FieldKind::Text { max: 3 });
        assert_eq!(
            fault(&text, &"一二三四".into(), &codes).unwrap(),
            "值最多 3 字，现在 4 字"
        );
        assert_eq!(fault(&text, &"".into(), &codes).unwrap(), "请填写值");
        assert_eq!(
            fault(&text, &"一\n二".into(), &codes).unwrap(),
            "值只能是一行文字"
        );
        assert!(fault(&text, &"一二三".into(), &codes).is_none());
        assert!(fault(&field(FieldKind::Int { min: 1, max: 9 }), &Value::Int(0), &codes).is_some());
        assert!(fault(&field(FieldKind::Date), &"2026-09-01".into(), &codes).is_some());
    }
}
