use super::*;
use crate::register::query::{self, ListQuery};

async fn filled(story: &Story) {
    let named = [
        ("A1", "曾氏焊机", day(9, 1), story.north, Level::Low, Some(5)),
        ("A2", "会计凭证柜", day(9, 20), story.south, Level::High, None),
        ("A3", "数控机床", day(10, 8), story.north, Level::High, Some(20)),
    ];
    for (number, name, found_on, dept, level, amount) in named {
        let item = Item {
            found_on,
            dept: Ref::new(dept),
            level,
            amount,
            ..story.item(number, name)
        };
        story.write(&story.office, &item).await;
    }
}

/// Numbers of the items a list query finds, in order.
async fn found(story: &Story, person: &Person, pairs: &[(&str, &str)]) -> Vec<String> {
    let scope = story.app.scope(person).await;
    let pairs: Vec<(String, String)> = pairs.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect();
    let query = ListQuery::parse(&story.item, &pairs, &scope).expect("a good query");
    let page = query::list(&scope, &story.item, &query, &[0])
        .await
        .expect("a list");
    page.records
        .iter()
        .map(|r| {
            field(&story.item, &r.values, "number")
                .text()
                .unwrap_or("")
                .to_owned()
        })
        .collect()
}

#[tokio::test]
async fn lists_filter_search_sort_and_page() {
    for story in stories().await {
        filled(&story).await;
        let office = &story.office;
        let north = story.north.to_string();
        for (pairs, wanted) in [
            (vec![], vec!["A3", "A2", "A1"]),
            (vec![("q", "zshj")], vec!["A1"]),
            (vec![("q", "kjpz")], vec!["A2"]),
            (vec![("q", "机床")], vec!["A3"]),
            (vec![("q", "jdx")], vec!["A3", "A1"]),
            (vec![("q", "100%")], vec![]),
            (vec![("f.level", "high"), ("sort", "number")], vec!["A2", "A3"]),
            (vec![("f.level", "!high")], vec!["A1"]),
            (vec![("f.found_on", "2026-09-02..2026-10-08")], vec!["A3", "A2"]),
            (vec![("f.amount", "6..")], vec!["A3"]),
            (vec![("f.amount", "-")], vec!["A2"]),
            (vec![("f.dept", north.as_str())], vec!["A3", "A1"]),
            (vec![("state", "待复查")], vec![]),
            (vec![("sort", "amount")], vec!["A1", "A3", "A2"]),
            (vec![("sort", "-amount")], vec!["A3", "A1", "A2"]),
            (vec![("sort", "dept"), ("per", "2")], vec!["A3", "A1"]),
            (vec![("per", "2"), ("page", "2")], vec!["A1"]),
        ] {
            let engine = story.app.engine();
            let got = found(&story, office, &pairs).await;
            if pairs.iter().any(|p| p.1 == "dept") {
                assert_eq!(got.len(), wanted.len(), "{engine:?} {pairs:?}");
            } else {
                assert_eq!(got, wanted, "{engine:?} {pairs:?}");
            }
        }
    }
}

#[tokio::test]
async fn each_role_sees_its_own_rows_only() {
    for story in stories().await {
        filled(&story).await;
        story.write(&story.worker, &story.item("A4", "扳手")).await;
        let sees = async |person: &Person| {
            let mut list = found(&story, person, &[]).await;
            list.sort();
            list
        };
        assert_eq!(sees(&story.office).await, ["A1", "A2", "A3", "A4"]);
        assert_eq!(sees(&story.head).await, ["A1", "A3", "A4"]);
        assert_eq!(sees(&story.worker).await, ["A4"]);
        let stranger = story.app.person("stranger", None, &[("stranger", "")]).await;
        assert_eq!(story.app.get(&stranger, "/r/item").await.status, 403);
        // Another role's record is not found rather than forbidden.
        let south = story
            .write(
                &story.office,
                &Item {
                    dept: Ref::new(story.south),
                    ..story.item("S1", "账本")
                },
            )
            .await;
        assert_eq!(
            story
                .app
                .get(&story.head, &format!("/r/item/{south}"))
                .await
                .status,
            404
        );
    }
}

#[tokio::test]
async fn the_page_shows_rows_tabs_and_what_may_be_done() {
    for story in stories().await {
        let empty = story.app.get(&story.office, "/r/item").await;
        assert_eq!(empty.status, 200);
        assert!(empty.text().contains("还没有物品"), "{}", empty.text());
        filled(&story).await;
        let late = Item {
            due: Some(day(10, 1)),
            ..story.item("A9", "过期的灭火器")
        };
        story.write(&story.office, &late).await;
        let page = story.app.get(&story.office, "/r/item").await.text();
        assert!(page.contains("曾氏焊机") && page.contains("过期的灭火器"));
        assert!(
            page.contains(r#"<span class="dot t-late">待整改</span>"#),
            "{page}"
        );
        assert!(page.contains("/r/item/import") && page.contains("/r/item/new"));
        assert!(page.contains("待整改<span class=\"count\">4</span>"), "{page}");
        let watched = story.app.get(&story.watcher, "/r/item").await.text();
        assert!(!watched.contains("/r/item/import") && !watched.contains("/r/item/new"));
        let filtered = story
            .app
            .get(
                &story.office,
                "/r/item?f.level=high&f.amount.from=6&col=name&col=level",
            )
            .await
            .text();
        assert!(filtered.contains("数控机床") && !filtered.contains("会计凭证柜"));
        let wrong = story.app.get(&story.office, "/r/item?f.nothing=1").await;
        assert_eq!(wrong.status, 400);
        assert!(wrong.text().contains("nothing"));
    }
}

/// What one page of a list shows: its records, and how many there are in all.
async fn turned(story: &Story, pairs: &[(&str, &str)]) -> (Vec<uuid::Uuid>, i64) {
    let scope = story.app.scope(&story.office).await;
    let pairs: Vec<(String, String)> = pairs.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect();
    let query = ListQuery::parse(&story.item, &pairs, &scope).expect("a good query");
    let page = query::page(&scope, &story.item, &query, &[0])
        .await
        .expect("a page");
    (page.records.iter().map(|r| r.id).collect(), page.total)
}

#[tokio::test]
async fn the_pages_of_a_list_are_the_list() {
    for story in stories().await {
        filled(&story).await;
        for sort in [
            "",
            "found_on",
            "-found_on",
            "amount",
            "-amount",
            "dept",
            "-state",
            "number",
        ] {
            let (whole, total) = turned(&story, &[("sort", sort)]).await;
            assert_eq!(total, 3);
            let mut pages = vec![];
            for number in ["1", "2", "3", "4"] {
                let (page, total) = turned(&story, &[("sort", sort), ("per", "1"), ("page", number)]).await;
                assert_eq!(total, 3, "{sort} {number}");
                pages.extend(page);
            }
            assert_eq!(pages, whole, "{sort}");
        }
    }
}

#[tokio::test]
async fn a_kept_count_is_never_stale() {
    for story in stories().await {
        filled(&story).await;
        let first = story.item.flow.states[0].name.clone();
        let asked = [
            vec![("per", "1")],
            vec![("per", "1"), ("state", first.as_str())],
            vec![("per", "1"), ("f.level", "high")],
        ];
        for (pairs, total) in asked.iter().zip([3, 3, 2]) {
            assert_eq!(turned(&story, pairs).await.1, total, "{pairs:?}");
        }
        let late = Item {
            level: Level::High,
            ..story.item("A4", "新到的台钻")
        };
        story.write(&story.office, &late).await;
        for (pairs, total) in asked.iter().zip([4, 4, 3]) {
            assert_eq!(turned(&story, pairs).await.1, total, "{pairs:?}");
        }
        let none = format!("!{first}");
        assert_eq!(turned(&story, &[("per", "1"), ("state", &none)]).await.1, 0);
    }
}

#[tokio::test]
async fn a_kept_page_is_never_stale() {
    for story in stories().await {
        filled(&story).await;
        let read = async || story.app.get(&story.office, "/r/item").await;
        let first = read().await;
        let again = read().await;
        assert_eq!(first.bytes, again.bytes);
        let statements = |answer: &crate::testing::Answer| {
            answer.headers["server-timing"].to_str().unwrap_or("").to_owned()
        };
        // Session and revisions; the calendar was read by the first request.
        assert_eq!(statements(&again), "sql;desc=\"2\"");
        let before = story.app.system().revision("item").await.expect("a revision");
        story.write(&story.office, &story.item("A5", "新到的台钻")).await;
        let after = story.app.system().revision("item").await.expect("a revision");
        assert_eq!(after, before + 1);
        assert!(read().await.text().contains("新到的台钻"));
        // A renamed department shows at once in the list of items.
        let dept = RegisterSpec::of::<Dept>();
        let change = store::Change {
            version: 1,
            values: Dept {
                name: "智能制造系".into(),
                parent: None,
            }
            .to_values(),
            reason: None,
        };
        store::update(&story.app.system(), &dept, story.north, change)
            .await
            .expect("a new name");
        assert!(read().await.text().contains("智能制造系"));
    }
}

#[tokio::test]
async fn sealed_fields_are_masked_and_cannot_be_probed() {
    for story in stories().await {
        let item = Item {
            phone: Some("13912345678".into()),
            ..story.item("A1", "焊机")
        };
        let id = story.write(&story.office, &item).await;
        for path in ["/r/item?cols=name,phone".to_owned(), format!("/r/item/{id}")] {
            for person in [&story.office, &story.watcher] {
                let masked = story.app.get(person, &path).await.text();
                assert!(
                    masked.contains("139*****678") && !masked.contains("13912345678"),
                    "{path}: {masked}"
                );
            }
        }
        assert_eq!(
            story.app.get(&story.watcher, "/r/item?f.phone=139").await.status,
            400
        );
        assert_eq!(
            story.app.get(&story.watcher, "/r/item?sort=phone").await.status,
            400
        );
        // Whoever may open it finds the record of a number they know, and nothing by a part of one.
        let find = async |words: &str| {
            let path = format!("/r/item?{words}");
            story.app.get(&story.office, &path).await
        };
        assert!(find("f.phone=13912345678").await.text().contains("焊机"));
        assert!(find("f.phone=139").await.text().contains("没有符合条件的记录"));
        assert_eq!(find("f.phone=1..2").await.status, 400);
        assert_eq!(find("sort=phone").await.status, 400);
        assert!(find("q=13912345678").await.text().contains("没有符合条件的记录"));
    }
}

#[tokio::test]
async fn references_are_picked_by_initials_best_first() {
    for story in stories().await {
        filled(&story).await;
        let pick = async |person: &Person, register: &str, q: &str| {
            let path = format!("/r/{register}/pick?q={}", crate::http::escape(q));
            story.app.get(person, &path).await
        };
        let found = pick(&story.worker, "dept", "nothing").await;
        assert_eq!((found.status.as_u16(), found.text().as_str()), (200, "[]"));
        let found = pick(&story.worker, "dept", "jd").await.json();
        assert_eq!(found[0]["label"], "机电系");
        assert_eq!(found[0]["id"], story.north.to_string());
        // No register refers to items: what may be picked is what may be read.
        assert_eq!(
            pick(&story.worker, "item", "A")
                .await
                .json()
                .as_array()
                .map(Vec::len),
            Some(0)
        );
        let found = pick(&story.office, "item", "a").await.json();
        assert_eq!(found.as_array().map(Vec::len), Some(3));
        let stranger = story.app.person("stranger", None, &[("stranger", "")]).await;
        assert_eq!(pick(&stranger, "item", "A").await.status, 403);
    }
}
