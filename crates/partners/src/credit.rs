//! Unified social credit codes (统一社会信用代码, GB 32100-2015).

/// The characters of a code in the order of their values; I, O, Z, S and V are not used.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Weights of the first seventeen characters: powers of 3 modulo 31.
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// The eighteenth character for seventeen; `None` when one of them is no character of a code.
pub fn check_character(first: &str) -> Option<char> {
    let bytes = first.as_bytes();
    if bytes.len() != WEIGHTS.len() {
        return None;
    }
    let mut sum = 0;
    for (byte, weight) in bytes.iter().zip(WEIGHTS) {
        sum += weight * ALPHABET.iter().position(|known| known == byte)?;
    }
    Some(char::from(ALPHABET[(31 - sum % 31) % 31]))
}

/// What is wrong with a code, as a sentence for the person who typed it.
pub fn fault(code: &str) -> Option<String> {
    let count = code.chars().count();
    if count != 18 {
        return Some(format!("统一社会信用代码应为18位，现为{count}位"));
    }
    let right = code
        .is_char_boundary(17)
        .then(|| code.split_at(17))
        .and_then(|(first, last)| Some((check_character(first)?, last.chars().next()?)));
    match right {
        None => Some("统一社会信用代码由数字和大写字母组成（不用I、O、Z、S、V）".into()),
        Some((right, last)) if right != last => Some("统一社会信用代码的校验位不对，请核对是否输错".into()),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_standard_is_right_and_any_single_slip_is_found() {
        // Worked by hand from the weights: seventeen zeros but a leading 9 give 31 - 9 = 22, which is N.
        assert_eq!(check_character("90000000000000000"), Some('N'));
        let good = "9137000000000000K".to_owned();
        let last = check_character(&good).expect("characters of a code");
        let good = format!("{good}{last}");
        assert_eq!(fault(&good), None);
        for at in 0..18 {
            for byte in ALPHABET {
                let mut bytes = good.clone().into_bytes();
                if bytes[at] != *byte {
                    bytes[at] = *byte;
                    let text = String::from_utf8(bytes).expect("letters");
                    assert!(fault(&text).is_some(), "{text}");
                }
            }
        }
    }

    #[test]
    fn each_fault_has_its_own_sentence() {
        assert!(fault("9137").is_some_and(|text| text.contains("现为4位")));
        assert!(fault("91370000000000000O").is_some_and(|text| text.contains("校验位")));
        assert!(fault("913700O0000000000K").is_some_and(|text| text.contains("不用I")));
        assert!(fault("九一三七〇〇〇〇〇〇〇〇〇〇〇〇〇〇").is_some());
    }
}
