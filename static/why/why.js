// Lights the strokes that a reason is about while it is pointed at or focused. Following its link lights them, too, and
// needs no script: the part is the link's target.
const LIT = [["pointerover", true], ["pointerout", false], ["focusin", true], ["focusout", false]];

function light(reason, on) {
  const part = document.getElementById(reason.dataset.part);
  part?.classList.toggle("lit", on);
  part?.closest(".why-sheet")?.classList.toggle("dimmed", on);
}

for (const [kind, on] of LIT) {
  document.addEventListener(kind, (event) => {
    const reason = event.target.closest?.("[data-part]");
    if (reason) light(reason, on || reason.matches(":focus-visible"));
  });
}
