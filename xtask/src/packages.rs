//! What the tests need and a fresh machine lacks: PostgreSQL, Chromium, Chinese fonts, the npm-locked libraries.
use crate::command::{Outcome, is_root, on_path, root, run};
use crate::postgres;
use std::path::Path;
use std::process::Command;

/// Installs what is missing, saying so first.
pub fn ensure() -> Outcome {
    let fonts = ["opentype", "truetype"].iter().any(|kind| {
        Path::new("/usr/share/fonts")
            .join(kind)
            .join("noto/NotoSansCJK-Regular.ttc")
            .exists()
    });
    let wanted = [
        ("postgresql", postgres::binaries().is_some()),
        ("chromium", on_path("chromium")),
        ("fonts-noto-cjk", fonts),
    ];
    let missing: Vec<&str> = wanted
        .iter()
        .filter(|(_, present)| !present)
        .map(|(name, _)| *name)
        .collect();
    if !missing.is_empty() {
        eprintln!(
            "The tests need {}: installing from the system's package source.",
            missing.join(", ")
        );
        apt_get(&["update", "-qq"])?;
        let mut install = vec!["install", "-y", "-qq", "--no-install-recommends"];
        install.extend(&missing);
        apt_get(&install)?;
    }
    node_packages()
}

/// Fetches the browser libraries and Playwright as the lock file names them, when they are not there.
pub fn node_packages() -> Outcome {
    let web = root().join("web");
    let modified = |path: &Path| path.metadata().and_then(|meta| meta.modified()).ok();
    let installed = modified(&web.join("node_modules/.package-lock.json"));
    let fresh = installed >= modified(&web.join("package-lock.json"));
    if fresh && web.join("node_modules/playwright-core").exists() {
        return Ok(());
    }
    eprintln!("The tests need the libraries of web/package-lock.json: installing them with npm.");
    run(Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(web))
}

fn apt_get(args: &[&str]) -> Outcome {
    let mut command = match is_root() {
        true => Command::new("apt-get"),
        false => {
            let mut sudo = Command::new("sudo");
            sudo.arg("DEBIAN_FRONTEND=noninteractive").arg("apt-get");
            sudo
        }
    };
    run(command.args(args).env("DEBIAN_FRONTEND", "noninteractive"))
}
