use super::*;

/// A picture with words in it that nobody should read.
fn png() -> Vec<u8> {
    let mut out = vec![];
    let mut encoder = png::Encoder::new(&mut out, 1, 1);
    encoder
        .add_text_chunk("Location".into(), "SECRETPLACE".into())
        .expect("a text");
    encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(&[9]))
        .expect("a picture");
    out
}

#[tokio::test]
async fn a_file_is_read_by_those_who_read_its_record() {
    for story in stories().await {
        let dept = story.north.to_string();
        let form = story.form("A1", &dept);
        let sent = story
            .app
            .upload(
                &story.worker,
                "/r/item/new",
                &form,
                ("photos", "现场.png", &png()),
            )
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
        assert!(file.bytes.starts_with(b"\x89PNG"));
        assert!(
            !file.text().contains("SECRETPLACE"),
            "the picture was encoded anew"
        );
        assert_eq!(file.headers["content-type"], "image/png");
        assert_eq!(file.headers["x-content-type-options"], "nosniff");
        assert_eq!(
            file.headers["content-security-policy"],
            "default-src 'none'; sandbox"
        );
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
            .upload(&story.worker, "/r/item/new", &form, ("photos", "a.png", &png()))
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

#[tokio::test]
async fn only_photos_are_shown_and_everything_else_is_handed_over() {
    for story in stories().await {
        let scope = story.app.scope(&story.worker).await;
        let kept = async |name: &str, bytes: &[u8]| {
            let id = crate::files::keep(&scope, name, bytes.to_vec())
                .await
                .expect("kept");
            story.app.get(&story.worker, &format!("/files/{id}")).await
        };
        for (name, bytes) in [
            ("a.pdf", &b"%PDF-1.7"[..]),
            ("a.docx", b"PK\x03\x04"),
            ("a.txt", b"<script>alert(1)</script>"),
        ] {
            let file = kept(name, bytes).await;
            let disposition = file.headers["content-disposition"].to_str().expect("text");
            assert!(disposition.starts_with("attachment;"), "{name}: {disposition}");
            assert_eq!(
                file.headers["content-security-policy"],
                "default-src 'none'; sandbox"
            );
        }
        let picture = kept("a.png", &png()).await;
        let disposition = picture.headers["content-disposition"].to_str().expect("text");
        assert!(disposition.starts_with("inline;"), "{disposition}");
        for (name, bytes) in [("a.heic", &b"\0\0\0\x18ftypheic"[..]), ("a.gif", b"GIF89a")] {
            let refused = crate::files::keep(&scope, name, bytes.to_vec())
                .await
                .expect_err(name);
            assert!(refused.to_string().contains("JPG"), "{refused}");
        }
    }
}

#[tokio::test]
async fn a_school_keeps_no_more_than_its_quota() {
    for story in stories().await {
        let scope = story.app.scope(&story.worker).await;
        let keep = async |name: &str, bytes: Vec<u8>| crate::files::keep(&scope, name, bytes).await;
        let large = vec![b'a'; 1 << 20];
        keep("一.txt", large.clone()).await.expect("room");
        assert_eq!(crate::files::usage::used(&scope).await.expect("a sum"), 1 << 20);
        // The smallest quota is a gigabyte; what is left of it is taken by a row without a content.
        scope
            .db()
            .run(
                "insert into file (school_id, id, name, mime, size, sha256, created_at, created_by) \
                 values ($1, $2, 'x', 'text/plain', $3, 'none', $4, $2)",
                crate::args![
                    scope.school,
                    Uuid::now_v7(),
                    (1i64 << 30) - (1 << 20) - 10,
                    scope.now()
                ],
            )
            .await
            .expect("a row");
        let admin = story.app.person("boss", None, &[("boss", "")]).await;
        assert_eq!(
            story
                .app
                .post(&story.worker, "/files-usage", &[("gb", "1")])
                .await
                .status,
            403
        );
        assert_eq!(
            story
                .app
                .post(&admin, "/files-usage", &[("gb", "0")])
                .await
                .status,
            422
        );
        assert_eq!(
            story
                .app
                .post(&admin, "/files-usage", &[("gb", "1")])
                .await
                .status,
            303
        );
        keep("二.txt", large)
            .await
            .expect("the same content takes no room");
        keep("三.txt", b"0123456789".to_vec())
            .await
            .expect("ten bytes are left");
        let refused = keep("四.txt", b"x".to_vec()).await.expect_err("no room");
        assert!(refused.to_string().contains("全校附件已用 1.0 GB"), "{refused}");
        let page = story.app.get(&admin, "/files-usage").await.text();
        assert!(page.contains("上限 1.0 GB（100%）"), "{page}");
    }
}
