//! The summary over HTTP: drafted, edited, drafted again, settled and exported.
use crate::host::{Answer, Host, Patrol, SHORT as PLAN, actions, id_in};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use kernel::register::Register;
use kernel::register::store::{self, Draft};
use kernel::testing::Person;
use plans::model::{Commitment, Kind};
use std::io::Read;
use uuid::Uuid;

const TITLE: &str = "测试职业学校2026-2027学年第一学期阶段工作总结";

/// A published plan with four patrols, three of them mended.
async fn published(host: &Host) -> (Person, Uuid) {
    let (office, plan) = confirmed(host).await;
    publish(host, &office, plan).await;
    (office, plan)
}

/// A plan with every commitment accepted.
async fn confirmed(host: &Host) -> (Person, Uuid) {
    let office = host.login("office", "", None).await;
    let plan = host.import(&office, PLAN).await;
    host.confirm(&office, plan).await;
    (office, plan)
}

async fn publish(host: &Host, office: &Person, plan: Uuid) {
    host.step(office, plan, "publish").await;
    for (day, closed) in [
        ("2026-09-02", true),
        ("2026-09-09", true),
        ("2026-09-16", true),
        ("2026-09-23", false),
    ] {
        patrol(host, day, closed).await;
    }
}

async fn patrol(host: &Host, day: &str, closed: bool) {
    let system = host.system();
    let spec = system.register("patrol").unwrap();
    let record = Patrol {
        on: day.parse().unwrap(),
        place: "教学楼".into(),
        unit: None,
        cost: None,
        closed,
    };
    let draft = Draft {
        id: Uuid::now_v7(),
        values: record.to_values(),
        state: None,
        at: None,
    };
    store::create(&system, spec, draft).await.unwrap();
}

/// A summary of the plan so far.
async fn drafted(host: &Host, office: &Person, plan: Uuid) -> Uuid {
    let plan = plan.to_string();
    let answer = host.post(office, "/summaries", &[("plan", &plan)], false).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    id_in(&answer.location)
}

fn the(all: &[Commitment], kind: Kind) -> Commitment {
    all.iter()
        .find(|c| c.kind == kind)
        .expect("one of each kind")
        .clone()
}

/// The form of a block as htmx gets it.
async fn form(host: &Host, who: &Person, summary: Uuid, anchor: &str) -> Answer {
    let request = Request::builder()
        .uri(format!("/summaries/{summary}/blocks/{anchor}/edit"))
        .header("cookie", format!("{}={}", kernel::http::COOKIE, who.session))
        .header("hx-request", "true");
    let answer = host.test.send(request.body(Body::empty()).unwrap()).await;
    Answer {
        status: answer.status,
        location: String::new(),
        body: answer.text(),
        bytes: vec![],
        retarget: String::new(),
    }
}

/// What stands between two pieces of a page.
fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    let start = page
        .find(before)
        .unwrap_or_else(|| panic!("no {before} in {page}"))
        + before.len();
    let end = page[start..].find(after).expect("its end") + start;
    &page[start..end]
}

fn stamp(page: &str) -> String {
    between(page, "name=\"stamp\" value=\"", "\"").to_owned()
}

fn text(page: &str) -> String {
    let area = &page[page.find("<textarea").expect("a textarea")..];
    between(area, ">", "</textarea>").to_owned()
}

/// The version that the form 重新生成 or 定稿 posts.
fn version(page: &str, form: &str) -> String {
    let id = format!("id=\"version-{form}\"");
    between(page, &id, ">")
        .split("value=\"")
        .nth(1)
        .expect("a value")
        .split('"')
        .next()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn the_draft_tells_what_the_rows_show_and_links_to_them() {
    for host in Host::each().await {
        let (office, plan) = published(&host).await;
        let id = drafted(&host, &office, plan).await;
        let page = host.get(&office, &format!("/summaries/{id}")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains(TITLE));
        let all = host.commitments(plan).await;
        for c in &all {
            assert!(page.body.contains(&format!("/board/{}", c.id)), "{}", c.title);
        }
        let rows = between(&page.body, "未完成：", "75%（3/4）</a>");
        assert!(
            rows.contains("href=\"/r/patrol?"),
            "the figure leads to its rows: {rows}"
        );
        assert!(rows.contains("2026-08-31..2026-10-12"), "{rows}");
        assert!(page.body.contains("存在的问题与下一步整改"));
        assert!(page.body.contains("下阶段工作"));
        let list = host.get(&office, "/summaries").await;
        assert!(list.body.contains(&format!("/summaries/{id}")) && list.body.contains(TITLE));
    }
}

#[tokio::test]
async fn a_hand_edit_outlives_a_new_draft() {
    for host in Host::each().await {
        let (office, plan) = published(&host).await;
        let id = drafted(&host, &office, plan).await;
        let intro = format!("/summaries/{id}/blocks/intro");
        let shown = form(&host, &office, id, "intro").await;
        let before = text(&shown.body);
        assert!(
            before.contains("|1]]") && !before.contains("/board"),
            "readable: {before}"
        );
        let edited = format!("{before}\n全校上下为此付出了努力。");
        let fields = [
            ("stamp", stamp(&shown.body)),
            ("text", edited.clone()),
            ("action", "save".into()),
        ];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let saved = host.post(&office, &intro, &fields, true).await;
        assert_eq!(saved.status, StatusCode::OK, "{}", saved.body);
        assert!(saved.body.contains("全校上下为此付出了努力。") && saved.body.contains("已修改"));
        assert!(saved.body.contains(&format!("/board?plan={plan}")), "links stay");
        assert!(!saved.body.contains("原稿已变"));

        let late = host.post(&office, &intro, &fields, true).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(
            late.body.contains("刚被别人改过") && late.body.contains("付出了努力"),
            "nothing typed is lost"
        );

        patrol(&host, "2026-09-30", true).await;
        let page = host.get(&office, &format!("/summaries/{id}")).await;
        assert!(
            page.body.contains("75%（3/4）") && !page.body.contains("80%（4/5）"),
            "the snapshot is frozen"
        );
        let again = [
            ("version", version(&page.body, "regenerate")),
            ("from", "2026-08-31".into()),
            ("to", "2026-10-12".into()),
        ];
        let again: Vec<(&str, &str)> = again.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let regenerate = format!("/summaries/{id}/regenerate");
        let done = host.post(&office, &regenerate, &again, false).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        let stale = host.post(&office, &regenerate, &again, false).await;
        assert_eq!(stale.status, StatusCode::CONFLICT, "the version was used");

        let page = host.get(&office, &format!("/summaries/{id}")).await;
        assert!(page.body.contains("80%（4/5）"), "new figures");
        assert!(page.body.contains("全校上下为此付出了努力。"), "the edit stays");
        assert!(page.body.contains("原稿已变"), "and says that its draft changed");
        let kept = plans::summary::read::block(&host.system(), id, "intro")
            .await
            .unwrap();
        let taken = host
            .post(
                &office,
                &intro,
                &[("stamp", &kept.stamp), ("action", "revert")],
                true,
            )
            .await;
        assert!(!taken.body.contains("付出了努力") && !taken.body.contains("原稿已变"));
        let actions = actions(&host, id).await;
        assert_eq!(actions, ["采用新稿", "重新生成", "修改", "新建"]);
    }
}

#[tokio::test]
async fn an_edit_of_a_problem_that_is_solved_stays_to_be_decided() {
    for host in Host::each().await {
        let (office, plan) = published(&host).await;
        let id = drafted(&host, &office, plan).await;
        let all = host.commitments(plan).await;
        let rate = all
            .iter()
            .find(|c| c.title.contains("整改率"))
            .expect("the target");
        let anchor = format!("problem:{}", rate.id);
        let action = format!("/summaries/{id}/blocks/{anchor}");
        let shown = form(&host, &office, id, &anchor).await;
        let fields = [
            ("stamp", stamp(&shown.body)),
            ("text", "原因是配件未到货。".into()),
            ("action", "save".into()),
        ];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        host.post(&office, &action, &fields, true).await;
        // 76 mended patrols more make 79 of 80: the target is reached.
        for _ in 0..76 {
            patrol(&host, "2026-10-08", true).await;
        }
        let page = host.get(&office, &format!("/summaries/{id}")).await;
        let version = version(&page.body, "regenerate");
        let again = [
            ("version", version.as_str()),
            ("from", "2026-08-31"),
            ("to", "2026-10-12"),
        ];
        host.post(&office, &format!("/summaries/{id}/regenerate"), &again, false)
            .await;
        let page = host.get(&office, &format!("/summaries/{id}")).await;
        assert!(page.body.contains("原因是配件未到货。") && page.body.contains("新的自动稿里没有这一段了"));
        let kept = plans::summary::read::block(&host.system(), id, &anchor)
            .await
            .unwrap();
        let taken = [("stamp", kept.stamp.as_str()), ("action", "revert")];
        let answer = host.post(&office, &action, &taken, true).await;
        assert_eq!(answer.status, StatusCode::OK);
        let page = host.get(&office, &format!("/summaries/{id}")).await;
        assert!(!page.body.contains("原因是配件未到货。"));
    }
}

#[tokio::test]
async fn a_settled_summary_refuses_every_change() {
    for host in Host::each().await {
        let (office, plan) = published(&host).await;
        let id = drafted(&host, &office, plan).await;
        let shown = form(&host, &office, id, "intro").await;
        let at = stamp(&shown.body);
        let action = format!("/summaries/{id}/final");
        let early = host.post(&office, &action, &[("version", "7")], false).await;
        assert_eq!(early.status, StatusCode::CONFLICT, "seen another version");
        let page = host.get(&office, &format!("/summaries/{id}")).await;
        let settled = host
            .post(
                &office,
                &action,
                &[("version", &version(&page.body, "final"))],
                false,
            )
            .await;
        assert_eq!(settled.status, StatusCode::SEE_OTHER, "{}", settled.body);

        let write = [("stamp", at.as_str()), ("text", "改"), ("action", "save")];
        let answer = host
            .post(&office, &format!("/summaries/{id}/blocks/intro"), &write, true)
            .await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
        let again = [("version", "2"), ("from", "2026-08-31"), ("to", "2026-10-12")];
        let answer = host
            .post(&office, &format!("/summaries/{id}/regenerate"), &again, false)
            .await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
        assert_eq!(
            form(&host, &office, id, "intro").await.status,
            StatusCode::CONFLICT
        );
        let page = host.get(&office, &format!("/summaries/{id}")).await;
        assert!(page.body.contains("已定稿") && !page.body.contains("/edit\""));
    }
}

#[tokio::test]
async fn whoever_reads_the_plan_reads_but_does_not_write() {
    for host in Host::each().await {
        let (office, plan) = published(&host).await;
        let id = drafted(&host, &office, plan).await;
        let teacher = host.login("teacher", "", None).await;
        let head = host.login("department-head", &host.path, None).await;
        for reader in [&teacher, &head] {
            let page = host.get(reader, &format!("/summaries/{id}")).await;
            assert_eq!(page.status, StatusCode::OK);
            assert!(!page.body.contains("/edit\"") && !page.body.contains("重新生成"));
            let write = [("stamp", "x"), ("text", "改"), ("action", "save")];
            let answer = host
                .post(reader, &format!("/summaries/{id}/blocks/intro"), &write, false)
                .await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN);
            let answer = host
                .post(
                    reader,
                    &format!("/summaries/{id}/final"),
                    &[("version", "1")],
                    false,
                )
                .await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN);
            let plan = plan.to_string();
            let answer = host.post(reader, "/summaries", &[("plan", &plan)], false).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN);
        }
    }
}

#[tokio::test]
async fn a_period_that_cannot_be_is_refused_at_its_field() {
    for host in Host::each().await {
        let (office, plan) = published(&host).await;
        let plan = plan.to_string();
        for (from, to, words) in [
            ("2026-09-01", "2026-10-13", "结束日期不能晚于今天"),
            ("2026-10-02", "2026-10-01", "开始日期不能晚于结束日期"),
        ] {
            let fields = [("plan", plan.as_str()), ("from", from), ("to", to)];
            let answer = host.post(&office, "/summaries", &fields, false).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.body.contains(words));
        }
        let list = host.get(&office, "/summaries").await;
        assert!(list.body.contains("还没有总结"));
    }
}

#[tokio::test]
async fn a_part_of_the_term_is_told_with_what_it_added() {
    for host in Host::each().await {
        let (office, plan) = published(&host).await;
        let duty = the(&host.commitments(plan).await, Kind::Duty);
        let plan = plan.to_string();
        let fields = [
            ("plan", plan.as_str()),
            ("from", "2026-09-14"),
            ("to", "2026-09-27"),
            ("title", "九月安全小结"),
        ];
        let answer = host.post(&office, "/summaries", &fields, false).await;
        let id = id_in(&answer.location);
        let told = plans::summary::read::snapshot(&host.system(), id).await.unwrap();
        let item = told.items().find(|i| i.id == duty.id).unwrap();
        let figure = item.figure.as_ref().expect("the duty is proved by records");
        // Weeks 1 to 4; the fourth is done before it is over.
        assert_eq!((figure.numerator, figure.denominator), (4, Some(4)));
        assert_eq!(figure.added, Some((2, Some(2))));
        let page = host.get(&office, &format!("/summaries/{id}")).await;
        assert!(page.body.contains("九月安全小结"));
        assert!(page.body.contains("其中本期应办"));
    }
}

#[tokio::test]
async fn state_and_forecast_are_of_the_same_day() {
    for host in Host::each().await {
        let (office, plan) = confirmed(&host).await;
        let system = host.system();
        let all = host.commitments(plan).await;
        let old = all
            .iter()
            .find(|c| c.title.contains("校本课程"))
            .expect("a count");
        let new = Commitment {
            binding: plans::model::Binding::Indicator("patrols".into()),
            target_scaled: Some(2_000),
            ..old.clone()
        };
        plans::store::save(&system, old, &new, "修改", None)
            .await
            .unwrap();
        publish(&host, &office, plan).await;
        // The last reading before Wednesday is Sunday's: 4 patrols in 28 of 140 days lead to 20.
        let plan = plan.to_string();
        let fields = [("plan", plan.as_str()), ("to", "2026-09-30")];
        let answer = host.post(&office, "/summaries", &fields, false).await;
        let told = plans::summary::read::snapshot(&system, id_in(&answer.location))
            .await
            .unwrap();
        let item = told.items().find(|i| i.id == old.id).unwrap();
        let figure = item.figure.as_ref().expect("a reading");
        assert_eq!(
            (figure.day.to_string().as_str(), figure.numerator),
            ("2026-09-27", 4)
        );
        assert_eq!(item.forecast, Some(2_000));
        assert_eq!(item.state, plans::standing::State::OnTrack);
    }
}

#[tokio::test]
async fn it_leaves_as_word_and_pdf() {
    for host in Host::each().await {
        let (office, plan) = published(&host).await;
        let id = drafted(&host, &office, plan).await;
        let word = host.get(&office, &format!("/summaries/{id}/export.docx")).await;
        assert_eq!(word.status, StatusCode::OK, "{}", word.body);
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(word.bytes)).expect("a Word file");
        let mut xml = String::new();
        zip.by_name("word/document.xml")
            .unwrap()
            .read_to_string(&mut xml)
            .unwrap();
        assert!(xml.contains(TITLE) && xml.contains("Heading1") && xml.contains("<w:tbl>"));
        assert!(xml.contains("75%（3/4）") && !xml.contains("[["));

        let pdf = host.get(&office, &format!("/summaries/{id}/export.pdf")).await;
        assert_eq!(pdf.status, StatusCode::OK, "{}", pdf.body);
        assert!(pdf.bytes.starts_with(b"%PDF-") && pdf.bytes.len() > 10_000);
    }
}
