import type { Map as MapType, MapGeoJSONFeature, Marker } from "maplibre-gl";
import { all, brief, figure, one, setText, word } from "./dom";
import { token } from "./ground";
import { Beside, Layers, tileAddress } from "./layers";
import { maplibregl, openMap, readBounds } from "./maplibre";

const DOTS = "cases";
const REFRESH_AT_MOST_EVERY = 2_000;

interface Spot {
  id?: number;
  n?: number;
  state?: string;
  urgency?: number;
  overdue?: boolean;
}

/** The live map of cases: single cases are dots, clusters (made by the server) are round counts. */
class CaseMap {
  private readonly map: MapType;
  private readonly clusters = new Map<string, Marker>();
  private readonly layers: Layers;
  private refreshing = 0;
  private only = false;

  constructor(private readonly element: HTMLElement) {
    this.map = openMap(element);
    this.layers = new Layers(element, this.map, [DOTS, "clusters"]);
    new Beside(element, this.map, (only) => this.narrow(only));
    // Again after each change of theme, which makes the whole style anew.
    this.map.on("style.load", () => this.dress());
    this.goTo(element.dataset["at"]);
    this.map.on("idle", () => this.showClusters());
    this.map.on("click", DOTS, (event) => this.openCase(event.features?.[0]));
    this.map.on("click", "components", (event) => this.openComponent(event.features?.[0]));
    for (const name of ["sensors", "warnings"]) this.map.on("click", name, (event) => this.openPoint(event.features?.[0]));
    this.map.on("layers", () => this.showClusters());
    this.map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.openMiddle();
      if (event.key === "Home") this.goHome();
    });
    this.map.on("mouseenter", DOTS, () => this.point("pointer"));
    this.map.on("mouseleave", DOTS, () => this.point(""));
    document.addEventListener("live:case", (event) => this.hear(event as CustomEvent<{ lon: number | null; lat: number | null }>));
  }

  /** Open at one point, marked: where a case's page sent us. */
  private goTo(at: string | undefined): void {
    const [lon, lat] = (at ?? "").split(",").map(Number);
    if (lon === undefined || lat === undefined || Number.isNaN(lon + lat)) return;
    this.map.jumpTo({ center: [lon, lat], zoom: 16 });
    const here = document.createElement("span");
    here.className = "map-here";
    here.ariaHidden = "true";
    new maplibregl.Marker({ element: here }).setLngLat([lon, lat]).addTo(this.map);
  }

  /** All of one's place again, as at the beginning. */
  private goHome(): void {
    const bounds = readBounds(this.element);
    if (bounds) this.map.fitBounds(bounds, { padding: 24, animate: false });
  }

  private point(cursor: string): void {
    this.map.getCanvas().style.cursor = cursor;
  }

  private dress(): void {
    if (this.map.getSource(DOTS)) return;
    this.map.addSource(DOTS, { type: "vector", tiles: [this.tiles()], maxzoom: 16 });
    const single = ["<=", ["coalesce", ["get", "n"], 1], 1];
    this.map.addLayer({
      id: DOTS,
      type: "circle",
      source: DOTS,
      "source-layer": "cases",
      filter: single as never,
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 10, 4, 16, 8],
        "circle-color": ["case", ["to-boolean", ["get", "overdue"]], token("danger-solid"), [">=", ["to-number", ["get", "urgency"]], 2], token("warn-solid"), token("accent-solid")],
        // Overdue is also a ring, so that it does not depend on seeing red.
        "circle-stroke-width": ["case", ["to-boolean", ["get", "overdue"]], 3.5, 1.5],
        "circle-stroke-color": ["case", ["to-boolean", ["get", "overdue"]], token("danger-ring"), token("surface")],
      },
    });
    // Clusters are drawn as markers; this layer only makes their tiles load and be found.
    this.map.addLayer({ id: "clusters", type: "circle", source: DOTS, "source-layer": "cases", filter: ["!", single] as never, paint: { "circle-opacity": 0, "circle-radius": 1 } });
    this.layers.dress(DOTS);
  }

  private tiles(): string {
    return tileAddress(this.element.dataset["tiles"]) + (this.only ? "?only=1" : "");
  }

  /** As the table beside: only what is overdue or not good, or everything again. */
  private narrow(only: boolean): void {
    this.only = only;
    this.map.getSource<maplibregl.VectorTileSource>(DOTS)?.setTiles([this.tiles()]);
    this.layers.narrow(only);
  }

  /** Enter: what lies at the middle of the view, the nearest within a finger's width; said when nothing does. */
  private openMiddle(): void {
    const at = this.map.project(this.map.getCenter());
    const reach = 24;
    const layers = [DOTS, "components", "sensors", "warnings"].filter((name) => this.map.getLayer(name));
    const found = this.map.queryRenderedFeatures([[at.x - reach, at.y - reach], [at.x + reach, at.y + reach]], { layers });
    const far = (point: { x: number; y: number }) => Math.hypot(point.x - at.x, point.y - at.y);
    const place = (feature: MapGeoJSONFeature) => this.map.project((feature.geometry as GeoJSON.Point).coordinates as [number, number]);
    const nearest = found.sort((a, b) => far(place(a)) - far(place(b)))[0];
    const marker = [...this.clusters.values()].map((one) => [far(this.map.project(one.getLngLat())), one] as const).sort(([a], [b]) => a - b)[0];
    if (marker && marker[0] < reach * 1.5 && (!nearest || marker[0] < far(place(nearest)))) marker[1].getElement().click();
    else if (!nearest) setText(one("[data-map-said]"), word(this.element, "nothing"));
    else if (nearest.layer.id === DOTS) this.openCase(nearest);
    else if (nearest.layer.id === "components") this.openComponent(nearest);
    else this.openPoint(nearest);
  }

  private openComponent(feature: MapGeoJSONFeature | undefined): void {
    if (!feature || feature.geometry.type !== "Point") return;
    const [lon, lat] = feature.geometry.coordinates as [number, number];
    const box = [lon - 1e-5, lat - 1e-5, lon + 1e-5, lat + 1e-5].map((edge) => edge.toFixed(6)).join(",");
    const odd = feature.properties["overdue"] ? [paragraph(word(this.element, "odd"))] : [];
    this.popup([lon, lat], [paragraph(word(this.element, "component")), ...odd, link(`${this.element.dataset["mapUrl"]}?layer=components&at=${lon},${lat}&bbox=${box}`, word(this.element, "rows"))]);
  }

  private openPoint(feature: MapGeoJSONFeature | undefined): void {
    if (!feature || feature.geometry.type !== "Point") return;
    const { name, state_name, value, url } = feature.properties as Record<string, string>;
    const said = [name, [state_name, value].filter(Boolean).join(" ")].filter(Boolean).map((text) => paragraph(text ?? ""));
    this.popup(feature.geometry.coordinates as [number, number], [...said, ...(url ? [link(url, word(this.element, "open"))] : [])]);
  }

  private showClusters(): void {
    const found = new Map<string, MapGeoJSONFeature>();
    if (!this.map.getLayer("clusters")) return;
    // Tiles reach far beyond the view, and every mark is moved with every frame: those a short move away are enough.
    const [west, south, east, north] = this.around(0.25);
    const features = this.layers.shown("cases") ? (this.map.querySourceFeatures(DOTS, { sourceLayer: "cases" }) as MapGeoJSONFeature[]) : [];
    for (const feature of features) {
      const spot = feature.properties as Spot;
      if ((spot.n ?? 1) <= 1 || feature.geometry.type !== "Point") continue;
      const [lon, lat] = feature.geometry.coordinates as [number, number];
      if (lon < west || lon > east || lat < south || lat > north) continue;
      found.set(`${lon.toFixed(5)},${lat.toFixed(5)},${spot.n}`, feature);
    }
    for (const [key, marker] of this.clusters) if (!found.has(key) && this.clusters.delete(key)) marker.remove();
    for (const [key, feature] of found) if (!this.clusters.has(key)) this.clusters.set(key, this.cluster(feature));
  }

  /** West, south, east, north of the view and `share` of its width and height more on each side. */
  private around(share: number): [number, number, number, number] {
    const seen = this.map.getBounds();
    const [aside, up] = [share * (seen.getEast() - seen.getWest()), share * (seen.getNorth() - seen.getSouth())];
    return [seen.getWest() - aside, seen.getSouth() - up, seen.getEast() + aside, seen.getNorth() + up];
  }

  private cluster(feature: MapGeoJSONFeature): Marker {
    const { n = 1, overdue } = feature.properties as Spot;
    const at = (feature.geometry as GeoJSON.Point).coordinates as [number, number];
    const button = document.createElement("button");
    button.type = "button";
    button.className = `map-cluster map-cluster-${n < 20 ? "s" : n < 200 ? "m" : "l"}${overdue ? " is-late" : ""}`;
    button.textContent = brief(n);
    button.setAttribute("aria-label", word(this.element, "cluster", { n: figure(n) }));
    button.addEventListener("click", (event) => {
      event.stopPropagation();
      this.openCluster(at, n);
    });
    return new maplibregl.Marker({ element: button }).setLngLat(at).addTo(this.map);
  }

  private openCase(feature: MapGeoJSONFeature | undefined): void {
    if (!feature || feature.geometry.type !== "Point") return;
    const spot = feature.properties as Spot;
    const facts = [spot.overdue ? word(this.element, "overdue") : "", (spot.urgency ?? 0) >= 2 ? word(this.element, "urgent") : ""];
    this.popup(feature.geometry.coordinates as [number, number], [
      paragraph(word(this.element, `state-${spot.state ?? ""}`) || (spot.state ?? "")),
      ...facts.filter(Boolean).map(paragraph),
      spot.id ? link(`${this.element.dataset["caseUrl"]}${spot.id}`, word(this.element, "open")) : link(this.listUrl(feature.geometry.coordinates as [number, number]), word(this.element, "list")),
    ]);
  }

  private openCluster(at: [number, number], n: number): void {
    const zoom = document.createElement("button");
    zoom.type = "button";
    zoom.className = "button button-small";
    zoom.textContent = word(this.element, "zoom");
    const popup = this.popup(at, [paragraph(word(this.element, "cluster", { n: figure(n) })), zoom, link(this.listUrl(at), word(this.element, "list"))]);
    zoom.addEventListener("click", () => {
      popup.remove();
      this.map.getCanvas().focus();
      this.map.easeTo({ center: at, zoom: this.map.getZoom() + 2, animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
    });
  }

  /** The list of what this cluster stands for: a box of about 60 pixels around it. */
  private listUrl(at: [number, number]): string {
    const middlePoint = this.map.project(at);
    const a = this.map.unproject([middlePoint.x - 30, middlePoint.y + 30]);
    const b = this.map.unproject([middlePoint.x + 30, middlePoint.y - 30]);
    const box = [a.lng, a.lat, b.lng, b.lat].map((part) => part.toFixed(5)).join(",");
    return `${this.element.dataset["listUrl"]}?bbox=${box}`;
  }

  private popup(at: [number, number], content: Element[]): maplibregl.Popup {
    const box = document.createElement("div");
    box.className = "map-popup";
    box.append(...content);
    const popup = new maplibregl.Popup({ maxWidth: "260px", focusAfterOpen: true }).setLngLat(at).setDOMContent(box).addTo(this.map);
    // Whoever closes it by key goes on with the map, not from the top of the page.
    popup.on("close", () => box.contains(document.activeElement) && this.map.getCanvas().focus());
    return popup;
  }

  private hear(event: CustomEvent<{ lon: number | null; lat: number | null }>): void {
    const { lon, lat } = event.detail;
    if (lon !== null && lat !== null) this.ping([lon, lat]);
    if (this.refreshing) return;
    this.refreshing = window.setTimeout(() => {
      this.refreshing = 0;
      const source = this.map.getSource<maplibregl.VectorTileSource>(DOTS);
      if (source && !document.hidden) source.setTiles(source.tiles);
    }, REFRESH_AT_MOST_EVERY);
  }

  private ping(at: [number, number]): void {
    const ring = document.createElement("span");
    ring.className = "map-ping";
    ring.ariaHidden = "true";
    const marker = new maplibregl.Marker({ element: ring }).setLngLat(at).addTo(this.map);
    window.setTimeout(() => marker.remove(), 2_400);
  }
}

function paragraph(text: string): HTMLElement {
  const element = document.createElement("p");
  element.textContent = text;
  return element;
}

function link(address: string, text: string): HTMLElement {
  const element = document.createElement("a");
  element.href = address;
  element.textContent = text;
  return element;
}

function start(element: HTMLElement): void {
  try {
    new CaseMap(element);
    element.removeAttribute("data-waiting");
  } catch {
    // No WebGL: the table beside the map holds the same content, and the page says where it is.
    const notice = one<HTMLElement>("[data-map-failed]", element.parentElement ?? document);
    if (notice) notice.hidden = false;
    element.hidden = true;
  }
}

all<HTMLElement>("[data-map]").forEach(start);
