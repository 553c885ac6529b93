use super::Meal;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Decimal, Ref};
use kernel::register::indicator::{
    DutySpec, Every, Filter, IndicatorSpec, Measure, duty, indicator, school_wide,
};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::{Checks, filled};
use people::roles::{GENERAL_AFFAIRS, HEALTH_OFFICE, SAFETY_OFFICE};

choice!(
    /// 消毒方式
    DisinfectionWay {
        Steam = "steam" "蒸汽消毒",
        Boiling = "boiling" "煮沸消毒",
        Infrared = "infrared" "红外线消毒柜",
        Washer = "washer" "洗碗机消毒",
        Chlorine = "chlorine" "含氯消毒剂浸泡",
    }
);

/// 餐饮具消毒：每餐用后的餐饮具怎样消毒、温度或浓度、时间，逐次登记。由食堂消毒员登记，卫生膳食科抽查。
#[derive(Clone, Debug, Register)]
#[register(
    id = "disinfection",
    title = "餐饮具消毒",
    group = "logistics",
    systems = "F6",
    label = "meal, done_on",
    date = "done_on",
    within = "checker",
    owner = "checker"
)]
pub struct Disinfection {
    #[field(label = "消毒日期", list, filter)]
    pub done_on: NaiveDate,
    #[field(label = "餐次", list, filter)]
    pub meal: Meal,
    #[field(label = "餐饮具", list, max = 60, help = "如 餐盘、碗筷、汤盆")]
    pub items: String,
    #[field(label = "数量（件）", list, max = 100000)]
    pub pieces: i64,
    #[field(label = "消毒方式", list, filter)]
    pub way: DisinfectionWay,
    #[field(label = "温度（℃）", max = 300, help = "热力消毒填写")]
    pub temperature: Option<i64>,
    #[field(label = "有效氯（mg/L）", max = 5000, help = "含氯消毒剂填写")]
    pub chlorine: Option<i64>,
    #[field(label = "时间（分钟）", list)]
    pub minutes: Decimal<1>,
    #[field(label = "消毒员", list, max = 36)]
    pub operator: String,
    #[field(label = "检查人", list)]
    pub checker: Ref<Staff>,
    #[field(label = "感官合格", list, filter, help = "光、洁、涩、干，无异味")]
    pub clean: bool,
    #[field(label = "不合格处理", max = 200)]
    pub remedy: Option<String>,
}

/// 《餐饮服务食品安全操作规范》（2018年第12号公告）, disinfection methods: least degrees and tenths of a minute.
fn heat(way: DisinfectionWay) -> Option<(i64, i64)> {
    match way {
        DisinfectionWay::Steam | DisinfectionWay::Boiling => Some((100, 100)),
        DisinfectionWay::Infrared => Some((120, 100)),
        DisinfectionWay::Washer => Some((85, 7)),
        DisinfectionWay::Chlorine => None,
    }
}

/// The same for chlorine: least milligrams a litre and tenths of a minute.
const CHLORINE: (i64, i64) = (250, 50);

impl Disinfection {
    fn faults(&self) -> Vec<(&'static str, String)> {
        let mut faults = vec![];
        let least = match heat(self.way) {
            Some((degrees, least)) => {
                if self.temperature.is_none_or(|is| is < degrees) {
                    faults.push(("temperature", format!("这种方式的温度应达到{degrees}℃")));
                }
                least
            }
            None => {
                if self.chlorine.is_none_or(|is| is < CHLORINE.0) {
                    faults.push(("chlorine", format!("有效氯浓度应达到{}mg/L", CHLORINE.0)));
                }
                CHLORINE.1
            }
        };
        if self.minutes.0 < least {
            let minutes = format!("{}.{}", least / 10, least % 10);
            faults.push(("minutes", format!("这种方式的时间应不少于{minutes}分钟")));
        }
        faults
    }
}

impl Rules for Disinfection {
    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "disinfection_day",
                "餐饮具消毒",
                3,
                Every::Day,
                school_wide(),
                Filter::all(),
            )
            .also(&["餐具消毒", "食堂餐具消毒", "每日消毒"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "disinfection_clean",
                "餐饮具消毒合格率",
                "感官合格的消毒记录 ÷ 全部消毒记录",
                "%",
                Measure::Share {
                    of: Filter::is("clean", true),
                    among: Filter::all(),
                },
            )
            .also(&["餐具消毒合格率"]),
            indicator(
                "disinfection_count",
                "餐饮具消毒次数",
                "消毒记录条数",
                "次",
                Measure::Count { of: Filter::all() },
            ),
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
        vec![list_form(
            "book",
            "餐饮具清洗消毒记录表",
            &[
                "done_on",
                "meal",
                "items",
                "pieces",
                "way",
                "temperature",
                "chlorine",
                "minutes",
                "operator",
            ],
            &["检查人签名"],
        )]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let mut checks = Checks::new()
            .not_after_today(self.done_on, ctx.today, "done_on")
            .refuse(self.pieces == 0, "pieces", "数量应大于0")
            .refuse(
                !self.clean && !filled(self.remedy.as_deref()),
                "remedy",
                "感官不合格的，请写明怎样处理",
            );
        // What did not reach the norm is recorded as it was, with what was done about it.
        if !filled(self.remedy.as_deref()) {
            for (field, message) in self.faults() {
                checks = checks.refuse(true, field, format!("{message}；未达到的请填写“不合格处理”"));
            }
        }
        checks.done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn done(
        way: DisinfectionWay,
        temperature: Option<i64>,
        chlorine: Option<i64>,
        tenths: i64,
    ) -> Vec<String> {
        refused(&Disinfection {
            done_on: test_day(),
            meal: Meal::Lunch,
            items: "餐盘".into(),
            pieces: 900,
            way,
            temperature,
            chlorine,
            minutes: Decimal(tenths),
            operator: "赵某".into(),
            checker: Ref::new(Uuid::nil()),
            clean: true,
            remedy: None,
        })
    }

    #[test]
    fn each_way_has_its_degrees_and_minutes() {
        use DisinfectionWay::*;
        assert!(done(Steam, Some(100), None, 100).is_empty());
        assert_eq!(done(Steam, Some(99), None, 99), ["temperature", "minutes"]);
        assert_eq!(done(Infrared, Some(110), None, 150), ["temperature"]);
        assert!(done(Washer, Some(85), None, 7).is_empty());
        assert!(done(Chlorine, None, Some(250), 50).is_empty());
        assert_eq!(done(Chlorine, Some(100), None, 50), ["chlorine"]);
        assert_eq!(done(Boiling, None, None, 100), ["temperature"]);
    }
}
