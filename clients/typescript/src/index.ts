export type { IndexEvent } from "./events.js";
export { ForeignAnswerError } from "./foreign.js";
export { type CallOptions, type DigitRange, Pisano, type PisanoOptions } from "./pisano.js";
export { ProblemError } from "./problem.js";
export type {
  Estimate,
  FieldError,
  Part,
  Problem,
  paths,
  Readiness,
  SeenIndex,
  SeenIndices,
  ServiceStatus,
  State,
  Submission,
  Value,
  ValueState,
  Values,
} from "./schema.js";
