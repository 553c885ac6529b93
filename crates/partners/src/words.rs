//! What the rules of several registers say in the same way.
use kernel::register::spec::{Access, Reach, Role};
use people::roles::directory;

/// Access to a list everybody looks things up in: `keepers` keep all of it, `departments` what lies in their own unit.
pub fn looked_up(keepers: &[Role], departments: &[Role]) -> Vec<Access> {
    let mut access = directory(keepers);
    for right in &mut access {
        if departments.contains(&right.role) {
            right.write = Some(Reach::Unit);
            right.sealed = true;
        }
    }
    access
}

#[cfg(test)]
mod tests {
    use super::*;
    use people::roles::{COOPERATION_OFFICE, DEPARTMENT_HEAD, TEACHER};

    #[test]
    fn departments_read_all_and_keep_their_own() {
        let access = looked_up(&[COOPERATION_OFFICE], &[DEPARTMENT_HEAD]);
        let of = |role| access.iter().find(|right| right.role == role).expect("a right");
        assert_eq!(of(COOPERATION_OFFICE).write, Some(Reach::School));
        assert_eq!(
            (of(DEPARTMENT_HEAD).read, of(DEPARTMENT_HEAD).write),
            (Reach::School, Some(Reach::Unit))
        );
        assert_eq!((of(TEACHER).write, of(TEACHER).sealed), (None, false));
    }
}
