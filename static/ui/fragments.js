// Swaps pieces of server-rendered HTML; the page works as plain links and forms when this never runs.
//
//   data-get="/url"       where the fragment comes from (a link's href or a form's action otherwise)
//   data-every="1500"     asks again and again, in ms; rests while the tab is hidden
//   data-seen             asks once, when it comes near the window
//   data-stream="/url"    server-sent events that make it ask at once, beside data-every
//   data-on="input"       asks when this event happens in its form, with the form's fields, 250 ms after the last one
//   data-method="post"    sends those fields in a body, where they would be too long for an address
//   data-target="#id"     what is changed (itself otherwise)
//   data-swap="outer"     what comes takes the place of the target; otherwise of what is in it
//
// The server answers with the header X-Fragment: "more", or "last" when there is no need to ask again.

const csrf = document.querySelector('meta[name="csrf-token"]')?.content ?? "";

async function ask(url, options = {}) {
  const headers = { "X-Fragment": "1", "X-CSRF-Token": csrf };
  const answer = await fetch(url, { ...options, headers, credentials: "same-origin" }).catch(() => null);
  const kind = answer?.headers.get("X-Fragment");
  if (kind) return { html: await answer.text(), last: kind === "last" };
  if (answer?.ok) location.assign(answer.url); // a whole page: go there
  return null;
}

async function swap(source, answer) {
  if (!answer || !source.isConnected) return;
  const place = source.dataset.target ? document.querySelector(source.dataset.target) : source;
  const range = document.createRange(); // where it goes decides what is read: rows are rows within a table only
  if (source.dataset.swap === "outer") range.selectNode(place);
  else range.selectNodeContents(place);
  const fragment = range.createContextualFragment(answer.html);
  const pictures = [...fragment.querySelectorAll('img:not([loading="lazy"])')];
  await Promise.all(pictures.map((picture) => picture.decode().catch(() => {}))); // so that nothing flickers
  if (!source.isConnected) return;
  const target = source.dataset.target ? document.querySelector(source.dataset.target) : source;
  const focus = target.contains(document.activeElement) ? document.activeElement.id : "";
  const scrolled = [...target.querySelectorAll("[id]")].filter((one) => one.scrollLeft).map((one) => [one.id, one.scrollLeft]);
  const ticked = new Map([...target.querySelectorAll("input[type=checkbox][id]")].map((box) => [box.id, box.checked]));
  for (const box of fragment.querySelectorAll("input[type=checkbox][id]")) box.checked = ticked.get(box.id) ?? box.checked;
  const added = [...fragment.children];
  if (source.dataset.swap === "outer") target.replaceWith(fragment);
  else target.replaceChildren(fragment);
  if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
  for (const [id, left] of scrolled) document.getElementById(id)?.scrollTo({ left });
  added.forEach(start);
}

function poll(element) {
  const { get, every, stream } = element.dataset;
  const events = stream ? new EventSource(stream) : null;
  let asking = false;
  const turn = async () => {
    if (asking || document.hidden) return;
    asking = true;
    const answer = await ask(get);
    await swap(element, answer);
    asking = false;
    if (answer?.last || !element.isConnected) stop();
  };
  const clock = setInterval(turn, Number(every));
  const stop = () => { clearInterval(clock); events?.close(); };
  for (const kind of ["progress", "preview", "state", "order", "choice", "chosen"]) events?.addEventListener(kind, turn);
}

function listen(element) {
  let wait;
  element.closest("form").addEventListener(element.dataset.on, (event) => {
    const body = new FormData(event.currentTarget);
    const fields = new URLSearchParams(body);
    fields.delete("csrf_token");
    const { get, method } = element.dataset;
    const [url, how] = method === "post" ? [get, { method: "POST", body }] : [`${get}?${fields}`, {}];
    clearTimeout(wait);
    wait = setTimeout(async () => swap(element, await ask(url, how)), 250);
  });
}

function fetchOnSight(element) {
  const watch = new IntersectionObserver(async ([sight]) => {
    if (!sight.isIntersecting) return;
    watch.disconnect();
    element.setAttribute("aria-busy", "true");
    await swap(element, await ask(element.dataset.get));
    element.removeAttribute("aria-busy");
  }, { rootMargin: "300px" });
  watch.observe(element);
}

function start(root) {
  for (const element of [root, ...root.querySelectorAll("[data-get]")]) {
    if (element.dataset.every) poll(element);
    else if (element.dataset.seen !== undefined) fetchOnSight(element);
    else if (element.dataset.on) listen(element);
  }
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-swap]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  swap(link, await ask(link.dataset.get ?? link.href));
});

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-swap]");
  if (!form) return;
  event.preventDefault();
  swap(form, await ask(form.action, { method: "POST", body: new FormData(form, event.submitter) }));
});

start(document.documentElement);
