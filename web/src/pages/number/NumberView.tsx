import { Group, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { isNotFound } from "../../api/problem";
import { type CalculatedValue, type ValueState, valueIn, valueState } from "../../api/values";
import { formatTerm } from "../../numbers/format";
import { describeState } from "../../ui/describeState";
import { EstimateNote } from "../../ui/EstimateNote";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { StateMessage } from "../../ui/StateMessage";
import { Unfinished } from "../../ui/Unfinished";
import { CopyButton, DownloadButton } from "../../ui/ValueButtons";
import { AllDigits } from "./AllDigits";
import { DigitFrequency } from "./DigitFrequency";
import { NotSubmitted } from "./NotSubmitted";
import { NumberFacts } from "./NumberFacts";
import styles from "./NumberView.module.css";

/** What is known of F(index), in whatever state it is. */
export function NumberView({ index }: { index: number }) {
  const { data: state, error, refetch } = useQuery(valueState(index));
  const value = useLatestValue(useMemo(() => state && valueIn(state), [state]));
  return (
    <div className={styles.view}>
      <StateMessage
        text={state && (value === undefined ? describeState(index, state) : describeAgain(state))}
        hidden={state?.state === "calculated"}
      />
      {state !== undefined ? (
        <>
          <Unfinished {...state} />
          {state.state === "pending" && <EstimateNote index={index} />}
        </>
      ) : error === null ? (
        <Loading index={index} />
      ) : isNotFound(error) ? (
        <NotSubmitted index={index} />
      ) : (
        <ProblemNotice error={error} onRetry={() => void refetch()} />
      )}
      {value !== undefined && (
        <>
          <Group gap="xs">
            {value.value !== undefined && <CopyButton text={value.value} name="number" />}
            <DownloadButton index={index} />
          </Group>
          <NumberFacts value={value} />
          <AllDigits value={value} />
          <DigitFrequency value={value} />
        </>
      )}
    </div>
  );
}

/** Returns the value, or else the last one: it stays on the page while evicted digits are calculated again. */
function useLatestValue(value: CalculatedValue | undefined): CalculatedValue | undefined {
  const [latest, setLatest] = useState(value);
  if (value !== undefined && value !== latest) {
    setLatest(value);
  }
  return value ?? latest;
}

/** The sentence about a number whose digits were evicted. */
function describeAgain(state: ValueState): string {
  const term = formatTerm(state.index);
  switch (state.state) {
    case "calculating":
      return `The digits of ${term} were removed to free memory. Calculating them again…`;
    case "pending":
      return `The digits of ${term} were removed to free memory. They are in the queue to be calculated again.`;
    default:
      return describeState(state.index, state);
  }
}

function Loading({ index }: { index: number }) {
  return (
    <div role="status" aria-label={`Loading ${formatTerm(index)}`}>
      <Skeleton height={140} radius="lg" mb="lg" />
      <Skeleton height={420} radius="lg" />
    </div>
  );
}
