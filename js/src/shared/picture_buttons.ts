import { element } from "./dom.ts";
import { PICTURE_EVENT, type PictureFormat, type PictureRequest } from "./picture_request.ts";
import { type Offered, vectors } from "./vectors.ts";

/** Two buttons that save the picture of a view as a file, and the answer to a page that asks for it. */
export function offer({ root, tools, signal, announce }: Offered, pictureNow: () => string | null): void {
  const save = async (format: PictureFormat) => {
    const picture = pictureNow();
    if (!picture) return announce("There is no picture yet.");
    const name = `${fileName(root)}.${format}`;
    const content =
      format === "svg"
        ? new Blob([picture], { type: "image/svg+xml" })
        : await fileOf(await vectors().pixels(picture, 2));
    const address = URL.createObjectURL(content);
    element("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    announce(`Saved ${name}.`);
  };
  for (const [format, told] of [
    ["png", "Save the picture as PNG"],
    ["svg", "Save the picture as SVG, with text and lines as vectors"],
  ] as const) {
    const label = format.toUpperCase();
    const button = element("button", { class: "rw-button", type: "button", title: told }, label);
    button.setAttribute("aria-label", told);
    button.addEventListener("click", () => void save(format), { signal });
    tools.append(button);
  }
  root.addEventListener(
    PICTURE_EVENT,
    (event) => {
      const request = (event as CustomEvent<PictureRequest>).detail;
      const picture = pictureNow();
      if (!picture) return;
      request.answer =
        request.format === "svg"
          ? Promise.resolve(picture)
          : vectors()
              .pixels(picture, request.scale)
              .then((canvas) => canvas.toDataURL("image/png"));
    },
    { signal },
  );
}

function fileOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) =>
      blob ? resolve(blob) : reject(new Error("The picture is too large for a PNG.")),
    );
  });
}

/** View, signal and neuron, in signs that every file system takes. */
function fileName({ dataset, classList }: HTMLElement): string {
  const view =
    [...classList].find((name) => name.startsWith("rw-") && name !== "rw-view")?.slice(3) ?? "picture";
  const neuron = dataset.neuron ? `neuron-${dataset.neuron}` : "";
  const parts = [view, dataset.signal, `layer-${dataset.layer}`, neuron].filter((part) => part);
  return parts.join("-").replace(/[^\w.-]+/g, "-");
}
