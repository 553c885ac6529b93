//! Robots and mail: what a receiver of our own gets, also after failures and a restart.
use super::{Story, stories};
use crate::work::outgoing::{channel, queue};
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener as StdListener;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// A robot's server that refuses the first messages and keeps the rest.
#[derive(Clone, Default)]
struct Robot {
    refuse: Arc<Mutex<usize>>,
    got: Arc<Mutex<Vec<(String, Value)>>>,
}

async fn receive(State(robot): State<Robot>, uri: Uri, Json(body): Json<Value>) -> (StatusCode, Json<Value>) {
    let mut refuse = robot.refuse.lock().expect("a lock");
    if *refuse > 0 {
        *refuse -= 1;
        return (StatusCode::BAD_GATEWAY, Json(json!({})));
    }
    robot.got.lock().expect("a lock").push((uri.to_string(), body));
    (StatusCode::OK, Json(json!({ "errcode": 0, "errmsg": "ok" })))
}

async fn robot(refuse: usize) -> (Robot, String) {
    let robot = Robot {
        refuse: Arc::new(Mutex::new(refuse)),
        ..Robot::default()
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!(
        "http://{}/robot/send?access_token=hush",
        listener.local_addr().expect("an address")
    );
    let router = axum::Router::new()
        .fallback(axum::routing::post(receive))
        .with_state(robot.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (robot, address)
}

async fn dingtalk(story: &Story, url: &str) {
    let form = [
        ("kind", "dingtalk"),
        ("name", "工作群"),
        ("url", url),
        ("sign", "SEC-very-secret"),
        ("base", "https://zx.example.edu.cn"),
        ("kinds", "task"),
    ];
    assert_eq!(story.app.post(&story.admin, "/channels", &form).await.status, 303);
}

#[tokio::test]
async fn a_robot_gets_what_it_refused_before_even_after_a_restart() {
    for mut story in stories().await {
        let (robot, url) = robot(1).await;
        dingtalk(&story, &url).await;
        let id = story.file(1).await;
        let sent = queue::run_due(&story.app.app).await.expect("a run");
        assert_eq!(sent, (0, 1));
        assert_eq!(
            queue::run_due(&story.app.app).await.expect("a run"),
            (0, 0),
            "not before the pause is over"
        );
        let page = story.app.get(&story.admin, "/channels").await.text();
        assert!(
            page.contains("第 1 次未成") && page.contains("对方回复 502"),
            "{page}"
        );
        for secret in ["hush", "SEC-very-secret"] {
            assert!(
                !page.replace("……hush", "").contains(secret),
                "{secret} is never shown again"
            );
        }
        story.app.restart_at("2026-10-12T09:00:31+08:00").await;
        assert_eq!(queue::run_due(&story.app.app).await.expect("a run"), (1, 0));
        assert_eq!(
            queue::run_due(&story.app.app).await.expect("a run"),
            (0, 0),
            "once delivered, done"
        );
        let got = robot.got.lock().expect("a lock").clone();
        let (uri, body) = &got[0];
        assert!(uri.contains("timestamp=1791766831000&sign="), "{uri}");
        let text = body["text"]["content"].as_str().expect("a text");
        assert!(text.contains("学生请假") && text.contains("teacher"), "{text}");
        assert!(
            text.contains(&format!("https://zx.example.edu.cn/r/leave/{id}")),
            "{text}"
        );
        assert!(
            !text.contains("张三"),
            "what a record says stays in the house: {text}"
        );
    }
}

#[tokio::test]
async fn secrets_are_sealed_and_kept_when_a_form_leaves_them_empty() {
    for story in stories().await {
        let (robot, url) = robot(0).await;
        dingtalk(&story, &url).await;
        let db = &story.app.app.db;
        let row = db
            .one("select id, settings, secret from channel", &[])
            .await
            .expect("a channel");
        let (settings, secret): (String, String) = (row.at(1).expect("text"), row.at(2).expect("text"));
        assert!(
            !settings.contains("access_token") && !secret.contains("hush"),
            "{settings} {secret}"
        );
        let id: uuid::Uuid = row.at(0).expect("an id");
        let edit = format!("/channels/{id}");
        let page = story.app.get(&story.admin, &edit).await.text();
        assert!(!page.contains("hush") && !page.contains("SEC-very"), "{page}");
        let form = [
            ("kind", "dingtalk"),
            ("name", "校务群"),
            ("kinds", "task"),
            ("url", ""),
            ("sign", ""),
        ];
        assert_eq!(story.app.post(&story.admin, &edit, &form).await.status, 303);
        let test = story.app.post(&story.admin, &format!("{edit}/test"), &[]).await;
        assert_eq!(test.status, 303);
        assert_eq!(queue::run_due(&story.app.app).await.expect("a run"), (1, 0));
        assert!(
            robot.got.lock().expect("a lock")[0]
                .0
                .contains("access_token=hush")
        );
        assert_eq!(story.app.get(&story.office, "/channels").await.status, 403);
        let bad = [
            ("kind", "wecom"),
            ("name", "x"),
            ("kinds", "task"),
            ("url", "ftp://x"),
        ];
        assert_eq!(story.app.post(&story.admin, "/channels", &bad).await.status, 422);
    }
}

#[tokio::test]
async fn a_message_whose_sender_died_goes_out_after_the_lease_and_a_dead_end_can_be_retried() {
    for mut story in stories().await {
        let (robot, url) = robot(usize::MAX).await;
        dingtalk(&story, &url).await;
        story.file(1).await;
        // A process took it and died: the try is counted, the message not marked.
        let due = chrono::DateTime::parse_from_rfc3339("2026-10-12T09:05:00+08:00").expect("a time");
        let taken = crate::args![1i64, due.to_utc()];
        let sql = "update outbox set tries = $1, next_at = $2";
        story.app.app.db.run(sql, taken).await.expect("an update");
        assert_eq!(queue::run_due(&story.app.app).await.expect("a run"), (0, 0));
        story.app.restart_at("2026-10-12T09:05:00+08:00").await;
        assert_eq!(queue::run_due(&story.app.app).await.expect("a run"), (0, 1));
        // The last try fails: given up, until somebody asks again.
        let last = crate::args![queue::MOST_TRIES - 1, story.app.app.clock.now()];
        story.app.app.db.run(sql, last).await.expect("an update");
        assert_eq!(queue::run_due(&story.app.app).await.expect("a run"), (0, 1));
        let page = story.app.get(&story.admin, "/channels").await.text();
        assert!(page.contains("已放弃"), "{page}");
        *robot.refuse.lock().expect("a lock") = 0;
        let row = story
            .app
            .app
            .db
            .one("select id from outbox", &[])
            .await
            .expect("a row");
        let retry = format!(
            "/channels/outbox/{}/retry",
            row.at::<uuid::Uuid>(0).expect("an id")
        );
        assert_eq!(story.app.post(&story.admin, &retry, &[]).await.status, 303);
        assert_eq!(queue::run_due(&story.app.app).await.expect("a run"), (1, 0));
        assert_eq!(
            story.app.post(&story.admin, &retry, &[]).await.status,
            409,
            "it is out"
        );
    }
}

/// A mail server for one letter; gives everything the client said.
fn mail_server() -> (u16, std::thread::JoinHandle<String>) {
    let listener = StdListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let server = std::thread::spawn(move || {
        let (stream, _) = listener.accept().expect("a client");
        let mut out = stream.try_clone().expect("a stream");
        let mut said = String::new();
        let mut say = |text: &str| out.write_all(text.as_bytes()).expect("an answer");
        say("220 test\r\n");
        let (mut letter, mut lines) = (false, BufReader::new(stream).lines());
        while let Some(Ok(line)) = lines.next() {
            said.push_str(&line);
            said.push('\n');
            match (letter, line.split(' ').next().unwrap_or("")) {
                (true, ".") => {
                    letter = false;
                    say("250 taken\r\n");
                }
                (true, _) => {}
                (_, "EHLO") => say("250-test\r\n250 8BITMIME\r\n"),
                (_, "DATA") => {
                    letter = true;
                    say("354 go on\r\n");
                }
                (_, "QUIT") => {
                    say("221 bye\r\n");
                    break;
                }
                _ => say("250 ok\r\n"),
            }
        }
        said
    });
    (port, server)
}

#[tokio::test]
async fn mail_goes_to_whoever_left_an_address() {
    for story in stories().await {
        let (port, server) = mail_server();
        let form = [
            ("kind", "mail"),
            ("name", "学校邮箱"),
            ("host", "127.0.0.1"),
            ("port", &port.to_string()),
            ("tls", "none"),
            ("from", "zhixing@example.edu.cn"),
            ("kinds", "task"),
        ];
        assert_eq!(story.app.post(&story.admin, "/channels", &form).await.status, 303);
        let bad = story
            .app
            .post(&story.teacher, "/messages/email", &[("email", "not an address")])
            .await;
        assert_eq!(bad.status, 422);
        let set = [("email", "teacher@example.edu.cn")];
        assert_eq!(
            story
                .app
                .post(&story.teacher, "/messages/email", &set)
                .await
                .status,
            303
        );
        story.file(1).await;
        assert_eq!(queue::run_due(&story.app.app).await.expect("a run"), (1, 0));
        let said = server.join().expect("the server ends");
        assert!(said.contains("RCPT TO:<teacher@example.edu.cn>"), "{said}");
        assert!(said.contains("Subject: =?utf-8?b?"), "{said}");
        let channels = channel::list(&story.app.app.db, crate::testing::SCHOOL)
            .await
            .expect("channels");
        assert_eq!(channels.len(), 1);
    }
}
