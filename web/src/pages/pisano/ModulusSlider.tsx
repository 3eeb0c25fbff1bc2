import { ActionIcon, Slider } from "@mantine/core";
import { useState } from "react";
import { formatInteger } from "../../numbers/format";
import styles from "./ModulusSlider.module.css";

/** The slider reaches from 1 to here, or to a larger modulus. */
const usualEnd = 200;

/** Turns from wheel to wheel. */
export function ModulusSlider({ modulus, onChange }: { modulus: number; onChange(modulus: number): void }) {
  // While the thumb is dragged, its end stays where it was.
  const [heldEnd, setHeldEnd] = useState<number>();
  const end = Math.max(heldEnd ?? usualEnd, modulus);
  return (
    <div className={styles.row}>
      <ActionIcon
        variant="default"
        size={40}
        aria-label="The wheel before"
        aria-disabled={modulus <= 1}
        onClick={() => modulus > 1 && onChange(modulus - 1)}
      >
        −
      </ActionIcon>
      <Slider
        min={1}
        max={end}
        value={modulus}
        onChange={(next) => {
          setHeldEnd(end);
          onChange(next);
        }}
        onChangeEnd={() => setHeldEnd(undefined)}
        label={null}
        color="var(--good)"
        thumbSize={24}
        thumbLabel="Modulus m"
        thumbValueText={`m = ${formatInteger(modulus)}`}
      />
      <ActionIcon
        variant="default"
        size={40}
        aria-label="The next wheel"
        aria-disabled={modulus >= Number.MAX_SAFE_INTEGER}
        onClick={() => modulus < Number.MAX_SAFE_INTEGER && onChange(modulus + 1)}
      >
        +
      </ActionIcon>
    </div>
  );
}
