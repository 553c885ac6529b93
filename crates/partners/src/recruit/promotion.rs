use super::SourceSchool;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Money, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{
    DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, indicator, school_wide,
};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::{Checks, said};
use people::roles::{CLASS_TEACHER, DEPARTMENT_HEAD, ENROLMENT_OFFICE, STUDENT_OFFICE, TEACHER};

choice!(
    /// 宣传形式
    PromotionKind {
        Talk = "talk" "初中宣讲",
        Teachers = "teachers" "初三班主任座谈",
        Counter = "counter" "招生咨询点",
        OpenDay = "open_day" "校园开放日",
        Experience = "experience" "职业体验",
        Online = "online" "线上直播",
        Media = "media" "媒体投放",
        Visit = "visit" "入户走访",
    }
);

/// 招生宣传：到初中宣讲、设咨询点、开放日等宣传活动的安排和结果。由招生就业处安排，招生教师登记自己负责的场次。
#[derive(Clone, Debug, Register)]
#[register(
    id = "promotion",
    title = "招生宣传",
    group = "enrolment",
    systems = "D2",
    label = "title, held_on",
    date = "held_on",
    due = "held_on",
    owner = "leader"
)]
pub struct Promotion {
    #[field(label = "活动名称", list, max = 60)]
    pub title: String,
    #[field(label = "宣传形式", list, filter)]
    pub kind: PromotionKind,
    #[field(label = "日期", list, filter)]
    pub held_on: NaiveDate,
    #[field(label = "结束日期", help = "咨询点等连续多日的填写")]
    pub until: Option<NaiveDate>,
    #[field(label = "生源学校", list, filter, help = "到学校宣讲、座谈、设点的请选择")]
    pub school: Option<Ref<SourceSchool>>,
    #[field(label = "地点", max = 60)]
    pub place: String,
    #[field(label = "负责人", list)]
    pub leader: Ref<Staff>,
    #[field(label = "参加教师", max = 100)]
    pub team: Option<String>,
    #[field(label = "到场人数", list, max = 100000, help = "学生和家长；线上填观看人数")]
    pub audience: Option<i64>,
    #[field(label = "发放材料份数", max = 100000)]
    pub leaflets: Option<i64>,
    #[field(label = "意向登记人数", list, max = 10000, help = "详细名单在“招生报名”登记")]
    pub leads: Option<i64>,
    #[field(label = "费用（元）")]
    pub cost: Option<Money>,
    #[field(label = "情况小结", max = 500)]
    pub summary: Option<LongText>,
    #[field(label = "照片", help = "可不传")]
    pub photos: Files,
}

impl Rules for Promotion {
    fn flow() -> Flow {
        let leader = [Who::Field("leader".into()), Who::Role(ENROLMENT_OFFICE)];
        Flow::starts("待开展")
            .done("已开展")
            .dropped("已取消")
            .step("hold", "登记结果", &["待开展"], "已开展", &leader)
            .needs(&["audience", "leads", "summary"])
            .step(
                "cancel",
                "取消",
                &["待开展"],
                "已取消",
                &[Who::Role(ENROLMENT_OFFICE)],
            )
            .with_note()
    }

    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "promotion_month",
                "每月招生宣传",
                1,
                Every::Month,
                school_wide(),
                Filter::state("已开展"),
            )
            .also(&["招生宣讲", "招生宣传活动"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let held = || Filter::state("已开展");
        let sum = |field: &str| Measure::Sum {
            of: held(),
            field: field.into(),
        };
        vec![
            indicator(
                "promotions",
                "招生宣传场次",
                "已开展的宣讲、咨询、开放日等",
                "场",
                Measure::Count { of: held() },
            )
            .also(&["招生宣讲场次", "宣讲场次"]),
            indicator(
                "promotion_schools",
                "走访生源学校数",
                "已开展宣传的不同生源学校",
                "所",
                Measure::CountDistinct {
                    of: held(),
                    field: "school".into(),
                },
            )
            .also(&["走访初中学校", "宣讲初中学校数"]),
            indicator(
                "promotion_coverage",
                "生源学校宣传覆盖率",
                "已开展宣传的生源学校 ÷ 生源学校",
                "%",
                Measure::Coverage {
                    of: held(),
                    field: "school".into(),
                    all: Filter::all(),
                },
            ),
            indicator(
                "promotion_counters",
                "招生咨询点数",
                "设立的招生咨询点",
                "个",
                Measure::Count {
                    of: held().and("kind", Op::Is, "counter"),
                },
            )
            .also(&["设立招生咨询点"]),
            indicator(
                "promotion_audience",
                "招生宣传受众",
                "到场人数合计",
                "人次",
                sum("audience"),
            )
            .also(&["招生咨询人次"]),
            indicator(
                "promotion_leads",
                "招生意向人数",
                "意向登记人数合计",
                "人",
                sum("leads"),
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(ENROLMENT_OFFICE, Reach::School),
            may_write(TEACHER, Reach::Own),
            may_write(CLASS_TEACHER, Reach::Own),
            may_read(DEPARTMENT_HEAD, Reach::School),
            may_read(STUDENT_OFFICE, Reach::School),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("record", "招生宣传活动记录")
                .fields(&[
                    "title", "kind", "held_on", "until", "school", "place", "leader", "team", "audience",
                    "leaflets", "leads", "cost",
                ])
                .fields(&["summary"])
                .signatures(&["负责人", "对方学校确认"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        use PromotionKind::*;
        let there = matches!(self.kind, Talk | Teachers);
        let reported = self.audience.is_some() || said(&self.summary);
        Checks::new()
            .refuse(
                there && self.school.is_none(),
                "school",
                "到校宣讲、座谈的请选择生源学校",
            )
            .in_order(self.held_on, self.until, "until", "结束日期不能早于开始日期")
            .refuse(
                reported && self.held_on > ctx.today,
                "held_on",
                "活动还没有开展，不能填写结果",
            )
            .refuse(
                matches!((self.leads, self.audience), (Some(leads), Some(audience)) if leads > audience),
                "leads",
                "意向登记人数不能多于到场人数",
            )
            .refuse(
                self.cost.is_some_and(|money| money.0 < 0),
                "cost",
                "费用不能为负数",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                self.audience.is_none() && self.held_on < ctx.today,
                "audience",
                "日期已过，请登记结果或取消",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> Promotion {
        Promotion {
            title: "走进知行初级中学".into(),
            kind: PromotionKind::Talk,
            held_on: test_day(),
            until: None,
            school: Some(Ref::new(Uuid::nil())),
            place: "报告厅".into(),
            leader: Ref::new(Uuid::nil()),
            team: None,
            audience: Some(260),
            leaflets: None,
            leads: Some(31),
            cost: None,
            summary: Some(LongText("介绍专业和升学路径".into())),
            photos: Files::default(),
        }
    }

    #[test]
    fn a_talk_is_somewhere_and_its_numbers_agree() {
        assert!(refused(&sample()).is_empty());
        assert_eq!(
            refused(&Promotion {
                school: None,
                ..sample()
            }),
            ["school"]
        );
        assert_eq!(
            refused(&Promotion {
                leads: Some(261),
                ..sample()
            }),
            ["leads"]
        );
    }

    #[test]
    fn results_come_after_the_day() {
        let ahead = Promotion {
            held_on: test_day().succ_opt().expect("a day"),
            ..sample()
        };
        assert_eq!(refused(&ahead), ["held_on"]);
        let silent = Promotion {
            held_on: test_day().pred_opt().expect("a day"),
            audience: None,
            leads: None,
            summary: None,
            ..sample()
        };
        assert!(refused(&silent).is_empty());
        assert_eq!(doubted(&silent), ["audience"]);
    }
}
