//! Formatting, clippy for each target, documentation, and types of the page's JavaScript.

use std::process::Command;

use anyhow::{Result, bail};

use crate::flavour::Flavour;
use crate::tally::Tally;
use crate::{progress, tools};

pub fn suite(flavours: &[Flavour]) -> Result<Tally> {
    tools::rust_components()?;
    tools::wasm_target()?;
    let mut tally = Tally::default();
    let mut check = |name: &str, command: Result<Command>| {
        progress::heading(name);
        let result = command.and_then(|mut command| tools::run(&mut command));
        if let Err(error) = &result {
            eprintln!("{error:#}");
        }
        tally.check(name, result.is_ok());
    };

    check("rustfmt", Ok(tools::cargo(&["fmt", "--all", "--check"])));
    check("clippy, native", Ok(clippy(&["--workspace", "--all-targets"])));
    for flavour in flavours {
        let target = ["--package", tools::LIBRARY, "--lib", "--target", tools::WASM_TARGET];
        check(
            &format!("clippy, {} flavour", flavour.title()),
            Ok(clippy(&[&target, flavour.features()].concat())),
        );
    }
    let mut documentation = tools::cargo(&["doc", "--workspace", "--no-deps"]);
    documentation.env("RUSTDOCFLAGS", "-D warnings");
    check("rustdoc", Ok(documentation));

    check(
        "prettier",
        script(
            "prettier/bin/prettier.cjs",
            &[
                "--check",
                "www",
                "tests",
                "benches",
                "pkg/node",
                "pkg/team",
                "pkg/worker",
            ],
        ),
    );
    // The page's types come from the package that wasm-bindgen makes.
    let package = Flavour::Cpu.build(false);
    let types = |project: &str| match &package {
        Ok(_) => script("typescript/bin/tsc", &["--project", project]),
        Err(error) => bail!("no package to take types from: {error:#}"),
    };
    check("tsc, page", types("tests/tsconfig.page.json"));
    check("tsc, tests", types("tests"));
    Ok(tally)
}

fn clippy(arguments: &[&str]) -> Command {
    let mut clippy = tools::cargo(&["clippy"]);
    clippy.args(arguments).args(["--", "-D", "warnings"]);
    clippy
}

fn script(script: &str, arguments: &[&str]) -> Result<Command> {
    let mut command = tools::node_script(script)?;
    command.args(arguments);
    Ok(command)
}
