//! The built program as a process of its own.
use super::house::TODAY;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use zhixing::assemble::Place;

/// What a run of the program ended with.
pub struct Outcome {
    /// Its exit code.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl From<Output> for Outcome {
    fn from(output: Output) -> Outcome {
        Outcome {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// The built program.
pub struct Program;

impl Program {
    /// A command without anything from the caller's environment that could steer it.
    pub fn command() -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zhixing"));
        for name in [
            "ZHIXING_DATA",
            "ZHIXING_DB",
            "ZHIXING_CLOCK",
            "ZHIXING_LISTEN",
            "RUST_LOG",
        ] {
            command.env_remove(name);
        }
        command.stdin(Stdio::null());
        command
    }

    /// A command on an installation.
    pub fn on(place: &Place) -> Command {
        let mut command = Program::command();
        command.arg("--data").arg(&place.data).args(["--clock", TODAY]);
        if let Some(db) = &place.db {
            command.args(["--db", db]);
        }
        command
    }

    /// Runs to the end.
    pub fn run(command: &mut Command) -> Outcome {
        command.output().expect("the program runs").into()
    }
}

/// The program while it serves. Killed when dropped.
pub struct Serving {
    child: Child,
    out: BufReader<ChildStdout>,
    /// Where, as `127.0.0.1:12345`.
    pub address: String,
}

impl Serving {
    /// Starts serving on a free port and waits until it says so. `command` already names the installation.
    pub fn start(command: &mut Command) -> Serving {
        let mut child = command
            .args(["--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let out = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let mut serving = Serving {
            child,
            out,
            address: String::new(),
        };
        while serving.address.is_empty() {
            let mut line = String::new();
            let read = serving.out.read_line(&mut line).expect("text");
            assert!(read > 0, "the program ended before it served");
            if let Some(address) = line.trim().strip_prefix("知行已启动：http://") {
                serving.address = address.to_owned();
            }
        }
        serving
    }

    /// Kills it at once, as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().expect("it was still running");
        self.child.wait().expect("it ends");
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
        std::io::copy(&mut self.out, &mut std::io::sink()).ok();
    }
}

/// Sends one request; `head` is the request line and further headers.
pub fn request(address: &str, head: &str, body: &str) -> std::io::Result<(u16, String)> {
    let mut stream = TcpStream::connect(address)?;
    let length = body.len();
    write!(
        stream,
        "{head}\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok());
    let status = status.ok_or_else(|| std::io::Error::other("an answer cut short"))?;
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    Ok((status, body.to_owned()))
}

/// Whether `zhixing check` finds nothing; shows what it found otherwise.
#[track_caller]
pub fn clean(place: &Place) {
    let outcome = Program::run(Program::on(place).arg("check"));
    assert_eq!(outcome.code, Some(0), "{}{}", outcome.out, outcome.err);
}

/// Copies a folder with everything in it.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        match entry.file_type().expect("a type").is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).expect("a copy")),
        }
    }
}
