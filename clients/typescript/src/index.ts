export type { IndexEvent } from "./events.js";
export { ForeignAnswerError } from "./foreign.js";
export { NoAnswerError } from "./noAnswer.js";
export {
  type CallOptions,
  type DigitRange,
  type Integer,
  type ListOptions,
  Pisano,
  type PisanoOptions,
} from "./pisano.js";
export { ProblemError } from "./problem.js";
export type {
  DoublingStep,
  Estimate,
  FieldError,
  IndexEstimate,
  LiveWorker,
  Number as FibonacciNumber,
  NumberFacts,
  Part,
  Period,
  PeriodFactor,
  Preimage,
  Primality,
  Problem,
  paths,
  Readiness,
  Recovery,
  Remainder,
  SeenIndex,
  SeenIndices,
  ServiceStatus,
  State,
  Submission,
  Submitted,
  TermFacts,
  Value,
  ValueState,
  Values,
  Zeckendorf,
} from "./schema.js";
