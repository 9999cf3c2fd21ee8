// The build for strict content security policies: its worker is a file of our own, not a blob.
import workerUrl from "maplibre-gl/dist/maplibre-gl-csp-worker.js?url";
import maplibregl from "maplibre-gl/dist/maplibre-gl-csp.js";
import type { Map as MapType, MapOptions } from "maplibre-gl";
import { Ground } from "./ground";

maplibregl.setWorkerUrl(new URL(workerUrl, import.meta.url).href);

export type Bounds = [number, number, number, number];

export function readBounds(element: HTMLElement): Bounds | undefined {
  const parts = (element.dataset["bounds"] ?? "").split(",").map(Number);
  return parts.length === 4 && parts.every(Number.isFinite) ? (parts as Bounds) : undefined;
}

export function openMap(element: HTMLElement, options: Partial<MapOptions> = {}): MapType {
  const bounds = readBounds(element);
  const ground = new Ground(element);
  const map: MapType = new maplibregl.Map({
    container: element,
    style: ground.style(),
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
  // A map that can't be tilted shows no sky, which would be drawn over the whole canvas in every frame all the same.
  map.painter.drawFunctions = { ...map.painter.drawFunctions, sky: () => undefined };
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  map.getCanvas().setAttribute("aria-label", element.dataset["wordLabel"] ?? "");
  // A page that names no bounds shows all divisions.
  void ground.lie(map, maplibregl).then((box) => bounds || box.isEmpty() || map.fitBounds(box, { padding: 24, animate: false }));
  return map;
}

export { maplibregl };
