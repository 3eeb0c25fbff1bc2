import { Button, Loader } from "@mantine/core";
import { memo, type ReactNode, type RefObject, useId } from "react";
import { IndexField } from "./IndexField";
import styles from "./IndexInput.module.css";

interface IndexInputProps {
  ref?: RefObject<HTMLInputElement | null>;
  text: string;
  onChange(text: string): void;
  error: ReactNode;
  description?: string;
  /** The text of the button beside the field, which submits the form. */
  action: string;
  busy?: boolean;
}

/** The field of an index and its button. */
export function IndexInput({
  ref,
  text,
  onChange,
  error,
  description,
  action,
  busy = false,
}: IndexInputProps) {
  const id = useId();
  const describedBy = [
    error !== undefined && `${id}-error`,
    description !== undefined && `${id}-description`,
  ];
  return (
    <div>
      <label htmlFor={id} className={styles.label}>
        Index
      </label>
      {description !== undefined && (
        <p id={`${id}-description`} className={styles.description} data-description>
          {description}
        </p>
      )}
      <div className={styles.row}>
        <IndexField
          ref={ref}
          size="lg"
          letter="n ="
          text={text}
          onChange={onChange}
          isInvalid={error !== undefined}
          signLabel="Change the sign"
          id={id}
          data-index-field
          placeholder="e.g. 93"
          aria-describedby={describedBy.filter(Boolean).join(" ") || undefined}
        />
        <SubmitButton action={action} busy={busy} />
      </div>
      {error !== undefined && (
        <p id={`${id}-error`} role="alert" className={styles.error}>
          {error}
        </p>
      )}
    </div>
  );
}

const SubmitButton = memo(function SubmitButton({ action, busy }: { action: string; busy: boolean }) {
  return (
    <Button
      type="submit"
      size="lg"
      aria-busy={busy}
      leftSection={busy && <Loader size="xs" color="currentColor" />}
    >
      {action}
    </Button>
  );
});
