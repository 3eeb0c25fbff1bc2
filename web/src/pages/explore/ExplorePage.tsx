import { Container, Skeleton } from "@mantine/core";
import { type Terms, useTerms } from "../../api/terms";
import { PageHeading } from "../../ui/PageHeading";
import { ProblemNotice } from "../../ui/ProblemNotice";
import styles from "./ExplorePage.module.css";
import { GrowthCard } from "./GrowthCard";
import { MissingTerms } from "./MissingTerms";
import { RatioCard } from "./RatioCard";
import { SpiralCard } from "./SpiralCard";

/** F(0) to F(60): the last with which more than a dot changes in a picture. */
const drawn = Array.from({ length: 61 }, (_, index) => index);

/** The sequence in pictures, drawn from calculated values. */
export function Component() {
  const terms = useTerms(drawn);
  return (
    <Container size="lg" className={styles.page}>
      <PageHeading title="Explore">Explore the sequence</PageHeading>
      <p className={styles.lead}>What the numbers look like together, drawn from the calculated values.</p>
      <Pictures terms={terms} />
    </Container>
  );
}

function Pictures({ terms }: { terms: Terms }) {
  const { values, missing, isPending, error, refetch } = terms;
  const first = firstOf(values);
  if (values.size === 0 && isPending) {
    return <Loading />;
  }
  if (values.size === 0 && error !== null) {
    return <ProblemNotice error={error} onRetry={refetch} />;
  }
  return (
    <>
      <MissingTerms count={drawn.length} there={first.size} missing={missing} />
      {error !== null && first.size < drawn.length && <ProblemNotice error={error} onRetry={refetch} />}
      <div className={styles.cards}>
        <SpiralCard values={first} />
        <GrowthCard values={values} />
        <RatioCard values={first} />
      </div>
    </>
  );
}

/** The values of those that are drawn one by one, whole. */
function firstOf(values: Terms["values"]): Map<number, bigint> {
  const first = new Map<number, bigint>();
  for (const index of drawn) {
    const text = values.get(index)?.value;
    if (text !== undefined) {
      first.set(index, BigInt(text));
    }
  }
  return first;
}

function Loading() {
  return (
    <div role="status" aria-label="Loading the values" className={styles.cards}>
      <Skeleton height={320} className={styles.wide ?? ""} />
      <Skeleton height={320} />
      <Skeleton height={320} />
    </div>
  );
}
