//! Playwright's suites over `dist/`, served below a path so that nothing comes to rely on a root.

use std::fs;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::flavour::Flavour;
use crate::serve::StaticServer;
use crate::tally::Tally;
use crate::{programs, tools};

/// What we read of Playwright's JSON report.
#[derive(Deserialize)]
struct Report {
    suites: Vec<Group>,
    errors: Vec<ReportError>,
}

#[derive(Deserialize)]
struct ReportError {
    message: Option<String>,
}

/// A file or a `describe` block.
#[derive(Deserialize)]
struct Group {
    title: String,
    #[serde(default)]
    suites: Vec<Group>,
    specs: Vec<Spec>,
}

#[derive(Deserialize)]
struct Spec {
    title: String,
    tests: Vec<Test>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Test {
    project_name: String,
    status: String,
    annotations: Vec<Annotation>,
    results: Vec<Attempt>,
}

#[derive(Deserialize)]
struct Attempt {
    error: Option<Failure>,
}

#[derive(Deserialize)]
struct Failure {
    message: Option<String>,
    location: Option<Location>,
}

#[derive(Deserialize)]
struct Location {
    line: u32,
}

impl Failure {
    /// In one line: where the test stopped, and the beginning of why.
    fn summary(&self) -> String {
        const LONGEST: usize = 300;
        let message = self.message.as_deref().unwrap_or("no reason given");
        let plain = console::strip_ansi_codes(message);
        let words: Vec<_> = plain.split_whitespace().collect();
        let reason: String = words.join(" ").chars().take(LONGEST).collect();
        match &self.location {
            Some(Location { line }) => format!("line {line}: {reason}"),
            None => reason,
        }
    }
}

#[derive(Deserialize)]
struct Annotation {
    #[serde(rename = "type")]
    kind: String,
    description: Option<String>,
}

/// Runs the specs of one folder of `tests/`, two files at a time: a page waits more than it computes. A software adapter for
/// WebGPU takes all cores, so its tests come one by one.
pub fn suite(folder: &str, flavours: &[Flavour]) -> Result<Tally> {
    let mut tally = run(folder, &["chromium", "firefox"], 2)?;
    if flavours.contains(&Flavour::WebGpu) {
        tally += run(folder, &["webgpu"], 1)?;
    }
    Ok(tally)
}

fn run(folder: &str, projects: &[&str], workers: usize) -> Result<Tally> {
    let chrome = programs::CHROME.ensure()?;
    let server = StaticServer::start(0, "/some/path/", || Ok(()))?;
    let results = std::path::absolute("tests/results")?.join(folder);
    // Beside the folder that Playwright empties.
    let report = results.with_extension("json");

    let mut playwright = tools::node_script("@playwright/test/cli.js")?;
    playwright
        .args(["test", &format!("tests/{folder}/")])
        .args(["--config", "tests/playwright.config.js"])
        .args(["--reporter", "list,json", "--workers", &workers.to_string()])
        .arg("--output")
        .arg(&results)
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report)
        .env("BASE_URL", &server.url)
        .env(programs::CHROME.variable, chrome);
    // Without a Firefox its tests say so and are skipped.
    if let Ok(firefox) = programs::FIREFOX.ensure() {
        playwright.env(programs::FIREFOX.variable, firefox);
    }
    for project in projects {
        playwright.args(["--project", project]);
    }

    let _ = fs::remove_file(&report);
    let ran = tools::run(&mut playwright);
    let report = fs::read(&report).with_context(|| format!("Playwright left no report on tests/{folder}"))?;
    let report: Report = serde_json::from_slice(&report)?;

    let mut tally = Tally::default();
    report.suites.iter().for_each(|group| count(group, "", &mut tally));
    for error in report.errors {
        tally
            .failures
            .push(error.message.unwrap_or_else(|| "Playwright failed".into()));
    }
    if tally.failures.is_empty() {
        ran?;
    }
    if tally.passed == 0 && tally.failures.is_empty() {
        bail!("no test in tests/{folder} passed in {}", projects.join(" and "));
    }
    Ok(tally)
}

fn count(group: &Group, within: &str, tally: &mut Tally) {
    let path = format!("{within}{} > ", group.title);
    for spec in &group.specs {
        for test in &spec.tests {
            let name = format!("{path}{} [{}]", spec.title, test.project_name);
            match test.status.as_str() {
                "skipped" => {
                    let reasons = test
                        .annotations
                        .iter()
                        .filter(|note| ["skip", "fixme"].contains(&note.kind.as_str()));
                    let reason = reasons
                        .filter_map(|note| note.description.as_deref())
                        .collect::<Vec<_>>()
                        .join(", ");
                    tally.skips.push(format!(
                        "{name}: {}",
                        if reason.is_empty() { "no reason given" } else { &reason }
                    ));
                }
                "expected" => tally.passed += 1,
                _ => {
                    let errors = test.results.iter().filter_map(|attempt| attempt.error.as_ref());
                    let reasons: Vec<_> = errors.map(Failure::summary).collect();
                    tally.failures.push(format!("{name}: {}", reasons.join("; ")));
                }
            }
        }
    }
    group.suites.iter().for_each(|inner| count(inner, &path, tally));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_says_where_and_why_in_one_line() {
        // As Playwright 1.65 reports it.
        let report = r#"{
            "suites": [{ "title": "plane.spec.js", "specs": [{ "title": "a table", "tests": [{
                "projectName": "chromium", "status": "unexpected", "annotations": [],
                "results": [{ "status": "failed", "error": {
                    "message": "Error: \u001b[2mexpect(\u001b[22m\u001b[31mreceived\u001b[39m)\n\n  Array [\n-   7,\n+   6,",
                    "location": { "file": "plane.spec.js", "line": 93, "column": 55 }
                } }]
            }] }] }],
            "errors": []
        }"#;
        let report: Report = serde_json::from_str(report).unwrap();
        let mut tally = Tally::default();
        count(&report.suites[0], "", &mut tally);
        let expected = "plane.spec.js > a table [chromium]: line 93: Error: expect(received) Array [ - 7, + 6,";
        assert_eq!(tally.failures, [expected]);
    }
}
