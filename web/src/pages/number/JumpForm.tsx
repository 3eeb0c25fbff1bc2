import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { formatInteger } from "../../numbers/format";
import styles from "./JumpForm.module.css";
import { parsePosition, positionRange } from "./parsePosition";

interface JumpFormProps {
  digitCount: number;
  /** What the address asks for, whether or not it is a position. */
  asked: string;
  onJump(position: number): void;
}

/** Asks for the position of a digit, counted from 1 as people do. */
export function JumpForm({ digitCount, asked, onJump }: JumpFormProps) {
  const [text, setText] = useState(asked);
  const [wrong, setWrong] = useState(asked !== "" && parsePosition(asked, digitCount) === undefined);

  function press(event: FormEvent) {
    event.preventDefault();
    jump(parsePosition(text, digitCount));
  }

  function jump(position: number | undefined) {
    setWrong(position === undefined);
    if (position !== undefined) {
      setText(formatInteger(position));
      onJump(position);
    }
  }

  return (
    <form onSubmit={press} noValidate className={styles.form}>
      <TextInput
        label="Go to digit"
        description={positionRange(digitCount)}
        inputWrapperOrder={["label", "input", "description", "error"]}
        classNames={{ root: styles.field ?? "", input: styles.input ?? "" }}
        inputMode="numeric"
        autoComplete="off"
        enterKeyHint="go"
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setWrong(false);
        }}
        error={wrong && `A position is a whole number from 1 to ${formatInteger(digitCount)}.`}
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
