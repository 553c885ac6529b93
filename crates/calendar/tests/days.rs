//! What dates are, and reading a year's days from a file.

use calendar::{DayKind, DayTable, Half, SchoolYear, SpecialKind, Term};
use chrono::{Datelike, NaiveDate, Weekday};

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn autumn(year: i32) -> Term {
    Term::standard(SchoolYear(year), Half::Autumn, &DayTable::builtin())
}

#[test]
fn the_builtin_table_holds_the_announced_number_of_days() {
    let table = DayTable::builtin();
    for (year, off, worked) in [(2023, 26, 7), (2024, 28, 8), (2025, 28, 5), (2026, 33, 6)] {
        let of_year: Vec<_> = table.iter().filter(|(date, _)| date.year() == year).collect();
        let made_up = of_year
            .iter()
            .filter(|(_, day)| day.kind == SpecialKind::Work)
            .count();
        assert_eq!((of_year.len() - made_up, made_up), (off, worked), "{year}");
        assert!(!table.is_provisional(year));
    }
    assert!(table.is_provisional(2027));
}

#[test]
fn every_builtin_make_up_day_stands_for_a_weekday_taken_off() {
    let table = DayTable::builtin();
    for (date, day) in table.iter().filter(|(_, day)| day.kind == SpecialKind::Work) {
        assert!(matches!(date.weekday(), Weekday::Sat | Weekday::Sun), "{date}");
        assert!(day.derived);
        assert!(
            day.stands_for
                .is_some_and(|weekday| weekday.num_days_from_monday() < 5),
            "{date}"
        );
    }
}

#[test]
fn kinds_of_days_round_national_day_2026() {
    let (term, table) = (autumn(2026), DayTable::builtin());
    assert_eq!(table.kind_of(&term, day(2026, 8, 30)), DayKind::Outside);
    assert_eq!(
        table.kind_of(&term, day(2026, 8, 31)),
        DayKind::Teaching {
            weekday_taught: Weekday::Mon
        }
    );
    assert_eq!(table.kind_of(&term, day(2026, 9, 19)), DayKind::Weekend);
    assert_eq!(
        table.kind_of(&term, day(2026, 10, 1)),
        DayKind::Holiday {
            name: "国庆节".into()
        }
    );
    let sunday = table.kind_of(&term, day(2026, 9, 20));
    assert_eq!(
        sunday,
        DayKind::Makeup {
            name: "国庆节".into(),
            stands_for: Some(Weekday::Tue)
        }
    );
    assert_eq!(sunday.weekday_taught(), Some(Weekday::Tue));
    assert_eq!(
        table.kind_of(&term, day(2026, 10, 10)).weekday_taught(),
        Some(Weekday::Wed)
    );
    let fortnight = table.teaching_days(&term, day(2026, 9, 28)..=day(2026, 10, 11));
    let expected = [(9, 28), (9, 29), (9, 30), (10, 8), (10, 9), (10, 10)];
    assert_eq!(fortnight, expected.map(|(m, d)| day(2026, m, d)));
}

#[test]
fn a_school_decides_whose_timetable_a_make_up_day_teaches() {
    let (term, mut table) = (autumn(2026), DayTable::builtin());
    assert!(table.set_stands_for(day(2026, 9, 20), Weekday::Fri));
    assert_eq!(
        table.kind_of(&term, day(2026, 9, 20)).weekday_taught(),
        Some(Weekday::Fri)
    );
    assert!(!table.get(day(2026, 9, 20)).unwrap().derived);
    assert!(
        !table.set_stands_for(day(2026, 9, 21), Weekday::Fri),
        "an ordinary Monday"
    );
}

#[test]
fn a_year_not_announced_has_its_fixed_days_and_a_note() {
    let (term, table) = (autumn(2026), DayTable::builtin());
    assert_eq!(table.holiday_name(day(2027, 1, 1)), Some("元旦"));
    assert_eq!(table.holiday_name(day(2027, 5, 2)), Some("劳动节"));
    assert_eq!(table.holiday_name(day(2027, 10, 3)), Some("国庆节"));
    assert_eq!(table.holiday_name(day(2027, 10, 4)), None);
    assert_eq!(table.holiday_name(day(2026, 5, 6)), None);
    assert_eq!(
        table.provisional_note(&term).unwrap(),
        "2027年节假日待国务院办公厅通知"
    );
    assert_eq!(table.provisional_note(&autumn(2024)), None);
}

const NEXT_YEAR: &str = "\u{feff}日期,类型,名称,按星期几上课\r\n2026-12-31,放假,元旦,\r\n2027/1/1,放假,元旦,\r\n\
    2027年9月26日,上班,国庆节,星期四\r\n2027.10.1,放假,国庆节,\r\n2027-10-07,调休,国庆节,\r\n2027-10-09,上班,国庆节\r\n";

#[test]
fn an_imported_year_joins_the_table_and_leaves_the_others() {
    let mut table = DayTable::builtin();
    table.merge(DayTable::from_csv(NEXT_YEAR).unwrap());
    assert!(!table.is_provisional(2027));
    assert_eq!(
        table.holiday_name(day(2027, 5, 1)),
        None,
        "the announced year has only its own days"
    );
    assert_eq!(table.holiday_name(day(2026, 12, 31)), Some("元旦"));
    assert_eq!(
        table.holiday_name(day(2026, 10, 1)),
        Some("国庆节"),
        "one day does not replace a year"
    );
    assert_eq!(
        table.get(day(2027, 9, 26)).unwrap().stands_for,
        Some(Weekday::Thu)
    );
    assert_eq!(
        table.get(day(2027, 10, 9)).unwrap().stands_for,
        None,
        "one day off, two worked: unknown"
    );
}

#[test]
fn json_reads_as_csv_does() {
    let json = r#"[{"日期":"2027-10-01","类型":"放假","名称":"国庆节"},
        {"日期":"2027-10-07","类型":"调休","名称":"国庆节","按星期几上课":null},
        {"日期":"2027-10-09","类型":"上班","名称":"国庆节","按星期几上课":4}]"#;
    let csv = "名称\t类型\t日期\t按星期几上课\n国庆节\t放假\t2027-10-01\t\n国庆节\t调休\t2027-10-07\t\n国庆节\t上班\t2027-10-09\t周四\n";
    assert_eq!(
        DayTable::from_json(json).unwrap(),
        DayTable::from_csv(csv).unwrap()
    );
}

#[test]
fn faults_name_their_line_and_cause() {
    let csv = "日期,类型,名称,按星期几上课\n# 说明\n2027-02-30,放假,春节,\n2027-02-08,上班,春节,\n2027-02-06,上课,春节,\n\
        2027-02-07,上班,春节,八\n2027-02-10,放假,,\n2027-05-01,放假,劳动节,\n2027-05-01,放假,劳动节,\n2027-05-03,放假,劳动节,一\n";
    let error = DayTable::from_csv(csv).unwrap_err();
    let lines: Vec<usize> = error.problems.iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [3, 4, 5, 6, 7, 9, 10]);
    let text = error.to_string();
    for cause in [
        "第3行：“2027-02-30”不是日期",
        "第4行：2027-02-08 是星期一，本来上课",
        "“类型”为“上课”",
        "“按星期几上课”为“八”",
        "第7行：“名称”为空",
        "2027-05-01 与第8行重复",
        "不应填“按星期几上课”",
    ] {
        assert!(text.contains(cause), "{cause} not in {text}");
    }
    let heading = DayTable::from_csv("日期,名称\n2027-01-01,元旦")
        .unwrap_err()
        .to_string();
    assert_eq!(heading, "第1行：表头缺少“类型”列");
    assert!(
        DayTable::from_csv("")
            .unwrap_err()
            .to_string()
            .contains("文件没有内容")
    );
    let unknown = DayTable::from_json(r#"[{"date":"2027-01-01"}]"#)
        .unwrap_err()
        .to_string();
    assert!(unknown.starts_with("第1项：不认识“date”"), "{unknown}");
    let broken = DayTable::from_json("[\n{\"日期\":}\n]").unwrap_err().to_string();
    assert!(broken.starts_with("第2行："), "{broken}");
}

#[test]
fn tables_survive_serialisation() {
    let table = DayTable::builtin();
    let text = serde_json::to_string(&table).unwrap();
    assert_eq!(serde_json::from_str::<DayTable>(&text).unwrap(), table);
}
