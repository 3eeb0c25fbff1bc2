import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { formatInteger } from "../../numbers/format";
import { parsePosition, positionRange } from "../../numbers/parsePosition";
import styles from "./JumpForm.module.css";

interface JumpFormProps {
  digitCount: number;
  /** The position in the address, whether or not there is such a digit. */
  addressed: string;
  onJump(position: number): void;
}

/** The form that goes to a digit by its position, counted from 1. */
export function JumpForm({ digitCount, addressed, onJump }: JumpFormProps) {
  const [text, setText] = useState(addressed);
  const [isInvalid, setInvalid] = useState(
    addressed !== "" && parsePosition(addressed, digitCount) === undefined,
  );

  // A link led to another digit.
  const [shown, setShown] = useState(addressed);
  if (shown !== addressed) {
    setShown(addressed);
    const position = parsePosition(addressed, digitCount);
    if (position !== undefined) {
      setText(formatInteger(position));
      setInvalid(false);
    }
  }

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    jump(parsePosition(text, digitCount));
  }

  function jump(position: number | undefined) {
    setInvalid(position === undefined);
    if (position !== undefined) {
      setText(formatInteger(position));
      onJump(position);
    }
  }

  return (
    <form onSubmit={onSubmit} noValidate className={styles.form}>
      <TextInput
        label="Go to digit"
        description={positionRange(digitCount)}
        inputWrapperOrder={["label", "input", "description", "error"]}
        classNames={{ input: styles.input ?? "" }}
        inputMode="numeric"
        autoComplete="off"
        enterKeyHint="go"
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setInvalid(false);
        }}
        error={isInvalid && `Enter a position from 1 to ${formatInteger(digitCount)}.`}
        errorProps={{ role: "alert" }}
        inputContainer={(input) => (
          <div className={styles.row}>
            {input}
            <Button type="submit">Go</Button>
            <Button variant="default" onClick={() => jump(1)}>
              First
            </Button>
            <Button variant="default" onClick={() => jump(digitCount)}>
              Last
            </Button>
          </div>
        )}
      />
    </form>
  );
}
