use chrono::{Datelike, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Decimal, LongText, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::{Checks, filled};
use people::idcard::IdNumber;
use people::roles::{CLASS_TEACHER, ENROLMENT_OFFICE, STUDENT_OFFICE, TEACHER};

choice!(
    /// 生源类别
    ApplicantKind {
        Fresh = "fresh" "应届初中毕业生",
        Past = "past" "往届初中毕业生",
        Transfer = "transfer" "普高学籍互转",
        Open = "open" "国开学历提升",
        Adult = "adult" "社会人员",
    }
);

choice!(
    /// 来源渠道
    Channel {
        Counter = "counter" "招生咨询点",
        Talk = "talk" "初中宣讲",
        Visit = "visit" "教师走访",
        Online = "online" "网络与新媒体",
        Friend = "friend" "在校生或校友推荐",
        Walk = "walk" "主动来校",
        Partner = "partner" "协作学校",
        Other = "other" "其他",
    }
);

/// 招生报名：从意向咨询到报名、录取、注册的全过程，一人一条。由招生就业处管理，招生教师登记自己联系的学生。
#[derive(Clone, Debug, Register)]
#[register(
    id = "applicant",
    title = "招生报名",
    group = "enrolment",
    systems = "D2",
    label = "name, season",
    unique = "id_number, season",
    date = "enquired_on",
    owner = "consultant"
)]
pub struct Applicant {
    #[field(label = "招生年度", list, filter, max = 2100)]
    pub season: i64,
    #[field(label = "姓名", list, max = 36)]
    pub name: String,
    #[field(label = "性别", list, code = "sex")]
    pub sex: Code,
    #[field(label = "身份证号", sealed, max = 18, help = "报名时必填")]
    pub id_number: Option<String>,
    #[field(label = "生源类别", list, filter)]
    pub kind: ApplicantKind,
    #[field(label = "毕业（来源）学校", list, filter, max = 60)]
    pub source_school: String,
    #[field(label = "班主任或推荐人", max = 36)]
    pub referrer: Option<String>,
    #[field(label = "中考成绩", help = "按当地总分填写")]
    pub score: Option<Decimal<1>>,
    #[field(label = "第一志愿专业", list, filter, max = 34)]
    pub wish: String,
    #[field(label = "第二志愿专业", max = 34)]
    pub second_wish: Option<String>,
    #[field(label = "服从调剂")]
    pub adjustable: bool,
    #[field(label = "要求住校", filter)]
    pub boards: bool,
    #[field(label = "联系电话", sealed, max = 20)]
    pub phone: String,
    #[field(label = "监护人姓名", sealed, max = 36)]
    pub guardian: Option<String>,
    #[field(label = "监护人电话", sealed, max = 20)]
    pub guardian_phone: Option<String>,
    #[field(label = "来源渠道", filter)]
    pub channel: Channel,
    #[field(label = "招生教师", list)]
    pub consultant: Ref<Staff>,
    #[field(label = "登记日期", list, filter)]
    pub enquired_on: NaiveDate,
    #[field(label = "报名日期")]
    pub applied_on: Option<NaiveDate>,
    #[field(label = "录取日期")]
    pub admitted_on: Option<NaiveDate>,
    #[field(label = "录取专业", filter, max = 34)]
    pub admitted_major: Option<String>,
    #[field(label = "注册日期")]
    pub registered_on: Option<NaiveDate>,
    #[field(label = "备注", max = 300)]
    pub remark: Option<LongText>,
}

impl Rules for Applicant {
    fn flow() -> Flow {
        let consultant = || Who::Field("consultant".into());
        Flow::starts("意向")
            .open("已报名")
            .open("已录取")
            .done("已注册")
            .dropped("已放弃")
            .step(
                "apply",
                "报名",
                &["意向"],
                "已报名",
                &[Who::Role(ENROLMENT_OFFICE), consultant()],
            )
            .needs(&["id_number", "applied_on"])
            .step(
                "admit",
                "录取",
                &["已报名"],
                "已录取",
                &[Who::Role(ENROLMENT_OFFICE)],
            )
            .needs(&["admitted_on", "admitted_major"])
            .step(
                "register",
                "注册",
                &["已录取"],
                "已注册",
                &[Who::Role(ENROLMENT_OFFICE)],
            )
            .needs(&["registered_on"])
            .step(
                "give_up",
                "放弃",
                &["意向", "已报名", "已录取"],
                "已放弃",
                &[Who::Role(ENROLMENT_OFFICE), consultant()],
            )
            .with_note()
            .step(
                "resume",
                "恢复",
                &["已放弃"],
                "意向",
                &[Who::Role(ENROLMENT_OFFICE)],
            )
            .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let registered = || Filter::state("已注册");
        let count = |of| Measure::Count { of };
        vec![
            indicator(
                "enrolled",
                "招生人数",
                "已注册的新生（不含学籍互转和国开）",
                "人",
                count(
                    registered()
                        .and("kind", Op::Not, "transfer")
                        .and("kind", Op::Not, "open"),
                ),
            )
            .also(&["招生", "新学期招生", "新生人数", "招生突破", "完成招生"]),
            indicator(
                "applied",
                "报名人数",
                "已有报名日期且没有放弃的人数",
                "人",
                count(Filter::all().dated("applied_on").and("state", Op::Not, "已放弃")),
            ),
            indicator(
                "enrolled_open",
                "国开招生人数",
                "生源类别为国开学历提升的已注册人数",
                "人",
                count(registered().and("kind", Op::Is, "open")),
            )
            .also(&["国家开放大学招生", "国开大学招生", "国开招生"]),
            indicator(
                "enrolled_transfer",
                "学籍互转人数",
                "生源类别为普高学籍互转的已注册人数",
                "人",
                count(registered().and("kind", Op::Is, "transfer")),
            )
            .also(&["职普互转人数", "学籍互转", "职普融通转入人数"]),
            indicator(
                "registered_share",
                "新生报到率",
                "已注册 ÷ 已录取（含后来放弃的）",
                "%",
                Measure::Share {
                    of: registered().dated("admitted_on"),
                    among: Filter::all().dated("admitted_on"),
                },
            )
            .also(&["报到率", "录取报到率"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(ENROLMENT_OFFICE, Reach::School),
            may_write(TEACHER, Reach::Own),
            may_write(CLASS_TEACHER, Reach::Own),
            may_read(STUDENT_OFFICE, Reach::School),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let year = i64::from(self.enquired_on.year());
        let id = self.id_number.as_deref();
        Checks::new()
            .refuse(
                !(year..=year + 1).contains(&self.season),
                "season",
                format!("招生年度应为登记当年（{year}）或下一年"),
            )
            .identity(id, None, Some(&self.sex.0), "id_number", "id_number")
            .phone(Some(&self.phone), "phone")
            .phone(self.guardian_phone.as_deref(), "guardian_phone")
            .refuse(
                self.score.is_some_and(|score| !(0..=10_000).contains(&score.0)),
                "score",
                "中考成绩应在0至1000分之间",
            )
            .refuse(
                self.second_wish.as_deref() == Some(self.wish.as_str()),
                "second_wish",
                "第二志愿不能与第一志愿相同",
            )
            .not_after_today(self.enquired_on, ctx.today, "enquired_on")
            .refuse(
                self.applied_on.is_some() && id.is_none(),
                "id_number",
                "报名须填写身份证号",
            )
            .in_order(
                self.enquired_on,
                self.applied_on,
                "applied_on",
                "报名日期不能早于登记日期",
            )
            .in_order(
                self.applied_on,
                self.admitted_on,
                "admitted_on",
                "录取日期不能早于报名日期",
            )
            .in_order(
                self.admitted_on,
                self.registered_on,
                "registered_on",
                "注册日期不能早于录取日期",
            )
            .not_after_today(self.registered_on, ctx.today, "registered_on")
            .refuse(
                self.admitted_on.is_some() && !filled(self.admitted_major.as_deref()),
                "admitted_major",
                "填写了录取日期，请填写录取专业",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let birth = self
            .id_number
            .as_deref()
            .and_then(|id| IdNumber::parse(id).ok())
            .map(|id| id.birth());
        let age = birth.map(|birth| people::checks::years_between(birth, ctx.today));
        let young = matches!(
            self.kind,
            ApplicantKind::Fresh | ApplicantKind::Past | ApplicantKind::Transfer
        );
        Checks::new()
            .refuse(
                young && age.is_some_and(|age| !(13..=20).contains(&age)),
                "id_number",
                "年龄与生源类别不太相符，请核对",
            )
            .refuse(
                young && age.is_some_and(|age| age < 18) && !filled(self.guardian_phone.as_deref()),
                "guardian_phone",
                "未成年学生请留监护人电话",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::idcard::check_digit;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn id(digits: &str) -> Option<String> {
        check_digit(digits).map(|last| format!("{digits}{last}"))
    }

    fn day(before: i64) -> NaiveDate {
        test_day() - chrono::Duration::days(before)
    }

    fn sample() -> Applicant {
        Applicant {
            season: 2026,
            name: "陈晨".into(),
            sex: Code("2".into()),
            id_number: id("37082820100812014"),
            kind: ApplicantKind::Fresh,
            source_school: "实验中学".into(),
            referrer: None,
            score: Some(Decimal(4855)),
            wish: "机电技术应用".into(),
            second_wish: Some("数控技术应用".into()),
            adjustable: true,
            boards: true,
            phone: "13812345678".into(),
            guardian: Some("陈立".into()),
            guardian_phone: Some("13912345678".into()),
            channel: Channel::Talk,
            consultant: Ref::new(Uuid::nil()),
            enquired_on: day(30),
            applied_on: Some(day(20)),
            admitted_on: Some(day(10)),
            admitted_major: Some("机电技术应用".into()),
            registered_on: Some(day(1)),
            remark: None,
        }
    }

    #[test]
    fn the_person_is_checked() {
        assert!(refused(&sample()).is_empty());
        assert_eq!(
            refused(&Applicant {
                id_number: id("37082820101312014"),
                ..sample()
            }),
            ["id_number"]
        );
        assert_eq!(
            refused(&Applicant {
                sex: Code("1".into()),
                ..sample()
            }),
            ["sex"]
        );
        assert_eq!(
            refused(&Applicant {
                id_number: None,
                ..sample()
            }),
            ["id_number"]
        );
        assert_eq!(
            refused(&Applicant {
                phone: "12345".into(),
                ..sample()
            }),
            ["phone"]
        );
        assert_eq!(
            refused(&Applicant {
                guardian_phone: Some("1".into()),
                ..sample()
            }),
            ["guardian_phone"]
        );
    }

    #[test]
    fn the_steps_follow_each_other() {
        assert_eq!(
            refused(&Applicant {
                applied_on: Some(day(31)),
                ..sample()
            }),
            ["applied_on"]
        );
        assert_eq!(
            refused(&Applicant {
                admitted_on: Some(day(21)),
                ..sample()
            }),
            ["admitted_on"]
        );
        assert_eq!(
            refused(&Applicant {
                registered_on: Some(day(11)),
                ..sample()
            }),
            ["registered_on"]
        );
        assert_eq!(
            refused(&Applicant {
                registered_on: Some(day(-1)),
                ..sample()
            }),
            ["registered_on"]
        );
        assert_eq!(
            refused(&Applicant {
                admitted_major: None,
                ..sample()
            }),
            ["admitted_major"]
        );
        let enquiry = Applicant {
            id_number: None,
            applied_on: None,
            admitted_on: None,
            admitted_major: None,
            registered_on: None,
            ..sample()
        };
        assert!(refused(&enquiry).is_empty());
        assert_eq!(
            refused(&Applicant {
                enquired_on: day(-1),
                ..enquiry
            }),
            ["enquired_on"]
        );
    }

    #[test]
    fn season_score_and_wishes_are_plausible() {
        assert!(
            refused(&Applicant {
                season: 2027,
                ..sample()
            })
            .is_empty()
        );
        assert_eq!(
            refused(&Applicant {
                season: 2025,
                ..sample()
            }),
            ["season"]
        );
        assert_eq!(
            refused(&Applicant {
                score: Some(Decimal(10_001)),
                ..sample()
            }),
            ["score"]
        );
        assert_eq!(
            refused(&Applicant {
                second_wish: Some("机电技术应用".into()),
                ..sample()
            }),
            ["second_wish"]
        );
    }

    #[test]
    fn odd_ages_and_missing_guardians_are_doubted() {
        assert!(doubted(&sample()).is_empty());
        assert_eq!(
            doubted(&Applicant {
                guardian_phone: None,
                ..sample()
            }),
            ["guardian_phone"]
        );
        let old = Applicant {
            id_number: id("37082819800812014"),
            ..sample()
        };
        assert_eq!(doubted(&old), ["id_number"]);
        assert!(
            doubted(&Applicant {
                kind: ApplicantKind::Open,
                ..old
            })
            .is_empty()
        );
    }

    #[test]
    fn a_consultant_may_not_admit() {
        let flow = Applicant::flow();
        for id in ["admit", "register"] {
            assert_eq!(flow.find(id).expect("a step").who, [Who::Role(ENROLMENT_OFFICE)]);
        }
        assert!(flow.find("give_up").expect("a step").note);
    }
}
