//! Thousands of students from a sheet, the way a person imports them.
use super::http::Client;
use calamine::{Data, DataType, Reader, Xlsx};
use demo::identity::id_number;
use rust_xlsxwriter::Workbook;
use std::io::Cursor;
use std::time::{Duration, Instant};

/// How long to wait between two looks at the job.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Seconds.
pub struct Time {
    /// Upload and dry run.
    pub dry_run: f64,
    /// From the confirmation to the end of the job.
    pub write: f64,
}

/// Imports `count` students whose running numbers begin at `first`.
pub fn students(office: &Client, first: u32, count: u32) -> Time {
    let sheet = sheet(
        &office
            .form("/r/student/export-sealed.xlsx", &[("why", "核对信息")])
            .expect(200)
            .body,
        first,
        count,
    );
    let begun = Instant::now();
    let page = office
        .file("/r/student/import", "file", "学生.xlsx", &sheet)
        .expect(200)
        .text();
    let dry_run = begun.elapsed().as_secs_f64();
    let (_, rest) = page
        .split_once("action=\"/r/student/import/")
        .expect("a button that confirms");
    let (id, _) = rest.split_once('"').expect("an address");
    let begun = Instant::now();
    let job = office.form(&format!("/r/student/import/{id}"), &[]).expect(303);
    let job = job.header("location").expect("the job's page").to_owned();
    loop {
        let page = office.get(&job).expect(200).text();
        if page.contains(&format!("已导入 {count} 条")) {
            return Time {
                dry_run,
                write: begun.elapsed().as_secs_f64(),
            };
        }
        assert!(
            page.contains("进行中") || page.contains("排队中"),
            "the import did not end well: {page}"
        );
        std::thread::sleep(LOOK_EVERY);
    }
}

/// New students like those the school has: the same columns, their own numbers.
fn sheet(export: &[u8], first: u32, count: u32) -> Vec<u8> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(export)).expect("the export opens");
    let range = book.worksheet_range_at(0).expect("a sheet").expect("cells");
    let rows: Vec<Vec<String>> = range.rows().map(|row| row.iter().map(words).collect()).collect();
    let heading = |name: &str| {
        rows[0]
            .iter()
            .position(|h| h.trim_matches('*') == name)
            .expect("a column")
    };
    let (number, identity) = (heading("学号"), heading("证件号"));
    let mut workbook = Workbook::new();
    let out = workbook.add_worksheet();
    for (column, heading) in rows[0].iter().enumerate() {
        out.write_string(0, column as u16, heading).expect("a cell");
    }
    for row in 0..count {
        let at = first + row;
        let like = &rows[1 + at as usize % (rows.len() - 1)];
        for (column, cell) in like.iter().enumerate() {
            let text = match column {
                c if c == number => format!("{}{at:05}", &cell[..4]),
                c if c == identity => identity_like(cell, at),
                _ => cell.clone(),
            };
            if !text.is_empty() {
                out.write_string(row + 1, column as u16, &text).expect("a cell");
            }
        }
    }
    workbook.save_to_buffer().expect("a workbook")
}

/// A cell as a person would type it.
fn words(cell: &Data) -> String {
    match cell.as_date().filter(|_| cell.is_datetime()) {
        Some(date) => date.to_string(),
        None => cell.to_string(),
    }
}

/// An identity number with the same date and sex under another unassigned area.
fn identity_like(like: &str, at: u32) -> String {
    let date = like
        .get(6..14)
        .and_then(|text| chrono::NaiveDate::parse_from_str(text, "%Y%m%d").ok());
    let Some(birth) = date else { return like.to_owned() };
    let female = like[14..17].parse::<u32>().is_ok_and(|order| order % 2 == 0);
    let sex = if female {
        demo::Sex::Female
    } else {
        demo::Sex::Male
    };
    id_number(&format!("99{:04}", 9000 + at / 400), birth, sex, at % 400)
}
