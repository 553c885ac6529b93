//! Office affairs (办公事务): official documents received and sent.
//!
//! Documents (公文登记) are registered by the office, signed for, handled and closed by the person in charge; nobody
//! else sees them.
mod document;
mod number;

pub use document::{Direction, Document, Secrecy};
pub use number::DocumentNumber;

use kernel::register::spec::RegisterSpec;

/// The registers of this capability in menu order.
pub fn registers() -> Vec<RegisterSpec> {
    vec![RegisterSpec::of::<Document>()]
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_registers_are_declared_soundly() {
        let all = [people::registers(), crate::registers()].concat();
        assert_eq!(people::sound::faults(&all), Vec::<String>::new());
    }
}
