//! The school's systems: what there is, who visits them, how they hang together and which data they give.

use anyhow::Result;
use people::datasets;

use super::super::world::Hand;
use super::{Feeds, Row};

/// A system (信息化系统).
pub struct System {
    pub number: &'static str,
    /// Code of its class.
    class: &'static str,
    short: &'static str,
    pub name: &'static str,
    /// Whether it is peculiar to the school.
    own: &'static str,
    /// Code of how it came about.
    origin: &'static str,
}

const fn system(
    number: &'static str,
    [class, origin]: [&'static str; 2],
    short: &'static str,
    name: &'static str,
    own: &'static str,
) -> System {
    System {
        number,
        class,
        short,
        name,
        own,
        origin,
    }
}

/// All of them.
pub const SYSTEMS: [System; 4] = [
    system("XT01", ["3", "1"], "知行", "知行智慧校园", "是"),
    system("XT02", ["2", "3"], "网教平台", "网络教学平台", "否"),
    system("XT03", ["3", "3"], "一卡通", "校园一卡通系统", "否"),
    system("XT04", ["4", "1"], "资源库", "专业教学资源库", "是"),
];

/// The links of the systems with the sign-on (统一身份认证): index of the system, direction, means (接口 or SDK), way of
/// signing on, the teaching week in which it was done.
const LINKS: [(usize, &str, &str, &str, u8); 6] = [
    (0, "3", "1", "5", 1),
    (1, "2", "1", "3", 2),
    (3, "2", "1", "1", 3),
    (2, "2", "2", "2", 4),
    (1, "1", "1", "2", 5),
    (2, "1", "1", "2", 6),
];

/// Tables that grow every day.
const DAILY: [u8; 7] = [4, 12, 13, 52, 53, 54, 61];

/// Days of which the data centre tells what came in.
const COUNTED: usize = 5;

/// The system that the rows of a table come from.
fn source_of(table: u8) -> &'static System {
    match table {
        12 | 13 | 24 => &SYSTEMS[1],
        52 | 53 => &SYSTEMS[2],
        21 => &SYSTEMS[3],
        _ => &SYSTEMS[0],
    }
}

/// Writes all of it; what the data centre counts must have come in before.
pub async fn write(feeds: &mut Feeds<'_>) -> Result<()> {
    systems(feeds).await?;
    visits(feeds).await?;
    sources(feeds).await?;
    links(feeds).await?;
    gathered(feeds).await
}

async fn systems(feeds: &mut Feeds<'_>) -> Result<()> {
    let rows = SYSTEMS.iter().map(|system| {
        vec![
            ("BMMC", "信息中心".to_owned()),
            ("XXHXTBH", system.number.into()),
            ("XXHXTFLM", system.class.into()),
            ("XXHXTJC", system.short.into()),
            ("XXHXTQC", system.name.into()),
            (
                "XXHXTFWDZ",
                format!("https://{}.example.edu.cn", system.number.to_lowercase()),
            ),
            ("SFTSXXHXT", system.own.into()),
            ("XXHXTMS", format!("{}，面向全校师生", system.name)),
            ("XXHXTJSLXM", system.origin.into()),
        ]
    });
    feeds.put(3, &mut Hand::new("feed_t3"), rows.collect()).await
}

async fn visits(feeds: &mut Feeds<'_>) -> Result<()> {
    let mut hand = Hand::new("feed_t4");
    let mut rows = vec![];
    for day in &feeds.days {
        for system in &SYSTEMS {
            rows.push(vec![
                ("XXHXTBH", system.number.to_owned()),
                ("XXHXTQC", system.name.into()),
                ("FWFSM", "1".into()),
                ("JSFWCS", hand.rng.between(40, 260).to_string()),
                ("XSFWCS", hand.rng.between(200, 1_800).to_string()),
                ("XXHXTFWRQ", day.to_string()),
            ]);
        }
    }
    feeds.put(4, &mut hand, rows).await
}

/// Which system gives which table.
async fn sources(feeds: &mut Feeds<'_>) -> Result<()> {
    let rows: Vec<Row> = datasets::datasets()
        .iter()
        .map(|set| {
            let system = source_of(set.no);
            vec![
                ("SJZLYWMC", set.table.clone()),
                ("SJZLZWMC", format!("{}数据子类", set.title)),
                ("XXHXTBH", system.number.into()),
                ("XXHXTQC", system.name.into()),
            ]
        })
        .collect();
    feeds.put(59, &mut Hand::new("feed_t59"), rows).await
}

async fn links(feeds: &mut Feeds<'_>) -> Result<()> {
    let rows: Vec<Row> = LINKS
        .iter()
        .map(|(at, direction, means, sign_on, week)| {
            let system = &SYSTEMS[*at];
            vec![
                ("XXHXTBH", system.number.to_owned()),
                ("XXHXTJC", system.short.into()),
                ("XXHXTQC", system.name.into()),
                ("JCFXM", (*direction).into()),
                ("JCBB", "V2.0".into()),
                ("JCFSM", (*means).into()),
                ("JKXYM", "2".into()),
                ("JKBB", "V1.0".into()),
                ("RZFSM", (*sign_on).into()),
                ("JCWCRQ", feeds.world.days.in_week(*week).to_string()),
            ]
        })
        .collect();
    feeds.put(60, &mut Hand::new("feed_t60"), rows).await
}

/// What came into the data centre day by day.
async fn gathered(feeds: &mut Feeds<'_>) -> Result<()> {
    let mut hand = Hand::new("feed_t58");
    let mut rows = vec![];
    for day in feeds.days.iter().rev().take(COUNTED) {
        for no in DAILY {
            let (Some(set), Some(count)) = (datasets::dataset(no), feeds.arrived.get(&(no, *day))) else {
                continue;
            };
            rows.push(vec![
                ("SJBMC", set.table.clone()),
                ("SJBSM", format!("{}，每天由来源系统推送", set.title)),
                ("SJBGXPLM", "5".into()),
                ("SJLY", source_of(no).name.into()),
                ("SJHJL", count.to_string()),
                ("SJJKFWDYL", hand.rng.between(12, 240).to_string()),
                ("SJBGXFSM", "2".into()),
                ("SJBGXRQ", day.to_string()),
            ]);
        }
    }
    feeds.put(58, &mut hand, rows).await
}
