//! What the search box finds: Chinese text, and pinyin initials of it.
use pinyin::ToPinyin;

/// Surnames whose reading differs from the character's common one (GB surnames with polyphones).
const SURNAMES: [(char, char); 20] = [
    ('曾', 'z'),
    ('单', 's'),
    ('解', 'x'),
    ('仇', 'q'),
    ('区', 'o'),
    ('查', 'z'),
    ('盖', 'g'),
    ('翟', 'z'),
    ('尉', 'y'),
    ('缪', 'm'),
    ('朴', 'p'),
    ('覃', 'q'),
    ('召', 's'),
    ('乐', 'y'),
    ('员', 'y'),
    ('晁', 'c'),
    ('种', 'c'),
    ('折', 's'),
    ('车', 'c'),
    ('纪', 'j'),
];

/// Common words whose first letters the single-character table gets wrong.
const WORDS: [(&str, &str); 6] = [
    ("重庆", "cq"),
    ("银行", "yh"),
    ("会计", "kj"),
    ("音乐", "yy"),
    ("重修", "cx"),
    ("长安", "ca"),
];

/// Pinyin initials in lower case, one letter a character; Latin letters and digits stay, all else is dropped.
pub fn initials(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    let mut first = true;
    while let Some(c) = rest.chars().next() {
        if let Some((word, letters)) = WORDS.iter().find(|(word, _)| rest.starts_with(word)) {
            out.push_str(letters);
            rest = &rest[word.len()..];
            first = false;
            continue;
        }
        let surname = first.then(|| SURNAMES.iter().find(|(s, _)| *s == c)).flatten();
        if let Some((_, letter)) = surname {
            out.push(*letter);
        } else if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if let Some(sound) = c.to_pinyin() {
            out.extend(sound.first_letter().chars().next());
        }
        first = !c.is_alphanumeric();
        rest = &rest[c.len_utf8()..];
    }
    out
}

/// The text a record is searched by: each part as written and by initials.
pub fn text_of<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut out = String::new();
    for part in parts.into_iter().filter(|p| !p.is_empty()) {
        out.push_str(&part.to_lowercase());
        out.push(' ');
        let short: String = part.chars().take(40).collect();
        let letters = initials(&short);
        if !letters.is_empty() && !part.eq_ignore_ascii_case(&letters) {
            out.push_str(&letters);
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_know_surnames_and_words() {
        assert_eq!(initials("曾小贤"), "zxx");
        assert_eq!(initials("张伟"), "zw");
        assert_eq!(initials("会计1班"), "kj1b");
        assert_eq!(initials("2024级机电1班"), "2024jjd1b");
    }

    #[test]
    fn both_forms_are_found() {
        assert_eq!(text_of(["单晓 T001", ""]), "单晓 t001 sxt001");
    }
}
