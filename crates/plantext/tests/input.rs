//! Files of every sort: what is read, and what is refused with which words.

use plantext::{MAX_BYTES, ReadError, read, text_of};
use std::io::{Cursor, Write};

fn pack(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn paragraph(properties: &str, text: &str) -> String {
    format!("<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
}

const NUMBERING: &str = r#"<w:numbering><w:abstractNum w:abstractNumId="0">
    <w:lvl w:ilvl="0"><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
    <w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl></w:abstractNum>
    <w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num></w:numbering>"#;
const STYLES: &str = r#"<w:styles><w:style w:styleId="H1"><w:pPr><w:numPr><w:numId w:val="5"/></w:numPr></w:pPr></w:style></w:styles>"#;

#[test]
fn word_numbers_and_tables_become_text() {
    let list = r#"<w:numPr><w:ilvl w:val="1"/><w:numId w:val="5"/></w:numPr>"#;
    let cell = |text: &str| format!("<w:tc>{}</w:tc>", paragraph("", text));
    let body = format!(
        "<w:document><w:body>{}{}{}{}<w:tbl><w:tr>{}{}</w:tr><w:tr>{}<w:tc>{}{}</w:tc></w:tr></w:tbl></w:body></w:document>",
        paragraph("", "溪口小学2024年工作计划"),
        paragraph(r#"<w:pStyle w:val="H1"/>"#, "教学管理"),
        paragraph(list, "每周听课2节"),
        paragraph(r#"<w:pStyle w:val="H1"/>"#, "月份安排"),
        cell("时间"),
        cell("内容"),
        cell("3月"),
        paragraph("", "1.开学典礼"),
        paragraph("", "2.家访率100%"),
    );
    let bytes = pack(&[
        ("word/document.xml", &body),
        ("word/numbering.xml", NUMBERING),
        ("word/styles.xml", STYLES),
    ]);
    let text = text_of(&bytes, "plan.docx").unwrap();
    assert_eq!(
        text,
        "溪口小学2024年工作计划\n一、教学管理\n1.每周听课2节\n二、月份安排\n时间 | 内容\n3月 | 1.开学典礼； 2.家访率100%\n"
    );
    let document = read(&text).unwrap();
    let dues: Vec<&str> = document
        .commitments
        .iter()
        .filter_map(|c| c.due.as_deref())
        .collect();
    assert!(dues.contains(&"2024-03"), "{dues:?}");
    assert_eq!(document.unit.as_deref(), Some("溪口小学"));
}

#[test]
fn stored_text_keeps_its_offsets() {
    let stored = "\u{feff}某校工作计划\r\n一、目标\r\n升学率达到９５％。\r\n";
    let text = text_of(stored.as_bytes(), "a.txt").unwrap();
    assert_eq!(text, stored);
    let document = read(&text).unwrap();
    let points: Vec<char> = stored.chars().collect();
    let c = &document.commitments[0];
    assert_eq!(
        points[c.start..c.end].iter().collect::<String>(),
        "升学率达到９５％"
    );
    assert_eq!((c.value, c.unit.as_deref()), (Some(95.0), Some("%")));
}

#[test]
fn gb18030_and_html_are_text() {
    let (bytes, _, _) = encoding_rs::GB18030.encode("某校工作计划：每周开展一次安全教育。");
    assert!(text_of(&bytes, "a.txt").unwrap().contains("每周开展一次"));
    let page = "<!DOCTYPE html><html><body><p>工作计划</p><p>每月家访&nbsp;2次</p></body></html>";
    assert_eq!(text_of(page.as_bytes(), "").unwrap(), "工作计划\n每月家访 2次\n");
}

#[test]
fn what_cannot_be_read_says_what_to_do() {
    let doc = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1rest";
    assert!(
        text_of(doc, "a.doc")
            .unwrap_err()
            .to_string()
            .contains("另存为 .docx")
    );
    assert!(
        text_of(b"%PDF-1.7", "a.pdf")
            .unwrap_err()
            .to_string()
            .contains("PDF")
    );
    assert_eq!(text_of(b"", "a.txt"), Err(ReadError::Empty));
    assert_eq!(
        text_of(" \r\n\u{feff}".as_bytes(), "a.txt"),
        Err(ReadError::Empty)
    );
    assert!(matches!(
        text_of(b"not a zip", "a.docx"),
        Err(ReadError::Damaged(_))
    ));
    assert!(matches!(
        text_of(b"PK\x03\x04broken", "a.docx"),
        Err(ReadError::Damaged(_))
    ));
    let sheet = pack(&[("xl/workbook.xml", "<x/>")]);
    assert!(matches!(
        text_of(&sheet, "a.xlsx"),
        Err(ReadError::Unsupported {
            format: "Excel 表格",
            ..
        })
    ));
    assert!(matches!(
        text_of(&vec![b'a'; MAX_BYTES + 1], "a.txt"),
        Err(ReadError::TooLarge(_))
    ));
    assert!(matches!(
        read("fn main() { println!(\"hello\"); }"),
        Err(ReadError::NotAPlan(_))
    ));
    assert!(matches!(
        read("床前明月光，疑是地上霜。举头望明月，低头思故乡。"),
        Err(ReadError::NotAPlan(_))
    ));
    assert_eq!(read(" \n\r\n "), Err(ReadError::Empty));
}

#[test]
fn a_zip_bomb_is_stopped_by_its_size() {
    let bomb = pack(&[("word/document.xml", &"<w:p>".repeat(12 << 20))]);
    assert!(bomb.len() < MAX_BYTES);
    assert!(matches!(text_of(&bomb, "a.docx"), Err(ReadError::TooLarge(_))));
}
