import { type FormEvent, useState } from "react";
import { Link, useNavigate } from "react-router";
import { formatTerm } from "../../numbers/format";
import { type Index, neighbour } from "../../numbers/largeIndex";
import { indexIn, parseIndex } from "../../numbers/parseIndex";
import { IndexInput } from "../../ui/IndexInput";
import styles from "./GoForm.module.css";

/** The way on from a number: its neighbours, and a field for any other. */
export function GoForm({ index }: { index: Index }) {
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const [wasSubmitted, setWasSubmitted] = useState(false);
  const parsed = parseIndex(text);
  const goal = indexIn(parsed);

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    setWasSubmitted(true);
    if (goal !== undefined) {
      void navigate(`/values/${goal}`);
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
            "invalid" in parsed && goal === undefined
              ? parsed.invalid
              : "incomplete" in parsed && wasSubmitted
                ? parsed.incomplete
                : undefined
          }
          action="Go"
        />
      </form>
      <nav aria-label="Neighbours" className={styles.neighbours}>
        <Neighbour index={neighbour(index, -1n)} arrow="←" />
        <Neighbour index={neighbour(index, 1n)} arrow="→" />
      </nav>
    </div>
  );
}

function Neighbour({ index, arrow }: { index: bigint | undefined; arrow: "←" | "→" }) {
  if (index === undefined) {
    return <span />;
  }
  const term = formatTerm(index);
  return <Link to={`/values/${index}`}>{arrow === "←" ? `←\u00A0${term}` : `${term}\u00A0→`}</Link>;
}
