// Asks the browser to keep the offline page, once everything that a visitor waits for is there.
if ("serviceWorker" in navigator) {
  const register = () => navigator.serviceWorker.register("/worker.js").catch(() => { /* private windows may refuse */ });
  if (document.readyState === "complete") register();
  else addEventListener("load", register, { once: true });
}
