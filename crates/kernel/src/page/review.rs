//! The review of a plan: its text on the left with what was found marked, the findings on the right.

use maud::{Markup, html};

/// What a marked place of a plan is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// 指标
    Target,
    /// 例行
    Duty,
    /// 任务
    Task,
}

impl MarkKind {
    /// All kinds, in the order the page offers them.
    pub const ALL: [MarkKind; 3] = [MarkKind::Target, MarkKind::Duty, MarkKind::Task];

    /// The value posted as `kind`.
    pub fn code(self) -> &'static str {
        match self {
            MarkKind::Target => "target",
            MarkKind::Duty => "duty",
            MarkKind::Task => "task",
        }
    }

    /// The word people see.
    pub fn label(self) -> &'static str {
        match self {
            MarkKind::Target => "指标",
            MarkKind::Duty => "例行",
            MarkKind::Task => "任务",
        }
    }

    fn class(self) -> &'static str {
        match self {
            MarkKind::Target => "c-target",
            MarkKind::Duty => "c-duty",
            MarkKind::Task => "c-task",
        }
    }
}

/// Whether a person has decided about a marked place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MarkState {
    #[default]
    Open,
    Confirmed,
    Dropped,
}

/// A marked place: characters (Unicode code points) `start..end` of the whole text.
#[derive(Clone, Copy, Debug)]
pub struct Mark<'a> {
    /// The finding's id; its card is [`review_card`] with the same one.
    pub id: &'a str,
    pub start: usize,
    pub end: usize,
    pub kind: MarkKind,
    pub state: MarkState,
}

/// The text of a plan, a paragraph per line, with its marks.
///
/// `headings` gives the level (1 outermost) of the lines that start at these characters. Marks are in
/// order of `start`; where two overlap the second begins after the first. Every piece of text carries
/// its place as `data-offset`, from which the page computes what a person selects.
pub fn plan_text(text: &str, headings: &[(usize, u8)], marks: &[Mark<'_>]) -> Markup {
    let chars: Vec<char> = text.chars().collect();
    let stretches = stretches(&chars, marks);
    let lines = chars.split(|&c| c == '\n').scan(0, |next, line| {
        let start = *next;
        *next += line.len() + 1;
        Some((start, line))
    });
    html! {
        div.plan-text {
            @for (start, line) in lines {
                @if !line.is_empty() {
                    @let level = headings.iter().find(|(at, _)| *at == start).map(|&(_, level)| level.clamp(1, 4));
                    p class=[level.map(|level| format!("level-{level}"))] { (line_pieces(start, line, &stretches)) }
                }
            }
        }
    }
}

/// A mark with the characters it really covers: after the mark before it, beginning on a line.
struct Stretch<'a> {
    start: usize,
    end: usize,
    mark: &'a Mark<'a>,
}

fn stretches<'a>(chars: &[char], marks: &'a [Mark<'a>]) -> Vec<Stretch<'a>> {
    let mut free = 0;
    let mut found = Vec::with_capacity(marks.len());
    for mark in marks {
        let end = mark.end.min(chars.len());
        let mut start = mark.start.max(free);
        while start < end && chars[start] == '\n' {
            start += 1;
        }
        if start < end {
            found.push(Stretch { start, end, mark });
            free = end;
        }
    }
    found
}

/// One line cut at its marks.
fn line_pieces(line_start: usize, line: &[char], stretches: &[Stretch<'_>]) -> Markup {
    let line_end = line_start + line.len();
    let slice = |from: usize, to: usize| {
        line[from - line_start..to - line_start]
            .iter()
            .collect::<String>()
    };
    let mut pieces: Vec<(usize, usize, Option<&Stretch<'_>>)> = Vec::new();
    let mut at = line_start;
    for stretch in stretches
        .iter()
        .filter(|stretch| stretch.start < line_end && stretch.end > line_start)
    {
        let from = stretch.start.max(line_start);
        let to = stretch.end.min(line_end);
        if at < from {
            pieces.push((at, from, None));
        }
        pieces.push((from, to, Some(stretch)));
        at = to;
    }
    if at < line_end {
        pieces.push((at, line_end, None));
    }
    html! {
        @for (from, to, stretch) in pieces {
            @match stretch {
                None => span data-offset=(from) { (slice(from, to)) },
                Some(stretch) => (mark_piece(from, stretch, &slice(from, to))),
            }
        }
    }
}

/// The part of a mark on one line; the first part carries the id and can be reached by the keyboard.
fn mark_piece(from: usize, stretch: &Stretch<'_>, words: &str) -> Markup {
    let mark = stretch.mark;
    let first = from == stretch.start;
    html! {
        mark.(mark.kind.class()).(state_class(mark.state)) id=[first.then(|| format!("mark-{}", mark.id))]
            data-offset=(from) data-card={ "card-" (mark.id) } tabindex=[first.then_some("0")]
            title=(mark.kind.label()) { (words) }
    }
}

fn state_class(state: MarkState) -> &'static str {
    match state {
        MarkState::Open => "open",
        MarkState::Confirmed => "confirmed",
        MarkState::Dropped => "dropped",
    }
}

/// The card of one finding in the right list; pointing at its mark scrolls here and back.
pub fn review_card(id: &str, kind: MarkKind, state: MarkState, body: Markup) -> Markup {
    html! {
        article.review-card.(kind.class()).(state_class(state)) id={ "card-" (id) } data-mark={ "mark-" (id) } tabindex="-1" {
            (body)
        }
    }
}

/// The two sides of a review.
#[derive(Clone, Debug, Default)]
pub struct Review<'a> {
    /// The id of the whole view: what adding a mark replaces by the same element of the answer.
    pub id: &'a str,
    /// Posting `start`, `end` (characters) and `kind` here adds a finding; `None` makes it read-only.
    pub add: Option<&'a str>,
    pub text_title: &'a str,
    pub text: Markup,
    pub cards_title: &'a str,
    pub cards: Markup,
}

/// The split view; on a phone its sides become two tabs. Adding by selection needs JavaScript.
pub fn review(view: &Review<'_>) -> Markup {
    let text_tab = format!("{}-tab-text", view.id);
    let cards_tab = format!("{}-tab-cards", view.id);
    let target = format!("#{}", view.id);
    html! {
        div.review id=(view.id) data-review="" {
            input.sr.tab-text id=(text_tab) type="radio" name={ (view.id) "-tab" } checked autocomplete="off";
            input.sr.tab-cards id=(cards_tab) type="radio" name={ (view.id) "-tab" } autocomplete="off";
            div.review-tabs {
                label for=(text_tab) { (view.text_title) }
                label for=(cards_tab) { (view.cards_title) }
            }
            section.review-text aria-label=(view.text_title) {
                h2 { (view.text_title) }
                (view.text)
            }
            section.review-cards aria-label=(view.cards_title) {
                h2 { (view.cards_title) }
                (view.cards)
            }
            @if let Some(action) = view.add {
                form.pick method="post" action=(action) hx-post=(action) hx-target=(target) hx-select=(target)
                    hx-swap="outerHTML" hidden {
                    input type="hidden" name="start";
                    input type="hidden" name="end";
                    span { "添加为" }
                    @for kind in MarkKind::ALL {
                        button.(kind.class()) type="submit" name="kind" value=(kind.code()) { (kind.label()) }
                    }
                }
            }
        }
    }
}
