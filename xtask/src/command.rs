//! Running other programs: announced, with their output passed through, an exit code other than 0 being an error.
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a chore ends with; the error is for the person at the terminal.
pub type Outcome<T = ()> = Result<T, String>;

/// The root of the workspace.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().expect("xtask lies in the workspace").to_owned()
}

/// The cargo that started us, in the root of the workspace.
pub fn cargo(args: &[&str]) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.args(args).current_dir(root());
    command
}

/// Says what runs, runs it, and demands success.
pub fn run(command: &mut Command) -> Outcome {
    let words = words(command);
    eprintln!("\n▶ {words}");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("✗ {words}: {status}")),
        Err(error) => Err(format!("✗ {words}: {error}")),
    }
}

/// Runs quietly and gives what it printed; its complaints become the error.
pub fn output(command: &mut Command) -> Outcome<String> {
    let words = words(command);
    let output = command.output().map_err(|error| format!("✗ {words}: {error}"))?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(format!(
            "✗ {words}: {}\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        )),
    }
}

/// Whether a program of that name is on the path.
pub fn on_path(program: &str) -> bool {
    let Some(path) = std::env::var_os("PATH") else {
        return false;
    };
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Whether we are the super-user.
pub fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

fn words(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program
        .file_name()
        .unwrap_or(program.as_os_str())
        .to_string_lossy();
    let args = command.get_args().map(|arg| arg.to_string_lossy());
    std::iter::once(name).chain(args).collect::<Vec<_>>().join(" ")
}
