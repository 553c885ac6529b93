use super::PartyBranch;
use chrono::{Months, NaiveDate};
use kernel::error::Violation;
use kernel::register::field::{Code, Decimal, Files, LongText, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, indicator};
use kernel::register::paper::{PaperForm, list_form, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{CLASS_TEACHER, DEPARTMENT_HEAD, PARTY_OFFICE, TEACHER};
use people::{Staff, Student};

/// 党员发展：从递交入党申请书到转为正式党员的全过程，各环节的最短时间由系统核对。由党委办公室管理，培养联系人可看自己联系的人；家庭和考察情况加密。
#[derive(Clone, Debug, Register)]
#[register(
    id = "party_development",
    title = "党员发展",
    group = "party",
    systems = "G1",
    label = "staff, student",
    unique = "staff; student",
    date = "stage_on",
    due = "due",
    within = "branch",
    owner = "contact"
)]
pub struct PartyDevelopment {
    #[field(label = "党组织", list, filter, dataset = "T45.DZZMC:name, T45.DZZBH:number")]
    pub branch: Ref<PartyBranch>,
    #[field(label = "人员类型", filter, code = "XDYLXDM", dataset = "T45.XDYLXM")]
    pub kind: Code,
    #[field(label = "教职工", list, dataset = "T45.XM:name, T45.RYBH:number")]
    pub staff: Option<Ref<Staff>>,
    #[field(label = "学生", list, dataset = "T45.XM:name, T45.RYBH:number")]
    pub student: Option<Ref<Student>>,
    #[field(
        label = "发展状态",
        filter,
        code = "XDYFZZTDM",
        help = "由各日期得出，不用填",
        dataset = "T45.XDYFZZTM"
    )]
    pub status: Option<Code>,
    #[field(label = "递交申请日期", list)]
    pub applied_on: NaiveDate,
    #[field(label = "派人谈话日期", help = "收到申请书后一个月内")]
    pub talked_on: Option<NaiveDate>,
    #[field(label = "培养联系人", list, help = "一至二名正式党员")]
    pub contact: Option<Ref<Staff>>,
    #[field(label = "第二联系人")]
    pub second_contact: Option<Ref<Staff>>,
    #[field(label = "积极分子日期", dataset = "T45.CWJJFZRQ")]
    pub activist_on: Option<NaiveDate>,
    #[field(label = "最近考察日期", help = "对积极分子每半年考察一次")]
    pub reviewed_on: Option<NaiveDate>,
    #[field(label = "发展对象日期", help = "积极分子培养一年以上")]
    pub candidate_on: Option<NaiveDate>,
    #[field(label = "集中培训学时", help = "一般不少于24学时（或三天）")]
    pub training: Option<Decimal<1>>,
    #[field(label = "政治审查日期")]
    pub vetted_on: Option<NaiveDate>,
    #[field(label = "入党介绍人")]
    pub introducer: Option<Ref<Staff>>,
    #[field(label = "第二介绍人")]
    pub second_introducer: Option<Ref<Staff>>,
    #[field(
        label = "预备党员日期",
        list,
        help = "支部大会通过之日",
        dataset = "T45.CWYBDYRQ"
    )]
    pub admitted_on: Option<NaiveDate>,
    #[field(label = "上级批准日期", help = "一般三个月内，最迟六个月")]
    pub approved_on: Option<NaiveDate>,
    #[field(label = "预备期延长至", help = "延长半年至一年，只能一次")]
    pub extended_to: Option<NaiveDate>,
    #[field(label = "转正日期", list, dataset = "T45.ZZRQ")]
    pub confirmed_on: Option<NaiveDate>,
    #[field(label = "家庭和社会关系", sealed, max = 500)]
    pub family: Option<LongText>,
    #[field(label = "考察和政审结论", sealed, max = 1000)]
    pub findings: Option<LongText>,
    #[field(label = "阶段日期", list, filter, help = "进入当前阶段的日期，不用填")]
    pub stage_on: Option<NaiveDate>,
    #[field(label = "下一步期限", list, help = "谈话、考察或转正的应办日期，不用填")]
    pub due: Option<NaiveDate>,
    #[field(label = "材料", help = "可不传")]
    pub files: Files,
}

fn months_after(day: Option<NaiveDate>, months: u32) -> Option<NaiveDate> {
    day?.checked_add_months(Months::new(months))
}

impl Rules for PartyDevelopment {
    fn flow() -> Flow {
        let office = [Who::Role(PARTY_OFFICE)];
        Flow::starts("入党申请人")
            .open("入党积极分子")
            .open("发展对象")
            .open("预备党员")
            .done("正式党员")
            .dropped("已终止")
            .step(
                "activist",
                "确定为积极分子",
                &["入党申请人"],
                "入党积极分子",
                &office,
            )
            .needs(&["talked_on", "contact", "activist_on"])
            .signed("支部委员会意见")
            .step("review", "半年考察", &["入党积极分子"], "入党积极分子", &office)
            .needs(&["reviewed_on"])
            .step(
                "candidate",
                "确定为发展对象",
                &["入党积极分子"],
                "发展对象",
                &office,
            )
            .needs(&["candidate_on"])
            .signed("支部委员会意见")
            .step("admit", "接收为预备党员", &["发展对象"], "预备党员", &office)
            .needs(&[
                "training",
                "vetted_on",
                "introducer",
                "second_introducer",
                "admitted_on",
            ])
            .signed("支部党员大会决议")
            .step("extend", "延长预备期", &["预备党员"], "预备党员", &office)
            .needs(&["extended_to"])
            .with_note()
            .step("confirm", "转为正式党员", &["预备党员"], "正式党员", &office)
            .needs(&["approved_on", "confirmed_on"])
            .signed("支部党员大会决议")
            .step(
                "stop",
                "终止培养",
                &["入党申请人", "入党积极分子", "发展对象", "预备党员"],
                "已终止",
                &office,
            )
            .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let count = |id: &str, title: &str, state: &str, by: &str| {
            let of = Filter::all().dated(by);
            indicator(
                id,
                title,
                &format!("期内成为{state}的人数"),
                "人",
                Measure::Count { of },
            )
            .by(by)
        };
        vec![
            count(
                "party_development_admitted",
                "发展党员数",
                "预备党员",
                "admitted_on",
            )
            .also(&["发展党员", "新发展党员"]),
            count(
                "party_development_activists",
                "入党积极分子数",
                "入党积极分子",
                "activist_on",
            )
            .also(&["培养入党积极分子"]),
            count(
                "party_development_confirmed",
                "转正党员数",
                "正式党员",
                "confirmed_on",
            )
            .also(&["按期转正"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(PARTY_OFFICE, Reach::School),
            may_read(DEPARTMENT_HEAD, Reach::Unit),
            may_read(TEACHER, Reach::Own),
            may_read(CLASS_TEACHER, Reach::Own),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("course", "发展党员全程记实表")
                .fields(&[
                    "branch",
                    "kind",
                    "staff",
                    "student",
                    "applied_on",
                    "talked_on",
                    "contact",
                    "second_contact",
                    "activist_on",
                    "reviewed_on",
                    "candidate_on",
                    "training",
                    "vetted_on",
                    "introducer",
                    "second_introducer",
                    "admitted_on",
                    "approved_on",
                    "confirmed_on",
                ])
                .approvals()
                .signatures(&["支部书记", "党委（盖章）"]),
            list_form(
                "notice",
                "发展党员公示名单",
                &[
                    "branch",
                    "staff",
                    "student",
                    "applied_on",
                    "activist_on",
                    "candidate_on",
                ],
                &[],
            ),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["stage_on", "status", "due"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        let code = |code: &str| Some(Code(code.into()));
        (self.status, self.due) = if self.confirmed_on.is_some() {
            (code("3"), None)
        } else if self.admitted_on.is_some() {
            (code("2"), self.extended_to.or(months_after(self.admitted_on, 12)))
        } else if self.activist_on.is_some() {
            (code("1"), months_after(self.reviewed_on.max(self.activist_on), 6))
        } else if self.talked_on.is_none() {
            (None, months_after(Some(self.applied_on), 1))
        } else {
            (None, None)
        };
        self.stage_on = self
            .confirmed_on
            .or(self.admitted_on)
            .or(self.candidate_on)
            .or(self.activist_on)
            .or(Some(self.applied_on));
    }

    // 《中国共产党发展党员工作细则》(2014): talk within a month (第七条), one or two contacts, a year as activist before
    // candidate, two introducers, vetting, training of 24 hours, approval within three and at most six months, a
    // probation of one year, prolonged once by six to twelve months.
    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let same = |a: &Option<Ref<Staff>>, b: &Option<Ref<Staff>>| matches!((a, b), (Some(a), Some(b)) if a.id == b.id);
        let (staff, student) = (self.staff.is_some(), self.student.is_some());
        let admitted = self.admitted_on.is_some();
        let probation = self.extended_to.or(months_after(self.admitted_on, 12));
        Checks::new()
            .refuse(
                self.kind.0 == "1" && (!staff || student),
                "staff",
                "教职工请选择教职工，不选学生",
            )
            .refuse(
                self.kind.0 == "2" && (!student || staff),
                "student",
                "学生请选择学生，不选教职工",
            )
            .refuse(
                !matches!(self.kind.0.as_str(), "1" | "2"),
                "kind",
                "本校发展的党员应是教职工或学生",
            )
            .not_after_today(self.applied_on, ctx.today, "applied_on")
            .in_order(
                self.applied_on,
                self.talked_on,
                "talked_on",
                "谈话日期不能早于申请日期",
            )
            .in_order(
                self.talked_on.unwrap_or(self.applied_on),
                self.activist_on,
                "activist_on",
                "先谈话，再确定为积极分子",
            )
            .not_after_today(self.activist_on, ctx.today, "activist_on")
            .refuse(
                self.activist_on.is_some() && self.contact.is_none(),
                "contact",
                "积极分子应指定培养联系人",
            )
            .refuse(
                same(&self.contact, &self.second_contact),
                "second_contact",
                "两名联系人不能是同一人",
            )
            .refuse(
                self.candidate_on.is_some() && self.activist_on.is_none(),
                "activist_on",
                "先确定为积极分子，再确定为发展对象",
            )
            .in_order(
                months_after(self.activist_on, 12),
                self.candidate_on,
                "candidate_on",
                "积极分子经过一年以上培养教育，才能确定为发展对象",
            )
            .not_after_today(self.candidate_on, ctx.today, "candidate_on")
            .refuse(
                admitted && self.candidate_on.is_none(),
                "candidate_on",
                "先确定为发展对象，再接收为预备党员",
            )
            .in_order(
                self.candidate_on,
                self.admitted_on,
                "admitted_on",
                "接收日期不能早于确定为发展对象的日期",
            )
            .not_after_today(self.admitted_on, ctx.today, "admitted_on")
            .refuse(
                admitted && self.vetted_on.is_none(),
                "vetted_on",
                "未经政治审查不能发展入党",
            )
            .in_order(
                self.vetted_on,
                self.admitted_on,
                "vetted_on",
                "政治审查应在接收之前",
            )
            .refuse(
                admitted && self.training.is_none_or(|hours| hours.0 < 240),
                "training",
                "发展对象短期集中培训不少于24学时",
            )
            .refuse(
                admitted && (self.introducer.is_none() || self.second_introducer.is_none()),
                "introducer",
                "接收预备党员应有两名入党介绍人",
            )
            .refuse(
                same(&self.introducer, &self.second_introducer),
                "second_introducer",
                "两名介绍人不能是同一人",
            )
            .in_order(
                self.admitted_on,
                self.approved_on,
                "approved_on",
                "批准日期不能早于支部大会通过日期",
            )
            .in_order(
                self.approved_on,
                months_after(self.admitted_on, 6),
                "approved_on",
                "上级党委审批最迟不超过六个月",
            )
            .in_order(
                months_after(self.admitted_on, 18),
                self.extended_to,
                "extended_to",
                "预备期一次延长半年至一年",
            )
            .in_order(
                self.extended_to,
                months_after(self.admitted_on, 24),
                "extended_to",
                "预备期一次延长半年至一年",
            )
            .refuse(
                self.confirmed_on.is_some() && !admitted,
                "admitted_on",
                "先接收为预备党员，再转正",
            )
            .in_order(probation, self.confirmed_on, "confirmed_on", "预备期满才能转正")
            .not_after_today(self.confirmed_on, ctx.today, "confirmed_on")
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let late = self.due.is_some_and(|due| due < ctx.today);
        let slow = matches!(
            (months_after(self.admitted_on, 3), self.approved_on),
            (Some(limit), Some(approved)) if approved > limit
        );
        Checks::new()
            .refuse(late, "due", "应办日期已过：谈话、半年考察或转正还没有登记")
            .refuse(slow, "approved_on", "上级党委审批一般在三个月内")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn ago(months: u32) -> Option<NaiveDate> {
        Some(test_day() - Months::new(months))
    }

    fn sample() -> PartyDevelopment {
        let person = |n: u128| Some(Ref::new(Uuid::from_u128(n)));
        let mut record = PartyDevelopment {
            branch: Ref::new(Uuid::nil()),
            kind: Code("1".into()),
            staff: person(1),
            student: None,
            status: None,
            applied_on: test_day() - Months::new(40),
            talked_on: ago(39),
            contact: person(2),
            second_contact: person(3),
            activist_on: ago(36),
            reviewed_on: ago(25),
            candidate_on: ago(20),
            training: Some(Decimal(240)),
            vetted_on: ago(15),
            introducer: person(2),
            second_introducer: person(3),
            admitted_on: ago(13),
            approved_on: ago(11),
            extended_to: None,
            confirmed_on: ago(1),
            family: None,
            findings: None,
            stage_on: None,
            due: None,
            files: Files::default(),
        };
        complete(&mut record);
        record
    }

    fn complete(record: &mut PartyDevelopment) {
        record.complete(&Ctx {
            today: test_day(),
            new: true,
        });
    }

    fn with(change: impl Fn(&mut PartyDevelopment)) -> Vec<String> {
        let mut record = sample();
        change(&mut record);
        refused(&record)
    }

    #[test]
    fn each_stage_takes_its_time() {
        assert!(refused(&sample()).is_empty());
        assert_eq!(with(|r| r.candidate_on = ago(25)), ["candidate_on"]);
        assert_eq!(with(|r| r.confirmed_on = ago(2)), ["confirmed_on"]);
        assert_eq!(with(|r| r.approved_on = ago(6)), ["approved_on"]);
        assert_eq!(with(|r| r.activist_on = ago(40)), ["activist_on"]);
        assert_eq!(
            with(|r| {
                r.extended_to = ago(0);
                r.confirmed_on = None;
            }),
            ["extended_to"]
        );
    }

    #[test]
    fn nobody_is_admitted_without_vetting_training_and_two_introducers() {
        assert_eq!(with(|r| r.vetted_on = None), ["vetted_on"]);
        assert_eq!(with(|r| r.training = Some(Decimal(239))), ["training"]);
        assert_eq!(with(|r| r.second_introducer = None), ["introducer"]);
        assert_eq!(
            with(|r| r.second_introducer = r.introducer),
            ["second_introducer"]
        );
        assert_eq!(with(|r| r.contact = None), ["contact"]);
    }

    #[test]
    fn a_person_is_either_staff_or_student() {
        assert_eq!(with(|r| r.student = Some(Ref::new(Uuid::nil()))), ["staff"]);
        assert_eq!(with(|r| r.kind = Code("2".into())), ["student"]);
        assert_eq!(with(|r| r.kind = Code("9".into())), ["kind"]);
    }

    #[test]
    fn status_and_next_day_follow_from_the_dates() {
        let mut record = sample();
        assert_eq!(record.status, Some(Code("3".into())));
        assert_eq!((record.due, record.stage_on), (None, ago(1)));
        record.confirmed_on = None;
        complete(&mut record);
        assert_eq!((record.due, record.stage_on), (ago(1), ago(13)));
        assert_eq!(doubted(&record), ["due"]);
        record.admitted_on = None;
        record.candidate_on = None;
        complete(&mut record);
        assert_eq!((record.due, record.stage_on), (ago(19), ago(36)));
        record.activist_on = None;
        record.talked_on = None;
        complete(&mut record);
        assert_eq!((record.status.clone(), record.due), (None, ago(39)));
    }
}
