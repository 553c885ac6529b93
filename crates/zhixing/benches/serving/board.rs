//! A plan board of a hundred commitments, and the same board when something has just changed.
use super::http::Client;
use std::collections::HashSet;
use std::time::Instant;

const COMMITMENTS: usize = 100;
const CHANGES: usize = 30;

/// Imports and publishes a second plan, so that the board has a hundred commitments; gives how many it shows.
pub fn enlarge(office: &Client) -> usize {
    let present = shown(office);
    let missing = COMMITMENTS.saturating_sub(present);
    if missing > 0 {
        let mut text = String::from("部门工作计划\n\n一、补充目标\n");
        for number in 1..=missing {
            text.push_str(&format!(
                "{number}. 第{number}项校园隐患整改率达到{}%以上。\n",
                50 + number % 50
            ));
        }
        let review = office
            .file("/plans", "file", "补充计划.txt", text.as_bytes())
            .expect(303);
        let plan = review
            .header("location")
            .and_then(|to| to.split('/').nth(2))
            .expect("a plan")
            .to_owned();
        for step in ["accept-all", "manual", "publish"] {
            office
                .form(&format!("/plans/{plan}/{step}"), &[("reason", "")])
                .expect(303);
        }
    }
    shown(office)
}

/// How many commitments have a link to their page.
fn shown(person: &Client) -> usize {
    let page = person.get("/board").expect(200).text();
    let links = page.split("href=\"/board/").skip(1);
    let ids: HashSet<&str> = links
        .filter_map(|rest| rest.split(['"', '?', '#']).next())
        .collect();
    ids.len()
}

/// What a page costs when nothing rendered before fits any more.
pub struct Changed {
    /// Milliseconds.
    pub median: f64,
    /// Of the last one.
    pub statements: f64,
}

/// Changes a record before each look at the board.
pub fn after_changes(keeper: &Client, reader: &Client) -> Changed {
    let (mut times, mut statements) = (vec![], 0.0);
    for number in 0..CHANGES {
        let number = format!("BENCH{number}");
        let room = [
            ("number", number.as_str()),
            ("name", "新教室"),
            ("building", "实训楼"),
            ("kind", "5"),
            ("seats", "40"),
            ("status", "in_use"),
        ];
        keeper.form("/r/room/new", &room).expect(303);
        let asked = Instant::now();
        let page = reader.get("/board").expect(200);
        times.push(asked.elapsed().as_secs_f64() * 1_000.0);
        statements = page.statements();
    }
    times.sort_by(f64::total_cmp);
    Changed {
        median: times[CHANGES / 2],
        statements,
    }
}
