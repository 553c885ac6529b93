use super::*;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n----";

#[tokio::test]
async fn a_file_is_read_by_those_who_read_its_record() {
    for story in stories().await {
        let dept = story.north.to_string();
        let form = story.form("A1", &dept);
        let sent = story
            .app
            .upload(&story.worker, "/r/item/new", &form, ("photos", "现场.png", PNG))
            .await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        let record = sent.location().split('?').next().unwrap_or("").to_owned();
        let page = story.app.get(&story.head, &record).await.text();
        let link = page
            .split("href=\"/files/")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .expect("a link");
        let path = format!("/files/{link}");
        let file = story.app.get(&story.head, &path).await;
        assert_eq!(file.bytes, PNG);
        assert_eq!(file.headers["content-type"], "image/png");
        assert_eq!(file.headers["x-content-type-options"], "nosniff");
        let bare = path.split('?').next().unwrap_or("");
        assert_eq!(story.app.get(&story.head, bare).await.status, 200);
        let stranger = story.app.person("stranger", None, &[("stranger", "")]).await;
        for path in [path.as_str(), bare] {
            assert_eq!(story.app.get(&stranger, path).await.status, 404);
        }
        // Nobody attaches what another uploaded, and so makes it readable.
        let id: Uuid = bare.trim_start_matches("/files/").parse().expect("an id");
        let stolen = Item {
            photos: Files(vec![id]),
            ..story.item("A2", "偷看")
        };
        let scope = story.app.scope(&story.office).await;
        let refused = store::create(&scope, &story.item, Draft::new(stolen.to_values())).await;
        assert!(refused.is_err_and(|e| e.to_string().contains("不是您上传")));
        assert_eq!(
            crate::files::damaged(&story.app.app).await.expect("a check"),
            Vec::<String>::new()
        );
    }
}

#[tokio::test]
async fn an_upload_survives_a_refused_form_and_bad_types_do_not_pass() {
    for story in stories().await {
        let dept = story.north.to_string();
        let form = story.form("", &dept);
        let refused = story
            .app
            .upload(&story.worker, "/r/item/new", &form, ("photos", "a.png", PNG))
            .await;
        assert_eq!(refused.status, 422);
        let page = refused.text();
        let kept = page
            .split("name=\"photos-kept\" value=\"")
            .nth(1)
            .and_then(|r| r.split('"').next())
            .expect("kept");
        let mut form = story.form("A1", &dept);
        form.push(("photos-kept", kept));
        assert_eq!(
            story.app.post(&story.worker, "/r/item/new", &form).await.status,
            303
        );
        let form = story.form("A2", &dept);
        let bad = story
            .app
            .upload(
                &story.worker,
                "/r/item/new",
                &form,
                ("photos", "a.exe", b"MZ\0\0"),
            )
            .await;
        assert_eq!(bad.status, 422);
        assert!(bad.text().contains("不是可上传的类型"));
        assert_eq!(story.count().await, 1);
    }
}
