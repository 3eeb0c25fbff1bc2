import { type RefObject, useLayoutEffect, useRef } from "react";

/**
 * For elements that disappear by their own button: the focus then moves to the
 * next focusable ancestor instead of the top of the page.
 */
export function useRestoreFocus<T extends HTMLElement>(): RefObject<T | null> {
  const ref = useRef<T>(null);
  useLayoutEffect(() => {
    const element = ref.current;
    return () => {
      if (element?.contains(document.activeElement)) {
        element.parentElement?.closest<HTMLElement>("[tabindex]")?.focus({ preventScroll: true });
      }
    };
  }, []);
  return ref;
}
