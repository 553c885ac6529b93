use crate::checks::Checks;
use crate::roles::{ADMIN, OFFICE, directory};
use crate::{Staff, checks};
use chrono::NaiveDate;
use kernel::error::Violation;
use kernel::register::field::{Code, Ref};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};

/// 学校概况：学校基本情况和信息化基础条件，每校一条，上报的各张数据表都取自这里。由办公室每学期核对。
#[derive(Clone, Debug, Register)]
#[register(
    id = "school_profile",
    title = "学校概况",
    group = "school",
    systems = "I2, I3",
    label = "name",
    key = "school_code",
    unique = "school_code"
)]
pub struct SchoolProfile {
    #[field(label = "学校名称", list, max = 60, dataset = "T1.XXJGMC")]
    pub name: String,
    #[field(
        label = "学校标识码",
        list,
        max = 10,
        dataset = "T1.XXDM",
        help = "学校（机构）标识码，10位数字"
    )]
    pub school_code: String,
    #[field(label = "统一社会信用代码", list, max = 18, dataset = "T1.XXJGDM")]
    pub institution_code: String,
    #[field(
        label = "省行政区划代码",
        max = 6,
        dataset = "T1.SJGBM",
        help = "六位数字，如 320000"
    )]
    pub province_code: String,
    #[field(label = "省", max = 60, dataset = "T1.SJGMC")]
    pub province: String,
    #[field(
        label = "市行政区划代码",
        max = 6,
        dataset = "T1.SHJGBM",
        help = "六位数字，如 320200"
    )]
    pub city_code: String,
    #[field(label = "市", list, max = 60, dataset = "T1.SHJGMC")]
    pub city: String,
    #[field(
        label = "区县行政区划代码",
        max = 6,
        dataset = "T1.QXJGBM",
        help = "六位数字，如 320211"
    )]
    pub county_code: String,
    #[field(label = "区县", list, max = 60, dataset = "T1.QXJGMC")]
    pub county: String,
    #[field(label = "学校类别", list, code = "XXLBDM", dataset = "T1.XXLB")]
    pub category: Code,
    #[field(label = "主管教育行政部门", max = 65, dataset = "T1.XXSSZGJYXZBM")]
    pub authority: Option<String>,
    #[field(label = "举办者名称", max = 60, dataset = "T1.XXJBZMC")]
    pub organiser: String,
    #[field(label = "举办者性质", code = "XXJBZXZDM", dataset = "T1.XXJBZXZ")]
    pub organiser_kind: Code,
    #[field(label = "校长", list, dataset = "T1.XXFZRXM:name")]
    pub head: Option<Ref<Staff>>,
    #[field(
        label = "建校年月",
        max = 6,
        dataset = "T1.JXNY",
        help = "六位数字，如 198509"
    )]
    pub founded: String,
    #[field(label = "双优学校", list, code = "SYXXDM", dataset = "T1.SYXX")]
    pub excellence: Code,
    #[field(
        label = "特色应用数",
        max = 10000,
        dataset = "T1.XXTSYYS",
        help = "学校自建的信息化特色应用"
    )]
    pub applications: i64,
    #[field(label = "校园出口带宽（兆比特/秒）", max = 10000000, dataset = "T1.XYCKDK")]
    pub uplink: i64,
    #[field(label = "校园主干网带宽（兆比特/秒）", max = 10000000, dataset = "T1.XYZGWDK")]
    pub backbone: i64,
    #[field(label = "有线网络接入数", max = 1000000, dataset = "T1.YXWLJRS")]
    pub wired: i64,
    #[field(label = "无线网络接入数", max = 1000000, dataset = "T1.WXWLJRS")]
    pub wireless: i64,
}

fn digits(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether the text is a month such as `198509`.
fn is_month(text: &str) -> bool {
    digits(text, 6)
        && NaiveDate::parse_from_str(&format!("{text}01"), "%Y%m%d")
            .is_ok_and(|day| (1800..=2200).contains(&chrono::Datelike::year(&day)))
}

impl Rules for SchoolProfile {
    fn access() -> Vec<Access> {
        directory(&[OFFICE, ADMIN])
    }

    fn check(&self, _ctx: &Ctx) -> Vec<Violation> {
        let area = "行政区划代码应为六位数字";
        let credit = self.institution_code.len() == 18
            && self
                .institution_code
                .bytes()
                .all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
        Checks::new()
            .refuse(!digits(&self.province_code, 6), "province_code", area)
            .refuse(!digits(&self.city_code, 6), "city_code", area)
            .refuse(!digits(&self.county_code, 6), "county_code", area)
            .refuse(
                !digits(&self.school_code, 10),
                "school_code",
                "学校标识码应为10位数字",
            )
            .refuse(
                !credit,
                "institution_code",
                "统一社会信用代码应为18位数字和大写字母",
            )
            .refuse(
                !is_month(&self.founded),
                "founded",
                "建校年月应为六位数字，如 198509",
            )
            .done()
    }
}

/// 校区：学校各校区的地址、负责人和人数。由办公室维护，人数每学期开学后核对。
#[derive(Clone, Debug, Register)]
#[register(
    id = "campus",
    title = "校区",
    group = "school",
    systems = "I2, I3",
    label = "name",
    key = "number",
    unique = "number",
    owner = "head"
)]
pub struct Campus {
    #[field(
        label = "校区编号",
        list,
        max = 64,
        dataset = "T2.XQBH",
        help = "学校自编，大写字母或数字"
    )]
    pub number: String,
    #[field(label = "校区名称", list, max = 180, dataset = "T2.XQMC")]
    pub name: String,
    #[field(label = "校区简称", max = 60, dataset = "T2.XQJC")]
    pub short: String,
    #[field(label = "所在行政区划", max = 50, dataset = "T2.XQSZDXZQH")]
    pub area: Option<String>,
    #[field(label = "地址", list, max = 300, dataset = "T2.XQDZ")]
    pub address: Option<String>,
    #[field(label = "邮政编码", max = 6, dataset = "T2.XQYZBM")]
    pub postcode: Option<String>,
    #[field(label = "联系电话", list, max = 35, dataset = "T2.XQLXDH")]
    pub phone: Option<String>,
    #[field(label = "负责人", list, dataset = "T2.XQFZR:name")]
    pub head: Option<Ref<Staff>>,
    #[field(label = "教职工总数", list, max = 100000, dataset = "T2.XQJZGZS")]
    pub staff: i64,
    #[field(label = "学生总数", list, max = 100000, dataset = "T2.XQXSZS")]
    pub students: i64,
    #[field(label = "成立日期", dataset = "T2.XQCLRQ")]
    pub founded_on: Option<NaiveDate>,
}

impl Rules for Campus {
    fn access() -> Vec<Access> {
        directory(&[OFFICE, ADMIN])
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let plain = |b: u8| b.is_ascii_digit() || b.is_ascii_uppercase();
        let postcode = self
            .postcode
            .as_deref()
            .filter(|_| checks::filled(self.postcode.as_deref()));
        Checks::new()
            .refuse(
                !self.number.bytes().all(plain),
                "number",
                "校区编号只用大写字母和数字",
            )
            .refuse(
                postcode.is_some_and(|code| !digits(code, 6)),
                "postcode",
                "邮政编码应为六位数字",
            )
            .phone(self.phone.as_deref(), "phone")
            .not_after_today(self.founded_on, ctx.today, "founded_on")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::refused;

    fn profile() -> SchoolProfile {
        SchoolProfile {
            name: "测试学校".into(),
            school_code: "9901020001".into(),
            institution_code: "12320000466006957D".into(),
            province_code: "320000".into(),
            province: "江苏省".into(),
            city_code: "320200".into(),
            city: "无锡市".into(),
            county_code: "320211".into(),
            county: "滨湖区".into(),
            category: Code("361".into()),
            authority: None,
            organiser: "市教育局".into(),
            organiser_kind: Code("1".into()),
            head: None,
            founded: "198509".into(),
            excellence: Code("0".into()),
            applications: 3,
            uplink: 1000,
            backbone: 10_000,
            wired: 800,
            wireless: 1600,
        }
    }

    #[test]
    fn codes_of_the_school_have_their_form() {
        assert!(refused(&profile()).is_empty());
        let wrong = SchoolProfile {
            school_code: "990102000".into(),
            institution_code: "12320000466006957d".into(),
            city_code: "3202".into(),
            founded: "198513".into(),
            ..profile()
        };
        assert_eq!(
            refused(&wrong),
            ["city_code", "school_code", "institution_code", "founded"]
        );
    }

    #[test]
    fn a_campus_has_a_plain_number() {
        let campus = Campus {
            number: "A1".into(),
            name: "本部".into(),
            short: "本部".into(),
            area: None,
            address: None,
            postcode: Some("214000".into()),
            phone: None,
            head: None,
            staff: 10,
            students: 100,
            founded_on: None,
        };
        assert!(refused(&campus).is_empty());
        let wrong = Campus {
            number: "a-1".into(),
            postcode: Some("21400".into()),
            ..campus
        };
        assert_eq!(refused(&wrong), ["number", "postcode"]);
    }
}
