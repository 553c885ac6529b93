//! Publishing and revising over HTTP: refusals with their reasons, versions, what changed between them.
use crate::host::{Host, SHORT as PLAN, id_in, the};
use axum::http::StatusCode;
use kernel::testing::Person;
use plans::model::{Kind, PlanState, Status};
use uuid::Uuid;

/// A published plan, its head of office and its commitments.
async fn published(host: &Host) -> (Person, Uuid) {
    let office = host.login("office", "", None).await;
    let plan = host.import(&office, PLAN).await;
    host.confirm(&office, plan).await;
    let answer = host.step(&office, plan, "publish").await;
    assert!(answer.location.starts_with(&format!("/plans/{plan}?")));
    (office, plan)
}

#[tokio::test]
async fn what_is_open_keeps_a_plan_from_being_published() {
    for host in Host::each().await {
        let office = host.login("office", "", None).await;
        let plan = host.import(&office, PLAN).await;
        let publish = format!("/plans/{plan}/publish");
        let refused = host.post(&office, &publish, &[], false).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let all = host.commitments(plan).await;
        for c in &all {
            assert!(
                refused
                    .body
                    .contains(&format!("review?edit={}#card-{}", c.id, c.id)),
                "{}",
                c.title
            );
        }
        host.post(&office, &format!("/plans/{plan}/accept-all"), &[], false)
            .await;
        let refused = host.post(&office, &publish, &[], false).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("未选指标口径"));
        assert!(refused.body.contains("条没有来源的承诺改为手工填报"));
        // Vague duties need a decision only.
        let vague = the(&all, Kind::VagueDuty, "班主任会议");
        assert!(!refused.body.contains(&format!("edit={}", vague.id)));
        let now = plans::store::plan(&host.system(), plan).await.unwrap();
        assert_eq!((now.state, now.version), (PlanState::Draft, 0));

        host.post(&office, &format!("/plans/{plan}/manual"), &[], false)
            .await;
        let answer = host.post(&office, &publish, &[], false).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        let again = host.post(&office, &publish, &[], false).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "published once is published");
    }
}

#[tokio::test]
async fn a_plan_with_everything_rejected_cannot_be_published() {
    for host in Host::each().await {
        let office = host.login("office", "", None).await;
        let plan = host.import(&office, PLAN).await;
        for c in host.commitments(plan).await {
            let fields = [("version", "1"), ("status", "rejected")];
            host.post(
                &office,
                &format!("/plans/{plan}/c/{}/decide", c.id),
                &fields,
                true,
            )
            .await;
        }
        let refused = host
            .post(&office, &format!("/plans/{plan}/publish"), &[], false)
            .await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("没有一条已接受的承诺"));
    }
}

#[tokio::test]
async fn a_published_plan_is_read_by_all_and_changed_by_none() {
    for host in Host::each().await {
        let (office, plan) = published(&host).await;
        let teacher = host.login("teacher", "", None).await;
        let page = host.get(&teacher, &format!("/plans/{plan}")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("已发布") && !page.body.contains("开始修订"));
        let all = host.commitments(plan).await;
        let accepted = all.iter().filter(|c| c.status == Status::Accepted);
        assert_eq!(accepted.count(), all.len());
        let rate = the(&all, Kind::Target, "整改率");
        let review = host.get(&office, &format!("/plans/{plan}/review")).await;
        assert_eq!(review.location, format!("/plans/{plan}"));
        let card = format!("/plans/{plan}/c/{}", rate.id);
        let fields = [("version", "2"), ("status", "rejected")];
        let answer = host.post(&office, &format!("{card}/decide"), &fields, true).await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
        assert!(answer.body.contains("开始修订"));
        for path in ["accept-all", "manual", "drop"] {
            let answer = host
                .post(&office, &format!("/plans/{plan}/{path}"), &[], false)
                .await;
            assert_eq!(answer.status, StatusCode::CONFLICT, "{path}");
        }
        let answer = host
            .post(&teacher, &format!("/plans/{plan}/revise"), &[], false)
            .await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        let word = host.get(&teacher, &format!("/plans/{plan}/plan.docx")).await;
        assert!(word.bytes.starts_with(b"PK"));
        let pdf = host.get(&teacher, &format!("/plans/{plan}/plan.pdf")).await;
        assert!(pdf.bytes.starts_with(b"%PDF"));
    }
}

#[tokio::test]
async fn a_revision_becomes_the_next_version_with_its_reason() {
    for host in Host::each().await {
        let (office, plan) = published(&host).await;
        let before = host.commitments(plan).await;
        let old = the(&before, Kind::Target, "整改率");
        plans::store::mark_done(
            &host.system(),
            the(&before, Kind::Task, "清点").id,
            the(&before, Kind::Task, "清点").version,
            chrono::NaiveDate::from_ymd_opt(2026, 10, 10),
            Some("清点表已交"),
        )
        .await
        .unwrap();

        let answer = host
            .post(&office, &format!("/plans/{plan}/revise"), &[], false)
            .await;
        let revision = id_in(&answer.location);
        assert_ne!(revision, plan);
        let second = host
            .post(&office, &format!("/plans/{plan}/revise"), &[], false)
            .await;
        assert_eq!(id_in(&second.location), revision, "one revision at a time");
        let copies = host.commitments(revision).await;
        assert_eq!(copies.len(), before.len());
        let copy = the(&copies, Kind::Target, "整改率");
        let owner = copy.owner.unwrap().to_string();
        let fields = [
            ("version", "1"),
            ("title", copy.title.as_str()),
            ("comparator", ">="),
            ("value", "98.5"),
            ("unit", "%"),
            ("due_on", "2026-12-31"),
            ("binding", "manual"),
            ("owner", owner.as_str()),
        ];
        let answer = host
            .post(
                &office,
                &format!("/plans/{revision}/c/{}", copy.id),
                &fields,
                true,
            )
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let dropped = the(&copies, Kind::Target, "课程");
        let fields = [("version", "1"), ("status", "rejected")];
        host.post(
            &office,
            &format!("/plans/{revision}/c/{}/decide", dropped.id),
            &fields,
            true,
        )
        .await;
        let start = PLAN
            .chars()
            .collect::<String>()
            .find("实训室设备清点")
            .map(|b| PLAN[..b].chars().count())
            .unwrap();
        let selection = [("start", start.to_string()), ("end", (start + 7).to_string())];
        let fields = [
            ("start", selection[0].1.as_str()),
            ("end", selection[1].1.as_str()),
            ("kind", "vague-duty"),
        ];
        host.post(&office, &format!("/plans/{revision}/add"), &fields, true)
            .await;
        host.post(&office, &format!("/plans/{revision}/accept-all"), &[], false)
            .await;

        // Until it is published, the first version is in force.
        let now = plans::store::commitment(&host.system(), old.id).await.unwrap();
        assert_eq!(now.target_scaled, Some(9500));
        let teacher = host.login("teacher", "", None).await;
        assert_eq!(
            host.get(&teacher, &format!("/plans/{revision}")).await.status,
            StatusCode::NOT_FOUND
        );

        let publish = format!("/plans/{revision}/publish");
        let refused = host.post(&office, &publish, &[("reason", "  ")], false).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("修订须写明理由"));
        let answer = host
            .post(&office, &publish, &[("reason", "按市局督导意见提高标准")], false)
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        assert_eq!(id_in(&answer.location), plan);

        let now = plans::store::commitment(&host.system(), old.id).await.unwrap();
        assert_eq!((now.target_scaled, now.plan), (Some(9850), plan));
        let after = host.commitments(plan).await;
        assert_eq!(after.len(), before.len() + 1);
        assert_eq!(the(&after, Kind::Target, "课程").status, Status::Rejected);
        let task = the(&after, Kind::Task, "清点");
        assert!(task.done_on.is_some(), "what was done meanwhile stays done");
        let versions = plans::store::versions(&host.system(), plan).await.unwrap();
        let reasons: Vec<(i64, &str)> = versions.iter().map(|v| (v.version, v.reason.as_str())).collect();
        assert_eq!(reasons, [(2, "按市局督导意见提高标准"), (1, "首次发布")]);

        let page = host.get(&teacher, &format!("/plans/{plan}/versions")).await;
        for words in [
            "按市局督导意见提高标准",
            "≥95%",
            "≥98.5%",
            "新增",
            "撤下",
            "2026-12-31",
        ] {
            assert!(page.body.contains(words), "{words}");
        }
        let first = plans::store::version_content(&host.system(), plan, 1)
            .await
            .unwrap();
        assert_eq!(
            first["commitments"].as_array().unwrap().len(),
            before.len(),
            "frozen as it was"
        );
    }
}

#[tokio::test]
async fn a_revision_given_up_changes_nothing() {
    for host in Host::each().await {
        let (office, plan) = published(&host).await;
        let answer = host
            .post(&office, &format!("/plans/{plan}/revise"), &[], false)
            .await;
        let revision = id_in(&answer.location);
        let answer = host
            .post(&office, &format!("/plans/{revision}/drop"), &[], false)
            .await;
        assert_eq!(id_in(&answer.location), plan);
        let listed = plans::store::plans_of(&host.system()).await.unwrap();
        assert_eq!(listed.iter().map(|p| p.id).collect::<Vec<_>>(), [plan]);
        assert_eq!(listed[0].version, 1);
        let answer = host
            .post(
                &office,
                &format!("/plans/{revision}/publish"),
                &[("reason", "x")],
                false,
            )
            .await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
        let next = host
            .post(&office, &format!("/plans/{plan}/revise"), &[], false)
            .await;
        assert_ne!(id_in(&next.location), revision, "a new one may begin");
    }
}
