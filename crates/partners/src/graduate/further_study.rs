use super::{graduates, keepers, verified};
use chrono::{Datelike, NaiveDate};
use kernel::error::Violation;
use kernel::register::field::{Code, Decimal, Files, Ref};
use kernel::register::flow::Flow;
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::{Class, Student};

/// 毕业生升学：毕业生考入、转入上一级学校的登记，班主任填报，招生就业处凭录取通知书核实。是国家数据集“毕业去向【升学】”的来源。
#[derive(Clone, Debug, Register)]
#[register(
    id = "further_study",
    title = "毕业生升学",
    group = "enrolment",
    systems = "D13, B16",
    label = "student, school",
    unique = "student, year",
    date = "registered_on",
    within = "class"
)]
pub struct FurtherStudy {
    #[field(label = "学生", list, dataset = "T41.XH:number, T41.XM:name")]
    pub student: Ref<Student>,
    #[field(
        label = "毕业班级",
        list,
        filter,
        dataset = "T41.XSLXM:track, T41.ZYMC:major, T41.ZYDM:major_code, T41.BJMC:name"
    )]
    pub class: Ref<Class>,
    #[field(label = "毕业年份", list, filter, max = 2100)]
    pub year: i64,
    #[field(label = "升学渠道", list, filter, code = "SXQDDM", dataset = "T41.SXQDM")]
    pub channel: Code,
    #[field(label = "升学层次", list, filter, code = "SXCCDM", dataset = "T41.SXCCM")]
    pub level: Code,
    #[field(label = "录取学校", list, max = 68, dataset = "T41.LQXXMC")]
    pub school: String,
    #[field(label = "录取专业", list, max = 68, dataset = "T41.LQZY")]
    pub admitted_major: String,
    #[field(label = "专业相近", filter, help = "录取专业与所学专业同属一个专业大类")]
    pub related: bool,
    #[field(label = "录取分数", dataset = "T41.FS")]
    pub score: Option<Decimal<1>>,
    #[field(label = "录取通知书号", max = 40)]
    pub notice: Option<String>,
    #[field(label = "登记日期", filter)]
    pub registered_on: NaiveDate,
    #[field(label = "入学报到日期")]
    pub reported_on: Option<NaiveDate>,
    #[field(label = "录取通知书", help = "照片或扫描件")]
    pub files: Files,
}

impl Rules for FurtherStudy {
    fn flow() -> Flow {
        verified()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let bachelor = || {
            Filter::all()
                .and("level", Op::AtLeast, "2")
                .and("level", Op::AtMost, "3")
        };
        vec![
            indicator(
                "further_study_students",
                "升学人数",
                "登记升学的不同毕业生",
                "人",
                Measure::CountDistinct {
                    of: Filter::all(),
                    field: "student".into(),
                },
            )
            .also(&["毕业生升学人数", "升学录取人数"]),
            indicator(
                "further_study_bachelor",
                "本科录取人数",
                "升学层次为职业本科、普通本科的毕业生",
                "人",
                Measure::Count { of: bachelor() },
            )
            .also(&["本科上线人数", "本科升学人数", "升入本科人数"]),
            indicator(
                "further_study_exam",
                "职教高考录取人数",
                "升学渠道为职教高考的毕业生",
                "人",
                Measure::Count {
                    of: Filter::is("channel", "3"),
                },
            ),
            indicator(
                "further_study_coverage",
                "毕业生升学比例",
                "登记升学的毕业生 ÷ 学籍状态为毕业的学生",
                "%",
                Measure::Coverage {
                    of: Filter::all(),
                    field: "student".into(),
                    all: graduates(),
                },
            )
            .also(&["升学比例"]),
        ]
    }

    fn access() -> Vec<Access> {
        keepers()
    }

    fn papers() -> Vec<PaperForm> {
        vec![list_form(
            "list",
            "毕业生升学名册",
            &["class", "student", "school", "admitted_major", "level", "channel"],
            &["备注"],
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
            .refuse(
                self.score.is_some_and(|score| !(0..=10_000).contains(&score.0)),
                "score",
                "录取分数应在0至1000分之间",
            )
            .not_after_today(self.registered_on, ctx.today, "registered_on")
            .not_after_today(self.reported_on, ctx.today, "reported_on")
            .refuse(
                matches!(self.channel.0.as_str(), "8" | "9"),
                "channel",
                "专转本、考研不是中职毕业生的升学渠道，请核对",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        let exam = matches!(self.channel.0.as_str(), "3" | "4");
        Checks::new()
            .refuse(
                exam && self.score.is_none(),
                "score",
                "职教高考、普通高考录取的请填写分数",
            )
            .refuse(
                self.notice.is_none() && self.files.0.is_empty(),
                "notice",
                "没有录取通知书号或扫描件，核实时缺少依据",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> FurtherStudy {
        FurtherStudy {
            student: Ref::new(Uuid::nil()),
            class: Ref::new(Uuid::nil()),
            year: 2025,
            channel: Code("3".into()),
            level: Code("2".into()),
            school: "清岚职业技术大学".into(),
            admitted_major: "机械电子工程技术".into(),
            related: true,
            score: Some(Decimal(6120)),
            notice: Some("2025080123".into()),
            registered_on: test_day(),
            reported_on: None,
            files: Files::default(),
        }
    }

    #[test]
    fn channels_of_other_schools_and_odd_numbers_are_refused() {
        assert!(refused(&sample()).is_empty());
        for channel in ["8", "9"] {
            let other = FurtherStudy {
                channel: Code(channel.into()),
                ..sample()
            };
            assert_eq!(refused(&other), ["channel"]);
        }
        assert_eq!(
            refused(&FurtherStudy {
                year: 1999,
                ..sample()
            }),
            ["year"]
        );
        let high = FurtherStudy {
            score: Some(Decimal(10_001)),
            ..sample()
        };
        assert_eq!(refused(&high), ["score"]);
    }

    #[test]
    fn evidence_is_asked_for() {
        let bare = FurtherStudy {
            score: None,
            notice: None,
            ..sample()
        };
        assert_eq!(doubted(&bare), ["score", "notice"]);
    }
}
