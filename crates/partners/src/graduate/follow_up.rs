use super::{graduates, keepers};
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{LongText, Money, Ref};
use kernel::register::indicator::{DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled, said};
use people::roles::TEACHER;
use people::{Class, Staff, Student, Unit, UnitKind};

choice!(
    /// 回访节点
    FollowUpRound {
        Leaving = "leaving" "离校时",
        Half = "half" "毕业半年",
        One = "one" "毕业一年",
        Three = "three" "毕业三年",
    }
);

choice!(
    /// 回访方式
    FollowUpMeans {
        Phone = "phone" "电话",
        Visit = "visit" "走访",
        Form = "form" "问卷",
        Online = "online" "网络",
    }
);

choice!(
    /// 目前去向; the first four count as placed.
    Destination {
        Job = "1" "在岗就业",
        Own = "2" "自主创业",
        Study = "3" "升学",
        Army = "4" "参军入伍",
        Seeking = "5" "待就业",
        Idle = "6" "暂不就业",
    }
);

choice!(
    /// 满意程度
    Satisfaction {
        Very = "1" "很满意",
        Content = "2" "满意",
        Fair = "3" "一般",
        Poor = "4" "不满意",
        Bad = "5" "很不满意",
    }
);

/// 毕业生跟踪回访：毕业后按节点了解去向、对口、稳定和满意情况，每半年一轮。班主任和系部回访，招生就业处汇总。
#[derive(Clone, Debug, Register)]
#[register(
    id = "graduate_follow_up",
    title = "毕业生跟踪回访",
    group = "enrolment",
    systems = "D13",
    label = "student, round",
    unique = "student, round",
    date = "followed_on",
    within = "class",
    owner = "follower"
)]
pub struct FollowUp {
    #[field(label = "毕业生", list)]
    pub student: Ref<Student>,
    #[field(label = "毕业班级", list, filter)]
    pub class: Ref<Class>,
    #[field(label = "回访节点", list, filter)]
    pub round: FollowUpRound,
    #[field(label = "回访日期", list, filter)]
    pub followed_on: NaiveDate,
    #[field(label = "回访方式", filter)]
    pub means: FollowUpMeans,
    #[field(label = "回访教师", list)]
    pub follower: Ref<Staff>,
    #[field(label = "目前去向", list, filter)]
    pub destination: Destination,
    #[field(label = "单位或学校", list, max = 60)]
    pub place: Option<String>,
    #[field(label = "岗位或专业", max = 40)]
    pub post: Option<String>,
    #[field(label = "是否对口", list, filter, help = "就业、创业的填写")]
    pub matching: Option<bool>,
    #[field(label = "仍在首次单位", filter, help = "就业的填写")]
    pub stable: Option<bool>,
    #[field(label = "有晋升", filter)]
    pub promoted: Option<bool>,
    #[field(label = "月收入（元）")]
    pub income: Option<Money>,
    #[field(label = "对母校满意度", list, filter)]
    pub satisfaction: Satisfaction,
    #[field(
        label = "单位满意度",
        filter,
        help = "用人单位对毕业生的评价，没有联系单位的不填"
    )]
    pub employer_view: Option<Satisfaction>,
    #[field(label = "意见建议", max = 500)]
    pub wishes: Option<LongText>,
    #[field(label = "需要帮助", list, filter)]
    pub needs_help: bool,
    #[field(label = "帮助措施", max = 300)]
    pub help: Option<LongText>,
}

impl Rules for FollowUp {
    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "graduate_follow_up_half",
                "毕业生跟踪回访",
                1,
                Every::Term,
                Unit::each(UnitKind::Department),
                Filter::all(),
            )
            .also(&["毕业生回访", "每半年毕业生跟踪调查", "毕业生跟踪调查"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let share = |of, among| Measure::Share { of, among };
        let working = || Filter::all().and("destination", Op::AtMost, "2");
        let content = |field: &str| Filter::all().and(field, Op::AtMost, "2");
        let asked = |field: &str| Filter::all().and(field, Op::AtMost, "5");
        vec![
            indicator(
                "graduate_placed",
                "就业率",
                "回访时在岗就业、创业、升学、参军的毕业生 ÷ 回访的毕业生",
                "%",
                share(Filter::all().and("destination", Op::AtMost, "4"), Filter::all()),
            )
            .also(&["毕业生就业率", "毕业去向落实率", "就业升学率", "毕业生就业升学率"]),
            indicator(
                "graduate_matching",
                "对口率",
                "专业对口的就业、创业毕业生 ÷ 回访时就业、创业的毕业生",
                "%",
                share(working().and("matching", Op::Is, true), working()),
            )
            .also(&["毕业生对口率", "毕业生专业对口率"]),
            indicator(
                "graduate_study",
                "升学率",
                "回访时升学的毕业生 ÷ 回访的毕业生",
                "%",
                share(Filter::is("destination", "3"), Filter::all()),
            )
            .also(&["毕业生升学率"]),
            indicator(
                "graduate_stable",
                "就业稳定率",
                "仍在首次单位的毕业生 ÷ 回访时就业、创业的毕业生",
                "%",
                share(working().and("stable", Op::Is, true), working()),
            ),
            indicator(
                "graduate_content",
                "毕业生满意度",
                "对母校满意、很满意的毕业生 ÷ 回访的毕业生",
                "%",
                share(content("satisfaction"), asked("satisfaction")),
            )
            .also(&["毕业生满意率"]),
            indicator(
                "graduate_employer_content",
                "用人单位满意度",
                "用人单位满意、很满意 ÷ 填写了单位满意度的回访",
                "%",
                share(content("employer_view"), asked("employer_view")),
            )
            .also(&["用人单位满意率", "企业满意度"]),
            indicator(
                "graduate_followed",
                "毕业生回访率",
                "回访过的毕业生 ÷ 学籍状态为毕业的学生",
                "%",
                Measure::Coverage {
                    of: Filter::all(),
                    field: "student".into(),
                    all: graduates(),
                },
            )
            .also(&["毕业生跟踪率", "跟踪回访率"]),
        ]
    }

    fn access() -> Vec<Access> {
        let mut access = keepers();
        access.push(may_write(TEACHER, Reach::Own));
        access
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("form", "毕业生跟踪调查表")
                .fields(&[
                    "student",
                    "class",
                    "round",
                    "followed_on",
                    "destination",
                    "place",
                    "post",
                    "matching",
                    "stable",
                    "income",
                    "satisfaction",
                    "employer_view",
                ])
                .fields(&["wishes", "help"])
                .signatures(&["毕业生", "回访教师"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        use Destination::*;
        let working = matches!(self.destination, Job | Own);
        let placed = !matches!(self.destination, Seeking | Idle);
        Checks::new()
            .not_after_today(self.followed_on, ctx.today, "followed_on")
            .refuse(
                placed && !filled(self.place.as_deref()),
                "place",
                "请填写所在单位、学校或部队",
            )
            .refuse(
                working && self.matching.is_none(),
                "matching",
                "就业、创业的请填写是否对口",
            )
            .refuse(
                !working && self.matching.is_some(),
                "matching",
                "不在就业、创业，不填是否对口",
            )
            .refuse(
                self.income.is_some_and(|money| money.0 < 0),
                "income",
                "月收入不能为负数",
            )
            .refuse(
                self.needs_help && !said(&self.help),
                "help",
                "需要帮助的，请写明帮助措施",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        let poor = matches!(self.satisfaction, Satisfaction::Poor | Satisfaction::Bad);
        Checks::new()
            .refuse(
                poor && !said(&self.wishes),
                "wishes",
                "不满意的，建议写明意见，便于改进",
            )
            .refuse(
                self.destination == Destination::Seeking && !self.needs_help,
                "needs_help",
                "待就业的毕业生，建议登记帮扶",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> FollowUp {
        FollowUp {
            student: Ref::new(Uuid::nil()),
            class: Ref::new(Uuid::nil()),
            round: FollowUpRound::Half,
            followed_on: test_day(),
            means: FollowUpMeans::Phone,
            follower: Ref::new(Uuid::nil()),
            destination: Destination::Job,
            place: Some("清岚川拓精密机械有限公司".into()),
            post: None,
            matching: Some(true),
            stable: Some(true),
            promoted: None,
            income: Some(Money(460_000)),
            satisfaction: Satisfaction::Content,
            employer_view: None,
            wishes: None,
            needs_help: false,
            help: None,
        }
    }

    #[test]
    fn who_works_says_where_and_whether_it_fits() {
        assert!(refused(&sample()).is_empty());
        assert_eq!(
            refused(&FollowUp {
                place: None,
                matching: None,
                ..sample()
            }),
            ["place", "matching"]
        );
        assert_eq!(
            refused(&FollowUp {
                destination: Destination::Study,
                ..sample()
            }),
            ["matching"]
        );
    }

    #[test]
    fn help_is_told_and_asked_for() {
        assert_eq!(
            refused(&FollowUp {
                needs_help: true,
                ..sample()
            }),
            ["help"]
        );
        let seeking = FollowUp {
            destination: Destination::Seeking,
            place: None,
            matching: None,
            satisfaction: Satisfaction::Poor,
            ..sample()
        };
        assert!(refused(&seeking).is_empty());
        assert_eq!(doubted(&seeking), ["wishes", "needs_help"]);
    }
}
