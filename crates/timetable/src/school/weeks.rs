//! Teaching weeks as a set: ranges, odd and even weeks.

use std::fmt;

/// A set of teaching weeks 1 to 32.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct WeekSet(pub u32);

impl WeekSet {
    /// Weeks `first` to `last`, both included.
    pub fn range(first: u32, last: u32) -> Self {
        WeekSet((first.max(1)..=last.min(32)).fold(0, |set, w| set | 1 << (w - 1)))
    }

    /// Only the odd weeks (单周).
    pub fn odd(self) -> Self {
        WeekSet(self.0 & 0x5555_5555)
    }

    /// Only the even weeks (双周).
    pub fn even(self) -> Self {
        WeekSet(self.0 & 0xAAAA_AAAA)
    }

    /// Without the weeks of `other`.
    pub fn without(self, other: WeekSet) -> Self {
        WeekSet(self.0 & !other.0)
    }

    /// Weeks in both.
    pub fn and(self, other: WeekSet) -> Self {
        WeekSet(self.0 & other.0)
    }

    /// Is week `week` in the set?
    pub fn has(self, week: u32) -> bool {
        (1..=32).contains(&week) && self.0 >> (week - 1) & 1 == 1
    }

    /// Number of weeks.
    pub fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// No week at all?
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Reads what people write: `1-18`, `1-17单`, `2-18双周`, `1-9,12-18`, `3`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut set = WeekSet::default();
        let text = text.trim().trim_start_matches('第');
        for part in text.split([',', '，', '、']).map(str::trim) {
            let plain = part.trim_end_matches(['周', ')', '）']);
            let (range, keep): (&str, fn(WeekSet) -> WeekSet) = match plain.strip_suffix('单') {
                Some(rest) => (rest, WeekSet::odd),
                None => match plain.strip_suffix('双') {
                    Some(rest) => (rest, WeekSet::even),
                    None => (plain, |s| s),
                },
            };
            let range = range.trim_end_matches(['周', '(', '（']);
            let (first, last) = range
                .split_once(['-', '–', '~', '～', '至'])
                .unwrap_or((range, range));
            let number = |s: &str| match s.trim().parse::<u32>() {
                Ok(n) if (1..=32).contains(&n) => Ok(n),
                _ => Err(format!(
                    "周次“{part}”看不懂：应写成如 1-18、1-17单、2-18双，周数在 1 到 32 之间"
                )),
            };
            let (first, last) = (number(first)?, number(last)?);
            if first > last {
                return Err(format!("周次“{part}”起始大于结束"));
            }
            set.0 |= keep(WeekSet::range(first, last)).0;
        }
        Ok(set)
    }
}

impl fmt::Display for WeekSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("无");
        }
        let (first, last) = (self.0.trailing_zeros() + 1, 32 - self.0.leading_zeros());
        let whole = WeekSet::range(first, last);
        if self.len() > 1 && *self != whole {
            if *self == whole.odd() {
                return write!(f, "{first}-{last}单周");
            }
            if *self == whole.even() {
                return write!(f, "{first}-{last}双周");
            }
        }
        let mut parts = Vec::new();
        let mut week = first;
        while week <= last {
            if !self.has(week) {
                week += 1;
                continue;
            }
            let end = (week..=last).take_while(|&w| self.has(w)).last().unwrap_or(week);
            parts.push(if end == week {
                week.to_string()
            } else {
                format!("{week}-{end}")
            });
            week = end + 1;
        }
        write!(f, "{}周", parts.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_s_ways_of_writing_weeks_are_read_and_written_back() {
        for (text, weeks, shown) in [
            ("1-18", vec![(1, 18)], "1-18周"),
            ("第3周", vec![(3, 3)], "3周"),
            ("1-9，12-18周", vec![(1, 9), (12, 18)], "1-9,12-18周"),
        ] {
            let expected = weeks.iter().fold(0, |s, &(a, b)| s | WeekSet::range(a, b).0);
            let read = WeekSet::parse(text).unwrap();
            assert_eq!((read.0, read.to_string().as_str()), (expected, shown));
        }
        assert_eq!(WeekSet::parse("1-17单"), Ok(WeekSet::range(1, 17).odd()));
        assert_eq!(WeekSet::parse("2-18(双周)"), Ok(WeekSet::range(2, 18).even()));
        assert_eq!(WeekSet::range(1, 17).odd().to_string(), "1-17单周");
        for set in [0b1011_0110u32, 1, 0x8000_0001, 0b1_0101_0101, 0x3_FFFF] {
            assert_eq!(WeekSet::parse(&WeekSet(set).to_string()), Ok(WeekSet(set)));
        }
        for wrong in ["", "a", "0-3", "5-2", "1-40"] {
            assert!(WeekSet::parse(wrong).is_err(), "{wrong}");
        }
    }
}
