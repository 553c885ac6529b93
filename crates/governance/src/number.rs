//! Document numbers (发文字号) of GB/T 9704-2012: `机关代字〔年〕N号`.

/// A well-formed document number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentNumber {
    /// 机关代字
    pub organ: String,
    /// Year of issue.
    pub year: i32,
    /// Serial within the year.
    pub serial: u32,
}

const BRACKETS: &str = "发文字号的年份应用六角括号〔〕，如 济教职字〔2026〕12号";

impl DocumentNumber {
    /// Reads a number; the error says in Chinese what is wrong.
    pub fn parse(text: &str) -> Result<DocumentNumber, &'static str> {
        let (organ, rest) = text.trim().split_once('〔').ok_or(BRACKETS)?;
        let (year, rest) = rest.split_once('〕').ok_or(BRACKETS)?;
        let serial = rest.strip_suffix('号').ok_or("发文字号应以“号”结尾")?;
        if organ.is_empty() {
            return Err("发文字号缺少机关代字");
        }
        if year.len() != 4 || !digits(year) {
            return Err("发文字号的年份应为四位数字");
        }
        if serial.starts_with('第') {
            return Err("发文字号的序号不加“第”字");
        }
        if serial.starts_with('0') {
            return Err("发文字号的序号不编虚位，不以0开头");
        }
        let number = |text: &str| digits(text).then(|| text.parse::<u32>().ok()).flatten();
        Ok(DocumentNumber {
            organ: organ.to_owned(),
            year: year.parse().map_err(|_| "发文字号的年份应为四位数字")?,
            serial: number(serial).ok_or("发文字号的序号应为数字")?,
        })
    }
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_are_read() {
        let read = DocumentNumber::parse(" 济教职字〔2026〕12号").expect("well formed");
        assert_eq!(
            read,
            DocumentNumber {
                organ: "济教职字".into(),
                year: 2026,
                serial: 12
            }
        );
        assert!(DocumentNumber::parse("国办发〔2024〕1号").is_ok());
        assert!(DocumentNumber::parse("苏职机〔2026〕103号").is_ok());
    }

    #[test]
    fn each_fault_has_its_own_sentence() {
        for (text, word) in [
            ("济教职字[2026]12号", "六角括号"),
            ("济教职字【2026】12号", "六角括号"),
            ("济教职字〔2026 12号", "六角括号"),
            ("济教职字〔26〕12号", "四位数字"),
            ("济教职字〔二〇二六〕12号", "四位数字"),
            ("济教职字〔2026〕第12号", "第"),
            ("济教职字〔2026〕012号", "虚位"),
            ("济教职字〔2026〕12", "结尾"),
            ("济教职字〔2026〕十二号", "序号应为数字"),
            ("济教职字〔2026〕号", "序号应为数字"),
            ("济教职字〔2026〕99999999999号", "序号应为数字"),
            ("〔2026〕12号", "机关代字"),
        ] {
            let fault = DocumentNumber::parse(text).expect_err(text);
            assert!(fault.contains(word), "{text}: {fault}");
        }
    }
}
