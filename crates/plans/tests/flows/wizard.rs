//! The import wizard over HTTP: import, accept, correct, reject, add, close and come back.
use crate::host::{Host, PLAN, actions, id_in, the};
use axum::http::StatusCode;
use plans::model::{Binding, Comparator, Kind, Status};

#[tokio::test]
async fn a_text_becomes_a_draft_with_suggestions() {
    for host in Host::each().await {
        let office = host.login("office", "", None).await;
        let answer = host
            .upload(&office, &[], Some(("计划.txt", PLAN.as_bytes())))
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        let id = id_in(&answer.location);
        let plan = plans::store::plan(&host.system(), id).await.unwrap();
        assert_eq!(plan.title, "测试职业学校2026-2027学年第一学期工作计划");
        assert_eq!((plan.term, plan.unit, plan.version), (host.terms[0], None, 0));

        let all = host.commitments(id).await;
        let chars: Vec<char> = PLAN.chars().collect();
        for c in &all {
            let words: String = chars[c.start as usize..c.end as usize].iter().collect();
            assert_eq!(words, c.quote);
            assert_eq!(c.status, Status::Suggested);
        }
        let rate = the(&all, Kind::Target, "整改率");
        assert_eq!(rate.target_scaled, Some(9550));
        assert_eq!(rate.comparator, Some(Comparator::AtLeast));
        assert_eq!(rate.binding, Binding::Indicator("patrol_closed".into()));
        assert_eq!(rate.due_on, chrono::NaiveDate::from_ymd_opt(2027, 1, 17));
        assert_eq!(rate.owner, Some(host.heads[0]), "the head of the school");
        let courses = the(&all, Kind::Target, "课程");
        assert_eq!(
            (courses.target_scaled, courses.max_scaled),
            (Some(100), Some(200))
        );
        let patrol = the(&all, Kind::Duty, "排查");
        assert_eq!(patrol.binding, Binding::Duty("patrol_weekly".into()));
        let training = the(&all, Kind::Duty, "技能训练");
        assert_eq!(
            (training.times, training.promise().as_str()),
            (Some(2), "每月2次")
        );
        assert_eq!(
            (training.node, training.owner),
            (Some(host.unit), Some(host.heads[1]))
        );
        assert_eq!(training.path, host.path);
        let stock = the(&all, Kind::Task, "清点");
        assert_eq!(stock.due_on, chrono::NaiveDate::from_ymd_opt(2026, 11, 30));

        let review = host.get(&office, &format!("/plans/{id}/review")).await;
        assert_eq!(review.status, StatusCode::OK);
        for c in &all {
            assert!(
                review.body.contains(&format!("id=\"card-{}\"", c.id)),
                "{}",
                c.title
            );
        }
        assert!(review.body.contains(&format!("data-card=\"card-{}\"", rate.id)));
        assert!(
            review
                .body
                .contains(&format!("<span class=\"figures\">0/{}</span>", all.len()))
        );
        let list = host.get(&office, "/plans").await;
        assert!(list.body.contains(&plan.title) && list.body.contains("草稿"));
    }
}

#[tokio::test]
async fn a_form_sent_twice_imports_once() {
    for host in Host::each().await {
        let office = host.login("office", "", None).await;
        let form = host.get(&office, "/plans/new").await;
        let id = form.body.split("name=\"id\" value=\"").nth(1).unwrap()[..36].to_owned();
        for _ in 0..2 {
            let answer = host.upload(&office, &[("id", &id), ("text", PLAN)], None).await;
            assert_eq!(id_in(&answer.location).to_string(), id);
        }
        assert_eq!(plans::store::plans_of(&host.system()).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn what_is_no_plan_is_refused_at_its_field_and_nothing_is_written() {
    for host in Host::each().await {
        let office = host.login("office", "", None).await;
        let refused = [
            (host.upload(&office, &[], None).await, "请上传计划文件"),
            (
                host.upload(&office, &[("text", "hello world")], None).await,
                "不像一份中文工作计划",
            ),
            (
                host.upload(&office, &[], Some(("a.pdf", b"%PDF-1.7 x"))).await,
                "不支持 PDF",
            ),
            (
                host.upload(&office, &[], Some(("a.docx", b"PK\x03\x04broken")))
                    .await,
                "已损坏",
            ),
            (
                host.upload(&office, &[("text", PLAN), ("term", &host.unit.to_string())], None)
                    .await,
                "还没有这个学期",
            ),
        ];
        for (answer, words) in refused {
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
            assert!(answer.body.contains(words), "{words}");
            assert!(answer.body.contains("aria-invalid=\"true\""), "{words}");
        }
        assert!(plans::store::plans_of(&host.system()).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn every_decision_is_kept_at_once() {
    for host in Host::each().await {
        let office = host.login("office", "", None).await;
        let plan = host.import(&office, PLAN).await;
        let all = host.commitments(plan).await;
        let rate = the(&all, Kind::Target, "整改率");
        let card = format!("/plans/{plan}/c/{}", rate.id);

        let answer = host
            .post(
                &office,
                &format!("{card}/decide"),
                &[("version", "1"), ("status", "accepted")],
                true,
            )
            .await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(
            answer
                .body
                .contains(&format!("<span class=\"figures\">1/{}</span>", all.len()))
        );
        // Closed and opened again, by somebody else: the decision is there.
        let principal = host.login("principal", "", None).await;
        let again = host
            .get(&principal, &format!("/plans/{plan}/review?status=accepted"))
            .await;
        assert!(again.body.contains(&format!("id=\"card-{}\"", rate.id)));
        assert_eq!(again.body.matches("<article class=\"review-card").count(), 1);

        // The colleague's page is stale: refused, and shown what holds now.
        let stale = host
            .post(
                &principal,
                &format!("{card}/decide"),
                &[("version", "1"), ("status", "rejected")],
                true,
            )
            .await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        assert!(stale.body.contains("刚被别人修改过") && stale.body.contains("已接受"));
        assert_eq!(stale.retarget, format!("#card-{}", rate.id));

        for (version, status, word) in [("2", "rejected", "已拒绝"), ("3", "suggested", "待确认")] {
            let fields = [("version", version), ("status", status)];
            let answer = host.post(&office, &format!("{card}/decide"), &fields, true).await;
            assert!(answer.body.contains(word), "{word}");
        }
        let answer = host
            .post(&office, &format!("/plans/{plan}/accept-all"), &[], false)
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert!(
            host.commitments(plan)
                .await
                .iter()
                .all(|c| c.status == Status::Accepted)
        );
        let actions = actions(&host, rate.id).await;
        assert_eq!(actions, ["接受", "恢复", "拒绝", "接受"]);
    }
}

#[tokio::test]
async fn a_commitment_is_corrected_field_by_field() {
    for host in Host::each().await {
        let office = host.login("office", "", None).await;
        let plan = host.import(&office, PLAN).await;
        let rate = the(&host.commitments(plan).await, Kind::Target, "整改率");
        let card = format!("/plans/{plan}/c/{}", rate.id);
        let form = host.get(&office, &format!("{card}/edit")).await;
        assert!(form.body.contains("最相近") && form.body.contains("indicator:patrol_closed"));

        let owner = host.heads[0].to_string();
        let base = [
            ("version", "1"),
            ("title", "隐患整改率"),
            ("comparator", ">="),
            ("value", "98"),
            ("unit", "%"),
            ("due_on", "2026-12-31"),
            ("binding", "indicator:patrol_closed"),
            ("owner", owner.as_str()),
        ];
        let answer = host.post(&office, &card, &base, true).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        assert!(answer.body.contains("name=\"version\" value=\"2\""));
        // The same content again is no new version.
        let mut same = base;
        same[0].1 = "2";
        let answer = host.post(&office, &card, &same, true).await;
        assert!(answer.body.contains("name=\"version\" value=\"2\""));

        let bad = [
            ("value", "很多", "请填数字"),
            ("title", " ", "不能为空"),
            ("due_on", "2026-02-30", "请填日期"),
            ("binding", "indicator:nothing", "请从列表中选择"),
            ("binding", "duty:patrol_weekly", "请从列表中选择"),
            ("owner", "钱校长", "请从列表中选择"),
        ];
        for (field, value, words) in bad {
            let fields: Vec<(&str, &str)> = same
                .iter()
                .map(|(name, was)| (*name, if *name == field { value } else { *was }))
                .collect();
            let answer = host.post(&office, &card, &fields, true).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
            assert!(answer.body.contains(words), "{field}: {}", answer.body);
        }
        let node = host.unit.to_string();
        let mut moved = same.to_vec();
        moved.extend([("node", node.as_str()), ("then", "accept")]);
        let answer = host.post(&office, &card, &moved, true).await;
        assert_eq!(answer.retarget, format!("#card-{}", rate.id));
        let now = plans::store::commitment(&host.system(), rate.id).await.unwrap();
        assert_eq!(
            (now.target_scaled, now.version, now.status),
            (Some(9800), 3, Status::Accepted)
        );
        assert_eq!(
            (now.node, now.path.as_str()),
            (Some(host.unit), host.path.as_str())
        );
        assert_eq!(
            now.owner,
            Some(host.heads[1]),
            "the head of the department takes over"
        );

        let fields = [("version", "3"), ("kind", "duty")];
        let answer = host.post(&office, &format!("{card}/kind"), &fields, true).await;
        assert!(answer.body.contains("duty:patrol_weekly"), "{}", answer.body);
        let now = plans::store::commitment(&host.system(), rate.id).await.unwrap();
        assert!(matches!(now.binding, Binding::Duty(_) | Binding::None));
    }
}

#[tokio::test]
async fn selected_text_becomes_a_commitment() {
    for host in Host::each().await {
        let office = host.login("office", "", None).await;
        let plan = host.import(&office, PLAN).await;
        let before = host.commitments(plan).await.len();
        let chars: Vec<char> = PLAN.chars().collect();
        let at = |words: &str| {
            let words: Vec<char> = words.chars().collect();
            let start = chars.windows(words.len()).position(|w| w == words).unwrap();
            (start, start + words.len())
        };
        let (start, end) = at("全体教师参加师德培训不走过场");
        let (from, to) = (start.to_string(), end.to_string());
        let fields = [("start", from.as_str()), ("end", to.as_str()), ("kind", "task")];
        for _ in 0..2 {
            let answer = host
                .post(&office, &format!("/plans/{plan}/add"), &fields, true)
                .await;
            assert_eq!(answer.status, StatusCode::OK);
            assert!(answer.body.contains("id=\"review\""), "the whole view comes back");
        }
        let all = host.commitments(plan).await;
        assert_eq!(all.len(), before + 1, "added twice is once");
        let added = the(&all, Kind::Task, "师德培训");
        assert_eq!((added.start, added.end), (start as i64, end as i64));
        assert!(added.section.is_some());

        // The grammar reads what it can from the selection.
        let (start, end) = at("每月组织2次技能训练检查");
        let answer = host
            .post(
                &office,
                &format!("/plans/{plan}/add"),
                &[
                    ("start", &start.to_string()),
                    ("end", &end.to_string()),
                    ("kind", "duty"),
                ],
                false,
            )
            .await;
        let id = answer.location.split("edit=").nth(1).unwrap()[..36]
            .parse()
            .unwrap();
        let added = plans::store::commitment(&host.system(), id).await.unwrap();
        assert_eq!(added.promise(), "每月2次");

        let beyond = [("start", "99990"), ("end", "99999"), ("kind", "task")];
        let answer = host
            .post(&office, &format!("/plans/{plan}/add"), &beyond, true)
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test]
async fn title_term_and_unit_can_be_put_right() {
    for host in Host::each().await {
        let office = host.login("office", "", None).await;
        let plan = host.import(&office, PLAN).await;
        let (term, unit) = (host.terms[1].to_string(), host.unit.to_string());
        let fields = [
            ("title", "机电系春季工作计划"),
            ("term", term.as_str()),
            ("unit", unit.as_str()),
        ];
        let answer = host
            .post(&office, &format!("/plans/{plan}/head"), &fields, false)
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let now = plans::store::plan(&host.system(), plan).await.unwrap();
        assert_eq!((now.term, now.unit), (host.terms[1], Some(host.unit)));
        let all = host.commitments(plan).await;
        let rate = the(&all, Kind::Target, "整改率");
        assert_eq!(
            (rate.node, rate.path.as_str()),
            (Some(host.unit), host.path.as_str())
        );
        assert_eq!(
            rate.due_on,
            chrono::NaiveDate::from_ymd_opt(2027, 7, 18),
            "the end of the new term"
        );
        let stock = the(&all, Kind::Task, "清点");
        assert_eq!(
            stock.due_on,
            chrono::NaiveDate::from_ymd_opt(2026, 11, 30),
            "its own date stays"
        );
    }
}
