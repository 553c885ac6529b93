use chrono::NaiveDate;
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, LongText, Ref};
use kernel::register::indicator::{DutyScope, Filter, IndicatorSpec, Measure, Op, indicator};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx, Reach, may_write};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::{DEPARTMENT_HEAD, TEACHING_OFFICE, directory};
use people::{Staff, Unit};

choice!(
    /// 专业状态
    MajorStatus {
        Enrolling = "enrolling" "招生",
        Paused = "paused" "暂停招生",
        Retired = "retired" "已撤销",
    }
);

/// 专业：学校设置的专业，代码和名称按国家职业教育专业目录，教务处维护；调研、申报、健康卡、实训项目都以它为准。
#[derive(Clone, Debug, Register)]
#[register(
    id = "major",
    title = "专业",
    group = "teaching",
    systems = "B1",
    label = "name",
    key = "code",
    unique = "code",
    within = "unit",
    owner = "leader"
)]
pub struct Major {
    #[field(
        label = "专业代码",
        list,
        max = 10,
        dataset = "T6.ZYDM",
        help = "专业目录（2021年）六位代码"
    )]
    pub code: String,
    #[field(label = "专业名称", list, max = 34, dataset = "T6.ZYMC")]
    pub name: String,
    #[field(
        label = "所属系部",
        list,
        filter,
        dataset = "T6.ZYSSYXBDWH:number, T6.ZYSSYXBMC:name"
    )]
    pub unit: Ref<Unit>,
    #[field(label = "专业群名称", filter, max = 60, dataset = "T6.SSZYQMC")]
    pub cluster: Option<String>,
    #[field(label = "专业群号", max = 20, dataset = "T6.SSZYQH")]
    pub cluster_number: Option<String>,
    #[field(label = "批准设置日期", dataset = "T6.PZSZNY", help = "只知道年月的填当月1日")]
    pub approved_on: NaiveDate,
    #[field(label = "首次招生日期", dataset = "T6.SCZSNY", help = "只知道年月的填当月1日")]
    pub first_enrolment: NaiveDate,
    #[field(label = "学制", list, filter, code = "XZDM", dataset = "T6.XZM")]
    pub length: Code,
    #[field(label = "重点专业", list, filter, dataset = "T6.SFZDZY")]
    pub key_major: bool,
    #[field(label = "重点专业级别", filter, code = "ZDZYJBDM", dataset = "T6.ZDZYJBM")]
    pub key_level: Option<Code>,
    #[field(label = "重点专业类型", filter, code = "ZDZYLXDM", dataset = "T6.ZDZYLXM")]
    pub key_kind: Option<Code>,
    #[field(label = "专业带头人", list)]
    pub leader: Ref<Staff>,
    #[field(label = "面向职业岗位", max = 300)]
    pub occupations: LongText,
    #[field(label = "对应技能证书", max = 200)]
    pub certificates: Option<String>,
    #[field(label = "状态", list, filter)]
    pub status: MajorStatus,
    #[field(label = "停招撤销日期")]
    pub ended_on: Option<NaiveDate>,
}

impl Major {
    /// The condition for majors that enrol, as indicators count them.
    pub fn enrolling() -> Filter {
        Filter::is("status", "enrolling")
    }

    /// Each major that enrols, as the scope of a duty.
    pub fn each_enrolling() -> DutyScope {
        DutyScope::Each {
            register: "major".into(),
            only: Some(("status".into(), "enrolling".into())),
        }
    }
}

impl Rules for Major {
    fn indicators() -> Vec<IndicatorSpec> {
        let enrolling = Major::enrolling;
        // The codes of the level sort from high to low: 1 国家级, 2 省级, 9 其他.
        let high = || enrolling().and("key_level", Op::AtMost, "2");
        vec![
            indicator(
                "major_enrolling",
                "招生专业数",
                "状态为招生的专业",
                "个",
                Measure::Count { of: enrolling() },
            )
            .also(&["专业数", "开设专业数", "专业设置数"]),
            indicator(
                "major_key",
                "省级以上重点专业数",
                "招生专业中级别为国家级或省级的重点专业",
                "个",
                Measure::Count { of: high() },
            )
            .also(&["省级以上特色专业", "省级品牌专业数", "省级重点专业"]),
            indicator(
                "major_key_share",
                "重点专业占比",
                "招生的重点专业 ÷ 招生专业",
                "%",
                Measure::Share {
                    of: enrolling().and("key_major", Op::Is, true),
                    among: enrolling(),
                },
            ),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("major", "专业基本情况表")
                .fields(&[
                    "code",
                    "name",
                    "unit",
                    "cluster",
                    "approved_on",
                    "first_enrolment",
                    "length",
                    "key_level",
                    "key_kind",
                    "leader",
                    "status",
                    "certificates",
                    "occupations",
                ])
                .signatures(&["专业带头人", "系部（盖章）", "教务处（盖章）"]),
        ]
    }

    fn access() -> Vec<Access> {
        let mut access = directory(&[TEACHING_OFFICE]);
        access.push(may_write(DEPARTMENT_HEAD, Reach::Unit));
        access
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let six = self.code.len() == 6 && self.code.bytes().all(|b| b.is_ascii_digit());
        let graded = self.key_level.is_some() || self.key_kind.is_some();
        let ended = self.status != MajorStatus::Enrolling;
        Checks::new()
            .refuse(!six, "code", "专业代码应为六位数字")
            .not_after_today(self.approved_on, ctx.today, "approved_on")
            .in_order(
                self.approved_on,
                self.first_enrolment,
                "first_enrolment",
                "首次招生不能早于批准设置",
            )
            .refuse(
                self.key_major && self.key_level.is_none(),
                "key_level",
                "重点专业请选择级别",
            )
            .refuse(
                !self.key_major && graded,
                "key_major",
                "填写了重点专业级别或类型，应为重点专业",
            )
            .refuse(
                ended && self.ended_on.is_none(),
                "ended_on",
                "停招或撤销的专业请填写日期",
            )
            .refuse(
                !ended && self.ended_on.is_some(),
                "status",
                "填写了停招撤销日期，状态不应为招生",
            )
            .done()
    }

    fn warnings(&self, _ctx: &Ctx) -> Vec<Violation> {
        // In the catalogue of 2021 the secondary majors lie in the classes 61 to 79.
        let secondary = self.code.starts_with(['6', '7']);
        Checks::new()
            .refuse(
                !secondary,
                "code",
                "中等职业教育专业的代码以6或7开头，请核对专业目录",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> Major {
        let first = NaiveDate::from_ymd_opt(2008, 9, 1).expect("a day");
        Major {
            code: "660301".into(),
            name: "机电技术应用".into(),
            unit: Ref::new(Uuid::nil()),
            cluster: None,
            cluster_number: None,
            approved_on: first,
            first_enrolment: first,
            length: Code("3".into()),
            key_major: false,
            key_level: None,
            key_kind: None,
            leader: Ref::new(Uuid::nil()),
            occupations: LongText("机电设备安装与调试员".into()),
            certificates: None,
            status: MajorStatus::Enrolling,
            ended_on: None,
        }
    }

    #[test]
    fn code_and_days_are_checked() {
        assert!(refused(&sample()).is_empty());
        assert!(doubted(&sample()).is_empty());
        let code = |code: &str| Major {
            code: code.into(),
            ..sample()
        };
        assert_eq!(refused(&code("6603")), ["code"]);
        assert_eq!(doubted(&code("460301")), ["code"]);
        let early = Major {
            first_enrolment: sample().approved_on.pred_opt().expect("a day"),
            ..sample()
        };
        assert_eq!(refused(&early), ["first_enrolment"]);
    }

    #[test]
    fn a_key_major_has_a_level_and_an_ended_one_a_day() {
        let key = Major {
            key_major: true,
            ..sample()
        };
        assert_eq!(refused(&key), ["key_level"]);
        let level = Some(Code("2".into()));
        let graded = Major {
            key_level: level.clone(),
            ..key
        };
        assert!(refused(&graded).is_empty());
        let plain = Major {
            key_level: level,
            ..sample()
        };
        assert_eq!(refused(&plain), ["key_major"]);
        let paused = Major {
            status: MajorStatus::Paused,
            ..sample()
        };
        assert_eq!(refused(&paused), ["ended_on"]);
        let dated = Major {
            ended_on: Some(test_day()),
            ..sample()
        };
        assert_eq!(refused(&dated), ["status"]);
    }
}
