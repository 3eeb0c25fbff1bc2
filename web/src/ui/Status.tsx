import type { ReactNode } from "react";
import styles from "./Status.module.css";

interface StatusProps {
  tone: "neutral" | "busy" | "good" | "bad";
  children: ReactNode;
}

/** A few words with a dot whose colour and shape say nothing more than they do. */
export function Status({ tone, children }: StatusProps) {
  return (
    <span className={styles.status} data-tone={tone}>
      {children}
    </span>
  );
}
