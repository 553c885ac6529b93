//! Text with figures that are links: `[[62.5%|/board/…]]` as kept, `[[62.5%|3]]` as people edit it, `62.5%` on paper.
use maud::{Markup, html};

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Words as they are.
    Words(&'a str),
    /// A figure and the address behind it.
    Link(&'a str, &'a str),
}

/// A figure with the address behind it, as text.
pub fn link(label: &str, href: &str) -> String {
    format!("[[{label}|{href}]]")
}

/// Whether the address is one of our own: never a script and never another host.
fn own(href: &str) -> bool {
    let inside = href.starts_with('#') || (href.starts_with('/') && !href.starts_with("//"));
    inside && !href.contains(['\\', '\n', '[', ']', '|'])
}

/// The next `[[label|target]]`: where it begins and ends, label and target.
fn next(text: &str) -> Option<(usize, usize, &str, &str)> {
    let mut from = 0;
    while let Some(open) = text[from..].find("[[").map(|at| from + at) {
        let inner = &text[open + 2..];
        let close = inner.find("]]")?;
        let inside = &inner[..close];
        match inside.split_once('|') {
            Some((label, target)) if !label.is_empty() && !label.contains("[[") && !label.contains('\n') => {
                return Some((open, open + 2 + close + 2, label, target));
            }
            _ => from = open + 1,
        }
    }
    None
}

/// Cuts a text into words and links; what only looks like a link stays words.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = vec![];
    let (mut words, mut at) = (0, 0);
    while let Some((start, end, label, href)) = next(&text[at..]) {
        if own(href) {
            if words < at + start {
                found.push(Piece::Words(&text[words..at + start]));
            }
            found.push(Piece::Link(label, href));
            words = at + end;
        }
        at += end;
    }
    if words < text.len() {
        found.push(Piece::Words(&text[words..]));
    }
    found
}

/// The text on paper.
pub fn plain(text: &str) -> String {
    pieces(text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Words(words) | Piece::Link(words, _) => words,
        })
        .collect()
}

/// The text on the page.
pub fn linked(text: &str) -> Markup {
    html! {
        @for piece in pieces(text) {
            @match piece {
                Piece::Words(words) => (words),
                Piece::Link(label, href) => a href=(href) { (label) },
            }
        }
    }
}

/// The text for editing: addresses become the number of the link in the text.
pub fn readable(text: &str) -> String {
    let mut number = 0;
    pieces(text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Words(words) => words.to_owned(),
            Piece::Link(label, _) => {
                number += 1;
                link(label, &number.to_string())
            }
        })
        .collect()
}

/// Reads [`readable`] text back: numbers become the addresses they stood for in `before`; unknown ones lose their link.
pub fn restore(edited: &str, before: &str) -> String {
    let known: Vec<&str> = pieces(before)
        .into_iter()
        .filter_map(|piece| match piece {
            Piece::Link(_, href) => Some(href),
            Piece::Words(_) => None,
        })
        .collect();
    let mut text = String::new();
    let mut rest = edited;
    while let Some((start, end, label, target)) = next(rest) {
        text.push_str(&rest[..start]);
        let href = match target.trim().parse::<usize>() {
            Ok(number) => number.checked_sub(1).and_then(|at| known.get(at)).copied(),
            Err(_) => Some(target).filter(|target| own(target)),
        };
        match href {
            Some(href) => text.push_str(&link(label, href)),
            None => text.push_str(label),
        }
        rest = &rest[end..];
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "整改率为[[98%（49/50）|/r/hazard?f.state=x]]，应办[[3次|/board/1]]、已办[[3次|/board/2]]。";

    #[test]
    fn a_link_is_plain_on_paper_and_an_anchor_on_the_page() {
        assert_eq!(plain(TEXT), "整改率为98%（49/50），应办3次、已办3次。");
        let page = linked(TEXT).into_string();
        assert!(page.contains(r#"<a href="/r/hazard?f.state=x">98%（49/50）</a>"#));
        assert_eq!(page.matches("<a ").count(), 3);
    }

    #[test]
    fn editing_keeps_every_address() {
        let shown = readable(TEXT);
        assert_eq!(
            shown,
            "整改率为[[98%（49/50）|1]]，应办[[3次|2]]、已办[[3次|3]]。"
        );
        assert_eq!(restore(&shown, TEXT), TEXT);
        let cut = shown.replace("应办[[3次|2]]、", "");
        assert_eq!(restore(&cut, TEXT).matches("/board/2").count(), 1);
        assert!(!restore(&cut, TEXT).contains("/board/1"));
    }

    #[test]
    fn only_our_own_addresses_are_links() {
        for text in [
            "[[a|javascript:alert(1)]]",
            "[[a|//else.where/x]]",
            "[[a|https://else.where]]",
            "[[a|/x\\y]]",
        ] {
            assert!(!linked(text).into_string().contains("<a "), "{text}");
            assert_eq!(restore(text, ""), "a");
        }
        assert_eq!(restore("[[改成90%|9]]", TEXT), "改成90%");
    }

    #[test]
    fn brackets_that_are_no_link_stay_as_they_are() {
        for text in ["[[", "[[x]]", "a]]b[[c", "[[|/x]]", "【[注]】", "[[a[[b|/c]]"] {
            let words = plain(text);
            assert!(
                text == words || text == "[[a[[b|/c]]" && words == "[[ab",
                "{text} → {words}"
            );
        }
    }

    #[test]
    fn a_script_in_a_label_is_escaped() {
        assert!(!linked("[[<script>|/x]]").into_string().contains("<script>"));
    }
}
