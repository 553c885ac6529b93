use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Decimal, Files, LongText, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, indicator};
use kernel::register::paper::{PaperForm, certificate, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{
    DEPARTMENT_HEAD, PARTY_OFFICE, RESEARCH_LEAD, RESEARCH_OFFICE, TEACHER, TEACHING_OFFICE,
};
use people::{Class, Course, Staff, Unit, UnitKind};

choice!(
    /// 思政元素
    Element {
        Country = "country" "家国情怀",
        Craft = "craft" "工匠精神",
        Labour = "labour" "劳动精神",
        Law = "law" "法治意识",
        Ethics = "ethics" "职业道德",
        Safety = "safety" "安全规范",
        Culture = "culture" "文化自信",
        Innovation = "innovation" "创新精神",
        Ecology = "ecology" "生态文明",
    }
);

choice!(
    /// 评审等次
    CaseGrade {
        Excellent = "1" "优秀",
        Good = "2" "良好",
        Fair = "3" "合格",
        Weak = "4" "不合格",
    }
);

/// 课程思政案例：教师在课程中融入思政元素的教学设计和效果，教研室初审、学校评审后入库共享。教科研处和教务处组织评审。
#[derive(Clone, Debug, Register)]
#[register(
    id = "ideology_case",
    title = "课程思政案例",
    group = "teaching",
    systems = "B13",
    label = "title",
    date = "submitted_on",
    within = "group",
    owner = "author"
)]
pub struct IdeologyCase {
    #[field(label = "案例题目", list, max = 80)]
    pub title: String,
    #[field(label = "课程", list, filter)]
    pub course: Ref<Course>,
    #[field(label = "作者", list)]
    pub author: Ref<Staff>,
    #[field(label = "教研室", list, filter)]
    pub group: Ref<Unit>,
    #[field(label = "提交日期", list, filter)]
    pub submitted_on: NaiveDate,
    #[field(label = "教学内容", max = 200, help = "课题或项目、任务")]
    pub topic: String,
    #[field(label = "思政元素", list, filter)]
    pub element: Element,
    #[field(label = "融入方式", max = 500, help = "从哪个知识点切入，用什么素材和活动")]
    pub method: LongText,
    #[field(label = "教学实施", max = 2000)]
    pub design: LongText,
    #[field(label = "效果与反思", max = 1000)]
    pub effect: LongText,
    #[field(label = "授课班级")]
    pub class: Option<Ref<Class>>,
    #[field(label = "授课日期")]
    pub taught_on: Option<NaiveDate>,
    #[field(label = "评审人")]
    pub reviewer: Option<Ref<Staff>>,
    #[field(label = "评审得分", list, help = "百分制")]
    pub score: Option<Decimal<1>>,
    #[field(label = "评审等次", list, filter, help = "按得分自动评定：90、75、60分为界")]
    pub grade: Option<CaseGrade>,
    #[field(label = "附件", help = "教案、课件、视频，可不传")]
    pub files: Files,
}

impl Rules for IdeologyCase {
    fn flow() -> Flow {
        let group = [Who::Role(RESEARCH_LEAD), Who::Role(DEPARTMENT_HEAD)];
        let school = [Who::Role(TEACHING_OFFICE), Who::Role(RESEARCH_OFFICE)];
        Flow::starts("待初审")
            .open("待评审")
            .open("退回修改")
            .done("已入库")
            .dropped("未入选")
            .step("pass", "初审通过", &["待初审"], "待评审", &group)
            .within_days(7)
            .signed("教研室意见")
            .step("return", "退回修改", &["待初审"], "退回修改", &group)
            .with_note()
            .step("accept", "评审入库", &["待评审"], "已入库", &school)
            .needs(&["reviewer", "score"])
            .within_days(15)
            .signed("评审意见")
            .step("rework", "评审后修改", &["待评审"], "退回修改", &school)
            .with_note()
            .step("decline", "不入选", &["待评审"], "未入选", &school)
            .with_note()
            .step(
                "resubmit",
                "重新提交",
                &["退回修改"],
                "待初审",
                &[Who::Field("author".into()), Who::Creator],
            )
            .editable(&["待初审", "退回修改"])
    }

    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "ideology_case_term",
                "课程思政案例征集",
                1,
                Every::Term,
                Unit::each(UnitKind::Group),
                Filter::all(),
            )
            .also(&["课程思政案例", "课程思政建设"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let kept = || Filter::state("已入库");
        vec![
            indicator(
                "ideology_cases",
                "课程思政案例数",
                "已入库的课程思政案例",
                "个",
                Measure::Count { of: kept() },
            )
            .also(&["思政案例", "课程思政教学案例"]),
            indicator(
                "ideology_cases_excellent",
                "优秀课程思政案例数",
                "已入库、等次为优秀的案例",
                "个",
                Measure::Count {
                    of: kept().and("grade", Op::Is, "1"),
                },
            )
            .also(&["优秀思政案例"]),
            indicator(
                "ideology_case_coverage",
                "课程思政覆盖率",
                "有课程思政案例的课程 ÷ 课程库中的课程",
                "%",
                Measure::Coverage {
                    of: Filter::all(),
                    field: "course".into(),
                    all: Filter::all(),
                },
            ),
        ]
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "课程思政案例投稿",
                "教科研处",
                "教师投稿，教研室七天内初审，学校评审后入库共享",
            )
            .for_roles(&[TEACHER, RESEARCH_LEAD]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("case", "课程思政教学案例")
                .heading("{title}")
                .fields(&[
                    "course",
                    "author",
                    "group",
                    "topic",
                    "element",
                    "class",
                    "taught_on",
                ])
                .heading("融入方式")
                .text("{method}")
                .heading("教学实施")
                .text("{design}")
                .heading("效果与反思")
                .text("{effect}")
                .approvals(),
            certificate(
                "award",
                "荣誉证书",
                "{author}老师：\n您的课程思政案例《{title}》经学校评审，被评为{grade}案例，特发此证。",
            )
            .in_states(&["已入库"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(TEACHING_OFFICE, Reach::School),
            may_write(RESEARCH_OFFICE, Reach::School),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(RESEARCH_LEAD, Reach::Unit),
            may_write(TEACHER, Reach::Own),
            may_read(TEACHER, Reach::School),
            may_read(PARTY_OFFICE, Reach::School),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["grade"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.grade = self.score.map(|score| match score.0 {
            900.. => CaseGrade::Excellent,
            750.. => CaseGrade::Good,
            600.. => CaseGrade::Fair,
            _ => CaseGrade::Weak,
        });
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let outside = self.score.is_some_and(|score| !(0..=1000).contains(&score.0));
        Checks::new()
            .not_after_today(self.submitted_on, ctx.today, "submitted_on")
            .not_after_today(self.taught_on, ctx.today, "taught_on")
            .refuse(outside, "score", "评审得分应在0至100分之间")
            .refuse(
                self.score.is_some() && self.reviewer.is_none(),
                "reviewer",
                "填写了得分，请选择评审人",
            )
            .refuse(
                self.reviewer
                    .is_some_and(|reviewer| reviewer.id == self.author.id),
                "reviewer",
                "作者不能评审自己的案例",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn sample() -> IdeologyCase {
        IdeologyCase {
            title: "一把锉刀里的毫厘".into(),
            course: Ref::new(Uuid::nil()),
            author: Ref::new(Uuid::from_u128(1)),
            group: Ref::new(Uuid::nil()),
            submitted_on: test_day(),
            topic: "平面锉削".into(),
            element: Element::Craft,
            method: LongText("由精度要求引出精益求精".into()),
            design: LongText("示范、练习、互测".into()),
            effect: LongText("合格率提高".into()),
            class: None,
            taught_on: None,
            reviewer: Some(Ref::new(Uuid::from_u128(2))),
            score: Some(Decimal(900)),
            grade: None,
            files: Files::default(),
        }
    }

    #[test]
    fn the_grade_follows_from_the_score() {
        let ctx = Ctx {
            today: test_day(),
            new: true,
        };
        for (score, grade) in [
            (900, CaseGrade::Excellent),
            (899, CaseGrade::Good),
            (749, CaseGrade::Fair),
            (599, CaseGrade::Weak),
        ] {
            let mut case = IdeologyCase {
                score: Some(Decimal(score)),
                ..sample()
            };
            case.complete(&ctx);
            assert_eq!(case.grade, Some(grade));
        }
    }

    #[test]
    fn somebody_else_reviews_within_the_scale() {
        assert!(refused(&sample()).is_empty());
        let own = IdeologyCase {
            reviewer: Some(Ref::new(Uuid::from_u128(1))),
            ..sample()
        };
        assert_eq!(refused(&own), ["reviewer"]);
        let nobody = IdeologyCase {
            reviewer: None,
            score: Some(Decimal(1001)),
            ..sample()
        };
        assert_eq!(refused(&nobody), ["score", "reviewer"]);
    }
}
