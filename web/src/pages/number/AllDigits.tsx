import { Text } from "@mantine/core";
import type { CalculatedValue } from "../../api/values";
import { formatInteger } from "../../numbers/format";
import { Panel } from "../../ui/Panel";
import styles from "./AllDigits.module.css";
import { DigitViewer } from "./DigitViewer";
import type { DigitChunks } from "./digitChunks";
import { JumpForm } from "./JumpForm";
import { useDigitChunks } from "./useDigitChunks";
import { type Jump, useJump } from "./useJump";

/** All digits of a value, and a form to go to any of them. */
export function AllDigits({ value }: { value: CalculatedValue }) {
  const { sign, digitCount } = value;
  const chunks = useDigitChunks(value);
  const { text, jump, jumpTo } = useJump(digitCount);
  return (
    <Panel
      title="All digits"
      description={`Each row starts with the position of its first digit.${sign < 0 ? " The minus sign is not shown." : ""}`}
      tools={<JumpForm digitCount={digitCount} initialText={text} onJump={jumpTo} />}
    >
      <Text role="status" size="sm" className={styles.result ?? ""}>
        {jump && describeDigit(chunks, jump)}
      </Text>
      <DigitViewer value={value} chunks={chunks} jump={jump} />
    </Panel>
  );
}

function describeDigit(chunks: DigitChunks, { position }: Jump) {
  const digit = chunks.digits(position - 1, 1);
  return digit === undefined ? undefined : (
    <>
      Digit {formatInteger(position)} is <strong>{digit}</strong>.
    </>
  );
}
