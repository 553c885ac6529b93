//! What can go wrong while a file is made or read, in words for the person who asked for it.

use thiserror::Error;

/// Why a file could not be made or read. `Display` is Chinese and may be shown as it is.
#[derive(Debug, Error)]
pub enum PrintError {
    /// No font with Chinese characters was found.
    #[error(
        "没有可用的中文字体，无法生成 PDF。请把 simfang.ttf、simhei.ttf 等字体文件放进数据目录的 fonts 文件夹，或安装 fonts-noto-cjk"
    )]
    NoFont,
    /// The data do not have the shape that the template needs.
    #[error("打印数据不完整：{0}")]
    Data(#[from] serde_json::Error),
    /// The typst template failed: a defect of the program or of a school's own template.
    #[error("版式出错，无法生成 PDF：{0}")]
    Template(String),
    /// The document is larger than what one file may hold.
    #[error("内容过多：{what} {count}，上限 {limit}。请缩小范围后分次导出，长表请导出 Excel")]
    TooLarge {
        what: &'static str,
        count: usize,
        limit: usize,
    },
    /// The Word file could not be written.
    #[error("无法生成 Word 文件：{0}")]
    Word(String),
    /// The Excel file could not be written.
    #[error("无法生成 Excel 文件：{0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The uploaded file is not one that can be read.
    #[error(transparent)]
    Upload(#[from] UploadError),
}

/// Why an uploaded sheet was refused. Nothing of it has been taken over.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum UploadError {
    /// An empty upload.
    #[error("文件是空的")]
    Empty,
    /// More bytes than allowed.
    #[error("文件超过 {limit_mb} MB，请拆分后再上传")]
    TooManyBytes { limit_mb: usize },
    /// The contents unpack to more than allowed (a zip bomb, or a very large book).
    #[error("文件解压后超过 {limit_mb} MB，请删除图片和无关工作表后再上传")]
    TooManyUnpackedBytes { limit_mb: usize },
    /// More rows than allowed.
    #[error("工作表“{sheet}”超过 {limit} 行，请拆分后再上传")]
    TooManyRows { sheet: String, limit: u32 },
    /// More columns than allowed.
    #[error("工作表“{sheet}”的第 {row} 行超过 {limit} 列，请删除多余的列后再上传")]
    TooManyColumns { sheet: String, row: u32, limit: u32 },
    /// An old `.xls` file or an encrypted workbook: both are OLE containers.
    #[error(
        "这是旧版 .xls 文件或加了密码的工作簿。请在 Excel 或 WPS 中取消密码，另存为“Excel 工作簿（.xlsx）”后再上传"
    )]
    OldOrEncrypted,
    /// Neither a workbook nor text.
    #[error("这不是 Excel 文件（.xlsx）：{0}")]
    NotWorkbook(String),
    /// A csv file in no known encoding.
    #[error("csv 文件的编码不是 UTF-8，也不是 GB18030（GBK）")]
    Encoding,
    /// A csv file whose quotes do not end.
    #[error("csv 文件第 {row} 行的引号没有结束")]
    OpenQuote { row: u32 },
}
