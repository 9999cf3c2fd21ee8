/** Every word that a person reads comes from a template's data attribute, so that one translation file holds them all. */

export function all<T extends Element>(selector: string, root: ParentNode = document): T[] {
  return Array.from(root.querySelectorAll<T>(selector));
}

export function one<T extends Element>(selector: string, root: ParentNode = document): T | null {
  return root.querySelector<T>(selector);
}

/** The word `name` of an element (`data-word-name`), with `{key}` filled in. */
export function word(element: HTMLElement, name: string, values: Record<string, string | number> = {}): string {
  const pattern = element.getAttribute(`data-word-${name}`) ?? "";
  return pattern.replace(/\{(\w+)\}/g, (whole, key: string) => String(values[key] ?? whole));
}

export function setText(element: Element | null, text: string): void {
  if (element && element.textContent !== text) element.textContent = text;
}

const form = new Intl.NumberFormat(document.documentElement.lang || undefined);
const short = new Intl.NumberFormat(document.documentElement.lang || undefined, { notation: "compact", maximumFractionDigits: 1 });

export function figure(value: number): string {
  return form.format(value);
}

/** A number short enough for a small circle: 1.3K, 1.2万. */
export function brief(value: number): string {
  return short.format(value);
}
