//! Any text inside a plan: quotes stand at their offsets.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &str| {
    let text = format!("某校2024年工作计划\n一、教学工作\n{data}");
    if let Ok(document) = plantext::read(&text) {
        let points: Vec<char> = text.chars().collect();
        for c in &document.commitments {
            assert_eq!(points[c.start..c.end].iter().collect::<String>(), c.quote);
        }
    }
});
