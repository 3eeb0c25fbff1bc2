import { Container, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import styles from "./Page.module.css";
import { PageHeading } from "./PageHeading";

/** The frame of a page. */
export function Page({ children }: { children: ReactNode }) {
  return (
    <Container size="lg" className={styles.page}>
      {children}
    </Container>
  );
}

/** The sentence below a page's heading. */
export function Lead({ children }: { children: string }) {
  return <p className={styles.lead}>{children}</p>;
}

interface MessagePageProps {
  /** The name of the page in the browser's tab. */
  title: string;
  heading: string;
  children: ReactNode;
}

/** A page that has no more than a message to show. */
export function MessagePage({ title, heading, children }: MessagePageProps) {
  return (
    <Container size="sm" py={80}>
      <Stack gap="lg" align="flex-start" className={styles.message ?? ""}>
        <PageHeading title={title}>{heading}</PageHeading>
        {children}
      </Stack>
    </Container>
  );
}
