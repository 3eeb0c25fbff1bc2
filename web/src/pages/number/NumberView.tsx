import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo, useState } from "react";
import { useSearchParams } from "react-router";
import { numberFacts } from "../../api/facts";
import { isNotFound } from "../../api/problem";
import { type CalculatedValue, type ValueState, valueIn, valueState } from "../../api/values";
import { maxWholeDigits } from "../../numbers/digitEnds";
import { describeCalculation, formatCount, formatTerm } from "../../numbers/format";
import { shortValue } from "../../numbers/shortValue";
import { titleOf } from "../../numbers/title";
import { describeState } from "../../ui/describeState";
import { EstimateNote } from "../../ui/EstimateNote";
import { NotSubmitted } from "../../ui/NotSubmitted";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { ShareButton } from "../../ui/ShareButton";
import { StateMessage } from "../../ui/StateMessage";
import { Unfinished } from "../../ui/Unfinished";
import { CopyButton, DownloadButton } from "../../ui/ValueButtons";
import { AllDigits } from "./AllDigits";
import { DigitFrequency } from "./DigitFrequency";
import { FindDigits } from "./FindDigits";
import { Hero, type KnownDigits } from "./Hero";
import { NumberFacts } from "./NumberFacts";
import styles from "./NumberView.module.css";
import { useLatest } from "./useLatest";

/** What is known of F(index), in whatever state it is. Its digits come from the calculation; the rest needs none. */
export function NumberView({ index, heading }: { index: number; heading?: (title: string) => ReactNode }) {
  const { data: state, error, refetch } = useQuery(valueState(index));
  const { data: facts, isPending: factsPending } = useQuery(numberFacts(index));
  // The digits stay on the page while they are calculated again after an eviction, and
  // a problem while it is looked into again: a query forgets its error then.
  const value = useLatest(useMemo(() => state && valueIn(state), [state]));
  const problem = useLatest(error ?? undefined);
  const known = knownDigits(index, value, facts?.number);
  // What is below the number appears at once: what appears later would move it.
  const isReady = useLatest((state !== undefined || error !== null) && !factsPending ? true : undefined);
  return (
    <div className={`${styles.view} ${styles.page}`}>
      <section className={styles.hero} aria-label="The number">
        {heading?.(titleOf(index, known))}
        <Hero known={known} />
        {isReady && (
          <p className={styles.length}>
            {value !== undefined
              ? describeCalculation(value)
              : known !== undefined && formatCount(known.digitCount, "digit")}
          </p>
        )}
        <StateMessage
          text={state && (value === undefined ? describeState(index, state) : describeAgain(state))}
          hidden={state?.state === "calculated"}
        />
        {isReady && (
          <>
            {state !== undefined ? (
              <>
                <Unfinished {...state} />
                {state.state === "pending" && shortValue(index) === undefined && (
                  <EstimateNote index={index} />
                )}
              </>
            ) : isNotFound(problem) ? (
              <NotSubmitted index={index} />
            ) : (
              <ProblemNotice error={problem} onRetry={() => void refetch()} />
            )}
            <div className={styles.actions}>
              {value?.value !== undefined && <CopyButton text={value.value} name="number" />}
              {value !== undefined && <DownloadButton index={index} />}
              <ShareButton index={index} digitCount={value?.digitCount} />
            </div>
          </>
        )}
      </section>
      {isReady && (
        <>
          <NumberFacts index={index} value={value} facts={facts} />
          {value !== undefined && <Details value={value} />}
        </>
      )}
    </div>
  );
}

/** The digits one by one and their frequencies. Of a number that is shown whole above, only on demand. */
function Details({ value }: { value: CalculatedValue }) {
  // A link to a digit leads to it.
  const [params] = useSearchParams();
  const [open, setOpen] = useState(params.has("digit") || params.has("find"));
  const details = (
    <div className={styles.view}>
      <AllDigits value={value} />
      <FindDigits value={value} />
      <DigitFrequency value={value} />
    </div>
  );
  if (value.digitCount > maxWholeDigits) {
    return details;
  }
  return (
    <details className={styles.fold} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Each digit, and how often it occurs</summary>
      {open && details}
    </details>
  );
}

/** The digits as far as they are known: calculated, known without a calculation, or few enough to add up here. */
function knownDigits(
  index: number,
  value: CalculatedValue | undefined,
  facts: { sign: number; digitCount: string; value?: string; leading?: string } | undefined,
): KnownDigits | undefined {
  const best = value ?? facts;
  if (best !== undefined) {
    return { ...best, digitCount: BigInt(best.digitCount) };
  }
  const short = shortValue(index)?.replace("−", "-");
  return (
    (short && {
      sign: short.startsWith("-") ? -1 : 1,
      digitCount: BigInt(short.replace("-", "").length),
      value: short,
    }) ||
    undefined
  );
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
