//! A `.ctt` file and, after a NUL, a solution of it: what is read is written and read back equal, any solution is judged.
#![no_main]

use libfuzzer_sys::fuzz_target;
use timetable::cbctt::{Instance, Solution, check};

fuzz_target!(|data: &str| {
    let (instance, solution) = data.split_once('\0').unwrap_or((data, ""));
    let Ok(instance) = Instance::read(instance) else {
        return;
    };
    assert_eq!(Instance::read(&instance.write()).as_ref(), Ok(&instance));
    if let Ok(solution) = Solution::read(&instance, solution) {
        assert!(check(&instance, &solution).hard() >= 0);
        assert_eq!(Solution::read(&instance, &solution.write(&instance)), Ok(solution));
    }
});
