//! `cargo xtask bench`: the numbers of the README, measured in the built page, others on the same work, and how it scales.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::flavour::Flavour;
use crate::serve::StaticServer;
use crate::{dist, programs, scaling, tools};

/// Other frameworks on the same work, as `benches/peers/README.md` tells.
const PEERS: &str = "benches/peers";
/// What runs in a browser without a GPU, and JAX outside of it.
const TARGETS: &str = "tfjs:webgl,tfjs:wasm,tfjs:cpu,jax-js:wasm,jax:native,jax:shuffle";
/// The faster ones of these.
const QUICK_TARGETS: &str = "tfjs:webgl,jax-js:wasm,jax:shuffle";
/// What is measured where there is no WebGPU flavour.
const ON_CPU: &str = "size start draw learn memory team encode experiments plane";

/// Measures all, or the named ones of `tests/bench/numbers.js`; of experiments all, or those that are named with them.
/// `peers` alone runs ours beside other frameworks, `scaling` alone tells how a step's time grows. A quick run is of the
/// faster peers alone.
pub fn command(flavours: &[Flavour], names: &[String], quick: bool) -> Result<()> {
    dist::build(flavours)?;
    tools::npm_packages()?;
    match names {
        [] if quick => return peers(true),
        [name] if name == "peers" => return peers(quick),
        _ if quick => bail!("--quick is for the peers alone; leave the names out"),
        [name] if name == "scaling" => return scaling(),
        _ => {}
    }
    let mut asked: Vec<&str> = names.iter().map(String::as_str).collect();
    if asked.is_empty() && !flavours.contains(&Flavour::WebGpu) {
        asked = ON_CPU.split(' ').collect();
    }
    node("tests/bench/numbers.js", &asked)?;
    if names.is_empty() {
        peers(false)?;
        scaling()?;
    }
    Ok(())
}

/// Runs measurements in the built page.
fn node(script: &str, arguments: &[&str]) -> Result<()> {
    let server = StaticServer::start(0, "/", || Ok(()))?;
    let mut node = tools::command("node", &[script]);
    node.args(arguments)
        .env("BASE_URL", &server.url)
        .env(programs::CHROME.variable, programs::CHROME.ensure()?);
    tools::run(&mut node).context("the measurements broke off")
}

/// How a step's time grows with what it has to do.
fn scaling() -> Result<()> {
    let measured = "tests/results/scaling.json";
    fs::create_dir_all("tests/results")?;
    node("tests/bench/scaling.js", &[measured])?;
    scaling::report(Path::new(measured))
}

/// Ours beside the peers: their losses first, then how fast each is. A quick run leaves docs/benchmarks.md as it is.
fn peers(quick: bool) -> Result<()> {
    if !Path::new(PEERS).join("node_modules").exists() {
        tools::run(tools::command("npm", &["ci", "--no-audit", "--no-fund"]).current_dir(PEERS))?;
    }
    tools::run(
        tools::command("node", &["build.js"])
            .current_dir(PEERS)
            .stdout(std::process::Stdio::null()),
    )?;
    let server = StaticServer::start(0, "/", || Ok(()))?;
    let product = format!("{}bench.html", server.url);
    let run = |arguments: &[&str]| {
        let mut node = tools::command("node", &["run.js", "--product", &product]);
        node.args(["--chromium", &programs::CHROME.ensure()?])
            .args(arguments)
            .current_dir(PEERS);
        tools::run(&mut node).context("the measurements broke off")
    };
    let report = |to: &[&str]| {
        let mut node = tools::command("node", &["report.js"]);
        tools::run(node.args(to).current_dir(PEERS))
    };
    if quick {
        run(&[
            "--tasks",
            "train",
            "--batches",
            "32",
            "--rounds",
            "1",
            "--budget-ms",
            "1500",
            "--max-minutes",
            "2",
            "--targets",
            QUICK_TARGETS,
        ])?;
        return report(&[]);
    }
    run(&[
        "--tasks",
        "check",
        "--rounds",
        "1",
        "--out",
        "results/check.json",
        "--targets",
        TARGETS,
    ])?;
    run(&["--tasks", "train,latency", "--rounds", "3", "--targets", TARGETS])?;
    report(&["--to", "../../docs/benchmarks.md"])
}
