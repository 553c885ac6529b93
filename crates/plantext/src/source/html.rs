//! HTML into text: block tags become lines, cells are joined by `|`, scripts and styles vanish.

/// Tags that end a line.
const BLOCKS: &[&str] = &[
    "p",
    "div",
    "br",
    "li",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "tr",
    "table",
    "section",
    "article",
    "header",
    "footer",
    "blockquote",
    "pre",
    "dt",
    "dd",
    "title",
    "hr",
    "body",
    "tbody",
    "thead",
];

/// The text of a page; tolerant of anything.
pub fn text(html: &str) -> String {
    let mut out = String::with_capacity(html.len() / 2);
    let mut rest = html;
    let mut cells = 0;
    while let Some(open) = rest.find(['<', '&', '\n', '\r', '\t', ' ']) {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        if let Some(after) = rest.strip_prefix('&') {
            let (c, used) = entity(after);
            out.push_str(&c);
            rest = &after[used..];
        } else if let Some(after) = rest.strip_prefix('<') {
            if after.starts_with("!--") {
                rest = after.find("-->").map_or("", |end| &after[end + 3..]);
                continue;
            }
            if !after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!') {
                out.push('<');
                rest = after;
                continue;
            }
            let end = after.find('>').unwrap_or(after.len());
            let tag = &after[..end];
            rest = after.get(end + 1..).unwrap_or("");
            let closing = tag.starts_with('/');
            let name: String = tag
                .trim_start_matches('/')
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric())
                .map(|c| c.to_ascii_lowercase())
                .collect();
            if !closing
                && matches!(name.as_str(), "script" | "style" | "head" | "noscript")
                && !tag.ends_with('/')
            {
                rest = skip(rest, &name);
            } else if matches!(name.as_str(), "td" | "th") {
                if !closing {
                    if cells > 0 {
                        out.push_str(" | ");
                    }
                    cells += 1;
                }
            } else if BLOCKS.contains(&name.as_str()) {
                if name == "tr" {
                    cells = 0;
                }
                // Paragraphs inside a cell do not break the row.
                if cells == 0 || name == "tr" {
                    line(&mut out);
                } else if !closing && !out.ends_with([' ', '\n']) {
                    out.push_str(if out.ends_with(|c: char| c.is_alphanumeric()) {
                        "； "
                    } else {
                        " "
                    });
                }
                if name == "table" || closing && name == "tr" {
                    cells = 0;
                }
            }
        } else {
            if !out.ends_with([' ', '\n']) && !out.is_empty() {
                out.push(' ');
            }
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

fn line(out: &mut String) {
    while out.ends_with(' ') {
        out.pop();
    }
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

/// Past the closing tag of `name`; `head` keeps nothing, its title included.
fn skip<'a>(rest: &'a str, name: &str) -> &'a str {
    let bytes = rest.as_bytes();
    let wanted = name.as_bytes();
    let mut at = 0;
    while let Some(found) = rest[at..].find("</") {
        let start = at + found + 2;
        if bytes
            .get(start..start + wanted.len())
            .is_some_and(|b| b.eq_ignore_ascii_case(wanted))
        {
            return rest[start..].find('>').map_or("", |end| &rest[start + end + 1..]);
        }
        at = start;
    }
    ""
}

/// An entity after `&`: its text and how many bytes it took.
fn entity(after: &str) -> (String, usize) {
    let end = after.bytes().take(12).position(|b| b == b';');
    let Some(end) = end else { return ("&".into(), 0) };
    let name = &after[..end];
    let text = match name {
        "nbsp" | "ensp" | "emsp" | "thinsp" => " ",
        "lt" => "<",
        "gt" => ">",
        "amp" => "&",
        "quot" => "\"",
        "apos" => "'",
        "ldquo" => "“",
        "rdquo" => "”",
        "lsquo" => "‘",
        "rsquo" => "’",
        "mdash" => "—",
        "ndash" => "–",
        "hellip" => "…",
        "middot" => "·",
        "bull" => "•",
        "times" => "×",
        "ge" => "≥",
        "le" => "≤",
        "permil" => "‰",
        "deg" => "°",
        "copy" => "©",
        _ => {
            let code = name
                .strip_prefix('#')
                .and_then(|n| match n.strip_prefix(['x', 'X']) {
                    Some(hex) => u32::from_str_radix(hex, 16).ok(),
                    None => n.parse().ok(),
                });
            return match code.and_then(char::from_u32) {
                Some(c) => (c.to_string(), end + 1),
                None => ("&".into(), 0),
            };
        }
    };
    (text.into(), end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_cells_entities_and_scripts() {
        let page = "<html><head><title>x</title></head><body><h1>工作计划</h1><script>var a='<p>';</script>\
            <p>一、目标&nbsp;&ge;95%</p><table><tr><td><p>3月</p></td><td>开学&#x5178;礼</td></tr></table></body></html>";
        assert_eq!(text(page), "工作计划\n一、目标 ≥95%\n3月 | 开学典礼\n");
    }

    #[test]
    fn broken_markup_is_text() {
        assert_eq!(text("a<b 3<5 &bogus; <p>尾"), "a尾");
        assert_eq!(text("<p>甲<p>乙"), "甲\n乙");
        assert_eq!(text("3 < 5 &"), "3 < 5 &");
    }
}
