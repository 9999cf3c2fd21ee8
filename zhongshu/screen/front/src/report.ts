import type { Map as MapType } from "maplibre-gl";
import { all, one, setText, word } from "./dom";

/** Choosing a place: map, own position or typed figures; all three write the same two fields. */
class Picker {
  private map: MapType | null = null;
  private readonly lon: HTMLInputElement;
  private readonly lat: HTMLInputElement;
  private readonly note: HTMLElement | null;

  constructor(private readonly box: HTMLElement) {
    const form = box.closest("form") as HTMLFormElement;
    this.lon = form.elements.namedItem("lon") as HTMLInputElement;
    this.lat = form.elements.namedItem("lat") as HTMLInputElement;
    this.note = one<HTMLElement>("[data-pick-note]", box);
    one("[data-pick-open]", box)?.addEventListener("click", () => void this.open());
    one("[data-pick-here]", box)?.addEventListener("click", () => this.here());
    one("[data-pick-centre]", box)?.addEventListener("click", () => this.centre());
    for (const field of [this.lon, this.lat]) field.addEventListener("change", () => this.show());
  }

  private async open(): Promise<void> {
    const element = one<HTMLElement>("[data-pick-map]", this.box);
    const frame = one<HTMLElement>("[data-pick-frame]", this.box);
    if (!element || !frame || this.map) return;
    frame.hidden = false;
    try {
      const { openMap } = await import("./maplibre");
      this.map = openMap(element);
      this.map.on("click", (event) => this.set(event.lngLat.lng, event.lngLat.lat));
      this.map.once("load", () => this.show());
      this.map.getCanvas().focus();
      one<HTMLElement>("[data-pick-open]", this.box)?.setAttribute("hidden", "");
    } catch {
      frame.hidden = true;
      this.say("nomap");
    }
  }

  private here(): void {
    this.say("asking");
    navigator.geolocation.getCurrentPosition(
      (found) => this.set(found.coords.longitude, found.coords.latitude),
      () => this.say("nohere"),
      { timeout: 10_000, maximumAge: 60_000 },
    );
  }

  private centre(): void {
    const at = this.map?.getCenter();
    if (at) this.set(at.lng, at.lat);
  }

  private set(lon: number, lat: number): void {
    this.lon.value = lon.toFixed(6);
    this.lat.value = lat.toFixed(6);
    this.lon.dispatchEvent(new Event("change", { bubbles: true }));
    this.say("chosen");
  }

  private show(): void {
    const [lon, lat] = [Number(this.lon.value), Number(this.lat.value)];
    if (!this.map || !this.lon.value || !this.lat.value || !Number.isFinite(lon + lat)) return;
    this.map.easeTo({ center: [lon, lat], zoom: Math.max(this.map.getZoom(), 14), animate: false });
  }

  private say(name: string): void {
    if (this.note) setText(this.note, word(this.note, name, { lon: this.lon.value, lat: this.lat.value }));
  }
}

all<HTMLElement>("[data-pick]").forEach((box) => new Picker(box));
