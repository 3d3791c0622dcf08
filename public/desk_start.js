// Starts the worker for files and findings. As engine_start.js.
importScripts("/desk.js");
wasm_bindgen({ module_or_path: "/desk_bg.wasm" }).catch((error) => setTimeout(() => { throw error; }));
