//! A `.fet` file and, after a NUL, a solution of it: any solution is judged, and what is written costs the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use timetable::fet::{Institution, Solution, check};

fuzz_target!(|data: &str| {
    let (institution, solution) = data.split_once('\0').unwrap_or((data, ""));
    let Ok(institution) = Institution::read(institution) else {
        return;
    };
    if let Ok(solution) = Solution::read(&institution, solution) {
        let score = check(&institution, &solution);
        if let Ok(again) = Solution::read(&institution, &solution.write(&institution)) {
            assert_eq!(check(&institution, &again), score);
        }
    }
});
