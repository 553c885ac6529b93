//! A normalised view of the text (规范化视图) with a map back to the original code points.
//!
//! Full-width digits and letters become ASCII; commas, colons, dashes and brackets become one form
//! each; spaces, BOM, carriage returns and zero-width characters vanish, remembered only as a gap
//! before the next character. Line feeds stay. Every rule works on the view; every offset leaves
//! through [`View::span`].

/// The normalised characters of a text and where each came from.
pub struct View {
    /// Normalised characters.
    pub ch: Vec<char>,
    /// Original code point index of each.
    at: Vec<u32>,
    /// Whether white space stood before it on the same line.
    gap: Vec<bool>,
    /// The original code points.
    original: Vec<char>,
}

impl View {
    /// Normalises `text`.
    pub fn new(text: &str) -> Self {
        let original: Vec<char> = text.chars().collect();
        let mut view = Self {
            ch: Vec::with_capacity(original.len()),
            at: Vec::with_capacity(original.len()),
            gap: Vec::with_capacity(original.len()),
            original: Vec::new(),
        };
        let mut space = false;
        for (i, &c) in original.iter().enumerate() {
            match normal(c) {
                Some(n) => {
                    view.ch.push(n);
                    view.at.push(i as u32);
                    view.gap.push(space);
                    space = false;
                }
                None => space |= c != '\r' && c != '\u{feff}',
            }
        }
        view.original = original;
        view
    }

    /// How many characters the view has.
    pub fn len(&self) -> usize {
        self.ch.len()
    }

    /// The character at `i`, or NUL outside.
    pub fn c(&self, i: usize) -> char {
        self.ch.get(i).copied().unwrap_or('\0')
    }

    /// The character before `i`, or NUL.
    pub fn before(&self, i: usize) -> char {
        if i == 0 { '\0' } else { self.c(i - 1) }
    }

    /// Whether white space stood before `i`.
    pub fn gap(&self, i: usize) -> bool {
        self.gap.get(i).copied().unwrap_or(false)
    }

    /// The original character behind `i`.
    pub fn raw(&self, i: usize) -> char {
        self.at.get(i).map_or('\0', |&at| self.original[at as usize])
    }

    /// Whether `word` stands at `i`.
    pub fn starts(&self, i: usize, word: &str) -> bool {
        let mut at = self.ch.get(i..).unwrap_or(&[]).iter();
        word.chars().all(|w| at.next() == Some(&w))
    }

    /// Whether `word` ends just before `i`.
    pub fn ends(&self, i: usize, word: &str) -> bool {
        let n = word.chars().count();
        i >= n && self.starts(i - n, word)
    }

    /// The length of the longest of `words` standing at `i`.
    pub fn any_at(&self, i: usize, words: &[&str]) -> Option<usize> {
        words
            .iter()
            .filter(|w| self.starts(i, w))
            .map(|w| w.chars().count())
            .max()
    }

    /// The length of the longest of `words` ending just before `i`.
    pub fn any_before(&self, i: usize, words: &[&str]) -> Option<usize> {
        words
            .iter()
            .filter(|w| self.ends(i, w))
            .map(|w| w.chars().count())
            .max()
    }

    /// First index in `from..to` whose character satisfies `stop`, else `to`.
    pub fn find(&self, from: usize, to: usize, stop: impl Fn(char) -> bool) -> usize {
        let to = to.min(self.len());
        (from..to).find(|&i| stop(self.ch[i])).unwrap_or(to.max(from))
    }

    /// Where `word` first stands inside `from..to`.
    pub fn seek(&self, from: usize, to: usize, word: &str) -> Option<usize> {
        let n = word.chars().count();
        let to = to.min(self.len());
        (from..(to + 1).saturating_sub(n)).find(|&i| self.starts(i, word))
    }

    /// The original offsets of the view range `start..end` (must not be empty).
    pub fn span(&self, start: usize, end: usize) -> (usize, usize) {
        let (s, e) = (start.min(self.len() - 1), end.clamp(start + 1, self.len()));
        (self.at[s] as usize, self.at[e - 1] as usize + 1)
    }

    /// The original text of a view range.
    pub fn quote(&self, start: usize, end: usize) -> String {
        if start >= end || start >= self.len() {
            return String::new();
        }
        let (s, e) = self.span(start, end);
        self.original[s..e].iter().collect()
    }

    /// The normalised text of a view range.
    pub fn text(&self, start: usize, end: usize) -> String {
        let end = end.min(self.len());
        if start >= end {
            String::new()
        } else {
            self.ch[start..end].iter().collect()
        }
    }
}

/// The normal form of one character; `None` drops it.
fn normal(c: char) -> Option<char> {
    Some(match c {
        '\n' => '\n',
        '\t' => '|',
        ' '
        | '\r'
        | '\u{a0}'
        | '\u{3000}'
        | '\u{feff}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{2002}'..='\u{200a}'
        | '\u{b}'
        | '\u{c}'
        | '\0' => return None,
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '％' | '﹪' => '%',
        ',' | '﹐' => '，',
        ';' | '﹔' => '；',
        ':' | '﹕' | '∶' => '：',
        '(' | '﹙' | '〈' => '（',
        ')' | '﹚' | '〉' => '）',
        '［' => '[',
        '］' => ']',
        '．' | '﹒' => '.',
        '!' => '！',
        '?' => '？',
        '｡' => '。',
        '､' => '、',
        '~' | '～' | '〜' | '∼' => '~',
        '-' | '－' | '—' | '–' | '―' | '‐' | '‑' | '─' | '−' => '-',
        '＋' => '+',
        '／' => '/',
        '｜' | '│' | '┃' => '|',
        '○' | '〇' => '〇',
        '≧' | '⩾' => '≥',
        '≦' | '⩽' => '≤',
        '＞' => '>',
        '＜' => '<',
        '「' | '『' => '“',
        '」' | '』' => '”',
        _ => c,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_and_spaces_are_normalised_with_offsets_kept() {
        let view = View::new("\u{feff}录取率 ９５％，\r\n听课");
        assert_eq!(view.text(0, view.len()), "录取率95%，\n听课");
        assert!(view.gap(3) && !view.gap(4));
        let at = view.seek(0, view.len(), "95%").unwrap();
        assert_eq!(view.quote(at, at + 3), "９５％");
        assert_eq!(view.span(at, at + 3), (5, 8));
    }
}
