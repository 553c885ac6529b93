use crate::audience::open_to_all;
use chrono::{Months, NaiveDate};
use kernel::choice;
use kernel::error::Violation;
use kernel::register::field::{Code, Ref};
use kernel::register::indicator::{Filter, IndicatorSpec, Measure, indicator};
use kernel::register::spec::{Access, Ctx};
use kernel::register::{Register, Rules};
use people::checks::Checks;
use people::roles::PARTY_OFFICE;
use people::{Staff, Unit};

choice!(
    /// 委员会设置
    Committee {
        Upper = "upper" "党委或总支委员会",
        Branch = "branch" "支部委员会",
        SecretaryOnly = "secretary" "只设书记",
    }
);

/// 党组织：学校党委、党总支和各党支部的名称、负责人、党员人数和换届日期。由党委办公室维护，全校可查。
#[derive(Clone, Debug, Register)]
#[register(
    id = "party_branch",
    title = "党组织",
    group = "party",
    systems = "G1",
    label = "name",
    key = "name",
    unique = "name; number",
    within = "unit",
    owner = "leader"
)]
pub struct PartyBranch {
    #[field(label = "党组织编号", list, max = 20, dataset = "T44.DZZBH")]
    pub number: String,
    #[field(
        label = "党组织名称",
        list,
        max = 60,
        help = "全称，如 中共××学校机电工程系支部委员会",
        dataset = "T44.DZZMC"
    )]
    pub name: String,
    #[field(label = "党组织类型", list, filter, code = "DZZLXDM", dataset = "T44.DZZLXM")]
    pub kind: Code,
    #[field(
        label = "上级党组织",
        max = 60,
        help = "隶属上级党组织的全称",
        dataset = "T44.SJDZZ"
    )]
    pub superior: Option<String>,
    #[field(
        label = "所在单位",
        list,
        filter,
        help = "支部党员主要所在的系部或处室；党委选学校"
    )]
    pub unit: Ref<Unit>,
    #[field(label = "负责人", list, dataset = "T44.DNLDXM:name, T44.DNLDJGH:number")]
    pub leader: Ref<Staff>,
    #[field(label = "党内职务", code = "DNLDRYZWDM", dataset = "T44.DNLDZWM")]
    pub post: Code,
    #[field(
        label = "委员会设置",
        list,
        filter,
        help = "正式党员7人以上的支部应当设支部委员会"
    )]
    pub committee: Committee,
    #[field(label = "正式党员数", list, max = 2000)]
    pub full_members: i64,
    #[field(label = "预备党员数", max = 500)]
    pub probationary: i64,
    #[field(
        label = "党员总数",
        help = "由正式党员和预备党员相加，不用填",
        dataset = "T44.DZZDYRS"
    )]
    pub members: Option<i64>,
    #[field(label = "本届选举日期")]
    pub elected_on: NaiveDate,
    #[field(label = "应换届日期", list, help = "党委任期5年、总支和支部3年，不用填")]
    pub next_election: Option<NaiveDate>,
}

impl Rules for PartyBranch {
    fn indicators() -> Vec<IndicatorSpec> {
        vec![
            indicator(
                "party_branches",
                "党支部数",
                "在册的党支部",
                "个",
                Measure::Count {
                    of: Filter::is("kind", "3"),
                },
            ),
            indicator(
                "party_members",
                "党员人数",
                "各党支部党员总数合计",
                "人",
                Measure::Sum {
                    of: Filter::is("kind", "3"),
                    field: "members".into(),
                },
            )
            .also(&["党员数"]),
        ]
    }

    fn access() -> Vec<Access> {
        open_to_all(&[PARTY_OFFICE])
    }

    // Terms of office: 《关于党的基层组织任期的意见》(2018).
    fn computed() -> &'static [&'static str] {
        &["members", "next_election"]
    }

    fn complete(&mut self, _ctx: &Ctx) {
        self.members = Some(self.full_members + self.probationary);
        let years = if self.kind.0 == "1" { 5 } else { 3 };
        self.next_election = self.elected_on.checked_add_months(Months::new(years * 12));
    }

    // 《中国共产党支部工作条例（试行）》第二章 (three full members, at most fifty as a rule), 第六章 (a committee from
    // seven full members on).
    fn check(&self, ctx: &Ctx) -> Vec<Violation> {
        let branch = self.kind.0 == "3";
        Checks::new()
            .not_after_today(self.elected_on, ctx.today, "elected_on")
            .refuse(
                branch == (self.committee == Committee::Upper),
                "committee",
                if branch {
                    "党支部请选支部委员会或只设书记"
                } else {
                    "党委和总支请选党委或总支委员会"
                },
            )
            .refuse(
                branch && self.full_members < 3,
                "full_members",
                "正式党员3人以上才能成立支部，不足的成立联合支部",
            )
            .refuse(
                self.committee == Committee::SecretaryOnly && self.full_members >= 7,
                "committee",
                "正式党员7人以上的支部应当设支部委员会",
            )
            .done()
    }

    fn warnings(&self, ctx: &Ctx) -> Vec<Violation> {
        Checks::new()
            .refuse(
                self.next_election.is_some_and(|day| day < ctx.today),
                "next_election",
                "任期已满，应按期换届",
            )
            .refuse(
                self.kind.0 == "3" && self.full_members + self.probationary > 50,
                "full_members",
                "党支部党员人数一般不超过50人",
            )
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::sound::{doubted, refused, test_day};
    use uuid::Uuid;

    fn sample() -> PartyBranch {
        let mut record = PartyBranch {
            number: "02".into(),
            name: "机电工程系党支部".into(),
            kind: Code("3".into()),
            superior: None,
            unit: Ref::new(Uuid::nil()),
            leader: Ref::new(Uuid::nil()),
            post: Code("1".into()),
            committee: Committee::Branch,
            full_members: 12,
            probationary: 1,
            members: None,
            elected_on: test_day() - Months::new(30),
            next_election: None,
        };
        record.complete(&Ctx {
            today: test_day(),
            new: true,
        });
        record
    }

    #[test]
    fn size_decides_on_the_committee() {
        assert!(refused(&sample()).is_empty());
        let lone = PartyBranch {
            committee: Committee::SecretaryOnly,
            ..sample()
        };
        assert_eq!(refused(&lone), ["committee"]);
        let few = PartyBranch {
            full_members: 2,
            ..lone
        };
        assert_eq!(refused(&few), ["full_members"]);
        let mixed = PartyBranch {
            committee: Committee::Upper,
            ..sample()
        };
        assert_eq!(refused(&mixed), ["committee"]);
    }

    #[test]
    fn a_branch_is_elected_anew_after_three_years() {
        assert_eq!(sample().members, Some(13));
        assert!(doubted(&sample()).is_empty());
        let old = PartyBranch {
            next_election: test_day().pred_opt(),
            ..sample()
        };
        assert_eq!(doubted(&old), ["next_election"]);
    }
}
