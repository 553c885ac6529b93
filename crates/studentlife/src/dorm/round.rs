use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Ref};
use kernel::register::indicator::{
    DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, indicator, school_wide,
};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::{Checks, said};
use people::roles::{CLASS_TEACHER, DEPARTMENT_HEAD, DORM_KEEPER, SAFETY_OFFICE, STUDENT_OFFICE};

choice!(
    /// 查寝时段
    RoundTime {
        Night = "night" "晚就寝",
        Dawn = "dawn" "凌晨抽查",
        Morning = "morning" "早离寝",
        Weekend = "weekend" "周末留宿",
    }
);

/// 查寝记录：宿舍管理员每晚按楼栋清点人数；未归的当即联系并逐人登记到“查寝明细”。
#[derive(Clone, Debug, Register)]
#[register(
    id = "dorm_round",
    title = "查寝记录",
    group = "student",
    systems = "D14",
    label = "building, checked_on",
    unique = "building, checked_on, time",
    date = "checked_on",
    owner = "checker"
)]
pub struct DormRound {
    #[field(label = "楼栋", list, filter, max = 30)]
    pub building: String,
    #[field(label = "查寝日期", list, filter)]
    pub checked_on: NaiveDate,
    #[field(label = "查寝时段", list, filter)]
    pub time: RoundTime,
    #[field(label = "查寝人", list)]
    pub checker: Ref<Staff>,
    #[field(label = "应到人数", list, max = 5000)]
    pub expected: i64,
    #[field(label = "在寝人数", list, max = 5000)]
    pub present: i64,
    #[field(label = "请假人数", max = 5000)]
    pub on_leave: i64,
    #[field(
        label = "未归人数",
        list,
        filter,
        max = 5000,
        help = "自动计算：应到－在寝－请假"
    )]
    pub missing: Option<i64>,
    #[field(label = "未归处理", max = 500, help = "联系班主任、监护人的时间和结果")]
    pub handled: Option<LongText>,
    #[field(label = "内务与安全情况", max = 500, help = "违规电器、吸烟、明火、门窗等")]
    pub remarks: Option<LongText>,
    #[field(label = "照片", help = "可不传")]
    pub photos: Files,
}

impl Rules for DormRound {
    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "dorm_round_daily",
                "每晚查寝",
                1,
                Every::Day,
                school_wide(),
                Filter::is("time", "night"),
            )
            .also(&["查寝", "宿舍查寝", "晚就寝检查"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "dorm_rounds",
                "查寝次数",
                "查寝记录条数",
                "次",
                Measure::Count { of: Filter::all() },
            )
            .also(&["宿舍检查次数"]),
            indicator(
                "dorm_missing",
                "晚归未归人次",
                "未归人数合计",
                "人次",
                Measure::Sum {
                    of: Filter::all(),
                    field: "missing".into(),
                },
            )
            .also(&["夜不归宿人次"]),
            indicator(
                "dorm_complete",
                "就寝全员到位率",
                "没有未归学生的查寝 ÷ 晚就寝查寝",
                "%",
                Measure::Share {
                    of: Filter::is("time", "night").and("missing", Op::AtMost, 0i64),
                    among: Filter::is("time", "night"),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(DORM_KEEPER, Reach::School),
            may_write(STUDENT_OFFICE, Reach::School),
            may_read(CLASS_TEACHER, Reach::School),
            may_read(DEPARTMENT_HEAD, Reach::School),
            may_read(SAFETY_OFFICE, Reach::School),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["missing"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        let missing = self.expected - self.present - self.on_leave;
        self.missing = (missing >= 0).then_some(missing);
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("record", "宿舍查寝记录单")
                .fields(&[
                    "building",
                    "checked_on",
                    "time",
                    "checker",
                    "expected",
                    "present",
                    "on_leave",
                    "missing",
                ])
                .fields(&["handled", "remarks"])
                .signatures(&["查寝人", "值班领导"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let missing = self.expected - self.present - self.on_leave;
        Checks::new()
            .not_after_today(self.checked_on, ctx.today, "checked_on")
            .refuse(missing < 0, "present", "在寝与请假人数之和不能多于应到人数")
            .refuse(
                missing > 0 && !said(&self.handled),
                "handled",
                "有学生未归，须当即联系班主任和监护人，请写明处理情况",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::refused;
    use people::sound::{day, some, text};

    #[test]
    fn who_is_missing_is_looked_for() {
        // 预防未成年人犯罪法第三十五条: a boarding school looks for a missing pupil and tells the parents at once.
        let sample = || DormRound {
            building: "竹园1号楼".into(),
            checked_on: day(0),
            time: RoundTime::Night,
            checker: some(),
            expected: 280,
            present: 270,
            on_leave: 10,
            missing: None,
            handled: None,
            remarks: None,
            photos: Files::default(),
        };
        assert!(refused(&sample()).is_empty());
        assert_eq!(
            refused(&DormRound {
                on_leave: 11,
                ..sample()
            }),
            ["present"]
        );
        let gone = DormRound {
            on_leave: 9,
            ..sample()
        };
        assert_eq!(refused(&gone), ["handled"]);
        assert!(
            refused(&DormRound {
                handled: text("21:50联系监护人，已到家"),
                ..gone.clone()
            })
            .is_empty()
        );
        let mut counted = gone;
        counted.complete(&Ctx {
            today: day(0),
            new: true,
        });
        assert_eq!(counted.missing, Some(1));
    }
}
