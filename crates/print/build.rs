//! Makes the npm-locked print fonts part of the program.
//!
//! Installs `web/node_modules` from its lock file when the fonts are not there yet, then writes a list
//! of the font files for `src/fonts.rs`: their bytes in an optimised build, their paths in a debug build
//! (which would otherwise carry 38 MB in every test binary). Without npm the program still builds and
//! prints with the fonts of the machine.

use std::env;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Song regular and bold, Hei medium. `src/fonts.rs` says why these.
const FONT_FILES: [&str; 3] = [
    "@expo-google-fonts/noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf",
    "@expo-google-fonts/noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf",
    "@embedpdf/fonts-sc/fonts/NotoSansHans-Medium.otf",
];

fn main() {
    let manifest_dir = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets this"));
    let web = manifest_dir
        .join("../../web")
        .canonicalize()
        .unwrap_or(manifest_dir.join("../../web"));
    let modules = web.join("node_modules");
    println!("cargo::rerun-if-changed=build.rs");
    println!(
        "cargo::rerun-if-changed={}",
        web.join("package-lock.json").display()
    );
    println!("cargo::metadata=node_modules={}", modules.display());

    install(&web);
    let fonts: Vec<PathBuf> = FONT_FILES.iter().map(|file| modules.join(file)).collect();
    let optimised = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let mut list = String::from("vec![\n");
    for font in &fonts {
        println!("cargo::rerun-if-changed={}", font.display());
        if !font.is_file() {
            println!(
                "cargo::warning=print font missing, PDF export needs fonts on the machine: {}",
                font.display()
            );
        } else if optimised {
            writeln!(list, "FontFile::Embedded(include_bytes!({font:?})),").expect("string");
        } else {
            writeln!(list, "FontFile::Disk(PathBuf::from({font:?})),").expect("string");
        }
    }
    list.push_str("]\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets this"));
    fs::write(out.join("embedded_fonts.rs"), list).expect("write the font list");
}

/// Runs `npm ci` when `node_modules` is missing or older than the lock file, which is held locked
/// meanwhile: the kernel's build script and other builds of this checkout do the same.
fn install(web: &Path) {
    let lock = web.join("package-lock.json");
    let Ok(held) = File::open(&lock) else {
        println!("cargo::warning=cannot open {}", lock.display());
        return;
    };
    let _ = held.lock();
    if is_installed(web, &lock) {
        return;
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let status = Command::new(npm)
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(web)
        .status();
    match status {
        Ok(status) if status.success() => {}
        Ok(status) => println!("cargo::warning=`npm ci` in web/ failed: {status}"),
        Err(error) => println!("cargo::warning=`npm ci` in web/ did not start: {error}"),
    }
}

/// npm writes `node_modules/.package-lock.json` last, so its age is the age of the installation.
fn is_installed(web: &Path, lock: &Path) -> bool {
    let modified = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    let installed = modified(&web.join("node_modules/.package-lock.json"));
    installed.is_some_and(|installed| modified(lock).is_some_and(|locked| installed >= locked))
}
