use crate::audience::named_may_read;
use chrono::{Days, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Files, LongText, Ref};
use kernel::register::flow::{Flow, Who};
use kernel::register::indicator::{
    DutySpec, Every, Filter, IndicatorSpec, Measure, Op, duty, indicator, school_wide,
};
use kernel::register::paper::{PaperForm, sheet};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::checks::{Checks, filled};
use people::roles::IT_CENTER;
use people::{Staff, Unit};

choice!(
    /// 漏洞来源
    FlawSource {
        Notice = "notice" "上级通报",
        Scan = "scan" "漏洞扫描",
        Assessment = "assessment" "等级保护测评",
        Monitor = "monitor" "监测发现",
        Report = "report" "师生报告",
    }
);

choice!(
    /// 漏洞等级（GB/T 30279 网络安全漏洞分类分级）; the codes sort from high to low.
    FlawLevel {
        Critical = "1" "超危",
        High = "2" "高危",
        Middle = "3" "中危",
        Low = "4" "低危",
    }
);

/// 网络安全漏洞：通报、扫描和测评发现的漏洞与隐患，限期整改、复核后销号。由信息中心管理，系统责任人整改。
#[derive(Clone, Debug, Register)]
#[register(
    id = "network_flaw",
    title = "网络安全漏洞",
    group = "party",
    systems = "G3",
    label = "system, flaw",
    date = "found_on",
    due = "due",
    within = "unit",
    owner = "responsible"
)]
pub struct NetworkFlaw {
    #[field(label = "系统或设备", list, max = 60)]
    pub system: String,
    #[field(
        label = "漏洞名称",
        list,
        max = 100,
        help = "如 弱口令、未授权访问；不写可直接利用的细节"
    )]
    pub flaw: String,
    #[field(label = "来源", list, filter)]
    pub source: FlawSource,
    #[field(label = "通报文号", max = 60, help = "上级通报的填写")]
    pub notice: Option<String>,
    #[field(label = "等级", list, filter)]
    pub level: FlawLevel,
    #[field(label = "发现日期", list, filter)]
    pub found_on: NaiveDate,
    #[field(label = "使用部门", filter)]
    pub unit: Ref<Unit>,
    #[field(label = "责任人", list)]
    pub responsible: Ref<Staff>,
    #[field(
        label = "整改期限",
        list,
        help = "不填时：超危1日、高危3日、中危10日、低危30日"
    )]
    pub due: Option<NaiveDate>,
    #[field(label = "先行处置", max = 300, help = "超危、高危的先断网或关闭端口")]
    pub stopgap: Option<LongText>,
    #[field(label = "整改措施", max = 500)]
    pub measure: Option<LongText>,
    #[field(label = "整改日期", list)]
    pub fixed_on: Option<NaiveDate>,
    #[field(label = "复核结论", max = 300)]
    pub recheck: Option<LongText>,
    #[field(label = "复核日期")]
    pub rechecked_on: Option<NaiveDate>,
    #[field(label = "通报和报告", help = "可不传")]
    pub files: Files,
}

impl Rules for NetworkFlaw {
    fn flow() -> Flow {
        let centre = || Who::Role(IT_CENTER);
        Flow::starts("待整改")
            .open("待复核")
            .done("已销号")
            .step(
                "fix",
                "整改完成",
                &["待整改"],
                "待复核",
                &[Who::Field("responsible".into()), centre()],
            )
            .needs(&["measure", "fixed_on"])
            .signed("整改责任人")
            .step("close", "复核通过", &["待复核"], "已销号", &[centre()])
            .needs(&["recheck", "rechecked_on"])
            .signed("复核人")
            .step("return", "退回重改", &["待复核"], "待整改", &[centre()])
            .with_note()
    }

    fn duties() -> Vec<DutySpec> {
        vec![
            duty(
                "network_flaw_scan",
                "网络安全漏洞扫描",
                1,
                Every::Quarter,
                school_wide(),
                Filter::is("source", "scan"),
            )
            .also(&["网络安全排查", "网络安全检查"]),
        ]
    }

    fn indicators() -> Vec<IndicatorSpec> {
        let closed = || Filter::state("已销号");
        vec![
            indicator(
                "network_flaw_closed",
                "网络安全漏洞整改率",
                "已销号的漏洞 ÷ 登记的漏洞",
                "%",
                Measure::Share {
                    of: closed(),
                    among: Filter::all(),
                },
            )
            .also(&["网络安全隐患整改率"]),
            indicator(
                "network_flaw_on_time",
                "网络安全漏洞按期整改率",
                "整改日期不晚于期限的已销号漏洞 ÷ 已销号的漏洞",
                "%",
                Measure::Share {
                    of: closed().and("fixed_on", Op::AtMostField, "due"),
                    among: closed(),
                },
            ),
        ]
    }

    fn access() -> Vec<Access> {
        named_may_read(&[IT_CENTER])
    }

    fn papers() -> Vec<PaperForm> {
        vec![
            sheet("order", "网络安全隐患整改单")
                .fields(&[
                    "system",
                    "flaw",
                    "source",
                    "notice",
                    "level",
                    "found_on",
                    "unit",
                    "responsible",
                    "due",
                    "stopgap",
                    "measure",
                    "fixed_on",
                    "recheck",
                    "rechecked_on",
                ])
                .approvals()
                .signatures(&["整改责任人", "信息中心"]),
        ]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        let days = match self.level {
            FlawLevel::Critical => 1,
            FlawLevel::High => 3,
            FlawLevel::Middle => 10,
            FlawLevel::Low => 30,
        };
        self.due = self
            .due
            .or_else(|| self.found_on.checked_add_days(Days::new(days)));
    }

    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let said = |text: &Option<LongText>| filled(text.as_ref().map(|text| text.0.as_str()));
        let grave = matches!(self.level, FlawLevel::Critical | FlawLevel::High);
        Checks::new()
            .not_after_today(self.found_on, ctx.today, "found_on")
            .refuse(
                self.source == FlawSource::Notice && !filled(self.notice.as_deref()),
                "notice",
                "上级通报的请写通报文号",
            )
            .refuse(
                grave && !said(&self.stopgap),
                "stopgap",
                "超危、高危漏洞请写明先行处置",
            )
            .in_order(self.found_on, self.due, "due", "整改期限不能早于发现日期")
            .in_order(
                self.found_on,
                self.fixed_on,
                "fixed_on",
                "整改日期不能早于发现日期",
            )
            .not_after_today(self.fixed_on, ctx.today, "fixed_on")
            .refuse(
                self.fixed_on.is_some() && !said(&self.measure),
                "measure",
                "填写了整改日期，请写明整改措施",
            )
            .refuse(
                self.rechecked_on.is_some() && self.fixed_on.is_none(),
                "fixed_on",
                "还没有整改日期，不能复核",
            )
            .in_order(
                self.fixed_on,
                self.rechecked_on,
                "rechecked_on",
                "复核日期不能早于整改日期",
            )
            .not_after_today(self.rechecked_on, ctx.today, "rechecked_on")
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        let late = self.fixed_on.is_none() && self.due.is_some_and(|due| due < ctx.today);
        Checks::new()
            .refuse(late, "due", "整改期限已过，还没有整改")
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{refused, test_day};
    use uuid::Uuid;

    fn sample() -> NetworkFlaw {
        NetworkFlaw {
            system: "教务系统".into(),
            flaw: "弱口令".into(),
            source: FlawSource::Scan,
            notice: None,
            level: FlawLevel::Middle,
            found_on: test_day(),
            unit: Ref::new(Uuid::nil()),
            responsible: Ref::new(Uuid::nil()),
            due: None,
            stopgap: None,
            measure: None,
            fixed_on: None,
            recheck: None,
            rechecked_on: None,
            files: Files::default(),
        }
    }

    #[test]
    fn the_level_sets_the_time_and_asks_for_a_stopgap() {
        let mut record = sample();
        assert!(refused(&record).is_empty());
        record.level = FlawLevel::High;
        assert_eq!(refused(&record), ["stopgap"]);
        record.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        assert_eq!(record.due, test_day().checked_add_days(Days::new(3)));
    }

    #[test]
    fn it_is_mended_before_it_is_rechecked() {
        let early = NetworkFlaw {
            rechecked_on: Some(test_day()),
            ..sample()
        };
        assert_eq!(refused(&early), ["fixed_on"]);
        let unsaid = NetworkFlaw {
            fixed_on: Some(test_day()),
            source: FlawSource::Notice,
            ..sample()
        };
        assert_eq!(refused(&unsaid), ["notice", "measure"]);
    }

    #[test]
    fn whoever_mends_does_not_close() {
        let flow = NetworkFlaw::flow();
        assert_eq!(flow.find("close").expect("a step").who, [Who::Role(IT_CENTER)]);
    }
}
