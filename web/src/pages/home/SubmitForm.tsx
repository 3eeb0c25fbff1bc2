import { Button, Loader, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { costEstimate } from "../../api/estimates";
import { isTooLarge, messageOf } from "../../api/problem";
import { useSubmitIndex } from "../../live/useSubmit";
import { formatInteger } from "../../numbers/format";
import { parseIndex } from "../../numbers/parseIndex";
import { EstimateNote } from "../../ui/EstimateNote";
import styles from "./SubmitForm.module.css";

/** The estimate is fetched once nothing has been typed for this long. */
const typingPauseMs = 200;

const examples = [10, 93, 1_000, -8, 100_000];

interface SubmitFormProps {
  /** Called when the server has accepted an index. */
  onSubmitted(index: number): void;
}

/**
 * The form that submits an index. Input is checked as it is typed; the server
 * decides. The focus stays in the field, ready for the next index.
 */
export function SubmitForm({ onSubmitted }: SubmitFormProps) {
  const [text, setText] = useState("");
  const [wasSubmitted, setWasSubmitted] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const submission = useSubmitIndex();
  const parsed = parseIndex(text);
  const [typed] = useDebouncedValue("index" in parsed ? parsed.index : undefined, typingPauseMs);
  const estimated = "index" in parsed ? typed : undefined;
  const estimate = useQuery(costEstimate(estimated));

  function submit(index: number, sentText: string) {
    submission.mutate(index, {
      onSuccess: (seen) => {
        // Text typed in the meantime is the next index.
        setText((current) => (current === sentText ? "" : current));
        setWasSubmitted(false);
        onSubmitted(seen.index);
      },
    });
  }

  function change(next: string) {
    setText(next);
    setWasSubmitted(false);
    // Resetting a pending submission would discard its result.
    if (!submission.isPending) {
      submission.reset();
    }
  }

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    setWasSubmitted(true);
    input.current?.focus();
    if ("index" in parsed && !submission.isPending) {
      submit(parsed.index, text);
    }
  }

  /** While an index is being typed, only what more digits cannot repair is an error. */
  function errorText(): string | undefined {
    if (submission.isError) {
      return messageOf(submission.error);
    }
    if ("invalid" in parsed) {
      return parsed.invalid;
    }
    if ("incomplete" in parsed) {
      return wasSubmitted ? parsed.incomplete : undefined;
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
    <form onSubmit={onSubmit} noValidate className={styles.form}>
      <TextInput
        ref={input}
        classNames={{ input: styles.input ?? "" }}
        size="lg"
        label="Index"
        description="The n in F(n): any whole number, positive or negative."
        leftSection={
          <span className={styles.letter} aria-hidden>
            n =
          </span>
        }
        leftSectionWidth={58}
        placeholder="e.g. 1,000"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        enterKeyHint="go"
        value={text}
        onChange={(event) => change(event.currentTarget.value)}
        error={errorText()}
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
      <EstimateNote index={estimated} />
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
