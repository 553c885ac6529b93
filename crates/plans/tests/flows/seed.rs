//! A real school's plan, where the seeds are at hand: read, confirmed and published.
use crate::host::{Host, id_in};
use axum::http::StatusCode;
use plans::model::Kind;
use std::path::Path;

#[tokio::test]
async fn a_real_plan_is_imported_and_published() {
    let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/seeds/school-plan-jinxiang.txt");
    let Ok(bytes) = std::fs::read(&seed) else {
        eprintln!("skipped: no seed plan beside the project");
        return;
    };
    for host in Host::each().await {
        let office = host.login("office", "", None).await;
        let answer = host.upload(&office, &[], Some(("school-plan.txt", &bytes))).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        // The plan is of another year than the school's calendar.
        assert!(
            answer
                .location
                .contains(&kernel::http::escape("请在“计划信息”中核对"))
        );
        let plan = id_in(&answer.location);
        let text: Vec<char> = String::from_utf8_lossy(&bytes).chars().collect();
        let all = host.commitments(plan).await;
        for c in &all {
            let words: String = text[c.start as usize..c.end as usize].iter().collect();
            assert_eq!(words, c.quote);
        }
        for kind in [Kind::Target, Kind::Duty] {
            assert!(all.iter().any(|c| c.kind == kind), "{kind:?}");
        }
        let review = host.get(&office, &format!("/plans/{plan}/review")).await;
        assert_eq!(
            review.body.matches("<article class=\"review-card").count(),
            all.len()
        );
        host.confirm(&office, plan).await;
        host.step(&office, plan, "publish").await;
        let pdf = host.get(&office, &format!("/plans/{plan}/plan.pdf")).await;
        assert!(pdf.bytes.starts_with(b"%PDF"));
    }
}
