//! The browser assets embedded by `build.rs`: css, js and icons under names that carry a content hash.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// One embedded file.
struct Asset {
    name: &'static str,
    url: &'static str,
    mime: &'static str,
    plain: &'static [u8],
    gzip: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/assets_table.rs"));

/// Hashed names never change their content, so a browser may keep them for a year without asking.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// The public address of an asset, for example `url("app.css")` gives `/assets/app.0123456789.css`.
///
/// # Panics
/// When no such asset is embedded: the name is written in the program, so that is a mistake in it.
pub fn url(name: &str) -> &'static str {
    match ASSETS.iter().find(|asset| asset.name == name) {
        Some(asset) => asset.url,
        None => panic!("no embedded asset is called {name}"),
    }
}

/// Serves every embedded asset below `/assets/`.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{file}", get(serve))
}

async fn serve(Path(file): Path<String>, headers: HeaderMap) -> Response {
    let found = ASSETS
        .iter()
        .find(|asset| asset.url.strip_prefix("/assets/") == Some(file.as_str()));
    let Some(asset) = found else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let shared = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.mime)),
        (header::CACHE_CONTROL, FOREVER),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
    ];
    if accepts_gzip(&headers) {
        (shared, [(header::CONTENT_ENCODING, "gzip")], asset.gzip).into_response()
    } else {
        (shared, asset.plain).into_response()
    }
}

/// Whether the client lists gzip (or anything) without refusing it by `q=0`.
fn accepts_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT_ENCODING).iter();
    accepted
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|item| {
            let (coding, quality) = item.split_once(';').unwrap_or((item, ""));
            let refused = quality
                .trim()
                .strip_prefix("q=")
                .is_some_and(|q| q.parse::<f32>() == Ok(0.0));
            matches!(coding.trim(), "gzip" | "*") && !refused
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;

    async fn fetch(url: &str, encoding: Option<&'static str>) -> Response {
        let mut headers = HeaderMap::new();
        if let Some(encoding) = encoding {
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(encoding));
        }
        serve(Path(url.trim_start_matches("/assets/").to_owned()), headers).await
    }

    #[tokio::test]
    async fn serves_the_stylesheet_for_ever_and_gzipped_on_request() {
        let plain = fetch(url("app.css"), None).await;
        assert_eq!(plain.status(), StatusCode::OK);
        assert_eq!(plain.headers()[header::CONTENT_TYPE], "text/css; charset=utf-8");
        assert!(
            plain.headers()[header::CACHE_CONTROL]
                .to_str()
                .unwrap()
                .contains("immutable")
        );
        assert!(!plain.headers().contains_key(header::CONTENT_ENCODING));
        let plain = to_bytes(plain.into_body(), usize::MAX).await.unwrap();
        assert!(plain.starts_with(b"/*"));

        let gzip = fetch(url("app.css"), Some("br, gzip;q=0.8")).await;
        assert_eq!(gzip.headers()[header::CONTENT_ENCODING], "gzip");
        let gzip = to_bytes(gzip.into_body(), usize::MAX).await.unwrap();
        assert!(gzip.starts_with(&[0x1f, 0x8b]) && gzip.len() < plain.len());
    }

    #[tokio::test]
    async fn refused_gzip_is_not_sent_and_unknown_names_are_missing() {
        let plain = fetch(url("htmx.js"), Some("gzip;q=0, identity")).await;
        assert!(!plain.headers().contains_key(header::CONTENT_ENCODING));
        assert_eq!(
            fetch("/assets/app.css", None).await.status(),
            StatusCode::NOT_FOUND
        );
    }

    #[test]
    fn every_name_carries_its_hash() {
        for asset in ASSETS {
            let (stem, extension) = asset.name.rsplit_once('.').unwrap();
            let hash = asset.url.strip_prefix(&format!("/assets/{stem}.")).unwrap();
            assert_eq!(
                hash.strip_suffix(&format!(".{extension}")).unwrap().len(),
                10,
                "{}",
                asset.url
            );
        }
    }
}
