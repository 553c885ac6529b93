//! Word files: an official document with real heading styles, so that Word's navigation pane, table of
//! contents and outline view work on it.
//!
//! The typefaces are those of GB/T 9704-2012 by the names that Windows and WPS give them; a font table
//! tells a computer without them what to take instead.

use docx_rs::{
    AlignmentType, BorderType, BreakType, DocGrid, DocGridType, Docx, FieldCharType, Footer, InstrPAGE,
    InstrText, LineSpacing, LineSpacingType, PageMargin, Paragraph, ParagraphBorder, ParagraphBorderPosition,
    ParagraphBorders, Run, RunFonts, SpecialIndentType, Style, StyleType, Table, TableAlignmentType,
    TableCell, TableCellBorder, TableCellBorderPosition, TableCellBorders, TableLayoutType,
    TablePositionProperty, TableRow, VAlignType, WidthType,
};
use serde::Deserialize;
use serde_json::Value;
use std::io::Cursor;

use crate::PrintError;
use crate::columns::width_em;
use crate::model::{Block, Official};

const FANG: &str = "仿宋_GB2312";
const HEI: &str = "黑体";
const KAI: &str = "楷体_GB2312";
const TITLE: &str = "方正小标宋简体";
const SONG: &str = "宋体";

/// Half points of 2号, 3号, 4号 and the 小四 of tables.
const SIZE_2: usize = 44;
const SIZE_3: usize = 32;
const SIZE_4: usize = 28;
/// Twips: one line of 22 on a page, one character of 28 on a line, the width of the text.
const LINE: i32 = 580;
const CHAR: i32 = 315;
/// A size-3 letter is 16 pt in Word; 28 of them fill the 156 mm only a quarter point closer.
const CHAR_SPACING: i32 = -5;
const TEXT_WIDTH: u32 = 8844;

/// Makes the Word file of an official document; `data` has the shape of [`Official`].
pub fn docx_official(data: &Value) -> Result<Vec<u8>, PrintError> {
    let document = Official::deserialize(data)?;
    let mut docx = page(Docx::new());
    docx = styles(docx);
    docx = head(docx, &document);
    if let Some(to) = &document.to {
        docx = docx.add_paragraph(text_paragraph(&format!("{to}：")));
    }
    for block in &document.blocks {
        docx = body(docx, block);
    }
    docx = tail(docx, &document);
    let mut parts = docx.build();
    parts.font_table = FONT_TABLE.as_bytes().to_vec();
    parts.document = with_repeated_headings(parts.document)?;
    let mut bytes = Cursor::new(Vec::new());
    parts
        .pack(&mut bytes)
        .map_err(|error| PrintError::Word(error.to_string()))?;
    Ok(bytes.into_inner())
}

/// A4, the margins of the standard, 22 lines, page numbers outside.
fn page(docx: Docx) -> Docx {
    let margin = PageMargin {
        top: 2098,
        bottom: 1985,
        left: 1588,
        right: 1474,
        header: 851,
        footer: 1400,
        gutter: 0,
    };
    let number = |align: AlignmentType| {
        let run = |text: &str| Run::new().add_text(text).size(SIZE_4).fonts(fonts(SONG));
        let side = Some(SIZE_4 as i32 * 10);
        Footer::new().add_paragraph(
            Paragraph::new()
                .align(align)
                .indent(side, None, side, None)
                .add_run(run("— "))
                .add_run(
                    run("")
                        .add_field_char(FieldCharType::Begin, false)
                        .add_instr_text(InstrText::PAGE(InstrPAGE::new()))
                        .add_field_char(FieldCharType::Separate, false)
                        .add_text("1")
                        .add_field_char(FieldCharType::End, false),
                )
                .add_run(run(" —")),
        )
    };
    let mut docx = docx
        .page_size(11906, 16838)
        .page_margin(margin)
        .footer(number(AlignmentType::Right))
        .even_footer(number(AlignmentType::Left));
    let grid = DocGrid::new()
        .grid_type(DocGridType::Lines)
        .line_pitch(LINE as usize);
    docx.document.section_property = docx.document.section_property.doc_grid(grid);
    docx
}

fn fonts(family: &str) -> RunFonts {
    RunFonts::new()
        .east_asia(family)
        .ascii(family)
        .hi_ansi(family)
        .cs(family)
}

fn exact_line() -> LineSpacing {
    LineSpacing::new()
        .line_rule(LineSpacingType::Exact)
        .line(LINE)
        .before(0)
        .after(0)
}

fn first_line_indent() -> Option<SpecialIndentType> {
    Some(SpecialIndentType::FirstLine(2 * CHAR))
}

fn styles(docx: Docx) -> Docx {
    let mut docx = docx
        .default_fonts(fonts(FANG))
        .default_size(SIZE_3)
        .default_spacing(CHAR_SPACING)
        .default_line_spacing(exact_line())
        .add_style(
            Style::new("Title", StyleType::Paragraph)
                .name("Title")
                .based_on("Normal")
                .next("Normal")
                .q_format(true)
                .fonts(fonts(TITLE))
                .size(SIZE_2)
                .align(AlignmentType::Center)
                .snap_to_grid(false)
                .line_spacing(LineSpacing::new().line_rule(LineSpacingType::Exact).line(680)),
        );
    for (level, family) in [(1, HEI), (2, KAI), (3, FANG), (4, FANG)] {
        docx = docx.add_style(
            Style::new(format!("Heading{level}"), StyleType::Paragraph)
                .name(format!("heading {level}"))
                .based_on("Normal")
                .next("Normal")
                .q_format(true)
                .fonts(fonts(family))
                .size(SIZE_3)
                .align(AlignmentType::Both)
                .indent(None, first_line_indent(), None, None)
                .line_spacing(exact_line())
                .outline_lvl(level - 1),
        );
    }
    docx
}

/// Text as a run; line breaks stay, characters that XML cannot hold go.
fn run(text: &str) -> Run {
    let mut run = Run::new();
    for (index, line) in text.lines().enumerate() {
        if index > 0 {
            run = run.add_break(BreakType::TextWrapping);
        }
        let allowed = |c: &char| !c.is_control() && !matches!(c, '\u{FFFE}' | '\u{FFFF}');
        run = run.add_text(line.chars().filter(allowed).collect::<String>());
    }
    run
}

fn blank() -> Paragraph {
    Paragraph::new()
}

fn text_paragraph(text: &str) -> Paragraph {
    Paragraph::new().align(AlignmentType::Both).add_run(run(text))
}

fn indented(text: &str) -> Paragraph {
    text_paragraph(text)
        .indent(None, first_line_indent(), None, None)
        .first_line_chars(200)
}

/// 眉首 and 标题.
fn head(mut docx: Docx, document: &Official) -> Docx {
    let number = document
        .number
        .as_ref()
        .map(|number| Paragraph::new().align(AlignmentType::Center).add_run(run(number)));
    if let Some(organ) = &document.organ {
        const RED: &str = "E60012";
        let half_points = (2.0 * 442.0 / (width_em(organ).max(1.0) * 1.08)).min(96.0) as usize;
        let mark = run(organ)
            .fonts(fonts(TITLE))
            .color(RED)
            .size(half_points)
            .character_spacing(half_points as i32 * 6 / 10);
        let spacing = LineSpacing::new()
            .line_rule(LineSpacingType::Auto)
            .line(240)
            .before(1984);
        docx = docx
            .add_paragraph(
                Paragraph::new()
                    .align(AlignmentType::Center)
                    .line_spacing(spacing)
                    .add_run(mark),
            )
            .add_paragraph(blank())
            .add_paragraph(blank());
        let line = ParagraphBorder::new(ParagraphBorderPosition::Bottom)
            .size(12)
            .space(11)
            .color(RED);
        let rule = number.unwrap_or_default();
        docx = docx
            .add_paragraph(bordered(rule, [line]))
            .add_paragraph(blank())
            .add_paragraph(blank());
    } else if let Some(number) = number {
        docx = docx.add_paragraph(number).add_paragraph(blank());
    }
    docx.add_paragraph(
        Paragraph::new()
            .style("Title")
            .align(AlignmentType::Center)
            .add_run(run(&document.title)),
    )
    .add_paragraph(blank())
}

fn body(docx: Docx, block: &Block) -> Docx {
    match block {
        Block::Heading { level, text } => {
            let style = format!("Heading{}", (*level).clamp(1, 4));
            docx.add_paragraph(Paragraph::new().style(&style).keep_next(true).add_run(run(text)))
        }
        Block::Paragraph { text, runs } if runs.is_empty() => docx.add_paragraph(indented(text)),
        Block::Paragraph { runs, .. } => {
            let paragraph = runs.iter().fold(indented(""), |paragraph, piece| {
                let piece_run = run(&piece.text);
                paragraph.add_run(if piece.bold { piece_run.bold() } else { piece_run })
            });
            docx.add_paragraph(paragraph)
        }
        Block::Table {
            caption,
            headers,
            rows,
            ..
        } => {
            let docx = match caption {
                Some(caption) => docx.add_paragraph(
                    Paragraph::new()
                        .align(AlignmentType::Center)
                        .keep_next(true)
                        .add_run(run(caption).fonts(fonts(HEI)).size(SIZE_4)),
                ),
                None => docx,
            };
            docx.add_table(table(block, headers, rows))
        }
        Block::List { items, ordered } => items.iter().enumerate().fold(docx, |docx, (index, item)| {
            docx.add_paragraph(indented(&if *ordered {
                format!("（{}）{item}", index + 1)
            } else {
                item.clone()
            }))
        }),
    }
}

fn table(block: &Block, headers: &[String], rows: &[Vec<String>]) -> Table {
    let plan = block.table_plan().expect("called for a table");
    let total: f64 = plan.widths.iter().sum::<f64>().max(1.0);
    let widths: Vec<usize> = plan
        .widths
        .iter()
        .map(|width| (width / total * f64::from(TEXT_WIDTH)) as usize)
        .collect();
    let size = (plan.points * 2.0).round() as usize;
    let line = LineSpacing::new()
        .line_rule(LineSpacingType::Auto)
        .line(260)
        .before(40)
        .after(40);
    let cell = |text: &str, index: usize, heading: bool| {
        let (family, align) = if heading {
            (HEI, AlignmentType::Center)
        } else {
            (FANG, AlignmentType::Left)
        };
        TableCell::new()
            .width(widths[index], WidthType::Dxa)
            .vertical_align(VAlignType::Center)
            .add_paragraph(
                Paragraph::new()
                    .align(align)
                    .snap_to_grid(false)
                    .line_spacing(line.clone())
                    .add_run(run(text).fonts(fonts(family)).size(size)),
            )
    };
    let heading = headers
        .iter()
        .enumerate()
        .map(|(index, text)| cell(text, index, true))
        .collect();
    let mut all = vec![TableRow::new(heading).cant_split()];
    for row in rows {
        let text = |index: usize| row.get(index).map_or("", String::as_str);
        let cells = (0..headers.len())
            .map(|index| cell(text(index), index, false))
            .collect();
        all.push(TableRow::new(cells).cant_split());
    }
    Table::new(all)
        .set_grid(widths.clone())
        .width(TEXT_WIDTH as usize, WidthType::Dxa)
        .layout(TableLayoutType::Fixed)
        .align(TableAlignmentType::Center)
}

/// Repeats the first row of each table on every page, which docx-rs has no call for. Text cannot contain
/// the marks: its angle brackets are escaped.
fn with_repeated_headings(document: Vec<u8>) -> Result<Vec<u8>, PrintError> {
    const TABLE: &str = "<w:tbl>";
    const ROW: &str = "<w:cantSplit />";
    let xml = String::from_utf8(document).map_err(|error| PrintError::Word(error.to_string()))?;
    let repeated = format!("{ROW}<w:tblHeader />");
    let parts: Vec<String> = xml
        .split(TABLE)
        .map(|part| part.replacen(ROW, &repeated, 1))
        .collect();
    Ok(parts.join(TABLE).into_bytes())
}

/// 附件说明, 署名, 成文日期, 附注, 版记.
fn tail(mut docx: Docx, document: &Official) -> Docx {
    if !document.attachments.is_empty() {
        docx = docx.add_paragraph(blank());
        let many = document.attachments.len() > 1;
        for (index, name) in document.attachments.iter().enumerate() {
            let label = if many {
                format!("{}. ", index + 1)
            } else {
                String::new()
            };
            let (head, special) = match index {
                0 => ("附件：", Some(SpecialIndentType::Hanging(3 * CHAR))),
                _ => ("", None),
            };
            docx = docx.add_paragraph(text_paragraph(&format!("{head}{label}{name}")).indent(
                Some(5 * CHAR),
                special,
                None,
                None,
            ));
        }
    }
    let lines: Vec<&String> = document.signer.iter().chain(&document.date).collect();
    if !lines.is_empty() {
        docx = docx.add_paragraph(blank());
        let widest = lines.iter().map(|line| width_em(line)).fold(0.0, f64::max);
        for line in lines {
            // Centred over each other, the wider one four characters from the right.
            let right = 4.0 + (widest - width_em(line)) / 2.0;
            let right = (right * f64::from(CHAR)) as i32;
            docx = docx.add_paragraph(
                Paragraph::new()
                    .align(AlignmentType::Right)
                    .indent(None, None, Some(right), None)
                    .add_run(run(line)),
            );
        }
    }
    if let Some(note) = &document.note {
        docx = docx.add_paragraph(indented(&format!("（{note}）")));
    }
    imprint(docx, document)
}

/// 版记: a floating table of two lines at the foot of the page.
fn imprint(docx: Docx, document: &Official) -> Docx {
    let mut lines: Vec<(Vec<(String, AlignmentType)>, bool)> = Vec::new();
    if let Some(cc) = &document.cc {
        lines.push((vec![(format!("抄送：{cc}。"), AlignmentType::Left)], false));
    }
    if document.issuer.is_some() || document.issued.is_some() {
        let issued = document
            .issued
            .as_ref()
            .map(|date| format!("{date}印发"))
            .unwrap_or_default();
        let issuer = document.issuer.clone().unwrap_or_default();
        lines.push((
            vec![(issuer, AlignmentType::Left), (issued, AlignmentType::Right)],
            false,
        ));
    }
    let Some(last) = lines.last_mut() else { return docx };
    last.1 = true;
    let rows = lines.into_iter().enumerate().map(|(index, (cells, is_last))| {
        let span = 3 - cells.len();
        let cells = cells
            .into_iter()
            .map(|(text, align)| imprint_cell(&text, align, span, index == 0, is_last));
        TableRow::new(cells.collect())
    });
    let half = TEXT_WIDTH as usize / 2;
    let place = TablePositionProperty::new()
        .horizontal_anchor("margin")
        .vertical_anchor("margin")
        .position_x_alignment("center")
        .position_y_alignment("bottom");
    docx.add_table(
        Table::without_borders(rows.collect())
            .set_grid(vec![half, half])
            .width(TEXT_WIDTH as usize, WidthType::Dxa)
            .layout(TableLayoutType::Fixed)
            .position(place),
    )
    // A floating table hangs on the paragraph after it.
    .add_paragraph(blank())
}

/// The first and the last line of 版记 are 0.35 mm thick, the one between 0.25 mm.
fn imprint_cell(text: &str, align: AlignmentType, span: usize, is_first: bool, is_last: bool) -> TableCell {
    const THICK: usize = 8;
    const THIN: usize = 6;
    let border = |position, thick: bool| {
        TableCellBorder::new(position)
            .border_type(BorderType::Single)
            .size(if thick { THICK } else { THIN })
    };
    let borders = TableCellBorders::with_empty()
        .set(border(TableCellBorderPosition::Top, is_first))
        .set(border(TableCellBorderPosition::Bottom, is_last));
    let side = Some(SIZE_4 as i32 * 10 - 100);
    TableCell::new()
        .grid_span(span)
        .set_borders(borders)
        .add_paragraph(
            Paragraph::new()
                .align(align)
                .indent(side, None, side, None)
                .line_spacing(LineSpacing::new().line_rule(LineSpacingType::Exact).line(420))
                .add_run(run(text).size(SIZE_4)),
        )
}

fn bordered(mut paragraph: Paragraph, borders: impl IntoIterator<Item = ParagraphBorder>) -> Paragraph {
    let all = borders
        .into_iter()
        .fold(ParagraphBorders::with_empty(), |all, border| {
            all.set(border.val(BorderType::Single))
        });
    paragraph.property = paragraph.property.set_borders(all);
    paragraph
}

/// What to take where the standard's typefaces are missing.
const FONT_TABLE: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:font w:name="仿宋_GB2312"><w:altName w:val="仿宋"/><w:charset w:val="86"/><w:family w:val="modern"/></w:font><w:font w:name="楷体_GB2312"><w:altName w:val="楷体"/><w:charset w:val="86"/><w:family w:val="modern"/></w:font><w:font w:name="方正小标宋简体"><w:altName w:val="华文中宋"/><w:charset w:val="86"/><w:family w:val="auto"/></w:font><w:font w:name="黑体"><w:altName w:val="SimHei"/><w:charset w:val="86"/><w:family w:val="modern"/></w:font><w:font w:name="宋体"><w:altName w:val="SimSun"/><w:charset w:val="86"/><w:family w:val="auto"/></w:font></w:fonts>"#;
