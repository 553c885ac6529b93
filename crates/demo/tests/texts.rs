//! Texts for records and the plan.

use std::collections::BTreeSet;

use calendar::{DayTable, Half, SchoolYear, Term};
use demo::{Generator, Texts, plan_text};

/// Deals per pool before a template may come again.
const POOL: usize = 25;

type Dealer = fn(&mut Texts) -> String;

const DEALERS: [(&str, Dealer); 16] = [
    ("hazard", |texts| {
        let hazard = texts.hazard();
        format!("{}|{}|{}", hazard.area, hazard.finding, hazard.measure)
    }),
    ("accident", |texts| {
        let accident = texts.accident();
        format!("{}|{}|{}", accident.place, accident.course, accident.handling)
    }),
    ("safety topic", Texts::safety_topic),
    ("safety reminder", Texts::safety_reminder),
    ("drill", Texts::drill),
    ("home visit", Texts::home_visit),
    ("moral activity", Texts::moral_activity),
    ("conduct note", Texts::conduct_note),
    ("contest", Texts::contest),
    ("research theme", Texts::research_theme),
    ("observation", Texts::observation),
    ("training note", Texts::training_note),
    ("document received", Texts::document_received),
    ("document sent", Texts::document_sent),
    ("meeting topic", Texts::meeting_topic),
    ("source school", Texts::source_school),
];

#[test]
fn every_slot_is_filled_and_no_template_returns_early() {
    for (name, deal) in DEALERS {
        let mut texts = Generator::new(11).texts();
        let dealt: Vec<String> = (0..200).map(|_| deal(&mut texts)).collect();
        for text in &dealt {
            assert!(
                !text.is_empty() && !text.contains(['{', '}', '\n']),
                "{name}: {text}"
            );
        }
        let first: BTreeSet<&String> = dealt[..POOL].iter().collect();
        assert_eq!(first.len(), POOL, "{name} repeats itself");
    }
}

#[test]
fn a_slot_has_one_value_in_a_record() {
    let mut texts = Generator::new(5).texts();
    for _ in 0..300 {
        let visit = texts.home_visit();
        let guardians = ["父母双方", "祖父母", "父亲", "母亲"];
        let named = guardians
            .iter()
            .filter(|guardian| visit.contains(**guardian))
            .count();
        assert!(named <= 1, "{visit}");
    }
}

#[test]
fn texts_follow_the_seed() {
    let deal = |seed| {
        let mut texts = Generator::new(seed).texts();
        (0..40).map(|_| texts.home_visit()).collect::<Vec<_>>()
    };
    assert_eq!(deal(1), deal(1));
    assert_ne!(deal(1), deal(2));
}

#[test]
fn the_plan_is_complete_for_both_terms() {
    let days = DayTable::builtin();
    let autumn = plan_text(&Term::standard(SchoolYear(2026), Half::Autumn, &days));
    assert!(autumn.starts_with("明德职业中等专业学校2026-2027学年第一学期工作计划\n"));
    assert!(autumn.contains("毕业年级学生中级工通过率达到95%以上"));
    assert!(autumn.contains("11月中旬完成期中教学检查"));
    let spring = plan_text(&Term::standard(SchoolYear(2026), Half::Spring, &days));
    assert!(spring.contains("5月中旬完成期中教学检查"));
    for text in [&autumn, &spring] {
        assert!(!text.contains(['{', '}']), "a placeholder is left");
        let duties = text.matches('每').count();
        let rates = text.matches('%').count();
        assert!(duties >= 16 && rates >= 16, "{duties} cadences, {rates} rates");
    }
}
