use chrono::{Datelike, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Decimal, LongText, Ref};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_write};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled};
use people::roles::{DEPARTMENT_HEAD, TRAINING_OFFICE, directory};
use people::{Staff, Unit};

choice!(
    /// 基地状态
    BaseStatus {
        Running = "running" "运行",
        Building = "building" "在建",
        Closed = "closed" "撤销",
    }
);

/// 校内实训基地：若干实训室组成的基地，批准、类别、规模和管理人员，按国家校内实训基地数据子类填写。实训处管理。
#[derive(Clone, Debug, Register)]
#[register(
    id = "training_base",
    title = "校内实训基地",
    group = "training",
    systems = "C1",
    label = "name",
    key = "number",
    unique = "number; name",
    within = "unit",
    owner = "leader"
)]
pub struct TrainingBase {
    #[field(
        label = "实训基地号",
        list,
        max = 32,
        dataset = "T14.SXJDH",
        help = "与实训室的“所属实训基地编号”一致"
    )]
    pub number: String,
    #[field(label = "基地名称", list, max = 200, dataset = "T14.SXJDMC")]
    pub name: String,
    #[field(label = "管理系部", list, filter)]
    pub unit: Ref<Unit>,
    #[field(label = "负责人", list)]
    pub leader: Ref<Staff>,
    #[field(label = "基地类别", list, filter, code = "SXJDLBDM", dataset = "T14.JDLB")]
    pub kind: Code,
    #[field(label = "成立年度", max = 2100, dataset = "T14.CLND")]
    pub founded: Option<i64>,
    #[field(label = "批准日期", dataset = "T14.PZRQ")]
    pub approved_on: NaiveDate,
    #[field(
        label = "支持部门",
        filter,
        code = "ZCBMJBDM",
        dataset = "T14.ZCBM",
        help = "被列为实训基地项目的填写"
    )]
    pub support: Option<Code>,
    #[field(label = "级别", filter, code = "JBDM")]
    pub level: Option<Code>,
    #[field(label = "面向专业", max = 200, dataset = "T14.MXZY")]
    pub majors: Option<String>,
    #[field(label = "实训室数", list, max = 500, dataset = "T14.SXSS")]
    pub rooms: i64,
    #[field(label = "实训项目总数", list, max = 5000, dataset = "T14.SXXMZS")]
    pub projects: i64,
    #[field(label = "建筑面积（平方米）", dataset = "T14.JZMJ")]
    pub area: Option<Decimal<1>>,
    #[field(label = "仪器设备总数", max = 100_000, dataset = "T14.YQSBZS")]
    pub machines: Option<i64>,
    #[field(label = "实践教学工位数", list, max = 20000, dataset = "T14.SJJXGWS")]
    pub stations: Option<i64>,
    #[field(label = "专职管理人员数", max = 500, dataset = "T14.GLRYZZ")]
    pub keepers: Option<i64>,
    #[field(label = "兼职管理人员数", max = 500, dataset = "T14.GLRYJZ")]
    pub part_keepers: Option<i64>,
    #[field(label = "共建企业", max = 200)]
    pub partner: Option<String>,
    #[field(label = "对外服务项目", max = 500, help = "社会培训、技能鉴定、生产加工等")]
    pub services: Option<LongText>,
    #[field(label = "状态", list, filter)]
    pub status: BaseStatus,
}

impl Rules for TrainingBase {
    fn indicators() -> Vec<IndicatorSpec> {
        let running = || Filter::is("status", "running");
        vec![
            indicator(
                "training_bases",
                "校内实训基地数",
                "运行的校内实训基地",
                "个",
                Measure::Count { of: running() },
            )
            .also(&["实训基地数", "实训基地"]),
            indicator(
                "training_bases_productive",
                "生产性实训基地数",
                "运行的校内生产性实训基地",
                "个",
                Measure::Count {
                    of: running().and("kind", Op::Is, "3"),
                },
            )
            .also(&["校内生产性实训基地"]),
            indicator(
                "training_bases_virtual",
                "虚拟仿真实训中心数",
                "运行的校内虚拟仿真实训中心",
                "个",
                Measure::Count {
                    of: running().and("kind", Op::Is, "2"),
                },
            )
            .also(&["虚拟仿真实训基地"]),
            indicator(
                "training_base_area",
                "实训基地面积",
                "运行基地的建筑面积合计",
                "平方米",
                Measure::Sum {
                    of: running(),
                    field: "area".into(),
                },
            ),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("base", "校内实训基地基本情况表")
                .fields(&[
                    "number",
                    "name",
                    "unit",
                    "leader",
                    "kind",
                    "level",
                    "approved_on",
                    "support",
                    "rooms",
                    "projects",
                    "area",
                    "machines",
                    "stations",
                    "keepers",
                    "part_keepers",
                    "partner",
                    "majors",
                    "services",
                    "status",
                ])
                .signatures(&["基地负责人", "实训处（盖章）"]),
        ]
    }

    fn access() -> Vec<Access> {
        let mut access = directory(&[TRAINING_OFFICE]);
        access.push(may_write(DEPARTMENT_HEAD, Reach::Unit));
        access
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let running = self.status == BaseStatus::Running;
        let this = i64::from(ctx.today.year());
        let minus = self.area.is_some_and(|area| area.0 <= 0);
        Checks::new()
            .not_after_today(self.approved_on, ctx.today, "approved_on")
            .refuse(
                self.founded.is_some_and(|year| year > this),
                "founded",
                "成立年度不能晚于今年",
            )
            .refuse(running && self.rooms == 0, "rooms", "运行的基地，实训室数应大于0")
            .refuse(minus, "area", "建筑面积应大于0")
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        // 3: 校内生产性实训基地, which lives from its companies.
        Checks::new()
            .refuse(
                self.kind.0 == "3" && !filled(self.partner.as_deref()),
                "partner",
                "生产性实训基地一般有共建企业，请填写",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    #[test]
    fn a_running_base_has_rooms_and_a_productive_one_a_partner() {
        let sample = TrainingBase {
            number: "SXJD01".into(),
            name: "智能制造实训基地".into(),
            unit: Ref::new(Uuid::nil()),
            leader: Ref::new(Uuid::nil()),
            kind: Code("3".into()),
            founded: Some(2018),
            approved_on: test_day(),
            support: None,
            level: None,
            majors: None,
            rooms: 8,
            projects: 40,
            area: Some(Decimal(24000)),
            machines: Some(320),
            stations: Some(260),
            keepers: Some(3),
            part_keepers: Some(6),
            partner: Some("某装备企业".into()),
            services: None,
            status: BaseStatus::Running,
        };
        assert!(refused(&sample).is_empty());
        assert!(doubted(&sample).is_empty());
        let bare = TrainingBase {
            rooms: 0,
            area: Some(Decimal(0)),
            founded: Some(2027),
            partner: None,
            ..sample
        };
        assert_eq!(refused(&bare), ["founded", "rooms", "area"]);
        assert_eq!(doubted(&bare), ["partner"]);
        let building = TrainingBase {
            status: BaseStatus::Building,
            founded: None,
            area: None,
            ..bare
        };
        assert!(refused(&building).is_empty());
    }
}
