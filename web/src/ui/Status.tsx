import type { ReactNode } from "react";
import styles from "./Status.module.css";

interface StatusProps {
  tone: "neutral" | "busy" | "good" | "bad";
  children: ReactNode;
}

/** A status in a few words. The colour and shape of the dot only repeat it. */
export function Status({ tone, children }: StatusProps) {
  return (
    <span className={styles.status} data-tone={tone}>
      {children}
    </span>
  );
}
