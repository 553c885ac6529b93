//! Import then export gives the same file.
use super::*;
use print::RawSheet;
use proptest::prelude::*;

fn text(most: usize) -> impl Strategy<Value = String> {
    let letter = prop_oneof![
        Just('甲'),
        Just('曾'),
        Just('𠮷'),
        Just('a'),
        Just('Z'),
        Just('7'),
        Just('('),
        Just('）'),
        Just('='),
        Just('%'),
        Just('_'),
        Just('\''),
        Just('"'),
        Just('<'),
        Just('-'),
        Just('+'),
        Just(','),
        Just('。'),
    ];
    proptest::collection::vec(letter, 1..most).prop_map(|letters| letters.into_iter().collect())
}

prop_compose! {
    fn an_item(depts: [Uuid; 2])(
        name in text(20), offset in 0i64..400, dept in 0usize..2, high in any::<bool>(), colour in 0usize..3,
        amount in proptest::option::of(0i64..=999), score in proptest::option::of(0i64..=1_000_000),
        price in proptest::option::of(0i64..=99_999_999), minutes in proptest::option::of(0i64..500_000),
        active in any::<bool>(), lent in proptest::option::of(any::<bool>()),
        note in proptest::option::of((text(20), text(20))), phone in proptest::option::of("1[3-9][0-9]{9}"),
        due in proptest::option::of(0i64..100),
    ) -> Item {
        let found_on = day(1, 1) + chrono::Duration::days(offset);
        Item {
            number: String::new(),
            name,
            found_on,
            dept: Ref::new(depts[dept]),
            level: if high { Level::High } else { Level::Low },
            colour: [None, Some("01"), Some("02")][colour].map(|code| Code(code.into())),
            amount,
            score: score.map(Decimal),
            price: price.map(Money),
            tested_at: minutes.map(|m| crate::clock::instant_at(day(1, 1).into()) + chrono::Duration::minutes(m)),
            active,
            lent,
            note: note.map(|(first, second)| LongText(format!("{first}\n{second}"))),
            phone,
            due: due.map(|days| found_on + chrono::Duration::days(days)),
            photos: Files::default(),
        }
    }
}

async fn export(story: &Story) -> (Vec<u8>, Vec<RawSheet>) {
    let answer = story
        .app
        .post(
            &story.office,
            "/r/item/export-sealed.xlsx",
            &[("why", "核对信息")],
        )
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let sheets = print::xlsx_read(&answer.bytes).expect("a workbook");
    (answer.bytes, sheets)
}

/// Writes the items, exports, voids them, imports the export, exports again: both exports are the same.
async fn there_and_back(story: &Story, items: Vec<Item>) {
    let scope = story.app.scope(&story.office).await;
    for (at, item) in items.into_iter().enumerate() {
        let item = Item {
            number: format!("{at:04}"),
            ..item
        };
        store::create(&scope, &story.item, Draft::new(item.to_values()))
            .await
            .expect("a good item");
    }
    let (file, first) = export(story).await;
    story
        .app
        .app
        .db
        .run("delete from r_item", &[])
        .await
        .expect("an empty register");
    let answer = story
        .app
        .upload(&story.office, "/r/item/import", &[], ("file", "x.xlsx", &file))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let page = answer.text();
    let path = page
        .split("action=\"")
        .find(|r| r.starts_with("/r/item/import/"))
        .and_then(|r| r.split('"').next());
    let done = story.app.post(&story.office, path.expect("a button"), &[]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let (_, second) = export(story).await;
    assert_eq!(first, second);
    story
        .app
        .app
        .db
        .run("delete from r_item", &[])
        .await
        .expect("an empty register");
}

#[test]
fn import_then_export_gives_the_same_sheet() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    for story in runtime.block_on(stories()) {
        let mut runner = proptest::test_runner::TestRunner::new(proptest::test_runner::Config {
            cases: 24,
            ..Default::default()
        });
        let items = proptest::collection::vec(an_item([story.north, story.south]), 1..8);
        runner
            .run(&items, |items| {
                runtime.block_on(there_and_back(&story, items));
                Ok(())
            })
            .expect("the same sheet");
        runtime.block_on(async move { drop(story) });
    }
}

#[tokio::test]
async fn the_template_has_the_headings_of_the_export() {
    for story in stories().await {
        story.write(&story.office, &story.item("A1", "焊机")).await;
        let answer = story.app.get(&story.office, "/r/item/template.xlsx").await;
        let template = print::xlsx_read(&answer.bytes).expect("a workbook");
        let (_, export) = export(&story).await;
        let headings = |sheet: &RawSheet| -> Vec<String> {
            let row = &sheet.rows[0];
            row.cells
                .iter()
                .map(|c| print::plain_heading(&c.text()).to_owned())
                .collect()
        };
        let mut wanted = headings(&template[0]);
        wanted.extend(["照片".to_owned(), "状态".to_owned()]);
        assert_eq!(headings(&export[0]), wanted);
        assert_eq!(template[1].name, "填写说明");
    }
}
