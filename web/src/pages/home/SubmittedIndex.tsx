import { useQuery } from "@tanstack/react-query";
import { isNotFound } from "../../api/problem";
import { valueIn, valueState } from "../../api/values";
import { wasSubmittedHere } from "../../live/useSubmit";
import { describeState } from "../../ui/describeState";
import { NotSubmitted } from "../../ui/NotSubmitted";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { ShareButton } from "../../ui/ShareButton";
import { StateMessage } from "../../ui/StateMessage";
import { Unfinished } from "../../ui/Unfinished";
import styles from "./SubmittedIndex.module.css";
import { ValueView } from "./ValueView";

/** The index submitted last, from the queue to its value. */
export function SubmittedIndex({ index }: { index: number | undefined }) {
  const { data: state, error, refetch } = useQuery(valueState(index));
  const submitted = index !== undefined;
  const unknown = isNotFound(error) && state === undefined;
  const value = state && valueIn(state);
  // Nothing is known yet of an index that came with the address.
  const isKnown = submitted && !unknown && (state !== undefined || wasSubmittedHere(index));
  return (
    <section
      aria-label={submitted ? "Your number" : undefined}
      className={submitted ? styles.panel : styles.empty}
      data-loading={submitted && state === undefined && error === null}
    >
      <StateMessage
        text={isKnown ? describeState(index, state) : undefined}
        hidden={state?.state === "calculated"}
      />
      {value !== undefined ? (
        <>
          <ValueView value={value} />
          <div>
            <ShareButton index={value.index} digitCount={value.digitCount} />
          </div>
        </>
      ) : state !== undefined ? (
        <Unfinished {...state} />
      ) : submitted && unknown ? (
        <NotSubmitted index={index} />
      ) : (
        error !== null && <ProblemNotice error={error} onRetry={() => void refetch()} />
      )}
    </section>
  );
}
