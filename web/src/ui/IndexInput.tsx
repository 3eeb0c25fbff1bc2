import { Button, Loader } from "@mantine/core";
import { memo, type ReactNode, type RefObject, useId, useRef } from "react";
import { toggleSign } from "../numbers/toggleSign";
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

/**
 * The field of an index and its button. On phones it brings up digits, with a key of its own for the sign. It is
 * rendered for each key that is typed, so it consists of plain elements, which are quicker than Mantine's.
 */
export function IndexInput({
  ref,
  text,
  onChange,
  error,
  description,
  action,
  busy = false,
}: IndexInputProps) {
  const own = useRef<HTMLInputElement>(null);
  const input = ref ?? own;
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
        <div className={styles.field} data-error={error !== undefined}>
          <span className={styles.letter} aria-hidden>
            n =
          </span>
          <input
            ref={input}
            id={id}
            className={styles.input}
            data-index-field
            placeholder="e.g. 93"
            inputMode="numeric"
            autoComplete="off"
            autoCapitalize="off"
            autoCorrect="off"
            spellCheck={false}
            enterKeyHint="go"
            aria-invalid={error !== undefined}
            aria-describedby={describedBy.filter(Boolean).join(" ") || undefined}
            value={text}
            onChange={(event) => onChange(event.currentTarget.value)}
          />
          <button
            type="button"
            className={styles.sign}
            aria-label="Change the sign"
            onClick={() => {
              onChange(toggleSign(text));
              input.current?.focus();
            }}
          >
            ±
          </button>
        </div>
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
