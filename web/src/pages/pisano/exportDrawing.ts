import { saveFile } from "../../ui/saveFile";

/** What style sheets set on the parts of a drawing. A file has no style sheet. */
const properties = [
  "fill",
  "fill-rule",
  "stroke",
  "stroke-width",
  "stroke-linejoin",
  "stroke-linecap",
  "opacity",
  "font-size",
  "font-family",
  "text-anchor",
  "dominant-baseline",
];

/** The side of the exported drawing in pixels. */
const pictureSize = 2_048;

/** Saves a drawing as it is shown. */
export function saveSvg(drawing: SVGSVGElement, name: string): void {
  saveFile(new Blob([standalone(drawing)], { type: "image/svg+xml" }), `${name}.svg`);
}

/** Saves a drawing as it is shown, as a picture of pixels. */
export async function savePng(drawing: SVGSVGElement, name: string): Promise<void> {
  const image = new Image();
  // The content security policy allows images of data, but not of blobs.
  image.src = `data:image/svg+xml,${encodeURIComponent(standalone(drawing))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = pictureSize;
  canvas.height = pictureSize;
  canvas.getContext("2d")?.drawImage(image, 0, 0, pictureSize, pictureSize);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
  if (blob !== null) {
    saveFile(blob, `${name}.png`);
  }
}

/** The text of a drawing with everything that it needs: its colours, and a background in that of the page. */
function standalone(drawing: SVGSVGElement): string {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const originals = drawing.querySelectorAll("*");
  for (const [i, element] of copy.querySelectorAll("*").entries()) {
    const original = originals[i];
    element.removeAttribute("class");
    if (original !== undefined) {
      const style = getComputedStyle(original);
      for (const property of properties) {
        element.setAttribute(property, style.getPropertyValue(property));
      }
    }
  }
  const { x, y, width, height } = drawing.viewBox.baseVal;
  const background = document.createElementNS(drawing.namespaceURI, "rect");
  for (const [name, value] of Object.entries({ x, y, width, height })) {
    background.setAttribute(name, String(value));
  }
  background.setAttribute("fill", getComputedStyle(document.body).backgroundColor);
  copy.prepend(background);
  copy.removeAttribute("class");
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(pictureSize));
  copy.setAttribute("height", String(pictureSize));
  return new XMLSerializer().serializeToString(copy);
}
