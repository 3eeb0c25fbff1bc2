import type { SeenIndex } from "../../api/indices";
import { formatProgress } from "../../numbers/format";
import styles from "./StateBadge.module.css";

const words: Record<SeenIndex["state"], string> = {
  pending: "Pending",
  calculating: "Calculating",
  calculated: "Calculated",
  failed: "Failed",
};

interface StateBadgeProps {
  state: SeenIndex["state"];
  progress?: number | undefined;
}

/** The state in a word, and in a colour that says nothing more. */
export function StateBadge({ state, progress }: StateBadgeProps) {
  const share = state === "calculating" && progress !== undefined ? ` ${formatProgress(progress)}` : "";
  return (
    <span className={styles.badge} data-state={state}>
      {words[state]}
      {share}
    </span>
  );
}
