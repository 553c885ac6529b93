//! Every template sets its data; what was put in can be taken out of the file again.

use print::{Fonts, PrintError, Template, docx_official, pdf};
use serde_json::{Value, json};
use std::io::{Cursor, Read, Write};
use std::process::{Command, Stdio};

fn fonts() -> Fonts {
    Fonts::discover(&[])
}

/// The text of a PDF, where the machine has `pdftotext`.
fn text_of(pdf: &[u8]) -> Option<String> {
    let mut child = Command::new("pdftotext")
        .args(["-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    child.stdin.take()?.write_all(pdf).ok()?;
    let output = child.wait_with_output().ok()?;
    Some(
        String::from_utf8_lossy(&output.stdout)
            .split_whitespace()
            .collect(),
    )
}

fn official() -> Value {
    json!({
        "title": "2026年秋季学期工作计划", "organ": "滨江中等专业学校文件", "number": "滨职校〔2026〕18号", "to": "各系部",
        "blocks": [
            {"kind": "heading", "level": 1, "text": "一、工作目标"},
            {"kind": "heading", "level": 2, "text": "（一）教学"},
            {"kind": "heading", "level": 3, "text": "1.常规"},
            {"kind": "paragraph", "text": "学生𬭚䶮㛃的姓名不得缺字。#let x = 1 *不是标记* $x$"},
            {"kind": "paragraph", "runs": [{"text": "合格率"}, {"text": "100%", "bold": true}]},
            {"kind": "table", "caption": "表1", "headers": ["序号", "内容"], "rows": [["1", "巡课"], ["2"]]},
            {"kind": "list", "items": ["备案；", "分析。"], "ordered": true}
        ],
        "attachments": ["检查表", "目录"], "signer": "教务处", "date": "2026年9月1日",
        "note": "此件公开发布", "cc": "市教育局", "issuer": "办公室", "issued": "2026年9月2日"
    })
}

#[test]
fn an_official_document_carries_all_its_parts() {
    let bytes = pdf(Template::Official, &official(), &fonts()).unwrap();
    assert!(bytes.starts_with(b"%PDF-"));
    let Some(text) = text_of(&bytes) else {
        return assert!(bytes.len() > 20_000);
    };
    for part in [
        "滨江中等专业学校文件",
        "滨职校〔2026〕18号",
        "2026年秋季学期工作计划",
        "各系部：",
        "一、工作目标",
        "（一）教学",
        "1.常规",
        "𬭚䶮㛃",
        "#letx=1*不是标记*$x$",
        "合格率100%",
        "表1",
        "巡课",
        "（1）备案；",
        "附件：",
        "2.目录",
        "教务处",
        "2026年9月1日",
        "（此件公开发布）",
        "抄送：市教育局。",
        "2026年9月2日印发",
        "—1—",
    ] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
}

#[test]
fn a_title_is_enough_and_necessary() {
    assert!(pdf(Template::Official, &json!({"title": "通知"}), &fonts()).is_ok());
    for (template, data) in [
        (Template::Official, json!({})),
        (Template::Official, json!({"title": " "})),
        (
            Template::Official,
            json!({"title": "通知", "blocks": [{"kind": "picture"}]}),
        ),
        (Template::Official, json!({"title": "通知", "body": []})),
        (Template::Record, json!([])),
        (Template::List, json!({"title": 7})),
    ] {
        let refused = pdf(template, &data, &fonts());
        assert!(
            matches!(refused, Err(PrintError::Data(_))),
            "{data}: {:?}",
            refused.map(|bytes| bytes.len())
        );
    }
}

#[test]
fn records_and_lists_are_printed() {
    let record = json!({
        "title": "隐患登记表", "school": "滨江中专", "number": "YH-1",
        "fields": [{"label": "地点", "value": "实训楼"}, {"label": "问题", "value": "长".repeat(50)}, {"label": "备注"}],
        "flow": [{"step": "登记", "actor": "王晓东", "time": "2026-09-07 10:20"}],
        "signatures": ["排查人"], "printed_at": "2026-09-12"
    });
    let list = json!({
        "title": "隐患台账", "filters": ["状态：全部"], "columns": [{"heading": "编号"}, {"heading": "问题"}],
        "rows": (0..90).map(|n| json!([n.to_string(), "灭火器压力不足"])).collect::<Vec<_>>(),
        "summary": "共 90 条", "printed_at": "2026-09-12"
    });
    let record = pdf(Template::Record, &record, &fonts()).unwrap();
    let list = pdf(Template::List, &list, &fonts()).unwrap();
    if let (Some(record), Some(list)) = (text_of(&record), text_of(&list)) {
        assert!(
            record.contains("王晓东") && record.contains("排查人（签字）"),
            "{record}"
        );
        assert!(
            list.contains("灭火器压力不足") && list.contains("共90条"),
            "{list}"
        );
        let pages = list.matches("页共").count();
        assert!(
            pages > 1 && list.contains(&format!("第{pages}页共{pages}页")),
            "{list}"
        );
        assert_eq!(
            list.matches("编号问题").count(),
            pages,
            "the heading row is on every page"
        );
    }
    assert!(pdf(Template::List, &json!({"title": "空表"}), &fonts()).is_ok());
}

#[test]
fn a_list_too_long_for_paper_is_refused() {
    let rows = vec![json!(["x", "y"]); 6_001];
    let data = json!({"title": "长表", "columns": [{"heading": "列"}, {"heading": "行"}], "rows": rows});
    let refused = pdf(Template::List, &data, &fonts()).unwrap_err();
    assert!(refused.to_string().contains("12002"), "{refused}");
}

#[test]
fn a_template_reaches_no_file_and_fails_with_a_reason() {
    for source in [
        "#read(\"/etc/passwd\")",
        "#include \"other.typ\"",
        "#import \"@preview/cetz:0.3.0\"",
        "#panic(\"坏\")",
    ] {
        match pdf(source, &json!({}), &fonts()) {
            Err(PrintError::Template(message)) => assert!(!message.is_empty()),
            other => panic!("{source}: {:?}", other.map(|bytes| bytes.len())),
        }
    }
}

#[test]
fn the_same_data_give_the_same_file() {
    let fonts = fonts();
    let first = pdf(Template::Official, &official(), &fonts).unwrap();
    assert!(first == pdf(Template::Official, &official(), &fonts).unwrap());
}

fn part(docx: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(docx)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_word_file_has_headings_that_word_knows() {
    let docx = docx_official(&official()).unwrap();
    let document = part(&docx, "word/document.xml");
    for style in ["Title", "Heading1", "Heading2", "Heading3"] {
        assert!(
            document.contains(&format!("<w:pStyle w:val=\"{style}\"")),
            "{style}"
        );
    }
    assert_eq!(document.matches("<w:tblHeader />").count(), 1);
    let styles = part(&docx, "word/styles.xml");
    assert!(styles.contains("<w:name w:val=\"heading 1\"") && styles.contains("<w:outlineLvl w:val=\"0\""));
    let read = docx_rs::read_docx(&docx).unwrap();
    let text = read.document.children.iter().filter_map(|child| match child {
        docx_rs::DocumentChild::Paragraph(paragraph) => Some(paragraph.raw_text()),
        _ => None,
    });
    let text: String = text.collect();
    for part in [
        "2026年秋季学期工作计划",
        "𬭚䶮㛃",
        "（1）备案；",
        "附件：1. 检查表",
    ] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
}

#[test]
fn a_word_file_survives_characters_that_xml_forbids() {
    let docx = docx_official(
        &json!({"title": "标\u{0}题\u{b}", "blocks": [{"kind": "paragraph", "text": "一\n二 <&>"}]}),
    )
    .unwrap();
    let document = part(&docx, "word/document.xml");
    assert!(document.contains("标题") && document.contains("&lt;&amp;&gt;"));
    assert!(docx_rs::read_docx(&docx).is_ok());
}

fn form() -> Value {
    json!({
        "title": "隐患整改通知单", "school": "滨江中等专业学校", "number": "2026-017", "date": "2026年11月23日",
        "parts": [
            {"kind": "heading", "text": "一、隐患情况"},
            {"kind": "fields", "fields": [
                {"label": "区域", "value": "食堂"}, {"label": "期限", "value": "2026-11-30"},
                {"label": "描述", "value": "灭火器压力不足\n通道堆放杂物", "wide": true}
            ]},
            {"kind": "text", "text": "请在期限内整改，#不是标记*。"},
            {"kind": "approvals", "steps": [
                {"heading": "系部意见", "opinion": "同意", "name": "周敏", "time": "2026-11-20 10:12"}
            ]},
            {"kind": "signatures", "names": ["检查人", "责任人"]}
        ]
    })
}

#[test]
fn a_form_and_a_certificate_carry_their_parts() {
    let sheet = pdf(Template::Form, &form(), &fonts()).unwrap();
    let mut award = form();
    award["certificate"] = true.into();
    award["parts"] = json!([{"kind": "text", "text": "李思远同学：\n荣获一等奖，特发此证。"}]);
    let award = pdf(Template::Form, &award, &fonts()).unwrap();
    let (Some(sheet), Some(award)) = (text_of(&sheet), text_of(&award)) else {
        return assert!(sheet.len() > 5_000 && award.len() > 5_000);
    };
    for part in [
        "隐患整改通知单",
        "编号：2026-017",
        "一、隐患情况",
        "灭火器压力不足",
        "#不是标记*",
        "系部意见",
        "签名：周敏",
        "2026-11-2010:12",
        "检查人",
    ] {
        assert!(sheet.contains(part), "{part} is missing in {sheet}");
    }
    for part in ["荣获一等奖", "滨江中等专业学校", "2026年11月23日"] {
        assert!(award.contains(part), "{part} is missing in {award}");
    }
}

#[test]
fn a_roll_begins_a_page_for_each_group() {
    let data = json!({
        "title": "签到表", "columns": [{"heading": "姓名"}, {"heading": "签名"}],
        "groups": [
            {"heading": "一号考场", "rows": [["张三", ""], ["李四", ""]]},
            {"heading": "二号考场", "rows": [["王五", ""]]}
        ]
    });
    let bytes = pdf(Template::Roll, &data, &fonts()).unwrap();
    let Some(text) = text_of(&bytes) else {
        return assert!(bytes.len() > 5_000);
    };
    for part in ["一号考场（2）", "王五", "第2页共2页"] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
}
