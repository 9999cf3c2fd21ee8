import type maplibregl from "maplibre-gl";
import type { GeoJSONSource, LngLatBounds, Map as MapType, Marker, StyleSpecification } from "maplibre-gl";

type Library = typeof maplibregl;
type Outlines = GeoJSON.FeatureCollection<GeoJSON.Geometry, { code: string; name: string; name_en?: string; at?: [number, number]; level?: string }>;

interface Level {
  name: "district" | "street" | "community" | "grid";
  source: (typeof SOURCES)[number];
  /** The zoom from which outlines are loaded and drawn. */
  from: number;
  /** The zooms between which names are written. */
  named: [number, number];
  width: number;
  dash?: [number, number];
}

/** Each source that lines or areas are drawn from costs two passes over the whole canvas, again whenever the next layer
 *  is of another one: all divisions are one source, the grids, which come box by box, lie on top. */
const SOURCES = ["divisions", "grids"] as const;
const LEVELS: Level[] = [
  { name: "community", source: "divisions", from: 12.5, named: [13.5, 99], width: 0.8, dash: [4, 3] },
  { name: "street", source: "divisions", from: 10.5, named: [11.5, 15.5], width: 1 },
  { name: "district", source: "divisions", from: 0, named: [0, 13.5], width: 1.8 },
  { name: "grid", source: "grids", from: 15, named: [99, 99], width: 0.5, dash: [1, 3] },
];
const PLACES_FROM = 15;
const PLACES_AT_MOST = 40;
const NAMES_AT_MOST = 60;
/** Boxes asked for end on multiples of this many degrees, so that a small move asks for nothing new. */
const STEP = 0.005;

interface Name {
  key: string;
  text: string;
  kind: string;
  at: [number, number];
}

/** A colour of the design language, as the page's theme has it now. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** The width of a text in Chinese characters: a Latin letter is about half as wide. */
function ems(text: string): number {
  return [...text].reduce((sum, letter) => sum + (letter > "\u2e80" ? 1 : 0.55), 0);
}

/** The base map: own outlines and names, loaded as one zooms in; no glyphs, no sprites, no other host. */
export class Ground {
  private readonly outlines = new Map<string, Outlines>();
  private readonly names = new Map<string, Name[]>();
  private readonly asked = new Map<string, string>();
  private readonly labels = new Map<string, Marker>();
  private map: MapType | null = null;
  private library: Library | null = null;

  constructor(private readonly element: HTMLElement) {}

  style(): StyleSpecification {
    const of = (level: string) => ["==", ["get", "level"], level] as never;
    return {
      version: 8,
      sources: Object.fromEntries(SOURCES.map((source) => [source, { type: "geojson", data: this.held(source) }])),
      layers: [
        { id: "water", type: "background", paint: { "background-color": token("map-ground") } },
        { id: "land", type: "fill", source: "divisions", filter: of("district"), paint: { "fill-color": token("map-land"), "fill-antialias": false } },
        ...LEVELS.map(({ name, source, from, width, dash }) => ({
          id: name,
          type: "line" as const,
          source,
          filter: of(name),
          minzoom: from,
          // Round joins are four times as many triangles, and nobody sees them on a line of one pixel.
          layout: { "line-join": "miter" as const },
          paint: { "line-color": token(name === "district" ? "map-edge" : "map-line"), "line-width": width, ...(dash ? { "line-dasharray": dash } : {}) },
        })),
      ],
    };
  }

  /** The outlines of a source that are there so far. */
  private held(source: string): Outlines {
    const levels = LEVELS.filter((one) => one.source === source);
    return { type: "FeatureCollection", features: levels.flatMap(({ name }) => this.outlines.get(name)?.features ?? []) };
  }

  /** Become the ground of a map; gives the box of all districts once they are there. */
  async lie(map: MapType, library: Library): Promise<LngLatBounds> {
    [this.map, this.library] = [map, library];
    map.on("style.load", () => this.show());
    map.on("moveend", () => this.show());
    map.on("resize", () => this.label());
    document.addEventListener("theme", () => map.setStyle(this.style(), { diff: false }));
    await this.outline("district", "");
    const box = new library.LngLatBounds();
    for (const feature of this.outlines.get("district")?.features ?? []) corners(feature.geometry, (lon, lat) => box.extend([lon, lat]));
    return box;
  }

  /** Load what this zoom needs and write the names. */
  private show(): void {
    const zoom = this.map?.getZoom() ?? 0;
    for (const { name, from } of LEVELS) if (zoom >= from) void this.outline(name, name === "grid" ? this.box() : "");
    if (zoom >= PLACES_FROM) void this.places(this.box());
    this.label();
  }

  private box(): string {
    const seen = this.map?.getBounds();
    if (!seen) return "";
    const edges = [Math.floor(seen.getWest() / STEP), Math.floor(seen.getSouth() / STEP), Math.ceil(seen.getEast() / STEP), Math.ceil(seen.getNorth() / STEP)];
    return edges.map((edge) => (edge * STEP).toFixed(3)).join(",");
  }

  private async outline(level: string, box: string): Promise<void> {
    const found = await this.fetch<Outlines>(level, `${this.element.dataset["divisions"]}?level=${level}${box && `&bbox=${box}`}`);
    if (!found) return;
    for (const { properties } of found.features) properties.level = level;
    this.outlines.set(level, found);
    const { source } = LEVELS.find(({ name }) => name === level) as Level;
    this.map?.getSource<GeoJSONSource>(source)?.setData(this.held(source));
    const english = document.documentElement.lang.startsWith("en");
    const named = found.features.filter(({ properties }) => properties.name);
    this.names.set(
      level,
      named.flatMap(({ properties: { code, name, name_en, at } }) => (at ? [{ key: `${level}${code}`, text: (english && name_en) || name, kind: level, at }] : [])),
    );
    this.label();
  }

  private async places(box: string): Promise<void> {
    const found = await this.fetch<{ places: { name: string; kind: string; lon: number; lat: number }[] }>("place", `${this.element.dataset["places"]}?bbox=${box}`);
    if (!found) return;
    const names = found.places.map(({ name, lon, lat }): Name => ({ key: `place${name}${lon}`, text: name, kind: "place", at: [lon, lat] }));
    this.names.set("place", names);
    this.label();
  }

  /** What an address holds; null when it was asked for last, when it failed, or when another was asked for meanwhile. */
  private async fetch<T>(what: string, address: string): Promise<T | null> {
    if (this.asked.get(what) === address) return null;
    this.asked.set(what, address);
    try {
      const answer = await fetch(address);
      const found = answer.ok ? ((await answer.json()) as T) : null;
      return this.asked.get(what) === address ? found : null;
    } catch {
      // Without a network the map stays as it is; the next move asks again.
      this.asked.delete(what);
      return null;
    }
  }

  /** Write the names that lie in view, the larger divisions first, none over another. */
  private label(): void {
    if (!this.map || !this.library) return;
    const shown = new Map<string, Name>();
    const taken: [number, number, number, number][] = [];
    let places = 0;
    for (const name of this.wanted()) {
      if (shown.size >= NAMES_AT_MOST || (name.kind === "place" && places >= PLACES_AT_MOST)) break;
      const { x, y } = this.map.project(name.at);
      const half = ems(name.text) * (name.kind === "district" ? 8 : 6.5) + 4;
      const box: [number, number, number, number] = [x - half, y - 11, x + half, y + 11];
      if (x < 0 || y < 0 || x > this.element.clientWidth || y > this.element.clientHeight || taken.some((other) => overlap(box, other))) continue;
      taken.push(box);
      shown.set(name.key, name);
      places += Number(name.kind === "place");
    }
    for (const [key, marker] of this.labels) if (!shown.has(key) && this.labels.delete(key)) marker.remove();
    for (const [key, name] of shown) if (!this.labels.has(key)) this.labels.set(key, this.write(name));
  }

  private wanted(): Name[] {
    const zoom = this.map?.getZoom() ?? 0;
    const levels = LEVELS.filter(({ named: [from, to] }) => zoom >= from && zoom < to).reverse();
    const divisions = levels.flatMap(({ name }) => this.names.get(name) ?? []);
    return zoom >= PLACES_FROM ? [...divisions, ...(this.names.get("place") ?? [])] : divisions;
  }

  private write({ text, kind, at }: Name): Marker {
    const label = document.createElement("span");
    label.className = `map-name map-name-${kind}`;
    label.textContent = text;
    const { Marker } = this.library as Library;
    const marker = new Marker({ element: label, opacityWhenCovered: "1" }).setLngLat(at).addTo(this.map as MapType);
    // After the marker's own words: names are a picture here, the lists beside the map say the same.
    label.removeAttribute("role");
    label.removeAttribute("aria-label");
    label.removeAttribute("tabindex");
    label.ariaHidden = "true";
    return marker;
  }
}

function overlap(a: [number, number, number, number], b: [number, number, number, number]): boolean {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}

function corners(geometry: GeoJSON.Geometry, take: (lon: number, lat: number) => void): void {
  const parts = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.type === "MultiPolygon" ? geometry.coordinates : [];
  for (const part of parts) for (const [lon = 0, lat = 0] of part[0] ?? []) take(lon, lat);
}
