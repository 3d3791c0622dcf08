// Starts the worker of what every visitor waits for. Written here and not by the bundler, so that an engine which cannot be
// fetched or started is an error of the worker that the page hears, and not a silence until its patience ends.
// The module is asked for before the script that starts it: the two come together.
const compiled = fetch("/engine_bg.wasm");
compiled.catch(() => {});
importScripts("/engine.js");
wasm_bindgen({ module_or_path: compiled }).catch((error) => setTimeout(() => { throw error; }));
