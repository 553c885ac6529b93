use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Decimal, LongText, Ref};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::Checks;
use people::roles::{CLASS_TEACHER, DEPARTMENT_HEAD, ENROLMENT_OFFICE, TEACHER};

choice!(
    /// 学校类型
    SchoolStage {
        Junior = "junior" "初级中学",
        Nine = "nine" "九年一贯制学校",
        Full = "full" "完全中学",
        Senior = "senior" "普通高中",
        Special = "special" "特殊教育学校",
    }
);

/// 生源学校：向学校输送新生的初中和高中，责任教师分片联系。由招生就业处维护，每年更新毕业生数和录取数。
#[derive(Clone, Debug, Register)]
#[register(
    id = "source_school",
    title = "生源学校",
    group = "enrolment",
    systems = "D2",
    label = "name",
    key = "name",
    unique = "name",
    owner = "responsible"
)]
pub struct SourceSchool {
    #[field(label = "学校名称", list, max = 60)]
    pub name: String,
    #[field(label = "所在区县", list, filter, max = 30)]
    pub area: String,
    #[field(label = "学校类型", list, filter)]
    pub stage: SchoolStage,
    #[field(label = "毕业生数", list, max = 5000, help = "本年应届毕业生人数")]
    pub graduates: i64,
    #[field(label = "去年注册人数", list, max = 5000, help = "去年到本校注册的新生")]
    pub enrolled: i64,
    #[field(label = "生源占比（%）", list, help = "去年注册人数 ÷ 毕业生数")]
    pub share: Option<Decimal<1>>,
    #[field(label = "今年目标人数", list, max = 5000)]
    pub target: i64,
    #[field(label = "优质生源基地", list, filter, help = "签有生源基地协议的选“是”")]
    pub base: bool,
    #[field(label = "责任教师", list)]
    pub responsible: Ref<Staff>,
    #[field(label = "学校联系人", sealed, max = 36)]
    pub contact: Option<String>,
    #[field(label = "联系电话", sealed, max = 20)]
    pub phone: Option<String>,
    #[field(label = "九年级班数", max = 100)]
    pub classes: Option<i64>,
    #[field(label = "备注", max = 300)]
    pub remark: Option<LongText>,
}

impl Rules for SourceSchool {
    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "source_schools",
                "生源学校数",
                "登记的生源学校",
                "所",
                Measure::Count { of: Filter::all() },
            ),
            indicator(
                "source_school_bases",
                "优质生源基地数",
                "签有生源基地协议的学校",
                "所",
                Measure::Count {
                    of: Filter::is("base", true),
                },
            )
            .also(&["生源基地数", "优质生源基地"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(ENROLMENT_OFFICE, Reach::School),
            may_write(TEACHER, Reach::Own),
            may_write(CLASS_TEACHER, Reach::Own),
            may_read(DEPARTMENT_HEAD, Reach::School),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            list_form(
                "areas",
                "招生片区责任表",
                &["name", "graduates", "enrolled", "target", "responsible"],
                &["走访记录"],
            )
            .by("area"),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["share"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.share = (self.graduates > 0)
            .then(|| Decimal((self.enrolled * 1000 + self.graduates / 2) / self.graduates));
    }

    fn check(&self, _ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .phone(self.phone.as_deref(), "phone")
            .refuse(
                self.graduates > 0 && self.target > self.graduates,
                "target",
                "目标人数不能多于毕业生数",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(self.phone.is_none(), "phone", "没有联系电话，宣讲前联系不便")
            .refuse(
                self.graduates > 0 && self.enrolled > self.graduates,
                "enrolled",
                "注册人数多于毕业生数，请核对",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> SourceSchool {
        SourceSchool {
            name: "清岚市东篱区知行初级中学".into(),
            area: "东篱区".into(),
            stage: SchoolStage::Junior,
            graduates: 320,
            enrolled: 27,
            share: None,
            target: 40,
            base: true,
            responsible: Ref::new(Uuid::nil()),
            contact: None,
            phone: Some("13812345678".into()),
            classes: Some(8),
            remark: None,
        }
    }

    #[test]
    fn the_share_follows_and_the_target_is_possible() {
        let mut school = sample();
        assert!(refused(&school).is_empty());
        school.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        assert_eq!(school.share, Some(Decimal(84)));
        assert_eq!(
            refused(&SourceSchool {
                target: 321,
                ..sample()
            }),
            ["target"]
        );
        assert_eq!(
            doubted(&SourceSchool {
                enrolled: 400,
                phone: None,
                ..sample()
            }),
            ["phone", "enrolled"]
        );
    }
}
