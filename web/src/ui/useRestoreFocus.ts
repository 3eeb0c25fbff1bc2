import { type RefObject, useLayoutEffect, useRef } from "react";

/**
 * For elements with buttons that disappear: the focus then moves to what
 * successor finds, by default the next focusable ancestor, instead of the top of the
 * page. successor is always the same function.
 */
export function useRestoreFocus<T extends HTMLElement>(
  successor: (element: T) => HTMLElement | null | undefined = focusableAncestor,
): RefObject<T | null> {
  const ref = useRef<T>(null);
  useLayoutEffect(() => {
    const element = ref.current;
    return () => {
      if (element?.contains(document.activeElement)) {
        successor(element)?.focus({ preventScroll: true });
      }
    };
  }, [successor]);
  return ref;
}

function focusableAncestor(element: HTMLElement): HTMLElement | null | undefined {
  return element.parentElement?.closest<HTMLElement>("[tabindex]");
}
