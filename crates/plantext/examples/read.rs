//! `read FILE`: prints the sections and commitments of a plan as JSON.

use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("用法：read 文件");
        return ExitCode::FAILURE;
    };
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(e) => {
            eprintln!("无法打开 {path}：{e}");
            return ExitCode::FAILURE;
        }
    };
    let document = plantext::text_of(&bytes, &path).and_then(|text| plantext::read(&text));
    match document.map(|d| serde_json::to_string_pretty(&d)) {
        Ok(Ok(json)) => {
            println!("{json}");
            ExitCode::SUCCESS
        }
        Ok(Err(e)) => {
            eprintln!("{e}");
            ExitCode::FAILURE
        }
        Err(e) => {
            eprintln!("{e}");
            ExitCode::FAILURE
        }
    }
}
