//! The command line; see `zhixing --help`.
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    match zhixing::cli::run(zhixing::cli::Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("错误：{error:#}");
            ExitCode::FAILURE
        }
    }
}
