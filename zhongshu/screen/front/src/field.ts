import { all, one, setText, word } from "./dom";
import { Outbox } from "./outbox";
import { draftOf, dropDraft, keep, newKey, queue, saveDraft } from "./store";
import type { Item, Kept } from "./store";
import { Voice, shrunk } from "./capture";

const LONGEST_EDGE = 2560;
const KEPT_IN_DRAFT = ["text", "address"];

interface Spot {
  lon: number;
  lat: number;
  accuracy: number;
}

class Field {
  private readonly owner: string;
  private readonly outbox: Outbox;
  private readonly report: HTMLFormElement;
  private files: Kept[] = [];
  private spot: Spot | null = null;
  private timer = 0;
  private arrived = -1;

  constructor(private readonly root: HTMLElement) {
    this.owner = root.dataset["owner"] ?? "";
    this.outbox = new Outbox(this.owner, root.dataset["send"] ?? "", () => void this.show());
    this.report = one<HTMLFormElement>("[data-report]", root) as HTMLFormElement;
    new Voice(one<HTMLElement>("[data-voice]", root), (name, n) => this.say("[data-voice-note]", name, { s: n }), (blob, name) => void this.addFile("voice", blob, name));
    this.report.addEventListener("submit", (event) => void this.sendReport(event));
    this.report.addEventListener("input", () => this.later());
    one<HTMLInputElement>("[data-photos]", root)?.addEventListener("change", (event) => void this.addPhotos(event.target as HTMLInputElement));
    all<HTMLButtonElement>("[data-phrase]", root).forEach((chip) => chip.addEventListener("click", () => this.phrase(chip.dataset["phrase"] ?? "")));
    all<HTMLButtonElement>("[data-check-in]", root).forEach((button) => button.addEventListener("click", () => void this.checkIn(button)));
    all<HTMLFormElement>("form[data-act]", root).forEach((form) => form.addEventListener("submit", (event) => void this.sendAct(event, form)));
    one<HTMLButtonElement>("[data-sort]", root)?.addEventListener("click", (event) => this.sort(event.currentTarget as HTMLButtonElement));
    window.addEventListener("online", () => this.net());
    window.addEventListener("offline", () => this.net());
    this.forgetOnLeaving();
  }

  async start(): Promise<void> {
    this.net();
    this.age();
    void this.locate();
    try {
      await this.restore();
      await this.show();
      void navigator.storage?.persist?.();
    } catch {
      this.warn("nostore");
    }
    this.outbox.now();
    await this.shell();
  }

  /** The service worker keeps what this page is made of. */
  private async shell(): Promise<void> {
    if (!navigator.serviceWorker) return this.warn("noshell");
    // Refused by a browser's settings, or broken off by whoever leaves at once.
    const registered = await navigator.serviceWorker.register(this.root.dataset["worker"] ?? "", { scope: this.root.dataset["scope"] ?? "/field" }).catch(() => null);
    if (!registered) return this.warn("noshell");
    const ready = await navigator.serviceWorker.ready;
    const parts = performance.getEntriesByType("resource").map((part) => part.name);
    const own = parts.filter((address) => address.startsWith(`${location.origin}/static/`));
    if (navigator.onLine) ready.active?.postMessage({ keep: [location.pathname, ...new Set(own)] });
    this.root.dataset["shell"] = "kept";
  }

  private forgetOnLeaving(): void {
    for (const form of all<HTMLFormElement>("form[action*=logout]")) {
      form.addEventListener("submit", () => navigator.serviceWorker?.controller?.postMessage({ forget: true }));
    }
  }

  private warn(name: string): void {
    const note = one<HTMLElement>("[data-note]", this.root);
    if (!note) return;
    note.hidden = false;
    setText(one("span", note), word(this.root, name));
  }

  private say(selector: string, name: string, values: Record<string, string | number> = {}): void {
    setText(one(selector, this.root), name && word(this.root, name, values));
  }

  private net(): void {
    this.say("[data-net]", navigator.onLine ? "online" : "offline");
    this.root.toggleAttribute("data-offline", !navigator.onLine);
  }

  /** A page out of the cache says how old its tasks are. */
  private age(): void {
    const made = new Date(one<HTMLElement>("[data-as-of]", this.root)?.dataset["asOf"] ?? "");
    const note = one<HTMLElement>("[data-age]", this.root);
    if (!note || Date.now() - made.getTime() < 120_000) return;
    note.hidden = false;
    this.say("[data-age]", "age", { t: made.toLocaleString(document.documentElement.lang || undefined, { dateStyle: "short", timeStyle: "short" }) });
  }

  private locate(): Promise<Spot | null> {
    this.say("[data-here]", "asking");
    return new Promise((resolve) => {
      const lost = (): void => {
        if (!this.spot) this.say("[data-here]", "nohere");
        resolve(this.spot);
      };
      if (!navigator.geolocation) return lost();
      navigator.geolocation.getCurrentPosition(
        (found) => {
          this.spot = { lon: found.coords.longitude, lat: found.coords.latitude, accuracy: found.coords.accuracy };
          this.say("[data-here]", "here", { m: Math.round(this.spot.accuracy) });
          this.distances(this.spot);
          resolve(this.spot);
        },
        lost,
        { timeout: 8_000, maximumAge: 30_000, enableHighAccuracy: true },
      );
    });
  }

  private placed(): Record<string, string> {
    return this.spot ? { lon: this.spot.lon.toFixed(6), lat: this.spot.lat.toFixed(6), accuracy: this.spot.accuracy.toFixed(0) } : {};
  }

  private distances(spot: Spot): void {
    for (const task of all<HTMLElement>("[data-task][data-lon]", this.root)) {
      const metres = apart(spot, Number(task.dataset["lon"]), Number(task.dataset["lat"]));
      task.dataset["metres"] = String(metres);
      const near = metres < 1000;
      setText(one("[data-distance]", task), word(this.root, near ? "metres" : "away", { m: near ? Math.round(metres / 10) * 10 : (metres / 1000).toFixed(1) }));
    }
    const sort = one<HTMLElement>("[data-sort]", this.root);
    if (sort) sort.hidden = false;
  }

  private sort(button: HTMLButtonElement): void {
    const near = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(near));
    const tasks = all<HTMLElement>("[data-task]", this.root);
    tasks.forEach((task, at) => (task.dataset["at"] ??= String(at)));
    const by = (task: HTMLElement): number => Number(near ? (task.dataset["metres"] ?? Infinity) : task.dataset["at"]);
    tasks.sort((left, right) => by(left) - by(right)).forEach((task) => task.parentElement?.append(task));
  }

  // The report and its draft

  private values(form: HTMLFormElement): Record<string, string> {
    const found: Record<string, string> = {};
    for (const [name, value] of new FormData(form)) if (typeof value === "string" && value.trim()) found[name] = value.trim();
    return found;
  }

  private phrase(words: string): void {
    const text = this.report.elements.namedItem("text") as HTMLTextAreaElement;
    text.value = text.value ? `${text.value} ${words}` : words;
    this.later();
    text.focus();
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(), 300);
  }

  /** Names and telephone numbers are not part of a draft: the telephone may be a shared one. */
  private async save(): Promise<void> {
    clearTimeout(this.timer);
    const given = this.values(this.report);
    const fields = Object.fromEntries(KEPT_IN_DRAFT.filter((name) => given[name]).map((name) => [name, given[name] ?? ""]));
    await saveDraft({ owner: this.owner, fields, files: this.files });
    this.say("[data-draft-state]", "kept");
  }

  private async restore(): Promise<void> {
    const draft = await draftOf(this.owner);
    if (!draft) return;
    for (const [name, value] of Object.entries(draft.fields)) (this.report.elements.namedItem(name) as HTMLInputElement).value = value;
    this.files = draft.files;
    this.shots();
    if (this.files.length || Object.keys(draft.fields).length) this.say("[data-draft-state]", "restored");
  }

  private async addPhotos(input: HTMLInputElement): Promise<void> {
    for (const file of Array.from(input.files ?? [])) await this.addFile("photos", await shrunk(file, LONGEST_EDGE), file.name);
    input.value = "";
  }

  private async addFile(field: string, blob: Blob, name: string): Promise<void> {
    this.files = [...this.files, await keep(field, blob, name)];
    this.shots();
    await this.save();
  }

  private shots(): void {
    const list = one<HTMLElement>("[data-shots]", this.root);
    list?.replaceChildren(...this.files.map((file, at) => this.shot(file, at + 1)));
  }

  private shot(file: Kept, n: number): HTMLElement {
    const line = document.createElement("li");
    const sound = file.field === "voice";
    const shown = document.createElement(sound ? "audio" : "img");
    shown.src = URL.createObjectURL(new Blob([file.bytes], { type: file.type }));
    if (shown instanceof HTMLAudioElement) shown.controls = true;
    else shown.alt = word(this.root, "photo", { n });
    const away = document.createElement("button");
    away.type = "button";
    away.className = "button button-small";
    away.textContent = word(this.root, "remove", { n });
    away.addEventListener("click", () => {
      this.files = this.files.filter((other) => other !== file);
      this.shots();
      void this.save();
    });
    line.append(shown, away);
    return line;
  }

  private async sendReport(event: Event): Promise<void> {
    event.preventDefault();
    const given = this.values(this.report);
    const words = given["text"] ?? "";
    const bare = !words && !this.files.length;
    showError(this.report, "[data-report-error]", bare ? word(this.root, "empty") : "");
    if (bare) return;
    const title = words || word(this.root, this.files.some((file) => file.field === "voice") ? "recorded" : "photo", { n: 1, s: "" });
    await this.queue("report", { ...given, text: title, ...this.placed() }, this.files, title);
    this.report.reset();
    this.files = [];
    this.shots();
    clearTimeout(this.timer);
    await dropDraft(this.owner);
    this.say("[data-draft-state]", "");
    this.say("[data-voice-note]", "");
    one<HTMLElement>("#text", this.report)?.focus();
  }

  private async checkIn(button: HTMLButtonElement): Promise<void> {
    button.disabled = true;
    const spot = await this.locate();
    button.disabled = false;
    if (!spot) return this.warn("nohere");
    const task = button.closest<HTMLElement>("[data-task]");
    // A check-in far from its task may be right or not: whoever makes it sees how far.
    const title = task ? [one("a", task), one("[data-distance]", task)].map((part) => part?.textContent ?? "").filter(Boolean).join(" · ") : "";
    await this.queue("check-in", { ...this.placed(), case: button.dataset["checkIn"] ?? "", at: new Date().toISOString() }, [], title);
  }

  private async sendAct(event: Event, form: HTMLFormElement): Promise<void> {
    event.preventDefault();
    const wanting = all<HTMLTextAreaElement>("[required]", form).some((field) => !field.value.trim());
    showError(form, "[data-act-error]", wanting ? word(this.root, "must") : "");
    if (wanting) return;
    const input = one<HTMLInputElement>("[data-act-photos]", form);
    const files = await Promise.all(Array.from(input?.files ?? []).map(async (file) => keep("photos", await shrunk(file, LONGEST_EDGE), file.name)));
    const title = form.closest("[data-task]")?.querySelector("a")?.textContent ?? "";
    await this.queue("act", this.values(form), files, title);
    form.closest<HTMLElement>("[data-task]")?.setAttribute("data-sent", "");
    form.closest("details")?.removeAttribute("open");
    all<HTMLButtonElement>("button", form).forEach((button) => (button.disabled = true));
  }

  private queue(kind: string, fields: Record<string, string>, files: Kept[], title: string): Promise<void> {
    const blank = { state: "waiting" as const, sentence: "", number: "", url: "", tries: 0 };
    return this.outbox.add({ key: newKey(), owner: this.owner, kind, title, fields, files, made: Date.now(), ...blank });
  }

  // What became of it

  private async show(): Promise<void> {
    const found = await queue();
    const box = one<HTMLElement>("[data-queue]", this.root);
    if (!box) return;
    box.hidden = found.length === 0;
    const open = found.filter((item) => item.state !== "done").length;
    this.say("[data-queue-count]", open ? "count" : "clear", { n: open });
    if (this.outbox.signedOut) this.warn("signin");
    one("[data-queue-rows]", box)?.replaceChildren(...found.reverse().map((item) => this.row(item)));
    await this.checkedIn(found.filter((item) => item.kind === "check-in" && item.state === "done").length);
  }

  /** A check-in that has just arrived stands among today's, as the server tells them. */
  private async checkedIn(done: number): Promise<void> {
    const more = this.arrived >= 0 && done > this.arrived;
    this.arrived = done;
    const answer = more ? await fetch(location.pathname).catch(() => null) : null;
    if (!answer?.ok || answer.redirected) return;
    const fresh = all("[data-checked]", new DOMParser().parseFromString(await answer.text(), "text/html"));
    all("[data-checked]", this.root).forEach((part, n) => part.replaceWith(fresh[n] ?? part));
  }

  private row(item: Item): HTMLElement {
    const template = one<HTMLTemplateElement>("template[data-queue-row]", this.root) as HTMLTemplateElement;
    const line = (template.content.cloneNode(true) as DocumentFragment).firstElementChild as HTMLElement;
    const state = item.key === this.outbox.sending ? "sending" : item.state;
    const tone = { waiting: "badge-warn", sending: "badge-info", done: "badge-ok", refused: "badge-danger" }[state];
    line.dataset["item"] = state;
    setText(one("[data-what]", line), [word(this.root, item.kind), item.number || item.title].filter(Boolean).join(" · "));
    const badge = one("[data-state]", line);
    badge?.classList.add(tone);
    setText(badge, word(this.root, state));
    setText(one("[data-said]", line), this.said(item));
    const why = one<HTMLElement>("[data-why]", line);
    if (why) why.hidden = item.state !== "refused";
    if (item.state === "refused") setText(why, item.sentence);
    const link = one<HTMLAnchorElement>("[data-link]", line);
    if (link && item.url) Object.assign(link, { hidden: false, href: item.url, textContent: item.number || item.title || item.url });
    this.buttons(item, line);
    return line;
  }

  private said(item: Item): string {
    if (item.state === "done") return item.sentence;
    if (item.owner !== this.owner) return word(this.root, "theirs");
    return item.state === "waiting" && item.tries ? word(this.root, "fail", { n: item.tries }) : item.state === "waiting" ? item.title : "";
  }

  private buttons(item: Item, line: HTMLElement): void {
    const again = one<HTMLButtonElement>("[data-again]", line);
    const drop = one<HTMLButtonElement>("[data-drop]", line);
    if (!again || !drop || item.state !== "refused") return;
    again.hidden = drop.hidden = false;
    again.textContent = word(this.root, "again");
    drop.textContent = word(this.root, "drop");
    again.addEventListener("click", () => void this.outbox.again(item.key));
    // What was refused goes only when a person says so twice.
    drop.addEventListener("click", () => {
      if (drop.dataset["sure"]) void this.outbox.forget(item.key);
      drop.dataset["sure"] = "1";
      drop.textContent = word(this.root, "sure");
    });
  }
}

function showError(form: HTMLElement, selector: string, sentence: string): void {
  const place = one<HTMLElement>(selector, form);
  if (!place) return;
  place.hidden = !sentence;
  place.textContent = sentence;
}

function apart(spot: Spot, lon: number, lat: number): number {
  const north = (lat - spot.lat) * 111_320;
  const east = (lon - spot.lon) * 111_320 * Math.cos((spot.lat * Math.PI) / 180);
  return Math.hypot(north, east);
}

const root = one<HTMLElement>("[data-field]");
if (root) void new Field(root).start();
