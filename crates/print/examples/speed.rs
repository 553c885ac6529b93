//! How long files take and what they cost in memory: `cargo run --release -p print --example speed`.

use chrono::NaiveDate;
use print::{Cell, Column, Fonts, Kind, Sheet, Template, pdf, xlsx_mark, xlsx_read, xlsx_write};
use serde_json::json;
use std::time::Instant;

fn main() {
    let start = resident_mb();
    let kinds = [Kind::Text, Kind::Text, Kind::Int, Kind::Date, Kind::Money];
    let columns = (0..20)
        .map(|n| Column::new(format!("列{n}"), kinds[n % 5]))
        .collect();
    let day = NaiveDate::from_ymd_opt(2009, 2, 28).expect("a date");
    let row = |n: i64| {
        let cell = |column: i64| match column % 5 {
            0 => Cell::Text(format!("3205012009010{:05}", n * 20 + column)),
            1 => Cell::Text(format!("数控技术应用第{n}号学生")),
            2 => Cell::Int(n),
            3 => Cell::Date(day),
            _ => Cell::Money(n * 100 + column),
        };
        (0..20).map(cell).collect()
    };
    let sheet = Sheet {
        name: "学生".into(),
        title: None,
        columns,
        rows: (0..5_000).map(row).collect(),
    };
    let bytes = timed("write 5,000 × 20", || {
        xlsx_write(std::slice::from_ref(&sheet)).expect("written")
    });
    println!(
        "  {} KB, resident {:+} MB",
        bytes.len() / 1024,
        resident_mb() - start
    );
    let read = timed("read 5,000 × 20", || xlsx_read(&bytes).expect("read"));
    println!(
        "  {} rows, resident {:+} MB",
        read[0].rows.len(),
        resident_mb() - start
    );
    timed("mark 5,000 × 20", || xlsx_mark(&read, &[]).expect("marked"));
    drop((sheet, bytes, read));

    let before = resident_mb();
    let fonts = Fonts::discover(&[]);
    timed("find the fonts", || fonts.roles());
    println!("  resident {:+} MB", resident_mb() - before);
    let short = json!({"title": "通知", "blocks": vec![json!({"kind": "paragraph", "text": "立德树人，提高教学质量。".repeat(12)}); 12]});
    for _ in 0..3 {
        timed("official document, 12 paragraphs", || {
            pdf(Template::Official, &short, &fonts).expect("set")
        });
    }
    println!("  resident {:+} MB", resident_mb() - before);
    for rows in [500, 1_500] {
        let row = json!([
            "202500001",
            "张䶮",
            "男",
            "汉族",
            "320501200901010001",
            "2009-01-01",
            "2025级数控1班",
            "在读"
        ]);
        let heading = |heading| json!({ "heading": heading });
        let columns = [
            "学号",
            "姓名",
            "性别",
            "民族",
            "身份证号",
            "出生日期",
            "班级",
            "状态",
        ]
        .map(heading);
        let list = json!({"title": "花名册", "columns": columns, "rows": vec![row; rows]});
        let bytes = timed(&format!("list of {rows} × 8"), || {
            pdf(Template::List, &list, &fonts).expect("set")
        });
        println!(
            "  {} KB, resident {:+} MB",
            bytes.len() / 1024,
            resident_mb() - before
        );
    }
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let result = work();
    println!("{what}: {:?}", started.elapsed());
    result
}

/// Resident memory, on Linux; elsewhere 0.
fn resident_mb() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<i64>().ok())
        .unwrap_or(0)
        / 1024
}
