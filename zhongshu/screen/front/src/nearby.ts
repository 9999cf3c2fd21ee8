import { brief, one, setText, word } from "./dom";

interface Spot {
  name: string;
  at: [number, number];
  n: number;
  id: string;
}

/** A mark for each community: it leads to the rows of the table, which say the same. */
async function draw(element: HTMLElement): Promise<void> {
  const spots = JSON.parse(one("#spots")?.textContent ?? "[]") as Spot[];
  const { maplibregl, openMap } = await import("./maplibre");
  const map = openMap(element);
  for (const spot of spots) {
    const mark = document.createElement("a");
    mark.className = "nearby-mark figures";
    mark.href = `#${spot.id}`;
    mark.textContent = brief(spot.n);
    mark.setAttribute("aria-label", word(element, "spot", { name: spot.name, n: spot.n }));
    new maplibregl.Marker({ element: mark }).setLngLat(spot.at).addTo(map);
  }
}

function go(button: HTMLElement): void {
  const note = one("[data-here-note]");
  setText(note, word(button, "asking"));
  navigator.geolocation.getCurrentPosition(
    (found) => location.assign(`${button.dataset["hereGo"]}?lon=${found.coords.longitude.toFixed(3)}&lat=${found.coords.latitude.toFixed(3)}`),
    () => setText(note, word(button, "nohere")),
    { timeout: 10_000, maximumAge: 60_000 },
  );
}

const button = one<HTMLElement>("[data-here-go]");
button?.addEventListener("click", () => go(button));
const element = one<HTMLElement>("[data-nearby]");
// Without WebGL the table says the same.
if (element) draw(element).catch(() => element.closest("section")?.setAttribute("hidden", ""));
