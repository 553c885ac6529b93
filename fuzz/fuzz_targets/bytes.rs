//! Any file: bytes to text, text to commitments, quotes at their offsets.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    for name in ["a.txt", "a.docx", "a.html"] {
        if let Ok(text) = plantext::text_of(data, name) {
            let _ = plantext::read(&text);
        }
    }
});
