use chrono::{Days, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{LongText, Ref};
use kernel::register::flow::{Flow, Guard, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, said};
use people::roles::{CLASS_TEACHER, COUNSELLOR, DEPARTMENT_HEAD, DORM_KEEPER, STUDENT_OFFICE, TEACHER};
use people::{Staff, Student};

choice!(
    /// 不良行为：预防未成年人犯罪法（2020年修订）第二十八条所列九项；末项为第三十八条的严重不良行为。
    MisconductKind {
        Smoking = "smoking" "吸烟、饮酒",
        Truancy = "truancy" "多次旷课、逃学",
        Night = "night" "无故夜不归宿、离家出走",
        Network = "network" "沉迷网络",
        Company = "company" "与不良习性的人交往或结伙",
        Venue = "venue" "进入未成年人不宜场所",
        Gambling = "gambling" "赌博、封建迷信、邪教",
        Reading = "reading" "观看淫秽、暴力等内容",
        Other = "other" "其他不良行为",
        Grave = "grave" "严重不良行为",
    }
);

choice!(
    /// 发现途径
    NoticedBy {
        ClassTeacher = "class_teacher" "班主任日常观察",
        Lesson = "lesson" "任课教师",
        Dormitory = "dormitory" "宿舍管理",
        Duty = "duty" "值班巡查",
        Parent = "parent" "家长反映",
        Police = "police" "公安、社区通报",
        Peer = "peer" "同学反映",
    }
);

choice!(
    /// 管理教育措施：同法第三十一条。
    Measures {
        Admonish = "admonish" "予以训导",
        Rules = "rules" "要求遵守特定行为规范",
        Course = "course" "参加特定专题教育",
        Service = "service" "参加校内服务活动",
        Guidance = "guidance" "心理辅导和行为干预",
        Other = "other" "其他管理教育措施",
    }
);

choice!(
    /// 干预效果
    Effect {
        Better = "better" "明显改善",
        Some = "some" "有所改善",
        Same = "same" "没有改善",
        Worse = "worse" "行为加重",
    }
);

/// 不良行为干预：早发现不良行为，一生一策帮教，按期复评。班主任和帮教教师填写，学生处管理；详情密封，只用于帮教。
#[derive(Clone, Debug, Register)]
#[register(
    id = "misconduct",
    title = "不良行为干预",
    group = "student",
    systems = "D8",
    label = "student, kind",
    date = "found_on",
    due = "review_on",
    within = "student",
    owner = "tutor"
)]
pub struct Misconduct {
    #[field(label = "学生", list)]
    pub student: Ref<Student>,
    #[field(label = "发现日期", list, filter)]
    pub found_on: NaiveDate,
    #[field(label = "行为类别", list, filter)]
    pub kind: MisconductKind,
    #[field(label = "发现途径", filter)]
    pub noticed_by: NoticedBy,
    #[field(label = "具体表现", sealed, max = 800)]
    pub detail: LongText,
    #[field(label = "帮教教师", list)]
    pub tutor: Ref<Staff>,
    #[field(label = "告知监护人日期")]
    pub guardian_told_on: Option<NaiveDate>,
    #[field(label = "教育措施", list, filter)]
    pub measure: Option<Measures>,
    #[field(label = "帮教计划", sealed, max = 800)]
    pub plan: Option<LongText>,
    #[field(label = "复评期限", list, filter, help = "不填则自发现之日起30日")]
    pub review_on: Option<NaiveDate>,
    #[field(label = "复评日期")]
    pub reviewed_on: Option<NaiveDate>,
    #[field(label = "干预效果", list, filter)]
    pub effect: Option<Effect>,
    #[field(label = "帮教情况", sealed, max = 800)]
    pub result: Option<LongText>,
    #[field(label = "移送单位", max = 60, help = "公安机关、专门教育指导委员会等")]
    pub referred_to: Option<String>,
    #[field(label = "移送日期")]
    pub referred_on: Option<NaiveDate>,
}

impl Rules for Misconduct {
    fn flow() -> Flow {
        let tutor = || Who::Field("tutor".into());
        let keepers = || vec![tutor(), Who::Role(CLASS_TEACHER), Who::Role(STUDENT_OFFICE)];
        Flow::starts("待干预")
            .open("帮教中")
            .done("已改善")
            .done("已移送")
            .dropped("不属实")
            .step("begin", "制定帮教", &["待干预"], "帮教中", &keepers())
            .needs(&["measure", "plan", "guardian_told_on"])
            .within_days(5)
            .step("review", "复评", &["帮教中"], "帮教中", &keepers())
            .needs(&["reviewed_on", "effect", "result", "review_on"])
            .fork(Guard::is("effect", "better"), "已改善")
            .signed("帮教教师")
            .step(
                "refer",
                "移送",
                &["待干预", "帮教中"],
                "已移送",
                &[Who::Role(STUDENT_OFFICE)],
            )
            .needs(&["referred_to", "referred_on", "guardian_told_on"])
            .with_note()
            .signed("学生处意见")
            .step(
                "unfounded",
                "不属实",
                &["待干预"],
                "不属实",
                &[Who::Role(STUDENT_OFFICE)],
            )
            .with_note()
            .editable(&["待干预", "帮教中"])
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let closed = || Filter::all().dated("reviewed_on");
        vec![
            indicator(
                "misconduct_improved",
                "不良行为转化率",
                "已改善的 ÷ 已复评的不良行为干预",
                "%",
                Measure::Share {
                    of: Filter::state("已改善").dated("reviewed_on"),
                    among: closed(),
                },
            )
            .also(&["问题学生转化率", "帮教转化率"]),
            indicator(
                "misconduct_students",
                "不良行为干预人数",
                "登记干预的不同学生",
                "人",
                Measure::CountDistinct {
                    of: Filter::all(),
                    field: "student".into(),
                },
            )
            .also(&["帮教学生数"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(STUDENT_OFFICE, Reach::School),
            may_write(CLASS_TEACHER, Reach::Unit),
            may_write(TEACHER, Reach::Own),
            may_write(DORM_KEEPER, Reach::Own),
            may_read(DEPARTMENT_HEAD, Reach::Unit).unmasked(),
            may_read(COUNSELLOR, Reach::School).unmasked(),
        ]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.review_on = self.review_on.or(self.found_on.checked_add_days(Days::new(30)));
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("file", "学生帮教记录表")
                .fields(&[
                    "student",
                    "found_on",
                    "kind",
                    "noticed_by",
                    "tutor",
                    "measure",
                    "review_on",
                ])
                .heading("复评")
                .fields(&["reviewed_on", "effect"])
                .approvals()
                .signatures(&["帮教教师", "班主任", "监护人"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .not_after_today(self.found_on, ctx.today, "found_on")
            .in_order(
                self.found_on,
                self.guardian_told_on,
                "guardian_told_on",
                "告知监护人日期不能早于发现日期",
            )
            .not_after_today(self.guardian_told_on, ctx.today, "guardian_told_on")
            .in_order(
                self.found_on,
                self.review_on,
                "review_on",
                "复评期限不能早于发现日期",
            )
            .in_order(
                self.found_on,
                self.reviewed_on,
                "reviewed_on",
                "复评日期不能早于发现日期",
            )
            .not_after_today(self.reviewed_on, ctx.today, "reviewed_on")
            .refuse(
                self.reviewed_on.is_some() && !said(&self.plan),
                "plan",
                "还没有帮教计划，不能复评",
            )
            .refuse(
                self.reviewed_on.is_some() != self.effect.is_some(),
                "effect",
                "干预效果与复评日期应一并填写",
            )
            .refuse(
                self.referred_on.is_some() && self.referred_to.is_none(),
                "referred_to",
                "填写了移送日期，请写明移送单位",
            )
            .not_after_today(self.referred_on, ctx.today, "referred_on")
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        // 第三十四条、第三十五条: truants' guardians are told at once; who stays out overnight is looked for.
        let urgent = matches!(self.kind, MisconductKind::Truancy | MisconductKind::Night);
        let untold = self.guardian_told_on.is_none();
        Checks::new()
            .refuse(
                urgent && untold,
                "guardian_told_on",
                "旷课逃学、夜不归宿须及时联系监护人",
            )
            .refuse(
                self.kind == MisconductKind::Grave && self.referred_on.is_none(),
                "referred_on",
                "严重不良行为应报告公安机关，并可申请专门教育",
            )
            .refuse(
                self.reviewed_on.is_none() && self.review_on.is_some_and(|due| due < ctx.today),
                "review_on",
                "复评期限已过，还没有复评",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{day, some, text};
    use people::sound::{doubted, refused};

    fn sample() -> Misconduct {
        Misconduct {
            student: some(),
            found_on: day(-10),
            kind: MisconductKind::Smoking,
            noticed_by: NoticedBy::Duty,
            detail: LongText("课间在卫生间吸烟".into()),
            tutor: some(),
            guardian_told_on: None,
            measure: None,
            plan: None,
            review_on: None,
            reviewed_on: None,
            effect: None,
            result: None,
            referred_to: None,
            referred_on: None,
        }
    }

    #[test]
    fn a_review_follows_a_plan() {
        let mut record = sample();
        record.complete(&Ctx {
            today: day(0),
            new: true,
        });
        assert_eq!(record.review_on, Some(day(20)));
        let reviewed = Misconduct {
            plan: text("每日谈话，周末家长陪伴"),
            reviewed_on: Some(day(-1)),
            effect: Some(Effect::Better),
            ..sample()
        };
        assert!(refused(&reviewed).is_empty());
        assert_eq!(
            refused(&Misconduct {
                plan: None,
                ..reviewed.clone()
            }),
            ["plan"]
        );
        assert_eq!(
            refused(&Misconduct {
                effect: None,
                ..reviewed.clone()
            }),
            ["effect"]
        );
        assert_eq!(
            refused(&Misconduct {
                reviewed_on: Some(day(-11)),
                ..reviewed
            }),
            ["reviewed_on"]
        );
    }

    #[test]
    fn urgent_conduct_is_called_for() {
        assert!(doubted(&sample()).is_empty());
        let kind = |kind| Misconduct { kind, ..sample() };
        assert_eq!(doubted(&kind(MisconductKind::Night)), ["guardian_told_on"]);
        assert_eq!(doubted(&kind(MisconductKind::Grave)), ["referred_on"]);
    }

    #[test]
    fn only_the_student_office_refers() {
        let flow = Misconduct::flow();
        assert_eq!(
            flow.find("refer").expect("a step").who,
            [Who::Role(STUDENT_OFFICE)]
        );
    }
}
