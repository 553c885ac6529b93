//! The demo school, made once for a build of the program and copied for each test that changes or serves it.
use super::house::TODAY;
use super::process::{Program, Serving, copy};
use std::fs::File;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use zhixing::assemble::Place;

/// A demo school of the test's own.
pub struct Demo {
    /// Where it is.
    pub place: Place,
    // Removed when the test ends.
    _folder: TempDir,
}

impl Demo {
    /// A fresh copy.
    pub fn copy() -> Demo {
        let folder = tempfile::tempdir().expect("a folder of our own");
        let data = folder.path().join("data");
        copy(&template(), &data);
        let clock = kernel::clock::Clock::fixed(TODAY).expect("a date");
        Demo {
            place: Place {
                data,
                db: None,
                files: None,
                clock,
            },
            _folder: folder,
        }
    }

    /// The file with its accounts.
    pub fn accounts(&self) -> PathBuf {
        self.place.data.join("demo-accounts.txt")
    }

    /// Serves it.
    pub fn serve(&self) -> Serving {
        Serving::start(&mut Program::on(&self.place))
    }
}

/// The folder of the school that is only copied. Tests run in processes of their own: the first one makes it while the
/// others wait at the lock.
fn template() -> PathBuf {
    let base = Path::new(env!("CARGO_TARGET_TMPDIR")).join("demo");
    std::fs::create_dir_all(&base).expect("a folder");
    let lock = File::create(base.join("lock")).expect("a lock file");
    lock.lock().expect("the lock");
    let made = std::fs::metadata(env!("CARGO_BIN_EXE_zhixing"))
        .and_then(|meta| meta.modified())
        .expect("a date");
    let age = made
        .duration_since(std::time::UNIX_EPOCH)
        .expect("after 1970")
        .as_nanos();
    let folder = base.join(format!("of-{age}"));
    if folder.exists() {
        return folder;
    }
    for old in std::fs::read_dir(&base).expect("a folder").filter_map(Result::ok) {
        if old.path().is_dir() {
            std::fs::remove_dir_all(old.path()).expect("an old school goes");
        }
    }
    let unfinished = base.join("unfinished");
    let clock = kernel::clock::Clock::fixed(TODAY).expect("a date");
    let place = Place {
        data: unfinished.clone(),
        db: None,
        files: None,
        clock,
    };
    // Serving fills it and then prints the address.
    Serving::start(&mut Program::on(&place)).kill();
    std::fs::rename(unfinished, &folder).expect("a finished school");
    folder
}
