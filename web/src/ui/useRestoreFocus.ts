import { type RefObject, useLayoutEffect, useRef } from "react";

/**
 * For what goes away by its own button: the focus then goes to what it stood
 * in, and not back to the top of the page.
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
