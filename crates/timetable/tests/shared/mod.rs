//! Where the public instances lie, when this checkout has them.

#![allow(dead_code, reason = "each test file uses its part")]

use std::path::PathBuf;

/// The folder of the public instances.
pub fn bench() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/bench")
}

/// The files of `bench/<family>` with this extension, by name; empty (with a notice) where the folder is absent.
pub fn instances(family: &str, extension: &str) -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/bench")
        .join(family);
    let Ok(entries) = std::fs::read_dir(&folder) else {
        eprintln!("skipped: no public instances at {}", folder.display());
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
    files.retain(|p| p.extension().is_some_and(|e| e == extension));
    files.sort();
    let read = |p: PathBuf| {
        let name = p
            .file_stem()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        std::fs::read_to_string(&p).ok().map(|text| (name, text))
    };
    files.into_iter().filter_map(read).collect()
}
