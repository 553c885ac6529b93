use crate::Unit;
use crate::checks::{Checks, filled};
use crate::roles::{TEACHING_OFFICE, directory};
use kernel::error::Violation;
use kernel::register::field::{Code, Decimal, LongText, Ref};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, indicator};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};

/// 课程：学校课程库，按国家课程信息数据子类的口径填写。由教务处维护。
#[derive(Clone, Debug, Register)]
#[register(
    id = "course",
    title = "课程",
    group = "teaching",
    systems = "B3, B4",
    label = "name",
    key = "code",
    unique = "code",
    within = "unit"
)]
pub struct Course {
    #[field(label = "课程代码", list, max = 23, dataset = "T5.KCDM")]
    pub code: String,
    #[field(label = "课程名称", list, max = 60, dataset = "T5.KCMC")]
    pub name: String,
    #[field(label = "开课部门", list, filter)]
    pub unit: Option<Ref<Unit>>,
    #[field(label = "适用专业", filter, max = 60, help = "公共课不填")]
    pub major: Option<String>,
    #[field(label = "课程类别", filter, code = "KCLBDM", dataset = "T5.KCLBM")]
    pub category: Code,
    #[field(label = "课程性质", list, filter, code = "KCXZDM", dataset = "T5.KCXZM")]
    pub nature: Code,
    #[field(label = "课程属性", list, filter, code = "KCSXDM", dataset = "T5.KCSXM")]
    pub attribute: Code,
    #[field(label = "课程分类", list, filter, code = "KCFLDM", dataset = "T5.KCFLM")]
    pub form: Code,
    #[field(label = "学科类别", filter, code = "XKLBDM", dataset = "T5.XKLBM")]
    pub discipline: Code,
    #[field(label = "专业核心课程", filter, dataset = "T5.SFZYHXKC")]
    pub core: bool,
    #[field(label = "理论学时", list, max = 2000, dataset = "T5.LVJXSS")]
    pub theory_hours: i64,
    #[field(label = "实践学时", list, max = 2000, dataset = "T5.SJJXSY")]
    pub practice_hours: i64,
    #[field(
        label = "虚拟仿真实训课时",
        max = 2000,
        dataset = "T5.XNFZSXKSS",
        help = "没有填0"
    )]
    pub virtual_hours: i64,
    #[field(label = "学分", list)]
    pub credits: Option<Decimal<1>>,
    #[field(label = "有线上课程", filter, dataset = "T5.SFYXSKC")]
    pub online: bool,
    #[field(label = "线上课程网址", max = 500, dataset = "T5.XSKCWZ")]
    pub online_at: Option<String>,
    #[field(label = "课程思政示范课程", filter, dataset = "T5.SFKCSZSFKC")]
    pub ideological: bool,
    #[field(
        label = "主要选用课程资源",
        code = "ZYXYKCZYDM",
        dataset = "T5.KTJXSJZYXYKCZYM"
    )]
    pub resource: Option<Code>,
    #[field(label = "主要虚拟仿真实训项目", max = 500, dataset = "T5.ZYKSXNFZSXXMMC")]
    pub virtual_items: Option<LongText>,
    #[field(label = "主要实验项目", max = 500, dataset = "T5.ZYKSSYXMMC")]
    pub experiment_items: Option<LongText>,
    #[field(label = "主要实训项目", max = 500, dataset = "T5.ZYKSSXXMMC")]
    pub training_items: Option<LongText>,
    #[field(label = "主要实习项目", max = 500, dataset = "T5.ZYKSSHXXMMC")]
    pub internship_items: Option<LongText>,
}

/// 专业核心课
const CORE: &str = "3";

impl Course {
    /// All hours.
    pub fn hours(&self) -> i64 {
        self.theory_hours + self.practice_hours
    }
}

impl Rules for Course {
    fn access() -> Vec<Access> {
        directory(&[TEACHING_OFFICE])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "courses",
                "课程门数",
                "课程库中的课程",
                "门",
                Measure::Count { of: Filter::all() },
            ),
            indicator(
                "courses_online",
                "线上课程门数",
                "有线上课程的课程",
                "门",
                Measure::Count {
                    of: Filter::is("online", true),
                },
            )
            .also(&["在线课程", "在线精品课程"]),
            indicator(
                "courses_ideological",
                "课程思政示范课程门数",
                "课程思政示范课程",
                "门",
                Measure::Count {
                    of: Filter::is("ideological", true),
                },
            )
            .also(&["课程思政示范课"]),
        ]
    }

    fn check(&self, _ctx: &Ctx) -> Vec<Violation> {
        let (theory, practice) = (self.theory_hours > 0, self.practice_hours > 0);
        let (field, message) = match self.form.0.as_str() {
            "1" if practice => ("practice_hours", "A类（纯理论课）不应有实践学时"),
            "3" if theory => ("theory_hours", "C类（纯实践课）不应有理论学时"),
            "2" if !practice => ("practice_hours", "B类（理论＋实践）课应有实践学时"),
            "2" if !theory => ("theory_hours", "B类（理论＋实践）课应有理论学时"),
            _ if self.hours() == 0 => ("theory_hours", "理论学时与实践学时不能都为0"),
            _ => ("", ""),
        };
        Checks::new()
            .refuse(!field.is_empty(), field, message)
            .refuse(
                self.virtual_hours > self.practice_hours,
                "virtual_hours",
                "虚拟仿真实训课时不能多于实践学时",
            )
            .refuse(
                self.core && self.nature.0 != CORE,
                "core",
                "专业核心课程的课程性质应为“专业核心课”",
            )
            .refuse(
                self.online && !filled(self.online_at.as_deref()),
                "online_at",
                "有线上课程的，请填写线上课程网址",
            )
            .refuse(self.credits.is_some_and(|c| c.0 <= 0), "credits", "学分应大于0")
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        // 16 to 18 hours are one credit; half a credit either way is rounding.
        let hours = self.hours() * 10;
        let odd = self
            .credits
            .is_some_and(|c| hours < (c.0 - 5) * 16 || hours > (c.0 + 5) * 18);
        Checks::new()
            .refuse(odd, "credits", "一般16至18学时折算1学分，请核对学分与学时")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::{doubted, refused};

    fn sample() -> Course {
        let code = |text: &str| Code(text.into());
        Course {
            code: "JD0301".into(),
            name: "机械基础".into(),
            unit: None,
            major: Some("机电技术应用".into()),
            category: code("1"),
            nature: code("3"),
            attribute: code("1"),
            form: code("2"),
            discipline: code("08"),
            core: true,
            theory_hours: 48,
            practice_hours: 24,
            virtual_hours: 4,
            credits: Some(Decimal(40)),
            online: false,
            online_at: None,
            ideological: false,
            resource: None,
            virtual_items: None,
            experiment_items: None,
            training_items: None,
            internship_items: None,
        }
    }

    #[test]
    fn hours_agree_with_the_form() {
        let form = |form: &str, theory_hours, practice_hours| {
            refused(&Course {
                form: Code(form.into()),
                theory_hours,
                practice_hours,
                virtual_hours: 0,
                ..sample()
            })
        };
        assert!(form("2", 48, 24).is_empty());
        assert_eq!(form("2", 48, 0), ["practice_hours"]);
        assert_eq!(form("2", 0, 24), ["theory_hours"]);
        assert_eq!(form("1", 48, 24), ["practice_hours"]);
        assert_eq!(form("3", 48, 24), ["theory_hours"]);
        assert_eq!(form("1", 0, 0), ["theory_hours"]);
        assert!(form("1", 36, 0).is_empty());
        assert!(form("3", 0, 36).is_empty());
    }

    #[test]
    fn the_rest_agrees() {
        assert_eq!(
            refused(&Course {
                virtual_hours: 25,
                ..sample()
            }),
            ["virtual_hours"]
        );
        assert_eq!(
            refused(&Course {
                nature: Code("1".into()),
                ..sample()
            }),
            ["core"]
        );
        assert_eq!(
            refused(&Course {
                online: true,
                ..sample()
            }),
            ["online_at"]
        );
        assert_eq!(
            refused(&Course {
                credits: Some(Decimal(0)),
                ..sample()
            }),
            ["credits"]
        );
    }

    #[test]
    fn credits_far_from_the_hours_are_doubted() {
        assert!(doubted(&sample()).is_empty());
        assert_eq!(
            doubted(&Course {
                credits: Some(Decimal(60)),
                ..sample()
            }),
            ["credits"]
        );
        assert_eq!(
            doubted(&Course {
                credits: Some(Decimal(20)),
                ..sample()
            }),
            ["credits"]
        );
    }
}
