//! The chores of Latent Lab. `cargo xtask help` lists them; each does its own set-up.

mod bench;
mod data;
mod dist;
mod flavour;
mod instructions;
mod libtest;
mod lint;
mod notice;
mod playwright;
mod preload;
mod programs;
mod progress;
mod scaling;
mod serve;
mod size;
mod snip;
mod tally;
mod terse;
mod test;
mod tools;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};
use flavour::Flavour;

/// The chores of Latent Lab; each does its own set-up.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build what is missing, serve the page and say where it is.
    Serve {
        #[command(flatten)]
        flavours: Flavours,
        /// Port to listen on; the next free one if it is taken.
        #[arg(long, default_value_t = 8080)]
        port: u16,
    },
    /// Run the tests; all suites unless some are named.
    Test {
        #[command(flatten)]
        flavours: Flavours,
        #[arg(value_enum)]
        suites: Vec<test::Suite>,
    },
    /// Build `pkg/` and `dist/`, a folder of static files for any host.
    Build {
        #[command(flatten)]
        flavours: Flavours,
    },
    /// Measure the numbers of the README, ours beside other frameworks, and how it scales; all unless some are named.
    Bench {
        #[command(flatten)]
        flavours: Flavours,
        /// size, start, draw, learn, memory, team, encode, experiments, plane, webgpu; or peers, which are other frameworks; or scaling, how a step's time grows.
        names: Vec<String>,
        /// One short round beside the faster frameworks.
        #[arg(long)]
        quick: bool,
    },
    /// Trunk's hook: build, and lay `dist/` where Trunk serves from.
    #[command(hide = true)]
    Trunk {
        #[arg(long, env = "TRUNK_STAGING_DIR")]
        to: PathBuf,
    },
    /// Install what the tests need: wasm target, npm packages, a browser.
    Setup,
    /// Make the page's default data from the original files of MNIST, Fashion-MNIST or both.
    Data(data::Options),
}

#[derive(Args)]
struct Flavours {
    /// Leave the WebGPU flavour out.
    #[arg(long)]
    cpu: bool,
}

impl Flavours {
    fn wanted(&self) -> &'static [Flavour] {
        if self.cpu {
            &[Flavour::Cpu]
        } else {
            &[Flavour::Cpu, Flavour::WebGpu]
        }
    }
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode> {
    // Every path in the chores is relative to the repository's root. Cargo tells it when it runs us: what it told
    // when it compiled us may be another clone's, with which this one shares a target folder.
    let here = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let root = Path::new(&here).parent().context("xtask is in the root")?;
    std::env::set_current_dir(root)?;

    match command {
        Command::Serve { flavours, port } => serve::command(flavours.wanted(), port)?,
        Command::Test { flavours, suites } => return test::command(flavours.wanted(), &suites),
        Command::Build { flavours } => dist::build(flavours.wanted())?,
        Command::Bench { flavours, names, quick } => bench::command(flavours.wanted(), &names, quick)?,
        Command::Trunk { to } => dist::for_trunk(&to)?,
        Command::Setup => test::setup()?,
        Command::Data(options) => data::command(&options)?,
    }
    Ok(ExitCode::SUCCESS)
}
