//! The main job over HTTP: a plan is read, confirmed and published, a record moves its reading, the summary goes out.
use crate::support::{Client, House, OWN_PLAN, on_both_databases};
use axum::http::Method;
use serde_json::{Value as J, json};
use uuid::Uuid;

on_both_databases!(
    from_the_plan_to_the_summary,
    rest_gives_back_what_it_was_given,
    a_sheet_goes_out_as_it_came_in,
    an_attachment_comes_back_to_whom_it_concerns,
    a_long_import_is_a_job_with_an_end,
);

async fn clerk(house: &House) -> (Client, Client) {
    let account = house.account("clerk", "general-affairs", None).await;
    house.grant(account, "office").await;
    house.grant(account, "safety-office").await;
    (house.browser(account).await, house.program(account).await)
}

/// The first code of a set.
fn code(house: &House, set: &str) -> String {
    let set = house
        .app
        .codes
        .get(set)
        .unwrap_or_else(|| panic!("a code set {set}"));
    set.items[0].0.to_owned()
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

/// The school as a unit with somebody at its head, who then answers for what the plan promises.
async fn head(house: &House, api: &Client) -> String {
    let school = json!({ "number": "01", "name": "测试学校", "kind": "school", "active": true });
    let unit = made(api, "unit", school).await;
    let staff = json!({
        "number": "T001", "name": "王校长", "sex": code(house, "sex"), "unit": unit, "kind": code(house, "staff_kind"),
        "title_level": "1", "dual": "none", "certified": true, "status": code(house, "staff_state"),
    });
    let head = made(api, "staff", staff).await;
    let change = json!({ "version": 1, "fields": { "head": head }, "reason": "任命" });
    api.json(Method::PUT, &format!("/api/registers/unit/{unit}"), &change)
        .await
        .expect(200);
    head
}

/// What the board says of the commitment: the words between its labels.
async fn actual(page: &Client, commitment: &str) -> String {
    let text = page.get(&format!("/board/{commitment}")).await.expect(200).text();
    let row = between(&text, "实际", "到期预测");
    row.split('<')
        .filter_map(|piece| Some(piece.split_once('>')?.1.trim()))
        .collect()
}

async fn from_the_plan_to_the_summary(house: House) {
    let house = house.with_school().await;
    let (page, api) = clerk(&house).await;
    let head = head(&house, &api).await;

    // The text comes in, everything in it is confirmed, what no register proves is filled in by hand.
    let id = Uuid::now_v7().to_string();
    let form = [
        ("id", id.as_str()),
        ("title", ""),
        ("unit", ""),
        ("term", ""),
        ("text", ""),
    ];
    let review = page
        .post_file("/plans", &form, ("file", "计划.txt", OWN_PLAN.as_bytes()))
        .await
        .expect(303);
    let plan = between(review.location(), "/plans/", "/review").to_owned();
    let text = page.get(review.location()).await.expect(200).text();
    assert!(
        text.matches("review-card").count() >= 8,
        "the cards of the review: {text}"
    );
    page.post(&format!("/plans/{plan}/accept-all"), &[])
        .await
        .expect(303);
    page.post(&format!("/plans/{plan}/manual"), &[]).await.expect(303);
    let published = page
        .post(&format!("/plans/{plan}/publish"), &[("reason", "")])
        .await;
    assert_eq!(published.status, 303, "{}", published.text());
    assert!(
        !published.location().contains("/review"),
        "{}",
        published.location()
    );
    assert_eq!(house.count("plan_version").await, 1);

    // The promise about hazards is computed from the register of hazards.
    let promise = house
        .app
        .db
        .one(
            "select id from commitment where school_id = $1 and binding = $2 and indicator_id = $3",
            kernel::args![1, "indicator", "hazard_closed"],
        )
        .await
        .expect("the promise is bound to the indicator that its words name");
    let promise = promise.at::<Uuid>(0).expect("an id").to_string();
    let before = actual(&page, &promise).await;

    // A hazard is entered through the form: none of one is closed.
    let hazard = [
        ("found_on", "2026-11-20"),
        ("area", "electric"),
        ("place", "实训楼三楼配电间"),
        ("level", "ordinary"),
        ("risk", "3"),
        ("finding", "配电箱门没有上锁"),
        ("responsible", head.as_str()),
        ("due", "2026-11-30"),
    ];
    let entered = page.post("/r/hazard/new", &hazard).await.expect(303);
    let record = entered
        .location()
        .split('?')
        .next()
        .expect("an address")
        .to_owned();
    let open = actual(&page, &promise).await;
    assert_ne!(open, before, "the reading moved");
    assert!(open.contains("0%") || open.contains("0 %"), "{open}");

    // Rectified and checked: all of one.
    let rectified = [
        ("version", "1"),
        ("measure", "加锁"),
        ("rectified_on", "2026-11-21"),
    ];
    page.post(&format!("{record}/step/rectify"), &rectified)
        .await
        .expect(303);
    let checked = [
        ("version", "2"),
        ("recheck", "已上锁"),
        ("rechecked_on", "2026-11-22"),
    ];
    page.post(&format!("{record}/step/close"), &checked)
        .await
        .expect(303);
    let closed = actual(&page, &promise).await;
    assert!(closed.contains("100"), "{closed}");

    // The summary says so, keeps a hand edit and goes out in both forms.
    let id = Uuid::now_v7().to_string();
    let wanted = [
        ("id", id.as_str()),
        ("plan", plan.as_str()),
        ("from", ""),
        ("to", ""),
        ("title", ""),
    ];
    let drafted = page.post("/summaries", &wanted).await.expect(303);
    let summary = drafted
        .location()
        .split('?')
        .next()
        .expect("an address")
        .to_owned();
    let text = page.get(&summary).await.expect(200).text();
    assert!(text.contains("隐患") && text.contains("100%"), "{text}");
    let word = page.get(&format!("{summary}/export.docx")).await.expect(200);
    assert!(
        word.bytes.starts_with(b"PK") && word.bytes.len() > 2_000,
        "{} bytes",
        word.bytes.len()
    );
    let pdf = page.get(&format!("{summary}/export.pdf")).await.expect(200);
    assert!(
        pdf.bytes.starts_with(b"%PDF-") && pdf.bytes.len() > 2_000,
        "{} bytes",
        pdf.bytes.len()
    );
}

async fn rest_gives_back_what_it_was_given(house: House) {
    let house = house.with_school().await;
    let (_, api) = clerk(&house).await;
    let id = Uuid::now_v7();
    let fields = json!({
        "number": "A101", "name": "教学楼A101", "building": "教学楼A", "floor": 1, "kind": "5", "seats": 48,
        "area": "72.5", "description": "多行\n说明", "status": "in_use",
    });
    let body = json!({ "id": id, "fields": fields });
    let made = api
        .json(Method::POST, "/api/registers/room", &body)
        .await
        .expect(201)
        .json();
    assert_eq!(made["id"], json!(id));
    let path = format!("/api/registers/room/{id}");
    let kept = api.get(&path).await.expect(200).json();
    for (name, value) in fields.as_object().expect("an object") {
        assert_eq!(kept["fields"][name], *value, "{name}");
    }
    // Sent again after a lost answer it is the same record; another one with the same number is refused.
    let again = api
        .json(Method::POST, "/api/registers/room", &body)
        .await
        .expect(201)
        .json();
    assert_eq!((&again["id"], &again["version"]), (&kept["id"], &kept["version"]));
    assert_eq!(house.count("r_room").await, 1);
    let twin = json!({ "fields": fields });
    let refused = api
        .json(Method::POST, "/api/registers/room", &twin)
        .await
        .expect(422)
        .json();
    assert_eq!(refused["violations"][0]["field"], "number", "{refused}");
    // A change builds on the version that was read; a stale one is refused and changes nothing.
    let change = json!({ "version": kept["version"], "fields": { "seats": 50 }, "reason": "加座" });
    let changed = api.json(Method::PUT, &path, &change).await.expect(200).json();
    assert_eq!(
        (&changed["fields"]["seats"], &changed["fields"]["name"]),
        (&json!(50), &json!("教学楼A101"))
    );
    api.json(Method::PUT, &path, &change).await.expect(409);
    let bad = json!({ "version": changed["version"], "fields": { "seats": 50_000, "colour": "red" } });
    let refused = api.json(Method::PUT, &path, &bad).await.expect(422).json();
    assert!(
        refused["violations"]
            .as_array()
            .is_some_and(|list| !list.is_empty()),
        "{refused}"
    );
    // Nothing is deleted: it is voided with a reason and leaves the list.
    let void = json!({ "version": changed["version"], "reason": "重复登记" });
    api.json(Method::POST, &format!("{path}/void"), &void)
        .await
        .expect(200);
    let listed = api.get("/api/registers/room").await.expect(200).json();
    assert_eq!(listed["total"], 0, "{listed}");
    assert_eq!(api.get(&path).await.expect(200).json()["voided"], "重复登记");
    // No token, no rows.
    house.stranger().get("/api/registers/room").await.expect(401);
}

async fn a_sheet_goes_out_as_it_came_in(house: House) {
    let house = house.with_school().await;
    let (page, api) = clerk(&house).await;
    for number in 1..=40 {
        let fields = json!({
            "number": format!("B{number:03}"), "name": format!("实训楼{number}室"), "building": "实训楼", "floor": number % 5,
            "kind": "5", "seats": 40 + number, "area": format!("{number}.5"), "status": "in_use",
            "description": if number % 3 == 0 { json!("带逗号，带\"引号\"\n带换行") } else { J::Null },
        });
        api.json(Method::POST, "/api/registers/room", &json!({ "fields": fields }))
            .await
            .expect(201);
    }
    let sheet = page.get("/r/room/export.xlsx").await.expect(200).bytes;
    // Into an empty school: the dry run writes nothing, the confirmation everything.
    let other = House::open(crate::support::Engine::Sqlite)
        .await
        .expect("SQLite is always there")
        .with_school()
        .await;
    let (there, _) = clerk(&other).await;
    let tried = there
        .post_file("/r/room/import", &[], ("file", "场所.xlsx", &sheet))
        .await
        .expect(200)
        .text();
    assert_eq!(other.count("r_room").await, 0);
    let confirm = between(&tried, "action=\"/r/room/import/", "\"");
    there
        .post(&format!("/r/room/import/{confirm}"), &[])
        .await
        .expect(303);
    assert_eq!(other.count("r_room").await, 40);
    let again = there.get("/r/room/export.xlsx").await.expect(200).bytes;
    assert_eq!(cells(&again), cells(&sheet));
    // The same sheet once more: nothing is new.
    let known = there
        .post_file("/r/room/import", &[], ("file", "场所.xlsx", &sheet))
        .await
        .expect(200);
    assert!(!known.text().contains("确认导入"), "there is nothing to confirm");
    // A row that contradicts what is there is refused as a whole, and the marked file comes back.
    let rows = cells(&sheet);
    let seats = rows[0]
        .iter()
        .position(|heading| heading.contains("座位数"))
        .expect("a column");
    let mut other_row = rows[1].clone();
    other_row[seats] = "7".into();
    let csv = format!("{}\n{}\n", rows[0].join(","), other_row.join(","));
    let refused = there
        .post_file("/r/room/import", &[], ("file", "场所.csv", csv.as_bytes()))
        .await
        .expect(422)
        .text();
    assert_eq!(other.count("r_room").await, 40);
    let marked = between(&refused, "/r/room/import/", "/errors.xlsx");
    let file = there
        .get(&format!("/r/room/import/{marked}/errors.xlsx"))
        .await
        .expect(200)
        .bytes;
    assert!(cells(&file).len() >= 2, "the file comes back with the marks");
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let rest = text
        .split_once(before)
        .unwrap_or_else(|| panic!("{before:?} is not in {text}"))
        .1;
    rest.split_once(after).expect("an end").0
}

/// All cells of a workbook's first sheet, as text.
fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
    use calamine::Reader;
    let mut book: calamine::Xlsx<_> =
        calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).expect("a workbook");
    let range = book.worksheet_range_at(0).expect("a sheet").expect("cells");
    range
        .rows()
        .map(|row| row.iter().map(ToString::to_string).collect())
        .collect()
}

/// One pixel, with a comment that says where it was taken.
const PICTURE: &[u8] =
    b"\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\x00\x01\x00\x00\x00\x01\
      \x08\x02\x00\x00\x00\x90\x77\x53\xde\x00\x00\x00\x19\x74\x45\x58\x74\x43\x6f\x6d\x6d\x65\x6e\x74\
      \x00\x74\x61\x6b\x65\x6e\x20\x61\x74\x20\x74\x68\x65\x20\x67\x61\x74\x65\xb1\xd7\x52\x6b\x00\x00\
      \x00\x0c\x49\x44\x41\x54\x78\x9c\x63\x50\x70\x48\x00\x00\x01\x44\x00\xc1\x0b\x8d\x96\x42\x00\x00\
      \x00\x00\x49\x45\x4e\x44\xae\x42\x60\x82";

async fn an_attachment_comes_back_to_whom_it_concerns(house: House) {
    let house = house.with_school().await;
    let (page, api) = clerk(&house).await;
    let head = head(&house, &api).await;
    let hazard = [
        ("found_on", "2026-11-20"),
        ("area", "electric"),
        ("place", "配电间"),
        ("level", "ordinary"),
        ("risk", "3"),
        ("finding", "没有上锁"),
        ("responsible", head.as_str()),
        ("due", "2026-11-30"),
    ];
    let entered = page
        .post_file("/r/hazard/new", &hazard, ("photos", "现场.png", PICTURE))
        .await
        .expect(303);
    let record = page.get(entered.location()).await.expect(200).text();
    let file = format!("/files/{}", between(&record, "\"/files/", "\""));
    let kept = page.get(&file).await.expect(200).bytes;
    assert!(kept.starts_with(b"\x89PNG"), "it is still a picture");
    assert!(
        !kept.windows(4).any(|part| part == b"gate"),
        "what was written into it beside the picture is gone"
    );
    // Somebody who may not read the record does not get its picture either, even by its address.
    let other = house.account("other", "enrolment-office", None).await;
    let refused = house.browser(other).await.get(&file).await;
    assert!(refused.status.is_client_error(), "{}", refused.status);
    house.stranger().get(&file).await.expect(303);
}

async fn a_long_import_is_a_job_with_an_end(house: House) {
    let house = house.with_school().await;
    let (page, _) = clerk(&house).await;
    let mut sheet = String::from("教室号,教室名称,楼宇,类型,座位数,状态\n");
    let kind = page.get("/r/room/new").await.expect(200).text();
    let kind = between(&kind, "<option value=\"5\">", "</option>").to_owned();
    for number in 0..1_200 {
        sheet.push_str(&format!("L{number:04},第{number}室,实训楼,{kind},40,在用\n"));
    }
    let tried = page
        .post_file("/r/room/import", &[], ("file", "场所.csv", sheet.as_bytes()))
        .await
        .expect(200)
        .text();
    let confirm = between(&tried, "action=\"/r/room/import/", "\"").to_owned();
    let begun = page
        .post(&format!("/r/room/import/{confirm}"), &[])
        .await
        .expect(303);
    let job = begun.location().to_owned();
    assert!(job.starts_with("/jobs/"), "{job}");
    // The page asks again until the job has ended; it tells the result then.
    let end = loop {
        let view = page.get(&job).await.expect(200).text();
        if !view.contains("进行中") && !view.contains("排队中") {
            break view;
        }
    };
    assert!(end.contains("已导入 1200 条"), "{end}");
    assert_eq!(house.count("r_room").await, 1_200);
    // Confirmed once more, it is not written once more.
    page.post(&format!("/r/room/import/{confirm}"), &[])
        .await
        .expect(409);
    assert_eq!(house.count("r_room").await, 1_200);
}
