use super::*;

#[tokio::test]
async fn a_record_goes_through_its_flow() {
    for story in stories().await {
        let id = story.write(&story.worker, &story.item("A1", "焊机")).await;
        let path = |step: &str| format!("/r/item/{id}/step/{step}");
        let page = story
            .app
            .get(&story.worker, &format!("/r/item/{id}"))
            .await
            .text();
        assert!(page.contains("step-fix") && !page.contains("step/pass"), "{page}");
        // What the step needs is asked for, with its field named.
        let missing = story
            .app
            .post(&story.worker, &path("fix"), &[("version", "1")])
            .await;
        assert_eq!(missing.status, 422);
        assert!(missing.text().contains("整改时请填写说明"), "{}", missing.text());
        let fixed = story
            .app
            .post(
                &story.worker,
                &path("fix"),
                &[("version", "1"), ("note", "已更换"), ("name", "不该改")],
            )
            .await;
        assert_eq!(fixed.status, 303, "{}", fixed.text());
        // Not theirs to take, not from this state, not without a reason.
        assert_eq!(
            story
                .app
                .post(&story.worker, &path("pass"), &[("version", "2")])
                .await
                .status,
            403
        );
        assert_eq!(
            story
                .app
                .post(&story.office, &path("fix"), &[("version", "2"), ("note", "x")])
                .await
                .status,
            409
        );
        let silent = story
            .app
            .post(&story.office, &path("back"), &[("version", "2")])
            .await;
        assert_eq!(silent.status, 422);
        assert_eq!(
            story
                .app
                .post(&story.office, &path("nothing"), &[("version", "2")])
                .await
                .status,
            404
        );
        let sent_back = [("version", "2"), ("step-note", "照片不清")];
        assert_eq!(
            story
                .app
                .post(&story.office, &path("back"), &sent_back)
                .await
                .status,
            303
        );
        let again = [("version", "3"), ("note", "已更换")];
        assert_eq!(
            story.app.post(&story.worker, &path("fix"), &again).await.status,
            303
        );
        let passed = story
            .app
            .post(&story.office, &path("pass"), &[("version", "4")])
            .await;
        assert_eq!(passed.status, 303);
        let scope = story.app.scope(&story.office).await;
        let record = store::get(&scope, &story.item, id).await.expect("the record");
        assert_eq!(record.state, "已销号");
        assert_eq!(field(&story.item, &record.values, "note").text(), Some("已更换"));
        assert_eq!(
            field(&story.item, &record.values, "name").text(),
            Some("焊机"),
            "a step changes only what it asks for"
        );
        let page = story
            .app
            .get(&story.office, &format!("/r/item/{id}"))
            .await
            .text();
        for words in [
            "复查通过",
            "照片不清",
            "<td>状态</td><td>待整改</td><td>待复查</td>",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
    }
}

#[tokio::test]
async fn a_step_on_an_old_version_is_refused() {
    for story in stories().await {
        let id = story.write(&story.office, &story.item("A1", "焊机")).await;
        let path = format!("/r/item/{id}/step/fix");
        let old = story
            .app
            .post(&story.office, &path, &[("version", "0"), ("note", "好")])
            .await;
        assert_eq!(old.status, 409);
        let record = store::get(&story.app.system(), &story.item, id)
            .await
            .expect("the record");
        assert_eq!(record.state, "待整改");
    }
}

#[tokio::test]
async fn a_node_takes_its_rows_and_grants_along_when_it_moves() {
    for story in stories().await {
        story.write(&story.head, &story.item("A1", "焊机")).await;
        let dept = RegisterSpec::of::<Dept>();
        let scope = story.app.system();
        let moved = |version, parent| store::Change {
            version,
            values: Dept {
                name: "机电系".into(),
                parent,
            }
            .to_values(),
            reason: None,
        };
        let under_south = moved(1, Some(Ref::new(story.south)));
        store::update(&scope, &dept, story.north, under_south)
            .await
            .expect("a move");
        let south = store::get(&scope, &dept, story.south)
            .await
            .expect("财会系")
            .place
            .path;
        let north = store::get(&scope, &dept, story.north)
            .await
            .expect("机电系")
            .place
            .path;
        assert!(north.starts_with(&south) && north.len() > south.len());
        let page = story.app.get(&story.head, "/r/item").await.text();
        assert!(
            page.contains("焊机"),
            "the head's grant moved with the department"
        );
        let head_of_south = story.app.person("head2", None, &[("head", &south)]).await;
        assert!(
            story
                .app
                .get(&head_of_south, "/r/item")
                .await
                .text()
                .contains("焊机")
        );
        // A node cannot be put below itself.
        let change = store::Change {
            version: 1,
            values: Dept {
                name: "财会系".into(),
                parent: Some(Ref::new(story.north)),
            }
            .to_values(),
            reason: None,
        };
        let refused = store::update(&scope, &dept, story.south, change).await;
        assert!(refused.is_err_and(|e| e.to_string().contains("下级")));
    }
}

#[tokio::test]
async fn a_reference_voided_later_keeps_its_rows_in_place() {
    for story in stories().await {
        let id = story.write(&story.office, &story.item("A1", "焊机")).await;
        let dept = RegisterSpec::of::<Dept>();
        store::void(&story.app.system(), &dept, story.north, 1, "撤并")
            .await
            .expect("a void");
        let fixed = [("version", "1"), ("note", "已更换")];
        let sent = story
            .app
            .post(&story.office, &format!("/r/item/{id}/step/fix"), &fixed)
            .await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        let record = store::get(&story.app.scope(&story.head).await, &story.item, id).await;
        assert_eq!(record.expect("still in the department").state, "待复查");
        let dept = story.north.to_string();
        let refused = story
            .app
            .post(&story.office, "/r/item/new", &story.form("A2", &dept))
            .await;
        assert_eq!(refused.status, 422, "a voided department takes no new records");
    }
}
