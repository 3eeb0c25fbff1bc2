export type { IndexEvent } from "./events.js";
export { type CallOptions, type DigitRange, Pisano, type PisanoOptions } from "./pisano.js";
export { ProblemError } from "./problem.js";
export type {
  Estimate,
  FieldError,
  Problem,
  paths,
  Readiness,
  SeenIndex,
  SeenIndices,
  State,
  Submission,
  Value,
  ValueState,
  Values,
} from "./schema.js";
