import { all, one, setText, word } from "./dom";

const EACH = 20_000;

/** Boards of a wall, one after the other. Space stops and starts, arrows turn; whoever asked for less motion starts it. */
class Wall {
  private readonly boards = all<HTMLElement>("[data-board]");
  private here = 0;
  private timer = 0;

  constructor(private readonly bar: HTMLElement) {
    document.addEventListener("keydown", (event) => this.hear(event));
    one("[data-wall-pause]", bar)?.addEventListener("click", () => this.turn(!this.timer));
    for (const [name, step] of [["back", -1], ["next", 1]] as const) one(`[data-wall-${name}]`, bar)?.addEventListener("click", () => this.go(step));
    // A board on which somebody works stays.
    for (const board of this.boards) board.addEventListener("focusin", () => this.turn(false));
    this.show();
    this.turn(!matchMedia("(prefers-reduced-motion: reduce)").matches);
  }

  private hear(event: KeyboardEvent): void {
    const at = event.target instanceof Element ? event.target : null;
    if (event.ctrlKey || event.metaKey || event.altKey || at?.closest("input, select, textarea, a, button, summary, .map, [contenteditable]")) return;
    if (event.key === " ") this.turn(!this.timer);
    else if (event.key === "ArrowRight") this.go(1);
    else if (event.key === "ArrowLeft") this.go(-1);
    else return;
    event.preventDefault();
  }

  private go(step: number): void {
    this.here = (this.here + step + this.boards.length) % this.boards.length;
    this.show();
    if (this.timer) this.turn(true);
  }

  private turn(on: boolean): void {
    clearInterval(this.timer);
    this.timer = on ? window.setInterval(() => this.go(1), EACH) : 0;
    const button = one<HTMLElement>("[data-wall-pause]", this.bar);
    button?.setAttribute("aria-pressed", String(!on));
    this.bar.dataset["turning"] = String(on);
    setText(one("[data-wall-said]", this.bar), word(this.bar, on ? "turning" : "paused"));
  }

  private show(): void {
    this.boards.forEach((board, n) => (board.hidden = n !== this.here));
    setText(one("[data-wall-board]", this.bar), `${this.here + 1} / ${this.boards.length}`);
  }
}

all<HTMLElement>("[data-wall]").forEach((bar) => new Wall(bar));
