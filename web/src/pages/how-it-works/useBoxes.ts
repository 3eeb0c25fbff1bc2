import { type RefObject, useEffect, useState } from "react";
import type { Boxes } from "./geometry";
import { partNames } from "./parts";

/** Measures the boxes of the parts in an element, found by their `data-part`; undefined before the first layout. */
export function useBoxes(element: RefObject<HTMLElement | null>): Boxes | undefined {
  const [boxes, setBoxes] = useState<Boxes>();
  useEffect(() => {
    const picture = element.current;
    if (picture === null) {
      return;
    }
    const parts = partNames.map((name) => picture.querySelector<HTMLElement>(`[data-part=${name}]`));
    const observer = new ResizeObserver(() => setBoxes(measure(parts)));
    observer.observe(picture);
    for (const part of parts) {
      if (part !== null) {
        observer.observe(part);
      }
    }
    return () => observer.disconnect();
  }, [element]);
  return boxes;
}

function measure(parts: (HTMLElement | null)[]): Boxes {
  const boxes = parts.map((part, i) => [
    partNames[i],
    {
      left: part?.offsetLeft ?? 0,
      top: part?.offsetTop ?? 0,
      width: part?.offsetWidth ?? 0,
      height: part?.offsetHeight ?? 0,
    },
  ]);
  return Object.fromEntries(boxes) as Boxes;
}
