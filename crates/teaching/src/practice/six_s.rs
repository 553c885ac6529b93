use crate::TrainingRoom;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Ref};
use kernel::register::flow::{Flow, Guard, Who};
use kernel::register::indicator::{
    DutyScope, DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, indicator,
};
use kernel::register::paper::{PaperForm, list_form, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::{Checks, filled};
use people::roles::{DEPARTMENT_HEAD, TEACHER, TRAINING_OFFICE};

choice!(
    /// 检查层级
    SixSLevel {
        Own = "own" "实训室自查",
        Department = "department" "系部检查",
        School = "school" "学校检查",
    }
);

choice!(
    /// 评定等级
    SixSGrade {
        Excellent = "1" "优秀",
        Good = "2" "良好",
        Fair = "3" "合格",
        Poor = "4" "不合格",
    }
);

choice!(
    /// 与上次相比
    Trend {
        Up = "up" "上升",
        Level = "level" "持平",
        Down = "down" "下降",
    }
);

/// 6S检查：实训室整理、整顿、清扫、清洁、素养、安全六项打分，每周一次，公布得分，低于70分的限期整改。实训处和系部检查。
#[derive(Clone, Debug, Register)]
#[register(
    id = "six_s_check",
    title = "6S检查",
    group = "training",
    systems = "C3",
    label = "room, checked_on",
    unique = "room, checked_on, level",
    date = "checked_on",
    due = "due",
    within = "room",
    owner = "keeper"
)]
pub struct SixSCheck {
    #[field(label = "实训室", list, filter)]
    pub room: Ref<TrainingRoom>,
    #[field(label = "检查日期", list, filter)]
    pub checked_on: NaiveDate,
    #[field(label = "检查层级", list, filter)]
    pub level: SixSLevel,
    #[field(label = "检查人")]
    pub checker: Ref<Staff>,
    #[field(label = "责任人", list, help = "实训室管理员")]
    pub keeper: Ref<Staff>,
    #[field(label = "整理（15分）", max = 15, help = "要与不要分开，工位无杂物")]
    pub sort: i64,
    #[field(label = "整顿（20分）", max = 20, help = "工量具定位、标识清楚、账物相符")]
    pub order: i64,
    #[field(label = "清扫（15分）", max = 15, help = "地面、设备、窗台无切屑油污")]
    pub shine: i64,
    #[field(label = "清洁（15分）", max = 15, help = "制度上墙、值日有表、保持有效")]
    pub standard: i64,
    #[field(label = "素养（15分）", max = 15, help = "着装、纪律、操作规范")]
    pub sustain: i64,
    #[field(label = "安全（20分）", max = 20, help = "用电、消防、防护、危险品、通道")]
    pub safety: i64,
    #[field(label = "总分", list, max = 100, help = "自动合计")]
    pub total: Option<i64>,
    #[field(label = "评定等级", list, filter, help = "自动评定：90、80、70分为界")]
    pub grade: Option<SixSGrade>,
    #[field(label = "上次得分", max = 100)]
    pub previous: Option<i64>,
    #[field(label = "与上次相比", list, filter, help = "自动判定")]
    pub trend: Option<Trend>,
    #[field(label = "问题与要求", max = 500)]
    pub problem: Option<LongText>,
    #[field(label = "整改期限", list)]
    pub due: Option<NaiveDate>,
    #[field(label = "整改情况", max = 500)]
    pub mended: Option<LongText>,
    #[field(label = "照片", help = "可不传")]
    pub photos: Files,
}

/// Points below which a room has to be put right.
const LINE: i64 = 70;

impl Rules for SixSCheck {
    fn flow() -> Flow {
        let office = [Who::Role(TRAINING_OFFICE), Who::Role(DEPARTMENT_HEAD)];
        Flow::starts("待公布")
            .open("待整改")
            .open("待复查")
            .done("已公布")
            .done("已整改")
            .step("publish", "公布得分", &["待公布"], "已公布", &office)
            .when(Guard::above("total", LINE - 1))
            .within_days(3)
            .step("demand", "公布并要求整改", &["待公布"], "待整改", &office)
            .when(Guard::at_most("total", LINE - 1))
            .needs(&["problem", "due"])
            .within_days(3)
            .step(
                "mend",
                "整改完成",
                &["待整改"],
                "待复查",
                &[Who::Field("keeper".into())],
            )
            .needs(&["mended"])
            .step("close", "复查通过", &["待复查"], "已整改", &office)
            .signed("复查意见")
            .step("again", "退回再整改", &["待复查"], "待整改", &office)
            .with_note()
    }

    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "six_s_weekly",
                "实训室6S检查",
                1,
                Every::Week,
                DutyScope::Each {
                    register: "training_room".into(),
                    only: Some(("status".into(), "in_use".into())),
                },
                Filter::all(),
            )
            .also(&["6S检查", "6S管理检查", "实训6S"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let all = Filter::all;
        vec![
            indicator(
                "six_s_good",
                "6S优良率",
                "总分80分以上的6S检查 ÷ 全部6S检查",
                "%",
                Measure::Share {
                    of: all().and("total", Op::AtLeast, 80),
                    among: all(),
                },
            )
            .also(&["6S达标率", "6S管理优良率", "实训室6S优良率"]),
            indicator(
                "six_s_rising",
                "6S得分不降率",
                "与上次相比上升或持平的检查 ÷ 有上次得分的检查",
                "%",
                Measure::Share {
                    of: all()
                        .and("previous", Op::AtLeast, 0)
                        .and("trend", Op::Not, "down"),
                    among: all().and("previous", Op::AtLeast, 0),
                },
            )
            .also(&["6S趋势"]),
            indicator(
                "six_s_coverage",
                "6S检查覆盖率",
                "检查过6S的在用实训室 ÷ 在用实训室",
                "%",
                Measure::Coverage {
                    of: all(),
                    field: "room".into(),
                    all: TrainingRoom::in_use(),
                },
            ),
            indicator(
                "six_s_checks",
                "6S检查次数",
                "6S检查记录条数",
                "次",
                Measure::Count { of: all() },
            ),
            indicator(
                "six_s_poor",
                "6S不合格次数",
                "总分低于70分的检查",
                "次",
                Measure::Count {
                    of: Filter::is("grade", "4"),
                },
            ),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("check", "实训室6S检查表")
                .fields(&[
                    "room",
                    "checked_on",
                    "level",
                    "checker",
                    "keeper",
                    "sort",
                    "order",
                    "shine",
                    "standard",
                    "sustain",
                    "safety",
                    "total",
                    "grade",
                    "previous",
                    "trend",
                    "problem",
                    "due",
                    "mended",
                ])
                .signatures(&["检查人", "实训室责任人"]),
            list_form(
                "board",
                "6S检查得分公示",
                &["room", "checked_on", "total", "grade", "trend", "keeper"],
                &[],
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(TRAINING_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(TEACHER, Reach::Own),
            may_read(TEACHER, Reach::School),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["total", "grade", "trend"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        let total = self.sort + self.order + self.shine + self.standard + self.sustain + self.safety;
        self.total = Some(total);
        self.grade = Some(match total {
            90.. => SixSGrade::Excellent,
            80.. => SixSGrade::Good,
            LINE.. => SixSGrade::Fair,
            _ => SixSGrade::Poor,
        });
        self.trend = self.previous.map(|previous| match total.cmp(&previous) {
            std::cmp::Ordering::Greater => Trend::Up,
            std::cmp::Ordering::Equal => Trend::Level,
            std::cmp::Ordering::Less => Trend::Down,
        });
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let problem = filled(self.problem.as_ref().map(|text| text.0.as_str()));
        Checks::new()
            .not_after_today(self.checked_on, ctx.today, "checked_on")
            .refuse(
                self.due.is_some() && !problem,
                "problem",
                "填写了整改期限，请写明问题与要求",
            )
            .in_order(self.checked_on, self.due, "due", "整改期限不能早于检查日期")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn sample() -> SixSCheck {
        SixSCheck {
            room: Ref::new(Uuid::nil()),
            checked_on: test_day(),
            level: SixSLevel::Department,
            checker: Ref::new(Uuid::nil()),
            keeper: Ref::new(Uuid::nil()),
            sort: 12,
            order: 16,
            shine: 12,
            standard: 12,
            sustain: 12,
            safety: 16,
            total: None,
            grade: None,
            previous: None,
            trend: None,
            problem: None,
            due: None,
            mended: None,
            photos: Files::default(),
        }
    }

    fn completed(mut check: SixSCheck) -> SixSCheck {
        check.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        check
    }

    #[test]
    fn total_grade_and_trend_follow() {
        let first = completed(sample());
        assert_eq!(
            (first.total, first.grade, first.trend),
            (Some(80), Some(SixSGrade::Good), None)
        );
        for (previous, trend) in [(79, Trend::Up), (80, Trend::Level), (81, Trend::Down)] {
            let next = completed(SixSCheck {
                previous: Some(previous),
                ..sample()
            });
            assert_eq!(next.trend, Some(trend));
        }
        let poor = completed(SixSCheck {
            safety: 5,
            ..sample()
        });
        assert_eq!((poor.total, poor.grade), (Some(69), Some(SixSGrade::Poor)));
        let fair = completed(SixSCheck {
            safety: 6,
            ..sample()
        });
        assert_eq!(fair.grade, Some(SixSGrade::Fair));
    }

    #[test]
    fn a_term_to_mend_says_what() {
        assert!(refused(&sample()).is_empty());
        let due = SixSCheck {
            due: test_day().pred_opt(),
            ..sample()
        };
        assert_eq!(refused(&due), ["problem", "due"]);
    }

    #[test]
    fn a_low_score_is_published_only_with_a_demand() {
        let flow = SixSCheck::flow();
        let when = |id: &str| flow.find(id).and_then(|step| step.when.clone());
        assert_eq!(when("publish"), Some(Guard::above("total", 69)));
        assert_eq!(when("demand"), Some(Guard::at_most("total", 69)));
        assert_eq!(
            flow.find("mend").expect("a step").who,
            [Who::Field("keeper".into())]
        );
    }
}
