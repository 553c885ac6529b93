//! Uploads that would take more memory than a school's server has are refused early.

use print::{UploadError, xlsx_read};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

const CONTENT_TYPES: &str = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
const RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const WORKBOOK: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const WORKBOOK_RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

fn workbook(cells: &str, padding: usize) -> Vec<u8> {
    let sheet = format!(
        r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>"#
    );
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let parts = [
        ("[Content_Types].xml", CONTENT_TYPES),
        ("_rels/.rels", RELS),
        ("xl/workbook.xml", WORKBOOK),
        ("xl/_rels/workbook.xml.rels", WORKBOOK_RELS),
        ("xl/worksheets/sheet1.xml", &sheet),
    ];
    for (name, text) in parts {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    if padding > 0 {
        archive
            .start_file("xl/media/image1.png", SimpleFileOptions::default())
            .unwrap();
        let block = vec![0; 1 << 20];
        for _ in 0..padding {
            archive.write_all(&block).unwrap();
        }
    }
    archive.finish().unwrap().into_inner()
}

fn cell(place: &str, row: u32) -> String {
    format!(r#"<row r="{row}"><c r="{place}{row}" t="inlineStr"><is><t>x</t></is></c></row>"#)
}

#[test]
fn a_far_cell_does_not_make_a_table_of_all_between() {
    let near = workbook(&cell("A", 1), 0);
    assert_eq!(xlsx_read(&near).unwrap()[0].rows.len(), 1);
    let deep = workbook(&cell("A", 1_048_576), 0);
    assert_eq!(
        xlsx_read(&deep),
        Err(UploadError::TooManyRows {
            sheet: "S".into(),
            limit: 200_000
        })
    );
    let wide = workbook(&cell("XFD", 1), 0);
    let refused = UploadError::TooManyColumns {
        sheet: "S".into(),
        row: 1,
        limit: 1_000,
    };
    assert_eq!(xlsx_read(&wide), Err(refused));
}

#[test]
fn rows_out_of_order_are_refused() {
    let crossed = workbook(&(cell("A", 5) + &cell("A", 2)), 0);
    assert!(matches!(xlsx_read(&crossed), Err(UploadError::NotWorkbook(_))));
}

#[test]
fn a_zip_bomb_is_refused() {
    let bomb = workbook(&cell("A", 1), 310);
    assert!(bomb.len() < 1 << 20);
    assert_eq!(
        xlsx_read(&bomb),
        Err(UploadError::TooManyUnpackedBytes { limit_mb: 300 })
    );
}
