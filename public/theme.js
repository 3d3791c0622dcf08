// Runs before the first paint, so that a chosen theme does not flash. The choice is made in Settings.
(() => {
  try {
    const theme = localStorage.getItem("rounds-theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage is refused (private window): the system's theme holds.
  }
})();
