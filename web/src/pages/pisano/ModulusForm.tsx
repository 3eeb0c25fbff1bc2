import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useNavigate } from "react-router";
import { formatInteger } from "../../numbers/format";
import type { Index } from "../../numbers/largeIndex";
import { largestPeriodModulus, modulusRange, parseModulus } from "../../numbers/parseModulus";
import styles from "./ModulusForm.module.css";

/** The field that opens the page of any modulus. It begins with the one that is shown. */
export function ModulusForm({ modulus }: { modulus: Index }) {
  const navigate = useNavigate();
  const [text, setText] = useState(formatInteger(modulus));
  const [isInvalid, setInvalid] = useState(false);

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    const next = parseModulus(text, largestPeriodModulus);
    setInvalid(next === undefined);
    if (next !== undefined) {
      void navigate(`/pisano/${next}`);
    }
  }

  return (
    <form onSubmit={onSubmit} noValidate>
      <TextInput
        classNames={{ input: styles.input ?? "" }}
        size="lg"
        label="Modulus"
        leftSection={
          <span className={styles.letter} aria-hidden>
            m =
          </span>
        }
        leftSectionWidth={62}
        onFocus={(event) => event.currentTarget.select()}
        inputMode="numeric"
        autoComplete="off"
        enterKeyHint="go"
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setInvalid(false);
        }}
        error={isInvalid && modulusRange(largestPeriodModulus)}
        errorProps={{ role: "alert" }}
        inputContainer={(field) => (
          <div className={styles.row}>
            {field}
            <Button type="submit" size="lg">
              Go
            </Button>
          </div>
        )}
      />
    </form>
  );
}
