import { all, one } from "./dom";

const OFF = "single-keys";

export function openDialog(id: string): boolean {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement)) return false;
  if (dialog.open) return true;
  for (const other of all<HTMLDialogElement>("dialog[open]")) other.close();
  if (id === "keys") listPageKeys();
  dialog.showModal();
  const field = dialog.querySelector<HTMLElement>("textarea, select, input:not([type=hidden], [type=checkbox])");
  field?.focus();
  if (field instanceof HTMLInputElement) field.select();
  dialog.querySelector("form")?.dispatchEvent(new CustomEvent("opened"));
  return true;
}

/** What the page itself says of its keys, in its line of keys or on its buttons, as rows of the table of keys. */
function listPageKeys(): void {
  const box = one<HTMLElement>("[data-page-keys]");
  const list = box?.querySelector("dl");
  if (!box || !list) return;
  const said = all<HTMLElement>("main .keys > span, main button, main a.button").filter(
    (part) => part.querySelector("kbd") && !part.closest("[hidden], dialog"),
  );
  list.replaceChildren(
    ...said.flatMap((part) => {
      const keys = document.createElement("dt");
      const meaning = document.createElement("dd");
      keys.append(...all<HTMLElement>("kbd", part).flatMap((key) => [key.cloneNode(true), " "]));
      const words = part.cloneNode(true) as HTMLElement;
      for (const other of all("kbd, .hide, svg", words)) other.remove();
      meaning.textContent = words.textContent?.replace("–", "").trim() ?? "";
      return [keys, meaning];
    }),
  );
  box.hidden = !said.length;
}

/** Move the focus among the links of a menu or of the jump list; from before the first it goes to the first. */
function step(links: HTMLElement[], way: number): void {
  const here = links.findIndex((link) => link === document.activeElement);
  links[here < 0 ? (way > 0 ? 0 : links.length - 1) : (here + way + links.length) % links.length]?.focus();
}

function onArrow(event: KeyboardEvent): void {
  if (!(event.target instanceof HTMLElement)) return;
  const way = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  const box = event.target.closest<HTMLElement>(".nav details.menu, .jump");
  if (!way || !box) return;
  event.preventDefault();
  if (box instanceof HTMLDetailsElement) box.open = true;
  step(all<HTMLElement>(box.matches(".jump") ? "#jump-list a" : ".menu-box a", box), way);
}

function closeMenus(but: Element | null = null): void {
  for (const menu of all<HTMLDetailsElement>("details.menu[open]")) if (menu !== but) menu.open = false;
}

/** Folds the menu, or the further actions, that the keyboard is in, and goes back to what opened it. */
function onEscape(): boolean {
  const open = document.activeElement?.closest<HTMLDetailsElement>("details.menu[open], details.more[open]");
  closeMenus();
  if (!open || one("dialog[open]")) return false;
  open.open = false;
  open.querySelector("summary")?.focus();
  return true;
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
}

function onSingle(event: KeyboardEvent): void {
  const held = event.ctrlKey || event.metaKey || event.altKey;
  if (held || event.key.length !== 1 || event.key === " " || typing(event.target)) return;
  // Whoever speaks to the machine would press keys by every word (WCAG 2.1.4): then no letter alone does anything.
  if (localStorage.getItem(OFF) === "off") event.stopImmediatePropagation();
  else if (one("dialog[open]")) return;
  else if ((event.key === "?" && openDialog("keys")) || (event.key === "/" && !one("[data-search]") && openDialog("jump"))) event.preventDefault();
}

function onKey(event: KeyboardEvent): void {
  if (event.key === "Escape") {
    if (onEscape()) event.preventDefault();
  } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && openDialog("jump")) event.preventDefault();
  else onArrow(event);
}

/** The bar: menus one at a time, the sheet of a phone, the jump list, and the keys that open them. */
export function startFrame(): void {
  window.addEventListener("keydown", onSingle, true);
  document.addEventListener("keydown", onKey);
  for (const menu of all<HTMLDetailsElement>("details.menu")) {
    menu.addEventListener("toggle", () => menu.open && closeMenus(menu));
    menu.addEventListener("focusout", (event) => {
      if (event.relatedTarget instanceof Node && !menu.contains(event.relatedTarget)) menu.open = false;
    });
  }
  const box = one<HTMLInputElement>("[data-single-keys]");
  if (!box) return;
  box.checked = localStorage.getItem(OFF) !== "off";
  box.addEventListener("change", () => localStorage.setItem(OFF, box.checked ? "on" : "off"));
}
