//! The plan broken down over HTTP (责任分解): handed out, signed for, reported on, handed in, sent back, accepted.
use crate::support::{Client, House, OWN_PLAN, on_both_databases};
use axum::http::Method;
use kernel::args;
use serde_json::{Value as J, json};
use uuid::Uuid;

on_both_databases!(an_item_goes_from_the_plan_to_a_person_and_back);

async fn made(api: &Client, register: &str, fields: J) -> String {
    let path = format!("/api/registers/{register}");
    let body = json!({ "fields": fields });
    let made = api.json(Method::POST, &path, &body).await.expect(201).json();
    made["id"].as_str().expect("an id").to_owned()
}

/// The plan is read, confirmed and published.
async fn publish(page: &Client) {
    let id = Uuid::now_v7().to_string();
    let form = [
        ("id", id.as_str()),
        ("title", ""),
        ("unit", ""),
        ("term", ""),
        ("text", ""),
    ];
    let file = ("file", "计划.txt", OWN_PLAN.as_bytes());
    let review = page.post_file("/plans", &form, file).await.expect(303);
    let plan = review
        .location()
        .split("/review")
        .next()
        .expect("an address")
        .to_owned();
    page.post(&format!("{plan}/accept-all"), &[]).await.expect(303);
    page.post(&format!("{plan}/manual"), &[]).await.expect(303);
    let published = page.post(&format!("{plan}/publish"), &[("reason", "")]).await;
    assert!(
        published.status == 303 && !published.location().contains("/review"),
        "{}",
        published.text()
    );
}

/// How many commitments the tab says nobody carries.
async fn uncovered(page: &Client) -> usize {
    let text = page.get("/breakdown?tab=uncovered").await.expect(200).text();
    let tab = text.split("未分解<span class=\"count\">").nth(1);
    let count = tab
        .and_then(|rest| rest.split('<').next())
        .expect("a count on the tab");
    count.parse().expect("a number")
}

async fn an_item_goes_from_the_plan_to_a_person_and_back(house: House) {
    let house = house.with_school().await;
    let office = house.account("office", "office", None).await;
    let (page, api) = (house.browser(office).await, house.program(office).await);
    let school = json!({ "number": "01", "name": "测试学校", "kind": "school", "active": true });
    let unit = made(&api, "unit", school).await;
    let code = |set: &str| house.app.codes.get(set).expect("a set").items[0].0.clone();
    let staff = |number: &str, name: &str| {
        json!({
            "number": number, "name": name, "sex": code("sex"), "unit": unit, "kind": code("staff_kind"),
            "title_level": "1", "dual": "none", "certified": true, "status": code("staff_state"),
        })
    };
    let wang = made(&api, "staff", staff("T001", "王老师")).await;
    let li = made(&api, "staff", staff("T002", "李老师")).await;
    // The school's head answers for what the plan promises.
    let change = json!({ "version": 1, "fields": { "head": li }, "reason": "任命" });
    api.json(Method::PUT, &format!("/api/registers/unit/{unit}"), &change)
        .await
        .expect(200);
    let [wang_account, li_account] = [
        house.account("wang", "teacher", wang.parse().ok()).await,
        house.account("li", "teacher", li.parse().ok()).await,
    ];
    let (wang_page, li_page) = (house.browser(wang_account).await, house.browser(li_account).await);
    publish(&page).await;

    // A task is nobody's until it is broken down; the board and its page offer to.
    let before = uncovered(&page).await;
    let sql = "select id, title from commitment where school_id = $1 and kind = $2 and quote like $3";
    let task = house
        .app
        .db
        .one(sql, args![1, "task", "%用电改造%"])
        .await
        .expect("the task");
    let (task, title): (Uuid, String) = (task.at(0).expect("an id"), task.at(1).expect("a title"));
    let offer = format!("/r/assignment/new?f.source=plan&amp;f.commitment=%2Fboard%2F{task}");
    let detail = format!("/board/{task}");
    for place in [
        "/board",
        detail.as_str(),
        "/breakdown",
        "/breakdown?tab=uncovered",
    ] {
        let text = page.get(place).await.expect(200).text();
        assert!(text.contains(&offer), "{place}: {text}");
        let text = wang_page.get(place).await.expect(200).text();
        assert!(!text.contains(&offer), "{place} offers it to a teacher");
    }
    let form = page.get(&offer.replace("&amp;", "&")).await.expect(200).text();
    assert!(form.contains(&detail), "{form}");

    // Broken down to a person.
    let fields = [
        ("source", "plan"),
        ("item", title.as_str()),
        ("commitment", detail.as_str()),
        ("assigned_on", "2026-11-23"),
        ("level", "person"),
        ("unit", unit.as_str()),
        ("responsible", wang.as_str()),
        ("deliverable", "改造验收单"),
        ("due", "2026-11-30"),
    ];
    let entered = page.post("/r/assignment/new", &fields).await.expect(303);
    let record = entered
        .location()
        .split('?')
        .next()
        .expect("an address")
        .to_owned();
    assert_eq!(uncovered(&page).await, before - 1, "one less that nobody carries");
    let shown = page.get(&record).await.expect(200).text();
    assert!(
        shown.contains(&format!("href=\"{detail}\"")),
        "a link back to the plan: {shown}"
    );

    // It waits for the right person only.
    let step = |name: &str| format!("{record}/step/{name}");
    li_page.post(&step("sign"), &[("version", "1")]).await.expect(404);
    page.post(&step("sign"), &[("version", "1")]).await.expect(403);
    let mine = wang_page.get("/hall/tasks").await.expect(200).text();
    assert!(mine.contains(&title), "{mine}");
    let told = wang_page.get("/messages").await.expect(200).text();
    assert!(told.contains("责任分解任务"), "{told}");
    wang_page
        .post(&step("sign"), &[("version", "1")])
        .await
        .expect(303);
    let silent = [("version", "2"), ("progress", ""), ("percent", "")];
    wang_page.post(&step("progress"), &silent).await.expect(422);
    let half = [("version", "2"), ("progress", "已改造两间"), ("percent", "50")];
    wang_page.post(&step("progress"), &half).await.expect(303);
    let text = wang_page.get("/breakdown").await.expect(200).text();
    assert!(text.contains("50/100") && text.contains("王老师"), "{text}");
    // Who has no part in it sees that it was broken down, not to whom.
    let text = li_page.get(&detail).await.expect(200).text();
    assert!(
        text.contains("由其他部门办理") && !text.contains("王老师"),
        "{text}"
    );

    // Handed in, sent back with a reason, handed in again, accepted; never by the one who did it.
    let result = [
        ("version", "3"),
        ("result", "全部完成"),
        ("done_on", "2026-11-23"),
    ];
    wang_page.post(&step("hand_in"), &result).await.expect(303);
    wang_page
        .post(&step("accept"), &[("version", "4")])
        .await
        .expect(403);
    page.post(&step("return"), &[("version", "4"), ("note", "")])
        .await
        .expect(422);
    let state = async || {
        house
            .app
            .db
            .one("select state from r_assignment", &[])
            .await
            .expect("it")
            .at::<String>(0)
    };
    assert_eq!(state().await.expect("a state"), "待验收");
    let back = [("version", "4"), (kernel::register::store::NOTE, "缺验收单")];
    page.post(&step("return"), &back).await.expect(303);
    let again = [
        ("version", "5"),
        ("result", "全部完成，附验收单"),
        ("done_on", "2026-11-23"),
    ];
    wang_page.post(&step("hand_in"), &again).await.expect(303);
    page.post(&step("accept"), &[("version", "6"), ("verdict", "同意")])
        .await
        .expect(303);
    assert_eq!(state().await.expect("a state"), "已办结");
    let text = page
        .get("/breakdown?state=%E5%B7%B2%E5%8A%9E%E7%BB%93")
        .await
        .expect(200)
        .text();
    assert!(text.contains("100/100") && text.contains("王老师"), "{text}");
    let sheet = page.get("/breakdown/export.xlsx").await.expect(200);
    let sheets = print::xlsx_read(&sheet.bytes).expect("a workbook");
    let text = format!("{sheets:?}");
    assert!(text.contains("王老师") && text.contains("已办结"), "{text}");

    // Called off, the item is nobody's again.
    let other = page.post("/r/assignment/new", &fields).await.expect(303);
    let other = other.location().split('?').next().expect("an address").to_owned();
    let record = record.trim_start_matches("/r/assignment/").to_owned();
    let void = json!({ "version": 7, "reason": "重复" });
    api.json(
        Method::POST,
        &format!("/api/registers/assignment/{record}/void"),
        &void,
    )
    .await
    .expect(200);
    assert_eq!(uncovered(&page).await, before - 1);
    let note = [("version", "1"), (kernel::register::store::NOTE, "计划调整")];
    page.post(&format!("{other}/step/cancel"), &note)
        .await
        .expect(303);
    assert_eq!(uncovered(&page).await, before);
}
