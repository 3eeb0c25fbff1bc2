import { Button, Loader, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { costEstimate } from "../../api/estimates";
import { isTooLarge, messageOf } from "../../api/problem";
import { useSubmitIndex } from "../../live/useSubmitIndex";
import { formatInteger } from "../../numbers/format";
import { parseIndex } from "../../numbers/parseIndex";
import { EstimateNote } from "../../ui/EstimateNote";
import styles from "./SubmitForm.module.css";

/** Whoever types faster than this has not finished the index. */
const typingPauseMs = 200;

const examples = [10, 93, 1_000, -8, 100_000];

interface SubmitFormProps {
  /** Called when the server has accepted an index. */
  onSubmitted(index: number): void;
}

/**
 * Asks for an index. What is typed is checked at once; the server has the last
 * word. The focus never leaves the field, so that the next index can follow.
 */
export function SubmitForm({ onSubmitted }: SubmitFormProps) {
  const [text, setText] = useState("");
  const [pressed, setPressed] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const submission = useSubmitIndex();
  const parsed = parseIndex(text);
  const [typed] = useDebouncedValue("index" in parsed ? parsed.index : undefined, typingPauseMs);
  const asked = "index" in parsed ? typed : undefined;
  const estimate = useQuery(costEstimate(asked));

  function submit(index: number, sent: string) {
    submission.mutate(index, {
      onSuccess: (seen) => {
        // What was typed since is the next index.
        setText((now) => (now === sent ? "" : now));
        setPressed(false);
        onSubmitted(seen.index);
      },
    });
  }

  function change(next: string) {
    setText(next);
    setPressed(false);
    // One that is under way would end without a word.
    if (!submission.isPending) {
      submission.reset();
    }
  }

  function press(event: FormEvent) {
    event.preventDefault();
    setPressed(true);
    input.current?.focus();
    if ("index" in parsed && !submission.isPending) {
      submit(parsed.index, text);
    }
  }

  /** While an index is being typed, only what no further digit can mend is wrong. */
  function complaint(): string | undefined {
    if (submission.isError) {
      return messageOf(submission.error);
    }
    if ("invalid" in parsed) {
      return parsed.invalid;
    }
    if ("incomplete" in parsed) {
      return pressed ? parsed.incomplete : undefined;
    }
    return isTooLarge(estimate.error) && typed === parsed.index ? messageOf(estimate.error) : undefined;
  }

  function tryExample(index: number) {
    if (submission.isPending) {
      return;
    }
    const example = String(index);
    change(example);
    submit(index, example);
  }

  return (
    <form onSubmit={press} noValidate className={styles.form}>
      <TextInput
        ref={input}
        classNames={{ input: styles.input ?? "" }}
        size="lg"
        label="Index"
        description="The n of F(n): a whole number, negative if you like."
        leftSection={
          <span className={styles.letter} aria-hidden>
            n =
          </span>
        }
        leftSectionWidth={58}
        placeholder="e.g. 1000"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        enterKeyHint="go"
        value={text}
        onChange={(event) => change(event.currentTarget.value)}
        error={complaint()}
        errorProps={{ role: "alert" }}
        inputContainer={(field) => (
          <div className={styles.row}>
            {field}
            <Button
              type="submit"
              size="lg"
              leftSection={submission.isPending && <Loader size="xs" color="currentColor" />}
            >
              Calculate
            </Button>
          </div>
        )}
      />
      <EstimateNote index={asked} />
      <fieldset className={styles.examples}>
        <legend>Or try one of these:</legend>
        {examples.map((index) => (
          <Button
            key={index}
            variant="default"
            size="compact-md"
            radius="xl"
            onClick={() => tryExample(index)}
          >
            {formatInteger(index)}
          </Button>
        ))}
      </fieldset>
    </form>
  );
}
