import { Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, memo, type ReactNode, useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { costEstimate } from "../../api/estimates";
import { isTooLarge, isTransient, messageOf } from "../../api/problem";
import { useSubmitIndex } from "../../live/useSubmit";
import { formatInteger, formatTerm } from "../../numbers/format";
import type { Index } from "../../numbers/largeIndex";
import { indexIn, parseIndex } from "../../numbers/parseIndex";
import { ErrorText } from "../../ui/ErrorText";
import { EstimateNote } from "../../ui/EstimateNote";
import { IndexInput } from "../../ui/IndexInput";
import { AsValue } from "./AsValue";
import { Ending } from "./Ending";
import styles from "./SubmitForm.module.css";

/** The estimate is fetched once nothing has been typed for this long. */
const typingPauseMs = 200;

const examples = [10, 93, 1_000, -8, 100_000];

interface SubmitFormProps {
  /** Called when the server has accepted an index. */
  onSubmitted(index: number): void;
  /** The answer, directly below the field. */
  children?: ReactNode;
}

/**
 * The form that submits an index. Input is checked as it is typed; the server
 * decides. The focus stays in the field, ready for the next index, except where
 * the keyboard on the screen would cover the answer.
 */
export function SubmitForm({ onSubmitted, children }: SubmitFormProps) {
  const [text, setText] = useState("");
  const [wasSubmitted, setWasSubmitted] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const submission = useSubmitIndex();
  const parsed = parseIndex(text);
  const [typed] = useDebouncedValue("index" in parsed ? parsed.index : undefined, typingPauseMs);
  const estimated = "index" in parsed ? typed : undefined;
  const estimate = useQuery(costEstimate(estimated));
  // The index is right where only the server cannot take it now.
  const refused = submission.isError && !isTransient(submission.error);

  function submit(index: number, sentText: string) {
    submission.mutate(index, {
      onSuccess: (seen) => {
        // Text typed in the meantime is the next index.
        setText((current) => (current === sentText ? "" : current));
        setWasSubmitted(false);
        showAnswer();
        onSubmitted(seen.index);
      },
    });
  }

  /** On a screen that is touched, hides the keyboard and scrolls the field to the top, with the answer below it. */
  function showAnswer() {
    if (window.matchMedia("(pointer: coarse)").matches) {
      input.current?.blur();
      form.current?.scrollIntoView({ block: "start" });
    }
  }

  function change(next: string) {
    setText(next);
    setWasSubmitted(false);
    // A pending submission would lose its result.
    if (submission.isError || submission.isSuccess) {
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
  function fault(): ReactNode {
    if (refused) {
      return isTooLarge(submission.error)
        ? tooLarge(messageOf(submission.error))
        : messageOf(submission.error);
    }
    if ("invalid" in parsed) {
      return tooLarge(parsed.invalid);
    }
    if ("incomplete" in parsed) {
      return wasSubmitted ? parsed.incomplete : undefined;
    }
    return isTooLarge(estimate.error) && typed === parsed.index
      ? tooLarge(messageOf(estimate.error))
      : undefined;
  }

  /** Adds the way to what is known without a calculation. */
  function tooLarge(sentence: string): ReactNode {
    const index = indexIn(parsed);
    return index === undefined ? sentence : <TooLarge sentence={sentence} index={index} />;
  }

  function tryExample(index: number) {
    if (submission.isPending) {
      return;
    }
    const example = String(index);
    change(example);
    submit(index, example);
  }

  // The same function for each render, so that the examples are not rendered while a user types.
  const tryLatest = useRef(tryExample);
  useEffect(() => {
    tryLatest.current = tryExample;
  });
  const [onTry] = useState(() => (index: number) => tryLatest.current(index));

  return (
    <div className={styles.form}>
      <form ref={form} onSubmit={onSubmit} noValidate className={styles.fields}>
        <IndexInput
          ref={input}
          text={text}
          onChange={change}
          error={fault()}
          description="The n in F(n): any whole number, positive or negative."
          action="Calculate"
          busy={submission.isPending}
        />
        <EstimateNote
          index={estimated}
          hint={"incomplete" in parsed && text !== "" && !wasSubmitted ? parsed.incomplete : undefined}
        />
        <Ending index={indexIn(parsed)} />
        <AsValue parsed={parsed} />
        <ErrorText error={submission.isError && !refused ? submission.error : null} />
      </form>
      {children}
      <Examples onTry={onTry} />
    </div>
  );
}

function TooLarge({ sentence, index }: { sentence: string; index: Index }) {
  return (
    <>
      {sentence} <Link to={`/values/${index}`}>See what is known of {formatTerm(index)}</Link>
    </>
  );
}

const Examples = memo(function Examples({ onTry }: { onTry(index: number): void }) {
  return (
    <fieldset className={styles.examples}>
      <legend>Or try one of these:</legend>
      {examples.map((index) => (
        <Button key={index} variant="default" size="compact-md" radius="xl" onClick={() => onTry(index)}>
          {formatInteger(index)}
        </Button>
      ))}
    </fieldset>
  );
});
