//! From the programme to the week on the wall, over HTTP on both databases (任务落实、排课、课表).
use crate::support::{Client, House, on_both_databases};
use axum::http::Method;
use calendar::{DayTable, Half, SchoolYear, Term};
use kernel::args;
use kernel::term;
use serde_json::{Value as J, json};
use uuid::Uuid;

on_both_databases!(
    a_term_is_offered_scheduled_and_published,
    lessons_on_sunday_evenings_are_scheduled_and_held,
    a_search_that_was_cut_off_says_so
);

async fn made(api: &Client, register: &str, fields: J) -> String {
    let path = format!("/api/registers/{register}");
    let body = json!({ "fields": fields });
    let made = api.json(Method::POST, &path, &body).await.expect(201).json();
    made["id"].as_str().expect("an id").to_owned()
}

/// A small school: two classes, three teachers, two courses in the programme.
struct Small {
    page: Client,
    api: Client,
    unit: String,
    teachers: Vec<String>,
    classes: Vec<String>,
    courses: Vec<String>,
}

async fn small(house: &House) -> Small {
    let office = house.account("jiaowu", "teaching-office", None).await;
    house.grant(office, "office").await;
    let (page, api) = (house.browser(office).await, house.program(office).await);
    let code = |set: &str| house.app.codes.get(set).expect("a set").items[0].0.clone();
    let school = json!({ "number": "01", "name": "测试学校", "kind": "school", "active": true });
    let unit = made(&api, "unit", school).await;
    let (mut teachers, mut classes, mut courses) = (vec![], vec![], vec![]);
    for (number, name) in [("T001", "王老师"), ("T002", "李老师"), ("T003", "赵老师")] {
        let fields = json!({
            "number": number, "name": name, "sex": code("sex"), "unit": unit, "kind": code("staff_kind"),
            "title_level": "1", "dual": "none", "certified": number != "T003", "status": code("staff_state"),
        });
        teachers.push(made(&api, "staff", fields).await);
    }
    for number in 1..=2 {
        let room = json!({
            "number": format!("A10{number}"), "name": format!("教学楼10{number}"), "building": "教学楼", "kind": "1",
            "seats": 48, "status": "in_use",
        });
        let room = made(&api, "room", room).await;
        let fields = json!({
            "name": format!("2025级机电{number}班"), "unit": unit, "entry_year": 2025, "major_code": "660301",
            "major": "机电技术应用", "length": code("XZDM"), "track": code("ZZXSLXDM"), "teacher": teachers[0],
            "room": room, "status": "attending",
        });
        classes.push(made(&api, "class", fields).await);
    }
    for (number, name) in [("C1", "语文"), ("C2", "体育与健康")] {
        let fields = json!({
            "code": number, "name": name, "category": code("KCLBDM"), "nature": "1", "attribute": code("KCSXDM"),
            "form": "1", "discipline": code("XKLBDM"), "core": false, "theory_hours": 72, "practice_hours": 0,
            "virtual_hours": 0, "online": false, "ideological": false,
        });
        courses.push(made(&api, "course", fields).await);
    }
    Small {
        page,
        api,
        unit,
        teachers,
        classes,
        courses,
    }
}

impl Small {
    /// Both courses are planned and issued for those who entered in 2025.
    async fn plan(&self, year: i64, term: &str) {
        for (at, course) in self.courses.iter().enumerate() {
            let fields = json!({
                "number": format!("{year}-{term}-C{at}"), "course": course, "year": year, "term": term,
                "entry_year": 2025, "users": "2025级机电", "unit": self.unit, "teacher": self.teachers[at],
                "weekly": 4 - 2 * at as i64, "weeks": 18, "core": false, "certified": false,
            });
            let id = made(&self.api, "planned_course", fields).await;
            self.page
                .post(&format!("/r/planned_course/{id}/step/issue"), &[("version", "1")])
                .await
                .expect(303);
        }
    }

    /// Every task gets its teacher.
    async fn appoint(&self, house: &House) {
        // Teachers by one choice each: the first two courses of a class never meet in one person.
        let sql = "select id, f_course from r_offering where school_id = $1 order by f_number";
        let tasks = house.app.db.all(sql, args![1]).await.expect("tasks");
        for (at, row) in tasks.iter().enumerate() {
            let (id, course): (Uuid, Uuid) = (row.at(0).expect("an id"), row.at(1).expect("a course"));
            let teacher = if course.to_string() == self.courses[1] {
                2
            } else {
                at % 2
            };
            let path = format!("/offerings/{id}/teacher");
            self.page.post(&path, &[("teacher", "")]).await.expect(422);
            self.page
                .post(&path, &[("teacher", &self.teachers[teacher])])
                .await
                .expect(303);
        }
    }
}

/// Waits for the end of a search; gives its places.
async fn ended(house: &House, draft: &str) -> J {
    let id: Uuid = draft
        .rsplit('/')
        .next()
        .and_then(|id| id.parse().ok())
        .expect("an id");
    let sql = "select state, places, message from timetable_draft where school_id = $1 and id = $2";
    loop {
        let row = house.app.db.one(sql, args![1, id]).await.expect("the draft");
        match row.at::<String>(0).expect("a state").as_str() {
            "running" => tokio::task::yield_now().await,
            "ready" => return serde_json::from_str(&row.at::<String>(1).expect("places")).expect("JSON"),
            other => panic!("{other}: {}", row.at::<String>(2).expect("a message")),
        }
    }
}

async fn places(house: &House, draft: &str) -> J {
    ended(house, draft).await
}

fn between<'a>(text: &'a str, from: &str, to: &str) -> Option<&'a str> {
    let rest = text.split_once(from)?.1;
    rest.split_once(to).map(|(found, _)| found)
}

async fn a_term_is_offered_scheduled_and_published(house: House) {
    let house = house.with_school().await;
    let small = small(&house).await;
    let page = &small.page;
    small.plan(2026, "1").await;

    // The programme becomes a task for each class; nobody teaches them yet.
    page.post("/offerings/generate", &[]).await.expect(303);
    page.post("/offerings/generate", &[]).await.expect(303);
    assert_eq!(house.count("r_offering").await, 4, "once each");
    let text = page.get("/offerings?tab=open").await.expect(200).text();
    assert!(
        text.contains("体育与健康") && text.contains("2025级机电2班"),
        "{text}"
    );
    let refused = page.post("/scheduling/runs", &[]).await.expect(400).text();
    assert!(refused.contains("任务落实"), "{refused}");

    small.appoint(&house).await;
    let text = page.get("/offerings?tab=teachers").await.expect(200).text();
    assert!(text.contains("赵老师") && text.contains("缺教师资格证"), "{text}");
    let sql = "select count(*) from r_offering where school_id = $1 and state = $2";
    let settled: i64 = house
        .app
        .db
        .one(sql, args![1, "已落实"])
        .await
        .expect("a count")
        .at(0)
        .expect("a number");
    assert_eq!(settled, 4);

    // The set-up in plain words; the class meeting is Monday's last two periods.
    let meeting = [
        ("reason", "班会"),
        ("of", "classes"),
        ("day", "0"),
        ("from", "6"),
        ("to", "7"),
    ];
    page.post("/scheduling/setup/close", &meeting).await.expect(303);
    let text = page.get("/scheduling/setup").await.expect(200).text();
    for words in ["数据检查", "同天不重复", "教师/班级/场所不冲突", "班会"] {
        assert!(text.contains(words), "{words}: {text}");
    }

    // The search with a budget of moves finds a timetable without conflicts.
    let run = [("moves", "30000"), ("seed", "7")];
    let draft = page
        .post("/scheduling/runs", &run)
        .await
        .expect(303)
        .location()
        .to_owned();
    let found = ended(&house, &draft).await;
    assert_eq!(
        found.as_array().map(Vec::len),
        Some(6),
        "two blocks of 语文 and one of 体育 for each class: {found}"
    );
    let text = page.get(&draft).await.expect(200).text();
    assert!(
        text.contains("可发布") && text.contains("语文") && text.contains("班会"),
        "{text}"
    );
    for by in ["teacher", "room"] {
        page.get(&format!("{draft}?by={by}")).await.expect(200);
    }

    // A lesson is moved to a green place, and back.
    let first = found[0].clone();
    let (offering, block) = (
        first["offering"].as_str().expect("an id"),
        first["block"].to_string(),
    );
    let ask = format!(
        "{draft}/places?offering={offering}&block={block}&by=class&of={}",
        small.classes[0]
    );
    let text = page.get(&ask).await.expect(200).text();
    assert!(
        text.contains("data-free=") && text.contains("班会：星期一第7节"),
        "{text}"
    );
    let slot = between(&text, "data-free=\"", "\"")
        .expect("a free place")
        .to_owned();
    let shift = [
        ("offering", offering),
        ("block", block.as_str()),
        ("slot", slot.as_str()),
        ("by", "class"),
        ("of", ""),
    ];
    let to = format!("{draft}/move");
    page.post(&to, &[("offering", offering), ("block", &block), ("slot", "39")])
        .await
        .expect(422);
    page.post(&to, &shift).await.expect(303);
    assert_ne!(places(&house, &draft).await, found, "it moved");
    page.post(
        &to,
        &[
            ("offering", offering),
            ("block", &block),
            ("slot", "0"),
            ("version", "1"),
        ],
    )
    .await
    .expect(409);
    page.post(&format!("{draft}/undo"), &[]).await.expect(303);
    assert_eq!(places(&house, &draft).await, found, "and back");
    page.post(&format!("{draft}/undo"), &[]).await.expect(409);
    page.post(&format!("{draft}/redo"), &[]).await.expect(303);
    assert_ne!(places(&house, &draft).await, found, "made again");
    page.post(&format!("{draft}/redo"), &[]).await.expect(409);
    page.post(&format!("{draft}/undo"), &[]).await.expect(303);
    page.post(&to, &shift).await.expect(303);
    page.post(&format!("{draft}/redo"), &[]).await.expect(409);

    // What is locked stays when the search goes on from here.
    let shown = [
        ("what", "shown"),
        ("by", "class"),
        ("of", small.classes[0].as_str()),
    ];
    page.post(&format!("{draft}/lock"), &shown).await.expect(303);
    page.post(&to, &shift).await.expect(409);
    let base = draft.rsplit('/').next().expect("an id");
    let again = [("moves", "20000"), ("seed", "8"), ("base", base)];
    let second = page
        .post("/scheduling/runs", &again)
        .await
        .expect(303)
        .location()
        .to_owned();
    let later = ended(&house, &second).await;
    let sql = "select locks from timetable_draft where school_id = $1 and id = $2";
    let id: Uuid = base.parse().expect("an id");
    let row = house.app.db.one(sql, args![1, id]).await.expect("the draft");
    let locked: J = serde_json::from_str(&row.at::<String>(0).expect("text")).expect("JSON");
    let locked = locked.as_array().expect("a list");
    assert_eq!(locked.len(), 3);
    let at = |list: &J, key: &J| {
        let mut all = list.as_array().expect("a list").iter();
        all.find(|one| one["offering"] == key[0] && one["block"] == key[1])
            .cloned()
    };
    let moved = places(&house, &draft).await;
    for key in locked {
        assert_eq!(at(&later, key), at(&moved, key), "{key} is locked");
    }
    let other = second.rsplit('/').next().expect("an id");
    let text = page
        .get(&format!("/scheduling/compare?a={base}&b={other}"))
        .await
        .expect(200)
        .text();
    assert!(text.contains("方案1") && text.contains("方案2"), "{text}");

    // A teacher is away from now on: only what must move moves.
    let free = |place: &&J| !locked.iter().any(|key| at(&later, key).as_ref() == Some(*place));
    let busy = later.as_array().expect("a list").iter().find(free);
    let busy = busy.expect("not everything is locked");
    let number = |name: &str| busy[name].as_u64().expect("a number").to_string();
    let (day, period) = (number("day"), number("period"));
    let closed = [
        ("reason", "外出"),
        ("of", "classes"),
        ("day", day.as_str()),
        ("from", period.as_str()),
        ("to", period.as_str()),
    ];
    let offers = async || {
        page.get(&second)
            .await
            .expect(200)
            .text()
            .contains("按最少改动修好")
    };
    assert!(!offers().await, "nothing is to be mended");
    page.post("/scheduling/setup/close", &closed).await.expect(303);
    assert!(offers().await, "the page sees what the new rule broke");
    let least = [("least", "true"), ("moves", "20000"), ("base", other)];
    let third = page
        .post("/scheduling/runs", &least)
        .await
        .expect(303)
        .location()
        .to_owned();
    let repaired = ended(&house, &third).await;
    let (old, new) = (
        later.as_array().expect("a list"),
        repaired.as_array().expect("a list"),
    );
    let stayed = new.iter().filter(|place| old.contains(place)).count();
    assert_eq!(new.len(), old.len());
    assert!(
        stayed < old.len() && stayed + 3 >= old.len(),
        "{stayed} of {} stay",
        old.len()
    );
    let text = page.get(&third).await.expect(200).text();
    assert!(text.contains("改动了") && text.contains("可发布"), "{text}");
    let settings = page.get("/scheduling/setup").await.expect(200).text();
    let closing = between(&settings, "外出", "删除")
        .and_then(|part| between(part, "name=\"id\" value=\"", "\""))
        .expect("the closing");
    page.post("/scheduling/setup/remove", &[("id", closing)])
        .await
        .expect(303);

    // Published, the lessons of T10 stand; publishing again changes nothing.
    let teacher = house
        .account("li", "teacher", small.teachers[1].parse().ok())
        .await;
    let teacher = house.browser(teacher).await;
    teacher.get("/scheduling").await.expect(403);
    let text = teacher.get("/timetable").await.expect(200).text();
    assert!(text.contains("还没有发布课表"), "{text}");
    page.post(&format!("{second}/publish"), &[]).await.expect(303);
    assert_eq!(house.count("r_lesson_slot").await, 6);
    let written = "select count(*) from journal where school_id = $1 and register = $2";
    let entries: i64 = house
        .app
        .db
        .one(written, args![1, "lesson_slot"])
        .await
        .expect("a count")
        .at(0)
        .expect("a number");
    assert_eq!(entries, 6);
    page.post(&format!("{second}/publish"), &[]).await.expect(303);
    let same: i64 = house
        .app
        .db
        .one(written, args![1, "lesson_slot"])
        .await
        .expect("a count")
        .at(0)
        .expect("a number");
    assert_eq!(same, 6, "nothing changed");
    // Another timetable holds from next week on; what was taught before stays as it was.
    let term = Term::standard(SchoolYear(2026), Half::Autumn, &DayTable::builtin());
    let week = |day: &str| term.week_of(day.parse().expect("a date")).expect("a week");
    let next = (week("2026-11-23") + 1).to_string();
    let over = page
        .post(&format!("{draft}/publish"), &[("from", "1")])
        .await
        .expect(400);
    assert!(over.text().contains("已经上过"), "{}", over.text());
    page.post(&format!("{draft}/publish"), &[("from", &next)])
        .await
        .expect(303);
    let begun =
        "select count(*) from r_lesson_slot where school_id = $1 and void_reason is null and first_week = 1";
    let begun = begun.replace("first_week", "f_first_week");
    let begun: i64 = house
        .app
        .db
        .one(&begun, args![1])
        .await
        .expect("a count")
        .at(0)
        .expect("a number");
    assert_eq!(begun, 6, "the lessons of the weeks before stand");

    // A draft is renamed; one that was published is kept, another deleted.
    page.post(&format!("{draft}/title"), &[("title", " ")])
        .await
        .expect(400);
    page.post(&format!("{draft}/title"), &[("title", "期中后课表")])
        .await
        .expect(303);
    let text = page.get("/scheduling").await.expect(200).text();
    assert!(text.contains("期中后课表"), "{text}");
    page.post(&format!("{draft}/delete"), &[]).await.expect(400);

    // The week that is really taught.
    let class = &small.classes[0];
    let text = page
        .get(&format!("/timetable?week={}&class={class}", week("2026-11-25")))
        .await
        .expect(200)
        .text();
    assert!(
        text.contains("语文") && text.contains("王老师") && text.contains("班会"),
        "{text}"
    );
    let text = page
        .get(&format!("/timetable?week={}&class={class}", week("2026-10-01")))
        .await
        .expect(200)
        .text();
    assert!(text.contains("国庆节放假"), "{text}");
    page.get("/timetable?week=99").await.expect(400);
    let text = page.get("/timetable?by=school").await.expect(200).text();
    assert!(
        text.contains("全校课表") && text.contains("2025级机电2班"),
        "{text}"
    );
    let sheet = page
        .get(&format!("/timetable/export.xlsx?by=class&of={class}"))
        .await
        .expect(200);
    let sheets = format!("{:?}", print::xlsx_read(&sheet.bytes).expect("a workbook"));
    assert!(sheets.contains("语文"), "{sheets}");

    // The feed is the person's own and can be revoked.
    let text = teacher.post("/timetable/feed", &[]).await.expect(200).text();
    let address = between(&text, "href=\"/timetable/ical/", "\"").expect("an address");
    let address = format!("/timetable/ical/{address}");
    let text = house.stranger().get(&address).await.expect(200).text();
    assert!(
        text.starts_with("BEGIN:VCALENDAR\r\n") && text.contains("SUMMARY:语文"),
        "{text}"
    );
    let events = text.matches("BEGIN:VEVENT").count();
    assert!(
        (28..=36).contains(&events),
        "{events} lessons of 18 weeks, holidays left out"
    );
    teacher.post("/timetable/feed/revoke", &[]).await.expect(303);
    house.stranger().get(&address).await.expect(404);
    page.post("/timetable/feed", &[]).await.expect(400);

    // Next term takes tasks and timetable along.
    let spring = Term::standard(SchoolYear(2026), Half::Spring, &DayTable::builtin());
    let spring = term::add_term(&house.scope(), &spring)
        .await
        .expect("a term")
        .to_string();
    small.plan(2026, "2").await;
    page.post("/offerings/copy", &[("term", &spring)])
        .await
        .expect(303);
    assert_eq!(house.count("r_offering").await, 8);
    let sql = "select places from timetable_draft where school_id = $1 and term_id = $2";
    let row = house
        .app
        .db
        .one(sql, args![1, spring.parse::<Uuid>().expect("an id")])
        .await
        .expect("a draft");
    let along: J = serde_json::from_str(&row.at::<String>(0).expect("text")).expect("JSON");
    assert_eq!(along.as_array().map(Vec::len), Some(6));
}

async fn lessons_on_sunday_evenings_are_scheduled_and_held(house: House) {
    let house = house.with_school().await;
    let small = small(&house).await;
    let page = &small.page;
    small.plan(2026, "1").await;
    page.post("/offerings/generate", &[]).await.expect(303);
    small.appoint(&house).await;

    let week = |sunday: &'static str, evening: &'static str| {
        [
            ("days", "5"),
            ("saturday", "off"),
            ("sunday", sunday),
            ("morning", "4"),
            ("afternoon", "4"),
            ("evening", evening),
            ("minutes", "45"),
            ("most", "18"),
            ("starts", "0800"),
        ]
    };
    let setup = "/scheduling/setup";
    let refused = page.post(setup, &week("evening", "0")).await.expect(422).text();
    assert!(refused.contains("请先填写晚上节数"), "{refused}");
    page.post(setup, &week("now and then", "2")).await.expect(422);
    page.post(setup, &week("evening", "2")).await.expect(303);

    // The day has ten periods; on Sunday only the last two are open, on Saturday none.
    let run = [("moves", "30000"), ("seed", "7")];
    let draft = page
        .post("/scheduling/runs", &run)
        .await
        .expect(303)
        .location()
        .to_owned();
    let found = ended(&house, &draft).await;
    let first = found[0].clone();
    let (offering, block) = (
        first["offering"].as_str().expect("an id"),
        first["block"].to_string(),
    );
    let ask = format!("{draft}/places?offering={offering}&block={block}");
    let text = page.get(&ask).await.expect(200).text();
    assert!(
        text.contains("星期日不上课")
            && text.contains("data-why=\"60\"")
            && text.contains("data-free=\"68\""),
        "{text}"
    );
    assert!(
        !text.contains("星期六"),
        "a day without lessons is not drawn: {text}"
    );
    let shift = [("offering", offering), ("block", block.as_str()), ("slot", "68")];
    page.post(&format!("{draft}/move"), &shift).await.expect(303);
    page.post(&format!("{draft}/publish"), &[]).await.expect(303);

    // An ordinary Sunday has that lesson; one of the holidays and one that is worked have not.
    let taught = async |date: &str| {
        let text = page.get(&format!("/day?date={date}")).await.expect(200).text();
        text.contains("教学日。全校上课1次")
    };
    assert!(taught("2026-11-22").await);
    for free in ["2026-10-04", "2026-09-20", "2026-11-21"] {
        assert!(!taught(free).await, "{free}");
    }
    let text = page.get("/timetable?by=school&week=12").await.expect(200).text();
    assert!(text.contains("11月22日") || text.contains("11-22"), "{text}");
    assert!(!text.contains("11月21日") && !text.contains("11-21"), "{text}");
}

async fn a_search_that_was_cut_off_says_so(house: House) {
    let house = house.with_school().await;
    let office = house.account("jiaowu", "teaching-office", None).await;
    let page = house.browser(office).await;
    let calendar = term::load(&house.scope()).await.expect("a calendar");
    let new = scheduling::drafts::New {
        running: true,
        ..Default::default()
    };
    let id = scheduling::drafts::create(&house.scope(), calendar.terms[0].0, new)
        .await
        .expect("a draft");
    let text = page.get("/scheduling").await.expect(200).text();
    assert!(
        text.contains("中断") && text.contains("程序在排课途中停止"),
        "{text}"
    );
    page.get(&format!("/scheduling/{id}/progress")).await.expect(200);
    page.post(&format!("/scheduling/{id}/publish"), &[])
        .await
        .expect(409);
    page.post(&format!("/scheduling/{id}/delete"), &[])
        .await
        .expect(303);
    page.get(&format!("/scheduling/{id}")).await.expect(404);
}
