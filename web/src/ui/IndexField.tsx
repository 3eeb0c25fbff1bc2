import { type ComponentProps, type RefObject, useRef } from "react";
import { toggleSign } from "../numbers/toggleSign";
import styles from "./IndexField.module.css";

interface IndexFieldProps
  extends Omit<ComponentProps<"input">, "ref" | "className" | "size" | "value" | "onChange"> {
  ref?: RefObject<HTMLInputElement | null> | undefined;
  size: "md" | "lg";
  /** What is in front of the text, such as "n =". */
  letter?: string;
  text: string;
  onChange(text: string): void;
  isInvalid: boolean;
  /** What the key for the sign is called. */
  signLabel: string;
}

/**
 * What an index is typed into. On phones it brings up digits, with a key of its own for the sign. It is rendered for
 * each key that is typed, so it consists of plain elements, which are quicker than Mantine's.
 */
export function IndexField({
  ref,
  size,
  letter,
  text,
  onChange,
  isInvalid,
  signLabel,
  ...others
}: IndexFieldProps) {
  const own = useRef<HTMLInputElement>(null);
  const input = ref ?? own;
  return (
    <div className={styles.field} data-size={size} data-error={isInvalid}>
      {letter !== undefined && (
        <span className={styles.letter} aria-hidden>
          {letter}
        </span>
      )}
      <input
        {...others}
        ref={input}
        className={styles.input}
        inputMode="numeric"
        autoComplete="off"
        autoCapitalize="off"
        autoCorrect="off"
        spellCheck={false}
        enterKeyHint="go"
        aria-invalid={isInvalid}
        value={text}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <button
        type="button"
        className={styles.sign}
        aria-label={signLabel}
        onClick={() => {
          onChange(toggleSign(text));
          input.current?.focus();
        }}
      >
        ±
      </button>
    </div>
  );
}
