import { Button } from "@mantine/core";
import { type FormEvent, useId, useState } from "react";
import { Link, useNavigate } from "react-router";
import { formatInteger, formatTerm } from "../../numbers/format";
import { parseIndex } from "../../numbers/parseIndex";
import { IndexField } from "../../ui/IndexField";
import styles from "./RangeForm.module.css";
import { addressOf, parseEnd, type Range, shifted } from "./range";

/** The fields of both ends, and the way to the ranges beside. */
export function RangeForm({ range }: { range: Range }) {
  const navigate = useNavigate();
  const [from, setFrom] = useState(formatInteger(range.from));
  const [to, setTo] = useState(formatInteger(range.to));
  const [wasSubmitted, setWasSubmitted] = useState(false);
  const before = shifted(range, -1);
  const after = shifted(range, 1);

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    setWasSubmitted(true);
    const [first, last] = [parseEnd(from), parseEnd(to)];
    if (first !== undefined && last !== undefined) {
      void navigate(addressOf({ from: Math.min(first, last), to: Math.max(first, last) }));
    }
  }

  return (
    <div className={styles.choice}>
      <form onSubmit={onSubmit} noValidate className={styles.form}>
        <End name="From" text={from} onChange={setFrom} wasSubmitted={wasSubmitted} />
        <End name="To" text={to} onChange={setTo} wasSubmitted={wasSubmitted} />
        <Button type="submit" size="md">
          Show
        </Button>
      </form>
      <nav aria-label="Ranges beside" className={styles.beside}>
        {before && <Link to={addressOf(before)}>{`← ${nameOf(before)}`}</Link>}
        {after && <Link to={addressOf(after)}>{`${nameOf(after)} →`}</Link>}
      </nav>
    </div>
  );
}

function nameOf({ from, to }: Range): string {
  return `${formatTerm(from)} to ${formatTerm(to)}`;
}

interface EndProps {
  name: string;
  text: string;
  onChange(text: string): void;
  wasSubmitted: boolean;
}

function End({ name, text, onChange, wasSubmitted }: EndProps) {
  const id = useId();
  const parsed = parseIndex(text);
  const fault = "invalid" in parsed ? parsed.invalid : "incomplete" in parsed ? parsed.incomplete : undefined;
  const error = wasSubmitted ? fault : undefined;
  return (
    <div>
      <label htmlFor={id} className={styles.label}>
        {name}
      </label>
      <IndexField
        size="md"
        text={text}
        onChange={onChange}
        isInvalid={error !== undefined}
        signLabel={`Change the sign of ${name}`}
        id={id}
        aria-describedby={error === undefined ? undefined : `${id}-error`}
        onFocus={(event) => event.currentTarget.select()}
      />
      {error !== undefined && (
        <p id={`${id}-error`} role="alert" className={styles.error}>
          {error}
        </p>
      )}
    </div>
  );
}
