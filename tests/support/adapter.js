/**
 * The WebGPU adapter that a dedicated worker of this page gets, in words; null without one. Runs in the page.
 *
 * @returns {Promise<null | { vendor: string, architecture: string, timestamps: boolean }>}
 */
export function adapterInWorker() {
  const script = async () => {
    const adapter = await navigator.gpu?.requestAdapter();
    postMessage(
      adapter
        ? {
            vendor: adapter.info.vendor,
            architecture: adapter.info.architecture,
            timestamps: adapter.features.has("timestamp-query"),
          }
        : null,
    );
  };
  const worker = new Worker(URL.createObjectURL(new Blob([`(${script})()`], { type: "text/javascript" })));
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => reject(new Error(event.message));
  });
}
