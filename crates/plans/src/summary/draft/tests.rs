use super::phrase::chinese;
use super::{Block, Body, Row, blocks};
use crate::model::{Kind, plain};
use crate::standing::State;
use crate::summary::markup::{self, Piece};
use crate::summary::snapshot::{Counts, Figure, Group, Item, Late, Note, Part, Snapshot};
use chrono::NaiveDate;
use kernel::register::field::ChoiceList;
use proptest::prelude::*;
use uuid::Uuid;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn item(number: u128, kind: Kind, title: &str, promise: &str, state: State) -> Item {
    Item {
        id: Uuid::from_u128(number),
        kind,
        title: title.into(),
        promise: promise.into(),
        ceiling: promise.starts_with('≤'),
        target: None,
        unit: String::new(),
        figure: None,
        state,
        forecast: None,
        rows: None,
        source: String::new(),
        office: "教务处".into(),
        owner: "王某".into(),
        due: day("2027-01-22"),
        late: vec![],
        done_on: None,
        notes: vec![],
    }
}

fn figure(numerator: i64, denominator: Option<i64>, text: &str) -> Option<Figure> {
    Some(Figure {
        day: day("2026-11-15"),
        numerator,
        denominator,
        actual: denominator.filter(|d| *d > 0).map(|d| numerator * 10_000 / d),
        text: text.into(),
        added: None,
    })
}

fn snapshot(parts: Vec<Part>) -> Snapshot {
    Snapshot {
        plan: Uuid::from_u128(9),
        title: "滨海职专学校工作计划".into(),
        version: 1,
        organ: "滨海职专".into(),
        term: "2026—2027学年第一学期".into(),
        term_from: day("2026-09-01"),
        term_to: day("2027-01-22"),
        from: day("2026-09-01"),
        to: day("2026-11-15"),
        parts,
    }
}

fn group(key: &str, heading: &str, items: Vec<Item>) -> Group {
    Group {
        key: key.into(),
        heading: heading.into(),
        items,
    }
}

fn part(key: &str, heading: &str, groups: Vec<Group>) -> Part {
    Part {
        key: key.into(),
        heading: heading.into(),
        groups,
    }
}

/// A safety section of two groups with one commitment of each sort.
fn school() -> Snapshot {
    let mut rate = item(1, Kind::Target, "隐患整改率", "≥95%", State::Behind);
    rate.figure = figure(18, Some(20), "90%（18/20）");
    rate.rows = Some("/r/hazard?f.found_on=2026-09-01..2026-11-15".into());
    rate.source = "隐患整改".into();
    rate.target = Some(9500);
    let mut patrol = item(2, Kind::Duty, "教学区排查", "每周1次", State::Behind);
    patrol.figure = figure(19, Some(22), "19/22次");
    patrol.late = vec![
        Late {
            unit: "机电系".into(),
            short: 2,
        },
        Late {
            unit: "信息系".into(),
            short: 1,
        },
    ];
    let mut drill = item(3, Kind::Duty, "应急演练", "每月1次", State::OnTrack);
    drill.figure = figure(2, Some(2), "2/2次");
    let mut safe = item(4, Kind::Target, "安全责任事故", "≤0起", State::OnTrack);
    safe.target = Some(0);
    safe.figure = figure(0, None, "0起");
    let mut fair = item(5, Kind::Task, "举办技能节", "2026-10-30前", State::Early);
    fair.done_on = Some(day("2026-10-28"));
    fair.due = day("2026-10-30");
    fair.notes = vec![Note {
        day: day("2026-10-28"),
        who: String::new(),
        text: "12个专业参加。".into(),
    }];
    let mut late = item(6, Kind::Task, "修订教学常规", "2026-10-31前", State::Missed);
    late.due = day("2026-10-31");
    late.office = "教务处".into();
    late.owner = String::new();
    let known = item(7, Kind::Result, "对口升学率", "98%", State::NoData);
    let blank = item(8, Kind::Target, "双师比例", "≥60%", State::NoData);
    snapshot(vec![
        part(
            "s1",
            "安全管理",
            vec![
                group("own", "", vec![safe]),
                group("g1", "隐患治理", vec![rate, patrol]),
                group("g2", "应急准备", vec![drill]),
            ],
        ),
        part(
            "s2",
            "教学管理",
            vec![group("own", "", vec![fair, late, known, blank])],
        ),
    ])
}

fn text_of(blocks: &[Block], anchor: &str) -> String {
    match &blocks.iter().find(|b| b.anchor == anchor).expect(anchor).body {
        Body::Heading { text, .. } | Body::Text(text) => markup::plain(text),
        Body::Table(_) => panic!("{anchor} is a table"),
    }
}

fn rows_of<'a>(blocks: &'a [Block], anchor: &str) -> &'a [Row] {
    match &blocks.iter().find(|b| b.anchor == anchor).expect(anchor).body {
        Body::Table(table) => &table.rows,
        other => panic!("{anchor} is {other:?}"),
    }
}

#[test]
fn a_school_reads_as_an_official_text() {
    let blocks = blocks(&school());
    let text = |anchor: &str| text_of(&blocks, anchor);
    assert_eq!(text("title"), "滨海职专学校阶段工作总结");
    assert_eq!(
        text("intro"),
        "2026—2027学年第一学期以来，滨海职专围绕《滨海职专学校工作计划》确定的7项承诺组织实施。本总结的期间为2026年9月1日至11月15日，数字取自台账和填报记录。\n\
         截至11月15日，提前完成1项、如期推进2项、滞后2项、逾期未达1项、暂无数据1项。例行工作应办24次、已办21次，完成率87.50%。现将有关情况总结如下。"
            .replace("87.50%", "87.5%")
    );
    assert_eq!(text("section:s1:head"), "一、安全管理");
    assert_eq!(
        text("section:s1:text"),
        "本部分共有承诺4项：如期推进2项、滞后2项。\n完成情况：安全责任事故为0起，实现约定的零发生。"
    );
    assert_eq!(text("group:g1:head"), "（一）隐患治理");
    assert_eq!(
        text("group:g1:text"),
        "例行工作：教学区排查（每周1次）应办22次、已办19次。\n\
         未完成：隐患整改率为90%（18/20），低于约定目标（95%）。整改措施：由教务处（王某）负责，于2027年1月22日前达到约定。\n\
         未完成：教学区排查，机电系欠2次、信息系欠1次。整改措施：由教务处（王某）负责，于2027年1月22日前补齐欠办次数。"
    );
    assert_eq!(text("group:g2:head"), "（二）应急准备");
    assert_eq!(
        text("section:s2:text"),
        "本部分共有承诺3项：提前完成1项、逾期未达1项、暂无数据1项。\n\
         完成情况：举办技能节已于10月28日提前完成（12个专业参加）。\n\
         未完成：修订教学常规到期未完成（约定10月31日前）。整改措施：由教务处负责，于2027年1月22日前完成。\n\
         暂无数据：双师比例尚无台账记录或填报，由责任单位补报。\n\
         计划所载的已有成果：对口升学率98%。"
    );
    assert_eq!(text("problems:head"), "三、存在的问题与下一步整改");
    assert_eq!(
        text("problems:text"),
        "对照计划逐项检查，截至11月15日，滞后2项、逾期未达1项，逐项整改如下。"
    );
    let second = format!("problem:{}", Uuid::from_u128(2));
    assert_eq!(
        text(&second),
        "2.教学区排查（每周1次）应办22次、已办19次。其中机电系欠2次、信息系欠1次。责任：教务处（王某）。整改措施：查明原因，明确专人，于2027年1月22日前补齐欠办次数。"
    );
    assert_eq!(text("next:head"), "四、下阶段工作");
    let coming: Vec<&str> = rows_of(&blocks, "next:table")
        .iter()
        .map(|r| r.title.as_str())
        .collect();
    assert_eq!(
        coming,
        ["安全责任事故", "隐患整改率", "教学区排查", "应急演练", "双师比例"]
    );
}

#[test]
fn a_plan_with_nothing_open_says_so() {
    let mut only = item(1, Kind::Task, "印发校历", "2026-09-10前", State::Met);
    only.done_on = Some(day("2026-09-10"));
    let mut told = snapshot(vec![part(
        "rest",
        "主要工作完成情况",
        vec![group("own", "", vec![only])],
    )]);
    told.to = told.term_to;
    let blocks = blocks(&told);
    assert_eq!(text_of(&blocks, "title"), "滨海职专学校工作总结");
    assert_eq!(
        text_of(&blocks, "problems:text"),
        "对照计划逐项检查，截至2027年1月22日没有滞后和逾期未达的承诺。"
    );
    assert!(!blocks.iter().any(|b| b.anchor == "next:table"));
}

/// What a section says about one target.
fn told(change: impl FnOnce(&mut Item)) -> String {
    let mut one = item(1, Kind::Target, "技能鉴定", "≥400人次", State::OnTrack);
    one.unit = "人次".into();
    one.target = Some(40_000);
    one.figure = Some(Figure {
        day: day("2026-11-15"),
        numerator: 236,
        denominator: None,
        actual: Some(23_600),
        text: "236人次".into(),
        added: None,
    });
    change(&mut one);
    let group = group("own", "", vec![one]);
    let blocks = blocks(&snapshot(vec![part("s", "技能", vec![group])]));
    let text = text_of(&blocks, "section:s:text");
    text.lines().nth(1).expect("a line about the target").to_owned()
}

#[test]
fn every_state_of_a_target_has_its_words() {
    assert_eq!(
        told(|i| i.forecast = Some(46_535)),
        "完成情况：技能鉴定为236人次（目标400人次），按目前进度到期预计达到465人次。"
    );
    let reached = |i: &mut Item, state| {
        i.state = state;
        i.target = Some(20_000);
        i.promise = "≥200人次".into();
    };
    assert_eq!(
        told(|i| reached(i, State::OnTrack)),
        "完成情况：技能鉴定为236人次，达到约定目标（200人次）。"
    );
    assert_eq!(
        told(|i| reached(i, State::Early)),
        "完成情况：技能鉴定已达236人次，提前完成约定目标（200人次）。"
    );
    assert_eq!(
        told(|i| reached(i, State::Met)),
        "完成情况：技能鉴定达到236人次，完成约定目标（200人次）。"
    );
    let behind = told(|i| {
        i.state = State::Behind;
        i.forecast = Some(30_299);
    });
    assert!(
        behind.starts_with(
            "未完成：技能鉴定为236人次，按目前进度到期预计达到302人次，低于约定目标（400人次）。"
        ),
        "{behind}"
    );
    let missed = told(|i| {
        i.state = State::Missed;
        i.due = day("2026-10-31");
    });
    assert!(
        missed.starts_with("未完成：技能鉴定为236人次，到期未达到约定目标（400人次）。"),
        "{missed}"
    );
    let ceiling = |i: &mut Item, state, most: i64| {
        i.state = state;
        i.ceiling = true;
        i.target = Some(most * 100);
        i.promise = format!("≤{most}人次");
    };
    assert_eq!(
        told(|i| ceiling(i, State::OnTrack, 300)),
        "完成情况：技能鉴定为236人次，控制在约定上限（300人次）以内。"
    );
    assert!(told(|i| ceiling(i, State::Behind, 240)).contains("按目前趋势到期将超过约定上限（240人次）"));
    assert!(told(|i| ceiling(i, State::Behind, 200)).contains("已超过约定上限（200人次）"));
    assert!(told(|i| ceiling(i, State::Missed, 200)).contains("，超过约定上限（200人次）"));
}

#[test]
fn many_late_units_are_summed_up() {
    let mut patrol = item(2, Kind::Duty, "安全教育", "每周1次", State::Behind);
    patrol.figure = figure(90, Some(100), "90/100次");
    patrol.late = (1..=8)
        .map(|n| Late {
            unit: format!("{n}班"),
            short: 1,
        })
        .collect();
    let group = group("own", "", vec![patrol]);
    let blocks = blocks(&snapshot(vec![part("s", "安全", vec![group])]));
    let text = text_of(&blocks, "section:s:text");
    assert!(text.contains("6班欠1次等8个单位，共欠8次。"), "{text}");
    assert!(!text.contains("7班"));
}

#[test]
fn sections_count_in_chinese() {
    let words: Vec<String> = [1, 9, 10, 11, 20, 21, 99].into_iter().map(chinese).collect();
    assert_eq!(words, ["一", "九", "十", "十一", "二十", "二十一", "九十九"]);
}

#[test]
fn a_snapshot_survives_its_json() {
    let told = school();
    let json = serde_json::to_string(&told).unwrap();
    assert_eq!(serde_json::from_str::<Snapshot>(&json).unwrap(), told);
    for block in blocks(&told) {
        let json = serde_json::to_string(&block).unwrap();
        assert_eq!(serde_json::from_str::<Block>(&json).unwrap(), block);
    }
}

fn any_item() -> impl Strategy<Value = Item> {
    let kinds = prop::sample::select(Kind::ALL.iter().map(|k| k.0).collect::<Vec<_>>());
    let states = prop::sample::select(State::ALL.iter().map(|s| s.0).collect::<Vec<_>>());
    let figure = prop::option::of((0..500i64, prop::option::of(1..500i64)));
    let text = "[一-十A-Z0-9%|（）\\[\\]]{1,12}";
    (
        any::<u128>(),
        kinds,
        states,
        figure,
        text,
        any::<bool>(),
        0..200u64,
        prop::option::of(0..70u64),
    )
        .prop_map(|(id, kind, state, value, title, ceiling, due, done)| {
            let mut made = item(id, kind, &title, if ceiling { "≤5" } else { "≥5" }, state);
            made.due = day("2026-09-01") + chrono::Days::new(due);
            made.figure = value.and_then(|(n, d)| figure_of(n, d));
            made.forecast = value.map(|(n, _)| n * 150);
            if kind == Kind::Task {
                made.done_on = done.map(|d| day("2026-09-01") + chrono::Days::new(d));
            }
            made
        })
}

fn figure_of(numerator: i64, denominator: Option<i64>) -> Option<Figure> {
    let text = match denominator {
        Some(all) => format!("{}%（{numerator}/{all}）", plain(numerator * 10_000 / all)),
        None => format!("{numerator}起"),
    };
    figure(numerator, denominator, &text)
}

fn any_snapshot() -> impl Strategy<Value = Snapshot> {
    let groups = prop::collection::vec(prop::collection::vec(any_item(), 1..6), 1..4);
    prop::collection::vec((groups, any::<bool>()), 1..5).prop_map(|parts| {
        let parts = parts.into_iter().enumerate().map(|(at, (groups, direct))| {
            let groups = groups.into_iter().enumerate().map(|(inner, items)| {
                let heading = if direct && inner == 0 { "" } else { "分项" };
                group(&format!("g{at}-{inner}"), heading, items)
            });
            part(&format!("s{at}"), "部分", groups.collect())
        });
        snapshot(parts.collect())
    })
}

proptest! {
    #[test]
    fn every_commitment_is_told_once_with_the_figures_of_the_snapshot(told in any_snapshot()) {
        let drafted = blocks(&told);
        let rows: Vec<&Row> = drafted
            .iter()
            .filter(|b| b.anchor.starts_with("section:") && b.anchor.ends_with(":table"))
            .flat_map(|b| match &b.body { Body::Table(t) => t.rows.iter().collect(), _ => vec![] })
            .collect();
        let items: Vec<&Item> = told.items().collect();
        prop_assert_eq!(rows.len(), items.len());
        for (row, item) in rows.iter().zip(&items) {
            prop_assert_eq!(row.id, item.id);
            prop_assert_eq!(&row.title, &item.title);
            prop_assert_eq!(&row.promise, &item.promise);
            if let Some(figure) = &item.figure {
                prop_assert_eq!(&row.actual, &figure.text);
            }
        }
    }

    #[test]
    fn every_open_commitment_is_a_problem_with_someone_who_answers(told in any_snapshot()) {
        let drafted = blocks(&told);
        let open: Vec<&Item> = told.items().filter(|i| i.promised() && i.state.is_open()).collect();
        let problems: Vec<&Block> = drafted.iter().filter(|b| b.anchor.starts_with("problem:")).collect();
        prop_assert_eq!(problems.len(), open.len());
        for (block, item) in problems.iter().zip(open) {
            prop_assert_eq!(&block.anchor, &format!("problem:{}", item.id));
            let Body::Text(text) = &block.body else { panic!("a problem is a text") };
            prop_assert!(text.contains("责任：教务处（王某）"));
        }
    }

    #[test]
    fn the_counts_add_up_and_are_the_same_every_time(told in any_snapshot()) {
        let counts = Counts::of(told.items());
        let sum: usize = State::ALL.iter().map(|s| counts.state(s.0)).sum();
        prop_assert_eq!(sum, counts.all);
        let drafted = blocks(&told);
        let Body::Text(intro) = &drafted[1].body else { panic!("the second block is the opening") };
        for (state, _, _) in State::ALL.iter().filter(|s| counts.state(s.0) > 0) {
            let href = format!("state={}", state.code());
            let label = format!("{}项", counts.state(*state));
            let linked = markup::pieces(intro)
                .iter()
                .any(|p| matches!(p, Piece::Link(l, h) if *l == label && h.ends_with(&href)));
            prop_assert!(linked, "{} {}", label, href);
        }
        prop_assert_eq!(&drafted, &blocks(&told));
        let mut anchors: Vec<&str> = drafted.iter().map(|b| b.anchor.as_str()).collect();
        anchors.sort();
        anchors.dedup();
        prop_assert_eq!(anchors.len(), drafted.len());
    }
}
