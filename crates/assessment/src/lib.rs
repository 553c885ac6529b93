//! Grades, examinations of skill and contests (考核竞赛).
//!
//! Grades of general courses (文化基础课成绩) feed national dataset 32, the evaluation of a student's term
//! (综合成绩与评价) dataset 34, skill assessments (技能等级认定成绩) dataset 33, contests held at school (校内赛事) dataset
//! 56; awards (竞赛获奖) are verified before they count.
mod award;
mod contest;
mod general_grade;
mod skill_result;
mod term_evaluation;

pub use award::ContestAward;
pub use contest::Contest;
pub use general_grade::{GeneralGrade, Mark};
pub use skill_result::SkillResult;
pub use term_evaluation::{Standing, TermEvaluation};

use kernel::register::spec::RegisterSpec;

/// The registers of this capability in menu order.
pub fn registers() -> Vec<RegisterSpec> {
    vec![
        RegisterSpec::of::<GeneralGrade>(),
        RegisterSpec::of::<TermEvaluation>(),
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
