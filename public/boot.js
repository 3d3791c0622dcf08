// Starts the page. Kept out of index.html so that no inline script is needed (content security policy).
const script = document.querySelector("script[data-wasm]");
const boot = document.getElementById("boot");

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

document.getElementById("crash-reload")?.addEventListener("click", () => location.reload());

if (typeof WebAssembly !== "object") {
  fail("This browser is too old for Rounds. Use a current Firefox, Chrome, Edge or Safari.");
} else {
  try {
    const page = await import(script.dataset.js);
    await page.default({ module_or_path: script.dataset.wasm });
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
