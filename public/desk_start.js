// Starts the worker for findings, close looks at a record, and what goes out. As engine_start.js.
const compiled = fetch("/desk_bg.wasm");
compiled.catch(() => {});
importScripts("/desk.js");
wasm_bindgen({ module_or_path: compiled }).catch((error) => setTimeout(() => { throw error; }));
