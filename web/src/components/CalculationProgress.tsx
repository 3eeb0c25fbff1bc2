import { Progress } from "@mantine/core";
import { formatTerm } from "../numbers/format";

interface CalculationProgressProps {
  index: number;
  /** From 0 to 1. */
  progress: number;
}

export function CalculationProgress({ index, progress }: CalculationProgressProps) {
  return (
    <Progress
      value={Math.floor(progress * 100)}
      size="md"
      color="var(--good)"
      transitionDuration={200}
      aria-label={`Calculation of ${formatTerm(index)}`}
    />
  );
}
