//! The command line; see `zhixing --help`.
use clap::Parser;
use std::process::ExitCode;

// Logging in takes 19 MB for a moment (argon2); the system's allocator keeps that for each thread, this one gives it back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match zhixing::cli::run(zhixing::cli::Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("错误：{error:#}");
            ExitCode::FAILURE
        }
    }
}
