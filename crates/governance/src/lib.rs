//! Party work, good government and office affairs (党建治理、办公事务).
//!
//! Documents that come in (收文办理) are registered by the office, minuted, decided on, handled and closed; those the
//! school sends (发文办理) are drafted, reviewed, signed, numbered and printed. State secrets on paper stand apart. The
//! party's branches, risks to integrity, ideology and the net, regulations and powers, the union each have a folder.
pub mod affairs;
mod audience;
mod circulation;
mod dispatch;
mod document;
mod ideology;
mod institution;
mod integrity;
mod number;
mod party;
mod secret;
mod union;

pub use circulation::Circulation;
pub use dispatch::{Disclosure, Dispatch};
pub use document::{Document, Secrecy};
pub use ideology::{
    Channel, CheckCycle, FlawLevel, FlawSource, FrontCheck, FrontKind, FrontRisk, IdeologyFront, NetworkDay,
    NetworkFlaw, Publication,
};
pub use institution::{Adopter, Decider, Power, PowerClass, PowerRisk, Regulation, RegulationClass};
pub use integrity::{IntegrityRisk, IntegrityTalk, RiskArea, RiskGrade, TalkKind};
pub use number::DocumentNumber;
pub use party::{
    Committee, DailyKind, FirstTopic, Forum, Lecturer, PartyBranch, PartyDaily, PartyDevelopment, PartyDues,
    PartyLecture, PartyMeeting, PartyMeetingKind, PartyStudy, Payer, StudyKind, ThemeDay,
};
pub use secret::{SecretDegree, SecretPaper, SecretReading};
pub use union::{
    ActivityKind, CareKind, CongressProposal, FundSource, ProposalClass, Satisfaction, UnionActivity,
    UnionCare,
};

use kernel::register::spec::RegisterSpec;

/// The registers of this capability in menu order.
pub fn registers() -> Vec<RegisterSpec> {
    let mut all = party::registers();
    all.extend(integrity::registers());
    all.extend(ideology::registers());
    all.extend([
        RegisterSpec::of::<Document>(),
        RegisterSpec::of::<Circulation>(),
        RegisterSpec::of::<Dispatch>(),
        RegisterSpec::of::<SecretPaper>(),
        RegisterSpec::of::<SecretReading>(),
    ]);
    all.extend(institution::registers());
    all.extend(affairs::registers());
    all.extend(union::registers());
    all
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_registers_are_declared_soundly() {
        let all = [people::registers(), crate::registers()].concat();
        assert_eq!(people::sound::faults(&all), Vec::<String>::new());
    }
}
