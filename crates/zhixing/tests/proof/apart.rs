//! Records that may not overlap in time, over HTTP on both databases: one person is on leave once at a time, one vehicle
//! on one trip.
use crate::support::{Answer, Client, House, on_both_databases};
use axum::http::Method;
use serde_json::{Value as J, json};

on_both_databases!(
    nobody_is_on_leave_twice_at_a_time,
    a_vehicle_goes_on_one_trip_at_a_time
);

async fn post(api: &Client, register: &str, fields: J) -> Answer {
    let body = json!({ "fields": fields });
    api.json(Method::POST, &format!("/api/registers/{register}"), &body)
        .await
}

async fn made(api: &Client, register: &str, fields: J) -> String {
    let made = post(api, register, fields).await.expect(201).json();
    made["id"].as_str().expect("an id").to_owned()
}

/// A unit and two members of its staff.
async fn people(house: &House, api: &Client) -> (String, [String; 2]) {
    let code = |set: &str| house.app.codes.get(set).expect("a set").items[0].0.clone();
    let school = json!({ "number": "01", "name": "测试学校", "kind": "school", "active": true });
    let unit = made(api, "unit", school).await;
    let person = async |number: &str, name: &str| {
        let fields = json!({
            "number": number, "name": name, "sex": code("sex"), "unit": unit, "kind": "11", "title_level": "1",
            "dual": "none", "certified": true, "status": "11",
        });
        made(api, "staff", fields).await
    };
    let staff = [person("T001", "王老师").await, person("T002", "李老师").await];
    (unit, staff)
}

async fn office(house: &House) -> (Client, Client) {
    let account = house.account("office", "office", None).await;
    for role in ["personnel", "admin"] {
        house.grant(account, role).await;
    }
    (house.browser(account).await, house.program(account).await)
}

async fn nobody_is_on_leave_twice_at_a_time(house: House) {
    let house = house.with_school().await;
    let (page, api) = office(&house).await;
    let (_, [wang, li]) = people(&house, &api).await;
    let leave = |teacher: &str, from: &str, to: &str, half: Option<&str>| {
        json!({
            "teacher": teacher, "kind": "personal", "starts_on": from, "ends_on": to, "half": half,
            "reason": "家中有事", "head": false, "proof_later": false,
        })
    };
    let first = made(
        &api,
        "staff_leave",
        leave(&wang, "2026-11-24", "2026-11-26", None),
    )
    .await;
    let refused = post(
        &api,
        "staff_leave",
        leave(&wang, "2026-11-26", "2026-11-27", None),
    )
    .await
    .expect(422)
    .json();
    let fault = &refused["violations"][0];
    let said = fault["message"].as_str().expect("a message");
    assert!(
        fault["field"] == "starts_on" && said.contains("已经请过假") && said.contains("王老师"),
        "{refused}"
    );
    made(
        &api,
        "staff_leave",
        leave(&wang, "2026-11-27", "2026-11-27", Some("morning")),
    )
    .await;
    post(
        &api,
        "staff_leave",
        leave(&wang, "2026-11-27", "2026-11-27", Some("morning")),
    )
    .await
    .expect(422);
    made(
        &api,
        "staff_leave",
        leave(&wang, "2026-11-27", "2026-11-27", Some("afternoon")),
    )
    .await;
    let other = made(&api, "staff_leave", leave(&li, "2026-11-24", "2026-11-26", None)).await;

    // A correction is looked at as well, and is not in its own way.
    let path = format!("/api/registers/staff_leave/{other}");
    let change = |fields: J| json!({ "version": 1, "fields": fields });
    api.json(
        Method::PUT,
        &path,
        &change(leave(&wang, "2026-11-25", "2026-11-25", None)),
    )
    .await
    .expect(422);
    api.json(
        Method::PUT,
        &path,
        &change(leave(&li, "2026-11-24", "2026-11-25", None)),
    )
    .await
    .expect(200);

    // What was withdrawn or voided claims nothing.
    let withdraw = format!("/r/staff_leave/{first}/step/withdraw");
    page.post(&withdraw, &[("version", "1")]).await.expect(303);
    made(
        &api,
        "staff_leave",
        leave(&wang, "2026-11-25", "2026-11-25", None),
    )
    .await;
}

async fn a_vehicle_goes_on_one_trip_at_a_time(house: House) {
    let house = house.with_school().await;
    let (_, api) = office(&house).await;
    let (unit, [wang, _]) = people(&house, &api).await;
    let trip = |from: &str, to: &str, plate: Option<&str>| {
        json!({
            "unit": unit, "applicant": wang, "kind": "official", "reason": "公务外出", "destination": "市教育局",
            "out_of_city": false, "passengers": 3, "leaves_at": format!("2026-11-24 {from}"),
            "back_by": format!("2026-11-24 {to}"), "plate": plate,
        })
    };
    made(&api, "vehicle_request", trip("08:00", "10:00", Some("苏C00001"))).await;
    made(&api, "vehicle_request", trip("10:00", "12:00", Some("苏C00001"))).await;
    made(&api, "vehicle_request", trip("09:00", "11:00", Some("苏C00002"))).await;
    made(&api, "vehicle_request", trip("09:00", "11:00", None)).await;
    let refused = post(&api, "vehicle_request", trip("09:30", "10:30", Some("苏C00001"))).await;
    let text = refused.expect(422).text();
    assert!(text.contains("已经派出"), "{text}");
}
