//! Official documents: received (收文办理), read by the leaders (文件传阅), sent (发文办理).

use anyhow::Result;
use calendar::Half;
use chrono::{Datelike, Days as Count, NaiveDate};
use governance::{Circulation, Disclosure, Dispatch, Document, Secrecy};
use kernel::app::Scope;
use kernel::register::field::{LongText, Ref};
use uuid::Uuid;

use super::super::days::OFFICE_HOURS;
use super::super::people::code;
use super::super::world::{Hand, World, clip};
use super::super::write::{Batch, id_at};
use crate::{CITY, Post};

/// Documents of the term so far.
const RECEIVED: usize = 96;
const SENT: usize = 58;
/// Of a hundred documents, those finished after their time.
const LATE: u32 = 4;
/// The letters before the number of the school's own documents (机关代字).
const WORD: &str = "明职校";

/// Writes the documents.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    received(scope, world).await?;
    sent(scope, world).await
}

/// Days of documents in order, each with its number of the year.
fn numbered(world: &World, hand: &mut Hand, count: usize) -> Vec<(NaiveDate, usize)> {
    let mut days: Vec<NaiveDate> = (0..count).map(|_| world.days.any(&mut hand.rng)).collect();
    days.sort();
    // What came before in the year is not in this term's register.
    let mut serial = (days[0].year(), hand.rng.between(60, 90) as usize);
    days.into_iter()
        .map(|day| {
            serial = if serial.0 == day.year() {
                (serial.0, serial.1 + 1)
            } else {
                (day.year(), 1)
            };
            (day, serial.1)
        })
        .collect()
}

async fn received(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("document");
    let (mut documents, mut rounds) = (Batch::new(), Batch::new());
    for (day, serial) in numbered(world, &mut hand, RECEIVED) {
        let mut record = document(world, &mut hand, day, serial);
        let state = pursue(world, &mut hand, &mut record);
        let at = world.days.at(&mut hand.rng, day, OFFICE_HOURS);
        let id = id_at(at);
        documents.add_as(id, Some(state), &record, at);
        if state == "传阅中" || (record.only_read() && state == "已办结") || hand.rng.chance(15) {
            for (round, state) in circulate(world, &mut hand, id, &record, state) {
                let at = world.days.at(&mut hand.rng, round.sent_on, OFFICE_HOURS);
                rounds.add_in(state, &round, at);
            }
        }
    }
    documents.write(scope).await?;
    rounds.write(scope).await
}

fn document(world: &World, hand: &mut Hand, day: NaiveDate, serial: usize) -> Document {
    let text = hand.texts.document_received();
    let text = in_season(&text, world.days.term.half());
    let (organ, title) = match text.split_once("关于") {
        Some((organ, about)) => (organ.to_owned(), format!("关于{about}")),
        _ => (format!("{CITY}教育局"), text.clone()),
    };
    let issued = day - Count::new(hand.rng.between(1, 6).into());
    let number = if organ.starts_with('省') {
        format!("教职函〔{}〕{}号", issued.year(), hand.rng.between(8, 60))
    } else {
        format!("清教职〔{}〕{}号", issued.year(), hand.rng.between(20, 140))
    };
    let kind = kind_of(&title);
    let urgent = title.contains("紧急");
    let announces = kind == "09";
    Document {
        serial: format!("收{}-{serial:04}", day.year()),
        registered_on: day,
        number: Some(number),
        title: clip(&title, 200),
        kind: code(kind),
        organ,
        issued_on: Some(issued),
        urgency: code(match hand.rng.between(1, 100) {
            _ if urgent => "1",
            1..=10 => "2",
            _ => "9",
        }),
        secrecy: Secrecy::Internal,
        copies: 1,
        handling: code(if announces { "1" } else { "4" }),
        leader: Some(world.staff(leader(world, hand))),
        handler: None,
        suggestion: None,
        instruction: None,
        due: None,
        signed_on: None,
        done_on: None,
        result: None,
        archive: code(if hand.rng.chance(20) { "21" } else { "32" }),
        files: Default::default(),
    }
}

fn leader(world: &World, hand: &mut Hand) -> usize {
    let leaders = [
        world.holders(Post::Principal),
        world.holders(Post::Secretary),
        world.holders(Post::VicePrincipal),
    ];
    *hand.rng.pick(&leaders.concat())
}

/// Takes a document as far as its age allows.
fn pursue(world: &World, hand: &mut Hand, record: &mut Document) -> &'static str {
    let days = &world.days;
    let day = record.registered_on;
    let age = days.age(day);
    let urgent = record.urgency.0 == "1";
    let allowed = match record.urgency.0.as_str() {
        "1" => 1,
        "2" => 3,
        _ => u64::from(hand.rng.between(5, 14)),
    };
    let due = day + Count::new(allowed);
    record.due = Some(due);
    if age == 0 {
        return "待拟办";
    }
    let office = office_for(&record.title);
    if record.only_read() {
        record.suggestion = Some(LongText("请校领导和有关处室传阅".into()));
        let Some(done) = days.after(day, 2).filter(|_| age > 4) else {
            return "传阅中";
        };
        record.done_on = Some(done);
        return "已办结";
    }
    record.suggestion = Some(LongText(format!("请分管领导阅示，拟由{office}承办")));
    if age == 1 && hand.rng.chance(70) {
        return "待批示";
    }
    record.handler = Some(world.staff(*hand.rng.pick(&world.office_staff(office))));
    record.instruction = Some(LongText(format!(
        "同意拟办意见。{office}牵头办理，{}",
        hand.words(&["按期反馈", "做好过程留痕", "结果报我", "注意时限"])
    )));
    let wait = if urgent {
        0
    } else {
        hand.rng.between(0, 2) as usize
    };
    let signed = match wait {
        0 => Some(day),
        _ => days.after(day, wait),
    };
    let Some(signed) = signed.filter(|_| age > 2 || hand.rng.chance(40)) else {
        return "待签收";
    };
    record.signed_on = Some(signed);
    let done = if hand.rng.chance(LATE) {
        days.pick(&mut hand.rng, due + Count::new(1), due + Count::new(6))
    } else {
        days.pick(&mut hand.rng, signed, due)
    };
    // Where holidays left no day before the due one, the next that came.
    let done = done.or_else(|| days.after(signed, 1));
    // A few of the latest are still under way although they could be done.
    let Some(done) = done.filter(|_| age > 6 || hand.rng.chance(40)) else {
        record.due = Some(due.max(days.today));
        return "承办中";
    };
    record.done_on = Some(done);
    record.result = Some(LongText(
        hand.words(&[
            "已传达部署，材料已按要求报送",
            "已办理完毕，结果反馈办公室",
            "已印发执行，相关材料归档",
            "已组织落实，留存过程资料",
        ])
        .into(),
    ));
    "已办结"
}

/// The rows of those who read a document.
fn circulate(
    world: &World,
    hand: &mut Hand,
    id: Uuid,
    record: &Document,
    state: &str,
) -> Vec<(Circulation, &'static str)> {
    let mut readers = [
        world.holders(Post::Principal),
        world.holders(Post::Secretary),
        world.holders(Post::VicePrincipal),
    ]
    .concat();
    readers.push(world.head_of(office_for(&record.title)));
    let last = record.done_on.unwrap_or(world.days.today);
    readers
        .into_iter()
        .enumerate()
        .map(|(nth, reader)| {
            let read = (state == "已办结" || hand.rng.chance(55))
                .then(|| world.days.pick(&mut hand.rng, record.registered_on, last))
                .flatten();
            let said = hand.rng.chance(25);
            let round = Circulation {
                document: Ref::new(id),
                reader: world.staff(reader),
                turn: nth as i64 + 1,
                sent_on: record.registered_on,
                due: Some(record.registered_on + Count::new(3)),
                gist: None,
                files: Default::default(),
                read_on: read,
                comment: read.filter(|_| said).map(|_| {
                    LongText(
                        hand.words(&["已阅，请相关处室对照落实", "阅，可在例会上通报"])
                            .into(),
                    )
                }),
            };
            let state = if read.is_some() { "已阅" } else { "待阅" };
            (round, state)
        })
        .collect()
}

async fn sent(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("dispatch");
    let mut batch = Batch::new();
    let mut serial = (0, 0);
    for (day, start) in numbered(world, &mut hand, SENT) {
        let mut record = draft(world, &mut hand, day);
        let (state, issued) = progress(world, &mut hand, &mut record);
        if let Some(issued) = issued.filter(|_| matches!(state, "待印发" | "已印发")) {
            // Numbers run on by the day of issue, without a gap.
            serial = match serial {
                (0, _) => (issued.year(), start),
                (year, last) if year == issued.year() => (year, last + 1),
                _ => (issued.year(), 1),
            };
            record.word = Some(WORD.into());
            record.year = Some(i64::from(serial.0));
            record.serial = Some(serial.1 as i64);
        }
        batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
    }
    batch.write(scope).await
}

fn draft(world: &World, hand: &mut Hand, day: NaiveDate) -> Dispatch {
    let title = in_season(&hand.texts.document_sent(), world.days.term.half());
    let kind = kind_of(&title);
    let office = office_for(&title);
    let head = world.head_of(office);
    let joint = hand.rng.chance(30);
    let signer = match hand.rng.chance(40) {
        true => world.holders(Post::Principal)[0],
        false => *hand.rng.pick(&world.holders(Post::VicePrincipal)),
    };
    Dispatch {
        title: clip(&title, 200),
        kind: code(kind),
        unit: Ref::new(world.ids.offices[world.office(office)]),
        drafter: world.staff(*hand.rng.pick(&world.office_staff(office))),
        drafted_on: day,
        addressee: match kind {
            "10" | "11" => format!("{CITY}教育局"),
            "14" => "各合作企业".into(),
            _ => "各系部、各处室".into(),
        },
        copy_to: None,
        urgency: code(if hand.rng.chance(8) { "2" } else { "9" }),
        secrecy: Secrecy::Public,
        disclosure: match kind {
            "10" | "11" => Disclosure::OnRequest,
            _ => Disclosure::Active,
        },
        reason: Some(LongText(
            hand.words(&["按学期工作安排拟发", "落实上级通知要求", "经部门例会研究拟发"])
                .into(),
        )),
        reviewer: world.staff(head),
        joint,
        countersigner: joint.then(|| {
            let other = ["教务处", "学生处", "总务处", "财务处"]
                .into_iter()
                .find(|other| *other != office);
            world.staff(world.head_of(other.unwrap_or("办公室")))
        }),
        signer: world.staff(signer),
        due: Some(day + Count::new(u64::from(hand.rng.between(4, 9)))),
        issued_on: None,
        word: None,
        year: None,
        serial: None,
        number: None,
        copies: None,
        printed_on: None,
        archive: code(if hand.rng.chance(20) { "21" } else { "32" }),
        files: Default::default(),
    }
}

/// Takes a draft as far as its age allows; gives the day of issue.
fn progress(world: &World, hand: &mut Hand, record: &mut Dispatch) -> (&'static str, Option<NaiveDate>) {
    let days = &world.days;
    let day = record.drafted_on;
    let age = days.age(day);
    if age == 0 || (age == 1 && hand.rng.chance(50)) {
        return ("待部门核稿", None);
    }
    if age <= 2 && hand.rng.chance(60) {
        return ("待办公室核稿", None);
    }
    if age <= 3 && record.joint {
        return ("待会签", None);
    }
    if age <= 4 && hand.rng.chance(60) {
        return ("待签发", None);
    }
    if hand.rng.chance(3) {
        return ("退回修改", None);
    }
    // Signed three days after it was drafted, so that numbers run on as the drafts do.
    let Some(issued) = days.after(day, 3) else {
        return ("待签发", None);
    };
    record.issued_on = Some(issued);
    let Some(printed) = days.after(issued, if hand.rng.chance(6) { 5 } else { 1 }) else {
        return (
            if hand.rng.chance(50) {
                "待编号"
            } else {
                "待印发"
            },
            Some(issued),
        );
    };
    record.copies = Some(i64::from(hand.rng.between(1, 3)) * 10);
    record.printed_on = Some(printed);
    ("已印发", Some(issued))
}

/// Which office a document goes to, by its words.
fn office_for(title: &str) -> &'static str {
    const WORDS: &[(&[&str], &str)] = &[
        (&["安全", "消防", "隐患", "天气", "传染病", "食品"], "安全办"),
        (&["技能", "实训", "中级工", "设备"], "实训处"),
        (&["实习", "招生"], "招生就业处"),
        (
            &["学生", "学籍", "班主任", "家访", "家长", "资助", "文明班级"],
            "学生处",
        ),
        (
            &["教学", "课题", "优质课", "补考", "专业", "双师", "教师"],
            "教务处",
        ),
        (&["用水用电", "供暖"], "总务处"),
    ];
    WORDS
        .iter()
        .find(|(words, _)| words.iter().any(|word| title.contains(word)))
        .map_or("办公室", |(_, office)| office)
}

fn kind_of(title: &str) -> &'static str {
    const ENDS: &[(&str, &str)] = &[
        ("通知", "08"),
        ("通报", "09"),
        ("报告", "10"),
        ("请示", "11"),
        ("批复", "12"),
        ("函", "14"),
        ("决定", "02"),
    ];
    ENDS.iter()
        .find(|(end, _)| title.ends_with(end))
        .map_or("07", |(_, kind)| kind)
}

/// Words of the season put right: half of the titles were written for autumn.
fn in_season(title: &str, half: Half) -> String {
    match half {
        Half::Autumn => title.to_owned(),
        Half::Spring => title.replace("秋冬季", "春夏季").replace("秋季", "春季"),
    }
}
