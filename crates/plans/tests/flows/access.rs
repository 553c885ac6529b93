//! Who may see and work on plans, over HTTP.
use crate::host::{Host, PLAN};
use axum::http::StatusCode;
use kernel::http::escape;

#[tokio::test]
async fn each_role_gets_as_far_as_it_should() {
    for host in Host::each().await {
        let office = host.login("office", "", None).await;
        let draft = host.import(&office, PLAN).await;
        let teacher = host.login("teacher", "", None).await;
        let head = host
            .login("department-head", &host.path, Some(host.heads[1]))
            .await;
        for path in ["/plans/new".to_owned(), format!("/plans/{draft}/review")] {
            assert_eq!(
                host.get(&teacher, &path).await.status,
                StatusCode::FORBIDDEN,
                "{path}"
            );
        }
        for who in [&teacher, &head] {
            assert_eq!(
                host.get(who, &format!("/plans/{draft}")).await.status,
                StatusCode::NOT_FOUND
            );
            assert!(!host.get(who, "/plans").await.body.contains("测试职业学校2026"));
        }
        let answer = host.get(&head, &format!("/plans/{draft}/review")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        // A head of department imports for the own department: by default, and nothing else.
        let own = host.import(&head, PLAN).await;
        let plan = plans::store::plan(&host.system(), own).await.unwrap();
        assert_eq!(plan.unit, Some(host.unit));
        let fields = [
            ("title", "学校计划"),
            ("term", &plan.term.to_string()),
            ("unit", ""),
        ];
        let answer = host
            .post(&head, &format!("/plans/{own}/head"), &fields, false)
            .await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        let nobody = kernel::testing::Person {
            session: "nobody".into(),
            ..office.clone()
        };
        let stranger = host.get(&nobody, &format!("/plans/{own}")).await;
        assert_eq!(stranger.status, StatusCode::SEE_OTHER);
        assert!(stranger.location.starts_with("/login"));
        let nodes = host
            .get(&office, &format!("/plans/nodes?q={}", escape("jd")))
            .await;
        assert!(nodes.body.contains("机电系") && !nodes.body.contains("测试职业学校"));
    }
}
