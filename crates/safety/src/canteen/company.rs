use super::Meal;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{ChoiceList, LongText, Ref};
use kernel::register::indicator::{
    DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, indicator, school_wide,
};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::{Checks, said};
use people::roles::{GENERAL_AFFAIRS, HEALTH_OFFICE, OFFICE, SAFETY_OFFICE, roles};

choice!(
    /// 陪餐人员类别
    Companion {
        Leader = "leader" "校级领导",
        Head = "head" "中层干部",
        Teacher = "teacher" "教师",
        Parent = "parent" "家长代表",
    }
);

choice!(
    /// 陪餐评价; the codes sort from good to bad.
    MealRating {
        Excellent = "1" "好",
        Good = "2" "较好",
        Fair = "3" "一般",
        Poor = "4" "差",
    }
);

/// 陪餐记录：每餐有学校负责人与学生同餐，评价饭菜质量、分量和卫生，听取学生意见，问题当天反馈食堂。
#[derive(Clone, Debug, Register)]
#[register(
    id = "meal_company",
    title = "陪餐记录",
    group = "logistics",
    systems = "F6",
    label = "companion, eaten_on",
    date = "eaten_on",
    within = "companion",
    owner = "companion"
)]
pub struct MealCompany {
    #[field(label = "陪餐日期", list, filter)]
    pub eaten_on: NaiveDate,
    #[field(label = "餐次", list, filter)]
    pub meal: Meal,
    #[field(label = "陪餐人", list, help = "家长陪餐的，填负责接待的教职工")]
    pub companion: Ref<Staff>,
    #[field(label = "人员类别", list, filter)]
    pub kind: Companion,
    #[field(label = "家长姓名", sealed, max = 36)]
    pub parent: Option<String>,
    #[field(label = "食堂", filter, max = 30)]
    pub canteen: String,
    #[field(label = "菜品", max = 200)]
    pub menu: String,
    #[field(label = "口味质量", list, filter)]
    pub taste: MealRating,
    #[field(label = "分量价格")]
    pub portion: MealRating,
    #[field(label = "环境卫生")]
    pub hygiene: MealRating,
    #[field(label = "服务秩序")]
    pub service: MealRating,
    #[field(label = "学生意见", max = 500)]
    pub opinion: Option<LongText>,
    #[field(label = "发现的问题", max = 500)]
    pub problem: Option<LongText>,
    #[field(label = "食堂反馈", max = 500)]
    pub answer: Option<LongText>,
    #[field(label = "反馈日期", list)]
    pub answered_on: Option<NaiveDate>,
}

impl Rules for MealCompany {
    // 《学校食品安全与营养健康管理规定》（第45号令）: a responsible person of the school eats with the students at every meal.
    fn duties() -> Vec<DutySpec> {
        [Meal::Breakfast, Meal::Lunch, Meal::Dinner]
            .into_iter()
            .map(|meal| {
                duty(
                    &format!("meal_company_{}", meal.code()),
                    &format!("{}陪餐", meal.label()),
                    1,
                    Every::Day,
                    school_wide(),
                    Filter::is("meal", meal.code()),
                )
                .also(&["陪餐", "领导陪餐", "校领导陪餐"])
            })
            .collect()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "meal_company_count",
                "陪餐次数",
                "陪餐记录条数",
                "次",
                Measure::Count { of: Filter::all() },
            ),
            indicator(
                "meal_company_satisfied",
                "食堂饭菜满意率",
                "口味质量评为好或较好的陪餐 ÷ 全部陪餐",
                "%",
                Measure::Share {
                    of: Filter::all().and("taste", Op::AtMost, "2"),
                    among: Filter::all(),
                },
            )
            .also(&["食堂满意率", "食堂满意度"]),
            indicator(
                "meal_company_parents",
                "家长陪餐次数",
                "家长代表陪餐的记录条数",
                "次",
                Measure::Count {
                    of: Filter::is("kind", "parent"),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        let mut access: Vec<Access> = roles().iter().map(|r| may_write(r.id, Reach::Own)).collect();
        access.push(may_write(HEALTH_OFFICE, Reach::School));
        access.push(may_write(GENERAL_AFFAIRS, Reach::School));
        access.push(may_read(SAFETY_OFFICE, Reach::School));
        access.push(may_read(OFFICE, Reach::School));
        access
    }

    fn papers() -> Vec<PaperForm> {
        vec![list_form(
            "book",
            "学校陪餐记录表",
            &[
                "eaten_on",
                "meal",
                "companion",
                "menu",
                "taste",
                "hygiene",
                "problem",
                "answer",
            ],
            &["陪餐人签名"],
        )]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let poor = [self.taste, self.portion, self.hygiene, self.service].contains(&MealRating::Poor);
        Checks::new()
            .not_after_today(self.eaten_on, ctx.today, "eaten_on")
            .refuse(
                poor && !said(&self.problem),
                "problem",
                "有评为“差”的项目，请写明发现的问题",
            )
            .in_order(
                self.eaten_on,
                self.answered_on,
                "answered_on",
                "反馈日期不能早于陪餐日期",
            )
            .not_after_today(self.answered_on, ctx.today, "answered_on")
            .refuse(
                self.answered_on.is_some() && !said(&self.answer),
                "answer",
                "填写了反馈日期，请写明食堂反馈",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                said(&self.problem) && self.answered_on.is_none() && self.eaten_on < ctx.today,
                "answer",
                "陪餐发现的问题食堂还没有反馈",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    #[test]
    fn what_was_poor_is_named_and_answered() {
        let good = MealRating::Good;
        let meal = MealCompany {
            eaten_on: test_day() - chrono::Days::new(1),
            meal: Meal::Lunch,
            companion: Ref::new(Uuid::nil()),
            kind: Companion::Head,
            parent: None,
            canteen: "第一食堂".into(),
            menu: "米饭、青菜、红烧鸡块".into(),
            taste: good,
            portion: good,
            hygiene: good,
            service: good,
            opinion: None,
            problem: None,
            answer: None,
            answered_on: None,
        };
        assert!(refused(&meal).is_empty() && doubted(&meal).is_empty());
        let poor = MealCompany {
            hygiene: MealRating::Poor,
            ..meal
        };
        assert_eq!(refused(&poor), ["problem"]);
        let named = MealCompany {
            problem: Some(LongText("餐桌有油渍".into())),
            ..poor
        };
        assert!(refused(&named).is_empty());
        assert_eq!(doubted(&named), ["answer"]);
        let answered = MealCompany {
            answered_on: Some(test_day()),
            ..named
        };
        assert_eq!(refused(&answered), ["answer"]);
    }
}
