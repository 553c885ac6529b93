//! A school draws a register: tried, published, used like any other, changed without losing what was written, copied.
use crate::support::{Client, Engine, House, Program, clean, on_both_databases};
use axum::http::Method;
use serde_json::{Value, json};

on_both_databases!(a_drawn_register_lives_like_any_other);

/// The form of the drawing; `more` comes after.
fn drawing<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut form = vec![
        ("title", "图书室巡查"),
        ("group", "logistics"),
        ("about", "图书室每周巡查，管理员登记。"),
        ("fields.0.name", "a1"),
        ("fields.0.label", "地点"),
        ("fields.0.kind", "text"),
        ("fields.0.required", "true"),
        ("fields.0.list", "true"),
        ("fields.1.name", "a2"),
        ("fields.1.label", "巡查日期"),
        ("fields.1.kind", "date"),
        ("fields.1.required", "true"),
        ("fields.2.name", "a3"),
        ("fields.2.label", "情况"),
        ("fields.2.kind", "choice"),
        ("fields.2.choices", "正常\n异常"),
        ("label", "a1"),
        ("date", "a2"),
        ("flow", "handling"),
        ("access.general-affairs", "keep"),
        ("access.teacher", "write"),
        ("duty.title", "图书室每周巡查"),
        ("duty.times", "1"),
        ("duty.every", "week"),
        ("indicator.title", "巡查办结率"),
        ("indicator.measure", "done-share"),
    ];
    form.extend_from_slice(more);
    form
}

async fn publish(admin: &Client, path: &str, reason: &str) {
    let answer = admin
        .post(&format!("{path}/publish"), &[("reason", reason)])
        .await;
    answer.expect(303);
}

/// The register's id, as the list of drawings links to it.
async fn code(admin: &Client) -> String {
    let list = admin.get("/drawn").await.expect(200).text();
    let rest = list.split("/r/own_").nth(1).expect("a published register");
    format!("own_{}", rest.split('"').next().expect("an end"))
}

async fn a_drawn_register_lives_like_any_other(house: House) {
    let house = house.with_school().await;
    let admin = house.browser(house.account("drawer", "admin", None).await).await;
    let keeper = house.account("keeper", "general-affairs", None).await;
    let (page, api) = (house.browser(keeper).await, house.program(keeper).await);
    page.get("/drawn").await.expect(403);

    // Drawn, found wanting, completed, tried.
    let begun = admin.post("/drawn", &[]).await.expect(303);
    let path = begun.location().split('?').next().expect("an address").to_owned();
    let refused = admin
        .post(&format!("{path}/publish"), &[])
        .await
        .expect(422)
        .text();
    assert!(refused.contains("请填写台账名称"));
    admin.post(&path, &drawing(&[])).await.expect(303);
    let wrong = [("a1", "一楼"), ("a2", "")];
    let tried = admin
        .post(&format!("{path}/try"), &wrong)
        .await
        .expect(422)
        .text();
    assert!(tried.contains("请填写巡查日期"));
    let right = [("a1", "一楼"), ("a2", "2026-11-20"), ("a3", "1")];
    admin.post(&format!("{path}/try"), &right).await.expect(200);

    // Published: menu, form, REST, flow, Excel, as with every register.
    publish(&admin, &path, "").await;
    let id = code(&admin).await;
    assert_eq!(house.count(&format!("r_{id}")).await, 0, "trying writes nothing");
    assert!(
        page.get("/").await.text().contains("图书室巡查")
            || page.get("/hall").await.text().contains("图书室巡查")
    );
    let fields = json!({ "fields": { "a1": "一楼书库", "a2": "2026-11-20", "a3": "异常" } });
    let base = format!("/api/registers/{id}");
    let made = api.json(Method::POST, &base, &fields).await.expect(201).json();
    let record = made["id"].as_str().expect("an id").to_owned();
    let described = api.get("/api/openapi.json").await.expect(200).json();
    assert!(described["paths"][&base].is_object(), "programs find it too");
    let bad = json!({ "fields": { "a1": "一楼书库", "a2": "2026-11-20", "a3": "说不清" } });
    let refused = api.json(Method::POST, &base, &bad).await.expect(422).json();
    assert_eq!(refused["violations"][0]["field"], "a3");
    let version = |row: &Value| json!({ "version": row["version"] });
    let done = api
        .json(
            Method::POST,
            &format!("{base}/{record}/steps/finish"),
            &version(&made),
        )
        .await
        .expect(200)
        .json();
    assert_eq!(done["state"], "待确认");
    page.get(&format!("/r/{id}/export.xlsx")).await.expect(200);
    page.get(&format!("/r/{id}/overview")).await.expect(200);

    // The next version hides a field and adds one: what was written stays.
    let hide = [
        ("fields.2.hidden", "true"),
        ("fields.3.name", "a4"),
        ("fields.3.label", "备注"),
        ("fields.3.kind", "long-text"),
    ];
    admin.post(&path, &drawing(&hide)).await.expect(303);
    let unexplained = admin
        .post(&format!("{path}/publish"), &[])
        .await
        .expect(422)
        .text();
    assert!(unexplained.contains("请说明这次修改的原因"));
    publish(&admin, &path, "不再记情况").await;
    let row = api.get(&format!("{base}/{record}")).await.expect(200).json();
    assert!(row["fields"]["a3"].is_null() && row["fields"]["a1"] == "一楼书库");
    let change = json!({ "version": row["version"], "fields": { "a4": "已整理" } });
    api.json(Method::PUT, &format!("{base}/{record}"), &change)
        .await
        .expect(200);
    admin.post(&path, &drawing(&hide[1..])).await.expect(303);
    publish(&admin, &path, "恢复情况").await;
    let row = api.get(&format!("{base}/{record}")).await.expect(200).json();
    assert_eq!(row["fields"]["a3"], "2", "the hidden value is there again");
    let removed: Vec<_> = drawing(&[])
        .into_iter()
        .filter(|(name, _)| !name.starts_with("fields.2"))
        .collect();
    admin.post(&path, &removed).await.expect(303);
    let refused = admin
        .post(&format!("{path}/publish"), &[("reason", "删")])
        .await
        .expect(422)
        .text();
    assert!(refused.contains("已发布的字段不能删除"));

    // Copied to another school as a file; backed up and restored with its records.
    let file = admin.get(&format!("{path}/file")).await.expect(200).bytes;
    admin
        .post_file("/drawn/import", &[], ("file", "台账.json", &file))
        .await
        .expect(303);
    let folder = tempfile::tempdir().expect("a folder");
    let backup = folder.path().join("backup.zip");
    let run = |place: &zhixing::assemble::Place, verb: &str| {
        Program::run(Program::on(place).arg(verb).arg(&backup))
    };
    let outcome = run(&house.place, "backup");
    assert_eq!(outcome.code, Some(0), "{}", outcome.out);
    let other = House::open(Engine::Sqlite).await.expect("SQLite is always there");
    let outcome = run(&other.place, "restore");
    assert_eq!(outcome.code, Some(0), "{}", outcome.out);
    assert_eq!(other.count(&format!("r_{id}")).await, 1, "its records are there");
    clean(&other.place);
}
