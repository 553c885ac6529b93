//! Approvals by length, return and sending again, withdrawal, signatures.
use super::stories;

#[tokio::test]
async fn the_chain_is_as_long_as_the_leave() {
    for story in stories().await {
        let short = story.file(1).await;
        assert_eq!(story.state(short).await, "待班主任审批");
        assert_eq!(story.step(&story.teacher, short, "approve_class", "").await, 303);
        assert_eq!(
            story.state(short).await,
            "已批准",
            "one day needs the class teacher only"
        );

        let middle = story.file(3).await;
        story.step(&story.teacher, middle, "approve_class", "").await;
        assert_eq!(story.state(middle).await, "待系部审批");
        assert_eq!(
            story.step(&story.other_head, middle, "approve_dept", "").await,
            404,
            "another department's head does not even see it"
        );
        assert_eq!(story.step(&story.vice, middle, "approve_dept", "").await, 403);
        assert_eq!(
            story.step(&story.head, middle, "approve_dept", "注意安全").await,
            303
        );
        assert_eq!(story.state(middle).await, "已批准");

        let long = story.file(5).await;
        for (person, step) in [(&story.teacher, "approve_class"), (&story.head, "approve_dept")] {
            assert_eq!(story.step(person, long, step, "").await, 303);
        }
        assert_eq!(story.state(long).await, "待分管审批");
        assert_eq!(
            story.step(&story.vice, long, "refuse_vice", "").await,
            422,
            "a refusal says why"
        );
        assert_eq!(
            story.step(&story.vice, long, "refuse_vice", "临近考试").await,
            303
        );
        assert_eq!(story.state(long).await, "未批准");
    }
}

#[tokio::test]
async fn a_returned_request_is_corrected_and_sent_again_in_one_go() {
    for story in stories().await {
        let id = story.file(5).await;
        story.step(&story.teacher, id, "approve_class", "情况属实").await;
        assert_eq!(story.step(&story.head, id, "return_dept", "天数不对").await, 303);
        assert_eq!(story.state(id).await, "退回修改");
        let told = story.told(&story.member).await;
        assert_eq!(told[0].0, "returned", "{told:?}");
        assert!(
            story.waiting(&story.member).await == 1,
            "it waits for the applicant"
        );

        let path = format!("/r/leave/{id}/edit");
        let page = story.app.get(&story.member, &path).await.text();
        assert!(page.contains("保存并重新提交"), "{page}");
        let record = story.record(id).await;
        let version = record.version.to_string();
        let (who, unit) = (story.member_staff.to_string(), story.class.to_string());
        let form = [
            ("version", version.as_str()),
            ("then", "resubmit"),
            ("who", &who),
            ("unit", &unit),
            ("starts_on", "2026-10-13"),
            ("days", "2"),
            ("why", "看病"),
        ];
        assert_eq!(story.app.post(&story.member, &path, &form).await.status, 303);
        assert_eq!(story.state(id).await, "待班主任审批");

        let shown = story
            .app
            .get(&story.member, &format!("/r/leave/{id}/print"))
            .await
            .text();
        assert!(
            !shown.contains("<dt>班主任意见</dt>"),
            "what was signed before the change is void: {shown}"
        );
        story.step(&story.teacher, id, "approve_class", "").await;
        story
            .step(&story.head, id, "approve_dept", "同意，注意安全")
            .await;
        let page = story
            .app
            .get(&story.member, &format!("/r/leave/{id}"))
            .await
            .text();
        for words in [
            "班主任意见",
            "系部意见",
            "同意，注意安全",
            "2026-10-12 09:00",
            "已批准",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        let paper = story
            .app
            .get(&story.member, &format!("/r/leave/{id}/print"))
            .await
            .text();
        assert!(
            paper.contains("<dt>系部意见</dt>") && paper.contains("head"),
            "{paper}"
        );
        assert!(
            !paper.contains("经办人：___"),
            "who signed here need not sign on paper"
        );
    }
}

#[tokio::test]
async fn only_the_applicant_withdraws_and_only_while_it_waits() {
    for story in stories().await {
        let id = story.file(1).await;
        assert_eq!(story.step(&story.teacher, id, "withdraw", "").await, 403);
        assert_eq!(story.step(&story.member, id, "withdraw", "").await, 303);
        assert_eq!(story.state(id).await, "已撤回");
        assert_eq!(story.step(&story.teacher, id, "approve_class", "").await, 409);
        let other = story.file(1).await;
        story.step(&story.teacher, other, "approve_class", "").await;
        assert_eq!(story.step(&story.member, other, "withdraw", "").await, 409);
        let edit = story
            .app
            .get(&story.member, &format!("/r/leave/{other}/edit"))
            .await;
        assert_eq!(edit.status, 403, "an approved request is not corrected any more");
    }
}
