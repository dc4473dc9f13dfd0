// Scrubs through a finished climb: the slider changes picture, views and numbers. The page swaps the climb in when it is
// done, so it is looked for at each use; without this there are a strip and a table.
function show(root, step) {
  const row = document.querySelectorAll("[data-steps] tr")[step - 1];
  for (const kind of ["picture", "seen"]) root.querySelector(`[data-${kind}]`).src = `${root.dataset.base}/${step}-${kind}.webp`;
  root.querySelector("[data-step]").textContent = step;
  for (const name of ["loss", "similarity"]) root.querySelector(`dd[data-${name}]`).textContent = row.dataset[name];
}

function offer() {
  const line = document.querySelector("[data-climb] [data-slider-line][hidden]");
  if (line) line.hidden = false;
}

document.addEventListener("input", (event) => {
  const root = event.target.closest("[data-climb]");
  if (root && event.target.matches("[data-slider]")) show(root, Number(event.target.value));
});
new MutationObserver(offer).observe(document.querySelector("main"), { childList: true, subtree: true });
offer();
