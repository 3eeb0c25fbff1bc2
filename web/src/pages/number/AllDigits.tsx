import { Text } from "@mantine/core";
import type { CalculatedValue } from "../../api/values";
import { formatInteger } from "../../numbers/format";
import { Panel } from "../../ui/Panel";
import { usePrinting } from "../../ui/usePrinting";
import styles from "./AllDigits.module.css";
import type { Marked } from "./DigitRow";
import { DigitViewer } from "./DigitViewer";
import type { DigitChunks } from "./digitChunks";
import { JumpForm } from "./JumpForm";
import { PrintedDigits } from "./PrintedDigits";
import { useDigitChunks } from "./useDigitChunks";
import { useFind } from "./useFind";
import { useJump } from "./useJump";

/** All digits of a value, and a form to go to any of them. */
export function AllDigits({ value }: { value: CalculatedValue }) {
  const { sign, digitCount } = value;
  const printing = usePrinting();
  const chunks = useDigitChunks(value);
  const { text, jump, jumpTo } = useJump(digitCount);
  const { wanted = "" } = useFind();
  const found = jump && chunks.digits(jump.position - 1, wanted.length) === wanted;
  const marked = jump && {
    from: jump.position - 1,
    to: jump.position - 1 + (found ? wanted.length || 1 : 1),
  };
  return (
    <Panel
      title="All digits"
      description={`Each row starts with the position of its first digit.${sign < 0 ? " The minus sign is not shown." : ""}`}
      tools={<JumpForm digitCount={digitCount} addressed={text} onJump={jumpTo} />}
    >
      <Text role="status" size="sm" className={styles.result ?? ""}>
        {marked && describeDigits(chunks, marked)}
      </Text>
      {printing ? (
        <PrintedDigits value={value} chunks={chunks} />
      ) : (
        <DigitViewer value={value} chunks={chunks} jump={jump} marked={marked} />
      )}
    </Panel>
  );
}

function describeDigits(chunks: DigitChunks, { from, to }: Marked) {
  const digits = chunks.digits(from, to - from);
  return digits === undefined ? undefined : (
    <>
      {to - from === 1
        ? `Digit ${formatInteger(from + 1)} is `
        : `Digits ${formatInteger(from + 1)} to ${formatInteger(to)} are `}
      <strong>{digits}</strong>.
    </>
  );
}
