import { Skeleton } from "@mantine/core";
import { Lead, Page } from "../../ui/Page";
import { PageHeading } from "../../ui/PageHeading";
import { ProblemNotice } from "../../ui/ProblemNotice";
import styles from "./ExplorePage.module.css";
import { GrowthPanel } from "./GrowthPanel";
import { MissingTerms } from "./MissingTerms";
import { RatioPanel } from "./RatioPanel";
import { SpiralPanel } from "./SpiralPanel";
import { type Terms, useTerms } from "./useTerms";

/** F(0) to F(60). Beyond that, a chart changes by no more than a dot. */
const drawnIndices = Array.from({ length: 61 }, (_, index) => index);

/** The sequence in pictures, drawn from calculated values. */
export function Component() {
  const terms = useTerms(drawnIndices);
  return (
    <Page>
      <header className={styles.header}>
        <PageHeading title="Explore">Explore the sequence</PageHeading>
        <Lead>The Fibonacci sequence in pictures, drawn from the values calculated so far.</Lead>
      </header>
      <Charts terms={terms} />
    </Page>
  );
}

function Charts({ terms }: { terms: Terms }) {
  const { values, missing, isPending, error, refetch } = terms;
  const drawn = drawnValues(values);
  if (values.size === 0 && isPending) {
    return <Loading />;
  }
  if (values.size === 0 && error !== null) {
    return <ProblemNotice error={error} onRetry={refetch} />;
  }
  return (
    <>
      <MissingTerms count={drawnIndices.length} calculatedCount={drawn.size} missing={missing} />
      {error !== null && drawn.size < drawnIndices.length && (
        <ProblemNotice error={error} onRetry={refetch} />
      )}
      <div className={styles.panels}>
        <SpiralPanel values={drawn} />
        <GrowthPanel values={values} />
        <RatioPanel values={drawn} />
      </div>
    </>
  );
}

/** The whole values of the drawn indices. */
function drawnValues(values: Terms["values"]): Map<number, bigint> {
  const drawn = new Map<number, bigint>();
  for (const index of drawnIndices) {
    const text = values.get(index)?.value;
    if (text !== undefined) {
      drawn.set(index, BigInt(text));
    }
  }
  return drawn;
}

function Loading() {
  return (
    <div role="status" aria-label="Loading the values" className={styles.panels}>
      <Skeleton height={320} className={styles.wide ?? ""} />
      <Skeleton height={320} />
      <Skeleton height={320} />
    </div>
  );
}
