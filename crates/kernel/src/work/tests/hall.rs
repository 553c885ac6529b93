//! The hall, the quick form, what waits, several at once, messages.
use super::stories;
use axum::http::Method;

#[tokio::test]
async fn a_request_starts_from_a_card_with_little_to_type() {
    for story in stories().await {
        let hall = story.app.get(&story.member, "/hall").await.text();
        assert!(
            hall.contains("学生处") && hall.contains("href=\"/r/leave/new\""),
            "{hall}"
        );
        assert!(
            !story
                .app
                .get(&story.office, "/hall")
                .await
                .text()
                .contains("/r/leave/new"),
            "a keeper who is not among the starters has no card"
        );
        let found = story.app.get(&story.member, "/hall?q=qj").await.text();
        assert!(found.contains("/r/leave/new"), "found by initials");
        assert!(
            story
                .app
                .get(&story.member, "/hall?q=采购")
                .await
                .text()
                .contains("没有找到事项")
        );

        let form = story.app.get(&story.member, "/r/leave/new").await.text();
        let folded = form
            .find("<details class=\"folded\"")
            .expect("the rest is folded");
        let at = |name: &str| {
            form.find(&format!("name=\"{name}\""))
                .unwrap_or_else(|| panic!("{name}: {form}"))
        };
        for first in ["starts_on", "days", "why"] {
            assert!(at(first) < folded, "{first} is asked for first");
        }
        for rest in ["who", "unit", "more"] {
            assert!(at(rest) > folded, "{rest} is folded away, for it is known");
        }
        assert!(form.contains("value=\"2026-10-12\""), "dates start today");
        assert!(
            form.contains("value=\"张三\"") && form.contains("value=\"数控1班\""),
            "{form}"
        );

        let id = story.file(1).await;
        let again = story.app.get(&story.member, "/hall").await.text();
        assert!(again.contains("常用"), "what was started lately comes first");
        let mine = story.app.get(&story.member, "/hall/requests").await.text();
        for words in [
            "提交",
            "zhang",
            "待班主任审批",
            "在 teacher",
            "今天起",
            "10-13 前办理",
        ] {
            assert!(mine.contains(words), "{words}: {mine}");
        }
        let ended = story
            .app
            .get(&story.member, "/hall/requests?state=ended")
            .await
            .text();
        assert!(!ended.contains(&id.to_string()));
        story.step(&story.teacher, id, "approve_class", "").await;
        let ended = story
            .app
            .get(&story.member, "/hall/requests?state=ended")
            .await
            .text();
        assert!(ended.contains(&id.to_string()));
    }
}

#[tokio::test]
async fn who_has_to_act_is_told_and_the_bell_counts_it() {
    for story in stories().await {
        let id = story.file(3).await;
        assert_eq!(story.told(&story.teacher).await.len(), 1);
        assert!(
            story.told(&story.head).await.is_empty(),
            "not yet the head's turn"
        );
        assert!(
            story.told(&story.member).await.is_empty(),
            "nobody is told of their own deeds"
        );
        let page = story.app.get(&story.teacher, "/hall").await.text();
        assert!(page.contains("1 件待办，1 条未读消息"), "{page}");

        let list = story
            .app
            .api(&story.teacher, Method::GET, "/api/messages", None)
            .await
            .json();
        let message = list["rows"][0]["id"].as_str().expect("an id").to_owned();
        let opened = story
            .app
            .get(&story.teacher, &format!("/messages/{message}"))
            .await;
        assert_eq!(opened.location(), format!("/r/leave/{id}"));
        let other = story.app.get(&story.head, &format!("/messages/{message}")).await;
        assert_eq!(other.status, 404, "somebody else's message");
        let page = story.app.get(&story.teacher, "/messages?unread=1").await.text();
        assert!(page.contains("没有消息"), "{page}");

        story.step(&story.teacher, id, "approve_class", "").await;
        assert_eq!(story.told(&story.head).await[0].0, "task");
        assert_eq!(story.told(&story.member).await[0].0, "moved");
        assert_eq!(story.waiting(&story.teacher).await, 0);
        let read = story.app.post(&story.head, "/messages/read", &[]).await;
        assert_eq!(read.status, 303);
        let page = story.app.get(&story.head, "/hall").await.text();
        assert!(page.contains("title=\"1 件待办\""), "{page}");
    }
}

#[tokio::test]
async fn the_bell_costs_no_statement_while_nothing_changes() {
    for story in stories().await {
        story.file(1).await;
        let statements = async || {
            let answer = story.app.get(&story.teacher, "/r/leave").await;
            answer.headers["server-timing"].to_str().expect("text").to_owned()
        };
        statements().await;
        assert_eq!(
            statements().await,
            "sql;desc=\"2\"",
            "the session and the revisions"
        );
        story.file(1).await;
        let page = story.app.get(&story.teacher, "/r/leave").await.text();
        assert!(page.contains("2 件待办"), "{page}");
    }
}

#[tokio::test]
async fn several_are_taken_at_once_and_each_failure_is_named() {
    for story in stories().await {
        let (a, b, c) = (story.file(1).await, story.file(3).await, story.file(1).await);
        let stale = format!("leave:{c}:0");
        let chosen = [format!("leave:{a}:1"), format!("leave:{b}:1")];
        let page = story.app.get(&story.teacher, "/hall/tasks").await.text();
        assert!(page.contains(&chosen[0]) && page.contains("所选同意"), "{page}");
        let form = [
            ("take", chosen[0].as_str()),
            ("take", &chosen[1]),
            ("take", &stale),
            ("do", "同意"),
            ("step-note", "批量"),
        ];
        let answer = story.app.post(&story.teacher, "/hall/tasks", &form).await;
        let text = answer.text();
        assert!(
            text.contains("已办理 2 件，1 件没有办理") && text.contains("刚被别人修改过"),
            "{text}"
        );
        assert_eq!(story.state(a).await, "已批准");
        assert_eq!(story.state(b).await, "待系部审批");
        assert_eq!(story.state(c).await, "待班主任审批");

        let not_mine = [("take", chosen[1].as_str()), ("do", "同意")];
        let refused = story
            .app
            .post(&story.office, "/hall/tasks", &not_mine)
            .await
            .text();
        assert!(refused.contains("1 件没有办理"), "{refused}");
        let only = format!("leave:{c}:1:approve_class");
        let one = story
            .app
            .post(&story.teacher, "/hall/tasks", &[("only", &only)])
            .await;
        assert_eq!(one.status, 303);
        assert_eq!(story.state(c).await, "已批准");
    }
}
