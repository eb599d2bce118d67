// By `cargo xtask test`, which serves dist/ and finds the browsers; or by hand, in this folder:
// `CHROME=$(which chromium) FIREFOX=$(which firefox-esr) npx playwright test`.

import { defineConfig } from "@playwright/test";

const baseURL = process.env.BASE_URL ?? "http://127.0.0.1:8123/";
const executablePath = process.env.CHROME;

/** A browser that asks for nothing of its own, and can reach nothing but the server under test. */
const quiet = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

export default defineConfig({
  outputDir: "results",
  // On two cores a page waits more than it computes.
  workers: 2,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 30_000 },
  forbidOnly: true,
  reporter: "list",
  // A trace takes a picture of the page at every move, which takes as long as the move.
  use: { baseURL, screenshot: "only-on-failure" },
  projects: [
    {
      // As most people's browsers without a GPU: no adapter at all.
      name: "chromium",
      testIgnore: /\.(webgpu|firefox)\.spec\.js$/,
      use: { launchOptions: { executablePath, args: quiet } },
    },
    {
      // A software adapter stands in for a GPU.
      name: "webgpu",
      testMatch: /\.webgpu\.spec\.js$/,
      use: {
        launchOptions: {
          executablePath,
          args: [...quiet, "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"],
          ignoreDefaultArgs: ["--disable-gpu"],
        },
      },
    },
    {
      // Its tests take their page from support/firefox.js.
      name: "firefox",
      testMatch: /\.firefox\.spec\.js$/,
    },
  ],
  webServer: process.env.BASE_URL
    ? undefined
    : {
        command: "cargo xtask serve --port 8123",
        url: baseURL,
        timeout: 900_000,
        reuseExistingServer: true,
      },
});
