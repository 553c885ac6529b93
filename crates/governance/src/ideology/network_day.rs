use chrono::NaiveDate;
use kernel::error::Violation;
use kernel::register::field::{Decimal, LongText, Ref};
use kernel::register::indicator::{
    DutySpec, Every, Filter, IndicatorSpec, Measure, duty, indicator, school_wide,
};
use kernel::register::paper::{PaperForm, list_form};
use kernel::register::spec::{Access, Ctx, Reach, may_read, may_write};
use kernel::register::{Register, Rules};
use people::Staff;
use people::checks::{Checks, filled};
use people::roles::{IT_CENTER, PARTY_OFFICE};

/// 网络安全日志：每天一行的网络使用和攻击监测数据，按国家标准每日上报。由信息中心登记，也可由网关每日写入。
#[derive(Clone, Debug, Register)]
#[register(
    id = "network_day",
    title = "网络安全日志",
    group = "party",
    systems = "G3",
    label = "recorded_on",
    unique = "recorded_on",
    date = "recorded_on",
    owner = "keeper"
)]
pub struct NetworkDay {
    #[field(label = "记录日期", list, filter, dataset = "T57.JLRQ")]
    pub recorded_on: NaiveDate,
    #[field(
        label = "网络使用次数",
        list,
        help = "当天认证上网的总次数",
        dataset = "T57.WLSYJLS"
    )]
    pub sessions: i64,
    #[field(label = "网络流量（MB）", list, help = "当天总流量", dataset = "T57.WLSYLL")]
    pub traffic: i64,
    #[field(label = "攻击识别次数", list, max = 99_999_999, dataset = "T57.WLGJSBCS")]
    pub attacks: i64,
    #[field(label = "上行峰值（兆比特/秒）", dataset = "T57.WLDKSYSXSL")]
    pub up: Decimal<1>,
    #[field(label = "下行峰值（兆比特/秒）", dataset = "T57.WLDKSYXXSL")]
    pub down: Decimal<1>,
    #[field(label = "安全事件", list, filter, help = "有中断、篡改、泄露等事件的选是")]
    pub incident: bool,
    #[field(label = "事件和处置", max = 500)]
    pub remark: Option<LongText>,
    #[field(label = "值守人")]
    pub keeper: Ref<Staff>,
}

impl Rules for NetworkDay {
    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "network_day_log",
                "网络安全日志",
                1,
                Every::Day,
                school_wide(),
                Filter::all(),
            )
            .also(&["网络安全监测", "网络安全日常监测"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "network_attacks",
                "网络攻击识别次数",
                "每日识别的网络攻击合计",
                "次",
                Measure::Sum {
                    of: Filter::all(),
                    field: "attacks".into(),
                },
            ),
            indicator(
                "network_incidents",
                "网络安全事件数",
                "有安全事件的天数",
                "天",
                Measure::Count {
                    of: Filter::is("incident", true),
                },
            )
            .also(&["网络安全事故", "重大网络安全事件"]),
        ]
    }

    fn access() -> Vec<Access> {
        vec![
            may_write(IT_CENTER, Reach::School),
            may_read(PARTY_OFFICE, Reach::School),
        ]
    }

    fn papers() -> Vec<PaperForm> {
        vec![list_form(
            "log",
            "网络安全日志",
            &[
                "recorded_on",
                "sessions",
                "traffic",
                "attacks",
                "up",
                "down",
                "keeper",
            ],
            &["签名"],
        )]
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let told = filled(self.remark.as_ref().map(|text| text.0.as_str()));
        Checks::new()
            .not_after_today(self.recorded_on, ctx.today, "recorded_on")
            .refuse(self.up.0 < 0, "up", "速率不能为负数")
            .refuse(self.down.0 < 0, "down", "速率不能为负数")
            .refuse(self.incident && !told, "remark", "有安全事件的请写明经过和处置")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    #[test]
    fn an_incident_is_told() {
        let mut record = NetworkDay {
            recorded_on: test_day(),
            sessions: 2100,
            traffic: 860_000,
            attacks: 120,
            up: Decimal(1820),
            down: Decimal(6400),
            incident: false,
            remark: None,
            keeper: Ref::new(Uuid::nil()),
        };
        assert!(refused(&record).is_empty());
        record.incident = true;
        record.up = Decimal(-1);
        assert_eq!(refused(&record), ["up", "remark"]);
    }
}
