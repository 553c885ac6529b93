use crate::audience::{STAFF, open_to_all};
use chrono::{Months, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Ref};
use kernel::register::flow::{Flow, Guard, RETURNED, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, indicator};
use kernel::register::paper::{PaperForm, list_form, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx, Reach, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled};
use people::roles::OFFICE;
use people::{Staff, Unit};

choice!(
    /// 制度类别
    RegulationClass {
        Charter = "charter" "学校章程",
        Party = "party" "党的建设",
        Administration = "administration" "行政管理",
        Teaching = "teaching" "教学管理",
        Student = "student" "学生管理",
        Personnel = "personnel" "人事师资",
        Finance = "finance" "财务资产",
        Safety = "safety" "安全后勤",
        Partners = "partners" "校企合作",
        Research = "research" "教科研",
    }
);

choice!(
    /// 审议机构
    Adopter {
        Committee = "committee" "党委会",
        Office = "office" "校长办公会",
        Congress = "congress" "教职工代表大会",
    }
);

/// 制度库：学校章程和各项规章制度的立、改、废，一个版本一条，现行有效的全校可查。由办公室管理，各部门起草本部门的。
#[derive(Clone, Debug, Register)]
#[register(
    id = "regulation",
    title = "制度库",
    group = "office",
    systems = "G4",
    label = "title, version",
    unique = "title, version",
    date = "drafted_on",
    due = "due",
    within = "unit",
    owner = "drafter"
)]
pub struct Regulation {
    #[field(
        label = "制度名称",
        list,
        max = 100,
        help = "章程、规定、办法、细则、规程，不加书名号和版本"
    )]
    pub title: String,
    #[field(label = "版本", list, max = 99, help = "初次制定为1，每修订一次加1")]
    pub version: i64,
    #[field(label = "类别", list, filter)]
    pub class: RegulationClass,
    #[field(label = "起草部门", list, filter)]
    pub unit: Ref<Unit>,
    #[field(label = "起草人")]
    pub drafter: Ref<Staff>,
    #[field(label = "起草日期", filter)]
    pub drafted_on: NaiveDate,
    #[field(label = "计划完成日期")]
    pub due: Option<NaiveDate>,
    #[field(label = "替代的旧版本", help = "修订的选择，公布后旧版本由办公室废止")]
    pub replaces: Option<Ref<Regulation>>,
    #[field(label = "立改依据和要点", max = 500)]
    pub reason: LongText,
    #[field(
        label = "关系职工切身利益",
        filter,
        help = "考核奖惩、绩效分配、福利等，须经教代会讨论通过"
    )]
    pub personal: bool,
    #[field(label = "征求意见情况", max = 500, help = "范围、时间、采纳情况")]
    pub consulted: Option<LongText>,
    #[field(label = "合法性审查意见", max = 300)]
    pub legality: Option<LongText>,
    #[field(label = "审议机构", filter)]
    pub adopter: Option<Adopter>,
    #[field(label = "审议通过日期")]
    pub adopted_on: Option<NaiveDate>,
    #[field(label = "教代会通过日期", help = "章程和关系职工切身利益的制度填写")]
    pub congress_on: Option<NaiveDate>,
    #[field(label = "文号", list, max = 40, help = "公布制度的发文字号")]
    pub number: Option<String>,
    #[field(label = "施行日期", list)]
    pub effective_on: Option<NaiveDate>,
    #[field(label = "应复审日期", list, help = "施行满三年复审，不填时自动算出")]
    pub review_due: Option<NaiveDate>,
    #[field(label = "废止日期")]
    pub repealed_on: Option<NaiveDate>,
    #[field(label = "正文", help = "公布的文本")]
    pub files: Files,
}

/// Years after which a regulation in force is looked at again; the school's own rule.
const REVIEW: Months = Months::new(36);

impl Regulation {
    fn needs_congress(&self) -> bool {
        self.personal || self.class == RegulationClass::Charter
    }
}

impl Rules for Regulation {
    fn flow() -> Flow {
        let office = || Who::Role(OFFICE);
        let drafter = || Who::Field("drafter".into());
        Flow::starts("起草中")
            .open("征求意见")
            .open("合法性审查")
            .open("待审议")
            .open("待公布")
            .open(RETURNED)
            .done("现行有效")
            .dropped("已废止")
            .dropped("已终止")
            .step(
                "consult",
                "送征求意见",
                &["起草中"],
                "征求意见",
                &[drafter(), office()],
            )
            .step(
                "vet",
                "送合法性审查",
                &["征求意见"],
                "合法性审查",
                &[drafter(), office()],
            )
            .needs(&["consulted"])
            .signed("起草部门")
            .step("pass", "审查通过", &["合法性审查"], "待审议", &[office()])
            .needs(&["legality"])
            .within_days(10)
            .signed("合法性审查")
            .step("adopt", "审议通过", &["待审议"], "待公布", &[office()])
            .when(Guard::is("personal", "false"))
            .needs(&["adopter", "adopted_on"])
            .signed("审议机构")
            .step(
                "adopt_congress",
                "教代会及审议通过",
                &["待审议"],
                "待公布",
                &[office()],
            )
            .when(Guard::is("personal", "true"))
            .needs(&["congress_on", "adopter", "adopted_on"])
            .signed("审议机构")
            .step("publish", "公布施行", &["待公布"], "现行有效", &[office()])
            .needs(&["number", "effective_on"])
            .signed("签发公布")
            .step(
                "return",
                "退回修改",
                &["合法性审查", "待审议"],
                RETURNED,
                &[office()],
            )
            .with_note()
            .step(
                "resubmit",
                "重新送审",
                &[RETURNED],
                "合法性审查",
                &[drafter(), office()],
            )
            .step("keep", "复审继续有效", &["现行有效"], "现行有效", &[office()])
            .needs(&["review_due"])
            .with_note()
            .step("repeal", "废止", &["现行有效"], "已废止", &[office()])
            .needs(&["repealed_on"])
            .with_note()
            .step(
                "drop",
                "终止起草",
                &["起草中", "征求意见", RETURNED],
                "已终止",
                &[drafter(), office()],
            )
            .with_note()
            .editable(&["起草中", RETURNED])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let force = || Filter::state("现行有效");
        vec![
            indicator(
                "regulations",
                "现行制度数",
                "现行有效的规章制度",
                "项",
                Measure::Count { of: force() },
            )
            .standing()
            .also(&["规章制度数", "制度数量"]),
            indicator(
                "regulations_made",
                "制定修订制度数",
                "期内公布施行的制度",
                "项",
                Measure::Count {
                    of: force().dated("effective_on"),
                },
            )
            .by("effective_on")
            .also(&["修订完善制度", "新建制度", "修订制度"]),
            indicator(
                "regulations_repealed",
                "废止制度数",
                "已废止的制度",
                "项",
                Measure::Count {
                    of: Filter::state("已废止"),
                },
            )
            .by("repealed_on")
            .also(&["清理过期制度"]),
        ]
    }

    fn access() -> Vec<Access> {
        let mut access = open_to_all(&[OFFICE]);
        let drafters = STAFF.into_iter().filter(|role| *role != OFFICE);
        access.extend(drafters.map(|role| may_write(role, Reach::Own)));
        access
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "制度立改废",
                "办公室",
                "部门起草、征求意见后送合法性审查和审议；关系职工切身利益的先经教代会",
            )
            .quick(&[
                "title",
                "version",
                "class",
                "unit",
                "drafter",
                "drafted_on",
                "reason",
                "personal",
                "files",
            ]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("slip", "制度审议审批表")
                .fields(&[
                    "title",
                    "version",
                    "class",
                    "unit",
                    "drafter",
                    "drafted_on",
                    "replaces",
                    "personal",
                    "reason",
                    "consulted",
                    "legality",
                    "adopter",
                    "adopted_on",
                    "congress_on",
                    "number",
                    "effective_on",
                ])
                .approvals(),
            list_form(
                "list",
                "现行制度目录",
                &["class", "title", "version", "number", "effective_on", "unit"],
                &[],
            ),
        ]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.review_due = self
            .review_due
            .or_else(|| self.effective_on?.checked_add_months(REVIEW));
    }

    // 《学校教职工代表大会规定》(教育部令第32号) 第七条: pay, benefits, appraisal and rewards are discussed and adopted by
    // the congress, the charter is heard by it.
    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let legality = filled(self.legality.as_ref().map(|text| text.0.as_str()));
        Checks::new()
            .refuse(self.version == 0, "version", "版本从1编起")
            .refuse(
                self.version > 1 && self.replaces.is_none(),
                "replaces",
                "修订的制度请选择替代的旧版本",
            )
            .not_after_today(self.drafted_on, ctx.today, "drafted_on")
            .in_order(self.drafted_on, self.due, "due", "计划完成日期不能早于起草日期")
            .refuse(
                self.adopted_on.is_some() && !legality,
                "legality",
                "未经合法性审查不得提交审议",
            )
            .in_order(
                self.drafted_on,
                self.adopted_on,
                "adopted_on",
                "审议通过日期不能早于起草日期",
            )
            .not_after_today(self.adopted_on, ctx.today, "adopted_on")
            .refuse(
                self.adopted_on.is_some() && self.needs_congress() && self.congress_on.is_none(),
                "congress_on",
                "章程和关系职工切身利益的制度须经教代会讨论通过",
            )
            .not_after_today(self.congress_on, ctx.today, "congress_on")
            .refuse(
                self.effective_on.is_some() && self.adopted_on.is_none(),
                "adopted_on",
                "审议通过后才能施行",
            )
            .in_order(
                self.adopted_on,
                self.effective_on,
                "effective_on",
                "施行日期不能早于审议通过日期",
            )
            .in_order(
                self.effective_on,
                self.repealed_on,
                "repealed_on",
                "废止日期不能早于施行日期",
            )
            .refuse(
                self.repealed_on.is_some() && self.effective_on.is_none(),
                "effective_on",
                "没有施行的制度不用废止，请终止起草",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let stale = self.repealed_on.is_none() && self.review_due.is_some_and(|due| due < ctx.today);
        Checks::new()
            .refuse(stale, "review_due", "已到复审日期，请复审、修订或废止")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> Regulation {
        Regulation {
            title: "教职工请假管理办法".into(),
            version: 1,
            class: RegulationClass::Personnel,
            unit: Ref::new(Uuid::nil()),
            drafter: Ref::new(Uuid::nil()),
            drafted_on: test_day() - Months::new(3),
            due: None,
            replaces: None,
            reason: LongText("规范请假审批".into()),
            personal: false,
            consulted: None,
            legality: Some(LongText("符合上位规定".into())),
            adopter: Some(Adopter::Office),
            adopted_on: Some(test_day() - Months::new(1)),
            congress_on: None,
            number: None,
            effective_on: Some(test_day()),
            review_due: None,
            repealed_on: None,
            files: Files::default(),
        }
    }

    #[test]
    fn what_touches_the_staff_goes_through_the_congress() {
        assert!(refused(&sample()).is_empty());
        let pay = Regulation {
            personal: true,
            ..sample()
        };
        assert_eq!(refused(&pay), ["congress_on"]);
        let charter = Regulation {
            class: RegulationClass::Charter,
            ..sample()
        };
        assert_eq!(refused(&charter), ["congress_on"]);
    }

    #[test]
    fn nothing_is_in_force_before_it_was_vetted_and_adopted() {
        let unvetted = Regulation {
            legality: None,
            ..sample()
        };
        assert_eq!(refused(&unvetted), ["legality"]);
        let raw = Regulation {
            adopted_on: None,
            ..sample()
        };
        assert_eq!(refused(&raw), ["adopted_on"]);
        let second = Regulation {
            version: 2,
            ..sample()
        };
        assert_eq!(refused(&second), ["replaces"]);
    }

    #[test]
    fn it_is_looked_at_again_after_three_years() {
        let mut record = sample();
        record.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        assert_eq!(record.review_due, Some(test_day() + REVIEW));
        assert!(doubted(&record).is_empty());
        record.review_due = test_day().pred_opt();
        assert_eq!(doubted(&record), ["review_due"]);
    }
}
