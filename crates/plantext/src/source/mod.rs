//! Bytes into text (取文): .docx, HTML, and text in UTF-8 or GB18030.

mod docx;
mod html;
mod numbering;

use crate::model::ReadError;

/// The most a file, or its decompressed text, may hold.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;

/// The text of a file. A UTF-8 text comes back exactly as stored, BOM and `\r\n` included.
///
/// # Errors
/// Empty, oversized, damaged or unsupported input, each with a message for the user.
pub fn text_of(bytes: &[u8], file_name: &str) -> Result<String, ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::Empty);
    }
    if bytes.len() > MAX_BYTES {
        return Err(ReadError::TooLarge("文件"));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return docx::text(bytes);
    }
    foreign(bytes, file_name)?;
    let text = decode(bytes)?;
    let text = if is_html(&text, file_name) {
        html::text(&text)
    } else {
        text
    };
    if text
        .chars()
        .all(|c| c.is_whitespace() || c == '\u{feff}' || c == '\0')
    {
        return Err(ReadError::Empty);
    }
    Ok(text)
}

/// Formats that are recognised and not taken.
fn foreign(bytes: &[u8], file_name: &str) -> Result<(), ReadError> {
    let name = file_name.to_lowercase();
    let no = |format, advice| Err(ReadError::Unsupported { format, advice });
    if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return no(
            "旧版 .doc（或 .xls、.wps）",
            "请用 Word 或 WPS 另存为 .docx 后再上传。",
        );
    }
    if bytes.starts_with(b"%PDF") {
        return no("PDF", "请上传 Word 原件，或从 PDF 中复制文字后直接粘贴。");
    }
    if bytes.starts_with(b"{\\rtf") {
        return no("RTF", "请另存为 .docx 后再上传。");
    }
    if [&b"\x89PNG"[..], b"\xFF\xD8\xFF", b"GIF8", b"BM"]
        .iter()
        .any(|m| bytes.starts_with(m))
        && bytes.iter().take(64).any(|b| *b == 0)
    {
        return no("图片", "请上传文字文件，或粘贴识别后的文字。");
    }
    if name.ends_with(".docx") {
        return Err(ReadError::Damaged("不是有效的 .docx 文件".into()));
    }
    Ok(())
}

/// UTF-8 as it stands, UTF-16 by its BOM, else GB18030.
fn decode(bytes: &[u8]) -> Result<String, ReadError> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    let utf16 = [
        (&b"\xFF\xFE"[..], encoding_rs::UTF_16LE),
        (&b"\xFE\xFF"[..], encoding_rs::UTF_16BE),
    ];
    if let Some((_, encoding)) = utf16.iter().find(|(bom, _)| bytes.starts_with(bom)) {
        return Ok(encoding.decode(bytes).0.into_owned());
    }
    let (text, _, broken) = encoding_rs::GB18030.decode(bytes);
    let lost = text.chars().filter(|c| *c == '\u{fffd}').count();
    if broken && lost * 50 > text.chars().count() {
        return Err(ReadError::Damaged("文字编码既不是 UTF-8 也不是 GB18030".into()));
    }
    Ok(text.into_owned())
}

fn is_html(text: &str, file_name: &str) -> bool {
    let name = file_name.to_lowercase();
    let head: String = text
        .trim_start_matches(['\u{feff}', ' ', '\r', '\n', '\t'])
        .chars()
        .take(400)
        .collect();
    let head = head.to_lowercase();
    name.ends_with(".html")
        || name.ends_with(".htm")
        || head.starts_with("<!doctype html")
        || head.starts_with("<html")
        || (head.starts_with('<')
            && ["<p", "<div", "<table", "<body", "<h1", "<ol", "<span"]
                .iter()
                .any(|t| head.contains(t)))
}
