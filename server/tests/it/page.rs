//! The page's files.

use std::io::Read as _;
use std::path::Path;

use axum::http::{Method, StatusCode, header};
use sync::wire::ProblemCode;
use tempfile::TempDir;

use crate::test_app::{Answer, TestApp};

const INDEX: &str = "<!DOCTYPE html><script src=\"/boot.js\"></script><script type=\"module\">start()</script>";

/// A page as Trunk makes it, in a folder `page` beside a file that must not be served.
pub struct BuiltPage(TempDir);

impl BuiltPage {
    pub fn path(&self) -> std::path::PathBuf {
        self.0.path().join("page")
    }
}

impl BuiltPage {
    fn write(&self, name: &str, text: &str) {
        let file = self.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
}

pub fn built_page() -> BuiltPage {
    let page = BuiltPage(tempfile::tempdir().unwrap());
    page.write("index.html", INDEX);
    page.write("app-0123456789abcdef.js", &"export {};\n".repeat(200));
    page.write("app-0123456789abcdef_bg.wasm", &"\0asm".repeat(300));
    page.write("engine_loader.js", "x");
    page.write("engine.js", "x");
    page.write("engine_bg.wasm", "x");
    page.write("vendor/plotly.min.js", "x");
    page.write("favicon.svg", "<svg/>");
    page.write(".hidden", "not to be served");
    std::fs::write(page.0.path().join("secret.txt"), "TOP SECRET").unwrap();
    page
}

async fn start(page: &BuiltPage) -> TestApp {
    TestApp::builder().page(&page.path()).start().await
}

fn gunzip(answer: &Answer) -> Vec<u8> {
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(&answer.body[..]).read_to_end(&mut bytes).unwrap();
    bytes
}

#[tokio::test]
async fn every_screen_is_the_index() {
    let page = built_page();
    let app = start(&page).await;
    for path in ["/", "/index.html", "/compare", "/cohorts/42/edit", "/compare?study=1"] {
        let answer = app.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.body, INDEX, "{path}");
        assert_eq!(answer.header(header::CONTENT_TYPE), "text/html; charset=utf-8");
        assert_eq!(answer.header(header::CACHE_CONTROL), "no-cache");
    }
    let head = app.request(Method::HEAD, "/", None).await;
    assert_eq!(head.status, StatusCode::OK);
    let answer = app.get("/missing.js").await;
    answer.assert_problem(StatusCode::NOT_FOUND, ProblemCode::NotFound, "nothing at this address");
    let answer = app.request(Method::POST, "/", None).await;
    answer.assert_problem(StatusCode::METHOD_NOT_ALLOWED, ProblemCode::MethodNotAllowed, "method");
}

#[tokio::test]
async fn files_have_their_type_and_are_kept_as_long_as_their_name_allows() {
    let page = built_page();
    let app = start(&page).await;
    let for_ever = "public, max-age=31536000, immutable";
    for (path, mime, cache) in [
        ("/app-0123456789abcdef.js", "text/javascript; charset=utf-8", for_ever),
        ("/app-0123456789abcdef_bg.wasm", "application/wasm", for_ever),
        ("/engine_loader.js", "text/javascript; charset=utf-8", "no-cache"),
        ("/engine.js", "text/javascript; charset=utf-8", "no-cache"),
        ("/engine_bg.wasm", "application/wasm", "no-cache"),
        ("/vendor/plotly.min.js", "text/javascript; charset=utf-8", "no-cache"),
        ("/favicon.svg", "image/svg+xml", "no-cache"),
    ] {
        let answer = app.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header(header::CONTENT_TYPE), mime, "{path}");
        assert_eq!(answer.header(header::CACHE_CONTROL), cache, "{path}");
        assert_eq!(answer.header(header::VARY), "accept-encoding");
        let etag = answer.header(header::ETAG);
        let again = app.get_with(path, &[(header::IF_NONE_MATCH, etag)]).await;
        assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0), "{path}");
        assert_eq!(again.header(header::ETAG), etag);
    }
}

#[tokio::test]
async fn gzip_is_sent_to_who_takes_it_and_is_the_same_file() {
    let page = built_page();
    let app = start(&page).await;
    for path in ["/app-0123456789abcdef.js", "/app-0123456789abcdef_bg.wasm"] {
        let plain = app.get(path).await;
        let gzipped = app.get_with(path, &[(header::ACCEPT_ENCODING, "gzip, br")]).await;
        assert_eq!(plain.header(header::CONTENT_ENCODING), "");
        assert_eq!(gzipped.header(header::CONTENT_ENCODING), "gzip");
        assert!(gzipped.body.len() < plain.body.len() / 4);
        assert_eq!(gunzip(&gzipped), plain.body);
        assert_ne!(gzipped.header(header::ETAG), plain.header(header::ETAG), "other bytes, other ETag");
        assert_eq!(gzipped.header(header::CONTENT_TYPE), plain.header(header::CONTENT_TYPE));
    }
}

#[tokio::test]
async fn nothing_outside_the_page_is_served() {
    let page = built_page();
    #[cfg(unix)]
    std::os::unix::fs::symlink(page.0.path().join("secret.txt"), page.path().join("link.txt")).unwrap();
    let app = start(&page).await;
    for path in [
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/%2e%2e%2fsecret.txt",
        "/..%5csecret.txt",
        "/vendor/../../secret.txt",
        "/vendor/%2e%2e/%2e%2e/secret.txt",
        "//secret.txt",
        "/link.txt",
        "/.hidden",
        "/%00",
        "/%ff",
        "/%",
        "/../../../../etc/passwd",
        "/%2fetc%2fpasswd.txt",
    ] {
        let answer = app.get(path).await;
        answer.assert_problem(StatusCode::NOT_FOUND, ProblemCode::NotFound, "nothing at this address");
    }
    // A path that looks like a file of the machine, without dots, is a screen that the page does not know.
    assert_eq!(app.get("/etc/passwd").await.body, INDEX);
    let absolute = format!("/{}", page.0.path().join("secret.txt").display());
    assert_eq!(app.get(&absolute).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_server_without_a_page_says_how_to_build_it_and_still_serves_the_api() {
    let app = TestApp::start().await;
    let answer = app.get("/").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(String::from_utf8_lossy(&answer.body).contains("cargo xtask serve"));
    assert_eq!(app.read("/api/me").await.status, StatusCode::OK);
    app.get("/compare").await.assert_problem(StatusCode::NOT_FOUND, ProblemCode::NotFound, "nothing");
}

#[test]
fn a_folder_without_an_index_is_told_before_the_server_starts() {
    let empty = tempfile::tempdir().unwrap();
    let error = server::page::Page::from_folder(empty.path()).unwrap_err();
    assert!(error.to_string().contains("cargo xtask serve"), "{error}");
    assert!(server::page::Page::from_folder(Path::new("/no/such/folder")).is_err());
}
