use super::{graduates, keepers};
use chrono::{Datelike, NaiveDate};
use kernel::error::Violation;
use kernel::register::field::{Code, LongText, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::checks::{Checks, said};
use people::roles::{CLASS_TEACHER, ENROLMENT_OFFICE};
use people::{Class, Staff, Student};

/// 未就业毕业生帮扶：没有落实去向的毕业生一人一策，专人指导和推荐岗位直到落实。是国家数据集“毕业去向【未就业】”的来源。
#[derive(Clone, Debug, Register)]
#[register(
    id = "unplaced",
    title = "未就业毕业生帮扶",
    group = "enrolment",
    systems = "D13",
    label = "student, year",
    unique = "student, year",
    date = "registered_on",
    due = "due",
    within = "class",
    owner = "helper"
)]
pub struct Unplaced {
    #[field(label = "学生", list, dataset = "T43.XH:number, T43.XM:name")]
    pub student: Ref<Student>,
    #[field(
        label = "毕业班级",
        list,
        filter,
        dataset = "T43.ZYMC:major, T43.ZYDM:major_code, T43.BJMC:name"
    )]
    pub class: Ref<Class>,
    #[field(label = "毕业年份", list, filter, max = 2100)]
    pub year: i64,
    #[field(label = "未就业类型", list, filter, code = "WJYLXDM", dataset = "T43.WJYLXM")]
    pub kind: Code,
    #[field(label = "原因", max = 300)]
    pub reason: LongText,
    #[field(label = "登记日期", filter)]
    pub registered_on: NaiveDate,
    #[field(label = "帮扶教师", list)]
    pub helper: Ref<Staff>,
    #[field(label = "帮扶期限", list)]
    pub due: NaiveDate,
    #[field(label = "就业指导次数", max = 200)]
    pub guidance: i64,
    #[field(label = "推荐岗位数", list, max = 200)]
    pub offers: i64,
    #[field(label = "帮扶措施", max = 500)]
    pub measures: Option<LongText>,
    #[field(
        label = "帮扶结果",
        max = 300,
        help = "落实后请在“毕业生就业”或“毕业生升学”另行登记"
    )]
    pub outcome: Option<LongText>,
    #[field(label = "落实日期")]
    pub placed_on: Option<NaiveDate>,
}

impl Rules for Unplaced {
    fn flow() -> Flow {
        let helper = [
            Who::Field("helper".into()),
            Who::Role(CLASS_TEACHER),
            Who::Role(ENROLMENT_OFFICE),
        ];
        Flow::starts("帮扶中")
            .done("已落实")
            .dropped("暂不就业")
            .step("place", "已落实", &["帮扶中"], "已落实", &helper)
            .needs(&["measures", "outcome", "placed_on"])
            .step(
                "leave",
                "本人暂不就业",
                &["帮扶中"],
                "暂不就业",
                &[Who::Role(ENROLMENT_OFFICE)],
            )
            .with_note()
            .step(
                "resume",
                "恢复帮扶",
                &["暂不就业"],
                "帮扶中",
                &[Who::Role(ENROLMENT_OFFICE)],
            )
            .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "unplaced_rate",
                "未就业比例",
                "仍在帮扶的毕业生 ÷ 学籍状态为毕业的学生",
                "%",
                Measure::Coverage {
                    of: Filter::state("帮扶中"),
                    field: "student".into(),
                    all: graduates(),
                },
            )
            .also(&["待就业率"]),
            indicator(
                "unplaced_placed",
                "帮扶落实率",
                "已落实 ÷ 登记帮扶的毕业生（不含本人暂不就业）",
                "%",
                Measure::Share {
                    of: Filter::state("已落实"),
                    among: Filter::all().and("state", Op::Not, "暂不就业"),
                },
            )
            .also(&["未就业毕业生帮扶率"]),
            indicator(
                "unplaced_offers",
                "推荐岗位次数",
                "为未就业毕业生推荐的岗位合计",
                "个",
                Measure::Sum {
                    of: Filter::all(),
                    field: "offers".into(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        keepers()
    }

    fn papers() -> Vec<PaperForm> {
        vec![list_form(
            "list",
            "未就业毕业生帮扶台账",
            &["class", "student", "kind", "helper", "offers", "due"],
            &["帮扶进展"],
        )]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let next = i64::from(ctx.today.year()) + 1;
        Checks::new()
            .refuse(
                !(2000..=next).contains(&self.year),
                "year",
                format!("毕业年份应在2000年至{next}年之间"),
            )
            .not_after_today(self.registered_on, ctx.today, "registered_on")
            .in_order(self.registered_on, self.due, "due", "帮扶期限不能早于登记日期")
            .in_order(
                self.registered_on,
                self.placed_on,
                "placed_on",
                "落实日期不能早于登记日期",
            )
            .not_after_today(self.placed_on, ctx.today, "placed_on")
            .refuse(
                self.placed_on.is_some() && !said(&self.outcome),
                "outcome",
                "填写了落实日期，请写明帮扶结果",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let waiting = self.kind.0 == "1" && self.placed_on.is_none();
        let month = (ctx.today - self.registered_on).num_days() > 30;
        Checks::new()
            .refuse(
                waiting && month && self.offers < 3,
                "offers",
                "登记超过一个月，建议至少推荐3个岗位",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{day, doubted, refused};
    use uuid::Uuid;

    fn sample() -> Unplaced {
        Unplaced {
            student: Ref::new(Uuid::nil()),
            class: Ref::new(Uuid::nil()),
            year: 2025,
            kind: Code("1".into()),
            reason: LongText("对岗位地点有要求".into()),
            registered_on: day(-40),
            helper: Ref::new(Uuid::nil()),
            due: day(20),
            guidance: 2,
            offers: 3,
            measures: None,
            outcome: None,
            placed_on: None,
        }
    }

    #[test]
    fn days_follow_and_an_end_is_told() {
        assert!(refused(&sample()).is_empty());
        assert_eq!(
            refused(&Unplaced {
                due: day(-41),
                ..sample()
            }),
            ["due"]
        );
        assert_eq!(
            refused(&Unplaced {
                placed_on: Some(day(-1)),
                ..sample()
            }),
            ["outcome"]
        );
    }

    #[test]
    fn offers_are_called_for_after_a_month() {
        let few = Unplaced {
            offers: 2,
            ..sample()
        };
        assert_eq!(doubted(&few), ["offers"]);
        assert!(
            doubted(&Unplaced {
                kind: Code("2".into()),
                ..few
            })
            .is_empty()
        );
    }
}
