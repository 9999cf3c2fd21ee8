import { all, word } from "./dom";

/** A field that takes several of a list: each name that is chosen becomes a chip, and the field is free for the next. */
function grow(input: HTMLInputElement): void {
  const chips = document.createElement("div");
  chips.className = "chips";
  const must = input.required;
  const name = input.name;
  input.removeAttribute("name");
  input.before(chips);

  const offered = (): string[] => all<HTMLOptionElement>("option", input.list ?? document.createElement("div")).map((option) => option.value);
  const settle = (): void => {
    input.required = must && chips.childElementCount === 0;
  };

  function take(): void {
    const said = input.value.trim();
    if (!offered().includes(said)) return;
    const chip = document.createElement("button");
    chip.type = "button";
    chip.className = "button button-small";
    chip.textContent = `${said} ×`;
    chip.setAttribute("aria-label", word(input, "remove", { name: said }));
    const held = document.createElement("input");
    held.type = "hidden";
    held.name = name;
    held.value = said;
    chip.append(held);
    chip.addEventListener("click", () => {
      chip.remove();
      settle();
      input.focus();
    });
    const known = all<HTMLInputElement>("input", chips).some((one) => one.value === said);
    if (!known) chips.append(chip);
    input.value = "";
    settle();
  }

  input.addEventListener("input", (event) => {
    // Choosing from the list is no typing: it comes as one replacement.
    if (!(event instanceof InputEvent) || event.inputType === "insertReplacementText") take();
  });
  input.addEventListener("change", take);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !input.value) return;
    event.preventDefault();
    take();
  });
  // What is still in the field when the form goes is sent as it stands: the server says what it does not know.
  input.form?.addEventListener("submit", () => {
    if (input.value.trim()) input.name = name;
  });
}

export function startPicks(root: ParentNode = document): void {
  for (const input of all<HTMLInputElement>("input[data-picks]", root)) grow(input);
}
