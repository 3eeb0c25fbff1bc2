import { useQuery } from "@tanstack/react-query";
import { type ValueState, valueIn, valueState } from "../../api/values";
import { CalculationProgress } from "../../ui/CalculationProgress";
import { describeState } from "../../ui/describeState";
import { Failure } from "../../ui/Failure";
import { ProblemNotice } from "../../ui/ProblemNotice";
import styles from "./SubmittedIndex.module.css";
import { ValueView } from "./ValueView";

/** What becomes of the index that was submitted last. */
export function SubmittedIndex({ index }: { index: number | undefined }) {
  const { data: state, error, refetch } = useQuery(valueState(index));
  const shown = index !== undefined;
  return (
    <section aria-label={shown ? "Your number" : undefined} className={shown ? styles.panel : styles.nothing}>
      {/* Screen readers tell what changes in an element that was there before:
          so it is there from the start, and still when the value says it all. */}
      <p role="status" className={styles.news} data-calculated={state?.state === "calculated"}>
        {shown && describeState(index, state)}
      </p>
      {state !== undefined ? (
        <Details state={state} />
      ) : (
        error !== null && <ProblemNotice error={error} onRetry={() => void refetch()} />
      )}
    </section>
  );
}

function Details({ state }: { state: ValueState }) {
  const value = valueIn(state);
  if (value !== undefined) {
    return <ValueView value={value} />;
  }
  switch (state.state) {
    case "calculating":
      return <CalculationProgress index={state.index} progress={state.progress ?? 0} />;
    case "failed":
      return <Failure index={state.index} reason={state.reason} />;
    default:
      return undefined;
  }
}
