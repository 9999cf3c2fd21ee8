import htmx from "htmx.org";
import { startClocks } from "./clock";
import { all, one, setText, word } from "./dom";
import { keepTexts } from "./drafts";
import { startList } from "./list";
import { startPicks } from "./picks";

htmx.config.allowEval = false;
htmx.config.allowScriptTags = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.timeout = 30_000;
// Pages hold personal data: none of them may lie in the browser's storage; going back asks the server again.
htmx.config.historyCacheSize = 0;
htmx.config.refreshOnHistoryMiss = true;

function openDialog(id: string): void {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement) || dialog.open) return;
  dialog.showModal();
  dialog.querySelector<HTMLElement>("textarea, select, input:not([type=hidden])")?.focus();
}

function chooseTheme(button: HTMLElement): void {
  const root = document.documentElement;
  const dark = root.dataset["theme"] === "dark" || (!root.dataset["theme"] && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset["theme"] = dark ? "light" : "dark";
  document.cookie = `theme=${root.dataset["theme"]};path=/;max-age=31536000;samesite=lax`;
  button.setAttribute("aria-pressed", String(!dark));
  document.dispatchEvent(new CustomEvent("theme"));
}

function onClick(event: MouseEvent): void {
  if (!(event.target instanceof Element)) return;
  const target = event.target.closest<HTMLElement>("[data-opens], [data-closes], [data-theme-switch], [data-dismiss], [data-print], [data-fills]");
  if (!target) {
    for (const menu of all<HTMLDetailsElement>("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
    return;
  }
  if (target.dataset["opens"]) openDialog(target.dataset["opens"]);
  if (target.hasAttribute("data-closes")) target.closest("dialog")?.close();
  if (target.hasAttribute("data-theme-switch")) chooseTheme(target);
  if (target.hasAttribute("data-dismiss")) target.closest(".toast")?.remove();
  if (target.hasAttribute("data-print")) window.print();
  if (target.dataset["fills"]) fill(target.dataset["fills"], target.dataset["value"] ?? "");
}

/** Put a value into a field and go on to the next one that waits. */
function fill(id: string, value: string): void {
  const field = document.getElementById(id);
  if (!(field instanceof HTMLInputElement)) return;
  field.value = value;
  const waiting = all<HTMLInputElement>("input:not([type=hidden]):not([type=checkbox])", field.form ?? document).find((input) => !input.value);
  (waiting ?? field).focus();
}

/** Questions that only make sense after a certain answer appear with it, and must then be answered. */
function showQuestions(form: HTMLFormElement): void {
  for (const question of all<HTMLFieldSetElement>("fieldset[data-when]", form)) {
    const given = new FormData(form).get(question.dataset["when"] ?? "");
    const asked = given === question.dataset["is"];
    question.hidden = question.disabled = !asked;
    for (const input of all<HTMLInputElement>("input[type=radio]", question)) input.required = asked;
  }
}

function onKey(event: KeyboardEvent): void {
  if (event.key === "Escape") for (const menu of all<HTMLDetailsElement>("details.menu[open]")) menu.open = false;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target instanceof HTMLElement) {
    event.target.closest("form")?.requestSubmit();
  }
}

/** A request that never arrived must say so: silence would look like success. */
function onFailure(): void {
  const stack = one<HTMLElement>("[data-toasts]");
  const template = one<HTMLTemplateElement>("#toast-template");
  if (!stack || !template) return;
  const toast = template.content.cloneNode(true) as DocumentFragment;
  setText(one("[data-toast-text]", toast), word(stack, "failed"));
  stack.replaceChildren(toast);
}

function start(): void {
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  for (const select of all<HTMLSelectElement>("select[data-autosubmit]")) {
    select.addEventListener("change", () => select.form?.requestSubmit());
  }
  for (const form of all<HTMLFormElement>("form:has(fieldset[data-when])")) {
    showQuestions(form);
    form.addEventListener("change", () => showQuestions(form));
  }
  for (const done of all<HTMLElement>("[data-draft-clear]")) localStorage.removeItem(`draft:${done.dataset["draftClear"]}`);
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) document.addEventListener(name, onFailure);
  one<HTMLElement>("[data-error-summary]")?.focus();
  startClocks();
  startList();
  startPicks();
  keepTexts();
}

start();
