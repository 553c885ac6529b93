use super::Meal;
use crate::words::day_of;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use kernel::error::Violation;
use kernel::register::field::{ChoiceList, Decimal, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{
    DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, indicator, school_wide,
};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::Checks;
use people::roles::{GENERAL_AFFAIRS, HEALTH_OFFICE, SAFETY_OFFICE};

/// 食品留样：每餐次每种成品都留样，不少于125克，专柜冷藏48小时以上，到时间后登记销毁。由食堂留样员登记。
#[derive(Clone, Debug, Register)]
#[register(
    id = "food_sample",
    title = "食品留样",
    group = "logistics",
    systems = "F6",
    label = "dish, sampled_on",
    date = "sampled_on",
    due = "keep_to",
    within = "keeper",
    owner = "keeper"
)]
pub struct FoodSample {
    #[field(label = "留样时间", list)]
    pub sampled_at: DateTime<Utc>,
    #[field(label = "留样日期", filter, help = "由留样时间得出，不用填")]
    pub sampled_on: Option<NaiveDate>,
    #[field(label = "餐次", list, filter)]
    pub meal: Meal,
    #[field(label = "食品名称", list, max = 40)]
    pub dish: String,
    #[field(label = "留样量（克）", list, max = 2000, help = "每个品种不少于125克")]
    pub grams: i64,
    #[field(label = "留样盒编号", max = 20)]
    pub container: String,
    #[field(label = "冷藏温度（℃）", help = "0至8℃")]
    pub temperature: Decimal<1>,
    #[field(label = "留样人", list)]
    pub keeper: Ref<Staff>,
    #[field(label = "应保存至", help = "留样后48小时，由留样时间得出")]
    pub keep_until: Option<DateTime<Utc>>,
    #[field(label = "销毁期限", help = "满48小时后的次日，不用填")]
    pub keep_to: Option<NaiveDate>,
    #[field(label = "销毁时间", list)]
    pub discarded_at: Option<DateTime<Utc>>,
    #[field(label = "销毁人")]
    pub discarder: Option<Ref<Staff>>,
    #[field(label = "备注", max = 100)]
    pub remark: Option<String>,
}

/// 《学校食品安全与营养健康管理规定》（教育部等三部门令第45号）第四十条: grams and hours.
const GRAMS: i64 = 125;
const HOURS: i64 = 48;
/// Days after sampling on which a sample is cleared away at the latest.
const CLEARED_AFTER: i64 = 3;

impl Rules for FoodSample {
    fn flow() -> Flow {
        Flow::starts("留样中")
            .done("已销毁")
            .done("已封存送检")
            .step(
                "discard",
                "登记销毁",
                &["留样中"],
                "已销毁",
                &[Who::Field("keeper".into()), Who::Role(HEALTH_OFFICE)],
            )
            .needs(&["discarded_at", "discarder"])
            .step(
                "seal",
                "封存送检",
                &["留样中"],
                "已封存送检",
                &[Who::Role(HEALTH_OFFICE), Who::Role(SAFETY_OFFICE)],
            )
            .with_note()
    }

    fn duties() -> Vec<DutySpec> {
        [Meal::Breakfast, Meal::Lunch, Meal::Dinner]
            .into_iter()
            .map(|meal| {
                duty(
                    &format!("food_sample_{}", meal.code()),
                    &format!("{}食品留样", meal.label()),
                    1,
                    Every::Day,
                    school_wide(),
                    Filter::is("meal", meal.code()),
                )
                .also(&["食品留样", "食堂留样"])
            })
            .collect()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "food_sample_count",
                "食品留样份数",
                "留样记录条数",
                "份",
                Measure::Count { of: Filter::all() },
            ),
            indicator(
                "food_sample_cold",
                "留样冷藏达标率",
                "冷藏温度不高于8℃的留样 ÷ 全部留样",
                "%",
                Measure::Share {
                    of: Filter::all().and("temperature", Op::AtMost, 80i64),
                    among: Filter::all(),
                },
            )
            .also(&["食品留样合格率", "食品留样率"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(HEALTH_OFFICE, Reach::School),
            may_write(GENERAL_AFFAIRS, Reach::School),
            may_read(SAFETY_OFFICE, Reach::School),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            list_form(
                "book",
                "食品留样记录表",
                &[
                    "sampled_at",
                    "meal",
                    "dish",
                    "grams",
                    "container",
                    "keeper",
                    "discarded_at",
                ],
                &["留样人签名"],
            )
            .by("sampled_on"),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["sampled_on", "keep_until", "keep_to"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        let day = day_of(self.sampled_at);
        self.sampled_on = Some(day);
        self.keep_until = Some(self.sampled_at + Duration::hours(HOURS));
        self.keep_to = Some(day + Duration::days(CLEARED_AFTER));
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let early = self
            .discarded_at
            .is_some_and(|at| at < self.sampled_at + Duration::hours(HOURS));
        Checks::new()
            .refuse(
                day_of(self.sampled_at) > ctx.today,
                "sampled_at",
                "留样时间不能晚于今天",
            )
            .refuse(self.grams < GRAMS, "grams", "每个品种留样量不得少于125克")
            .refuse(
                !(-50..=150).contains(&self.temperature.0),
                "temperature",
                "冷藏温度请核对，应为0至8℃",
            )
            .refuse(
                early,
                "discarded_at",
                "留样应冷藏保存48小时以上，未到时间不能销毁",
            )
            .refuse(
                self.discarded_at.is_some_and(|at| day_of(at) > ctx.today),
                "discarded_at",
                "销毁时间不能晚于今天",
            )
            .refuse(
                self.discarded_at.is_some() && self.discarder.is_none(),
                "discarder",
                "填写了销毁时间，请选择销毁人",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                !(0..=80).contains(&self.temperature.0),
                "temperature",
                "留样柜温度超出0至8℃，请立即调整并检查留样",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::moment;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> FoodSample {
        FoodSample {
            sampled_at: moment(-3, 11),
            sampled_on: None,
            meal: Meal::Lunch,
            dish: "番茄炒蛋".into(),
            grams: 125,
            container: "L-03".into(),
            temperature: Decimal(40),
            keeper: Ref::new(Uuid::nil()),
            keep_until: None,
            keep_to: None,
            discarded_at: None,
            discarder: None,
            remark: None,
        }
    }

    #[test]
    fn enough_and_long_enough() {
        assert!(refused(&sample()).is_empty());
        let with = |change: fn(&mut FoodSample)| {
            let mut food = sample();
            change(&mut food);
            refused(&food)
        };
        assert_eq!(with(|f| f.grams = 124), ["grams"]);
        let gone = |at| FoodSample {
            discarded_at: Some(at),
            discarder: Some(Ref::new(Uuid::nil())),
            ..sample()
        };
        assert!(refused(&gone(moment(-1, 11))).is_empty());
        assert_eq!(refused(&gone(moment(-1, 10))), ["discarded_at"]);
        assert_eq!(with(|f| f.discarded_at = Some(moment(-1, 12))), ["discarder"]);
        assert_eq!(with(|f| f.sampled_at = moment(1, 1)), ["sampled_at"]);
    }

    #[test]
    fn the_time_to_keep_is_computed_and_warmth_is_doubted() {
        let mut food = sample();
        food.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        assert_eq!(food.keep_until, Some(moment(-1, 11)));
        assert_eq!(food.keep_to, Some(test_day()));
        food.temperature = Decimal(81);
        assert_eq!(doubted(&food), ["temperature"]);
    }
}
