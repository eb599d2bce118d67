// Downloads with progress.

/**
 * An error for a file that did not arrive, with a message for people.
 *
 * @param {string} name
 * @param {string} why
 */
const failure = (name, why) => Object.assign(new Error(`The ${name} did not arrive (${why}).`), { kind: "network" });

/**
 * @param {URL} url
 * @param {string} name as people call it
 * @param {(loaded: number, total: number | undefined, done: boolean) => void} onprogress
 * @returns {Promise<Response>}
 */
export async function download(url, name, onprogress) {
  const response = await fetch(url).catch((error) => {
    throw failure(name, navigator.onLine ? error.message : "you are offline");
  });
  if (!response.ok || !response.body) {
    throw failure(name, `the server answers ${response.status}`);
  }
  // The length counts the bytes that were sent, which are fewer than those that are read here if they were compressed.
  const compressed = response.headers.has("Content-Encoding");
  const length = Number(response.headers.get("Content-Length"));
  const total = compressed || !length ? undefined : length;
  let loaded = 0;
  const reader = response.body.getReader();
  const counted = new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (value) loaded += value.byteLength;
        onprogress(loaded, total, done);
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        onprogress(loaded, total, true); // The download has ended.
        controller.error(error);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
  const type = response.headers.get("Content-Type") ?? "";
  return new Response(counted, { headers: { "Content-Type": type } });
}

/**
 * @param {Response} response
 * @param {string} name
 */
export async function bytes(response, name) {
  const buffer = await response.arrayBuffer().catch((error) => {
    throw failure(name, error.message);
  });
  return new Uint8Array(buffer);
}

/**
 * Downloads a WebAssembly module, which is compiled while it arrives.
 *
 * @param {URL} url
 * @param {string} name
 * @param {(loaded: number, total: number | undefined, done: boolean) => void} onprogress
 */
export async function downloadModule(url, name, onprogress) {
  const response = await download(url, name, onprogress);
  const body = new Response(response.body, { headers: { "Content-Type": "application/wasm" } });
  return WebAssembly.compileStreaming(body).catch((error) => {
    throw failure(name, error.message);
  });
}
