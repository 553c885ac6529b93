use super::rules;
use crate::{Enterprise, EnterpriseMentor, OutsideBase};
use chrono::{Datelike, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::apart::{Apart, apart};
use kernel::register::field::{Code, Decimal, Files, LongText, Money, Ref};
use kernel::register::flow::{Flow, Guard, Stage, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, list_form, sheet};
use kernel::register::service::{Service, service};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::roles::{
    CLASS_TEACHER, COOPERATION_OFFICE, DEPARTMENT_HEAD, ENROLMENT_OFFICE, SAFETY_OFFICE, STUDENT_OFFICE,
    TEACHER, TEACHING_OFFICE, TRAINING_OFFICE, VICE_PRINCIPAL,
};
use people::{Class, Staff, Student};

choice!(
    /// 实习时年级
    StudyYear {
        First = "1" "一年级",
        Second = "2" "二年级",
        Third = "3" "三年级",
        Later = "4" "四年级及以上",
    }
);

choice!(
    /// 岗位危险特征: the first that applies. What minors may not do is 《未成年工特殊保护规定》 第三条, what needs filing
    /// 《职业学校学生实习管理规定》 第十七条.
    WorkHazard {
        None = "none" "无",
        Height = "height" "高处作业",
        Underground = "underground" "井下作业",
        Radiation = "radiation" "放射性",
        Toxic = "toxic" "有毒",
        Flammable = "flammable" "易燃易爆、烧伤危险",
        Dust = "dust" "生产性粉尘",
        Heat = "heat" "高温作业",
        Cold = "cold" "低温、冷水作业",
        Load = "load" "频繁负重（超过20公斤）",
        Posture = "posture" "强迫体位流水线",
        Drill = "drill" "凿岩、铆钉、电锤等",
        Boiler = "boiler" "锅炉司炉",
        Heavy = "heavy" "Ⅲ级及以上体力劳动",
        Harmful = "harmful" "其他有害身心健康",
    }
);

/// 岗位实习：每名学生一次实习一条，从申请、审批、上岗到考核。班主任申请，系部和校企合作处审批；不合“1个严禁、27个不得”的不能安排。
#[derive(Clone, Debug, Register)]
#[register(
    id = "internship",
    title = "岗位实习安排",
    group = "partners",
    systems = "D12",
    label = "student, enterprise",
    unique = "student, starts_on",
    date = "starts_on",
    due = "ends_on",
    within = "student",
    owner = "teacher"
)]
pub struct Internship {
    #[field(label = "学生", list, dataset = "T7.XSXH:number, T7.XSXM:name")]
    pub student: Ref<Student>,
    #[field(
        label = "实习班级",
        list,
        filter,
        dataset = "T7.ZYMC:major, T7.ZYDM:major_code, T7.SXBJ:name"
    )]
    pub class: Ref<Class>,
    #[field(label = "年级", filter)]
    pub year: StudyYear,
    #[field(
        label = "开始时周岁",
        max = 60,
        help = "按实习开始日期计算；未满16周岁不得参加岗位实习"
    )]
    pub age: i64,
    #[field(
        label = "实习项目名称",
        filter,
        max = 60,
        help = "如 2024级机电岗位实习第一批",
        dataset = "T7.SXXMMC"
    )]
    pub project: String,
    #[field(label = "实习类别", list, filter, code = "SXLBDM", dataset = "T7.SXLB")]
    pub kind: Code,
    #[field(label = "学年", help = "由开始日期得出", max = 9, dataset = "T7.XN")]
    pub school_year: Option<String>,
    #[field(label = "学期", help = "由开始日期得出", code = "XQDM", dataset = "T7.XQM")]
    pub term: Option<Code>,
    #[field(
        label = "实习单位",
        list,
        filter,
        dataset = "T7.SXDWMC:name, T7.SXDWDZ:address, T7.SXQYHYLBM:industry"
    )]
    pub enterprise: Ref<Enterprise>,
    #[field(label = "实习单位来源", filter, code = "SXDWLYDM", dataset = "T7.SXDWLYM")]
    pub source: Code,
    #[field(label = "实习场所类型", filter, code = "SXCSLXDM", dataset = "T7.SXCSLXM")]
    pub site: Code,
    #[field(
        label = "实训基地",
        help = "国家数据集要求填写基地号",
        dataset = "T7.SXJDH:number"
    )]
    pub base: Option<Ref<OutsideBase>>,
    #[field(label = "实习去向", filter, code = "SXQXDM", dataset = "T7.SXQXM")]
    pub destination: Code,
    #[field(label = "实习岗位", list, max = 60, dataset = "T7.SXGWMC")]
    pub post: String,
    #[field(
        label = "主要工作任务",
        max = 300,
        help = "至少两项与培养方案对应的任务，不得仅安排简单重复劳动"
    )]
    pub tasks: LongText,
    #[field(label = "岗位危险特征", filter)]
    pub hazard: WorkHazard,
    #[field(label = "专业对口程度", filter, code = "ZYDKCDDM", dataset = "T7.ZYDKCDM")]
    pub matching: Code,
    #[field(label = "开始日期", list, filter, dataset = "T7.SXKSRQ")]
    pub starts_on: NaiveDate,
    #[field(label = "结束日期", list, filter, dataset = "T7.SXJSRQ")]
    pub ends_on: NaiveDate,
    #[field(label = "每日工时")]
    pub daily_hours: Decimal<1>,
    #[field(label = "每周工时")]
    pub weekly_hours: Decimal<1>,
    #[field(
        label = "有夜班或休息日班",
        help = "22时至次日6时、休息日、法定节假日；须事先备案"
    )]
    pub odd_hours: bool,
    #[field(label = "实习报酬（元/月）")]
    pub pay: Money,
    #[field(label = "同岗位工资（元/月）", help = "单位相同岗位的报酬标准")]
    pub post_wage: Money,
    #[field(
        label = "最低档工资（元/月）",
        help = "报酬低于同岗位80%时填写单位最低档工资标准"
    )]
    pub lowest_wage: Option<Money>,
    #[field(label = "住宿安排", filter, code = "ZXAPDM", dataset = "T7.ZSAPM")]
    pub housing: Code,
    #[field(label = "校内指导教师", list)]
    pub teacher: Ref<Staff>,
    #[field(label = "企业指导人")]
    pub mentor: Option<Ref<EnterpriseMentor>>,
    #[field(
        label = "例外说明",
        max = 300,
        help = "跨专业大类、超过6个月等原则上不允许的情形写明理由"
    )]
    pub exception: Option<LongText>,
    #[field(
        label = "备案文号",
        max = 60,
        help = "高风险岗位、加班夜班、跨省和境外实习的主管部门备案"
    )]
    pub filing: Option<String>,
    #[field(
        label = "须校级审批",
        filter,
        help = "自找单位、跨省境外、需备案或有例外的，由系统判断"
    )]
    pub special: Option<bool>,
    #[field(
        label = "已核对禁止事项",
        help = "无中介、不收费、不扣证件、不要担保、以货币按月支付报酬"
    )]
    pub declared: Option<bool>,
    #[field(label = "知情同意书日期", help = "学生和监护人签字")]
    pub consented_on: Option<NaiveDate>,
    #[field(
        label = "三方协议签订日期",
        list,
        help = "学校、实习单位、学生三方中最后签字的日期"
    )]
    pub agreed_on: Option<NaiveDate>,
    #[field(label = "安全培训合格日期")]
    pub trained_on: Option<NaiveDate>,
    #[field(label = "保险种类", filter, code = "GMBXZLDM", dataset = "T7.GMBXZLM")]
    pub insurance: Option<Code>,
    #[field(label = "保险购买方", code = "BXGMFDM", dataset = "T7.BXGMFM")]
    pub insurer: Option<Code>,
    #[field(label = "保险生效日期")]
    pub insured_from: Option<NaiveDate>,
    #[field(label = "保险到期日期")]
    pub insured_until: Option<NaiveDate>,
    #[field(label = "上岗日期", list)]
    pub arrived_on: Option<NaiveDate>,
    #[field(label = "离岗日期")]
    pub left_on: Option<NaiveDate>,
    #[field(label = "实习是否开始", help = "由上岗日期得出", dataset = "T7.SXSFKS")]
    pub started: Option<bool>,
    #[field(label = "实习是否结束", help = "由离岗日期得出", dataset = "T7.SXSFJS")]
    pub ended: Option<bool>,
    #[field(label = "过程考核成绩")]
    pub process_score: Option<Decimal<1>>,
    #[field(label = "结果考核成绩")]
    pub result_score: Option<Decimal<1>>,
    #[field(label = "实习总评成绩", list, help = "过程与结果各占一半")]
    pub score: Option<Decimal<1>>,
    #[field(label = "单位鉴定意见", max = 500)]
    pub appraisal: Option<LongText>,
    #[field(label = "归档材料", help = "三方协议、方案、日志、报告、检查记录、总结等")]
    pub files: Files,
}

/// 实习中
const RUNNING: &str = "实习中";

impl Internship {
    /// The condition for internships that go on, as indicators count them.
    pub fn running() -> Filter {
        Filter::state(RUNNING)
    }
}

impl Rules for Internship {
    fn apart() -> Vec<Apart> {
        let end = ["left_on", "ends_on"];
        vec![apart(
            &["student"],
            "starts_on",
            &end,
            "这名学生这段时间已有实习安排",
        )]
    }

    fn flow() -> Flow {
        let office = || Who::Role(COOPERATION_OFFICE);
        let guides = [Who::Field("teacher".into()), Who::Role(CLASS_TEACHER), office()];
        let stages = [
            Stage::by("department", "系部", &[Who::Role(DEPARTMENT_HEAD)]),
            Stage::by("cooperation", "校企合作处", &[office()])
                .days(5)
                .needs(&["declared", "consented_on"]),
            Stage::by("principal", "分管校长", &[Who::Role(VICE_PRINCIPAL)])
                .when(Guard::is("special", "true")),
        ];
        Flow::approvals(&stages, "待上岗")
            .still_open("待上岗")
            .open(RUNNING)
            .done("已结束")
            .dropped("已取消")
            .dropped("已中止")
            .step("start", "确认上岗", &["待上岗"], RUNNING, &guides)
            .needs(&[
                "agreed_on",
                "trained_on",
                "insurance",
                "insurer",
                "insured_from",
                "insured_until",
                "arrived_on",
            ])
            .within_days(15)
            .step(
                "finish",
                "考核结束",
                &[RUNNING],
                "已结束",
                &[Who::Field("teacher".into()), office()],
            )
            .needs(&["left_on", "process_score", "result_score", "appraisal"])
            .signed("实习考核意见")
            .step(
                "cancel",
                "取消",
                &["待上岗"],
                "已取消",
                &[Who::Role(DEPARTMENT_HEAD), office()],
            )
            .with_note()
            .step(
                "break",
                "中止实习",
                &[RUNNING],
                "已中止",
                &[Who::Role(DEPARTMENT_HEAD), office()],
            )
            .needs(&["left_on"])
            .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let on = || Filter::all().dated("arrived_on");
        let share = |of, among| Measure::Share { of, among };
        vec![
            indicator(
                "internship_students",
                "岗位实习学生数",
                "本期开始并已上岗的不同学生",
                "人",
                Measure::CountDistinct {
                    of: on(),
                    field: "student".into(),
                },
            )
            .also(&["实习学生数", "参加岗位实习人数"]),
            indicator(
                "internship_matching",
                "实习对口率",
                "专业对口或基本对口的上岗学生 ÷ 上岗学生",
                "%",
                share(on().and("matching", Op::Not, "0"), on()),
            )
            .also(&["岗位实习专业对口率", "对口实习率"]),
            indicator(
                "internship_insured",
                "实习责任保险覆盖率",
                "已买保险的上岗学生 ÷ 上岗学生",
                "%",
                share(on().dated("insured_from"), on()),
            )
            .also(&["实习保险率", "实习责任险覆盖率"]),
            indicator(
                "internship_agreed",
                "三方协议签订率",
                "已签三方协议的实习 ÷ 已批准的实习",
                "%",
                share(
                    Filter::all().dated("agreed_on").dated("consented_on"),
                    Filter::all().dated("consented_on"),
                ),
            )
            .also(&["实习协议签订率"]),
            indicator(
                "internship_partner",
                "合作企业实习比例",
                "在学校合作企业实习的上岗学生 ÷ 上岗学生",
                "%",
                share(on().and("source", Op::Is, "1"), on()),
            )
            .also(&["集中安排实习比例"]),
            indicator(
                "internship_passed",
                "实习考核合格率",
                "总评60分以上 ÷ 已有总评成绩",
                "%",
                share(
                    Filter::all().and("score", Op::AtLeast, 600i64),
                    Filter::all().and("score", Op::AtLeast, 0i64),
                ),
            )
            .also(&["岗位实习合格率", "实习鉴定合格率"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(COOPERATION_OFFICE, Reach::School),
            may_write(CLASS_TEACHER, Reach::Unit),
            may_write(DEPARTMENT_HEAD, Reach::Unit),
            may_write(TEACHER, Reach::Own),
            may_read(ENROLMENT_OFFICE, Reach::School),
            may_read(STUDENT_OFFICE, Reach::School),
            may_read(TEACHING_OFFICE, Reach::School),
            may_read(TRAINING_OFFICE, Reach::School),
            may_read(SAFETY_OFFICE, Reach::School),
        ]
    }

    fn service() -> Option<Service> {
        Some(
            service(
                "岗位实习申请",
                "校企合作处",
                "班主任代学生申请，备好监护人签字的知情同意书；系部3日、校企合作处5日内审批，自找单位、跨省等由分管校长审批",
            )
            .for_roles(&[CLASS_TEACHER, DEPARTMENT_HEAD, COOPERATION_OFFICE, TEACHER]),
        )
    }

    fn papers() -> Vec<PaperForm> {
        let post = [
            "student",
            "class",
            "kind",
            "project",
            "enterprise",
            "post",
            "tasks",
            "starts_on",
            "ends_on",
            "daily_hours",
            "weekly_hours",
            "pay",
            "housing",
            "teacher",
            "mentor",
        ];
        vec![
            sheet("request", "岗位实习审批表")
                .fields(&post)
                .fields(&["source", "destination", "matching", "hazard", "exception", "filing"])
                .approvals()
                .signatures(&["学生", "监护人"]),
            sheet("consent", "岗位实习知情同意书")
                .text("{school}：本人及监护人已知悉 {student} 自 {starts_on} 至 {ends_on} 到 {enterprise} 参加岗位实习，岗位为“{post}”，并了解工作内容、时间、报酬、食宿、安全防护和责任保险的安排。")
                .text("我们同意参加实习，遵守学校和实习单位的规定。学校和实习单位不收取任何费用，不扣押证件，不要求担保。")
                .signatures(&["学生", "监护人", "日期"]),
            sheet("agreement", "岗位实习三方协议签署页")
                .text("甲方（学校）：{school}　乙方（实习单位）：{enterprise}　丙方（学生）：{student}")
                .fields(&post)
                .heading("约定事项")
                .text("一、实习的时间、地点、内容、要求与条件保障；二、食宿、工作时间和休息休假；三、实习报酬 {pay} 元/月，以货币按月直接支付给学生；四、劳动保护和职业病危害防护；五、责任保险与伤亡事故处理；六、实习考核方式；七、违约责任；八、其他事项。")
                .signatures(&["甲方（盖章）", "乙方（盖章）", "丙方（签字）", "监护人（签字）"]),
            sheet("appraisal", "岗位实习鉴定表")
                .fields(&[
                    "student",
                    "class",
                    "enterprise",
                    "post",
                    "arrived_on",
                    "left_on",
                    "process_score",
                    "result_score",
                    "score",
                    "appraisal",
                ])
                .approvals()
                .signatures(&["企业指导人", "校内指导教师", "实习单位（盖章）"])
                .in_states(&[RUNNING, "已结束"]),
            list_form(
                "roster",
                "岗位实习学生名册",
                &["class", "student", "enterprise", "post", "starts_on", "ends_on", "teacher"],
                &["备注"],
            )
            .by("class"),
        ]
    }

    fn computed() -> &'static [&'static str] {
        &["school_year", "term", "started", "ended", "special", "score"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        let day = self.starts_on;
        let (autumn, first) = match day.month() {
            8.. => (true, day.year()),
            1 => (true, day.year() - 1),
            _ => (false, day.year() - 1),
        };
        self.school_year = Some(format!("{first}-{}", first + 1));
        self.term = Some(Code(if autumn { "1" } else { "2" }.into()));
        self.started = Some(self.arrived_on.is_some());
        self.ended = Some(self.left_on.is_some());
        self.special = Some(rules::is_special(self));
        self.score = match (self.process_score, self.result_score) {
            (Some(process), Some(result)) => Some(Decimal((process.0 + result.0 + 1) / 2)),
            _ => None,
        };
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        rules::check(self, ctx)
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        rules::warnings(self, ctx)
    }
}
