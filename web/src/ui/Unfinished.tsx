import type { ValueState } from "../api/values";
import { CalculationProgress } from "./CalculationProgress";
import { Failure } from "./Failure";

type UnfinishedProps = Pick<ValueState, "index" | "state" | "progress" | "reason">;

/** The progress of a calculation, or why it failed; nothing in the other states. */
export function Unfinished({ index, state, progress = 0, reason }: UnfinishedProps) {
  switch (state) {
    case "calculating":
      return <CalculationProgress index={index} progress={progress} />;
    case "failed":
      return <Failure index={index} reason={reason} />;
    default:
      return undefined;
  }
}
