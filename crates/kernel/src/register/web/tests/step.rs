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
