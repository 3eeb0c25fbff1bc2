import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { isNotFound } from "../../api/problem";
import { type CalculatedValue, type ValueState, valueIn, valueState } from "../../api/values";
import { formatTerm } from "../../numbers/format";
import { CalculationProgress } from "../../ui/CalculationProgress";
import { describeState } from "../../ui/describeState";
import { EstimateNote } from "../../ui/EstimateNote";
import { Failure } from "../../ui/Failure";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { AllDigits } from "./AllDigits";
import { DigitFrequency } from "./DigitFrequency";
import { NotSubmitted } from "./NotSubmitted";
import { NumberActions } from "./NumberActions";
import { NumberFacts } from "./NumberFacts";
import styles from "./NumberView.module.css";

/** What is known of F(index), whatever its state. */
export function NumberView({ index }: { index: number }) {
  const { data: state, error, refetch } = useQuery(valueState(index));
  const value = useKept(useMemo(() => state && valueIn(state), [state]));
  return (
    <div className={styles.view}>
      {/* There from the start, so that screen readers tell what changes in it. */}
      <p role="status" className={styles.news} data-calculated={state?.state === "calculated"}>
        {state && (value === undefined ? describeState(state.index, state) : newsAgain(state))}
      </p>
      {state !== undefined ? (
        <Way state={state} />
      ) : error === null ? (
        <Loading index={index} />
      ) : isNotFound(error) ? (
        <NotSubmitted index={index} />
      ) : (
        <ProblemNotice error={error} onRetry={() => void refetch()} />
      )}
      {value !== undefined && (
        <>
          <NumberActions value={value} />
          <NumberFacts value={value} />
          <AllDigits value={value} />
          <DigitFrequency value={value} />
        </>
      )}
    </div>
  );
}

/** A number is what it is: it stays in sight while its digits, once dropped, are calculated again. */
function useKept(value: CalculatedValue | undefined): CalculatedValue | undefined {
  const [kept, setKept] = useState(value);
  if (value !== undefined && value !== kept) {
    setKept(value);
  }
  return value ?? kept;
}

/** The sentence about a number whose digits were there before. */
function newsAgain(state: ValueState): string {
  const term = formatTerm(state.index);
  switch (state.state) {
    case "calculating":
      return `The digits of ${term} were dropped to make room. They are being calculated again.`;
    case "pending":
      return `The digits of ${term} were dropped to make room. They wait to be calculated again.`;
    default:
      return describeState(state.index, state);
  }
}

/** How far the number is from being calculated. */
function Way({ state: { index, state, progress = 0, reason } }: { state: ValueState }) {
  switch (state) {
    case "calculated":
      return undefined;
    case "failed":
      return <Failure index={index} reason={reason} />;
    default:
      return (
        <div className={styles.way}>
          {state === "calculating" ? (
            <CalculationProgress index={index} progress={progress} />
          ) : (
            <EstimateNote index={index} />
          )}
        </div>
      );
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
