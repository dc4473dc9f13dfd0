// One key for each button: [data-key="h"] is pressed, followed or focused by the key h. Not while somebody writes.

const WRITES = "input:not([type=checkbox], [type=radio]), textarea, select";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return;
  if (event.target.closest(WRITES)) return;
  const found = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key.toLowerCase());
  if (!found) return;
  event.preventDefault();
  if (found.matches(WRITES)) found.focus();
  else found.click();
});
