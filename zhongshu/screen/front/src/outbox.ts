/** The send queue: one thing after the other, each until the server has said what became of it. Nothing leaves it unsaid. */
import { drop, held, put, queue } from "./store";
import type { Item } from "./store";

interface Answer {
  state: string;
  sentence?: string;
  number?: string;
  url?: string;
}

const LONGEST_WAIT = 60_000;
const KEPT_DONE = 24 * 3_600_000;
const GIVE_UP = 90_000;

export class Outbox {
  private timer = 0;
  private wait = 2_000;
  private busy = false;
  sending = "";
  signedOut = false;

  constructor(
    private readonly owner: string,
    private readonly address: string,
    private readonly changed: () => void,
  ) {
    window.addEventListener("online", () => this.now());
    document.addEventListener("visibilitychange", () => document.hidden || this.now());
  }

  async add(item: Item): Promise<void> {
    await put(item);
    this.changed();
    this.now();
  }

  /** A person says: once more, or never mind. */
  async again(key: string): Promise<void> {
    const item = await held(key);
    if (item) await put({ ...item, state: "waiting", sentence: "" });
    this.now();
  }

  async forget(key: string): Promise<void> {
    await drop(key);
    this.changed();
  }

  now(): void {
    clearTimeout(this.timer);
    this.wait = 2_000;
    void this.run();
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.run(), this.wait);
    this.wait = Math.min(LONGEST_WAIT, this.wait * 2);
  }

  private async run(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      // Two pages of one browser take turns; without https there is no lock, and the server takes each key once anyway.
      if (navigator.locks) await navigator.locks.request("field-outbox", () => this.drain());
      else await this.drain();
    } finally {
      this.busy = false;
      this.sending = "";
      this.changed();
    }
  }

  private async drain(): Promise<void> {
    for (const item of await queue()) {
      if (item.state === "done" && Date.now() - item.made > KEPT_DONE) await drop(item.key);
      if (item.state !== "waiting" || item.owner !== this.owner) continue;
      this.sending = item.key;
      this.changed();
      if (!(await this.deliver(item))) return this.later();
    }
  }

  /** False when the network, the server or the log-in is away: then the others wait as well, in their order. */
  private async deliver(item: Item): Promise<boolean> {
    let answer: Answer | null = null;
    try {
      const given = await fetch(this.address, { method: "POST", body: body(item), headers: { "X-CSRFToken": cookie() }, signal: AbortSignal.timeout(GIVE_UP) });
      this.signedOut = given.status === 401 || given.status === 403;
      if (given.headers.get("content-type")?.includes("json")) answer = (await given.json()) as Answer;
    } catch {
      answer = null;
    }
    if (answer?.state === "done" || answer?.state === "refused") {
      const files = answer.state === "done" ? [] : item.files;
      const fields = answer.state === "done" ? {} : item.fields;
      await put({ ...item, files, fields, state: answer.state, sentence: answer.sentence ?? "", number: answer.number ?? "", url: answer.url ?? "" });
      return true;
    }
    await put({ ...item, tries: item.tries + 1 });
    return false;
  }
}

function body(item: Item): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...item.fields, kind: item.kind, client_key: item.key })) form.append(name, value);
  for (const file of item.files) form.append(file.field, new Blob([file.bytes], { type: file.type }), file.name);
  return form;
}

/** Read when it is sent: a log-in since then has made another one. */
function cookie(): string {
  return /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
}
