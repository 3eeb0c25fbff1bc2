import { TextInput } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { formatInteger, formatShort, formatTerm } from "../../numbers/format";
import type { Index } from "../../numbers/largeIndex";
import { largestModulus, largestPeriodModulus, modulusRange, parseModulus } from "../../numbers/parseModulus";
import { remainder } from "../../numbers/remainder";
import { Groups } from "../../ui/Groups";
import styles from "./Remainder.module.css";

/** What a division of F(index) leaves, by a modulus that can be typed. It needs no digits. */
export function Remainder({ index }: { index: Index }) {
  const [text, setText] = useState("10");
  const modulus = parseModulus(text, largestModulus);
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
        error={modulus === undefined && text.trim() !== "" && modulusRange(largestModulus)}
        errorProps={{ role: "alert" }}
      />
      {/* Rendered even while it is empty, so that screen readers announce what appears in it. */}
      <p aria-live="polite">
        {modulus !== undefined && (
          <>
            Divided by {formatShort(modulus)}, {formatTerm(index)} leaves{" "}
            <strong data-digits>
              <Groups>{formatInteger(remainder(index, modulus))}</Groups>
            </strong>
            .{" "}
            {modulus <= largestPeriodModulus && (
              <Link to={`/pisano/${modulus}`}>
                {`The ${modulus <= Number.MAX_SAFE_INTEGER ? "wheel" : "period"} of ${formatShort(modulus)}`}
              </Link>
            )}
          </>
        )}
      </p>
    </div>
  );
}
