import htmx from "htmx.org";
import { all, one, setText, word } from "./dom";
import { startPane } from "./pane";

function rows(): HTMLElement[] {
  return all<HTMLElement>("[data-row]");
}

function move(step: number): void {
  const list = rows();
  const shown = list.findIndex((row) => row.hasAttribute("data-shown"));
  const focused = list.findIndex((row) => row.contains(document.activeElement));
  const here = focused < 0 ? shown : focused;
  const next = list[Math.min(list.length - 1, Math.max(0, here + step))];
  const link = next?.querySelector<HTMLElement>("[data-open]");
  link?.focus();
  next?.scrollIntoView({ block: "nearest" });
  if (link) link.dispatchEvent(new CustomEvent("list:moved", { bubbles: true }));
}

function toggle(): void {
  const box = document.activeElement?.closest("[data-row]")?.querySelector<HTMLInputElement>("[data-pick-case]");
  box?.click();
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
}

const KEYS: Record<string, () => void> = {
  j: () => move(1),
  k: () => move(-1),
  x: toggle,
  s: () => one<HTMLElement>("[data-split]")?.click(),
  "/": () => one<HTMLInputElement>("[data-search]")?.focus(),
};

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || one("dialog[open]")) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

/** The bar of bulk actions appears with the first tick and says how many are ticked. */
export function showSelection(): void {
  const bar = one<HTMLElement>("[data-bulk]");
  if (!bar) return;
  const boxes = all<HTMLInputElement>("[data-pick-case]");
  const picked = boxes.filter((box) => box.checked);
  const everything = one<HTMLInputElement>("[data-pick-every]");
  const n = everything?.checked ? (everything.dataset["n"] ?? "") : picked.length;
  bar.hidden = picked.length === 0 && !everything?.checked;
  setText(one("[data-bulk-count]", bar), word(bar, "picked", { n }));
  for (const box of boxes) box.closest("[data-row]")?.classList.toggle("is-picked", box.checked);
  const every = one<HTMLInputElement>("[data-pick-all]");
  if (!every) return;
  every.checked = boxes.length > 0 && picked.length === boxes.length;
  every.indeterminate = picked.length > 0 && picked.length < boxes.length;
}

function clearTicks(): void {
  for (const box of all<HTMLInputElement>("[data-pick-case], [data-pick-every]")) box.checked = false;
}

function onChange(event: Event): void {
  const target = event.target;
  if (!(target instanceof HTMLInputElement)) return;
  if (target.matches("[data-pick-all], [data-pick-every]")) {
    for (const box of all<HTMLInputElement>("[data-pick-case]")) box.checked = target.checked;
  }
  if (target.matches("[data-pick-all]") && !target.checked) clearTicks();
  if (target.matches("[data-pick-all], [data-pick-case], [data-pick-every]")) showSelection();
}

/** Whoever comes back from a case stands at its row again. */
function keepPlace(): void {
  const { row } = (history.state ?? {}) as { row?: string };
  if (row) one<HTMLElement>(`[data-case="${CSS.escape(row)}"] [data-open]`)?.focus();
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[data-open]") : null;
    const code = link?.closest<HTMLElement>("[data-case]")?.dataset["case"];
    if (code) history.replaceState({ ...(history.state as object | null), row: code }, "");
  });
}

/** What is kept as a view is the list as it is now, not as it was when the page came. */
function tellQuery(event: Event): void {
  if (!(event.target instanceof HTMLFormElement) || !event.target.hasAttribute("data-view-query")) return;
  const query = event.target.elements.namedItem("query");
  if (query instanceof HTMLInputElement && location.search) query.value = location.search;
}

/** The rows show what was done to them; the page keeps its place. */
function refresh(): void {
  void htmx.ajax("get", location.href, { target: "#rows", swap: "outerHTML" });
}

export function startList(): void {
  if (!one("[data-list]")) return;
  document.addEventListener("keydown", onKey);
  document.addEventListener("change", onChange);
  document.addEventListener("submit", tellQuery);
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || !event.target.closest("[data-refresh]")) return;
    event.preventDefault();
    refresh();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    // What was done is done: ticks that stay would do it again with the next button.
    if (event.target instanceof HTMLElement && event.target.id === "bulk-result") clearTicks();
    showSelection();
  });
  // A page brought back by the browser keeps its ticks: the bar must follow them.
  window.addEventListener("pageshow", showSelection);
  // On a phone the cases come first; the filters are one touch away.
  if (matchMedia("(max-width: 760px)").matches) one("[data-filters]")?.removeAttribute("open");
  startPane(refresh);
  keepPlace();
}
