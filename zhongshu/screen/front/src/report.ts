import type { Map as MapType } from "maplibre-gl";
import { all, one, setText, word } from "./dom";

/** Names and telephone numbers are not kept: a resident may be writing on a shared computer. */
const KEPT = ["text", "address", "lon", "lat", "channel", "client_key"];

type Draft = Record<string, string>;

class Drafted {
  private timer = 0;
  private readonly key: string;
  private readonly note: HTMLElement | null;

  constructor(private readonly form: HTMLFormElement) {
    this.key = `draft:${form.dataset["draft"]}`;
    this.note = one<HTMLElement>("[data-draft-note]", form);
    this.restore();
    form.addEventListener("input", () => this.later());
    form.addEventListener("change", () => this.later());
    form.addEventListener("submit", (event) => this.submit(event));
    one<HTMLButtonElement>("[data-draft-drop]", form)?.addEventListener("click", () => this.drop());
  }

  private fields(): (HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement)[] {
    return KEPT.map((name) => this.form.elements.namedItem(name)).filter(
      (field) => field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement,
    );
  }

  private restore(): void {
    const draft = JSON.parse(localStorage.getItem(this.key) ?? "{}") as Draft;
    let restored = false;
    for (const field of this.fields()) {
      const value = draft[field.name];
      if (value === undefined || (field.value !== "" && field.name !== "channel")) continue;
      field.value = value;
      restored ||= field.name === "text" && value !== "";
    }
    this.giveKey(false);
    if (restored) this.say("restored");
  }

  /** One key for one report: sent twice by an unsure network, it is still taken in once. */
  private giveKey(anew: boolean): void {
    const key = this.form.elements.namedItem("client_key");
    if (key instanceof HTMLInputElement && (anew || !key.value)) key.value = randomKey();
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), 400);
  }

  private keep(): void {
    localStorage.setItem(this.key, JSON.stringify(Object.fromEntries(this.fields().map((field) => [field.name, field.value]))));
    this.say("kept");
  }

  private drop(): void {
    clearTimeout(this.timer);
    localStorage.removeItem(this.key);
    this.form.reset();
    this.giveKey(true);
    this.say("dropped");
    this.fields()[0]?.focus();
  }

  private submit(event: SubmitEvent): void {
    clearTimeout(this.timer);
    this.keep();
    if (navigator.onLine) return;
    event.preventDefault();
    this.say("offline");
  }

  private say(name: string): void {
    if (this.note) setText(one("[data-draft-text]", this.note), word(this.note, name));
    const drop = one<HTMLElement>("[data-draft-drop]", this.form);
    if (drop) drop.hidden = name === "dropped";
  }
}

/** randomUUID needs https or localhost; a city's inner network may have neither. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

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

all<HTMLFormElement>("form[data-draft]").forEach((form) => new Drafted(form));
all<HTMLElement>("[data-pick]").forEach((box) => new Picker(box));
