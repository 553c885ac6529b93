//! A throw-away PostgreSQL cluster: its own folder, its own port on the loopback, gone afterwards.
use crate::command::{Outcome, is_root, output};
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Whether a commit waits for the disk.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Flush {
    /// As in production, for measurements.
    Always,
    /// Fast, for tests.
    Never,
}

/// A running cluster; stopped and removed when dropped.
pub struct Postgres {
    folder: PathBuf,
    port: u16,
    server: Option<Child>,
}

/// The folder of the newest installed server's programs.
pub fn binaries() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let folders = versions.filter_map(|entry| Some(entry.ok()?.path().join("bin")));
    folders
        .filter(|bin| bin.join("initdb").exists() && bin.join("postgres").exists())
        .max_by_key(|bin| version(bin))
}

fn version(bin: &Path) -> u32 {
    let name = bin.parent().and_then(Path::file_name).unwrap_or_default();
    name.to_string_lossy().parse().unwrap_or(0)
}

impl Postgres {
    /// Makes and starts one.
    pub fn start(flush: Flush) -> Outcome<Postgres> {
        let folder = std::env::temp_dir().join(format!("zhixing-pg-{}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let mut cluster = Postgres {
            folder,
            port: 0,
            server: None,
        };
        if is_root() {
            // The server refuses to run as root; its package made a user for it.
            output(Command::new("chown").arg("postgres").arg(&cluster.folder))?;
        }
        let data = cluster.data();
        let init = [
            "--auth=trust",
            "--username=postgres",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "-D",
        ];
        output(program("initdb")?.args(init).arg(&data))?;
        // Another program may take the free port before the server does, so a second try is allowed.
        for _ in 0..3 {
            let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
            cluster.port = listener.local_addr().map_err(|error| error.to_string())?.port();
            drop(listener);
            if cluster.serve(flush)? {
                eprintln!("PostgreSQL runs at {}", cluster.url());
                return Ok(cluster);
            }
        }
        Err("PostgreSQL does not start: no port stays free".into())
    }

    /// The address of its first database.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Starts the server and waits for the line that says it is ready; false when it ended instead.
    fn serve(&mut self, flush: Flush) -> Outcome<bool> {
        let mut command = program("postgres")?;
        command.arg("-D").arg(self.data()).arg("-k").arg(&self.folder);
        command.args(["-p", &self.port.to_string(), "-c", "listen_addresses=127.0.0.1"]);
        command.args([
            "-c",
            "max_connections=300",
            "-c",
            "shared_buffers=256MB",
            "-c",
            "logging_collector=off",
        ]);
        if flush == Flush::Never {
            command.args(["-F", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]);
        }
        let mut server = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("postgres: {error}"))?;
        let mut lines = BufReader::new(server.stderr.take().expect("stderr is piped")).lines();
        let ready = lines
            .by_ref()
            .map_while(Result::ok)
            .any(|line| line.contains("ready to accept connections"));
        // The pipe must not fill up.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        self.server = Some(server);
        Ok(ready)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(mut server) = self.server.take() {
            if let Ok(mut command) = program("pg_ctl") {
                output(
                    command
                        .args(["stop", "-m", "immediate", "-s", "-D"])
                        .arg(self.data()),
                )
                .ok();
            }
            server.wait().ok();
        }
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

/// One of the server's programs, as the user that may run it.
fn program(name: &str) -> Outcome<Command> {
    let path = binaries().ok_or("PostgreSQL is not installed")?.join(name);
    let mut command = match is_root() {
        true => {
            let mut other = Command::new("runuser");
            other.args(["-u", "postgres", "--"]).arg(path);
            other
        }
        false => Command::new(path),
    };
    command.env("LC_ALL", "C").current_dir("/");
    Ok(command)
}
