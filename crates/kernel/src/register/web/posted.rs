//! A posted form, urlencoded or multipart, with the files in it.
use crate::error::{Error, Result};
use axum::Form;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;
use axum::response::Response;

/// What a form sent.
#[derive(Debug, Default)]
pub struct Posted {
    /// Names and values in the order of the form.
    pub pairs: Vec<(String, String)>,
    /// Files with something in them.
    pub files: Vec<Upload>,
}

/// One file of a form.
#[derive(Debug)]
pub struct Upload {
    /// Name of the control.
    pub field: String,
    /// The file's own name.
    pub name: String,
    /// Its contents.
    pub bytes: Vec<u8>,
}

impl Posted {
    /// The first value under the name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|p| p.0 == name).map(|p| p.1.as_str())
    }

    /// All values under the name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs
            .iter()
            .filter(move |p| p.0 == name)
            .map(|p| p.1.as_str())
    }
}

impl<S: Send + Sync> FromRequest<S> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Posted, Response> {
        use axum::response::IntoResponse;
        let kind = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("");
        if kind.starts_with("multipart/form-data") {
            let form = Multipart::from_request(request, state)
                .await
                .map_err(IntoResponse::into_response)?;
            return read_parts(form).await.map_err(IntoResponse::into_response);
        }
        let Form(pairs) = Form::<Vec<(String, String)>>::from_request(request, state)
            .await
            .map_err(|_| Error::Bad("表单内容无法识别".into()).into_response())?;
        Ok(Posted { pairs, files: vec![] })
    }
}

async fn read_parts(mut form: Multipart) -> Result<Posted> {
    let bad = |error: axum::extract::multipart::MultipartError| {
        Error::Bad(match error.status().as_u16() {
            413 => "一次提交的文件总共不能超过 24 MB，请分几次上传".to_owned(),
            _ => "表单内容无法识别，请重新提交".to_owned(),
        })
    };
    let mut posted = Posted::default();
    while let Some(part) = form.next_field().await.map_err(bad)? {
        let field = part.name().unwrap_or_default().to_owned();
        let Some(name) = part.file_name().map(str::to_owned) else {
            posted.pairs.push((field, part.text().await.map_err(bad)?));
            continue;
        };
        let bytes = part.bytes().await.map_err(bad)?.to_vec();
        if !name.is_empty() || !bytes.is_empty() {
            posted.files.push(Upload { field, name, bytes });
        }
    }
    Ok(posted)
}
