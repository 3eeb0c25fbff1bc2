import { formatTerm } from "./format";
import type { Index } from "./largeIndex";

/** What a link to a number shows besides the number. */
export interface LinkedPart {
  /** The position of a digit, counted from 1. */
  digit?: number | undefined;
  /** Digits to find. */
  find?: string | undefined;
}

/** The address of a number's page on a host such as https://example.com. */
export function linkTo(origin: string, index: Index, { digit, find }: LinkedPart): string {
  const params = new URLSearchParams();
  if (find !== undefined) {
    params.set("find", find);
  }
  if (digit !== undefined) {
    params.set("digit", String(digit));
  }
  const query = String(params);
  return `${origin}/values/${index}${query && `?${query}`}`;
}

/** HTML that shows a number on another site, in a frame. */
export function embedCode(origin: string, index: Index): string {
  const address = `${origin}/embed/values/${index}`;
  return `<iframe src="${address}" title="${formatTerm(index)}" width="100%" height="200" style="border: 0" loading="lazy"></iframe>`;
}
