import { useMemo } from "react";
import { useLocation, useSearchParams } from "react-router";
import { parsePosition } from "../../numbers/parsePosition";

/** A request to show a digit. Each is another object, even for the same position. */
export interface Jump {
  /** Counted from 1. */
  position: number;
}

interface AddressedJump {
  /** The position as it is in the address; empty if there is none. */
  text: string;
  /** Undefined if the address has no position, or one that the value does not have. */
  jump: Jump | undefined;
  jumpTo(position: number): void;
}

/** Keeps the digit to show in the address, `?digit=1000`, for links and reloads. */
export function useJump(digitCount: number): AddressedJump {
  const [params, setParams] = useSearchParams();
  const { key } = useLocation();
  const text = params.get("digit") ?? "";

  // biome-ignore lint/correctness/useExhaustiveDependencies: each visit of an address is a new request.
  const jump = useMemo(() => {
    const position = parsePosition(text, digitCount);
    return position === undefined ? undefined : { position };
  }, [text, digitCount, key]);

  return {
    text,
    jump,
    // The back button leads to the previous page, not through every digit shown.
    jumpTo: (position) =>
      setParams(
        (params) => {
          params.set("digit", String(position));
          return params;
        },
        { replace: true, preventScrollReset: true },
      ),
  };
}
