//! What must hold for any input: exact offsets, nested sections, no panic.

use plantext::{Document, ReadError, read, text_of};
use proptest::prelude::*;
use std::io::Write;

const PIECES: &[&str] = &[
    "每",
    "每周",
    "每学期",
    "每两个月",
    "一年",
    "定期",
    "力争",
    "达到",
    "不低于",
    "控制在",
    "以内",
    "以上",
    "左右",
    "近",
    "百余",
    "两",
    "三四",
    "1",
    "20",
    "1,200",
    "98.5",
    "3-5",
    "%",
    "％",
    "个",
    "项",
    "次",
    "节",
    "万元",
    "人次",
    "个百分点",
    "一、",
    "（二）",
    "3．",
    "①",
    "第一章",
    "3月",
    "三月份",
    "：",
    "6月中旬前",
    "2025年末",
    "到2030年，",
    "11~12月",
    "第三周",
    "9月至次年1月",
    "年底前",
    "。",
    "；",
    "，",
    "、",
    "\n",
    "\r\n",
    " ",
    "\u{3000}",
    "\t",
    "|",
    "《",
    "》",
    "“",
    "”",
    "\"",
    "（",
    "）",
    "零事故",
    "为零",
    "无事故发生",
    "不定期",
    "教师",
    "学生",
    "教学工作",
    "总结",
    "工作计划",
    "合格率",
    "听课",
    "安全",
    "了",
    "已",
    "去年",
    "同比增长",
    "\u{feff}",
    "😀",
    "a",
    "+",
    "/周",
    "〔...〕",
    "月报",
];

fn patched() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..60).prop_map(|p| p.concat())
}

/// Offsets are exact, sections nest, and the numbers a kind needs are there.
fn check(text: &str, document: &Document) {
    let points: Vec<char> = text.chars().collect();
    let exact = |start: usize, end: usize| -> String { points[start..end].iter().collect() };
    for c in &document.commitments {
        assert!(c.start < c.end && c.end <= points.len());
        assert_eq!(exact(c.start, c.end), c.quote);
    }
    let mut open: Vec<(u8, usize, usize)> = Vec::new();
    for s in &document.sections {
        assert!(s.start < s.end && s.end <= points.len() && s.level >= 1);
        open.retain(|o| o.0 < s.level);
        if let Some(parent) = open.last() {
            assert!(
                parent.1 <= s.start && s.end <= parent.2,
                "{s:?} leaves {parent:?}"
            );
        }
        open.push((s.level, s.start, s.end));
    }
    for pair in document.sections.windows(2) {
        assert!(pair[0].start < pair[1].start);
        assert!(pair[1].start >= pair[0].end || pair[1].level > pair[0].level);
    }
    let json = serde_json::to_string(document).unwrap();
    assert_eq!(&serde_json::from_str::<Document>(&json).unwrap(), document);
}

fn docx(xml: &str) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    writer.start_file("word/document.xml", options).unwrap();
    writer.write_all(xml.as_bytes()).unwrap();
    writer.finish().unwrap().into_inner()
}

fn sample_docx() -> Vec<u8> {
    docx(
        "<w:document><w:body><w:p><w:r><w:t>某校工作计划</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>3月</w:t></w:r></w:p>\
         </w:tc><w:tc><w:p><w:r><w:t>开学 &amp; 家访率100%</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>",
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn pieces_of_plans_read_with_exact_offsets(text in patched()) {
        if let Ok(document) = read(&text) {
            check(&text, &document);
        }
    }

    #[test]
    fn plans_with_anything_patched_in_read(before in patched(), any in "\\PC{0,40}", after in patched()) {
        let text = format!("某校2024年工作计划\n一、教学工作\n{before}{any}{after}");
        match read(&text) {
            Ok(document) => check(&text, &document),
            // What was patched in may outweigh the Chinese.
            Err(e) => prop_assert_eq!(e, ReadError::NotAPlan("汉字太少")),
        }
    }

    #[test]
    fn any_string_is_read_or_refused(text in "\\PC*") {
        if let Ok(document) = read(&text) {
            check(&text, &document);
        }
    }

    #[test]
    fn any_bytes_are_text_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400), name in "[a-z]{0,4}\\.(txt|docx|html)") {
        if let Ok(text) = text_of(&bytes, &name) {
            let _ = read(&text);
        }
    }

    #[test]
    fn broken_files_never_panic(cut in 0usize..900, at in 0usize..900, byte in any::<u8>(), which in 0usize..3) {
        let html = "<html><body><table><tr><td>3月</td><td>每周听课2次&amp;&#x4e00;</td></tr></table><!-- x --></body></html>";
        let gb = [0xB9u8, 0xA4, 0xD7, 0xF7, 0xBC, 0xC6, 0xBB, 0xAE, 0xA3, 0xBA];
        let mut bytes = [sample_docx(), html.as_bytes().to_vec(), gb.repeat(20)][which].clone();
        let length = bytes.len();
        bytes[at % length] = byte;
        bytes.truncate(length - cut % length);
        if let Ok(text) = text_of(&bytes, ["a.docx", "a.html", "a.txt"][which])
            && let Ok(document) = read(&text)
        {
            check(&text, &document);
        }
    }
}
