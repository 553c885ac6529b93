//! An XHSTT archive: every solution in it is judged and written, and what is written costs the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use timetable::xhstt::{Archive, check};

fuzz_target!(|data: &str| {
    let Ok(archive) = Archive::read(data) else {
        return;
    };
    for (at, solution) in &archive.solutions {
        let instance = &archive.instances[*at];
        let score = check(instance, solution);
        let written = solution.write_archive(instance, data, "fuzz");
        let Ok(again) = Archive::read(&written) else {
            continue;
        };
        if let Some((at, solution)) = again.solutions.last()
            && again.instances[*at] == *instance
        {
            assert_eq!(check(instance, solution), score);
        }
    }
});
