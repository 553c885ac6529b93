//! Word documents into text: paragraphs become lines with their automatic numbers, table rows become lines of cells.

use super::MAX_BYTES;
use super::numbering::{Numbering, attribute, local};
use crate::model::ReadError;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use std::io::{Cursor, Read};

/// The most one part may decompress to: mark-up is several times its text.
const PART_LIMIT: u64 = 4 * MAX_BYTES as u64;

type Archive<'a> = zip::ZipArchive<Cursor<&'a [u8]>>;

/// The text of a .docx.
pub fn text(bytes: &[u8]) -> Result<String, ReadError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes))
        .map_err(|_| ReadError::Damaged("压缩包结构不完整".into()))?;
    if archive.index_for_name("word/document.xml").is_none() {
        let advice = "请上传 .docx、.txt 或网页，或直接粘贴文字。";
        let format = if archive.index_for_name("xl/workbook.xml").is_some() {
            "Excel 表格"
        } else if archive.index_for_name("ppt/presentation.xml").is_some() {
            "PowerPoint"
        } else {
            "压缩包"
        };
        return Err(ReadError::Unsupported { format, advice });
    }
    let document = part(&mut archive, "word/document.xml")?;
    let optional = |archive: &mut Archive<'_>, name: &str| match archive.index_for_name(name) {
        Some(_) => part(archive, name),
        None => Ok(String::new()),
    };
    let numbering = optional(&mut archive, "word/numbering.xml")?;
    let styles = optional(&mut archive, "word/styles.xml")?;
    let mut body = Body {
        numbering: Numbering::read(&numbering, &styles),
        ..Body::default()
    };
    body.read(&document)?;
    if body.out.trim().is_empty() {
        return Err(ReadError::Empty);
    }
    Ok(body.out)
}

/// One part, decompressed no further than the limit.
fn part(archive: &mut Archive<'_>, name: &str) -> Result<String, ReadError> {
    let damaged = || ReadError::Damaged(format!("{name} 无法解压"));
    let file = archive.by_name(name).map_err(|_| damaged())?;
    let mut bytes = Vec::new();
    file.take(PART_LIMIT + 1)
        .read_to_end(&mut bytes)
        .map_err(|_| damaged())?;
    if bytes.len() as u64 > PART_LIMIT {
        return Err(ReadError::TooLarge("解压后的内容"));
    }
    String::from_utf8(bytes).map_err(|_| ReadError::Damaged(format!("{name} 不是 UTF-8 文字")))
}

/// A paragraph being read; text boxes nest them.
#[derive(Default)]
struct Paragraph {
    text: String,
    style: Option<String>,
    list: Option<String>,
    level: Option<u8>,
}

/// A table being read; tables nest.
#[derive(Default)]
struct Table {
    cells: Vec<String>,
}

#[derive(Default)]
struct Body {
    out: String,
    numbering: Numbering,
    paragraphs: Vec<Paragraph>,
    tables: Vec<Table>,
    in_text: bool,
    /// Inside mc:Fallback, which repeats what mc:Choice has said.
    fallback: u32,
}

impl Body {
    fn read(&mut self, xml: &str) -> Result<(), ReadError> {
        let mut reader = Reader::from_str(xml);
        loop {
            match reader.read_event() {
                Ok(Event::Eof) => break,
                Ok(Event::Start(e)) => self.open(&e),
                Ok(Event::Empty(e)) => {
                    self.open(&e);
                    self.close(local(e.name().as_ref()));
                }
                Ok(Event::End(e)) => self.close(local(e.name().as_ref())),
                Ok(Event::Text(e)) if self.in_text => {
                    let text = e.xml10_content();
                    self.push(&text);
                }
                Ok(Event::CData(e)) if self.in_text => {
                    let text = e.xml10_content();
                    self.push(&text);
                }
                Ok(Event::GeneralRef(e)) if self.in_text => {
                    let named = match &*e {
                        "amp" => Some('&'),
                        "lt" => Some('<'),
                        "gt" => Some('>'),
                        "quot" => Some('"'),
                        "apos" => Some('\''),
                        _ => e.resolve_char_ref().ok().flatten(),
                    };
                    if let Some(c) = named {
                        self.push(c.encode_utf8(&mut [0; 4]));
                    }
                }
                Ok(_) => {}
                Err(_) => return Err(ReadError::Damaged("正文 XML 不完整".into())),
            }
            if self.out.len() > MAX_BYTES {
                return Err(ReadError::TooLarge("文字"));
            }
        }
        while !self.paragraphs.is_empty() {
            self.end_paragraph();
        }
        Ok(())
    }

    fn push(&mut self, text: &str) {
        if self.fallback == 0
            && let Some(p) = self.paragraphs.last_mut()
        {
            p.text.push_str(text);
        }
    }

    fn open(&mut self, e: &BytesStart<'_>) {
        let name = e.name();
        match local(name.as_ref()) {
            "Fallback" => self.fallback += 1,
            "p" if name.as_ref().starts_with("w:") => self.paragraphs.push(Paragraph::default()),
            "t" => self.in_text = true,
            "tab" if !self.in_text => self.push(" "),
            "br" | "cr" => self.push("\n"),
            "noBreakHyphen" => self.push("-"),
            "tbl" => self.tables.push(Table::default()),
            "tr" => {
                if let Some(t) = self.tables.last_mut() {
                    t.cells.clear();
                }
            }
            "tc" => {
                if let Some(t) = self.tables.last_mut() {
                    t.cells.push(String::new());
                }
            }
            tag => {
                if let Some(p) = self.paragraphs.last_mut() {
                    match tag {
                        "pStyle" => p.style = attribute(e, "val"),
                        "numId" => p.list = attribute(e, "val"),
                        "ilvl" => p.level = attribute(e, "val").and_then(|v| v.parse().ok()),
                        _ => {}
                    }
                }
            }
        }
    }

    fn close(&mut self, tag: &str) {
        match tag {
            "Fallback" => self.fallback = self.fallback.saturating_sub(1),
            "t" => self.in_text = false,
            "p" => self.end_paragraph(),
            "tr" => self.end_row(),
            "tbl" => {
                self.tables.pop();
            }
            _ => {}
        }
    }

    fn end_paragraph(&mut self) {
        let Some(p) = self.paragraphs.pop() else { return };
        if p.text.trim().is_empty() {
            return;
        }
        let styled = || p.style.as_deref().and_then(|s| self.numbering.of_style(s));
        let list = match (&p.list, p.level) {
            (Some(list), level) => Some((list.clone(), level.unwrap_or(0))),
            (None, level) => styled().map(|(list, l)| (list, level.unwrap_or(l))),
        };
        let number = list
            .filter(|l| l.0 != "0")
            .map(|l| self.numbering.next(&l.0, l.1))
            .unwrap_or_default();
        let line = format!("{number}{}", p.text.trim());
        match self.tables.last_mut().and_then(|t| t.cells.last_mut()) {
            Some(cell) => join(cell, &line),
            None => {
                self.out.push_str(&line);
                self.out.push('\n');
            }
        }
    }

    fn end_row(&mut self) {
        let Some(table) = self.tables.last_mut() else {
            return;
        };
        let cells: Vec<String> = table.cells.drain(..).map(|c| c.replace('\n', " ")).collect();
        if cells.iter().all(|c| c.is_empty()) {
            return;
        }
        let row = cells.join(" | ");
        let depth = self.tables.len();
        if depth > 1 {
            if let Some(cell) = self.tables[depth - 2].cells.last_mut() {
                join(cell, &row);
            }
        } else {
            self.out.push_str(row.trim_end());
            self.out.push('\n');
        }
    }
}

/// Paragraphs of one cell share its line; one that ends without a stop gets one.
fn join(cell: &mut String, line: &str) {
    if !cell.is_empty() {
        let stopped = cell.ends_with([
            '。', '；', '，', '、', '：', '！', '？', ';', ',', ':', '.', ')', '）',
        ]);
        cell.push_str(if stopped { " " } else { "； " });
    }
    cell.push_str(line);
}
