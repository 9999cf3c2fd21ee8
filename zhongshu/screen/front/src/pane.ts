import htmx from "htmx.org";
import { all, one } from "./dom";
import { startPicks } from "./picks";

/** The list on the left, the case on the right; narrower than this they are two pages. */
const WIDE = "(min-width: 1100px)";
const SETTLE = 250;

let timer = 0;

function desk(): HTMLElement | null {
  return one<HTMLElement>(".desk");
}

function pane(): HTMLElement | null {
  return one<HTMLElement>("#pane");
}

function split(): boolean {
  return Boolean(desk()?.classList.contains("is-split")) && matchMedia(WIDE).matches;
}

function mark(row: Element | null): void {
  for (const other of all("[data-shown]")) other.removeAttribute("data-shown");
  row?.setAttribute("data-shown", "");
}

/** Shows the case of a link beside the list; `enter` takes the keyboard there. */
async function show(link: HTMLAnchorElement, enter: boolean): Promise<void> {
  const place = pane();
  if (!place) return;
  const row = link.closest("[data-row]");
  const there = row?.hasAttribute("data-shown") && !place.hidden;
  mark(row);
  if (!there) await htmx.ajax("get", link.href, { target: "#pane", swap: "innerHTML", source: place });
  place.hidden = false;
  if (enter) place.focus();
}

function close(): void {
  const place = pane();
  if (!place) return;
  const inside = place.contains(document.activeElement);
  if (!inside) {
    place.hidden = true;
    place.replaceChildren();
    mark(null);
    return;
  }
  one<HTMLElement>("[data-shown] [data-open]")?.focus();
}

function onClick(event: MouseEvent): void {
  if (!(event.target instanceof Element)) return;
  if (event.target.closest("[data-split]")) toggle();
  if (event.target.closest("[data-pane-close]")) {
    one<HTMLElement>("[data-shown] [data-open]")?.focus();
    close();
  }
  const link = event.target.closest<HTMLAnchorElement>("a[data-open]");
  if (!link || !split() || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  void show(link, event.detail === 0);
}

function toggle(): void {
  const on = desk()?.classList.toggle("is-split") ?? false;
  one("[data-split]")?.setAttribute("aria-pressed", String(on));
  document.cookie = `desk=${on ? "split" : "list"};path=/;max-age=31536000;samesite=lax`;
  if (!on) {
    const place = pane();
    if (place) place.hidden = true;
    mark(null);
    return;
  }
  const first = one<HTMLAnchorElement>("[data-row]:focus-within [data-open]") ?? one<HTMLAnchorElement>("[data-open]");
  if (first && split()) void show(first, false);
}

/** A move made beside the list comes back beside the list, and the list shows what became of it. */
function onSubmit(event: SubmitEvent): void {
  const form = event.target;
  const place = pane();
  if (!place || !(form instanceof HTMLFormElement) || !place.contains(form) || form.method !== "post") return;
  if (form.hasAttribute("hx-post")) return;
  event.preventDefault();
  const pressed = event.submitter instanceof HTMLButtonElement && event.submitter.name ? event.submitter : null;
  const values = pressed ? { [pressed.name]: pressed.value } : {};
  form.closest("dialog")?.close();
  void htmx.ajax("post", form.action, { source: form, target: "#pane", swap: "innerHTML", values });
}

interface Swap {
  target: Element;
  xhr: XMLHttpRequest;
  shouldSwap: boolean;
  isError: boolean;
}

function onBeforeSwap(event: Event): void {
  const swap = (event as CustomEvent<Swap>).detail;
  if (swap.target.id !== "pane") return;
  if (/^\s*<!doctype/i.test(swap.xhr.responseText)) {
    // A page of its own, such as the log-in: it does not fit beside a list.
    swap.shouldSwap = false;
    location.assign(swap.xhr.responseURL);
    return;
  }
  // What was refused is said where it was asked.
  if ([403, 404, 409, 422].includes(swap.xhr.status)) {
    swap.shouldSwap = true;
    swap.isError = false;
  }
}

function onSwapped(event: Event, refresh: () => void): void {
  if (!(event.target instanceof HTMLElement) || event.target.id !== "pane") return;
  startPicks(event.target);
  document.dispatchEvent(new CustomEvent("forms:new", { detail: event.target }));
  const asked = (event as CustomEvent<{ requestConfig?: { verb?: string } }>).detail.requestConfig;
  if (asked?.verb === "post") {
    event.target.focus();
    refresh();
  }
}

function onMoved(event: Event): void {
  clearTimeout(timer);
  const link = event.target;
  if (!split() || pane()?.hidden || !(link instanceof HTMLAnchorElement)) return;
  timer = setTimeout(() => void show(link, false), SETTLE);
}

function onKey(event: KeyboardEvent): void {
  if (event.key === "Escape" && !event.defaultPrevented && !one("dialog[open]") && pane()?.hidden === false) close();
}

export function startPane(refresh: () => void): void {
  if (!pane()) return;
  document.addEventListener("click", onClick);
  document.addEventListener("submit", onSubmit);
  document.addEventListener("keydown", onKey);
  document.addEventListener("list:moved", onMoved);
  document.addEventListener("htmx:beforeSwap", onBeforeSwap);
  document.addEventListener("htmx:afterSwap", (event) => onSwapped(event, refresh));
}
