use super::compute::Coefficients;
use chrono::NaiveDate;
use kernel::error::Violation;
use kernel::register::field::{Decimal, LongText};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, indicator};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{CLASS_TEACHER, DEPARTMENT_HEAD, PERSONNEL, TEACHER, TEACHING_OFFICE, VICE_PRINCIPAL};

/// In force from its date on.
pub const ENACTED: &str = "已启用";

/// 工作量计算办法：合班、重复课、新课、实训分组等系数，一版一条，从启用日期起计算。由教务处拟定、分管副校长启用，教师可查。
#[derive(Clone, Debug, Register)]
#[register(
    id = "workload_rule",
    title = "工作量计算办法",
    group = "teaching",
    systems = "B7",
    label = "name, from_on",
    unique = "from_on",
    date = "from_on"
)]
pub struct WorkloadRule {
    #[field(label = "名称", list, max = 60)]
    pub name: String,
    #[field(label = "启用日期", list)]
    pub from_on: NaiveDate,
    #[field(label = "两个班合班系数", list)]
    pub combined_2: Decimal<2>,
    #[field(label = "三个班合班系数")]
    pub combined_3: Decimal<2>,
    #[field(label = "四个班合班系数")]
    pub combined_4: Decimal<2>,
    #[field(label = "五个班合班系数")]
    pub combined_5: Decimal<2>,
    #[field(label = "六个班合班系数")]
    pub combined_6: Decimal<2>,
    #[field(label = "七个班合班系数")]
    pub combined_7: Decimal<2>,
    #[field(label = "八个班合班系数")]
    pub combined_8: Decimal<2>,
    #[field(
        label = "重复课系数",
        list,
        help = "同一门课的第一个班按1计，其余平行班乘此系数"
    )]
    pub repeat: Decimal<2>,
    #[field(label = "新课系数", list, help = "经认定的新课，见工作量加项")]
    pub new_course: Decimal<2>,
    #[field(
        label = "实训分两组系数",
        list,
        help = "实训室工位不够一个班同时使用时，按组数计"
    )]
    pub batch_2: Decimal<2>,
    #[field(label = "实训分三组系数")]
    pub batch_3: Decimal<2>,
    #[field(label = "实训分四组系数")]
    pub batch_4: Decimal<2>,
    #[field(label = "实习指导系数", list, help = "周数×人数×此系数")]
    pub practice: Decimal<2>,
    #[field(label = "代课系数", list)]
    pub cover: Decimal<2>,
    #[field(label = "依据与说明", max = 500)]
    pub note: Option<LongText>,
}

impl WorkloadRule {
    /// The coefficients, in hundredths.
    pub fn coefficients(&self) -> Coefficients {
        Coefficients {
            combined: [
                100,
                self.combined_2.0,
                self.combined_3.0,
                self.combined_4.0,
                self.combined_5.0,
                self.combined_6.0,
                self.combined_7.0,
                self.combined_8.0,
            ],
            batch: [100, self.batch_2.0, self.batch_3.0, self.batch_4.0],
            repeat: self.repeat.0,
            new_course: self.new_course.0,
            practice: self.practice.0,
            cover: self.cover.0,
        }
    }

    /// A rule with these coefficients.
    pub fn with(name: &str, from_on: NaiveDate, of: &Coefficients) -> WorkloadRule {
        let [_, c2, c3, c4, c5, c6, c7, c8] = of.combined.map(Decimal);
        let [_, b2, b3, b4] = of.batch.map(Decimal);
        WorkloadRule {
            name: name.into(),
            from_on,
            combined_2: c2,
            combined_3: c3,
            combined_4: c4,
            combined_5: c5,
            combined_6: c6,
            combined_7: c7,
            combined_8: c8,
            repeat: Decimal(of.repeat),
            new_course: Decimal(of.new_course),
            batch_2: b2,
            batch_3: b3,
            batch_4: b4,
            practice: Decimal(of.practice),
            cover: Decimal(of.cover),
            note: None,
        }
    }
}

impl Rules for WorkloadRule {
    fn flow() -> Flow {
        Flow::starts("草稿")
            .done(ENACTED)
            .dropped("已废止")
            .step(
                "enact",
                "启用",
                &["草稿"],
                ENACTED,
                &[Who::Role(VICE_PRINCIPAL), Who::Role(TEACHING_OFFICE)],
            )
            .step(
                "repeal",
                "废止",
                &["草稿", ENACTED],
                "已废止",
                &[Who::Role(VICE_PRINCIPAL), Who::Role(TEACHING_OFFICE)],
            )
            .with_note()
            .editable(&["草稿"])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![indicator(
            "workload_rules",
            "工作量计算办法版数",
            "已启用的工作量计算办法",
            "版",
            Measure::Count {
                of: Filter::state(ENACTED),
            },
        )]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(TEACHING_OFFICE, Reach::School),
            may_read(DEPARTMENT_HEAD, Reach::School),
            may_read(PERSONNEL, Reach::School),
            may_read(TEACHER, Reach::School),
            may_read(CLASS_TEACHER, Reach::School),
        ]
    }

    fn check(&self, _ctx: &Ctx) -> Vec<Violation> {
        const COMBINED: [&str; 7] = [
            "combined_2",
            "combined_3",
            "combined_4",
            "combined_5",
            "combined_6",
            "combined_7",
            "combined_8",
        ];
        const BATCH: [&str; 3] = ["batch_2", "batch_3", "batch_4"];
        let all = self.coefficients();
        let sound = |value: i64| (1..=1000).contains(&value);
        let mut checks = Checks::new();
        for (pair, field) in all.combined.windows(2).zip(COMBINED) {
            let wrong = pair[1] < pair[0] || !sound(pair[1]);
            checks = checks.refuse(wrong, field, "合班系数应从1起随班数增加，不超过10");
        }
        for (pair, field) in all.batch.windows(2).zip(BATCH) {
            let wrong = pair[1] < pair[0] || !sound(pair[1]);
            checks = checks.refuse(wrong, field, "分组系数应从1起随组数增加，不超过10");
        }
        checks
            .refuse(!sound(all.repeat), "repeat", "系数应大于0、不超过10")
            .refuse(!sound(all.new_course), "new_course", "系数应大于0、不超过10")
            .refuse(!sound(all.practice), "practice", "系数应大于0、不超过10")
            .refuse(!sound(all.cover), "cover", "系数应大于0、不超过10")
            .done()
    }
}
