//! What is late is chased by the program once a day, and by people at most once in 24 hours.
use super::stories;
use crate::work::chase;

#[tokio::test]
async fn the_program_tells_of_late_steps_once_a_working_day() {
    for mut story in stories().await {
        let id = story.file(3).await;
        story.step(&story.teacher, id, "approve_class", "").await;
        let other = story.file(1).await;
        // Two working days from Monday, and one: Tuesday and Wednesday are in time.
        story.app.restart_at("2026-10-13").await;
        chase::daily(&story.app.app).await.expect("a day");
        assert!(story.told(&story.head).await.iter().all(|told| told.0 != "late"));
        story.app.restart_at("2026-10-15").await;
        chase::daily(&story.app.app).await.expect("a day");
        chase::daily(&story.app.app).await.expect("the same day again");
        let late = |told: Vec<(String, String)>| told.into_iter().filter(|told| told.0 == "late").count();
        assert_eq!(late(story.told(&story.head).await), 1);
        assert_eq!(late(story.told(&story.teacher).await), 1);
        assert_eq!(
            late(story.told(&story.member).await),
            1,
            "two late requests, one message"
        );
        let page = story.app.get(&story.head, "/hall/tasks").await.text();
        assert!(page.contains("10-14 已超期"), "{page}");
        let mine = story.app.get(&story.member, "/hall/requests").await.text();
        assert!(mine.contains("已超期"), "{mine}");

        story.app.restart_at("2026-10-17").await;
        chase::daily(&story.app.app).await.expect("a Saturday");
        assert_eq!(
            late(story.told(&story.head).await),
            1,
            "nobody is chased on a Saturday"
        );
        story.step(&story.head, id, "approve_dept", "").await;
        story.step(&story.teacher, other, "approve_class", "").await;
        story.app.restart_at("2026-10-19").await;
        chase::daily(&story.app.app).await.expect("a day");
        assert_eq!(late(story.told(&story.head).await), 1, "done is done");
    }
}

#[tokio::test]
async fn people_chase_once_a_day_and_it_is_in_the_journal() {
    for mut story in stories().await {
        let id = story.file(1).await;
        let path = format!("/r/leave/{id}/chase");
        assert_eq!(
            story.app.post(&story.head, &path, &[]).await.status,
            403,
            "neither applicant nor keeper"
        );
        assert_eq!(
            story.app.post(&story.teacher, &path, &[]).await.status,
            403,
            "it waits for the teacher"
        );
        let page = story
            .app
            .get(&story.member, &format!("/r/leave/{id}"))
            .await
            .text();
        assert!(page.contains(&path), "{page}");
        assert_eq!(story.app.post(&story.member, &path, &[]).await.status, 303);
        assert_eq!(
            story
                .told(&story.teacher)
                .await
                .iter()
                .filter(|told| told.0 == "chased")
                .count(),
            1
        );
        assert_eq!(
            story.app.post(&story.office, &path, &[]).await.status,
            409,
            "within a day"
        );
        story.app.restart_at("2026-10-13T09:00:01+08:00").await;
        assert_eq!(story.app.post(&story.office, &path, &[]).await.status, 303);
        let page = story
            .app
            .get(&story.member, &format!("/r/leave/{id}"))
            .await
            .text();
        assert!(page.contains("催办"), "{page}");
        story.step(&story.teacher, id, "approve_class", "").await;
        assert_eq!(
            story.app.post(&story.member, &path, &[]).await.status,
            403,
            "nothing waits any more"
        );
    }
}
