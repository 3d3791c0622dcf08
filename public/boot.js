// Starts the page. Kept out of index.html so that no inline script is needed (content security policy).
const script = document.querySelector("script[data-wasm]");
const boot = document.getElementById("boot");

// Which part of the page a screen is in (app/src/app/screens.rs), by the first word of its address.
const PART_OF = {
  data: "data",
  cohorts: "work",
  summary: "work",
  compare: "work",
  replicate: "work",
  consult: "work",
  decisions: "work",
  finding: "knowledge",
  knowledge: "knowledge",
  literature: "knowledge",
  settings: "knowledge",
};
// Screens that ask the engine as soon as they are shown.
const COMPUTES = ["data", "cohorts", "summary", "compare", "replicate", "consult"];

function fail(words) {
  if (!boot) return;
  boot.setAttribute("role", "alert");
  boot.replaceChildren();
  const title = document.createElement("h1");
  title.textContent = "Rounds cannot start";
  const text = document.createElement("p");
  text.textContent = words;
  const again = document.createElement("button");
  again.type = "button";
  again.className = "button button--primary";
  again.textContent = "Reload the page";
  again.addEventListener("click", () => location.reload());
  boot.append(title, text, again);
}

// The parts of the screen at this address come with the page and not after it. Only asked for: what fetches them in the end,
// and says so when they cannot be had, is the page.
function askForParts(part) {
  const files = JSON.parse(script.dataset.parts ?? "{}")[part] ?? [];
  for (const file of files) {
    const link = document.createElement("link");
    link.rel = "preload";
    link.as = "fetch";
    link.crossOrigin = "anonymous";
    link.href = "/" + file;
    document.head.append(link);
  }
}

// The first worker, ahead of the page that will speak to it: `web::engine` takes it over with what it has said so far.
function startEngine() {
  const url = "/engine_start.js";
  const early = { url, worker: new Worker(url), heard: [], failed: "" };
  early.worker.onmessage = (event) => early.heard.push(event.data);
  early.worker.onerror = (event) => { early.failed = event.message || "the engine could not be started"; };
  globalThis.roundsEarlyWorker = early;
}

document.getElementById("crash-reload")?.addEventListener("click", () => location.reload());

if (typeof WebAssembly !== "object") {
  fail("This browser is too old for Rounds. Use a current Firefox, Chrome, Edge or Safari.");
} else {
  try {
    const screen = location.pathname.split("/")[1];
    const module = WebAssembly.compileStreaming(fetch(script.dataset.wasm));
    const code = import(script.dataset.js);
    if (/^\/data\/(import|[^/]+\/(quality|timeline))$/.test(location.pathname)) askForParts("work");
    else if (Object.hasOwn(PART_OF, screen)) askForParts(PART_OF[screen]);
    const [page, compiled] = await Promise.all([code, module]);
    // After the page's own bytes, so that a slow line shows the page first.
    if (COMPUTES.includes(screen)) startEngine();
    await page.default({ module_or_path: compiled });
    boot?.remove();
    dispatchEvent(new CustomEvent("TrunkApplicationStarted"));
  } catch (error) {
    // A panic while starting has its own message already.
    if (document.getElementById("crash")?.hidden !== false) {
      fail(
        `The page could not be loaded (${error?.message ?? error}). Check the connection to the server and reload. ` +
          "If this goes on, this browser may be too old: use a current Firefox, Chrome, Edge or Safari.",
      );
    }
  }
}
