use crate::Enterprise;
use crate::words::looked_up;
use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Files, LongText, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, certificate};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{COOPERATION_OFFICE, DEPARTMENT_HEAD, TRAINING_OFFICE};
use people::{Staff, Unit};

choice!(
    /// 基地级别; the codes sort from high to low.
    BaseLevel {
        Nation = "1" "国家级",
        Province = "2" "省级",
        City = "3" "市级",
        School = "4" "校级",
    }
);

/// 校外实训基地：依托企业建立的实习实训基地，由系部申报、校企合作处批准挂牌。是国家数据集“校外实训基地”的来源。
#[derive(Clone, Debug, Register)]
#[register(
    id = "outside_base",
    title = "校外实训基地",
    group = "partners",
    systems = "H1, D12",
    label = "name",
    key = "number",
    unique = "number; name",
    due = "cooperates_until",
    within = "department",
    owner = "manager"
)]
pub struct OutsideBase {
    #[field(
        label = "基地号",
        list,
        max = 32,
        help = "学校自编，如 XW2026-03",
        dataset = "T15.SXSXJDH"
    )]
    pub number: String,
    #[field(label = "基地名称", list, max = 100, dataset = "T15.SXSXJDMC")]
    pub name: String,
    #[field(
        label = "依托单位",
        list,
        dataset = "T15.YTDWMC:name, T15.YTDWXZM:nature, T15.DWZZJGDM:credit_code, T15.ZGZGZS:employees, T15.SZQY:place, T15.XXDZ:address, T15.SSHYM:industry, T15.SSCYM:sector, T15.JDLXRXM:contact, T15.LXRDH:phone"
    )]
    pub enterprise: Ref<Enterprise>,
    #[field(label = "基地类别", filter, code = "zz_base")]
    pub kind: Code,
    #[field(label = "基地级别", list, filter)]
    pub level: BaseLevel,
    #[field(label = "管理系部", list, filter)]
    pub department: Option<Ref<Unit>>,
    #[field(label = "学校负责人", list)]
    pub manager: Ref<Staff>,
    #[field(label = "面向专业", list, max = 65, dataset = "T15.MXZY")]
    pub majors: String,
    #[field(label = "可接纳人数", list, max = 5000, help = "同一批次最多能接纳的学生")]
    pub capacity: i64,
    #[field(label = "成立日期", dataset = "T15.JDCLNY")]
    pub established_on: Option<NaiveDate>,
    #[field(label = "合作开始日期", dataset = "T15.HZKSSJ")]
    pub cooperates_from: NaiveDate,
    #[field(label = "合作结束日期", list, dataset = "T15.HZJSSJ")]
    pub cooperates_until: Option<NaiveDate>,
    #[field(
        label = "协议签署状态",
        filter,
        code = "HZXYQSZTDM",
        dataset = "T15.HZXYQSZTM"
    )]
    pub signed: Code,
    #[field(label = "合作是否正常", filter, code = "HZZTDM", dataset = "T15.HZZTM")]
    pub cooperation: Code,
    #[field(label = "条件与设施", max = 500, help = "工位、设备、食宿、安全防护")]
    pub facilities: Option<LongText>,
    #[field(label = "挂牌照片", help = "可不传")]
    pub photos: Files,
}

impl Rules for OutsideBase {
    fn flow() -> Flow {
        let office = [Who::Role(COOPERATION_OFFICE)];
        Flow::starts("申报中")
            .open("运行中")
            .done("已撤销")
            .dropped("未通过")
            .step("approve", "批准挂牌", &["申报中"], "运行中", &office)
            .needs(&["established_on"])
            .signed("校企合作处意见")
            .step("refuse", "不通过", &["申报中"], "未通过", &office)
            .with_note()
            .step("renew", "续期", &["运行中"], "运行中", &office)
            .needs(&["cooperates_until"])
            .step("close", "撤销", &["运行中"], "已撤销", &office)
            .with_note()
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let running = || Filter::state("运行中");
        vec![
            indicator(
                "outside_bases",
                "校外实训基地数",
                "运行中的校外实训基地",
                "个",
                Measure::Count { of: running() },
            )
            .also(&["校外实习实训基地", "校外实习基地数", "共建实训基地"]),
            indicator(
                "outside_base_capacity",
                "校外基地接纳能力",
                "运行中基地的可接纳人数合计",
                "人",
                Measure::Sum {
                    of: running(),
                    field: "capacity".into(),
                },
            ),
            indicator(
                "outside_base_signed",
                "基地协议签署率",
                "协议已签署或续签的运行中基地 ÷ 运行中基地",
                "%",
                Measure::Share {
                    of: running().and("signed", Op::Not, "3"),
                    among: running(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        looked_up(&[COOPERATION_OFFICE, TRAINING_OFFICE], &[DEPARTMENT_HEAD])
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            certificate(
                "plate",
                "校外实训基地证书",
                "经审核，同意在 {enterprise} 设立 {school} 校外实训基地“{name}”，面向 {majors} 专业。",
            )
            .in_states(&["运行中"]),
        ]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(self.capacity == 0, "capacity", "可接纳人数应大于0")
            .not_after_today(self.established_on, ctx.today, "established_on")
            .in_order(
                self.cooperates_from,
                self.cooperates_until,
                "cooperates_until",
                "合作结束日期不能早于开始日期",
            )
            .refuse(
                self.established_on.is_some() && self.signed.0 == "3",
                "signed",
                "已挂牌的基地应先签署合作协议",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let over = self.cooperates_until.is_some_and(|day| day < ctx.today);
        Checks::new()
            .refuse(
                over && self.cooperation.0 == "1",
                "cooperates_until",
                "合作期限已过，请续签或把合作状态改为终止",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> OutsideBase {
        OutsideBase {
            number: "XW2026-01".into(),
            name: "川拓精密机械校外实训基地".into(),
            enterprise: Ref::new(Uuid::nil()),
            kind: Code("2".into()),
            level: BaseLevel::School,
            department: None,
            manager: Ref::new(Uuid::nil()),
            majors: "数控技术应用".into(),
            capacity: 40,
            established_on: Some(test_day()),
            cooperates_from: test_day(),
            cooperates_until: test_day().succ_opt(),
            signed: Code("1".into()),
            cooperation: Code("1".into()),
            facilities: None,
            photos: Files::default(),
        }
    }

    #[test]
    fn an_established_base_has_an_agreement_and_room() {
        assert!(refused(&sample()).is_empty());
        let unsigned = OutsideBase {
            signed: Code("3".into()),
            ..sample()
        };
        assert_eq!(refused(&unsigned), ["signed"]);
        assert!(
            refused(&OutsideBase {
                established_on: None,
                ..unsigned
            })
            .is_empty()
        );
        assert_eq!(
            refused(&OutsideBase {
                capacity: 0,
                ..sample()
            }),
            ["capacity"]
        );
    }

    #[test]
    fn the_term_of_cooperation_is_watched() {
        let past = OutsideBase {
            cooperates_until: test_day().pred_opt(),
            ..sample()
        };
        assert_eq!(refused(&past), ["cooperates_until"]);
        let lapsed = OutsideBase {
            cooperates_from: test_day() - chrono::Duration::days(400),
            ..past
        };
        assert!(refused(&lapsed).is_empty());
        assert_eq!(doubted(&lapsed), ["cooperates_until"]);
        assert!(
            doubted(&OutsideBase {
                cooperation: Code("0".into()),
                ..lapsed
            })
            .is_empty()
        );
    }
}
