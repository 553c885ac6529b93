//! Lessons as they are really held (课堂实施) over HTTP, in the demo school: a leave arranged for until the statement
//! counts it for the substitute, the formula changed, a training room logged in two taps.
use crate::support::{Client, House, on_both_databases};
use axum::http::Method;
use chrono::NaiveDate;
use kernel::app::Scope;
use kernel::args;
use kernel::clock::Clock;
use kernel::register::Register;
use kernel::register::field::{LongText, Ref};
use kernel::register::store::{self, Draft};
use lessons::Ground;
use serde_json::json;
use staffing::{LeaveKind, StaffLeave};
use uuid::Uuid;
use zhixing::assemble::Place;

on_both_databases!(
    a_leave_is_arranged_for_and_counts_for_the_substitute,
    a_chain_of_lessons_is_granted_as_one,
    a_training_room_is_logged_in_two_taps,
);

const TODAY: &str = "2026-11-23";

async fn number(house: &House, sql: &str, of: Uuid) -> i64 {
    let row = house.app.db.one(sql, args![1, of]).await;
    row.expect("a row").at(0).expect("a number")
}

/// The account of a member of staff, with the role of a teacher; a new one where the demo has none.
async fn teacher(house: &House, login: &str, staff: Uuid) -> Client {
    let sql = "select id from account where school_id = $1 and staff_id = $2";
    let known = house.app.db.opt(sql, args![1, staff]).await.expect("an answer");
    let account = match known {
        Some(row) => row.at(0).expect("an id"),
        None => house.account(login, "teacher", Some(staff)).await,
    };
    house.browser(account).await
}

/// A teacher of a Monday's lesson who is not away and for whose lesson nothing was arranged: lesson, teacher, periods.
async fn somebody(house: &House) -> (Uuid, Uuid, i64) {
    let sql = "select t.id, t.f_teacher, t.f_periods from r_lesson_slot t where t.school_id = $1 and \
               t.f_weekday = '1' and not exists (select 1 from r_staff_leave l where l.school_id = t.school_id and \
               l.f_teacher = t.f_teacher and l.f_ends_on >= $2) and not exists (select 1 from r_substitution s \
               where s.school_id = t.school_id and (s.f_lesson = t.id or s.f_swap = t.id) and s.f_on >= $2) and \
               not exists (select 1 from account a where a.school_id = t.school_id and a.staff_id = t.f_teacher) \
               order by t.f_number";
    let today: NaiveDate = TODAY.parse().expect("a date");
    let row = house.app.db.all(sql, args![1, today]).await.expect("lessons");
    let row = row.first().expect("a lesson");
    (
        row.at(0).expect("an id"),
        row.at(1).expect("an id"),
        row.at(2).expect("periods"),
    )
}

/// A leave of today, granted.
async fn leave(scope: &Scope, teacher: Uuid) -> Uuid {
    let today = scope.today();
    let record = StaffLeave {
        teacher: Ref::new(teacher),
        kind: LeaveKind::Sick,
        starts_on: today,
        ends_on: today,
        half: None,
        reason: LongText("不该让别人看到的病情".into()),
        days: None,
        head: false,
        route: None,
        destination: None,
        lessons: None,
        cover: None,
        deputy: None,
        proof: Default::default(),
        proof_later: false,
        back_by: None,
        returned_on: None,
        actual_days: None,
    };
    let spec = scope.register("staff_leave").expect("a register");
    let draft = Draft {
        state: Some("已批准".into()),
        ..Draft::new(record.to_values())
    };
    store::create(scope, spec, draft).await.expect("a leave")
}

/// The first value offered for a field of the page.
fn first_offer(text: &str, field: &str) -> String {
    let part = text.split(&format!("name=\"{field}\" value=\"")).nth(1);
    let value = part.and_then(|rest| rest.split('"').next());
    value
        .unwrap_or_else(|| panic!("no offer for {field}: {text}"))
        .to_owned()
}

async fn a_leave_is_arranged_for_and_counts_for_the_substitute(house: House) {
    demo::fill(&house.app).await.expect("a demo school");
    let scope = house.scope();
    let office = house.account("proof-office", "teaching-office", None).await;
    let office = house.browser(office).await;
    let (lesson, absent, periods) = somebody(&house).await;
    let absent_page = teacher(&house, "proof-absent", absent).await;
    let issue = [("month", "2026-11")];
    office.post("/workload/statements", &issue).await.expect(303);

    // The leave hits lessons; whoever arranges sees neither its kind nor its reason, others see nothing of it.
    let leave = leave(&scope, absent).await;
    let address = format!("/substitutions/plan?leave={leave}");
    let listed = office.get("/substitutions/plan").await.expect(200).text();
    assert!(listed.contains(&format!("leave={leave}")), "{listed}");
    let field = format!("way.{lesson}.{TODAY}");
    let page = absent_page.get(&address).await.expect(200).text();
    assert!(
        !page.contains("病假") && !page.contains("不该让别人看到"),
        "{page}"
    );
    let key = first_offer(&page, &field);
    let substitute: Uuid = key
        .strip_prefix("cover:")
        .and_then(|id| id.parse().ok())
        .unwrap_or_else(|| panic!("the best offer is a substitute, not {key}"));
    assert!(page.contains("这个时间没有课") && page.contains("本周"), "{page}");
    let substitute_page = teacher(&house, "proof-substitute", substitute).await;
    let other = house.account("proof-other", "teacher", None).await;
    house.browser(other).await.get(&address).await.expect(404);

    // Asked for once; what is not offered is refused.
    let form = |key: &str| {
        [
            ("leave".to_owned(), leave.to_string()),
            ("cause".to_owned(), "leave".to_owned()),
            (field.clone(), key.to_owned()),
        ]
    };
    let post = async |client: &Client, key: &str| {
        let form = form(key);
        let pairs: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        client.post("/substitutions/plan", &pairs).await
    };
    post(&absent_page, &format!("cover:{absent}")).await.expect(409);
    post(&absent_page, &key).await.expect(303);
    post(&absent_page, &key).await.expect(409);
    let sql = "select id from r_substitution where school_id = $1 and f_lesson = $2 and state = '待系部审批'";
    let row = house.app.db.one(sql, args![1, lesson]).await.expect("a request");
    let request: Uuid = row.at(0).expect("an id");

    // Granted: everybody concerned is told, the day shows it.
    let before = substitute_page
        .get(&format!("/day?date={TODAY}"))
        .await
        .expect(200)
        .text();
    assert!(!before.contains("代课（原"), "not before it is granted: {before}");
    let step = format!("/r/substitution/{request}/step/approve_department");
    office.post(&step, &[("version", "1")]).await.expect(303);
    for (page, who) in [(&substitute_page, "substitute"), (&absent_page, "absent")] {
        let told = page.get("/messages").await.expect(200).text();
        assert!(told.contains("已生效"), "{who}: {told}");
    }
    let day = format!("/day?date={TODAY}&teacher={substitute}");
    let shown = substitute_page.get(&day).await.expect(200).text();
    assert!(shown.contains("代课（原"), "{shown}");

    reported(&house, lesson, substitute).await;

    // The statement counts it for the substitute and not for the absent one.
    let sum = |column: &str| {
        format!(
            "select f_{column} from r_workload_statement where school_id = $1 and f_teacher = $2 and f_month = '2026-11'"
        )
    };
    let covered = number(&house, &sum("covered"), substitute).await;
    let lost = number(&house, &sum("lost"), absent).await;
    let taught = number(&house, &sum("periods"), absent).await;
    office.post("/workload/statements", &issue).await.expect(303);
    assert_eq!(
        number(&house, &sum("covered"), substitute).await,
        covered + periods
    );
    assert_eq!(number(&house, &sum("lost"), absent).await, lost + periods);
    assert_eq!(number(&house, &sum("periods"), absent).await, taught - periods);
    let own = substitute_page
        .get("/workload?month=2026-11")
        .await
        .expect(200)
        .text();
    assert!(own.contains("（代课）"), "{own}");
    let sheet = office
        .get("/workload/export.xlsx?month=2026-11")
        .await
        .expect(200);
    assert_eq!(&sheet.bytes[..2], b"PK");
    let sql = "select id, version from r_workload_statement where school_id = $1 and f_teacher = $2 and \
               f_month = '2026-11'";
    let row = house
        .app
        .db
        .one(sql, args![1, substitute])
        .await
        .expect("a statement");
    let (id, version): (Uuid, i64) = (row.at(0).expect("an id"), row.at(1).expect("a version"));
    let confirm = format!("/r/workload_statement/{id}/step/confirm");
    let version = version.to_string();
    absent_page
        .post(&confirm, &[("version", &version)])
        .await
        .expect(404);
    substitute_page
        .post(&confirm, &[("version", &version)])
        .await
        .expect(303);

    formula(&house, &office, &absent_page).await;
}

/// Where two lessons cannot change places a chain is offered: one request, one grant, everybody told, and every lesson
/// is taught at its new time.
async fn a_chain_of_lessons_is_granted_as_one(house: House) {
    demo::fill(&house.app).await.expect("a demo school");
    let account = house.account("proof-office", "teaching-office", None).await;
    let office = house.browser(account).await;
    let sql = "select distinct f_teacher from r_lesson_slot where school_id = $1 and f_weekday = '2' \
               order by f_teacher";
    let teachers = house.app.db.all(sql, args![1]).await.expect("teachers");
    let date = "2026-11-24";
    let mut chain = None;
    for row in &teachers {
        let teacher: Uuid = row.at(0).expect("an id");
        let address = format!("/substitutions/plan?teacher={teacher}&from={date}&to={date}");
        let page = office.get(&address).await.expect(200).text();
        if let Some((before, rest)) = page.split_once("value=\"chain:") {
            let name = before.rsplit("name=\"").next().expect("a name");
            let name = name.split('"').next().expect("a name").to_owned();
            let key = format!("chain:{}", rest.split('"').next().expect("a value"));
            assert!(page.contains("连环调课"));
            chain = Some((teacher, name, key));
            break;
        }
    }
    let (teacher, field, key) = chain.expect("a chain somewhere on this day");
    let id = teacher.to_string();
    let form = [
        ("teacher", id.as_str()),
        ("from", date),
        ("to", date),
        ("cause", "official"),
        (field.as_str(), key.as_str()),
    ];
    office.post("/substitutions/plan", &form).await.expect(303);
    office.post("/substitutions/plan", &form).await.expect(409);
    let sql = "select id, f_class, f_onward_on, f_new_on from r_substitution where school_id = $1 and \
               f_teacher = $2 and f_onward_on is not null";
    let row = house
        .app
        .db
        .one(sql, args![1, teacher])
        .await
        .expect("one request");
    let (request, class): (Uuid, Uuid) = (row.at(0).expect("an id"), row.at(1).expect("an id"));
    let (onward, new): (NaiveDate, NaiveDate) = (row.at(2).expect("a date"), row.at(3).expect("a date"));
    let page = format!("/r/substitution/{request}");
    assert!(
        office
            .get(&page)
            .await
            .expect(200)
            .text()
            .contains("对调的课改到")
    );
    for (version, step) in [("1", "approve_department"), ("2", "approve_office")] {
        let step = format!("{page}/step/{step}");
        office.post(&step, &[("version", version)]).await.expect(303);
    }
    asked_too_late(&office, &house.program(account).await, &house, request).await;
    for day in [date.parse().expect("a date"), new, onward] {
        let path = format!("/day?date={day}&class={class}");
        let shown = office.get(&path).await.expect(200).text();
        assert!(
            shown.contains("调课（原") || shown.contains("调到"),
            "{day}: {shown}"
        );
        let table = Ground::load(&house.scope(), day)
            .await
            .expect("a timetable")
            .table;
        let held = table.on(day);
        let of_class = |at: &usize| table.slots[held.lessons[*at].slot].class == class;
        let clash = held
            .clashes(&table.slots)
            .into_iter()
            .find(|(a, b)| of_class(a) || of_class(b));
        assert!(clash.is_none(), "{day}: {clash:?}");
    }
}

/// Somebody asked by hand for the time at which a lesson of the class stands since: that is not granted any more, and the
/// request says why and stays where it is.
async fn asked_too_late(office: &Client, program: &Client, house: &House, granted: Uuid) {
    let sql = "select t.id, t.f_course, t.f_teacher, t.f_period, t.f_periods, s.f_class, s.f_new_on, s.f_new_period \
               from r_substitution s join r_lesson_slot t on t.school_id = s.school_id and t.f_class = s.f_class \
               where s.school_id = $1 and s.id = $2 and t.void_reason is null and t.f_weekday = '1' and \
               t.f_first_week = 1 and t.f_last_week > 13 and t.f_weeks = 'all' order by t.f_number limit 1";
    let row = house
        .app
        .db
        .one(sql, args![1, granted])
        .await
        .expect("a lesson on Mondays");
    let id = |at: usize| row.at::<Uuid>(at).expect("an id").to_string();
    let number = |at: usize| row.at::<i64>(at).expect("a number");
    let new_on: NaiveDate = row.at(6).expect("a date");
    let fields = json!({
        "kind": "move", "lesson": id(0), "on": "2026-11-30", "period": number(3), "periods": number(4), "class": id(5),
        "course": id(1), "teacher": id(2), "new_on": new_on, "new_period": number(7), "cause": "official",
        "asked_on": TODAY,
    });
    let path = "/api/registers/substitution";
    let made = program
        .json(Method::POST, path, &json!({ "fields": fields }))
        .await;
    let made = made.expect(201).json();
    let page = format!("/r/substitution/{}", made["id"].as_str().expect("an id"));
    let first = format!("{page}/step/approve_department");
    office.post(&first, &[("version", "1")]).await.expect(303);
    let second = format!("{page}/step/approve_office");
    let refused = office.post(&second, &[("version", "2")]).await.expect(422).text();
    assert!(refused.contains("已有"), "{refused}");
    let shown = office.get(&page).await.expect(200).text();
    assert!(shown.contains("待教务处审批"), "{shown}");
}

/// T10 is reported by the day: the covered lesson with its date, week and substitute; tomorrow's lessons of themselves,
/// checked in the evening.
async fn reported(house: &House, lesson: Uuid, substitute: Uuid) {
    let text = async |sql: &str, of: Uuid| -> String {
        let row = house.app.db.one(sql, args![1, of]).await;
        row.expect("a row").at(0).expect("a text")
    };
    let slot = text(
        "select f_number from r_lesson_slot where school_id = $1 and id = $2",
        lesson,
    )
    .await;
    let staff = text(
        "select f_number from r_staff where school_id = $1 and id = $2",
        substitute,
    )
    .await;
    let account = house.account("proof-it", "it-center", None).await;
    let page = house.browser(account).await;
    let why = [("why", "数据核对")];
    let rows = async |query: &str| -> serde_json::Value {
        let path = format!("/datasets/10/rows.json{query}");
        page.post(&path, &why).await.expect(200).json()
    };
    let today = rows(&format!("?day={TODAY}")).await;
    let today = today.as_array().expect("rows");
    let of_lesson = today.iter().find(|row| row["PKH"] == slot).expect("the lesson");
    let said = ["JGH", "SKRQ", "ZC", "XQJ"].map(|name| of_lesson[name].as_str().unwrap_or("").to_owned());
    assert_eq!(said, [staff.as_str(), "20261123", "11", "星期一"]);
    assert!(
        of_lesson["SKJC"].as_str().is_some_and(|text| text.contains('-')),
        "{of_lesson}"
    );
    let keys: std::collections::HashSet<&str> =
        today.iter().filter_map(|row| row["ZJSJWYXBS"].as_str()).collect();
    assert_eq!(
        keys.len(),
        today.len(),
        "each lesson of a day has a key of its own"
    );
    let next = rows("").await;
    let next = next.as_array().expect("rows");
    assert!(
        !next.is_empty() && next.iter().all(|row| row["SKRQ"] == "20261124"),
        "the next day's"
    );
    assert_eq!(
        rows("?day=2026-11-22").await,
        serde_json::json!([]),
        "no lessons on a Sunday"
    );
    page.get("/datasets/10?day=morgen").await.expect(422);

    assert_eq!(
        feeds::evening::check(&house.app).await.expect("checked"),
        0,
        "it is morning"
    );
    let evening = Place {
        clock: Clock::fixed("2026-11-23T17:30:00+08:00").expect("an instant"),
        ..house.place.clone()
    };
    let evening = zhixing::assemble::open(&evening).await.expect("opens");
    assert_eq!(feeds::evening::check(&evening).await.expect("checked"), 1);
    assert_eq!(
        feeds::evening::check(&evening).await.expect("checked"),
        0,
        "once an evening"
    );
    evening.db.close().await;
}

/// Changed, tried out, kept, enacted.
async fn formula(house: &House, office: &Client, teacher: &Client) {
    let same = office
        .get("/workload/formula?month=2026-10")
        .await
        .expect(200)
        .text();
    assert!(same.contains("没有人的工作量变化"), "{same}");
    let tried = "/workload/formula?month=2026-10&repeat=0.50";
    let changed = office.get(tried).await.expect(200).text();
    assert!(
        changed.contains("与现行") && !changed.contains("没有人的工作量变化"),
        "{changed}"
    );
    office.get("/workload/formula?repeat=abc").await.expect(422);
    let form = [
        ("repeat", "0.50"),
        ("name", "试行办法"),
        ("from_on", "2026-10-02"),
    ];
    teacher.post("/workload/formula", &form).await.expect(403);
    office.post("/workload/formula", &form).await.expect(303);
    let sql = "select id from r_workload_rule where school_id = $1 and f_name = $2 and state = '草稿'";
    let row = house
        .app
        .db
        .one(sql, args![1, "试行办法"])
        .await
        .expect("a draft");
    let id: Uuid = row.at(0).expect("an id");
    let enact = format!("/r/workload_rule/{id}/step/enact");
    office.post(&enact, &[("version", "1")]).await.expect(303);
    let now = office.get(tried).await.expect(200).text();
    assert!(now.contains("没有人的工作量变化"), "it is in force: {now}");
}

async fn a_training_room_is_logged_in_two_taps(house: House) {
    demo::fill(&house.app).await.expect("a demo school");
    let training = house.account("proof-training", "training-office", None).await;
    let page = house.browser(training).await;
    let text = page.get("/training-use").await.expect(200).text();
    let slots: Vec<(String, String)> = text
        .split("name=\"slot\" value=\"")
        .skip(1)
        .map(|part| {
            let slot = part.split('"').next().expect("an id").to_owned();
            let period = part.split("name=\"period\" value=\"").nth(1).expect("a period");
            (slot, period.split('"').next().expect("a number").to_owned())
        })
        .collect();
    assert!(slots.len() >= 2, "some lessons are still to be logged: {text}");
    let tap = async |at: usize, state: &str, remark: &str| {
        let form = [
            ("slot", slots[at].0.as_str()),
            ("period", slots[at].1.as_str()),
            ("date", TODAY),
            ("state", state),
            ("remark", remark),
        ];
        page.post("/training-use", &form).await
    };
    let before = house.count("r_training_log").await;
    tap(0, "good", "").await.expect(303);
    // Logged once only; a fault wants words.
    tap(0, "good", "").await.expect(422);
    tap(1, "broken", "").await.expect(422);
    tap(1, "broken", "三号机床主轴异响").await.expect(303);
    assert_eq!(house.count("r_training_log").await, before + 2);
    let meeting = page
        .get("/training-use/report?kind=meeting")
        .await
        .expect(200)
        .text();
    assert!(meeting.contains("三号机床主轴异响"), "{meeting}");
    for kind in ["week", "month", "meeting"] {
        let word = page
            .get(&format!("/training-use/report.docx?kind={kind}"))
            .await
            .expect(200);
        assert_eq!(&word.bytes[..2], b"PK");
    }
    page.get("/training-use/report?kind=x").await.expect(404);
}
