//! `cargo xtask screenshots`: a demo school on a fixed day, photographed.
use crate::command::{self, Outcome, cargo, root};
use crate::packages;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The day the demo's records end on.
const TODAY: &str = "2026-11-23";

/// A demo school being served from a folder that goes away with it.
struct Demo {
    server: Child,
    folder: PathBuf,
    address: String,
}

/// Draws docs/screenshots/*.png.
pub fn run() -> Outcome {
    packages::ensure()?;
    command::run(&mut cargo(&["build", "--package", "zhixing"]))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let demo = Demo::serve(&target.join("debug/zhixing"))?;
    let folder = root().join("docs/screenshots");
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    command::run(
        Command::new("node")
            .arg("web/tests/screenshots.mjs")
            .current_dir(root())
            .env("ZHIXING_URL", &demo.address)
            .env("ZHIXING_ACCOUNTS", demo.folder.join("demo-accounts.txt"))
            .env("ZHIXING_SCREENSHOTS", folder),
    )
}

impl Demo {
    fn serve(program: &Path) -> Outcome<Demo> {
        let folder = std::env::temp_dir().join(format!("zhixing-demo-{}", std::process::id()));
        let mut server = Command::new(program)
            .args(["--listen", "127.0.0.1:0", "--clock", TODAY, "--data"])
            .arg(&folder)
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{}: {error}", program.display()))?;
        let mut lines = BufReader::new(server.stdout.take().expect("stdout is piped")).lines();
        let address = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("知行已启动：").map(str::to_owned));
        let demo = Demo {
            server,
            folder,
            address: address.unwrap_or_default(),
        };
        match demo.address.is_empty() {
            true => Err("the program ended before it served".into()),
            false => Ok(demo),
        }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        self.server.kill().ok();
        self.server.wait().ok();
        std::fs::remove_dir_all(&self.folder).ok();
    }
}
