import { one } from "./dom";

/** How the screen looks to this person: kept a year in a cookie, so that the server writes it into the first byte and nothing
 *  flickers; residents who never sign in have it too. */
function keep(name: "theme" | "size", value: string): void {
  if (value) document.documentElement.dataset[name] = value;
  else delete document.documentElement.dataset[name];
  document.cookie = `${name}=${value};path=/;max-age=${value ? 31_536_000 : 0};samesite=lax`;
}

function dark(): boolean {
  const chosen = document.documentElement.dataset["theme"];
  return chosen ? chosen !== "light" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function show(): void {
  const { theme, size } = document.documentElement.dataset;
  one("[data-theme-switch]")?.setAttribute("aria-pressed", String(dark()));
  one("[data-wall-switch]")?.setAttribute("aria-pressed", String(theme === "wall"));
  one("[data-size-switch]")?.setAttribute("aria-pressed", String(size === "elder"));
}

/** What a button of the bar changes. The wall's theme goes on and off; off is the dark it came from. */
export function startDisplay(): void {
  show();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target.closest("[data-theme-switch], [data-wall-switch], [data-size-switch]") : null;
    if (!target) return;
    const { theme, size } = document.documentElement.dataset;
    if (target.matches("[data-theme-switch]")) keep("theme", dark() ? "light" : "dark");
    else if (target.matches("[data-wall-switch]")) keep("theme", theme === "wall" ? "dark" : "wall");
    else keep("size", size === "elder" ? "" : "elder");
    show();
    document.dispatchEvent(new CustomEvent("theme"));
  });
}
