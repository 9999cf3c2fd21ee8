import htmx from "htmx.org";
import { all, one } from "./dom";

const LOOK_EVERY = 3_000;
/** What the draft does not keep, kept for this tab alone: the operator's own desk, gone when it is closed. */
const HELD = ["name", "phone", "call"];
const HOLD = "operator:held";

function form(): HTMLFormElement | null {
  return one<HTMLFormElement>("#record");
}

function field(name: string): HTMLInputElement | null {
  const found = form()?.elements.namedItem(name);
  return found instanceof HTMLInputElement ? found : null;
}

function hold(): void {
  sessionStorage.setItem(HOLD, JSON.stringify(HELD.map((name) => field(name)?.value ?? "")));
}

function restore(): void {
  if (one("[data-draft-clear]")) sessionStorage.removeItem(HOLD);
  const held = JSON.parse(sessionStorage.getItem(HOLD) ?? "[]") as string[];
  HELD.forEach((name, n) => {
    const input = field(name);
    if (input && !input.value) input.value = held[n] ?? "";
  });
}

/** A call that rings is shown above the form; whoever is writing goes on writing. */
class Line {
  private shown = 0;
  private left = 0;

  constructor(private readonly box: HTMLElement) {
    setInterval(() => void this.look(), LOOK_EVERY);
    void this.look();
    document.addEventListener("visibilitychange", () => void this.look());
  }

  private async look(): Promise<void> {
    if (document.hidden) return;
    try {
      const answer = await fetch(this.box.dataset["ringing"] ?? "", { headers: { accept: "application/json" } });
      if (answer.ok && !answer.redirected) await this.show(((await answer.json()) as { call: number }).call);
    } catch {
      // No line to the server just now: the next look asks again, and what is typed stays where it is.
      return;
    }
  }

  private async show(call: number): Promise<void> {
    if (call === this.shown || (call && call === this.left)) return;
    this.shown = call;
    if (!call) {
      // The call is over, but what was shown of it stays until it was written down or put away.
      if (!field("call")?.value) this.box.replaceChildren();
      number();
      return;
    }
    await htmx.ajax("get", `${this.box.dataset["ringing"]}/${call}`, { target: "#ringing", swap: "innerHTML" });
    number();
  }

  take(): void {
    const card = one<HTMLElement>("[data-call]", this.box);
    if (!card) return;
    for (const name of HELD) {
      const input = field(name);
      if (input) input.value = card.dataset[name] ?? "";
    }
    hold();
    one<HTMLTextAreaElement>("#text")?.focus();
  }

  leave(): void {
    this.left = this.shown;
    this.box.replaceChildren();
    number();
    one<HTMLTextAreaElement>("#text")?.focus();
  }
}

function choices(): HTMLInputElement[] {
  return all<HTMLInputElement>("#ringing [data-choice], #suggest input[type=radio]");
}

/** Each choice says the key that takes it; the line of keys promises only what there is to take. */
function number(): void {
  const found = choices();
  one("[data-keys-choices]")?.toggleAttribute("hidden", !found.length);
  one("[data-keys-call]")?.toggleAttribute("hidden", !one("#ringing [data-call-take]"));
  const last = one("[data-keys-last]");
  if (last) last.textContent = found.length > 1 ? `1–${Math.min(found.length, 9)}` : "1";
  found.forEach((choice, n) => {
    const label = choice.closest("label");
    if (!label || n > 8) return;
    const key = label.querySelector("kbd") ?? label.appendChild(document.createElement("kbd"));
    key.textContent = `Alt ${n + 1}`;
  });
}

function choose(n: number): boolean {
  const choice = choices()[n];
  if (!choice) return false;
  choice.checked = true;
  choice.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

const box = one<HTMLElement>("[data-ringing]");
const line = box ? new Line(box) : null;
restore();
number();
form()?.addEventListener("input", hold);
one("[data-draft-drop]")?.addEventListener("click", () => sessionStorage.removeItem(HOLD));
document.addEventListener("htmx:afterSwap", number);
document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  if (event.target.closest("[data-call-take]")) line?.take();
  if (event.target.closest("[data-call-leave]")) line?.leave();
});
document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey) return;
  const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
  const known = digit ? choose(Number(digit) - 1) : event.code === "KeyA" || event.code === "KeyX";
  if (event.code === "KeyA") line?.take();
  if (event.code === "KeyX") line?.leave();
  if (known) event.preventDefault();
});
