import { useParams } from "react-router";
import { PageHeading } from "./PageHeading";

/** Everything about one number of the sequence. */
export function Component() {
  const { index } = useParams();
  return <PageHeading title={`F(${index})`} />;
}
