//! `kill -9` while people write: whatever was acknowledged is there afterwards.
use crate::support::{House, Program, Serving, on_both_databases};
use kernel::args;
use kernel::auth;
use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use uuid::Uuid;

const ROUNDS: usize = 50;
const WRITERS: usize = 4;
/// Acknowledged writes after which a round is ended, at most.
const MOST_ACKNOWLEDGED: usize = 20;

/// One writer: creates rooms over REST until the program is gone, and reports each that was acknowledged.
fn write(address: &str, token: &str, next: &AtomicUsize, acknowledged: &mpsc::Sender<Uuid>) {
    loop {
        let (id, number) = (Uuid::now_v7(), next.fetch_add(1, Ordering::Relaxed));
        let body = serde_json::json!({ "id": id, "fields": {
            "number": format!("R{number}"), "name": format!("教室{number}"), "building": "实训楼",
            "kind": "5", "seats": 48, "status": "in_use",
        }});
        let head = format!(
            "POST /api/registers/room HTTP/1.1\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json"
        );
        match crate::support::request(address, &head, &body.to_string()) {
            Ok((201, _)) => {
                if acknowledged.send(id).is_err() {
                    return;
                }
            }
            Ok((status, body)) => panic!("{status}: {body}"),
            // The program was killed.
            Err(_) => return,
        }
    }
}

on_both_databases!(no_acknowledged_record_is_lost);

async fn no_acknowledged_record_is_lost(house: House) {
    let house = house.with_school().await;
    let keeper = house.account("keeper", "general-affairs", None).await;
    let now = house.app.clock.now();
    let token = auth::open_session(&house.app.db, now, 1, keeper, "token", "crash", None)
        .await
        .expect("a token");
    let place = house.place.clone();
    house.app.db.close().await;
    let next = AtomicUsize::new(0);
    let mut promised: HashSet<Uuid> = HashSet::new();
    for round in 0..ROUNDS {
        let serving = Serving::start(Program::on(&place).args(["serve", "--no-demo"]));
        let address = serving.address.clone();
        let (sender, acknowledged) = mpsc::channel();
        std::thread::scope(|scope| {
            for _ in 0..WRITERS {
                let (address, token, next, sender) = (&address, &token, &next, sender.clone());
                scope.spawn(move || write(address, token, next, &sender));
            }
            drop(sender);
            // A different moment each round; the other writers are in the middle of something.
            let enough = 1 + (round * 7) % MOST_ACKNOWLEDGED;
            promised.extend(acknowledged.iter().take(enough));
            serving.kill();
            // Answers that were under way still count.
            promised.extend(acknowledged.iter());
        });
        let app = zhixing::assemble::open(&place)
            .await
            .expect("it opens after a kill");
        let rows = app
            .db
            .all("select id from r_room where school_id = $1", args![1])
            .await
            .expect("rows");
        let kept: HashSet<Uuid> = rows.iter().map(|row| row.at(0).expect("an id")).collect();
        let lost: Vec<&Uuid> = promised.difference(&kept).collect();
        assert!(lost.is_empty(), "round {round}: acknowledged and lost: {lost:?}");
        app.db.close().await;
        zhixing::check::check(&place)
            .await
            .unwrap_or_else(|why| panic!("round {round}: {why:#}"));
    }
    assert!(
        promised.len() >= ROUNDS,
        "{} writes were acknowledged",
        promised.len()
    );
}
