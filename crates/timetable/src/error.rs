//! The one error of every reader: where it stopped and why.

use std::fmt;

/// A malformed input: the line it was found on (1-based; 0 when the file as a whole is meant) and the cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    /// 1-based line, 0 for the whole file.
    pub line: usize,
    /// The cause in the user's language.
    pub cause: String,
}

impl ReadError {
    /// An error on `line` with `cause`.
    pub fn new(line: usize, cause: impl Into<String>) -> Self {
        ReadError {
            line,
            cause: cause.into(),
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}", self.cause),
            n => write!(f, "第 {n} 行：{}", self.cause),
        }
    }
}

impl std::error::Error for ReadError {}
