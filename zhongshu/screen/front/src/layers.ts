import type maplibregl from "maplibre-gl";
import type { GeoJSONSource, Map as MapType } from "maplibre-gl";
import { all, one } from "./dom";
import { token } from "./ground";

/** The layers of the map that each switch of the legend shows and hides; the ground's own lines among them. */
const OWN: Record<string, string[]> = {
  heat: ["heat"],
  components: ["components", "component-groups", "component-numbers"],
  sensors: ["sensors"],
  warnings: ["warnings"],
  grid: ["grid"],
  community: ["community"],
  street: ["street"],
};
/** Few to many, as the key below the map shows them. */
const HEAT = ["heat-1", "heat-2", "heat-3", "heat-4", "heat-5"];
/** The density from which each of them is: a case alone is the first, a hundred together are the last. */
const STEPS = [0.05, 0.2, 0.4, 0.6, 0.8];
const POINTS = ["sensors", "warnings"] as const;
/** Pictures of single objects: shape says what it is, an edge that something is wrong, so that no colour is needed. */
const SIDE = 18;

export function tileAddress(template: string | undefined): string {
  return new URL(template ?? "", location.href).href.replaceAll("%7B", "{").replaceAll("%7D", "}");
}

type Draw = (pen: CanvasRenderingContext2D) => void;

const SHAPES: Record<string, Draw> = {
  component: (pen) => pen.rect(4, 4, 10, 10),
  sensor: (pen) => path(pen, [[9, 2], [16, 9], [9, 16], [2, 9]]),
  warning: (pen) => path(pen, [[9, 2], [17, 16], [1, 16]]),
};

function path(pen: CanvasRenderingContext2D, points: [number, number][]): void {
  points.forEach(([x, y], n) => (n ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.closePath();
}

function picture(shape: Draw, fill: string, edge: string): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const pen = canvas.getContext("2d") as CanvasRenderingContext2D;
  pen.beginPath();
  shape(pen);
  pen.fillStyle = fill;
  pen.strokeStyle = edge;
  pen.lineWidth = 2;
  pen.fill();
  pen.stroke();
  return pen.getImageData(0, 0, SIDE, SIDE);
}

/** What lies on the map besides the cases: components by the server's clusters, sensors, warnings, and heat. */
export class Layers {
  private readonly boxes = all<HTMLInputElement>("[data-layer]");
  private only = false;

  constructor(
    private readonly element: HTMLElement,
    private readonly map: MapType,
    private readonly cases: string[],
  ) {
    for (const box of this.boxes) box.addEventListener("change", () => this.show(box.value, box.checked));
  }

  /** Again after each change of theme, which makes the whole style anew. */
  dress(casesSource: string): void {
    this.draw();
    this.heat(casesSource);
    this.components();
    for (const name of POINTS) this.points(name);
    for (const box of this.boxes) this.show(box.value, box.checked);
  }

  /** The five steps of the key as bands, under the borders: the server's groups lie some 64 pixels apart, so a spot
   *  reaches as far as the next one, and single cases, a few zooms on, join as groups do. */
  private heat(source: string): void {
    const bands = HEAT.flatMap((name, n) => [STEPS[n] ?? 1, token(name)]);
    this.map.addLayer(
      {
        id: "heat",
        type: "heatmap",
        source,
        "source-layer": "cases",
        layout: { visibility: "none" },
        paint: {
          "heatmap-weight": ["interpolate", ["linear"], ["coalesce", ["get", "n"], 1], 1, 0.12, 5, 0.35, 20, 0.7, 100, 1, 1000, 1.4],
          "heatmap-intensity": 2,
          "heatmap-radius": ["interpolate", ["linear"], ["zoom"], 8, 60, 11, 84, 15, 84, 17, 56],
          "heatmap-color": ["step", ["heatmap-density"], `${token("heat-1")}00`, ...bands] as never,
        },
      },
      this.map.getStyle().layers.find((layer) => layer.type === "line")?.id,
    );
  }

  private draw(): void {
    for (const [name, shape] of Object.entries(SHAPES)) {
      const fill = token(name === "warning" ? "warn-solid" : name === "sensor" ? "ok" : "muted");
      this.map.addImage(name, picture(shape, fill, token("surface")));
      this.map.addImage(`${name}-odd`, picture(shape, fill, token("danger-solid")));
    }
  }

  private components(): void {
    this.map.addSource("components", { type: "vector", tiles: [this.assets()], maxzoom: 16 });
    const single = ["<=", ["coalesce", ["get", "n"], 1], 1] as never;
    const common = { source: "components", "source-layer": "components" } as const;
    this.map.addLayer({
      id: "component-groups",
      type: "circle",
      ...common,
      filter: ["!", single] as never,
      paint: {
        "circle-color": token("muted"),
        "circle-opacity": 0.55,
        "circle-radius": ["interpolate", ["linear"], ["get", "n"], 2, 5, 100, 10, 10000, 20],
        "circle-stroke-color": token("danger-solid"),
        "circle-stroke-width": ["case", ["to-boolean", ["get", "overdue"]], 1.5, 0],
      },
    });
    const image = ["case", ["to-boolean", ["get", "overdue"]], "component-odd", "component"] as never;
    this.map.addLayer({ id: "components", type: "symbol", ...common, filter: single, layout: { "icon-image": image, "icon-allow-overlap": true, "icon-size": 0.8 } });
  }

  private assets(): string {
    return tileAddress(this.element.dataset["assets"]) + (this.only ? "?only=1" : "");
  }

  private points(name: (typeof POINTS)[number]): void {
    this.map.addSource(name, { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    const shape = name === "sensors" ? "sensor" : "warning";
    const image = ["case", ["to-boolean", ["get", "odd"]], `${shape}-odd`, shape] as never;
    this.map.addLayer({ id: name, type: "symbol", source: name, layout: { "icon-image": image, "icon-allow-overlap": true } });
  }

  private show(name: string, on: boolean): void {
    const visibility = on ? "visible" : "none";
    for (const layer of name === "cases" ? this.cases : (OWN[name] ?? [])) if (this.map.getLayer(layer)) this.map.setLayoutProperty(layer, "visibility", visibility);
    if (on && (POINTS as readonly string[]).includes(name)) this.map.getSource<GeoJSONSource>(name)?.setData(`${this.element.dataset["points"]}?layer=${name}`);
    one(`[data-key-${name}]`)?.toggleAttribute("hidden", !on);
    this.map.fire("layers", { name, on });
  }

  shown(name: string): boolean {
    return this.boxes.find((box) => box.value === name)?.checked ?? name === "cases";
  }

  /** The table's filter is the map's: only what is overdue, only what is not good. */
  narrow(only: boolean): void {
    this.only = only;
    this.map.getSource<maplibregl.VectorTileSource>("components")?.setTiles([this.assets()]);
  }
}

/** The table beside the map: it lists what the map shows, and its rows lead the map. */
export class Beside {
  private timer = 0;

  constructor(
    private readonly element: HTMLElement,
    private readonly map: MapType,
    private readonly narrow: (only: boolean) => void,
  ) {
    if (!this.table) return;
    map.once("load", () => this.follow());
    map.on("moveend", () => this.follow());
    document.addEventListener("click", (event) => this.lead(event));
    document.addEventListener("change", (event) => {
      if (event.target instanceof HTMLInputElement && event.target.matches("[data-map-only]")) this.narrow(event.target.checked);
    });
  }

  private get table(): HTMLElement | null {
    return one<HTMLElement>(this.element.dataset["table"] ?? "[data-no-table]");
  }

  /** Ask for what is in view now, half a second after the map came to rest. */
  private follow(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      const form = one<HTMLFormElement>("[data-map-filter]", this.table ?? document);
      const field = form && one<HTMLInputElement>("[name=bbox]", form);
      if (!form || !field || this.table?.contains(document.activeElement)) return;
      const seen = this.map.getBounds();
      field.value = [seen.getWest(), seen.getSouth(), seen.getEast(), seen.getNorth()].map((edge) => edge.toFixed(5)).join(",");
      // Not by the form: one that has just come isn't bound yet, and would take the whole page along.
      form.closest("[data-map-follow]")?.dispatchEvent(new Event("follow"));
    }, 500);
  }

  private lead(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-map-go]") : null;
    const [lon, lat] = (link?.dataset["mapGo"] ?? "").split(",").map(Number);
    if (!link || lon === undefined || lat === undefined || Number.isNaN(lon + lat)) return;
    event.preventDefault();
    this.map.jumpTo({ center: [lon, lat], zoom: Math.max(17, this.map.getZoom()) });
    this.map.getCanvas().focus();
  }
}
