//! Errors a person may see. Policy: a handler returns [`Error`]; what the person can mend is said in Chinese with
//! the field named; what they cannot mend is logged whole and shown as one calm sentence.
use serde::Serialize;

/// One thing wrong with one field (or with the whole record when `field` is empty).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// The field's name, empty for the record as a whole.
    pub field: String,
    /// What is wrong and what to do, in Chinese.
    pub message: String,
}

impl Violation {
    /// A violation of `field`.
    pub fn new(field: &str, message: impl Into<String>) -> Violation {
        Violation {
            field: field.to_owned(),
            message: message.into(),
        }
    }
}

/// What can go wrong with a request.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody is logged in.
    #[error("请先登录")]
    Login,
    /// The record or page does not exist, or may not be seen by this person.
    #[error("没有找到这条记录，或您无权查看")]
    NotFound,
    /// The person may not do this.
    #[error("您没有权限：{0}")]
    Forbidden(String),
    /// The input breaks rules; nothing was written.
    #[error("{}", describe(.0))]
    Invalid(Vec<Violation>),
    /// Somebody else changed the record meanwhile; nothing was written.
    #[error("{0}")]
    Conflict(String),
    /// The request itself cannot be read.
    #[error("{0}")]
    Bad(String),
    /// A fault of ours.
    #[error("系统出错，本次操作没有写入任何数据，请稍后再试")]
    Internal(#[from] anyhow::Error),
}

fn describe(violations: &[Violation]) -> String {
    violations
        .iter()
        .map(|v| v.message.as_str())
        .collect::<Vec<_>>()
        .join("；")
}

impl Error {
    /// A single rule broken by `field`.
    pub fn invalid(field: &str, message: impl Into<String>) -> Error {
        Error::Invalid(vec![Violation::new(field, message)])
    }

    /// The HTTP status that fits.
    pub fn status(&self) -> axum::http::StatusCode {
        use axum::http::StatusCode as S;
        match self {
            Error::Login => S::UNAUTHORIZED,
            Error::NotFound => S::NOT_FOUND,
            Error::Forbidden(_) => S::FORBIDDEN,
            Error::Invalid(_) => S::UNPROCESSABLE_ENTITY,
            Error::Conflict(_) => S::CONFLICT,
            Error::Bad(_) => S::BAD_REQUEST,
            Error::Internal(_) => S::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Error {
        if let Some(db) = error.as_database_error()
            && db.is_unique_violation()
        {
            return Error::Conflict("已有相同的记录，没有重复保存".into());
        }
        Error::Internal(error.into())
    }
}

/// The result of most kernel calls.
pub type Result<T, E = Error> = std::result::Result<T, E>;
