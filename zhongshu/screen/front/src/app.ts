import htmx from "htmx.org";
import { startClocks } from "./clock";
import { startDisplay } from "./display";
import { all, one, setText, word } from "./dom";
import { openDialog, startFrame } from "./frame";
import { keepTexts } from "./drafts";
import { startList } from "./list";
import { startPicks } from "./picks";
import { startTables } from "./tables";

htmx.config.allowEval = false;
htmx.config.allowScriptTags = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.timeout = 30_000;
// Pages hold personal data: none of them may lie in the browser's storage; going back asks the server again.
htmx.config.historyCacheSize = 0;
htmx.config.refreshOnHistoryMiss = true;

/** What is folded away is printed too, and folded again afterwards; where the style sheet can't open it, this does. */
function printWhole(): void {
  const folded: HTMLDetailsElement[] = [];
  addEventListener("beforeprint", () => {
    for (const fold of all<HTMLDetailsElement>(".main details:not([open])")) {
      fold.open = true;
      folded.push(fold);
    }
  });
  addEventListener("afterprint", () => {
    for (const fold of folded.splice(0)) fold.open = false;
  });
}

function onClick(event: MouseEvent): void {
  if (!(event.target instanceof Element)) return;
  const target = event.target.closest<HTMLElement>("[data-opens], [data-closes], [data-dismiss], [data-print], [data-fills]");
  if (!target) {
    for (const menu of all<HTMLDetailsElement>("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
    return;
  }
  // A link that opens a dialog is a page of its own where there is none.
  if (target.dataset["opens"] && openDialog(target.dataset["opens"])) event.preventDefault();
  if (target.hasAttribute("data-closes")) target.closest("dialog")?.close();
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

function askOn(root: ParentNode): void {
  for (const form of all<HTMLFormElement>("form:has(fieldset[data-when])", root)) {
    showQuestions(form);
    form.addEventListener("change", () => showQuestions(form));
  }
}

function onKey(event: KeyboardEvent): void {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target instanceof HTMLElement) {
    event.target.closest("form")?.requestSubmit();
  } else if (event.key === "Enter" && !event.isComposing && event.target instanceof HTMLInputElement && event.target.matches(LINES)) {
    goOn(event);
  }
}

const LINES = "input:not([type]), input[type=text], input[type=tel], input[type=number], input[type=date], input[type=datetime-local]";

/** Enter in a line of a form that also holds a text goes on to the next field: what is sent can't be called back, and
 *  who picks an address from a list presses the same key. */
function goOn(event: KeyboardEvent): void {
  const line = event.target as HTMLInputElement;
  if (line.form?.method !== "post" || !one("textarea", line.form)) return;
  event.preventDefault();
  const fields = [...line.form.elements].filter((one): one is HTMLElement => one instanceof HTMLElement && one.matches("input:not([type=hidden]), textarea, select, button") && one.checkVisibility());
  fields[fields.indexOf(line) + 1]?.focus();
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
  askOn(document);
  document.addEventListener("forms:new", (event) => askOn((event as CustomEvent<HTMLElement>).detail));
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) document.addEventListener(name, onFailure);
  one<HTMLElement>("[data-error-summary]:not(.design *)")?.focus();
  startDisplay();
  startFrame();
  startClocks();
  startList();
  startPicks();
  startTables();
  printWhole();
  keepTexts();
}

start();
