use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Money};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled};
use people::roles::{RESEARCH_OFFICE, TEACHING_OFFICE, directory};

choice!(
    /// 教材级别; the codes sort from the list a school must take to the one it must argue for.
    TextbookRank {
        Unified = "1" "国家统编教材",
        National = "2" "国家规划教材",
        Province = "3" "省级规划教材",
        Trade = "4" "行业或其他公开出版教材",
        School = "5" "校本教材",
        Overseas = "6" "境外教材",
    }
);

/// 教材库：学校选用过和可以选用的教材，按国家教材基本数据子类填写。教务处维护，选用审批、计划课程和排课都引用它。
#[derive(Clone, Debug, Register)]
#[register(
    id = "textbook",
    title = "教材库",
    group = "teaching",
    systems = "B13",
    label = "title",
    key = "isbn",
    unique = "isbn"
)]
pub struct Textbook {
    #[field(
        label = "出版号",
        list,
        max = 30,
        dataset = "T9.CBH",
        help = "国际标准书号；校本教材填校内编号"
    )]
    pub isbn: String,
    #[field(label = "教材名称", list, max = 80, dataset = "T9.JCMC")]
    pub title: String,
    #[field(label = "教材类型", list, filter, code = "JCLXDM", dataset = "T9.JCLXM")]
    pub kind: Code,
    #[field(label = "教材级别", list, filter)]
    pub rank: TextbookRank,
    #[field(
        label = "作者",
        list,
        max = 100,
        dataset = "T9.ZZ",
        help = "多人用顿号隔开，主编在前"
    )]
    pub author: String,
    #[field(label = "编著者总数", max = 200, dataset = "T9.BZZZS")]
    pub authors: Option<i64>,
    #[field(label = "出版社", list, filter, max = 180, dataset = "T9.CBS")]
    pub publisher: Option<String>,
    #[field(label = "版次", max = 30, dataset = "T9.BC")]
    pub edition: Option<String>,
    #[field(label = "出版日期", list, dataset = "T9.CBRQ")]
    pub published_on: Option<NaiveDate>,
    #[field(label = "分类号", max = 20, dataset = "T9.FLH")]
    pub class_number: Option<String>,
    #[field(label = "定价（元）", dataset = "T9.DJ")]
    pub price: Option<Money>,
    #[field(label = "国家规划教材", dataset = "T9.SFGJGHJC", help = "按教材级别自动填写")]
    pub national: Option<bool>,
    #[field(
        label = "规划教材批次",
        max = 60,
        dataset = "T9.GHJCPC",
        help = "如 十四五首批"
    )]
    pub plan_batch: Option<String>,
    #[field(label = "校企合作开发", filter, dataset = "T9.SFXQHZKFJC")]
    pub joint: bool,
    #[field(label = "停用", filter, help = "内容陈旧或被新版代替的教材")]
    pub stopped: bool,
}

impl Rules for Textbook {
    fn indicators() -> Vec<IndicatorSpec> {
        let used = || Filter::is("stopped", false);
        vec![
            indicator(
                "textbooks",
                "教材种数",
                "没有停用的教材",
                "种",
                Measure::Count { of: used() },
            ),
            indicator(
                "textbook_planned",
                "规划教材占比",
                "统编、国家规划和省级规划教材 ÷ 没有停用的教材",
                "%",
                Measure::Share {
                    of: used().and("rank", Op::AtMost, "3"),
                    among: used(),
                },
            )
            .also(&["国家规划教材比例"]),
            indicator(
                "textbook_joint",
                "校企合作开发教材数",
                "没有停用的校企合作开发教材",
                "种",
                Measure::Count {
                    of: used().and("joint", Op::Is, true),
                },
            )
            .also(&["校企合作教材", "校企双元教材"]),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![list_form(
            "list",
            "教材目录",
            &["isbn", "title", "author", "publisher", "rank", "price"],
            &["备注"],
        )]
    }

    fn access() -> Vec<Access> {
        directory(&[TEACHING_OFFICE, RESEARCH_OFFICE])
    }

    fn computed() -> &'static [&'static str] {
        &["national"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.national = Some(matches!(
            self.rank,
            TextbookRank::Unified | TextbookRank::National
        ));
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let published = self.rank != TextbookRank::School;
        Checks::new()
            .refuse(
                published && !filled(self.publisher.as_deref()),
                "publisher",
                "公开出版的教材请填写出版社",
            )
            .not_after_today(self.published_on, ctx.today, "published_on")
            .refuse(
                self.price.is_some_and(|price| price.0 < 0),
                "price",
                "定价不能为负数",
            )
            .refuse(self.authors == Some(0), "authors", "编著者总数应大于0")
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        let published = self.rank != TextbookRank::School;
        Checks::new()
            .refuse(
                published && !is_isbn(&self.isbn),
                "isbn",
                "不是正确的13位国际标准书号，请核对封底",
            )
            .refuse(
                self.national == Some(true) && !filled(self.plan_batch.as_deref()),
                "plan_batch",
                "规划教材请写明批次",
            )
            .done()
    }
}

/// Whether the text is an ISBN of thirteen digits with the right check digit (GB/T 5795), hyphens aside.
fn is_isbn(text: &str) -> bool {
    let digits: Vec<u32> = text
        .chars()
        .filter(|c| *c != '-' && *c != ' ')
        .map_while(|c| c.to_digit(10))
        .collect();
    let plain = text.chars().all(|c| c.is_ascii_digit() || c == '-' || c == ' ');
    let sum: u32 = digits
        .iter()
        .enumerate()
        .map(|(at, digit)| digit * if at % 2 == 0 { 1 } else { 3 })
        .sum();
    plain && digits.len() == 13 && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};

    fn sample() -> Textbook {
        Textbook {
            isbn: "978-0-306-40615-7".into(),
            title: "机械基础".into(),
            kind: Code("1".into()),
            rank: TextbookRank::Province,
            author: "王工".into(),
            authors: Some(3),
            publisher: Some("某出版社".into()),
            edition: Some("第3版".into()),
            published_on: Some(test_day()),
            class_number: None,
            price: Some(Money(4200)),
            national: None,
            plan_batch: None,
            joint: false,
            stopped: false,
        }
    }

    #[test]
    fn a_book_number_carries_its_check_digit() {
        let right: Vec<_> = (0..10).filter(|d| is_isbn(&format!("978704000001{d}"))).collect();
        assert_eq!(right.len(), 1, "one check digit fits");
        assert!(is_isbn("978-0-306-40615-7"));
        assert!(!is_isbn("978-0-306-40615-8"));
        assert!(!is_isbn("978-0-306-40615-7x"));
        assert!(!is_isbn("校编2026-03"));
    }

    #[test]
    fn the_rank_says_whether_it_is_national() {
        let ctx = Ctx {
            today: test_day(),
            new: true,
        };
        for (rank, national) in [
            (TextbookRank::Unified, true),
            (TextbookRank::National, true),
            (TextbookRank::Province, false),
            (TextbookRank::School, false),
        ] {
            let mut book = Textbook { rank, ..sample() };
            book.complete(&ctx);
            assert_eq!(book.national, Some(national));
        }
    }

    #[test]
    fn only_a_school_book_has_no_publisher() {
        assert!(refused(&sample()).is_empty());
        let bare = Textbook {
            publisher: None,
            isbn: "校编2026-03".into(),
            ..sample()
        };
        assert_eq!(refused(&bare), ["publisher"]);
        assert_eq!(doubted(&bare), ["isbn"]);
        let school = Textbook {
            rank: TextbookRank::School,
            ..bare
        };
        assert!(refused(&school).is_empty());
        assert!(doubted(&school).is_empty());
    }
}
