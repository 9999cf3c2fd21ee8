import { all, one, setText, word } from "./dom";

/** Typed text outlives a lost connection, an ended log-in, a closed tab: kept in this browser until the server has it.
 *
 * A draft belongs to one person and one form. Names, telephones and passwords are not kept, nothing for more than three
 * days, nothing after signing out. When a form is sent, a cookie for its address alone names the draft; the server, once
 * it has taken the form in, answers with `draft_done`, and only then the draft goes.
 */
const KEY = "text:";
const DAYS = 3;
const WAIT = 300;
const NEVER = /^(csrfmiddlewaretoken|login|name|phone|contact|password.*)$/;
const TYPED = "textarea, select, input[type=text], input:not([type]), input[type=number], input[type=date], input[type=datetime-local], input[type=search]";

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

interface Draft {
  at: number;
  fields: Record<string, string>;
}

const waiting = new Map<HTMLFormElement, number>();
const watched = new WeakSet<HTMLFormElement>();
let note: HTMLTemplateElement | null = null;

/** Forms that somebody writes into. */
function kept(form: HTMLFormElement): boolean {
  const posts = form.method === "post" || form.hasAttribute("hx-post");
  return posts && one("textarea", form) !== null;
}

function isReport(form: HTMLFormElement): boolean {
  return form.dataset["draft"] !== undefined;
}

function keyField(form: HTMLFormElement): HTMLInputElement | null {
  return one<HTMLInputElement>("input[name=client_key]", form);
}

/** randomUUID needs https or localhost; a city's inner network may have neither. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function fields(form: HTMLFormElement): Field[] {
  return all<Field>(TYPED, form).filter((field) => field.name && !NEVER.test(field.name) && !field.disabled);
}

function address(form: HTMLFormElement): string {
  return new URL(form.getAttribute("hx-post") ?? (form.getAttribute("action") || location.pathname), location.href).pathname;
}

/** Short, and without the address in clear: a resident's own page is known by a secret address. */
function digest(text: string): string {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  return (a >>> 0).toString(36) + (b >>> 0).toString(36);
}

function keyOf(form: HTMLFormElement): string {
  const dialog = form.closest("dialog")?.id ?? "";
  const kind = one<HTMLInputElement>("input[name=kind]", form)?.value ?? "";
  return KEY + digest([note?.dataset["who"] ?? "", address(form), dialog || form.id, kind].join("\n"));
}

function usual(field: Field): string {
  if (!(field instanceof HTMLSelectElement)) return field.defaultValue;
  return (Array.from(field.options).find((option) => option.defaultSelected) ?? field.options[0])?.value ?? "";
}

function read(key: string): Draft | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null") as Draft | null;
  } catch {
    return null;
  }
}

function keep(form: HTMLFormElement): void {
  clearTimeout(waiting.get(form));
  waiting.delete(form);
  // What a refused report came back with is not usual, it was written.
  const changed = fields(form).filter((field) => field.value !== (isReport(form) ? "" : usual(field)));
  const written = changed.some((field) => field instanceof HTMLTextAreaElement || (isReport(form) && field instanceof HTMLInputElement));
  const draft: Draft = { at: Date.now(), fields: Object.fromEntries(changed.map((field) => [field.name, field.value])) };
  const key = keyField(form);
  if (key) draft.fields[key.name] = key.value;
  if (written) localStorage.setItem(keyOf(form), JSON.stringify(draft));
  else localStorage.removeItem(keyOf(form));
  if (isReport(form)) tell(form, written ? "kept" : "dropped");
}

function later(form: HTMLFormElement): void {
  clearTimeout(waiting.get(form));
  waiting.set(form, window.setTimeout(() => keep(form), WAIT));
}

function forget(form: HTMLFormElement): void {
  clearTimeout(waiting.get(form));
  waiting.delete(form);
  localStorage.removeItem(keyOf(form));
}

/** Whether what was kept may take the place of what the server has put there. */
function free(field: Field): boolean {
  if (!field.form || !isReport(field.form)) return field.value === usual(field);
  return field.value === "" || field instanceof HTMLSelectElement;
}

function restore(form: HTMLFormElement): void {
  const draft = read(keyOf(form));
  const key = keyField(form);
  if (key && !key.value) key.value = draft?.fields[key.name] || randomKey();
  if (!draft) return;
  const empty = fields(form).filter((field) => field.name in draft.fields && free(field));
  for (const field of empty) field.value = draft.fields[field.name] ?? "";
  if (!empty.some((field) => field instanceof HTMLTextAreaElement)) return;
  if (isReport(form)) tell(form, "restored");
  else say(form);
}

/** Under a report: what became of its text. */
function tell(form: HTMLFormElement, name: string): void {
  const line = one<HTMLElement>("[data-draft-note]", form);
  if (line) setText(one("[data-draft-text]", line), word(line, name));
  const drop = one<HTMLElement>("[data-draft-drop]", form);
  if (drop) drop.hidden = name === "dropped";
}

function dropReport(form: HTMLFormElement): void {
  form.reset();
  forget(form);
  const key = keyField(form);
  if (key) key.value = randomKey();
  tell(form, "dropped");
  one<HTMLElement>("textarea", form)?.focus();
}

/** Beside the text: that it came back, and a way to be rid of it. On the button of a closed dialog: that one waits. */
function say(form: HTMLFormElement): void {
  const shown = note?.content.cloneNode(true) as DocumentFragment | undefined;
  const line = shown && one<HTMLElement>("[data-draft-note]", shown);
  const text = one<HTMLElement>("textarea", form);
  if (!line || !text) return;
  (text.closest(".field") ?? text).after(line);
  setText(one("[data-draft-text]", line), word(line, "restored"));
  const marks = all<HTMLElement>(`[data-opens="${CSS.escape(form.closest("dialog")?.id ?? "-")}"]`).map(mark);
  const drop = one<HTMLElement>("[data-draft-drop]", line);
  if (!drop) return;
  drop.hidden = false;
  drop.addEventListener("click", () => {
    form.reset();
    forget(form);
    setText(one("[data-draft-text]", line), word(line, "dropped"));
    drop.hidden = true;
    for (const one of marks) one.remove();
    text.focus();
  });
}

function mark(button: HTMLElement): HTMLElement {
  const badge = document.createElement("span");
  badge.className = "badge badge-warn";
  badge.textContent = note ? word(note, "draft") : "";
  button.append(" ", badge);
  return badge;
}

function scan(root: ParentNode): void {
  for (const form of all<HTMLFormElement>("form", root)) {
    if (watched.has(form) || !kept(form)) continue;
    watched.add(form);
    restore(form);
    if (isReport(form)) one("[data-draft-drop]", form)?.addEventListener("click", () => dropReport(form));
  }
}

/** The server has taken in what a cookie of ours named: its draft has done its work. */
function settle(): void {
  const done = document.cookie.split("; ").find((pair) => pair.startsWith("draft_done="))?.split("=")[1];
  if (!done) return;
  document.cookie = "draft_done=;path=/;max-age=0;samesite=lax";
  if (!one("[data-error-summary]")) localStorage.removeItem(KEY + done);
}

function tidy(all: boolean): void {
  if (all) for (const timer of waiting.values()) clearTimeout(timer);
  if (all) waiting.clear();
  const oldest = Date.now() - DAYS * 86_400_000;
  for (const key of Object.keys(localStorage)) {
    const ours = key.startsWith(KEY);
    if (ours && (all || (read(key)?.at ?? 0) < oldest)) localStorage.removeItem(key);
  }
}

function onSubmit(event: Event): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  if (form.hasAttribute("data-forgets")) tidy(true);
  if (!kept(form)) return;
  keep(form);
  if (isReport(form) && !navigator.onLine) {
    event.preventDefault();
    tell(form, "offline");
  }
  if (!event.defaultPrevented) document.cookie = `draft_sent=${keyOf(form).slice(KEY.length)};path=${address(form)};max-age=600;samesite=lax`;
}

function formOf(target: EventTarget | null): HTMLFormElement | null {
  const form = target instanceof Element ? target.closest("form") : null;
  return form && kept(form) ? form : null;
}

function onTyped(event: Event): void {
  const form = formOf(event.target);
  if (form) later(form);
}

export function keepTexts(): void {
  note = one<HTMLTemplateElement>("#draft-template");
  settle();
  tidy(false);
  scan(document);
  document.addEventListener("input", onTyped);
  document.addEventListener("change", onTyped);
  document.addEventListener("submit", onSubmit);
  window.addEventListener("pagehide", () => [...waiting.keys()].forEach(keep));
  document.addEventListener("htmx:load", (event) => event.target instanceof Element && scan(event.target));
  document.addEventListener("htmx:afterRequest", (event) => {
    const detail = (event as CustomEvent<{ successful?: boolean; elt?: Element; requestConfig?: { verb: string } }>).detail;
    const form = detail.elt instanceof HTMLFormElement ? detail.elt : null;
    if (form && detail.successful && detail.requestConfig?.verb === "post" && kept(form)) forget(form);
  });
}
