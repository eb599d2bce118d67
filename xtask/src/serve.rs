//! A static file server over `dist/`, for people and for the tests.

use std::fs::File;
use std::net::Ipv4Addr;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread;

use anyhow::{Context, Result, anyhow};
use percent_encoding::percent_decode_str;
use tiny_http::{Header, Request, Response, Server};

use crate::dist::{self, DIST};
use crate::flavour::{Artifact, Flavour};

/// Ports to try, from the one asked for.
const PORTS: u16 = 100;
/// A browser asks for several files at once.
const THREADS: usize = 4;
/// On every answer: isolated as a good host would do it, and never an old file after a change.
const HEADERS: [(&str, &str); 4] = [
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Embedder-Policy", "require-corp"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-cache"),
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
    threads: Vec<thread::JoinHandle<()>>,
}

impl StaticServer {
    /// Listens on `port` (0: any) or the next free one. `before_page` runs before each page is sent.
    pub fn start(port: u16, mount: &'static str, before_page: fn() -> Result<()>) -> Result<Self> {
        let mut ports = port..=port.saturating_add(if port == 0 { 0 } else { PORTS });
        let server = ports
            .find_map(|port| Server::http((Ipv4Addr::LOCALHOST, port)).ok())
            .with_context(|| {
                format!(
                    "ports {port} to {} are all taken; choose another with --port",
                    port.saturating_add(PORTS)
                )
            })?;
        let address = server
            .server_addr()
            .to_ip()
            .context("the server listens on an address")?;
        let server = Arc::new(server);
        let threads = (0..THREADS).map(|_| {
            let server = Arc::clone(&server);
            thread::spawn(move || {
                while let Ok(request) = server.recv() {
                    // Whoever asked may have gone away; that is no concern of the others.
                    let _ = answer(request, mount, before_page);
                }
            })
        });
        Ok(Self {
            url: format!("http://{address}{mount}"),
            threads: threads.collect(),
        })
    }

    /// Serves until the process is stopped.
    fn wait(self) -> Result<()> {
        self.threads
            .into_iter()
            .try_for_each(|thread| thread.join().map_err(|_| anyhow!("the server stopped")))
    }
}

fn answer(request: Request, mount: &str, before_page: fn() -> Result<()>) -> Result<()> {
    let Some(path) = file(request.url(), mount, Path::new(DIST)) else {
        return Ok(request.respond(Response::from_string("not found").with_status_code(404))?);
    };
    let kind = mime_guess::from_path(&path).first_or_octet_stream();
    if kind == mime_guess::mime::TEXT_HTML {
        before_page().unwrap_or_else(|error| eprintln!("{error:#}"));
    }
    // With its length, not in chunks: the page shows how far a download has come.
    let mut response = Response::from_file(File::open(path)?).with_chunked_threshold(usize::MAX);
    for (name, value) in HEADERS.into_iter().chain([("Content-Type", kind.as_ref())]) {
        response.add_header(Header::from_bytes(name, value).map_err(|()| anyhow!("{name} is a header"))?);
    }
    Ok(request.respond(response)?)
}

/// The file in `folder` that a URL names.
fn file(url: &str, mount: &str, folder: &Path) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?.strip_prefix(mount)?;
    let path = percent_decode_str(path).decode_utf8().ok()?;
    let inside = Path::new(path.as_ref())
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    let file = folder.join(path.as_ref());
    let file = if file.is_dir() { file.join("index.html") } else { file };
    (inside && file.is_file()).then_some(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_name_files_in_the_folder_and_no_others() {
        let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let found = |url| file(url, "/some/path/", &crate_folder.join("src"));
        assert!(found("/some/path/main.rs?query#fragment").is_some());
        assert!(found("/some/path/m%61in.rs").is_some());
        for url in [
            "/some/path/",
            "/some/path/nothing.rs",
            "/some/path/../Cargo.toml",
            "/some/path/%2e%2e/Cargo.toml",
            "/some/path//etc/passwd",
            "/main.rs",
            "/some/path/%ff",
        ] {
            assert_eq!(found(url), None, "{url}");
        }
    }
}
