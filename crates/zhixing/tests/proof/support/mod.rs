//! What the tests stand on: fresh installations, people who click, the program as a process.
mod client;
mod demo;
mod house;
mod process;

pub use client::{Answer, Client};
pub use demo::Demo;
pub use house::{Engine, House};
pub use process::{Outcome, Program, Serving, clean, request};

use std::path::PathBuf;

/// Makes a test of an `async fn story(house: House)` on each database.
macro_rules! on_both_databases {
    ($($story:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                let house = crate::support::House::open(crate::support::Engine::Sqlite).await;
                super::$story(house.expect("SQLite is always there")).await;
            })+
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                if let Some(house) = crate::support::House::open(crate::support::Engine::Postgres).await {
                    super::$story(house).await;
                }
            })+
        }
    };
}
pub(crate) use on_both_databases;

/// The root of the workspace.
pub fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// The folder of real plans beside the clone; a notice when it is not there.
pub fn shared() -> Option<PathBuf> {
    let folder = root().join("../shared");
    if folder.join("seeds").is_dir() {
        return Some(folder);
    }
    eprintln!("SKIPPED: ../shared is not beside the clone");
    None
}

/// A plan of our own, for where the real ones are absent: every kind of commitment once.
pub const OWN_PLAN: &str = "\
测试学校2026—2027学年度第一学期工作计划

一、总体目标
全校安全隐患整改率达到100%，重大安全责任事故为零。

二、主要工作
（一）安全工作
1. 每月开展一次校园安全隐患排查，建立台账。
2. 11月底前完成实训场所用电改造。
（二）德育工作
1. 每学期家访覆盖率达到95%以上。
2. 每周召开一次主题班会。
（三）教学工作
1. 各教研室每两周开展一次教研活动，教师人均听课不少于15节。
2. 12月20日前完成期末考试命题。
";
