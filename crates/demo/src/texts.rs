//! Words for the fields of records: pools of templates with slots, dealt like cards so that none comes twice before
//! all have come once.

mod fill;
mod governance;
mod safety;
mod slots;
mod students;
mod teaching;

use std::collections::BTreeMap;

use crate::places;
use crate::rng::Rng;
use fill::Fill;

/// A hazard found on an inspection (隐患).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HazardText {
    /// Where (区域).
    pub area: String,
    /// What was found (问题描述).
    pub finding: String,
    /// What is to be done (整改措施).
    pub measure: String,
    /// Whether it is more than an everyday one (较大 rather than 一般).
    pub serious: bool,
}

/// An accident to a student (学生伤害事故).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accident {
    /// Where.
    pub place: String,
    /// What happened.
    pub course: String,
    /// What was done.
    pub handling: String,
}

/// Deals texts; made by [`crate::Generator::texts`].
#[derive(Debug, Clone)]
pub struct Texts {
    rng: Rng,
    decks: BTreeMap<&'static str, Vec<usize>>,
}

impl Texts {
    pub(crate) fn new(rng: Rng) -> Self {
        Self {
            rng,
            decks: BTreeMap::new(),
        }
    }

    /// A hazard: area, finding, measure.
    pub fn hazard(&mut self) -> HazardText {
        let (area, finding, measure, serious) = *self.deal("hazard", safety::HAZARDS);
        let mut fill = Fill::new(&mut self.rng);
        HazardText {
            area: fill.render(area),
            finding: fill.render(finding),
            measure: fill.render(measure),
            serious,
        }
    }

    /// Topic of the weekly special safety lesson (安全专题教育).
    pub fn safety_topic(&mut self) -> String {
        self.text("safety_topic", safety::TOPICS)
    }

    /// Content of a regular safety reminder (安全常规教育).
    pub fn safety_reminder(&mut self) -> String {
        self.text("safety_reminder", safety::REMINDERS)
    }

    /// An emergency drill (应急演练).
    pub fn drill(&mut self) -> String {
        self.text("drill", safety::DRILLS)
    }

    /// An accident to a student.
    pub fn accident(&mut self) -> Accident {
        let (place, course, handling) = *self.deal("accident", safety::ACCIDENTS);
        let mut fill = Fill::new(&mut self.rng);
        Accident {
            place: fill.render(place),
            course: fill.render(course),
            handling: fill.render(handling),
        }
    }

    /// Summary of a home visit (家访记录).
    pub fn home_visit(&mut self) -> String {
        self.text("home_visit", students::HOME_VISITS)
    }

    /// A moral-education activity (德育活动, 主题班会).
    pub fn moral_activity(&mut self) -> String {
        self.text("moral_activity", students::MORAL_ACTIVITIES)
    }

    /// A student's breach of the rules or good deed, as a line of the class ledger (德育量化).
    pub fn conduct_note(&mut self) -> String {
        self.text("conduct_note", students::CONDUCT_NOTES)
    }

    /// Name of a skills contest or event (竞赛项目).
    pub fn contest(&mut self) -> String {
        self.text("contest", teaching::CONTESTS)
    }

    /// Theme of a teaching-research activity (教研主题).
    pub fn research_theme(&mut self) -> String {
        self.text("research_theme", teaching::RESEARCH_THEMES)
    }

    /// Remark of a lesson observation (听课意见).
    pub fn observation(&mut self) -> String {
        self.text("observation", teaching::OBSERVATIONS)
    }

    /// Line of a training-room log (实训记录).
    pub fn training_note(&mut self) -> String {
        self.text("training_note", teaching::TRAINING_NOTES)
    }

    /// Title of an official document (公文标题) that comes in from above.
    pub fn document_received(&mut self) -> String {
        self.text("document_received", governance::RECEIVED)
    }

    /// Title of an official document the school sends.
    pub fn document_sent(&mut self) -> String {
        self.text("document_sent", governance::SENT)
    }

    /// Subject of a meeting or a decision (会议议题).
    pub fn meeting_topic(&mut self) -> String {
        self.text("meeting_topic", governance::MEETINGS)
    }

    /// A middle school students come from (生源学校).
    pub fn source_school(&mut self) -> String {
        (*self.deal("source_school", places::SOURCE_SCHOOLS)).to_owned()
    }

    fn text(&mut self, deck: &'static str, pool: &'static [&'static str]) -> String {
        let template = *self.deal(deck, pool);
        Fill::new(&mut self.rng).render(template)
    }

    /// The next card of a deck, shuffled anew when all are dealt.
    fn deal<T>(&mut self, deck: &'static str, pool: &'static [T]) -> &'static T {
        let cards = self.decks.entry(deck).or_default();
        if cards.is_empty() {
            cards.extend(0..pool.len());
            self.rng.shuffle(cards);
        }
        let card = cards.pop().unwrap_or_default();
        &pool[card]
    }
}
