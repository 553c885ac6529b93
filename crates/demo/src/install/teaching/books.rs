//! The list of textbooks (教材库): one for each course.

use ::teaching::{Textbook, TextbookRank};
use anyhow::Result;
use chrono::NaiveDate;
use kernel::app::Scope;
use kernel::register::field::Money;
use uuid::Uuid;

use crate::catalog::Category;
use crate::install::people::{code, prepared};
use crate::install::world::{Hand, World};
use crate::install::write::Batch;

/// Publishers that do not exist.
const PUBLISHERS: &[&str] = &[
    "青禾教育出版社",
    "云帆职业教育出版社",
    "匠心技术出版社",
    "知行出版社",
];

/// The rank of a course's book.
pub fn rank(world: &World, course: usize) -> TextbookRank {
    let line = &world.school.courses[course];
    match (line.name, line.category) {
        (
            "中国特色社会主义" | "心理健康与职业生涯" | "哲学与人生" | "职业道德与法治" | "语文" | "历史",
            _,
        ) => TextbookRank::Unified,
        (_, Category::General) => TextbookRank::National,
        (_, Category::Core | Category::Foundation) if course % 3 != 2 => TextbookRank::National,
        (_, Category::Practice) => TextbookRank::School,
        _ if course.is_multiple_of(5) => TextbookRank::Trade,
        _ => TextbookRank::Province,
    }
}

/// Writes the books; gives their ids by course.
pub async fn write(scope: &Scope, world: &World) -> Result<Vec<Uuid>> {
    let mut hand = Hand::new("textbook");
    let mut batch = Batch::new();
    let mut ids = vec![];
    let year = world.days.term.year().0;
    for (at, course) in world.school.courses.iter().enumerate() {
        let rank = rank(world, at);
        let school = rank == TextbookRank::School;
        let joint = school && at.is_multiple_of(2);
        let published = NaiveDate::from_ymd_opt(year - (at % 5) as i32 - 1, 7, 1);
        let national = matches!(rank, TextbookRank::Unified | TextbookRank::National);
        let record = Textbook {
            isbn: if school {
                format!("校编{}-{:02}", year - 1, at)
            } else {
                isbn(at)
            },
            title: if school {
                format!("{}指导书", course.name)
            } else {
                course.name.into()
            },
            kind: code(if at % 7 == 3 { "3" } else { "1" }),
            rank,
            author: format!("《{}》编写组", course.name),
            authors: Some(hand.rng.between(3, 9).into()),
            publisher: (!school).then(|| hand.words(PUBLISHERS).into()),
            edition: (!school).then(|| format!("第{}版", at % 3 + 1)),
            published_on: published,
            class_number: None,
            price: (!school).then(|| Money(i64::from(hand.rng.between(26, 62)) * 100)),
            national: None,
            plan_batch: national.then(|| "十四五首批".into()),
            joint,
            stopped: false,
        };
        ids.push(batch.add(&record, prepared(&world.days, &mut hand)));
    }
    batch.write(scope).await?;
    Ok(ids)
}

/// A well-formed book number under a publisher's number that is not given out.
fn isbn(order: usize) -> String {
    let digits = format!("97879999{order:04}");
    let sum: u32 = digits
        .chars()
        .enumerate()
        .map(|(at, digit)| digit.to_digit(10).unwrap_or(0) * if at % 2 == 0 { 1 } else { 3 })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}
