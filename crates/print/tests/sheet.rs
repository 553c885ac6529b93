//! What is written to a workbook is read back the same; what is not a workbook is refused in words.

use chrono::{NaiveDate, NaiveDateTime};
use print::{
    Cell, CellError, Column, Kind, RawCell, Sheet, UploadError, csv_read, csv_write, guide, plain_heading,
    xlsx_mark, xlsx_read, xlsx_write,
};
use proptest::prelude::*;

fn date() -> impl Strategy<Value = NaiveDate> {
    (1901i32..=9998, 1u32..=366).prop_filter_map("day of that year", |(year, day)| {
        NaiveDate::from_yo_opt(year, day)
    })
}

fn instant() -> impl Strategy<Value = NaiveDateTime> {
    (date(), 1u32..86_400).prop_map(|(date, second)| {
        date.and_hms_opt(second / 3600, second / 60 % 60, second % 60)
            .expect("a time of day")
    })
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9]{18}",
        "[0-9]{17}X",
        "0[0-9]{5,20}",
        "[\\u{4e00}-\\u{9fa5}𬭚䶮㛃，。（）]{1,40}",
        "[ -~]{1,30}",
        "[a-z<>&\"'=_x0-9\n\t ]{1,30}",
        Just("第一行\n第二行\n\n第四行".to_owned()),
        Just("_x0041_ 与 =1+1".to_owned()),
    ]
    // A cell of spaces is a cell; an empty one is none.
    .prop_filter("not empty", |text| !text.is_empty())
}

fn cell() -> impl Strategy<Value = (Cell, RawCell)> {
    prop_oneof![
        Just((Cell::Empty, RawCell::Empty)),
        text().prop_map(|text| (Cell::Text(text.clone()), RawCell::Text(text))),
        (-999_999_999_999_999i64..=999_999_999_999_999)
            .prop_map(|value| (Cell::Int(value), RawCell::Number(value as f64))),
        (1_000_000_000_000_000i64..i64::MAX)
            .prop_map(|value| (Cell::Int(value), RawCell::Text(value.to_string()))),
        (-10_000_000i64..10_000_000, 0u8..5).prop_map(|(units, scale)| {
            (
                Cell::Decimal { units, scale },
                RawCell::Number(units as f64 / 10f64.powi(scale.into())),
            )
        }),
        (-99_999_999_999i64..99_999_999_999)
            .prop_map(|cents| (Cell::Money(cents), RawCell::Number(cents as f64 / 100.0))),
        date().prop_map(|date| (Cell::Date(date), RawCell::Date(date))),
        instant().prop_map(|instant| (Cell::Instant(instant), RawCell::Instant(instant))),
        any::<bool>().prop_map(|value| (
            Cell::Bool(value),
            RawCell::Text(if value { "是" } else { "否" }.into())
        )),
    ]
}

fn sheet(name: &str, columns: Vec<Column>, rows: Vec<Vec<Cell>>) -> Sheet {
    Sheet {
        name: name.into(),
        title: None,
        columns,
        rows,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn written_cells_are_read_back(
        table in prop::collection::vec(prop::collection::vec(cell(), 6), 1..12),
        titled in any::<bool>(),
    ) {
        let columns = (1..=6).map(|n| Column::new(format!("列{n}"), Kind::Text)).collect();
        let written: Vec<Vec<Cell>> =
            table.iter().map(|row| row.iter().map(|(cell, _)| cell.clone()).collect()).collect();
        let mut sheet = sheet("花名册", columns, written);
        sheet.title = titled.then(|| "2026年秋季花名册".to_owned());
        let read = xlsx_read(&xlsx_write(&[sheet]).unwrap()).unwrap();
        prop_assert_eq!(read.len(), 1);
        let first = if titled { 3 } else { 2 };
        for (index, row) in table.iter().enumerate() {
            let number = first + index as u32;
            let found = read[0].rows.iter().find(|row| row.number == number);
            for (column, (_, expected)) in row.iter().enumerate() {
                let cell = found.map_or(&RawCell::Empty, |row| row.cell(column));
                prop_assert_eq!(cell, expected, "row {} column {}", number, column);
            }
        }
    }

    #[test]
    fn damaged_workbooks_are_refused_or_read(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let rows = vec![vec![Cell::Text("张䶮".into()), Cell::Int(3)]; 20];
        let columns = vec![Column::new("姓名", Kind::Text), Column::new("数", Kind::Int)];
        let mut bytes = xlsx_write(&[sheet("表", columns, rows)]).unwrap();
        let index = at.index(bytes.len());
        bytes[index] = byte;
        let _ = xlsx_read(&bytes);
        let end = cut.index(bytes.len());
        prop_assert!(xlsx_read(&bytes[..end]).is_err());
    }

    #[test]
    fn any_bytes_are_refused_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(xlsx_read(&bytes).is_err());
        let _ = csv_read("表", &bytes);
    }

    #[test]
    fn csv_is_read_back(table in prop::collection::vec(prop::collection::vec("[ -~\n张䶮𬭚]{0,12}", 3), 1..8)) {
        let guarded = |text: &str| text.starts_with(['=', '+', '-', '@', '\t']);
        prop_assume!(table.iter().flatten().all(|text| !guarded(text)));
        let read = csv_read("表", &csv_write(table.iter().map(Vec::as_slice))).unwrap();
        let mut found = read.rows.iter();
        for row in table.iter().filter(|row| row.iter().any(|text| !text.is_empty())) {
            let next = found.next().unwrap();
            for (column, text) in row.iter().enumerate() {
                prop_assert_eq!(&next.cell(column).text(), text);
            }
        }
        prop_assert!(found.next().is_none());
    }
}

#[test]
fn an_identity_number_typed_as_a_number_shows_as_one() {
    let columns = vec![Column::new("身份证号", Kind::Text)];
    // What Excel stores when a person types 18 digits into a cell of no format.
    let rows = vec![vec![Cell::Decimal {
        units: 320_501_200_901_011_200,
        scale: 0,
    }]];
    let read = xlsx_read(&xlsx_write(&[sheet("表", columns, rows)]).unwrap()).unwrap();
    assert!(matches!(read[0].rows[1].cells[0], RawCell::Number(_)));
}

#[test]
fn required_headings_are_marked_and_the_mark_comes_off() {
    let column = Column {
        required: true,
        ..Column::new("姓名", Kind::Text)
    };
    let read = xlsx_read(&xlsx_write(&[sheet("表", vec![column], vec![])]).unwrap()).unwrap();
    let heading = read[0].rows[0].cells[0].text();
    assert_eq!(heading, "*姓名");
    assert_eq!(plain_heading(&heading), "姓名");
    assert_eq!(plain_heading(" 姓名＊ "), "姓名");
}

#[test]
fn long_choices_and_guides_do_not_show_as_sheets_of_data() {
    let majors: Vec<String> = (0..400).map(|n| format!("专业, 第{n}号")).collect();
    let column = Column {
        choices: Some(majors.clone()),
        note: Some("从列表选".into()),
        ..Column::new("专业", Kind::Text)
    };
    let short = Column {
        choices: Some(vec!["男".into(), "女".into()]),
        ..Column::new("性别", Kind::Text)
    };
    let main = sheet("学生", vec![column, short], vec![]);
    let guide = guide(&main);
    assert!(matches!(&guide.rows[0][3], Cell::Text(text) if text.contains("共 400 项")));
    let read = xlsx_read(&xlsx_write(&[main, guide]).unwrap()).unwrap();
    let names: Vec<&str> = read.iter().map(|sheet| sheet.name.as_str()).collect();
    assert_eq!(names, ["学生", "填写说明"]);
}

#[test]
fn sheet_names_are_made_legal_and_different() {
    let long = "一".repeat(60);
    let sheets = ["a/b", "A B", "a:b", "", long.as_str(), long.as_str(), "_选项"]
        .map(|name| sheet(name, vec![], vec![]));
    let read = xlsx_read(&xlsx_write(&sheets).unwrap()).unwrap();
    assert_eq!(read.len(), sheets.len());
}

#[test]
fn a_marked_copy_keeps_the_rows_and_lists_the_causes() {
    let columns = vec![Column::new("姓名", Kind::Text), Column::new("生日", Kind::Date)];
    let born = NaiveDate::from_ymd_opt(2009, 2, 28).unwrap();
    let rows = vec![
        vec![Cell::Text("李𬭚".into()), Cell::Date(born)],
        vec![Cell::Text("欧阳㛃".into())],
    ];
    let original = xlsx_read(&xlsx_write(&[sheet("学生", columns, rows)]).unwrap()).unwrap();
    let errors = [
        CellError {
            sheet: "学生".into(),
            row: 3,
            column: Some(1),
            message: "生日不能为空".into(),
        },
        CellError {
            sheet: "学生".into(),
            row: 2,
            column: None,
            message: "此人已在册".into(),
        },
    ];
    let marked = xlsx_read(&xlsx_mark(&original, &errors).unwrap()).unwrap();
    assert_eq!(marked[0].name, "错误说明");
    assert_eq!(marked[0].rows.len(), 3);
    assert_eq!(marked[0].rows[1].cell(3).text(), "B");
    assert_eq!(marked[0].rows[1].cell(4).text(), "生日不能为空");
    assert_eq!(marked[1], original[0]);
}

#[test]
fn refusals_are_said_in_chinese() {
    assert_eq!(xlsx_read(b""), Err(UploadError::Empty));
    let old = xlsx_read(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1]).unwrap_err();
    assert!(old.to_string().contains("另存为"), "{old}");
    let huge = xlsx_read(&vec![0; 21 << 20]).unwrap_err();
    assert_eq!(huge.to_string(), "文件超过 20 MB，请拆分后再上传");
    let picture = xlsx_read(b"\x89PNG\r\n").unwrap_err();
    assert!(picture.to_string().starts_with("这不是 Excel 文件"), "{picture}");
    assert_eq!(csv_read("表", b"\xff\xff\xff"), Err(UploadError::Encoding));
    assert_eq!(csv_read("表", b"a\n\"b"), Err(UploadError::OpenQuote { row: 2 }));
}

#[test]
fn csv_of_windows_excel_is_understood() {
    // 姓名,学号 / 张三,001 in GB18030.
    let bytes = b"\xd0\xd5\xc3\xfb,\xd1\xa7\xba\xc5\r\n\xd5\xc5\xc8\xfd,001\r\n\r\n,,\r\n";
    let sheet = csv_read("名单", bytes).unwrap();
    assert_eq!(sheet.rows.len(), 2);
    assert_eq!(
        sheet.rows[1].cells,
        [RawCell::Text("张三".into()), RawCell::Text("001".into())]
    );
}

#[test]
fn csv_does_not_carry_formulas_out() {
    let rows = [vec![
        "=cmd|' /C calc'!A0".to_owned(),
        "-5".to_owned(),
        "@x".to_owned(),
    ]];
    let text = String::from_utf8(csv_write(rows.iter().map(Vec::as_slice))).unwrap();
    assert_eq!(text, "\u{feff}'=cmd|' /C calc'!A0,-5,'@x\r\n");
}
