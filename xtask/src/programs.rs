//! Programs that the tests need: found where they usually are, installed where we may.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::{progress, tools};

pub struct Program {
    /// The environment variable that names one, and by which the tests are told.
    pub variable: &'static str,
    names: &'static [&'static str],
    debian_package: &'static str,
}

pub const CHROME: Program = Program {
    variable: "CHROME",
    names: &[
        "chromium",
        "google-chrome",
        "google-chrome-stable",
        "chromium-browser",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ],
    debian_package: "chromium",
};

pub const FIREFOX: Program = Program {
    variable: "FIREFOX",
    names: &[
        "firefox-esr",
        "firefox",
        "/Applications/Firefox.app/Contents/MacOS/firefox",
    ],
    debian_package: "firefox-esr",
};

/// Counts instructions.
pub const VALGRIND: Program = Program {
    variable: "VALGRIND",
    names: &["valgrind"],
    debian_package: "valgrind",
};

impl Program {
    /// One that is here already.
    pub fn find(&self) -> Option<String> {
        let named = std::env::var(self.variable).ok().filter(|path| !path.is_empty());
        named
            .or_else(|| {
                self.names
                    .iter()
                    .find_map(|name| Some(which::which(name).ok()?.to_str()?.to_string()))
            })
            .or_else(|| self.playwrights_own())
    }

    /// Finds one, or installs it.
    pub fn ensure(&self) -> Result<String> {
        if let Some(path) = self.find() {
            return Ok(path);
        }
        let package = self.debian_package;
        let remedy = format!(
            "install it with `apt-get install {package}` as root, or name one in ${}",
            self.variable
        );
        if !is_root() || which::which("apt-get").is_err() {
            bail!("there is no {package} for the tests: {remedy}");
        }
        progress::heading(&format!("Installing {package}"));
        let install = || -> Result<()> {
            tools::run(&mut tools::command("apt-get", &["update", "-qq"]))?;
            let mut install = tools::command("apt-get", &["install", "-y", "--no-install-recommends", package]);
            tools::run(install.env("DEBIAN_FRONTEND", "noninteractive"))
        };
        install().with_context(|| format!("there is no {package} for the tests: {remedy}"))?;
        self.find()
            .with_context(|| format!("{package} was installed but is not on the path: {remedy}"))
    }

    /// What `playwright install` left behind. Its Firefox is a patched one, of no use over WebDriver BiDi.
    fn playwrights_own(&self) -> Option<String> {
        if self.variable != CHROME.variable {
            return None;
        }
        let script = "console.log(require('playwright-core').chromium.executablePath())";
        let mut node = tools::command("node", &["--eval", script]);
        let path = tools::read(node.current_dir("tests")).ok()?;
        Path::new(&path).exists().then_some(path)
    }
}

fn is_root() -> bool {
    tools::read(&mut tools::command("id", &["-u"])).is_ok_and(|id| id == "0")
}
