//! Examinations of skill and contests (考核竞赛).
//!
//! Skill assessments (技能等级认定成绩) feed national dataset 33; contests held at school (校内赛事) feed dataset 56;
//! awards (竞赛获奖) are verified before they count.
mod award;
mod contest;
mod skill_result;

pub use award::ContestAward;
pub use contest::Contest;
pub use skill_result::SkillResult;

use kernel::register::spec::RegisterSpec;

/// The registers of this capability in menu order.
pub fn registers() -> Vec<RegisterSpec> {
    vec![
        RegisterSpec::of::<SkillResult>(),
        RegisterSpec::of::<Contest>(),
        RegisterSpec::of::<ContestAward>(),
    ]
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_registers_are_declared_soundly() {
        let all = [people::registers(), crate::registers()].concat();
        assert_eq!(people::sound::faults(&all), Vec::<String>::new());
    }
}
