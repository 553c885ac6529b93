//! HTTP manners shared by all pages: routes with a gate each, the session, same-origin checks, errors as pages.
use crate::access::{self, Rows};
use crate::app::{App, Scope};
use crate::auth;
use crate::db::STATEMENTS;
use crate::error::{Error, Result, Violation};
use crate::frame;
use axum::Router;
use axum::extract::{FromRequestParts, RawPathParams, Request, State};
use axum::handler::Handler;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::MethodRouter;
use std::cell::Cell;
use std::sync::Arc;

/// Name of the session cookie.
pub const COOKIE: &str = "zhixing";

/// Who may use a route. There is no route without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// Everybody, also strangers.
    Public,
    /// Whoever is logged in; the handler's queries decide about rows.
    Login,
    /// Holders of one of the roles.
    Roles(&'static [&'static str]),
    /// Whoever manages accounts.
    Manage,
    /// Whoever may read some row of the register named by the path parameter `register`.
    ReadRegister,
    /// Whoever may write some row of it.
    WriteRegister,
}

impl Gate {
    /// The gate in words, for the table of routes.
    pub fn words(self) -> String {
        match self {
            Gate::Public => "public".into(),
            Gate::Login => "login".into(),
            Gate::Roles(roles) => format!("roles {}", roles.join(" ")),
            Gate::Manage => "manage".into(),
            Gate::ReadRegister => "read register".into(),
            Gate::WriteRegister => "write register".into(),
        }
    }

    /// Whether the actor may pass; `register` is the path parameter of that name.
    pub fn opens(self, scope: &Scope, register: Option<&str>) -> Result<()> {
        let forbid = |what: &str| Err(Error::Forbidden(what.into()));
        match self {
            Gate::Public | Gate::Login => Ok(()),
            Gate::Roles(roles) if scope.actor.holds(roles) => Ok(()),
            Gate::Roles(_) => forbid("此页面由指定岗位使用"),
            Gate::Manage if scope.actor.manages(&scope.app.roles) => Ok(()),
            Gate::Manage => forbid("此页面由系统管理员使用"),
            Gate::ReadRegister | Gate::WriteRegister => {
                let spec = scope.register(register.unwrap_or(""))?;
                let rows = match self {
                    Gate::ReadRegister => access::readable(&scope.actor, &scope.app.roles, spec),
                    _ => access::writable(&scope.actor, spec),
                };
                if rows != Rows::None {
                    return Ok(());
                }
                // Whoever takes a step of the flow reaches the records that wait for it.
                if self == Gate::ReadRegister && access::may_meet(&scope.actor, spec) {
                    return Ok(());
                }
                forbid(&spec.title)
            }
        }
    }
}

/// One row of the route table.
#[derive(Clone, Debug)]
pub struct RouteRow {
    /// GET or POST …
    pub method: Method,
    /// Path with `{parameters}`.
    pub path: &'static str,
    /// Who may use it.
    pub gate: Gate,
}

/// Routes with their gates; turned into an axum router at the end.
#[derive(Default)]
pub struct Routes {
    router: Router<Arc<App>>,
    /// All routes, for the table that a test compares.
    pub table: Vec<RouteRow>,
}

impl Routes {
    /// No routes.
    pub fn new() -> Routes {
        Routes::default()
    }

    /// Adds a route.
    pub fn on<H, T>(mut self, method: Method, path: &'static str, gate: Gate, handler: H) -> Routes
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        let guarded = handler.layer(middleware::from_fn(
            move |params: RawPathParams, request: Request, next: Next| async move {
                if gate == Gate::Public {
                    return Ok(next.run(request).await);
                }
                let scope = request.extensions().get::<Scope>().cloned().ok_or(Refusal::new(
                    &request,
                    None,
                    Error::Login,
                ))?;
                let register = params
                    .iter()
                    .find(|(name, _)| *name == "register")
                    .map(|(_, value)| value.to_owned());
                match gate.opens(&scope, register.as_deref()) {
                    Ok(()) => Ok(next.run(request).await),
                    Err(error) => Err(Refusal::new(&request, Some(scope), error)),
                }
            },
        ));
        let filter = axum::routing::MethodFilter::try_from(method.clone()).expect("a usual method");
        self.router = self.router.route(path, MethodRouter::new().on(filter, guarded));
        self.table.push(RouteRow { method, path, gate });
        self
    }

    /// Adds a GET route.
    pub fn get<H, T>(self, path: &'static str, gate: Gate, handler: H) -> Routes
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        self.on(Method::GET, path, gate, handler)
    }

    /// Adds a POST route.
    pub fn post<H, T>(self, path: &'static str, gate: Gate, handler: H) -> Routes
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        self.on(Method::POST, path, gate, handler)
    }

    /// Adds another capability's routes.
    pub fn merge(mut self, other: Routes) -> Routes {
        self.router = self.router.merge(other.router);
        self.table.extend(other.table);
        self
    }

    /// The whole application.
    pub fn into_router(self, app: Arc<App>) -> Router {
        self.router
            .merge(crate::assets::router())
            .fallback(|request: Request| async move {
                let scope = request.extensions().get::<Scope>().cloned();
                Refusal::new(&request, scope, Error::NotFound)
            })
            .layer(middleware::from_fn_with_state(app.clone(), with_session))
            .layer(axum::extract::DefaultBodyLimit::max(24 << 20))
            .with_state(app)
    }
}

/// An error on its way out, with what is needed to show it in the right form.
pub struct Refusal {
    api: bool,
    fragment: bool,
    target: String,
    scope: Option<Scope>,
    error: Error,
}

impl Refusal {
    fn new(request: &Request, scope: Option<Scope>, error: Error) -> Refusal {
        Refusal {
            api: request.uri().path().starts_with("/api/"),
            fragment: request.headers().contains_key("hx-request"),
            target: request.uri().to_string(),
            scope,
            error,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        if self.api {
            return ApiError(self.error).into_response();
        }
        if matches!(self.error, Error::Login) && !self.fragment {
            return Redirect::to(&format!("/login?next={}", escape(&self.target))).into_response();
        }
        (
            self.error.status(),
            frame::error_page(self.scope.as_ref(), &self.error),
        )
            .into_response()
    }
}

/// Errors of pages carry no scope; the frame is then drawn without menu.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if let Error::Internal(error) = &self {
            tracing::error!("{error:#}");
        }
        let mut response = (self.status(), frame::error_page(None, &self)).into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// An error of the REST interface: `{"error": …, "violations": [{"field", "message"}]}`.
pub struct ApiError(pub Error);

impl From<Error> for ApiError {
    fn from(error: Error) -> ApiError {
        ApiError(error)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        if let Error::Internal(error) = &self.0 {
            tracing::error!("{error:#}");
        }
        let violations: &[Violation] = match &self.0 {
            Error::Invalid(violations) => violations,
            _ => &[],
        };
        let body = serde_json::json!({ "error": self.0.to_string(), "violations": violations });
        (self.0.status(), axum::Json(body)).into_response()
    }
}

impl FromRequestParts<Arc<App>> for Scope {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Scope> {
        parts.extensions.get::<Scope>().cloned().ok_or(Error::Login)
    }
}

/// The session token of the cookie.
pub fn cookie(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .find_map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            (name == COOKIE).then_some(value)
        })
}

/// A `Set-Cookie` value that keeps (or, with an empty token, ends) the session.
pub fn session_cookie(token: &str, headers: &HeaderMap) -> HeaderValue {
    let secure = headers.get("x-forwarded-proto").is_some_and(|v| v == "https");
    let life = if token.is_empty() { "; Max-Age=0" } else { "" };
    let secure = if secure { "; Secure" } else { "" };
    HeaderValue::from_str(&format!(
        "{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax{life}{secure}"
    ))
    .expect("a token is hexadecimal")
}

/// Whether a writing request comes from our own pages: `Sec-Fetch-Site`, else `Origin` against `Host`.
fn same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    match text("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => match (text("origin"), text("host")) {
            (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, from)| from == host),
            _ => false,
        },
    }
}

async fn with_session(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    STATEMENTS
        .scope(Cell::new(0), async move {
            if request.uri().path().starts_with("/assets/") {
                return next.run(request).await;
            }
            let api = request.uri().path().starts_with("/api/");
            let found = match api {
                true => bearer(request.headers()).map(|token| (token.to_owned(), "token")),
                false => cookie(request.headers()).map(|token| (token.to_owned(), "session")),
            };
            if !api && !request.method().is_safe() && !same_origin(request.headers()) {
                let error = Error::Forbidden("请求不是从本系统页面发出的".into());
                return Refusal::new(&request, None, error).into_response();
            }
            if let Some((token, kind)) = found {
                match auth::session(&app.db, app.clock.now(), &token, kind).await {
                    Ok(Some(session)) => {
                        let path = request.uri().path();
                        if session.must_change && !api && path != "/password" && path != "/logout" {
                            return Redirect::to("/password").into_response();
                        }
                        let scope = Scope::new(&app, session.school, session.actor);
                        request.extensions_mut().insert(scope);
                    }
                    Ok(None) => {}
                    Err(error) => return Refusal::new(&request, None, error).into_response(),
                }
            }
            let scope = request.extensions().get::<Scope>().cloned();
            let fragment = request.headers().contains_key("hx-request");
            let mut response = next.run(request).await;
            // A page's error is drawn again inside the person's own frame.
            if let (Some(scope), Some(error), false) =
                (scope, response.extensions().get::<Arc<Error>>(), fragment)
            {
                let status = response.status();
                response = (status, frame::error_page(Some(&scope), error)).into_response();
            }
            let count = STATEMENTS.with(Cell::get);
            let headers = response.headers_mut();
            if let Ok(value) = HeaderValue::from_str(&format!("sql;desc=\"{count}\"")) {
                headers.insert("server-timing", value);
            }
            headers.insert(
                header::X_CONTENT_TYPE_OPTIONS,
                HeaderValue::from_static("nosniff"),
            );
            headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
            headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
            headers
                .entry(header::CACHE_CONTROL)
                .or_insert(HeaderValue::from_static("no-store"));
            headers
                .entry(header::CONTENT_SECURITY_POLICY)
                .or_insert(HeaderValue::from_static(
                    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
                     form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
                ));
            response
        })
        .await
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .strip_prefix("Bearer ")
}

/// A file for the browser to save under a Chinese name.
pub fn download(name: &str, mime: &'static str, bytes: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename*=UTF-8''{}", escape(name));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(mime)),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_str(&disposition).expect("an escaped name"),
        ),
    ];
    (StatusCode::OK, headers, bytes).into_response()
}

/// Excel.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Word.
pub const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
/// PDF.
pub const PDF: &str = "application/pdf";

/// Percent-encodes a text for use in a query string.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'!' => {
                out.push(byte as char)
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(n, v)| (n.parse().unwrap(), HeaderValue::from_static(v)))
            .collect()
    }

    #[test]
    fn only_our_own_pages_may_write() {
        assert!(same_origin(&headers(&[("sec-fetch-site", "same-origin")])));
        assert!(!same_origin(&headers(&[
            ("sec-fetch-site", "cross-site"),
            ("origin", "http://a"),
            ("host", "a")
        ])));
        assert!(same_origin(&headers(&[
            ("origin", "http://a:8080"),
            ("host", "a:8080")
        ])));
        assert!(!same_origin(&headers(&[("origin", "http://b"), ("host", "a")])));
        assert!(!same_origin(&headers(&[("host", "a")])));
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        assert_eq!(
            cookie(&headers(&[("cookie", "a=1; zhixing=abc; b=2")])),
            Some("abc")
        );
        assert_eq!(cookie(&headers(&[("cookie", "xzhixing=abc")])), None);
    }
}
