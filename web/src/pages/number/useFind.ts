import { useSearchParams } from "react-router";
import { parseWanted } from "../../numbers/parseWanted";

interface AddressedFind {
  /** The digits to find as they are in the address; empty if there are none. */
  text: string;
  /** Undefined if the address has none, or something else. */
  wanted: string | undefined;
  /** Finds other digits, or none. */
  find(wanted: string | undefined): void;
}

/** Keeps the digits to find in the address, `?find=311299`, for links and reloads. */
export function useFind(): AddressedFind {
  const [params, setParams] = useSearchParams();
  const text = params.get("find") ?? "";
  const parsed = parseWanted(text);
  return {
    text,
    wanted: "wanted" in parsed ? parsed.wanted : undefined,
    // The digit in the address belongs to an earlier search.
    find: (wanted) =>
      setParams(wanted === undefined ? {} : { find: wanted }, { replace: true, preventScrollReset: true }),
  };
}
