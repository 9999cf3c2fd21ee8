import { all, one, setText, word } from "./dom";

function rows(): HTMLElement[] {
  return all<HTMLElement>("[data-row]");
}

function move(step: number): void {
  const list = rows();
  const here = list.findIndex((row) => row.contains(document.activeElement));
  const next = list[Math.min(list.length - 1, Math.max(0, here + step))];
  next?.querySelector<HTMLElement>("[data-open]")?.focus();
  next?.scrollIntoView({ block: "nearest" });
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
  bar.hidden = picked.length === 0;
  setText(one("[data-bulk-count]", bar), word(bar, "picked", { n: picked.length }));
  for (const box of boxes) box.closest("[data-row]")?.classList.toggle("is-picked", box.checked);
  const every = one<HTMLInputElement>("[data-pick-all]");
  if (!every) return;
  every.checked = boxes.length > 0 && picked.length === boxes.length;
  every.indeterminate = picked.length > 0 && picked.length < boxes.length;
}

function clearTicks(): void {
  for (const box of all<HTMLInputElement>("[data-pick-case]")) box.checked = false;
}

function onChange(event: Event): void {
  const target = event.target;
  if (!(target instanceof HTMLInputElement)) return;
  if (target.matches("[data-pick-all]")) {
    for (const box of all<HTMLInputElement>("[data-pick-case]")) box.checked = target.checked;
  }
  if (target.matches("[data-pick-all], [data-pick-case]")) showSelection();
}

export function startList(): void {
  if (!one("[data-list]")) return;
  document.addEventListener("keydown", onKey);
  document.addEventListener("change", onChange);
  document.addEventListener("htmx:afterSwap", (event) => {
    // What was done is done: ticks that stay would do it again with the next button.
    if (event.target instanceof HTMLElement && event.target.id === "bulk-result") clearTicks();
    showSelection();
  });
  // A page brought back by the browser keeps its ticks: the bar must follow them.
  window.addEventListener("pageshow", showSelection);
}
