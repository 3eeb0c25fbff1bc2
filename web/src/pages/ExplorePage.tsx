import { PageHeading } from "./PageHeading";

/** The sequence in pictures, drawn from calculated values. */
export function Component() {
  return <PageHeading title="Explore" />;
}
