// The build for strict content security policies: its worker is a file of our own, not a blob.
import workerUrl from "maplibre-gl/dist/maplibre-gl-csp-worker.js?url";
import maplibregl from "maplibre-gl/dist/maplibre-gl-csp.js";
import type { GeoJSONSource, Map as MapType, MapOptions, StyleSpecification } from "maplibre-gl";

maplibregl.setWorkerUrl(new URL(workerUrl, import.meta.url).href);

export type Bounds = [number, number, number, number];

/** A colour of the design language, as the page's theme has it now. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** The base map: division outlines only, own data, no glyphs, no sprites, no other host. */
export function baseStyle(divisions: string): StyleSpecification {
  return {
    version: 8,
    sources: { divisions: { type: "geojson", data: divisions } },
    layers: [
      { id: "water", type: "background", paint: { "background-color": token("map-ground") } },
      { id: "land", type: "fill", source: "divisions", paint: { "fill-color": token("map-land") } },
      { id: "edges", type: "line", source: "divisions", paint: { "line-color": token("map-edge"), "line-width": 1.2 } },
    ],
  };
}

export function readBounds(element: HTMLElement): Bounds | undefined {
  const parts = (element.dataset["bounds"] ?? "").split(",").map(Number);
  return parts.length === 4 && parts.every(Number.isFinite) ? (parts as Bounds) : undefined;
}

export function openMap(element: HTMLElement, options: Partial<MapOptions> = {}): MapType {
  const bounds = readBounds(element);
  const map: MapType = new maplibregl.Map({
    container: element,
    style: baseStyle(element.dataset["divisions"] ?? ""),
    ...(bounds ? { bounds, fitBoundsOptions: { padding: 24 } } : {}),
    attributionControl: { compact: false, customAttribution: element.dataset["wordAttribution"] ?? "" },
    locale: JSON.parse(element.dataset["locale"] ?? "{}"),
    dragRotate: false,
    pitchWithRotate: false,
    maxPitch: 0,
    maxZoom: 19,
    fadeDuration: 0,
    ...options,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  if (!bounds) map.once("load", () => void showAll(map));
  map.getCanvas().setAttribute("aria-label", element.dataset["wordLabel"] ?? "");
  return map;
}

/** A page that names no bounds shows all divisions. */
async function showAll(map: MapType): Promise<void> {
  const all = await map.getSource<GeoJSONSource>("divisions")?.getBounds();
  if (all && !all.isEmpty()) map.fitBounds(all, { padding: 24, animate: false });
}

export { maplibregl };
