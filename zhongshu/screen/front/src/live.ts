import { all, figure, one, setText, word } from "./dom";

const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;

interface CaseEvent {
  id: number;
  state: string;
  lon: number | null;
  lat: number | null;
}

/** One connection to /live: opens again after 1, 2, 4 … 30 s, and says so when what is shown has grown old. */
class Live {
  private source: EventSource | null = null;
  private wait = FIRST_WAIT;
  private heard = Date.now();
  private away = false;
  private timer = 0;

  constructor(private readonly badge: HTMLElement) {}

  start(): void {
    this.open();
    setInterval(() => this.judge(), 1_000);
    document.addEventListener("visibilitychange", () => (document.hidden ? this.close() : this.open()));
    window.addEventListener("online", () => this.open());
    window.addEventListener("pagehide", () => this.close());
  }

  private open(): void {
    this.close();
    const source = new EventSource(this.badge.dataset["liveUrl"] ?? "/live");
    source.addEventListener("open", () => this.hear());
    source.addEventListener("ping", () => this.hear());
    source.addEventListener("numbers", (event) => this.hear(() => showNumbers(JSON.parse(event.data))));
    source.addEventListener("case", (event) => this.hear(() => tellCase(JSON.parse(event.data))));
    source.addEventListener("error", () => this.retry());
    this.source = source;
  }

  private close(): void {
    clearTimeout(this.timer);
    this.away ||= this.source !== null;
    this.source?.close();
    this.source = null;
  }

  private retry(): void {
    this.close();
    this.timer = setTimeout(() => this.open(), this.wait * (0.75 + Math.random() / 2));
    this.wait = Math.min(LONGEST_WAIT, this.wait * 2);
    this.judge();
  }

  private hear(show: () => void = () => undefined): void {
    this.heard = Date.now();
    this.wait = FIRST_WAIT;
    show();
    this.judge();
    if (this.away) this.catchUp();
  }

  /** What happened while we were away nobody will tell us: lists and map are asked again. */
  private catchUp(): void {
    this.away = false;
    tellCase({ id: 0, state: "", lon: null, lat: null });
  }

  private judge(): void {
    const seconds = Math.round((Date.now() - this.heard) / 1000);
    const stale = seconds > Number(this.badge.dataset["staleAfter"] ?? 45);
    const state = stale ? "stale" : this.source ? "live" : "lost";
    const changed = this.badge.dataset["state"] !== state;
    this.badge.dataset["state"] = state;
    document.documentElement.toggleAttribute("data-stale", stale);
    // The time is for the eye only; a screen reader hears the change of state once.
    setText(one("[data-live-age]", this.badge), stale ? word(this.badge, "age", { t: moment(this.heard) }) : "");
    if (changed) setText(one("[data-live-text]", this.badge), word(this.badge, state));
  }
}

const clock = new Intl.DateTimeFormat(document.documentElement.lang || undefined, { timeStyle: "medium" });

/** The time of day; of another day with its date, for a wall that was left alone. */
function moment(at: number): string {
  const then = new Date(at);
  return then.toDateString() === new Date().toDateString() ? clock.format(then) : then.toLocaleString(document.documentElement.lang || undefined);
}

function showNumbers(numbers: Record<string, number | string | null>): void {
  for (const [key, value] of Object.entries(numbers)) {
    for (const place of all<HTMLElement>(`[data-number="${CSS.escape(key)}"]`)) {
      const text = typeof value === "number" ? figure(value) : (value ?? "—");
      if (place.textContent === text) continue;
      setText(place, text);
      place.closest(".number")?.classList.remove("is-stale");
      place.classList.remove("is-new");
      requestAnimationFrame(() => place.classList.add("is-new"));
    }
  }
}

function tellCase(found: CaseEvent): void {
  document.dispatchEvent(new CustomEvent<CaseEvent>("live:case", { detail: found }));
}

const badge = one<HTMLElement>("[data-live-url]");
if (badge) new Live(badge).start();
