import { Button, Title } from "@mantine/core";
import { type ReactNode, useEffect, useId, useRef } from "react";
import styles from "./Dialog.module.css";
import { CloseIcon } from "./icons";

interface DialogProps {
  title: string;
  onClose(): void;
  children: ReactNode;
}

/** A dialog above the page, closed by its button, by Escape and by a click beside it. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();

  useEffect(() => {
    dialog.current?.showModal();
  }, []);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a dialog closes with Escape by itself.
    <dialog
      ref={dialog}
      aria-labelledby={heading}
      className={styles.dialog}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
    >
      <div className={styles.content}>
        <header className={styles.header}>
          <Title order={2} size="h3" id={heading}>
            {title}
          </Title>
          <Button
            variant="subtle"
            className={styles.close ?? ""}
            aria-label="Close"
            onClick={() => dialog.current?.close()}
          >
            <CloseIcon />
          </Button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
