//! Fonts by role.
//!
//! GB/T 9704-2012 asks for 仿宋, 黑体, 楷体 and 小标宋. No registry that a bare machine reaches carries a
//! free 仿宋, so the program brings 宋 and 黑 (npm-locked, part of the binary) and prefers the real faces
//! when it finds them: put `simfang.ttf`, `simhei.ttf`, `simkai.ttf` and the 方正小标宋 file of a
//! licensed computer into the data folder's `fonts/`, or install the Debian packages named below.
//!
//! | role | looked for, best first | the program's own |
//! |---|---|---|
//! | 仿宋 body | 仿宋_GB2312, 仿宋, 华文仿宋, 方正仿宋, 朱雀仿宋 (OFL), Fandol (GPL, texlive-lang-chinese) | Noto Serif SC |
//! | 黑体 level 1 | 黑体, 方正黑体, Fandol | Noto Sans Hans Medium |
//! | 楷体 level 2 | 楷体_GB2312, 楷体, 华文楷体, 霞鹜文楷 (OFL, fonts-lxgw-wenkai), AR PL UKai (fonts-arphic-ukai) | Noto Serif SC Bold |
//! | 小标宋 title | 方正小标宋, 华文中宋 | Noto Serif SC Bold |
//! | 宋 tables, page numbers | 宋体, 华文宋体 | Noto Serif SC |
//!
//! Own fonts: `@expo-google-fonts/noto-serif-sc` (Regular, Bold) and `@embedpdf/fonts-sc` (Noto Sans
//! Hans Medium), all SIL OFL 1.1, each with about 30,900 characters including 𬭚䶮㛃 of pupils' names.
//! Characters beyond them come from Noto CJK (fonts-noto-cjk, OFL) when the machine has it.
//!
//! Memory: the own fonts lie in the executable, so only the pages in use are resident; font files are
//! read for one document and dropped with it. Nothing is read before the first PDF.

use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use typst::foundations::Bytes;
use typst::text::{Font, FontBook, FontInfo};
use typst::utils::LazyHash;

/// Fonts that came with the build (`build.rs`).
fn own_fonts() -> Vec<FontFile> {
    include!(concat!(env!("OUT_DIR"), "/embedded_fonts.rs"))
}

/// Where operating systems and texlive keep fonts.
const SYSTEM_DIRS: [&str; 5] = [
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol",
    "/System/Library/Fonts",
    "C:/Windows/Fonts",
];

/// File names (lower case, beginnings) of system fonts worth opening: a desktop may have thousands.
const SYSTEM_FILES: [&str; 26] = [
    "simfang",
    "simhei",
    "simkai",
    "simsun",
    "simsunb",
    "fangsong",
    "kaiti",
    "stfangsong",
    "stfangso",
    "stkaiti",
    "stsong",
    "stzhongs",
    "stxihei",
    "fzxbs",
    "fzfs",
    "fzkt",
    "fzht",
    "zhuquefangsong",
    "fandolfang",
    "fandolkai",
    "fandolhei",
    "fandolsong",
    "lxgwwenkai-regular",
    "ukai",
    "notoserifcjk-regular",
    "notosanscjk-regular",
];

const FANG: [&str; 11] = [
    "仿宋_GB2312",
    "FangSong_GB2312",
    "仿宋",
    "FangSong",
    "STFangsong",
    "华文仿宋",
    "FZFangSong-Z02",
    "方正仿宋简体",
    "Zhuque Fangsong",
    "Zhuque Fangsong (technical preview)",
    "FandolFang R",
];
const HEI: [&str; 6] = [
    "黑体",
    "SimHei",
    "FZHei-B01",
    "方正黑体简体",
    "FandolHei",
    "STHeiti",
];
const KAI: [&str; 12] = [
    "楷体_GB2312",
    "KaiTi_GB2312",
    "楷体",
    "KaiTi",
    "STKaiti",
    "华文楷体",
    "FZKai-Z03",
    "方正楷体简体",
    "LXGW WenKai GB",
    "LXGW WenKai",
    "AR PL UKai CN",
    "FandolKai",
];
const TITLE: [&str; 6] = [
    "方正小标宋简体",
    "方正小标宋_GBK",
    "FZXiaoBiaoSong-B05S",
    "FZXiaoBiaoSong-B05",
    "STZhongsong",
    "华文中宋",
];
const SONG: [&str; 5] = ["宋体", "SimSun", "STSong", "华文宋体", "FandolSong"];

/// What every role ends with: own fonts, then the machine's.
const SONG_FALLBACK: [&str; 3] = ["Noto Serif SC", "Noto Serif CJK SC", "Noto Sans CJK SC"];
const HEI_FALLBACK: [&str; 3] = ["Noto Sans S Chinese", "Noto Sans CJK SC", "Noto Serif SC"];

/// A font file: part of the executable, or on disk.
#[derive(Clone, Debug)]
enum FontFile {
    #[cfg_attr(
        debug_assertions,
        allow(dead_code, reason = "a debug build reads its fonts from disk")
    )]
    Embedded(&'static [u8]),
    Disk(PathBuf),
}

impl FontFile {
    fn bytes(&self) -> Option<Bytes> {
        match self {
            FontFile::Embedded(bytes) => Some(Bytes::new(*bytes)),
            FontFile::Disk(path) => fs::read(path).ok().map(Bytes::new),
        }
    }
}

/// The fonts a PDF may use. Cheap to make; files are looked at when the first PDF is asked for.
#[derive(Debug)]
pub struct Fonts {
    dirs: Vec<PathBuf>,
    catalogue: OnceLock<Catalogue>,
}

impl Fonts {
    /// Fonts from `dirs` (the data folder's `fonts/`), from the system and from the program itself.
    pub fn discover(dirs: &[PathBuf]) -> Self {
        Fonts {
            dirs: dirs.to_vec(),
            catalogue: OnceLock::new(),
        }
    }

    /// The family that each role is printed in, for a settings page: `(仿宋, FangSong)`.
    pub fn roles(&self) -> Vec<(&'static str, String)> {
        self.catalogue()
            .roles
            .iter()
            .map(|role| (role.name, role.families.first().cloned().unwrap_or_default()))
            .collect()
    }

    pub(crate) fn catalogue(&self) -> &Catalogue {
        self.catalogue.get_or_init(|| Catalogue::read(&self.dirs))
    }
}

/// The faces found, and which of them plays which role.
#[derive(Debug)]
pub(crate) struct Catalogue {
    book: LazyHash<FontBook>,
    faces: Vec<(FontFile, u32)>,
    roles: Vec<Role>,
    roles_json: String,
}

#[derive(Debug)]
struct Role {
    key: &'static str,
    name: &'static str,
    families: Vec<String>,
    /// Weight to ask for: bold where a song face stands in for a display face.
    weight: u16,
}

impl Catalogue {
    fn read(dirs: &[PathBuf]) -> Self {
        let mut book = FontBook::new();
        let mut faces = Vec::new();
        let mut files: Vec<FontFile> = Vec::new();
        for dir in dirs {
            collect(dir, &|_| true, &mut files);
        }
        files.extend(own_fonts());
        let home = std::env::home_dir().map(|home| [home.join(".fonts"), home.join(".local/share/fonts")]);
        for dir in SYSTEM_DIRS
            .iter()
            .map(PathBuf::from)
            .chain(home.into_iter().flatten())
        {
            collect(&dir, &is_known, &mut files);
        }
        for file in files {
            let Some(bytes) = file.bytes() else { continue };
            for (index, info) in infos(&bytes) {
                book.push(info);
                faces.push((file.clone(), index));
            }
        }
        let roles = [
            role("fang", "仿宋", &FANG, &SONG_FALLBACK, 400, &book),
            role("hei", "黑体", &HEI, &HEI_FALLBACK, 400, &book),
            role("kai", "楷体", &KAI, &SONG_FALLBACK, 700, &book),
            role("title", "小标宋", &TITLE, &SONG_FALLBACK, 700, &book),
            role("song", "宋体", &SONG, &SONG_FALLBACK, 400, &book),
        ];
        let by_key: serde_json::Map<_, _> = roles
            .iter()
            .map(|role| {
                (
                    role.key.to_owned(),
                    json!({ "families": role.families, "weight": role.weight }),
                )
            })
            .collect();
        Catalogue {
            book: LazyHash::new(book),
            faces,
            roles_json: serde_json::Value::Object(by_key).to_string(),
            roles: roles.into(),
        }
    }

    pub(crate) fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.roles.iter().all(|role| role.families.is_empty())
    }

    pub(crate) fn len(&self) -> usize {
        self.faces.len()
    }

    pub(crate) fn roles_json(&self) -> &str {
        &self.roles_json
    }

    pub(crate) fn load(&self, index: usize) -> Option<Font> {
        let (file, face) = self.faces.get(index)?;
        Font::new(file.bytes()?, *face)
    }
}

fn role(
    key: &'static str,
    name: &'static str,
    wanted: &[&str],
    fallback: &[&str],
    fallback_weight: u16,
    book: &FontBook,
) -> Role {
    let present = |family: &&&str| book.contains_family(&family.to_lowercase());
    let real: Vec<String> = wanted
        .iter()
        .filter(present)
        .map(|family| (*family).to_owned())
        .collect();
    let weight = if real.is_empty() { fallback_weight } else { 400 };
    let families = real
        .into_iter()
        .chain(fallback.iter().filter(present).map(|family| (*family).to_owned()))
        .collect();
    Role {
        key,
        name,
        families,
        weight,
    }
}

/// The faces of a file that are of use: of a pan-CJK collection only the simplified ones.
fn infos(bytes: &[u8]) -> Vec<(u32, FontInfo)> {
    const OTHER_REGIONS: [&str; 9] = [
        "CJK JP",
        "CJK KR",
        "CJK TC",
        "CJK HK",
        "Mono CJK SC",
        "UKai TW",
        "UKai HK",
        "UKai TW MBE",
        "NSimSun",
    ];
    (0..)
        .map_while(|index| FontInfo::new(bytes, index).map(|info| (index, info)))
        .filter(|(_, info)| !OTHER_REGIONS.iter().any(|other| info.family.ends_with(other)))
        .collect()
}

/// Font files below a folder, in a stable order.
fn collect(dir: &Path, wanted: &dyn Fn(&str) -> bool, files: &mut Vec<FontFile>) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() && !path.is_symlink() {
            collect(&path, wanted, files);
        } else if let Some(name) = path.file_name().and_then(|name| name.to_str()) {
            let name = name.to_lowercase();
            let is_font = [".ttf", ".otf", ".ttc", ".otc"]
                .iter()
                .any(|end| name.ends_with(end));
            if is_font && wanted(&name) {
                files.push(FontFile::Disk(path));
            }
        }
    }
}

fn is_known(name: &str) -> bool {
    SYSTEM_FILES.iter().any(|known| name.starts_with(known))
}
