use crate::Major;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Decimal, LongText, Money, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{DutySpec, Every, Filter, IndicatorSpec, Measure, duty, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::{Checks, filled};
use people::roles::{DEPARTMENT_HEAD, ENROLMENT_OFFICE, TEACHER, TEACHING_OFFICE};

choice!(
    /// 健康等级: no share below its line, one or two, three or more.
    Health {
        Green = "green" "健康",
        Yellow = "yellow" "关注",
        Red = "red" "预警",
    }
);

/// 专业健康卡：每个专业每学年一张，由招生、就业、师资、设备、获奖数字算出各项比例和健康等级。专业带头人填报，教务处审核。
#[derive(Clone, Debug, Register)]
#[register(
    id = "major_year",
    title = "专业健康卡",
    group = "teaching",
    systems = "B1",
    label = "major, year",
    unique = "major, year",
    date = "filled_on",
    within = "major",
    owner = "filler"
)]
pub struct MajorYear {
    #[field(label = "专业", list, filter)]
    pub major: Ref<Major>,
    #[field(
        label = "学年（起始年）",
        list,
        filter,
        max = 2100,
        help = "2026—2027学年填2026"
    )]
    pub year: i64,
    #[field(label = "填报日期")]
    pub filled_on: NaiveDate,
    #[field(label = "填报人")]
    pub filler: Ref<Staff>,
    #[field(label = "计划招生数", max = 5000)]
    pub planned: i64,
    #[field(label = "实际报到数", max = 5000)]
    pub enrolled: i64,
    #[field(label = "在校生数", list, max = 10000)]
    pub students: i64,
    #[field(label = "应届毕业生数", max = 5000, help = "还没有毕业生的新专业填0")]
    pub graduates: i64,
    #[field(label = "就业升学数", max = 5000)]
    pub placed: i64,
    #[field(label = "直接就业数", max = 5000)]
    pub employed: i64,
    #[field(label = "对口就业数", max = 5000)]
    pub matched: i64,
    #[field(label = "毕业生持证数", max = 5000)]
    pub certified: i64,
    #[field(label = "专业教师数", max = 500)]
    pub teachers: i64,
    #[field(label = "双师型教师数", max = 500)]
    pub dual: i64,
    #[field(label = "实训设备值（元）")]
    pub equipment: Money,
    #[field(label = "紧密合作企业数", max = 500)]
    pub partners: i64,
    #[field(label = "市级以上获奖数", max = 500)]
    pub awards: i64,
    #[field(label = "招生完成率", list, help = "自动计算，百分比")]
    pub enrolment_rate: Option<Decimal<1>>,
    #[field(label = "毕业去向落实率", list, help = "自动计算，百分比")]
    pub placement_rate: Option<Decimal<1>>,
    #[field(label = "对口就业率", list, help = "自动计算，百分比")]
    pub match_rate: Option<Decimal<1>>,
    #[field(label = "毕业生持证率", help = "自动计算，百分比")]
    pub certified_rate: Option<Decimal<1>>,
    #[field(label = "双师型占比", list, help = "自动计算，百分比")]
    pub dual_rate: Option<Decimal<1>>,
    #[field(label = "生均设备值（元）", help = "自动计算")]
    pub equipment_each: Option<Money>,
    #[field(
        label = "健康等级",
        list,
        filter,
        help = "自动判定：低于标准0项健康，1至2项关注，3项以上预警"
    )]
    pub health: Option<Health>,
    #[field(label = "改进措施", max = 1000, help = "关注、预警的专业必须填写")]
    pub measures: Option<LongText>,
}

/// The lines below which a share counts against a major, in tenths of a per cent. 双师型 30 % and 2,500 yuan of equipment a
/// student are 《中等职业学校设置标准》（教职成〔2010〕12号）; the others are the usual lines of school quality cards.
const ENROLMENT_LINE: i64 = 800;
const PLACEMENT_LINE: i64 = 900;
const MATCH_LINE: i64 = 600;
const DUAL_LINE: i64 = 300;
/// In fen.
const EQUIPMENT_LINE: i64 = 250_000;

/// `part` of `whole` in tenths of a per cent, rounded; nothing of nothing.
fn share(part: i64, whole: i64) -> Option<Decimal<1>> {
    (whole > 0).then(|| Decimal((part * 2000 + whole) / (whole * 2)))
}

impl MajorYear {
    /// How many shares lie below their line.
    fn low(&self) -> usize {
        let below = |rate: Option<Decimal<1>>, line: i64| rate.is_some_and(|rate| rate.0 < line);
        [
            below(self.enrolment_rate, ENROLMENT_LINE),
            below(self.placement_rate, PLACEMENT_LINE),
            below(self.match_rate, MATCH_LINE),
            below(self.dual_rate, DUAL_LINE),
            self.equipment_each.is_some_and(|value| value.0 < EQUIPMENT_LINE),
        ]
        .into_iter()
        .filter(|low| *low)
        .count()
    }
}

impl Rules for MajorYear {
    fn flow() -> Flow {
        let office = [Who::Role(TEACHING_OFFICE)];
        Flow::starts("待审核")
            .open("已退回")
            .done("已审核")
            .step("accept", "审核通过", &["待审核"], "已审核", &office)
            .within_days(10)
            .signed("教务处意见")
            .step("return", "退回核对", &["待审核", "已审核"], "已退回", &office)
            .with_note()
            .step(
                "resubmit",
                "重新提交",
                &["已退回"],
                "待审核",
                &[Who::Field("filler".into()), Who::Creator],
            )
            .editable(&["待审核", "已退回"])
    }

    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "major_year_card",
                "专业健康卡填报",
                1,
                Every::Year,
                Major::each_enrolling(),
                Filter::all(),
            )
            .also(&["专业年度诊断", "专业建设年度报告", "专业诊改"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "major_year_healthy",
                "健康专业占比",
                "健康等级为健康的专业健康卡 ÷ 填报的健康卡",
                "%",
                Measure::Share {
                    of: Filter::is("health", "green"),
                    among: Filter::all(),
                },
            )
            .also(&["专业健康率"]),
            indicator(
                "major_year_warned",
                "预警专业数",
                "健康等级为预警的专业健康卡",
                "个",
                Measure::Count {
                    of: Filter::is("health", "red"),
                },
            ),
            indicator(
                "major_year_filled",
                "专业健康卡填报率",
                "填报了健康卡的招生专业 ÷ 招生专业",
                "%",
                Measure::Coverage {
                    of: Filter::all(),
                    field: "major".into(),
                    all: Major::enrolling(),
                },
            ),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("card", "专业健康卡")
                .heading("{major} {year}学年　健康等级：{health}")
                .fields(&[
                    "planned",
                    "enrolled",
                    "enrolment_rate",
                    "students",
                    "graduates",
                    "placed",
                    "placement_rate",
                    "employed",
                    "matched",
                    "match_rate",
                    "certified",
                    "certified_rate",
                    "teachers",
                    "dual",
                    "dual_rate",
                    "equipment",
                    "equipment_each",
                    "partners",
                    "awards",
                    "measures",
                ])
                .approvals()
                .signatures(&["专业带头人", "系主任"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(TEACHING_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(TEACHER, Reach::Own),
            may_read(ENROLMENT_OFFICE, Reach::School),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &[
            "enrolment_rate",
            "placement_rate",
            "match_rate",
            "certified_rate",
            "dual_rate",
            "equipment_each",
            "health",
        ]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.enrolment_rate = share(self.enrolled, self.planned);
        self.placement_rate = share(self.placed, self.graduates);
        self.match_rate = share(self.matched, self.employed);
        self.certified_rate = share(self.certified, self.graduates);
        self.dual_rate = share(self.dual, self.teachers);
        self.equipment_each = (self.students > 0).then(|| Money(self.equipment.0 / self.students));
        self.health = Some(match self.low() {
            0 => Health::Green,
            1 | 2 => Health::Yellow,
            _ => Health::Red,
        });
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let measures = filled(self.measures.as_ref().map(|text| text.0.as_str()));
        Checks::new()
            .school_year(self.year, ctx.today, "year")
            .not_after_today(self.filled_on, ctx.today, "filled_on")
            .refuse(
                self.placed > self.graduates,
                "placed",
                "就业升学数不能多于应届毕业生数",
            )
            .refuse(
                self.employed > self.placed,
                "employed",
                "直接就业数不能多于就业升学数",
            )
            .refuse(
                self.matched > self.employed,
                "matched",
                "对口就业数不能多于直接就业数",
            )
            .refuse(
                self.certified > self.graduates,
                "certified",
                "持证数不能多于应届毕业生数",
            )
            .refuse(
                self.dual > self.teachers,
                "dual",
                "双师型教师数不能多于专业教师数",
            )
            .refuse(self.equipment.0 < 0, "equipment", "设备值不能为负数")
            .refuse(
                self.health.is_some_and(|health| health != Health::Green) && !measures,
                "measures",
                "有指标低于标准，请写明改进措施",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn completed(mut card: MajorYear) -> MajorYear {
        let ctx = Ctx {
            today: test_day(),
            new: true,
        };
        card.complete(&ctx);
        card
    }

    fn sample() -> MajorYear {
        MajorYear {
            major: Ref::new(Uuid::nil()),
            year: 2025,
            filled_on: test_day(),
            filler: Ref::new(Uuid::nil()),
            planned: 80,
            enrolled: 64,
            students: 200,
            graduates: 70,
            placed: 63,
            employed: 20,
            matched: 12,
            certified: 60,
            teachers: 10,
            dual: 3,
            equipment: Money(50_000_000),
            partners: 4,
            awards: 3,
            enrolment_rate: None,
            placement_rate: None,
            match_rate: None,
            certified_rate: None,
            dual_rate: None,
            equipment_each: None,
            health: None,
            measures: None,
        }
    }

    #[test]
    fn shares_on_their_line_are_healthy() {
        let card = completed(sample());
        assert_eq!(card.enrolment_rate, Some(Decimal(800)));
        assert_eq!(card.placement_rate, Some(Decimal(900)));
        assert_eq!(card.certified_rate, Some(Decimal(857)));
        assert_eq!(card.equipment_each, Some(Money(250_000)));
        assert_eq!(card.health, Some(Health::Green));
        assert!(refused(&card).is_empty());
    }

    #[test]
    fn low_shares_call_for_measures() {
        let one = completed(MajorYear { dual: 2, ..sample() });
        assert_eq!(one.health, Some(Health::Yellow));
        assert_eq!(refused(&one), ["measures"]);
        let three = completed(MajorYear {
            dual: 2,
            enrolled: 40,
            matched: 11,
            measures: Some(LongText("派两名教师下企业".into())),
            ..sample()
        });
        assert_eq!(three.health, Some(Health::Red));
        assert!(refused(&three).is_empty());
        let young = completed(MajorYear {
            graduates: 0,
            placed: 0,
            employed: 0,
            matched: 0,
            certified: 0,
            ..sample()
        });
        assert_eq!((young.placement_rate, young.match_rate), (None, None));
        assert_eq!(young.health, Some(Health::Green));
    }

    #[test]
    fn a_part_is_not_more_than_its_whole() {
        let wrong = completed(MajorYear {
            placed: 71,
            employed: 72,
            matched: 73,
            certified: 71,
            dual: 11,
            year: 1999,
            ..sample()
        });
        assert_eq!(
            refused(&wrong),
            ["year", "placed", "employed", "matched", "certified", "dual"]
        );
    }
}
