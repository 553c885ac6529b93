//! The formats are told apart by content, and every solver's file passes its own check.

use timetable::Control;
use timetable::file::Problem;

const CTT: &str = "Name: Toy\nCourses: 2\nRooms: 1\nDays: 2\nPeriods_per_day: 2\nCurricula: 1\nConstraints: 1\n\nCOURSES:\na t 1 1 9\nb t 2 2 12\n\nROOMS:\nr 10\n\nCURRICULA:\nq 2 a b\n\nUNAVAILABILITY_CONSTRAINTS:\na 0 0\n\nEND.\n";

#[test]
fn each_format_solves_writes_and_checks_alike() {
    let files = [
        ("CB-CTT", CTT),
        ("XHSTT", include_str!("data/toy.xml")),
        ("FET", include_str!("data/toy.fet")),
    ];
    for (format, text) in files {
        let problem = Problem::read(text).expect(format);
        assert_eq!(problem.format(), format);
        let answer = problem.solve(true, &Control::counted(50_000, 1, 1));
        assert_eq!(answer.verdict.hard, 0, "{format}: {:?}", answer.verdict);
        assert_eq!(
            problem.check(&answer.text).expect(format),
            [answer.verdict],
            "{format}"
        );
        // The solution of another file is refused, not scored.
        for (other, text) in files.iter().filter(|f| f.0 != format) {
            assert!(problem.check(text).is_err(), "{format} took {other}");
        }
    }
}

#[test]
fn what_is_no_instance_is_refused() {
    for text in ["", "hello", "<a/>", "<HighSchoolTimetableArchive/>"] {
        assert!(Problem::read(text).is_err(), "{text}");
    }
}
