//! Official documents (公文登记) received and sent.

use anyhow::Result;
use calendar::Half;
use chrono::{Datelike, Days as Count, NaiveDate};
use governance::{Direction, Document, Secrecy};
use kernel::app::Scope;
use kernel::register::field::LongText;

use super::days::OFFICE_HOURS;
use super::people::code;
use super::world::{Hand, World, clip};
use super::write::Batch;
use crate::{CITY, SCHOOL_NAME};

/// Documents of the term so far.
const RECEIVED: usize = 78;
const SENT: usize = 46;
/// Of a hundred documents, those finished after their time.
const LATE: u32 = 4;

/// Writes the documents.
pub async fn write(scope: &Scope, world: &World) -> Result<()> {
    let mut hand = Hand::new("document");
    let mut batch = Batch::new();
    for (direction, count) in [(Direction::Received, RECEIVED), (Direction::Sent, SENT)] {
        let mut days: Vec<NaiveDate> = (0..count).map(|_| world.days.any(&mut hand.rng)).collect();
        days.sort();
        // What came before in the year is not in this term's register.
        let first = hand.rng.between(60, 90) as usize;
        let mut serial = (days[0].year(), first);
        for day in days {
            serial = if serial.0 == day.year() {
                (serial.0, serial.1 + 1)
            } else {
                (day.year(), 1)
            };
            let mut record = document(world, &mut hand, direction, day, serial);
            let state = pursue(world, &mut hand, &mut record);
            batch.add_in(state, &record, world.days.at(&mut hand.rng, day, OFFICE_HOURS));
        }
    }
    batch.write(scope).await
}

fn document(
    world: &World,
    hand: &mut Hand,
    direction: Direction,
    day: NaiveDate,
    (year, serial): (i32, usize),
) -> Document {
    let received = direction == Direction::Received;
    let text = if received {
        hand.texts.document_received()
    } else {
        hand.texts.document_sent()
    };
    let text = in_season(&text, world.days.term.half());
    let (organ, title) = match text.split_once("关于") {
        Some((organ, about)) if received => (organ.to_owned(), format!("关于{about}")),
        _ => (SCHOOL_NAME.to_owned(), text.clone()),
    };
    let issued = day
        - Count::new(if received {
            hand.rng.between(1, 6).into()
        } else {
            0
        });
    let province = organ.starts_with('省');
    let number = match (received, province) {
        (true, true) => format!("教职函〔{}〕{}号", issued.year(), hand.rng.between(8, 60)),
        (true, false) => format!("清教职〔{}〕{}号", issued.year(), hand.rng.between(20, 140)),
        (false, _) => format!("明职校〔{}〕{serial}号", issued.year()),
    };
    let kind = kind_of(&title);
    let urgent = title.contains("紧急");
    let office = office_for(&title);
    let due = day + Count::new(if urgent { 1 } else { hand.rng.between(5, 14).into() });
    Document {
        serial: format!("{}{year}-{serial:04}", if received { "收" } else { "发" }),
        direction,
        registered_on: day,
        number: Some(number),
        title: clip(&title, 200),
        kind: code(kind),
        organ,
        issued_on: Some(issued),
        addressee: (!received).then(|| match kind {
            "10" | "11" => format!("{CITY}教育局"),
            "14" => "各合作企业".into(),
            _ => "各系部、各处室".into(),
        }),
        urgency: code(match hand.rng.between(1, 100) {
            _ if urgent => "1",
            1..=10 => "2",
            _ => "9",
        }),
        secrecy: if received {
            Secrecy::Internal
        } else {
            Secrecy::Public
        },
        copies: if received { 1 } else { 20 },
        handler: world.staff(*hand.rng.pick(&world.office_staff(office))),
        instruction: received.then(|| LongText(format!("请{office}牵头办理，按期反馈办公室"))),
        due: Some(due),
        signed_on: None,
        done_on: None,
        result: None,
        archive: code(if hand.rng.chance(20) { "21" } else { "32" }),
        files: Default::default(),
    }
}

/// Takes a document as far as its age allows.
fn pursue(world: &World, hand: &mut Hand, record: &mut Document) -> &'static str {
    let days = &world.days;
    let day = record.registered_on;
    let urgent = record.urgency.0 == "1";
    let wait = if urgent {
        0
    } else {
        hand.rng.between(0, 2) as usize
    };
    let signed = if wait == 0 {
        Some(day)
    } else {
        days.after(day, wait)
    };
    let Some(signed) = signed.filter(|_| days.age(day) > 0) else {
        return "待签收";
    };
    if days.age(day) < 4 && hand.rng.chance(12) {
        return "已拒收";
    }
    record.signed_on = Some(signed);
    let due = record.due.unwrap_or(days.today);
    let done = if hand.rng.chance(LATE) {
        days.pick(&mut hand.rng, due + Count::new(1), due + Count::new(6))
    } else {
        days.pick(&mut hand.rng, signed, due)
    };
    // Where holidays left no day before the due one, the next that came.
    let done = done.or_else(|| days.after(signed, 1));
    // A few of the latest are still under way although they could be done.
    let Some(done) = done.filter(|_| days.age(day) > 6 || hand.rng.chance(40)) else {
        record.due = Some(due.max(days.today));
        return "处理中";
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
