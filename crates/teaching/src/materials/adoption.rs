use crate::Textbook;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Files, LongText, Ref};
use kernel::register::flow::{Flow, RETURNED, Stage, Who};
use kernel::register::indicator::{DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, indicator};
use kernel::register::paper::{PaperForm, list_form, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled};
use people::roles::{DEPARTMENT_HEAD, PARTY_OFFICE, PRINCIPAL, RESEARCH_LEAD, TEACHER, TEACHING_OFFICE};
use people::{Course, Staff, Unit, UnitKind};

choice!(
    /// 课程门类, as the rules on adoption tell them apart.
    Subject {
        Politics = "politics" "思想政治",
        Chinese = "chinese" "语文",
        History = "history" "历史",
        General = "general" "其他公共基础课",
        Vocational = "vocational" "专业课",
    }
);

choice!(
    /// 教材来源; the codes sort from the lists of the state to what must be argued for.
    TextbookSource {
        Unified = "1" "国家统编教材",
        National = "2" "国家规划教材目录",
        Province = "3" "省级规划教材目录",
        Published = "4" "目录外公开出版",
        School = "5" "校本教材",
        Overseas = "6" "境外教材",
    }
);

/// 教材选用审批：每学期每门课选用什么教材，教研室提出，系部、教务处和学校教材选用委员会审核，党组织审定，公示后备案。
#[derive(Clone, Debug, Register)]
#[register(
    id = "textbook_adoption",
    title = "教材选用审批",
    group = "teaching",
    systems = "B13",
    label = "course, textbook",
    unique = "year, term, course, textbook, unit",
    date = "applied_on",
    within = "unit",
    owner = "applicant"
)]
pub struct TextbookAdoption {
    #[field(
        label = "学年（起始年）",
        list,
        filter,
        max = 2100,
        help = "2026—2027学年填2026"
    )]
    pub year: i64,
    #[field(label = "学期", list, filter, code = "XQDM")]
    pub term: Code,
    #[field(label = "课程", list, filter)]
    pub course: Ref<Course>,
    #[field(label = "课程门类", filter)]
    pub subject: Subject,
    #[field(label = "选用教材", list)]
    pub textbook: Ref<Textbook>,
    #[field(label = "教材来源", list, filter)]
    pub source: TextbookSource,
    #[field(label = "申请教研室", list, filter)]
    pub unit: Ref<Unit>,
    #[field(label = "申请人", list)]
    pub applicant: Ref<Staff>,
    #[field(label = "申请日期", list)]
    pub applied_on: NaiveDate,
    #[field(label = "使用年级专业", max = 100)]
    pub users: String,
    #[field(label = "使用册数", list, max = 20000)]
    pub copies: i64,
    #[field(label = "首次选用", filter)]
    pub first: bool,
    #[field(label = "比选教材", max = 200, help = "首次选用的写明比较过哪些教材")]
    pub compared: Option<String>,
    #[field(label = "选用理由", max = 500, help = "目录外、校本和境外教材必须写明")]
    pub reason: Option<LongText>,
    #[field(label = "审读人", max = 100, help = "通读全书并对内容负责的教师")]
    pub readers: String,
    #[field(label = "选用委员会日期", help = "教材选用委员会会议日期")]
    pub committee_on: Option<NaiveDate>,
    #[field(label = "公示开始")]
    pub noticed_from: Option<NaiveDate>,
    #[field(label = "公示结束")]
    pub noticed_to: Option<NaiveDate>,
    #[field(label = "备案日期", list)]
    pub filed_on: Option<NaiveDate>,
    #[field(label = "附件", help = "审读意见、会议记录，可不传")]
    pub files: Files,
}

impl Rules for TextbookAdoption {
    // 《职业院校教材管理办法》（教材〔2019〕3号）, chapter on adoption: a committee decides under the party committee, the
    // result is published and filed.
    fn flow() -> Flow {
        let office = [Who::Role(TEACHING_OFFICE)];
        Flow::approvals(
            &[
                Stage::by(
                    "group",
                    "教研室",
                    &[Who::Role(RESEARCH_LEAD), Who::Role(DEPARTMENT_HEAD)],
                ),
                Stage::by("department", "系部", &[Who::Role(DEPARTMENT_HEAD)]),
                Stage::by("committee", "教材选用委员会", &office)
                    .needs(&["committee_on"])
                    .days(10),
                Stage::by(
                    "party",
                    "党组织",
                    &[Who::Role(PARTY_OFFICE), Who::Role(PRINCIPAL)],
                )
                .days(7),
            ],
            "待公示",
        )
        .still_open("待公示")
        .open("公示中")
        .done("已选用")
        .step("publish", "开始公示", &["待公示"], "公示中", &office)
        .needs(&["noticed_from", "noticed_to"])
        .within_days(5)
        .step("file", "公示无异议备案", &["公示中"], "已选用", &office)
        .needs(&["filed_on"])
        .step("object", "公示有异议退回", &["公示中"], RETURNED, &office)
        .with_note()
    }

    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "textbook_adoption_term",
                "教材选用",
                1,
                Every::Term,
                Unit::each(UnitKind::Group),
                Filter::all(),
            )
            .also(&["教材征订", "教材选用审核"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let adopted = || Filter::state("已选用");
        vec![
            indicator(
                "textbook_adoption_planned",
                "规划教材选用率",
                "已选用的统编、国家规划和省级规划教材 ÷ 已选用的教材",
                "%",
                Measure::Share {
                    of: adopted().and("source", Op::AtMost, "3"),
                    among: adopted(),
                },
            )
            .also(&["国家规划教材选用率", "规划教材使用率", "国规教材选用率"]),
            indicator(
                "textbook_adoption_done",
                "教材选用审批完成率",
                "已选用的申请 ÷ 全部申请",
                "%",
                Measure::Share {
                    of: adopted(),
                    among: Filter::all(),
                },
            )
            .also(&["教材审核率", "教材选用审核率"]),
            indicator(
                "textbook_adoption_copies",
                "教材使用册数",
                "已选用教材的册数合计",
                "册",
                Measure::Sum {
                    of: adopted(),
                    field: "copies".into(),
                },
            ),
        ]
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "教材选用申请",
                "教务处",
                "任课教师或教研室提出；教研室、系部、选用委员会、党组织逐级审核，公示后备案",
            )
            .quick(&[
                "year",
                "term",
                "course",
                "subject",
                "textbook",
                "source",
                "unit",
                "applicant",
                "applied_on",
                "users",
                "copies",
                "first",
                "readers",
            ]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("adoption", "教材选用审批表")
                .fields(&[
                    "year",
                    "term",
                    "course",
                    "subject",
                    "textbook",
                    "source",
                    "unit",
                    "applicant",
                    "users",
                    "copies",
                    "first",
                    "compared",
                    "reason",
                    "readers",
                    "committee_on",
                    "noticed_from",
                    "noticed_to",
                    "filed_on",
                ])
                .approvals()
                .signatures(&["申请人", "教研室主任", "系主任", "教务处（盖章）"]),
            list_form(
                "notice",
                "教材选用公示表",
                &["course", "textbook", "source", "users", "copies"],
                &[],
            ),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(TEACHING_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(RESEARCH_LEAD, Reach::Unit),
            may_write(TEACHER, Reach::Own),
            may_read(TEACHER, Reach::School),
            may_read(PARTY_OFFICE, Reach::School),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let unified = matches!(
            self.subject,
            Subject::Politics | Subject::Chinese | Subject::History
        );
        let argued = matches!(
            self.source,
            TextbookSource::Published | TextbookSource::School | TextbookSource::Overseas
        );
        let reason = filled(self.reason.as_ref().map(|text| text.0.as_str()));
        Checks::new()
            .school_year(self.year, ctx.today, "year")
            // 《职业院校教材管理办法》: 思想政治, 语文 and 历史 of secondary schools use the unified national books only.
            .refuse(
                unified && self.source != TextbookSource::Unified,
                "source",
                "思想政治、语文、历史课必须选用国家统编教材",
            )
            .refuse(
                argued && !reason,
                "reason",
                "目录外、校本或境外教材请写明选用理由",
            )
            .refuse(self.copies == 0, "copies", "使用册数应大于0")
            .not_after_today(self.applied_on, ctx.today, "applied_on")
            .in_order(
                self.applied_on,
                self.committee_on,
                "committee_on",
                "委员会会议不能早于申请",
            )
            .notice(
                self.committee_on,
                "委员会会议日期",
                [self.noticed_from, self.noticed_to],
                ["noticed_from", "noticed_to"],
            )
            .in_order(self.noticed_to, self.filed_on, "filed_on", "公示结束后才能备案")
            .not_after_today(self.filed_on, ctx.today, "filed_on")
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                self.first && !filled(self.compared.as_deref()),
                "compared",
                "首次选用建议写明比选过的教材",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> TextbookAdoption {
        TextbookAdoption {
            year: 2025,
            term: Code("2".into()),
            course: Ref::new(Uuid::nil()),
            subject: Subject::Vocational,
            textbook: Ref::new(Uuid::nil()),
            source: TextbookSource::National,
            unit: Ref::new(Uuid::nil()),
            applicant: Ref::new(Uuid::nil()),
            applied_on: test_day(),
            users: "2025级机电".into(),
            copies: 80,
            first: false,
            compared: None,
            reason: None,
            readers: "李工".into(),
            committee_on: None,
            noticed_from: None,
            noticed_to: None,
            filed_on: None,
            files: Files::default(),
        }
    }

    #[test]
    fn three_subjects_use_the_unified_books() {
        assert!(refused(&sample()).is_empty());
        for subject in [Subject::Politics, Subject::Chinese, Subject::History] {
            let national = TextbookAdoption { subject, ..sample() };
            assert_eq!(refused(&national), ["source"]);
            let unified = TextbookAdoption {
                source: TextbookSource::Unified,
                ..national
            };
            assert!(refused(&unified).is_empty());
        }
    }

    #[test]
    fn what_is_on_no_list_is_argued_for() {
        let own = TextbookAdoption {
            source: TextbookSource::School,
            first: true,
            ..sample()
        };
        assert_eq!(refused(&own), ["reason"]);
        assert_eq!(doubted(&own), ["compared"]);
        let argued = TextbookAdoption {
            reason: Some(LongText("没有对应的公开教材".into())),
            ..own
        };
        assert!(refused(&argued).is_empty());
    }

    #[test]
    fn notice_follows_the_committee_and_filing_the_notice() {
        let day = |before: i64| Some(test_day() - chrono::Duration::days(before));
        let filed = TextbookAdoption {
            applied_on: day(30).expect("a day"),
            committee_on: day(20),
            noticed_from: day(15),
            noticed_to: day(8),
            filed_on: day(1),
            ..sample()
        };
        assert!(refused(&filed).is_empty());
        let hasty = TextbookAdoption {
            committee_on: day(31),
            noticed_from: day(32),
            noticed_to: day(33),
            filed_on: day(34),
            ..filed
        };
        assert_eq!(
            refused(&hasty),
            ["committee_on", "noticed_from", "noticed_to", "filed_on"]
        );
    }

    #[test]
    fn the_party_decides_after_the_committee() {
        let flow = TextbookAdoption::flow();
        assert_eq!(flow.find("approve_committee").expect("a step").to, "待党组织审批");
        assert_eq!(flow.find("approve_party").expect("a step").to, "待公示");
        assert_eq!(flow.find("object").expect("a step").to, RETURNED);
    }
}
