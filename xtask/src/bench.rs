//! `cargo xtask bench`: the numbers of the README, measured in the built page.

use anyhow::{Context, Result};

use crate::flavour::Flavour;
use crate::serve::StaticServer;
use crate::{browser, dist, tools};

/// Measures all, or the named ones of `tests/bench/numbers.js`; of experiments all, or those that are named with them.
pub fn command(flavours: &[Flavour], names: &[String]) -> Result<()> {
    dist::build(flavours)?;
    tools::npm_packages()?;
    let mut asked: Vec<&str> = names.iter().map(String::as_str).collect();
    if asked.is_empty() && !flavours.contains(&Flavour::WebGpu) {
        asked = vec!["size", "start", "draw", "learn", "memory", "experiments", "plane"];
    }
    let server = StaticServer::start(0, "/", || Ok(()))?;
    let mut node = tools::command("node", &["tests/bench/numbers.js"]);
    node.args(asked)
        .env("BASE_URL", &server.url)
        .env(browser::CHROME.variable, browser::CHROME.ensure()?);
    tools::run(&mut node).context("the measurements broke off")
}
