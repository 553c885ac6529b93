use super::*;
use crate::journal::{self, Search};
use crate::register::store::Change;

#[tokio::test]
async fn a_form_sent_twice_writes_once() {
    for story in stories().await {
        let page = story
            .app
            .get(&story.office, "/r/item/new?f.name=焊机")
            .await
            .text();
        assert!(
            page.contains(r#"value="2026-10-12""#),
            "today is filled in: {page}"
        );
        assert!(page.contains(r#"value="焊机""#));
        let draft = page
            .split(r#"name="id" value=""#)
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .expect("a draft id")
            .to_owned();
        let dept = story.north.to_string();
        let mut form = story.form("A1", &dept);
        form.push(("id", &draft));
        for _ in 0..2 {
            let sent = story.app.post(&story.office, "/r/item/new", &form).await;
            assert_eq!(sent.status, 303, "{}", sent.text());
            assert!(sent.location().starts_with(&format!("/r/item/{draft}?done=")));
        }
        assert_eq!(story.count().await, 1);
        form.push(("then", "again"));
        let sent = story.app.post(&story.office, "/r/item/new", &form).await;
        assert!(sent.location().starts_with("/r/item/new?done="));
        // The next form starts with the department of the last record.
        let page = story.app.get(&story.office, "/r/item/new").await.text();
        assert!(page.contains(&dept) && page.contains("机电系"), "{page}");
    }
}

#[tokio::test]
async fn a_refused_form_names_the_field_and_keeps_what_was_typed() {
    for story in stories().await {
        story.write(&story.office, &story.item("TAKEN", "旧")).await;
        let dept = story.north.to_string();
        let nobody = Uuid::now_v7().to_string();
        let long = "长".repeat(31);
        for (name, value, message) in [
            ("number", "", "请填写编号"),
            ("number", "TAKEN", "已有编号相同的记录"),
            ("name", long.as_str(), "名称最多 30 字"),
            ("found_on", "2026-02-30", "不是有效日期"),
            ("dept", nobody.as_str(), "部门指向的记录不存在或已作废"),
            ("level", "middle", "不在可选项中"),
            ("colour", "99", "不在代码集中"),
            ("amount", "1000", "应在 0 到 999 之间"),
            ("amount", "几个", "不是整数"),
            ("score", "87.55", "最多 1 位小数"),
            ("due", "2026-08-01", "整改期限不能早于登记日期"),
        ] {
            let mut form = story.form("A1", &dept);
            form.retain(|pair| pair.0 != name);
            form.push((name, value));
            let answer = story.app.post(&story.office, "/r/item/new", &form).await;
            assert_eq!(answer.status, 422, "{name}={value}");
            let page = answer.text();
            assert!(page.contains(message), "{name}={value}: {page}");
            assert!(
                page.contains(&format!(r##"href="#f-{name}""##)),
                "{name}: the list links to the field"
            );
            assert!(
                page.contains(r#"value="灭火器""#) || name == "name",
                "{name}: typed values stay"
            );
        }
        assert_eq!(story.count().await, 1, "nothing was written");
        // A head may not write outside the own department, a worker only sees own rows.
        let south = story.south.to_string();
        let answer = story
            .app
            .post(&story.head, "/r/item/new", &story.form("A2", &south))
            .await;
        assert_eq!(answer.status, 422);
        assert!(answer.text().contains("无权在这个范围内登记"));
        assert_eq!(story.app.get(&story.watcher, "/r/item/new").await.status, 403);
    }
}

#[tokio::test]
async fn two_people_do_not_overwrite_each_other() {
    for story in stories().await {
        let id = story.write(&story.office, &story.item("A1", "焊机")).await;
        let edit = format!("/r/item/{id}/edit");
        assert!(
            story
                .app
                .get(&story.office, &edit)
                .await
                .text()
                .contains(r#"name="version" value="1""#)
        );
        let dept = story.north.to_string();
        let mut form = story.form("A1", &dept);
        form.push(("version", "1"));
        let first = story.app.post(&story.office, &edit, &form).await;
        assert_eq!(first.status, 303);
        form.retain(|pair| pair.0 != "name");
        form.push(("name", "电焊机"));
        let second = story.app.post(&story.head, &edit, &form).await;
        assert_eq!(second.status, 409);
        let page = second.text();
        assert!(
            page.contains("刚被别人修改过") && page.contains("名称现在是：灭火器"),
            "{page}"
        );
        assert!(page.contains(r#"value="电焊机""#) && page.contains(r#"name="version" value="2""#));
        form.retain(|pair| pair.0 != "version");
        form.push(("version", "2"));
        assert_eq!(story.app.post(&story.head, &edit, &form).await.status, 303);
        // The history says what changed, by label.
        let page = story
            .app
            .get(&story.office, &format!("/r/item/{id}"))
            .await
            .text();
        for words in [
            "<td>名称</td><td>焊机</td><td>灭火器</td>",
            "<td>灭火器</td><td>电焊机</td>",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
    }
}

#[tokio::test]
async fn a_voided_record_keeps_its_story_and_frees_its_number() {
    for story in stories().await {
        let id = story.write(&story.office, &story.item("A1", "焊机")).await;
        let path = format!("/r/item/{id}/void?version=1");
        let refused = story.app.post(&story.office, &path, &[("reason", " ")]).await;
        assert_eq!(refused.status, 422);
        assert_eq!(
            story
                .app
                .post(&story.watcher, &path, &[("reason", "错")])
                .await
                .status,
            403
        );
        let stale = story
            .app
            .post(
                &story.office,
                &format!("/r/item/{id}/void?version=7"),
                &[("reason", "错")],
            )
            .await;
        assert_eq!(stale.status, 409);
        assert_eq!(
            story
                .app
                .post(&story.office, &path, &[("reason", "重复登记")])
                .await
                .status,
            303
        );
        let page = story
            .app
            .get(&story.office, &format!("/r/item/{id}"))
            .await
            .text();
        assert!(
            page.contains("已作废") && page.contains("重复登记") && !page.contains(r#"data-dialog="void""#)
        );
        assert_eq!(
            story
                .app
                .get(&story.office, &format!("/r/item/{id}/edit"))
                .await
                .status,
            409
        );
        assert_eq!(story.count().await, 0);
        story.write(&story.office, &story.item("A1", "新焊机")).await;
        let voided = story.app.get(&story.office, "/r/item?voided=1").await.text();
        assert!(voided.contains(&id.to_string()));
    }
}

#[tokio::test]
async fn every_write_is_in_the_journal() {
    for story in stories().await {
        let scope = story.app.scope(&story.office).await;
        let id = story.write(&story.office, &story.item("A1", "焊机")).await;
        let change = Change {
            version: 1,
            values: story.item("A1", "电焊机").to_values(),
            reason: Some("名称写错"),
        };
        store::update(&scope, &story.item, id, change)
            .await
            .expect("a correction");
        store::void(&scope, &story.item, id, 2, "重复")
            .await
            .expect("a void");
        let search = Search {
            record: Some(id),
            ..Search::default()
        };
        let lines = journal::read(&scope, &search, 0, 10).await.expect("the journal");
        let told: Vec<(&str, &str, Option<&str>)> = lines
            .iter()
            .map(|l| (l.action.as_str(), l.actor.as_str(), l.reason.as_deref()))
            .collect();
        assert_eq!(
            told,
            [
                ("作废", "office", Some("重复")),
                ("修改", "office", Some("名称写错")),
                ("新建", "office", None)
            ]
        );
        assert_eq!(lines[1].before.as_ref().expect("before")["name"], "焊机");
        assert_eq!(lines[1].after.as_ref().expect("after")["name"], "电焊机");
    }
}

#[tokio::test]
async fn a_record_shows_warnings_and_who_refers_to_it() {
    for story in stories().await {
        let item = Item {
            amount: Some(0),
            ..story.item("A1", "焊机")
        };
        let id = story.write(&story.office, &item).await;
        let page = story
            .app
            .get(&story.office, &format!("/r/item/{id}"))
            .await
            .text();
        assert!(page.contains("数量为零，请核对"));
        let dept = story
            .app
            .get(&story.office, &format!("/r/dept/{}", story.north))
            .await
            .text();
        assert!(
            dept.contains(&format!("/r/item?f.dept={}", story.north)),
            "{dept}"
        );
        assert!(dept.contains(">1 条</a>"));
        assert!(dept.contains(&format!("/r/item/new?f.dept={}", story.north)));
        assert_eq!(story.app.get(&story.office, "/r/item/none").await.status, 404);
        assert_eq!(story.app.get(&story.office, "/r/nothing").await.status, 404);
    }
}
