//! Standing in: exactly the absent person's steps, in that time, under both names.
use super::{Story, stories};
use axum::http::Method;

async fn delegate(story: &Story, from: &str, to: &str, roles: &[&str]) -> u16 {
    let deputy = story.other_head.account.to_string();
    let mut form = vec![
        ("deputy", deputy.as_str()),
        ("from", from),
        ("to", to),
        ("reason", "外出培训"),
    ];
    form.extend(roles.iter().map(|role| ("roles", *role)));
    story
        .app
        .post(&story.head, "/delegations", &form)
        .await
        .status
        .as_u16()
}

#[tokio::test]
async fn a_deputy_takes_the_steps_of_the_absent_person_and_no_more() {
    for story in stories().await {
        let id = story.file(3).await;
        story.step(&story.teacher, id, "approve_class", "").await;
        assert_eq!(story.waiting(&story.other_head).await, 0);
        assert_eq!(delegate(&story, "2026-10-12", "2026-10-14", &["head"]).await, 303);
        assert_eq!(story.told(&story.other_head).await[0].0, "delegated");

        let tasks = story
            .app
            .api(&story.other_head, Method::GET, "/api/tasks", None)
            .await
            .json();
        assert_eq!(tasks["rows"][0]["instead_of"], "head", "{tasks}");
        let page = story.app.get(&story.other_head, "/hall/tasks").await.text();
        assert!(page.contains("代head"), "{page}");
        let list = story.app.get(&story.other_head, "/r/leave").await.text();
        assert!(
            !list.contains(&id.to_string()),
            "the list of the other department stays closed"
        );
        assert_eq!(story.step(&story.other_head, id, "approve_dept", "").await, 303);
        assert_eq!(story.state(id).await, "已批准");
        let shown = story
            .app
            .get(&story.member, &format!("/r/leave/{id}"))
            .await
            .text();
        assert!(shown.contains("head2（代head）"), "{shown}");
        let gone = story.app.get(&story.other_head, &format!("/r/leave/{id}")).await;
        assert_eq!(
            gone.status, 404,
            "after the step the deputy has nothing more to see there"
        );
        let done = story.app.get(&story.other_head, "/hall/done").await.text();
        assert!(done.contains("head2（代head）"), "{done}");
    }
}

#[tokio::test]
async fn a_delegation_begins_ends_and_can_be_taken_back() {
    for mut story in stories().await {
        let id = story.file(3).await;
        story.step(&story.teacher, id, "approve_class", "").await;
        assert_eq!(delegate(&story, "2026-10-14", "2026-10-15", &[]).await, 303);
        assert_eq!(story.waiting(&story.other_head).await, 0, "not yet");
        story.app.restart_at("2026-10-14").await;
        assert_eq!(story.waiting(&story.other_head).await, 1);
        story.app.restart_at("2026-10-16").await;
        assert_eq!(story.waiting(&story.other_head).await, 0, "no more");
        assert_eq!(story.step(&story.other_head, id, "approve_dept", "").await, 404);

        assert_eq!(delegate(&story, "2026-10-16", "2026-10-20", &[]).await, 303);
        assert_eq!(story.waiting(&story.other_head).await, 1);
        let mine = story.app.system();
        let row = mine
            .db()
            .one(
                "select id from delegation where from_on = $1",
                crate::args![mine.today()],
            )
            .await
            .expect("a delegation");
        let revoke = format!("/delegations/{}/revoke", row.at::<uuid::Uuid>(0).expect("an id"));
        assert_eq!(
            story.app.post(&story.other_head, &revoke, &[]).await.status,
            404,
            "not the deputy"
        );
        assert_eq!(story.app.post(&story.admin, &revoke, &[]).await.status, 303);
        assert_eq!(story.waiting(&story.other_head).await, 0);
    }
}

#[tokio::test]
async fn a_deputy_does_not_decide_on_what_is_their_own() {
    for story in stories().await {
        let deputy = story.member.account.to_string();
        let form = [
            ("deputy", deputy.as_str()),
            ("from", "2026-10-12"),
            ("to", "2026-10-12"),
            ("reason", "外出"),
        ];
        assert_eq!(
            story.app.post(&story.teacher, "/delegations", &form).await.status,
            303
        );
        let id = story.file(1).await;
        assert_eq!(story.step(&story.member, id, "approve_class", "").await, 403);
        assert_eq!(story.waiting(&story.member).await, 0);
        assert_eq!(story.state(id).await, "待班主任审批");
    }
}

#[tokio::test]
async fn what_was_not_handed_over_stays() {
    for story in stories().await {
        assert_eq!(
            delegate(&story, "2026-10-12", "2026-10-14", &["vice"]).await,
            422,
            "a role one has not"
        );
        assert_eq!(
            delegate(&story, "2026-10-12", "2026-10-14", &["member"]).await,
            303
        );
        let id = story.file(3).await;
        story.step(&story.teacher, id, "approve_class", "").await;
        assert_eq!(story.step(&story.other_head, id, "approve_dept", "").await, 404);
    }
}
