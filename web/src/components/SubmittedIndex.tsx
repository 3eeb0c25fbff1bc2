import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ValueState, valueIn, valueState } from "../api/values";
import { formatProgress, formatTerm } from "../numbers/format";
import { CalculationProgress } from "./CalculationProgress";
import { Failure } from "./Failure";
import { ProblemNotice } from "./ProblemNotice";
import styles from "./SubmittedIndex.module.css";
import { ValueView } from "./ValueView";

/** What becomes of the index that was just submitted. */
export function SubmittedIndex({ index }: { index: number }) {
  const { data, error, refetch } = useQuery(valueState(index));
  return (
    <section aria-label="Your number" className={styles.panel}>
      {data !== undefined ? (
        <Progressing state={data} />
      ) : error !== null ? (
        <ProblemNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <Text role="status">{formatTerm(index)} is accepted.</Text>
      )}
    </section>
  );
}

function Progressing({ state }: { state: ValueState }) {
  const { index } = state;
  const value = valueIn(state);
  if (value !== undefined) {
    return <ValueView value={value} />;
  }
  if (state.state === "failed") {
    return (
      <>
        <Text>{formatTerm(index)} could not be calculated.</Text>
        <Failure index={index} reason={state.reason} />
      </>
    );
  }
  if (state.state === "calculating") {
    return (
      <>
        <Text>{`${formatTerm(index)} is being calculated: ${formatProgress(state.progress ?? 0)}`}</Text>
        <CalculationProgress index={index} progress={state.progress ?? 0} />
      </>
    );
  }
  return <Text role="status">{formatTerm(index)} is accepted and waits for its turn.</Text>;
}
