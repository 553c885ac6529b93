//! Comma-separated text, as Excel, WPS and the national systems save it.

use encoding_rs::GB18030;

use super::read::{CELL_CHARS_MAX, COLUMNS_MAX, ROWS_MAX, check_bytes};
use super::{RawCell, RawRow, RawSheet};
use crate::UploadError;

/// Reads csv in UTF-8 (with or without mark) or GB18030. Every value is text; `number` is the line of the
/// table, as Excel would number it.
pub fn csv_read(name: &str, bytes: &[u8]) -> Result<RawSheet, UploadError> {
    check_bytes(bytes)?;
    let text = decode(bytes)?;
    let separator = if text
        .lines()
        .next()
        .is_some_and(|line| line.contains('\t') && !line.contains(','))
    {
        '\t'
    } else {
        ','
    };
    let mut sheet = RawSheet {
        name: name.to_owned(),
        rows: Vec::new(),
    };
    let mut rest = text.as_str();
    let mut number = 0;
    while !rest.is_empty() {
        number += 1;
        if number > ROWS_MAX {
            return Err(UploadError::TooManyRows {
                sheet: sheet.name,
                limit: ROWS_MAX,
            });
        }
        let (cells, after) = record(rest, separator, number, name)?;
        rest = after;
        if !cells.is_empty() {
            sheet.rows.push(RawRow { number, cells });
        }
    }
    Ok(sheet)
}

/// Writes csv in UTF-8 with the mark that Excel needs to recognise it. A value that a spreadsheet would
/// run as a formula is kept from it by a leading apostrophe.
pub fn csv_write<'a>(rows: impl IntoIterator<Item = &'a [String]>) -> Vec<u8> {
    let mut out = String::from('\u{feff}');
    for row in rows {
        for (index, value) in row.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            let runs = value.starts_with(['=', '+', '-', '@', '\t', '\r']) && value.parse::<f64>().is_err();
            let guard = if runs { "'" } else { "" };
            if value.contains([',', '"', '\n', '\r']) {
                out.push_str(&format!("\"{guard}{}\"", value.replace('"', "\"\"")));
            } else {
                out.push_str(guard);
                out.push_str(value);
            }
        }
        out.push_str("\r\n");
    }
    out.into_bytes()
}

fn decode(bytes: &[u8]) -> Result<String, UploadError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if bytes.contains(&0) {
        return Err(UploadError::Encoding);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    let (text, malformed) = GB18030.decode_without_bom_handling(bytes);
    if malformed {
        Err(UploadError::Encoding)
    } else {
        Ok(text.into_owned())
    }
}

/// One record (its empty tail left out) and what follows it.
fn record<'a>(
    text: &'a str,
    separator: char,
    number: u32,
    sheet: &str,
) -> Result<(Vec<RawCell>, &'a str), UploadError> {
    let mut cells = Vec::new();
    let mut rest = text;
    loop {
        let (value, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted_value(quoted, number)?,
            None => {
                let end = rest.find([separator, '\n', '\r']).unwrap_or(rest.len());
                (rest[..end].to_owned(), &rest[end..])
            }
        };
        cells.push(if value.is_empty() {
            RawCell::Empty
        } else {
            RawCell::Text(value)
        });
        if cells.len() > COLUMNS_MAX as usize {
            let sheet = sheet.to_owned();
            return Err(UploadError::TooManyColumns {
                sheet,
                row: number,
                limit: COLUMNS_MAX,
            });
        }
        rest = after;
        if let Some(after) = rest.strip_prefix(separator) {
            rest = after;
            continue;
        }
        rest = rest
            .strip_prefix("\r\n")
            .or_else(|| rest.strip_prefix(['\n', '\r']))
            .unwrap_or(rest);
        while cells.last() == Some(&RawCell::Empty) {
            cells.pop();
        }
        return Ok((cells, rest));
    }
}

/// A value after its opening quote, and what follows the closing one. Characters between the closing
/// quote and the separator, which no well-formed file has, belong to the value.
fn quoted_value(text: &str, number: u32) -> Result<(String, &str), UploadError> {
    let mut value = String::new();
    let mut rest = text;
    loop {
        let end = rest.find('"').ok_or(UploadError::OpenQuote { row: number })?;
        value.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(after) => {
                value.push('"');
                rest = after;
            }
            None => break,
        }
    }
    if value.chars().count() > CELL_CHARS_MAX {
        value = value.chars().take(CELL_CHARS_MAX).collect();
    }
    let tail = rest.find([',', '\t', '\n', '\r']).unwrap_or(rest.len());
    value.push_str(&rest[..tail]);
    Ok((value, &rest[tail..]))
}
