import { useMemo } from "react";
import { useLocation, useSearchParams } from "react-router";
import { parsePosition } from "./parsePosition";

/** The wish to see a digit. Another one is another object, also with the same position. */
export interface Jump {
  /** From 1 on. */
  position: number;
}

interface JumpInAddress {
  /** What the address asks for, as it is written there; empty if nothing. */
  text: string;
  /** Undefined if the address asks for no digit, or for one that is not there. */
  jump: Jump | undefined;
  jumpTo(position: number): void;
}

/** The digit in the address, `?digit=1000`, so that it is there after a reload and in links. */
export function useJump(digitCount: number): JumpInAddress {
  const [params, setParams] = useSearchParams();
  const { key } = useLocation();
  const text = params.get("digit") ?? "";

  // biome-ignore lint/correctness/useExhaustiveDependencies: each visit of an address is a wish of its own.
  const jump = useMemo(() => {
    const position = parsePosition(text, digitCount);
    return position === undefined ? undefined : { position };
  }, [text, digitCount, key]);

  return {
    text,
    jump,
    // Back leads to where one came from, not through every digit looked at.
    jumpTo: (position) => setParams({ digit: String(position) }, { replace: true, preventScrollReset: true }),
  };
}
