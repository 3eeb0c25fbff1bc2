import { type FormEvent, useState } from "react";
import { Link, useNavigate } from "react-router";
import { formatTerm } from "../../numbers/format";
import { parseIndex } from "../../numbers/parseIndex";
import { IndexInput } from "../../ui/IndexInput";
import styles from "./GoForm.module.css";

/** The way on from a number: its neighbours, and a field for any other. */
export function GoForm({ index }: { index: number }) {
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const [wasSubmitted, setWasSubmitted] = useState(false);
  const parsed = parseIndex(text);

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    setWasSubmitted(true);
    if ("index" in parsed) {
      void navigate(`/values/${parsed.index}`);
    }
  }

  return (
    <div className={styles.row}>
      <form onSubmit={onSubmit} noValidate>
        <IndexInput
          text={text}
          onChange={(next) => {
            setText(next);
            setWasSubmitted(false);
          }}
          error={
            "invalid" in parsed
              ? parsed.invalid
              : "incomplete" in parsed && wasSubmitted
                ? parsed.incomplete
                : undefined
          }
          action="Go"
        />
      </form>
      <nav aria-label="Neighbours" className={styles.neighbours}>
        <Neighbour index={index - 1} arrow="←" />
        <Neighbour index={index + 1} arrow="→" />
      </nav>
    </div>
  );
}

function Neighbour({ index, arrow }: { index: number; arrow: "←" | "→" }) {
  if (!Number.isSafeInteger(index)) {
    return <span />;
  }
  const term = formatTerm(index);
  return <Link to={`/values/${index}`}>{arrow === "←" ? `←\u00A0${term}` : `${term}\u00A0→`}</Link>;
}
