import { TextInput } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { formatInteger, formatTerm } from "../../numbers/format";
import type { Index } from "../../numbers/largeIndex";
import { modulusRange, parseModulus } from "../../numbers/parseModulus";
import { remainder } from "../../numbers/remainder";
import styles from "./Remainder.module.css";

/** What a division of F(index) leaves, by a modulus that can be typed. It needs no digits. */
export function Remainder({ index }: { index: Index }) {
  const [text, setText] = useState("10");
  const modulus = parseModulus(text);
  return (
    <div className={styles.remainder}>
      <TextInput
        classNames={{ root: styles.field ?? "", input: styles.input ?? "" }}
        label="Modulus"
        leftSection={<span aria-hidden>m =</span>}
        leftSectionWidth={46}
        inputMode="numeric"
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={modulus === undefined && text.trim() !== "" && modulusRange}
        errorProps={{ role: "alert" }}
      />
      {/* Rendered even while it is empty, so that screen readers announce what appears in it. */}
      <p aria-live="polite">
        {modulus !== undefined && (
          <>
            Divided by {formatInteger(modulus)}, {formatTerm(index)} leaves{" "}
            <strong>{formatInteger(remainder(index, BigInt(modulus)))}</strong>.{" "}
            <Link to={`/pisano/${modulus}`}>{`The wheel of ${formatInteger(modulus)}`}</Link>
          </>
        )}
      </p>
    </div>
  );
}
