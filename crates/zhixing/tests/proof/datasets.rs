//! The national tables over HTTP: a machine feeds, the page says what is missing, the file is what the standard wants.
use crate::support::{Client, House, on_both_databases};
use axum::http::Method;
use calamine::{Data, Reader, Xlsx};
use serde_json::{Value as J, json};
use std::io::Cursor;

on_both_databases!(
    a_fed_table_is_checked_and_handed_out,
    what_one_may_not_read_needs_a_reason
);

async fn member(house: &House, role: &str) -> (Client, Client) {
    let account = house.account(role, role, None).await;
    (house.browser(account).await, house.program(account).await)
}

async fn made(api: &Client, register: &str, fields: J) -> String {
    let path = format!("/api/registers/{register}");
    let made = api
        .json(Method::POST, &path, &json!({ "fields": fields }))
        .await
        .expect(201)
        .json();
    made["id"].as_str().expect("an id").to_owned()
}

fn profile() -> J {
    json!({
        "name": "测试学校", "school_code": "9901020001", "institution_code": "12990102MB0000001X",
        "province_code": "990000", "province": "某省", "city_code": "990100", "city": "某市",
        "county_code": "990102", "county": "某区", "category": "361", "organiser": "某市教育局",
        "organiser_kind": "1", "founded": "198509", "excellence": "0", "applications": 1, "uplink": 1000,
        "backbone": 10000, "wired": 500, "wireless": 200,
    })
}

/// The rows of a sheet as text.
fn lines(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let sheet = book.worksheet_range_at(0).expect("a sheet").expect("its cells");
    let text = |cell: &Data| cell.to_string();
    sheet.rows().map(|row| row.iter().map(text).collect()).collect()
}

async fn a_fed_table_is_checked_and_handed_out(house: House) {
    let house = house.with_school().await;
    let (page, api) = member(&house, "it-center").await;
    let (_, office) = member(&house, "office").await;

    // The template has a heading for each column that the machine must give.
    let template = page.get("/r/feed_t52/template.xlsx").await.expect(200);
    let headings = lines(&template.bytes)
        .into_iter()
        .next()
        .expect("headings")
        .join(" ");
    for heading in ["消费总额", "消费人次", "消费类别码", "消费日期"] {
        assert!(headings.contains(heading), "{headings}");
    }
    let day = json!({ "xfze": "1280.50", "xfrc": 96, "xflbm": "1", "xfrq": "2026-11-20" });
    let record = made(&api, "feed_t52", day).await;
    let wrong = json!({ "fields": { "xfze": "1", "xfrc": 1, "xflbm": "8", "xfrq": "2026-11-20" } });
    api.json(Method::POST, "/api/registers/feed_t52", &wrong)
        .await
        .expect(422);

    // Without the school's code no row can be reported; the fault names record and column and leads to it.
    let text = page.get("/datasets/52").await.expect(200).text();
    assert!(text.contains(&format!("/r/feed_t52/{record}")), "{text}");
    assert!(text.contains("XXDM") && text.contains("必填"), "{text}");
    let rows = page.get("/datasets/52/rows.json").await.expect(200).json();
    assert_eq!(rows, json!([]));

    made(&office, "school_profile", profile()).await;
    let rows = page.get("/datasets/52/rows.json").await.expect(200).json();
    let key = record.replace('-', "").to_uppercase();
    let row = json!({
        "ZJSJWYXBS": key, "XXDM": "9901020001", "XFZE": 1280.5, "XFRC": 96, "XFLBM": "1", "XFRQ": "20261120",
        "SJCJSJ": rows[0]["SJCJSJ"],
    });
    assert_eq!(rows, json!([row]));
    let collected = rows[0]["SJCJSJ"].as_str().expect("a time");
    assert!(
        collected.starts_with("20261123 ") && collected.len() == 15,
        "{collected}"
    );
    let sheet = page.get("/datasets/52/rows.xlsx").await.expect(200);
    let sheet = lines(&sheet.bytes);
    assert_eq!(sheet[0][0], "ZJSJWYXBS");
    assert_eq!(sheet[1][0], key);
    assert_eq!(sheet.len(), 2);

    // The school itself, with what is counted.
    let rows = page.get("/datasets/1/rows.json").await.expect(200).json();
    assert_eq!(rows[0]["XXJGMC"], "测试学校");
    assert_eq!((&rows[0]["XYJSS"], &rows[0]["BXKSZYS"]), (&json!(0), &json!(0)));

    // Everything at once; the list remembers.
    let list = page.get("/datasets").await.expect(200).text();
    assert_eq!(list.matches("data-href=\"/datasets/").count(), 61);
    assert!(list.contains("未检查"));
    page.post("/datasets/check", &[]).await.expect(303);
    let list = page.get("/datasets").await.expect(200).text();
    assert!(!list.contains("未检查"));
    assert_eq!(house.count("dataset_check").await, 61);
}

async fn what_one_may_not_read_needs_a_reason(house: House) {
    let house = house.with_school().await;
    let (page, _) = member(&house, "it-center").await;
    let (teacher, _) = member(&house, "teacher").await;
    teacher.get("/datasets").await.expect(403);
    teacher.get("/datasets/39/rows.json").await.expect(403);

    // The leave of students is none of the computer centre's lists.
    page.get("/datasets/39/rows.json").await.expect(422);
    page.post("/datasets/39/rows.json", &[("why", "好奇")])
        .await
        .expect(422);
    assert_eq!(house.count("sealed_read").await, 0);
    let why = [("why", "按国家数据标准上报")];
    page.post("/datasets/39/rows.json", &why).await.expect(200);
    assert_eq!(house.count("sealed_read").await, 1);
    page.get("/datasets/62").await.expect(404);
}
