import { Title } from "@mantine/core";
import { type ReactNode, useId } from "react";
import styles from "./Card.module.css";

interface CardProps {
  title: string;
  /** Takes the whole width. */
  wide?: boolean;
  children: ReactNode;
}

/** A fact about the sequence with its picture. */
export function Card({ title, wide = false, children }: CardProps) {
  const heading = useId();
  return (
    <section aria-labelledby={heading} className={styles.card} data-wide={wide}>
      <Title order={2} size="h3" id={heading}>
        {title}
      </Title>
      {children}
    </section>
  );
}
