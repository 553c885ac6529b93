//! Sealed fields: cipher text at rest, masks everywhere, opened with a reason and logged.
use super::*;
use crate::args;
use crate::seal::log;
use axum::http::Method;
use serde_json::json;

const PHONE: &str = "13912345678";
const MASK: &str = "139*****678";

async fn phoned(story: &Story, number: &str) -> Uuid {
    let item = Item {
        phone: Some(PHONE.into()),
        ..story.item(number, "焊机")
    };
    story.write(&story.office, &item).await
}

async fn readings(story: &Story) -> Vec<log::Reading> {
    let scope = story.app.system();
    log::read(&scope, &log::Search::default(), 0, 100)
        .await
        .expect("the log")
}

/// Everything that the database holds of the items and their history, as text.
pub(super) async fn at_rest(story: &Story) -> String {
    let db = &story.app.app.db;
    let mut all = String::new();
    let columns = db.columns_of("r_item").await.expect("columns");
    for (name, _) in columns.iter().filter(|column| column.1 == "text") {
        let rows = db
            .all(&format!("select coalesce({name}, '') from r_item"), &[])
            .await;
        for row in rows.expect("rows") {
            all.push_str(&format!("{name}={} ", row.at::<String>(0).expect("text")));
        }
    }
    let lines = db
        .all(
            "select coalesce(before, ''), coalesce(after, '') from journal",
            &[],
        )
        .await
        .expect("the journal");
    for line in lines {
        all.push_str(&line.at::<String>(0).expect("text"));
        all.push_str(&line.at::<String>(1).expect("text"));
    }
    all
}

#[tokio::test]
async fn the_database_and_the_journal_hold_cipher_text_only() {
    for story in stories().await {
        let id = phoned(&story, "A1").await;
        let form = [("version", "1"), ("phone", "13700000001")];
        let mut all = story.form("A1", "").to_vec();
        let dept = story.north.to_string();
        all.retain(|pair| pair.0 != "dept");
        all.push(("dept", &dept));
        all.extend(form);
        let done = story
            .app
            .post(&story.office, &format!("/r/item/{id}/edit"), &all)
            .await;
        assert_eq!(done.status, 303, "{}", done.text());
        let rest = at_rest(&story).await;
        assert_eq!(
            rest.matches("sm4:").count(),
            4,
            "one column, three values in two entries: {rest}"
        );
        for secret in [PHONE, "13700000001"] {
            assert!(!rest.contains(secret), "{secret} in {rest}");
        }
        let record = store::get(&story.app.system(), &story.item, id)
            .await
            .expect("it");
        assert_eq!(
            field(&story.item, &record.values, "phone").text(),
            Some("13700000001")
        );
    }
}

#[tokio::test]
async fn a_record_is_opened_with_a_reason_for_a_while_and_for_one_person() {
    for story in stories().await {
        let (id, other) = (phoned(&story, "A1").await, phoned(&story, "A2").await);
        let page = format!("/r/item/{id}");
        let unseal = format!("{page}/unseal");
        let sees = async |person: &Person, path: &str| {
            let text = story.app.get(person, path).await.text();
            assert!(text.contains(PHONE) != text.contains(MASK), "{text}");
            text.contains(PHONE)
        };
        assert!(
            story
                .app
                .get(&story.head, &page)
                .await
                .text()
                .contains("data-dialog=\"unseal\"")
        );
        assert!(
            !story
                .app
                .get(&story.watcher, &page)
                .await
                .text()
                .contains("data-dialog=\"unseal\"")
        );
        // Nothing without the right, nothing without a reason.
        let forbidden = story
            .app
            .post(&story.watcher, &unseal, &[("why", "联系家长")])
            .await;
        assert_eq!(forbidden.status, 403);
        for pairs in [&[][..], &[("why", "好奇")], &[("why", "其他"), ("words", " ")]] {
            assert_eq!(story.app.post(&story.head, &unseal, pairs).await.status, 422);
        }
        assert!(!sees(&story.head, &page).await);
        assert!(readings(&story).await.is_empty());
        let opened = story
            .app
            .post(
                &story.head,
                &unseal,
                &[("why", "联系家长"), ("words", "请假核实")],
            )
            .await;
        assert_eq!((opened.status.as_u16(), opened.location()), (303, page.as_str()));
        assert!(sees(&story.head, &page).await);
        assert!(
            !sees(&story.office, &page).await,
            "only for the person who gave the reason"
        );
        assert!(
            !sees(&story.head, &format!("/r/item/{other}")).await,
            "only the one record"
        );
        for path in [
            "/r/item?cols=name,phone",
            &format!("{page}/print"),
            &format!("{page}/edit"),
        ] {
            assert!(!sees(&story.head, path).await, "{path}");
        }
        let log = readings(&story).await;
        assert_eq!(log.len(), 1);
        assert_eq!((log[0].name.as_str(), log[0].record), ("head", Some(id)));
        assert_eq!(log[0].reason, "联系家长：请假核实");
        let history = story.app.get(&story.watcher, &page).await.text();
        assert!(
            history.contains("查看保密内容") && history.contains("请假核实"),
            "{history}"
        );
        // Ten minutes later it is closed again.
        let before = story.app.app.clock.now() - chrono::Duration::minutes(log::OPEN_MINUTES);
        let db = &story.app.app.db;
        db.run("update sealed_read set at = $1", args![before])
            .await
            .expect("time passes");
        assert!(!sees(&story.head, &page).await);
    }
}

#[tokio::test]
async fn a_form_keeps_what_was_not_typed_anew() {
    for story in stories().await {
        let id = phoned(&story, "A1").await;
        let edit = format!("/r/item/{id}/edit");
        let dept = story.north.to_string();
        let send = async |person: &Person, version: &str, name: &str, phone: &str| {
            let mut form = story.form("A1", &dept);
            form.retain(|pair| pair.0 != "name");
            form.extend([("version", version), ("name", name), ("phone", phone)]);
            story.app.post(person, &edit, &form).await
        };
        let phone = async || {
            let record = store::get(&story.app.system(), &story.item, id)
                .await
                .expect("it");
            let value = field(&story.item, &record.values, "phone").clone();
            value.text().map(str::to_owned)
        };
        let shown = story.app.get(&story.head, &edit).await.text();
        assert!(shown.contains(MASK) && !shown.contains(PHONE), "{shown}");
        assert_eq!(send(&story.head, "1", "一", MASK).await.status, 303);
        assert_eq!(phone().await.as_deref(), Some(PHONE));
        // Another mask is no number.
        let refused = send(&story.head, "2", "二", "137*****678").await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("保管电话是遮盖后的内容"));
        assert_eq!(send(&story.head, "2", "二", "13700000001").await.status, 303);
        assert_eq!(phone().await.as_deref(), Some("13700000001"));
        assert_eq!(send(&story.head, "3", "三", "").await.status, 303);
        assert_eq!(phone().await, None);
    }
}

#[tokio::test]
async fn every_kind_of_field_can_be_sealed() {
    const SEALED: [&str; 8] = [
        "level",
        "colour",
        "amount",
        "price",
        "tested_at",
        "lent",
        "note",
        "photos",
    ];
    let seal = |spec: &mut RegisterSpec| {
        for name in SEALED {
            let at = spec.index(name).expect("a field");
            spec.fields[at].sealed = true;
        }
    };
    for story in stories_with(seal).await {
        let scope = story.app.scope(&story.office).await;
        let photo = crate::files::keep(&scope, "诊断.txt", b"secret".to_vec())
            .await
            .expect("kept");
        let item = Item {
            level: Level::High,
            colour: Some(Code("02".into())),
            amount: Some(777),
            price: Some(Money(12_345)),
            tested_at: Some(crate::clock::instant_at(day(9, 1).into())),
            lent: Some(true),
            note: Some(LongText("家里的事\n不要说".into())),
            photos: Files(vec![photo]),
            ..story.item("A1", "焊机")
        };
        let id = story.write(&story.office, &item).await;
        let values = async || {
            let record = store::get(&story.app.system(), &story.item, id)
                .await
                .expect("it");
            record.values
        };
        assert_eq!(values().await, item.to_values());
        let rest = at_rest(&story).await;
        for secret in [
            "high",
            ":777",
            ":12345",
            "家里",
            &photo.to_string(),
            "f_colour=02",
        ] {
            assert!(!rest.contains(secret), "{secret} in {rest}");
        }
        let page = format!("/r/item/{id}");
        let covered = story.app.get(&story.office, &page).await.text();
        for secret in [">重大<", ">777<", "123.45", "家里", "诊断"] {
            assert!(!covered.contains(secret), "{secret} in {covered}");
        }
        // The form sent back as it was shown changes nothing but what was typed.
        let dept = story.north.to_string();
        let mut form = story.form("A1", &dept);
        form.retain(|pair| !["level", "name"].contains(&pair.0));
        form.extend([("version", "1"), ("name", "改名")]);
        form.extend(
            SEALED
                .iter()
                .filter(|name| **name != "photos")
                .map(|name| (*name, "******")),
        );
        let shown = story.app.get(&story.office, &format!("{page}/edit")).await.text();
        assert!(!shown.contains("诊断") && !shown.contains("\"777\""), "{shown}");
        let done = story
            .app
            .post(&story.office, &format!("{page}/edit"), &form)
            .await;
        assert_eq!(done.status, 303, "{}", done.text());
        let renamed = Item {
            name: "改名".into(),
            ..item.clone()
        };
        assert_eq!(values().await, renamed.to_values());
        // A sealed attachment is read by who uploaded it, and from the opened record.
        let file = format!("/files/{photo}");
        let of = format!("{file}?of=item/{id}");
        assert_eq!(story.app.get(&story.head, &of).await.status, 404);
        let opened = story
            .app
            .post(&story.head, &format!("{page}/unseal"), &[("why", "核对信息")])
            .await;
        assert_eq!(opened.status, 303);
        assert_eq!(story.app.get(&story.head, &of).await.status, 200);
        assert_eq!(story.app.get(&story.head, &file).await.status, 404);
        let open = story.app.get(&story.head, &page).await.text();
        for plain in ["重大", "777", "123.45", "家里的事", "诊断"] {
            assert!(open.contains(plain), "{plain} in {open}");
        }
        // Indicators still count by a sealed choice.
        let found = story.app.get(&story.office, "/r/item?f.level=high").await.text();
        assert!(found.contains("改名"), "{found}");
    }
}

#[tokio::test]
async fn exports_are_masked_unless_a_reason_is_given() {
    for story in stories().await {
        phoned(&story, "A1").await;
        phoned(&story, "A2").await;
        let south = Item {
            dept: Ref::new(story.south),
            phone: Some("13600000009".into()),
            ..story.item("A3", "别系的")
        };
        story.write(&story.office, &south).await;
        let cells = |bytes: &[u8]| -> Vec<String> {
            let sheets = print::xlsx_read(bytes).expect("a workbook");
            let rows = sheets[0].rows.iter();
            rows.flat_map(|row| row.cells.iter().map(|cell| cell.text()))
                .collect()
        };
        let masked = story.app.get(&story.office, "/r/item/export.xlsx").await;
        let masked = cells(&masked.bytes);
        assert!(masked.iter().any(|cell| cell == MASK) && !masked.iter().any(|cell| cell == PHONE));
        let path = "/r/item/export-sealed.xlsx";
        let list = async |person: &Person| story.app.get(person, "/r/item").await.text();
        assert!(list(&story.office).await.contains("含保密字段导出"));
        assert!(!list(&story.watcher).await.contains("含保密字段导出"));
        let why = [("why", "办理业务")];
        assert_eq!(story.app.post(&story.watcher, path, &why).await.status, 403);
        assert_eq!(story.app.post(&story.office, path, &[]).await.status, 422);
        assert!(readings(&story).await.is_empty());
        let plain = story.app.post(&story.head, path, &why).await;
        assert_eq!(plain.status, 200);
        let plain = cells(&plain.bytes);
        assert_eq!(plain.iter().filter(|cell| *cell == PHONE).count(), 2);
        let log = readings(&story).await;
        assert_eq!(log.len(), 1);
        assert_eq!(
            (log[0].via, log[0].records, log[0].record),
            (log::Via::Export, 2, None)
        );
    }
}

#[tokio::test]
async fn a_masked_export_comes_back_without_harm() {
    for story in stories().await {
        let id = phoned(&story, "A1").await;
        let file = story.app.get(&story.office, "/r/item/export.xlsx").await.bytes;
        let upload = async |bytes: &[u8]| {
            let file = ("file", "x.xlsx", bytes);
            story.app.upload(&story.office, "/r/item/import", &[], file).await
        };
        let same = upload(&file).await;
        assert_eq!(same.status, 200, "{}", same.text());
        assert!(same.text().contains("没有要导入的内容"), "{}", same.text());
        // The same sheet about a record that is not there needs the real number.
        let system = story.app.system();
        store::void(&system, &story.item, id, 1, "测试")
            .await
            .expect("void");
        let refused = upload(&file).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("保管电话是遮盖后的内容"));
    }
}

#[tokio::test]
async fn programs_give_a_reason_too() {
    for story in stories().await {
        let id = phoned(&story, "A1").await;
        let one = format!("/api/registers/item/{id}");
        let phone = async |person: &Person, path: &str| {
            let answer = story.app.api(person, Method::GET, path, None).await.json();
            let row = answer["rows"].get(0).unwrap_or(&answer).clone();
            row["fields"]["phone"].as_str().expect("a text").to_owned()
        };
        let why = format!("?reason={}", crate::http::escape("月报对接"));
        for path in [one.clone(), "/api/registers/item".into()] {
            assert_eq!(phone(&story.office, &path).await, MASK);
            assert_eq!(phone(&story.watcher, &format!("{path}{why}")).await, MASK);
        }
        assert!(readings(&story).await.is_empty());
        for path in [one.clone(), "/api/registers/item".into()] {
            assert_eq!(phone(&story.office, &format!("{path}{why}")).await, PHONE);
        }
        let log = readings(&story).await;
        assert_eq!(log.len(), 2);
        assert_eq!(
            (log[1].record, log[0].record, log[0].records),
            (Some(id), None, 1)
        );
        assert_eq!(log[0].reason, "月报对接");
        // A program's reading opens nothing on the page.
        let page = story
            .app
            .get(&story.office, &format!("/r/item/{id}"))
            .await
            .text();
        assert!(!page.contains(PHONE));
        let names = format!("/api/registers/item{why}&cols=name");
        assert_eq!(
            story
                .app
                .api(&story.office, Method::GET, &names, None)
                .await
                .status,
            200
        );
        assert_eq!(readings(&story).await.len(), 2, "no sealed field was asked for");
        let body = json!({ "version": 1, "fields": { "amount": 5 } });
        let written = story
            .app
            .api(&story.office, Method::PUT, &one, Some(body))
            .await
            .json();
        assert_eq!(written["fields"]["phone"], MASK);
    }
}

#[tokio::test]
async fn overseers_see_who_read_what() {
    for story in stories().await {
        let id = phoned(&story, "A1").await;
        let path = format!("/r/item/{id}/unseal");
        story.app.post(&story.head, &path, &[("why", "联系家长")]).await;
        story.app.post(&story.office, &path, &[("why", "核对信息")]).await;
        let principal = story.app.person("principal", None, &[("principal", "")]).await;
        let page = async |words: &str| {
            story
                .app
                .get(&principal, &format!("/sealed-reads?{words}"))
                .await
                .text()
        };
        let all = page("").await;
        assert!(
            all.contains("联系家长") && all.contains("核对信息") && !all.contains(PHONE),
            "{all}"
        );
        let one = page("q=head&register=item&from=2026-10-12&to=2026-10-12").await;
        assert!(one.contains("联系家长") && !one.contains("核对信息"), "{one}");
        assert!(page("from=2026-10-13").await.contains("没有查阅记录"));
        assert!(page("to=2026-10-11").await.contains("没有查阅记录"));
        let export = story.app.get(&principal, "/sealed-reads/export.xlsx").await;
        let sheets = print::xlsx_read(&export.bytes).expect("a workbook");
        assert_eq!(sheets[0].rows.len(), 3);
        assert_eq!(story.app.get(&story.office, "/sealed-reads").await.status, 403);
    }
}

#[tokio::test]
async fn a_private_register_is_closed_to_those_who_read_everything() {
    for private in [false, true] {
        for story in stories_with(|spec| spec.private = private).await {
            let id = phoned(&story, "A1").await;
            let principal = story.app.person("principal", None, &[("principal", "")]).await;
            let wanted = if private { 403 } else { 200 };
            for path in [
                "/r/item".to_owned(),
                format!("/r/item/{id}"),
                "/r/item/export.xlsx".into(),
            ] {
                assert_eq!(story.app.get(&principal, &path).await.status, wanted, "{path}");
                assert_eq!(story.app.get(&story.watcher, &path).await.status, 200, "{path}");
            }
        }
    }
}
