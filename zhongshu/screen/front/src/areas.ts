import type { Map as MapType } from "maplibre-gl";
import { all, one, word } from "./dom";
import { token } from "./ground";
import { maplibregl, openMap } from "./maplibre";

interface Area {
  n: number;
  at: [number, number];
  metres: number;
  name: string;
  /** Longitude, latitude, 0 for what came first and 1 for what followed, number of the case. */
  cases: [number, number, number, number][];
}

const CORNERS = 48;
const METRES_OF_A_DEGREE = 111_195;

/** The places of a cause: a circle each, its cases as dots, filled for what came first and hollow for what followed. */
class AreaMap {
  private readonly map: MapType;

  constructor(
    private readonly element: HTMLElement,
    private readonly areas: Area[],
  ) {
    this.map = openMap(element, { maxZoom: 18 });
    // Again after each change of theme, which makes the whole style anew.
    this.map.on("style.load", () => this.dress());
    for (const area of areas) this.label(area);
    this.map.on("click", "area-cases", (event) => {
      const id = event.features?.[0]?.properties["id"] as number | undefined;
      if (id) location.assign(`${element.dataset["caseUrl"]}${id}`);
    });
  }

  private dress(): void {
    if (this.map.getSource("areas")) return;
    const circles = this.areas.map((area) => ({ type: "Feature" as const, properties: {}, geometry: { type: "Polygon" as const, coordinates: [circle(area)] } }));
    const spots = this.areas.flatMap(({ cases }) =>
      cases.map(([lon, lat, follows, id]) => ({ type: "Feature" as const, properties: { follows, id }, geometry: { type: "Point" as const, coordinates: [lon, lat] } })),
    );
    this.map.addSource("areas", { type: "geojson", data: { type: "FeatureCollection", features: circles } });
    this.map.addSource("area-cases", { type: "geojson", data: { type: "FeatureCollection", features: spots } });
    this.map.addLayer({ id: "areas", type: "fill", source: "areas", paint: { "fill-color": token("accent-solid"), "fill-opacity": 0.12 } });
    this.map.addLayer({ id: "area-rims", type: "line", source: "areas", paint: { "line-color": token("accent-solid"), "line-width": 2 } });
    const follows = ["==", ["get", "follows"], 1];
    this.map.addLayer({
      id: "area-cases",
      type: "circle",
      source: "area-cases",
      paint: {
        "circle-radius": 5,
        "circle-color": ["case", follows as never, token("surface"), token("accent-solid")],
        "circle-stroke-width": ["case", follows as never, 3, 1],
        "circle-stroke-color": ["case", follows as never, token("warn-solid"), token("surface")],
      },
    });
  }

  /** A number that leads to the place in the list beside the map. */
  private label({ n, at, name }: Area): void {
    const link = document.createElement("a");
    link.href = `#place-${n}`;
    link.className = "map-cluster";
    link.textContent = String(n);
    link.setAttribute("aria-label", word(this.element, "area", { n, name }));
    link.addEventListener("click", () => {
      const place = one<HTMLDetailsElement>(`#place-${n}`);
      if (place) place.open = true;
    });
    new maplibregl.Marker({ element: link, offset: [0, -26] }).setLngLat(at).addTo(this.map);
    // The marker calls itself a button; it is a link.
    link.removeAttribute("role");
  }
}

function circle({ at: [lon, lat], metres }: Area): [number, number][] {
  const up = metres / METRES_OF_A_DEGREE;
  const aside = up / Math.cos((lat * Math.PI) / 180);
  return Array.from({ length: CORNERS + 1 }, (_, n) => {
    const angle = (2 * Math.PI * n) / CORNERS;
    return [lon + aside * Math.cos(angle), lat + up * Math.sin(angle)];
  });
}

function start(element: HTMLElement): void {
  try {
    new AreaMap(element, JSON.parse(element.dataset["areas"] ?? "[]") as Area[]);
  } catch {
    // No WebGL: the list below holds the same places, and the page says where it is.
    const notice = one<HTMLElement>("[data-map-failed]", element.parentElement ?? document);
    if (notice) notice.hidden = false;
    element.hidden = true;
  }
}

all<HTMLElement>("[data-areas]").forEach(start);
