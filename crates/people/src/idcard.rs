//! Resident identity numbers (公民身份号码, GB 11643-1999) and telephone numbers.
use chrono::NaiveDate;

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK: &[u8; 11] = b"10X98765432";

/// An identity number of the right form with a real birthday and the right check digit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdNumber {
    text: String,
    birth: NaiveDate,
}

impl IdNumber {
    /// Reads a number; the error is a Chinese sentence for the person who typed it.
    pub fn parse(text: &str) -> Result<IdNumber, String> {
        let text = text.trim().to_ascii_uppercase();
        let bytes = text.as_bytes();
        if text.chars().count() != 18 {
            return Err(format!("身份证号应为18位，现为{}位", text.chars().count()));
        }
        if !bytes[..17].iter().all(u8::is_ascii_digit) || !(bytes[17].is_ascii_digit() || bytes[17] == b'X') {
            return Err("身份证号前17位应为数字，末位为数字或X".into());
        }
        let birth = NaiveDate::parse_from_str(&text[6..14], "%Y%m%d")
            .ok()
            .filter(|day| *day >= NaiveDate::from_ymd_opt(1900, 1, 1).expect("a day"))
            .ok_or_else(|| format!("身份证号第7至14位“{}”不是有效的出生日期", &text[6..14]))?;
        if check_digit(&text[..17]) != text.chars().last() {
            return Err("身份证号校验位不对，请核对是否输错".into());
        }
        Ok(IdNumber { text, birth })
    }

    /// The number, with a capital X.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The birthday in it.
    pub fn birth(&self) -> NaiveDate {
        self.birth
    }

    /// Whether the sequence digit is a man's.
    pub fn is_male(&self) -> bool {
        self.text.as_bytes()[16] % 2 == 1
    }

    /// Six digits of the administrative division where it was first issued.
    pub fn division(&self) -> &str {
        &self.text[..6]
    }
}

/// The eighteenth character for seventeen digits; `None` for anything else.
pub fn check_digit(digits: &str) -> Option<char> {
    if digits.len() != 17 {
        return None;
    }
    let mut sum = 0;
    for (weight, digit) in WEIGHTS.iter().zip(digits.chars()) {
        sum += weight * digit.to_digit(10)?;
    }
    Some(char::from(CHECK[(sum % 11) as usize]))
}

/// Checks a telephone number: a mobile of 11 digits, or area code and number of a fixed line.
pub fn phone(text: &str) -> Result<(), String> {
    let digits = text.trim();
    if mobile(digits).is_ok() {
        return Ok(());
    }
    let fixed = digits.split_once('-').is_some_and(|(area, number)| {
        area.starts_with('0')
            && (3..=4).contains(&area.len())
            && (7..=8).contains(&number.len())
            && [area, number]
                .iter()
                .all(|part| part.bytes().all(|b| b.is_ascii_digit()))
    });
    if fixed {
        Ok(())
    } else {
        Err("电话号码应为11位手机号，或“区号-号码”的固定电话".into())
    }
}

/// Checks a mobile number of mainland China.
pub fn mobile(text: &str) -> Result<(), String> {
    let bytes = text.trim().as_bytes();
    let right = bytes.len() == 11
        && bytes.iter().all(u8::is_ascii_digit)
        && bytes[0] == b'1'
        && (b'3'..=b'9').contains(&bytes[1]);
    if right {
        Ok(())
    } else {
        Err("手机号应为11位数字，以13至19开头".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_standard_is_accepted() {
        // Both examples are printed in GB 11643-1999 itself.
        let woman = IdNumber::parse("11010519491231002x").expect("valid");
        assert_eq!(woman.as_str(), "11010519491231002X");
        assert_eq!(woman.birth().to_string(), "1949-12-31");
        assert!(!woman.is_male());
        assert_eq!(woman.division(), "110105");
        assert_eq!(
            IdNumber::parse("440524188001010014").unwrap_err(),
            "身份证号第7至14位“18800101”不是有效的出生日期"
        );
    }

    #[test]
    fn each_fault_has_its_own_sentence() {
        let fault = |text: &str| IdNumber::parse(text).unwrap_err();
        assert!(fault("110105491231002").contains("现为15位"));
        assert!(fault("1101051949123100XX").contains("前17位"));
        assert!(fault("110105194913310020").contains("19491331"));
        assert!(fault("110105194912310021").contains("校验位"));
        assert!(fault("一一零一零五").contains("现为6位"));
    }

    #[test]
    fn any_single_wrong_digit_is_found() {
        let good = "11010519491231002X";
        for at in 0..17 {
            for digit in b'0'..=b'9' {
                let mut bytes = good.as_bytes().to_vec();
                if bytes[at] != digit {
                    bytes[at] = digit;
                    let text = String::from_utf8(bytes).expect("digits");
                    assert!(IdNumber::parse(&text).is_err(), "{text}");
                }
            }
        }
    }

    #[test]
    fn phones() {
        for good in ["13812345678", "19900001111", "0537-6221234", "010-62345678"] {
            assert_eq!(phone(good), Ok(()), "{good}");
        }
        for bad in [
            "12812345678",
            "1381234567",
            "6221234",
            "1381234567a",
            "537-6221234",
            "0537-622123",
        ] {
            assert!(phone(bad).is_err(), "{bad}");
        }
    }
}
