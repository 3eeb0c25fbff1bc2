import { Text, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";
import styles from "./Panel.module.css";

interface PanelProps {
  title: string;
  /** One sentence below the title. */
  description?: ReactNode;
  /** Controls beside the title. */
  tools?: ReactNode;
  /** The target of links to the panel. */
  id?: string;
  /** Makes the panel as wide as all columns of a grid. */
  wide?: boolean;
  children: ReactNode;
}

/**
 * A section of a page on a surface of its own, with a heading. The content needs padding: see PanelBody. It takes the
 * focus of a button in it that is gone: see useRestoreFocus.
 */
export function Panel({ title, description, tools, id, wide = false, children }: PanelProps) {
  const heading = useId();
  return (
    <section id={id} tabIndex={-1} aria-labelledby={heading} className={styles.panel} data-wide={wide}>
      <header className={styles.header}>
        <div>
          <Title order={2} size="h3" id={heading}>
            {title}
          </Title>
          {description !== undefined && (
            <Text size="sm" c="dimmed">
              {description}
            </Text>
          )}
        </div>
        {tools}
      </header>
      {children}
    </section>
  );
}

/** The content of a panel below its heading, in a padded column. */
export function PanelBody({ children }: { children: ReactNode }) {
  return <div className={styles.body}>{children}</div>;
}
