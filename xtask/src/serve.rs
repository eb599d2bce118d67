//! A static file server over `dist/`, for people and for the tests.

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::thread;

use anyhow::{Context, Result, anyhow};
use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::{Next, from_fn};
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::dist::{self, DIST};
use crate::flavour::{Artifact, Flavour};

/// Ports to try, from the one asked for.
const PORTS: u16 = 100;
/// On every answer: isolated as a good host would do it, and never an old file after a change.
const HEADERS: [(&str, &str); 4] = [
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("x-content-type-options", "nosniff"),
    ("cache-control", "no-cache"),
];

/// `cargo xtask serve`: the page as soon as the first flavour stands, the others behind it.
pub fn command(flavours: &[Flavour], port: u16) -> Result<()> {
    let (&first, rest) = flavours.split_first().context("there is a flavour to build")?;
    let mut ready = vec![(first, first.build(false)?)];
    let mut missing = Vec::new();
    for &flavour in rest {
        match flavour.up_to_date() {
            Some(artifact) => ready.push((flavour, artifact)),
            None => missing.push(flavour),
        }
    }
    dist::assemble(&ready)?;

    let server = StaticServer::start(port, "/", dist::page)?;
    println!("\n    Latent Lab is at {}    (stop it with Ctrl-C)\n", server.url);
    for flavour in missing {
        println!(
            "The {} flavour is built behind it; the page takes it up when it is there.",
            flavour.title()
        );
        match add(flavour, &mut ready) {
            Ok(line) => println!("{line}; reload to have it at once. The page is at {}", server.url),
            Err(error) => eprintln!("The page goes on without the {} flavour: {error:#}", flavour.title()),
        }
    }
    server.wait()
}

fn add(flavour: Flavour, ready: &mut Vec<(Flavour, Artifact)>) -> Result<String> {
    let artifact = flavour.build(true)?;
    let line = format!("{} is ready", dist::describe(flavour, &artifact));
    ready.push((flavour, artifact));
    dist::assemble(ready)?;
    Ok(line)
}

/// `dist/` under a path of this machine's loopback address, until it is dropped with the process.
pub struct StaticServer {
    pub url: String,
    thread: thread::JoinHandle<io::Result<()>>,
}

impl StaticServer {
    /// Listens on `port` (0: any) or the next free one. `before_page` runs before each page is sent.
    pub fn start(port: u16, mount: &'static str, before_page: fn() -> Result<()>) -> Result<Self> {
        let mut ports = port..=port.saturating_add(if port == 0 { 0 } else { PORTS });
        let listener = ports
            .find_map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok())
            .with_context(|| {
                format!(
                    "ports {port} to {} are all taken; choose another with --port",
                    port.saturating_add(PORTS)
                )
            })?;
        listener.set_nonblocking(true)?;
        let url = format!("http://{}{mount}", listener.local_addr()?);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        let thread = thread::spawn(move || {
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener)?;
                axum::serve(listener, site(Path::new(DIST), mount, before_page)).await
            })
        });
        Ok(Self { url, thread })
    }

    /// Serves until the process is stopped.
    fn wait(self) -> Result<()> {
        Ok(self.thread.join().map_err(|_| anyhow!("the server stopped"))??)
    }
}

/// The files of a folder under a path.
fn site(folder: &Path, mount: &str, before_page: fn() -> Result<()>) -> Router {
    let update = move |request: Request, next: Next| async move {
        // The page, not what it is made of.
        if Path::new(request.uri().path())
            .extension()
            .is_none_or(|kind| kind == "html")
        {
            before_page().unwrap_or_else(|error| eprintln!("{error:#}"));
        }
        next.run(request).await
    };
    let files = Router::new()
        .fallback_service(ServeDir::new(folder))
        .layer(from_fn(update));
    let site = match mount {
        "/" => files,
        inner => Router::new().nest(inner, files),
    };
    HEADERS.into_iter().fold(site, |site, (name, value)| {
        let (name, value) = (HeaderName::from_static(name), HeaderValue::from_static(value));
        site.layer(SetResponseHeaderLayer::overriding(name, value))
    })
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::StatusCode;
    use tower::ServiceExt;

    use super::*;

    async fn status(url: &str) -> StatusCode {
        let site = site(Path::new("src"), "/some/path/", || Ok(()));
        let request = Request::builder().uri(url).body(Body::empty()).expect("a request");
        site.oneshot(request).await.expect("an answer").status()
    }

    #[tokio::test]
    async fn urls_name_files_in_the_folder_and_no_others() {
        for url in ["/some/path/main.rs?query", "/some/path/m%61in.rs"] {
            assert_eq!(status(url).await, StatusCode::OK, "{url}");
        }
        for url in [
            "/some/path/nothing.rs",
            "/some/path/../Cargo.toml",
            "/some/path/%2e%2e/Cargo.toml",
            "/some/path//etc/passwd",
            "/main.rs",
            "/some/path/%ff",
        ] {
            assert_eq!(status(url).await, StatusCode::NOT_FOUND, "{url}");
        }
    }
}
