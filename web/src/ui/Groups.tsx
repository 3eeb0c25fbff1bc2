import { Fragment } from "react";

/** Text whose numbers go on in the next line between two groups of digits, where they are too long for one. */
export function Groups({ children }: { children: string }) {
  const [first, ...rest] = children.split(/,(?=\d)/);
  return (
    <>
      {first}
      {rest.map((part, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a part has no other identity.
        <Fragment key={i}>
          ,<wbr />
          {part}
        </Fragment>
      ))}
    </>
  );
}
