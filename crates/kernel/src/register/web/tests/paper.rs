use super::*;

#[tokio::test]
async fn records_and_lists_go_to_paper() {
    for story in stories().await {
        let item = Item {
            phone: Some("13912345678".into()),
            ..story.item("A1", "焊机")
        };
        let id = story.write(&story.office, &item).await;
        let view = story
            .app
            .get(&story.watcher, &format!("/r/item/{id}/print"))
            .await;
        let page = view.text();
        assert!(
            page.contains("焊机") && page.contains("139*****678") && page.contains("新建"),
            "{page}"
        );
        for path in [
            format!("/r/item/{id}/record.pdf"),
            "/r/item/list.pdf?f.level=low".into(),
        ] {
            let answer = story.app.get(&story.office, &path).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.text());
            assert!(answer.bytes.starts_with(b"%PDF-"), "{path}");
            assert_eq!(answer.headers["content-type"], "application/pdf");
        }
        assert_eq!(
            story
                .app
                .get(&story.watcher, "/r/item/list.pdf?f.phone=139")
                .await
                .status,
            400
        );
    }
}
