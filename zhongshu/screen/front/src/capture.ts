/** Photos made small enough for a slow network, and voice notes. */

const LONGEST_VOICE = 60_000;

/** A JPEG whose longer edge is at most so many pixels; the file itself when this browser can't read it as a picture. */
export async function shrunk(file: Blob, edge: number): Promise<Blob> {
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, edge / Math.max(picture.width, picture.height));
    if (scale === 1 && file.size < 1_500_000) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => canvas.toBlob((made) => resolve(made ?? file), "image/jpeg", 0.85));
  } catch {
    return file;
  }
}

/** One button: speak, and again: done; a minute at most. */
export class Voice {
  private recorder: MediaRecorder | null = null;
  private timer = 0;
  private began = 0;

  constructor(
    private readonly button: HTMLElement | null,
    private readonly say: (name: string, seconds: number) => void,
    private readonly done: (blob: Blob, name: string) => void,
  ) {
    button?.addEventListener("click", () => void (this.recorder ? this.stop() : this.start()));
  }

  private get seconds(): number {
    return Math.round((Date.now() - this.began) / 1000);
  }

  private async start(): Promise<void> {
    let heard: MediaStream;
    try {
      heard = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      return this.say("novoice", 0);
    }
    const parts: Blob[] = [];
    this.recorder = new MediaRecorder(heard, { audioBitsPerSecond: 32_000 });
    this.recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    this.recorder.addEventListener("stop", () => {
      heard.getTracks().forEach((track) => track.stop());
      const type = (this.recorder?.mimeType ?? "").split(";")[0] || "audio/webm";
      this.recorder = null;
      this.button?.setAttribute("aria-pressed", "false");
      this.say("recorded", this.seconds);
      this.done(new Blob(parts, { type }), `voice-${this.seconds}s`);
    });
    this.began = Date.now();
    this.recorder.start();
    this.button?.setAttribute("aria-pressed", "true");
    this.tick();
  }

  private tick(): void {
    if (!this.recorder) return;
    if (Date.now() - this.began >= LONGEST_VOICE) return this.stop();
    this.say("recording", this.seconds);
    this.timer = setTimeout(() => this.tick(), 1_000);
  }

  private stop(): void {
    clearTimeout(this.timer);
    this.recorder?.stop();
  }
}
