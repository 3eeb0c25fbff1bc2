import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { numberFacts } from "../../api/facts";
import { formatCount } from "../../numbers/format";
import { titleOf } from "../../numbers/title";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { ShareButton } from "../../ui/ShareButton";
import { Hero } from "./Hero";
import { NumberFacts } from "./NumberFacts";
import styles from "./NumberView.module.css";
import { useLatest } from "./useLatest";

interface TooLargeViewProps {
  index: bigint;
  heading(title: string): ReactNode;
}

/** What is known of F(index) for an index that the server does not take: there is nothing to be submitted. */
export function TooLargeView({ index, heading }: TooLargeViewProps) {
  const { data: facts, error, refetch } = useQuery(numberFacts(index));
  // A query forgets its error while it is fetched again.
  const problem = useLatest(error ?? undefined);
  const known = facts && { ...facts.number, digitCount: BigInt(facts.number.digitCount) };
  return (
    <div className={`${styles.view} ${styles.page}`}>
      <section className={styles.hero} aria-label="The number">
        {heading(titleOf(index, known))}
        {known !== undefined || problem === undefined ? (
          <Hero known={known} />
        ) : (
          <ProblemNotice error={problem} onRetry={() => void refetch()} />
        )}
        {known !== undefined && (
          <>
            <p className={styles.length}>{formatCount(known.digitCount, "digit")}</p>
            <Text>
              That is beyond what can be calculated and stored here. What is known of the number is shown
              anyway.
            </Text>
            <div className={styles.actions}>
              <ShareButton index={index} digitCount={undefined} />
            </div>
          </>
        )}
      </section>
      {facts !== undefined && <NumberFacts index={index} value={undefined} facts={facts} />}
    </div>
  );
}
