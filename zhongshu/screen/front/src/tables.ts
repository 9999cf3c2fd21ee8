import { all, one } from "./dom";

/** A table or a row of tabs wider than its box says so: the side on which more waits fades (style: data-more). */
function mark(box: HTMLElement): void {
  const left = box.scrollLeft > 2;
  const right = box.scrollLeft + box.clientWidth < box.scrollWidth - 2;
  const more = left && right ? "both" : right ? "right" : left ? "left" : "";
  if (more) box.dataset["more"] = more;
  else delete box.dataset["more"];
}

export function startTables(): void {
  const sized = new ResizeObserver((entries) => entries.forEach((entry) => mark(entry.target as HTMLElement)));
  const watch = (): void => {
    for (const box of all<HTMLElement>(".table-box:not([data-watched]), .tabs:not([data-watched])")) {
      box.dataset["watched"] = "";
      box.addEventListener("scroll", () => mark(box), { passive: true });
      sized.observe(box);
      const here = box.matches(".tabs") ? one<HTMLElement>("[aria-current]", box) : null;
      if (here) box.scrollLeft = here.offsetLeft - (box.clientWidth - here.offsetWidth) / 2;
    }
  };
  watch();
  document.addEventListener("htmx:load", watch);
}
