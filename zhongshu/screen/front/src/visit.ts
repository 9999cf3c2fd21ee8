/** One form at a door: it is sent through the telephone's queue, and pages of people to visit are kept for where no network is. */
import { all, one, setText, word } from "./dom";
import { Outbox } from "./outbox";
import { held, newKey } from "./store";

const AT_ONCE = 4;
/** What the list of people says first, of the visit that led back to it. */
const SAID = "visit-said";

class Visit {
  private readonly outbox: Outbox;
  private key = "";

  constructor(private readonly form: HTMLFormElement) {
    this.outbox = new Outbox(form.dataset["owner"] ?? "", form.dataset["send"] ?? "", () => void this.tell());
    form.addEventListener("submit", (event) => void this.send(event));
    this.choose();
    this.outbox.now();
  }

  /** Which forms this visit fills, without asking the server: only what they ask stays. */
  private choose(): void {
    const chooser = one<HTMLFormElement>("[data-choose]");
    chooser?.addEventListener("submit", (event) => {
      event.preventDefault();
      const chosen = new Set(all<HTMLInputElement>("[name=form]:checked", chooser).map((box) => box.value));
      for (const field of all<HTMLElement>("[data-forms]", this.form)) {
        field.hidden = !(field.dataset["forms"] ?? "").split(" ").some((code) => chosen.has(code));
        for (const input of all<HTMLInputElement | HTMLSelectElement>("input, select", field)) input.disabled = field.hidden;
      }
      this.form.dataset["chosen"] = [...chosen].join(" ");
      chooser.closest("details")?.removeAttribute("open");
      one<HTMLElement>(".field:not([hidden]) input, .field:not([hidden]) select, button", this.form)?.focus();
    });
  }

  private async send(event: Event): Promise<void> {
    event.preventDefault();
    const given = new FormData(this.form);
    const fields: Record<string, string> = {};
    for (const [name, value] of given) if (typeof value === "string" && value.trim()) fields[name] = value.trim();
    fields["form"] = this.form.dataset["chosen"] ?? given.getAll("form").join(" ");
    this.key = newKey();
    const blank = { state: "waiting" as const, sentence: "", number: "", url: "", tries: 0 };
    try {
      await this.outbox.add({ key: this.key, owner: this.form.dataset["owner"] ?? "", kind: "visit", title: this.form.dataset["title"] ?? "", fields, files: [], made: Date.now(), ...blank });
    } catch {
      // This browser keeps nothing: the server takes it as from any form.
      this.form.submit();
    }
  }

  /** What became of it: done leads on to the next door, refused stays here with the sentence and everything typed. */
  private async tell(): Promise<void> {
    const item = this.key ? await held(this.key) : undefined;
    if (!item) return;
    if (item.state === "done") {
      sessionStorage.setItem(SAID, item.sentence);
      location.assign(item.url || (this.form.dataset["back"] ?? ""));
    }
    const waits = item.state === "waiting" && (item.tries > 0 || !navigator.onLine || this.outbox.signedOut);
    for (const button of all<HTMLButtonElement>("button", this.form)) button.disabled = item.state !== "refused";
    const kept = one<HTMLElement>("[data-kept]", this.form);
    if (kept) kept.hidden = !waits;
    const error = one<HTMLElement>("[data-visit-error]", this.form);
    if (!error) return;
    error.hidden = item.state !== "refused";
    setText(error, item.sentence);
    // It stays typed in the form; what is sent next is another visit.
    if (item.state === "refused") await this.outbox.forget(this.key).then(() => (this.key = ""));
  }
}

/** Keep the pages of those who are still to be visited on this telephone; each is logged as a reading, as when it is opened. */
async function keepPages(button: HTMLButtonElement): Promise<void> {
  button.disabled = true;
  const said = one("[data-keep-said]");
  const todo = all<HTMLAnchorElement>("[data-visit-of]").map((link) => link.href);
  const parts = performance.getEntriesByType("resource").map((part) => part.name);
  const registered = await navigator.serviceWorker.register(button.dataset["worker"] ?? "", { scope: button.dataset["scope"] ?? "/field" }).catch(() => null);
  if (!registered) return setText(said, word(button, "noshell"));
  const worker = (await navigator.serviceWorker.ready).active;
  const keep = (addresses: string[]): Promise<number> =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = (event) => resolve(Number(event.data));
      worker?.postMessage({ keep: addresses }, [port2]);
    });
  await keep([location.href, ...parts.filter((address) => address.startsWith(`${location.origin}/static/`))]);
  let kept = 0;
  while (todo.length) {
    kept += await keep(todo.splice(0, AT_ONCE));
    setText(said, word(button, "kept", { n: kept }));
  }
  button.disabled = false;
}

/** Say on the list what became of the visit before. */
function said(notice: HTMLElement): void {
  const sentence = sessionStorage.getItem(SAID);
  sessionStorage.removeItem(SAID);
  if (!sentence) return;
  notice.hidden = false;
  setText(one("span", notice), sentence);
}

const form = one<HTMLFormElement>("form[data-visit]");
if (form) new Visit(form);
const notice = one<HTMLElement>("[data-visit-said]");
if (notice) said(notice);
const keeper = one<HTMLButtonElement>("[data-keep]");
if (keeper && navigator.serviceWorker) {
  keeper.hidden = false;
  keeper.addEventListener("click", () => void keepPages(keeper));
}
