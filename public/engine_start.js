// Starts the worker of what every visitor waits for. Written here and not by the bundler, so that an engine which cannot be
// fetched or started is an error of the worker that the page hears, and not a silence until its patience ends.
importScripts("/engine.js");
wasm_bindgen({ module_or_path: "/engine_bg.wasm" }).catch((error) => setTimeout(() => { throw error; }));
