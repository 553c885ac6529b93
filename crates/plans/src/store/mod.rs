//! Reading and writing plans and commitments. Every write is journalled and committed in one transaction.
mod read;
mod write;

pub use read::{
    body, commitment, commitments, may_edit, plan, plans_of, published_commitments, sections,
    version_content, versions,
};
pub(crate) use read::{commitment_in, commitments_in, plan_in};
pub(crate) use write::{
    OVERTAKEN, add_in, closed, commitment_json, insert_commitments, insert_plan, plan_entry, save_head,
    touch_open,
};
pub use write::{add, create_plan, mark_done, save, save_in, touch_plan};

/// Who may import, confirm and publish plans, each within the node of the grant.
pub const EDITORS: &[&str] = &[
    people::roles::PRINCIPAL,
    people::roles::VICE_PRINCIPAL,
    people::roles::OFFICE,
    people::roles::TEACHING_OFFICE,
    people::roles::DEPARTMENT_HEAD,
];
