use super::*;
use axum::http::Method;
use serde_json::json;

#[tokio::test]
async fn programs_do_what_people_do() {
    for story in stories().await {
        let item = json!({ "number": "A1", "name": "焊机", "found_on": "2026-09-01", "dept": story.north,
            "level": "high", "colour": "02", "amount": 3, "score": "87.5", "price": "12.50", "active": true,
            "tested_at": "2026-09-01T08:30:00+08:00", "lent": false, "note": "第一行\n第二行" });
        let id = Uuid::now_v7();
        let body = json!({ "id": id, "fields": item });
        for _ in 0..2 {
            let made = story
                .app
                .api(
                    &story.office,
                    Method::POST,
                    "/api/registers/item",
                    Some(body.clone()),
                )
                .await;
            assert_eq!(made.status, 201, "{}", made.text());
        }
        assert_eq!(story.count().await, 1);
        let path = format!("/api/registers/item/{id}");
        let read = story
            .app
            .api(&story.office, Method::GET, &path, None)
            .await
            .json();
        for (name, value) in item.as_object().expect("fields") {
            if name != "tested_at" {
                assert_eq!(&read["fields"][name], value, "{name}");
            }
        }
        assert_eq!(read["fields"]["tested_at"], "2026-09-01T00:30:00+00:00");
        assert_eq!((&read["version"], &read["state"]), (&json!(1), &json!("待整改")));
        assert_eq!(read["labels"]["dept"], "机电系");
        let change = json!({ "version": 1, "fields": { "name": "电焊机" } });
        let changed = story
            .app
            .api(&story.office, Method::PUT, &path, Some(change.clone()))
            .await
            .json();
        assert_eq!(changed["fields"]["name"], "电焊机");
        assert_eq!(changed["fields"]["amount"], 3, "what is not named stays");
        let again = story
            .app
            .api(&story.office, Method::PUT, &path, Some(change))
            .await;
        assert_eq!(again.status, 409);
        let step = json!({ "version": 2, "fields": { "note": "好了" } });
        let moved = story
            .app
            .api(
                &story.office,
                Method::POST,
                &format!("{path}/steps/fix"),
                Some(step),
            )
            .await
            .json();
        assert_eq!(moved["state"], "待复查");
        let silent = json!({ "version": 3 });
        let silent = story
            .app
            .api(
                &story.office,
                Method::POST,
                &format!("{path}/steps/back"),
                Some(silent),
            )
            .await;
        assert_eq!(
            (silent.status.as_u16(), &silent.json()["violations"][0]["field"]),
            (422, &json!("note"))
        );
        let list = story
            .app
            .api(
                &story.watcher,
                Method::GET,
                "/api/registers/item?f.level=high&q=dhj",
                None,
            )
            .await
            .json();
        assert_eq!((&list["total"], &list["rows"][0]["id"]), (&json!(1), &json!(id)));
        let void = json!({ "version": 3, "reason": "重复" });
        let voided = story
            .app
            .api(&story.office, Method::POST, &format!("{path}/void"), Some(void))
            .await
            .json();
        assert_eq!(voided["voided"], "重复");
        assert_eq!(story.count().await, 0);
    }
}

#[tokio::test]
async fn refusals_name_the_field_and_write_nothing() {
    for story in stories().await {
        let post = async |person: &Person, body: serde_json::Value| {
            story
                .app
                .api(person, Method::POST, "/api/registers/item", Some(body))
                .await
        };
        let refused = post(
            &story.office,
            json!({ "fields": { "number": "A1", "nothing": 1, "amount": "x" } }),
        )
        .await;
        assert_eq!(refused.status, 422);
        let names: Vec<String> = refused.json()["violations"]
            .as_array()
            .expect("violations")
            .iter()
            .map(|v| v["field"].as_str().unwrap_or("").to_owned())
            .collect();
        assert!(
            names.contains(&"nothing".into()) && names.contains(&"amount".into()),
            "{names:?}"
        );
        assert_eq!(post(&story.watcher, json!({ "fields": {} })).await.status, 403);
        let broken = story
            .app
            .api(
                &story.office,
                Method::POST,
                "/api/registers/item",
                Some(json!([1])),
            )
            .await;
        assert_eq!(broken.status, 400);
        let nobody = Person {
            token: "x".into(),
            ..story.office.clone()
        };
        let strange = story
            .app
            .api(&nobody, Method::GET, "/api/registers/item", None)
            .await;
        assert_eq!(strange.status, 401);
        assert!(strange.json()["error"].is_string());
        assert_eq!(story.count().await, 0);
    }
}

#[tokio::test]
async fn a_mask_is_never_written_back() {
    for story in stories().await {
        let item = Item {
            phone: Some("13912345678".into()),
            ..story.item("A1", "焊机")
        };
        let id = story.write(&story.office, &item).await;
        let path = format!("/api/registers/item/{id}");
        let masked = story
            .app
            .api(&story.watcher, Method::GET, &path, None)
            .await
            .json();
        assert_eq!(masked["fields"]["phone"], "139*****678");
        let body = json!({ "version": 1, "fields": { "phone": "139*****678", "name": "焊机二" } });
        let sent = story.app.api(&story.head, Method::PUT, &path, Some(body)).await;
        assert_eq!(sent.status, 200, "{}", sent.text());
        let scope = story.app.system();
        let kept = store::get(&scope, &story.item, id).await.expect("the record");
        assert_eq!(
            field(&story.item, &kept.values, "phone").text(),
            Some("13912345678")
        );
        assert_eq!(field(&story.item, &kept.values, "name").text(), Some("焊机二"));
        let made = json!({ "fields": { "number": "A2", "name": "新", "found_on": "2026-09-01", "dept": story.north,
            "level": "low", "active": true, "phone": "139*****678" } });
        let made = story
            .app
            .api(&story.head, Method::POST, "/api/registers/item", Some(made))
            .await;
        assert_eq!(made.status, 422);
        assert_eq!(made.json()["violations"][0]["field"], "phone");
    }
}

#[tokio::test]
async fn specs_and_openapi_describe_the_register() {
    let spec = RegisterSpec::of::<Item>();
    let json = crate::register::web::spec_json(&spec);
    assert_eq!(
        (&json["id"], &json["key"], &json["unique"]),
        (&json!("item"), &json!("number"), &json!([["number"]]))
    );
    assert_eq!(json["fields"][5]["dataset"], "T1.YS");
    assert_eq!(json["fields"][3]["register"], "dept");
    assert_eq!(json["flow"]["steps"][0]["needs"], json!(["note"]));
    assert_eq!(
        json["roles"][3],
        json!({ "role": "watcher", "read": "school", "write": null, "sealed": false })
    );
    for story in stories().await {
        let request = axum::http::Request::get("/api/openapi.json").body(axum::body::Body::empty());
        let open = story.app.send(request.expect("a request")).await.json();
        assert_eq!(open["openapi"], "3.1.0");
        let fields = &open["components"]["schemas"]["item.fields"];
        assert_eq!(fields["properties"]["number"]["maxLength"], 20);
        assert_eq!(fields["properties"]["level"]["enum"], json!(["low", "high"]));
        assert_eq!(fields["properties"]["dept"]["format"], "uuid");
        assert!(
            fields["required"]
                .as_array()
                .expect("required")
                .contains(&json!("level"))
        );
        assert!(open["paths"]["/api/registers/item/{id}/steps/back"]["post"].is_object());
        let listed = story
            .app
            .api(&story.worker, Method::GET, "/api/registers", None)
            .await
            .json();
        assert_eq!(listed.as_array().map(Vec::len), Some(2));
    }
}
