import { useQuery } from "@tanstack/react-query";
import { valueIn, valueState } from "../../api/values";
import { describeState } from "../../ui/describeState";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { StateMessage } from "../../ui/StateMessage";
import { Unfinished } from "../../ui/Unfinished";
import styles from "./SubmittedIndex.module.css";
import { ValueView } from "./ValueView";

/** The index submitted last, from the queue to its value. */
export function SubmittedIndex({ index }: { index: number | undefined }) {
  const { data: state, error, refetch } = useQuery(valueState(index));
  const submitted = index !== undefined;
  const value = state && valueIn(state);
  return (
    <section
      aria-label={submitted ? "Your number" : undefined}
      className={submitted ? styles.panel : styles.empty}
    >
      <StateMessage
        text={submitted ? describeState(index, state) : undefined}
        hidden={state?.state === "calculated"}
      />
      {value !== undefined ? (
        <ValueView value={value} />
      ) : state !== undefined ? (
        <Unfinished {...state} />
      ) : (
        error !== null && <ProblemNotice error={error} onRetry={() => void refetch()} />
      )}
    </section>
  );
}
