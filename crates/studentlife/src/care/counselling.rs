use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{LongText, Ref};
use kernel::register::indicator::{
    DutySpec, Every, Filter, IndicatorSpec, Measure, duty, indicator, school_wide,
};
use kernel::register::spec::{Access, Ctx, Reach, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::COUNSELLOR;
use people::{Staff, Student};

choice!(
    /// 咨询方式
    Session {
        Group = "group" "团体辅导",
        Single = "single" "个别咨询",
        Phone = "phone" "电话咨询",
        Online = "online" "网络咨询",
        Parent = "parent" "家长咨询",
    }
);

choice!(
    /// 主要议题
    Topic {
        Study = "study" "学业压力",
        Peers = "peers" "人际关系",
        Family = "family" "家庭关系",
        Mood = "mood" "情绪困扰",
        Self_ = "self" "自我认识",
        Love = "love" "情感与青春期",
        Adapt = "adapt" "适应问题",
        Career = "career" "生涯与就业",
        Internship = "internship" "实习适应",
        Other = "other" "其他",
    }
);

choice!(
    /// 关注等级; the codes sort from low to high.
    AlertLevel {
        Ordinary = "1" "一般",
        Watch = "2" "重点关注",
        Alert = "3" "预警",
        Crisis = "4" "危机",
    }
);

/// 心理咨询记录：心理教师的咨询、辅导工作记录，只有心理教师看得到，内容密封、查看留痕。达到预警等级的另登记危机预警。
#[derive(Clone, Debug, Register)]
#[register(
    id = "counselling",
    title = "心理咨询记录",
    group = "student",
    systems = "D7",
    label = "session, held_on",
    date = "held_on",
    owner = "counsellor"
)]
pub struct Counselling {
    #[field(label = "咨询日期", list, filter, dataset = "T35.ZXRQ")]
    pub held_on: NaiveDate,
    #[field(label = "咨询方式", list, filter)]
    pub session: Session,
    #[field(label = "学生", list, help = "个别咨询选择；团体辅导不填")]
    pub student: Option<Ref<Student>>,
    #[field(label = "咨询人次", list, max = 500, dataset = "T35.ZXRC")]
    pub persons: i64,
    #[field(label = "预约人次", max = 500, dataset = "T35.YYRC")]
    pub booked: Option<i64>,
    #[field(label = "时长（分钟）", max = 300)]
    pub minutes: i64,
    #[field(label = "主要议题", list, filter)]
    pub topic: Topic,
    #[field(
        label = "关键词",
        max = 200,
        dataset = "T35.GJC",
        help = "上报用，不得出现姓名、班级等能认出学生的内容"
    )]
    pub keywords: String,
    #[field(label = "关注等级", list, filter)]
    pub level: AlertLevel,
    #[field(label = "心理教师", list)]
    pub counsellor: Ref<Staff>,
    #[field(label = "咨询内容", sealed, max = 2000)]
    pub content: LongText,
    #[field(label = "评估与处理", sealed, max = 1000)]
    pub assessment: Option<LongText>,
    #[field(label = "下次咨询日期", list)]
    pub next_on: Option<NaiveDate>,
}

impl Rules for Counselling {
    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "counselling_open",
                "心理咨询室开放",
                2,
                Every::Week,
                school_wide(),
                Filter::all(),
            )
            .also(&["心理咨询值班", "心理健康咨询", "心理辅导"]),
            duty(
                "counselling_group",
                "团体心理辅导",
                1,
                Every::Month,
                school_wide(),
                Filter::is("session", "group"),
            )
            .also(&["心理健康教育活动", "团体辅导"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "counselling_persons",
                "心理咨询人次",
                "咨询人次合计，含团体辅导",
                "人次",
                Measure::Sum {
                    of: Filter::all(),
                    field: "persons".into(),
                },
            )
            .also(&["心理辅导人次", "心理咨询服务"]),
            indicator(
                "counselling_sessions",
                "个别咨询次数",
                "咨询方式为个别咨询的记录条数",
                "次",
                Measure::Count {
                    of: Filter::is("session", "single"),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![may_write(COUNSELLOR, Reach::School)]
    }

    fn private() -> bool {
        true
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let single = self.session == Session::Single;
        Checks::new()
            .not_after_today(self.held_on, ctx.today, "held_on")
            .refuse(self.persons == 0, "persons", "咨询人次应大于0")
            .refuse(single && self.student.is_none(), "student", "个别咨询请选择学生")
            .refuse(single && self.persons != 1, "persons", "个别咨询的人次为1")
            .refuse(
                self.session == Session::Group && self.student.is_some(),
                "student",
                "团体辅导不登记到个人",
            )
            .in_order(self.held_on, self.next_on, "next_on", "下次咨询日期不能早于本次")
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        let grave = matches!(self.level, AlertLevel::Alert | AlertLevel::Crisis);
        Checks::new()
            .refuse(
                grave,
                "level",
                "达到预警等级：请登记“危机预警”，通知监护人并启动干预",
            )
            .refuse(
                self.level == AlertLevel::Watch && self.next_on.is_none(),
                "next_on",
                "重点关注的学生请约定下次咨询日期",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{day, some};
    use people::sound::{doubted, refused};

    fn sample() -> Counselling {
        Counselling {
            held_on: day(0),
            session: Session::Single,
            student: Some(some()),
            persons: 1,
            booked: None,
            minutes: 50,
            topic: Topic::Peers,
            keywords: "人际关系，宿舍".into(),
            level: AlertLevel::Ordinary,
            counsellor: some(),
            content: LongText("宿舍相处的困扰".into()),
            assessment: None,
            next_on: None,
        }
    }

    #[test]
    fn a_single_talk_is_with_one_student_and_a_group_is_nameless() {
        assert!(refused(&sample()).is_empty());
        assert_eq!(
            refused(&Counselling {
                student: None,
                ..sample()
            }),
            ["student"]
        );
        assert_eq!(
            refused(&Counselling {
                persons: 2,
                ..sample()
            }),
            ["persons"]
        );
        let group = Counselling {
            session: Session::Group,
            student: None,
            persons: 30,
            ..sample()
        };
        assert!(refused(&group).is_empty());
        assert_eq!(
            refused(&Counselling {
                student: Some(some()),
                ..group.clone()
            }),
            ["student"]
        );
        assert_eq!(refused(&Counselling { persons: 0, ..group }), ["persons"]);
        assert_eq!(
            refused(&Counselling {
                next_on: Some(day(-1)),
                ..sample()
            }),
            ["next_on"]
        );
    }

    #[test]
    fn an_alert_calls_for_intervention() {
        assert!(doubted(&sample()).is_empty());
        assert_eq!(
            doubted(&Counselling {
                level: AlertLevel::Alert,
                ..sample()
            }),
            ["level"]
        );
        assert_eq!(
            doubted(&Counselling {
                level: AlertLevel::Watch,
                ..sample()
            }),
            ["next_on"]
        );
    }

    #[test]
    fn nobody_but_the_counsellor_knows_of_it() {
        let roles: Vec<_> = Counselling::access().into_iter().map(|a| a.role).collect();
        assert_eq!(roles, [COUNSELLOR]);
        assert!(Counselling::private());
    }
}
