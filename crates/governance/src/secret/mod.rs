//! State secrets on paper (涉密文件): registered, lent to named readers, given back. Nothing of their content is kept here.
mod paper;
mod reading;

pub use paper::{SecretDegree, SecretPaper};
pub use reading::SecretReading;

use kernel::register::spec::{Access, Reach, may_read, may_write};
use people::roles::{OFFICE, PRINCIPAL, VICE_PRINCIPAL};

/// The office keeps them, the leaders of the school see them, nobody else.
fn confidants() -> Vec<Access> {
    vec![
        may_write(OFFICE, Reach::School),
        may_read(PRINCIPAL, Reach::School),
        may_read(VICE_PRINCIPAL, Reach::School),
    ]
}
