// Starts the worker that reads files. As engine_start.js.
const compiled = fetch("/intake_bg.wasm");
compiled.catch(() => {});
importScripts("/intake.js");
wasm_bindgen({ module_or_path: compiled }).catch((error) => setTimeout(() => { throw error; }));
