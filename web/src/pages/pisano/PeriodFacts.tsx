import type { Index } from "../../numbers/largeIndex";
import type { PisanoPeriod } from "../../numbers/pisano";
import { Groups } from "../../ui/Groups";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { Why } from "../../ui/Why";
import { describePeriod } from "./describePeriod";
import styles from "./PeriodFacts.module.css";

interface PeriodFactsProps {
  modulus: Index;
  /** Undefined until it is known. */
  period: PisanoPeriod | undefined;
  error: Error | null;
  onRetry(): void;
}

/** What is known of a modulus, each with its reason. */
export function PeriodFacts({ modulus, period, error, onRetry }: PeriodFactsProps) {
  if (period === undefined) {
    return error === null ? (
      <p className={styles.waiting} role="status">
        Finding the period…
      </p>
    ) : (
      <ProblemNotice error={error} onRetry={onRetry} />
    );
  }
  return (
    <section className={styles.facts} aria-label="What is known of it">
      {describePeriod(modulus, period).map(({ name, formula, sentence, why }) => (
        <div key={name} className={styles.fact}>
          <h2>{name}</h2>
          <p className={styles.formula}>
            <Groups>{formula}</Groups>
          </p>
          <p>
            <Groups>{sentence}</Groups>
          </p>
          <Why of={name}>{why}</Why>
        </div>
      ))}
    </section>
  );
}
