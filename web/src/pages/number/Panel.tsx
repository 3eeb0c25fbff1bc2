import { Text, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";
import styles from "./Panel.module.css";

interface PanelProps {
  title: string;
  /** One sentence on what is shown. */
  description: ReactNode;
  /** What stands beside the title. */
  tools?: ReactNode;
  children: ReactNode;
}

/** A part of the page of a number, with its heading. */
export function Panel({ title, description, tools, children }: PanelProps) {
  const heading = useId();
  return (
    <section aria-labelledby={heading} className={styles.panel}>
      <header className={styles.header}>
        <div>
          <Title order={2} size="h3" id={heading}>
            {title}
          </Title>
          <Text size="sm" c="dimmed">
            {description}
          </Text>
        </div>
        {tools}
      </header>
      {children}
    </section>
  );
}
