import { Progress } from "@mantine/core";
import { formatProgress, formatTerm, formatTimeLeft } from "../numbers/format";
import styles from "./CalculationProgress.module.css";
import { useTimeLeft } from "./useTimeLeft";

interface CalculationProgressProps {
  index: number;
  /** From 0 to 1. */
  progress: number;
}

/** The progress of a calculation and the time it has left. */
export function CalculationProgress({ index, progress }: CalculationProgressProps) {
  const left = useTimeLeft(index, progress);
  const text =
    left === undefined ? formatProgress(progress) : `${formatProgress(progress)}, ${formatTimeLeft(left)}`;
  const percent = Math.floor(progress * 100);
  return (
    <div className={styles.progress}>
      <Progress.Root
        size="md"
        transitionDuration={200}
        role="progressbar"
        aria-label={`Calculation of ${formatTerm(index)}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={text}
      >
        <Progress.Section value={percent} color="var(--good)" withAria={false} />
      </Progress.Root>
      <p className={styles.text}>{text}</p>
    </div>
  );
}
