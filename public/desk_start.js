// Starts the worker for files and findings. As engine_start.js.
const compiled = fetch("/desk_bg.wasm");
compiled.catch(() => {});
importScripts("/desk.js");
wasm_bindgen({ module_or_path: compiled }).catch((error) => setTimeout(() => { throw error; }));
