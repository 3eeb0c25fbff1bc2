import { Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { type ReactNode, useLayoutEffect, useRef } from "react";
import { useNavigationType } from "react-router";

interface PageHeadingProps {
  /** The name of the page in the browser's tab. */
  title: string;
  children?: ReactNode;
}

/**
 * The heading of a page. It takes the focus when a link led to the page, so that
 * keyboard and screen reader start there, as after a full load.
 */
export function PageHeading({ title, children = title }: PageHeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const byLink = useNavigationType() === "PUSH";
  useDocumentTitle(title === "Pisano" ? title : `${title} · Pisano`);
  // As soon as the page is there: later, the focus may be in a field already.
  useLayoutEffect(() => {
    if (byLink) {
      heading.current?.focus({ preventScroll: true });
    }
  }, [byLink]);
  return (
    <Title order={1} ref={heading} tabIndex={-1} style={{ outline: "none", textWrap: "balance" }}>
      {children}
    </Title>
  );
}
