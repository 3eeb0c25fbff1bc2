import type { ComponentProps, ReactNode } from "react";
import styles from "./SmallButton.module.css";

/** A button of a row. Lists have hundreds of them, so it is lighter than Mantine's. */
export function SmallButton({ icon, children, ...props }: ComponentProps<"button"> & { icon?: ReactNode }) {
  return (
    <button type="button" {...props} className={styles.button}>
      {icon}
      {children}
    </button>
  );
}

/** A link that looks like one. */
export function SmallLink({ icon, children, ...props }: ComponentProps<"a"> & { icon?: ReactNode }) {
  return (
    <a {...props} className={styles.button}>
      {icon}
      {children}
    </a>
  );
}
