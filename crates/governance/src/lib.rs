//! Office affairs (办公事务): official documents received and sent.
//!
//! Documents that come in (收文办理) are registered by the office, minuted, decided on, handled and closed; those the
//! school sends (发文办理) are drafted, reviewed, signed, numbered and printed. State secrets on paper stand apart.
pub mod affairs;
mod audience;
mod circulation;
mod dispatch;
mod document;
mod number;
mod party;
mod secret;

pub use circulation::Circulation;
pub use dispatch::{Disclosure, Dispatch};
pub use document::{Document, Secrecy};
pub use number::DocumentNumber;
pub use party::{
    Committee, DailyKind, FirstTopic, Forum, Lecturer, PartyBranch, PartyDaily, PartyDevelopment, PartyDues,
    PartyLecture, PartyMeeting, PartyMeetingKind, PartyStudy, Payer, StudyKind, ThemeDay,
};
pub use secret::{SecretDegree, SecretPaper, SecretReading};

use kernel::register::spec::RegisterSpec;

/// The registers of this capability in menu order.
pub fn registers() -> Vec<RegisterSpec> {
    let mut all = party::registers();
    all.extend([
        RegisterSpec::of::<Document>(),
        RegisterSpec::of::<Circulation>(),
        RegisterSpec::of::<Dispatch>(),
        RegisterSpec::of::<SecretPaper>(),
        RegisterSpec::of::<SecretReading>(),
    ]);
    all.extend(affairs::registers());
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
