import { all, setText, word } from "./dom";

/** How long `minutes` is, in the largest two units, by the patterns of <body>. */
export function span(minutes: number): string {
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  const rest = Math.floor(minutes % 60);
  const name = days > 0 ? (hours > 0 ? "days" : "whole-days") : hours > 0 ? (rest > 0 ? "hours" : "whole-hours") : "minutes";
  return word(document.body, name, { d: days, h: hours, m: rest });
}

function tick(chip: HTMLElement): void {
  const due = Date.parse(chip.dataset["due"] ?? "");
  if (Number.isNaN(due)) return;
  const minutes = (due - Date.now()) / 60_000;
  const late = minutes < 0;
  setText(chip.querySelector("[data-clock-text]"), word(document.body, late ? "late" : "left", { t: span(Math.abs(minutes)) }));
  if (late) chip.classList.replace("clock-soon", "clock-late") || chip.classList.replace("clock-ok", "clock-late");
}

/** Keep the clock chips true while a page stays open. */
export function startClocks(): void {
  setInterval(() => all<HTMLElement>("[data-due]").forEach(tick), 30_000);
}
