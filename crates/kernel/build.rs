//! Embeds the browser assets: own css and js from `web/`, the npm-locked libraries beside them.
//!
//! Writes `assets_table.rs` to `OUT_DIR`: one entry per file with a content hash in its public name,
//! the plain bytes and the gzipped bytes, so that the server never compresses or reads a disk.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

/// Library files taken out of `node_modules`, with the name pages use for them.
const LIBRARIES: [(&str, &str); 2] = [
    ("htmx.js", "htmx.org/dist/htmx.min.js"),
    ("echarts.js", "echarts/dist/echarts.common.min.js"),
];

fn main() {
    let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    println!("cargo::rerun-if-changed=build.rs");
    install_libraries(&web);

    let mut files: Vec<(String, PathBuf)> = LIBRARIES
        .iter()
        .map(|(name, path)| (name.to_string(), web.join("node_modules").join(path)))
        .collect();
    for folder in ["css", "js", "img"] {
        let folder = web.join(folder);
        println!("cargo::rerun-if-changed={}", folder.display());
        let entries =
            fs::read_dir(&folder).unwrap_or_else(|e| panic!("cannot list {}: {e}", folder.display()));
        for entry in entries {
            let path = entry.expect("a directory entry").path();
            let name = path
                .file_name()
                .expect("a file name")
                .to_string_lossy()
                .into_owned();
            files.push((name, path));
        }
    }
    files.sort();
    fs::write(out.join("assets_table.rs"), table(&files, &out)).expect("OUT_DIR is writable");
}

/// The Rust source of the asset table; copies every file and its gzip into `out`.
fn table(files: &[(String, PathBuf)], out: &Path) -> String {
    let mut source = String::from("static ASSETS: &[Asset] = &[\n");
    for (name, path) in files {
        println!("cargo::rerun-if-changed={}", path.display());
        let bytes = fs::read(path).unwrap_or_else(|e| panic!("cannot read {}: {e}", path.display()));
        let (stem, extension) = name.rsplit_once('.').expect("an asset has an extension");
        let digest = Sha256::digest(&bytes);
        let hash: String = digest.iter().take(5).map(|byte| format!("{byte:02x}")).collect();

        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(&bytes).expect("writing to memory");
        let gzip = gzip.finish().expect("writing to memory");
        fs::write(out.join(name), &bytes).expect("OUT_DIR is writable");
        fs::write(out.join(format!("{name}.gz")), gzip).expect("OUT_DIR is writable");

        writeln!(
            source,
            "    Asset {{ name: {name:?}, url: \"/assets/{stem}.{hash}.{extension}\", mime: {:?}, \
             plain: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}\")), \
             gzip: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}.gz\")) }},",
            mime(extension),
        )
        .expect("writing to memory");
    }
    source.push_str("];\n");
    source
}

fn mime(extension: &str) -> &'static str {
    match extension {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        other => panic!("no content type known for .{other} assets"),
    }
}

/// Runs `npm ci` when `node_modules` is missing or older than the lock file.
///
/// The lock file itself is held locked meanwhile: two builds with different target directories
/// must not empty `node_modules` under each other.
fn install_libraries(web: &Path) {
    let lock_path = web.join("package-lock.json");
    println!("cargo::rerun-if-changed={}", lock_path.display());
    let lock_file =
        File::open(&lock_path).unwrap_or_else(|e| panic!("cannot open {}: {e}", lock_path.display()));
    lock_file.lock().expect("the file system supports file locks");
    if is_installed(web, &lock_path) {
        return;
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let status = Command::new(npm)
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(web)
        .status()
        .unwrap_or_else(|e| {
            panic!(
                "cannot run `{npm}` ({e}). Building Zhixing needs Node.js with npm once, to fetch the \
                 libraries locked in web/package-lock.json. Install Node.js 20 or later and build again."
            )
        });
    assert!(
        status.success(),
        "`npm ci` failed in {} ({status}); see its messages above",
        web.display()
    );
}

/// npm writes `node_modules/.package-lock.json` last, so its age is the age of the installation.
fn is_installed(web: &Path, lock_path: &Path) -> bool {
    let modified = |path: &Path| fs::metadata(path).and_then(|meta| meta.modified()).ok();
    let marker = web.join("node_modules/.package-lock.json");
    let files_present = LIBRARIES
        .iter()
        .all(|(_, path)| web.join("node_modules").join(path).exists());
    files_present && modified(&marker) >= modified(lock_path)
}
